"""The words of the corpus, looked up as they are asked for. Knows no question."""

import re

from rag import tuned
from rag.library.tables import Tables
from rag.question.spelling import Vocabulary, find_contexts

_WORD = re.compile(r"[^\W_]+")


class CorpusWords(Vocabulary):
    """The vocabulary of a library, read as far as it is asked for and then kept.

    A corpus of 100,000 passages has some hundred thousand words; a question needs a few of them.
    """

    def __init__(self, library: Tables) -> None:
        super().__init__()
        self._library = library
        self._starting: dict[str, dict[str, int]] = {}
        self._counts: dict[str, int] = {}
        self._held: dict[str, bool] = {}

    def count(self, word: str) -> int:
        # SQLite counts by going through every document that has the word.
        if word not in self._counts:
            rows = self._library.rows("SELECT doc FROM words WHERE term = ?", (word,))
            self._counts[word] = int(rows[0][0]) if rows else 0
        return self._counts[word]

    def has(self, word: str) -> bool:
        if word in self._counts or not word.isalnum() or not word.isascii():
            return self.count(word) > 0  # others may be several words of the index
        if word not in self._held:
            match = "SELECT 1 FROM words_fts WHERE words_fts MATCH ? LIMIT 1"
            self._held[word] = bool(self._library.rows(match, (f'"{word}"',)))
        return self._held[word]

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
        if not parts or not all(map(self.has, parts)):
            return []
        rows = self._library.rows(
            "SELECT text FROM documents WHERE number IN (SELECT rowid FROM words_fts"
            " WHERE words_fts MATCH ? ORDER BY rowid LIMIT ?)",
            (" AND ".join(f'"{part}"' for part in parts), tuned.CONTEXT_DOCUMENTS),
        )
        return [place for (text,) in rows for place in find_contexts(word, text)]
