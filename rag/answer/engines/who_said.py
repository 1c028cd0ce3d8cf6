"""Answers of who said what: the statements that answer, each under its speaker."""

from collections.abc import Sequence

from rag.answer.answering import Answering
from rag.answer.attribute import attribute
from rag.answer.engines.quoted import quote_told
from rag.answer.limited import quote_within
from rag.answer.quotes import QUOTES, show_quote, show_speaker, stands_in
from rag.types import Answer, Citation, Evidence, Passage, Statement


def who_said(asked: Answering) -> Answer | None:
    """The answer of the statements; None where the library has none."""
    query = asked.query
    if asked.declined and (not query.said_by or not query.claim):
        return None
    found = attribute(asked)
    if found is None:
        return None
    if found.reason is not None and asked.declined is None and len(query.said_by) == 1:
        told = quote_told(asked)
        if told is not None:
            return told
    shown, extended, citations = _cite(asked, found.statements)
    paragraphs = [
        f"{show_speaker(s)}: {show_quote(c)} [{c.number}]"
        for s, c in zip(shown, citations, strict=True)
    ]
    declined = found.reason is not None
    return Answer(
        question=asked.question,
        text="The documents do not answer this."
        if declined
        else "\n\n".join([*paragraphs, *filter(None, [found.note])]),
        status="abstained" if declined else "answered",
        reason=found.reason,
        engine=QUOTES,
        searched=query.text,
        citations=() if declined else citations,
        evidence=extended,
        statements=shown,
        note=None if declined else found.note,
    )


def _cite(
    asked: Answering, statements: Sequence[Statement]
) -> tuple[tuple[Statement, ...], tuple[Evidence, ...], tuple[Citation, ...]]:
    """The statements that still stand, the evidence with theirs, and a citation each.

    A statement outside the evidence brings its own passage along.
    """
    shown: list[Statement] = []
    citations: list[Citation] = []
    extended = list(asked.evidence)
    documents = asked.get_documents(s.document_id for s in statements)
    for statement in statements:
        document = documents.get(statement.document_id)
        if document is None or not stands_in(document.text, statement):
            continue  # a sync took it away since it was found
        start, end = quote_within(document, statement, asked.holds)
        if any(c.document_id == document.id and (c.start, c.end) == (start, end)
               for c in citations):  # fmt: skip
            continue
        holder = next(
            (e for e in extended if e.passage.document_id == document.id
             and e.passage.start <= statement.start < e.passage.end), None
        )  # fmt: skip
        if holder is None:
            passage = Passage(document.id, start, end, document.text[start:end])
            holder = Evidence(len(extended) + 1, passage)
            extended.append(holder)
        shown.append(statement)
        citations.append(Citation.of(document, start, end, number=holder.number))
    return tuple(shown), tuple(extended), tuple(citations)
