"""The index: documents, passages, statements, embeddings and the lexical index, in one file.

Knows nothing about files, Chroma, models or what people made (people.py): all of it can be made
anew from the documents. Every change is one transaction; readers in other threads and processes see
the state before or after it, never between.

Vectors are keyed by the hash of the text they embed, so that a renamed, moved or repeated passage
is never embedded again, and whatever search structure is built from them can be thrown away.
"""

from pathlib import Path

from rag.errors import IndexMismatch
from rag.library.database import Database
from rag.library.documents import Documents
from rag.library.embeddings import Embeddings
from rag.library.lexical import Lexical
from rag.library.migrations.library import LIBRARY
from rag.library.vocabulary import CorpusWords

FILE_NAME = "library.db"
_REMEDY = "What people made is safe. Make the index anew: onrecord rebuild --all"

# Of this connection only, in memory: which stem the index gives a word, and how often it has it.
_TEMPORARY = """
PRAGMA temp_store = MEMORY;
CREATE VIRTUAL TABLE temp.passage_terms USING fts5vocab ('main', 'passages_fts', 'row');
CREATE VIRTUAL TABLE temp.typed USING fts5 (
    word, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE temp.typed_terms USING fts5vocab ('temp', 'typed', 'instance');
"""


class Library(Documents, Embeddings, Lexical):
    """One `library.db`. Safe to share between threads; writers take `vectors.write_lock` first."""

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

    def count_revision(self) -> None:
        """Counts the revision up (inside the change's transaction)."""
        self.set_meta("revision", str(self.revision + 1))

    def vocabulary(self) -> "CorpusWords":
        """The words of the corpus as it is now, looked up when asked for."""
        return CorpusWords(self)
