"""`onrecord check`: what it prints and writes, and what its exit status says."""

import io
import json
import signal
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from rag.cli import main
from rag.draft import judge as judging
from rag.draft.report import KINDS, Report
from tests.conftest import SEEDS, write
from tests.draft.test_files import make_docx

Out = pytest.CaptureFixture[str]
NONSENSE = "The moon is made of green cheese."


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A sentence of a document, and one that none of them has."""
    return write(tmp_path, "draft.docx", make_docx(true_sentence(), NONSENSE))


def true_sentence() -> str:
    text = (SEEDS / "004_ad4bd4931f31132f.txt").read_text(encoding="utf-8")
    start = text.index("Hezbollah, too, was taken by surprise")
    return text[start : text.index(".", start) + 1]


def run(*arguments: object, home: Path) -> int:
    return main(["check", *map(str, arguments), "--home", str(home)])


def test_it_prints_what_is_not_borne_out_and_a_summary(
    draft: Path, seeds_home: Path, capsys: Out
) -> None:
    assert run(draft, home=seeds_home) == 0
    out = capsys.readouterr().out
    assert NONSENSE in out
    assert true_sentence() not in out.split("\n")[0]
    assert out.splitlines()[-1].startswith("2 sentences looked up in 5 documents: ")


def test_json(draft: Path, seeds_home: Path, capsys: Out) -> None:
    assert run(draft, "--json", home=seeds_home) == 0
    got = json.loads(capsys.readouterr().out)
    assert (got["name"], got["documents"], got["stopped"]) == ("draft.docx", 5, False)
    first, second = got["sentences"]
    assert (first["text"], first["verdict"]) == (true_sentence(), "borne out")
    assert second["verdict"] in ("not borne out", "contradicted")
    for c in first["citations"]:
        text = (SEEDS / c["document"]).read_bytes().decode()
        assert text[c["start"] : c["end"]] == c["quote"]


def test_files_are_written_for_their_owner_alone_and_beside_what_is_printed(
    draft: Path, seeds_home: Path, tmp_path: Path, capsys: Out
) -> None:
    page, checked = tmp_path / "checked.md", tmp_path / "checked.docx"
    before = draft.read_bytes()
    assert run(draft, "--json", "--markdown", page, "--docx", checked, home=seeds_home) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "draft.docx"
    assert page.read_text(encoding="utf-8").startswith("# Checked: draft.docx\n")
    document = docx.Document(io.BytesIO(checked.read_bytes()))
    assert [p.text for p in document.paragraphs] == [true_sentence(), NONSENSE]
    assert len(list(document.comments)) >= 1
    assert draft.read_bytes() == before
    assert {f.stat().st_mode & 0o777 for f in (page, checked)} == {0o600}


def test_what_is_pasted_is_read_from_standard_input(
    seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NONSENSE.encode())))
    checked = tmp_path / "checked.docx"
    assert run("-", "--json", "--docx", checked, home=seeds_home) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "pasted text"
    assert docx.Document(io.BytesIO(checked.read_bytes())).paragraphs[0].text == NONSENSE


def test_it_is_held_against_some_documents_only(
    tmp_path: Path, seeds_home: Path, capsys: Out
) -> None:
    draft = write(tmp_path, "draft.txt", true_sentence())
    assert run(draft, "--json", "--outlet", "CNN", home=seeds_home) == 0
    (sentence,) = json.loads(capsys.readouterr().out)["sentences"]
    assert {c["document"] for c in sentence["citations"]} <= {"002_3e4d9c24c70ce49d.txt"}


def test_the_exit_status_says_whether_something_unwanted_was_found(
    draft: Path, seeds_home: Path, tmp_path: Path, capsys: Out
) -> None:
    assert run(draft, "--fail-on", "altered-quote", "--fail-on", "any", home=seeds_home) == 1
    captured = capsys.readouterr()
    assert NONSENSE in captured.out  # what was found is printed all the same
    assert captured.err == "onrecord: any: 1 sentence; none is wanted.\n"
    sound = write(tmp_path, "sound.txt", true_sentence())
    assert run(sound, "--fail-on", "any", home=seeds_home) == 0


def test_an_unknown_kind_is_told_with_those_that_are_known(seeds_home: Path, capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        run("draft.txt", "--fail-on", "lies", home=seeds_home)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "'lies' is none of contradicted, in-part, not-borne-out, any, " in error
    assert all(kind in error for kind in KINDS)


def test_errors_are_one_line_before_anything_is_judged(
    draft: Path, seeds_home: Path, home: Path, tmp_path: Path, capsys: Out
) -> None:
    for arguments, told in (
        ([tmp_path / "none.docx"], "There is no file"),
        ([write(tmp_path, "bad.docx", b"PK")], "damaged"),
        ([draft, "--docx", draft], "is the draft itself. Name another file"),
        ([draft, "--markdown", tmp_path / "none" / "a.md"], "is a folder, or in none."),
        ([draft, "--markdown", tmp_path], "is a folder, or in none."),
        ([draft, "--markdown", tmp_path / "a", "--docx", tmp_path / "a"], "Name two."),
    ):
        assert run(*arguments, home=seeds_home) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("onrecord: ")
        assert told in captured.err
        assert captured.err.count("\n") == 1
    assert run(draft, home=home) == 1
    assert "onrecord sync" in capsys.readouterr().err


def test_ctrl_c_keeps_what_was_judged(
    tmp_path: Path, seeds_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    def interrupt(text: str, *index: Any, progress: judging.Progress, **rest: Any) -> Report:
        def tell(done: int, total: int) -> None:
            if done == 1:
                signal.raise_signal(signal.SIGINT)
            progress(done, total)

        return judge(text, *index, progress=tell, **rest)

    judge = judging.judge
    monkeypatch.setattr(judging, "judge", interrupt)
    draft = write(tmp_path, "draft.txt", " ".join([NONSENSE] * 5))
    before = signal.getsignal(signal.SIGINT)
    assert run(draft, "--json", home=seeds_home) == 130
    got = json.loads(capsys.readouterr().out)
    assert got["stopped"] is True
    assert 1 <= len(got["sentences"]) < 5
    assert signal.getsignal(signal.SIGINT) is before
