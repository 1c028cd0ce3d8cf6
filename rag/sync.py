"""Folder → library → vectors. Knows nothing about questions or answers.

Order: embed first, commit the library in one transaction, then build the vectors beside the old
ones and publish them. A crash at any point leaves the library as it was before or after that
transaction, and embeddings already made are kept; the next sync does the rest.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.documents import own_title, read_document, scan_folder
from rag.errors import DocumentError, IndexMismatch
from rag.library import Library, hash_text
from rag.models import Embedder
from rag.passages import split
from rag.types import Document, Failure, Passage, SourceFile, SyncReport
from rag.vectors import VectorIndex

# How documents are read and split; another number makes the next sync read every file again.
READER_VERSION = "1"
_EMBED_BATCH = 64

Progress = Callable[[str, int, int], None]
Prepared = tuple[Document, list[Passage], list[str]]


def sync_folder(
    folder: Path,
    *,
    library: Library,
    vectors: VectorIndex,
    embedder: Embedder,
    progress: Progress | None = None,
) -> SyncReport:
    """Brings the library and the vectors in line with `folder` (under `write_lock`).

    `progress(stage, done, total)` is called with the stages "read", "embed" and "index".

    Raises:
        FolderError: the folder cannot be read.
        IndexMismatch: the library was made with another embedding model.
    """
    check_model(library, embedder)
    tell = progress or (lambda stage, done, total: None)
    scan = scan_folder(folder)
    known = library.fingerprints()
    reread = library.get_meta("reader") != READER_VERSION
    files = {file.id: file for file in scan.files}
    gone = {id_: known[id_].sha256 for id_ in known if id_ not in files}
    renamed, described, unchanged = [], [], []
    to_read: list[SourceFile] = []
    for file in scan.files:
        before = known.get(file.id)
        if before is not None and before.sha256 == file.sha256 and not reread:
            given = (file.title or before.own_title, file.source, file.date)
            if given != (before.title, before.source, before.date):
                described.append((before, file))
            else:
                unchanged.append(file.id)
            continue
        old_id = next((i for i, sha in sorted(gone.items()) if sha == file.sha256), None)
        if before is None and old_id is not None and not reread:
            renamed.append((old_id, file))
            del gone[old_id]
        else:
            to_read.append(file)

    failed = list(scan.failed)
    prepared: list[Prepared] = []
    for done, file in enumerate(to_read, start=1):
        try:
            prepared.append(_prepare(file))
        except DocumentError as error:
            failed.append(Failure(file.id, str(error)))
            if file.id in known:  # what it said before is no longer in the folder
                gone[file.id] = known[file.id].sha256
        tell("read", done, len(to_read))

    embedded = _embed(prepared, library=library, embedder=embedder, tell=tell)
    if prepared or gone or renamed or described or reread:
        with library.transaction():
            for id_ in sorted(gone):
                library.delete_document(id_)
            # Through names that no file can have: a.txt and b.txt may have changed places.
            for number, (old_id, _) in enumerate(renamed):
                library.rename_document(old_id, f"\x00{number}")
            for number, (_, file) in enumerate(renamed):
                library.rename_document(f"\x00{number}", file.id)
            for document, passages, hashes in prepared:
                library.put_document(
                    document, passages, hashes, own_title=own_title(document.id, document.text)
                )
            for before, file in [*((known[old], f) for old, f in renamed), *described]:
                library.describe_document(
                    file.id,
                    title=file.title or before.own_title,
                    source=file.source,
                    date=file.date,
                )
            library.set_meta("model", embedder.name)
            library.set_meta("reader", READER_VERSION)
            library.set_meta("folder", str(folder.resolve()))
            library.count_revision()
    vectors.apply(model=embedder.name, progress=lambda done, total: tell("index", done, total))

    changed = [d.id for d, _, _ in prepared if d.id in known] + [f.id for _, f in described]
    return SyncReport(
        added=tuple(sorted(d.id for d, _, _ in prepared if d.id not in known)),
        changed=tuple(sorted(changed)),
        removed=tuple(sorted(gone)),
        renamed=tuple(sorted((old, file.id) for old, file in renamed)),
        unchanged=tuple(sorted(unchanged)),
        failed=tuple(sorted(failed, key=lambda f: (f.id, f.reason))),
        embedded=embedded,
    )


def check_model(library: Library, embedder: Embedder) -> None:
    """Refuses a library that another embedding model made.

    Raises:
        IndexMismatch: with the next step.
    """
    made_by = library.get_meta("model")
    if made_by and made_by != embedder.name:
        raise IndexMismatch(
            f"This index was made with {made_by}, this Onrecord has {embedder.name}. "
            f"Delete {library.path.parent} and run: onrecord sync"
        )


def _prepare(file: SourceFile) -> Prepared:
    document = read_document(file)
    passages = split(document)
    return document, passages, [hash_text(p.text) for p in passages]


def _embed(
    prepared: Sequence[Prepared], *, library: Library, embedder: Embedder, tell: Progress
) -> int:
    """Embeds what the cache does not hold, batch by batch; how many texts that were."""
    texts = {
        h: p.text for _, passages, hashes in prepared for p, h in zip(passages, hashes, strict=True)
    }
    cached = library.cached_hashes(embedder.name, texts)
    missing = [(h, texts[h]) for h in sorted(texts) if h not in cached]
    done = 0
    for batch in _batches(missing, _EMBED_BATCH):
        found = embedder.embed_passages([text for _, text in batch])
        with library.transaction():  # kept even if the sync is killed before it ends
            library.put_embeddings(embedder.name, [h for h, _ in batch], found)
        done += len(batch)
        tell("embed", done, len(missing))
    return len(missing)


def _batches(rows: Sequence[tuple[str, str]], size: int) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
