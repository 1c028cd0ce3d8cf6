"""A GGUF file, run by llama.cpp within this process. Knows no prompt."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import LanguageModelError, SettingsError
from rag.models.contract import LOCAL_CONTEXT, Asking, LanguageModel, Messages, ModelInfo
from rag.models.openai import OpenAIChat
from rag.models.streaming import Streaming
from rag.settings import Settings


class GgufChat(Streaming):
    """A GGUF file, run by llama.cpp within this process (the package `xllamacpp`).

    Its own server listens on loopback behind a random key, so that streaming, stopping and every
    fault go the same way as with any other server.
    """

    def __init__(self, *, path: Path, temperature: float, context: int = 0) -> None:
        self.name = path.name
        self.address = "in this process"
        self._path = path
        self._temperature = temperature
        self.context = context or LOCAL_CONTEXT
        self._lock = threading.Lock()
        self._server: Any = None
        self._chat: OpenAIChat | None = None

    def _stream(self, messages: Messages, seconds: float, asking: Asking) -> Iterator[str]:
        yield from self._open()._stream(messages, seconds, asking)

    def _open(self) -> OpenAIChat:
        with self._lock:
            if self._chat is None:
                import os
                import secrets

                xllamacpp = _import_gguf_engine()
                key = secrets.token_urlsafe(24)
                parameters = xllamacpp.CommonParams()
                parameters.model.path = str(self._path)
                parameters.n_ctx = self.context
                parameters.n_parallel = 1
                parameters.port = 0
                parameters.api_keys = [key]
                parameters.warmup = False
                parameters.verbosity = -1
                # Two threads of llama.cpp on two busy cores collapse: leave one core.
                threads = max(1, (os.cpu_count() or 2) - 1)
                parameters.cpuparams.n_threads = threads
                parameters.cpuparams_batch.n_threads = threads
                try:
                    self._server = xllamacpp.Server(parameters)
                except (RuntimeError, ValueError, OSError) as error:
                    raise LanguageModelError(
                        f"in {self._path.name} cannot be loaded. Is it a GGUF model?"
                    ) from error
                self._chat = OpenAIChat(
                    model=self.name,
                    base_url=f"{self._server.listening_address}/v1",
                    api_key=key,
                    temperature=self._temperature,
                    context=self.context,
                )
            return self._chat


def open_gguf(settings: Settings) -> LanguageModel:
    path = Path(settings.model).expanduser()
    if not settings.model or not path.is_file():
        raise SettingsError(
            f"ONRECORD_PROVIDER is gguf but ONRECORD_MODEL names no file ({settings.model!r}). "
            "Set it to the path of a .gguf file."
        )
    _import_gguf_engine()
    return GgufChat(path=path, temperature=settings.temperature, context=settings.context)


def list_gguf(settings: Settings) -> list[ModelInfo]:
    address = "in this process"
    path = Path(settings.model).expanduser()
    if not settings.model.endswith(".gguf"):
        return [ModelInfo("gguf", "", address, False, note="ONRECORD_MODEL names no .gguf file")]
    if not path.is_file():
        return [ModelInfo("gguf", path.name, address, False, note="there is no such file")]
    try:
        _import_gguf_engine()
    except SettingsError as error:
        return [ModelInfo("gguf", path.name, address, False, note=str(error))]
    context = settings.context or LOCAL_CONTEXT
    return [ModelInfo("gguf", path.name, address, True, context=context)]


def _import_gguf_engine() -> Any:
    try:
        import xllamacpp
    except ModuleNotFoundError as error:
        raise SettingsError(
            'GGUF files need the package xllamacpp. Install it: pip install -e ".[gguf]"'
        ) from error
    except ImportError as error:  # a library of the system is missing: libgomp on a bare Debian
        raise SettingsError(
            f"The package xllamacpp cannot be loaded ({error}). Install that library, libgomp1 on "
            "Debian."
        ) from error
    return xllamacpp
