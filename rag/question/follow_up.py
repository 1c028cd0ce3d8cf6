"""A follow-up → a question that can be understood alone. Knows no index and no answer.

By a language model where there is one, whose rewriting must name nobody whom the conversation does
not; else by rules: what it leans on is carried over from the question before.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rag.errors import LanguageModelError
from rag.language import LANGUAGE
from rag.language.words import content_words, fold, strip_hidden, words
from rag.models import Stopped
from rag.question.names import find_names
from rag.question.query import leans_on_history
from rag.question.spelling import Vocabulary
from rag.types import Query, Scope

# Questions before a follow-up that may still be leant on, and how many speakers are remembered.
HISTORY_TURNS = 6
_REMEMBERED = 512
_TURN_CHARACTERS = 600
_MAX_STANDALONE = 400
_PERSON = LANGUAGE.pronouns.person

_STANDALONE = """Rewrite the last question so that it can be understood without the conversation: \
put the names for "he", "she", "it", "they", "there". Add nothing else, answer nothing. If it can \
be understood alone, repeat it. Reply with the question only."""

Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Reads questions of a conversation.

    `read` reads a question as it stands, asked after others; `hear` is a language model's reply
    (None without one) and `speaker_of` the named speaker whom a question of who said what found.
    """

    vocabulary: Vocabulary
    read: Callable[[str, Sequence[str]], Query]
    hear: Callable[[Messages], str] | None
    speaker_of: Callable[[Query], str]

    def make_standalone(self, question: str, history: Sequence[str]) -> Query:
        """`question`, asked after the turns in `history` (oldest first), read on its own."""
        if not history or not leans_on_history(question, vocabulary=self.vocabulary):
            return self.read(question, ())
        if self.hear is not None:
            with suppress(LanguageModelError, Stopped):
                rewritten = self.hear(render_standalone(question, history)).strip().strip('"“”')
                if _is_faithful(rewritten, question, history):
                    return self.read(rewritten, ())
        return self._by_rules(question, history[-HISTORY_TURNS:])

    def _by_rules(self, question: str, history: Sequence[str]) -> Query:
        """`question` with what it leans on of the question before, which is read so as well."""
        if not history or not leans_on_history(question, vocabulary=self.vocabulary):
            return self.read(question, ())
        before = self._by_rules(history[-1], history[:-1])
        speaker = ""
        if _PERSON.search(question) and before.who_said and not before.said_by:
            speaker = self.speaker_of(before)
        return self.read(question, [f"Who? ({speaker})" if speaker else before.text])


@dataclass(frozen=True, slots=True)
class FoundSpeakers:
    """Whom "he" stands for after "Who said …?", so that a follow-up need not ask that again."""

    # {(revision, scope, stand-alone question): the named speaker it found, or ""}
    _found: dict[tuple[int, Scope | None, str], str] = field(default_factory=dict)

    def get(self, revision: int, within: Scope | None, question: str) -> str | None:
        """The speaker that a question found, "" if it found none; None if it is not remembered."""
        return self._found.get((revision, within, question))

    def keep(self, revision: int, within: Scope | None, question: str, speaker: str) -> None:
        for old in list(self._found)[:-_REMEMBERED]:
            self._found.pop(old, None)
        self._found[revision, within, question] = speaker


def is_name(speaker: str, vocabulary: Vocabulary) -> bool:
    """Whether a speaker has a name ("Reuters"), not only a description ("Informed sources")."""
    return any(vocabulary.written(fold(w))[:1].isupper() for w in speaker.split() if w.istitle())


def render_standalone(question: str, history: Sequence[str]) -> Messages:
    """The messages that ask for `question` in a form that needs no conversation."""
    turns = [t[:_TURN_CHARACTERS] for t in history[-HISTORY_TURNS:]]
    asked = "\n".join(f"Earlier question: {strip_hidden(t)}" for t in turns)
    return [
        {"role": "system", "content": _STANDALONE},
        {"role": "user", "content": f"{asked}\nLast question: {strip_hidden(question)}"},
    ]


def _is_faithful(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """Whether a stand-alone question names nobody whom the conversation does not."""
    if not 3 <= len(rewritten) <= _MAX_STANDALONE or "\n" in rewritten:
        return False
    known = set(words(" ".join([question, *history])))
    asked = set(content_words(question))
    named = {w for name in find_names(rewritten) for w in words(name)}
    return named <= known and bool(asked & set(words(rewritten)) or not asked)
