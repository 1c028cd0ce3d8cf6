"""How likely a sentence answers a question: a calibrated probability. Knows no evidence's numbers.

A logistic regression over nine features that can be read in one table (`tuned.ANSWERS`), learnt by
benchmarks/answering.py on questions asked twice: in full, where the sentences that overlap the
evidence are right, and with the evidence's documents left out, where none is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.models import Match


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one sentence.

    `sentence` and `passage` are how near the sentence, and the passage around it, come to the
    question (None where nothing reads them), `covers` and `passage_covers` the shares of the
    question's words, by rarity, that they hold, `found` the passage's share of the best one's
    score, `fits` whether it has the number or day that is asked for, `asks` whether it asks itself.
    """

    sentence: Match | None
    passage: Match | None
    covers: float
    passage_covers: float
    found: float
    fits: bool
    asks: bool

    def values(self) -> tuple[float, ...]:
        """The features as numbers, in the order of `tuned.ANSWERS`."""
        s, p = self.sentence or Match(), self.passage or Match()
        return (
            s.whole, s.telling, s.least, p.telling, self.covers, self.passage_covers, self.found,
            float(self.fits), float(self.asks),
        )  # fmt: skip


def likelihood(features: Features) -> float:
    """The probability that it answers, 0 to 1."""
    if features.sentence is None:  # nothing reads sentences: their words alone decide
        values = (features.covers, features.passage_covers, features.found,
                  float(features.fits), float(features.asks))  # fmt: skip
        return _logistic(tuned.ANSWERS_BY_WORDS, values)
    return _logistic(tuned.ANSWERS, features.values())


def _logistic(weights: Sequence[tuple[str, float]], values: Sequence[float]) -> float:
    """`weights` are (feature, weight), the last one of the constant 1."""
    total = sum(w * v for (_, w), v in zip(weights, (*values, 1.0), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))
