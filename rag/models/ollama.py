"""Ollama, through its own API. Knows no prompt."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from rag import tuned
from rag.errors import LanguageModelError, SettingsError
from rag.models.contract import (
    LOCAL_CONTEXT,
    MAX_REPLY_TOKENS,
    OFFLINE_NOTE,
    Asking,
    LanguageModel,
    Messages,
    ModelInfo,
)
from rag.models.failures import (
    UNREADABLE,
    check_finish,
    explain_status,
    late,
    unreachable,
    unreadable,
)
from rag.models.http import get_json, http_client, leaves_machine
from rag.models.sizes import read_billions
from rag.models.streaming import Streaming
from rag.settings import Settings

OLLAMA_ADDRESS = "http://127.0.0.1:11434"


class OllamaChat(Streaming):
    """A model of an Ollama server, through its own API: the other one cannot set the context."""

    def __init__(self, *, model: str, address: str, temperature: float, context: int = 0) -> None:
        self.name = model
        self.address = address
        self._temperature = temperature
        self._wanted = context
        self._context = 0

    @property
    def context(self) -> int:
        if not self._context:
            most = _ask_ollama_context(self.address, self.name)
            wanted = self._wanted or LOCAL_CONTEXT
            self._context = min(wanted, most) if most else wanted
        return self._context

    @cached_property
    def billions(self) -> float | None:  # type: ignore[override]
        """As the server says: a name like "llama3.2:latest" does not."""
        size = (_show(self.address, self.name).get("details") or {}).get("parameter_size")
        return read_billions(str(size)) if size else None

    def _stream(self, messages: Messages, seconds: float, asking: Asking) -> Iterator[str]:
        import httpx

        body = {
            "model": self.name,
            "messages": list(messages),
            "stream": True,
            "options": {
                "temperature": self._temperature,
                "num_ctx": self.context,
                "num_predict": MAX_REPLY_TOKENS,
            },
        }
        finish: str | None = None
        try:
            with (
                http_client(self.address, seconds) as client,
                client.stream("POST", f"{self.address}/api/chat", json=body) as response,
            ):
                if response.status_code != 200:
                    said = response.read().decode("utf-8", "replace")
                    raise explain_status(response.status_code, response.headers, said)
                for line in response.iter_lines():
                    if not line.strip():
                        continue
                    row = json.loads(line)
                    if "error" in row:
                        raise LanguageModelError("failed", retry_after=0.5)
                    if row.get("done"):
                        finish = str(row.get("done_reason") or "stop")
                    piece = row.get("message", {}).get("content")
                    if piece:
                        yield piece
        except httpx.TimeoutException as error:
            raise late() from error
        except httpx.ConnectError as error:
            raise unreachable(unsent=True) from error
        except (*UNREADABLE, httpx.HTTPError) as error:
            raise unreadable() from error
        check_finish(finish)


def open_ollama(settings: Settings) -> LanguageModel:
    address = _ollama_address(settings)
    model = settings.model
    if not model:
        found = usable_models(list_ollama(settings))
        if not found:
            raise SettingsError(
                f"No Ollama model to use at {address}. Run: ollama pull qwen3:4b-instruct"
            )
        model = found[0].model
    return OllamaChat(
        model=model, address=address, temperature=settings.temperature, context=settings.context
    )


def list_ollama(settings: Settings) -> list[ModelInfo]:
    address = _ollama_address(settings)
    if settings.offline and leaves_machine(address):
        return [ModelInfo("ollama", settings.model, address, False, note=OFFLINE_NOTE)]
    started = time.perf_counter()
    rows = get_json(f"{address}/api/tags")
    if not isinstance(rows, dict):
        note = "cannot be reached. Start it: ollama serve"
        return [ModelInfo("ollama", settings.model, address, False, note=note)]
    latency = round((time.perf_counter() - started) * 1000, 1)
    found = []
    for row in rows.get("models", []):
        size = str(row.get("details", {}).get("parameter_size", ""))
        found.append(
            ModelInfo(
                "ollama",
                str(row.get("name", "")),
                address,
                True,
                latency_ms=latency,
                context=_ask_ollama_context(address, str(row.get("name", ""))),
                note=size,
            )
        )
    if not found:
        note = "has no model. Run: ollama pull qwen3:4b-instruct"
        return [ModelInfo("ollama", "", address, False, latency_ms=latency, note=note)]
    return found


def _ollama_address(settings: Settings) -> str:
    named = settings.base_url if settings.provider == "ollama" else ""
    return re.sub(r"/v1/?$", "", named or OLLAMA_ADDRESS).rstrip("/")


def usable_models(found: Sequence[ModelInfo]) -> list[ModelInfo]:
    """Those that can be trusted with an answer: of at least `tuned.MIN_BILLIONS` parameters."""
    return [
        i for i in found if i.reachable and (read_billions(i.note) or 0.0) >= tuned.MIN_BILLIONS
    ]


def _show(address: str, model: str) -> dict[str, Any]:
    shown = get_json(f"{address}/api/show", body={"model": model})
    return shown if isinstance(shown, dict) else {}


def _ask_ollama_context(address: str, model: str) -> int | None:
    for name, value in (_show(address, model).get("model_info") or {}).items():
        if name.endswith(".context_length") and isinstance(value, int):
            return value
    return None
