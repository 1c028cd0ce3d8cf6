"""What a store of vectors is: six methods over a folder of its own. Knows no store.

Whatever keeps to this stands behind `vectors` as Chroma does; `Assistant(…, store=KIND)` takes it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class VectorStore(Protocol):
    """Unit vectors by the hash of their text. Opened by one process, written to before it is
    published and only read from then on. May raise errors of any kind: they are told as damage.
    """

    def add(self, hashes: Sequence[str], vectors: "Vectors") -> None:
        """Takes `vectors` (len(hashes), dimensions), some thousand at a time; none is known yet."""
        ...

    def remove(self, hashes: Sequence[str]) -> None:
        """Forgets what `hashes` name."""
        ...

    def search(self, query: "Vectors", *, k: int) -> list[tuple[str, float]]:
        """The `k` nearest (hash, cosine similarity) to a unit vector, best first."""
        ...

    def count(self) -> int:
        """How many it holds."""
        ...

    def hashes(self) -> list[str]:
        """Everything that it holds, in any order."""
        ...

    def close(self) -> None:
        """Lets go of its files."""
        ...


@dataclass(frozen=True, slots=True)
class StoreKind:
    """A kind of store: how one is opened in a folder (made, if it holds none), whether what stands
    there looks like one, and which of its files reading never changes, so that they can be
    compared with what was written. `overfetch` is how many times what is wanted a search is asked
    for, where the nearest are found only nearly.
    """

    name: str
    open: Callable[[Path], VectorStore]
    is_one: Callable[[Path], bool]
    lasting: Callable[[Path], Iterable[Path]]
    overfetch: int = 1
