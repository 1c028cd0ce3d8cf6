"""Text → what stands in quotation marks. Knows nothing about who said it."""

import re
from dataclasses import dataclass

from rag.language.sentences import paragraphs

# One that is closed, where only what stands outside of quotations counts.
QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"]{0,2000}\"")
_OPENING = ("“", "„", "«", "``", "''")
_MARK = re.compile(r"[“”„«»\"]|``|''")
_BEFORE_OPENING = re.compile(r"(?:^|[\s(\[—–\-:;,/…‘'])$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """`[start, end)` with its marks; `open` if its paragraph ends before it is closed."""

    start: int
    end: int
    open: bool = False


def find_quotations(text: str) -> list[Quotation]:
    """Every outermost quotation of an unwrapped text in order, paragraph by paragraph."""
    found: list[Quotation] = []
    for start, end in paragraphs(text, unwrapped=True):
        found += _in_paragraph(text, start, end)
    return found


def _in_paragraph(text: str, start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if opened is None:
            before = text[max(start, at - 1) : at]
            if mark in _OPENING or (
                mark == '"' and _BEFORE_OPENING.search(before) and at + 1 < end
                and not text[at + 1].isspace()
            ):  # fmt: skip
                opened = at
            continue
        if mark in ("”", "»", '"', "''") or (mark == "“" and text[opened] == "„"):
            found.append(Quotation(opened, match.end()))
            opened = None
        elif mark == "“" and text[opened] == "“":
            # The mark that should have closed the first one is missing: begin anew.
            opened = at
    if opened is not None and end - opened > 1:
        found.append(Quotation(opened, end, open=True))
    return found
