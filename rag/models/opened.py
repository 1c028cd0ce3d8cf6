"""The models that searching takes, opened as the settings say."""

import logging
from dataclasses import dataclass

from rag.models.search import Embedder, Reranker, open_cross_encoder, open_embedder, open_reranker
from rag.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchModels:
    """`reranker` reads passages again; None where nothing does."""

    embedder: Embedder
    reranker: Reranker | None


def open_search_models(
    settings: Settings, *, embedder: Embedder | None = None, reranker: Reranker | None = None
) -> SearchModels:
    """Those of `settings`, in place of which others may be given.

    Raises:
        ModelFileError: there is no such model.
    """
    offline = settings.offline
    embedder = embedder or open_embedder(settings.embedder, offline=offline)
    if settings.rerank in ("off", "cross"):
        _log.warning(
            "answers are declined by numbers that were chosen with late interaction: see rag/tuned"
        )
    cross: Reranker | None = None
    if settings.rerank in ("cross", "both"):
        cross = open_cross_encoder(settings.cross_encoder, offline=offline)
    reranker = reranker or open_reranker(settings.rerank, cross=cross)
    return SearchModels(embedder, reranker)
