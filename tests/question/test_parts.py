"""Questions of several parts are taken apart; others are left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import tuned
from rag.question.parts import find_dates, nearby_days, split_parts

OUTLETS = (
    "Fortune", "TechCrunch", "The Age", "The Guardian", "The Independent - Life and Style",
    "The Verge",
)  # fmt: skip


def read(question: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(p.text, p.outlets, p.dates) for p in split_parts(question, OUTLETS)]


def test_each_outlet_is_asked_its_own_part() -> None:
    assert read(
        "What does The Verge say about the trial, while TechCrunch reports on the bankruptcy?"
    ) == [
        ("What does say about the trial", ("The Verge",), ()),
        ("reports on the bankruptcy", ("TechCrunch",), ()),
    ]


def test_an_outlet_named_before_its_subject_is_asked_about_it() -> None:
    found = read(
        "After the report by The Age on October 22, 2023, discussing fair searching, did"
        " TechCrunch write about the antitrust suit?"
    )
    assert found[0] == ("discussing fair searching", ("The Age",), ("2023-10-22",))
    assert found[1][1] == ("TechCrunch",)


def test_a_part_without_an_outlet_is_asked_of_all_that_are_named() -> None:
    found = read(
        "Which company, as reported by both TechCrunch and The Verge, has spent billions on its"
        " search deals and is also accused of harming publishers?"
    )
    assert {p[1] for p in found[:2]} == {("TechCrunch", "The Verge")}
    assert [p[1] for p in found[2:]] == [("TechCrunch",), ("The Verge",)]


def test_according_to_points_back() -> None:
    found = read("Who ran the exchange that failed, according to Fortune, and who was sued?")
    assert found[0][1] == ("Fortune",)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs the exchange?",
        "How many fighters does the group have, and did they train abroad?",
        "What did the fortune of the age bring?",  # no outlet is written like that
        "Which newspaper, the oldest, closed?",
    ],
)
def test_a_plain_question_has_no_parts(question: str) -> None:
    assert read(question) == []


def test_a_second_interrogative_opens_a_second_part() -> None:
    assert [p[0] for p in read("How much is paid each year, and who received the money?")] == [
        "How much is paid each year",
        "who received the money",
    ]


def test_what_is_claimed_is_never_taken_apart() -> None:
    claim = "The Guardian report was wrong, and that TechCrunch, Fortune and The Age knew"
    assert not split_parts(f"Who said that {claim}?", ("Wired",), claim=claim)
    assert split_parts("Who said the Verge is near?", OUTLETS, claim="the Verge is near") == ()


@pytest.mark.parametrize(
    ("named", "outlet"),
    [
        ("a Guardian article", "The Guardian"),
        ("according to 'The Independent'", "The Independent - Life and Style"),
        ("The Independent - Life and Style reported", "The Independent - Life and Style"),
        ("as reported by Fortune", "Fortune"),
    ],
)
def test_outlets_are_known_by_their_short_names(named: str, outlet: str) -> None:
    (part,) = split_parts(f"What was found, {named}?", OUTLETS)
    assert part.outlets == (outlet,)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on October 22, 2023, and Nov. 6 2023", ("2023-10-22", "2023-11-06")),
        ("on 7 October", ("....-10-07",)),
        ("on 2023-11-01", ("2023-11-01",)),
        ("in May, may 1990", ()),
    ],
)
def test_days_are_read_as_iso_8601(text: str, days: tuple[str, ...]) -> None:
    assert find_dates(text) == days


def test_a_day_is_searched_with_its_neighbours() -> None:
    assert nearby_days("2024-03-01") == ("2024-02-29", "2024-03-01", "2024-03-02")
    assert nearby_days("....-10-07") == ("....-10-07",)
    assert nearby_days("2023-02-31") == ("2023-02-31",)


def test_an_endless_question_has_a_few_parts() -> None:
    question = "What happened, " + ", and what did the harbour master close" * 80
    assert len(read(question)) <= tuned.MAX_PARTS


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_any_text_can_be_taken_apart(text: str, outlets: list[str]) -> None:
    for part in split_parts(text, outlets):
        assert set(part.outlets) <= set(outlets)
