"""The line above a quotation: the number, the day, or yes or no."""

from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.answer.first_line import (
    Verdict,
    asks_yes_or_no,
    decide,
    extract,
    show_verdicts,
    value_of,
)
from rag.types import Document
from tests.conftest import write


@pytest.mark.parametrize(
    ("question", "sentence", "line"),
    [
        ("How many banks refused?", "We were turned down by 32 banks.", "32 banks"),
        ("how many fighters came", "Some 3,000 armed fighters crossed.", "3,000 armed fighters"),
        ("How much does the state pay?", "It pays some $100 million a year.", "$100 million"),
        ("What percentage backed it?", "It was backed by 62 percent of members.", "62 percent"),
        ("When was the budget delivered?", "He delivered his budget on 16 March.", "16 March"),
        ("What year was the budget delivered?", "He delivered his budget in May 2004.", "May 2004"),
        # Two numbers of what is asked for: either may be meant.
        ("How many fighters came?", "Of 3,000 fighters 500 fighters came by sea.", ""),
        # A number of something else is none of what is asked for.
        ("How many hostages were taken?", "It has displaced 30,000 people in the north.", ""),
        # A year is asked for, and the day has none.
        ("What year was the budget delivered?", "He delivered his budget on 16 March.", ""),
        # The day stands by something else.
        ("When was the deal done?", "They said the raid was first to be in April 2023.", ""),
        ("Who bought the unit?", "The unit was bought by Rosneft.", ""),
        ("How much does it grow?", "It was above the average of the past five years.", ""),
    ],
)  # fmt: skip
def test_a_number_or_a_day_is_taken_out_where_it_is_plain(
    question: str, sentence: str, line: str
) -> None:
    assert extract(question, sentence) == line
    assert line in sentence


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Was Nils Berg sentenced?", "Nils Berg sentenced"),
        ("did iran plan it", "iran plan it"),
        ("Was it Iran or Hamas?", ""),
        ("Who planned it?", ""),
        ("What did Ross say?", ""),
    ],
)
def test_a_question_of_yes_or_no_says_what_it_asks(question: str, claim: str) -> None:
    assert asks_yes_or_no(question) == claim


@pytest.mark.parametrize(
    ("claim", "sentence", "side"),
    [
        ("Nils Berg sentenced", "Nils Berg was sentenced in May.", "yes"),
        ("Nils Berg sentenced", "Nils Berg has not been sentenced.", "no"),
        # The predicate is missing, or of something that may be.
        ("Nils Berg sentenced", "Nils Berg was charged in May.", None),
        ("Nils Berg sentenced", "If Nils Berg is sentenced, he will appeal.", None),
        ("Nils Berg sentenced", "Was Nils Berg sentenced?", None),
        # Something is denied, and it is open what.
        ("Nils Berg sentenced", "Nils Berg, sentenced in May, denied that he had fled.", None),
        ("Nils Berg sentenced in 2021", "Nils Berg was sentenced in 2023.", None),
    ],
)
def test_only_a_sentence_with_the_predicate_decides(
    claim: str, sentence: str, side: str | None
) -> None:
    document = Document("a.txt", "A", None, None, sentence, "0")
    verdict = decide(claim, document, 0, len(sentence))
    assert (verdict and verdict.side) == side


def test_verdicts_are_told_in_one_line() -> None:
    yes, no = Verdict("yes", ""), Verdict("no", "the court")
    assert show_verdicts([None]) == ""
    assert show_verdicts([None, yes]) == "Yes."
    assert show_verdicts([no]) == "No, according to the court."
    assert show_verdicts([yes, no]) == "The documents differ."


def test_the_value_of_a_line_is_its_number() -> None:
    assert value_of("3,000 fighters") == 3000
    assert value_of("$4.2 million") == 4_200_000
    assert value_of("16 March") is None
    assert value_of("") is None


def test_numbers_that_differ_stand_side_by_side_the_newer_one_first(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    text = "The storm in Kelvik injured {} sailors on the quay, the harbour office wrote."
    write(folder, "kelvik-2021-03-01.txt", text.format("12"))
    write(folder, "kelvik-2021-03-05.txt", text.format("15"))
    write(folder, "bread.txt", "The baker sells rye bread and cakes on the quay every morning.")
    assistant = Assistant(Settings(home=tmp_path / "home", documents=folder, provider="none"))
    assistant.sync()
    answer = assistant.ask("How many sailors did the storm in Kelvik injure?")
    assert answer.headline == (
        "The documents differ: 15 sailors (2021-03-05), 12 sailors (2021-03-01)."
    )
    assert [c.date for c in answer.citations][:2] == ["2021-03-05", "2021-03-01"]
    assistant.close()
