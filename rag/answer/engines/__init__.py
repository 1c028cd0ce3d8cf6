"""Each way to answer, in a module: worded by a model, who said it, or the sentences themselves.

`question.kinds` says which engine is asked; sentences answer where that has nothing.
"""

import logging
from dataclasses import replace
from pkgutil import resolve_name

from rag.answer.answering import Answering, timed
from rag.answer.engines.quoted import quote
from rag.answer.engines.worded import word
from rag.answer.talk import Stage, Talk, name_engine
from rag.errors import LanguageModelError
from rag.models import Stopped
from rag.question.kinds import kind_named
from rag.types import Answer

_log = logging.getLogger(__name__)


def answer(
    asked: Answering,
    talk: Talk,
    *,
    tell: Stage,
    on_draft: Stage | None,
    timings: dict[str, float],
) -> Answer:
    """The answer of the first engine that has one; a model that fails is worked around."""
    notice: str | None = None
    if asked.query.refused:
        return quote(asked)
    kind = kind_named(asked.query.kind)
    if kind.counted:
        tell("Counting in all documents")
        with timed(timings, "quotes"):
            counted: Answer | None = resolve_name(kind.engine)(asked)
        if counted is not None and _is_sure(asked, counted):
            return counted
    if talk.model is not None and asked.evidence:
        tell(f"Asking {name_engine(talk.model)}")
        with timed(timings, "model"):
            try:
                return word(asked, talk, tell=tell, on_draft=on_draft)
            except LanguageModelError as error:
                _log.warning("the language model %s", error)  # not the server's own words
                end = "" if str(error).endswith("?") else "."
                notice = f"The language model {error}{end} These are quotes instead."
            except Stopped:
                notice = "Stopped. These are quotes instead."
    tell("Reading the nearest passages")
    with timed(timings, "quotes"):
        engine = kind.otherwise if kind.counted else kind.engine
        found: Answer | None = resolve_name(engine)(asked) if engine else None
        if found is None or not _is_sure(asked, found):
            found = quote(asked)
        return replace(found, notice=notice)


def _is_sure(asked: Answering, found: Answer) -> bool:
    """Whether an answer counts: a kind of question that was only learnt tells nothing of what is
    not there."""
    return found.status == "answered" or not asked.query.learnt
