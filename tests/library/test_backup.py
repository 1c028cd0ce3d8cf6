"""One archive holds all that cannot be made again, whatever goes on while it is written."""

import json
import shutil
import stat
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rag import Assistant, Settings, faults
from rag.cli import main
from rag.documents import sync
from rag.errors import BackupError, DamagedError, StorageError
from rag.library import backup
from tests.conftest import write
from tests.library.test_damage import kept, make_no_database  # noqa: F401

QUESTION = "Who said the quay is closed?"


def open_home(home: Path, folder: Path | None = None) -> Assistant:
    return Assistant(Settings(home=home, documents=folder or Path("seeds"), rerank="off"))


def seen(assistant: Assistant, *questions: str) -> list[object]:
    """What a reader sees: chats, records, and what questions find, with scores."""
    found: list[object] = [
        [(c.title, c.turns, c.updated) for c in assistant.chats.find()],
        [t for c in assistant.chats.find() for t in assistant.chats.read(c.id)],
        assistant.records.list_saved(),
        [r.id for r in assistant.folder.list_removed()],
        assistant.index.list_documents(),
    ]
    for question in (QUESTION, "rye bread on Tuesdays", *questions):
        answer = assistant.ask(question)
        found.append((answer.text, answer.citations))
        hits = assistant.search(question, k=10)
        found.append([(h.passage, round(h.score, 5)) for h in hits])
    return found


def test_a_backup_restored_elsewhere_holds_and_answers_the_same(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assistant = open_home(kept, folder)
    assistant.folder.remove("gamma.txt")
    assistant.sync()
    before = seen(assistant)
    assistant.close()
    archive, elsewhere = tmp_path / "all.zip", tmp_path / "elsewhere"
    assert main(["backup", str(archive), "--home", str(kept), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["chats"], told["documents"], told["removed"]) == (1, 2, 1)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert main(["restore", str(archive), "--home", str(elsewhere)]) == 0
    assert capsys.readouterr().out == "Restored 1 chat, 2 indexed documents, 1 removed file.\n"
    restored = open_home(elsewhere)
    assert seen(restored) == before
    state = restored.status(check=True)
    assert (state["library"], state["people"], state["vectors"]) == ("ok", "ok", "current")
    assert restored.folder.path == folder
    (removed,) = restored.folder.list_removed()
    assert restored.folder.restore(removed) == "gamma.txt"
    assert sorted(p.name for p in elsewhere.iterdir() if "-" not in p.name) == [
        "library.db", "onrecord.log", "people.db", "removed", "sync.lock", "vectors",
    ]  # fmt: skip
    restored.close()


def test_a_backup_during_a_sync_and_a_chat_answers_the_same_elsewhere(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken between two chunks of a sync, it is of that moment: some documents in, some not."""
    monkeypatch.setattr(sync, "CHUNK_PASSAGES", 1)
    for number in range(6):
        write(folder, f"later{number}.txt", f"Report {number} says that ferry {number} was late.")
    assistant = open_home(kept, folder)
    archive = tmp_path / "all.zip"
    moment: list[object] = []
    chatting = threading.Event()

    def chat() -> None:
        while not chatting.is_set():
            assistant.chats.keep("busy", answer)

    answer = assistant.ask(QUESTION)
    chunks = 0

    def back_up_midway(name: str) -> None:
        nonlocal chunks
        chunks += name == "sync.embed"
        if name == "sync.embed" and chunks == 4:
            other = open_home(kept, folder)
            moment.extend(seen(other, "which ferry was late")[4:])
            talker = threading.Thread(target=chat)
            talker.start()
            try:
                other.index.back_up(archive)
            finally:
                chatting.set()
                talker.join()
            other.close()

    with faults.watching(back_up_midway):
        assert len(assistant.sync().added) == 6
    assistant.close()
    restored = open_home(tmp_path / "elsewhere")
    restored.index.restore_backup(archive)
    assert len(restored.index.list_documents()) == 3 + 3
    assert seen(restored, "which ferry was late")[4:] == moment
    turns = restored.chats.read("busy")
    assert [t.number for t in turns] == list(range(1, len(turns) + 1))
    # And the sync goes on from there.
    assert len(restored.sync(folder).added) == 3
    restored.close()


def test_nothing_is_overwritten_on_either_side(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive = tmp_path / "all.zip"
    open_home(kept, folder).index.back_up(archive)
    data = archive.read_bytes()
    for arguments in (["backup", str(archive)], ["restore", str(archive)]):
        assert main([*arguments, "--home", str(kept)]) == 1
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert "already" in told
    assert archive.read_bytes() == data
    only_removed = tmp_path / "only-removed"
    other = open_home(only_removed, folder)
    other.folder.remove("beta.md")
    with pytest.raises(BackupError, match="Restore into another"):
        other.index.restore_backup(archive)


def test_a_home_with_an_index_alone_takes_the_archives(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    archive = tmp_path / "all.zip"
    assistant = open_home(kept, folder)
    before = seen(assistant)
    assistant.index.back_up(archive)
    assistant.close()
    elsewhere = tmp_path / "elsewhere"
    write(tmp_path / "other", "other.txt", "Something else.")
    other = open_home(elsewhere)
    other.sync(tmp_path / "other")
    other.index.restore_backup(archive)
    assert seen(other) == before
    other.close()


def test_a_damaged_index_is_left_out_and_said_to_be(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_no_database(kept / "library.db")
    archive, elsewhere = tmp_path / "all.zip", tmp_path / "elsewhere"
    assert main(["backup", str(archive), "--home", str(kept)]) == 0
    assert "library.db is damaged and was left out" in capsys.readouterr().err
    assert main(["restore", str(archive), "--home", str(elsewhere)]) == 0
    assert "onrecord sync" in capsys.readouterr().err
    restored = open_home(elsewhere)
    assert len(restored.chats.read("one")) == 2
    assert len(restored.sync(folder).added) == 3
    restored.close()


def test_a_backup_takes_the_place_of_damaged_chats_which_are_kept_beside(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    archive = tmp_path / "all.zip"
    open_home(kept, folder).index.back_up(archive)
    make_no_database(kept / "people.db")
    damaged = (kept / "people.db").read_bytes()
    assistant = open_home(kept, folder)
    with pytest.raises(DamagedError):
        assistant.index.back_up(tmp_path / "second.zip")
    assert not (tmp_path / "second.zip").exists()
    assistant.index.restore_backup(archive)
    assert len(assistant.chats.read("one")) == 2
    (aside,) = kept.glob("people.db.damaged-*")
    assert aside.read_bytes() == damaged
    assistant.close()


def rewrite(archive: Path, change: dict[str, bytes | None]) -> None:
    """Another archive in its place: `change` are new members' bytes, None drops one."""
    with zipfile.ZipFile(archive) as pack:
        members = {name: pack.read(name) for name in pack.namelist()}
    members |= {k: v for k, v in change.items() if v is not None}
    with zipfile.ZipFile(archive, "w") as pack:
        for name, data in members.items():
            if change.get(name, b"") is not None:
                pack.writestr(name, data)


def manifest(archive: Path, **change: Any) -> bytes:
    with zipfile.ZipFile(archive) as pack:
        return json.dumps(json.loads(pack.read("manifest.json")) | change).encode()


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("cut", "no sound archive"),
        ("flipped", "damaged|no sound archive"),
        ("text", "no sound archive"),
        ("no manifest", "no manifest"),
        ("member changed", "people.db is damaged"),
        ("member gone", "other files than its manifest says"),
        ("member more", "other files than its manifest says"),
        ("newer", "newer Onrecord"),
        ("outside", "none of ours"),
        ("no database", "database"),
    ],
)
def test_an_archive_that_is_not_as_it_was_written_changes_nothing(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    fault: str,
    line: str,
) -> None:
    archive, elsewhere = tmp_path / "all.zip", tmp_path / "elsewhere"
    open_home(kept, folder).index.back_up(archive)
    data = bytearray(archive.read_bytes())
    if fault == "cut":
        archive.write_bytes(data[: len(data) // 2])
    elif fault == "flipped":
        data[len(data) // 3] ^= 0xFF
        archive.write_bytes(data)
    elif fault == "text":
        archive.write_text("not an archive")
    elif fault == "no manifest":
        rewrite(archive, {"manifest.json": None})
    elif fault == "member changed":
        rewrite(archive, {"people.db": b"x"})
    elif fault == "member gone":
        rewrite(archive, {"people.db": None})
    elif fault == "member more":
        rewrite(archive, {"removed/a/file": b"x"})
    elif fault == "newer":
        rewrite(archive, {"manifest.json": manifest(archive, format=2)})
    else:
        import hashlib

        name = "removed/../../evil" if fault == "outside" else "people.db"
        body = b"evil" if fault == "outside" else b"no database" * 1000
        held = json.loads(manifest(archive))["members"]
        held[name] = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        rewrite(archive, {name: body, "manifest.json": manifest(archive, members=held)})
    home = open_home(elsewhere)
    with pytest.raises((BackupError, StorageError), match=line) as told:
        home.index.restore_backup(archive)
    assert "\n" not in str(told.value)
    assert [p.name for p in elsewhere.iterdir()] == ["sync.lock"]
    assert not (tmp_path / "evil").exists()


def test_a_restore_that_is_cut_off_is_completed_by_whoever_opens_the_home(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    archive = tmp_path / "all.zip"
    assistant = open_home(kept, folder)
    assistant.folder.remove("gamma.txt")
    before = seen(assistant)
    assistant.index.back_up(archive)
    assistant.close()
    for place in ("restore.ready", "restore.removed", "install.vectors", "install.database",
                  "install.installed", "restore.done"):  # fmt: skip
        elsewhere = tmp_path / "elsewhere"

        def stop(name: str, place: str = place) -> None:
            if name == place:
                raise KeyboardInterrupt

        with faults.watching(stop), pytest.raises(KeyboardInterrupt):
            open_home(elsewhere).index.restore_backup(archive)
        restored = open_home(elsewhere)
        assert seen(restored) == before
        restored.sync()
        assert not (elsewhere / "restoring").exists()
        restored.close()
        shutil.rmtree(elsewhere)


def test_a_disk_that_fills_leaves_no_half_archive(
    kept: Path,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    def full(name: str) -> None:
        if name == "backup.member":
            raise OSError(28, "No space left on device")

    with faults.watching(full), pytest.raises(BackupError, match="free some space"):
        open_home(kept, folder).index.back_up(tmp_path / "all.zip")
    assert not [p for p in tmp_path.iterdir() if "all.zip" in p.name]
    assert not list(kept.glob("backing-up-*"))
    left = kept / "backing-up-999999999-dead"  # of one that was killed
    left.mkdir()
    open_home(kept, folder).index.back_up(tmp_path / "all.zip")
    assert not left.exists()
    assert backup.FORMAT == 1
