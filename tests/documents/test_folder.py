"""Files are added, described, removed and brought back; nothing is ever lost or half-written."""

import json
import threading
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.documents.folder import (
    add_file,
    describe_file,
    list_removed,
    remove_file,
    restore_file,
    safe_name,
)
from rag.errors import DocumentError, FolderError
from rag.types import Described
from tests.conftest import write


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("news.txt", "news.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\docs\\a b.pdf", "a b.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("a\u202etxt.exe\u200b.txt", "atxt.exe.txt"),
        ("what? <b>.md", "what_ _b_.md"),
        ("x" * 300 + ".txt", "x" * 117 + ".txt"),
        (".txt", "txt"),
    ],
)
def test_a_name_from_a_browser_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_file_is_added_under_a_name_of_its_own_unless_it_replaces(folder: Path) -> None:
    assert add_file(folder, "new.txt", b"First.").outcome == "added"
    second = add_file(folder, "new.txt", b"Second.")
    assert (second.outcome, second.name) == ("renamed", "new (2).txt")
    assert add_file(folder, "new.txt", b"Third.", replace=True).outcome == "replaced"
    assert (folder / "new.txt").read_bytes() == b"Third."
    assert (folder / "new (2).txt").read_bytes() == b"Second."
    assert not list(folder.glob(".upload-*"))


def test_two_at_once_with_one_name_keep_both(folder: Path) -> None:
    texts = [f"Text {n}.".encode() for n in range(8)]
    threads = [threading.Thread(target=add_file, args=(folder, "a.txt", t)) for t in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(p.read_bytes() for p in folder.glob("a*.txt") if p.name != "alpha.txt") == texts


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("run.exe", b"MZ", "not supported"),
        ("note", b"text", "without an ending"),
        ("empty.txt", b" \n", "is empty"),
        ("binary.txt", b"\x00\x01\x02" * 50, "not text"),
        ("scan.pdf", b"%PDF-1.4", "damaged"),
        ("metadata.jsonl", b'{"file_name": "a"}', "by hand"),
        ("corpus.jsonl", b"no json\n", "JSON"),
        ("big.txt", b"x" * (50 * 1024**2 + 1), "larger than 50 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_and_leaves_nothing_behind(
    folder: Path, name: str, data: bytes, reason: str
) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(DocumentError, match=reason):
        add_file(folder, name, data)
    assert sorted(folder.iterdir()) == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = write(tmp_path, "file", "no folder")
    with pytest.raises(FolderError, match="nothing in it was lost"):
        add_file(blocked / "below", "a.txt", b"Text.")


def test_what_is_there_already_is_not_added_again(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    data = (folder / "beta.md").read_bytes()
    added = assistant.folder.add("copy.md", data)
    assert (added.outcome, added.name) == ("same", "beta.md")
    assert not (folder / "copy.md").exists()
    (folder / "beta.md").unlink()  # gone from the disk: then it is wanted
    assert assistant.folder.add("copy.md", data).outcome == "added"


def test_describing_keeps_every_other_line(folder: Path) -> None:
    lines = ['{"file_name": "beta.md", "title": "Bread", "pages": 3}', "not json", ""]
    write(folder, "metadata.jsonl", "\n".join(lines))
    describe_file(folder, "alpha.txt", Described("Harbour", "Kelvik Post", "2024-03"))
    describe_file(folder, "beta.md", Described("Rye  bread", None, None))
    kept = (folder / "metadata.jsonl").read_text().splitlines()
    assert "not json" in kept
    rows = {r["file_name"]: r for line in kept if line[:1] == "{" and (r := json.loads(line))}
    assert rows["beta.md"] == {"file_name": "beta.md", "pages": 3, "title": "Rye bread"}
    assert rows["alpha.txt"]["source"] == "Kelvik Post"
    # What is said no more is read from the file again.
    describe_file(folder, "alpha.txt", Described("", None, None))
    assert "alpha.txt" not in (folder / "metadata.jsonl").read_text()


@pytest.mark.parametrize("date", ["yesterday", "2024-13", "2024-1-5", "16/11/2023"])
def test_a_date_that_is_none_is_refused(folder: Path, date: str) -> None:
    with pytest.raises(DocumentError, match="is no date"):
        describe_file(folder, "alpha.txt", Described("T", None, date))


def test_a_description_made_in_the_app_reaches_the_library(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    assistant.folder.describe("gamma.txt", Described("Comets", "Sky", "2020"))
    assert assistant.sync().changed == ("gamma.txt",)
    info = next(d for d in assistant.index.list_documents() if d.id == "gamma.txt")
    assert (info.title, info.source, info.date) == ("Comets", "Sky", "2020")


def test_a_removed_file_comes_back_with_its_text(folder: Path, tmp_path: Path) -> None:
    trash = tmp_path / "trash"
    write(folder, "sub/one.txt", "One.")
    removed = remove_file(folder, "sub/one.txt", trash=trash)
    assert not (folder / "sub/one.txt").exists()
    assert list_removed(trash) == [removed]
    write(folder, "sub/one.txt", "Another of this name.")
    assert restore_file(removed, trash=trash) == "sub/one (2).txt"
    assert (folder / "sub/one (2).txt").read_text() == "One."
    assert (folder / "sub/one.txt").read_text() == "Another of this name."
    assert list_removed(trash) == []
    with pytest.raises(DocumentError, match="not kept any more"):
        restore_file(removed, trash=trash)


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("news.jsonl:7", "one line of news.jsonl"),
        ("gone.txt", "not in the folder any more"),
        ("../outside.txt", "not in the documents folder"),
    ],
)
def test_what_cannot_be_removed_says_why(
    folder: Path, tmp_path: Path, id_: str, reason: str
) -> None:
    write(tmp_path, "outside.txt", "Not ours.")
    with pytest.raises(DocumentError, match=reason):
        remove_file(folder, id_, trash=tmp_path / "trash")
    assert (tmp_path / "outside.txt").exists()
