"""Documents, their passages and the files that failed, as rows. Knows no file and no question."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.language.dates import head_of
from rag.language.words import fold_letters
from rag.library.database import now
from rag.library.statements import Statements
from rag.types import Described, Document, DocumentInfo, Failure, Fingerprint, Passage, Statement


class Documents(Statements):
    """The tables of documents and passages, written together with their statements."""

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
            " (SELECT count(*) FROM statements s WHERE s.document_id = d.id), bytes, added, note"
            " FROM documents d ORDER BY d.id"
        )
        return [DocumentInfo(*row) for row in rows]

    def list_titles(self) -> list[tuple[str, str]]:
        """(document id, title) of every document, sorted by id."""
        return [
            (str(i), str(t)) for i, t in self.rows("SELECT id, title FROM documents ORDER BY id")
        ]

    def list_heads(self, ids: Sequence[str] | None = None) -> dict[str, str]:
        """{document id: what stands over it (`head_of`)}, of some documents or of all."""
        some = "" if ids is None else " WHERE id IN (SELECT value FROM json_each(?))"
        values = () if ids is None else (json.dumps(list(ids)),)
        rows = self.rows(f"SELECT id, title, source, date FROM documents{some}", values)
        return {str(id_): head_of(title, source, date) for id_, title, source, date in rows}

    def get_document(self, document_id: str) -> Document | None:
        rows = self.rows(
            "SELECT id, title, source, date, text, sha256, pages, body, note FROM documents"
            " WHERE id = ?",
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
            " own_source, own_date, pages, bytes, added, body, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                d.body,
                d.note,
            ),
        )
        self._index_words(d.id)
        for passage, text_hash in zip(passages, hashes, strict=True):
            row = self.run(
                'INSERT INTO passages (document_id, "start", "end", text_hash, written)'
                " VALUES (?, ?, ?, ?, ?)",
                (
                    document.id,
                    passage.start,
                    passage.end,
                    text_hash,
                    None if (plain := fold_letters(passage.text)) == passage.text else passage.text,
                ),
            )
            self.run(
                "INSERT INTO passages_fts (rowid, text, title) VALUES (?, ?, ?)",
                (row, plain, fold_letters(document.title)),
            )
        self.put_statements(document.id, statements)

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
            (fold_letters(shown.title), document_id),
        )
        self._index_words(document_id)

    def list_sources(self) -> list[str]:
        """The distinct outlets of all documents, sorted."""
        rows = self.rows(
            "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source"
        )
        return [str(row[0]) for row in rows]

    def span_of_days(self) -> tuple[str, str] | None:
        """The first and the last day of documents that have one."""
        rows = self.rows("SELECT min(date), max(date) FROM documents WHERE date <> ''")
        first, last = rows[0]
        return (str(first), str(last)) if first else None

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

    def _index_words(self, document_id: str, *, delete: bool = False) -> None:
        # FTS5's external content tables are told what to forget with the old values themselves.
        command, value = ("words_fts, ", "'delete', ") if delete else ("", "")
        rows = self.rows(
            "SELECT number, text, title, source FROM documents WHERE id = ?", (document_id,)
        )
        for number, *values in rows:
            self.run(
                f"INSERT INTO words_fts ({command}rowid, text, title, source)"
                f" VALUES ({value}?, ?, ?, ?)",
                (number, *(v and fold_letters(v) for v in values)),
            )


def _read_document(row: Sequence[Any]) -> Document:
    id_, title, source, date, text, sha256, pages, body, note = row
    starts = tuple(map(int, pages.split()))
    return Document(id_, title, source, date, text, sha256, starts, body, note)
