"""The migrations of `people.db`: what people made. Never change one; write the next."""

from rag.library.database import Connection, run_script


def m001_chats_and_records(connection: Connection) -> None:
    """Chats with their turns, the texts that they cite, and what people made of answers.

    `versions` are texts that a chat cites, as they were then: a document may change or go.
    """
    run_script(
        connection,
        """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE chats (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE turns (
    chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, created TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (chat_id, number)
);
CREATE TABLE versions (
    version TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT, date TEXT,
    text TEXT NOT NULL, sha256 TEXT NOT NULL, pages TEXT NOT NULL
);
CREATE TABLE cited (
    version TEXT NOT NULL REFERENCES versions (version),
    chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    PRIMARY KEY (version, chat_id)
) WITHOUT ROWID;
CREATE TABLE feedback (
    chat_id TEXT NOT NULL, number INTEGER NOT NULL, created TEXT NOT NULL, good INTEGER NOT NULL,
    note TEXT NOT NULL, expected TEXT NOT NULL, declines INTEGER NOT NULL,
    PRIMARY KEY (chat_id, number),
    FOREIGN KEY (chat_id, number) REFERENCES turns (chat_id, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE saved (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, answer TEXT NOT NULL, asked TEXT NOT NULL,
    revision INTEGER NOT NULL
);
CREATE TABLE cases (id INTEGER PRIMARY KEY, created TEXT NOT NULL, line TEXT NOT NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, created TEXT NOT NULL, engine TEXT NOT NULL,
    questions INTEGER NOT NULL, asked INTEGER NOT NULL, seconds REAL NOT NULL,
    measures TEXT NOT NULL, settings TEXT NOT NULL, report BLOB NOT NULL
);
""",
    )


PEOPLE = (m001_chats_and_records,)
