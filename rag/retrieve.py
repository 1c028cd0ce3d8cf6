"""Ranks passages: lexical and dense search, fused, then read by a cross-encoder.

Knows nothing about language models, prompts or answers.
"""

import math
import threading
from collections.abc import Mapping, Sequence

from rag.library import Library
from rag.models import Embedder, Reranker
from rag.query import Query, read_query
from rag.types import Hit, Passage
from rag.vectors import VectorIndex, nearest
from rag.words import fold, fold_typography

POOL = 50
# Shares of the fused score; see benchmarks/RESULTS.md for how they were chosen.
LEXICAL_WEIGHT = 0.6
PHRASE_BONUS = 0.5
RERANK_DEPTH = 20
RERANK_WEIGHT = 0.5
RERANK_MAX_WORDS = 25


class Retriever:
    """Finds passages for a question. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        vectors: VectorIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._reranker = reranker
        self._lock = threading.Lock()
        self._vocabulary: tuple[int, dict[str, int]] | None = None

    def read(self, question: str, *, history: Sequence[str] = ()) -> Query:
        """The query that is searched for `question` asked after `history`."""
        return read_query(question, history=history, vocabulary=self.vocabulary())

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """The `k` best passages, best first; equal scores in order of document and position."""
        if not query.terms:
            return []
        lexical = self.search_lexical(query, k=POOL)
        dense = self.search_dense(query, k=POOL)
        hits = fuse(lexical, dense, phrases=query.phrases)
        # The cross-encoder learnt from short queries and misjudges long, many-part ones.
        if self._reranker is not None and len(query.text.split()) <= RERANK_MAX_WORDS:
            hits = rerank(query.text, hits, reranker=self._reranker)
        return hits[:k]

    def search_lexical(self, query: Query, *, k: int) -> list[Hit]:
        """BM25 over stemmed words; a quoted phrase counts as one more word."""
        parts = [_quote(term) for term in query.terms] + [_quote(p) for p in query.phrases]
        if not parts:
            return []
        found = self._library.search_words(" OR ".join(parts), k=k)
        return [Hit(passage, score, ("lexical",)) for passage, score in found]

    def search_dense(self, query: Query, *, k: int) -> list[Hit]:
        """Cosine similarity; exact over the library's own vectors while Chroma is behind it."""
        vector = self._embedder.embed_query(query.text)
        model = self._embedder.name
        pairs = self._vectors.search(vector, k=k, model=model)
        if pairs is None:
            hashes, vectors = self._library.get_embeddings(model, self._library.passage_hashes())
            pairs = nearest(vector, hashes, vectors, k=k)
        passages = self._library.passages_of_hashes([text_hash for text_hash, _ in pairs])
        return [
            Hit(passage, score, ("dense",))
            for text_hash, score in pairs
            for passage in passages.get(text_hash, ())
        ][:k]

    def vocabulary(self) -> Mapping[str, int]:
        """{folded word: documents that hold it} of the corpus as it is now."""
        with self._lock:
            revision = self._library.revision
            if self._vocabulary is None or self._vocabulary[0] != revision:
                self._vocabulary = (revision, dict(self._library.vocabulary()))
            return self._vocabulary[1]


def fuse(
    lexical: Sequence[Hit],
    dense: Sequence[Hit],
    *,
    phrases: Sequence[str] = (),
    lexical_weight: float = LEXICAL_WEIGHT,
) -> list[Hit]:
    """One ranking of two: a weighted sum of scores, each scaled to its own best and worst.

    Scores say how much better the first hit is than the second, which ranks (RRF) throw away: on
    who-said questions RRF loses to lexical search alone. A passage that one search did not find
    gets that search's worst score.
    """
    scores: dict[Passage, float] = {}
    found_by: dict[Passage, set[str]] = {}
    for hits, weight in ((lexical, lexical_weight), (dense, 1.0 - lexical_weight)):
        if not hits:
            continue
        best, worst = hits[0].score, hits[-1].score if len(hits) >= POOL else 0.0
        spread = (best - worst) or 1.0
        for hit in hits:
            scores[hit.passage] = scores.get(hit.passage, 0.0) + weight * (
                (hit.score - worst) / spread
            )
            found_by.setdefault(hit.passage, set()).update(hit.found_by)
    folded = [fold(fold_typography(p)) for p in phrases]
    for passage in scores:
        text = fold(fold_typography(passage.text)) if folded else ""
        scores[passage] += PHRASE_BONUS * sum(p in text for p in folded)
    ranked = sorted(scores, key=lambda p: (-scores[p], p.document_id, p.start))
    return [Hit(p, scores[p], tuple(sorted(found_by[p]))) for p in ranked]


def rerank(
    query: str,
    hits: Sequence[Hit],
    *,
    reranker: Reranker,
    depth: int = RERANK_DEPTH,
    weight: float = RERANK_WEIGHT,
) -> list[Hit]:
    """The first `depth` hits, ordered by the fused score and the cross-encoder's together."""
    head, tail = hits[:depth], list(hits[depth:])
    if len(head) < 2:
        return list(hits)
    logits = reranker.score(query, [hit.passage.text for hit in head])
    top = head[0].score or 1.0
    scored = [
        Hit(
            hit.passage,
            (1 - weight) * hit.score / top + weight / (1 + math.exp(-logit)),
            hit.found_by,
        )
        for hit, logit in zip(head, logits, strict=True)
    ]
    scored.sort(key=lambda h: (-h.score, h.passage.document_id, h.passage.start))
    floor = scored[-1].score
    # The rest keep their order, below the worst of those that were read.
    rest = [Hit(h.passage, floor * h.score / top, h.found_by) for h in tail]
    return scored + rest


def _quote(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
