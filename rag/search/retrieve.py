"""Ranks passages: lexical and dense search, fused, then read again by a reranker.

Knows nothing about language models, prompts or answers. A question of several parts is searched
part by part, each in the documents of the outlets and days it names, and every part is served.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag import tuned
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, overlap
from rag.library.library import Library
from rag.library.vectors import VectorIndex, nearest
from rag.models import Embedder, Match, Read, Reranker, SpanReader
from rag.question import learnt
from rag.question.learnt import Reading
from rag.question.parts import nearby_days
from rag.question.query import read_query
from rag.question.spelling import Vocabulary
from rag.types import Hit, Part, Query, Scope, Statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]
from rag.search.corpus import Corpus
from rag.search.fusion import (
    collapse_copies,
    favour,
    fuse,
    merge_neighbours,
    rerank,
    rerank_parts,
    serve_documents,
    serve_parts,
    widen,
)
from rag.search.late import match_sentences
from rag.search.likeness import Likeness
from rag.search.pointing import Pointed, find_pointed

_QUESTIONS = LANGUAGE.questions
_EMBEDDED = 32  # questions and topics whose vectors are remembered


class Retriever:
    """Finds passages for a question. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        vectors: VectorIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
        *,
        rerank_depth: int = tuned.RERANK_DEPTH,
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self.reranker = reranker
        self._rerank_depth = rerank_depth
        self.corpus = Corpus(library)
        self._embedding = ThreadPoolExecutor(1)
        # What reads a question and what searches for it embed the same words.
        self._embed_query = lru_cache(maxsize=_EMBEDDED)(embedder.embed_query)

    def read(self, question: str, *, history: Sequence[str] = ()) -> Query:
        """The query that is searched for `question` asked after `history`."""
        corpus = self.corpus.read()
        return read_query(
            question,
            history=history,
            vocabulary=corpus.words,
            outlets=corpus.outlets,
            learn=self._learn,
        )

    def _learn(self, question: str) -> Reading | None:
        """How a question is asked, by what was learnt; None for vectors of another embedder."""
        weights = learnt.load()
        if weights.model != self._embedder.name:
            return None
        return weights.read(question, self._embed_query(question))

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """The `k` best passages, best first; equal scores in order of document and position."""
        if not query.terms:
            return []
        return [self._focus(query, hit) for hit in self._find(query, k=k)]

    def _find(self, query: Query, *, k: int) -> list[Hit]:
        if query.parts:
            return self._search_parts(query, k=k)
        hits = self.search_fused(query)
        pointed = self.find_pointed(query)
        if pointed is not None:
            there = self.search_fused(_without_speakers(query), scope=pointed.scope)
            hits = favour(hits, [h for h in there if pointed.holds(h.passage)])
        if self.reranker is not None:
            heads = self._heads(hits[: self._rerank_depth])
            hits = rerank(
                query.topic, hits, reranker=self.reranker, heads=heads, depth=self._rerank_depth
            )
            if pointed is not None and pointed.closely:
                hits = favour(hits, [h for h in hits if pointed.holds(h.passage)])
        hits = collapse_copies(hits[: k * tuned.MERGE_POOL])
        if query.every_document:
            return self._merge(query, serve_documents(hits)[: k * tuned.MERGE_POOL], k=k)
        return hits[:k]

    def _heads(self, hits: Sequence[Hit]) -> dict[str, str]:
        return self._library.list_heads(sorted({h.passage.document_id for h in hits}))

    def find_pointed(self, query: Query) -> Pointed | None:
        """The documents that `query` points at, if it does."""
        return find_pointed(query, self._library, self.corpus.read().titles)

    def search_fused(self, query: Query, *, scope: Scope | None = None) -> list[Hit]:
        """Lexical and dense search in one ranking, of the documents in `scope` (or `within`)."""
        scope = scope or query.within
        # The model computes while SQLite does.
        vector = self._embedding.submit(self._embed_query, query.topic)
        lexical = self.search_lexical(query, k=tuned.POOL, scope=scope)
        dense = self._search_vectors(vector.result(), k=tuned.POOL, scope=scope)
        covered = self.corpus.coverage(query.terms, lexical[0].passage.text) if lexical else 0.0
        low, high = tuned.LEXICAL_WEIGHT
        return fuse(
            lexical, dense, phrases=query.phrases, lexical_weight=low + (high - low) * covered
        )

    def search_lexical(self, query: Query, *, k: int, scope: Scope | None = None) -> list[Hit]:
        """BM25 over stemmed words; a quoted phrase counts as one more word."""
        match = self.corpus.match_any(
            query.terms,
            query.variants,
            query.phrases,
            # Of a few documents nobody knows how many passages hold all of the words.
            finds=lambda match: scope is None and self._library.finds(match, k=k),
        )
        if not match:
            return []
        found = self._library.search_words(match, k=k, scope=scope)
        return [Hit(passage, score, ("lexical",)) for passage, score in found]

    def search_dense(self, query: Query, *, k: int, scope: Scope | None = None) -> list[Hit]:
        """Cosine similarity; exact over the library's own vectors while Chroma's are damaged."""
        return self._search_vectors(self._embed_query(query.topic), k=k, scope=scope)

    def _search_vectors(self, vector: "Vectors", *, k: int, scope: Scope | None) -> list[Hit]:
        model = self._embedder.name
        pairs: list[tuple[str, float]] | None = None
        if scope is None:
            pairs = self._vectors.search(vector, k=k, model=model)
        elif self._library.count_hashes(scope) > tuned.EXACT_SCOPE:
            # Chroma knows no outlets: a large scope is sifted out, a small one scanned whole.
            pairs = self._vectors.search(vector, k=k * tuned.SCOPE_OVERFETCH, model=model)
        if pairs is None:
            hashes = self._library.passage_hashes(scope)
            pairs = nearest(vector, *self._library.get_embeddings(model, hashes), k=k)
        hashes = [text_hash for text_hash, _ in pairs]
        passages = self._library.passages_of_hashes(hashes, scope=scope)
        return [
            Hit(passage, score, ("dense",))
            for text_hash, score in pairs
            for passage in passages.get(text_hash, ())
        ][:k]

    def find_statements(
        self,
        terms: Sequence[str],
        hits: Sequence[Hit],
        *,
        phrases: Sequence[str] = (),
        k: int,
        within: Scope | None = None,
    ) -> list[Statement]:
        """What is said in `hits` (found by words and by meaning), and up to `k` more whose words
        hold `terms`; each once, by document and position; only of what is `within`."""
        found = [
            s
            for hit in hits
            for p in (hit.passage, *hit.copies)
            for s in self._library.statements_within(p.document_id, p.start, p.end)
        ]
        table = "statements_fts"
        match = self.corpus.match_any(
            terms,
            (),
            phrases,
            finds=lambda match: within is None and self._library.finds(match, k=k, table=table),
        )
        if match:
            found += self._library.search_statements(match, k=k)
        return sorted(
            set(self._library.keep_statements(found, within)),
            key=lambda s: (s.document_id, s.start, s.end, s.speaker, s.content),
        )

    def open_likeness(self) -> Likeness:
        """How much texts mean each other; each is read once."""
        return Likeness(self._embedder)

    def match_sentences(
        self, query: str, sentences: Sequence[tuple[str, int, int]], spoken: Sequence[str] = ()
    ) -> list[tuple[Read, Match]] | None:
        """How near each (document, start, end), and the passage it stands in, come to `query`.

        None where no reranker can tell parts of a passage.
        """
        return match_sentences(self.reranker, self._library, query, sentences, spoken)

    def vocabulary(self) -> Vocabulary:
        """The words of the corpus as it is now."""
        return self.corpus.read().words

    # --- questions of several parts ---

    def _search_parts(self, query: Query, *, k: int) -> list[Hit]:
        whole = self.search_fused(replace(query, parts=()))
        rankings = [(query.topic, tuned.WHOLE_WEIGHT, whole)]
        for part in query.parts:
            terms = tuple(w for w in content_words(part.text) if w not in _QUESTIONS.words)
            asked = Query(
                text=part.text,
                topic=part.text,
                terms=terms or query.terms,
                variants=tuple(v for v in query.variants if v[0] in terms),
                within=query.within,
            )
            scope = self._scope(part, within=query.within)
            rankings.append((part.text, 1.0, self.search_fused(asked, scope=scope)))
        if self.reranker is not None:
            heads = self._heads([hit for _, _, hits in rankings for hit in hits])
            rankings = rerank_parts(
                rankings, reranker=self.reranker, heads=heads, depth=self._rerank_depth
            )
        chosen = serve_parts(
            [(weight, hits) for _, weight, hits in rankings], k=k * tuned.MERGE_POOL
        )
        chosen = collapse_copies(chosen)
        if len(query.parts) < 2:
            return chosen[:k]
        return self._merge(query, chosen, k=k)

    def _merge(self, query: Query, hits: Sequence[Hit], *, k: int) -> list[Hit]:
        library = self._library
        if query.within is not None and query.within.cuts:  # what is left out may stand between
            return list(hits[:k])
        return merge_neighbours(
            hits, spans_of=library.passage_spans, read=library.read_passage, k=k
        )

    def _scope(self, part: Part, *, within: Scope | None) -> Scope | None:
        """The documents of a part: of its outlets, and of its days where those have any."""
        days = tuple(dict.fromkeys(d for day in part.dates for d in nearby_days(day)))
        outer = within or Scope()
        outlets = tuple(o for o in part.outlets if not outer.outlets or o in outer.outlets)
        outlets = outlets or outer.outlets
        for scope in (
            replace(outer, outlets=outlets, days=days),
            replace(outer, outlets=outlets) if part.outlets else outer,
        ):
            if scope != outer and self._library.has_documents(scope):
                return scope
        return None

    def _focus(self, query: Query, hit: Hit) -> Hit:
        """`hit` with the sentences that answer best, by the reranker or else by shared words."""
        text = hit.passage.text
        spans = sentences(text)
        if not spans:
            return hit
        scores: list[float] | None = None
        if isinstance(self.reranker, SpanReader):
            read = self.reranker.match_spans(query.topic, text, spans)
            scores = [one.alone.whole for one in read[1]] if read is not None else None
        if scores is None:
            scores = [float(len(overlap(query.terms, text[s:e]))) for s, e in spans]
        start, end = widen(text, spans, scores)
        return replace(hit, focus=(hit.passage.start + start, hit.passage.start + end))


def _without_speakers(query: Query) -> Query:
    """`query` as it is asked of somebody's own words, which do not hold their name."""
    names = {w for who in query.said_by for w in content_words(who)}
    terms = tuple(t for t in query.terms if t not in names)
    if not names or not terms:
        return query
    return replace(query, terms=terms, topic=query.claim or query.topic)
