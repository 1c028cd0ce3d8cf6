"""What a file says of itself where nothing declares it: its title and its day. Knows no folder.

Title: a heading, else the file's name where that says more than the first sentence. Day: in the
file's name, else on a line of its own at the top. Never one out of the body: a report of March 2019
would be signed with the day of what it tells.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from pathlib import PurePosixPath

from rag.language import LANGUAGE
from rag.language.dates import find_dates

TITLE_CHARACTERS = 110
_TITLE_REACH = 16_000
# Lines and characters at the top of a text where its day may stand, and the longest of them.
_TOP_LINES, _TOP_CHARACTERS, _DAY_LINE = 12, 2_000, 90
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_NAMED_DAYS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-_. ]?(?P<m>\d{2})[-_. ]?(?P<d>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-_.](?P<m>\d{1,2})[-_.](?P<y>\d{4})(?!\d)"),
)
_NAMED_MONTH = re.compile(r"(?<!\d)(?P<y>\d{4})[-_](?P<m>\d{2})(?!\d)")
# "A speaker:", a time, a mark of a list: no heading.
_NO_HEADING = re.compile(r"[\w.' -]{1,60}:\s|\[?\d{1,2}:\d{2}|[-*•>|]\s|\W*\d[\d\W]*$|WEBVTT")
_MARKS = re.compile(r"WEBVTT.*|\S*-->.*")
_WORDS = re.compile(r"[^\W\d_]{3,}")


def find_day(name: str, text: str) -> str | None:
    """The day of a document, ISO 8601: of its file's name, else of the top of its text."""
    return _day_of_name(PurePosixPath(name)) or _day_at_top(text)


def find_title(name: str, text: str) -> str:
    """A heading, the name of the file if it says more than the first sentence, or that."""
    heading = find_heading(text)
    if heading is not None:
        return heading
    named = readable_name(name)
    return named if _says_much(name) else _first_sentence(text) or named


def readable_name(name: str) -> str:
    """The words of a file's name: "speech-bowman20210505a.txt" → "speech bowman 2021-05-05"."""
    stem = PurePosixPath(name).stem
    day = _day_of_name(PurePosixPath(stem))
    for pattern in (*_NAMED_DAYS, _NAMED_MONTH):
        stem = pattern.sub(f" {day} ", stem, count=1) if day else stem
        if day and day in stem:
            break
    words = re.sub(r"(?<!\d)[-_]+|[-_]+(?!\d)", " ", stem).split()
    if day and len(words) > 1 and len(words[-1]) == 1:
        words = words[:-1]  # "20210505a": the second of that day
    return " ".join(words) or PurePosixPath(name).stem


def find_heading(text: str) -> str | None:
    """The heading that a text opens with; None if it opens with its first sentence.

    Markdown's `#` marks are dropped, and so is a `title:` of front matter.
    """
    lines = (line.strip() for line in text.splitlines())
    front = list(islice(lines, 20))
    if front and front[0] == "---":
        for line in front[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "title" and value.strip(" \"'"):
                return shorten(value.strip(" \"'"))
    for line in chain(front, lines):
        heading = _strip_marks(line)
        # A line of marks alone ("---", "***") is no headline.
        if any(c.isalnum() for c in heading) and not _is_overline(heading):
            return heading if _is_heading(heading, marked=heading != line) else None
    return None


def _is_overline(line: str) -> bool:
    """Whether a line says what kind of text follows: "FOR IMMEDIATE RELEASE", "Opinion"."""
    return line.strip(" :.*#_-–—").lower() in LANGUAGE.genres.overlines


def _is_heading(line: str, *, marked: bool) -> bool:
    if marked:
        return len(line) <= TITLE_CHARACTERS
    return (
        len(line) <= TITLE_CHARACTERS
        and not re.search(r"[^.]\.[\"”’')]*$", line)
        and not _NO_HEADING.match(line)
        and LANGUAGE.questions.greets.match(line) is None
        and not any(d.end - d.start >= len(line) - 1 for d in find_dates(line))
    )


def _first_sentence(text: str) -> str:
    for line in text.splitlines():
        plain = _strip_marks(line.strip())
        if _WORDS.search(plain) and not _MARKS.fullmatch(plain):
            from rag.language.sentences import sentences

            start, end = sentences(plain[:_TITLE_REACH])[0]
            return shorten(plain[start:end])
    return ""


def _says_much(name: str) -> bool:
    """Whether a file's name has words, or a word and a day: "minutes-20200129", not "doc0042"."""
    path = PurePosixPath(name)
    words = _WORDS.findall(path.stem)
    return len(words) > 1 or (bool(words) and _day_of_name(path) is not None)


def _day_of_name(path: PurePosixPath) -> str | None:
    for pattern in _NAMED_DAYS:
        for match in pattern.finditer(path.stem):
            found = _iso(match["y"], match["m"], match["d"])
            if found:
                return found
    for day in find_dates(path.stem.replace("-", " ").replace("_", " ")):
        if day.year and day.month:
            return _iso(day.year, day.month, day.day or 1) if day.day else None
    month = _NAMED_MONTH.search(path.stem)
    if month and _iso(month["y"], month["m"], 1):
        return f"{month['y']}-{month['m']}"
    return path.stem if re.fullmatch(r"(?:19|20)\d{2}", path.stem) else None


def _day_at_top(text: str) -> str | None:
    for number, line in enumerate(_top(text)):
        for day in find_dates(line):
            if not (day.year and day.month and day.day):
                continue
            before, behind = line[: day.start].strip(), line[day.end :].strip(" .)|-–—")
            alone = LANGUAGE.calendar.before_day.fullmatch(before) is not None and not re.search(
                r"[^\W\d_]{3}", behind
            )
            # "Interview with Maria Okafor, 3 May 2021": at the end of a heading.
            heads = number < 2 and not behind and before.endswith((",", "|", "(", "–", "—", "-"))
            if alone or heads:
                return _iso(day.year, day.month, day.day)
    return None


def _top(text: str) -> Iterator[str]:
    lines = (line.strip() for line in text[:_TOP_CHARACTERS].splitlines())
    for line in islice(filter(None, lines), _TOP_LINES):
        dateline = LANGUAGE.calendar.dateline.match(line)
        if dateline:
            yield dateline["day"]
        if len(line) > _DAY_LINE:
            return  # the body begins
        yield line


def _iso(year: int | str, month: int | str, day: int | str) -> str | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _strip_marks(line: str) -> str:
    """A line without Markdown's marks of a heading, before it and behind it."""
    heading = re.sub(r"^#{1,6}\s+", "", line)
    closed = heading.rstrip("#")
    if len(closed) < len(heading) and closed[-1:].isspace():
        heading = closed
    return heading.strip()


def shorten(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= TITLE_CHARACTERS:
        return title
    return title[: TITLE_CHARACTERS - 1].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"
