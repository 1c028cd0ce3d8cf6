"""Dense search in Chroma, through LlamaIndex's store. Knows nothing about texts or questions.

Holds vectors under the hash of their text and nothing else; the library can make it anew at any
time without embedding. Chroma's files do not survive two writers or a `kill -9` (measured: both
end in an index that is broken for good), so no published folder is ever written to: `apply` works
on a copy, and the library names the new folder, a "generation", once it is complete. A crash
leaves a folder that nothing names, which the next sync removes.
"""

import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import IndexBusy, StorageError
from rag.library import Library
from rag.words import mend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FOLDER = "vectors"
LOCK_FILE = "sync.lock"
_META_KEY = "vectors"
_COLLECTION = "passages"
# Chroma only marks deleted vectors as such: beyond this share of dead ones, build afresh.
_MAX_DEAD = 0.3
_PAGE = 5_000
# HNSW misses a neighbour now and then near the end of what it returns, and its graph is not the
# same twice: two fresh builds of 400 vectors differed in the 50th of 50. So ask for more and cut.
_OVERFETCH = 4
_HNSW = {"space": "cosine", "ef_search": 400, "ef_construction": 200, "max_neighbors": 32}


@dataclass(frozen=True, slots=True)
class Generation:
    """A complete Chroma folder, and the state of the library that it shows."""

    folder: str
    model: str
    revision: int
    alive: int
    dead: int


@contextmanager
def write_lock(home: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Lets one process at a time change the library and the vectors; readers need no lock.

    Raises:
        IndexBusy: another process holds it for longer than `patience` seconds.
    """
    from filelock import FileLock, Timeout

    if str(home) != mend(str(home)):
        raise StorageError(
            f"{mend(str(home))} has a name that is not UTF-8. Name another: --home DIR"
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK_FILE, timeout=patience)
        lock.acquire()
    except Timeout:
        raise IndexBusy(
            f"Another process is syncing {home}. Wait for it to end; asking goes on meanwhile."
        ) from None
    except OSError as error:
        raise StorageError(
            f"{home} cannot be written ({error.strerror}). Name another: --home DIR"
        ) from error
    try:
        yield
    finally:
        lock.release()


def read_generation(library: Library) -> Generation | None:
    """The generation that the library names, if any."""
    text = library.get_meta(_META_KEY)
    return Generation(**json.loads(text)) if text else None


class VectorIndex:
    """Nearest text hashes for a query vector, from the generation that the library names."""

    def __init__(self, home: Path, library: Library) -> None:
        self._home = home
        self._library = library
        self._lock = threading.RLock()
        self._open: tuple[Generation, Any, Any] | None = None

    def search(self, query: "Vectors", *, k: int, model: str) -> list[tuple[str, float]] | None:
        """The `k` nearest (text hash, cosine similarity), best first.

        None if no generation shows the library as it is now (a sync is under way or was killed) or
        Chroma fails; `nearest` answers then.
        """
        with self._lock:
            generation = read_generation(self._library)
            if (
                generation is None
                or generation.model != model
                or generation.revision != self._library.revision
                or not (self._home / FOLDER / generation.folder).is_dir()
            ):
                return None
            if generation.alive == 0:
                return []
            try:
                result = self._collection(generation).query(
                    query_embeddings=[query.tolist()],
                    n_results=min(k * _OVERFETCH, generation.alive),
                    include=["distances"],
                )
            except Exception:
                # Chroma writes even to be read: a full or read-only disk stops it, and its errors
                # are of many kinds. The library has the same vectors.
                self.close()
                return None
        pairs = zip(result["ids"][0], result["distances"][0], strict=True)
        found = sorted(((i, 1.0 - float(d)) for i, d in pairs), key=lambda p: (-p[1], p[0]))
        return found[:k]

    def apply(
        self, *, model: str, fresh: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Generation:
        """Brings Chroma in line with the library (under `write_lock`) and publishes the result.

        `fresh` builds from nothing instead of changing a copy. `progress(done, total)` counts
        vectors written.
        """
        library = self._library
        wanted = library.passage_hashes()
        old = None if fresh else self._usable(model)
        if old is not None and old.revision == library.revision:
            return old
        self._remove_unnamed()
        folder = f"g{secrets.token_hex(6)}"
        path = self._home / FOLDER / folder
        with _disk_errors(path):
            added, removed = wanted, []
            if old is not None:
                held = set(self._ids(old))
                added = [h for h in wanted if h not in held]
                removed = sorted(held - set(wanted))
                dead = old.dead + len(removed)
                if dead > _MAX_DEAD * max(len(wanted), 1):
                    old, added, removed = None, wanted, []
            if old is not None and not added and not removed:
                generation = Generation(old.folder, model, library.revision, old.alive, old.dead)
                library.set_meta(_META_KEY, json.dumps(asdict(generation)))
                return generation
            if old is not None:
                shutil.copytree(self._home / FOLDER / old.folder, path)
            else:
                path.mkdir(parents=True)
            _write(path, library, model, added=added, removed=removed, progress=progress)
            generation = Generation(
                folder,
                model,
                library.revision,
                alive=len(wanted),
                dead=old.dead + len(removed) if old else 0,
            )
            library.set_meta(_META_KEY, json.dumps(asdict(generation)))
        self.close()
        self._remove_unnamed()
        return generation

    def close(self) -> None:
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    def _usable(self, model: str) -> Generation | None:
        generation = read_generation(self._library)
        if generation is None or generation.model != model:
            return None
        return generation if (self._home / FOLDER / generation.folder).is_dir() else None

    def _collection(self, generation: Generation) -> Any:
        if self._open is None or self._open[0].folder != generation.folder:
            self.close()
            client = _client(self._home / FOLDER / generation.folder)
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            self._open = (generation, client, collection)
        return self._open[2]

    def _ids(self, generation: Generation) -> Iterator[str]:
        with self._lock:
            collection = self._collection(generation)
            for offset in range(0, collection.count(), _PAGE):
                yield from collection.get(limit=_PAGE, offset=offset, include=[])["ids"]

    def _remove_unnamed(self) -> None:
        named = read_generation(self._library)
        for path in sorted((self._home / FOLDER).glob("g*")):
            if named is None or path.name != named.folder:
                # A reader on Windows may still hold files open; the next sync tries again.
                shutil.rmtree(path, ignore_errors=True)


def nearest(
    query: "Vectors", hashes: Sequence[str], vectors: "Vectors", *, k: int
) -> list[tuple[str, float]]:
    """The `k` nearest by exact cosine over unit `vectors` (n, dimensions): the same as `search`."""
    if not hashes:
        return []
    scores = vectors @ query
    pairs = sorted(zip(hashes, scores.tolist(), strict=True), key=lambda p: (-p[1], p[0]))
    return pairs[:k]


def _client(path: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(
        path=str(path), settings=chromadb.Settings(anonymized_telemetry=False)
    )


def _write(
    path: Path,
    library: Library,
    model: str,
    *,
    added: Sequence[str],
    removed: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> None:
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = _client(path)
    try:
        # Chroma's default space is l2, and a later configuration is ignored.
        collection = client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": _HNSW},
        )
        store = ChromaVectorStore.from_collection(collection)
        batch = min(_PAGE, client.get_max_batch_size())
        for start in range(0, len(removed), batch):
            store.delete_nodes(node_ids=list(removed[start : start + batch]))
        for start in range(0, len(added), batch):
            hashes, vectors = library.get_embeddings(model, added[start : start + batch])
            # The text stays in the library: the same rows with it are five times the size.
            store.add(
                [
                    TextNode(id_=h, text="", embedding=v)
                    for h, v in zip(hashes, vectors.tolist(), strict=True)
                ]
            )
            if progress:
                progress(min(start + batch, len(added)), len(added))
        if collection.count() != len(set(library.passage_hashes())):
            raise StorageError("Chroma holds another number of vectors than the library.")
    finally:
        client.close()


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except StorageError:
        shutil.rmtree(path, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        raise StorageError(
            f"{path}: {os.strerror(error.errno or 0)}. Nothing is lost; free some space and sync."
        ) from error
    except Exception as error:  # Chroma raises errors of its own kinds, InternalError among them
        shutil.rmtree(path, ignore_errors=True)
        raise StorageError(
            f"Chroma failed: {error}. Nothing is lost; run: onrecord rebuild"
        ) from error
