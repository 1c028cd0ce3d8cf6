"""Which sentence answers, and how likely: each feature moves it the way that a reader would say."""

from dataclasses import replace
from typing import Any

import pytest

from rag import tuned
from rag.answer.likelihood import Features, likelihood, nearness
from rag.models import Match, Read

CLOSE = Read(Match(0.84, 0.82, 0.7), Match(0.86, 0.84, 0.72))
NEAR = Features(
    sentence=CLOSE,
    passage=Match(0.86, 0.85, 0.75),
    covers=0.6,
    passage_covers=0.9,
    found=1.0,
    fits=(1.0, 1.0, 1.0),
    asks=False,
)
FURTHER = Read(Match(0.76, 0.74, 0.5), Match(0.78, 0.74, 0.55))


def test_a_sentence_that_comes_near_is_likely_and_one_that_does_not_is_not() -> None:
    assert likelihood(NEAR) > 0.45
    far = Read(Match(0.6, 0.5, 0.4), Match(0.65, 0.5, 0.4))
    assert likelihood(replace(NEAR, sentence=far, passage=Match(0.7, 0.6, 0.4))) < 0.1


# TABLE: a change for the worse, and which of the weights know of it.
WORSE: list[tuple[dict[str, Any], str]] = [
    ({"sentence": FURTHER}, "ranks answers"),
    ({"sentence": replace(FURTHER, around=CLOSE.around)}, "ranks answers"),
    ({"sentence": replace(CLOSE, around=FURTHER.around)}, "ranks answers"),
    ({"passage": Match(0.86, 0.70, 0.75)}, "answers"),
    ({"covers": 0.2}, "words"),
    ({"passage_covers": 0.3}, "answers words"),
    ({"found": 0.4}, "ranks answers words"),
    ({"fits": (-1.0, 1.0, 1.0)}, "ranks answers words"),
    ({"fits": (1.0, -1.0, 1.0)}, "ranks answers"),
    ({"fits": (1.0, 1.0, -1.0)}, "ranks answers"),
    ({"asks": True}, "words"),
]


@pytest.mark.parametrize(("change", "known"), WORSE)
@pytest.mark.parametrize("kind", ["ranks", "answers", "words"])
def test_each_feature_moves_it(change: dict[str, Any], known: str, kind: str) -> None:
    features = NEAR if kind != "words" else replace(NEAR, sentence=None, passage=None)
    measure = nearness if kind == "ranks" else likelihood
    worse = measure(replace(features, **change)) if kind in known else None
    assert worse is None or worse < measure(features)


def test_the_tables_name_every_feature() -> None:
    assert len(tuned.ANSWERS) == len(NEAR.values()) + 1
    assert [name for name, _ in tuned.RANKS] == [name for name, _ in tuned.ANSWERS[:-1]]
    assert tuned.ANSWERS[-1][0] == tuned.ANSWERS_BY_WORDS[-1][0] == "1"
