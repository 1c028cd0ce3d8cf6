"""Answers without a language model: the sentences that answer best, word for word."""

from collections.abc import Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import name_document
from rag.answer.first_line import Verdict, asks_yes_or_no, decide, extract, show_verdicts, value_of
from rag.answer.limited import asks_exact_alone
from rag.answer.quotes import (
    QUOTES,
    Sentence,
    choose,
    nothing_said,
    show_quote,
    with_form,
    with_speaker,
)
from rag.language import LANGUAGE
from rag.language.words import content_words, fold, number_forms, words
from rag.question.parts import nearby_days
from rag.statements.mentions import is_named
from rag.types import Answer, Citation, Evidence, Query

_QUESTIONS = LANGUAGE.questions


def quote(asked: Answering) -> Answer:
    """The one to three sentences that answer best, or the reason why there are none."""
    reason = asked.declined
    citations: tuple[Citation, ...] = ()
    headline = ""
    if reason is None or asked.doubted:
        ranked = asked.ranked
        chosen, headline = _choose(asked, ranked)
        citations = _cite(asked, chosen)
        reason = None if citations else reason or _how_near(ranked)
        if citations and not _names_speaker(asked.query, citations):
            who = asked.query.said_by[0]
            reason = nothing_said(who)
            citations = ()
    return _answer(asked, citations, headline=headline, reason=reason)


def _how_near(ranked: Sequence[Sentence]) -> str:
    """Why nothing is quoted: the nearest passages may answer still, or are about something else."""
    if ranked and ranked[0].score >= tuned.MAY_ANSWER:
        return "No passage clearly answers this. The nearest ones may."
    return "No passage comes close enough to answering this."


def quote_told(asked: Answering) -> Answer | None:
    """The sentences that tell when, where, how or why somebody said something, where no statement
    of theirs does; None where their words are asked for, or nothing comes near.
    """
    if not _QUESTIONS.asks_around.match(asked.query.text):
        return None
    ranked = asked.ranked
    chosen, headline = _choose(asked, ranked)
    citations = _cite(asked, chosen)
    if not citations or not _names_speaker(asked.query, citations):
        return None
    return _answer(asked, citations, headline=headline)


def _choose(asked: Answering, ranked: Sequence[Sentence]) -> tuple[list[Sentence], str]:
    """The sentences to show, none if none is likely enough to answer, and the line that answers.

    Of a question of yes or no those come first that decide it.
    """
    several = asked.query.parts or asked.query.every_document or len(asked.query.said_by) > 1
    least = tuned.ABSTAIN_PARTS if several else tuned.ABSTAIN_BELOW
    least = max(least, tuned.DOUBTED) if asked.doubted else least
    least = 0.0 if asks_exact_alone(asked.query) else least
    if not ranked or ranked[0].score < least:
        return [], ""
    chosen = choose(ranked, documents=asked.documents, several=bool(several))
    if each := _of_each_part(asked):
        more = [s for s in chosen if all(not _is_same(s, other) for other in each)]
        chosen = [*each, *more][: tuned.MAX_QUOTES]
    claim = "" if several else asks_yes_or_no(asked.query.topic)
    if not claim:
        return _with_other_number(asked, chosen, ranked)
    decided: dict[str, tuple[Sentence, Verdict]] = {}
    for sentence in ranked[: tuned.DECIDE_AMONG]:
        document = asked.documents[sentence.evidence.passage.document_id]
        said = [s for s in asked.statements if s.document_id == document.id]
        verdict = decide(claim, document, sentence.start, sentence.end, said=said)
        if verdict is not None:
            decided.setdefault(verdict.side, (sentence, verdict))
    deciding = [sentence for sentence, _ in decided.values()]
    others = [s for s in chosen if s not in deciding and not deciding]
    return deciding + others, show_verdicts(v for _, v in decided.values())


def _of_each_part(asked: Answering) -> list[Sentence]:
    """Of a question to several outlets, or of several days, the best sentence of each: what one of
    them says is no answer for the other. None where fewer than two have one, nor for the name of
    somebody whom several tell of."""
    if _QUESTIONS.asks_who.search(fold(asked.query.text)) or _QUESTIONS.wants_name.search(
        asked.query.text
    ):
        return []
    asks = [
        (part, outlet)
        for part in asked.query.parts
        for outlet in part.outlets or (("",) if part.dates else ())
    ]
    chosen: list[Sentence] = []
    for part, outlet in asks:
        own = [e for e in asked.evidence if _is_of(asked, e, outlet, part.dates)]
        ranked, _ = asked.rank(replace(asked.read(part.text), parts=()), own)
        new = (s for s in ranked if not s.asks and all(not _is_same(s, c) for c in chosen))
        best = next(new, None)
        if best is not None and best.score >= tuned.ABSTAIN_PARTS:
            chosen.append(best)
    return chosen[: tuned.MAX_QUOTES] if len(chosen) > 1 else []


def _is_of(asked: Answering, item: Evidence, outlet: str, dates: Sequence[str]) -> bool:
    """Whether evidence is of an outlet ("" for any), and of one of some days where they are."""
    document = asked.documents[item.passage.document_id]
    days = {near for day in dates for near in nearby_days(day)}
    return outlet in ("", document.source) and (not days or document.date in days)


def _is_same(one: Sentence, other: Sentence) -> bool:
    place = (one.evidence.passage.document_id, one.start)
    return place == (other.evidence.passage.document_id, other.start)


def _with_other_number(
    asked: Answering, chosen: list[Sentence], ranked: Sequence[Sentence]
) -> tuple[list[Sentence], str]:
    """`chosen` and the number or day of its first sentence; where another document gives another
    number of the same thing, that beside it, the newer one first."""
    first = chosen[0]
    line = extract(asked.query.text, _text(asked, first))
    value = value_of(line)
    if value is None:
        return chosen, line
    for other in ranked[: tuned.DECIDE_AMONG]:
        told = extract(asked.query.text, _text(asked, other))
        if (
            other.evidence.passage.document_id == first.evidence.passage.document_id
            or first.near - other.near > tuned.KEEP_PARTS
            or value_of(told) in (None, value)
        ):
            continue
        two = sorted(((first, line), (other, told)), key=lambda t: _day(asked, t[0]), reverse=True)
        lines = [f"{shown} ({_told_in(asked, sentence)})" for sentence, shown in two]
        rest = [s for s in chosen[1:] if s is not other]
        both = [sentence for sentence, _ in two]
        return [*both, *rest][: tuned.MAX_QUOTES], f"The documents differ: {', '.join(lines)}."
    return chosen, line


def _text(asked: Answering, sentence: Sentence) -> str:
    text = asked.documents[sentence.evidence.passage.document_id].text
    return text[sentence.start : sentence.end]


def _day(asked: Answering, sentence: Sentence) -> str:
    return asked.documents[sentence.evidence.passage.document_id].date or ""


def _told_in(asked: Answering, sentence: Sentence) -> str:
    """Where a number stands, in short: the outlet and the day, or the title."""
    document = asked.documents[sentence.evidence.passage.document_id]
    return ", ".join(filter(None, (document.source, document.date))) or name_document(document)


def _cite(asked: Answering, chosen: Sequence[Sentence]) -> tuple[Citation, ...]:
    citations: list[Citation] = []
    for sentence in chosen:
        start, end = sentence.start, sentence.end
        document = asked.documents[sentence.evidence.passage.document_id]
        if asked.query.who_said:
            start, end = with_speaker(document.text, start, end)
        start, end = with_form(document.text, start, end)
        if not asked.holds(document.id, start, end):  # what is left out may stand beside it
            start, end = sentence.start, sentence.end
        if any(c.document_id == document.id and c.start < end and start < c.end for c in citations):
            continue
        citations.append(Citation.of(document, start, end, number=sentence.evidence.number))
    return tuple(citations)


def _answer(
    asked: Answering,
    citations: Sequence[Citation],
    *,
    headline: str = "",
    reason: str | None = None,
) -> Answer:
    headline = headline if citations else ""
    lines = [f"{show_quote(c)} [{c.number}]" for c in citations]
    text = "\n\n".join(filter(None, [headline, *lines]))
    return Answer(
        question=asked.question,
        text=text or "The documents do not answer this.",
        status="abstained" if reason else "answered",
        reason=reason,
        engine=QUOTES,
        searched=asked.query.text,
        citations=tuple(citations),
        headline=headline,
        evidence=asked.evidence,
    )


def _names_speaker(query: Query, citations: Sequence[Citation]) -> bool:
    """Whether the quotes hold the name of whoever is asked for ("What did Ross say …?")."""
    if not query.said_by or not is_named(query.said_by[0]):
        return True
    last = content_words(query.said_by[0])[-1:]
    spellings = {*last, *(v for w, v in query.variants if w in last)}
    held = {w for c in citations for w in words(f"{c.quote} {c.title} {c.source or ''}")}
    return not spellings or any(form in held for s in spellings for form in number_forms(s))
