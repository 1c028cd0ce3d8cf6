"""Late interaction: what is kept of a text's words is small, and answers as the whole would."""

import numpy as np
import pytest

from rag.models import LateInteraction, Read
from rag.models.late import Tokens, match_spans, score_tokens

TEXT = (
    "Interest rates rose on Tuesday. The group said (again!) that the attack took it by surprise."
)
QUESTION = "Who was startled by the offensive?"


@pytest.fixture(scope="module")
def late() -> LateInteraction:
    return LateInteraction()


def test_what_is_kept_comes_back_as_it_was_and_is_small(late: LateInteraction) -> None:
    (tokens,) = late.encode_texts([TEXT])
    again = Tokens.from_bytes(tokens.to_bytes())
    np.testing.assert_array_equal(again.starts, tokens.starts)
    np.testing.assert_array_equal(again.codes, tokens.codes)
    assert len(tokens.to_bytes()) == 66 * len(tokens.starts)
    # A word each, and none for marks of punctuation.
    words = [TEXT[start] for start in tokens.starts[2:]]
    assert all(w.isalnum() for w in words)
    assert np.linalg.norm(tokens.vectors, axis=1) == pytest.approx(1, abs=0.12)


def test_four_bits_a_dimension_change_a_score_by_less_than_texts_differ(
    late: LateInteraction,
) -> None:
    asked = late.encode_query(QUESTION)
    whole = late._project(TEXT, late._TEXT)
    exact = float((asked.vectors @ whole.T).max(axis=1).mean())
    (kept,) = score_tokens(asked, late.encode_texts([TEXT]))
    assert kept == pytest.approx(exact, abs=0.02)


def test_the_sentence_that_answers_comes_nearer_and_is_read_within_its_text(
    late: LateInteraction,
) -> None:
    asked = late.encode_query(QUESTION)
    (tokens,) = late.encode_texts([TEXT])
    end = TEXT.index(".") + 1
    whole, (first, second, nothing) = match_spans(
        asked, tokens, [(0, end), (end, len(TEXT)), (end, end + 1)]
    )
    assert second.alone.whole > first.alone.whole + 0.05
    assert second.alone.telling > first.alone.telling
    assert whole.whole >= max(first.alone.whole, second.alone.whole)
    assert second.alone.least <= second.alone.telling
    assert first.around.whole > first.alone.whole  # the second stands behind it
    assert nothing == Read()


def test_what_stands_over_a_sentence_counts_for_it(late: LateInteraction) -> None:
    asked = late.encode_query("When did Charlie Crist play quarterback?")
    said = "I used to play quarterback just down the road from here."
    text, title, other = late.encode_texts([said, "Speech by Charlie Crist", "Fish prices"])
    spans = [(0, len(said))]
    _, (bare,) = match_spans(asked, text, spans)
    _, (named,) = match_spans(asked, text, spans, over=[title])
    _, (spoken,) = match_spans(asked, text, spans, spoken=[title])
    _, (elsewhere,) = match_spans(asked, text, spans, over=[other])
    assert named.alone.whole == pytest.approx(spoken.alone.whole)
    assert named.alone.whole > max(bare.alone.whole, elsewhere.alone.whole) + 0.02


def test_little_words_tell_nothing_unless_there_are_no_others(late: LateInteraction) -> None:
    asked = late.encode_query("Who was startled?")
    tokens = late._encoder.tokens("Who was startled?")
    assert [
        t for t, tells in zip([tokens[0], "", *tokens[1:]], asked.telling, strict=True) if tells
    ]
    assert not asked.telling[:4].any()  # [CLS], the marker, "who", "was"
    assert late.encode_query("Who is it?").telling.any()
    assert late.encode_query("").telling.any()


def test_an_empty_and_a_very_long_text_are_read(late: LateInteraction) -> None:
    empty, long = late.encode_texts(["", "word " * 5_000])
    assert len(empty.starts) == 2
    assert len(long.starts) <= 512
    assert len(score_tokens(late.encode_query(QUESTION), [empty, long])) == 2
