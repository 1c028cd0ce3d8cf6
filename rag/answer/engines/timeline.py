"""What happened when: one best sentence a day, in their order. Knows no model.

What changes over time is told again and again in nearly the same words ("The unemployment rate
moved down to …"): a sentence that resembles sentences of the other documents is preferred.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.figures import find_figures, has_come_about, tell_course
from rag.answer.engines.happened import by_named_times, in_order_of_time, read_times
from rag.answer.engines.rows import Row, answer_rows, count, name_document, near_enough
from rag.answer.ledger import coverage
from rag.answer.quotes import Sentence
from rag.language import LANGUAGE
from rag.language.dates import find_times, head_of
from rag.language.words import content_words, fold, overlap
from rag.search.pointing import find_pointed
from rag.types import Answer, Document, Evidence, Query, Scope

_SHAPES = LANGUAGE.shapes


def tell_in_order(asked: Answering) -> Answer | None:
    """The documents that come near the topic, each with its best sentence; None if too few do."""
    query = asked.query
    evidence = _search(asked, query)
    ranked, documents = asked.rank(query, evidence)
    ranked = _with_phrases(query, ranked, documents)
    near = _own_words(asked, near_enough(ranked))
    near = _naming_all(asked, near, documents)
    worth = _weigh(near, documents, query.text)
    dated = {d.id for d in documents.values() if d.date}
    worth = {
        s: w * (1 + tuned.TOPIC_LIFTS * _held(asked, s, documents))
        if s.evidence.passage.document_id in dated
        else w
        for s, w in worth.items()
    }
    near = sorted(worth, key=lambda s: (-worth[s], s.evidence.passage.document_id, s.start))
    rows = _by_day(near, documents)
    read = read_times(find_times(query.text))
    happened, named = by_named_times(
        _about(asked, ranked, documents), documents, read=read, period=query.period
    )
    if named >= tuned.TIMES_NAMED and (len(rows) < tuned.TOLD_IN or named >= 2 * len(rows)):
        inside = count(len({row.document.id for row in happened}), "document")
        verb = "names" if inside.startswith("1 ") else "name"
        told = f"In the order of the times that {inside} {verb}:"
        return answer_rows(asked, happened, shape="timeline", headline=told)
    rows = rows or _by_place(near, documents)
    if len(rows) < 2:
        return None
    several = len({row.document.id for row in rows})
    if rows[0].document.date and rows[-1].document.date and several > 1:
        texts = [(row.label, row.document.text[row.start : row.end]) for row in rows]
        course = tell_course(texts, query.topic) if _SHAPES.figures.search(query.text) else ""
        how = f": {course}." if course else f", from {rows[0].label} to {rows[-1].label}."
        told = f"{several} documents tell of it{how}"
        return answer_rows(asked, rows, shape="timeline", headline=told)
    note: str | None = (
        "The documents have no days of their own: this is the order in which they tell it."
    )
    shown = {(row.document.id, row.start): row for row in (*happened, *rows)}
    ordered, timed = in_order_of_time(list(shown.values()), read, period=query.period)
    if timed >= tuned.TIMES_NAMED and 2 * timed >= len(ordered):
        rows = ordered[: tuned.MAX_ROWS]
        if len(rows) < 2:
            return None
        left = max(0, len(rows) - timed)
        note = f"{count(left, 'row')} without a time stand last." if left else None
    head = f"What {several} documents tell of it:" if several > 1 else "What the document tells:"
    return answer_rows(asked, rows, shape="timeline", headline=head, note=note)


def _own_words(asked: Answering, near: Sequence[Sentence]) -> list[Sentence]:
    """Of "trace what Powell said about jobs" what stands in his own words, if anything does."""
    said = _SHAPES.what_said.search(asked.query.text)
    if said is None:
        return list(near)
    query = replace(asked.query, said_by=(said["who"],))
    pointed = find_pointed(query, asked.library, asked.titles)
    if pointed is None or pointed.spans is None:
        return list(near)
    own = [s for s in near if pointed.covers(s.evidence.passage.document_id, s.start, s.end)]
    return own or list(near)


def _naming_all(
    asked: Answering, near: Sequence[Sentence], documents: Mapping[str, Document]
) -> list[Sentence]:
    """Of a question of several names the sentences that name them all, with the title and what
    stands before; all of `near` where too few documents have such."""
    names = [last for n in asked.query.names if (last := content_words(n)[-1:])]
    if len(names) < 2:
        return list(near)
    kept = []
    for sentence in near:
        d = documents[sentence.evidence.passage.document_id]
        around = d.text[max(0, sentence.start - tuned.BEFORE_ROW) : sentence.end]
        if all(overlap(n, f"{head_of(d.title, d.source, d.date)} {around}") for n in names):
            kept.append(sentence)
    several = len({s.evidence.passage.document_id for s in kept})
    return kept if several >= tuned.TOLD_IN else list(near)


def _held(asked: Answering, sentence: Sentence, documents: Mapping[str, Document]) -> float:
    """The share of the topic's words that a sentence holds itself, those of its title apart."""
    d = documents[sentence.evidence.passage.document_id]
    head = head_of(d.title, d.source, d.date)
    terms = [t for t in asked.query.terms if not overlap([t], head)]
    return coverage(terms, d.text[sentence.start : sentence.end], rarity=asked.rarity)


def _with_phrases(
    query: Query, ranked: Sequence[Sentence], documents: Mapping[str, Document]
) -> list[Sentence]:
    """Those that hold the words that the question marks, where any do."""
    marked = LANGUAGE.counts.marked.search(query.text)
    given = query.phrases or (filter(None, marked.groups()) if marked else ())
    wanted = [fold(p) for p in given]

    def holds(s: Sentence) -> bool:
        text = fold(documents[s.evidence.passage.document_id].text[s.start : s.end])
        return all(p in text for p in wanted)

    return [s for s in ranked if holds(s)] or list(ranked)


def _about(
    asked: Answering, ranked: Sequence[Sentence], documents: Mapping[str, Document]
) -> list[Sentence]:
    """Those of `ranked` that may be on the topic, of passages that hold enough of its words: what
    tells of one time of many is seldom near to the whole."""
    terms, rarity = asked.query.terms, asked.rarity
    held: dict[int, float] = {}
    for sentence in ranked:
        item = sentence.evidence
        if item.number not in held:
            d = documents[item.passage.document_id]
            text = f"{head_of(d.title, d.source, d.date)} {item.passage.text}"
            held[item.number] = coverage(terms, text, rarity=rarity)
    return [
        s
        for s in ranked
        if s.score >= tuned.TIME_LEAST
        and not s.asks
        and held[s.evidence.number] >= tuned.TIME_HOLDS
    ]


def _weigh(
    sentences: Sequence[Sentence], documents: Mapping[str, Document], question: str
) -> dict[Sentence, float]:
    """How well each of `sentences`, best first, tells of a change: how likely it answers, what
    gives no figure less, and what other documents tell in such words more."""
    texts = {s: documents[s.evidence.passage.document_id].text[s.start : s.end] for s in sentences}
    alike = _resemble(sentences, texts)
    return {
        s: math.sqrt(s.score)
        * _plainness(text, question)
        * (tuned.TOLD_ONCE + alike.get(s, 0.0))
        * (tuned.LEADS if s.start < tuned.LEAD_CHARACTERS else 1.0)
        for s, text in texts.items()
        if not s.asks
    }


def _plainness(text: str, question: str) -> float:
    """What is left of a sentence that gives no figure where the question is after one, that tells
    what is expected where it is not asked for, or that says much else."""
    short = min(1.0, tuned.DIGEST_LONGEST / 2 / max(len(text.split()), 1))
    if text.rstrip("\"”’') ")[-1:] not in (".", "!", "?"):
        short *= tuned.HEADLINE_TELLS
    figure = next((f.start for f in find_figures(text)), None)
    if _SHAPES.figures.search(question):
        short *= 1.0 if figure is not None else tuned.FIGURE_ASKED
    elif LANGUAGE.numbers.answers.search(fold(text)) is None:
        short *= tuned.NO_FIGURE
    # "Raised it to 1 percent and expects more" tells first what was done.
    if not has_come_about(text[:figure] if figure is not None else text, question):
        short *= tuned.EXPECTED
    return short


def _resemble(
    sentences: Sequence[Sentence], texts: Mapping[Sentence, str]
) -> dict[Sentence, float]:
    """The mean, over the other documents, of the share of words that each of the best sentences has
    in common with the one there that is most like it; figures apart."""
    best: dict[str, list[tuple[Sentence, frozenset[str]]]] = {}
    for sentence in sentences:
        mine = best.setdefault(sentence.evidence.passage.document_id, [])
        if len(mine) < tuned.TOLD_AMONG:
            told = (w for w in content_words(texts[sentence]) if not w.isdigit())
            mine.append((sentence, frozenset(told)))
    if len(best) < tuned.TOLD_IN:
        return {}
    return {
        sentence: sum(
            max(
                # What is told again word for word tells of no change.
                len(told & other) / (len(told | other) or 1) if texts[one] != texts[sentence] else 0
                for one, other in theirs
            )
            for there, theirs in best.items()
            if there != here
        )
        / (len(best) - 1)
        for here, mine in best.items()
        for sentence, told in mine
    }


def _by_day(near: Sequence[Sentence], documents: Mapping[str, Document]) -> list[Row]:
    """The first of `near` of each day, in their order; none of fewer than two."""
    best: dict[str, Sentence] = {}
    told: set[str] = set()
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        text = document.text[sentence.start : sentence.end]
        # What another day's row tells word for word tells of no change.
        if document.date and document.date not in best and text not in told:
            best[document.date] = sentence
            told.add(text)
    rows = [
        Row(day, documents[s.evidence.passage.document_id], s.start, s.end)
        for day, s in list(best.items())[: tuned.MAX_ROWS]
    ]
    rows.sort(key=lambda row: (row.label, row.document.id))
    return rows if len(rows) > 1 else []


def _by_place(near: Sequence[Sentence], documents: Mapping[str, Document]) -> list[Row]:
    """The best sentences of all, in the order of their documents and places."""
    rows: list[Row] = []
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        whole = len(document.text[sentence.start : sentence.end].split()) >= tuned.DIGEST_WORDS
        if whole and len(rows) < tuned.UNDATED_ROWS:
            label = name_document(document)
            rows.append(Row(label, document, sentence.start, sentence.end))
    return sorted(rows, key=lambda row: (row.document.date or "", row.document.id, row.start))


def _search(asked: Answering, query: Query) -> tuple[Evidence, ...]:
    """Near passages of every document that is meant, where those are few; else the nearest."""
    pointed = asked.pointed
    plain = replace(query, period=None, parts=(), dates=())
    if pointed is not None:
        ids = sorted(pointed.documents)
        outer = query.within or Scope()
        if len(ids) <= tuned.EACH_DOCUMENT:
            found = [
                item
                for id_ in ids
                for item in asked.search(
                    replace(plain, within=replace(outer, documents=(id_,))),
                    k=tuned.TIMELINE_EACH,
                )
            ]
            return tuple(replace(e, number=n) for n, e in enumerate(found, start=1))
        plain = replace(plain, within=pointed.scope)
    return asked.search(plain, k=tuned.TIMELINE_PASSAGES)
