"""Whatever becomes of a file in the home, what people made stays and the index is made anew."""

import ast
import logging
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.cli import main
from rag.errors import DamagedError, FolderError, StorageError
from rag.library.chroma import CHROMA
from rag.library.generations import FOLDER
from rag.library.vectors import write_lock
from rag.models import BgeEmbedder
from tests.conftest import ROOT, write
from tests.library.test_upgrade import LIBRARIES

QUESTION = "Who said the quay is closed?"


class OtherEmbedder(BgeEmbedder):
    name = "another-model"


def open_home(folder: Path, home: Path, embedder: BgeEmbedder | None = None) -> Assistant:
    return Assistant(Settings(home=home, documents=folder, rerank="off"), embedder=embedder)


@pytest.fixture
def kept(folder: Path, home: Path) -> Path:
    """A home with an index, two turns and a saved question."""
    assistant = open_home(folder, home)
    assistant.sync()
    for question in (QUESTION, "What does the baker sell?"):
        assistant.chats.keep("one", assistant.ask(question))
    assistant.records.save_question(assistant.ask(QUESTION))
    assistant.close()
    return home


def make_malformed(path: Path) -> None:
    """Overwrites a database from its second page on."""
    with path.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\x5a" * (path.stat().st_size - 4096))


def make_no_database(path: Path) -> None:
    path.write_bytes(b"this is no database, only text" * 1000)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


Damage = Callable[[Path], None]
DAMAGES = pytest.mark.parametrize("damage", [make_malformed, make_no_database, cut_off])


@DAMAGES
def test_a_damaged_index_leaves_chats_to_be_listed_read_kept_and_exported(
    damage: Damage, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(kept / "library.db")
    assistant = Assistant(Settings(home=kept, rerank="off"))
    (chat,) = assistant.chats.find()
    first, _ = assistant.chats.read(chat.id)
    (citation,) = first.answer.citations
    document, current = assistant.chats.open_citation(citation)
    assert document is not None
    assert document.text[citation.start : citation.end] == citation.quote
    assert not current
    assert len(assistant.records.list_saved()) == 1
    assistant.chats.keep("one", first.answer)
    assert len(assistant.chats.read("one")) == 3
    for act in (lambda: assistant.ask(QUESTION), assistant.sync, assistant.index.rebuild):
        with pytest.raises(DamagedError, match=r"onrecord rebuild --all$"):
            act()
    assert main(["status", "--home", str(kept)]) == 0
    told = capsys.readouterr().out
    assert "The index is damaged. Make it anew: onrecord rebuild --all" in told
    assistant.close()


@DAMAGES
def test_rebuild_all_makes_a_damaged_index_anew_and_keeps_what_people_made(
    damage: Damage, kept: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = open_home(folder, kept)
    found = [(h.passage, h.score) for h in before.search("rye bread on Tuesdays", k=5)]
    before.close()
    damage(kept / "library.db")
    # The folder that was synced is known although the index that knew it is gone.
    assert main(["rebuild", "--all", "--home", str(kept)]) == 0
    assert "Made the index anew of 3 documents" in capsys.readouterr().out
    after = Assistant(Settings(home=kept, rerank="off"))
    assert after.folder.path == folder
    assert [(h.passage, h.score) for h in after.search("rye bread on Tuesdays", k=5)] == found
    assert len(after.chats.read("one")) == 2
    assert len(after.records.list_saved()) == 1
    state = after.status(check=True)
    assert (state["library"], state["people"], state["vectors"]) == ("ok", "ok", "current")
    assert len(list((kept / FOLDER).iterdir())) == 1
    assert len(after.sync().unchanged) == 3
    after.close()


def test_rebuild_all_takes_another_embedding_model(kept: Path, folder: Path) -> None:
    other = open_home(folder, kept, OtherEmbedder())
    with pytest.raises(Exception, match="rebuild --all"):
        other.ask(QUESTION)
    assert other.index.rebuild_all().embedded == 3
    assert other.ask(QUESTION).status == "answered"
    assert other.status()["embedding_model"] == "another-model"
    assert len(other.chats.read("one")) == 2
    other.close()


def test_rebuild_all_of_a_sound_index_embeds_nothing_twice_and_readers_see_it(
    kept: Path, folder: Path
) -> None:
    reader, writer = open_home(folder, kept), open_home(folder, kept)
    days = [d.added for d in reader.index.list_documents()]
    revision = reader.records.revision
    write(folder, "delta.txt", "The lighthouse is lit again.")
    assert writer.index.rebuild_all().embedded == 1
    assert reader.search("lighthouse lit", k=1)[0].passage.document_id == "delta.txt"
    assert [d.added for d in reader.index.list_documents() if d.id != "delta.txt"] == days
    assert reader.records.revision > revision
    reader.close()
    writer.close()


def test_a_process_that_has_the_damaged_index_open_sees_the_new_one(
    kept: Path, folder: Path
) -> None:
    reader = open_home(folder, kept)
    reader.index.list_documents()
    make_no_database(kept / "library.db")
    open_home(folder, kept).index.rebuild_all()
    assert [d.id for d in reader.index.list_documents()] == ["alpha.txt", "beta.md", "gamma.txt"]
    assert reader.ask(QUESTION).status == "answered"
    reader.close()


def test_rebuild_all_asks_for_the_folder_where_nothing_tells_it(kept: Path, folder: Path) -> None:
    make_no_database(kept / "library.db")
    (kept / "people.db").unlink()
    with pytest.raises(FolderError, match="rebuild --all --documents DIR"):
        Assistant(Settings(home=kept)).index.rebuild_all()
    assert len(open_home(folder, kept).index.rebuild_all().added) == 3


def test_a_damaged_library_of_an_older_version_gives_up_what_people_made_of_it(
    home: Path, folder: Path
) -> None:
    home.mkdir()
    shutil.copy(LIBRARIES / "version5.db", home / "library.db")
    with closing(sqlite3.connect(home / "library.db")) as old:
        (root,) = old.execute(
            "SELECT rootpage FROM sqlite_master WHERE name='documents'"
        ).fetchone()
    with (home / "library.db").open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(b"\x5a" * 4096)
    assistant = open_home(folder, home)
    assert {c.id for c in assistant.chats.find()} == {"one", "two"}  # even before that
    assistant.chats.keep("one", assistant.chats.read("one")[0].answer)
    assistant.chats.delete("two")
    assistant.index.rebuild_all()
    assert {c.id for c in assistant.chats.find()} == {"one"}
    assert len(assistant.chats.read("one")) == 3
    assert len(assistant.records.list_runs()) == 1
    assert assistant.ask(QUESTION).status == "answered"
    assistant.close()


def test_a_damaged_people_db_stops_nobody_from_asking(
    kept: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_no_database(kept / "people.db")
    assistant = open_home(folder, kept)
    assert assistant.ask(QUESTION).status == "answered"
    assert assistant.sync().unchanged
    with pytest.raises(
        DamagedError, match=r"onrecord restore FILE, without one: onrecord rebuild --all$"
    ):
        assistant.chats.find()
    assert assistant.status()["people"] != "ok"
    assert main(["status", "--home", str(kept)]) == 0
    assert "onrecord restore FILE" in capsys.readouterr().out
    assistant.close()


def test_rebuild_all_saves_what_can_be_read_of_damaged_chats(kept: Path, folder: Path) -> None:
    with closing(sqlite3.connect(kept / "people.db")) as database:
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name='saved'"
        ).fetchone()
    with (kept / "people.db").open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(b"\x5a" * 4096)
    damaged = (kept / "people.db").read_bytes()
    assistant = open_home(folder, kept)
    with pytest.raises(DamagedError):
        assistant.records.list_saved()
    assistant.index.rebuild_all()
    assert len(assistant.chats.read("one")) == 2
    assert assistant.records.list_saved() == []
    assert assistant.status(check=True)["people"] == "ok"
    (aside,) = (
        p for p in kept.glob("people.db.damaged-*") if p.suffix[-4:] not in ("-wal", "-shm")
    )
    assert aside.read_bytes() == damaged
    assistant.close()


# --- vectors ---


def remove_vectors(home: Path) -> None:
    shutil.rmtree(next((home / FOLDER).glob("g*")))


def empty_vectors(home: Path) -> None:
    next((home / FOLDER).glob("g*/chroma.sqlite3")).write_bytes(b"")


def scramble_vectors(home: Path) -> None:
    path = next((home / FOLDER).glob("g*/chroma.sqlite3"))
    path.write_bytes(path.read_bytes()[:5000] + b"\x5a" * 50_000)


@pytest.mark.parametrize("damage", [remove_vectors, empty_vectors, scramble_vectors])
def test_damaged_vectors_are_told_searched_around_and_rebuilt_by_a_read(
    damage: Damage, kept: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = open_home(folder, kept)
    before = [(h.passage, round(h.score, 5)) for h in assistant.search("rye bread", k=5)]
    assistant.close()
    damage(kept)
    assistant = open_home(folder, kept)
    with caplog.at_level(logging.WARNING, logger="rag.library.vectors"), write_lock(kept):
        assert [
            (h.passage, round(h.score, 5)) for h in assistant.search("rye bread", k=5)
        ] == before
        assert assistant.status()["vectors"] == "damaged"
        assert "are damaged" in caplog.text
        vectors = assistant._home.vectors
        assert vectors is not None
        vectors.wait()  # it gave up: somebody else is writing
        assert assistant.status()["vectors"] == "damaged"
    assistant.close()
    assistant = open_home(folder, kept)
    assistant.search("rye bread", k=5)
    vectors = assistant._home.vectors
    assert vectors is not None
    vectors.wait()
    assert assistant.status()["vectors"] == "current"
    assert [(h.passage, round(h.score, 5)) for h in assistant.search("rye bread", k=5)] == before
    assert len(list((kept / FOLDER).iterdir())) == 1
    assistant.close()


@pytest.mark.parametrize("file", ["data_level0.bin", "index_metadata.pickle", "header.bin"])
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_file_of_a_large_index_that_is_not_what_was_written_is_never_opened(
    file: str, damage: str, tmp_path: Path
) -> None:
    from tests.library.test_vectors import make_vectors

    index, queries = make_vectors(tmp_path, 1500, CHROMA)
    found = index.search(queries[0], k=5, model="m")
    index.close()
    path = next((tmp_path / FOLDER).glob(f"g*/*/{file}"))
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    again = type(index)(tmp_path, index._library)
    assert again.state(model="m") == "damaged"
    assert again.search(queries[0], k=5, model="m") is None
    again.wait()
    assert again.state(model="m") == "current"
    mended = again.search(queries[0], k=5, model="m")
    assert mended is not None
    assert found is not None
    assert [h for h, _ in mended] == [h for h, _ in found]
    again.close()


# --- messages and modes ---


def test_no_message_advises_to_delete_anything_by_hand() -> None:
    # An f-string's pieces end where a value comes in: "Delete {path}".
    advice = re.compile(
        r"rm -rf|\bdelete $|\b(?:delete|remove) (?:the|your|its|this|that|all) ?"
        r"(?:whole )?(?:folder|index|home|director|library|database|$)",
        re.IGNORECASE,
    )
    assert advice.search("Run it again; if it stays, delete the folder and run: onrecord sync")
    for path in [*(ROOT / "rag").glob("**/*.py"), ROOT / "app.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not advice.search(node.value), f"{path.name}: {node.value}"


def test_what_is_in_the_home_is_for_its_owner_alone_whatever_the_umask(
    kept: Path, folder: Path
) -> None:
    before = os.umask(0)
    try:
        for path in (kept, *kept.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        assistant = open_home(folder, kept)
        assistant.folder.remove("beta.md")
        write(folder, "delta.txt", "The lighthouse is lit again.")
        assistant.sync()
        assistant.chats.keep("two", assistant.ask(QUESTION))
        assistant.index.rebuild_all()
        assistant.sync()
        for path in (kept, *kept.rglob("*")):
            wanted = 0o700 if path.is_dir() else 0o600
            mode = stat.S_IMODE(path.stat().st_mode)
            # A removed file keeps its own mode, to be put back with; nobody else enters there.
            if path.name != "file":
                assert mode == wanted, f"{path}: {mode:o}"
        assistant.close()
    finally:
        os.umask(before)


def test_a_folder_that_is_used_for_more_is_not_closed_to_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o755)
    monkeypatch.chdir(folder)
    assistant = open_home(folder, Path())
    with suppress(StorageError):
        assistant.sync()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "library.db").stat().st_mode) == 0o600
    assistant.close()
