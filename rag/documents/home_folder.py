"""The documents folder of a home: what people do to its files, and what a sync would find there."""

from pathlib import Path

from rag.documents.folder import (
    Added,
    Removed,
    add_file,
    describe_file,
    list_removed,
    remove_file,
    restore_file,
)
from rag.documents.scan import count_files, fingerprint_folder, scan_folder
from rag.documents.sync import find_changes
from rag.documents.worker import Limits
from rag.library.backup import REMOVED
from rag.library.home import Home
from rag.settings import Settings
from rag.types import Changes, Described


def limits(settings: Settings) -> Limits:
    """What a single file may take while it is read."""
    return Limits(settings.file_seconds, settings.file_memory)


class HomeFolder:
    """Adds, describes, removes and restores files; the next sync reads what was done."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._trash = home.path / REMOVED
        self._changes: tuple[object, Changes] | None = None

    @property
    def path(self) -> Path:
        """The folder that the settings name; else the one synced last, else the default."""
        return self._home.documents_folder

    def find_changes(self) -> Changes:
        """How the folder differs from what was synced; reads files, changes nothing.

        Raises:
            FolderError: the folder cannot be read.
        """
        library, folder = self._home.find_library(), self.path
        if library is None:
            return find_changes(scan_folder(folder), None)
        state = (str(folder), library.revision, fingerprint_folder(folder))
        if self._changes is None or self._changes[0] != state:
            self._changes = (state, find_changes(scan_folder(folder), library))
        return self._changes[1]

    def count(self) -> int:
        """How many files of the folder a sync would read; reads none of them.

        Raises:
            FolderError: the folder cannot be read.
        """
        return count_files(self.path)

    def add(self, name: str, data: bytes, *, replace: bool = False) -> Added:
        """Writes a file into the folder.

        Raises:
            DocumentError: it is no document that can be read.
            FolderError: the folder cannot be written.
        """
        library, folder = self._home.find_library(), self.path
        prints = library.fingerprints() if library else {}
        here = {f.sha256: id_ for id_, f in prints.items() if (folder / id_).exists()}
        return add_file(
            folder, name, data, known=here, replace=replace, limits=limits(self._home.settings)
        )

    def describe(self, document_id: str, said: Described) -> None:
        """Says a document's title, outlet and date in `metadata.jsonl`.

        Raises:
            DocumentError: the date is none.
            FolderError: the folder cannot be written.
        """
        describe_file(self.path, document_id, said)

    def remove(self, document_id: str) -> Removed:
        """Takes a document's file out of the folder; `restore` puts it back.

        Raises:
            DocumentError: it is a line of a file, or gone.
            FolderError: the folder cannot be changed.
        """
        return remove_file(self.path, document_id, trash=self._trash)

    def restore(self, removed: Removed) -> str:
        """Puts a removed file back into its folder; its name there.

        Raises:
            DocumentError, FolderError
        """
        return restore_file(removed, trash=self._trash)

    def list_removed(self) -> list[Removed]:
        """The removed files that can be put back, the last one first."""
        return list_removed(self._trash)
