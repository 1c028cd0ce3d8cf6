"""Where a quotation stands in a text, as it is or cut and bracketed. Knows no markers or claims."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag import tuned
from rag.check.claims import tokens, turns_around
from rag.language.lexicon import opposites_of
from rag.language.stems import alike
from rag.language.words import fold_typography
from rag.types import Statement

_GAP = re.compile(r"\s*(?:[\[(]\s*\.\.\.\s*[\])]|\.\.\.|\[[^\[\]]*\])\s*")
_CAPITAL_CHANGED = re.compile(r"^\[(\w)\](?=\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a quotation may stand in folded text: pieces in order, so much left out before each.

    `inserted` is what it has in brackets in the place of each gap, "" for an ellipsis; `opened`
    what it has so before its first piece, None if nothing.
    """

    pieces: tuple[re.Pattern[str], ...]
    limits: tuple[int, ...] = ()
    inserted: tuple[str, ...] = ()
    opened: str | None = None

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
            left_out = [_sentence_before(text, start)] if self.opened is not None else []
            for following in places[1:]:
                begins, ends = following[bisect_left(following, (end, -1))]
                left_out.append(text[end:begins])
                end = ends
            yield start, end, left_out
            at = end

    def find_fair(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of each place that leaves out nothing that counts."""
        return ((start, end) for start, end, left in self.find(text) if self.is_fair(left))

    def is_fair(self, left_out: Sequence[str]) -> bool:
        """Whether what a place leaves out (as `find` gives it) changes nothing of what is said.

        No "not" or "refused" may be gone; brackets may name whom a pronoun stands for, and stand
        for no other word.
        """
        inserted = (*([self.opened] if self.opened is not None else []), *self.inserted)
        return not any(
            drops_negation(gap) or (put and _puts_other(gap, put))
            for gap, put in zip(left_out, inserted, strict=False)
        )


def _sentence_before(text: str, at: int) -> str:
    before = text[max(0, at - tuned.BRACKET_GAP) : at]
    return re.split(r"[.!?\"]\s*", before)[-1]


def _puts_other(gap: str, put: str) -> bool:
    """Whether brackets put a word for another one of sense."""
    ours = [t.key for t in tokens(put)]
    return any(
        (t.kind == "word" or opposites_of(t.key)) and not any(alike(t.key, k) for k in ours)
        for t in tokens(gap)
    )


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
    pieces, gaps, puts, at = [], [0], [""], 0
    for gap in _GAP.finditer(bare):
        pieces.append(bare[at : gap.start()])
        puts.append("" if "..." in gap.group() else gap.group().strip(" []"))
        gaps.append(tuned.ELLIPSIS_GAP if "..." in gap.group() else tuned.BRACKET_GAP)
        at = gap.end()
    pieces.append(bare[at:].rstrip("."))
    if len(pieces) > tuned.MAX_PIECES:
        return found
    patterns: list[re.Pattern[str]] = []
    limits: list[int] = []
    inserted: list[str] = []
    opened: str | None = None
    for piece, limit, put in zip(pieces, gaps, puts, strict=True):
        if put and not patterns:
            opened = put
        elif put and not piece.strip(" ,.;:"):
            return found  # brackets at its end stand for nobody knows what
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
        inserted += [put] if patterns else []
        patterns.append(re.compile(pattern))
    if not patterns:
        return found
    return [*found, Reading(tuple(patterns), tuple(limits), tuple(inserted), opened)]


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
    # Of whole sentences left out only the beginning of the one that goes on counts.
    rest = re.split(r"[.!?][\"')]*\s", left_out)[-1]
    return any(turns_around(t) for t in tokens(rest))


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
