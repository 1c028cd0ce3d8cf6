"""Which quotation, sentence and line of a text a character stands in. Knows no speaker."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from rag.language import Language
from rag.language.sentences import Span
from rag.statements.quotations import Quotation


class Places:
    """Which quotation, sentence and line a character stands in, and in what language."""

    def __init__(
        self, text: str, quotations: list[Quotation], spans: list[Span], language: Language
    ) -> None:
        self.language = language
        self._text = text
        self._line_ends = [m.start() for m in re.finditer("\n", text)]
        self._quotations = quotations
        self._quote_starts = [q.start for q in quotations]
        self._sentence_starts = [s for s, _ in spans]
        self._spans = spans

    def quote_at(self, position: int) -> int | None:
        """The number of the quotation that `position` stands in."""
        place = bisect_right(self._quote_starts, position) - 1
        if place >= 0 and self._quotations[place].end > position:
            return place
        return None

    def begins(self, position: int) -> bool:
        """Whether a sentence begins at `position`."""
        place = bisect_left(self._sentence_starts, position)
        return place < len(self._sentence_starts) and self._sentence_starts[place] == position

    def breaks(self, start: int, end: int) -> bool:
        """Whether a sentence begins within `(start, end)`."""
        return bisect_left(self._sentence_starts, end) > bisect_right(self._sentence_starts, start)

    def lines(self, start: int, end: int) -> int:
        """How many lines end in `[start, end)`."""
        return max(0, bisect_left(self._line_ends, end) - bisect_left(self._line_ends, start))

    def opens_line(self, position: int) -> bool:
        """Whether nothing but white space stands before `position` in its line."""
        while position > 0 and self._text[position - 1].isspace():
            if self._text[position - 1] == "\n":
                return True
            position -= 1
        return position == 0

    def sentence_at(self, position: int) -> int:
        """The number of the last sentence that begins at or before `position`."""
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    def sentence_before(self, position: int) -> Span:
        """The sentence that stands before `position` or holds it."""
        return self._spans[max(0, bisect_left(self._sentence_starts, position) - 1)]


class Covered:
    """Answers whether any of many spans overlaps another one, in logarithmic time."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [s for s, _ in ordered]
        self._ends = list(accumulate((e for _, e in ordered), max))

    def overlaps(self, start: int, end: int) -> bool:
        before = bisect_left(self._starts, end) - 1
        return before >= 0 and self._ends[before] > start
