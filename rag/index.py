"""The index of one home: brought up to date, made anew, backed up, opened to be searched.

Knows nothing about questions' answers or language models.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rag.documents.home_folder import limits
from rag.documents.rebuild import rebuild_index
from rag.documents.sync import Progress, sync_folder
from rag.errors import FolderError, OnrecordError, StorageError
from rag.library.backup import Backup, back_up, restore
from rag.library.home import Home
from rag.library.library import Library
from rag.library.vectors import write_lock
from rag.models import Embedder, LateInteraction, Reranker
from rag.question.suggest import suggest_questions
from rag.search.filling import AT_SYNC, Filler, fill, worth_keeping
from rag.search.late import StoredReader, find_stored, read_from
from rag.search.retrieve import Retriever
from rag.settings import refuse_settings_among
from rag.types import Document, DocumentInfo, Failure, SyncReport

# How long a sync that has begun waits for another process to end a write.
_LOCK_SECONDS = 600.0
_log = logging.getLogger(__name__)


class Index:
    """What is known of the documents. Safe to share between threads."""

    def __init__(self, home: Home, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self._home = home
        self._embedder = embedder
        self._reranker = reranker
        self._lock = threading.Lock()
        self._retriever: tuple[Library, Retriever] | None = None
        self._suggested: tuple[object, list[str]] | None = None
        self._filler = Filler(self._open_kept)

    def open(self) -> tuple[Library, Retriever]:
        """The library and what searches it.

        Raises:
            IndexMissing: nothing has been synced yet.
            IndexMismatch: the index was made with another embedding model.
        """
        library, vectors = self._home.open_synced(self._embedder.name)
        with self._lock:
            if self._retriever is None or self._retriever[0] is not library:
                depth = self._home.settings.rerank_depth
                reader = read_from(self._reranker, self._home.tokens)
                retriever = Retriever(library, vectors, self._embedder, reader, rerank_depth=depth)
                self._retriever = library, retriever
            self._filler.hold_off()
            return self._retriever

    def fill_in_background(self) -> None:
        """Makes, while nobody asks, what the next questions would have to make."""
        self._filler.start()

    def _open_kept(self) -> tuple[StoredReader, Library] | None:
        opened = self._retriever
        reader = find_stored(opened[1].reranker) if opened is not None else None
        return (reader, opened[0]) if opened is not None and reader is not None else None

    def close(self) -> None:
        """Ends what runs in the background; whoever asks opens the index again."""
        self._filler.stop()

    def ask_once(self) -> None:
        """Says, before anything is opened, that this process asks but once."""
        self._home.asked_once = True

    def warm(self) -> None:
        """Loads what the first question needs; does nothing where there is no index yet."""
        with suppress(OnrecordError):
            _, retriever = self.open()
            retriever.search(retriever.read("who said what"), k=1)

    # --- made and mended ---

    def sync(self, folder: Path | None = None, *, progress: Progress | None = None) -> SyncReport:
        """Brings the index in line with `folder` (the home's documents folder, if not given).

        Raises:
            FolderError, IndexBusy, IndexMismatch, StorageError
        """
        folder = folder or self._home.documents_folder
        refuse_settings_among(folder, self._home.settings)
        with self._home.writing():
            library, vectors = self._home.open_library(create=True)

        def tell(stage: str, done: int, total: int) -> None:
            self._filler.hold_off()  # both would want all cores
            if progress is not None:
                progress(stage, done, total)

        report = sync_folder(
            folder,
            library=library,
            vectors=vectors,
            embedder=self._embedder,
            progress=tell,
            limits=limits(self._home.settings),
            lock=lambda: write_lock(self._home.path, patience=_LOCK_SECONDS),
        )
        self._home.remember_folder(folder)
        if report.added or report.changed or report.reread:
            reader = find_stored(read_from(self._reranker, self._home.tokens))
            fill(reader, library, most=AT_SYNC, tell=lambda *n: tell("words", *n))
        names = ("added", "changed", "removed", "renamed", "unchanged", "failed")
        _log.info("synced: %s", ", ".join(f"{len(getattr(report, n))} {n}" for n in names))
        return report

    def rebuild(self, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the vectors anew from the library, embedding nothing; how many there are.

        Raises:
            IndexMissing, IndexBusy, IndexMismatch, StorageError
        """
        self._home.open_synced(self._embedder.name)
        with self._home.writing():
            library, vectors = self._home.open_synced(self._embedder.name)
            library.prune_embeddings(self._embedder.name)
            self._home.tokens.prune(LateInteraction.name, worth_keeping(library))
            generation = vectors.apply(model=self._embedder.name, fresh=True, progress=progress)
        return generation.alive

    def rebuild_all(
        self, folder: Path | None = None, *, progress: Progress | None = None
    ) -> SyncReport:
        """Makes the whole index anew from the documents, whatever became of the old one.

        It is asked meanwhile, and takes its place when the new one is complete. What people made
        stays. `folder` is that synced last, if not given.

        Raises:
            FolderError: it is not known which folder, or it cannot be read.
            IndexBusy, StorageError
        """
        known = folder or self._home.known_folder()
        if known is None:
            raise FolderError(
                f"{self._home.path} does not tell any more which folder its documents came from. "
                "Name it: onrecord rebuild --all --documents DIR"
            )
        with self._home.writing():
            report = rebuild_index(
                self._home.path,
                known,
                embedder=self._embedder,
                progress=progress,
                limits=limits(self._home.settings),
                store=self._home.store,
            )
        self._home.remember_folder(known)
        return report

    def back_up(self, archive: Path) -> Backup:
        """Writes one archive of everything in the home but what can be made from it.

        Consistent while others ask and sync.

        Raises:
            BackupError, StorageError
        """
        with suppress(StorageError):
            self._home.find_library()  # moves what people made out of an older one
        return back_up(self._home.path, archive)

    def restore_backup(self, archive: Path) -> Backup:
        """Puts an archive of `back_up` into a home in which nobody has made anything.

        Raises:
            BackupError: it is none of ours, is damaged, or what people made here would be lost.
            IndexBusy, StorageError
        """
        with self._home.writing():
            found = restore(self._home.path, archive, store=self._home.store)
        self._home.close()
        self._home.unkept.clear()
        return found

    # --- what is in it ---

    def list_documents(self) -> list[DocumentInfo]:
        """Every document without its text; empty before the first sync."""
        library = self._home.find_library()
        return library.list_documents() if library else []

    def count_documents(self) -> int:
        library = self._home.find_library()
        return library.count_documents() if library else 0

    def get_document(self, document_id: str) -> Document | None:
        """One whole document, or None.

        Raises:
            IndexMissing, IndexMismatch: as for `open`.
        """
        return self.open()[0].get_document(document_id)

    def list_failures(self) -> list[Failure]:
        """The files that the last sync could not read, each with the remedy."""
        library = self._home.find_library()
        found = library.list_failures() if library else {}
        return [Failure(id_, reason) for id_, (reason, _) in found.items()]

    def suggest_questions(self, k: int) -> list[str]:
        """`k` questions to start from, of the documents as they are.

        Raises:
            IndexMissing, IndexMismatch
        """
        library, _ = self.open()
        state = (library.revision, k)
        if self._suggested is None or self._suggested[0] != state:
            documents = library.list_documents()
            added = sorted((d.added or "", d.id) for d in documents)
            # One that came later than the first ones, by a minute at least.
            later = added and added[-1][0][:16] > added[0][0][:16]
            newest = library.get_document(added[-1][1]) if later else None
            found = suggest_questions(
                self._home.documents_folder,
                speakers=library.list_speakers(),
                documents=documents,
                newest=library.statements_of(newest.id) if newest else (),
                k=k,
            )
            self._suggested = (state, found)
        return self._suggested[1]

    def status(self, *, check: bool = False) -> dict[str, Any]:
        """What is indexed; never raises for a missing or damaged file.

        With `check` both databases are read from end to end, which takes a while: "library" and
        "people" are then "ok" or what is wrong with them.
        """
        state: dict[str, Any] = {
            "embedding_model": self._embedder.name,
            "synced": False,
            "documents": 0,
            "passages": 0,
            "statements": 0,
            "vectors": "none",
            "words": "none",
            "library": "none",
            "people": "none",
            "partly": {},
        }
        try:
            library, vectors = self._home.find_library(), self._home.vectors
            if library is not None and vectors is not None:
                model = library.get_meta("model") or self._embedder.name
                state |= {
                    "synced": library.revision > 0,
                    "documents": library.count_documents(),
                    "passages": library.count_passages(),
                    "statements": library.count_statements(),
                    "partly": {d.id: d.note for d in library.list_documents() if d.note},
                    "embedding_model": model,
                    "vectors": vectors.state(model=model),
                    "library": library.database.check() if check else "ok",
                    "words": self._home.tokens.tell(
                        LateInteraction.name, library.count_passages(), check=check
                    ),
                }
        except StorageError as error:
            state["library"] = str(error)
        try:
            people = self._home.find_people()
            if people is not None:
                people.list_chats()
                state["people"] = people.database.check() if check else "ok"
        except StorageError as error:
            state["people"] = str(error)
        return state
