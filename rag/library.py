"""The SQLite file: documents, passages, embeddings and the lexical index, the only truth.

Knows nothing about files, Chroma or models. Every change is one transaction; readers in other
threads and processes see the state before or after it, never between (WAL).

Vectors are keyed by the hash of the text they embed, so that a renamed, moved or repeated passage
is never embedded again, and whatever search structure is built from them can be thrown away.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.errors import IndexMismatch, StorageError
from rag.types import Document, DocumentInfo, Fingerprint, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_T = TypeVar("_T")

FILE_NAME = "library.db"
SCHEMA_VERSION = 1
# SQLite allows 999 variables in one statement in its oldest builds.
_BATCH = 900

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, date TEXT,
    text TEXT NOT NULL, sha256 TEXT NOT NULL, own_title TEXT NOT NULL
);
CREATE TABLE passages (
    rowid INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON UPDATE CASCADE ON DELETE CASCADE,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text_hash TEXT NOT NULL,
    UNIQUE (document_id, "start", "end")
);
CREATE INDEX passages_by_hash ON passages (text_hash);
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    text, title, tokenize = 'porter unicode61 remove_diacritics 2'
);
-- The words as written (not stemmed), for spelling and for telling what the corpus never mentions.
CREATE VIRTUAL TABLE words_fts USING fts5 (
    text, title, source, content = 'documents', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2', detail = none
);
CREATE VIRTUAL TABLE words USING fts5vocab ('words_fts', 'row');
CREATE TABLE embeddings (
    model TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (model, text_hash)
) WITHOUT ROWID;
"""


def hash_text(text: str) -> str:
    """The key of a text's embedding: 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


class Library:
    """One `library.db`. Safe to share between threads; writers take `vectors.write_lock` first.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, connection: sqlite3.Connection, *, path: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.path = path

    @classmethod
    def open(cls, home: Path, *, create: bool = False) -> "Library | None":
        """The library below `home`, or None if there is none and `create` is false.

        Raises:
            IndexMismatch: it was written by a newer Onrecord.
        """
        path = home / FILE_NAME
        if not create and not path.is_file():
            return None
        with _storage_errors(path):
            if create:
                home.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys = ON")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                if not create:
                    connection.close()
                    return None
                connection.execute("PRAGMA journal_mode = WAL")
                # The version is set in the same transaction: no half-made library is ever seen.
                connection.executescript(
                    f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
                )
            connection.execute("PRAGMA synchronous = FULL")
        if version > SCHEMA_VERSION:
            connection.close()
            raise IndexMismatch(f"{path} was written by a newer Onrecord. Upgrade: git pull")
        return cls(connection, path=path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, rolls back if anything is raised."""
        with self._lock, _storage_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    # --- meta ---

    def get_meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def revision(self) -> int:
        """Counts the changes of the documents; a cache that saw another number is stale."""
        return int(self.get_meta("revision") or 0)

    # --- documents and passages ---

    def fingerprints(self) -> dict[str, Fingerprint]:
        """{document id: what is known of it without its text}, sorted by id."""
        rows = self._rows(
            "SELECT id, sha256, title, source, date, own_title FROM documents ORDER BY id"
        )
        return {row[0]: Fingerprint(*row[1:]) for row in rows}

    def list_documents(self) -> list[DocumentInfo]:
        """Every document without its text, sorted by id."""
        rows = self._rows(
            "SELECT d.id, title, source, date, count(p.rowid) FROM documents d"
            " LEFT JOIN passages p ON p.document_id = d.id GROUP BY d.id ORDER BY d.id"
        )
        return [DocumentInfo(*row) for row in rows]

    def get_document(self, document_id: str) -> Document | None:
        rows = self._rows(
            "SELECT id, title, source, date, text, sha256 FROM documents WHERE id = ?",
            (document_id,),
        )
        return Document(*rows[0]) if rows else None

    def count_documents(self) -> int:
        return int(self._rows("SELECT count(*) FROM documents")[0][0])

    def count_passages(self) -> int:
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def put_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        hashes: Sequence[str],
        *,
        own_title: str,
    ) -> None:
        """Writes or replaces one document with its passages (inside a transaction).

        `hashes` are those of the passages' texts; `own_title` is the title that the text has
        where none is given.
        """
        self.delete_document(document.id)
        d = document
        self._run(
            "INSERT INTO documents (id, title, source, date, text, sha256, own_title)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (d.id, d.title, d.source, d.date, d.text, d.sha256, own_title),
        )
        self._index_words(d.id)
        for passage, text_hash in zip(passages, hashes, strict=True):
            row = self._run(
                'INSERT INTO passages (document_id, "start", "end", text_hash) VALUES (?, ?, ?, ?)',
                (document.id, passage.start, passage.end, text_hash),
            )
            self._run(
                "INSERT INTO passages_fts (rowid, text, title) VALUES (?, ?, ?)",
                (row, passage.text, document.title),
            )

    def delete_document(self, document_id: str) -> None:
        self._run(
            "DELETE FROM passages_fts WHERE rowid IN"
            " (SELECT rowid FROM passages WHERE document_id = ?)",
            (document_id,),
        )
        self._index_words(document_id, delete=True)
        self._run("DELETE FROM documents WHERE id = ?", (document_id,))

    def rename_document(self, old_id: str, new_id: str) -> None:
        """Moves a document and its passages to another id; the text stays."""
        self._run("UPDATE documents SET id = ? WHERE id = ?", (new_id, old_id))

    def describe_document(
        self, document_id: str, *, title: str, source: str | None, date: str | None
    ) -> None:
        """Changes what is said of a document; its text and passages stay."""
        self._index_words(document_id, delete=True)
        self._run(
            "UPDATE documents SET title = ?, source = ?, date = ? WHERE id = ?",
            (title, source, date, document_id),
        )
        self._run(
            "UPDATE passages_fts SET title = ? WHERE rowid IN"
            " (SELECT rowid FROM passages WHERE document_id = ?)",
            (title, document_id),
        )
        self._index_words(document_id)

    def count_revision(self) -> None:
        """Counts the revision up (inside the change's transaction)."""
        self.set_meta("revision", str(self.revision + 1))

    def list_sources(self) -> list[str]:
        """The distinct outlets of all documents, sorted."""
        rows = self._rows(
            "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source"
        )
        return [str(row[0]) for row in rows]

    # --- embeddings ---

    def passage_hashes(self) -> list[str]:
        """The distinct text hashes of all passages, sorted."""
        rows = self._rows("SELECT DISTINCT text_hash FROM passages ORDER BY text_hash")
        return [str(row[0]) for row in rows]

    def cached_hashes(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Those of `hashes` that `model` has embedded already."""
        found: set[str] = set()
        for batch in _batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            rows = self._rows(
                f"SELECT text_hash FROM embeddings WHERE model = ? AND text_hash IN ({marks})",
                (model, *batch),
            )
            found.update(str(row[0]) for row in rows)
        return found

    def put_embeddings(self, model: str, hashes: Sequence[str], vectors: "Vectors") -> None:
        """Caches `vectors` (len(hashes), dimensions) as little-endian float32."""
        self._many(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
            [(model, h, v.astype("<f4").tobytes()) for h, v in zip(hashes, vectors, strict=True)],
        )

    def get_embeddings(self, model: str, hashes: Sequence[str]) -> tuple[list[str], "Vectors"]:
        """(hashes found, vectors of shape (len(found), dimensions)), in the order of the hash."""
        import numpy as np

        found: list[str] = []
        vectors: list[bytes] = []
        for batch in _batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            for text_hash, vector in self._rows(
                "SELECT text_hash, vector FROM embeddings"
                f" WHERE model = ? AND text_hash IN ({marks}) ORDER BY text_hash",
                (model, *batch),
            ):
                found.append(text_hash)
                vectors.append(vector)
        if not found:
            return [], np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(found), -1)
        return found, matrix.astype(np.float32, copy=False)

    def prune_embeddings(self, model: str) -> int:
        """Forgets embeddings of other models and of texts that no passage has; how many."""
        with self.transaction():
            before = self._rows("SELECT count(*) FROM embeddings")[0][0]
            self._run(
                "DELETE FROM embeddings WHERE model <> ?"
                " OR text_hash NOT IN (SELECT text_hash FROM passages)",
                (model,),
            )
            after = self._rows("SELECT count(*) FROM embeddings")[0][0]
        return int(before - after)

    # --- search ---

    def passages_of_hashes(self, hashes: Sequence[str]) -> dict[str, list[Passage]]:
        """{text hash: its passages in order of document and start}."""
        found: dict[str, list[Passage]] = {}
        for batch in _batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            for text_hash, *row in self._rows(
                f"SELECT p.text_hash, {_PASSAGE} FROM passages p"
                " JOIN documents d ON d.id = p.document_id"
                f' WHERE p.text_hash IN ({marks}) ORDER BY p.document_id, p."start"',
                batch,
            ):
                found.setdefault(text_hash, []).append(Passage(*row))
        return found

    def search_words(self, match: str, *, k: int) -> list[tuple[Passage, float]]:
        """The `k` best passages for an FTS5 `match` expression with BM25 scores, best first.

        Equal scores are ordered by document and position, never by when they were added.
        """
        ranked = (
            "SELECT rowid, -bm25(passages_fts, 1.0, 0.3) AS score FROM passages_fts"
            " WHERE passages_fts MATCH ?"
        )
        best = self._rows(f"{ranked} ORDER BY score DESC LIMIT ?", (match, k + 1))
        if len(best) > k and best[k][1] == best[k - 1][1]:
            # A tie at the end: which of them stay must not depend on their row numbers.
            best = self._rows(f"SELECT * FROM ({ranked}) WHERE score >= ?", (match, best[k][1]))
        scores = {int(row): float(score) for row, score in best}
        places = [
            place
            for batch in _batches(sorted(scores))
            for place in self._rows(
                'SELECT rowid, document_id, "start" FROM passages'
                f" WHERE rowid IN ({','.join('?' * len(batch))})",
                batch,
            )
        ]
        places.sort(key=lambda p: (-scores[p[0]], p[1], p[2]))
        rows = [row for row, _, _ in places[:k]]
        texts = {
            row: Passage(*passage)
            for row, *passage in self._rows(
                f"SELECT p.rowid, {_PASSAGE} FROM passages p"
                " JOIN documents d ON d.id = p.document_id"
                f" WHERE p.rowid IN ({','.join('?' * len(rows))})",
                rows,
            )
        }
        return [(texts[row], scores[row]) for row in rows]

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word of the corpus, folded, with the number of documents that hold it."""
        return [(w, n) for w, n in self._rows("SELECT term, doc FROM words ORDER BY term")]

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok" or what is wrong."""
        return str(self._rows("PRAGMA quick_check(1)")[0][0])

    # --- plumbing ---

    def _index_words(self, document_id: str, *, delete: bool = False) -> None:
        # FTS5's external content tables are told what to forget with the old values themselves.
        command, value = ("words_fts, ", "'delete', ") if delete else ("", "")
        self._run(
            f"INSERT INTO words_fts ({command}rowid, text, title, source)"
            f" SELECT {value}number, text, title, source FROM documents WHERE id = ?",
            (document_id,),
        )

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, _storage_errors(self.path):
            return self._connection.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[object] = ()) -> int:
        with self._lock, _storage_errors(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    def _many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._lock, _storage_errors(self.path):
            self._connection.executemany(sql, rows)


_PASSAGE = 'p.document_id, p."start", p."end", substr(d.text, p."start" + 1, p."end" - p."start")'


def _batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        text = str(error)
        if "full" in text or "I/O" in text:  # a full disk shows as either
            hint = "Free some disk space and run it again; nothing synced before is lost."
        elif "readonly" in text or "unable to open" in text or isinstance(error, PermissionError):
            hint = "Check that the folder can be written, or name another: --home DIR"
        elif "malformed" in text or "not a database" in text:
            hint = f"Delete {path.parent} and run: onrecord sync"
        else:
            hint = "Run it again; if it stays, delete the folder and run: onrecord sync"
        raise StorageError(f"{path}: {text}. {hint}") from error
