"""TABLE: the kinds of question: how one is read, what of a query it fills, who answers it.

Every kind that reads a question fills what those above it left. The engine of the first one is
asked; sentences answer where it has nothing, or where no kind reads the question. To add a kind,
add a row. Knows no index, and engines by name only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.language import LANGUAGE
from rag.language.words import content_words, words
from rag.question import counts
from rag.question.gathered import read_documents
from rag.question.learnt import Reading
from rag.question.names import find_names
from rag.question.recognised import recognise
from rag.types import Part

_PRONOUNS = LANGUAGE.pronouns
_QUESTIONS = LANGUAGE.questions
_SHAPES = LANGUAGE.shapes
_PEOPLE = (
    (LANGUAGE.stances.for_and_against, "both"),
    (LANGUAGE.stances.opposes, "opposing"),
    (LANGUAGE.stances.supports, "supporting"),
)
_STANCES = (
    (LANGUAGE.stances.both, ""),
    (LANGUAGE.stances.everybody_against, "against"),
    (LANGUAGE.stances.everybody_for, "for"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as kinds read it: its `text`, `plain` without what was `carried` into it from
    earlier ones ("" if nothing was), and the `parts` that it is taken apart into. `learn` reads it
    by what was learnt from examples, if anything was.
    """

    text: str
    plain: str
    carried: str = ""
    parts: Sequence[Part] = ()
    learn: Callable[[], Reading | None] = lambda: None


# {field of `Query`: value}, or None if the question is of another kind.
Fields = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Kind:
    """`engine` is "module:function" of what takes an `Answering` and gives an `Answer` or None.

    What is `counted` over all documents is asked of it even where a language model words answers,
    which sees but a few passages. `otherwise` is an engine of the same form that is asked, where no
    model words the answer, if that one has nothing. A `weak` kind is told by a pattern that other
    questions fit too: it gives way to what was learnt from examples, where that is sure of another,
    unless the question is `firm`.
    """

    name: str
    read: Callable[[Asked], Fields]
    engine: str
    counted: bool = False
    otherwise: str = ""
    weak: bool = False
    firm: Callable[[Asked], bool] = lambda asked: False


def told_by(pattern: re.Pattern[str], **fields: Any) -> Callable[[Asked], Fields]:
    """Reads every question that `pattern` is found in, and fills `fields`."""
    return lambda asked: fields if pattern.search(asked.text) else None


def told(read: Callable[..., Fields]) -> Callable[[Asked], Fields]:
    """Reads the question as it was typed, and beside it what was carried into it."""
    return lambda asked: read(asked.plain, carried=asked.carried)


def read_comparison(asked: Asked) -> Fields:
    """ "Compare what Ross and Michael said about Iran": both, and about what."""
    compared = _QUESTIONS.compare.search(asked.plain)
    if compared is None:
        return None
    one, other, rest = (
        next((g for n, g in compared.groupdict().items() if n.strip("_") == key and g), "")
        for key in ("one", "other", "rest")
    )
    names = tuple(" ".join(n.split()) for n in (one, other))
    if all(find_names(n) or n[:1].isupper() for n in names):
        return {"said_by": names, "claim": _about(rest)}
    return None


def read_said_by(asked: Asked) -> Fields:
    """ "What did Ross say about Iran?": who, and about what."""
    found = (pattern.search(asked.plain) for pattern in _QUESTIONS.said_by)
    match = next(filter(None, found), None)
    if match is None:
        return None
    who = re.sub(r"^according to | ha(?:ve|s|d) to$", "", " ".join(match["who"].split()))
    # Without a name what was carried is no speaker, but what the talk is about.
    if find_names(f"as {asked.carried}") and all(w in _PRONOUNS.leaning for w in words(who)):
        who = asked.carried
    if _QUESTIONS.no_speaker.search(who) or all(w in _PRONOUNS.leaning for w in words(who)):
        return None
    return {"said_by": (who,), "claim": _about(match["rest"])}


def is_who_said(asked: Asked) -> bool:
    """ "Who said that the quay is closed?": begins with who, and with a verb of saying."""
    return asked.text[:3].lower() == "who" and _QUESTIONS.claim.match(asked.text) is not None


def read_every_document(asked: Asked) -> Fields:
    """ "Do the documents agree on Iran?": all are asked about Iran, and the question is whole.

    "Do both articles from Wired agree …" names its documents.
    """
    if not _QUESTIONS.every_document.search(asked.text) or any(p.outlets for p in asked.parts):
        return None
    topic = " ".join(_QUESTIONS.about_documents.sub(" ", asked.text).split()).strip(" ,?")
    if not content_words(topic):
        topic = asked.text
    return {"every_document": True, "topic": topic, "parts": ()}


def read_mentions(asked: Asked) -> Fields:
    """ "How many articles mention Ebbers?": what is to be mentioned, and in what."""
    match = _SHAPES.mentions.search(asked.text)
    # "… and what does each say he said?" asks for more than a count.
    if match is None or _SHAPES.asks_more.search(asked.text, match.start() + 1):
        return None
    given = {name.strip("_"): value for name, value in match.groupdict().items() if value}
    what = LANGUAGE.counts.worded.sub("", given.get("what", "").strip(" ?."))
    what = what.strip(" ?.\"“”'")
    kind = given.get("kind", "").lower()
    # "How many speeches by Waller are there?": counted by their names, not by what they mention.
    named = "" if kind in _SHAPES.plain or "also" in given else kind
    return {"claim": what, "topic": what or asked.text, "parts": (), "of_kind": named}


def read_sides(asked: Asked) -> Fields:
    """ "Compare Time Warner's and WPP's results": what is asked of either side."""
    if match := _SHAPES.two_times.search(asked.text):
        given = {name.strip("_"): value for name, value in match.groupdict().items() if value}
        sides = (f"{given['what']} {given['one']}", f"{given['what']} {given['other']}")
        return {"sides": sides, "parts": (), "said_by": ()}
    if match := _SHAPES.two_of.search(asked.text):
        what, rest = match["what"].strip(), match["rest"] or ""
        what = f"{what} {match['joint']}"
        both = tuple(f"{what} {match[side]}{rest}" for side in ("one", "other"))
        return {"sides": both, "parts": (), "said_by": ()}
    if match := _SHAPES.how_both.search(asked.text):
        rest = match["rest"].strip(" .")
        sides = (f"{match['one']} {rest}", f"{match['other']} {rest}")
        return {"sides": sides, "parts": (), "said_by": ()}
    match = _SHAPES.sides.search(asked.text)
    if match is None or _SHAPES.saying.search(asked.text):
        return None
    given = {name.strip("_"): value for name, value in match.groupdict().items() if value}
    return {"sides": complete_sides(given["one"], given["other"]), "parts": (), "said_by": ()}


def complete_sides(one: str, other: str) -> tuple[str, str]:
    """Both sides in full: "January", "March 2022 minutes" → "January 2022 minutes", …

    What the shorter one lacks is what the longer one ends in, and "the June one" is what it is of.
    """
    first, second = one.strip(" .").split(), other.strip(" .").split()
    articles = LANGUAGE.grammar.articles
    if second[-1].lower() in _SHAPES.stands_for and len(second) < len(first) + 1:
        named = [w for w in second[:-1] if w.lower() not in articles]
        kept = [w for w in first if w.lower() not in articles][len(named) :]
        second = [*named, *kept]
    owner = next((n for n, w in enumerate(second) if w.endswith(("'s", "’s"))), None)
    if first[-1].endswith(("'s", "’s")) and owner is not None:
        first += second[owner + 1 :]  # "Time Warner's and WPP's results"
    elif len(first) < len(second):
        own = len([w for w in first if w.lower() not in articles])
        start = own + (second[0].lower() in articles)
        tail = second[start:]
        # "Bullard's dissent and George's dissent in 2022": the same words are not put twice.
        first += [w for w in tail if w not in first]
    return " ".join(first), " ".join(second)


def read_stances(asked: Asked) -> Fields:
    """ "Who says Iran knew and who denies it?": the claim; `of_kind` is the side, if one is."""
    for pattern, side in _STANCES:
        if match := pattern.search(asked.text):
            given = {name.strip("_"): value for name, value in match.groupdict().items() if value}
            claim = given["claim"].strip(' ,.?"“”')
            fields = {"claim": claim, "topic": claim, "parts": (), "of_kind": side, "said_by": ()}
            asks = claim.split(" ")[0].lower() in _QUESTIONS.asking  # "on who said it": no claim
            return fields if len(content_words(claim)) > 1 and not asks else None
    return None


def read_people(asked: Asked) -> Fields:
    """ "Who opposes ID cards?": what they are for or against; `of_kind` says which."""
    for pattern, side in _PEOPLE:
        if match := pattern.search(asked.text):
            return {"claim": match["claim"].strip(" ,.?"), "of_kind": side, "parts": ()}
    return None


def read_summary(asked: Asked) -> Fields:
    """ "Summarise the September press conference": the whole of it, or all that is known of it."""
    if not _SHAPES.summary.search(asked.plain):
        return None
    # "The TechCrunch piece on sellers" is one document; "what CNN and Reuters say" none.
    one = len(asked.parts) == 1 and _SHAPES.one_document.search(asked.text)
    if any(p.outlets for p in asked.parts) and not one:
        return None
    return _whole(asked, _SHAPES.summary_frame)


def read_timeline(asked: Asked) -> Fields:
    """ "Give me a timeline of the Yukos affair": what happened when."""
    if not _SHAPES.timeline.search(asked.plain):
        return None
    return _whole(asked, _SHAPES.timeline_frame)


def _whole(asked: Asked, frame: re.Pattern[str]) -> Fields:
    topic = " ".join(frame.sub(" ", asked.text).split()).strip(" ,?.!")
    fields: dict[str, Any] = {"topic": topic if content_words(topic) else asked.text, "parts": ()}
    return {**fields, "said_by": (), "who_said": False, "wants_name": False}


def find_said_by(question: str) -> tuple[tuple[str, ...], str]:
    """Whose words a question asks for by itself, and about what; (), "" if nobody's."""
    asked = Asked(question, question)
    fields = read_comparison(asked) or read_said_by(asked) or {}
    return fields.get("said_by", ()), fields.get("claim", "")


def _about(rest: str) -> str:
    """What was said, without on what occasion; what was asked there if nothing else is told."""
    occasion = _QUESTIONS.occasion.search(rest)
    given = rest[: occasion.start()] if occasion else rest
    about = _QUESTIONS.about.sub("", given).strip(' ?."“”')
    return about or (occasion["asked"] or "").strip(' ?."“”') if occasion else about


_WHO_SAID = "rag.answer.engines.who_said:who_said"
SENTENCES = Kind("anything else", lambda _: {}, "rag.answer.engines.quoted:quote", weak=True)
_COUNTED = "rag.answer.engines.counted:count_documents"
_GATHERED = "rag.answer.engines.counted:gather_documents"
_SPEAKERS = "rag.answer.engines.speakers:list_speakers"
_COMPARED = "rag.answer.engines.compared:compare_sides"
_TIMES = "rag.answer.engines.times:count_times"
_OUTLETS = "rag.answer.engines.outlets:count_outlets"
_SAYERS = "rag.answer.engines.sayers:count_sayers"
KINDS = [
    Kind("how it was told", told(counts.read_retold), "rag.answer.engines.retold:retell", True),
    Kind("how many times", told(counts.read_times), _TIMES, counted=True),
    Kind("how many speak", lambda asked: counts.read_speakers(asked.text), _SPEAKERS, counted=True),
    Kind("how many outlets", lambda asked: counts.read_outlets(asked.text), _OUTLETS, counted=True),
    Kind("how many said it", lambda asked: counts.read_sayers(asked.text), _SAYERS, counted=True),
    Kind("documents of a kind", lambda asked: read_documents(asked.text), _GATHERED, counted=True),
    Kind("which documents", read_mentions, _COUNTED, counted=True),
    Kind("who asked", told_by(_SHAPES.askers), _SPEAKERS, counted=True),
    Kind("who is quoted", told_by(_SHAPES.quoted), _SPEAKERS, counted=True),
    Kind(
        "sides",
        read_stances,
        "rag.answer.engines.sided:list_sides",
        counted=True,
        otherwise=_WHO_SAID,
    ),
    Kind("people of a side", read_people, "rag.answer.engines.people:list_people"),
    Kind("comparison", read_sides, _COMPARED),
    Kind("timeline", read_timeline, "rag.answer.engines.timeline:tell_in_order"),
    Kind("summary", read_summary, "rag.answer.engines.digest:digest"),
    Kind("what X and Y said", read_comparison, _WHO_SAID, otherwise=_COMPARED),
    Kind("what X said", read_said_by, _WHO_SAID, weak=True),
    Kind(
        "who said it",
        told_by(_QUESTIONS.who_said, who_said=True),
        _WHO_SAID,
        weak=True,
        firm=is_who_said,
    ),
    Kind("whose name", told_by(_QUESTIONS.wants_name, wants_name=True), _WHO_SAID),
    Kind("what each document says", read_every_document, _WHO_SAID),
]

# Whose words are those of their topic, not of how it is asked for.
SHAPED = frozenset(
    ("which documents", "documents of a kind", "timeline", "summary", "how it was told",
     "how many times", "how many outlets", "how many said it")
)  # fmt: skip


def read_kinds(asked: Asked) -> dict[str, Any]:
    """What all kinds fill of the query for a question, and `kind`: the name of the first.

    Where none of them reads it, or a weak one, the kind that was `learnt` from examples.
    """
    filled: dict[str, Any] = {}
    found = SENTENCES
    for kind in reversed(KINDS):
        fields = kind.read(asked)
        if fields is not None:
            filled |= fields
            found = kind
    filled["kind"] = found.name
    # What asks several things is taken apart, and each part answered by sentences.
    several = len(asked.parts) > 1
    if several or not found.weak or found.firm(asked) or (reading := asked.learn()) is None:
        return filled
    fits = found is not SENTENCES
    name, fields = recognise(reading, asked.plain, carried=asked.carried, fits=fits)
    if fields is None or name == found.name:
        return filled
    return {**fields, "kind": name or SENTENCES.name, "learnt": True}


def is_small_talk(question: str) -> bool:
    """Whether somebody greets, thanks or asks what can be asked."""
    return _QUESTIONS.small_talk.fullmatch(question.strip()) is not None


def kind_named(name: str) -> Kind:
    """The kind of a query (`Query.kind`)."""
    return next((kind for kind in KINDS if kind.name == name), SENTENCES)
