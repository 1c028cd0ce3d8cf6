"""Each way to answer, in a module: worded by a model, who said it, or the sentences themselves.

`question.kinds` says which engine is asked; sentences answer where that has nothing. A language
model, where there is one, words what was found so.
"""

import logging
from collections.abc import Callable
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
# Of other rows (a count, a list, a timeline) prose says less than they do.
_WORDED_ROWS = ("digest", "compare")


def answer(
    asked: Answering,
    talk: Talk,
    *,
    tell: Stage,
    on_draft: Stage | None,
    on_quotes: Callable[[Answer], None] | None = None,
    timings: dict[str, float],
) -> Answer:
    """What the documents say, word for word, or worded by the model of `talk` if it says as much;
    a model that fails is worked around. `on_quotes` is told the quotes before the model is asked.
    """
    quoted = _quote(asked, tell=tell, timings=timings)
    if talk.model is None or not _is_to_word(asked, talk, quoted):
        return quoted
    if on_quotes is not None and quoted.status == "answered":
        on_quotes(quoted)
    tell(f"Asking {name_engine(talk.model)}")
    with timed(timings, "model"):
        try:
            found = word(asked, talk, quoted, tell=tell, on_draft=on_draft)
        except LanguageModelError as error:
            _log.warning("the language model %s", error)  # not the server's own words
            end = "" if str(error).endswith("?") else "."
            notice = f"The language model {error}{end} These are quotes instead."
            found = replace(quoted, notice=notice)
        except Stopped:
            found = replace(quoted, notice="Stopped. These are quotes instead.")
    if talk.first_token is not None:
        timings["first_token"] = round(1000 * talk.first_token, 1)
    return found


def _quote(asked: Answering, *, tell: Stage, timings: dict[str, float]) -> Answer:
    """The answer of the engine of the question's kind, of the one behind it, or of sentences."""
    if asked.query.refused:
        return quote(asked)
    kind = kind_named(asked.query.kind)
    tell("Counting in all documents" if kind.counted else "Reading the nearest passages")
    with timed(timings, "quotes"):
        engines = (kind.engine, kind.otherwise if kind.counted else "")
        for engine in filter(None, engines):
            found: Answer | None = resolve_name(engine)(asked)
            if found is not None and _is_sure(asked, found):
                return found
        return quote(asked)


def _is_to_word(asked: Answering, talk: Talk, quoted: Answer) -> bool:
    """Whether a model may say it better. Where nothing answers, a small one makes something up (two
    of three near-miss questions), and no model knows what no passage has."""
    if quoted.status == "abstained":
        return not talk.small and asked.declined is None and bool(asked.evidence)
    return quoted.shape in ("", *_WORDED_ROWS) and bool(quoted.citations)


def _is_sure(asked: Answering, found: Answer) -> bool:
    """Whether an answer counts: a kind of question that was only learnt tells nothing of what is
    not there."""
    return found.status == "answered" or not asked.query.learnt
