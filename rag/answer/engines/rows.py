"""Rows of an answer with a shape: a label and an exact quote each. Knows no shape."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.quotes import QUOTES, show_quote
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


def whole_sentence(document: Document, start: int, end: int) -> tuple[int, int]:
    """The sentence of `document` that holds the place `start`, or [start, end)."""
    first = document.text.rfind("\n\n", 0, start) + 1
    last = document.text.find("\n\n", start)
    last = len(document.text) if last < 0 else last
    for s, e in sentences(document.text[first:last]):
        if first + s <= start < first + e:
            return first + s, first + e
    return start, end


def count(number: int, noun: str) -> str:
    plural = noun if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun.removesuffix('s') if number == 1 else plural}"
