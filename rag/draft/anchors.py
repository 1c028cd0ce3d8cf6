"""Where words stand in the XML of a Word document, and marks around them. Knows no drafts.

The text of a document as it is read has its white space, the numbers of its lists, the bars
between its cells and the marks of its notes from the reader; its other characters are the
document's own, in order. So words are looked up by those, one sentence after the other.
"""

import copy
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.documents.docx import WRITTEN, name_of, shown

# What holds runs, and may hold the marks of a comment as well.
_FLOWING = frozenset(
    "hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo".split()
)
# What the reader adds to the words of a document, and what XML has no place for.
_ADDED = frozenset("|•⁰¹²³⁴⁵⁶⁷⁸⁹\ufffd\ufffe\uffff")
# The number of a list can be a few words: "Section 2 –".
_MOST_NUMBER = 3
# So often may words stand within others before they are given up.
_MOST_TRIED = 100
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: `[start, end)` among the letters of a document, `dropped` of those that
    were looked up being the reader's."""

    start: int
    end: int
    dropped: int = 0

    def within(self, first: int, last: int) -> "Place":
        """The letters `[first, last)` of those that were looked up; all of them for none."""
        start = min(max(self.start + first - self.dropped, self.start), self.end)
        end = min(max(self.start + last - self.dropped, self.start), self.end)
        return Place(start, end) if start < end else self


def letters(text: str) -> str:
    """The characters of `text` that are surely the document's own."""
    return "".join(c for c in text if _is_own(c))


def _is_own(character: str) -> bool:
    return character > " " and not character.isspace() and character not in _ADDED


class Anchors:
    """The words of a document, as its reader shows them, each with the element that it stands in.

    An element is what a run holds (a text, a tab) or what is no run and stays whole (a formula).
    """

    def __init__(self, main: Any) -> None:
        self._elements: list[Any] = []
        self._starts: list[int] = []
        self._begins: set[int] = set()
        self._length = 0
        self._texts: list[str] = []
        self._first: Any = None
        self._walk(main)
        self._text = "".join(self._texts)
        self._at = [n for n, c in enumerate(self._text) if _is_own(c)]
        self._letters = "".join(self._text[n] for n in self._at)
        self._next = 0

    @property
    def first(self) -> Any:
        """The first paragraph; None where there is none."""
        return self._first

    def find(self, words: str) -> Place | None:
        """Where `words` stand: best right behind those that were found last, else anywhere."""
        wanted = list(_without_number(words))
        for text, dropped in wanted:
            if self._letters.startswith(text, self._next):
                return self._found(self._next, text, dropped)
        for text, dropped in wanted:
            for since in (self._next, 0):
                at = self._letters.find(text, since)
                for _ in range(_MOST_TRIED):
                    if at < 0 or self._is_edge(at):
                        break
                    at = self._letters.find(text, at + 1)
                if at >= 0 and self._is_edge(at):
                    return self._found(at, text, dropped)
        return None

    def cut(self, places: Iterable[Place]) -> None:
        """Has runs begin and end where `places` do, as far as they can.

        All at once and from the last one: each word is moved but once.
        """
        offsets: dict[int, list[int]] = {}
        for at in sorted({at for place in places for at in self._span(place)}):
            n = bisect_right(self._starts, at) - 1
            if at < self._length:
                offsets.setdefault(n, []).append(at - self._starts[n])
        added: list[tuple[int, Any]] = []
        for n, cuts in reversed(offsets.items()):
            begun = _cut_text(self._elements[n], cuts)
            added += [(self._starts[n] + offset, e) for offset, e in begun.items() if offset]
            for element in reversed(begun.values()):
                _begin_run(element)
        there = [*zip(self._starts, self._elements, strict=True), *added]
        there.sort(key=lambda pair: pair[0])
        self._starts, self._elements = [at for at, _ in there], [e for _, e in there]

    def mark(self, place: Place, before: Any, *after: Any) -> None:
        """Puts `before` and `after` around the words of a place, once runs are cut for it."""
        start, end = self._span(place)
        first = bisect_right(self._starts, start) - 1
        last = self._in_one_cell(first, bisect_right(self._starts, end - 1) - 1)
        _unit(self._elements[first]).addprevious(before)
        behind = _unit(self._elements[last])
        for element in after:
            behind.addnext(element)
            behind = element

    def _span(self, place: Place) -> tuple[int, int]:
        return self._at[place.start], self._at[place.end - 1] + 1

    def _found(self, at: int, text: str, dropped: int) -> Place:
        self._next = at + len(text)
        return Place(at, self._next, dropped)

    def _is_edge(self, letter: int) -> bool:
        """Whether a word can start at this letter."""
        at = self._at[letter]
        return at in self._begins or not (
            self._text[at].isalnum() and self._text[at - 1 : at].isalnum()
        )

    def _in_one_cell(self, first: int, last: int) -> int:
        """`last`, or where the paragraph of `first` ends, if a comment would span cells."""
        begun = _paragraph(self._elements[first])
        if _paragraph(self._elements[last]).getparent() is not begun.getparent():
            while _paragraph(self._elements[last]) is not begun:
                last -= 1
        return last

    # --- reading ---

    def _walk(self, element: Any) -> None:
        for child in shown(element):
            if name_of(child) != "p":
                self._walk(child)
                continue
            self._first = child if self._first is None else self._first
            self._begins.add(self._length)
            self._flow(child)

    def _flow(self, element: Any) -> None:
        for child in shown(element):
            if name_of(child) in _FLOWING:
                self._flow(child)
            elif name_of(child) == "r":
                for part in shown(child):
                    self._add(part)
            else:
                self._add(child)

    def _add(self, element: Any) -> None:
        text = "".join(_written(element))
        if (
            name_of(element.getparent()) == "AlternateContent"
        ):  # one of two that stand for each other
            element = element.getparent()
        if text:
            self._elements.append(element)
            self._starts.append(self._length)
            self._texts.append(text)
            self._length += len(text)


def _cut_text(element: Any, offsets: Sequence[int]) -> dict[int, Any]:
    """Cuts a text at each of `offsets`. Returns what begins there; what stays whole does at 0."""
    begun = {0: element} if offsets[0] == 0 else {}
    inner = [o for o in offsets if o]
    if not inner or name_of(element) != "t" or name_of(element.getparent()) != "r":
        return begun
    text = element.text
    element.text = text[: inner[0]]
    element.set(_SPACE, "preserve")
    last = element
    for start, end in zip(inner, [*inner[1:], len(text)], strict=True):
        piece = element.makeelement(element.tag, dict(element.attrib), element.nsmap)
        piece.text = text[start:end]
        last.addnext(piece)
        last = begun[start] = piece
    return begun


def _begin_run(element: Any) -> None:
    """Has a new run, formatted as the old one, begin with an element of a run."""
    run, before = element.getparent(), element.getprevious()
    if name_of(run) != "r" or before is None or name_of(before) == "rPr":
        return
    new = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
    first = next(iter(run))  # a slice would count them all
    if name_of(first) == "rPr":
        new.append(copy.deepcopy(first))
    new.extend([element, *element.itersiblings()])
    run.addnext(new)


def _without_number(words: str) -> Iterator[tuple[str, int]]:
    """The letters of `words`, and those behind a list's number, with how many were dropped."""
    whole = letters(words)
    if whole:
        yield whole, 0
    head = words.split(maxsplit=_MOST_NUMBER)
    for n, word in enumerate(head[:_MOST_NUMBER], start=1):
        text = letters("".join(words.split(maxsplit=n)[n:]))
        if text and (word[-1] in ".):–-" or any(c.isdigit() for c in word)):
            yield text, len(whole) - len(text)


def _written(element: Any) -> Iterator[str]:
    """What an element shows; a text box is a text of its own."""
    name = name_of(element)
    if name == "t":
        yield element.text or ""
    elif name in WRITTEN:
        yield WRITTEN[name]
    elif name != "txbxContent":
        for child in shown(element):
            yield from _written(child)


def _paragraph(element: Any) -> Any:
    return next(e for e in element.iterancestors() if name_of(e) == "p")


def _unit(element: Any) -> Any:
    """What the mark of a comment may stand beside."""
    run = element.getparent()
    return run if name_of(run) == "r" else element
