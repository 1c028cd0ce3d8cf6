"""The time that one question may spend with a language model. Knows no prompt and no answer."""

import threading
import time
from collections.abc import Callable, Sequence

from rag.errors import LanguageModelError
from rag.models import LanguageModel
from rag.models.http import leaves_machine, show_host

Stage = Callable[[str], None]


class Talk:
    """All calls of one question to a language model, which share its time."""

    def __init__(self, model: LanguageModel | None, seconds: float, stop: threading.Event) -> None:
        self.model = model
        self._stop = stop
        self.left = seconds
        self.sent_to = ""

    def hear(
        self,
        messages: Sequence[dict[str, str]],
        on_draft: Stage | None = None,
        heard: list[str] | None = None,
    ) -> str:
        """The whole reply; `heard` keeps what of it came, whatever happens.

        Raises:
            LanguageModelError, Stopped
        """
        assert self.model is not None
        if self.left <= 0:
            raise LanguageModelError("did not reply in time")
        sent = leaves_machine(self.model.address)
        pieces = heard if heard is not None else []
        started = time.monotonic()
        try:
            for piece in self.model.reply(messages, seconds=self.left, stop=self._stop):
                pieces.append(piece)
                if on_draft is not None:
                    on_draft("".join(pieces))
        except LanguageModelError as error:
            sent = sent and not error.unsent
            raise
        finally:
            if sent:
                self.sent_to = show_host(self.model.address)
            self.left -= time.monotonic() - started
        return "".join(pieces).strip()


def name_engine(model: LanguageModel) -> str:
    """What answers that a model words are said to come from."""
    return model.name or "the language model"
