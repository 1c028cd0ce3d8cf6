"""A toy provider of language models: it says the first sentence that it was given. One file."""

import re
import threading
from collections.abc import Iterator

from rag.models.contract import LanguageModel, Messages, ModelInfo, Provider
from rag.settings import Settings


class Parrot:
    """Repeats the beginning of the first passage in its prompt, and marks it."""

    name = "parrot"
    address = "in this process"
    context = 8_000
    billions = 70.0  # or it would be shown few sentences, and no passages

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        shown = messages[-1]["content"]
        passage = re.search(r"<passage[^>]*>\s*(.+?)\s*</passage>", shown, re.DOTALL)
        words = passage[1] if passage else "NOT IN THE DOCUMENTS"
        yield re.split(r"(?<=[a-z][.!?])\s", words)[0] + " [1]"


def _open(_: Settings) -> LanguageModel:
    return Parrot()


def _list(_: Settings) -> list[ModelInfo]:
    return [ModelInfo("parrot", "parrot", Parrot.address, True)]


PARROT = Provider("parrot", "repeats what it reads", "", "", _open, _list)
