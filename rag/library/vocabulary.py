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

    def count(self, word: str) -> int:
        rows = self._library.rows("SELECT doc FROM words WHERE term = ?", (word,))
        return int(rows[0][0]) if rows else 0

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
        if not parts or not all(map(self.count, parts)):
            return []
        rows = self._library.rows(
            "SELECT text FROM documents WHERE number IN (SELECT rowid FROM words_fts"
            " WHERE words_fts MATCH ? ORDER BY rowid LIMIT ?)",
            (" AND ".join(f'"{part}"' for part in parts), tuned.CONTEXT_DOCUMENTS),
        )
        return [place for (text,) in rows for place in find_contexts(word, text)]
