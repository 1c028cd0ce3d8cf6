"""Statements as rows: one mapping of columns, written and read by it. Knows no question."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rag.language.words import fold_letters, words
from rag.library.tables import TIES, Tables, batches
from rag.types import Statement


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the field of `Statement` that it holds, with how it is written and read."""

    name: str
    field: str
    write: Callable[[Any], object] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _write_spans(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _read_spans(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (span.split("-") for span in text.split())
    return tuple((int(start), int(end)) for start, end in pairs)


def _write_span(span: tuple[int, int] | None) -> str:
    return _write_spans([span] if span else [])


def _read_span(text: str) -> tuple[int, int] | None:
    return next(iter(_read_spans(text)), None)


# A statement's row. Its document stands beside it, with the outlet and the date of that.
COLUMNS = (
    Column("start", "start"),
    Column("end", "end"),
    Column("speaker", "speaker"),
    Column("role", "role"),
    Column("cue", "cue"),
    Column("content", "content"),
    Column("kind", "kind"),
    Column("via", "via", "\n".join, lambda text: tuple(text.split("\n")) if text else ()),
    Column("told", "to"),
    Column("mention", "mention"),
    Column("lead", "lead"),
    Column("speaker_span", "speaker_span", _write_span, _read_span),
    Column("cue_span", "cue_span", _write_span, _read_span),
    Column("content_spans", "content_spans", _write_spans, _read_spans),
    Column("lead_span", "lead_span", _write_span, _read_span),
    Column("negated", "negated", read=bool),
    Column("certain", "certain", read=bool),
    Column("asks", "asks", read=bool),
)


def _named(table: str = "") -> str:
    return ", ".join(f'{table}"{column.name}"' for column in COLUMNS)


class Statements(Tables):
    """The table of who said what."""

    def put_statements(self, document_id: str, statements: Sequence[Statement]) -> None:
        """Writes or replaces what one document reports (inside a transaction)."""
        self._delete_statements(document_id)
        marks = ",".join("?" * (1 + len(COLUMNS)))
        for s in statements:
            values = (column.write(getattr(s, column.field)) for column in COLUMNS)
            row = self.run(
                f"INSERT INTO statements (document_id, {_named()}) VALUES ({marks})",
                (document_id, *values),
            )
            self.run(
                "INSERT INTO statements_fts (rowid, content) VALUES (?, ?)",
                (row, fold_letters(f"{s.lead} {s.content}".strip())),
            )
        heard = _read_voices((s.speaker, s.role) for s in statements)
        self.database.run_many("INSERT OR IGNORE INTO voices VALUES (?, ?)", heard)

    def _delete_statements(self, document_id: str) -> None:
        named = self.rows(
            "SELECT DISTINCT speaker, role FROM statements WHERE document_id = ?", (document_id,)
        )
        self.run(
            "DELETE FROM statements_fts WHERE rowid IN"
            " (SELECT rowid FROM statements WHERE document_id = ?)",
            (document_id,),
        )
        self.run("DELETE FROM statements WHERE document_id = ?", (document_id,))
        # Whoever speaks elsewhere keeps all words: they are only where to look.
        self.database.run_many(
            "DELETE FROM voices WHERE word = ? AND speaker = ?"
            " AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.speaker = voices.speaker)",
            _read_voices((str(name), role) for name, role in named),
        )

    def statements_of(self, document_id: str) -> list[Statement]:
        """What one document reports, in its order."""
        return self._statements("s.document_id = ?", (document_id,))

    def statements_by(self, speakers: Sequence[str]) -> list[Statement]:
        """What any of `speakers` (as spelled in the library) said, by document and place."""
        found = []
        for batch in batches(sorted(set(speakers))):
            found += self._statements(f"s.speaker IN ({','.join('?' * len(batch))})", batch)
        return sorted(found, key=lambda s: (s.document_id, s.start, s.end))

    def places_of(self, speakers: Sequence[str], *, k: int) -> list[tuple[str, int, int]]:
        """(document, start, end) of what any of `speakers` said, in order; none if over `k`."""
        rows: list[Any] = []
        for batch in batches(sorted(set(speakers))):
            rows += self.rows(
                'SELECT document_id, "start", "end" FROM statements'
                f" WHERE speaker IN ({','.join('?' * len(batch))}) LIMIT ?",
                (*batch, k + 1),
            )
        found = [(str(id_), int(start), int(end)) for id_, start, end in rows]
        return sorted(found) if len(found) <= k else []

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
            (match, TIES * k + 1),
        )
        scores = {int(row): float(score) for row, score in ranked}
        found = [
            (scores[row], statement)
            for batch in batches(sorted(scores))
            for row, statement in self._numbered_statements(
                f"s.rowid IN ({','.join('?' * len(batch))})", batch
            )
        ]
        found.sort(key=lambda f: (-f[0], f[1].document_id, f[1].start, f[1].end))
        return [statement for _, statement in found[:k]]

    def list_speakers(
        self, beginnings: Sequence[str] | None = None
    ) -> list[tuple[str, str | None, int]]:
        """(speaker, role, statements) of everybody who says anything; most statements first.

        With `beginnings` (folded) only those in whose name or role a word begins with one.
        """
        counted = "SELECT speaker, max(role), count(*) FROM statements"
        if beginnings is None:
            rows = self.rows(f"{counted} GROUP BY speaker")
        else:
            names = {
                str(row[0])
                for begun in beginnings
                for row in self.rows(
                    "SELECT speaker FROM voices WHERE word >= ? AND word < ?",
                    (begun, f"{begun}\U0010ffff"),
                )
            }
            rows = [
                row
                for batch in batches(sorted(names))
                for row in self.rows(
                    f"{counted} WHERE speaker IN ({','.join('?' * len(batch))}) GROUP BY speaker",
                    batch,
                )
            ]
        found = [(str(name), role, int(count)) for name, role, count in rows]
        return sorted(found, key=lambda row: (-row[2], row[0]))

    def has_more_statements(self, k: int) -> bool:
        """Whether there are more than `k`; looks at no more than that many."""
        return bool(self.rows("SELECT 1 FROM statements LIMIT 1 OFFSET ?", (k,)))

    def count_statements(self) -> int:
        return int(self.rows("SELECT count(*) FROM statements")[0][0])

    def _statements(self, condition: str, values: Sequence[object]) -> list[Statement]:
        return [statement for _, statement in self._numbered_statements(condition, values)]

    def _numbered_statements(
        self, condition: str, values: Sequence[object]
    ) -> list[tuple[int, Statement]]:
        rows = self.rows(
            f"SELECT s.rowid, s.document_id, d.source, d.date, {_named('s.')}"
            " FROM statements s JOIN documents d ON d.id = s.document_id"
            f' WHERE {condition} ORDER BY s.document_id, s."start", s."end", s.rowid',
            values,
        )
        return [(int(row[0]), _read_statement(row[1:])) for row in rows]


def _read_voices(speakers: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """(word, speaker) of each word of the names and roles, sorted."""
    named = set(speakers)
    return sorted({(word, name) for name, role in named for word in words(f"{name} {role or ''}")})


def _read_statement(row: Sequence[Any]) -> Statement:
    document_id, outlet, date, *values = row
    read = {c.field: c.read(v) for c, v in zip(COLUMNS, values, strict=True)}
    return Statement(document_id=document_id, outlet=outlet, date=date, **read)
