"""The index: documents, passages, statements, embeddings and the lexical index, in one file.

Knows nothing about files, Chroma, models or what people made (people.py): all of it can be made
anew from the documents. Every change is one transaction; readers in other threads and processes see
the state before or after it, never between.

Vectors are keyed by the hash of the text they embed, so that a renamed, moved or repeated passage
is never embedded again, and whatever search structure is built from them can be thrown away.
"""

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import IndexMismatch
from rag.library.database import Database, now
from rag.library.migrations.library import LIBRARY
from rag.question.spelling import Vocabulary, find_contexts
from rag.types import (
    Described,
    Document,
    DocumentInfo,
    Failure,
    Fingerprint,
    Passage,
    Scope,
    Statement,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_T = TypeVar("_T")

FILE_NAME = "library.db"
_REMEDY = "What people made is safe. Make the index anew: onrecord rebuild --all"
# SQLite allows 999 variables in one statement in its oldest builds.
_BATCH = 900

# Of this connection only, in memory: which stem the index gives a word, and how often it has it.
_TEMPORARY = """
PRAGMA temp_store = MEMORY;
CREATE VIRTUAL TABLE temp.passage_terms USING fts5vocab ('main', 'passages_fts', 'row');
CREATE VIRTUAL TABLE temp.typed USING fts5 (
    word, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE temp.typed_terms USING fts5vocab ('temp', 'typed', 'instance');
"""
# How many times the wanted passages are fetched, so that a tie at their end is seen whole.
_TIES = 4
_WORD = re.compile(r"[^\W_]+")
# Text read for the company that a word keeps (see spelling.py).
_CONTEXT_DOCUMENTS = 30


def _scope_sql(scope: Scope) -> tuple[str, tuple[str, ...]]:
    """A condition on `documents d` that holds for those in `scope`, and its values."""
    conditions = ["1"]
    values: list[str] = []
    if scope.outlets:
        conditions.append(f"d.source IN ({','.join('?' * len(scope.outlets))})")
        values += scope.outlets
    if scope.days:
        marks = ",".join("?" * len(scope.days))
        conditions.append(
            f"(substr(d.date, 1, 10) IN ({marks}) OR '....' || substr(d.date, 5, 6) IN ({marks}))"
        )
        values += [*scope.days, *scope.days]
    if scope.documents:
        # As one value: SQLite allows 999 of them.
        conditions.append("d.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(scope.documents))
    if scope.since:
        # A document of "2023" or "2023-11" may be of any day in it.
        conditions.append("d.date >= substr(?, 1, length(d.date))")
        values.append(scope.since)
    if scope.until:
        conditions.append("substr(d.date, 1, 10) <= ?")
        values.append(scope.until)
    return " AND ".join(conditions), tuple(values)


def hash_text(text: str) -> str:
    """The key of a text's embedding: 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


class Library:
    """One `library.db`. Safe to share between threads; writers take `vectors.write_lock` first.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._stems: dict[str, str] = {}
        self._stemming = threading.Lock()

    @classmethod
    def open(cls, home: Path, *, create: bool = False) -> "Library | None":
        """The library below `home`, or None if there is none and `create` is false.

        One of an older Onrecord is brought up to date, and what people made moved out of it.

        Raises:
            IndexMismatch: it was written by a newer Onrecord.
        """
        database = Database.open(
            home / FILE_NAME,
            migrations=LIBRARY,
            remedy=_REMEDY,
            temporary=_TEMPORARY,
            create=create,
        )
        return cls(database) if database else None

    @property
    def path(self) -> Path:
        return self.database.path

    def close(self) -> None:
        self.database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: commits at the end, rolls back if anything is raised."""
        return self.database.transaction()

    # --- meta ---

    def get_meta(self, key: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        self.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def check_model(self, name: str) -> None:
        """Refuses a library that another embedding model than `name` made.

        Raises:
            IndexMismatch: with the next step.
        """
        made_by = self.get_meta("model")
        if made_by and made_by != name:
            raise IndexMismatch(
                f"This index was made with {made_by}, this Onrecord has {name}. "
                "Make the index anew with it (what people made stays): onrecord rebuild --all"
            )

    @property
    def revision(self) -> int:
        """Counts the changes of the documents; a cache that saw another number is stale."""
        return int(self.get_meta("revision") or 0)

    # --- documents and passages ---

    def fingerprints(self) -> dict[str, Fingerprint]:
        """{document id: what is known of it without its text}, sorted by id."""
        rows = self.rows(
            "SELECT id, sha256, title, source, date, own_title, own_source, own_date"
            " FROM documents ORDER BY id"
        )
        return {r[0]: Fingerprint(r[1], Described(*r[2:5]), Described(*r[5:])) for r in rows}

    def list_documents(self) -> list[DocumentInfo]:
        """Every document without its text, sorted by id."""
        rows = self.rows(
            "SELECT d.id, title, source, date,"
            " (SELECT count(*) FROM passages p WHERE p.document_id = d.id),"
            " (SELECT count(*) FROM statements s WHERE s.document_id = d.id), bytes, added"
            " FROM documents d ORDER BY d.id"
        )
        return [DocumentInfo(*row) for row in rows]

    def get_document(self, document_id: str) -> Document | None:
        rows = self.rows(
            "SELECT id, title, source, date, text, sha256, pages FROM documents WHERE id = ?",
            (document_id,),
        )
        return _read_document(rows[0]) if rows else None

    def count_documents(self) -> int:
        return int(self.rows("SELECT count(*) FROM documents")[0][0])

    def count_passages(self) -> int:
        return int(self.rows("SELECT count(*) FROM passages")[0][0])

    def put_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        hashes: Sequence[str],
        *,
        own: Described,
        statements: Sequence[Statement] = (),
        size: int = 0,
    ) -> None:
        """Writes or replaces one document with its passages (inside a transaction).

        `hashes` are those of the passages' texts; `own` is what its file says of it, `size` its
        bytes.
        """
        known = self.rows("SELECT added FROM documents WHERE id = ?", (document.id,))
        added = known[0][0] if known else now()
        self.delete_document(document.id)
        d = document
        self.run(
            "INSERT INTO documents (id, title, source, date, text, sha256, own_title,"
            " own_source, own_date, pages, bytes, added)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                d.id,
                d.title,
                d.source,
                d.date,
                d.text,
                d.sha256,
                own.title,
                own.source,
                own.date,
                " ".join(map(str, d.pages)),
                size,
                added,
            ),
        )
        self._index_words(d.id)
        for passage, text_hash in zip(passages, hashes, strict=True):
            row = self.run(
                'INSERT INTO passages (document_id, "start", "end", text_hash) VALUES (?, ?, ?, ?)',
                (document.id, passage.start, passage.end, text_hash),
            )
            self.run(
                "INSERT INTO passages_fts (rowid, text, title) VALUES (?, ?, ?)",
                (row, passage.text, document.title),
            )
        self.put_statements(document.id, statements)

    def put_statements(self, document_id: str, statements: Sequence[Statement]) -> None:
        """Writes or replaces what one document reports (inside a transaction)."""
        self._delete_statements(document_id)
        for s in statements:
            row = self.run(
                'INSERT INTO statements (document_id, "start", "end", speaker, role, cue, content,'
                " kind, via, told, mention, lead, speaker_span, cue_span, content_spans, lead_span,"
                " negated, certain)"
                f" VALUES ({','.join('?' * 18)})",
                (
                    document_id,
                    s.start,
                    s.end,
                    s.speaker,
                    s.role,
                    s.cue,
                    s.content,
                    s.kind,
                    "\n".join(s.via),
                    s.to,
                    s.mention,
                    s.lead,
                    _write_spans([s.speaker_span] if s.speaker_span else []),
                    _write_spans([s.cue_span] if s.cue_span else []),
                    _write_spans(s.content_spans),
                    _write_spans([s.lead_span] if s.lead_span else []),
                    s.negated,
                    s.certain,
                ),
            )
            self.run(
                "INSERT INTO statements_fts (rowid, content) VALUES (?, ?)",
                (row, f"{s.lead} {s.content}".strip()),
            )

    def _delete_statements(self, document_id: str) -> None:
        self.run(
            "DELETE FROM statements_fts WHERE rowid IN"
            " (SELECT rowid FROM statements WHERE document_id = ?)",
            (document_id,),
        )
        self.run("DELETE FROM statements WHERE document_id = ?", (document_id,))

    def delete_document(self, document_id: str) -> None:
        self._delete_statements(document_id)
        self.run(
            "DELETE FROM passages_fts WHERE rowid IN"
            " (SELECT rowid FROM passages WHERE document_id = ?)",
            (document_id,),
        )
        self._index_words(document_id, delete=True)
        self.run("DELETE FROM documents WHERE id = ?", (document_id,))

    def rename_document(self, old_id: str, new_id: str) -> None:
        """Moves a document and its passages to another id; the text stays."""
        self.run("UPDATE documents SET id = ? WHERE id = ?", (new_id, old_id))

    def describe_document(self, document_id: str, shown: Described) -> None:
        """Changes what is said of a document; its text and passages stay."""
        self._index_words(document_id, delete=True)
        self.run(
            "UPDATE documents SET title = ?, source = ?, date = ? WHERE id = ?",
            (shown.title, shown.source, shown.date, document_id),
        )
        self.run(
            "UPDATE passages_fts SET title = ? WHERE rowid IN"
            " (SELECT rowid FROM passages WHERE document_id = ?)",
            (shown.title, document_id),
        )
        self._index_words(document_id)

    def count_revision(self) -> None:
        """Counts the revision up (inside the change's transaction)."""
        self.set_meta("revision", str(self.revision + 1))

    def list_sources(self) -> list[str]:
        """The distinct outlets of all documents, sorted."""
        rows = self.rows(
            "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source"
        )
        return [str(row[0]) for row in rows]

    def list_failures(self) -> dict[str, tuple[str, str]]:
        """{file: (why it could not be read, its hash then)} as of the last sync, sorted."""
        rows = self.rows("SELECT id, reason, sha256 FROM failures ORDER BY id")
        return {str(id_): (str(reason), str(sha256)) for id_, reason, sha256 in rows}

    def put_failures(self, failed: Iterable[Failure], hashes: Mapping[str, str]) -> None:
        """Replaces what is known of files that could not be read (inside a transaction)."""
        reasons: dict[str, str] = {}
        for failure in failed:
            known = reasons.get(failure.id)
            reasons[failure.id] = f"{known} {failure.reason}" if known else failure.reason
        self.run("DELETE FROM failures")
        self.database.run_many(
            "INSERT INTO failures VALUES (?, ?, ?)",
            [(id_, reason, hashes.get(id_, "")) for id_, reason in sorted(reasons.items())],
        )

    # --- embeddings ---

    def passage_hashes(self, scope: Scope | None = None) -> list[str]:
        """The distinct text hashes of all passages (in `scope`), sorted."""
        condition, values = _scope_sql(scope or Scope())
        rows = self.rows(
            "SELECT DISTINCT p.text_hash FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE {condition} ORDER BY p.text_hash",
            values,
        )
        return [str(row[0]) for row in rows]

    def cached_hashes(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Those of `hashes` that `model` has embedded already."""
        found: set[str] = set()
        for batch in _batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            rows = self.rows(
                f"SELECT text_hash FROM embeddings WHERE model = ? AND text_hash IN ({marks})",
                (model, *batch),
            )
            found.update(str(row[0]) for row in rows)
        return found

    def put_embeddings(self, model: str, hashes: Sequence[str], vectors: "Vectors") -> None:
        """Caches `vectors` (len(hashes), dimensions) as little-endian float32."""
        self.database.run_many(
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
            for text_hash, vector in self.rows(
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
            before = self.rows("SELECT count(*) FROM embeddings")[0][0]
            self.run(
                "DELETE FROM embeddings WHERE model <> ?"
                " OR text_hash NOT IN (SELECT text_hash FROM passages)",
                (model,),
            )
            after = self.rows("SELECT count(*) FROM embeddings")[0][0]
        return int(before - after)

    # --- search ---

    def passages_of_hashes(self, hashes: Sequence[str]) -> dict[str, list[Passage]]:
        """{text hash: its passages in order of document and start}."""
        found: dict[str, list[Passage]] = {}
        for batch in _batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            for text_hash, *row in self.rows(
                f"SELECT p.text_hash, {_PASSAGE} FROM {_PASSAGES}"
                f' WHERE p.text_hash IN ({marks}) ORDER BY p.document_id, p."start"',
                batch,
            ):
                found.setdefault(text_hash, []).append(Passage(*row))
        return found

    def search_words(
        self, match: str, *, k: int, scope: Scope | None = None
    ) -> list[tuple[Passage, float]]:
        """The `k` best passages for an FTS5 `match` expression with BM25 scores, best first.

        Equal scores are ordered by document and position, never by when they were added. `scope`
        leaves only the passages of its documents.
        """
        # Of one moment: a sync may take a passage away between its rank and its text.
        with self.database.snapshot():
            return self._search_words(match, k=k, scope=scope)

    def _search_words(
        self, match: str, *, k: int, scope: Scope | None
    ) -> list[tuple[Passage, float]]:
        ranked = (
            "SELECT rowid, -bm25(passages_fts, 1.0, 0.3) AS score FROM passages_fts"
            " WHERE passages_fts MATCH ?"
        )
        values: tuple[object, ...] = (match,)
        if scope is not None:
            condition, wanted = _scope_sql(scope)
            # The plus keeps SQLite from running the whole search once for each row of the scope.
            ranked += (
                " AND +rowid IN (SELECT p.rowid FROM passages p"
                f" JOIN documents d ON d.id = p.document_id WHERE {condition})"
            )
            values += wanted
        most = _TIES * k + 1
        best = self.rows(f"{ranked} ORDER BY score DESC LIMIT ?", (*values, most))
        if len(best) == most and best[-1][1] == best[k - 1][1]:
            # A tie beyond the end: which of them stay must not depend on their row numbers.
            best = self.rows(f"SELECT * FROM ({ranked}) WHERE score >= ?", (*values, best[k][1]))
        scores = {int(row): float(score) for row, score in best}
        places = [
            place
            for batch in _batches(sorted(scores))
            for place in self.rows(
                'SELECT rowid, document_id, "start" FROM passages'
                f" WHERE rowid IN ({','.join('?' * len(batch))})",
                batch,
            )
        ]
        places.sort(key=lambda p: (-scores[p[0]], p[1], p[2]))
        rows = [row for row, _, _ in places[:k]]
        texts = {
            row: Passage(*passage)
            for row, *passage in self.rows(
                f"SELECT p.rowid, {_PASSAGE} FROM {_PASSAGES}"
                f" WHERE p.rowid IN ({','.join('?' * len(rows))})",
                rows,
            )
        }
        return [(texts[row], scores[row]) for row in rows]

    def count_terms(self, words: Iterable[str]) -> dict[str, int]:
        """{word: passages that hold it, in any inflection that the lexical index folds}."""
        words = list(words)
        with self._stemming, self.database.snapshot() as connection:
            unseen = sorted(set(words) - self._stems.keys())
            if unseen:
                connection.execute("DELETE FROM temp.typed")
                connection.executemany(
                    "INSERT INTO temp.typed (rowid, word) VALUES (?, ?)", enumerate(unseen)
                )
                for term, row in self.rows("SELECT term, doc FROM temp.typed_terms"):
                    self._stems[unseen[row]] = term
            counts: dict[str, int] = {}
            for word in words:
                rows = self.rows(
                    "SELECT doc FROM temp.passage_terms WHERE term = ?", (self._stems.get(word),)
                )
                counts[word] = int(rows[0][0]) if rows else 0
            return counts

    def count_hashes(self, scope: Scope) -> int:
        """How many distinct texts the passages in `scope` have."""
        condition, values = _scope_sql(scope)
        rows = self.rows(
            "SELECT count(DISTINCT p.text_hash) FROM passages p"
            f" JOIN documents d ON d.id = p.document_id WHERE {condition}",
            values,
        )
        return int(rows[0][0])

    def has_documents(self, scope: Scope) -> bool:
        condition, values = _scope_sql(scope)
        return bool(self.rows(f"SELECT 1 FROM documents d WHERE {condition} LIMIT 1", values))

    def documents_in(self, scope: Scope) -> frozenset[str]:
        """The ids of the documents in `scope`."""
        condition, values = _scope_sql(scope)
        return frozenset(
            str(row[0])
            for row in self.rows(f"SELECT id FROM documents d WHERE {condition}", values)
        )

    def passage_spans(self, document_id: str) -> list[tuple[int, int]]:
        """Where the passages of one document stand in it, in order."""
        return [
            (int(start), int(end))
            for start, end in self.rows(
                'SELECT "start", "end" FROM passages WHERE document_id = ? ORDER BY "start"',
                (document_id,),
            )
        ]

    def read_passage(self, document_id: str, start: int, end: int) -> Passage | None:
        """Any span of a document as a passage; None if the document is gone."""
        rows = self.rows(
            "SELECT substr(text, ? + 1, ? - ?) FROM documents WHERE id = ?",
            (start, end, start, document_id),
        )
        return Passage(document_id, start, end, rows[0][0]) if rows else None

    # --- statements ---

    def statements_of(self, document_id: str) -> list[Statement]:
        """What one document reports, in its order."""
        return self._statements("s.document_id = ?", (document_id,))

    def statements_by(self, speakers: Sequence[str]) -> list[Statement]:
        """What any of `speakers` (as spelled in the library) said, by document and place."""
        found = []
        for batch in _batches(sorted(set(speakers))):
            found += self._statements(f"s.speaker IN ({','.join('?' * len(batch))})", batch)
        return sorted(found, key=lambda s: (s.document_id, s.start, s.end))

    def all_statements(self) -> list[Statement]:
        """Everything that anybody says, by document and place."""
        return self._statements("1", ())

    def statements_within(self, document_id: str, start: int, end: int) -> list[Statement]:
        """What is reported wholly or partly in `[start, end)` of a document."""
        return self._statements(
            's.document_id = ? AND s."start" < ? AND s."end" > ?', (document_id, end, start)
        )

    def search_statements(self, match: str, *, k: int) -> list[Statement]:
        """The `k` statements whose content fits an FTS5 `match` expression best, best first."""
        ranked = self.rows(
            "SELECT rowid, -bm25(statements_fts) AS score FROM statements_fts"
            " WHERE statements_fts MATCH ? ORDER BY score DESC LIMIT ?",
            (match, _TIES * k + 1),
        )
        scores = {int(row): float(score) for row, score in ranked}
        found = [
            (scores[row], statement)
            for batch in _batches(sorted(scores))
            for row, statement in self._numbered_statements(
                f"s.rowid IN ({','.join('?' * len(batch))})", batch
            )
        ]
        found.sort(key=lambda f: (-f[0], f[1].document_id, f[1].start, f[1].end))
        return [statement for _, statement in found[:k]]

    def list_speakers(
        self, words: Sequence[str] | None = None
    ) -> list[tuple[str, str | None, int]]:
        """(speaker, role, statements) of everybody who says anything; most statements first.

        With `words` only those whose name or role holds one of them.
        """
        condition = "1"
        values: list[str] = []
        if words is not None:
            condition = " OR ".join("speaker LIKE ? OR role LIKE ?" for _ in words) or "0"
            values = [f"%{word}%" for word in words for _ in range(2)]
        rows = self.rows(
            "SELECT speaker, max(role), count(*) AS n FROM statements"
            f" WHERE {condition} GROUP BY speaker ORDER BY n DESC, speaker",
            values,
        )
        return [(str(name), role, int(count)) for name, role, count in rows]

    def count_statements(self) -> int:
        return int(self.rows("SELECT count(*) FROM statements")[0][0])

    def _statements(self, condition: str, values: Sequence[object]) -> list[Statement]:
        return [statement for _, statement in self._numbered_statements(condition, values)]

    def _numbered_statements(
        self, condition: str, values: Sequence[object]
    ) -> list[tuple[int, Statement]]:
        rows = self.rows(
            'SELECT s.rowid, s.document_id, s."start", s."end", speaker, role, cue, content, kind,'
            " via, told, mention, lead, speaker_span, cue_span, content_spans, lead_span, negated,"
            " certain, d.source, d.date FROM statements s JOIN documents d ON d.id = s.document_id"
            f' WHERE {condition} ORDER BY s.document_id, s."start", s."end", s.rowid',
            values,
        )
        return [(int(row[0]), _read_statement(row[1:])) for row in rows]

    def vocabulary(self) -> "CorpusWords":
        """The words of the corpus as it is now, looked up when asked for."""
        return CorpusWords(self)

    # --- plumbing ---

    def _index_words(self, document_id: str, *, delete: bool = False) -> None:
        # FTS5's external content tables are told what to forget with the old values themselves.
        command, value = ("words_fts, ", "'delete', ") if delete else ("", "")
        self.run(
            f"INSERT INTO words_fts ({command}rowid, text, title, source)"
            f" SELECT {value}number, text, title, source FROM documents WHERE id = ?",
            (document_id,),
        )

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query."""
        return self.database.rows(sql, values)

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Runs one statement; the number of the row it inserted, if it did."""
        return self.database.run(sql, values)


class CorpusWords(Vocabulary):
    """The vocabulary of a library, read as far as it is asked for and then kept.

    A corpus of 100,000 passages has some hundred thousand words; a question needs a few of them.
    """

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._starting: dict[str, dict[str, int]] = {}

    def count(self, word: str) -> int:
        rows = self._library.rows("SELECT doc FROM words WHERE term = ?", (word,))
        return int(rows[0][0]) if rows else 0

    def starting(self, prefix: str) -> dict[str, int]:
        if prefix not in self._starting:
            found = dict(
                self._library.rows(
                    "SELECT term, doc FROM words WHERE term >= ? AND term < ?",
                    (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
                )
            )
            if len(prefix) > 1:
                return found
            self._starting[prefix] = found
        return self._starting[prefix]

    def contexts(self, word: str) -> list[tuple[str, str]]:
        # What the index has as one word each: "al-qaeda" are two, which it knows no order of. (A
        # phrase is an error there, and so is a quotation mark.)
        parts = _WORD.findall(word)
        if not parts or not all(map(self.count, parts)):
            return []
        rows = self._library.rows(
            "SELECT text FROM documents WHERE number IN (SELECT rowid FROM words_fts"
            " WHERE words_fts MATCH ? ORDER BY rowid LIMIT ?)",
            (" AND ".join(f'"{part}"' for part in parts), _CONTEXT_DOCUMENTS),
        )
        return [place for (text,) in rows for place in find_contexts(word, text)]


# Texts come from the lexical index, row by row: to cut them out of their documents reads each
# document from its beginning (one of 8 MB: 8 ms a passage, some 200 passages a question).
_PASSAGE = 'p.document_id, p."start", p."end", f.text'
_PASSAGES = "passages p JOIN passages_fts f ON f.rowid = p.rowid"


def _write_spans(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _read_spans(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (span.split("-") for span in text.split())
    return tuple((int(start), int(end)) for start, end in pairs)


def _read_document(row: Sequence[Any]) -> Document:
    id_, title, source, date, text, sha256, pages = row
    return Document(id_, title, source, date, text, sha256, tuple(map(int, pages.split())))


def _read_statement(row: Sequence[Any]) -> Statement:
    (document_id, start, end, speaker, role, cue, content, kind, via, to, mention, lead,
     speaker_span, cue_span, content_spans, lead_span,
     negated, certain, outlet, date) = row  # fmt: skip
    return Statement(
        document_id=document_id,
        start=start,
        end=end,
        speaker=speaker,
        role=role,
        cue=cue,
        content=content,
        kind=kind,
        via=tuple(via.split("\n")) if via else (),
        to=to,
        mention=mention,
        speaker_span=next(iter(_read_spans(speaker_span)), None),
        cue_span=next(iter(_read_spans(cue_span)), None),
        content_spans=_read_spans(content_spans),
        negated=bool(negated),
        certain=bool(certain),
        outlet=outlet,
        date=date,
        lead=lead,
        lead_span=next(iter(_read_spans(lead_span)), None),
    )


def _batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
