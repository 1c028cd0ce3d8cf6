"""Each way to answer, in a module: worded by a model, who said it, or the sentences themselves.

An engine gives an answer or leaves the question to the next one: `question.kinds` says who is asked
about what.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from rag.answer.answering import Answering, timed
from rag.answer.engines.quoted import quote
from rag.answer.engines.who_said import who_said
from rag.answer.engines.worded import word
from rag.answer.talk import Stage, Talk, name_engine
from rag.errors import LanguageModelError
from rag.models import Stopped
from rag.question.kinds import kind_of
from rag.types import Answer

_log = logging.getLogger(__name__)
ENGINES: dict[str, Callable[[Answering], Answer | None]] = {
    "who said": who_said,
    "sentences": quote,
}


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
        found = (ENGINES[name](asked) for name in kind_of(asked.query).engines)
        return replace(next(filter(None, found)), notice=notice)
