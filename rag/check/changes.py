"""What a sentence that follows a passage changes in it: a word for its opposite or for another one,
and clauses of its own. Knows nothing about who says what.

A sentence that is close to one of a passage is aligned with it, word by word. A word that stands
where the passage has its opposite turns it around, one that stands for no word of its sense is
another claim, and a clause whose words no passage has is invented. Looser sentences are left to
other checks: in them another word is only another way to say it.
"""

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from rag import tuned
from rag.check.claims import (
    Token,
    is_reporting,
    is_strong_hedge,
    turns_around,
)
from rag.check.reading import Complaint, Line, is_content, is_held
from rag.language import LANGUAGE
from rag.language.lexicon import (
    are_by_prefix,
    are_of_one_side,
    are_plain_opposites,
    are_related,
    is_direction,
    opposites_of,
)
from rag.language.stems import key_of
from rag.language.words import fold

Span = tuple[int, int]
_ALIGNED = 40  # sentences of a passage that are aligned word by word
_META = LANGUAGE.reports.meta


def check_changes(
    claim: Sequence[Token],
    marks: Sequence[Span],
    lines: Sequence[Line],
    held: Collection[str],
) -> list[Complaint]:
    """What `claim` changes in the sentence of the passages that it follows most closely.

    `marks` are its quotations, which are checked by themselves; `held` the words (by their stems)
    of all that it cites. Where it follows two as closely, what both say against it counts.
    """
    content = [t.key for t in claim if is_content(t)]
    if len(content) < tuned.FOLLOWED_WORDS:
        return []
    shares = [sum(k in line.keys for k in content) for line in lines]
    best = max(shares, default=0)
    if best < tuned.FOLLOWS * len(content):
        return []
    found = [
        _Alignment(claim, marks, line).changes(held)
        for line in [
            line
            for line, share in zip(lines, shares, strict=True)
            if share >= tuned.NEAR_BEST * best
        ][:_ALIGNED]
    ]
    return min(found, key=len, default=[])


class _Alignment:
    """The words of a claim beside those of one sentence."""

    def __init__(self, claim: Sequence[Token], marks: Sequence[Span], line: Line) -> None:
        self.claim, self.theirs = claim, line.tokens
        self.keys = [t.key for t in line.tokens]
        self.stems = [_stem(t) for t in line.tokens]
        matcher = SequenceMatcher(None, [t.key for t in claim], self.keys, autojunk=False)
        self.blocks = matcher.get_matching_blocks()
        self.opcodes = matcher.get_opcodes()
        # Which word of the sentence each of ours stands for.
        self.twin = {b.a + n: b.b + n for b in self.blocks for n in range(b.size)}
        self.free = {n for n, t in enumerate(claim) if not any(a <= t.start < b for a, b in marks)}
        self.share = len(self.twin) / max(len(claim), 1)

    def changes(self, held: Collection[str]) -> list[Complaint]:
        found = self._opposites() or self._scales()
        if self.share >= tuned.VERBATIM_WORD and not found:
            found = self._other_words(held)
        found += self._dropped()
        return [*found, *self._added(held)]

    def _opposites(self) -> list[Complaint]:
        taken = set(self.twin.values())
        found = []
        for n, token in enumerate(self.claim):
            against = opposites_of(_stem(token))
            if n in self.twin or n not in self.free or not self._stands(n):
                continue
            first, last = self._gap(n)
            loose = self.share < tuned.VERBATIM_OPPOSITE
            flanked = not loose or self._is_flanked(n)
            for m, there in enumerate(self.stems):
                near = min(m - first if first >= 0 else last - m, last - m) <= tuned.FLANK
                within = flanked and near and first < m < last and there in against
                # "unlikely" for "likely" stands out wherever it is.
                prefixed = not within and are_by_prefix(fold(token.text), fold(self.theirs[m].text))
                if m in taken or not (prefixed or within) or self._is_turned(n, m):
                    continue
                if loose and not (prefixed or are_plain_opposites(_stem(token), there)):
                    continue
                shown = self.theirs[m].text
                reason = f"the passage has “{shown}” there, the opposite of “{token.text}”"
                found.append(Complaint("opposite", token.text, reason, instead=shown))
                break
        return found

    def _scales(self) -> list[Complaint]:
        """A number that goes up here and down in the sentence, wherever the word for it stands."""
        found = []
        for n, token in enumerate(self.claim):
            same = [m for m, t in enumerate(self.theirs) if t.value == token.value]
            if token.kind != "number" or n not in self.free or len(same) != 1:
                continue
            ours, theirs = _directions(self.claim, n), _directions(self.theirs, same[0])
            if len(ours) == 1 and len(theirs) == 1:
                (mine,), (there,) = ours, theirs
                if are_plain_opposites(_stem(mine), _stem(there)):
                    reason = f"the passage has “{there.text}” there, the opposite of “{mine.text}”"
                    found.append(Complaint("opposite", mine.text, reason, instead=there.text))
        return found

    def _gap(self, n: int) -> Span:
        """Between which words of the sentence our word `n` would stand."""
        before = next((self.twin[i] for i in range(n - 1, -1, -1) if i in self.twin), -1)
        behind = range(n + 1, len(self.claim))
        return before, next((self.twin[i] for i in behind if i in self.twin), len(self.theirs))

    def _stands(self, n: int) -> bool:
        """Whether the words around ours are those of the sentence too."""
        around = range(max(0, n - tuned.OPPOSITE_AMONG), n + tuned.OPPOSITE_AMONG + 1)
        same = (i for i in around if i in self.twin and is_content(self.claim[i]))
        return sum(1 for _ in same) >= (1 if self.share >= tuned.VERBATIM_WORD else 2)

    def _is_flanked(self, n: int) -> bool:
        """Whether a word of sense on each side of ours, near by, is one of the sentence, and the
        two stand as near together there."""
        sides = (range(n - 1, max(-1, n - tuned.FLANK - 1), -1),
                 range(n + 1, min(len(self.claim), n + tuned.FLANK + 1)))  # fmt: skip
        ends = [
            next((self.twin[i] for i in side if i in self.twin and is_content(self.claim[i])), None)
            for side in sides
        ]
        first, last = ends
        return first is not None and last is not None and 0 < last - first <= 2 * tuned.FLANK

    def _dropped(self) -> list[Complaint]:
        """A "likely" or a "refused to" that the sentence has before words that the claim took."""
        ours = {fold(t.text) for t in self.claim}
        keys = {t.key for t in self.claim if is_content(t)}
        hedged = any(t.kind == "hedge" for t in self.claim)
        turned = any(turns_around(t) for t in self.claim)
        taken = sorted(self.twin.values())
        back = {m: n for n, m in self.twin.items()}
        found = []
        for m, token in enumerate(self.theirs):
            hedge = token.kind == "hedge" and is_strong_hedge(token)
            if not (hedge or turns_around(token)) or fold(token.text) in ours:
                continue
            behind = [k for k in taken if m < k <= m + tuned.FLANK]
            if not behind or back[behind[0]] not in self.free:
                continue
            follows = self.theirs[m + 1 : behind[0]]
            if hedge:
                same = any(t.key in keys for t in self.theirs[max(0, m - tuned.FLANK) : m]) and (
                    any(is_content(self.theirs[k]) for k in behind) or len(behind) > 2
                )
                if same and not hedged:
                    found.append(Complaint("hedge", token.text, f"leaves out “{token.text}”"))
            elif (
                not turned
                and is_content(self.theirs[behind[0]])
                # "refused to side": what stands behind "dismissed" is not turned around. Sentences
                # that follow more closely are compared for a "not" by `wording`.
                and (
                    self.share < tuned.VERBATIM
                    if token.kind == "negation"
                    else [fold(t.text) for t in follows] == ["to"]
                )
                and all(t.kind == "stop" for t in follows)
            ):
                found.append(Complaint("negation", token.text, f"leaves out “{token.text}”"))
        return found

    def _is_turned(self, n: int, m: int) -> bool:
        """Whether a "not" before either, which the other lacks, makes them say the same."""
        ours, theirs = self.claim[max(0, n - 4) : n], self.theirs[max(0, m - 4) : m]
        mine, other = {t.key for t in self.claim}, set(self.keys)
        return any(turns_around(t) and t.key not in other for t in ours) or any(
            turns_around(t) and t.key not in mine for t in theirs
        )

    def _other_words(self, held: Collection[str]) -> list[Complaint]:
        """A word in the place of another one that is of no sense near to it."""
        found = []
        for tag, a, b, c, d in self.opcodes:
            inside = a > 0 and b < len(self.claim)
            if tag != "replace" or not inside or b - a > 2 or d - c > 3:
                continue
            theirs = [t for t in self.theirs[c:d] if t.kind == "word"]
            for n in range(a, b):
                token = self.claim[n]
                if n not in self.free or token.kind != "word" or is_reporting(token):
                    continue
                if not theirs or token.key in held:
                    continue
                if any(are_related(token.key, k) for k in self.keys):
                    continue
                if any(are_of_one_side(token.key, t.key) for t in theirs):
                    continue
                shown = " ".join(t.text for t in self.theirs[c:d])
                reason = f"the passage has “{shown}” there, not “{token.text}”"
                found.append(Complaint("word", token.text, reason, instead=shown))
        return found

    def _added(self, held: Collection[str]) -> list[Complaint]:
        """A run of words that the sentence has not, most of which no passage has."""
        anchored = {
            b.a + n
            for b in self.blocks
            if any(is_content(t) for t in self.claim[b.a : b.a + b.size])
            for n in range(b.size)
        }
        runs: list[list[Token]] = [[]]
        for n, token in enumerate(self.claim):
            if n in anchored or n not in self.free:
                runs.append([])
            elif token.kind != "stop" and fold(token.text) not in _META:
                runs[-1].append(token)
        added = [run for run in runs if run and self._is_new(run, held)]
        own = {t for run in added for t in run}
        rest = [n for n, t in enumerate(self.claim) if is_content(t) and t not in own]
        followed = sum(n in anchored for n in rest)
        if not added or followed < tuned.ADDED_TO * len(rest):
            return []
        shown = [" ".join(t.text for t in run) for run in added]
        return [
            Complaint("added", words, f"no passage that is cited says this: “{words}”")
            for words in shown
        ]

    def _is_new(self, run: Sequence[Token], held: Collection[str]) -> bool:
        new = [t for t in run if not _is_known(t.key, held)]
        # What stands there instead: "has avoided" for "has steered clear of".
        first, last = self._gap(next(n for n, t in enumerate(self.claim) if t is run[0]))
        instead = sum(is_content(t) for t in self.theirs[first + 1 : last])
        enough = tuned.ADDED_NEW + (min(instead, 1) if len(run) == tuned.ADDED_NEW else 0)
        return len(new) >= enough and len(new) >= tuned.ADDED_SHARE * len(run)


def _directions(found: Sequence[Token], place: int) -> tuple[Token, ...]:
    """The words near a number that say up or down, if they all say the same."""
    near = found[max(0, place - tuned.FLANK) : place + tuned.FLANK + 1]
    words = [t for t in near if t.kind == "word" and is_direction(t.key)]
    return tuple(words[:1]) if all(are_of_one_side(words[0].key, t.key) for t in words) else ()


def _stem(token: Token) -> str:
    """Its key; of a hedge, whose key is the word, that word's stem."""
    return key_of(token.text) if token.kind == "hedge" else token.key


def _is_known(key: str, held: Collection[str]) -> bool:
    return key in held or is_held(key, held) or any(are_related(key, other) for other in held)
