"""Timelines and comparisons: which day, which sentence of it, which figure; all of it quoted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.engines.figures import figure_of, find_figures, tell_course
from rag.language.dates import find_period, find_times
from rag.question.kinds import Asked, read_sides
from tests.conftest import write

OATH = "At the harbour bank we are committed to jobs and to stable prices for all."
RATES = {
    "2021-01-20": ("6.7", "5"), "2021-03-17": ("6.2", "4.5"),
    "2021-06-16": ("5.8", "4.1"), "2021-09-22": ("5.2", "3.9"),
}  # fmt: skip
LIFE = """The life of the painter Ilse Brandvik

Brandvik met the sculptor Omar Lund at a summer school in 1994. They began to share a studio in
Bergen only in March 1996, after his return from Lisbon.

Her largest painting was sold to the town of Stavanger in November 1997 for a record price.

2004: Brandvik and Lund part, and she moves to Oslo

She told a newspaper in 2004 that Brandvik and Lund would never share a studio again.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("desk")
    folder = place / "documents"
    for day, (rate, hoped) in RATES.items():
        text = (
            f"Press conference of the harbour bank\n{day}\n\n{OATH} "
            f"The unemployment rate fell to {rate} percent last month. "
            f"Members project that the unemployment rate will be {hoped} percent in two years.\n"
        )
        write(folder, f"conference-{day}.txt", text)
    write(folder, "brandvik.txt", LIFE)
    write(
        folder, "wired.txt", "The Lumo phone tried\nWired\n\nThe Lumo phone feels heavy in hand.\n"
    )
    write(
        folder, "verge.txt", "The Lumo phone tried\nVerge\n\nThe Lumo phone feels light in hand.\n"
    )
    rows = "".join(
        f'{{"file_name": "{name}.txt", "source": "{name.title()}"}}\n'
        for name in ("wired", "verge")
    )
    write(folder, "metadata.jsonl", rows)
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    yield assistant
    assistant.close()


def check(desk: Assistant, answer: Answer) -> None:
    """Every row is what stands there, letter for letter."""
    for c in answer.citations:
        document = desk.index.get_document(c.document_id)
        assert document is not None
        assert document.text[c.start : c.end] == c.quote


def test_a_figure_is_told_in_its_course(desk: Assistant) -> None:
    """Not what was hoped for, nor what is said word for word each time; the line above says how it
    went."""
    answer = desk.ask(
        "What unemployment rate did the bank report at each press conference in 2021?"
    )
    assert answer.shape == "timeline"
    assert answer.labels == tuple(RATES)
    assert all("fell to" in c.quote for c in answer.citations)
    course = ", ".join(f"{rate} percent ({day})" for day, (rate, _) in RATES.items())
    assert answer.headline is not None
    assert answer.headline.endswith(f"{course}.")
    check(desk, answer)


def test_a_life_is_told_by_the_times_that_sentences_name(desk: Assistant) -> None:
    answer = desk.ask("Take me through the life of Brandvik and Lund, year by year.")
    assert answer.shape == "timeline"
    assert answer.labels[:2] == ("1994", "March 1996")
    assert answer.labels[-1] == "2004"
    check(desk, answer)


def test_a_quoted_word_stands_in_every_row(desk: Assistant) -> None:
    answer = desk.ask("How did the word “project” change at each press conference in 2021?")
    assert answer.shape == "timeline"
    assert all("project" in c.quote for c in answer.citations)


def test_each_outlet_that_is_asked_answers_for_itself(desk: Assistant) -> None:
    answer = desk.ask(
        "Does the Wired article say that the Lumo phone feels heavy, while the Verge article says"
        " that the Lumo phone feels light?"
    )
    assert {c.document_id for c in answer.citations[:2]} == {"wired.txt", "verge.txt"}


def test_what_an_outlet_says_is_taken_from_its_own_documents(desk: Assistant) -> None:
    answer = desk.ask("Compare Wired's and Verge's articles on the Lumo phone")
    assert answer.shape == "compare"
    told = {c.document_id: label for c, label in zip(answer.citations, answer.labels, strict=True)}
    assert {id_: label[:5] for id_, label in told.items()} == {
        "wired.txt": "Wired", "verge.txt": "Verge",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1995: the pair begin dating", ["1995"]),
        ("She said so in early December, and may say so again", ["December"]),
        ("This may be so, they began to march, and the may of last may", []),
        ("In a 2020 episode; on 16 October; since Nov. 2012", ["2020", "16 October", "Nov. 2012"]),
        ("The 2,000 people in 1,900 houses", []),
    ],
)
def test_times_are_days_months_and_years(text: str, found: list[str]) -> None:
    assert [text[t.start : t.end].rstrip(".") for t in find_times(text)] == found


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("How did it go from October to December 2023?", ("2023-10-01", "2023-12-31")),
        ("What was said between March 2021 and June 2022?", ("2021-03-01", "2022-06-31")),
        ("What changed from 2019 to 2021?", ("2019-01-01", "2021-12-31")),
        ("Compare January 2022 with June 2022", None),
        ("What happened in June 2022?", ("2022-06-01", "2022-06-31")),
        ("What happened from June 2022 to May 2022?", None),
        ("A timeline of the strike, November 2021 to May 2022", ("2021-11-01", "2022-05-31")),
        ("Compare May 2022 and June 2022", None),
        ("What has changed since 2019?", ("2019-01-01", "9999-12-31")),
        ("What was known up to the end of March 2020?", ("0001-01-01", "2020-03-31")),
        ("What was said between 2021 and 2023?", ("2021-01-01", "2023-12-31")),
        ("How did rents go, 2019–2021?", ("2019-01-01", "2021-12-31")),
        ("How did it go from November to February 2024?", ("2023-11-01", "2024-02-31")),
        ("How did it go from December 2021 to January?", ("2021-12-01", "2022-01-31")),
        ("What was said from 1 to 5 March 2022?", ("2022-03-01", "2022-03-05")),
        ("What was said before March 2022?", ("0001-01-01", "2022-02-28")),
        ("What was said after 7 October 2023?", ("2023-10-08", "9999-12-31")),
        ("What was said after June 2022?", ("2022-07-01", "9999-12-31")),
        ("Where was she the day after 7 October 2023?", ("2023-10-07", "2023-10-07")),
        ("What happened after the end of 2021?", ("2022-01-01", "9999-12-31")),
    ],
)
def test_a_span_is_one_period(question: str, period: tuple[str, str] | None) -> None:
    assert find_period(question) == period


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("The unemployment rate fell to 13.3 percent in May.", "13.3 percent"),
        ("The unemployment rate is at 1/4 to 1/2 percent.", "1/4 to 1/2 percent"),
        ("The unemployment rate rose by ½ percentage point.", "½ percentage point"),
        ("Of 1,200 people asked, 40% knew the unemployment rate.", None),  # before it, not of it
        ("They expect an unemployment rate of 4 percent.", None),
        ("The unemployment rate of 2021 is not known.", None),
        ("The unemployment rate fell after 12 votes.", "12 votes"),
        ("The unemployment rate, -0.5% below that of May", "-0.5%"),
        ("The unemployment rate in summer 2020 rose.", None),
    ],
)
def test_a_figure_is_of_what_stands_before_it(text: str, figure: str | None) -> None:
    found = figure_of(text, "unemployment rate")
    assert (found and text[found.start : found.end]) == figure


def test_a_course_is_of_one_unit_and_of_most_rows() -> None:
    rows = [("May", "The rate is 3 percent."), ("June", "The rate is 4 percent."),
            ("July", "The rate cost us $5 million.")]  # fmt: skip
    assert tell_course(rows, "rate") == "3 percent (May), 4 percent (June)"
    assert tell_course([*rows[:1], ("June", "No rate."), ("July", "None.")], "rate") == ""


def test_percent_is_one_unit_however_it_is_written() -> None:
    rows = [("May", "The rate is 3 percent."), ("June", "The rate is 4%."),
            ("July", "The rate is 5 per cent.")]  # fmt: skip
    assert tell_course(rows, "rate") == "3 percent (May), 4% (June), 5 per cent (July)"


@pytest.mark.parametrize("day", ["9999-12-31", "9999", "0001-01-01"])
def test_no_day_of_a_document_breaks_a_timeline(tmp_path: Path, day: str) -> None:
    folder = tmp_path / "documents"
    write(folder, "life.txt", LIFE.replace("March 1996", "March"))
    write(folder, "metadata.jsonl", f'{{"file_name": "life.txt", "date": "{day}"}}\n')
    assistant = Assistant(Settings(home=tmp_path / "home", documents=folder, provider="none"))
    assistant.sync()
    answer = assistant.ask("Take me through the life of Brandvik and Lund, year by year.")
    assistant.close()
    assert answer.status == "answered"


def test_amounts_keep_their_currency() -> None:
    text = "It paid $80 billion and £3.2bn on 4 May 2021."
    assert [(text[f.start : f.end], f.unit) for f in find_figures(text)] == [
        ("$80 billion", "$"),
        ("£3.2bn", "£"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Compare the cost of living in London and Paris",
        "Compare the Bank of England and the Federal Reserve",
        "Compare the coverage of the war by BBC and CNN",
        "Compare what Wired and CNET say of the phone and the tablet",
        "Compare the price of gas in May and oil in June",
        "Compare the views of Powell and of Bullard",
    ],
)
def test_two_things_of_no_kind_are_left_as_they_were(question: str) -> None:
    sides = (read_sides(Asked(question, question)) or {}).get("sides", ())
    assert "the cost of Paris" not in sides
    assert not any(" of of " in side or " of the Federal" in side for side in sides)
    assert "the coverage of CNN" not in sides


def test_one_thing_of_two_is_two_sides_at_one_place() -> None:
    question = "Compare the opening statements of the town and the Kelvik Line at the hearing."
    assert read_sides(Asked(question, question)) == {
        "sides": (
            "the opening statements of the town at the hearing",
            "the opening statements of the Kelvik Line at the hearing",
        ),
        "parts": (),
        "said_by": (),
    }
