"""How likely a sentence answers: each feature moves it the way that a reader would say."""

from dataclasses import replace
from typing import Any

import pytest

from rag import tuned
from rag.answer.likelihood import Features, likelihood
from rag.models import Match

NEAR = Features(
    sentence=Match(0.84, 0.82, 0.7),
    passage=Match(0.86, 0.85, 0.75),
    covers=0.6,
    passage_covers=0.9,
    found=1.0,
    fits=True,
    asks=False,
)


def test_a_sentence_that_comes_near_is_likely_and_one_that_does_not_is_not() -> None:
    assert likelihood(NEAR) > 0.5
    assert likelihood(replace(NEAR, sentence=Match(0.7, 0.6, 0.4), covers=0.1)) < 0.1


@pytest.mark.parametrize(
    "change",
    [
        {"sentence": Match(0.80, 0.82, 0.7)},
        {"sentence": Match(0.84, 0.70, 0.7)},
        {"sentence": Match(0.84, 0.82, 0.3)},
        {"passage": Match(0.86, 0.70, 0.75)},
        {"covers": 0.2},
        {"passage_covers": 0.3},
        {"found": 0.4},
        {"fits": False},
        {"asks": True},
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_each_feature_moves_it(change: dict[str, Any], read: bool) -> None:
    if not read and not {"sentence", "passage"}.isdisjoint(change):
        return  # where nothing reads sentences there are no such features
    features = NEAR if read else replace(NEAR, sentence=None, passage=None)
    assert likelihood(replace(features, **change)) < likelihood(features)


def test_the_table_names_every_feature() -> None:
    assert len(tuned.ANSWERS) == len(NEAR.values()) + 1
    assert tuned.ANSWERS[-1][0] == tuned.ANSWERS_BY_WORDS[-1][0] == "1"
