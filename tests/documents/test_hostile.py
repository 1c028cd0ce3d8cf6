"""Files, answers and arguments that once hung Onrecord or ended it with a traceback."""

import io
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from docx.table import Table

from rag import Assistant, Settings
from rag.check.citations import verify
from rag.check.cutting import parse_markers
from rag.documents.described import find_title
from rag.documents.readers import read_docx
from rag.documents.scan import MAX_BYTES, scan_folder
from rag.documents.worker import Limits, Reader
from rag.errors import FolderError
from rag.models.streaming import MAX_REPLY_CHARACTERS
from rag.types import Document, Evidence, Passage
from tests.conftest import ROOT, SEEDS, load_documents, write

TEXT = "The mayor of Kelvik said on 5 May that the old quay is closed to ships of every kind."


def read(data: bytes | str, suffix: str = ".txt", *, folder: Path) -> None:
    """Reads a file as a sync does, within limits that are lower than the usual ones."""
    write(folder, f"hostile{suffix}", data)
    for file in scan_folder(folder).files:
        Reader(Limits(seconds=20, megabytes=1024)).run("read", file)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" + " " * 200_000 + "b", id="a title of spaces"),
        pytest.param("word\n" * 10_000, id="one lower-case word a line"),
        pytest.param("x\n" * 100_000, id="one letter a line"),
        pytest.param("a caption without an end and without a capital " * 10_000, id="captions"),
        pytest.param("ACGT" * 25 + "; and said that the plan works.", id="a gene as a subject"),
        pytest.param("A. " * 30_000, id="initials that never end a sentence"),
        pytest.param("“" * 100_000, id="quotations that are never closed"),
        pytest.param("He said: \n\n" * 10_000, id="words that are never given"),
        pytest.param("Ann Smith said he said that she said, " * 3_000, id="who said who said"),
    ],
)
def test_a_text_is_read_whatever_it_consists_of(tmp_path: Path, text: str) -> None:
    read(text, folder=tmp_path)


def test_a_word_document_of_very_many_paragraphs_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    first = cell.paragraphs[0]
    first.add_run("x")
    for _ in range(200_000):
        cell._tc.append(first._p.__copy__())
    file = io.BytesIO()
    document.save(file)
    read(file.getvalue(), ".docx", folder=tmp_path)


def test_a_word_document_reads_as_python_docx_reads_it() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("One\ttwo\nthree ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run().add_break()
    paragraph.add_run("non\u2011breaking")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged\tcell"
    table.cell(1, 1).text = "last"
    document.add_paragraph("After.")
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = [list(dict.fromkeys(c.text.strip() for c in r.cells)) for r in block.rows]
            lines += [" | ".join(filter(None, row)) for row in rows]
        else:
            lines.append(block.text)
    file = io.BytesIO()
    document.save(file)
    lines[-2] = " | last"  # python-docx leaves what is empty for the caller to keep
    assert read_docx(file.getvalue()).text == "\n\n".join(lines)


def test_a_page_of_nothing_but_attributes_ends_at_the_limit(folder: Path, home: Path) -> None:
    # libxml2 compares each attribute with all before it, and no thread can stop it.
    attributes = " ".join(f'data-{n}="{n}"' for n in range(50_000))
    write(folder, "delta.html", f"<html><body><p {attributes}>{TEXT}</p></body></html>")
    assert (folder / "delta.html").stat().st_size > 900_000
    settings = Settings(home=home, documents=folder, rerank="off", file_seconds=3)
    report = Assistant(settings).sync()
    assert report.added == ("alpha.txt", "beta.md", "gamma.txt")
    assert ["longer than 3 s" in f.reason for f in report.failed] == [True]


def test_a_line_that_is_no_document_stops_neither_the_corpus_nor_the_memory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "corpus.jsonl"
    with path.open("wb") as opened:
        opened.write(b'{"id": "a", "text": "The first."}\n')
        opened.seek(MAX_BYTES * 6, os.SEEK_CUR)  # 300 MB of NUL on no disk
        opened.write(b"\n" + b'{"text": ' + b"[" * 200_000 + b"\n")
        opened.write(
            b'{"id": "b", "title": "\\ud800 b", "source": "\\udc80", "text": "x\\u0000"}\n'
        )
        opened.write(b'{"id": "c", "text": "' + b"long " * 300_000 + b'"}\n')
    documents, failed = load_documents(tmp_path)
    assert [(d.id, d.title, d.source) for d in documents if d.id != "corpus.jsonl:c"] == [
        ("corpus.jsonl:a", "The first.", None),
        ("corpus.jsonl:b", "? b", "?"),
    ]
    assert [(f.id, f.reason) for f in failed] == [
        ("corpus.jsonl:2", "is longer than 50 MB. Split that line."),
        ("corpus.jsonl:3", "is no JSON. Mend that line."),
    ]
    # The name of a long line is read, too.
    assert "corpus.jsonl:c" in [d.id for d in documents]


def test_a_line_of_metadata_that_is_none_stops_no_other(folder: Path, home: Path) -> None:
    lines = [
        '{"file_name": "alpha.txt", "title": "\\ud800 Alpha", "source": "A\\u0000B"}',
        "[" * 200_000,
        '{"file_name": "beta.md", "date": ' + "9" * 5_000 + "}",
        '{"file_name": "gamma.txt", "title": "Gamma"}',
    ]
    write(folder, "metadata.jsonl", "\n".join(lines))
    assistant = Assistant(Settings(home=home, documents=folder, rerank="off"))
    report = assistant.sync()
    assert len(report.added) == 3
    assert [f.reason.split(" is ")[0] for f in report.failed] == ["line 2", "line 3"]
    described = {d.id: (d.title, d.source) for d in assistant.index.list_documents()}
    assert described["alpha.txt"] == ("? Alpha", "A B")
    assert described["gamma.txt"][0] == "Gamma"


def test_very_many_bad_lines_of_metadata_are_counted(folder: Path) -> None:
    write(folder, "metadata.jsonl", "nonsense\n" * 5_000)
    failed = [f.reason for f in scan_folder(folder).failed]
    assert len(failed) == 21
    assert "4980 more lines" in failed[-1]


# --- folders ---


def test_links_that_lead_nowhere_are_named(folder: Path) -> None:
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "ping.txt").symlink_to("pong.txt")
    (folder / "pong.txt").symlink_to("ping.txt")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    scan = scan_folder(folder)
    assert [f.id for f in scan.files] == ["alpha.txt", "beta.md", "gamma.txt"]
    assert {f.id: f.reason for f in scan.failed} == dict.fromkeys(
        ("ping.txt", "pong.txt", "self.txt"),
        "is a link that leads to itself. Replace it with a file.",
    )


@pytest.mark.parametrize("hidden", ["sub", "sub/deep", "sub/a.txt", "sub/corpus.jsonl"])
def test_what_cannot_be_read_now_is_failed_and_not_removed(
    folder: Path, home: Path, hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "sub/a.txt", "The keeper said the lamp is out.")
    write(folder, "sub/deep/b.txt", "The pilot said the tide is high.")
    write(folder, "sub/corpus.jsonl", '{"id": "one", "text": "The cook said it is late."}\n')
    assistant = Assistant(Settings(home=home, documents=folder, rerank="off"))
    before = assistant.sync().added
    path = folder / hidden
    forbid(monkeypatch, path)
    (folder / "beta.md").unlink()
    report = assistant.sync()
    assert report.removed == ("beta.md",)
    assert [f.id for f in report.failed] == [hidden]
    assert "Check its permissions." in report.failed[0].reason
    assert [d.id for d in assistant.index.list_documents()] == sorted({*before} - {"beta.md"})
    monkeypatch.undo()
    assert assistant.sync().unchanged == tuple(sorted({*before} - {"beta.md"}))


def forbid(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Has the system refuse to open `path` (as root no permission does)."""
    scandir, opening = os.scandir, Path.open

    def refuse(where: object) -> None:
        if isinstance(where, str | os.PathLike) and Path(where) == path:
            raise PermissionError(13, "Permission denied", str(path))

    def scan(where: str = ".") -> object:
        refuse(where)
        return scandir(where)

    def open_(self: Path, *arguments: object, **options: object) -> object:
        refuse(self)
        return opening(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(Path, "open", open_)


def test_a_folder_that_cannot_be_read_at_all_removes_nothing(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = Assistant(Settings(home=home, documents=folder, rerank="off"))
    assistant.sync()
    forbid(monkeypatch, folder)
    with pytest.raises(FolderError, match="Check its permissions"):
        assistant.sync()
    assert len(assistant.index.list_documents()) == 3


# --- what a model replies ---


def check(text: str) -> list[str]:
    document = Document("d", "Quay", None, None, f"{TEXT} " * 9, "x")
    evidence = [Evidence(1, Passage("d", 0, len(document.text), document.text))]
    return [s.status for s in verify(text, evidence, documents={"d": document}).sentences]


def test_a_quotation_with_seven_ellipses_is_looked_for_without_trying_every_gap() -> None:
    pieces = "the of on that the is to".split()
    assert check(f"It says “{' … '.join([*pieces, 'kind'])}” [1].") == ["supported"]
    assert check(f"It says “{' … '.join([*pieces, 'nowhere'])}” [1].") == ["unsupported"]


def test_an_ellipsis_takes_the_nearest_words_that_the_rest_can_follow() -> None:
    text = "the old quay and the old town and the new quay are shut"
    document = Document("d", "Quay", None, None, text, "x")
    evidence = [Evidence(1, Passage("d", 0, len(text), text))]
    found = verify("“the old … quay are” [1]", evidence, documents={"d": document})
    assert [c.quote for c in found.citations] == [text[: text.index(" shut")]]


def test_two_thousand_sentences_are_checked() -> None:
    found = check("The old quay is closed [1]. The new pier is open. " * 1_000)
    assert len(found) == 2_000
    assert found == [*["supported", "unsupported"] * 999, "supported", "uncited"]


@pytest.mark.parametrize(
    "text",
    [
        "[" + "9" * 5_000 + "]",
        "[1, " * 3_000,
        "![a](" * 4_000,
        "“" + "7 March, " * 2_000,
        "The quay is closed in " + "1" * 5_000 + " [1].",
        "> a\n" * 4_000,
    ],
)
def test_marks_without_end_are_checked(text: str) -> None:
    assert len(text) <= MAX_REPLY_CHARACTERS
    assert "supported" not in check(text)


def test_a_number_of_thousands_of_figures_names_no_passage() -> None:
    ((start, end, numbers),) = parse_markers("[" + "9" * 5_000 + "]")
    assert (start, end) == (0, 5_002)
    assert numbers[0] > 10**9
    assert parse_markers("[0000000000000000000000002]")[0][2] == (2,)


# --- the command line ---


def test_questions_may_hold_any_character(assistant: Assistant) -> None:
    for text in ("\ud800", "who said “\x00”?", "\udcff\udcff said \ud83d", "“\udc80”"):
        assert assistant.ask(text, history=["\ud800 he"]).status in ("answered", "abstained")
        assistant.search(text)
        assistant.statements(speaker=text, about=text)


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes")
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
)
def test_any_terminal_and_any_argument_get_lines_and_no_traceback(
    seeds_home: Path, environment: dict[str, str]
) -> None:
    home = str(seeds_home).encode()
    for arguments in (
        [b"ask", "who said Hezbollah “was surprised”?".encode()],
        [b"ask", b"who said \xff was surprised?", b"--outlet", b"\xfe"],
        [b"search", b"Hezbollah \xff", b"--json"],
        [b"sync", b"caf\xe9"],
    ):
        run = subprocess.run(
            [sys.executable, "-P", "-m", "rag.cli", *arguments, b"--home", home],
            cwd=ROOT, capture_output=True, check=False,
            env={**os.environ, **environment, "ONRECORD_PROVIDER": "none", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert b"Traceback" not in run.stderr
        assert run.stderr.count(b"\n") == run.returncode
        assert run.stdout or run.stderr


def test_a_folder_whose_name_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    with pytest.raises(FolderError, match=r"caf\? has a name that is not UTF-8"):
        scan_folder(folder)
    assert len(scan_folder(SEEDS).files) == 5


def test_a_title_is_found_in_a_long_line() -> None:
    assert find_title("x", "# A title # #\n") == "A title #"
    assert find_title("x", "#" * 100_000) == "x"
    assert find_title("y", "x " + "#" * 100_000) == "x"
