"""Chats of a home, and the citations of their answers. Knows nothing about how answers are made."""

import logging
from contextlib import suppress

from rag.errors import DamagedError, OnrecordError, StorageError
from rag.library.database import now
from rag.library.home import Home
from rag.types import Answer, Chat, Citation, Document, Turn

_log = logging.getLogger(__name__)


class Chats:
    """The chats kept in one home. Safe to share between threads.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, home: Home) -> None:
        self._home = home

    def find(self, *, holding: str = "") -> list[Chat]:
        """Every chat kept whose title, questions or answers hold some words; last asked first."""
        people = self._home.find_people()
        return people.list_chats(holding=holding) if people else []

    def get(self, chat_id: str) -> Chat | None:
        """One chat, or None."""
        if chat_id in self._home.unkept:
            return None
        people = self._home.find_people()
        return people.get_chat(chat_id) if people else None

    def read(self, chat_id: str) -> list[Turn]:
        """The turns of a chat in order; none if there is no such chat."""
        if chat_id in self._home.unkept:
            return list(self._home.unkept[chat_id])
        people = self._home.find_people()
        return people.read_chat(chat_id) if people else []

    def keep(self, chat_id: str, answer: Answer) -> Turn:
        """Adds an answer to a chat (a new one, if there is none of this id).

        The text of every document that it cites is kept as it is now, so that its citations can
        be opened whatever becomes of the documents. Where what people made is damaged, the turn is
        remembered until this process ends, so that it can be read at least.
        """
        cited: dict[str, Document] = {}
        with suppress(OnrecordError):  # the index may be damaged: the answer is kept all the same
            library = self._home.find_library()
            for c in answer.citations if library else ():
                assert library is not None
                document = library.get_document(c.document_id)
                if document is not None and document.version == c.version:  # no sync since
                    cited[c.version] = document
        try:
            return self._home.open_people().keep_turn(chat_id, answer, cited=cited.values())
        except DamagedError as error:
            _log.warning("a turn is not kept: %s", error)
            turns = self._home.unkept.setdefault(chat_id, [])
            turns.append(Turn(len(turns) + 1, answer, now()))
            return turns[-1]

    def rename(self, chat_id: str, title: str) -> None:
        self._home.open_people().rename_chat(chat_id, title)

    def delete(self, chat_id: str) -> None:
        """Deletes a chat, and the texts that only it cited."""
        self._home.open_people().delete_chat(chat_id)

    def open_citation(self, citation: Citation) -> tuple[Document | None, bool]:
        """The document as it was cited, and whether it still is like that."""
        document: Document | None = None
        with suppress(StorageError):
            library = self._home.find_library()
            document = library.get_document(citation.document_id) if library else None
        if document is not None and document.version == citation.version:
            return document, True
        people = self._home.find_people()
        return (people.get_version(citation.version) if people else None) or document, False
