"""Ranks passages: lexical and dense search, fused, then read again by a reranker.

Knows nothing about language models, prompts or answers. A question of several parts is searched
part by part, each in the documents of the outlets and days it names, and every part is served.
"""

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold, fold_typography, overlap
from rag.library.library import Library
from rag.library.vectors import VectorIndex, nearest
from rag.models import Embedder, Reranker, SpanScorer
from rag.question.parts import nearby_days
from rag.question.query import read_query
from rag.question.spelling import Vocabulary
from rag.types import Hit, Part, Passage, Query, Scope, Statement

_QUESTIONS = LANGUAGE.questions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]

POOL = 50
# How much of the fused score is lexical: more, the more of the question its best hit covers.
# These, the reranker's share and its depth were chosen on four sets together, by cross-validation
# (benchmarks/weights.py, benchmarks/RESULTS.md).
LEXICAL_WEIGHT = (0.4, 0.6)
PHRASE_BONUS = 0.5
RERANK_DEPTH = 24
RERANK_WEIGHT = 0.5
# Questions of several parts: the share of the whole question beside its parts, and how much less
# a part still counts once a passage answers it (xQuAD: Santos, Macdonald and Ounis 2010).
WHOLE_WEIGHT = 0.5
SERVED = 0.6
# Neighbouring passages of one document are shown as one: a part's answer rarely stops at an edge.
MERGE_GAP = 2
MERGE_MOST = 4
MERGE_POOL = 3
# Words that very many passages hold rank nothing and cost the most: the rarest words are searched
# until their passages together are this many.
MAX_POSTINGS = 20_000
MIN_TERMS = 3
# An exact scan of so many vectors takes about as long as one embedding.
_EXACT_SCOPE = 5_000
_SCOPE_OVERFETCH = 8
# What is shown of a passage where all of it is too much.
FOCUS_WORDS = 40
# Texts that share this much of their words are copies: syndicated articles, trimmed or retitled.
_COPY_SHARE = 0.9


class Retriever:
    """Finds passages for a question. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        vectors: VectorIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
        *,
        rerank_depth: int = RERANK_DEPTH,
    ) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._reranker = reranker
        self._rerank_depth = rerank_depth
        self._lock = threading.Lock()
        self._corpus: _Corpus | None = None
        self._embedding = ThreadPoolExecutor(1)

    def read(self, question: str, *, history: Sequence[str] = ()) -> Query:
        """The query that is searched for `question` asked after `history`."""
        corpus = self._read_corpus()
        return read_query(
            question, history=history, vocabulary=corpus.words, outlets=corpus.outlets
        )

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """The `k` best passages, best first; equal scores in order of document and position."""
        if not query.terms:
            return []
        return [self._focus(query, hit) for hit in self._find(query, k=k)]

    def _find(self, query: Query, *, k: int) -> list[Hit]:
        if query.parts:
            return self._search_parts(query, k=k)
        hits = self.search_fused(query)
        if self._reranker is not None:
            hits = rerank(query.topic, hits, reranker=self._reranker, depth=self._rerank_depth)
        hits = collapse_copies(hits[: k * MERGE_POOL])
        if query.every_document:
            return self._merge(serve_documents(hits)[: k * MERGE_POOL], k=k)
        return hits[:k]

    def search_fused(self, query: Query, *, scope: Scope | None = None) -> list[Hit]:
        """Lexical and dense search in one ranking, of the documents in `scope` (or `within`)."""
        scope = scope or query.within
        # The model computes while SQLite does.
        vector = self._embedding.submit(self._embedder.embed_query, query.topic)
        lexical = self.search_lexical(query, k=POOL, scope=scope)
        dense = self._search_vectors(vector.result(), k=POOL, scope=scope)
        covered = self._coverage(query.terms, lexical[0].passage.text) if lexical else 0.0
        low, high = LEXICAL_WEIGHT
        return fuse(
            lexical, dense, phrases=query.phrases, lexical_weight=low + (high - low) * covered
        )

    def search_lexical(self, query: Query, *, k: int, scope: Scope | None = None) -> list[Hit]:
        """BM25 over stemmed words; a quoted phrase counts as one more word."""
        terms = self._prune(query.terms)
        spellings = [v for w, v in query.variants if w in terms]
        parts = [_quote(term) for term in (*terms, *spellings, *query.phrases)]
        if not parts:
            return []
        found = self._library.search_words(" OR ".join(parts), k=k, scope=scope)
        return [Hit(passage, score, ("lexical",)) for passage, score in found]

    def search_dense(self, query: Query, *, k: int, scope: Scope | None = None) -> list[Hit]:
        """Cosine similarity; exact over the library's own vectors while Chroma's are damaged."""
        return self._search_vectors(self._embedder.embed_query(query.topic), k=k, scope=scope)

    def _search_vectors(self, vector: "Vectors", *, k: int, scope: Scope | None) -> list[Hit]:
        model = self._embedder.name
        pairs: list[tuple[str, float]] | None = None
        if scope is None:
            pairs = self._vectors.search(vector, k=k, model=model)
        elif self._library.count_hashes(scope) > _EXACT_SCOPE:
            # Chroma knows no outlets: a large scope is sifted out, a small one scanned whole.
            pairs = self._vectors.search(vector, k=k * _SCOPE_OVERFETCH, model=model)
        if pairs is None:
            hashes = self._library.passage_hashes(scope)
            pairs = nearest(vector, *self._library.get_embeddings(model, hashes), k=k)
        passages = self._library.passages_of_hashes([text_hash for text_hash, _ in pairs])
        inside = None if scope is None else self._library.documents_in(scope)
        return [
            Hit(passage, score, ("dense",))
            for text_hash, score in pairs
            for passage in passages.get(text_hash, ())
            if inside is None or passage.document_id in inside
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
        hold `terms`; each once, by document and position; only of documents `within`."""
        found = [
            s
            for hit in hits
            for p in (hit.passage, *hit.copies)
            for s in self._library.statements_within(p.document_id, p.start, p.end)
        ]
        parts = [_quote(term) for term in (*self._prune(terms), *phrases)]
        if parts:
            found += self._library.search_statements(" OR ".join(parts), k=k)
        inside = None if within is None else self._library.documents_in(within)
        found = [s for s in found if inside is None or s.document_id in inside]
        return sorted(
            set(found), key=lambda s: (s.document_id, s.start, s.end, s.speaker, s.content)
        )

    def vocabulary(self) -> Vocabulary:
        """The words of the corpus as it is now."""
        return self._read_corpus().words

    # --- questions of several parts ---

    def _search_parts(self, query: Query, *, k: int) -> list[Hit]:
        whole = self.search_fused(replace(query, parts=()))
        rankings = [(query.topic, WHOLE_WEIGHT, whole)]
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
        if self._reranker is not None:
            rankings = rerank_parts(rankings, reranker=self._reranker, depth=self._rerank_depth)
        chosen = serve_parts([(weight, hits) for _, weight, hits in rankings], k=k * MERGE_POOL)
        chosen = collapse_copies(chosen)
        if len(query.parts) < 2:
            return chosen[:k]
        return self._merge(chosen, k=k)

    def _merge(self, hits: Sequence[Hit], *, k: int) -> list[Hit]:
        library = self._library
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
        if isinstance(self._reranker, SpanScorer):
            scores = self._reranker.score_spans(query.topic, text, spans)
        if scores is None:
            scores = [float(len(overlap(query.terms, text[s:e]))) for s, e in spans]
        start, end = widen(text, spans, scores)
        return replace(hit, focus=(hit.passage.start + start, hit.passage.start + end))

    # --- the corpus ---

    def _read_corpus(self) -> "_Corpus":
        with self._lock:
            revision = self._library.revision
            if self._corpus is None or self._corpus.revision != revision:
                self._corpus = _Corpus(
                    revision,
                    words=self._library.vocabulary(),
                    outlets=tuple(self._library.list_sources()),
                    passages=self._library.count_passages(),
                )
            return self._corpus

    def _count(self, terms: Iterable[str]) -> dict[str, int]:
        """{term: passages that hold it}."""
        counts = self._read_corpus().counts
        counts |= self._library.count_terms(t for t in terms if t not in counts)
        return {t: counts[t] for t in terms}

    def _prune(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Those of `terms` that are worth searching: all, unless the corpus is large."""
        counts = self._count(terms)
        kept: list[str] = []
        postings = 0
        for term in sorted(terms, key=lambda t: (counts[t], t)):
            postings += counts[term]
            if postings > MAX_POSTINGS and len(kept) >= MIN_TERMS:
                break
            kept.append(term)
        return tuple(t for t in terms if t in kept)

    def _coverage(self, terms: Sequence[str], text: str) -> float:
        """The share of `terms` that `text` holds, rare ones counting for more: 0 to 1."""
        total, counts = self._read_corpus().passages, self._count(terms)
        weights = {t: math.log(1 + total / (counts[t] + 1)) for t in terms}
        held = overlap(terms, text)
        return sum(weights[t] for t in held) / (sum(weights.values()) or 1.0)


@dataclass(frozen=True, slots=True)
class _Corpus:
    """What is kept of the corpus as it is at one revision; `counts` fills as words are asked."""

    revision: int
    words: Vocabulary
    outlets: tuple[str, ...]
    passages: int
    counts: dict[str, int] = field(default_factory=dict)


def fuse(
    lexical: Sequence[Hit],
    dense: Sequence[Hit],
    *,
    phrases: Sequence[str] = (),
    lexical_weight: float = LEXICAL_WEIGHT[1],
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
    return _ranked(Hit(p, scores[p], tuple(sorted(found_by[p]))) for p in scores)


def rerank(
    query: str,
    hits: Sequence[Hit],
    *,
    reranker: Reranker,
    depth: int = RERANK_DEPTH,
    weight: float = RERANK_WEIGHT,
) -> list[Hit]:
    """The first `depth` hits, ordered by the fused score and the reranker's together."""
    head, tail = hits[:depth], hits[depth:]
    if len(head) < 2:
        return list(hits)
    scores = reranker.score(query, [h.passage.text for h in head])
    return _blend(head, scores, unread=tail, weight=weight)


def rerank_parts(
    rankings: Sequence[tuple[str, float, Sequence[Hit]]], *, reranker: Reranker, depth: int
) -> list[tuple[str, float, list[Hit]]]:
    """Reranks each part's hits among the best of all parts; `depth` passages are read in all."""
    pool: dict[Passage, None] = {}
    for rank in range(depth):
        for _, _, hits in rankings:
            if rank < len(hits) and len(pool) < depth:
                pool.setdefault(hits[rank].passage)
    again: list[tuple[str, float, list[Hit]]] = []
    for text, weight, hits in rankings:
        read = [h for h in hits if h.passage in pool]
        unread = [h for h in hits if h.passage not in pool]
        scores = reranker.score(text, [h.passage.text for h in read])
        blended = _blend(read, scores, unread=unread, weight=RERANK_WEIGHT)
        again.append((text, weight, blended))
    return again


def serve_parts(rankings: Sequence[tuple[float, Sequence[Hit]]], *, k: int) -> list[Hit]:
    """One ranking that serves each of several in turn: [(weight, hits)] → at most `k` hits.

    Greedy (xQuAD): the next passage is the one that most serves what is not yet served.
    """
    import numpy as np

    best: dict[Passage, Hit] = {}
    for _, hits in rankings:
        for hit in hits:
            before = best.get(hit.passage)
            found_by = {*hit.found_by, *(before.found_by if before else ())}
            best[hit.passage] = replace(hit, found_by=tuple(sorted(found_by)))
    passages = sorted(best, key=_place)
    column = {p: i for i, p in enumerate(passages)}
    serves: Floats = np.zeros((len(rankings), len(passages)))
    for row, (_, hits) in enumerate(rankings):
        top = max((h.score for h in hits), default=0.0) or 1.0
        for hit in hits:
            serves[row, column[hit.passage]] = hit.score / top
    weights = np.array([weight for weight, _ in rankings])
    unserved = weights / (weights.sum() or 1.0)
    served: list[Hit] = []
    open_ = np.ones(len(passages), dtype=bool)
    while len(served) < k and open_.any():
        values = np.where(open_, unserved @ serves, -1.0)
        # Rounded, so that ties fall by place and not by the last bit of a sum.
        chosen = int(np.argmax(np.round(values, 9)))
        served.append(replace(best[passages[chosen]], score=float(values[chosen])))
        open_[chosen] = False
        unserved = unserved * (1.0 - SERVED * serves[:, chosen])
    return served


def serve_documents(hits: Sequence[Hit]) -> list[Hit]:
    """The best hit of each document first, then the second of each, and so on."""
    turns: dict[str, int] = {}
    keyed: list[tuple[int, int, Hit]] = []
    for rank, hit in enumerate(hits):
        turn = turns.get(hit.passage.document_id, 0)
        turns[hit.passage.document_id] = turn + 1
        keyed.append((turn, rank, hit))
    return [hit for _, _, hit in sorted(keyed, key=lambda row: row[:2])]


def collapse_copies(hits: Sequence[Hit]) -> list[Hit]:
    """Hits whose words another document repeats become one, which keeps all its sources."""
    kept: list[tuple[frozenset[str], Hit]] = []
    for hit in hits:
        mine = frozenset(content_words(hit.passage.text))
        for index, (theirs, other) in enumerate(kept):
            if other.passage.document_id != hit.passage.document_id and len(
                mine & theirs
            ) >= _COPY_SHARE * max(len(mine), len(theirs), 1):
                kept[index] = (theirs, replace(other, copies=(*other.copies, hit.passage)))
                break
        else:
            kept.append((mine, hit))
    return [hit for _, hit in kept]


def widen(text: str, spans: Sequence[tuple[int, int]], scores: Sequence[float]) -> tuple[int, int]:
    """The best of the sentences `spans`, with the better neighbours that fit in `FOCUS_WORDS`."""
    first = last = max(range(len(spans)), key=lambda i: (scores[i], -i))
    while True:
        sides = [i for i in (first - 1, last + 1) if 0 <= i < len(spans)]
        sides = [
            i
            for i in sides
            if len(text[spans[min(first, i)][0] : spans[max(last, i)][1]].split()) <= FOCUS_WORDS
        ]
        if not sides:
            return spans[first][0], spans[last][1]
        side = max(sides, key=lambda i: (scores[i], -i))
        first, last = min(first, side), max(last, side)


def merge_neighbours(
    hits: Sequence[Hit],
    *,
    spans_of: Callable[[str], Sequence[tuple[int, int]]],
    read: Callable[[str, int, int], Passage | None],
    k: int,
) -> list[Hit]:
    """`k` hits, each joined with those that stand beside it in its document.

    `spans_of` gives where a document's passages stand, in order, and `read` the text of any span.
    A joined hit spans at most `MERGE_MOST` passages and leaves out no more than `MERGE_GAP` - 1
    between two that were found.
    """
    order: dict[str, dict[tuple[int, int], int]] = {}
    groups: list[tuple[Hit, list[int]]] = []
    for hit in hits:
        id_ = hit.passage.document_id
        if id_ not in order:
            order[id_] = {span: i for i, span in enumerate(spans_of(id_))}
        place = order[id_].get((hit.passage.start, hit.passage.end))
        if place is None:  # a sync has just changed the document
            continue
        for other, places in groups:
            if (
                other.passage.document_id == id_
                and max(*places, place) - min(*places, place) < MERGE_MOST
                and min(abs(place - p) for p in places) <= MERGE_GAP
            ):
                places.append(place)
                break
        else:
            if len(groups) < k:
                groups.append((hit, [place]))
    merged: list[Hit] = []
    for hit, places in groups:
        id_ = hit.passage.document_id
        spans = list(order[id_])
        joined: Passage | None = None
        if len(places) > 1:  # what stands alone is there already
            joined = read(id_, spans[min(places)][0], max(spans[p][1] for p in places))
        merged.append(hit if joined is None else replace(hit, passage=joined))
    return merged


def _blend(
    hits: Sequence[Hit], scores: Sequence[float], *, unread: Sequence[Hit], weight: float
) -> list[Hit]:
    """`hits` by their own scores and a reranker's, each scaled to its best (and worst).

    Those `unread` keep their order, below the worst of those that were read.
    """
    if not hits:
        return list(unread)
    top = max(h.score for h in hits) or 1.0
    low, spread = min(scores), (max(scores) - min(scores)) or 1.0
    blended = _ranked(
        replace(h, score=(1 - weight) * h.score / top + weight * (s - low) / spread)
        for h, s in zip(hits, scores, strict=True)
    )
    floor = blended[-1].score
    return blended + [replace(h, score=floor * min(1.0, h.score / top)) for h in unread]


def _ranked(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda h: (-h.score, *_place(h.passage)))


def _place(passage: Passage) -> tuple[str, int]:
    return passage.document_id, passage.start


def _quote(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
