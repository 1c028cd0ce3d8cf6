"""A home opened once: its index, its vectors and what people made. Knows no documents, no answers.

Everything below one folder (`settings.home`). Whoever needs a part of it first opens it; a restore
that was cut off is completed before anything is read.
"""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag import tuned
from rag.errors import DamagedError, IndexMissing, OnrecordError, SettingsError, StorageError
from rag.library.backup import STAGING as RESTORING
from rag.library.backup import finish_restore, is_half_restored
from rag.library.chroma import CHROMA
from rag.library.library import Library
from rag.library.mend import REBUILDING, save_people
from rag.library.people import People
from rag.library.store import StoreKind
from rag.library.tokens import TokenShelf
from rag.library.vectors import VectorIndex, write_lock
from rag.settings import Settings, refuse_settings_among
from rag.types import Turn

_log = logging.getLogger(__name__)


class Home:
    """What an assistant and those worded by other models have in common. Safe between threads."""

    def __init__(self, settings: Settings, *, store: StoreKind = CHROMA) -> None:
        self.store = store
        self.settings = settings
        self.path = settings.home
        # Turns of chats that could not be kept, by chat: read until the process ends.
        self.unkept: dict[str, list[Turn]] = {}
        self._lock = threading.RLock()
        self._library: Library | None = None
        self._people: People | None = None
        self._vectors: VectorIndex | None = None
        self.tokens = TokenShelf(settings.home)
        # Set where this process will ask one question: few vectors are compared one by one then.
        self.asked_once = False

    # --- the index ---

    def find_library(self, *, create: bool = False) -> Library | None:
        """The library; None if there is none and `create` is false.

        Raises:
            StorageError, IndexMismatch
        """
        if self._library is None:
            with self._lock:
                if self._library is None:
                    self._finish_restore()
                    library = Library.open(self.path, create=create)
                    if library is None:
                        return None
                    if synced := library.get_meta("folder"):
                        try:
                            refuse_settings_among(Path(synced), self.settings)
                        except SettingsError:
                            library.close()
                            raise
                    self._vectors = VectorIndex(self.path, library, self.store)
                    self._vectors.exact_below = tuned.EXACT_ONCE if self.asked_once else 0
                    self._library = library
        return self._library

    def open_library(self, *, create: bool = False) -> tuple[Library, VectorIndex]:
        """The library and its vectors.

        Raises:
            IndexMissing: there is none and `create` is false.
            StorageError, IndexMismatch
        """
        library, vectors = self.find_library(create=create), self._vectors
        if library is None or vectors is None:
            raise self._missing()
        return library, vectors

    def open_synced(self, model: str) -> tuple[Library, VectorIndex]:
        """The library and its vectors, to be asked with the embedding model of this name.

        Raises:
            IndexMissing: nothing has been synced yet.
            IndexMismatch: the index was made with another embedding model.
            StorageError
        """
        library, vectors = self.open_library()
        if library.revision == 0:
            raise self._missing()
        library.check_model(model)
        return library, vectors

    @property
    def revision(self) -> int:
        """Counts the changes of the documents; 0 before the first sync."""
        library = self.find_library()
        return library.revision if library else 0

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors, if the library is open."""
        return self._vectors

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The right to change the index, after what this process builds in the background.

        Raises:
            IndexBusy: another process is changing it.
        """
        if self._vectors is not None:
            self._vectors.wait()
        with write_lock(self.path):
            # What a crash left; whoever makes such a folder holds the lock.
            shutil.rmtree(self.path / REBUILDING, ignore_errors=True)
            if not is_half_restored(self.path):
                shutil.rmtree(self.path / RESTORING, ignore_errors=True)
            yield

    # --- what people made ---

    def find_people(self, *, create: bool = False) -> People | None:
        """What people made; None if they made nothing and `create` is false.

        Raises:
            StorageError, IndexMismatch
        """
        if self._people is None:
            with self._lock:
                if self._people is None:
                    try:
                        self.find_library()  # moves what people made out of an older one
                    except DamagedError as error:
                        _log.warning("the index cannot be opened: %s", error)
                        save_people(self.path)
                    self._people = People.open(self.path, create=create)
        return self._people

    def open_people(self) -> People:
        """What people made, in a new file where there is none.

        Raises:
            StorageError, IndexMismatch
        """
        people = self.find_people(create=True)
        assert people is not None
        return people

    # --- the documents folder ---

    @property
    def documents_folder(self) -> Path:
        """The folder that the settings name; else the one synced last, else the default.

        So that a plain sync never swaps someone's own documents for the seeds.
        """
        return self.known_folder() or Settings().documents

    def known_folder(self) -> Path | None:
        """As `documents_folder`, without the default."""
        if self.settings.documents != Settings().documents:
            return self.settings.documents
        synced: str | None = None
        with suppress(StorageError):
            library = self.find_library()
            synced = library.get_meta("folder") if library else None
        if synced is None:
            with suppress(StorageError):
                people = self.find_people()
                synced = people.get_folder() if people else None
        return Path(synced) if synced else None

    def remember_folder(self, folder: Path) -> None:
        """Where the documents are, beside what people made: the index may be damaged some day."""
        try:
            self.open_people().set_folder(str(folder.resolve()))
        except OnrecordError as error:
            _log.warning("the documents folder is not remembered: %s", error)

    def close(self) -> None:
        """Lets go of the files; whoever needs one opens it again."""
        if self._vectors is not None:
            self._vectors.wait()
            self._vectors.close()
        self.tokens.close()
        for opened in (self._library, self._people):
            if opened is not None:
                opened.close()
        self._library = self._people = self._vectors = None

    def _missing(self) -> IndexMissing:
        return IndexMissing(
            f"No index yet in {self.path}. Run: onrecord sync {self.settings.documents}"
        )

    def _finish_restore(self) -> None:
        """Completes a restore that was cut off after all of the archive had been read."""
        if is_half_restored(self.path):
            with write_lock(self.path):
                if is_half_restored(self.path):
                    finish_restore(self.path)
