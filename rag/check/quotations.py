"""Where a quotation stands in a text, as it is or cut and bracketed. Knows no markers or claims."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag import tuned
from rag.check.claims import tokens
from rag.language.words import fold_typography
from rag.types import Statement

_GAP = re.compile(r"\s*(?:[\[(]\s*\.\.\.\s*[\])]|\.\.\.|\[[^\[\]]*\])\s*")
_CAPITAL_CHANGED = re.compile(r"^\[(\w)\](?=\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a quotation may stand in folded text: pieces in order, so much left out before each."""

    pieces: tuple[re.Pattern[str], ...]
    limits: tuple[int, ...] = ()

    def find(self, text: str) -> Iterator[tuple[int, int, list[str]]]:
        """(start, end, what is left out) of each place, the pieces as near together as may be.

        Every place of every piece is found once, and from the last piece back those are kept that
        the rest can follow: one pattern with the gaps in it would try every combination.
        """
        places = [_find_all(piece, text) for piece in self.pieces]
        for n in range(len(places) - 2, -1, -1):
            starts = [start for start, _ in places[n + 1]]
            places[n] = [
                (start, end)
                for start, end in places[n]
                if (k := bisect_left(starts, end)) < len(starts)
                and starts[k] - end <= self.limits[n]
            ]
        at = 0
        for start, end in places[0]:
            if start < at:
                continue
            left_out = []
            for following in places[1:]:
                begins, ends = following[bisect_left(following, (end, -1))]
                left_out.append(text[end:begins])
                end = ends
            yield start, end, left_out
            at = end


def _find_all(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where `pattern` stands in `text`, those included that overlap."""
    found = []
    match = pattern.search(text)
    while match is not None:
        found.append(match.span())
        match = pattern.search(text, match.start() + 1)
    return found


def readings(quote: str) -> list[Reading]:
    """How `quote` may stand in folded text: as it is, or with what it leaves out put back."""
    folded = fold_typography(quote).strip()
    # A comma or full stop inside the closing marks belongs to the sentence around the quotation.
    forms = [f for f in dict.fromkeys((folded, folded.rstrip(",.;:!?"))) if f]
    found = [Reading((re.compile(_whole(_any_first(f), f)),)) for f in forms]
    if "..." not in folded and "[" not in folded:
        return found
    bare = folded.rstrip(",;:!?")
    opening = _CAPITAL_CHANGED.match(bare)
    bare = bare[opening.end() :] if opening else bare
    pieces, gaps, at = [], [0], 0
    for gap in _GAP.finditer(bare):
        pieces.append(bare[at : gap.start()])
        gaps.append(tuned.ELLIPSIS_GAP if "..." in gap.group() else tuned.BRACKET_GAP)
        at = gap.end()
    pieces.append(bare[at:].rstrip("."))
    if len(pieces) > tuned.MAX_PIECES:
        return found
    patterns: list[re.Pattern[str]] = []
    limits: list[int] = []
    for piece, limit in zip(pieces, gaps, strict=True):
        if not piece.strip(" ,.;:"):
            continue
        whole = re.escape(piece)
        if opening and not patterns:
            pattern = f"[{opening[1].lower()}{opening[1].upper()}]{whole}"
        elif not patterns:
            pattern = _whole(_any_first(piece), piece)
        else:
            pattern = _whole(whole, piece)
        limits += [limit] if patterns else []
        patterns.append(re.compile(pattern))
    return [*found, Reading(tuple(patterns), tuple(limits))] if patterns else found


def _any_first(text: str) -> str:
    """`text` as a pattern whose first letter may be small or a capital: a sentence quoted within
    another one begins small, and the other way round."""
    first = text[0]
    either = f"[{first.lower()}{first.upper()}]" if first.lower() != first.upper() else ""
    plain = either and len(first.lower()) == len(first.upper()) == 1
    return f"{either}{re.escape(text[1:])}" if plain else re.escape(text)


def _whole(pattern: str, text: str) -> str:
    """`pattern` with no word cut at its ends."""
    before = r"(?<!\w)" if text[0].isalnum() else ""
    after = r"(?!\w)" if text[-1].isalnum() else ""
    return f"{before}{pattern}{after}"


def drops_negation(left_out: str) -> bool:
    """Whether an ellipsis leaves a "not" out of the sentence it stands in."""
    if re.search(r"[.!?][\"')]*\s", left_out):
        return False
    return any(t.kind == "negation" for t in tokens(left_out))


def _moved(statement: Statement, by: int) -> Statement:
    def move(span: tuple[int, int] | None) -> tuple[int, int] | None:
        return (span[0] + by, span[1] + by) if span else None

    return replace(
        statement,
        start=statement.start + by,
        end=statement.end + by,
        speaker_span=move(statement.speaker_span),
        cue_span=move(statement.cue_span),
        content_spans=tuple((s + by, e + by) for s, e in statement.content_spans),
    )
