"""The migrations of `library.db`: the index. Never change one; write the next.

The first five are what the versions 1 to 5 of the library were, which only counted them.
"""

import secrets
import struct
from pathlib import Path

from rag.language.words import fold_letters, words
from rag.library.database import Connection, run_script

# What people made, until m007: those that refer to others first.
PEOPLES_TABLES = ("feedback", "saved", "cases", "runs", "cited", "turns", "chats", "versions")


def m001_documents(connection: Connection) -> None:
    """Documents, their passages with the lexical index, and the embedding cache.

    `words_fts` has the words as written (not stemmed), for spelling and for telling what the corpus
    never mentions.
    """
    run_script(
        connection,
        """
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
CREATE VIRTUAL TABLE words_fts USING fts5 (
    text, title, source, content = 'documents', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2', detail = none
);
CREATE VIRTUAL TABLE words USING fts5vocab ('words_fts', 'row');
CREATE TABLE embeddings (
    model TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (model, text_hash)
) WITHOUT ROWID;
""",
    )


def m002_pages_and_own_words(connection: Connection) -> None:
    """Where pages start, and what a file says of itself."""
    run_script(
        connection,
        """
ALTER TABLE documents ADD COLUMN pages TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN own_source TEXT;
ALTER TABLE documents ADD COLUMN own_date TEXT;
""",
    )


def m003_statements(connection: Connection) -> None:
    """Who said what."""
    run_script(
        connection,
        """
CREATE TABLE statements (
    rowid INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON UPDATE CASCADE ON DELETE CASCADE,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    speaker TEXT NOT NULL, role TEXT, cue TEXT NOT NULL, content TEXT NOT NULL, kind TEXT NOT NULL,
    via TEXT NOT NULL, told TEXT NOT NULL, mention TEXT NOT NULL, lead TEXT NOT NULL,
    speaker_span TEXT NOT NULL, cue_span TEXT NOT NULL, content_spans TEXT NOT NULL,
    lead_span TEXT NOT NULL, negated INTEGER NOT NULL, certain INTEGER NOT NULL
);
CREATE INDEX statements_by_place ON statements (document_id, "start");
CREATE INDEX statements_by_speaker ON statements (speaker);
CREATE VIRTUAL TABLE statements_fts USING fts5 (
    content, tokenize = 'porter unicode61 remove_diacritics 2'
);
""",
    )


def m004_chats(connection: Connection) -> None:
    """Chats, until m007 in this file."""
    run_script(
        connection,
        """
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
""",
    )


def m005_records(connection: Connection) -> None:
    """Sizes and days of documents, the files that failed, and (until m007) people's records."""
    run_script(
        connection,
        """
ALTER TABLE documents ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN added TEXT;
UPDATE documents SET bytes = length(CAST(text AS BLOB));
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
CREATE TABLE failures (id TEXT PRIMARY KEY, reason TEXT NOT NULL, sha256 TEXT NOT NULL);
""",
    )


def m006_library_id(connection: Connection) -> None:
    """A name of this very library, by which m007 knows what it has moved already."""
    connection.execute(
        "INSERT INTO meta VALUES ('library', ?) ON CONFLICT (key) DO NOTHING",
        (secrets.token_hex(16),),
    )


def m007_people_apart(connection: Connection) -> None:
    """Moves what people made to `people.db`, which no index is ever made anew over.

    There first, and marked there as moved; only then are the tables dropped here. A crash between
    leaves both, and the next time only drops: what was deleted there meanwhile does not come back.
    """
    from rag.library.people import take_over

    tables = {}
    for table in PEOPLES_TABLES:
        rows = connection.execute(f"SELECT * FROM {table}")
        tables[table] = ([str(c[0]) for c in rows.description], rows.fetchall())
    if any(rows for _, rows in tables.values()):
        where = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        library = connection.execute("SELECT value FROM meta WHERE key = 'library'").fetchone()[0]
        take_over(where.parent, tables, of=f"library {library}")
    for table in PEOPLES_TABLES:
        connection.execute(f"DROP TABLE {table}")


def m008_body_and_note(connection: Connection) -> None:
    """Where what belongs to a text ends, and what of its file could not be read."""
    run_script(
        connection,
        """
ALTER TABLE documents ADD COLUMN body INTEGER;
ALTER TABLE statements ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN note TEXT NOT NULL DEFAULT '';
""",
    )


def m009_plain_letters(connection: Connection) -> None:
    """Words are indexed with plain letters: "Yildiz" finds Yıldız, "Slaski" Śląski."""
    connection.create_function("fold_letters", 1, lambda value: value and fold_letters(value))
    run_script(
        connection,
        """
INSERT INTO words_fts (words_fts) VALUES ('delete-all');
INSERT INTO words_fts (rowid, text, title, source)
    SELECT number, fold_letters(text), fold_letters(title), fold_letters(source) FROM documents;
UPDATE passages_fts SET text = fold_letters(text), title = fold_letters(title)
    WHERE fold_letters(text) != text OR fold_letters(title) != title;
UPDATE statements_fts SET content = fold_letters(content) WHERE fold_letters(content) != content;
""",
    )


def m010_passages_as_written(connection: Connection) -> None:
    """What a passage's text is where m009 left plain letters of it in the lexical index alone."""
    connection.create_function("fold_letters", 1, lambda value: value and fold_letters(value))
    run_script(
        connection,
        """
ALTER TABLE passages ADD COLUMN written TEXT;
UPDATE passages SET written = (
    SELECT substr(d.text, passages."start" + 1, passages."end" - passages."start")
    FROM documents d WHERE d.id = passages.document_id
) WHERE document_id IN (SELECT id FROM documents WHERE fold_letters(text) != text);
""",
    )


def m011_half_vectors(connection: Connection) -> None:
    """Embeddings as float16: a row of float32 took more than a page of the file."""
    connection.create_function("halve", 1, _halve, deterministic=True)
    connection.execute("UPDATE embeddings SET vector = halve(vector)")


def _halve(vector: bytes) -> bytes:
    numbers = struct.unpack(f"<{len(vector) // 4}f", vector)
    return struct.pack(f"<{len(numbers)}e", *numbers)


def m012_voices(connection: Connection) -> None:
    """The words of speakers' names and roles: to look through every statement takes too long."""
    run_script(
        connection,
        """
CREATE TABLE voices (
    word TEXT NOT NULL, speaker TEXT NOT NULL, PRIMARY KEY (word, speaker)
) WITHOUT ROWID;
CREATE INDEX documents_by_source ON documents (source);
""",
    )
    speakers = connection.execute("SELECT DISTINCT speaker, role FROM statements").fetchall()
    rows = {(word, name) for name, role in speakers for word in words(f"{name} {role or ''}")}
    connection.executemany("INSERT INTO voices VALUES (?, ?)", sorted(rows))


LIBRARY = (
    m001_documents,
    m002_pages_and_own_words,
    m003_statements,
    m004_chats,
    m005_records,
    m006_library_id,
    m007_people_apart,
    m008_body_and_note,
    m009_plain_letters,
    m010_passages_as_written,
    m011_half_vectors,
    m012_voices,
)
