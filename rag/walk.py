"""The walk of a question: read on its own, searched, answered. Each step is a package's own.

question → stand-alone query → hits → evidence 1…n → who said it, sentences, or a language model
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.answer.answering import Answering, timed
from rag.answer.engines import answer as answer_by_engines
from rag.answer.quotes import QUOTES
from rag.answer.talk import Stage, Talk
from rag.index import Index
from rag.library.library import Library
from rag.models import LanguageModel
from rag.models.opened import SearchModels
from rag.models.prices import find_cost
from rag.models.providers import check_offline
from rag.models.sizes import is_small
from rag.question.follow_up import FollowUps, FoundSpeakers, is_name
from rag.question.kinds import is_small_talk
from rag.question.operators import HELP
from rag.question.query import tell_spelling
from rag.question.recognised import SMALL_TALK
from rag.search.limits import Limited, limit_question
from rag.search.retrieve import Retriever
from rag.settings import Settings
from rag.types import Answer, Query, Scope

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Walk:
    """What a question is answered with.

    `settings` say how many passages it gets and how long the `model` may take, which is None where
    answers are quotes.
    """

    index: Index
    settings: Settings
    model: LanguageModel | None
    models: SearchModels
    speakers: FoundSpeakers = field(default_factory=FoundSpeakers)

    def worded_by(self, model: LanguageModel | None, **changed: Any) -> "Walk":
        """This walk with another language model, and other values of its settings."""
        settings = replace(self.settings, **changed)
        model = model and check_offline(model, settings)
        return replace(self, settings=settings, model=model)

    def read(self, question: str, history: Sequence[str], *, within: Scope | None) -> Query:
        """How `question` is read by rules before it is searched."""
        library, retriever = self.index.open()
        limited = _limit(question, history, within, library, retriever)
        return limited.limit(retriever.read(limited.question, history=limited.history))

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        within: Scope | None = None,
        tell: Stage,
        on_draft: Stage | None = None,
        on_quotes: Callable[[Answer], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Answer:
        """The answer to `question`; as `Assistant.ask`, which says the rest."""
        timings: dict[str, float] = {}
        library, retriever = self.index.open()
        if is_small_talk(question):
            return self._greet(question)
        revision = library.revision
        talk = Talk(
            self.model,
            self.settings.timeout,
            stop or threading.Event(),
            small=self.model is not None and is_small(self.model, prompt=self.settings.prompt),
        )
        with timed(timings, "total"):
            if history:
                tell("Reading the question")
            with timed(timings, "read"):
                limited = _limit(question, history, within, library, retriever)
                query = self._read(limited, talk, library, retriever)
            if query.kind == SMALL_TALK:
                return self._greet(question)
            tell("Searching the documents")
            with timed(timings, "search"):
                hits = retriever.search(query, k=self.settings.evidence)
            asked = Answering(
                question,
                query,
                hits,
                library=library,
                retriever=retriever,
                wanted=self.settings.evidence,
            )
            answer = answer_by_engines(
                asked, talk, tell=tell, on_draft=on_draft, on_quotes=on_quotes, timings=timings
            )
        vocabulary = retriever.vocabulary()
        spelling = tell_spelling(query, vocabulary)
        answer = replace(
            answer,
            notice=" ".join(filter(None, (answer.notice, spelling))) or None,
            # Who or what they limit it to is found again when it is asked again.
            query=replace(query, within=within),
            searched=limited.searched(query, question),
            within=within,
            sent_to=talk.sent_to,
            tokens=(talk.usage.read, talk.usage.written),
            cost=find_cost(self.model.name, talk.usage, self.settings.home) if self.model else None,
            timings_ms=dict(timings),
        )
        if answer.engine == QUOTES:
            who = [s.speaker for s in answer.statements if answer.status == "answered"]
            found = who[0] if who and is_name(who[0], vocabulary) else ""
            self.speakers.keep(revision, query.within, query.text, found)
        _log.info(
            "asked: %s by %s in %.0f ms, %d citations of %d passages",
            answer.status, answer.engine, timings["total"], len(answer.citations),
            len(asked.evidence),
        )  # fmt: skip
        return answer

    def _greet(self, question: str) -> Answer:
        """What can be asked here, for whoever greets, thanks or asks for help."""
        examples = " or ".join(f"“{q}”" for q in self.index.suggest_questions(2))
        such = f" For example: {examples}." if examples else ""
        return Answer(
            question,
            f"Ask what the documents here say: who said something, what happened, when, why, how "
            f"many; or for a summary, a list or a timeline.{such}\n\n{HELP}",
            status="abstained",
            engine=QUOTES,
            reason="This asks nothing of the documents.",
            searched=question,
        )

    def _read(self, limited: Limited, talk: Talk, library: Library, retriever: Retriever) -> Query:
        reader = FollowUps(
            retriever.vocabulary(),
            read=lambda text, before: retriever.read(text, history=before),
            # A small model takes seconds for what rules do at once, and names the wrong one.
            hear=talk.hear if talk.model is not None and not talk.small else None,
            speaker_of=lambda before: self._find_speaker(
                before.text, limited.within, library.revision
            ),
        )
        return limited.limit(reader.make_standalone(limited.question, limited.history))

    def _find_speaker(self, question: str, within: Scope | None, revision: int) -> str:
        """The named speaker that a question finds, which is asked where it has not been yet."""
        found = self.speakers.get(revision, within, question)
        if found is None:
            self.worded_by(None).ask(question, within=within, tell=lambda stage: None)
            found = self.speakers.get(revision, within, question)
        return found or ""


def _limit(
    question: str,
    history: Sequence[str],
    within: Scope | None,
    library: Library,
    retriever: Retriever,
) -> Limited:
    known = retriever.corpus.read()
    return limit_question(question, history, within=within, library=library, known=known)
