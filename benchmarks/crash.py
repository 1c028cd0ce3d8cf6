"""Crashes at named steps: everything recovers, search equals a fresh index, nothing told is lost.

    python benchmarks/crash.py [--faults 1000 --seed 1 --task restore]

Every task of the product is run once to list the steps it takes (rag/faults.py). Then it is run
again and again, each time cut off at one of them: by SIGKILL, or by a full disk where it writes.
What the next process finds is compared with an index made anew from the same folder, and with what
the task had told to be done before the fault. A fault costs two forks and no model: embeddings are
word counts. Prints a row a task, then what failed; exits with 1 if anything did. POSIX only.
"""

import argparse
import hashlib
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag import Assistant, OnrecordError, Settings, faults
from rag.cases import Case
from rag.documents import sync
from rag.types import Described, Feedback

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ("who closed the bridge", "topic 7 storm", "harbour council vote", "marker 3")
WORDS = "river bridge harbour council vote storm market school fire train closed delayed".split()
NAMES = ("Anna Berg", "Tom Reed", "Orla Quist", "the harbour master")
FILES = 8
OLD_DOCUMENTS = {
    "harbour.txt": "The harbour of Kelvik\n\nThe harbour master said the quay is closed.\n",
    "bakery.md": "# Bakery\n\nThe baker sells rye bread on Tuesdays.\n",
}
# Where something is written, so that a full disk is told there.
WRITES = (
    "library.commit", "people.commit", "library.migration", "people.migration", "move.copy",
    "vectors.copy", "vectors.write", "folder.upload", "folder.place", "folder.describe",
    "folder.described", "folder.remove", "folder.restore", "rebuild.begin", "rebuild.built",
    "install.vectors", "install.database", "install.aside", "backup.copied", "backup.member",
    "backup.publish", "restore.begin", "restore.member", "restore.unpacked", "restore.removed",
)  # fmt: skip
# What may stand in a home once all is well.
# (a name may go on: SQLite's logs, a damaged file kept)
HELD = ("library.db", "people.db", "tokens.db", "vectors", "removed", "sync.lock")


class WordCounts:
    """An embedder that knows no meaning: which words stand in a text, hashed to 384 places."""

    name = "word-counts"
    dimensions = 384

    def embed_passages(self, texts: Sequence[str]) -> "np.ndarray[Any, np.dtype[np.float32]]":
        found = np.full((len(texts), 384), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                place = int.from_bytes(hashlib.md5(word.encode()).digest()[:4], "little") % 384
                found[row, place] += 1
        unit: np.ndarray[Any, np.dtype[np.float32]] = found / np.linalg.norm(
            found, axis=1, keepdims=True
        )
        return unit

    def embed_query(self, text: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
        found: np.ndarray[Any, np.dtype[np.float32]] = self.embed_passages([text])[0]
        return found


@dataclass(frozen=True)
class Place:
    """One try's folders; what the task told to be done is a line each in `told`."""

    root: Path
    seed: int

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def told(self) -> Path:
        return self.root / "told"

    def open(self, home: Path | None = None) -> Assistant:
        settings = Settings(home=home or self.home, documents=self.documents, rerank="off")
        return Assistant(settings, embedder=WordCounts())

    def tell(self, *what: str) -> None:
        with self.told.open("a", encoding="utf-8") as opened:
            opened.write(json.dumps(what) + "\n")

    def read_told(self) -> list[list[str]]:
        if not self.told.exists():
            return []
        return [json.loads(line) for line in self.told.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class Task:
    """Something the product does: how it is got ready, done, and done again after a fault."""

    prepare: Callable[[Place], None]
    run: Callable[[Place], None]
    again: Callable[[Place], None]
    begins_empty: bool = False


# --- tasks ---


def write_file(folder: Path, number: int, chance: random.Random) -> None:
    lines = [f"Report {number}"]
    lines += [
        f"Marker {i}: {chance.choice(NAMES)} said the {chance.choice(WORDS)} of topic "
        f"{chance.randrange(50)} met the {chance.choice(WORDS)} on day {chance.randrange(99)}."
        for i in range(24)
    ]
    (folder / f"file{number:02}.txt").write_text("\n".join(lines), encoding="utf-8")


def make_base(place: Place) -> None:
    """Documents, an index, two chats, records and a removed file."""
    chance = random.Random(place.seed)
    place.documents.mkdir(parents=True)
    for number in range(FILES + place.seed % 3):
        write_file(place.documents, number, chance)
    assistant = place.open()
    assistant.sync()
    for chat, question in (("one", QUESTIONS[0]), ("one", QUESTIONS[1]), ("two", QUESTIONS[2])):
        assistant.chats.keep(chat, assistant.ask(question))
        place.tell("turn", chat, question)
    assistant.records.put_feedback("one", 1, Feedback(True, "Good."))
    assistant.records.save_question(assistant.ask(QUESTIONS[3]))
    place.tell("saved", QUESTIONS[3])
    assistant.folder.remove("file00.txt")
    place.tell("removed", "file00.txt")
    assistant.sync()
    assistant.close()


def forget_everything(place: Place) -> None:
    shutil.rmtree(place.home)
    place.told.unlink()


def nothing(_: Place) -> None:
    pass


def just_sync(place: Place) -> None:
    assistant = place.open()
    assistant.sync()
    assistant.close()


def change_folder(place: Place) -> None:
    chance = random.Random(place.seed + 100)
    for number in (2, 20, 21):
        write_file(place.documents, number, chance)
    (place.documents / "file03.txt").unlink()
    (place.documents / "file04.txt").rename(place.documents / "moved.txt")
    note = {"file_name": "file05.txt", "source": "AP", "date": "2024-03-05"}
    (place.documents / "metadata.jsonl").write_text(json.dumps(note) + "\n", encoding="utf-8")


def rebuild(place: Place) -> None:
    assistant = place.open()
    assistant.index.rebuild()
    assistant.close()


def rebuild_all(place: Place) -> None:
    assistant = place.open()
    assistant.index.rebuild_all()
    assistant.close()


def damage_index(place: Place) -> None:
    with (place.home / "library.db").open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\x5a" * 200_000)


def damage_vectors(place: Place) -> None:
    next((place.home / "vectors").glob("g*/chroma.sqlite3")).write_bytes(b"gone")


def chat(place: Place) -> None:
    assistant = place.open()
    for number in range(3):
        question = f"what of marker {number}"
        assistant.chats.keep("three", assistant.ask(question))
        place.tell("turn", "three", question)
    assistant.chats.rename("three", "Markers")
    place.tell("title", "three", "Markers")
    assistant.records.put_feedback("three", 2, Feedback(False, "Wrong."))
    place.tell("feedback", "three", "2")
    assistant.records.put_case(Case("case", "own", "Who?"))
    place.tell("case", "case")
    assistant.records.save_question(assistant.ask("storm vote"))
    place.tell("saved", "storm vote")
    place.tell("deleting", "two")
    assistant.chats.delete("two")
    place.tell("deleted", "two")
    assistant.close()


def upload(place: Place) -> None:
    assistant = place.open()
    for name, text in (("new.txt", "The ferry is late."), ("file06.txt", "The ferry is gone.")):
        added = assistant.folder.add(name, text.encode(), replace=name.startswith("file"))
        place.tell("file", added.name, text)
    assistant.sync()
    assistant.close()


def edit(place: Place) -> None:
    assistant = place.open()
    for number in (5, 6):
        assistant.folder.describe(
            f"file{number:02}.txt", Described(f"Title {number}", "Reuters", "2024")
        )
        place.tell("title of", f"file{number:02}.txt", f"Title {number}")
    assistant.sync()
    assistant.close()


def remove(place: Place) -> None:
    assistant = place.open()
    assistant.folder.remove("file07.txt")
    place.tell("removed", "file07.txt")
    assistant.sync()
    first = next(r for r in assistant.folder.list_removed() if r.id == "file00.txt")
    name = assistant.folder.restore(first)
    place.tell("restored", "file00.txt", name)
    assistant.sync()
    assistant.close()


def old_home(place: Place) -> None:
    """The home of version 5, in place of the one of today."""
    shutil.rmtree(place.home)
    place.told.unlink()
    shutil.rmtree(place.documents)
    place.documents.mkdir()
    place.home.mkdir()
    shutil.copy(ROOT / "tests" / "libraries" / "version5.db", place.home / "library.db")
    for chat_, question in (("one", "Who said the quay is closed?"),
                            ("one", "What does the baker sell on Tuesdays?"),
                            ("two", "Who is Emmanuel Macron?")):  # fmt: skip
        place.tell("turn", chat_, question)
    place.tell("saved", "Who said the quay is closed?")
    place.tell("case", "quay")
    place.tell("feedback", "one", "1")


def migrate(place: Place) -> None:
    assistant = place.open()
    assistant.chats.find()
    assistant.chats.rename("one", "Renamed")
    place.tell("title", "one", "Renamed")
    assistant.close()


def migrate_and_index(place: Place) -> None:
    """The index of another model is made anew, of the documents that it was of."""
    for name, text in OLD_DOCUMENTS.items():
        (place.documents / name).write_text(text, encoding="utf-8")
    rebuild_all(place)


def back_up(place: Place) -> None:
    assistant = place.open()
    assistant.index.back_up(place.root / "all.zip")
    place.tell("archive", "all.zip")
    assistant.close()


def back_up_again(place: Place) -> None:
    """An archive is there and whole, or not there; it is restored, and the home backed up anew."""
    whole = place.root / "all.zip"
    if not whole.exists():
        back_up(place)
    parts = [p for p in place.root.iterdir() if p.name.startswith(".all.zip")]
    assert len(parts) <= 1, parts
    other = Place(place.root / "other", place.seed)
    assistant = place.open(other.home)
    assistant.index.restore_backup(whole)
    assistant.close()
    shutil.rmtree(place.home)
    other.home.rename(place.home)
    (place.root / "second.zip").unlink(missing_ok=True)
    assistant = place.open()
    assistant.index.back_up(place.root / "second.zip")  # takes away what a killed one left
    assistant.close()


def archive_only(place: Place) -> None:
    back_up(place)
    shutil.rmtree(place.home)


def restore(place: Place) -> None:
    assistant = place.open()
    assistant.index.restore_backup(place.root / "all.zip")
    place.tell("restored home", "all.zip")
    assistant.close()


def restore_again(place: Place) -> None:
    """The home is as the archive was, or nothing of it is there yet."""
    assistant = place.open()
    chats, documents = assistant.chats.find(), assistant.index.list_documents()
    assert bool(chats) == bool(documents) == bool(assistant.folder.list_removed())
    if not chats:
        assert ["restored home", "all.zip"] not in place.read_told()
        assistant.index.restore_backup(place.root / "all.zip")
    assistant.sync()  # takes away what a killed one left
    assistant.close()


TASKS = {
    "sync": Task(change_folder, just_sync, just_sync),
    "first sync": Task(forget_everything, just_sync, just_sync),
    "rebuild": Task(nothing, rebuild, rebuild),
    "rebuild, vectors damaged": Task(damage_vectors, rebuild, just_sync),
    "rebuild --all": Task(change_folder, rebuild_all, just_sync),
    "rebuild --all, damaged": Task(damage_index, rebuild_all, rebuild_all),
    "chat": Task(nothing, chat, just_sync),
    "upload": Task(nothing, upload, just_sync),
    "edit": Task(nothing, edit, just_sync),
    "remove": Task(nothing, remove, just_sync),
    "migration": Task(old_home, migrate, migrate_and_index),
    "backup": Task(nothing, back_up, back_up_again),
    "restore": Task(archive_only, restore, restore_again, begins_empty=True),
}


# --- faults ---


def in_child(run: Callable[[], object], out: Path) -> int:
    """Runs something in a fork, its JSON result (or traceback) in `out`; the status of its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            out.write_text(json.dumps({"value": run()}), encoding="utf-8")
            status = 0
        except BaseException:
            out.write_text(json.dumps({"error": traceback.format_exc()}), encoding="utf-8")
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def result(run: Callable[[], object], out: Path) -> Any:
    """What `run` returns in a fork."""
    out.unlink(missing_ok=True)
    status = in_child(run, out)
    found = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    if "value" not in found:
        raise RuntimeError(found.get("error", f"ended with {status}"))
    return found["value"]


def list_steps(task: Task, place: Place) -> list[str]:
    steps: list[str] = []
    with faults.watching(steps.append):
        task.run(place)
    return steps


def run_with_fault(task: Task, place: Place, at: int, kind: str) -> str:
    """Runs a task that is cut off at its step number `at`; what it told of a full disk."""
    taken = 0

    def cut_off(_: str) -> None:
        nonlocal taken
        taken += 1
        if taken - 1 == at:
            if kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device")

    try:
        with faults.watching(cut_off):
            task.run(place)
    except OnrecordError as error:
        if "\n" in str(error):
            raise
        return str(error)
    return ""


def recover(task: Task, place: Place) -> list[Any]:
    """What the next process finds: nothing that was told may be missing."""
    if not task.begins_empty:  # else what the archive holds is not there yet
        check_told(place)
    task.again(place)
    check_told(place)
    left = [p.name for p in place.home.iterdir() if not p.name.startswith(HELD)]
    assert not left, f"left in the home: {left}"
    generations = [p.name for p in (place.home / "vectors").iterdir()]
    assert len(generations) == 1, f"vectors: {generations}"
    return snapshot(place)


def snapshot(place: Place) -> list[Any]:
    assistant = place.open()
    state = assistant.status(check=True)
    assert (state["library"], state["vectors"]) == ("ok", "current"), state
    assert state["people"] in ("ok", "none"), state
    seen: list[Any] = [
        [(d.id, d.title, d.source, d.date, d.passages, d.statements)
         for d in assistant.index.list_documents()]
    ]  # fmt: skip
    for question in QUESTIONS:
        hits = assistant.search(question, k=10)
        seen.append([(h.passage.id, h.passage.text, round(h.score, 4)) for h in hits])
    seen.append([s.content for s in assistant.statements()])
    assistant.close()
    return seen


def fresh(place: Place, home: Path) -> list[Any]:
    """The same of an index that is made anew from the folder as it is."""
    other = Place(place.root, place.seed)
    assistant = other.open(home)
    assistant.sync()
    assistant.close()
    shutil.move(place.home, place.root / "aside")
    shutil.move(home, place.home)
    return snapshot(place)


def check_told(place: Place) -> None:
    assistant = place.open()
    told = place.read_told()
    gone = {chat_ for what, chat_, *_ in told if what == "deleting"}
    renamed = {id_: name for what, id_, *rest in told if what == "restored" for name in rest}
    removed = {r.id for r in assistant.folder.list_removed()}
    for what, name, *rest in told:
        if what == "turn" and name not in gone:
            turns = assistant.chats.read(name)
            # Turns of one chat are told in their order and never twice.
            asked = [t.answer.question for t in turns]
            assert asked.count(rest[0]) == 1, f"{what} {name} {rest} among {asked}"
        elif what == "title":
            chat_ = assistant.chats.get(name)
            assert chat_ is not None
            assert chat_.title == rest[0], chat_
        elif what == "deleted":
            assert assistant.chats.get(name) is None, name
        elif what == "feedback":
            assert int(rest[0]) in assistant.records.read_feedback(name), name
        elif what == "saved":
            assert [s.question for s in assistant.records.list_saved()].count(name) == 1, name
        elif what == "case":
            assert [c.id for c in assistant.records.list_cases()].count(name) == 1, name
        elif what == "file":
            assert (place.documents / name).read_text(encoding="utf-8") == rest[0], name
        elif what == "title of":
            text = (place.documents / "metadata.jsonl").read_text(encoding="utf-8")
            rows = [json.loads(line) for line in text.splitlines()]
            assert {"file_name": name, "title": rest[0]}.items() <= next(
                r for r in rows if r["file_name"] == name
            ).items()
        elif what == "removed" and name not in renamed:
            # Put back and not yet told so, it is in the folder and may be in both.
            assert name in removed or (place.documents / name).exists(), name
        elif what == "restored":
            assert (place.documents / rest[0]).exists(), name
        elif what == "archive":
            assert (place.root / name).exists(), name
    assistant.close()


# --- the campaign ---


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--task", choices=TASKS, help="of this task alone")
    options = parser.parse_args()
    if options.task:
        for name in TASKS.keys() - {options.task}:
            del TASKS[name]
    sync.CHUNK_PASSAGES = 4  # several commits a sync, small as it is
    logging.getLogger("rag").addHandler(logging.NullHandler())
    load_what_forks_share()
    began = time.perf_counter()
    counts: dict[str, Counter[str]] = {name: Counter() for name in TASKS}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        where = Path(temporary)
        points = plan(where, seed=options.seed, number=options.faults)
        known: dict[str, Any] = {}
        for number, (name, seed, at, step, kind) in enumerate(points):
            place = Place(where / f"try{number}", seed)
            copy_place(where / f"ready-{name}-{seed}", place.root)
            try:
                one_fault(TASKS[name], place, at, kind, known)
                counts[name][kind] += 1
            except Exception as error:
                failures.append(f"{name} at {step} ({kind}, {at}, seed {seed}): {error}")
                counts[name]["failed"] += 1
            counts[name][f"step {step}"] += 1
            shutil.rmtree(place.root, ignore_errors=True)
    print_table(counts, failures, seconds=time.perf_counter() - began, seed=options.seed)
    return int(bool(failures))


def plan(where: Path, *, seed: int, number: int) -> list[tuple[str, int, int, str, str]]:
    """(task, seed, step's number, its name, kind) of `number` faults, of all tasks in turn."""
    chance = random.Random(seed)
    chosen: list[tuple[str, int, int, str, str]] = []
    round_ = seed
    while len(chosen) < number:
        base = Place(where / f"base-{round_}", round_)
        result(lambda base=base: make_base(base), where / "out")  # type: ignore[misc]
        by_task: list[list[tuple[str, int, int, str, str]]] = []
        for name, task in TASKS.items():
            place = Place(where / f"ready-{name}-{round_}", round_)
            copy_place(base.root, place.root)
            result(lambda task=task, place=place: task.prepare(place), where / "out")  # type: ignore[misc]
            trial = Place(where / f"trial-{name}-{round_}", round_)
            copy_place(place.root, trial.root)
            steps = result(lambda task=task, trial=trial: list_steps(task, trial), where / "out")  # type: ignore[misc]
            shutil.rmtree(trial.root)
            found = [
                (name, round_, at, step, kind)
                for at, step in enumerate(steps)
                for kind in ("kill", "full disk")
                if kind == "kill" or step in WRITES
            ]
            chance.shuffle(found)
            by_task.append(found)
        while any(by_task) and len(chosen) < number:
            for found in by_task:
                if found and len(chosen) < number:
                    chosen.append(found.pop())
        round_ += 1
    return chosen


def copy_place(base: Path, root: Path) -> None:
    """A copy whose removed files go back into its own folder."""
    shutil.copytree(base, root)
    for note in root.glob("home/removed/*/note.json"):
        row = json.loads(note.read_text(encoding="utf-8")) | {"folder": str(root / "documents")}
        note.write_text(json.dumps(row), encoding="utf-8")


def one_fault(task: Task, place: Place, at: int, kind: str, known: dict[str, Any]) -> None:
    """Raises if what is left is not as it should be."""
    out = place.root / "out"
    status = in_child(lambda: run_with_fault(task, place, at, kind), out)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if kind == "kill" and not killed:
        raise RuntimeError(f"was not killed: {out.read_text() if out.exists() else status}")
    if kind != "kill" and status != 0:
        raise RuntimeError(f"a full disk is no line: {out.read_text() if out.exists() else status}")
    found = result(lambda: recover(task, place), out)
    key = folder_key(place.documents)
    if key not in known:
        known[key] = result(lambda: fresh(place, place.root / "fresh"), out)
    for was, wanted in zip(found, known[key], strict=True):
        if was != wanted:
            raise RuntimeError(f"not as a fresh index: {was} instead of {wanted}")


def folder_key(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("."):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load_what_forks_share() -> None:
    """Imports once what every child would; nothing of it may start a thread here."""
    import threading

    import chromadb  # noqa: F401
    from llama_index.core.schema import TextNode  # noqa: F401
    from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: F401

    assert threading.active_count() == 1


def print_table(
    counts: dict[str, "Counter[str]"], failures: Sequence[str], *, seconds: float, seed: int
) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    print("| task | steps | killed | full disk | recovered |\n|---|---|---|---|---|")
    total = Counter[str]()
    for name, count in counts.items():
        steps = sum(1 for key in count if key.startswith("step "))
        tried = count["kill"] + count["full disk"] + count["failed"]
        well = tried - count["failed"]
        print(f"| {name} | {steps} | {count['kill']} | {count['full disk']} | {well} of {tried} |")
        total.update(tried=tried, well=well)
    print(
        f"\n{total['well']} of {total['tried']} faults recovered in {seconds:.0f} s"
        f" (commit {commit}, seed {seed}, {FILES} to {FILES + 2} files, embeddings of word counts,"
        f" Python {sys.version.split()[0]})."
    )
    for line in failures:
        print(f"\nFAILED {line}")


if __name__ == "__main__":
    raise SystemExit(main())
