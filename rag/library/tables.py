"""What every table of the index is read and written through. Knows no table."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from rag.library.database import Database

_T = TypeVar("_T")
# SQLite allows 999 variables in one statement in its oldest builds.
_BATCH = 900


# How many times the wanted passages are fetched, so that a tie at their end is seen whole.
TIES = 4


class Tables:
    """The rows of one database; what reads and writes a table is made of this.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: commits at the end, rolls back if anything is raised."""
        return self.database.transaction()

    def get_meta(self, key: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        self.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query."""
        return self.database.rows(sql, values)

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Runs one statement; the number of the row it inserted, if it did."""
        return self.database.run(sql, values)


def batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
