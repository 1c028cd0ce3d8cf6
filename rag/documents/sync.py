"""Folder → library → vectors. Knows nothing about questions or answers.

Order: what is gone, renamed or described anew in one transaction; then the new and changed
documents, some hundred passages at a time: read (the next ones while these are embedded), embed,
commit; last the vectors, built beside the old ones and published. Memory holds two such chunks,
however large the folder. A crash at any point leaves whole documents, and the next sync does the
rest without embedding anything twice. Files are read in workers (`worker`), and the write lock is
held only for what is written: a file that hangs hinders nobody else.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rag.documents.scan import FolderScan, scan_folder
from rag.documents.worker import READERS, Limits, Reader, warm_up
from rag.errors import DocumentError
from rag.faults import step
from rag.library.embeddings import hash_text
from rag.library.library import Library
from rag.library.vectors import VectorIndex
from rag.models import Embedder
from rag.types import (
    Changes,
    Described,
    Document,
    Failure,
    Fingerprint,
    Passage,
    SourceFile,
    Statement,
    SyncReport,
)

# How documents are read and split; another number makes the next sync read every file again.
READER_VERSION = "4"
# How statements are found; another number makes the next sync find those of every document anew,
# from the texts in the library.
STATEMENTS_VERSION = "5"
CHUNK_PASSAGES = 512
# The first is small, so that there is something to ask within a few seconds; each next one is
# twice as large.
FIRST_PASSAGES = 32
CHUNK_CHARACTERS = 4_000_000
# Another process that reads takes .2 s to start: not for a handful.
FILES_A_READER = 32
_EMBED_BATCH = 128
_UPGRADE_BATCH = 64

Progress = Callable[[str, int, int], None]
Lock = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document, read and split; `hashes` are those of its passages' texts."""

    document: Document
    own: Described
    passages: list[Passage]
    hashes: list[str]
    statements: list[Statement]
    size: int


@dataclass(slots=True)
class _Chunk:
    files: int = 0
    prepared: list[Prepared] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def sync_folder(
    folder: Path,
    *,
    library: Library,
    vectors: VectorIndex,
    embedder: Embedder,
    progress: Progress | None = None,
    limits: Limits | None = None,
    lock: Lock = nullcontext,
) -> SyncReport:
    """Brings the library and the vectors in line with `folder`.

    Each file is read within `limits`. `lock` gives the write lock (`vectors.write_lock`), which is
    held for each write and not while files are read: what another process wrote meanwhile stays.
    `progress(stage, done, total)` is called with the stages "read" (files), "statements" (documents
    of an older Onrecord) and "index" (vectors).

    Raises:
        FolderError: the folder cannot be read.
        IndexMismatch: the library was made with another embedding model.
        WorkerError: the process that reads files cannot be started.
    """
    library.check_model(embedder.name)
    tell = progress or (lambda stage, done, total: None)
    with lock():
        scan = scan_folder(folder)
        known = library.fingerprints()
        reread = library.get_meta("reader") != READER_VERSION
        plan = _plan(scan, known, reread=reread)
        gone, renamed, described = dict(plan.gone), plan.renamed, plan.described
        unchanged, to_read = plan.unchanged, plan.to_read
        if to_read:
            warm_up()

        step("sync.begin")
        new_folder = library.get_meta("folder") != str(folder.resolve())
        if gone or renamed or described or new_folder:
            with library.transaction():
                if not known:
                    library.set_meta("reader", READER_VERSION)
                for id_ in sorted(gone):
                    library.delete_document(id_)
                # Through names that no file can have: a.txt and b.txt may have changed places.
                for number, (old_id, _) in enumerate(renamed):
                    library.rename_document(old_id, f"\x00{number}")
                for number, (_, file) in enumerate(renamed):
                    library.rename_document(f"\x00{number}", file.id)
                    library.describe_document(file.id, _shown(file, known[renamed[number][0]].own))
                for file in described:
                    library.describe_document(file.id, _shown(file, known[file.id].own))
                library.set_meta("folder", str(folder.resolve()))
                if gone or renamed or described:
                    library.count_revision()
        revision: int | None = library.revision

    failed = list(scan.failed)
    ours = {*gone, *(f.id for f in described), *(i for old, f in renamed for i in (old, f.id))}
    read: list[str] = []
    partly: list[Failure] = []
    done = embedded = 0
    scanned = {file.id: file.sha256 for file in scan.files}
    readers = [Reader(limits) for _ in range(min(READERS, 1 + len(to_read) // FILES_A_READER))]
    for chunk in _ahead(_chunks(to_read, readers), readers):

        def tell_share(share: float, *, before: int = done, size: int = chunk.files) -> None:
            tell("read", before + int(share * size), len(to_read))

        with lock():
            if library.revision != revision:
                revision = None  # another process writes as well
            newer = _changed(known, library.fingerprints()) - ours if revision is None else set()
            library.check_model(embedder.name)
            step("sync.embed")
            embedded += _embed(chunk, library=library, embedder=embedder, tell=tell_share)
            unreadable = [  # what they said before is no longer in the folder
                f.id
                for f in chunk.failed
                if f.id in known and known[f.id].sha256 != scanned[f.id] and f.id not in newer
            ]
            with library.transaction():
                step("sync.write")
                for id_ in unreadable:
                    library.delete_document(id_)
                for p in chunk.prepared:
                    if p.document.id not in newer:  # another sync read it after this one
                        library.put_document(
                            p.document,
                            p.passages,
                            p.hashes,
                            own=p.own,
                            statements=p.statements,
                            size=p.size,
                        )
                library.set_meta("model", embedder.name)
                library.count_revision()
            revision = None if revision is None else library.revision
            ours |= {*unreadable, *(p.document.id for p in chunk.prepared)} - newer
        gone |= {id_: known[id_].sha256 for id_ in unreadable}
        failed += chunk.failed
        read += [p.document.id for p in chunk.prepared]
        partly += [
            Failure(p.document.id, p.document.note) for p in chunk.prepared if p.document.note
        ]
        done += chunk.files
        tell("read", done, len(to_read))
    if library.get_meta("statements") != STATEMENTS_VERSION:
        _find_statements(
            sorted({*unchanged, *(f.id for _, f in renamed), *(f.id for f in described)}),
            library=library,
            reader=readers[0],
            lock=lock,
            tell=tell,
        )
    with lock():
        if reread or library.revision == 0:
            with library.transaction():
                library.set_meta("model", embedder.name)
                library.set_meta("reader", READER_VERSION)
                library.count_revision()
        step("sync.vectors")
        vectors.apply(model=embedder.name, progress=lambda done, total: tell("index", done, total))
        with library.transaction():
            library.put_failures(failed, scanned)

    again = {i for i in read if i in known and known[i].sha256 == scanned[i]}
    return SyncReport(
        added=tuple(sorted(id_ for id_ in read if id_ not in known)),
        changed=tuple(
            sorted([*(i for i in read if i in known.keys() - again), *(f.id for f in described)])
        ),
        removed=tuple(sorted(gone)),
        renamed=tuple(sorted((old, file.id) for old, file in renamed)),
        reread=tuple(sorted(again)),
        partly=tuple(sorted(partly, key=lambda f: f.id)),
        unchanged=tuple(sorted(unchanged)),
        failed=tuple(sorted(failed, key=lambda f: (f.id, f.reason))),
        embedded=embedded,
    )


def find_changes(scan: FolderScan, library: Library | None) -> Changes:
    """What a sync of a scanned folder would do; a file that failed as it is now is no news."""
    known = library.fingerprints() if library else {}
    failures = library.list_failures() if library else {}
    plan = _plan(scan, known, reread=False)
    read = [f.id for f in plan.to_read if failures.get(f.id, ("", ""))[1] != f.sha256]
    # Files that cannot even be scanned (too large, unreadable) have no hash to compare.
    unread = {f.id for f in scan.failed} - failures.keys()
    return Changes(
        added=tuple(sorted({*(i for i in read if i not in known), *unread})),
        changed=tuple(sorted([*(i for i in read if i in known), *(f.id for f in plan.described)])),
        removed=tuple(sorted(plan.gone)),
        renamed=tuple(sorted((old, file.id) for old, file in plan.renamed)),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with each file; `gone` are the hashes of documents without one."""

    gone: dict[str, str]
    renamed: list[tuple[str, SourceFile]]
    described: list[SourceFile]
    unchanged: list[str]
    to_read: list[SourceFile]


def _plan(scan: FolderScan, known: Mapping[str, Fingerprint], *, reread: bool) -> _Plan:
    here = {file.id for file in scan.files}
    # What cannot be read now is not gone.
    plan = _Plan(
        {i: f.sha256 for i, f in known.items() if i not in here and not scan.is_unread(i)},
        [],
        [],
        [],
        [],
    )
    by_hash: dict[str, list[str]] = {}
    for id_, sha256 in sorted(plan.gone.items(), reverse=True):
        by_hash.setdefault(sha256, []).append(id_)  # the first in order is popped first
    for file in scan.files:
        before = known.get(file.id)
        if before is not None and before.sha256 == file.sha256 and not reread:
            if _shown(file, before.own) != before.shown:
                plan.described.append(file)
            else:
                plan.unchanged.append(file.id)
        elif before is None and by_hash.get(file.sha256) and not reread:
            old_id = by_hash[file.sha256].pop()
            plan.renamed.append((old_id, file))
            del plan.gone[old_id]
        else:
            plan.to_read.append(file)
    return plan


def _find_statements(
    ids: Sequence[str], *, library: Library, reader: Reader, lock: Lock, tell: Progress
) -> None:
    """Finds the statements of documents that an older Onrecord read, from their stored texts.

    Where that takes too long, those that it found stay.
    """
    for start in range(0, len(ids), _UPGRADE_BATCH):
        found = {}
        for id_ in ids[start : start + _UPGRADE_BATCH]:
            document = library.get_document(id_)
            if document is not None:
                with suppress(DocumentError):
                    found[id_] = document.version, reader.run("statements", document)
        with lock(), library.transaction():
            for id_, (version, statements) in found.items():
                document = library.get_document(id_)
                if document is not None and document.version == version:
                    library.put_statements(id_, statements)
        tell("statements", min(start + _UPGRADE_BATCH, len(ids)), len(ids))
    with lock(), library.transaction():
        library.set_meta("statements", STATEMENTS_VERSION)
        library.count_revision()


def _shown(file: SourceFile, own: Described) -> Described:
    return Described(file.title or own.title, file.source or own.source, file.date or own.date)


def _changed(before: Mapping[str, Fingerprint], now: Mapping[str, Fingerprint]) -> set[str]:
    return {id_ for id_ in before.keys() | now.keys() if before.get(id_) != now.get(id_)}


def _chunks(files: Sequence[SourceFile], readers: Sequence[Reader]) -> Iterator[_Chunk]:
    """The documents of `files`, at first few and then some hundred passages at a time."""
    most = min(FIRST_PASSAGES, CHUNK_PASSAGES)
    chunk = _Chunk()
    passages = characters = 0
    for file, read in _read_each(files, readers):
        if isinstance(read, DocumentError):
            chunk.failed.append(Failure(file.id, str(read)))
        else:
            document, own, size, found, statements = read
            hashes = [hash_text(p.text) for p in found]
            chunk.prepared.append(Prepared(document, own, found, hashes, statements, size))
            passages += len(found)
            characters += len(document.text)
        chunk.files += 1
        if passages >= most or characters >= CHUNK_CHARACTERS:
            yield chunk
            most = min(2 * most, CHUNK_PASSAGES)
            chunk, passages, characters = _Chunk(), 0, 0
    if chunk.files:
        yield chunk


def _read_each(
    files: Sequence[SourceFile], readers: Sequence[Reader]
) -> Iterator[tuple[SourceFile, Any]]:
    """Each of `files`, in order, with what a worker read or the error; each reader has one."""
    free: SimpleQueue[Reader] = SimpleQueue()
    for reader in readers:
        free.put(reader)

    def read(file: SourceFile) -> object:
        reader = free.get()
        try:
            return reader.run("read", file)
        except DocumentError as error:
            return error
        finally:
            free.put(reader)

    with ThreadPoolExecutor(len(readers)) as pool:
        begun: deque[tuple[SourceFile, Future[object]]] = deque()
        for file in files:
            begun.append((file, pool.submit(read, file)))
            if len(begun) > 2 * len(readers):
                first, reading = begun.popleft()
                yield first, reading.result()
        for first, reading in begun:
            yield first, reading.result()


def _ahead(chunks: Iterator[_Chunk], readers: Sequence[Reader]) -> Iterator[_Chunk]:
    """`chunks`, each made in another thread while the one before it is worked on."""
    with ThreadPoolExecutor(1) as pool:
        following: Future[_Chunk | None] = pool.submit(next, chunks, None)
        try:
            while (chunk := following.result()) is not None:
                following = pool.submit(next, chunks, None)
                yield chunk
        except BaseException:  # Ctrl-C, or the loop was left
            for reader in readers:
                reader.stop()
            raise


def _embed(
    chunk: _Chunk, *, library: Library, embedder: Embedder, tell: Callable[[float], None]
) -> int:
    """Embeds what the cache does not hold, batch by batch; how many texts that were."""
    texts = {
        h: passage.text
        for p in chunk.prepared
        for passage, h in zip(p.passages, p.hashes, strict=True)
    }
    cached = library.cached_hashes(embedder.name, texts)
    # The longest first: threads that share a batch then end it together.
    missing = sorted(
        ((h, texts[h]) for h in texts if h not in cached), key=lambda row: (-len(row[1]), row[0])
    )
    for start in range(0, len(missing), _EMBED_BATCH):
        batch = missing[start : start + _EMBED_BATCH]
        found = embedder.embed_passages([text for _, text in batch])
        with library.transaction():  # kept even if the sync is killed before it ends
            library.put_embeddings(embedder.name, [h for h, _ in batch], found)
        tell((start + len(batch)) / len(missing))
    return len(missing)
