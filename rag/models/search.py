"""Search models: an embedder and rerankers. Knows nothing about documents or language models.

The embedder and two rerankers come with the install as ONNX files inside a package whose own code
is never imported: BAAI/bge-small-en-v1.5 (MIT), answerdotai/answerai-colbert-small-v1 (in `late`)
and cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0). Nothing is downloaded unless a setting names
another model.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
from rag.models.late import LateInteraction, Match, Read
from rag.models.onnx import (
    EMBEDDER_FOLDER,
    RERANKER_FOLDER,
    OnnxEncoder,
    find_model,
    in_parallel,
    model_file,
    onnx_files,
    packaged,
    read_json,
    sha256,
)

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
class HeadReader(Protocol):
    """A reranker that also reads what stands over each text: title, outlet, day."""

    def score_under(self, query: str, texts: Sequence[str], heads: Sequence[str]) -> list[float]:
        """As `score`; a head is "" where nothing stands over a text."""
        ...


@runtime_checkable
class SpanReader(Protocol):
    """A reranker that also knows which part of a text answers the query."""

    def match_spans(
        self,
        query: str,
        text: str,
        spans: Sequence[tuple[int, int]],
        *,
        over: Sequence[str] = (),
        spoken: Sequence[str] = (),
    ) -> tuple[Match, Sequence[Read]] | None:
        """How near a text and each span of it come to a query; None if it cannot tell.

        `over` is what stands over the text (title, outlet, day), `spoken` who says each span.
        """
        ...


class SentenceReader(Protocol):
    """Reads sentences within the passages that they stand in."""

    def __call__(
        self, query: str, sentences: Sequence[tuple[str, int, int]], spoken: Sequence[str] = ()
    ) -> Sequence[tuple[Read, Match]] | None:
        """How near each (document, start, end), and its passage, come; None if nothing can tell.

        With `spoken`, which names who says each ("" for nobody), what stands over them counts too.
        """
        ...


class BgeEmbedder:
    """bge-small-en-v1.5, int8: 384 dimensions, up to 512 tokens a text."""

    name = "bge-small-en-v1.5-int8"
    dimensions = 384

    def __init__(self) -> None:
        self._encoder = OnnxEncoder(lambda: packaged(EMBEDDER_FOLDER))

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

    def __init__(self, encoder: OnnxEncoder | None = None) -> None:
        self._encoder = encoder or OnnxEncoder(lambda: packaged(RERANKER_FOLDER))

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        return [float(x) for x in in_parallel(lambda t: self._encoder.run(query, t)[0, 0], texts)]


class BothRerankers:
    """Late interaction and a cross-encoder, half each, scaled to the best and worst of a call."""

    def __init__(self, *rerankers: Reranker) -> None:
        self.rerankers = rerankers

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        return self.score_under(query, texts, [""] * len(texts))

    def score_under(self, query: str, texts: Sequence[str], heads: Sequence[str]) -> list[float]:
        totals = [0.0] * len(texts)
        for reranker in self.rerankers:
            if isinstance(reranker, HeadReader):
                scores = reranker.score_under(query, texts, heads)
            else:
                scores = reranker.score(query, texts)
            low, spread = min(scores, default=0.0), 0.0
            spread = (max(scores, default=0.0) - low) or 1.0
            totals = [t + (s - low) / spread for t, s in zip(totals, scores, strict=True)]
        return totals

    def match_spans(
        self,
        query: str,
        text: str,
        spans: Sequence[tuple[int, int]],
        *,
        over: Sequence[str] = (),
        spoken: Sequence[str] = (),
    ) -> tuple[Match, Sequence[Read]] | None:
        readers = [r for r in self.rerankers if isinstance(r, SpanReader)]
        if not readers:
            return None
        return readers[0].match_spans(query, text, spans, over=over, spoken=spoken)


class OnnxEmbedder:
    """Any sentence-transformers model with an ONNX export, from a local folder or the hub.

    Pooling and prompts are read from its own files (`1_Pooling/config.json`,
    `config_sentence_transformers.json`); vectors carry the model file's hash in their name.
    """

    def __init__(self, name: str, *, offline: bool = False) -> None:
        self._folder = find_model(name, offline=offline)
        model, _ = onnx_files(self._folder)
        self.name = f"{Path(name).name}@{sha256(model)[:12]}"
        self._encoder = OnnxEncoder(lambda: onnx_files(self._folder))
        pooling = read_json(self._folder / "1_Pooling" / "config.json")
        self._cls = bool(pooling.get("pooling_mode_cls_token"))
        prompts = read_json(self._folder / "config_sentence_transformers.json").get("prompts", {})
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
    lines = model_file(f"{EMBEDDER_FOLDER}/vocab.txt").read_text(encoding="utf-8").split()
    return frozenset(w for w in lines if w.isalpha())


def _unit(vectors: "Vectors") -> "Vectors":
    import numpy as np

    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit


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
    return CrossEncoder(OnnxEncoder(lambda: onnx_files(folder)))


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
