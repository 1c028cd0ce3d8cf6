"""Pieces of text and where they stand on pages → one text in reading order. Knows no file format.

What repeats at the edges of pages (running heads, page numbers), leaders of contents and text set
at an angle stand behind the text, footnotes behind the last paragraph of their page, so that
sentences go on over pages and columns. Numbers that count lines in a margin are left out. Lengths
are in points; `bottom` and `top` count upwards.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from statistics import median

from rag import tuned
from rag.documents.furniture import Line, find_furniture
from rag.language.words import fold

_ENDS = re.compile(r"[.!?…:;]['\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_ITEM = re.compile(r"[•●▪■◦‣·–—-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s")
_NOTE = re.compile(r"(?:\[?\d{1,4}[\].)]?|[*†‡§]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s?(?=\S)")
_LABEL = re.compile(r"(?:[A-Z][A-Z'’-]*+\.? ){0,4}[A-Z][A-Z'’-]++[.:]\s")  # "CHAIR POWELL. So …"
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*[\divxlc]+$|(?:…\s?){3,}\s*[\divxlc]+$")
# What the maker of the text marks as broken by itself, or a hyphen at a line's end.
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_WORD_END = re.compile(r"[^\W\d_]+[-\u00ad\u2010]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on one line without a wide gap; `size` is the height of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    turned: bool = False

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Page:
    pieces: tuple[Piece, ...]  # in any order


@dataclass(frozen=True, slots=True)
class Laid:
    """`text` in reading order, where its pages start, and where what stands aside begins."""

    text: str
    pages: tuple[int, ...]
    body: int


def lay_out(pages: Sequence[Page]) -> Laid:
    """The text of pages in reading order."""
    lines, aside = [], []
    for number, page in enumerate(pages):
        straight = [p for p in page.pieces if not p.turned]
        aside += [
            Line(p.text, p.left, p.right, p.middle, p.size, number, p.left, p.right)
            for p in page.pieces
            if p.turned
        ]
        lines.append(list(_lines(_rows(straight), number)))
    furniture = find_furniture(lines)
    for number, found in enumerate(lines):
        aside += [
            line
            for place, line in enumerate(found)
            if (number, place) in furniture or _LEADERS.search(line.text)
        ]
        lines[number] = [
            line
            for place, line in enumerate(found)
            if (number, place) not in furniture and not _LEADERS.search(line.text)
        ]
    sizes = Counter[float]()
    for line in (line for found in lines for line in found):
        sizes[round(line.size * 2) / 2] += len(line.text)
    usual = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    parted = [_without_notes(found, usual) for found in lines]
    body = _paragraphs([line for kept, _ in parted for line in kept])
    notes = {number: _paragraphs(low) for number, (_, low) in enumerate(parted) if low}
    aside.sort(key=lambda line: (line.page, -line.middle, line.left))
    return _written(_with_notes(body, notes), [[line] for line in aside], count=len(pages))


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces side by side, from top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.middle, p.left)):
        last = rows[-1] if rows else None
        if last and abs(last[0].middle - piece.middle) <= tuned.SAME_LINE * max(
            last[0].size, piece.size
        ):
            last.append(piece)
        else:
            rows.append([piece])
    return [_merged(sorted(row, key=lambda p: (p.left, p.right))) for row in rows]


def _merged(row: list[Piece]) -> list[Piece]:
    """A row whose pieces with less than a gutter between them are one."""
    merged: list[Piece] = []
    for piece in row:
        before = merged[-1] if merged else None
        if before and piece.left - before.right < tuned.GUTTER * max(before.size, piece.size):
            merged[-1] = replace(
                before if len(before.text) >= len(piece.text) else piece,
                text=f"{before.text.rstrip()} {piece.text.lstrip()}",
                left=before.left,
                right=max(before.right, piece.right),
            )
        else:
            merged.append(piece)
    return merged


def _lines(rows: list[list[Piece]], page: int) -> Iterator[Line]:
    """The lines of a page in reading order; rows that share gutters are columns or tables."""
    rows = _without_line_numbers(rows)
    for run, gutters in _runs(rows):
        if not gutters:
            left = min(p.left for row in run for p in row)
            right = max(p.right for row in run for p in row)
            for row in run:
                yield _line(row, page, left, right)
        elif _are_columns(run, gutters):
            for band in _bands(run, gutters):
                for column in _columns(band, gutters):
                    left = min(p.left for row in column for p in row)
                    right = max(p.right for row in column for p in row)
                    for row in column:
                        yield _line(row, page, left, right)
        else:
            for row in run:
                yield _line(row, page, row[0].left, row[-1].right, joint=" | ", cells=True)


def _line(
    row: list[Piece], page: int, first: float, last: float, *, joint: str = " ", cells: bool = False
) -> Line:
    text = joint.join(p.text.strip() for p in row)
    size = max(row, key=lambda p: len(p.text)).size
    return Line(text, row[0].left, row[-1].right, row[0].middle, size, page, first, last, cells)


def _runs(rows: list[list[Piece]]) -> Iterator[tuple[list[list[Piece]], list[tuple[float, float]]]]:
    """Rows in order, in runs that share their gutters; runs without any have none."""
    plain: list[list[Piece]] = []
    place = 0
    while place < len(rows):
        gutters = _gaps(rows[place])
        stop = place + 1
        while gutters and stop < len(rows):
            narrowed = _narrowed(gutters, rows[stop])
            if len(narrowed) < len(gutters):
                break
            gutters, stop = narrowed, stop + 1
        # A row by itself makes no gutter.
        sided = [i for i in range(place, stop) if len(rows[i]) > 1]
        if gutters and len(sided) >= 2:
            if plain:
                yield plain, []
                plain = []
            yield rows[place:stop], gutters
            place = stop
        else:
            plain.append(rows[place])
            place += 1
    if plain:
        yield plain, []


def _gaps(row: list[Piece]) -> list[tuple[float, float]]:
    return [(a.right, b.left) for a, b in pairwise(row)]


def _narrowed(gutters: list[tuple[float, float]], row: list[Piece]) -> list[tuple[float, float]]:
    """What `row` leaves free of `gutters`."""
    size = max(p.size for p in row)
    left: list[tuple[float, float]] = []
    for start, end in gutters:
        for piece in row:
            if piece.left <= start and piece.right >= end:
                start = end
            elif piece.left < end <= piece.right:
                end = max(start, piece.left)
            elif piece.left <= start < piece.right:
                start = min(end, piece.right)
            elif start < piece.left and piece.right < end:  # stands within the gutter
                start = end
        if end - start >= tuned.GUTTER_LEFT * size:
            left.append((start, end))
    return left


def _columns(
    rows: list[list[Piece]], gutters: list[tuple[float, float]]
) -> Iterator[list[list[Piece]]]:
    edges = [(start + end) / 2 for start, end in gutters]
    for number in range(len(edges) + 1):
        column = [
            kept
            for row in rows
            if (kept := [p for p in row if bisect_left(edges, (p.left + p.right) / 2) == number])
        ]
        if column:
            yield column


def _are_columns(rows: list[list[Piece]], gutters: list[tuple[float, float]]) -> bool:
    """Whether rows are columns of running text, not a table."""
    if sum(len(row) > 1 for row in rows) < tuned.COLUMN_ROWS:
        return False
    return all(
        sum(len(p.text.split()) for row in column for p in row) >= tuned.COLUMN_WORDS * len(column)
        and len(column) >= tuned.COLUMN_ROWS
        for column in _columns(rows, gutters)
    )


def _bands(rows: list[list[Piece]], gutters: list[tuple[float, float]]) -> list[list[list[Piece]]]:
    """Boxed rows: where all columns leave the same space free again and again."""
    leading = [a[0].middle - b[0].middle for a, b in pairwise(rows)]
    if not leading:
        return [rows]
    usual = median(leading)
    bands: list[list[list[Piece]]] = [[rows[0]]]
    for row, distance in zip(rows[1:], leading, strict=True):
        if distance > tuned.LOOSE_LINES * usual and len(row) == len(gutters) + 1:
            bands.append([row])
        else:
            bands[-1].append(row)
    boxed = len(bands) >= 3 and all(len(band[0]) == len(gutters) + 1 for band in bands)
    return bands if boxed and len(rows) <= 6 * len(bands) else [rows]


def _without_line_numbers(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Rows without the numbers that count them in the margin."""
    numbers = [
        (place, int(row[0].text)) if len(row) > 1 and row[0].text.strip().isdecimal() else None
        for place, row in enumerate(rows)
    ]
    counted = [n for n in numbers if n is not None]
    steps = {b[1] - a[1] for a, b in pairwise(counted)}
    if (
        len(counted) < tuned.LINE_NUMBERS
        or steps - {1, 5}
        or len(counted) < tuned.NUMBERED_SHARE * len(rows)
    ):
        return rows
    if max(rows[n[0]][0].right for n in counted) > min(rows[n[0]][1].left for n in counted):
        return rows
    places = {n[0] for n in counted}
    return [row[1:] if place in places else row for place, row in enumerate(rows)]


def _without_notes(lines: list[Line], usual: float) -> tuple[list[Line], list[Line]]:
    """The lines of a page without its footnotes: smaller, at its end, begun by a mark."""
    first = len(lines)
    while first > 0 and lines[first - 1].size < tuned.FOOTNOTE_SIZE * usual:
        first -= 1
    while first < len(lines) and not _NOTE.match(lines[first].text):
        first += 1
    return lines[:first], lines[first:]


def _paragraphs(lines: list[Line]) -> list[list[Line]]:
    """Lines put together where one goes on with the one before."""
    leading = Counter(
        round(a.middle - b.middle, 0)
        for a, b in pairwise(lines)
        if a.page == b.page and 0 < a.middle - b.middle < 4 * a.size
    )
    usual = max(leading, key=lambda d: (leading[d], -d), default=0.0)
    indents = sum(_is_indented(line) for line in lines)
    indented = indents >= tuned.INDENTED_SHARE * len(lines) and indents >= 2
    found: list[list[Line]] = []
    for line in lines:
        if found and _goes_on(found[-1], line, usual, indented=indented):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _is_indented(line: Line) -> bool:
    return (
        tuned.INDENT * line.size
        < line.left - line.first
        < tuned.MOST_INDENT * (line.last - line.first)
    )


def _is_centred(line: Line) -> bool:
    left, right = line.left - line.first, line.last - line.right
    return left > tuned.CENTRED * (line.last - line.first) and abs(left - right) < left / 4


def _goes_on(paragraph: list[Line], line: Line, usual: float, *, indented: bool) -> bool:
    before = paragraph[-1]
    if line.cells or before.cells or abs(before.size - line.size) > tuned.OTHER_SIZE * before.size:
        return False
    ended = _ENDS.search(before.text) is not None
    full = _is_full(before, line)
    same_column = before.page == line.page and 0 < before.middle - line.middle < 6 * line.size
    if _ITEM.match(line.text) and (ended or not full):
        return False
    if _LABEL.match(line.text):
        return False
    if _HYPHEN.search(before.text) and line.text[:1].islower():
        return True
    if not same_column:
        # Over a page or a column: what was not ended goes on, and a full line goes on with what
        # is not indented, where paragraphs are.
        if not ended:
            # A last line that was set short goes on, too, where more than a heading stands open.
            long = before.right - before.first > tuned.LONG_LINE * (before.last - before.first)
            return (
                full
                or line.text[:1].islower()
                or (long and len(paragraph) > 1)
                or _is_open(paragraph)
            )
        return full and indented and line.left - line.first < tuned.INDENT * line.size
    if before.middle - line.middle > tuned.LOOSE_LINES * max(usual, line.size):
        return not ended and full and line.text[:1].islower()
    item = _ITEM.match(paragraph[0].text) is not None
    if _is_indented(line) and not _is_indented(before) and not item:
        return not ended and line.text[:1].islower()
    if _is_centred(before) and not line.text[:1].islower():
        return False
    long = before.right - before.first > tuned.LONG_LINE * (before.last - before.first)
    if long and (not ended or (indented and not _is_indented(line))):
        return True
    if full:
        return True
    return not ended and line.text[:1].islower()


def _is_open(paragraph: list[Line]) -> bool:
    """Whether a quotation is open at the end, or its last word is never one: "… and the"."""
    # Of its last page: a paragraph may go on over hundreds.
    last = takewhile(lambda line: line.page == paragraph[-1].page, reversed(paragraph))
    text = " ".join(line.text for line in reversed(list(last)))
    if text.count("“") > text.count("”") or text.count('"') % 2:
        return True
    from rag.language import LANGUAGE

    return fold(text.rsplit(maxsplit=1)[-1]) in LANGUAGE.grammar.hanging


def _is_full(before: Line, line: Line) -> bool:
    """Whether the first word of `line` would not have fitted in `before`."""
    letter = (before.right - before.left) / max(1, len(before.text))
    word = len(line.text.split(maxsplit=1)[0])
    # Half a letter for what a line is set looser or tighter by.
    return before.right + letter * (word + tuned.LINE_SLACK) > before.last


def _with_notes(body: list[list[Line]], notes: dict[int, list[list[Line]]]) -> list[list[Line]]:
    """The footnotes of a page behind the last paragraph that ends on it."""
    placed: list[list[Line]] = []
    waiting = sorted(notes)
    for paragraph in body:
        while waiting and paragraph[-1].page > waiting[0]:
            placed += notes[waiting.pop(0)]
        placed.append(paragraph)
    return placed + [paragraph for number in waiting for paragraph in notes[number]]


def _written(body: list[list[Line]], aside: list[list[Line]], *, count: int) -> Laid:
    vocabulary = frozenset(
        word.lower()
        for paragraph in body
        for line in paragraph
        for word in _COMPOUND.findall(line.text)
    )
    pieces: list[str] = []
    length = 0
    starts: dict[int, int] = {}
    end = 0
    for number, paragraph in enumerate([*body, *aside]):
        if number:
            cells = paragraph[0].cells and [*body, *aside][number - 1][-1].cells
            pieces.append("\n" if cells else "\n\n")
            length += len(pieces[-1])
        for line, following in zip(paragraph, [*paragraph[1:], None], strict=True):
            if number < len(body):
                starts.setdefault(line.page, length)
            pieces.append(_with_joint(line.text, following.text if following else "", vocabulary))
            length += len(pieces[-1])
        end = length if number < len(body) else end
    pages: list[int] = []
    for page in range(count - 1, -1, -1):
        pages.append(starts.get(page, pages[-1] if pages else end))
    return Laid("".join(pieces), tuple(reversed(pages)), end)


def _with_joint(text: str, following: str, vocabulary: frozenset[str]) -> str:
    """A line as it stands before the next one of its paragraph: a word that was broken is whole."""
    if not following:
        return text.removesuffix("\u00ad")
    start, begun = _WORD_START.match(following), _WORD_END.search(text)
    if begun is None or start is None:
        return text if re.search(r"\w—$", text) else text + " "
    broken = begun[0][:-1].lower(), start[0].lower()
    if text[-1] == "-" and (not following[0].islower() or "-".join(broken) in vocabulary):
        return text  # "well-" / "known" is written so elsewhere: its own hyphen
    return text[:-1]
