"""How a question is asked, learnt from examples: its kind, and which of its words are about what.

A softmax over the question's vector and its words says the kind, a logistic regression over each
word and its neighbours which stretch of the question is its topic, its speaker, its documents or a
side of a comparison. `learnt.npz` holds the weights; `benchmarks/wordings.py` makes it of
`benchmarks/wordings.jsonl`: questions that writers made up who knew neither this program nor each
other's. Knows no index, no rule and no engine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rag import tuned
from rag.language import LANGUAGE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("learnt.npz")
SLOTS = ("topic", "speaker", "documents", "one", "other")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Reading:
    """The likeliest kind and how likely it is (0 to 1), and the parts of the question, each copied
    from it, "" where it has none; `one` and `other` are the sides of a comparison.
    """

    kind: str
    likely: float
    topic: str = ""
    speaker: str = ""
    documents: str = ""
    one: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """`kinds` in order; a row of `kind_weights` for each number of a vector and then each of
    `features`; a row of `slot_weights` for each of `word_features`, a column for each of `SLOTS`.

    `model` names the embedder whose vectors these are.
    """

    model: str
    kinds: Sequence[str]
    features: dict[str, int]
    kind_weights: "Vectors"
    bias: "Vectors"
    word_features: dict[str, int]
    slot_weights: "Vectors"

    def read(self, question: str, vector: "Vectors") -> Reading:
        """How `question` (of the unit `vector`) is asked."""
        import numpy as np

        size = len(vector)
        found = [self.features[f] for f in question_features(question) if f in self.features]
        logits = tuned.LEARNT_VECTOR * vector @ self.kind_weights[:size] + self.bias
        logits += tuned.LEARNT_WORD * self.kind_weights[[size + n for n in sorted(found)]].sum(
            axis=0
        )
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        best = int(np.argmax(shares))
        kind = self.kinds[best]
        return Reading(kind, float(shares[best]), **self._read_slots(question, kind))

    def _read_slots(self, question: str, kind: str) -> dict[str, str]:
        import numpy as np

        tokens = find_tokens(question)
        logits = np.zeros((len(tokens), len(SLOTS)), dtype=np.float32)
        for place in range(len(tokens)):
            features = token_features(question, tokens, place, kind)
            rows = [self.word_features[f] for f in features if f in self.word_features]
            logits[place] = self.slot_weights[rows].sum(axis=0)
        found = {}
        for column, slot in enumerate(SLOTS):
            start, end = _best_run(logits[:, column].tolist())
            found[slot] = question[tokens[start][0] : tokens[end - 1][1]] if end > start else ""
        return found


@lru_cache(maxsize=1)
def load() -> Weights:
    """The weights as shipped."""
    import numpy as np

    with np.load(WEIGHTS) as kept:
        named = {n: bytes(kept[n]).decode().split("\n") for n in ("kinds", "features", "words")}
        return Weights(
            bytes(kept["model"]).decode(),
            named["kinds"],
            {f: n for n, f in enumerate(named["features"])},
            kept["kind_weights"].astype(np.float32),
            kept["bias"].astype(np.float32),
            {f: n for n, f in enumerate(named["words"])},
            kept["slot_weights"].astype(np.float32),
        )


def find_tokens(question: str) -> list[tuple[int, int]]:
    """(start, end) of each word and mark of a question."""
    return [match.span() for match in _TOKEN.finditer(question)]


def question_features(question: str) -> set[str]:
    """Which words a question has, which two beside each other, and what it starts with."""
    small = ["^", *(_fold(question[s:e]) for s, e in find_tokens(question)), "$"]
    words = {f"w {word}" for word in small[1:-1]}
    pairs = {f"b {one} {two}" for one, two in pairwise(small)}
    starts = {f"s {' '.join(small[1 : 1 + n])}" for n in (1, 2, 3)}
    return words | pairs | starts


def token_features(
    question: str, tokens: Sequence[tuple[int, int]], place: int, kind: str
) -> list[str]:
    """What is known of the word at `place` of a question of `kind`: itself, its neighbours, where
    it stands."""

    def at(n: int) -> str:
        if not 0 <= n < len(tokens):
            return "^" if n < 0 else "$"
        return _fold(question[slice(*tokens[n])])

    def sort_of(n: int) -> str:
        if not 0 <= n < len(tokens):
            return "^" if n < 0 else "$"
        word = question[slice(*tokens[n])]
        if not word[0].isalnum() or word.isdigit():
            return "." if not word[0].isalnum() else "0"
        small = "l" if _fold(word) in LANGUAGE.stop_words.words else "w"
        return "C" if n and word[0].isupper() else small

    start, end = min(place, 4), min(len(tokens) - place, 4)
    here, left, right = at(place), at(place - 1), at(place + 1)
    sorts = "".join(sort_of(n) for n in range(place - 2, place + 3))
    return [
        "bias", f"0 {here}", f"-1 {left}", f"+1 {right}", f"-2 {at(place - 2)}",
        f"+2 {at(place + 2)}", f"-3 {at(place - 3)}", f"+3 {at(place + 3)}",
        f"-10 {left} {here}", f"01 {here} {right}", f"-21 {at(place - 2)} {left}",
        f"k {kind}", f"k0 {kind} {here}", f"k-1 {kind} {left}", f"k+1 {kind} {right}",
        f"k-2 {kind} {at(place - 2)}", f"k+2 {kind} {at(place + 2)}",
        f"c {sorts}", f"c3 {sorts[1:4]}", f"c1 {sorts[2]}", f"kc {kind} {sorts[1:4]}",
        f"kc1 {kind} {sorts[2]}", f"c-1 {left} {sorts[2:4]}", f"c+1 {sorts[1:3]} {right}",
        f"start {start}", f"end {end}", f"ks {kind} {start}", f"ke {kind} {end}",
    ]  # fmt: skip


def _fold(word: str) -> str:
    return "0" if word.isdigit() else word.lower().replace("’", "'")


def _best_run(scores: Sequence[float]) -> tuple[int, int]:
    """[start, end) of the run with the largest sum; (0, 0) if none is above 0."""
    best, found = 0.0, (0, 0)
    total, start = 0.0, 0
    for place, score in enumerate(scores):
        if total <= 0:
            total, start = 0.0, place
        total += score
        if total > best:
            best, found = total, (start, place + 1)
    return found
