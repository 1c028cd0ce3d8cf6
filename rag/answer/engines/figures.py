"""The figures that sentences give for one thing, and how they went. Knows no question's form."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.language import LANGUAGE
from rag.language.dates import find_times
from rag.language.words import content_words, fold, overlap

_NUMBERS = LANGUAGE.numbers


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit at [start, end) of a text ("" for one that counts nothing named)."""

    start: int
    end: int
    unit: str


def find_figures(text: str) -> list[Figure]:
    """The numbers with a unit or a currency in `text`, and others that are no time, in order."""
    times = find_times(text)
    found = []
    for m in _NUMBERS.quantity.finditer(text):
        if any(t.start < m.end() and m.start() < t.end for t in times):
            continue
        sign = m["number"].lstrip("-−")[0]
        unit = sign if sign in _NUMBERS.currencies else fold(m["unit"] or "")
        if unit or not _NUMBERS.may_be_year.fullmatch(m["number"]):
            found.append(Figure(m.start(), m.end(), _NUMBERS.same_units.get(unit, unit)))
    return found


def figure_of(text: str, topic: str) -> Figure | None:
    """The figure with a unit that stands soonest behind a word of `topic`, within
    `tuned.COURSE_WITHIN` words; None where none does, or only after what is expected of it."""
    topic_words = content_words(topic)
    best: tuple[int, Figure] | None = None
    for figure in find_figures(text):
        before = text[: figure.start].split()[-tuned.COURSE_WITHIN :]
        gap = next((n for n, w in enumerate(reversed(before)) if overlap(topic_words, w)), None)
        if figure.unit and gap is not None and (best is None or gap < best[0]):
            best = gap, figure
    if best is None or not has_come_about(text[: best[1].start], topic):
        return None
    return best[1]


def has_come_about(before: str, asked: str) -> bool:
    """Whether what stands `before` a figure does not make it one that is but expected, unless
    that is what is `asked` for."""
    expected = LANGUAGE.shapes.expected
    return not expected.search(before) or expected.search(asked) is not None


def gives_figure(text: str, asked: str) -> bool:
    """Whether `text` gives a figure with a unit, of what has come about."""
    first = next((f for f in find_figures(text) if f.unit), None)
    return first is not None and has_come_about(text[: first.start], asked)


def tell_course(rows: Sequence[tuple[str, str]], topic: str) -> str:
    """ "6.7 percent (2021-01-27), 6.2 percent (2021-03-17)": the figures of (label, text) rows that
    are of the unit most of them have; "" where too few rows have one."""
    given = [(label, text, f) for label, text in rows if (f := figure_of(text, topic))]
    units = Counter(f.unit for _, _, f in given)
    unit = max(units, key=lambda u: (units[u], u), default="")
    told = [f"{text[f.start : f.end]} ({label})" for label, text, f in given if f.unit == unit]
    return ", ".join(told) if len(told) >= max(2, tuned.COURSE_SHARE * len(rows)) else ""
