"""Where a text tells a quotation, word by word, and how two tellings of it differ.

Two tellings are of one quotation if enough of the shorter one stands in the other in runs of
words: names and figures of speech are shared by many quotations, runs are not. Looked for in time
that grows with the text, and aligned at most `tuned.RETOLD_WORDS` against twice as many. Knows no
index and no question.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rag import tuned
from rag.compare import differences
from rag.language import LANGUAGE
from rag.language.words import fold, fold_letters, stem, words
from rag.types import Statement

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Where words stop belonging to what is told beside them.
_ENDS = re.compile(r"[\"“”„«»]|\n\s*\n|[.!?]\s")
_STOP_WORDS = LANGUAGE.stop_words.words
# Unchanged words that are shown on either side of what differs, and of what was cut.
_AROUND = 3
_LONGEST = 14
# A word of a telling stands so much farther from the next one than in another telling.
_NEAR = 2
# Statements of one text that are aligned, those with most runs first.
_ALIGNED = 5


@dataclass(frozen=True, slots=True)
class Word:
    """`written` is `text[start:end]`."""

    written: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """By which it is the same word as another."""
        return _key_of(self.written)

    @property
    def stem(self) -> str:
        """By which it is a form of the same word."""
        return _stem_of(self.written)

    @property
    def telling(self) -> bool:
        return self.key.split("'")[0] not in _STOP_WORDS


@lru_cache(maxsize=1 << 16)
def _key_of(written: str) -> str:
    return fold(written.replace("’", "'"))


@lru_cache(maxsize=1 << 16)
def _stem_of(written: str) -> str:
    return stem(_key_of(written))


@dataclass(frozen=True, slots=True)
class Telling:
    """The words in which a text tells a quotation, without what it puts between them."""

    words: tuple[Word, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(w.key for w in self.words)


def read_words(text: str, spans: Iterable[tuple[int, int]] | None = None) -> list[Word]:
    """The words of `text`, or of some spans of it."""
    inside = [(0, len(text))] if spans is None else spans
    return [
        Word(text[first:last], first, last)
        for start, end in inside
        for first, last in (m.span() for m in _WORD.finditer(text, start, end))
    ]


def find_runs(wanted: Sequence[Word]) -> set[tuple[str, ...]]:
    """The runs of stems by which a telling is found: every one with a telling word, if any."""
    found = list(_runs(wanted))
    return {tuple(w.stem for w in run) for run in _telling(found)}


def match_runs(wanted: Sequence[Word]) -> list[str]:
    """What FTS5 is asked for each run: the passages that hold its words in a row."""
    phrases = (
        " ".join(part for w in run for part in words(fold_letters(w.key)))
        for run in _telling(list(_runs(wanted)))
    )
    return [f'text : "{phrase}"' for phrase in dict.fromkeys(phrases)]


def _runs(wanted: Sequence[Word]) -> Iterable[Sequence[Word]]:
    size = _size(wanted)
    return (wanted[n : n + size] for n in range(len(wanted) - size + 1))


def _telling(runs: Sequence[Sequence[Word]]) -> Sequence[Sequence[Word]]:
    return [run for run in runs if any(w.telling for w in run)] or runs


def _size(wanted: Sequence[Word]) -> int:
    """The words of a run: of a short quotation a third ("not even on alert")."""
    return min(tuned.RETOLD_RUN, max(2, len(wanted) // tuned.RETOLD_RUN))


def find_telling(
    wanted: Sequence[Word], text: str, statements: Sequence[Statement]
) -> Telling | None:
    """How `text`, in which somebody makes `statements`, tells the quotation; None if it does not.

    What stands between two pieces of one statement ("…,” he said. “…") is no part of either.
    """
    direct = [s for s in statements if s.kind != "indirect" and s.content_spans]
    # Words as spans until some of them are aligned: most of the text is no telling of it.
    told = [m.span() for span in _outside(text, direct) for m in _WORD.finditer(text, *span)]
    stems = [_stem_of(text[start:end]) for start, end in told]
    runs, size = find_runs(wanted), _size(wanted)
    hits = [n for n in range(len(told) - size + 1) if tuple(stems[n : n + size]) in runs]
    if not hits:
        return None
    best: tuple[int, Telling] | None = None
    for first, last, whole in (*_stated(told, direct, hits), _window(wanted, told, hits)):
        found = _align(wanted, text, read_words(text, told[first:last]), whole)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _outside(text: str, direct: Sequence[Statement]) -> list[tuple[int, int]]:
    """`text` without what stands between the pieces of a statement."""
    between = sorted(
        {(one[1], other[0]) for s in direct for one, other in pairwise(s.content_spans)}
    )
    spans, at = [], 0
    for start, end in between:
        if start >= at:
            spans.append((at, start))
            at = end
    return [*spans, (at, len(text))]


def _stated(
    told: Sequence[tuple[int, int]], direct: Sequence[Statement], hits: Sequence[int]
) -> list[tuple[int, int, bool]]:
    """(first word, last, True) of the statements with most of the runs that were hit."""
    found: dict[tuple[int, int], int] = {}
    ordered = sorted(direct, key=lambda s: (s.content_spans[0][0], s.content_spans[-1][1]))
    at = low = 0
    for s in ordered:
        start, end = s.content_spans[0][0], s.content_spans[-1][1]
        while at < len(told) and told[at][0] < start:
            at += 1
        last = at
        while last < len(told) and told[last][1] <= end and last - at < 2 * tuned.RETOLD_WORDS:
            last += 1
        while low < len(hits) and hits[low] < at:
            low += 1
        held = 0
        while low + held < len(hits) and hits[low + held] < last:
            held += 1
        if held:
            found[at, last] = held
    best = sorted(found, key=lambda f: (-found[f], f))[:_ALIGNED]
    return [(first, last, True) for first, last in best]


def _window(
    wanted: Sequence[Word], told: Sequence[tuple[int, int]], hits: Sequence[int]
) -> tuple[int, int, bool]:
    """(first word, last, False) of the stretch, half as long again, that most runs stand in."""
    reach = len(wanted) + len(wanted) // 2
    best, low = (0, 0), 0
    for high, hit in enumerate(hits):
        while hit - hits[low] > reach:
            low += 1
        if high - low + 1 > best[1] - best[0]:
            best = (low, high + 1)
    first, last = hits[best[0]], hits[best[1] - 1] + tuned.RETOLD_RUN
    return max(0, first - len(wanted)), min(len(told), last + len(wanted)), False


def _align(
    wanted: Sequence[Word], text: str, told: Sequence[Word], whole: bool
) -> tuple[int, Telling] | None:
    """(words in runs, the telling) of a stretch of text; `whole` if it is one statement."""
    matcher = SequenceMatcher(None, [w.stem for w in wanted], [w.stem for w in told], False)
    size = _size(wanted)
    blocks = [b for b in matcher.get_matching_blocks() if b.size >= size]
    held = [w for b in blocks for w in wanted[b.a : b.a + b.size]]
    telling = sum(w.telling for w in wanted)
    share = tuned.RETOLD_SHARE if telling >= tuned.RETOLD_TELLING else tuned.RETOLD_SHORT
    shorter = min(len(wanted), len(told)) if whole else len(wanted)
    if not held or len(held) < share * shorter:
        return None
    if sum(w.telling for w in held) < min(tuned.RETOLD_TELLING, telling):
        return None
    first, last = _widen(blocks, matcher.get_matching_blocks()[:-1])
    before, after = blocks[0].a, len(wanted) - blocks[-1].a - blocks[-1].size
    first -= _to_edge(text, told[max(0, first - before) : first + 1][::-1], before)
    last += _to_edge(text, told[last - 1 : last + after], after)
    return len(held), Telling(tuple(told[first:last]))


def _widen(runs: Sequence[Match], blocks: Sequence[Match]) -> tuple[int, int]:
    """(first word, behind the last) of the runs, with single words beside them that are as near
    to them as in the quotation: "he intended to give" for "he tried to give"."""
    first, last = runs[0], runs[-1]
    for b in reversed([b for b in blocks if b.b < first.b]):
        if first.b - b.b - b.size > first.a - b.a - b.size + _NEAR:
            break
        first = b
    for b in (b for b in blocks if b.b > last.b):
        if b.b - last.b - last.size > b.a - last.a - last.size + _NEAR:
            break
        last = b
    return first.b, last.b + last.size


def _to_edge(text: str, outwards: Sequence[Word], most: int) -> int:
    """How many words stand between a telling and where its sentence or its marks end, if so few
    that they stand for what the telling lacks; else 0."""
    for number, (one, other) in enumerate(pairwise(outwards)):
        between = sorted((one.start, one.end, other.start, other.end))[1:3]
        if _ENDS.search(text, *between):
            return number
    at_end = len(outwards) <= most  # there are no more words
    return len(outwards) - 1 if at_end and outwards else 0


def mark_differences(before: Telling, after: Telling) -> str:
    """How `after` tells it: "its men [-are-] {+were+} not on alert", as `wdiff` and `git` mark
    words that are gone and new, so that plain text, Markdown and JSON show the same."""
    marked: list[str] = []
    changes = differences(before.keys, after.keys)
    for number, (kind, start, end) in enumerate(changes):
        source = before if kind == "removed" else after
        written = [w.written for w in source.words[start:end]]
        if kind == "same":
            head = _AROUND if number else 0
            tail = _AROUND if number < len(changes) - 1 else 0
            marked.append(_cut(written, head, tail))
        else:
            short = (
                _cut(written, _AROUND, _AROUND) if len(written) > _LONGEST else " ".join(written)
            )
            marked.append(f"[-{short}-]" if kind == "removed" else f"{{+{short}+}}")
    return " ".join(marked)


def _cut(written: Sequence[str], head: int, tail: int) -> str:
    """The first and the last words, with a mark for what is left out."""
    if len(written) <= head + tail + 1:
        return " ".join(written)
    return " ".join([*written[:head], "…", *written[len(written) - tail :]])
