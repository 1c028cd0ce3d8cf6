"""Which documents and passages a scope leaves, as conditions of SQL. Knows no question.

Words count as they are written ("rates" is no "rate"), whatever their case and accents: the lexical
index, which knows stems alone, says where to look, and the texts are read there.
"""

import json
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence

from rag.language.words import exactly, fold
from rag.library.database import Database
from rag.library.tables import Tables
from rag.types import Scope, Statement

# The searches of one question ask for the same words some five times.
_REMEMBERED = 32
Condition = tuple[str, tuple[str, ...]]


class Scopes(Tables):
    """What of the library is searched."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._rows: dict[tuple[str | None, str, tuple[str, ...]], str] = {}
        self._reading = threading.Lock()

    def documents_where(self, scope: Scope) -> Condition:
        """A condition on `documents d` that holds for those in `scope`, and its values: of those
        with passages that its limits leave."""
        condition, values = _where(scope)
        within, more = self._limits_where(scope)
        if within:
            condition += f" AND d.id IN (SELECT p.document_id FROM passages p WHERE {within})"
        return condition, values + more

    def passages_where(self, scope: Scope) -> Condition:
        """A condition on `passages p` and their `documents d`, and its values."""
        condition, values = _where(scope)
        within, more = self._limits_where(scope)
        return (f"{condition} AND {within}" if within else condition), values + more

    def has_documents(self, scope: Scope) -> bool:
        condition, values = self.documents_where(scope)
        return bool(self.rows(f"SELECT 1 FROM documents d WHERE {condition} LIMIT 1", values))

    def documents_in(self, scope: Scope) -> frozenset[str]:
        """The ids of the documents in `scope`."""
        condition, values = self.documents_where(scope)
        return frozenset(
            str(row[0])
            for row in self.rows(f"SELECT id FROM documents d WHERE {condition}", values)
        )

    def passage_spans(self, document_id: str, scope: Scope | None = None) -> list[tuple[int, int]]:
        """Where the passages of one document (in `scope`) stand in it, in order."""
        condition, values = self.passages_where(scope or Scope())
        rows = self.rows(
            'SELECT p."start", p."end" FROM passages p JOIN documents d ON d.id = p.document_id'
            f' WHERE p.document_id = ? AND {condition} ORDER BY p."start"',
            (document_id, *values),
        )
        return [(int(start), int(end)) for start, end in rows]

    def keep_statements(
        self, statements: Sequence[Statement], scope: Scope | None
    ) -> list[Statement]:
        """Those of `statements` that stand in `scope`: by its speakers, in its passages."""
        if scope is None or not statements:
            return list(statements)
        by = [limit for limit in scope.limits if limit.kind == "speaker"]
        inside = self.documents_in(scope)
        found = [
            s
            for s in statements
            if s.document_id in inside
            and all((s.speaker in limit.values) != limit.negated for limit in by)
        ]
        held = self.holder(scope)
        return [s for s in found if held(s.document_id, s.start, s.end)]

    def holder(self, scope: Scope | None) -> Callable[[str, int, int], bool]:
        """Tells whether [start, end) of a document in `scope` stands in passages that it leaves."""
        spans: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}

        def held(document_id: str, start: int, end: int) -> bool:
            if scope is None or not scope.cuts:
                return True
            if document_id not in spans:
                left, every = (self.passage_spans(document_id, s) for s in (scope, None))
                spans[document_id] = (left, every)
            return covers(*spans[document_id], start, end)

        return held

    def _limits_where(self, scope: Scope) -> Condition:
        """A condition on `passages p` alone, or ""."""
        conditions, values = [], []
        for limit in scope.limits:
            if limit.kind in _OF_PASSAGES:
                fits = "p.rowid IN (SELECT value FROM json_each(?))"
                conditions.append(f"NOT {fits}" if limit.negated else fits)
                values.append(self._rows_in(limit.kind, limit.values))
        return " AND ".join(conditions), tuple(values)

    def _rows_in(self, kind: str, wanted: tuple[str, ...]) -> str:
        """The rows of the passages in which any of `wanted` stands or speaks, as JSON."""
        with self.database.snapshot():
            key = (self.get_meta("revision"), kind, wanted)
            with self._reading:
                if key in self._rows:
                    return self._rows[key]
            found = json.dumps(getattr(self, _OF_PASSAGES[kind])(wanted))
        with self._reading:
            for old in list(self._rows)[: 1 - _REMEMBERED]:
                del self._rows[old]
            self._rows[key] = found
        return found

    def _rows_with(self, wanted: Sequence[str]) -> list[int]:
        match = " OR ".join(f'"{w}"' for value in wanted for w in self._spelt(value))
        pattern = exactly(wanted)
        rows = self.rows(
            "SELECT rowid, text FROM passages_fts WHERE passages_fts MATCH ?",
            (f"{{text}} : ({match})",),
        )
        return [int(row) for row, text in rows if pattern.search(fold(text))]

    def _rows_of(self, speakers: Sequence[str]) -> list[int]:
        places: dict[str, list[tuple[int, int]]] = {}
        for id_, start, end in self.rows(
            'SELECT document_id, "start", "end" FROM statements'
            " WHERE speaker IN (SELECT value FROM json_each(?))",
            (json.dumps(speakers),),
        ):
            places.setdefault(id_, []).append((start, end))
        found: set[int] = set()
        for id_, said in sorted(places.items()):
            rows = self.rows(
                'SELECT rowid, "start", "end" FROM passages WHERE document_id = ? ORDER BY "start"',
                (id_,),
            )
            ends = [end for _, _, end in rows]
            for start, end in said:
                place = bisect_right(ends, start)
                while place < len(rows) and rows[place][1] < end:
                    found.add(int(rows[place][0]))
                    place += 1
        return sorted(found)

    def _spelt(self, value: str) -> list[str]:
        """What the lexical index is asked for: of how a word begins, all words that do. (Its own
        prefixes are of stems: "happin*" would miss "happiness", which it keeps as "happi".)"""
        if not value.endswith("*"):
            return [value]
        begun = value[:-1]
        *before, last = begun.split(" ")
        rows = self.rows(
            "SELECT term FROM words WHERE term >= ? AND term < ?", (last, f"{last}\U0010ffff")
        )
        return [" ".join([*before, str(row[0])]) for row in rows] or [begun]


def covers(
    spans: Sequence[tuple[int, int]], every: Sequence[tuple[int, int]], start: int, end: int
) -> bool:
    """Whether `spans` hold all of [start, end) that `every` passage holds; both in order."""
    at = start
    for s, e in spans[bisect_right(spans, start, key=_end) :]:
        if s > at and _touches(every, at, min(s, end)):
            return False
        if s >= end:
            break
        at = max(at, e)
        if at >= end:
            return True
    return at > start and not _touches(every, at, end)


def _touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_right(spans, start, key=_end)
    return place < len(spans) and spans[place][0] < end


def _end(span: tuple[int, int]) -> int:
    return span[1]


def _where(scope: Scope) -> Condition:
    """A condition on `documents d` for those that `scope` names, and its values."""
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
    for limit in scope.limits:
        if limit.kind in _OF_DOCUMENTS:
            column = _OF_DOCUMENTS[limit.kind]
            fits = f"{column} IN (SELECT value FROM json_each(?))"
            conditions.append(f"NOT coalesce({fits}, 0)" if limit.negated else fits)
            values.append(json.dumps(limit.values))
    return " AND ".join(conditions), tuple(values)


# What each kind of limit is compared with, and the method that finds its passages.
_OF_DOCUMENTS = {"title": "d.id", "outlet": "d.source"}
_OF_PASSAGES = {"words": "_rows_with", "speaker": "_rows_of"}
