"""The library is opened once, read by many at a time, and never read whole for a question."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.documents.scan import FolderScan, scan_folder
from rag.library.database import Database
from rag.library.library import Library
from rag.library.statements import COLUMNS
from rag.models import open_embedder
from rag.types import Statement
from tests.conftest import write

QUESTION = "Who said the quay is closed?"


@pytest.fixture
def kelvik(folder: Path, home: Path) -> Assistant:
    assistant = Assistant(
        Settings(home=home, documents=folder, rerank="off"), embedder=open_embedder()
    )
    assistant.sync()
    return assistant


def together(number: int, act: Callable[[], object]) -> list[object]:
    """What `act` returns in `number` threads that begin at once."""
    gate = threading.Barrier(number)
    found: list[object] = []

    def run() -> None:
        gate.wait()
        found.append(act())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == number
    return found


def test_an_assistant_opens_its_library_once_whoever_races(
    kelvik: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    plain = Library.open

    def counting(home: Path, *, create: bool = False) -> Library | None:
        opened.append(home)
        return plain(home, create=create)

    monkeypatch.setattr(Library, "open", counting)

    def ask() -> str:
        return assistant.worded_by(None).ask(QUESTION).text

    for _ in range(10):
        assistant = Assistant(kelvik.settings)
        opened.clear()
        assert len(set(together(6, ask))) == 1
        assert len(opened) == 1
        assistant.close()


def test_assistants_worded_by_other_models_share_what_is_remembered(
    kelvik: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: list[Path] = []

    def counting(folder: Path) -> FolderScan:
        scans.append(folder)
        return scan_folder(folder)

    monkeypatch.setattr("rag.documents.home_folder.scan_folder", counting)
    for _ in range(3):  # a page draw of a session that chose another engine
        assert not kelvik.worded_by(None, evidence=4).folder.find_changes()
    assert len(scans) == 1


def test_a_page_never_checks_the_whole_file(
    kelvik: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    def counting(database: Database) -> str:
        checked.append(database.path.name)
        return "ok"

    monkeypatch.setattr(Database, "check", counting)
    assert kelvik.status()["library"] == "ok"
    assert checked == []
    kelvik.status(check=True)
    assert checked == ["library.db", "people.db"]


def test_a_reader_waits_for_no_writer_of_its_own_process(kelvik: Assistant) -> None:
    library = kelvik._home.find_library()
    assert library is not None
    read = threading.Event()

    def reader() -> None:
        assert [d.id for d in kelvik.index.list_documents()] == [
            "alpha.txt",
            "beta.md",
            "gamma.txt",
        ]
        kelvik.search("rye bread", k=1)
        read.set()

    with library.transaction():
        library.delete_document("beta.md")
        thread = threading.Thread(target=reader)
        thread.start()
        assert read.wait(20), "the reader waits for the writer"
        assert library.count_documents() == 2  # who writes sees what it has written
    thread.join()
    assert library.count_documents() == 2


def test_what_is_read_together_is_of_one_moment(kelvik: Assistant) -> None:
    library = kelvik._home.find_library()
    assert library is not None
    with library.database.snapshot():
        before = library.count_passages()
        writer = threading.Thread(target=library.delete_document, args=("beta.md",))
        writer.start()
        writer.join()
        assert library.count_passages() == before
    assert library.count_passages() == before - 1


def test_threads_that_come_and_go_leave_few_connections(kelvik: Assistant) -> None:
    library = kelvik._home.find_library()
    assert library is not None
    for _ in range(5):
        together(20, library.count_documents)
    assert len(library.database._idle) <= 8


def test_a_failed_transaction_leaves_the_next_one_free(kelvik: Assistant) -> None:
    library = kelvik._home.find_library()
    assert library is not None

    def fail() -> None:
        with library.transaction():
            library.delete_document("beta.md")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert library.count_documents() == 3
    library.set_meta("key", "value")
    assert library.get_meta("key") == "value"


def test_passages_come_from_the_index_and_not_out_of_whole_documents(
    kelvik: Assistant, home: Path
) -> None:
    hits = kelvik.search("rye bread on Tuesdays", k=3)
    kelvik.close()
    with closing(sqlite3.connect(home / "library.db")) as database:
        database.execute("UPDATE documents SET text = ''")  # of 8 MB, say
        database.commit()
    assert [h.passage for h in kelvik.search("rye bread on Tuesdays", k=3)] == [
        h.passage for h in hits
    ]


def test_every_passage_of_the_index_is_its_documents_span(kelvik: Assistant, folder: Path) -> None:
    write(
        folder, "long.txt", "\n\n".join(f"Line {n}, said “é” 𝔘 \u00a0 twice." for n in range(300))
    )
    kelvik.sync()
    library = kelvik._home.find_library()
    assert library is not None
    found = library.passages_of_hashes(library.passage_hashes())
    passages = [p for group in found.values() for p in group]
    assert len(passages) == library.count_passages() > 10
    for p in passages:
        document = library.get_document(p.document_id)
        assert document is not None
        assert document.text[p.start : p.end] == p.text


def test_every_field_of_a_statement_has_its_column_or_its_document_s() -> None:
    held = [*(column.field for column in COLUMNS), "document_id", "outlet", "date"]
    assert sorted(held) == sorted(field.name for field in fields(Statement))
