"""Seams to models: `search` (embedder and rerankers) and `providers` (whatever words an answer).

Knows nothing about documents.
"""

from rag.models.contract import LanguageModel, ModelInfo, Stopped
from rag.models.late import LateInteraction, Match, Read
from rag.models.onnx import in_parallel
from rag.models.providers import PROVIDERS, list_models, open_language_model
from rag.models.search import (
    BgeEmbedder,
    BothRerankers,
    CrossEncoder,
    Embedder,
    HeadReader,
    Reranker,
    SentenceReader,
    SpanReader,
    as_llama_embedding,
    general_words,
    open_cross_encoder,
    open_embedder,
    open_reranker,
)

__all__ = [
    "PROVIDERS",
    "BgeEmbedder",
    "BothRerankers",
    "CrossEncoder",
    "Embedder",
    "HeadReader",
    "LanguageModel",
    "LateInteraction",
    "Match",
    "ModelInfo",
    "Read",
    "Reranker",
    "SentenceReader",
    "SpanReader",
    "Stopped",
    "as_llama_embedding",
    "general_words",
    "in_parallel",
    "list_models",
    "open_cross_encoder",
    "open_embedder",
    "open_language_model",
    "open_reranker",
]
