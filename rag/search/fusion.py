"""Ranked lists → one: fused, reranked, served by parts and documents, copies and neighbours folded.

Knows nothing about the library or vectors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag import tuned
from rag.language.words import content_words, fold, fold_typography
from rag.models import HeadReader, Reranker
from rag.types import Hit, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32]


def fuse(
    lexical: Sequence[Hit],
    dense: Sequence[Hit],
    *,
    phrases: Sequence[str] = (),
    lexical_weight: float = tuned.LEXICAL_WEIGHT[1],
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
        best, worst = hits[0].score, hits[-1].score if len(hits) >= tuned.POOL else 0.0
        spread = (best - worst) or 1.0
        for hit in hits:
            scores[hit.passage] = scores.get(hit.passage, 0.0) + weight * (
                (hit.score - worst) / spread
            )
            found_by.setdefault(hit.passage, set()).update(hit.found_by)
    folded = [fold(fold_typography(p)) for p in phrases]
    for passage in scores:
        text = fold(fold_typography(passage.text)) if folded else ""
        scores[passage] += tuned.PHRASE_BONUS * sum(p in text for p in folded)
    return _ranked(Hit(p, scores[p], tuple(sorted(found_by[p]))) for p in scores)


def favour(hits: Sequence[Hit], pointed: Sequence[Hit]) -> list[Hit]:
    """`hits` with those that the question points at before others as good."""
    there = {h.passage for h in pointed}
    best: dict[Passage, Hit] = {}
    for hit in (*hits, *pointed):
        known = best.get(hit.passage)
        if known is None or hit.score > known.score:
            best[hit.passage] = hit
    return _ranked(
        replace(h, score=h.score + tuned.POINTED_BONUS) if h.passage in there else h
        for h in best.values()
    )


def rerank(
    query: str,
    hits: Sequence[Hit],
    *,
    reranker: Reranker,
    heads: Mapping[str, str],
    depth: int = tuned.RERANK_DEPTH,
    weight: float = tuned.RERANK_WEIGHT,
) -> list[Hit]:
    """The first `depth` hits, ordered by the fused score and the reranker's together.

    `heads` is what stands over each document: its title, outlet and day.
    """
    head, tail = hits[:depth], hits[depth:]
    if len(head) < 2:
        return list(hits)
    scores = _scores(query, head, reranker=reranker, heads=heads)
    return _blend(head, scores, unread=tail, weight=weight)


def rerank_parts(
    rankings: Sequence[tuple[str, float, Sequence[Hit]]],
    *,
    reranker: Reranker,
    heads: Mapping[str, str],
    depth: int,
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
        scores = _scores(text, read, reranker=reranker, heads=heads)
        blended = _blend(read, scores, unread=unread, weight=tuned.RERANK_WEIGHT)
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
        unserved = unserved * (1.0 - tuned.SERVED * serves[:, chosen])
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
            ) >= tuned.COPY_SHARE * max(len(mine), len(theirs), 1):
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
            if len(text[spans[min(first, i)][0] : spans[max(last, i)][1]].split())
            <= tuned.FOCUS_WORDS
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
                and max(*places, place) - min(*places, place) < tuned.MERGE_MOST
                and min(abs(place - p) for p in places) <= tuned.MERGE_GAP
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


def _scores(
    query: str, hits: Sequence[Hit], *, reranker: Reranker, heads: Mapping[str, str]
) -> list[float]:
    texts = [h.passage.text for h in hits]
    if not isinstance(reranker, HeadReader):
        return reranker.score(query, texts)
    return reranker.score_under(query, texts, [heads.get(h.passage.document_id, "") for h in hits])


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
