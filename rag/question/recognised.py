"""TABLE: what a query is filled with for a question whose kind no pattern tells, but `learnt` does.

The engines are those of `kinds`. Knows no index and no weights.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rag import tuned
from rag.language import LANGUAGE
from rag.language.words import content_words, fold, words
from rag.question.counts import PLAIN
from rag.question.learnt import Reading
from rag.question.names import find_names

_COUNTS, _PRONOUNS = LANGUAGE.counts, LANGUAGE.pronouns
_QUESTIONS, _SHAPES = LANGUAGE.questions, LANGUAGE.shapes

Fields = Mapping[str, Any] | None
# No kind of question: who greets or thanks is told what can be asked.
SMALL_TALK = "small talk"
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")


@dataclass(frozen=True, slots=True)
class _Given:
    reading: Reading
    question: str
    carried: str


def recognise(
    reading: Reading, question: str, *, carried: str = "", fits: bool = False
) -> tuple[str, Fields]:
    """The name of a kind (`kinds.KINDS`; "" for none of them) and what it fills, None where
    `reading` is not sure or lacks what the kind is asked by; where a weak pattern `fits`, it has to
    be surer."""
    row = _TABLE.get(reading.kind)
    if row is None or reading.likely < (tuned.LEARNT_OTHER if fits else tuned.LEARNT_KIND):
        return "", None
    name, read = row
    fields = read(_Given(reading, question, carried))
    if fields is not None and "kind" in fields:
        name = str(fields["kind"])
    return name, fields


def _of_topic(given: _Given) -> Fields:
    topic = _topic(given)
    return {**PLAIN, "topic": topic, "claim": ""}


def _claimed(given: _Given) -> Fields:
    topic = _topic(given)
    return {**PLAIN, "topic": topic, "claim": topic} if len(content_words(topic)) > 1 else None


def _contested(given: _Given) -> Fields:
    """A claim that sides can be taken on; of a mere matter ("both sides on rents") whoever is near
    it would be told to say so."""
    return _claimed(given) if len(words(given.reading.topic)) >= tuned.CLAIM_WORDS else None


def _who_said(given: _Given) -> Fields:
    claim = given.reading.topic if len(content_words(given.reading.topic)) > 1 else ""
    return {"who_said": True, **({"claim": claim} if claim else {})}


def _said_by(given: _Given) -> Fields:
    who = _POSSESSIVE.sub("", given.reading.speaker)
    if who and all(w in _PRONOUNS.leaning for w in words(who)):
        who = given.carried if find_names(f"as {given.carried}") else ""
    if not content_words(who) or _QUESTIONS.no_speaker.search(who):
        return None
    return {"said_by": (who,), "claim": given.reading.topic}


def _for(given: _Given) -> Fields:
    return _side(given.reading, "supporting")


def _against(given: _Given) -> Fields:
    return _side(given.reading, "opposing")


def _side(reading: Reading, side: str) -> Fields:
    if not content_words(reading.topic):
        return None
    return {**PLAIN, "claim": reading.topic, "of_kind": side}


def _sides(given: _Given) -> Fields:
    """Both sides, and what of either: the topic, or what else the question says."""
    one, other = (_POSSESSIVE.sub("", side) for side in (given.reading.one, given.reading.other))
    if not content_words(one) or not content_words(other) or words(one) == words(other):
        return None
    sides = {*content_words(one), *content_words(other)}
    about = [w for w in content_words(given.reading.topic) if w not in sides] or [
        w for w in content_words(given.question) if w not in sides | _QUESTIONS.words
    ]
    return {**PLAIN, "sides": (one, other), "claim": " ".join(about)}


def _documents(given: _Given) -> Fields:
    found = given.reading.topic.strip(" .\"“”'").split()
    while found and fold(found[0]) in LANGUAGE.stop_words.words:
        found = found[1:]
    what = " ".join(found)
    # "… and what does each say he said?" asks for more than which they are.
    if not content_words(what) or _SHAPES.asks_more.search(given.question):
        return None
    if _COUNTS.outlet_words & set(words(given.question)):
        return {**PLAIN, "kind": "how many outlets", "claim": what, "topic": what}
    return {**PLAIN, "claim": what, "topic": what}


def _times(given: _Given) -> Fields:
    marked = _COUNTS.marked.search(given.question)
    what = next(filter(None, marked.groups())) if marked else given.reading.topic
    if not content_words(what):
        return None
    place = _place(given.reading)
    worded = (what,) if marked else ()
    return {**PLAIN, "claim": what, "topic": what, "phrases": worded, "place": place}


def _people(given: _Given) -> Fields:
    """How many say something; without a claim how many speak."""
    if given.reading.documents and not content_words(given.reading.topic):
        return {
            **PLAIN,
            "kind": "how many speak",
            "of_kind": "speakers",
            "place": _place(given.reading),
        }
    return _claimed(given)


def _speakers(given: _Given) -> Fields:
    if _QUESTIONS.asks_what_was_asked.search(given.question):
        return {**PLAIN, "kind": "who asked"}
    # "Who testified in the harbour case?": of a matter, not of documents, sentences tell.
    only = content_words(given.reading.topic) and not given.reading.documents
    return None if only else PLAIN


def _small_talk(given: _Given) -> Fields:
    return None if find_names(given.question) else {**PLAIN}


def _retold(given: _Given) -> Fields:
    marked = _COUNTS.marked.search(given.question)
    phrase = next(filter(None, marked.groups())) if marked else ""
    topic = phrase or given.reading.topic or given.carried
    if not content_words(topic):
        return None
    phrases = (" ".join(phrase.split()),) if phrase else ()
    return {**PLAIN, "claim": topic, "topic": topic, "phrases": phrases}


def _place(reading: Reading) -> str:
    return f"in {reading.documents}" if reading.documents else ""


def _topic(given: _Given) -> str:
    """What a question is about; the documents it names where it names nothing else."""
    if content_words(given.reading.topic):
        return given.reading.topic
    leaning = all(w in _PRONOUNS.leaning for w in words(given.reading.topic))
    return (given.carried if leaning else "") or given.reading.documents or given.question


_Read = Callable[[_Given], Fields]
_TABLE: dict[str, tuple[str, _Read]] = {
    # What is listed is told by sentences, as facts are.
    "fact": ("", lambda _: {}),
    "list_things": ("", lambda _: {}),
    "who_said": ("who said it", _who_said),
    "what_said": ("what X said", _said_by),
    "summary": ("summary", _of_topic),
    "timeline": ("timeline", _of_topic),
    "list_speakers": ("who is quoted", _speakers),
    "which_documents": ("which documents", _documents),
    "count_times": ("how many times", _times),
    "count_people": ("how many said it", _people),
    "comparison": ("comparison", _sides),
    "sides": ("sides", _contested),
    "people_for": ("people of a side", _for),
    "people_against": ("people of a side", _against),
    "retold": ("how it was told", _retold),
    "chat": (SMALL_TALK, _small_talk),
}
