"""Rows of an answer with a shape: a label and an exact quote each. Knows no shape."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.quotes import QUOTES, Sentence, show_quote
from rag.language.sentences import sentences
from rag.types import Answer, Citation, Document, Evidence, Passage


@dataclass(frozen=True, slots=True)
class Row:
    """A span of a document under a label."""

    label: str
    document: Document
    start: int
    end: int


def answer_rows(
    asked: Answering, rows: Sequence[Row], *, shape: str, headline: str, note: str | None = None
) -> Answer:
    """The answer of `rows`, numbered in their order; each row is its own evidence."""
    citations = tuple(
        Citation.of(row.document, row.start, row.end, number=number)
        for number, row in enumerate(rows, start=1)
    )
    evidence = tuple(
        Evidence(c.number, Passage(c.document_id, c.start, c.end, c.quote)) for c in citations
    )
    lines = [
        f"{row.label}: {show_quote(c)} [{c.number}]" for row, c in zip(rows, citations, strict=True)
    ]
    return Answer(
        question=asked.question,
        text="\n\n".join([headline, *lines, *filter(None, [note])]),
        status="answered",
        engine=QUOTES,
        searched=asked.query.text,
        citations=citations,
        evidence=evidence,
        note=note,
        shape=shape,
        headline=headline,
        labels=tuple(row.label for row in rows),
    )


def decline(asked: Answering, reason: str) -> Answer:
    return Answer(
        question=asked.question,
        text="The documents do not answer this.",
        status="abstained",
        reason=reason,
        engine=QUOTES,
        searched=asked.query.text,
        evidence=asked.evidence,
    )


def name_document(document: Document) -> str:
    """A document by its title, or its file's name, and its day."""
    title = document.title or document.id.rsplit("/", 1)[-1]
    short = title if len(title) <= tuned.TITLE_CHARACTERS else f"{title[: tuned.TITLE_CHARACTERS]}…"
    return f"{short} ({document.date})" if document.date else short


def whole_sentences(asked: Answering, document: Document, start: int, end: int) -> tuple[int, int]:
    """The sentences of `document` that [start, end) stands in; itself where what the question's
    operators leave out stands in them."""
    text = document.text
    first = text.rfind("\n\n", 0, start) + 1
    last = text.find("\n\n", end)
    last = len(text) if last < 0 else last
    spans = [(first + s, first + e) for s, e in sentences(text[first:last])]
    touched = [(s, e) for s, e in spans if s < end and start < e]
    if not touched:
        return start, end
    whole = min(start, touched[0][0]), max(end, touched[-1][1])
    return whole if asked.holds(document.id, *whole) else (start, end)


def near_enough(ranked: Sequence[Sentence]) -> list[Sentence]:
    """Those of `ranked`, best first, that are likely enough for a row; none if the best is not."""
    if not ranked or ranked[0].score < tuned.ABSTAIN_PARTS:
        return []
    least = max(tuned.ROW_LEAST, tuned.ROW_SHARE * ranked[0].score)
    return [s for s in ranked if s.score >= least]


def tell_others(names: Sequence[str], *, of: int) -> str | None:
    """What a list has more than it shows rows, on one line: the first `names` of `of` of them."""
    named = names[: tuned.MAX_NAMED]
    left = f" and {of - len(named):,} others" if of > len(named) else ""
    return f"The others: {'; '.join(named)}{left}." if named else None


def count(number: int, noun: str) -> str:
    plural = noun if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun.removesuffix('s') if number == 1 else plural}"
