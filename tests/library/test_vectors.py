"""The vectors behind the library: the last generation and what came since, nothing else."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag import Assistant, Settings
from rag.library.chroma import CHROMA
from rag.library.library import Library
from rag.library.store import StoreKind
from rag.library.vectors import VectorIndex, nearest
from rag.types import Described, Document, Passage
from tests.plugins.flat import FLAT

Vectors = NDArray[np.float32]


def unit(chance: np.random.Generator, number: int) -> Vectors:
    found: Vectors = chance.normal(size=(number, 24)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def put(library: Library, name: str, vectors: Vectors) -> None:
    """A document of one passage for each vector."""
    hashes = [f"{name}{row:031x}"[-32:] for row in range(len(vectors))]
    passages = [Passage(name, row, row + 1, "x") for row in range(len(vectors))]
    document = Document(name, name, None, None, "x" * len(vectors), name)
    with library.transaction():
        library.put_embeddings("m", hashes, vectors)
        library.put_document(document, passages, hashes, own=Described(name))
        library.count_revision()


@pytest.fixture(params=[CHROMA, FLAT], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> StoreKind:
    """Every store that keeps to the contract: another is one file (tests/plugins/flat.py)."""
    found: StoreKind = request.param
    return found


def make_vectors(home: Path, number: int, kind: StoreKind) -> tuple[VectorIndex, Vectors]:
    library = Library.open(home, create=True)
    assert library is not None
    chance = np.random.default_rng(5)
    put(library, "a", unit(chance, number))
    index = VectorIndex(home, library, kind)
    index.apply(model="m")
    return index, unit(chance, 20)


def exact(library: Library, query: Vectors, k: int) -> list[str]:
    return [
        h for h, _ in nearest(query, *library.get_embeddings("m", library.passage_hashes()), k=k)
    ]


def found(index: VectorIndex, query: Vectors, k: int) -> list[str]:
    pairs = index.search(query, k=k, model="m")
    assert pairs is not None
    return [h for h, _ in pairs]


def test_while_a_sync_is_under_way_a_search_finds_what_a_fresh_index_would(
    tmp_path: Path, kind: StoreKind
) -> None:
    index, queries = make_vectors(tmp_path, 300, kind)
    library = index._library
    chance = np.random.default_rng(6)
    for name in ("b", "c"):  # two chunks of a sync that goes on
        put(library, name, unit(chance, 60))
        for query in queries:
            assert found(index, query, 10) == exact(library, query, 10)
    with library.transaction():
        library.delete_document("a")
        library.count_revision()
    for query in queries:  # nine of ten that Chroma holds are gone
        assert found(index, query, 10) == exact(library, query, 10)
    assert index.state(model="m") == "behind"
    index.apply(model="m")
    assert [found(index, q, 10) for q in queries] == [exact(library, q, 10) for q in queries]
    index.close()
    library.close()


def test_before_the_first_generation_everything_came_since(tmp_path: Path, kind: StoreKind) -> None:
    library = Library.open(tmp_path, create=True)
    assert library is not None
    chance = np.random.default_rng(7)
    put(library, "a", unit(chance, 50))
    index = VectorIndex(tmp_path, library, kind)
    query = unit(chance, 1)[0]
    assert found(index, query, 10) == exact(library, query, 10)
    library.close()


def test_what_came_since_is_read_once_and_not_for_each_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: StoreKind
) -> None:
    index, queries = make_vectors(tmp_path, 200, kind)
    library = index._library
    put(library, "b", unit(np.random.default_rng(8), 30))
    read: list[int] = []
    plain = library.get_embeddings

    def counting(model: str, hashes: Sequence[str]) -> tuple[list[str], Vectors]:
        read.append(len(hashes))
        return plain(model, hashes)

    monkeypatch.setattr(library, "get_embeddings", counting)
    for query in queries:
        found(index, query, 10)
    put(library, "c", unit(np.random.default_rng(9), 20))
    for query in queries:
        found(index, query, 10)
    assert read == [30, 20]  # never the 200 that Chroma holds
    index.close()
    library.close()


def test_a_store_adds_finds_and_forgets(tmp_path: Path, kind: StoreKind) -> None:
    chance = np.random.default_rng(11)
    vectors = unit(chance, 40)
    hashes = [f"{row:032x}" for row in range(40)]
    store = kind.open(tmp_path)
    store.add(hashes, vectors)
    store.remove(hashes[:10])
    assert sorted(store.hashes()) == hashes[10:]
    assert store.count() == 30
    ((nearest_hash, score),) = store.search(vectors[20], k=1)
    assert (nearest_hash, round(score, 3)) == (hashes[20], 1.0)
    store.close()
    assert kind.is_one(tmp_path)
    again = kind.open(tmp_path)
    assert sorted(again.hashes()) == hashes[10:]
    again.close()


def test_an_assistant_syncs_answers_and_forgets_with_another_store(
    folder: Path, home: Path
) -> None:
    settings = Settings(home=home, documents=folder, provider="none")
    with_chroma = Assistant(settings)
    with_chroma.sync()
    expected = with_chroma.ask("Who said the quay is closed?").text
    with_chroma.close()
    assistant = Assistant(settings, store=FLAT)
    assistant.index.rebuild()
    assert list((home / "vectors").glob("*/flat.npz"))
    assert assistant.ask("Who said the quay is closed?").text == expected
    for path in folder.iterdir():
        path.unlink()
    (folder / "new.txt").write_text("Dana Fell said the bridge is open.", encoding="utf-8")
    assistant.sync()
    assert "bridge" in assistant.ask("What did Dana Fell say?").text
    assert "quay is closed" not in assistant.ask("Who said the quay is closed?").text
    assistant.close()
