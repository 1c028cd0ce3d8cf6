"""The calls of one question to a language model. Knows no prompt and no answer."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from rag.errors import LanguageModelError
from rag.models import LanguageModel
from rag.models.contract import Asking, Usage
from rag.models.http import leaves_machine, show_host

Stage = Callable[[str], None]


class Talk:
    """All calls of one question to a language model. One that was late is not called again.

    `first_token` is how many seconds the first words of an answer took, None before, and `usage`
    the tokens of all.
    """

    def __init__(
        self, model: LanguageModel | None, seconds: float, stop: threading.Event, *, small: bool
    ) -> None:
        self.model = model
        self.small = small
        self._seconds = seconds
        self._stop = stop
        self._late = False
        self.sent_to = ""
        self.first_token: float | None = None
        self.usage = Usage()

    @property
    def takes_form(self) -> bool:
        """Whether the model may be asked for a reply of a given form."""
        return bool(getattr(self.model, "takes_form", False)) and not self.small

    def hear(
        self,
        messages: Sequence[dict[str, str]],
        on_draft: Stage | None = None,
        heard: list[str] | None = None,
        *,
        form: Mapping[str, object] | None = None,
    ) -> str:
        """The whole reply; `heard` keeps what of it came, whatever happens.

        Raises:
            LanguageModelError, Stopped
        """
        assert self.model is not None
        if self._late:
            raise LanguageModelError("did not reply in time")
        sent = leaves_machine(self.model.address)
        pieces = heard if heard is not None else []
        started = time.monotonic()
        # What a model of another package does not know of is not asked of it.
        extra = {"asking": Asking(form, self._count)} if hasattr(self.model, "takes_form") else {}
        try:
            for piece in self.model.reply(
                messages, seconds=self._seconds, stop=self._stop, **extra
            ):
                # Of an answer: what only reads a question is drafted for nobody.
                if self.first_token is None and on_draft is not None:
                    self.first_token = time.monotonic() - started
                pieces.append(piece)
                if on_draft is not None:
                    on_draft("".join(pieces))
        except LanguageModelError as error:
            sent = sent and not error.unsent
            self._late = error.late
            raise
        finally:
            if sent:
                self.sent_to = show_host(self.model.address)
        return "".join(pieces).strip()

    def _count(self, usage: Usage) -> None:
        self.usage = self.usage + usage


def name_engine(model: LanguageModel) -> str:
    """What answers that a model words are said to come from."""
    return model.name or "the language model"
