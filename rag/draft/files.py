"""A draft's file → its text. Knows nothing about what is made of it.

Read as a document is, in a process of its own with a limit of time and memory: spans are of the
text that its reader gives, up to where running heads and the comments of others start.
"""

from dataclasses import dataclass
from pathlib import Path

from rag.documents.readers import READERS
from rag.documents.scan import LINES, MAX_BYTES
from rag.documents.worker import Limits as Limits
from rag.documents.worker import Reader
from rag.errors import DocumentError, DraftError

PASTED = "pasted text"
MAX_CHARACTERS = 5_000_000
# So many bytes of what is pasted are worth reading: no encoding makes 5 million characters of more.
MAX_PASTED = 4 * MAX_CHARACTERS
# A line of a corpus is a document: such a file is many texts, and no draft.
ENDINGS = tuple(sorted(set(READERS) - {LINES}))


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was read: its `text`, and the bytes of its file."""

    name: str
    text: str
    data: bytes

    @property
    def word(self) -> bytes | None:
        """The file, if it is a Word document."""
        return self.data if Path(self.name).suffix.lower() == ".docx" else None


def open_draft(path: Path, *, limits: Limits | None = None) -> Draft:
    """Reads a draft from the disk.

    Raises:
        DraftError: there is none, or it cannot be read.
    """
    try:
        if path.is_dir():
            raise DraftError(f"{path} is a folder. Name a file in it.")
        if not path.exists():
            raise DraftError(f"There is no file {path}. Check its name, or paste: onrecord check -")
        if not path.is_file():  # a pipe would be waited for
            raise DraftError(f"{path} is no file. Name one, or paste: onrecord check -")
        _check_ending(path)
        if path.stat().st_size > MAX_BYTES:
            raise _too_long(path.name, f"{MAX_BYTES // 1024**2} MB")
        data = path.read_bytes()
    except OSError as error:
        raise DraftError(f"{path} cannot be read ({error.strerror}). Check it.") from error
    return read_draft(path.name, data, limits=limits)


def read_draft(name: str, data: bytes, *, limits: Limits | None = None) -> Draft:
    """Reads the bytes of a draft's file; what it is, the ending of `name` tells.

    Raises:
        DraftError: it cannot be read, is empty or not text, or longer than 5 million characters.
    """
    _check_ending(Path(name))
    return _read(name, Path(name).suffix.lower(), data, limits)


def read_pasted(data: bytes, *, limits: Limits | None = None) -> Draft:
    """Reads what somebody pasted: plain text, in any encoding.

    Raises:
        DraftError: as `read_draft`.
    """
    return _read(PASTED, ".txt", data, limits)


def _read(name: str, suffix: str, data: bytes, limits: Limits | None) -> Draft:
    if len(data) > MAX_BYTES:
        raise _too_long(name, f"{MAX_BYTES // 1024**2} MB")
    try:
        found = Reader(limits).run("text", data, suffix)
    except DocumentError as error:
        raise DraftError(f"{name} {error}") from error
    ends = [len(found.text), found.body, found.written]
    text: str = found.text[: min(e for e in ends if e is not None)]
    if not text.strip():
        raise DraftError(f"{name} is empty. Nothing to check; name another file.")
    if len(text) > MAX_CHARACTERS:
        raise _too_long(name, f"{MAX_CHARACTERS // 1_000_000} million characters")
    return Draft(name, text, data)


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        what = path.suffix or "a file without an ending"
        known = ", ".join(ENDINGS)
        raise DraftError(f"{path.name}: {what} is not supported. Save it as one of {known}.")


def _too_long(name: str, most: str) -> DraftError:
    return DraftError(f"{name} is longer than {most}. Split it and check the parts.")
