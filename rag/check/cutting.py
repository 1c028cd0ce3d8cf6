"""A model's text → its sentences, markers and links, by their places. Knows no evidence."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence

from rag.check.claims import Quoted, find_quoted
from rag.language.sentences import sentences

# "[1]", "[1, 2]", "[1][2]", "[1-3]", full-width brackets too.
MARKER = re.compile(r"[\[【](\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)[\]】]")
_MARKERS_BEHIND = re.compile(r"(?:\s*[\[【][\d\s,;–-]+[\]】])+[.!?]?")
# No passage is so long that a quotation of so many characters could stand in it: the sentences of
# one that is never closed are checked one by one.
_MAX_QUOTATION = 2_000
_LINK = re.compile(r"https?:/?/?[^\s)\]>\"”]+|www\.[^\s)\]>\"”]+")


# What stands before a list item, and Markdown's emphasis and headings: no part of a claim.
LIST_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*•][ \t]+|\d{1,2}[.)][ \t]+)", re.MULTILINE)
EMPHASIS = re.compile(r"\*\*|__|`")


class MarkedText:
    """A text with its markers and quotations; `stands` tells which quotations a passage has."""

    def __init__(self, text: str, stands: Callable[[str], bool]) -> None:
        self._text = text
        self._quotations = find_quoted(text)
        literal = [q for q in self._quotations if MARKER.search(q.text) and stands(q.text)]
        # A quotation that itself holds "[1]" where it stands has no marker in it.
        self._markers = [m for m in parse_markers(text) if not is_within(literal, m[0], m[1])]
        self._marker_starts = [start for start, _, _ in self._markers]
        self._quotation_starts = [q.start for q in self._quotations]

    @property
    def plain(self) -> str:
        """The text with markers and Markdown blanked out, so that places stay the same."""
        plain = list(self._text)
        spans = [(s, e) for s, e, _ in self._markers]
        for pattern in (LIST_MARK, EMPHASIS):
            spans += [m.span() for m in pattern.finditer(self._text)]
        for start, end in spans:
            plain[start:end] = " " * (end - start)
        return "".join(plain)

    def cut(self) -> list[tuple[int, int]]:
        """Its sentences, each with the markers behind it."""
        return cut(self._text, self._quotations)

    def numbers_behind(
        self, pieces: Sequence[tuple[int, int]], known: Collection[int]
    ) -> list[list[int]]:
        """For each sentence the markers of the next one of its paragraph that has any: "A. B [1].".

        None where the paragraph ends before it.
        """
        behind: list[list[int]] = [[] for _ in pieces]
        for at in range(len(pieces) - 1, 0, -1):
            if "\n" in self._text[pieces[at - 1][1] : pieces[at][0]]:
                continue
            found = self.markers_in(*pieces[at])
            numbers = [n for _, _, named in found for n in named if n in known]
            behind[at - 1] = list(dict.fromkeys(numbers)) or behind[at]
        return behind

    def markers_in(self, start: int, end: int) -> list[tuple[int, int, tuple[int, ...]]]:
        first, last = (bisect_left(self._marker_starts, at) for at in (start, end))
        return self._markers[first:last]

    def quotations_in(self, start: int, end: int) -> list[Quoted]:
        first, last = (bisect_left(self._quotation_starts, at) for at in (start, end))
        return self._quotations[first:last]


def parse_markers(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """(start, end, numbers) of every marker in `text`, in order; "[1-3]" names 1, 2 and 3."""
    found = []
    for match in MARKER.finditer(text):
        numbers: list[int] = []
        for part in re.split(r"[,;]", match.group(1)):
            low, _, high = re.sub(r"[–-]", "-", part).partition("-")
            first, last = _number(low), _number(high or low)
            # A range of hundreds is a year or a mistake: it names its two ends.
            numbers += range(first, last + 1) if 0 <= last - first < 20 else [first, last]
        found.append((match.start(), match.end(), tuple(dict.fromkeys(numbers))))
    return found


def _number(digits: str) -> int:
    """A marker's number, of its first 18 figures: no passage has so many."""
    return int(digits.strip().lstrip("0")[:18] or "0")


def is_within(quotations: Sequence[Quoted], start: int, end: int) -> bool:
    """Whether one of `quotations`, which are in order and apart, holds `[start, end)`."""
    place = bisect_left(quotations, start, key=lambda q: q.start) - 1
    return place >= 0 and end < quotations[place].end


def find_links(text: str) -> Iterator[str]:
    """The addresses and Markdown images of `text`, in order."""
    found = [*_find_images(text), *(m.span() for m in _LINK.finditer(text))]
    end = 0
    for start, stop in sorted(found):
        if start >= end:
            yield text[start:stop]
            end = stop


def _find_images(text: str) -> Iterator[tuple[int, int]]:
    """`![…](…)`, found without looking twice for a bracket that is never closed."""
    square = round_ = -1
    for opening in re.finditer(r"!\[", text):
        if square < opening.end():
            square = text.find("]", opening.end())
            if square < 0:
                return
        if text[square + 1 : square + 2] != "(":
            continue
        if round_ < square:
            round_ = text.find(")", square)
            if round_ < 0:
                return
        yield opening.start(), round_ + 1


def cut(text: str, quotations: Sequence[Quoted]) -> list[tuple[int, int]]:
    """`text` cut after each sentence and the markers behind it, never within a quotation."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for _, end in sentences(text):
        if end <= start:
            continue
        behind = _MARKERS_BEHIND.match(text, end)
        end = behind.end() if behind else end
        if end - start < _MAX_QUOTATION and is_within(quotations, end, end):
            continue
        pieces.append((start, end))
        start = end
    if text[start:].strip():
        pieces.append((start, len(text)))
    trimmed = []
    for first, last in pieces:
        while first < last and text[first].isspace():
            first += 1
        if text[first:last].strip(" \t\n*_-–—.#>"):
            trimmed.append((first, last))
    return trimmed
