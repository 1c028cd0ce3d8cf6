"""A many-part question → its parts, each with the outlets and dates that it asks for.

Knows nothing about indexes. "What does The Verge say about X, while TechCrunch reports Y?" has two
parts, each searched in the documents of its own outlet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from rag import tuned
from rag.language import LANGUAGE
from rag.language.dates import find_days
from rag.language.words import content_words
from rag.types import Part

_CALENDAR = LANGUAGE.calendar
_QUESTIONS = LANGUAGE.questions
_STOP_WORDS = LANGUAGE.stop_words.words

_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{2,}?[\"”»]")


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    sources: tuple[str, ...] = ()
    day: str = ""


def find_dates(text: str) -> tuple[str, ...]:
    """Days named in `text` as ISO 8601, in order; "....-11-16" where no year is given."""
    return tuple(dict.fromkeys(m.day for m in _dated(text)))


def split_parts(text: str, outlets: Sequence[str], *, claim: str = "") -> tuple[Part, ...]:
    """The parts of a question, or () if it has only one and names no outlet.

    `outlets` are the names of the library's outlets; a `claim` (what someone is asked to have
    said) is never taken apart, nor are outlets looked for in it.
    """
    mentions = _outlet_mentions(text, outlets, claim=claim)
    days = _dated(text)
    dated = [d for d in days if mentions or _QUESTIONS.published.search(text[: d.start])]
    if mentions or dated or (len(text.split()) > tuned.LONG_QUESTION_WORDS and not claim):
        parts = _long_parts(text, mentions, dated)
    elif claim:
        parts = []
    else:
        pieces = [p.strip(" ?") for p in _QUESTIONS.cut_short.split(text)]
        parts = [Part(p, (), ()) for p in pieces if _subject(p)] if len(pieces) > 1 else []
        parts = parts[: tuned.MAX_PARTS]
    if len(parts) == 1 and not parts[0].outlets and not parts[0].dates:
        return ()
    return tuple(parts)


def nearby_days(day: str) -> tuple[str, ...]:
    """A day and its neighbours: outlets date by their own time zone, aggregators by another."""
    try:
        middle = date.fromisoformat(day)
    except ValueError:  # no year, or no such day
        return (day,)
    return tuple((middle + timedelta(days=n)).isoformat() for n in (-1, 0, 1))


def _long_parts(text: str, mentions: list[_Mention], days: list[_Mention]) -> list[Part]:
    parts: list[Part] = []
    waiting: list[Part] = []  # outlets named before what they are asked about
    overall: list[Part] = []  # outlets named for the whole question
    for start, end in _clauses(text, mentions, days):
        here = [m for m in mentions if start <= m.start < end]
        dates = [d for d in days if start <= d.start < end]
        bare = _without(text, start, end, [*here, *dates])
        named = [
            Part("", m.sources, tuple(d.day for d in dates if d.start >= m.start)[:1]) for m in here
        ] or [Part("", (), (d.day,)) for d in dates]
        if len(_subject(bare)) >= (1 if here else 2):
            if here:
                overall += waiting
                parts += [replace(n, text=bare) for n in named]
            elif waiting:
                parts += [replace(w, text=bare) for w in waiting]
            else:
                parts.append(Part(bare, (), tuple(d.day for d in dates)))
            waiting = []
        elif named and _QUESTIONS.points_back.match(text[start:end]):
            if len(named) == 1 and parts and not parts[-1].outlets:
                last = parts[-1]
                parts[-1] = Part(last.text, named[0].outlets, (*last.dates, *named[0].dates))
            else:
                overall += named
        elif named:
            waiting += named
        elif parts and _subject(bare):
            parts[-1] = replace(parts[-1], text=f"{parts[-1].text} {bare}")
    overall += waiting
    # A part that names no outlet may be answered by any of those that the question names.
    everywhere = tuple(dict.fromkeys(s for p in overall for s in p.outlets)) or tuple(
        dict.fromkeys(s for p in parts for s in p.outlets)
    )
    parts = [p if p.outlets else replace(p, outlets=everywhere) for p in parts]
    parts += [replace(p, text=" ".join(text.split())) for p in overall]
    return parts[: tuned.MAX_PARTS]


def _clauses(
    text: str, mentions: Sequence[_Mention], days: Sequence[_Mention]
) -> list[tuple[int, int]]:
    masked = list(text)
    for m in (*mentions, *days):
        masked[m.start : m.end] = "x" * (m.end - m.start)  # their commas cut nothing
    edges: list[tuple[int, int]] = []
    start = 0
    for cut in _QUESTIONS.cut.finditer("".join(masked)):
        edges.append((start, cut.start()))
        start = cut.end()
    edges.append((start, len(text)))
    clauses: list[tuple[int, int]] = []
    for start, end in edges:
        here = [m for m in mentions if start <= m.start < end]
        for one, two in pairwise(here):
            between = text[one.end : two.start]
            if _subject(between):  # a second outlet with a subject of its own
                lead = _QUESTIONS.lead_in.search(between)
                cut_at = one.end + (lead.start() if lead else len(between))
                clauses.append((start, cut_at))
                start = cut_at
        clauses.append((start, end))
    return clauses


def _without(text: str, start: int, end: int, mentions: Sequence[_Mention]) -> str:
    kept = list(text)
    for m in mentions:
        kept[m.start : m.end] = " " * (m.end - m.start)
    bare = re.sub(r"['‘“\"]\s+['’”\"]", " ", "".join(kept[start:end]))
    return " ".join(bare.split()).strip(" ?,;")


def _subject(text: str) -> list[str]:
    return [w for w in content_words(text) if w not in _QUESTIONS.frame and not w.isdigit()]


def _outlet_mentions(text: str, outlets: Sequence[str], *, claim: str = "") -> list[_Mention]:
    aliases: dict[str, set[str]] = {}
    for outlet in sorted(outlets):
        for alias in _aliases(outlet):
            aliases.setdefault(alias, set()).add(outlet)
    for outlet in outlets:  # a full name means itself, not others that begin alike
        aliases[outlet] = {outlet}
    claimed = text.find(claim) if claim else -1
    quoted = [m.span() for m in _QUOTED.finditer(text)]
    found: list[_Mention] = []
    for alias in sorted(aliases, key=lambda a: (-len(a), a)):
        # "fortune" is not Fortune, but who types no capitals may mean it with three words.
        flags = re.IGNORECASE if alias.count(" ") > 1 or text == text.lower() else 0
        written = re.sub(r"^The\\ ", r"[Tt]he ", re.escape(alias))
        if flags and " " not in alias:
            continue
        for match in re.finditer(rf"(?<!\w){written}(?!\w)", text, flags):
            start, end = match.span()
            if any(m.start < end and start < m.end for m in found):
                continue
            # A quoted name alone ('The Age') is a name; within a longer quotation it is not.
            if any(s < start and end < e and e - s > end - start + 4 for s, e in quoted):
                continue
            before = _QUESTIONS.outlet_after.search(text[:start]) or not text[:start].strip()
            after = _QUESTIONS.outlet_before.match(text[end:])
            in_claim = 0 <= claimed <= start < claimed + len(claim)
            if after or (before and not in_claim):
                found.append(_Mention(start, end, tuple(sorted(aliases[alias]))))
    return sorted(found, key=lambda m: m.start)


def _aliases(outlet: str) -> set[str]:
    """What an outlet is called: "The Independent - Life and Style" is also "The Independent"."""
    name = re.split(r"\s+[|–—-]\s+", outlet)[0]
    names = {outlet, name}
    if name.lower().endswith((".com", ".org", ".net")):
        names.add(name[:-4])
    if name.startswith("The ") and (" " in name[4:] or len(name) - 4 >= tuned.MIN_ALIAS):
        names.add(name[4:])  # not "Age" for "The Age"
    return {n for n in names if n and n.lower() not in _STOP_WORDS}


def _dated(text: str) -> list[_Mention]:
    return [_Mention(start, end, day=day) for start, end, day in find_days(text)]
