"""What stands at the edges of pages again and again: running heads, feet, page numbers.

Knows nothing about what a text says.
"""

import re
from dataclasses import dataclass

from rag import tuned

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column that reaches from `first` to `last`."""

    text: str
    left: float
    right: float
    middle: float
    size: float
    page: int
    first: float
    last: float
    cells: bool = False


def find_furniture(pages: list[list[Line]]) -> set[tuple[int, int]]:
    """(page, line) of what stands at the edges of pages again and again."""
    found: set[tuple[int, int]] = set()
    keys: list[dict[str, list[Line]]] = []
    for lines in pages:
        keys.append({})
        for line in lines:
            keys[-1].setdefault(_key(line), []).append(line)
    for number, lines in enumerate(pages):
        order = sorted(range(len(lines)), key=lambda i: -lines[i].middle)
        near = [n for n in (number - 2, number - 1, number + 1, number + 2) if 0 <= n < len(pages)]
        for edge in (order, order[::-1]):
            for place in edge[: tuned.EDGE_LINES]:
                line = lines[place]
                if not any(
                    abs(twin.middle - line.middle) <= tuned.SAME_PLACE and _counts(line, twin)
                    for n in near
                    for twin in keys[n].get(_key(line), ())
                ):
                    break
                found.add((number, place))
    return found


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.lower())


def _counts(line: Line, twin: Line) -> bool:
    """Whether the numbers of two lines are the same or count the pages."""
    pairs = zip(_DIGITS.findall(line.text), _DIGITS.findall(twin.text), strict=True)
    apart = line.page - twin.page
    return all(a == b or (len(a) < 9 and int(a) - int(b) == apart) for a, b in pairs)
