"""Which passages bear out a sentence, and what of it may go so that one does.

Knows no markers and no models: what a sentence is marked with are hints, tried first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag import tuned
from rag.check.claims import tokens
from rag.check.closeness import measure
from rag.check.reading import Complaint, Source, is_content, is_within
from rag.language import LANGUAGE

_REPLIES = LANGUAGE.replies
# Complaints of single words.
_WORDS = frozenset(("opposite", "word", "negation", "hedge"))
Check = Callable[[Sequence[int]], list[Complaint]]


@dataclass(frozen=True, slots=True)
class Placement:
    """The numbers of the passages that a sentence is held against, and what they do not bear out;
    none where nothing comes near."""

    numbers: tuple[int, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    @property
    def stands(self) -> bool:
        return bool(self.numbers) and not self.complaints


def place(
    claim: str,
    sources: Mapping[int, Source],
    check: Check,
    *,
    hints: Sequence[int] = (),
    quoted: Sequence[int] = (),
    before: Sequence[int] = (),
) -> Placement:
    """The first passages that bear out `claim`: those it is marked with (`hints`), else those that
    share most of its words, one or two together.

    `quoted` hold its quotations and are always among them; `before` bear out the sentence before.
    Where none do, what is wrong by those marked, or by the nearest.
    """
    first: Placement | None = None
    least = 0
    for numbers in _candidates(claim, sources, hints=hints, quoted=quoted, before=before):
        shared = count_shared(claim, [sources[n] for n in numbers]) if least else 0
        if least and (shared <= least or len(numbers) > 1):
            continue
        found = Placement(numbers, tuple(check(numbers)))
        if found.stands:
            return found
        first = first or found
        cited = [sources[n] for n in numbers]
        if follows(claim, cited) >= tuned.FOLLOWS_CLOSELY:
            # It is a sentence of this one with something changed: one that has less of it, or two
            # together, bear out other words of it at most.
            least = max(least, count_shared(claim, cited))
    return first or Placement()


def count_shared(claim: str, cited: Sequence[Source]) -> int:
    """How many of the words of `claim` passages hold."""
    wanted = {t.key for t in tokens(claim) if is_content(t)}
    held = frozenset().union(*(s.keys | s.described for s in cited))
    return sum(is_within(k, held) for k in wanted)


def _candidates(
    claim: str,
    sources: Mapping[int, Source],
    *,
    hints: Sequence[int],
    quoted: Sequence[int],
    before: Sequence[int],
) -> Iterator[tuple[int, ...]]:
    # What says next to nothing stands somewhere in any eight passages.
    short = sum(1 for t in tokens(claim) if is_content(t)) < tuned.PLACED_WORDS
    near = [] if short else rank_passages(claim, sources)[: tuned.PLACED_AMONG]
    tried: set[frozenset[int]] = set()
    # Marked with a passage that has none of its quotations, it is marked wrongly.
    meant = [n for n in hints if not quoted or set(quoted) & set(hints)]
    sets: list[tuple[int, ...]] = [
        *([(*meant, *quoted)] if meant else []),
        tuple(quoted),
        *((*quoted, n) for n in near),
        *((*quoted, *pair) for pair in combinations(near, 2)),
        *((*quoted, *before, n) for n in near if before),
        *((*quoted, *hints, n) for n in near if hints),
    ]
    for found in sets:
        numbers = tuple(dict.fromkeys(found))
        if numbers and frozenset(numbers) not in tried:
            tried.add(frozenset(numbers))
            yield numbers


def deciding(
    claim: str, cited: Sequence[Source], complaints: Sequence[Complaint]
) -> list[Complaint]:
    """Those of `complaints` that strike `claim`: in a sentence put freely a word that is missing or
    another is often another way to say it, and what a ministry reports may be told as a fact."""
    if not complaints:
        return []
    far = follows(claim, cited)
    return [
        c
        for c in complaints
        if (c.certain or c.kind not in ("opinion", "speaker") or far >= tuned.FOLLOWS_CLOSELY)
        and (c.kind not in _WORDS or far >= tuned.FOLLOWS_LOOSELY)
    ]


def follows(claim: str, cited: Sequence[Source]) -> float:
    """How far `claim` goes along with a sentence of the passages, word by word; a share."""
    return measure(tokens(claim), cited, ())["order"]


def is_close(claim: str, cited: Sequence[Source]) -> bool:
    """Whether one sentence of the passages has nearly all words of `claim`."""
    return measure(tokens(claim), cited, ())["line"] >= tuned.SAID_BY_ONE


def rank_passages(claim: str, sources: Mapping[int, Source]) -> list[int]:
    """The passages that share nearly most of the words of `claim`, those with the nearest sentence
    first."""
    wanted = {t.key for t in tokens(claim) if is_content(t)}
    if not wanted:
        return []
    shares = {
        number: sum(is_within(k, source.keys | source.described) for k in wanted)
        for number, source in sources.items()
    }
    nearest = {
        number: max((len(wanted & line.keys) for line in source.lines), default=0)
        for number, source in sources.items()
    }
    most = max(shares.values(), default=0)
    near = [n for n, share in shares.items() if share and share >= tuned.PLACED_SHARE * most]
    return sorted(near, key=lambda n: (-shares[n] - nearest[n], n))


def find_superfluous(claim: str, stands: Callable[[int, int], bool]) -> tuple[int, int] | None:
    """The clause `[start, end)` without which `claim` stands, a late and a short one first; None if
    there is none."""
    whole = sum(1 for t in tokens(claim) if is_content(t))
    for start, end in _clauses(claim):
        rest = f"{claim[:start]}{' ' * (end - start)}{claim[end:]}"
        kept = sum(1 for t in tokens(rest) if is_content(t))
        if kept >= max(tuned.KEPT_WORDS, tuned.KEPT_SHARE * whole) and stands(start, end):
            return start, end
    return None


def _clauses(claim: str) -> Iterator[tuple[int, int]]:
    """What may be left out of a sentence: its end from a clause on, a clause set off by commas, its
    beginning before a clause that stands for itself."""
    text = claim.rstrip(' .!?"”’')
    opens = list(_REPLIES.leaves_out.finditer(text, 1))[: tuned.CLAUSES_TRIED]
    for m in reversed(opens):
        yield m.start(), len(text)
    for m in opens:
        end = text.find(", ", m.end())
        if m["aside"] and end > 0:
            yield m.start(), end + 1
    for m in opens:
        joins = m["semicolon"] or m["comma"] or m["joined"]
        if joins and _REPLIES.subject.match(text, m.end()):
            yield 0, m.end()
