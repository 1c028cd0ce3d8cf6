"""What a language model is, how one is listed, what a provider gives. Knows no provider."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.models.http import leaves_machine
from rag.settings import Settings

# Taken where a server does not tell its context: the default of Ollama and llama.cpp today.
UNKNOWN_CONTEXT = 4_096
# Of what an Ollama or GGUF model could take: more costs memory, eight passages need about 3,000.
LOCAL_CONTEXT = 8_192
MAX_REPLY_TOKENS = 800
OFFLINE_NOTE = "not asked: ONRECORD_OFFLINE is set"
Messages = Sequence[dict[str, str]]


class Stopped(Exception):
    """The reader stopped the reply; what was streamed before stays."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that calls of a model took, as its server counts them; 0 where it does not."""

    read: int = 0
    written: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.read + other.read, self.written + other.written)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a call asks of a model beside its messages: that the reply has a `form` (JSON Schema),
    and that what it took is told."""

    form: Mapping[str, object] | None = None
    tell_usage: Callable[[Usage], None] = lambda usage: None


class LanguageModel(Protocol):
    """A chat model. `name` is what the reader is told, `address` where what is asked goes.

    One that also has `takes_form` is given an `Asking` by keyword, and `billions` are its
    parameters, where it knows them.
    """

    name: str
    address: str

    @property
    def context(self) -> int:
        """How many tokens prompt and reply may have together."""
        ...

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        """The reply in pieces; `seconds` is how long it may be silent.

        Raises:
            LanguageModelError: it failed or stopped before the end; pieces given before may be
                shown but are no answer.
            Stopped: `stop` was set.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as listed: `context` in tokens, `latency_ms` of asking its server for it."""

    provider: str
    model: str
    address: str
    reachable: bool
    chosen: bool = False
    latency_ms: float | None = None
    context: int | None = None
    note: str = ""

    @property
    def leaves_machine(self) -> bool:
        """Whether a question put to it goes to another machine."""
        return leaves_machine(self.address)


@dataclass(frozen=True, slots=True)
class Provider:
    """One way to reach language models.

    `key` is the variable that holds its key and `address` where it stands, or the variable that
    says so; both "" where there is none.
    """

    name: str
    about: str
    key: str
    address: str
    open: Callable[[Settings], LanguageModel]
    list: Callable[[Settings], list[ModelInfo]]
