"""Every error Onrecord raises on purpose. Knows nothing about who catches them.

    OnrecordError
    ├── SettingsError       a setting is unknown or has a bad value
    ├── DocumentError       one file cannot be read; others go on
    ├── DraftError          a draft cannot be read, or what was found in it cannot be written
    ├── WorkerError         the process that reads files cannot be started
    ├── FolderError         the documents folder itself cannot be read
    ├── IndexMissing        nothing has been synced yet
    ├── IndexMismatch       the index was made with another embedding model or a newer Onrecord
    ├── IndexBusy           another process is syncing
    ├── StorageError        the disk is full, read-only or failing
    │   └── DamagedError    a file of the home is no sound database any more
    ├── BackupError         an archive cannot be written, or is not one that can be put back
    ├── ModelFileError      the embedding model that comes with the install is missing or altered
    ├── LanguageModelError  a language model failed; the quotes engine answers instead
    ├── ClaimsError         a file of claims cannot be read
    └── QuestionsError      an evaluation file cannot be read

Each message is one line and ends with the next step where there is one.
"""


class OnrecordError(Exception):
    """Base of every error that Onrecord raises on purpose."""


class SettingsError(OnrecordError):
    """A setting is unknown or has a bad value."""


class DocumentError(OnrecordError):
    """One file cannot be turned into a document."""


class DraftError(OnrecordError):
    """A draft cannot be read, or what was found in it cannot be written."""


class WorkerError(OnrecordError):
    """The process that reads files cannot be started."""


class FolderError(OnrecordError):
    """The documents folder cannot be read."""


class IndexMissing(OnrecordError):
    """Nothing has been synced yet."""


class IndexMismatch(OnrecordError):
    """The index was made by another embedding model or a newer Onrecord."""


class IndexBusy(OnrecordError):
    """Another process holds the write lock."""


class StorageError(OnrecordError):
    """The library cannot be read or written."""


class DamagedError(StorageError):
    """A file of the home is not what was written: cut off, overwritten or not a database."""


class BackupError(OnrecordError):
    """An archive cannot be written, or is not one of ours, or what is here would be lost."""


class ModelFileError(OnrecordError):
    """A model file that comes with the install is missing or altered."""


class LanguageModelError(OnrecordError):
    """A language model failed to give a complete reply.

    `retry_after` is in how many seconds asking again may help, None if it will not; `overflow`
    tells that what was sent was too long for it, `unsent` that nothing of it got out, `late` that
    it said nothing for too long.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        overflow: bool = False,
        unsent: bool = False,
        late: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.overflow = overflow
        self.unsent = unsent
        self.late = late


class QuestionsError(OnrecordError):
    """An evaluation file cannot be read."""


class ClaimsError(OnrecordError):
    """A file of claims cannot be read, or a line of it."""
