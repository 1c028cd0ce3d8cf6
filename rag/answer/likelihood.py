"""Which sentence answers a question best, and how likely it does. Knows no evidence's numbers.

Two sets of weights over thirteen features, each to be read in one table and learnt by
benchmarks/answering.py on questions asked twice: in full, where the sentences that overlap the
evidence are right, and with the evidence's documents left out, where none is. `tuned.RANKS` orders
the sentences of one question (a softmax over them): one regression that does both was right at
first .54 of the time, over six sets each left out of the learning, and two are .59.
`tuned.ANSWERS` says how likely the best one answers, a calibrated probability.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.models import Match, Read


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one sentence.

    `sentence` and `passage` are how near the sentence, and the passage around it, come to the
    question (None where nothing reads them), `covers` and `passage_covers` the shares of the
    question's words, by rarity, that they hold, `found` the passage's share of the best one's
    score, `fits` whether it has the number or day, the name, the reason that is asked for (1, -1,
    or 0 where none is), `asks` whether it asks itself.
    """

    sentence: Read | None
    passage: Match | None
    covers: float
    passage_covers: float
    found: float
    fits: tuple[float, float, float]
    asks: bool

    def values(self) -> tuple[float, ...]:
        """The features as numbers, in the order of `tuned.ANSWERS`."""
        read, p = self.sentence or Read(), self.passage or Match()
        s, around = read.alone, read.around
        return (
            s.whole, s.telling, s.least, around.whole, around.telling, p.telling, self.covers,
            self.passage_covers, self.found, *self.fits, float(self.asks),
        )  # fmt: skip


def nearness(features: Features) -> float:
    """By how much it answers better than another sentence for the same question: a difference of
    1 is odds of e. Means nothing across questions."""
    if features.sentence is None:
        return _by_words(features)
    return _total(tuned.RANKS, features.values())


def likelihood(features: Features) -> float:
    """The probability that it answers, 0 to 1."""
    if features.sentence is None:
        total = _by_words(features)
    else:
        total = _total(tuned.ANSWERS, (*features.values(), 1.0))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def _by_words(features: Features) -> float:
    """The log-odds where nothing reads sentences: their words alone decide."""
    values = (features.covers, features.passage_covers, features.found,
              *features.fits, float(features.asks), 1.0)  # fmt: skip
    return _total(tuned.ANSWERS_BY_WORDS, values)


def _total(weights: Sequence[tuple[str, float]], values: Sequence[float]) -> float:
    """`weights` are (feature, weight), that of the constant 1 the last one where there is one."""
    return sum(w * v for (_, w), v in zip(weights, values, strict=True))
