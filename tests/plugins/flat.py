"""A toy store of vectors: one numpy file, compared with every vector. One file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.library.store import StoreKind

Vectors = NDArray[np.float32]


class FlatStore:
    """Vectors in a file, written anew at each change."""

    def __init__(self, path: Path) -> None:
        self._file = path / "flat.npz"
        self._rows: dict[str, Vectors] = {}
        if self._file.is_file():
            with np.load(self._file) as kept:
                self._rows = dict(zip(kept["hashes"].tolist(), kept["vectors"], strict=True))

    def add(self, hashes: Sequence[str], vectors: Vectors) -> None:
        self._rows |= dict(zip(hashes, vectors, strict=True))
        self._write()

    def remove(self, hashes: Sequence[str]) -> None:
        self._rows = {h: v for h, v in self._rows.items() if h not in set(hashes)}
        self._write()

    def search(self, query: Vectors, *, k: int) -> list[tuple[str, float]]:
        scores = {h: float(vector @ query) for h, vector in self._rows.items()}
        return sorted(scores.items(), key=lambda row: (-row[1], row[0]))[:k]

    def count(self) -> int:
        return len(self._rows)

    def hashes(self) -> list[str]:
        return list(self._rows)

    def close(self) -> None:
        """Every change is written already."""

    def _write(self) -> None:
        vectors = np.stack(list(self._rows.values())) if self._rows else np.zeros((0, 1))
        np.savez(self._file, hashes=np.array(list(self._rows)), vectors=vectors)


FLAT = StoreKind(
    "flat",
    FlatStore,
    is_one=lambda path: (path / "flat.npz").is_file(),
    lasting=lambda path: [path / "flat.npz"],
)
