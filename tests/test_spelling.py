"""Spelling is mended and variants are found with what the corpus itself shows."""

import pytest

from rag import Assistant
from rag.spelling import WordList, find_variants, is_known, respell, skeleton

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
    vocabulary = assistant._open_index()[1].vocabulary()
    assert find_variants(name, vocabulary) == variants


def test_a_variant_must_keep_the_same_company() -> None:
    texts = (
        "The envoy Adel Marsham spoke in the harbour town of Kelvik on Monday.",
        "In Kelvik the envoy Adel Marshem spoke again in the harbour.",
        "A field called Mershom lies fallow.",
    )
    words = WordList({"marsham": 1, "marshem": 1, "mershom": 1}, texts=texts)
    assert find_variants("marsham", words) == ["marshem"]
