"""The command line's JSON is an interface; its errors are one line with the next step."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag import Assistant, Settings
from rag.cli import main
from tests.conftest import ROOT, SEEDS, write

Out = pytest.CaptureFixture[str]


def run_json(capsys: Out, *arguments: str) -> Any:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_ask_json(seeds_home: Path, capsys: Out) -> None:
    got = run_json(capsys, "ask", "who said Hezbollah was surprised?", "--json",
                   "--home", str(seeds_home))  # fmt: skip
    assert set(got) == {
        "question", "status", "reason", "notice", "text", "engine", "searched", "query",
        "citations", "rejected", "sentences", "evidence", "note", "statements", "timings_ms",
        "within", "sent_to", "shape", "headline", "rows", "tokens", "cost",
    }  # fmt: skip
    assert got["status"] == "answered"
    assert got["within"] is None
    for c in got["citations"]:
        assert set(c) == {
            "number", "document", "title", "source", "date", "start", "end", "page",
            "quote", "version",
        }  # fmt: skip
        text = (SEEDS / c["document"]).read_bytes().decode()
        assert text[c["start"] : c["end"]] == c["quote"]
    for number, e in enumerate(got["evidence"], start=1):
        assert set(e) == {"number", "document", "start", "end", "text", "score", "copies"}
        assert e["number"] == number
        text = (SEEDS / e["document"]).read_bytes().decode()
        assert text[e["start"] : e["end"]] == e["text"]
    assert {"search", "total"} <= set(got["timings_ms"])


def test_ask_csv(seeds_home: Path, capsys: Out) -> None:
    question = "How many documents mention Hezbollah?"
    assert main(["ask", question, "--csv", "--home", str(seeds_home)]) == 0
    out = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    got = run_json(capsys, "ask", question, "--json", "--home", str(seeds_home))
    assert [r["label"] for r in rows] == [row["label"] for row in got["rows"]]
    for row in rows:
        text = (SEEDS / row["document"]).read_bytes().decode()
        assert text[int(row["start"]) : int(row["end"])] == row["quote"]
    nothing = "How many times is Pluto mentioned?"
    assert main(["ask", nothing, "--csv", "--home", str(seeds_home)]) == 0
    told = capsys.readouterr()
    assert told.out == "row,label,quote,document,title,outlet,date,page,start,end\r\n"
    assert told.err == "onrecord: “Pluto” does not stand in the 5 documents searched.\n"


def test_search_json(seeds_home: Path, capsys: Out) -> None:
    got = run_json(capsys, "search", "deterrence", "-k", "3", "--json", "--home", str(seeds_home))
    assert len(got["hits"]) == 3
    for h in got["hits"]:
        assert set(h) == {
            "document",
            "start",
            "end",
            "text",
            "score",
            "found_by",
            "copies",
            "focus",
        }
        assert set(h["found_by"]) <= {"lexical", "dense"}


def test_statements_json_and_text(seeds_home: Path, capsys: Out) -> None:
    place = ("--home", str(seeds_home))
    got = run_json(capsys, "statements", "--speaker", "Ross", "--json", *place)
    assert got["total"] == len(got["statements"]) >= 1
    for s in got["statements"]:
        assert set(s) == {
            "document", "start", "end", "speaker", "role", "mention", "cue", "content", "kind",
            "to", "via", "outlet", "date", "negated", "certain", "asks", "spans",
        }  # fmt: skip
        assert s["speaker"] == "Dennis Ross"
        text = (SEEDS / s["document"]).read_bytes().decode()
        for start, end in s["spans"]["content"]:
            assert text[start:end].split()[0] in s["content"]
    about = run_json(capsys, "statements", "--about", "Hezbollah was surprised", "-k", "2",
                     "--json", *place)  # fmt: skip
    assert "surprise" in about["statements"][0]["content"]
    assert len(about["statements"]) == 2 < about["total"]
    document = about["statements"][0]["document"]
    assert main(["statements", "--document", document, "-k", "1", *place]) == 0
    assert "more: -k" in capsys.readouterr().out
    assert main(["statements", "--speaker", "Emmanuel Macron", *place]) == 0
    assert capsys.readouterr().out == "No statement like this.\n"


def test_history_is_respected(seeds_home: Path, capsys: Out) -> None:
    got = run_json(capsys, "ask", "What did he say about Iran's objective?", "--history",
                   "Who is Kobi Michael?", "--json", "--home", str(seeds_home))  # fmt: skip
    assert "perpetual conflict" in got["text"]
    assert "Kobi Michael" in got["searched"]


def test_sync_and_status_and_rebuild_json(folder: Path, home: Path, capsys: Out) -> None:
    place = ("--home", str(home), "--json")
    assert run_json(capsys, "status", *place)["synced"] is False
    report = run_json(capsys, "sync", str(folder), *place)
    assert set(report) == {
        "added", "changed", "removed", "renamed", "unchanged", "failed", "partly", "reread",
        "embedded",
    }  # fmt: skip
    assert len(report["added"]) == 3
    status = run_json(capsys, "status", *place)
    assert (status["documents"], status["vectors"], status["library"]) == (3, "current", "ok")
    assert run_json(capsys, "rebuild", *place) == {"vectors": 3}


def test_eval_prints_a_table_and_writes_every_row(
    seeds_copy: Path, tmp_path: Path, capsys: Out
) -> None:
    lines = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = write(tmp_path, "q.jsonl", "\n".join([lines[0], lines[12]]))
    out = tmp_path / "report.json"
    arguments = ["eval", str(questions), "--json", str(out), "--home", str(seeds_copy)]
    assert main(arguments) == 0
    table = capsys.readouterr().out
    assert "any@5" in table
    assert "\nall " in table
    report = json.loads(out.read_text(encoding="utf-8"))
    first, second = report["rows"]
    assert set(first) == {"id", "case", "scores", "evidence_not_found", "answer", "hits"}
    assert first["scores"]["any@5"] == 1
    assert len(first["hits"]) == 10
    assert second["answer"]["status"] == "abstained"


def test_eval_fails_where_a_measure_is_lower_than_wanted_and_keeps_the_run(
    seeds_copy: Path, tmp_path: Path, capsys: Out
) -> None:
    questions = write(
        tmp_path, "q.jsonl", '{"question": "Who is Kobi Michael?", "answers": [["zebra"]]}'
    )
    arguments = ["eval", str(questions), "--home", str(seeds_copy)]
    assert main([*arguments, "--fail-under", "correct=0"]) == 0
    capsys.readouterr()
    wanted = ["--fail-under", "correct=0.95", "--fail-under", "any@5=0.9"]
    assert main([*arguments, *wanted]) == 1
    captured = capsys.readouterr()
    assert "\nall " in captured.out  # the table is printed all the same
    assert captured.err.splitlines() == [
        "onrecord: correct is 0.000; 0.95 is wanted.",
        "onrecord: any@5 was not measured; 0.9 is wanted.",
    ]
    assert main([*arguments, "--fail-under", "speed=1"]) == 1
    assert "is no threshold" in capsys.readouterr().err
    runs = Assistant(Settings(home=seeds_copy)).records.list_runs()
    assert [(r.name, r.measures["correct"]) for r in runs] == [("q.jsonl", 0.0)] * 2


def test_a_question_is_limited_from_the_command_line(seeds_home: Path, capsys: Out) -> None:
    got = run_json(capsys, "ask", "who said Hezbollah was surprised?", "--json", "--home",
                   str(seeds_home), "--outlet", "CNN", "--until", "2030-01-01")  # fmt: skip
    assert got["within"] == {
        "documents": [], "outlets": ["CNN"], "since": None, "until": "2030-01-01",
    }  # fmt: skip
    hits = run_json(capsys, "search", "Hezbollah", "--json", "--home", str(seeds_home),
                    "--outlet", "CNN")["hits"]  # fmt: skip
    assert {h["document"] for h in hits} == {"002_3e4d9c24c70ce49d.txt"}
    with pytest.raises(SystemExit):
        main(["ask", "Who?", "--since", "yesterday"])
    assert "must be a day like" in capsys.readouterr().err


def test_a_question_is_limited_by_operators(seeds_home: Path, capsys: Out) -> None:
    got = run_json(capsys, "ask", "outlet:CNN who said -Finer?", "--json", "--home",
                   str(seeds_home))  # fmt: skip
    assert got["query"]["limits"] == ["outlet CNN", "not “Finer”"]
    assert {c["document"] for c in got["citations"]} <= {"002_3e4d9c24c70ce49d.txt"}
    found = run_json(capsys, "search", 'outlet:cnn "direct information"', "--json", "--home",
                     str(seeds_home))  # fmt: skip
    assert found["query"]["limits"] == ["outlet CNN", "“direct information”"]
    assert found["hits"]
    assert all("direct information" in h["text"] for h in found["hits"])
    assert main(["ask", "outlet:Nonesuch", "--home", str(seeds_home)]) == 0
    told = capsys.readouterr().out
    assert "Limited to: outlet Nonesuch" in told
    assert "There are: Amwaj.media, CNN, RBN." in told
    assert main(["search", "outlet:Nonesuch", "--home", str(seeds_home)]) == 0
    assert "There are: Amwaj.media, CNN, RBN." in capsys.readouterr().out


def test_errors_are_one_line_and_exit_with_one(home: Path, capsys: Out) -> None:
    for arguments in (
        ["ask", "Who?", "--home", str(home)],
        ["sync", str(home / "none"), "--home", str(home)],
        ["eval", str(home / "none.jsonl"), "--home", str(home)],
        ["rebuild", "--home", str(home)],
    ):
        assert main(arguments) == 1
        error = capsys.readouterr().err
        assert error.startswith("onrecord: ")
        assert error.count("\n") == 1


def test_a_bad_file_is_named_and_the_rest_is_synced(folder: Path, home: Path, capsys: Out) -> None:
    write(folder, "table.xlsx", b"PK")
    assert main(["sync", str(folder), "--home", str(home)]) == 0
    captured = capsys.readouterr()
    assert "3 added" in captured.out
    assert "table.xlsx: .xlsx is not supported" in captured.err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, rag.cli\n"
        "try: rag.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'chromadb', 'llama_index', 'streamlit', 'openai', 'numpy', 'onnxruntime'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_the_python_front_door(seeds_home: Path) -> None:
    code = "from rag import Assistant; print(Assistant.open().ask('Who is Dennis Ross?').text)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={"ONRECORD_HOME": str(seeds_home), "PYTHONUTF8": "1"},
    )
    assert "former senior US diplomat" in run.stdout, run.stderr
