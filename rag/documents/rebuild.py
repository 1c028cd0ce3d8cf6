"""Makes the index anew beside the old one and lets it take its place. Keeps what people made.

For an index that is damaged, or was made with another embedding model. The old one is asked until
the new one is complete; a crash leaves the old one and a folder that the next writer removes.
"""

import shutil
import time
from pathlib import Path

from rag.documents.sync import Progress, sync_folder
from rag.documents.worker import Limits
from rag.errors import StorageError
from rag.faults import step
from rag.library.chroma import CHROMA
from rag.library.library import Library
from rag.library.mend import REBUILDING, install_index, mend_people, open_sound, save_people
from rag.library.store import StoreKind
from rag.library.vectors import VectorIndex
from rag.models import Embedder
from rag.types import SyncReport

_PAGE = 5_000


def rebuild_index(
    home: Path,
    folder: Path,
    *,
    embedder: Embedder,
    progress: Progress | None = None,
    limits: Limits | None = None,
    store: StoreKind = CHROMA,
) -> SyncReport:
    """Builds library and vectors from `folder` and puts them into `home` (under `write_lock`).

    Each file is read within `limits`. Embeddings of the same model are taken over from a library
    that is sound.

    Raises:
        FolderError, StorageError
    """
    try:
        return _rebuild(
            home, folder, embedder=embedder, progress=progress, limits=limits, store=store
        )
    except OSError as error:
        raise StorageError(
            f"{home}: {error.strerror or error}. The old index is as it was; free some space and "
            "run it again."
        ) from error


def _rebuild(
    home: Path,
    folder: Path,
    *,
    embedder: Embedder,
    progress: Progress | None,
    limits: Limits | None,
    store: StoreKind,
) -> SyncReport:
    staging = home / REBUILDING
    shutil.rmtree(staging, ignore_errors=True)
    old = open_sound(home)
    mend_people(home, staging)
    if old is None:
        save_people(home)
    step("rebuild.begin")
    library = Library.open(staging, create=True)
    assert library is not None
    vectors = VectorIndex(staging, library, store)
    try:
        # Never a number that the old library had: caches and saved questions go by it.
        revision = old.revision if old else int(time.time())
        library.set_meta("revision", str(revision))
        if old is not None:
            _copy_embeddings(old, library, model=embedder.name)
        report = sync_folder(
            folder,
            library=library,
            vectors=vectors,
            embedder=embedder,
            progress=progress,
            limits=limits,
        )
        library.prune_embeddings(embedder.name)
        if old is not None:
            _copy_days(old, library)
    finally:
        vectors.close()
        library.close()
        if old is not None:
            old.close()
    step("rebuild.built")
    install_index(staging, home)
    shutil.rmtree(staging, ignore_errors=True)
    return report


def _copy_embeddings(old: Library, library: Library, *, model: str) -> None:
    last = ""
    while rows := old.rows(
        "SELECT model, text_hash, vector FROM embeddings WHERE model = ? AND text_hash > ?"
        " ORDER BY text_hash LIMIT ?",
        (model, last, _PAGE),
    ):
        library.database.run_many("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)
        last = rows[-1][1]


def _copy_days(old: Library, library: Library) -> None:
    """When each document was first synced, which its file does not tell."""
    rows = old.rows("SELECT added, id FROM documents WHERE added IS NOT NULL")
    library.database.run_many("UPDATE documents SET added = ? WHERE id = ?", rows)
