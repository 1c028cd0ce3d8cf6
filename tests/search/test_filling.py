"""What no question has needed yet is made ahead: little at once, much while nobody asks."""

import time
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.library.embeddings import hash_text
from rag.library.tokens import TokenShelf
from rag.models import LateInteraction
from rag.search import filling
from rag.search.filling import Filler, fill
from rag.search.late import StoredReader
from rag.types import Passage
from tests.conftest import write


class Read:
    """A library of passages by their hashes, and what was read of it."""

    revision = 1

    def __init__(self, texts: list[str]) -> None:
        self.texts = {f"{n:032x}": text for n, text in enumerate(texts)}
        self.made: list[str] = []

    def passage_hashes(self) -> list[str]:
        return sorted(self.texts)

    def passages_of_hashes(self, hashes: Sequence[str]) -> dict[str, list[Passage]]:
        return {h: [Passage("a.txt", 0, 1, self.texts[h])] for h in hashes}

    def list_heads(self) -> dict[str, str]:
        return {"a.txt": "The harbour. Kelvik News"}

    def missing(self, hashes: Collection[str]) -> list[str]:
        known = self.texts | {hash_text(head): head for head in self.list_heads().values()}
        return [h for h in sorted(hashes) if known[h] not in self.made]

    def make(self, texts: Sequence[str]) -> None:
        self.made += texts

    def flush(self) -> None:
        pass


def test_little_is_made_at_once_and_much_is_left() -> None:
    few = Read(["a", "b", "c"])
    told: list[tuple[int, int]] = []
    assert fill(few, few, most=4, tell=lambda *n: told.append(n)) == 4
    # What stands over the document is made too: else the first question to find it would wait.
    assert sorted(few.made) == ["The harbour. Kelvik News", "a", "b", "c"]
    assert told == [(4, 4)]
    assert fill(few, few, most=4) == 0
    many = Read(["a", "b", "c", "d"])
    assert fill(many, many, most=4) == 0
    assert many.made == []


def test_the_rest_is_made_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_QUIET_SECONDS", 0.05)
    read = Read([str(n) for n in range(20)])
    filler = Filler(lambda: (read, read))
    filler.start()
    filler.start()
    for _ in range(200):
        if len(read.made) == 21:
            break
        time.sleep(0.05)
    filler.stop()
    assert sorted(read.made) == sorted(["The harbour. Kelvik News", *map(str, range(20))])
    assert filler._thread is not None
    assert not filler._thread.is_alive()


def test_whoever_asks_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Read(["a", "b"])
    filler = Filler(lambda: (read, read))
    monkeypatch.setattr(filling, "_QUIET_SECONDS", 0.05)
    filler.start()
    until = time.monotonic() + 1
    while time.monotonic() < until:
        filler.hold_off()
        time.sleep(0.01)
    assert read.made == []
    filler.stop()


def test_a_sync_of_a_few_passages_leaves_nothing_to_be_made(tmp_path: Path) -> None:
    write(tmp_path / "docs", "a.txt", "The harbour\n\nIt was shut on Tuesday.")
    home = tmp_path / "home"
    assistant = Assistant(Settings(home=home, documents=tmp_path / "docs", provider="none"))
    assistant.sync()
    assert assistant.status()["words"] == "kept of 1 of 1 passages"
    assistant.close()
    reader = StoredReader(LateInteraction(), TokenShelf(home))
    assert reader.missing([]) == []
    # Rebuilt, what belongs to no passage any more is forgotten.
    reader._shelf.keep(LateInteraction.name, {"f" * 32: b"gone"}).result()
    again = Assistant(Settings(home=home, documents=tmp_path / "docs", provider="none"))
    again.index.rebuild()
    assert TokenShelf(home).count(LateInteraction.name) == 2  # the passage and its title
    again.close()
