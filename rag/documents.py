"""Files of a folder → documents. Knows nothing about passages, indexes or answers.

Two steps, so that an unchanged file is hashed but never parsed, and no more than one is in memory:
`scan_folder` lists the files with their bytes' hash, `read_document` makes one a `Document`. A file
that cannot be read is a `Failure` with its remedy; it never stops the others.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DocumentError, FolderError
from rag.readers import (
    READERS,
    Extracted,
    decode,
    extract,
    json_line_name,
    parse_json_line,
)
from rag.types import Described, Document, Failure, SourceFile

LINES = ".jsonl"  # one document a line
METADATA_FILE = "metadata.jsonl"
# Files of the folder that describe documents and are none themselves.
RESERVED = frozenset({METADATA_FILE, "questions.jsonl"})
MAX_BYTES = 50 * 1024 * 1024
MAX_LINES_BYTES = 2 * 1024**3
TITLE_CHARACTERS = 110
# Bad lines of one corpus that are named one by one.
_MAX_LINE_FAILURES = 20


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What stands in a folder: readable files by id, and those that cannot be."""

    files: tuple[SourceFile, ...]
    failed: tuple[Failure, ...]


def load_documents(folder: Path) -> tuple[list[Document], list[Failure]]:
    """Every readable document of `folder`, sorted by id, and every file that failed."""
    scan = scan_folder(folder)
    documents: list[Document] = []
    failed = list(scan.failed)
    for file in scan.files:
        try:
            documents.append(read_document(file))
        except DocumentError as error:
            failed.append(Failure(file.id, str(error)))
    return documents, sorted(failed, key=lambda f: f.id)


def scan_folder(folder: Path) -> FolderScan:
    """Lists and hashes the files below `folder`; hidden files and folders are passed over.

    Raises:
        FolderError: the folder is missing or is no folder.
    """
    root = _find_root(folder)
    metadata, failed = read_metadata(folder)
    files: list[SourceFile] = []
    for path in _walk(root):
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
            failed.append(Failure(_printable(relative), str(error)))
    return FolderScan(tuple(files), tuple(sorted(failed, key=lambda f: f.id)))


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
    own = Described(found.title or _own_title(file, found), found.source, found.date)
    document = Document(
        id=file.id,
        title=file.title or own.title,
        source=file.source or own.source,
        date=file.date or own.date,
        text=found.text,
        sha256=hashlib.sha256(data).hexdigest(),  # the file may have changed since the scan
        pages=found.pages,
    )
    return document, own, len(data)


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


def _own_title(file: SourceFile, found: Extracted) -> str:
    return find_title(found.text) or Path(file.id).stem


def find_title(text: str) -> str:
    """The headline a text opens with, else the start of its first sentence, else "".

    Markdown's `#` marks are dropped, and so is a `title:` of front matter.
    """
    lines = [line.strip() for line in text.splitlines()]
    if lines and lines[0] == "---":
        for line in lines[1:20]:
            name, _, value = line.partition(":")
            if name.lower() == "title" and value.strip(" \"'"):
                return _shorten(value.strip(" \"'"))
    for line in lines:
        heading = re.sub(r"^#{1,6}\s+|\s+#+$", "", line).strip()
        # A line of marks alone ("---", "***") is no headline.
        if any(c.isalnum() for c in heading):
            if len(heading) <= TITLE_CHARACTERS:
                return heading
            from rag.passages import sentences

            start, end = sentences(heading)[0]
            return _shorten(heading[start:end])
    return ""


def read_metadata(folder: Path) -> tuple[dict[str, dict[str, str]], list[Failure]]:
    """`metadata.jsonl` → {file name: {title, source, date}}; bad lines are failures by number."""
    path = folder / METADATA_FILE
    if not path.is_file():
        return {}, []
    try:
        lines = decode(path.read_bytes()).splitlines()
    except (OSError, DocumentError) as error:
        return {}, [Failure(METADATA_FILE, f"cannot be read: {error}")]
    metadata: dict[str, dict[str, str]] = {}
    failed: list[Failure] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name = row["file_name"]
            given = {k: str(row[k]).strip() for k in ("title", "source", "date") if row.get(k)}
            metadata[str(name)] = given
        except (ValueError, KeyError, TypeError, AttributeError):
            reason = f'line {number} is not a JSON object with a "file_name". Mend that line.'
            failed.append(Failure(METADATA_FILE, reason))
    return metadata, failed


def _find_root(folder: Path) -> Path:
    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}. Name one: onrecord sync FOLDER")
    return folder.resolve()


def _walk(root: Path) -> Iterator[Path]:
    # os.walk does not follow links to folders, which could lead out or round in circles.
    for where, folders, names in os.walk(root):
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
    if not path.resolve().is_relative_to(root):
        raise DocumentError("is a link out of the documents folder. Copy the file in instead.")
    try:
        if not path.is_file():
            raise DocumentError("is a broken link or not a plain file. Replace it with a file.")
        limit = MAX_LINES_BYTES if suffix == LINES else MAX_BYTES
        if path.stat().st_size > limit:
            raise DocumentError(
                f"is larger than {limit // 1024**2} MB. Split it into smaller files."
            )
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
    position = 0
    try:
        with path.open("rb") as opened:
            for number, line in enumerate(opened, start=1):
                start, position = position, position + len(line)
                bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                start += len(line) - len(bare)
                if not bare.strip():
                    continue
                try:
                    name = json_line_name(parse_json_line(bare))
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
    if len(failed) > _MAX_LINE_FAILURES:
        more = len(failed) - _MAX_LINE_FAILURES
        failed = failed[:_MAX_LINE_FAILURES]
        failed.append(Failure(relative, f"has {more} more lines that are no JSON objects."))
    return files, failed


def _unreadable(error: OSError) -> DocumentError:
    return DocumentError(f"cannot be read ({error.strerror}). Check its permissions.")


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _shorten(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= TITLE_CHARACTERS:
        return title
    return title[: TITLE_CHARACTERS - 1].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"
