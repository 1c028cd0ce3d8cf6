"""Answers that a language model words: asked, checked sentence by sentence, and asked to mend."""

from collections.abc import Sequence

from rag.answer.answering import Answering
from rag.answer.prompts import NOT_IN_DOCUMENTS, Prompt, render, render_repair
from rag.answer.talk import Stage, Talk, name_engine
from rag.check.citations import Verified, verify
from rag.errors import LanguageModelError
from rag.models import Stopped
from rag.types import Answer, Citation, Evidence, Statement

# A repair needs about as long as the reply did; with less left it is not begun.
_MIN_REPAIR_SECONDS = 3.0


def word(asked: Answering, talk: Talk, *, tell: Stage, on_draft: Stage | None) -> Answer:
    """The model's answer, checked, and asked for once more where something of it fails.

    Raises:
        LanguageModelError: it failed, or nothing of what it wrote stands.
        Stopped: the reader stopped it before it had said anything that stands.
    """
    assert talk.model is not None
    engine = name_engine(talk.model)

    def check(text: str, seen: Sequence[Evidence]) -> Verified:
        return verify(text, seen, documents=asked.documents, statements=asked.statements)

    prompt, text, stopped = _draft(asked, talk, on_draft)
    tell("Checking every sentence")
    checked = check(text, prompt.evidence)
    declined = NOT_IN_DOCUMENTS in text.upper() and not checked.citations
    if checked.failed and not declined and not stopped and talk.left > _MIN_REPAIR_SECONDS:
        tell(f"Asking {engine} to mend {_count(len(checked.failed), 'sentence')}")
        try:
            mended = talk.hear(render_repair(prompt, text, checked.failed), on_draft)
        except (LanguageModelError, Stopped):
            mended = ""
        tell("Checking every sentence")
        again = check(mended, prompt.evidence) if mended else checked
        if _standing(again) > _standing(checked) or (
            again.citations and len(again.failed) < len(checked.failed)
        ):
            checked = again
    if stopped and not checked.citations:
        raise Stopped
    if not declined and not checked.citations:
        raise LanguageModelError(
            "wrote nothing that its passages bear out"
            if checked.rejected
            else "cited no passage for what it wrote"
        )
    notices = []
    if stopped:
        notices.append("Stopped: this is what had been written, checked.")
    if len(prompt.evidence) < len(asked.evidence):
        notices.append(
            f"Only {len(prompt.evidence)} of {len(asked.evidence)} passages have room in the "
            "language model's context."
        )
    nothing = "The language model found no answer in the nearest passages."
    return Answer(
        question=asked.question,
        text="The documents do not answer this." if declined else checked.text,
        status="abstained" if declined else "answered",
        reason=(asked.declined or nothing) if declined else None,
        notice=" ".join(notices) or None,
        engine=engine,
        searched=asked.query.text,
        citations=() if declined else checked.citations,
        rejected=() if declined else checked.rejected,
        sentences=() if declined else checked.sentences,
        evidence=prompt.evidence,
        statements=() if declined else _cited_statements(checked.citations, asked.statements),
    )


def _draft(asked: Answering, talk: Talk, on_draft: Stage | None) -> tuple[Prompt, str, bool]:
    """What the model was shown, what it wrote, and whether the reader stopped it.

    A model that says its context is too small is asked again with half of the passages.
    """
    assert talk.model is not None
    context, evidence = talk.model.context, asked.evidence
    heard: list[str] = []
    for last in (False, True):
        prompt = render(
            asked.query.text,
            evidence,
            documents=asked.documents,
            statements=asked.statements,
            context=context,
        )
        if not prompt.evidence:
            raise LanguageModelError(
                f"has too small a context for a single passage ({context} tokens)"
            )
        heard.clear()
        try:
            text = talk.hear(prompt.messages, on_draft, heard)
        except Stopped:
            return prompt, "".join(heard).strip(), True
        except LanguageModelError as error:
            if last or not error.overflow or len(prompt.evidence) < 2:
                raise
            evidence = evidence[: len(prompt.evidence) // 2]
            continue
        if not text:
            raise LanguageModelError("sent an empty reply")
        return prompt, text, False
    raise AssertionError("unreachable")


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
