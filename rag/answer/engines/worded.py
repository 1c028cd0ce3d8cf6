"""Answers that a language model words: asked, checked sentence by sentence, and shown where they
say what the quotes say.

The quotes come first: they are what the model is shown, what its answer is measured against, and
what is shown where that says less. Whether the documents answer at all is theirs to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.answering import Answering
from rag.answer.brief import Brief, excerpt, gather
from rag.answer.covering import covers, drop_echo
from rag.answer.pieces import labels_of
from rag.answer.prompts import (
    REPLY_SCHEMA,
    Prompt,
    render_large,
    render_repair,
    render_small,
)
from rag.answer.talk import Stage, Talk, name_engine
from rag.check.citations import Verified, nearest_sentence, verify
from rag.check.replies import declines, hide_thoughts, read_form, read_reply
from rag.errors import LanguageModelError
from rag.models import Stopped
from rag.types import Answer, Checked, Citation, Evidence, Statement


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a model was shown and what it wrote, as it came and as it is read."""

    prompt: Prompt
    raw: str
    text: str
    stopped: bool = False


def word(
    asked: Answering, talk: Talk, quoted: Answer, *, tell: Stage, on_draft: Stage | None
) -> Answer:
    """The model's answer, checked, if it says what `quoted` says; else that, with what stands of
    the model's below it.

    Raises:
        LanguageModelError: it failed.
        Stopped: the reader stopped it before it had said anything that stands.
    """
    assert talk.model is not None
    engine = name_engine(talk.model)
    brief = gather(asked, quoted)
    draft = _draft(asked, talk, quoted, brief, on_draft)
    tell("Checking every sentence")
    if declines(draft.text):
        return _declined(quoted, engine)
    seen = brief.evidence if talk.small else brief.evidence[: draft.prompt.shown]

    def check(text: str) -> Verified:
        return verify(
            text,
            seen,
            documents=brief.documents,
            statements=brief.statements,
            likeness=asked.likeness,
            closely=talk.small,
        )

    def enough(found: Verified) -> bool:
        if quoted.status == "abstained":
            return bool(found.citations)
        return covers(found, quoted, asked.query, near=asked.ranked, beside=talk.small)

    checked = check(draft.text)
    if checked.failed and not draft.stopped:
        mended = _mend(draft, checked, talk, seen, tell=tell, on_draft=on_draft)
        again = check(mended) if mended else checked
        gains = _standing(again) - _standing(checked)
        if gains > 0 or (gains == 0 and len(again.failed) < len(checked.failed)):
            checked = again
    if draft.stopped and not checked.citations:
        raise Stopped
    notices = []
    if draft.stopped:
        notices.append("Stopped: this is what had been written, checked.")
    if len(seen) < len(brief.evidence):
        notices.append(
            f"Only {len(seen)} of {len(brief.evidence)} passages have room in the language "
            "model's context."
        )
    if not checked.citations:
        told = f"{engine} wrote nothing that its passages bear out."
        return replace(quoted, notice=told, sentences=checked.sentences, rejected=checked.rejected)
    if quoted.status == "abstained":
        notices.append(f"{quoted.reason} Read what {engine} found with care.")
    elif not enough(checked):
        return _below(quoted, checked, brief, engine, notices, small=talk.small)
    answer = Answer(
        question=asked.question,
        text=checked.text,
        status="answered",
        notice=" ".join(notices) or None,
        engine=engine,
        searched=asked.query.text,
        citations=checked.citations,
        rejected=checked.rejected,
        sentences=checked.sentences,
        evidence=seen,
        statements=_cited_statements(checked.citations, brief.statements),
    )
    return _above(answer, quoted) if talk.small and quoted.status == "answered" else answer


def _above(worded: Answer, quoted: Answer) -> Answer:
    """A small model's words, and below them the quotes: it leaves out much, and who reads it sees
    at once what it is from."""
    both = _join(quoted, worded.sentences, worded.citations)
    labels = labels_of(quoted)
    return replace(
        worded,
        text=f"{worded.text}\n\nIn the documents’ words:\n\n{quoted.text}",
        citations=both.citations,
        sentences=both.sentences,
        labels=tuple(labels) if any(labels) else (),
        note=quoted.note,
    )


def _join(quoted: Answer, sentences: Sequence[Checked], citations: Sequence[Citation]) -> Answer:
    """Quotes, and behind them what a model's sentences cite."""
    behind = len(quoted.citations)
    moved = tuple(replace(s, citations=tuple(behind + i for i in s.citations)) for s in sentences)
    return replace(quoted, citations=(*quoted.citations, *citations), sentences=moved)


def _declined(quoted: Answer, engine: str) -> Answer:
    """What is shown where the model found no answer: the quotes' answer, or theirs to decline."""
    if quoted.status == "abstained":
        return quoted
    return replace(quoted, notice=f"{engine} found no answer in these passages.")


def _below(
    quoted: Answer,
    checked: Verified,
    brief: Brief,
    engine: str,
    notices: Sequence[str],
    *,
    small: bool,
) -> Answer:
    """The quotes, and below them what stands of what the model wrote, which leaves out what they
    say; a small model's is held back: beside the point, it was false as often as not."""
    told = f"{engine} wrote less than these quotes say."
    if small:
        held = tuple(
            Checked(s.text, "uncited", s.reasons or ("says less than the quotes",), s.paragraph)
            for s in checked.sentences
        )
        notice = " ".join([*notices, told])
        return replace(quoted, notice=notice, sentences=held, rejected=checked.rejected)
    return replace(
        _join(quoted, checked.sentences, checked.citations),
        text=f"{quoted.text}\n\n{checked.text}",
        notice=" ".join([*notices, told]),
        rejected=checked.rejected,
        evidence=brief.evidence,
    )


def _draft(
    asked: Answering, talk: Talk, quoted: Answer, brief: Brief, on_draft: Stage | None
) -> _Draft:
    """What the model writes. One that says its context is too small is shown half as much."""
    assert talk.model is not None
    context = talk.model.context
    question = asked.query.text
    form = REPLY_SCHEMA if talk.takes_form else None
    excerpts = excerpt(asked, quoted) if talk.small else []
    evidence = brief.evidence
    heard: list[str] = []

    def read(raw: str) -> str:
        plain = read_form(raw) if form else raw
        text = read_reply(plain, passages=len(brief.evidence))
        return drop_echo(text, quoted, asked.query) if talk.small else text

    show = _drafting(on_draft, in_form=form is not None)

    for last in (False, True):
        if talk.small:
            prompt = render_small(question, excerpts, context=context)
        else:
            prompt = render_large(
                question,
                evidence,
                documents=brief.documents,
                statements=brief.statements,
                context=context,
                in_form=form is not None,
            )
        if not prompt.shown:
            raise LanguageModelError(
                f"has too small a context for a single passage ({context} tokens)"
            )
        heard.clear()
        try:
            raw = talk.hear(prompt.messages, show, heard, form=form)
        except Stopped:
            raw = "".join(heard).strip()
            return _Draft(prompt, raw, read(raw), stopped=True)
        except LanguageModelError as error:
            if last or not error.overflow or prompt.shown < 2:
                raise
            evidence = evidence[: prompt.shown // 2]
            excerpts = excerpts[: prompt.shown // 2]
            continue
        text = read(raw)
        if not text:
            told = "sent an empty reply" if not raw else "said nothing beside the question"
            raise LanguageModelError(told)
        return _Draft(prompt, raw, text)
    raise AssertionError("unreachable")


def _drafting(on_draft: Stage | None, *, in_form: bool) -> Stage:
    """Tells `on_draft` what of a reply the reader may see: no thoughts, and no form."""

    def show(raw: str) -> None:
        if on_draft is not None:
            on_draft(hide_thoughts(read_form(raw) if in_form else raw))

    return show


def _mend(
    draft: _Draft,
    checked: Verified,
    talk: Talk,
    seen: Sequence[Evidence],
    *,
    tell: Stage,
    on_draft: Stage | None,
) -> str:
    """The text with what failed written anew; "" where that cannot help or fails itself.

    It is asked of large models only: a small one mended none of 27 replies.
    """
    assert talk.model is not None
    failed = [(s, nearest_sentence(s.text, seen)) for s in checked.failed]
    failed = [(s, words) for s, words in failed if words]
    if talk.small or not failed:
        return ""
    tell(f"Asking {name_engine(talk.model)} to mend {_count(len(failed), 'sentence')}")
    try:
        show = _drafting(on_draft, in_form=talk.takes_form)
        raw = talk.hear(render_repair(draft.prompt, draft.raw, failed), show)
    except (LanguageModelError, Stopped):
        return ""
    tell("Checking every sentence")
    mended = read_reply(read_form(raw), passages=len(seen))
    standing = [s.text for s in checked.sentences if s.stands]
    for sentence in standing:  # it may have written all of it again
        mended = mended.replace(sentence, "").strip()
    return " ".join([*standing, mended]) if mended or standing else ""


def _standing(checked: Verified) -> int:
    return sum(1 for s in checked.sentences if s.status == "supported")


def _cited_statements(
    citations: Sequence[Citation], statements: Sequence[Statement]
) -> tuple[Statement, ...]:
    """Who said what in the words that are cited, in the order of the citations."""
    found = [
        s
        for c in citations
        for s in statements
        if s.document_id == c.document_id
        and any(start < c.end and c.start < end for start, end in s.content_spans)
    ]
    return tuple(dict.fromkeys(found))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
