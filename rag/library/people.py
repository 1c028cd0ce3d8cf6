"""What people made: chats and what they cite, in a file that no index is ever made anew over.

Knows nothing of the index, nor how answers are made. Records of answers (feedback, saved questions,
test cases, runs) stand in the same file; see records.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rag.faults import step
from rag.library.database import Database, now
from rag.library.migrations.people import PEOPLE
from rag.library.stored import read_answer, write_answer
from rag.types import Answer, Chat, Document, Turn

FILE_NAME = "people.db"
_TITLE_CHARACTERS = 120
_REMEDY = (
    "The documents can still be asked; the damaged file is kept. With a backup run: onrecord "
    "restore FILE, without one: onrecord rebuild --all"
)
# In an order in which each finds what it refers to.
_TABLES = ("chats", "versions", "turns", "cited", "feedback", "saved", "cases", "runs")
# What tells two rows of a table without a name of its own apart.
_SAME = {"saved": "question", "cases": "line", "runs": "created"}


class People:
    """One `people.db`. Safe to share between threads.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, home: Path, *, create: bool = False) -> "People | None":
        """What people made below `home`, or None if they made nothing and `create` is false.

        Raises:
            IndexMismatch: it was written by a newer Onrecord.
        """
        database = Database.open(home / FILE_NAME, migrations=PEOPLE, remedy=_REMEDY, create=create)
        return cls(database) if database else None

    def close(self) -> None:
        self.database.close()

    @property
    def is_empty(self) -> bool:
        """Whether nobody has made anything yet."""
        return not any(self.database.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in _TABLES)

    # --- the documents folder ---

    def get_folder(self) -> str | None:
        """The documents folder synced last, known here too for when the index is damaged."""
        rows = self.database.rows("SELECT value FROM meta WHERE key = 'folder'")
        return str(rows[0][0]) if rows else None

    def set_folder(self, folder: str) -> None:
        if self.get_folder() != folder:
            self.database.run("INSERT OR REPLACE INTO meta VALUES ('folder', ?)", (folder,))

    # --- chats ---

    def list_chats(self, *, holding: str = "") -> list[Chat]:
        """The chats whose title, questions or answers hold `holding`; last asked in first."""
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", " ".join(holding.split())) + "%"
        # An answer that is no JSON any more is searched as it stands.
        condition = "1" if pattern == "%%" else (
            "title LIKE ?1 ESCAPE '\\' OR c.id IN (SELECT chat_id FROM turns WHERE"
            " CASE WHEN json_valid(answer) THEN"
            " json_extract(answer, '$.question') LIKE ?1 ESCAPE '\\'"
            " OR json_extract(answer, '$.text') LIKE ?1 ESCAPE '\\'"
            " ELSE answer LIKE ?1 ESCAPE '\\' END)"
        )  # fmt: skip
        return self._chats(condition, [pattern] if condition != "1" else [])

    def get_chat(self, chat_id: str) -> Chat | None:
        return next(iter(self._chats("c.id = ?", [chat_id])), None)

    def _chats(self, condition: str, values: Sequence[object]) -> list[Chat]:
        rows = self.database.rows(
            "SELECT c.id, title, c.created, updated, count(t.number) FROM chats c"
            f" LEFT JOIN turns t ON t.chat_id = c.id WHERE {condition}"
            " GROUP BY c.id ORDER BY updated DESC, c.id",
            values,
        )
        return [Chat(*row) for row in rows]

    def read_chat(self, chat_id: str) -> list[Turn]:
        rows = self.database.rows(
            "SELECT number, answer, created FROM turns WHERE chat_id = ? ORDER BY number",
            (chat_id,),
        )
        return [Turn(number, read_answer(answer), created) for number, answer, created in rows]

    def keep_turn(self, chat_id: str, answer: Answer, *, cited: Iterable[Document]) -> Turn:
        """Adds a turn, with the texts of the documents that it cites as they were cited."""
        at = now()
        with self.database.transaction():
            run = self.database.run
            run(
                "INSERT INTO chats VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET updated = excluded.updated",
                (chat_id, " ".join(answer.question.split())[:_TITLE_CHARACTERS], at, at),
            )
            last = self.database.rows("SELECT max(number) FROM turns WHERE chat_id = ?", (chat_id,))
            number = int(last[0][0] or 0) + 1
            run(
                "INSERT INTO turns VALUES (?, ?, ?, ?)",
                (chat_id, number, at, write_answer(answer)),
            )
            for d in cited:
                pages = " ".join(map(str, d.pages))
                run(
                    "INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (d.version, d.id, d.title, d.source, d.date, d.text, d.sha256, pages),
                )
                run("INSERT OR IGNORE INTO cited VALUES (?, ?)", (d.version, chat_id))
        return Turn(number, answer, at)

    def rename_chat(self, chat_id: str, title: str) -> None:
        title = " ".join(title.split())[:_TITLE_CHARACTERS]
        if title:
            self.database.run("UPDATE chats SET title = ? WHERE id = ?", (title, chat_id))

    def delete_chat(self, chat_id: str) -> None:
        """Deletes a chat, and the texts that no other chat cites."""
        with self.database.transaction():
            self.database.run("DELETE FROM chats WHERE id = ?", (chat_id,))
            self.database.run(
                "DELETE FROM versions WHERE version NOT IN (SELECT version FROM cited)"
            )

    def get_version(self, version: str) -> Document | None:
        """A document's text as a chat cited it."""
        rows = self.database.rows(
            "SELECT id, title, source, date, text, sha256, pages FROM versions WHERE version = ?",
            (version,),
        )
        if not rows:
            return None
        id_, title, source, date, text, sha256, pages = rows[0]
        return Document(id_, title, source, date, text, sha256, tuple(map(int, pages.split())))


def take_over(
    home: Path,
    tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]],
    *,
    of: str,
) -> None:
    """Copies {table: (columns, rows)} of an older library into `people.db`, once for each `of`.

    What stands there already stays as it is.

    Raises:
        StorageError, IndexMismatch
    """
    people = People.open(home, create=True)
    assert people is not None
    database = people.database
    try:
        with database.transaction():
            moved = f"moved from {of}"
            if database.rows("SELECT 1 FROM meta WHERE key = ?", (moved,)):
                return
            for table in _TABLES:
                columns, rows = tables.get(table, ((), ()))
                same = _SAME.get(table)
                for row in rows:
                    given = dict(zip(columns, row, strict=True))
                    if same:
                        del given["id"]
                        if database.rows(f"SELECT 1 FROM {table} WHERE {same} = ?", (given[same],)):
                            continue
                    marks = ",".join("?" * len(given))
                    database.run(
                        f"INSERT OR IGNORE INTO {table} ({','.join(given)}) VALUES ({marks})",
                        tuple(given.values()),
                    )
            database.run("INSERT INTO meta VALUES (?, ?)", (moved, now()))
            step("move.copy")
        step("move.copied")
    finally:
        people.close()
