"""Days as they are written. Knows nothing about questions or claims.

Two readers: `find_dates` of texts, with months of a year and days without one; `find_days` of
questions, whole days alone, typed in any case.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rag.language import LANGUAGE
from rag.language.words import fold

_CALENDAR = LANGUAGE.calendar


@dataclass(frozen=True, slots=True)
class Date:
    """A day as far as it is given."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def fits(self, other: "Date") -> bool:
        """Whether both can be the same day, and share more than a year."""
        pairs = (
            (self.year, other.year), (self.month, other.month), (self.day, other.day)
        )  # fmt: skip
        return all(a == b for a, b in pairs if a is not None and b is not None) and (
            self.month is None or other.month is not None
        )


def find_dates(text: str) -> list[Date]:
    """Every day, month of a year or ISO date named in `text`, in order."""
    found = []
    for m in _CALENDAR.full.finditer(text):
        name = m["month"] or m["month_"] or m["month__"] or ""
        month = _CALENDAR.numbers.get(fold(name)) if name else int(m["number"] or 0)
        if not month or not 1 <= month <= 12:
            continue
        day = m["day"] or m["day_"] or m["day__"]
        year = m["year"] or m["year_"] or m["year__"] or m["year___"]
        found.append(
            Date(m.start(), m.end(), int(year) if year else None, month, int(day) if day else None)
        )
    return found


def find_times(text: str) -> list[Date]:
    """Every day, month or year named in `text`, in order: "in December", "a 2020 episode" too."""
    found = find_dates(text)
    for pattern in (_CALENDAR.month_alone, _CALENDAR.year_alone):
        for m in pattern.finditer(text):
            name = "month" if "month" in m.groupdict() else "year"
            start, end = m.span(name)
            if not any(d.start < end and start < d.end for d in found):
                month = _CALENDAR.numbers[fold(m[name])] if name == "month" else None
                year = int(m[name]) if name == "year" else None
                found.append(Date(start, end, year, month, None))
    return sorted(found, key=lambda d: d.start)


def find_period(text: str) -> tuple[str, str] | None:
    """(first day, last day), ISO 8601, of the month, day or year that a question names, if any.

    The first one named, and none where it names several: a comparison is of no one period. "From
    October to December 2023" is one, and "since 2021", which has no end.
    """
    if span := _find_span(text):
        return span
    found: list[tuple[str, str]] = []
    dated = [d for d in find_dates(text) if d.year and d.month]
    for day in dated:
        month = f"{day.year:04d}-{day.month:02d}"
        first, last = f"{month}-01", f"{month}-31"
        if day.day:
            first = last = f"{month}-{day.day:02d}"
            if begun := _CALENDAR.first_day.search(text[: day.start]):
                first = f"{month}-{int(begun[1]):02d}"
        found.append(_opened(text[: day.start], first, last))
    if not dated:
        found = [
            _opened(text[: m.start(1)], f"{m[1]}-01-01", f"{m[1]}-12-31")
            for m in _CALENDAR.year.finditer(text)
        ]
    return found[0] if len(set(found)) == 1 else None


def _opened(before: str, since: str, until: str) -> tuple[str, str]:
    """A period without its end where "since" stands before it, without its start after "until";
    "after" and "before" leave it out itself."""
    if found := _CALENDAR.since.search(before):
        after = found["word"].lower() == "after" and found["edge"] != "start"
        return (_moved(until, 1) if after else since), "9999-12-31"
    if found := _CALENDAR.until.search(before):
        left_out = found["word"].lower() in ("before", "prior to")
        return "0001-01-01", (_moved(since, -1) if left_out else until)
    return since, until


def _moved(day: str, by: int) -> str:
    """The day `by` days on; of "2022-06-31", the end of any month, the next month's first."""
    year, month, number = (int(part) for part in day.split("-"))
    try:
        return (date(year, month, number) + timedelta(days=by)).isoformat()
    except (ValueError, OverflowError):
        return f"{year:04d}-{month + 1:02d}-01" if by > 0 and month < 12 else day


def _find_span(text: str) -> tuple[str, str] | None:
    if years := _CALENDAR.years.search(text):
        first, last = filter(None, years.groups())
        return (f"{first}-01-01", f"{last}-12-31") if first < last else None
    before, between, alone = _CALENDAR.span
    for one, other in pairwise(find_times(text)):
        opened = before.search(text[: one.start])
        joined = (between if opened else alone).fullmatch(text, one.end, other.start)
        if not joined or not (one.year or other.year):
            continue
        # "From November to February 2024" begins in 2023.
        turned = one.month is not None and other.month is not None and one.month > other.month
        begun = one.year or (other.year or 0) - turned
        ended = other.year or (one.year or 0) + turned
        since = f"{begun:04d}-{one.month or 1:02d}-{one.day or 1:02d}"
        until = f"{ended:04d}-{other.month or 12:02d}-{other.day or 31:02d}"
        return (since, until) if since < until else None
    return None


def read_iso(date: str | None) -> Date | None:
    """A document's date ("2023-11-16", "2023-11", "2023")."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date or "")
    if not match:
        return None
    year, month, day = (int(g) if g else None for g in match.groups())
    return Date(0, 0, year, month, day)


def find_days(text: str) -> list[tuple[int, int, str]]:
    """(start, end, ISO 8601) of every day of a month in `text`, in order.

    "....-11-16" where no year is given.
    """
    found: list[tuple[int, int, str]] = []
    for pattern in _CALENDAR.dates:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end, _ in found):
                continue
            month = match["m"]
            number = int(month) if month.isdigit() else _CALENDAR.numbers[fold(month)[:3]]
            day = f"{match['y'] or '....'}-{number:02d}-{int(match['d']):02d}"
            found.append((match.start(), match.end(), day))
    return sorted(found)


def spell_day(date: str) -> str:
    """A day, month or year of ISO 8601 as it is said: "2022-03-16" → "16 March 2022"."""
    year, _, rest = date[:10].partition("-")
    month, _, day = rest.partition("-")
    named = [name for name, number in _CALENDAR.numbers.items() if month == f"{number:02}"]
    said = max(named, key=len, default="").capitalize()
    return " ".join(filter(None, (day.removeprefix("0") if said else "", said, year)))


def head_of(title: str, source: str | None, date: str | None) -> str:
    """What stands over every sentence of a document: its title, outlet and day, on one line."""
    return ". ".join(filter(None, (title, source, date and spell_day(date))))


_NUMERIC = (
    re.compile(r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?:(?P<d>\d{1,2})\.)?(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{1,2})[-/](?P<y>\d{4})"),
)


def read_span(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year, however it is typed: "2023", "2023-6",
    "14.6.2023", "june-2023"; None of what is none, or of "3/4/2023", which is two days."""
    text = text.strip()
    given = next((m.groupdict() for p in _NUMERIC if (m := p.fullmatch(text))), None)
    if given is not None:
        year, month, day = (int(given.get(part) or 0) for part in "ymd")
    else:
        spelt = " ".join(w.capitalize() for w in re.split(r"[\s,_-]+", text) if w)
        found = find_dates(spelt)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(spelt)):
            return None
        year, month, day = found[0].year or 0, found[0].month or 0, found[0].day or 0
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last = month or 12
    return first, date(year, last, monthrange(year, last)[1])
