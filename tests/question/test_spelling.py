"""Spelling is mended and variants are found with what the corpus itself shows."""

import pytest

from rag import Assistant
from rag.language.stems import skeleton
from rag.question.spelling import (
    WordList,
    find_variants,
    is_general,
    is_known,
    is_slip,
    respell,
)

WORDS = WordList({"hezbollah": 4, "trained": 2, "commander": 1, "attack": 9, "jews": 1})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hezbolah", "hezbollah"), ("comander", "commander"), ("atack", "attack"),
        ("wat", "what"), ("teh", "the"),
        ("jets", None), ("macron", None), ("x", None), ("a1b2c3", None),
    ],
)  # fmt: skip
def test_a_word_is_mended_only_to_a_near_one(typed: str, meant: str | None) -> None:
    assert respell(typed, WORDS) == meant


@pytest.mark.parametrize(
    "word",
    ["prison", "many", "bride", "obama", "slovakia", "poisoned", "stopped", "wardrobes", "the"],
)
def test_words_of_english_are_known_without_a_document(word: str) -> None:
    assert is_general(word)


@pytest.mark.parametrize("word", ["comander", "hezbolah", "atack", "goverment", "abuot", "xqzzt"])
def test_mistyped_words_are_no_english(word: str) -> None:
    assert not is_general(word)


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("hezbolah", "hezbollah", True), ("khameneii", "khamenei", True),
        ("netanyhau", "netanyahu", True), ("johnstn", "johnston", True),
        ("hizbolah", "hizballah", True), ("petersen", "peterson", False),
        ("larsen", "larson", False), ("rahmani", "rahman", False), ("osama", "obama", False),
    ],
)  # fmt: skip
def test_fingers_slip_in_few_ways(typed: str, meant: str, slip: bool) -> None:
    assert is_slip(typed, meant) == slip


def test_other_inflections_are_known() -> None:
    assert is_known("training", WORDS)
    assert not is_known("tramway", WORDS)


@pytest.mark.parametrize(
    ("one", "two"),
    [("hezbollah", "hizballah"), ("soleimani", "sulaymani"), ("qassem", "kasem"),
     ("khamenei", "khameneii")],
)  # fmt: skip
def test_spellings_of_one_name_have_one_skeleton(one: str, two: str) -> None:
    assert skeleton(one) == skeleton(two)


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("hezbollah", ["hizballah"]),
        ("meshaal", ["meshal"]),
        ("soleimani", ["sulaymani"]),
        ("khamenei", []),  # "common" has its consonants and none of its company
        ("michael", []),
        ("war", []),
    ],
)
def test_variants_are_learnt_from_the_corpus(
    assistant: Assistant, name: str, variants: list[str]
) -> None:
    vocabulary = assistant.index.open()[1].vocabulary()
    assert find_variants(name, vocabulary) == variants


def test_a_variant_must_keep_the_same_company() -> None:
    texts = (
        "The envoy Adel Marsham spoke in the harbour town of Kelvik on Monday.",
        "In Kelvik the envoy Adel Marshem spoke again in the harbour.",
        "A field called Mershom lies fallow.",
    )
    words = WordList({"marsham": 1, "marshem": 1, "mershom": 1}, texts=texts)
    assert find_variants("marsham", words) == ["marshem"]
