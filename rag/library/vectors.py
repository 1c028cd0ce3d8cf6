"""Dense search in generations of a store of vectors. Knows nothing about texts or questions.

A store (`store`; Chroma, if no other is named) holds vectors under the hash of their text and
nothing else; the library can make it anew at any time without embedding. Chroma's files do not
survive two writers or a `kill -9` (measured: both end in an index that is broken for good), so no
published folder is ever written to: `apply` works on a copy, and the library names the new folder,
a "generation", once it is complete. A crash leaves a folder that nothing names, which the next sync
removes.

A damaged folder can end the process that opens it, so none is opened before its files are those
that were published: their sizes and digests stand in the library. (To probe each in a process of
its own would take a second and the memory of a second Chroma; files that nobody writes to can be
compared.) What is damaged is told, searched around, and built anew in the background.
"""

import json
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag import tuned
from rag.errors import IndexBusy, OnrecordError, StorageError
from rag.faults import step
from rag.language.words import mend
from rag.library.chroma import CHROMA
from rag.library.compact import fit_basis, lasting, open_store, outgrown
from rag.library.library import Library
from rag.library.store import StoreKind, VectorStore
from rag.private import close_folder, private_file, private_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
from rag.library.generations import (
    FOLDER,
    META_KEY,
    Generation,
    fingerprint,
    fingerprints,
    read_generation,
    remove_unnamed,
)

LOCK_FILE = "sync.lock"
_PAGE = 5_000
# A damaged folder that could not be mended (busy, no space) is tried again after so long.
_REPAIR_SECONDS = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Late:
    """What the library has at `revision` and a generation has not, and what of it is gone."""

    folder: str
    model: str
    revision: int
    gone: frozenset[str]
    hashes: list[str]
    vectors: "Vectors"


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
        private_folder(home)
        private_file(home / LOCK_FILE)
        lock = FileLock(home / LOCK_FILE, timeout=patience, mode=0o600)
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


class VectorIndex:
    """Nearest text hashes for a query vector, from the generation that the library names."""

    def __init__(self, home: Path, library: Library, kind: StoreKind = CHROMA) -> None:
        self._kind = kind
        self.exact_below = 0  # fewer are left to `nearest`: opening a store takes longer
        self._home = home
        self._library = library
        self._lock = threading.RLock()
        self._open: tuple[Generation, VectorStore] | None = None
        self._held: tuple[str, frozenset[str]] = ("", frozenset())
        self._late: _Late | None = None
        self._compared: dict[str, bool] = {}
        self._failed = ""
        self._repair: threading.Thread | None = None
        self._repaired = -_REPAIR_SECONDS

    def search(self, query: "Vectors", *, k: int, model: str) -> list[tuple[str, float]] | None:
        """The `k` nearest (text hash, cosine similarity), best first.

        While a sync is under way, those of the last generation that are still there together with
        what came since. None if it is too small to open, or damaged (and mended meanwhile).
        """
        with self._lock:
            generation = read_generation(self._library)
            if generation is None or generation.model != model:
                generation = Generation("", model, -1, 0, 0)  # all that there is came since
            if generation.folder and not self._is_sound(generation):
                self._begin_repair(generation, "its files are not those that were written")
                return None
            if generation.alive < self.exact_below:
                return None
            try:
                if generation.revision == self._library.revision:
                    found = self._query(generation, query, k=k)
                else:
                    late = self._read_late(generation)
                    found = self._query(generation, query, k=k, gone=late.gone)
                    found += nearest(query, late.hashes, late.vectors, k=k)
            except (KeyboardInterrupt, SystemExit, OnrecordError):
                raise
            except BaseException as error:
                # Chroma writes even to be read: a full or read-only disk stops it. Its errors are
                # of many kinds, panics of its core (no `Exception`) among them.
                self.close()
                self._failed = generation.folder
                self._begin_repair(generation, f"{type(error).__name__}: {error}")
                return None
        return sorted(found, key=lambda p: (-p[1], p[0]))[:k]

    def state(self, *, model: str) -> str:
        """ "none", "current", "behind" the library, or "damaged"."""
        with self._lock:
            generation = read_generation(self._library)
            if generation is None or generation.model != model:
                return "none"
            if self._failed == generation.folder or not self._is_sound(generation):
                return "damaged"
            return "current" if generation.revision == self._library.revision else "behind"

    def apply(
        self, *, model: str, fresh: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Generation:
        """Brings Chroma in line with the library (under `write_lock`) and publishes the result.

        `fresh` builds from nothing instead of changing a copy; so does a generation that is
        damaged. `progress(done, total)` counts vectors written.
        """
        library = self._library
        wanted = library.passage_hashes()
        old = None if fresh else self._usable(model)
        remove_unnamed(self._home, self._library)
        if old is not None and old.revision == library.revision:
            return old
        added, removed = wanted, []
        if old is not None:
            try:
                held = self._read_held(old)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:
                _log.warning("vectors %s cannot be read (%s): built anew", old.folder, error)
                return self.apply(model=model, fresh=True, progress=progress)
            added = [h for h in wanted if h not in held]
            removed = sorted(held - set(wanted))
            if _is_worn(old, len(wanted), added=len(added), removed=len(removed)):
                old, added, removed = None, wanted, []
        if old is not None and not added and not removed:
            return self._publish(replace(old, revision=library.revision))
        try:
            return self._publish(self._build(old, model, added, removed, wanted, progress))
        except StorageError as error:
            if old is None or isinstance(error.__cause__, OSError):
                raise
            _log.warning("vectors %s cannot be changed (%s): built anew", old.folder, error)
            return self.apply(model=model, fresh=True, progress=progress)

    def _build(
        self,
        old: Generation | None,
        model: str,
        added: Sequence[str],
        removed: Sequence[str],
        wanted: Sequence[str],
        progress: Callable[[int, int], None] | None,
    ) -> Generation:
        """A new folder: that of `old` changed, or one made from nothing."""
        path = self._home / FOLDER / f"g{secrets.token_hex(6)}"
        with _disk_errors(path):
            private_folder(self._home / FOLDER)
            if old is not None:
                step("vectors.copy")
                shutil.copytree(self._home / FOLDER / old.folder, path)
            else:
                path.mkdir()
            fitted = old.fitted if old else fit_basis(path, self._library, model, wanted)
            step("vectors.write")
            store = open_store(self._kind, path)
            _write(store, self._library, model, added=added, removed=removed, progress=progress)
            close_folder(path)
            return Generation(
                *(path.name, model, self._library.revision),
                alive=len(wanted),
                dead=old.dead + len(removed) if old else 0,
                files=fingerprints(path, lasting(self._kind, path)),
                fitted=fitted,
            )
        raise AssertionError("unreachable")

    def wait(self) -> None:
        """Waits until nothing is being built in the background."""
        repair = self._repair
        if repair is not None and repair is not threading.current_thread():
            repair.join()

    def close(self) -> None:
        """Lets go of the store's files."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    # --- one generation ---

    def _publish(self, generation: Generation) -> Generation:
        step("vectors.publish")
        self._library.set_meta(META_KEY, json.dumps(asdict(generation)))
        with self._lock:
            self.close()
            self._failed, self._late = "", None
        step("vectors.published")
        remove_unnamed(self._home, self._library)
        return generation

    def _query(
        self,
        generation: Generation,
        query: "Vectors",
        *,
        k: int,
        gone: frozenset[str] = frozenset(),
    ) -> list[tuple[str, float]]:
        """The nearest of a generation that are not `gone`; more than `k` (`overfetch`)."""
        if not generation.alive:
            return []
        wanted, most = k * self._kind.overfetch, generation.alive
        found = _nearest_left(self._store(generation), query, wanted, most=most, gone=gone)
        if generation.fitted:
            known = self._library.get_embeddings(generation.model, [h for h, _ in found])
            found = nearest(query, *known, k=k)
        return found

    def _read_late(self, generation: Generation) -> _Late:
        """What came since `generation` was published, read once for each revision."""
        import numpy as np

        library, model = self._library, generation.model
        with library.database.snapshot():
            revision = library.revision
            known = self._late
            if known is None or (known.folder, known.model) != (generation.folder, model):
                empty = np.zeros((0, 0), dtype=np.float32)
                known = _Late(generation.folder, model, -1, frozenset(), [], empty)
            if known.revision == revision:
                return known
            wanted, held = set(library.passage_hashes()), self._read_held(generation)
            missing = wanted - held
            kept = [row for row, h in enumerate(known.hashes) if h in missing]
            hashes, vectors = [known.hashes[row] for row in kept], known.vectors[kept]
            added, new = library.get_embeddings(model, sorted(missing - set(hashes)))
        if added:
            vectors = np.concatenate([vectors, new]) if hashes else new
        self._late = _Late(
            generation.folder, model, revision, held - wanted, [*hashes, *added], vectors
        )
        return self._late

    def _read_held(self, generation: Generation) -> frozenset[str]:
        """The hashes that a generation holds."""
        with self._lock:
            if self._held[0] != generation.folder:
                held = self._store(generation).hashes() if generation.folder else ()
                self._held = (generation.folder, frozenset(held))
            return self._held[1]

    def _usable(self, model: str) -> Generation | None:
        generation = read_generation(self._library)
        if generation is None or generation.model != model or generation.folder == self._failed:
            return None
        return generation if self._is_sound(generation) else None

    def _is_sound(self, generation: Generation) -> bool:
        """Whether a generation's files are those that were published; they are compared once."""
        path = self._home / FOLDER / generation.folder
        if not path.is_dir():
            return False
        if generation.folder not in self._compared:
            self._compared[generation.folder] = self._kind.is_one(path) and all(
                fingerprint(path / name) == tuple(was) for name, was in generation.files.items()
            )
        return self._compared[generation.folder]

    def _begin_repair(self, generation: Generation, why: str) -> None:
        """Builds the vectors anew in a thread of its own, unless that has just been tried."""
        with self._lock:
            if (
                self._repair is not None and self._repair.is_alive()
            ) or time.monotonic() - self._repaired < _REPAIR_SECONDS:
                return
            self._repaired = time.monotonic()
            _log.warning("vectors %s are damaged (%s): built anew", generation.folder, why)

            def run() -> None:
                try:
                    with write_lock(self._home):
                        if read_generation(self._library) == generation:
                            self.apply(model=generation.model, fresh=True)
                except OnrecordError as error:  # busy, or no space: searches go on without
                    _log.warning("vectors are not built anew now: %s", error)

            # Not a daemon: a process that ends while Chroma's threads work may crash.
            self._repair = threading.Thread(target=run, name="repair")
            self._repair.start()

    def _store(self, generation: Generation) -> VectorStore:
        if self._open is None or self._open[0].folder != generation.folder:
            self.close()
            self._open = generation, open_store(self._kind, self._home / FOLDER / generation.folder)
        return self._open[1]


def _is_worn(old: Generation, wanted: int, *, added: int, removed: int) -> bool:
    """Whether a change is better made by building anew."""
    if old.dead + removed > tuned.MAX_DEAD * max(wanted, 1):
        return True
    return bool(added or removed) and outgrown(wanted, old.fitted)


def _nearest_left(
    store: VectorStore, query: "Vectors", wanted: int, *, most: int, gone: frozenset[str]
) -> list[tuple[str, float]]:
    """The `wanted` nearest of the `most` in a store that are not `gone`, or all there are."""
    asked = wanted = min(wanted, most)
    while True:
        found = [(h, score) for h, score in store.search(query, k=asked) if h not in gone]
        if len(found) >= min(wanted, most - len(gone)) or asked == most:
            return found
        asked = min(2 * asked + 1, most)


def nearest(
    query: "Vectors", hashes: Sequence[str], vectors: "Vectors", *, k: int
) -> list[tuple[str, float]]:
    """The `k` nearest by exact cosine over unit `vectors` (n, dimensions): the same as `search`."""
    if not hashes:
        return []
    scores = vectors @ query
    pairs = sorted(zip(hashes, scores.tolist(), strict=True), key=lambda p: (-p[1], p[0]))
    return pairs[:k]


def _write(
    store: VectorStore,
    library: Library,
    model: str,
    *,
    added: Sequence[str],
    removed: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> None:
    try:
        store.remove(removed)
        for start in range(0, len(added), _PAGE):
            store.add(*library.get_embeddings(model, added[start : start + _PAGE]))
            if progress:
                progress(min(start + _PAGE, len(added)), len(added))
        if store.count() != len(set(library.passage_hashes())):
            raise StorageError("The vectors are of another number than the library's.")
    finally:
        store.close()


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
            f"{path}: {os.strerror(error.errno or 0)}. Free some space and run: onrecord sync"
        ) from error
    except Exception as error:  # stores raise errors of their own kinds
        shutil.rmtree(path, ignore_errors=True)
        raise StorageError(
            f"The store of vectors failed: {error}. Nothing is lost. Run: onrecord rebuild"
        ) from error
