"""Answers as CSV: what every spreadsheet reads, and none runs."""

import csv
import io

import pytest

from rag import Assistant
from rag.export import CSV_COLUMNS, answer_as_csv, chat_as_csv, table_cell
from rag.types import Answer, Citation, Turn

CITED = Citation(1, "a.txt", 'The "Quay"', "Herald", "2021-05-02", 3, 12, "closed,\nhe said", 4)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_of_an_answer_is_a_line_with_its_label_and_place() -> None:
    answer = Answer(
        "?", "…", "answered", "quotes", citations=(CITED,), shape="count", labels=("A",)
    )
    text = answer_as_csv(answer)
    assert text == (
        "row,label,quote,document,title,outlet,date,page,start,end\r\n"
        '1,A,"closed,\nhe said",a.txt,"The ""Quay""",Herald,2021-05-02,4,3,12\r\n'
    )
    assert read(text)[0]["quote"] == CITED.quote


def test_an_answer_without_a_shape_has_its_citations_and_who_says_them(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("who said Hezbollah was surprised?")
    rows = read(answer_as_csv(answer))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(r["document"], int(r["start"]), int(r["end"])) for r in rows] == [
        (c.document_id, c.start, c.end) for c in answer.citations
    ]
    assert all(row["label"] for row in rows)
    declined = assistant.ask("Who said that the moon is made of cheese?")
    assert (declined.status, read(answer_as_csv(declined))) == ("abstained", [])


def test_what_a_model_worded_has_its_citations_without_a_label() -> None:
    answer = Answer("?", "…", "answered", "a model", citations=(CITED, CITED))
    assert [(r["row"], r["label"]) for r in read(answer_as_csv(answer))] == [("1", ""), ("2", "")]


def test_a_chat_has_all_its_answers_each_behind_its_question() -> None:
    answer = Answer("=1+1?", "…", "answered", "quotes", citations=(CITED,))
    rows = read(chat_as_csv([Turn(1, answer, ""), Turn(3, answer, "")]))
    assert [(r["turn"], r["question"], r["row"]) for r in rows] == [
        ("1", "'=1+1?", "1"),
        ("3", "'=1+1?", "1"),
    ]


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5 degrees", "'-5 degrees"),
        ("@here", "'@here"),
        ("\tindented", "'\tindented"),
        (" =1", "' =1"),
        ("plain = text", "plain = text"),
    ],
)
def test_no_cell_is_run_as_a_formula(written: str, cell: str) -> None:
    assert table_cell(written) == cell
