"""Sync does exactly what changed in the folder, survives being killed, and two at once."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag import Assistant, Settings
from rag.documents import sync
from rag.errors import IndexBusy, IndexMismatch, IndexMissing, StorageError
from rag.library.generations import FOLDER
from rag.library.vectors import write_lock
from rag.models import BgeEmbedder
from rag.types import Changes, SyncReport
from tests.conftest import SEEDS, write

if TYPE_CHECKING:
    from rag.models.search import Vectors


class CountingEmbedder(BgeEmbedder):
    """The real embedder, with a list of what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        self.embedded += texts
        return super().embed_passages(texts)


class OtherEmbedder(BgeEmbedder):
    name = "another-model"


def open_folder(folder: Path, home: Path, embedder: BgeEmbedder | None = None) -> Assistant:
    return Assistant(Settings(home=home, documents=folder, rerank="off"), embedder=embedder)


def found(assistant: Assistant, question: str) -> list[str]:
    return [h.passage.text for h in assistant.search(question, k=5)]


def snapshot(assistant: Assistant) -> list[tuple[str, list[tuple[str, float]]]]:
    """What a reader can see: the documents, and what some questions find, with scores."""
    questions = ["harbour quay closed", "topic 7 and the river", "bread", "comets in May"]
    seen: list[tuple[str, list[tuple[str, float]]]] = [
        (d.id, [(d.title, float(d.passages))]) for d in assistant.index.list_documents()
    ]
    for q in questions:
        hits = assistant.search(q, k=10)
        seen.append((q, [(h.passage.id, round(h.score, 4)) for h in hits]))
    return seen


def test_the_second_sync_changes_nothing(folder: Path, home: Path) -> None:
    embedder = CountingEmbedder()
    assistant = open_folder(folder, home, embedder)
    first = assistant.sync()
    assert first.added == ("alpha.txt", "beta.md", "gamma.txt")
    assert first.embedded == len(embedder.embedded) == 3
    generation = sorted(p.name for p in (home / FOLDER).iterdir())
    second = assistant.sync()
    assert second.unchanged == first.added
    assert second == SyncReport(unchanged=first.added)
    assert len(embedder.embedded) == 3
    assert sorted(p.name for p in (home / FOLDER).iterdir()) == generation


def test_an_edit_a_rename_and_a_removal_are_told_apart_and_nothing_stale_is_found(
    folder: Path, home: Path
) -> None:
    embedder = CountingEmbedder()
    assistant = open_folder(folder, home, embedder)
    assistant.sync()
    embedder.embedded.clear()
    write(folder, "alpha.txt", "The lighthouse keeper said the lamp is broken.")
    (folder / "beta.md").rename(folder / "bread.md")
    (folder / "gamma.txt").unlink()
    report = assistant.sync()
    assert report.changed == ("alpha.txt",)
    assert report.renamed == (("beta.md", "bread.md"),)
    assert report.removed == ("gamma.txt",)
    assert embedder.embedded == ["The lighthouse keeper said the lamp is broken."]
    everything = found(assistant, "harbour master quay astronomers comets lighthouse rye bread")
    assert not any("harbour master" in t or "Astronomers" in t for t in everything)
    assert any("lighthouse" in t for t in everything)
    assert [h.passage.document_id for h in assistant.search("rye bread", k=1)] == ["bread.md"]


def test_files_that_change_places_and_copies_cost_no_embedding(folder: Path, home: Path) -> None:
    embedder = CountingEmbedder()
    assistant = open_folder(folder, home, embedder)
    assistant.sync()
    embedder.embedded.clear()
    alpha, gamma = (folder / "alpha.txt").read_bytes(), (folder / "gamma.txt").read_bytes()
    write(folder, "alpha.txt", gamma)
    write(folder, "gamma.txt", alpha)
    write(folder, "copy of gamma.txt", alpha)
    report = assistant.sync()
    assert report.changed == ("alpha.txt", "gamma.txt")
    assert report.added == ("copy of gamma.txt",)
    assert embedder.embedded == []
    hit = assistant.search("harbour master", k=5)[0]
    assert {p.document_id for p in (hit.passage, *hit.copies)} == {"gamma.txt", "copy of gamma.txt"}


def test_new_metadata_is_taken_over_without_embedding(folder: Path, home: Path) -> None:
    embedder = CountingEmbedder()
    assistant = open_folder(folder, home, embedder)
    assistant.sync()
    embedder.embedded.clear()
    write(folder, "metadata.jsonl", '{"file_name": "alpha.txt", "source": "Kelvik Post"}')
    assert assistant.sync().changed == ("alpha.txt",)
    document = assistant.index.get_document("alpha.txt")
    assert document is not None
    assert (document.source, document.title) == ("Kelvik Post", "The harbour of Kelvik")
    assert embedder.embedded == []


def test_a_file_that_can_no_longer_be_read_is_named_and_no_longer_found(
    folder: Path, home: Path
) -> None:
    assistant = open_folder(folder, home)
    assistant.sync()
    write(folder, "gamma.txt", b"\x00\x00\x00")
    report = assistant.sync()
    assert [f.id for f in report.failed] == ["gamma.txt"]
    assert report.removed == ("gamma.txt",)
    assert not any("comets" in t for t in found(assistant, "Astronomers comets"))


def test_an_emptied_folder_leaves_an_empty_index(folder: Path, home: Path) -> None:
    assistant = open_folder(folder, home)
    assistant.sync()
    for path in folder.iterdir():
        path.unlink()
    assert len(assistant.sync().removed) == 3
    assert assistant.search("harbour", k=5) == []
    answer = assistant.ask("What did the harbour master say?")
    assert answer.status == "abstained"


def test_a_plain_sync_reads_the_folder_synced_last(folder: Path, home: Path) -> None:
    open_folder(folder, home).sync()
    again = Assistant(Settings(home=home))
    assert again.folder.path == folder
    assert len(again.sync().unchanged) == 3
    assert Assistant(Settings(home=home / "new")).folder.path == Settings().documents


def test_rebuild_embeds_nothing_and_finds_the_same(folder: Path, home: Path) -> None:
    embedder = CountingEmbedder()
    assistant = open_folder(folder, home, embedder)
    assistant.sync()
    before = snapshot(assistant)
    embedder.embedded.clear()
    assert assistant.index.rebuild() == 3
    assert embedder.embedded == []
    assert snapshot(assistant) == before


def test_another_embedding_model_is_refused_with_the_next_step(folder: Path, home: Path) -> None:
    open_folder(folder, home).sync()
    other = open_folder(folder, home, OtherEmbedder())
    for act in (other.sync, other.index.rebuild, lambda: other.ask("Who?")):
        with pytest.raises(IndexMismatch, match="onrecord rebuild --all"):
            act()


def test_asking_before_the_first_sync_names_the_next_step(folder: Path, home: Path) -> None:
    with pytest.raises(IndexMissing, match="Run: onrecord sync"):
        open_folder(folder, home).ask("Who?")
    assert not home.exists()


def test_a_second_writer_gets_one_line_and_readers_go_on(folder: Path, home: Path) -> None:
    assistant = open_folder(folder, home)
    assistant.sync()
    with write_lock(home):
        run = onrecord("sync", str(folder), "--home", str(home))
        assert run.returncode == 1
        assert run.stderr.count("\n") == 1
        assert "Another process is syncing" in run.stderr
        assert onrecord("search", "rye bread", "--home", str(home)).returncode == 0
        with pytest.raises(IndexBusy):
            open_folder(folder, home).sync()


def test_a_reader_sees_what_another_process_synced(folder: Path, home: Path) -> None:
    reader = open_folder(folder, home)
    reader.sync()
    assert "volcano" not in " ".join(found(reader, "volcano eruption"))
    write(folder, "new.txt", "The volcano erupted at dawn.")
    assert onrecord("sync", str(folder), "--home", str(home)).returncode == 0
    assert found(reader, "volcano eruption")[0] == "The volcano erupted at dawn."


def test_search_goes_on_while_the_vectors_are_gone(folder: Path, home: Path) -> None:
    assistant = open_folder(folder, home)
    assistant.sync()
    before = snapshot(assistant)
    assistant.close()
    for path in sorted((home / FOLDER).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    again = open_folder(folder, home)
    assert snapshot(again) == before
    again.sync()
    assert snapshot(again) == before
    assert again.status()["vectors"] == "current"


def test_a_home_that_cannot_be_written_is_a_clear_error(folder: Path, tmp_path: Path) -> None:
    blocked = write(tmp_path, "file", "not a folder")
    with pytest.raises(StorageError, match="--home"):
        open_folder(folder, blocked / "home").sync()


def test_statements_follow_their_document(folder: Path, home: Path) -> None:
    assistant = open_folder(folder, home, CountingEmbedder())
    assistant.sync()
    write(folder, "later.txt", "Anna Berg said the bridge would open in May.")
    assistant.sync()
    (berg,) = assistant.statements(speaker="Berg")
    assert (berg.document_id, berg.speaker) == ("later.txt", "Anna Berg")
    (folder / "later.txt").rename(folder / "renamed.txt")
    write(folder, "metadata.jsonl", '{"file_name": "renamed.txt", "source": "AP"}')
    assistant.sync()
    (berg,) = assistant.statements(speaker="Berg")
    assert (berg.document_id, berg.outlet) == ("renamed.txt", "AP")
    write(folder, "renamed.txt", "Tom Reed said the bridge would stay shut.")
    assistant.sync()
    assert assistant.statements(speaker="Berg") == []
    assert [s.speaker for s in assistant.statements(document="renamed.txt")] == ["Tom Reed"]
    (folder / "renamed.txt").unlink()
    assistant.sync()
    assert [s.speaker for s in assistant.statements()] == ["the harbour master"]


def test_a_long_sync_is_committed_in_chunks(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "CHUNK_PASSAGES", 1)
    revisions: list[int] = []
    assistant = open_folder(folder, home, CountingEmbedder())

    def tell(stage: str, done: int, total: int) -> None:
        library = assistant._home.find_library()
        assert library is not None
        if stage == "read":
            assert 0 <= done <= total == 3
            revisions.append(library.count_documents())

    assert len(assistant.sync(progress=tell).added) == 3
    assert sorted(set(revisions)) == [0, 1, 2, 3]
    assert assistant.status()["vectors"] == "current"


def test_a_damaged_library_is_a_clear_error(folder: Path, home: Path) -> None:
    write(home, "library.db", b"this is no database, only text" * 100)
    with pytest.raises(StorageError, match="onrecord rebuild --all"):
        open_folder(folder, home).ask("Who?")


def make_corpus(folder: Path, *, files: int) -> Path:
    chance = random.Random(1)
    words = "river bridge harbour council vote storm market school fire train".split()
    for number in range(files):
        lines = [
            f"Report {number} says that the {chance.choice(words)} of topic {i} met the "
            f"{chance.choice(words)} on day {chance.randrange(99)}."
            for i in range(12)
        ]
        write(folder, f"file{number:03}.txt", "\n".join(lines))
    return folder


def start_onrecord(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "rag.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=SEEDS.parent,
        env={**os.environ, "PYTHONHASHSEED": "random"},
    )


def onrecord(*arguments: str) -> "subprocess.CompletedProcess[str]":
    run = start_onrecord(*arguments)
    out, err = run.communicate(timeout=120)
    return subprocess.CompletedProcess(run.args, run.returncode, out, err)


def test_what_is_found_does_not_depend_on_the_order_of_adding(tmp_path: Path) -> None:
    # Many equal sentences: scores tie everywhere, at the end of every ranking too.
    everything = make_corpus(tmp_path / "all", files=70)
    for number in range(0, 70, 2):
        write(everything, f"same{number}.txt", "The river council met about the harbour vote.")
    at_once = open_folder(everything, tmp_path / "at-once")
    at_once.sync()
    growing = tmp_path / "growing"
    growing.mkdir()
    bit_by_bit = open_folder(growing, tmp_path / "bit-by-bit")
    names = sorted(p.name for p in everything.iterdir())
    random.Random(2).shuffle(names)
    for start in range(0, len(names), 40):
        for name in names[start : start + 40]:
            write(growing, name, (everything / name).read_bytes())
        bit_by_bit.sync()
    assert snapshot(bit_by_bit) == snapshot(at_once)


def test_changes_on_the_disk_are_told_before_they_are_synced(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assert assistant.folder.find_changes().added == ("alpha.txt", "beta.md", "gamma.txt")
    assistant.sync()
    assert not assistant.folder.find_changes()
    write(folder, "delta.txt", "Something new.")
    write(folder, "beta.md", "# Bakery\n\nClosed.")
    (folder / "alpha.txt").rename(folder / "harbour.txt")
    (folder / "gamma.txt").unlink()
    found = assistant.folder.find_changes()
    assert found == Changes(
        added=("delta.txt",), changed=("beta.md",), removed=("gamma.txt",),
        renamed=(("alpha.txt", "harbour.txt"),),
    )  # fmt: skip
    report = assistant.sync()
    assert (report.added, report.changed, report.removed, report.renamed) == (
        found.added, found.changed, found.removed, found.renamed,
    )  # fmt: skip
    assert not assistant.folder.find_changes()


def test_failures_are_remembered_and_are_no_news_until_they_change(
    folder: Path, home: Path
) -> None:
    write(folder, "bad.txt", b"\x00\x01" * 40)
    write(folder, "run.exe", b"MZ")
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    again = Assistant(Settings(home=home, documents=folder))
    assert [f.id for f in again.index.list_failures()] == ["bad.txt", "run.exe"]
    assert not again.folder.find_changes()
    write(folder, "bad.txt", b"Now it is text.")
    assert again.folder.find_changes().added == ("bad.txt",)
    again.sync()
    assert [f.id for f in again.index.list_failures()] == ["run.exe"]


def test_documents_are_listed_with_size_statements_and_when_they_came(
    folder: Path, home: Path
) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    alpha, beta, _ = assistant.index.list_documents()
    assert (alpha.size, alpha.statements, alpha.kind) == (
        (folder / "alpha.txt").stat().st_size, 1, "txt",
    )  # fmt: skip
    assert beta.kind == "md"
    assert alpha.added is not None
    write(folder, "alpha.txt", "Another text.")
    assistant.sync()
    changed = assistant.index.list_documents()[0]
    assert (changed.added, changed.statements) == (alpha.added, 0)


def test_a_first_sync_is_asked_after_its_first_few_documents(folder: Path, home: Path) -> None:
    for number in range(40):
        text = "\n\n".join(f"Quay {number} has {n} cranes. " * 12 for n in range(4))
        write(folder, f"quay{number:02}.txt", text)
    assistant = open_folder(folder, home, CountingEmbedder())
    sizes: list[int] = []

    def look(stage: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        if stage == "read" and assistant._home.revision:
            sizes.append(assistant.index.count_documents())

    assistant.sync(progress=look)
    written = sorted(set(sizes))
    assert written[0] <= 20  # some 32 passages: a second of embedding
    assert len(written) >= 3
    assistant.close()
