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
        # The same in other words.
        ("How many of the five documents mention Ann Adler?", "which documents"),
        ("Who says the boats sank, who denies it, and who says nobody knows?", "sides"),
        ("Did the boats sink on purpose? Who says yes and who says no?", "sides"),
        (
            "Which harbour officials said the boats would hold, and who warned they might sink?",
            "sides",
        ),
        ("Which harbour officials are named as having said something?", "who is quoted"),
        ("Which think-tank people and academics are quoted in these documents?", "who is quoted"),
        ("Which Bloomberg journalists asked Berg questions in 2022?", "who asked"),
        ("Trace where the boats were before and after the storm.", "timeline"),
        ("In what order did the boats sink?", "timeline"),
        ("Compare what Berg said about boats in April 2021 and in September 2021.", "comparison"),
        ("Compare how The Gazette and The Herald explain the storm.", "comparison"),
        ("How do the figures Berg gave in May 2022 compare with those in June 2022?", "comparison"),
        (
            "Compare the losses Berg gave in May 2022 with those she gave in June 2022.",
            "comparison",
        ),
        ("Which speeches and memos use the phrase “wet feet”?", "which documents"),
        ("In how many sets of Kelvik minutes do boats come up?", "documents of a kind"),
        ("How many articles did Gazette publish in May 2021?", "documents of a kind"),
        ("How many speeches has Governor Anna Berg given?", "documents of a kind"),
        ("How many documents does Anna Berg speak in?", "documents of a kind"),
        ("Which report on the boats was wrong?", SENTENCES.name),
        ("What happened when the boats sank?", SENTENCES.name),
        ("The boats, the storm, the trial: what happened when?", "timeline"),
        ("How many boats sank?", SENTENCES.name),
        ("How did the papers report Anna Berg's words about boats?", "how it was told"),
        ("How did the papers report the storm?", SENTENCES.name),
        ("How many times is the boat mentioned?", "how many times"),
        ("How often does Anna Berg say that boats sink?", SENTENCES.name),
        ("How many times did the boat sink?", SENTENCES.name),
        ("How often do boats appear in May?", SENTENCES.name),
        ("How many people are quoted in the minutes?", "how many speak"),
        ("How many people drowned?", SENTENCES.name),
        ("How many outlets mention the boat?", "how many outlets"),
        ("How many people said that the boat sank?", "how many said it"),
    ],
)
def test_a_question_is_of_the_first_kind_that_reads_it(question: str, kind: str) -> None:
    assert read_query(question, vocabulary=NOBODY).kind == kind


def test_a_kind_fills_what_those_above_it_left() -> None:
    query = read_query("What did Anna Berg say that Tom Reed denied?", vocabulary=NOBODY)
    assert (query.kind, query.said_by) == ("what X said", ("Anna Berg",))
    both = read_query("Do the documents agree on who said boats sank?", vocabulary=NOBODY)
    assert (both.kind, both.who_said, both.every_document) == ("who said it", True, True)


def test_whose_words_are_asked_for_is_told_from_how_and_when() -> None:
    for question, claim in (
        ("What did Jo Berg have to say on boats when she was asked about storms?", "boats"),
        ("What did Jo Berg say when she was asked about storms?", "storms"),
        ("What did Jo Berg say about the day when she was questioned?", "the day when she was"),
    ):
        query = read_query(question, vocabulary=NOBODY)
        assert query.said_by == ("Jo Berg",)
        assert query.claim.startswith(claim)


@pytest.mark.parametrize(
    "question",
    [
        "Which documents have terms of sale?",
        "Which reports use words like recession?",
        "Where does the article name the painter?",
        "Where do the reports talk about moving the factory?",
    ],
)
def test_not_every_word_is_a_phrase_that_is_counted(question: str) -> None:
    assert read_query(question, vocabulary=NOBODY).kind != "which documents"


def test_documents_of_two_kinds_are_of_none() -> None:
    both = read_query("Which speeches and memos mention boats?", vocabulary=NOBODY)
    one = read_query("Which speeches mention boats?", vocabulary=NOBODY)
    assert (both.of_kind, one.of_kind) == ("", "speeches")


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


@pytest.mark.parametrize(
    ("question", "claim", "said_by", "phrases", "place"),
    [
        ("How many times is the boat mentioned in Gazette?", "boat", (), (), "in Gazette"),
        ("How often does the word “boat” appear in 2021?", "boat", (), ("boat",), "in 2021"),
        ("How often does Anna Berg say 'boat'?", "boat", ("Anna Berg",), ("boat",), ""),
        ("How often do the minutes mention boats?", "boats", (), (), "in the minutes"),
        ("How many mentions of Anna Berg are there?", "Anna Berg", (), (), ""),
        ("How did the papers report Anna Berg's words about boats?", "boats", ("Anna Berg",), (),
         ""),
        ("How is “we told them so” quoted in the papers in May 2021?", "we told them so", (),
         ("we told them so",), "in May 2021"),
        ("How did Gazette and Herald report “it sank”?", "it sank", (), ("it sank",),
         "Gazette and Herald"),
    ],
)  # fmt: skip
def test_what_is_counted_or_told_is_taken_apart(
    question: str, claim: str, said_by: tuple[str, ...], phrases: tuple[str, ...], place: str
) -> None:
    query = read_query(question, vocabulary=NOBODY)
    assert (query.claim, query.said_by) == (claim, said_by)
    assert (query.phrases, query.place) == (phrases, place)
