"""The table of kinds: which row reads a question, what it fills, who is asked."""

from pkgutil import resolve_name

import pytest

from rag.question.kinds import KINDS, SENTENCES, Kind, kind_named
from rag.question.query import read_query
from rag.question.spelling import WordList

NOBODY = WordList({})


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Compare what Anna Berg and Tom Reed said about boats.", "what X and Y said"),
        ("What did Anna Berg say about boats?", "what X said"),
        ("Who said boats sank?", "who said it"),
        ("What is the name of the woman who saw the boats?", "whose name"),
        ("What is their name for the Pleiades?", SENTENCES.name),  # a word, and nobody's name
        ("Do the documents agree on boats?", "what each document says"),
        ("How many boats sank?", SENTENCES.name),
    ],
)
def test_a_question_is_of_the_first_kind_that_reads_it(question: str, kind: str) -> None:
    assert read_query(question, vocabulary=NOBODY).kind == kind


def test_a_kind_fills_what_those_above_it_left() -> None:
    query = read_query("What did Anna Berg say that Tom Reed denied?", vocabulary=NOBODY)
    assert (query.kind, query.said_by) == ("what X said", ("Anna Berg",))
    both = read_query("Do the documents agree on who said boats sank?", vocabulary=NOBODY)
    assert (both.kind, both.who_said, both.every_document) == ("who said it", True, True)


def test_a_row_at_the_top_is_asked_first_and_leaves_the_rest_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = "Who said boats sank?"
    before = read_query(question, vocabulary=NOBODY)
    row = Kind("boats", lambda asked: {"claim": "all of them"} if "boats" in asked.text else None,
               SENTENCES.engine)  # fmt: skip
    monkeypatch.setattr("rag.question.kinds.KINDS", [row, *KINDS])
    after = read_query(question, vocabulary=NOBODY)
    assert (after.kind, after.claim) == ("boats", "all of them")
    assert (after.who_said, after.terms) == (before.who_said, before.terms)


def test_every_row_has_a_name_of_its_own_and_an_engine_that_is_there() -> None:
    rows = [*KINDS, SENTENCES]
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert callable(resolve_name(row.engine)), row.name
        assert kind_named(row.name) is row
