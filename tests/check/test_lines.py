"""`onrecord verify`: a file of claims with their passages, a verdict a line."""

import json
from pathlib import Path

import pytest

from rag import judge_passages
from rag.cli import main
from tests.conftest import write

Out = pytest.CaptureFixture[str]
PASSAGE = "The channel is 15.5 km long. About 300 boats were damaged in the storm."


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_a_line_is_answered_by_a_line(tmp_path: Path, capsys: Out) -> None:
    rows = (
        {"id": "a", "text": "The channel is 15.5 km long.", "passages": [{"text": PASSAGE}]},
        {"id": 2, "text": "The channel is 18.5 km long.", "passages": [{"text": PASSAGE}]},
        {"text": "Bread is life.", "passages": [PASSAGE]},
    )
    file = write(tmp_path, "claims.jsonl", lines(*rows))
    assert main(["verify", str(file), "--json"]) == 0
    got = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [g["id"] for g in got] == ["a", 2, 3]
    assert [g["verdict"] for g in got] == ["borne out", "contradicted", "not borne out"]
    assert got[0]["score"] > got[1]["score"] >= got[2]["score"] >= 0
    (span,) = got[0]["spans"]
    assert PASSAGE[span["start"] : span["end"]] == span["text"] == "The channel is 15.5 km long."
    assert got[1]["reasons"] == ["the passage has 15.5 there, not 18.5"]


def test_without_json_it_is_told_in_words(tmp_path: Path, capsys: Out) -> None:
    row = {"id": "x", "text": "The channel is 18.5 km long.", "passages": [PASSAGE]}
    assert main(["verify", str(write(tmp_path, "claims.jsonl", lines(row)))]) == 0
    first, reason, last = capsys.readouterr().out.splitlines()
    assert first.startswith("x: contradicted (0.")
    assert reason.strip() == "the passage has 15.5 there, not 18.5"
    assert last == "1 contradicted"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", "claims.jsonl line 1 is no JSON"),
        (b"\xff\xfe{", "claims.jsonl line 1 is no JSON"),
        ("[]\n", 'line 1 has no "text"'),
        ('{"text": 3}', 'line 1 has no "text"'),
        ('\n{"text": "a"}', 'line 2 has no list "passages"'),
        ('{"text": "a", "passages": [{}]}', 'line 1 has a passage without "text"'),
        ("[" * 100_000, "line 1 is no JSON"),
    ],
)
def test_a_line_that_is_none_is_named(
    tmp_path: Path, data: str | bytes, told: str, capsys: Out
) -> None:
    assert main(["verify", str(write(tmp_path, "claims.jsonl", data)), "--json"]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: Out) -> None:
    assert main(["verify", str(tmp_path / "none.jsonl")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_same_from_python() -> None:
    judged = judge_passages("The channel is 15.5 km long.", [PASSAGE])
    assert judged.stands
    assert judged.score > 0.42
