"""A sentence that follows a passage but for a word or a clause says something else."""

import pytest

from rag.check.support import check_claim, read_source
from rag.language.lexicon import are_of_one_side, are_related, opposites_of
from rag.language.stems import key_of
from rag.types import Document, Evidence, Passage

TEXT = (
    "Profits at the Kelvik shipyard rose by a third before the strike, and most of the workers "
    "supported the new contract. The council approved the harbour wall in its first meeting. "
    "The mayor said she was likely to win the vote. All boats were out when the last "
    "storm of the winter began."
)
DOCUMENT = Document("a.txt", "Kelvik", None, None, TEXT, "0" * 64)
SOURCE = read_source(Evidence(1, Passage("a.txt", 0, len(TEXT), TEXT)), DOCUMENT)


def complaints(text: str) -> list[tuple[str, str]]:
    found = check_claim(text, cited=[SOURCE])
    return [(c.kind, c.text) for c in found if c.kind in ("opposite", "word", "added")]


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        # Of each kind of opposite, in other forms too.
        ("Profits at the Kelvik shipyard fell by a third before the strike.", "opposite", "fell"),
        ("Profits at the Kelvik shipyard rose by a third after the strike.", "opposite", "after"),
        ("Few of the workers supported the new contract.", "opposite", "Few"),
        ("Most of the workers opposed the new contract.", "opposite", "opposed"),
        ("The council rejected the harbour wall in its first meeting.", "opposite", "rejected"),
        ("The council approved the harbour wall in its last meeting.", "opposite", "last"),
        ("The mayor said she was unlikely to win the vote.", "opposite", "unlikely"),
        ("The mayor said he was likely to win the vote.", "opposite", "he"),
        ("All boats were out when the last storm of the winter ended.", "opposite", "ended"),
        # Another word, of no sense near to it.
        ("The council painted the harbour wall in its first meeting.", "word", "painted"),
        # A clause that no passage has.
        (
            "The council approved the harbour wall in its first meeting, to the dismay of several "
            "shopkeepers.",
            "added",
            "dismay several shopkeepers",
        ),
    ],
)
def test_a_word_for_another_or_a_clause_of_its_own_is_told(text: str, kind: str, word: str) -> None:
    assert (kind, word) in complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "Profits at the Kelvik shipyard rose by a third before the strike.",
        "Profits at the Kelvik shipyard increased by a third before the strike.",  # its sense
        "The council agreed to the harbour wall in its first meeting.",
        "Before the strike, profits at the shipyard were up by a third.",
        # Words of its own, in a sentence that follows none closely.
        "The yard earned more; people on the quay were glad of it.",
        "The mayor expects to win.",
    ],
)
def test_other_words_for_the_same_are_let_be(text: str) -> None:
    assert complaints(text) == []


def test_a_not_beside_an_opposite_says_the_same() -> None:
    text = "Most of the workers did not oppose the new contract."
    assert not [c for c in complaints(text) if c[0] == "opposite"]


def test_a_quotation_that_stands_there_is_left_to_its_own_check() -> None:
    said = "“It fell,” she said, of what rose."
    source = read_source(
        Evidence(1, Passage("b.txt", 0, len(said), said)),
        Document("b.txt", "", None, None, said, "1" * 64),
    )
    found = check_claim("“It fell,” she said, of what rose.", cited=[source])
    assert [c for c in found if c.kind in ("opposite", "word")] == []


def test_the_dictionary_knows_other_forms_and_senses() -> None:
    assert key_of("fell") in opposites_of(key_of("rose"))
    assert key_of("rose") in opposites_of(key_of("fell"))
    assert "acquit" in opposites_of("convict")
    assert are_of_one_side(key_of("rose"), key_of("grew"))
    assert not are_of_one_side(key_of("rose"), key_of("fell"))
    assert are_related("begin", "start")
    assert are_related("start", "begin")
    assert not are_related("begin", "harbour")
    assert opposites_of("harbour") == frozenset()
