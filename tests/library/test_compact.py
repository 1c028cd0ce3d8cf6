"""Large libraries are searched in fewer dimensions; what is found is scored by the whole ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from rag import tuned
from rag.library.chroma import CHROMA
from rag.library.generations import META_KEY
from rag.library.store import StoreKind
from rag.library.vectors import VectorIndex
from tests.library.test_vectors import exact, found, make_vectors, put, unit
from tests.plugins.flat import FLAT


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve of 24 dimensions, from 100 vectors on."""
    monkeypatch.setattr(tuned, "COMPACT_FROM", 100)
    monkeypatch.setattr(tuned, "COMPACT_DIMENSIONS", 12)


@pytest.fixture(params=[CHROMA, FLAT], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> StoreKind:
    chosen: StoreKind = request.param
    return chosen


def fitted(index: VectorIndex) -> int:
    return int(json.loads(index._library.get_meta(META_KEY) or "{}")["fitted"])


def basis(home: Path) -> list[Path]:
    return sorted((home / "vectors").glob("g*/basis.npy"))


def test_what_is_nearest_is_found_with_its_own_score(tmp_path: Path, kind: StoreKind) -> None:
    index, _ = make_vectors(tmp_path, 300, kind)
    library = index._library
    assert fitted(index) == 300
    _, vectors = library.get_embeddings("m", library.passage_hashes())
    for row in (0, 100, 299):
        query = vectors[row]
        pairs = index.search(query, k=3, model="m")
        assert pairs is not None
        assert pairs[0][0] == exact(library, query, 1)[0]
        assert pairs[0][1] == pytest.approx(1.0, abs=1e-6)  # of all 24 dimensions
    index.close()


def test_few_vectors_are_searched_whole(tmp_path: Path, kind: StoreKind) -> None:
    index, queries = make_vectors(tmp_path, 60, kind)
    assert fitted(index) == 0
    assert not basis(tmp_path)
    assert found(index, queries[0], 5) == exact(index._library, queries[0], 5)
    index.close()


def test_a_library_that_grows_is_made_compact_and_later_anew(
    tmp_path: Path, kind: StoreKind
) -> None:
    index, _ = make_vectors(tmp_path, 60, kind)
    chance = np.random.default_rng(8)
    sizes = []
    for name, more in (("b", 60), ("c", 200), ("d", 300)):
        put(index._library, name, unit(chance, more))
        index.apply(model="m")
        sizes.append(fitted(index))
        _, vectors = index._library.get_embeddings("m", index._library.passage_hashes())
        assert found(index, vectors[-1], 1) == exact(index._library, vectors[-1], 1)
    assert sizes == [120, 120, 620]  # 320 are less than four times 120
    index.close()


def test_a_projection_that_is_not_what_was_written_is_damage(
    tmp_path: Path, kind: StoreKind
) -> None:
    index, _ = make_vectors(tmp_path, 300, kind)
    index.close()
    (path,) = basis(tmp_path)
    path.write_bytes(path.read_bytes()[:-4] + b"\0\0\0\1")
    again = VectorIndex(tmp_path, index._library, kind)
    assert again.state(model="m") == "damaged"
    again.apply(model="m")
    assert again.state(model="m") == "current"
    again.close()
