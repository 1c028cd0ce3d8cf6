"""Vectors in fewer dimensions for the search of large libraries. Knows no texts and no store.

A store that keeps its vectors in memory holds a million of 384 numbers in 1.5 GB before it has
found anything. Their first 128 principal components (of a sample of the library's own vectors,
uncentred) keep every one of the 50 nearest among the first 200: measured 1.000 over 3,156 passages
of PolNeAR and 2,429 of MultiHop-RAG, against .887 and .958 where the components were those of other
texts. What is found is then scored by the whole vectors, which the library has.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag import tuned
from rag.library.library import Library
from rag.library.store import StoreKind, VectorStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_BASIS = "basis.npy"
# Vectors that the components are found from, and how much a library grows before they are again.
_SAMPLE = 8_000
_OUTGROWN = 4


class CompactStore:
    """A store of projected vectors; `search` gives the cosines of those."""

    def __init__(self, store: VectorStore, basis: "Vectors") -> None:
        self._store = store
        self._basis = basis
        self.count, self.hashes = store.count, store.hashes
        self.remove, self.close = store.remove, store.close

    def add(self, hashes: Sequence[str], vectors: "Vectors") -> None:
        self._store.add(hashes, self._project(vectors))

    def search(self, query: "Vectors", *, k: int) -> list[tuple[str, float]]:
        return self._store.search(self._project(query[None, :])[0], k=k)

    def _project(self, vectors: "Vectors") -> "Vectors":
        import numpy as np

        found = vectors @ self._basis
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = found / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit


def open_store(kind: StoreKind, path: Path) -> VectorStore:
    """The store in a folder, compact if that is how it was made."""
    import numpy as np

    store = kind.open(path)
    basis = path / _BASIS
    return CompactStore(store, np.load(basis)) if basis.is_file() else store


def lasting(kind: StoreKind, path: Path) -> list[Path]:
    """The files of a store's folder that nothing changes once it is published."""
    return [*kind.lasting(path), *path.glob(_BASIS)]


def outgrown(size: int, fitted: int) -> bool:
    """Whether a store of `size` vectors is to be made anew: its components are of `fitted`."""
    return size >= tuned.COMPACT_FROM and size > _OUTGROWN * fitted


def fit_basis(path: Path, library: Library, model: str, hashes: Sequence[str]) -> int:
    """Writes what a new store projects by, if it is to; how many vectors it will hold, or 0.

    `hashes` are sorted, and so in no order that has to do with their texts.
    """
    import numpy as np

    if not outgrown(len(hashes), 0):
        return 0
    _, sample = library.get_embeddings(model, hashes[:: -(-len(hashes) // _SAMPLE)])
    if sample.shape[1] <= tuned.COMPACT_DIMENSIONS:
        return len(hashes)
    _, components = np.linalg.eigh(sample.T @ sample)  # in order of rising variance
    basis = components[:, : -tuned.COMPACT_DIMENSIONS - 1 : -1]
    np.save(path / _BASIS, np.ascontiguousarray(basis, dtype=np.float32))
    return len(hashes)
