"""Changes the documents folder: adds, describes, removes and restores files. Knows no index.

Every change is whole or not at all: a file appears under its name only when it is complete, and a
removed one is moved to where it can be taken back from, never deleted.
"""

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.documents.encodings import decode
from rag.documents.readers import READERS
from rag.documents.scan import LINES, MAX_BYTES, METADATA_FILE, RESERVED
from rag.documents.worker import Limits, Reader
from rag.errors import DocumentError, FolderError
from rag.faults import step
from rag.language.words import strip_hidden
from rag.private import private_file, private_folder
from rag.types import Described

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NAME = 120
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
# Names that Windows keeps for devices, and characters that it or a shell trips over.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_LOCK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; `name` is the one that it has in the folder."""

    name: str
    outcome: Literal["added", "replaced", "renamed", "same"]


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out of a folder and can be put back."""

    key: str
    id: str
    folder: Path
    when: str


def add_file(
    folder: Path,
    name: str,
    data: bytes,
    *,
    known: Mapping[str, str] | None = None,
    replace: bool = False,
    limits: Limits | None = None,
) -> Added:
    """Writes `data` into `folder` as `name`, once it is sure that it can be read within `limits`.

    `known` maps the SHA-256 of files that are there to their names: the same content is not added
    twice. Another file of this name is kept, and this one gets a number, unless `replace`.

    Raises:
        DocumentError: it is no document that Onrecord can read, with the remedy.
        FolderError: the folder cannot be written.
        WorkerError: the process that reads files cannot be started.
    """
    name = safe_name(name)
    _check(name, data, limits)
    sha256 = hashlib.sha256(data).hexdigest()
    same = (known or {}).get(sha256)
    if same is not None and not (replace and (folder / name).exists()):
        return Added(same, "same")
    with _folder_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".upload-{uuid.uuid4().hex}"
        try:
            step("folder.upload")
            _write(draft, data)
            step("folder.place")
            if replace and (folder / name).exists():
                draft.replace(folder / name)
                return Added(name, "replaced")
            placed = _place(draft, folder / name)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
    return Added(placed.name, "added" if placed.name == name else "renamed")


def safe_name(name: str) -> str:
    """The last part of `name` with nothing in it that a file system or a page trips over."""
    name = strip_hidden(name.replace("\\", "/").rsplit("/", 1)[-1])
    name = _UNSAFE.sub("_", " ".join(name.split())).lstrip(".")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    return f"{stem[: _MAX_NAME - len(suffix)].rstrip('. ') or 'document'}{dot}{suffix}"


def describe_file(folder: Path, document_id: str, said: Described) -> None:
    """Writes title, outlet and date of a document into the folder's `metadata.jsonl`.

    What is empty is no longer said there: the file speaks for itself again. Other lines stay as
    they are.

    Raises:
        DocumentError: the date is none.
        FolderError: the file cannot be written.
    """
    if said.date and not _DATE.fullmatch(said.date):
        raise DocumentError(f"“{said.date}” is no date. Write it as 2023-11-16, 2023-11 or 2023.")
    path = folder / METADATA_FILE
    given = {"title": said.title, "source": said.source, "date": said.date}
    from filelock import FileLock, Timeout

    with _folder_errors(folder):
        try:
            with FileLock(folder / f".{METADATA_FILE}.lock", timeout=_LOCK_SECONDS):
                lines = decode(path.read_bytes()).splitlines() if path.is_file() else []
                row: dict[str, object] = {"file_name": document_id}
                kept: list[str] = []
                for line in lines:
                    found = _read_line(line)
                    if found is not None and found.get("file_name") == document_id:
                        row |= found
                    else:
                        kept.append(line)
                row = {k: v for k, v in row.items() if k not in given}
                row |= {k: " ".join(v.split()) for k, v in given.items() if v and v.strip()}
                if len(row) > 1:
                    kept.append(json.dumps(row, ensure_ascii=False))
                draft = folder / f".upload-{uuid.uuid4().hex}"
                try:
                    step("folder.describe")
                    _write(draft, "".join(f"{line}\n" for line in kept).encode())
                    step("folder.described")
                    draft.replace(path)
                finally:
                    with suppress(FileNotFoundError):
                        draft.unlink()
        except Timeout:
            raise FolderError(
                f"{path} is being changed by another Onrecord. Try again in a moment."
            ) from None


def remove_file(folder: Path, document_id: str, *, trash: Path) -> Removed:
    """Takes a document's file out of `folder`; `restore_file` puts it back.

    Raises:
        DocumentError: it is a line of a file, or not there.
        FolderError: it cannot be moved.
    """
    if f"{LINES}:" in document_id.lower():
        file = document_id.rsplit(":", 1)[0]
        raise DocumentError(f"is one line of {file}. Remove the line there, or the whole file.")
    path = _inside(folder, document_id)
    when = datetime.now(UTC).isoformat(timespec="microseconds")
    key = f"{when.replace(':', '')[:17]}-{uuid.uuid4().hex[:8]}"
    place = trash / key
    with _folder_errors(folder):
        if not path.is_file() and not path.is_symlink():
            raise DocumentError("is not in the folder any more. Sync to see what is.")
        private_folder(trash)
        private_folder(place)
        removed = Removed(key, document_id, folder.resolve(), when)
        note = {"id": document_id, "folder": str(removed.folder), "when": when}
        _write(place / "note.json", json.dumps(note).encode())
        private_file(place / "note.json")
        step("folder.remove")
        shutil.move(path, place / "file")
        step("folder.removed")
    return removed


def restore_file(removed: Removed, *, trash: Path) -> str:
    """Puts a removed file back; its name there (another one, if its own is taken).

    Raises:
        DocumentError: it is gone.
        FolderError: it cannot be moved.
    """
    place = trash / removed.key
    kept = place / "file"
    with _folder_errors(removed.folder):
        if not kept.is_file():
            raise DocumentError("is not kept any more.")
        path = _inside(removed.folder, removed.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.parent / f".upload-{uuid.uuid4().hex}"
        try:
            shutil.copy2(kept, draft)
            step("folder.restore")
            placed = _place(draft, path)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        step("folder.restored")
        shutil.rmtree(place, ignore_errors=True)
    return placed.relative_to(removed.folder.resolve()).as_posix()


def list_removed(trash: Path) -> list[Removed]:
    """What can be put back, the last one removed first."""
    found = []
    for note in trash.glob("*/note.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            row = json.loads(note.read_text(encoding="utf-8"))
            if (note.parent / "file").is_file():
                folder = Path(row["folder"])
                found.append(Removed(note.parent.name, row["id"], folder, row["when"]))
    return sorted(found, key=lambda r: (r.when, r.key), reverse=True)


def _check(name: str, data: bytes, limits: Limits | None) -> None:
    suffix = Path(name).suffix.lower()
    if name in RESERVED:
        raise DocumentError("describes documents and is none. Put it into the folder by hand.")
    if suffix not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise DocumentError(
            f"{suffix or 'a file without an ending'} is not supported. Save it as one of {kinds}."
        )
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"is larger than {MAX_BYTES // 1024**2} MB. Split it into smaller files."
        )
    Reader(limits).run("check", data, suffix)


def _place(draft: Path, wanted: Path) -> Path:
    """Gives a complete file its name, or the next free one; never another file's."""
    for number in range(1, 10_000):
        stem = wanted.stem if number == 1 else f"{wanted.stem} ({number})"
        path = wanted.with_name(f"{stem}{wanted.suffix}")
        try:
            os.link(draft, path)  # fails if the name is taken, whoever takes it meanwhile
            return path
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            if not path.exists():
                draft.replace(path)
                return path
    raise FolderError(f"{wanted.parent} holds too many files named {wanted.name}. Rename this one.")


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _inside(folder: Path, document_id: str) -> Path:
    root = folder.resolve()
    path = root / document_id
    if not path.parent.resolve().is_relative_to(root):
        raise DocumentError("is not in the documents folder.")
    return path


def _read_line(line: str) -> dict[str, object] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


@contextmanager
def _folder_errors(folder: Path) -> "Iterator[None]":
    try:
        yield
    except OSError as error:
        raise FolderError(
            f"{folder} cannot be changed ({error.strerror or error}). Check its permissions and "
            "the space on the disk; nothing in it was lost."
        ) from error
