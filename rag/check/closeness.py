"""How much of a sentence its passages hold, in some thirty measures. Knows no verdict.

Each measure grows, or falls, with how well the passages bear the sentence out, so that a model may
be held to that (`grade`). Words are compared by their stems; a related word (`lexicon`) counts
half, what a pronoun may stand for most of a whole.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from rag import tuned
from rag.check.claims import Token, names
from rag.check.reading import Complaint, Line, Source, is_content, is_within
from rag.language.lexicon import are_related

# What a measure says of support as it grows: more of it, less of it, or neither.
MORE, LESS, EITHER = 1, -1, 0
MEASURES: Mapping[str, int] = {
    "held": MORE,  # the share of the content words that the passages hold
    "related": MORE,  # … related words counted half
    "plain": MORE,  # … every word counted the same, however long
    "words": MORE,  # … of those that are no names, numbers or dates
    "letters": MORE,  # the share of all words that stand in pieces taken over
    "line": MORE,  # … of the one sentence that holds most of them
    "window": MORE,  # … of three sentences in a row
    "two": MORE,  # … of that sentence and the one that adds most to it
    "order": MORE,  # the share of the words that stand in that sentence in the same order
    "pairs": MORE,  # neighbouring content words that stand near each other in a sentence
    "bigrams": MORE,  # two words in a row that the passages have in a row, and so on
    "trigrams": MORE,
    "fourgrams": MORE,
    "density": MORE,  # how long the pieces taken over are (Grusky, Naaman, Artzi 2018)
    "longest": MORE,  # the longest of them, of all words
    "strict": MORE,  # the share of names, numbers and dates held
    "strict_line": MORE,  # … by the best sentence
    "missing": LESS,  # content words that nothing is held or related to, ln(1 + n)
    "run": LESS,  # … in a row
    "strangers": LESS,  # the share of names that the passages lack
    "length": EITHER,  # content words of the sentence, ln(1 + n)
    "extent": EITHER,  # words of the passages, ln(1 + n): long ones hold much by chance
    "complaints": LESS,  # kinds of complaints
    "number": LESS,  # complaints of a kind, one or none
    "name": LESS,
    "negation": LESS,
    "opinion": LESS,
    "support": LESS,
    "added": LESS,
}
# The last of them.
_COMPLAINTS = tuple(MEASURES)[-6:]
_NEAR = 6  # words between two that stand near each other
_PLACES = 100  # places looked at for a word, where a piece may begin


def measure(
    claim: Sequence[Token], sources: Sequence[Source], complaints: Sequence[Complaint]
) -> dict[str, float]:
    """{measure: value} of `MEASURES`, of a claim with words of content and passages with any."""
    content = [t for t in claim if is_content(t)]
    lines = [line for source in sources for line in source.lines]
    held = _Held(content, sources)
    shares = [held.share(line.keys) for line in lines]
    best = lines[max(range(len(lines)), key=lambda n: (shares[n], -n))]
    lacking = {t.key for t in content if not is_within(t.key, best.keys)}
    more = max((held.share(line.keys & lacking) for line in lines), default=0.0)
    copied = _Copied(claim, sources)
    found = {c.kind for c in complaints}
    groups = names(tuple(claim))
    strict = [t.key for t in content if t.kind in ("number", "date", "name")]
    order = SequenceMatcher(
        None, [t.key for t in claim], [t.key for t in best.tokens], autojunk=False
    )
    return {
        "held": held.mean(held.whole),
        "plain": _mean([h > 0 for h in held.whole]),
        "words": _share([t.key for t in content if t.kind == "word"], held.keys),
        "letters": copied.letters,
        "related": held.mean(held.soft),
        "line": max(shares),
        "window": max(max(shares), *_windows(sources, held, shares)),
        "two": max(shares) + more,
        "order": sum(b.size for b in order.get_matching_blocks()) / len(claim),
        "pairs": _pairs(content, lines),
        "bigrams": copied.share(2),
        "trigrams": copied.share(3),
        "fourgrams": copied.share(4),
        "density": copied.density,
        "longest": copied.longest,
        "strict": _share(strict, held.keys),
        "strict_line": _share(strict, best.keys | best.earlier),
        "missing": math.log1p(sum(not s for s in held.soft)),
        "run": math.log1p(_longest_run(held.soft)),
        "strangers": _mean([not is_within(g[-1].key, held.keys) for g in groups]),
        "length": math.log1p(len(content)),
        "extent": math.log1p(sum(len(line.tokens) for line in lines)),
        "complaints": float(len(found)),
        **{kind: float(kind in found) for kind in _COMPLAINTS},
    }  # fmt: skip


class _Held:
    """Which content words of a claim its passages hold: 1, 0, or something between."""

    def __init__(self, content: Sequence[Token], sources: Sequence[Source]) -> None:
        self.content = [t.key for t in content]
        self._weights = [_weight(t) for t in content]
        self._total = sum(self._weights)
        self.keys = frozenset().union(*(s.keys | s.described for s in sources))
        earlier = frozenset().union(*(line.earlier for s in sources for line in s.lines))
        self.whole = [
            1.0 if is_within(k, self.keys) else tuned.EARLIER_HELD * (k in earlier)
            for k in self.content
        ]
        self.soft = [
            h or tuned.RELATED_HELD * any(are_related(k, other) for other in self.keys)
            for h, k in zip(self.whole, self.content, strict=True)
        ]

    def share(self, keys: Collection[str]) -> float:
        return self.mean([is_within(k, keys) for k in self.content])

    def mean(self, values: Sequence[float]) -> float:
        return sum(v * w for v, w in zip(values, self._weights, strict=True)) / self._total


def _weight(token: Token) -> float:
    """How much a word says: names, numbers and long words most (long ones are rare, Zipf 1935)."""
    return 1.0 if token.kind != "word" else min(1.0, len(token.text) / tuned.LONG_WORD)


def _windows(sources: Sequence[Source], held: _Held, shares: Sequence[float]) -> Iterator[float]:
    """The share that three sentences in a row hold, of those that might hold more than one."""
    first = 0
    best = max(shares)
    yield best
    for source in sources:
        for n in range(len(source.lines) - 1):
            if sum(shares[first + n : first + min(n + 3, len(source.lines))]) > best:
                yield held.share(frozenset().union(*(x.keys for x in source.lines[n : n + 3])))
        first += len(source.lines)


def _pairs(content: Sequence[Token], lines: Sequence[Line]) -> float:
    pairs = list(pairwise(content))
    if not pairs:
        return 1.0 if any(content[0].key in line.keys for line in lines) else 0.0
    at: list[dict[str, list[int]]] = []
    wanted = {t.key for t in content}
    for line in lines:
        places: dict[str, list[int]] = {}
        for n, token in enumerate(line.tokens):
            if token.key in wanted:
                places.setdefault(token.key, []).append(n)
        at.append(places)

    def near(one: str, other: str) -> bool:
        return any(
            abs(a - b) <= _NEAR for places in at for a in places.get(one, ())
            for b in places.get(other, ())
        )  # fmt: skip

    return sum(near(a.key, b.key) for a, b in pairs) / len(pairs)


class _Copied:
    """What a claim takes over word for word, wherever it stands."""

    def __init__(self, claim: Sequence[Token], sources: Sequence[Source]) -> None:
        self._mine = [t.key for t in claim]
        self._theirs = [[t.key for line in s.lines for t in line.tokens] for s in sources]
        sizes = self._pieces()
        self.density = math.sqrt(sum(n * n for n in sizes) / len(self._mine))
        self.longest = max(sizes, default=0) / len(self._mine)
        self.letters = sum(sizes) / len(self._mine)

    def share(self, n: int) -> float:
        """The share of the runs of `n` words that the passages have too."""
        mine = list(zip(*(self._mine[i:] for i in range(n)), strict=False))
        if not mine:
            return self.longest
        theirs = {run for words in self._theirs
                  for run in zip(*(words[i:] for i in range(n)), strict=False)}  # fmt: skip
        return sum(run in theirs for run in mine) / len(mine)

    def _pieces(self) -> list[int]:
        """The sizes of the longest pieces, taken from the left."""
        places: dict[str, list[tuple[int, int]]] = {}
        wanted = set(self._mine)
        for which, words in enumerate(self._theirs):
            for n, key in enumerate(words):
                if key in wanted:
                    places.setdefault(key, []).append((which, n))
        sizes: list[int] = []
        at = 0
        while at < len(self._mine):
            size = max((self._length(at, *p) for p in places.get(self._mine[at], ())[:_PLACES]),
                       default=0)  # fmt: skip
            if size:
                sizes.append(size)
            at += max(size, 1)
        return sizes

    def _length(self, at: int, which: int, place: int) -> int:
        theirs, n = self._theirs[which], 0
        while (
            at + n < len(self._mine)
            and place + n < len(theirs)
            and self._mine[at + n] == theirs[place + n]
        ):
            n += 1
        return n


def _longest_run(held: Sequence[float]) -> int:
    longest = run = 0
    for value in held:
        run = 0 if value else run + 1
        longest = max(longest, run)
    return longest


def _share(keys: Sequence[str], held: Collection[str]) -> float:
    return _mean([is_within(k, held) for k in keys]) if keys else 1.0


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
