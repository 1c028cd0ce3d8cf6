"""Speakers are told apart and put together, and the same report counts once."""

from collections.abc import Sequence

import pytest

from rag.answer.ledger import (
    Said,
    count_independent,
    denies,
    group_by_speaker,
    rank_by_topic,
    rank_statements,
)
from rag.models import Match, Read
from rag.statements.voices import find_speakers, is_same_speaker
from rag.types import Statement

SPEAKERS = [
    ("Antony Blinken", "US Secretary of State", 3),
    ("Khaled Meshal", "senior Hamas leader", 2),
    ("Hillary Clinton", None, 5),
    ("Bill Clinton", "former president", 2),
    ("three sources close to the Lebanese group", None, 1),
    ("a Hezbollah commander", None, 1),
    ("Ali Shamkhani", "political adviser to the supreme leader", 1),
    ("Ali Khamenei", "Iran’s supreme leader", 4),
]


def say(
    content: str,
    speaker: str = "Anna Berg",
    *,
    document: str = "a.txt",
    via: tuple[str, ...] = (),
    cue: str = "said",
    outlet: str | None = None,
) -> Statement:
    return Statement(
        document, 0, 10, speaker, None, cue, content, "indirect", via=via, outlet=outlet
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Blinken", "Antony Blinken", True),
        ("US Secretary of State Antony Blinken", "Antony Blinken", True),
        ("Mr. Blinken", "Blinken", True),
        ("J. Finer", "Jon Finer", True),
        ("Hillary Clinton", "Bill Clinton", False),
        ("Clinton", "the Clinton campaign", False),
        ("a Hezbollah commander", "Hezbollah", False),
        ("the commander", "the Commander", True),
    ],
)
def test_names_of_one_speaker(one: str, other: str, same: bool) -> None:
    assert is_same_speaker(one, other) is same
    assert is_same_speaker(other, one) is same


def test_other_spellings_of_a_name_are_folded() -> None:
    assert not is_same_speaker("Khaled Meshaal", "Khaled Meshal")
    assert is_same_speaker("Khaled Meshaal", "Khaled Meshal", variants={"meshaal": "meshal"})


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Blinken", ["Antony Blinken"]),
        ("Antony Blinken", ["Antony Blinken"]),
        ("Clinton", ["Hillary Clinton", "Bill Clinton"]),
        ("Bill Clinton", ["Bill Clinton"]),
        ("the Hezbollah commander", ["a Hezbollah commander"]),
        ("the supreme leader", ["Ali Khamenei"]),
        ("Emmanuel Macron", []),
        ("", []),
    ],
)
def test_who_is_asked_for(wanted: str, found: list[str]) -> None:
    assert find_speakers(wanted, SPEAKERS) == found


def test_one_voice_a_speaker_under_the_fullest_name() -> None:
    ranked = [Said(say("it rained", "Blinken"), 0.9), Said(say("it snowed", "Reed"), 0.8),
              Said(say("it cleared", "Antony Blinken"), 0.7)]  # fmt: skip
    voices = group_by_speaker(ranked)
    assert [(v.name, len(v.said)) for v in voices] == [("Antony Blinken", 2), ("Reed", 1)]


def test_a_report_that_two_documents_carry_is_one_source() -> None:
    words = "the fighters were not on alert in villages near the border"
    assert count_independent([say(words), say(f"{words} at all", document="b.txt")]) == 1
    assert count_independent([say(words), say("nobody was warned", document="b.txt")]) == 2
    agency = [
        say("nobody was warned", via=("Reuters",)),
        say("all were told", "Reuters", document="b.txt"),
    ]
    assert count_independent(agency) == 1
    assert count_independent([]) == 0


def test_people_who_are_named_each_speak_for_themselves() -> None:
    words = "that the road in front of the school should be widened"
    named = [say(words, f"Ann {n}", document=f"{n}.txt") for n in ("Adler", "Brook", "Usher")]
    assert count_independent(named) == 3
    assert count_independent([say(words, "Ann Adler"), say("no more cars", "Paul Brook")]) == 2
    assert count_independent([say(words, "Ann Adler"), say(words, "Adler", document="b.txt")]) == 1


def test_the_words_asked_for_rank_first_and_of_equals_the_shorter() -> None:
    said = [
        say("that taxes rose, whereas Reed said in May that the harbour was shut for repairs"),
        say("the harbour was shut for repairs", "Reed", document="b.txt"),
        say("nothing of the kind", "Finer", document="c.txt"),
    ]
    ranked = rank_statements(said, terms=("harbour", "shut"), rarity={})
    assert [s.statement.speaker for s in ranked] == ["Reed", "Anna Berg", "Finer"]
    assert rank_statements([], terms=(), rarity={}) == []


def test_what_is_told_in_other_words_is_found_by_how_near_it_comes() -> None:
    said = [say("the harbour was busy"), say("the port will not open again", document="b.txt")]
    read = [0.70, 0.88]
    ranked = rank_statements(said, terms=("harbour", "closed"), rarity={}, read=lambda _: read)
    assert [s.statement.document_id for s in ranked] == ["b.txt", "a.txt"]
    one = rank_statements(said, terms=("harbour",), rarity={}, read=lambda _: read[:1], most=1)
    assert [s.statement.document_id for s in one] == ["a.txt"]


def later(
    query: str, sentences: Sequence[tuple[str, int, int]], spoken: Sequence[str] = ()
) -> list[tuple[Read, Match]]:
    """Reads the sentences of later documents as nearer."""
    assert query
    assert not spoken
    return [(Read(Match(0.5 + ord(name[0]) / 1000)), Match()) for name, _, _ in sentences]


def test_a_topic_ranks_either_side() -> None:
    said = [say("no"), say("the harbour has been shut for a very long time", document="b.txt")]
    ranked = rank_by_topic("harbour", said, terms=("harbour",), rarity={}, read=later)
    assert [s.statement.document_id for s in ranked] == ["b.txt", "a.txt"]
    assert rank_by_topic("harbour", said[:1], terms=("harbour",), rarity={})[0].score == 0


@pytest.mark.parametrize(
    ("cue", "content", "denied"),
    [
        ("denied", "any involvement", True),
        ("said", "it was not involved", True),
        ("said", "there is no evidence", True),
        ("said", "it knew", False),
        ("reported", "that officials helped", False),
    ],
)
def test_a_denial_is_seen(cue: str, content: str, denied: bool) -> None:
    assert denies(say(content, cue=cue)) is denied
