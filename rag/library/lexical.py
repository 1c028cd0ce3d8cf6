"""Passages by their words and by their place. Knows no vectors and no question."""

import threading
from collections.abc import Iterable, Sequence

from rag import tuned
from rag.library.database import Database
from rag.library.scopes import Scopes
from rag.library.tables import TIES, batches
from rag.types import Passage, Scope

# Texts come from the lexical index, row by row: to cut them out of their documents reads each
# document from its beginning (one of 8 MB: 8 ms a passage, some 200 passages a question).
# As it is written: the lexical index has it with plain letters ("Yildiz" for Yıldız).
_PASSAGE = 'p.document_id, p."start", p."end", coalesce(p.written, f.text)'
_PASSAGES = "passages p JOIN passages_fts f ON f.rowid = p.rowid"


class Lexical(Scopes):
    """The lexical index (FTS5) and the passages that it finds."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._stems: dict[str, str] = {}
        self._stemming = threading.Lock()

    def passages_of_hashes(
        self, hashes: Sequence[str], *, scope: Scope | None = None
    ) -> dict[str, list[Passage]]:
        """{text hash: its passages (in `scope`) in order of document and start}."""
        found: dict[str, list[Passage]] = {}
        condition, values = self.passages_where(scope or Scope())
        for batch in batches(sorted(set(hashes))):
            marks = ",".join("?" * len(batch))
            for text_hash, *row in self.rows(
                f"SELECT p.text_hash, {_PASSAGE} FROM {_PASSAGES}"
                " JOIN documents d ON d.id = p.document_id"
                f" WHERE p.text_hash IN ({marks}) AND {condition}"
                ' ORDER BY p.document_id, p."start"',
                (*batch, *values),
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

    def finds(self, match: str, *, k: int, table: str = "passages_fts") -> bool:
        """Whether an FTS5 `match` expression finds `k` rows of a lexical index; counts no more."""
        found = f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1 OFFSET ?"
        return bool(self.rows(found, (match, k - 1)))

    def _search_words(
        self, match: str, *, k: int, scope: Scope | None
    ) -> list[tuple[Passage, float]]:
        ranked = (
            f"SELECT rowid, -bm25(passages_fts, 1.0, {tuned.TITLE_WEIGHT}) AS score"
            " FROM passages_fts WHERE passages_fts MATCH ?"
        )
        values: tuple[object, ...] = (match,)
        if scope is not None:
            condition, wanted = self.passages_where(scope)
            # The plus keeps SQLite from running the whole search once for each row of the scope.
            ranked += (
                " AND +rowid IN (SELECT p.rowid FROM passages p"
                f" JOIN documents d ON d.id = p.document_id WHERE {condition})"
            )
            values += wanted
        most = TIES * k + 1
        best = self.rows(f"{ranked} ORDER BY score DESC LIMIT ?", (*values, most))
        if len(best) == most and best[-1][1] == best[k - 1][1]:
            # A tie beyond the end: which of them stay must not depend on their row numbers.
            best = self.rows(f"SELECT * FROM ({ranked}) WHERE score >= ?", (*values, best[k][1]))
        scores = {int(row): float(score) for row, score in best}
        places = [
            place
            for batch in batches(sorted(scores))
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

    def documents_holding(self, match: str, *, scope: Scope | None = None) -> list[tuple[str, int]]:
        """(document, passages of it that an FTS5 `match` expression finds): all there are, those
        with most first."""
        condition, values = self.passages_where(scope or Scope())
        rows = self.rows(
            "SELECT p.document_id, count(*) AS found FROM passages_fts"
            " JOIN passages p ON p.rowid = passages_fts.rowid"
            f" JOIN documents d ON d.id = p.document_id WHERE passages_fts MATCH ? AND {condition}"
            " GROUP BY p.document_id ORDER BY found DESC, p.document_id",
            (match, *values),
        )
        return [(str(id_), int(found)) for id_, found in rows]

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

    def passages_over(self, document_id: str, start: int, end: int) -> list[Passage]:
        """The passages of one document that [start, end) touches, in order."""
        rows = self.rows(
            f"SELECT {_PASSAGE} FROM {_PASSAGES}"
            ' WHERE p.document_id = ? AND p."start" < ? AND p."end" > ? ORDER BY p."start"',
            (document_id, end, start),
        )
        return [Passage(*row) for row in rows]

    def read_passage(self, document_id: str, start: int, end: int) -> Passage | None:
        """Any span of a document as a passage; None if the document is gone."""
        rows = self.rows(
            "SELECT substr(text, ? + 1, ? - ?) FROM documents WHERE id = ?",
            (start, end, start, document_id),
        )
        return Passage(document_id, start, end, rows[0][0]) if rows else None
