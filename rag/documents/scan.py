"""Files of a folder → documents. Knows nothing about passages, indexes or answers.

Two steps, so that an unchanged file is hashed but never parsed, and no more than one is in memory:
`scan_folder` lists the files with their bytes' hash, `read_document` makes one a `Document`. A file
that cannot be read is a `Failure` with its remedy; it never stops the others.
"""

import codecs
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.documents.described import find_day, find_title
from rag.documents.encodings import decode
from rag.documents.readers import (
    READERS,
    extract,
    json_line_name,
    parse_json_line,
)
from rag.errors import DocumentError, FolderError
from rag.language.words import mend
from rag.types import Described, Document, Failure, SourceFile

LINES = ".jsonl"  # one document a line
METADATA_FILE = "metadata.jsonl"
# Files of the folder that describe documents and are none themselves.
RESERVED = frozenset({METADATA_FILE, "questions.jsonl"})
MAX_BYTES = 50 * 1024 * 1024
MAX_LINES_BYTES = 2 * 1024**3
# Bad lines of one corpus that are named one by one.
_MAX_LINE_FAILURES = 20
# A longer line of a corpus is parsed in a worker; also how much of one that is left out is read.
_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What stands in a folder: readable files by id, and those that cannot be.

    `unread` are paths, of files and folders, whose bytes could not be read: what stands in them is
    not known, so it is not gone either.
    """

    files: tuple[SourceFile, ...]
    failed: tuple[Failure, ...]
    unread: frozenset[str] = frozenset()

    def is_unread(self, id_: str) -> bool:
        """Whether the document of this id stands in what could not be read."""
        path = re.sub(rf"(?i)({re.escape(LINES)}):.*$", r"\1", id_, flags=re.DOTALL)
        parents = (path[: m.start()] for m in re.finditer("/", path))
        return path in self.unread or any(parent in self.unread for parent in parents)


def scan_folder(folder: Path) -> FolderScan:
    """Lists and hashes the files below `folder`; hidden files and folders are passed over.

    Raises:
        FolderError: the folder is missing, is no folder or cannot be read.
    """
    root = _find_root(folder)
    metadata, failed = read_metadata(folder)
    files: list[SourceFile] = []
    unread: set[str] = set()

    def skip(error: OSError) -> None:
        where = Path(os.fsdecode(error.filename or root))
        if where == root:
            raise FolderError(
                f"{folder} cannot be read ({error.strerror}). Check its permissions."
            ) from error
        relative = where.relative_to(root).as_posix()
        unread.add(relative)
        failed.append(Failure(_printable(relative), f"{_unreadable(error)} Its documents stay."))

    for path in _walk(root, skip):
        relative = path.relative_to(root).as_posix()
        try:
            _check_file(path, relative, root=root)
            if path.suffix.lower() == LINES:
                found, bad = _scan_lines(path, relative, metadata=metadata)
                files += found
                failed += bad
            else:
                files.append(_scan_file(path, relative, metadata=metadata))
        except DocumentError as error:
            if isinstance(error.__cause__, OSError):
                unread.add(relative)
            failed.append(Failure(_printable(relative), str(error)))
    ordered = tuple(sorted(failed, key=lambda f: f.id))
    return FolderScan(tuple(files), ordered, frozenset(unread))


def count_files(folder: Path) -> int:
    """How many files of `folder` a sync would read; reads none of them.

    Raises:
        FolderError: the folder is missing or is no folder.
    """
    return sum(1 for _ in _walk(_find_root(folder)))


def fingerprint_folder(folder: Path) -> str:
    """Changes whenever a file of `folder` is added, removed, renamed or written; reads no file.

    Raises:
        FolderError: the folder is missing or is no folder.
    """
    root = _find_root(folder)
    digest = hashlib.sha256()
    for path in (*_walk(root), root / METADATA_FILE):
        with suppress(OSError):  # a broken link is told by its name alone
            digest.update(os.fsencode(path))
            found = path.stat()
            digest.update(f"\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ino}\n".encode())
    return digest.hexdigest()


def read_document(file: SourceFile) -> Document:
    """Reads one file; `metadata.jsonl` comes before what the file says of itself.

    Raises:
        DocumentError: the file cannot be read, is empty or is not text.
    """
    document, _, _ = read_described(file)
    return document


def read_described(file: SourceFile) -> tuple[Document, Described, int]:
    """The document of a file, what that alone says of its title, source and date, and its bytes.

    Raises:
        DocumentError: as `read_document`.
    """
    data = _read_bytes(file)
    found = extract(data, file.path.suffix.lower())
    if not found.text.strip():
        raise DocumentError("is empty. Nothing to index.")
    own = Described(
        found.title or find_title(file.id, found.text),
        found.source,
        found.date or find_day(file.id, found.text),
    )
    document = Document(
        id=file.id,
        title=file.title or own.title,
        source=file.source or own.source,
        date=file.date or own.date,
        text=found.text,
        sha256=hashlib.sha256(data).hexdigest(),  # the file may have changed since the scan
        pages=found.pages,
        body=found.body,
        note=found.note,
    )
    return document, own, len(data)


def check_content(data: bytes, suffix: str) -> None:
    """Whether a file of these bytes has a document in it (for a corpus: in its first line).

    Raises:
        DocumentError: it cannot be read, is empty or is not text.
    """
    if suffix == LINES:
        lines = (line for line in io.BytesIO(data) if line.strip())
        first = next(lines, b"").removeprefix(codecs.BOM_UTF8)
        if first:
            parse_json_line(first)
            return
    elif extract(data, suffix).text.strip():
        return
    raise DocumentError("is empty. Nothing to index.")


def _read_bytes(file: SourceFile) -> bytes:
    try:
        if file.line is None:
            return file.path.read_bytes()
        start, length = file.line
        with file.path.open("rb") as opened:
            opened.seek(start)
            return opened.read(length)
    except OSError as error:
        raise _unreadable(error) from error


def read_metadata(folder: Path) -> tuple[dict[str, dict[str, str]], list[Failure]]:
    """`metadata.jsonl` → {file name: {title, source, date}}; bad lines are failures by number."""
    path = folder / METADATA_FILE
    try:
        if not path.is_file():
            return {}, []
        if path.stat().st_size > MAX_BYTES:
            reason = f"is larger than {MAX_BYTES // 1024**2} MB. Left out; take lines out of it."
            return {}, [Failure(METADATA_FILE, reason)]
        lines = decode(path.read_bytes()).splitlines()
    except OSError as error:
        return {}, [Failure(METADATA_FILE, str(_unreadable(error)))]
    except DocumentError as error:
        return {}, [Failure(METADATA_FILE, str(error))]
    metadata: dict[str, dict[str, str]] = {}
    failed: list[Failure] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name = row["file_name"]
            given = {k: _said(row[k]) for k in ("title", "source", "date") if row.get(k)}
            metadata[str(name)] = given
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            reason = f'line {number} is not a JSON object with a "file_name". Mend that line.'
            failed.append(Failure(METADATA_FILE, reason))
    return metadata, _first_few(failed, METADATA_FILE)


def _said(value: object) -> str:
    return mend(str(value)).strip()


def _find_root(folder: Path) -> Path:
    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}. Name one: onrecord sync FOLDER")
    root = folder.resolve()
    if str(root) != _printable(str(root)):
        raise FolderError(f"{_printable(str(root))} has a name that is not UTF-8. Rename it.")
    return root


def _walk(root: Path, skip: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """The files below `root`; `skip` is told of each folder that cannot be read."""
    # os.walk does not follow links to folders, which could lead out or round in circles.
    for where, folders, names in os.walk(root, onerror=skip):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name not in RESERVED:
                yield Path(where) / name


def _check_file(path: Path, relative: str, *, root: Path) -> None:
    if relative != _printable(relative):
        raise DocumentError("has a name that is not UTF-8. Rename it.")
    suffix = path.suffix.lower()
    if suffix not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise DocumentError(
            f"{suffix or 'a file without an ending'} is not supported. Save it as one of {kinds}."
        )
    try:
        # `_walk` enters no linked folder, so that only a link itself can lead out.
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise DocumentError("is a link out of the documents folder. Copy the file in instead.")
        if not path.is_file():
            raise DocumentError("is a broken link or not a plain file. Replace it with a file.")
        limit = MAX_LINES_BYTES if suffix == LINES else MAX_BYTES
        if path.stat().st_size > limit:
            raise DocumentError(
                f"is larger than {limit // 1024**2} MB. Split it into smaller files."
            )
    except RuntimeError as error:  # a link that leads to itself, up to Python 3.12
        raise DocumentError("is a link that leads to itself. Replace it with a file.") from error
    except OSError as error:
        raise _unreadable(error) from error


def _scan_file(
    path: Path, relative: str, *, metadata: Mapping[str, Mapping[str, str]]
) -> SourceFile:
    try:
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(error) from error
    given = metadata.get(relative, {})
    return SourceFile(
        relative, path, sha256, given.get("title"), given.get("source"), given.get("date")
    )


def _scan_lines(
    path: Path, relative: str, *, metadata: Mapping[str, Mapping[str, str]]
) -> tuple[list[SourceFile], list[Failure]]:
    """The documents of a JSON Lines corpus: "corpus.jsonl:ID", or its line where it has no id."""
    files: list[SourceFile] = []
    failed: list[Failure] = []
    taken: set[str] = set()
    try:
        with path.open("rb") as opened:
            for number, start, line in _lines(opened):
                if line is None:
                    reason = f"is longer than {MAX_BYTES // 1024**2} MB. Split that line."
                    failed.append(Failure(f"{relative}:{number}", reason))
                    continue
                bare = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                start += len(line) - len(bare)
                if not bare.strip():
                    continue
                try:
                    name = _line_name(bare)
                except DocumentError as error:
                    failed.append(Failure(f"{relative}:{number}", str(error)))
                    continue
                if name is None or name in taken:
                    name = str(number) if str(number) not in taken else f"line{number}"
                taken.add(name)
                id_ = f"{relative}:{name}"
                given = metadata.get(id_, {})
                files.append(
                    SourceFile(
                        id_,
                        path,
                        hashlib.sha256(bare).hexdigest(),
                        given.get("title"),
                        given.get("source"),
                        given.get("date"),
                        line=(start, len(bare)),
                    )
                )
    except OSError as error:
        raise _unreadable(error) from error
    return files, _first_few(failed, relative)


def _lines(opened: IO[bytes]) -> Iterator[tuple[int, int, bytes | None]]:
    """(number, position, line) of each line; None for one that is too long to be a document."""
    position, number = 0, 0
    while line := opened.readline(MAX_BYTES + 1):
        number += 1
        start, position = position, position + len(line)
        if len(line) <= MAX_BYTES:
            yield number, start, line
            continue
        while line and not line.endswith(b"\n"):
            line = opened.readline(_BLOCK_BYTES)
            position += len(line)
        yield number, start, None


def _line_name(line: bytes) -> str | None:
    if len(line) <= _BLOCK_BYTES:
        return json_line_name(parse_json_line(line))
    from rag.documents.worker import Reader  # which reads files by this module

    name: str | None = Reader().run("name", line)
    return name


def _first_few(failed: list[Failure], file: str) -> list[Failure]:
    if len(failed) <= _MAX_LINE_FAILURES:
        return failed
    more = len(failed) - _MAX_LINE_FAILURES
    reason = f"has {more} more lines that are no JSON objects."
    return [*failed[:_MAX_LINE_FAILURES], Failure(file, reason)]


def _unreadable(error: OSError) -> DocumentError:
    return DocumentError(f"cannot be read ({error.strerror}). Check its permissions.")


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
