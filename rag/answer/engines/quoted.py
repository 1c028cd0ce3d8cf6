"""Answers without a language model: the sentences that answer best, word for word."""

from collections.abc import Sequence

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.quotes import QUOTES, choose, show_quote, with_form, with_speaker
from rag.language.words import content_words, number_forms, words
from rag.statements.mentions import is_named
from rag.types import Answer, Citation, Query


def quote(asked: Answering) -> Answer:
    """The one to three sentences that answer best, or the reason why there are none."""
    reason = asked.declined
    citations: tuple[Citation, ...] = ()
    if reason is None or asked.doubted:
        citations = _find_quotes(asked)
        if not citations:
            reason = reason or "No passage comes close enough to answering this."
        else:
            reason = None
        if citations and not _names_speaker(asked.query, citations):
            who = asked.query.said_by[0]
            reason = f"The documents do not report {who} saying anything about this."
            citations = ()
    text = "\n\n".join(f"{show_quote(c)} [{c.number}]" for c in citations)
    return Answer(
        question=asked.question,
        text=text or "The documents do not answer this.",
        status="abstained" if reason else "answered",
        reason=reason,
        engine=QUOTES,
        searched=asked.query.text,
        citations=citations,
        evidence=asked.evidence,
    )


def _find_quotes(asked: Answering) -> tuple[Citation, ...]:
    ranked, _ = asked.rank(asked.query, asked.evidence)
    several = asked.query.parts or asked.query.every_document or len(asked.query.said_by) > 1
    least = tuned.ABSTAIN_PARTS if several else tuned.ABSTAIN_BELOW
    least = max(least, tuned.DOUBTED) if asked.doubted else least
    if not ranked or ranked[0].score < least:
        return ()
    citations: list[Citation] = []
    for sentence in choose(ranked, documents=asked.documents, several=bool(several)):
        start, end = sentence.start, sentence.end
        document = asked.documents[sentence.evidence.passage.document_id]
        if asked.query.who_said:
            start, end = with_speaker(document.text, start, end)
        start, end = with_form(document.text, start, end)
        if any(c.document_id == document.id and c.start < end and start < c.end for c in citations):
            continue
        citations.append(Citation.of(document, start, end, number=sentence.evidence.number))
    return tuple(citations)


def _names_speaker(query: Query, citations: Sequence[Citation]) -> bool:
    """Whether the quotes hold the name of whoever is asked for ("What did Ross say …?")."""
    if not query.said_by or not is_named(query.said_by[0]):
        return True
    last = content_words(query.said_by[0])[-1:]
    spellings = {*last, *(v for w, v in query.variants if w in last)}
    held = {w for c in citations for w in words(f"{c.quote} {c.title} {c.source or ''}")}
    return not spellings or any(form in held for s in spellings for form in number_forms(s))
