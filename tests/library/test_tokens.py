"""Words' vectors are a cache: with a damaged or read-only one, or none, questions are answered."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from rag import Assistant
from rag.library.tokens import FILE_NAME, TokenShelf
from rag.models import LateInteraction
from rag.search.late import StoredReader

MADE = {"a" * 32: b"one", "b" * 32: b"two"}


def test_what_is_kept_is_found_by_model_and_hash(tmp_path: Path) -> None:
    shelf = TokenShelf(tmp_path)
    assert shelf.check() == "none"
    shelf.keep("m", MADE).result()
    assert shelf.get("m", [*MADE, "c" * 32]) == MADE
    assert shelf.get("other", list(MADE)) == {}
    assert shelf.count("m") == 2
    assert shelf.missing("m", ["b" * 32, "c" * 32]) == ["c" * 32]
    assert shelf.prune("m", ["a" * 32]) == 1
    assert shelf.get("m", list(MADE)) == {"a" * 32: b"one"}
    assert shelf.prune("newer", ["a" * 32]) == 1
    assert shelf.check() == "ok"
    shelf.close()
    assert TokenShelf(tmp_path).count("m") == 0


def test_a_damaged_file_makes_place_for_a_new_one(tmp_path: Path) -> None:
    shelf = TokenShelf(tmp_path)
    shelf.keep("m", MADE).result()
    shelf.close()
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1_000)
    again = TokenShelf(tmp_path)
    assert again.get("m", list(MADE)) == {}
    again.keep("m", MADE).result()
    assert again.get("m", list(MADE)) == MADE
    again.close()


def test_a_file_that_is_damaged_while_it_is_open_is_done_without(tmp_path: Path) -> None:
    shelf = TokenShelf(tmp_path)
    shelf.keep("m", {f"{n:032x}": b"x" * 9_000 for n in range(200)}).result()
    shelf.close()
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[8_192:] = os.urandom(len(data) - 8_192)
    path.write_bytes(bytes(data))
    again = TokenShelf(tmp_path)
    found = again.get("m", [f"{n:032x}" for n in range(200)])
    assert all(value == b"x" * 9_000 for value in found.values())
    again.keep("m", MADE).result()
    again.close()


def test_no_home_and_one_that_cannot_be_written_are_done_without(tmp_path: Path) -> None:
    nowhere = TokenShelf(tmp_path / "none")
    nowhere.keep("m", MADE).result()
    assert nowhere.get("m", list(MADE)) == {}
    assert not (tmp_path / "none").exists()
    folder = tmp_path / FILE_NAME
    folder.mkdir()
    blocked = TokenShelf(tmp_path)
    blocked.keep("m", MADE).result()
    assert blocked.get("m", list(MADE)) == {}
    assert blocked.count("m") == 0


def test_another_process_that_holds_the_file_costs_no_answer(tmp_path: Path) -> None:
    shelf = TokenShelf(tmp_path)
    shelf.keep("m", {"a" * 32: b"one"}).result()
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("BEGIN IMMEDIATE")
    waiting = shelf.keep("m", {"b" * 32: b"two"})
    assert shelf.get("m", list(MADE)) == {"a" * 32: b"one"}  # nobody waits for the writer
    other.rollback()
    other.close()
    waiting.result()
    assert shelf.count("m") == 2
    shelf.close()


def test_a_passage_is_read_once_and_the_same_from_the_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, texts = LateInteraction(), ["The harbour was shut.", "Rates rose."]
    first = StoredReader(late, TokenShelf(tmp_path))
    scores = first.score("Was the port closed?", texts)
    first._shelf.close()
    read: list[str] = []
    encode = late.encode_texts

    def count(wanted: list[str]) -> object:
        read.extend(wanted)
        return encode(wanted)

    monkeypatch.setattr(late, "encode_texts", count)
    again = StoredReader(late, TokenShelf(tmp_path))
    assert again.score("Was the port closed?", texts) == scores
    assert read == []
    assert again.score("Was the port closed?", [*texts, "New."])[:2] == scores
    assert read == ["New."]


def test_many_threads_read_the_same_passages(tmp_path: Path) -> None:
    reader = StoredReader(LateInteraction(), TokenShelf(tmp_path))
    texts = [f"The harbour was shut for the {n}th time." for n in range(12)]
    found: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda: found.append(reader.score("Was it shut?", texts)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(scores == found[0] for scores in found)


def test_a_question_keeps_what_it_read(seeds_copy: Path) -> None:
    from rag.settings import Settings

    asked = Assistant(Settings(home=seeds_copy, provider="none"))
    answer = asked.ask("Who said Hezbollah was surprised?")
    asked.close()
    shelf = TokenShelf(seeds_copy)
    assert shelf.count(LateInteraction.name) >= 20
    again = Assistant(Settings(home=seeds_copy, provider="none"))
    assert again.ask("Who said Hezbollah was surprised?").citations == answer.citations
    again.close()
