"""Files of a folder → documents. Knows nothing about passages, indexes or answers.

Two steps, so that an unchanged file is hashed but never parsed, and no more than one is in memory:
`scan_folder` lists the files with their bytes' hash, `read_document` makes one a `Document`. A file
that cannot be read is a `Failure` with its remedy; it never stops the others.
"""

import codecs
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DocumentError, FolderError
from rag.types import Document, Failure, SourceFile

SUPPORTED = (".txt", ".md")
METADATA_FILE = "metadata.jsonl"
# Files of the folder that describe documents and are none themselves.
RESERVED = frozenset({METADATA_FILE, "questions.jsonl"})
MAX_BYTES = 50 * 1024 * 1024
TITLE_CHARACTERS = 110

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are the same
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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
    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}. Name one: onrecord sync FOLDER")
    root = folder.resolve()
    metadata, failed = read_metadata(folder)
    files: list[SourceFile] = []
    for path in _walk(root):
        relative = path.relative_to(root).as_posix()
        try:
            files.append(_scan_file(path, relative, root=root, metadata=metadata))
        except DocumentError as error:
            failed.append(Failure(_printable(relative), str(error)))
    return FolderScan(tuple(files), tuple(sorted(failed, key=lambda f: f.id)))


def read_document(file: SourceFile) -> Document:
    """Decodes one file.

    The text is kept as it stands (line ends, odd spaces and all), so that quotes are verbatim.

    Raises:
        DocumentError: the file cannot be read, is empty or is not text.
    """
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise _unreadable(error) from error
    text = decode(data)
    if not text.strip():
        raise DocumentError("is empty. Nothing to index.")
    return Document(
        id=file.id,
        title=file.title or own_title(file.id, text),
        source=file.source,
        date=file.date,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),  # the file may have changed since the scan
    )


def own_title(document_id: str, text: str) -> str:
    """The title that a text has where none is given; its file's name only as a last resort."""
    return find_title(text) or Path(document_id).stem


def decode(data: bytes) -> str:
    """Bytes → text: byte-order mark, then UTF-8, then the most likely legacy encoding.

    Raises:
        DocumentError: the bytes are no text, or in no encoding that can be told.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _reject_binary(data[len(bom) :].decode(encoding))
            except UnicodeDecodeError as error:
                raise DocumentError(
                    f"starts as {encoding} but breaks at byte {error.start}. Save it as UTF-8."
                ) from error
    try:
        return _reject_binary(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise DocumentError("is in no text encoding that can be told. Save it as UTF-8.")
    # Short Western texts fit several code pages equally well; Windows-1252 is by far the commonest.
    if any(m.chaos <= best.chaos and "cp1252" in m.could_be_from_charset for m in matches):
        return _reject_binary(data.decode("cp1252"))
    return _reject_binary(str(best))


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


def _walk(root: Path) -> Iterator[Path]:
    # os.walk does not follow links to folders, which could lead out or round in circles.
    for where, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name not in RESERVED:
                yield Path(where) / name


def _scan_file(
    path: Path, relative: str, *, root: Path, metadata: Mapping[str, Mapping[str, str]]
) -> SourceFile:
    if relative != _printable(relative):
        raise DocumentError("has a name that is not UTF-8. Rename it.")
    if path.suffix.lower() not in SUPPORTED:
        kind = path.suffix.lower() or "a file without an ending"
        raise DocumentError(f"{kind} is not supported yet. Save it as .txt or .md.")
    if not path.resolve().is_relative_to(root):
        raise DocumentError("is a link out of the documents folder. Copy the file in instead.")
    try:
        if not path.is_file():
            raise DocumentError("is a broken link or not a plain file. Replace it with a file.")
        if path.stat().st_size > MAX_BYTES:
            limit = MAX_BYTES // 1024**2
            raise DocumentError(f"is larger than {limit} MB. Split it into smaller files.")
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(error) from error
    given = metadata.get(relative, {})
    return SourceFile(
        id=relative,
        path=path,
        sha256=sha256,
        title=given.get("title"),
        source=given.get("source"),
        date=given.get("date"),
    )


def _unreadable(error: OSError) -> DocumentError:
    return DocumentError(f"cannot be read ({error.strerror}). Check its permissions.")


def _reject_binary(text: str) -> str:
    if "\x00" in text:
        raise DocumentError("is not text (it has NUL bytes). Save it as UTF-8 text.")
    return text


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _shorten(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= TITLE_CHARACTERS:
        return title
    return title[: TITLE_CHARACTERS - 1].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"
