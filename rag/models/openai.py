"""OpenAI and servers that speak its chat API, through the `openai` client. Knows no prompt."""

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from rag.errors import LanguageModelError, SettingsError
from rag.models.contract import (
    MAX_REPLY_TOKENS,
    OFFLINE_NOTE,
    UNKNOWN_CONTEXT,
    LanguageModel,
    Messages,
    ModelInfo,
)
from rag.models.failures import (
    OTHER_NAME,
    UNREADABLE,
    check_finish,
    complains_of,
    explain,
    unreadable,
)
from rag.models.http import PLAIN, get_json, http_client, leaves_machine
from rag.models.streaming import Streaming
from rag.settings import Settings

OPENAI_ADDRESS = "https://api.openai.com/v1"
OPENAI_MODEL = "gpt-4.1-mini"
# What OpenAI's current models take at least (tokens); local servers are asked for theirs.
OPENAI_CONTEXT = 128_000


class OpenAIChat(Streaming):
    """Any server that speaks OpenAI's chat API, hosted or local, through the `openai` client."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None,
        api_key: str,
        temperature: float,
        context: int = 0,
    ) -> None:
        self.name = model
        self.address = base_url or OPENAI_ADDRESS
        self._hosted = base_url is None
        self._api_key = api_key
        self._options: dict[str, Any] = {
            "max_completion_tokens" if self._hosted else "max_tokens": MAX_REPLY_TOKENS,
            "temperature": temperature,
        }
        self._context = context

    @property
    def context(self) -> int:
        if not self._context:
            asked = None if self._hosted else ask_context(self.address, self._api_key, self.name)
            self._context = asked or (OPENAI_CONTEXT if self._hosted else UNKNOWN_CONTEXT)
        return self._context

    def _headers(self) -> Mapping[str, str]:
        """What a request says of us beside its form: the key, and to OpenAI whose account it is.

        The client adds what it finds in the environment (OPENAI_CUSTOM_HEADERS, an organisation, a
        project) and what machine this is; none of that may go to an address that stands elsewhere.
        """
        ours = {"authorization": f"Bearer {self._api_key or 'none'}"}
        if self._hosted:
            for header, variable in _ACCOUNT.items():
                if value := os.environ.get(variable, ""):
                    ours[header] = value
        return ours

    def _stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        import httpx
        import openai

        finish: str | None = None
        client: Any = openai.OpenAI(
            base_url=self.address,
            api_key=self._api_key or "none",
            max_retries=0,
            default_headers=PLAIN,
            http_client=http_client(self.address, seconds, allowed=self._headers()),
        )
        for name in ("openai", "httpx"):  # OPENAI_LOG=debug would print whole prompts
            logging.getLogger(name).setLevel(logging.WARNING)
        try:
            name = self.name or _first_model(client)
            stream = self._create(client, model=name, messages=list(messages), stream=True)
            with stream:
                for chunk in stream:
                    for choice in chunk.choices[:1]:
                        finish = choice.finish_reason or finish
                        if choice.delta and choice.delta.content:
                            yield choice.delta.content
        except openai.APIError as error:
            raise explain(error) from error
        except (*UNREADABLE, httpx.HTTPError) as error:
            raise unreadable() from error
        finally:
            client.close()
        check_finish(finish)

    def _create(self, client: Any, **request: Any) -> Any:
        """Asks, and asks again without what the model says that it does not take."""
        import openai

        obeyed: set[str] = set()
        while True:
            try:
                return client.chat.completions.create(**request, **self._options)
            except openai.BadRequestError as error:
                about = complains_of(str(error))
                if about not in self._options or about in obeyed:
                    raise
                value = self._options.pop(about)
                if about in OTHER_NAME:
                    self._options[OTHER_NAME[about]] = value
                obeyed |= {about, OTHER_NAME.get(about, about)}


def open_openai(settings: Settings) -> LanguageModel:
    if not settings.api_key:
        raise SettingsError("ONRECORD_PROVIDER is openai but OPENAI_API_KEY is not set. Set it.")
    return OpenAIChat(
        model=settings.model or OPENAI_MODEL,
        base_url=None,
        api_key=settings.api_key,
        temperature=settings.temperature,
        context=settings.context,
    )


def open_compatible(settings: Settings) -> LanguageModel:
    if not settings.base_url:
        raise SettingsError(
            "ONRECORD_PROVIDER is openai-compatible but ONRECORD_BASE_URL is not set. Set it."
        )
    return OpenAIChat(
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.key_for_address,
        temperature=settings.temperature,
        context=settings.context,
    )


def list_openai(settings: Settings) -> list[ModelInfo]:
    model = settings.model or OPENAI_MODEL
    address = OPENAI_ADDRESS
    if not settings.api_key:
        return [ModelInfo("openai", model, address, False, note="OPENAI_API_KEY is not set")]
    if settings.offline:
        return [ModelInfo("openai", model, address, False, note=OFFLINE_NOTE)]
    if settings.provider != "openai" and not settings.key_was_chosen:
        note = "not asked: OPENAI_API_KEY is set, but not chosen. ONRECORD_PROVIDER=openai does"
        return [ModelInfo("openai", model, address, False, note=note)]
    names, latency = _timed_models(address, settings.api_key)
    known = names is not None and model in names
    note = "" if known else "cannot be reached" if names is None else "not among its models"
    context = settings.context or OPENAI_CONTEXT
    return [ModelInfo("openai", model, address, known, latency_ms=latency, context=context,
                      note=note)]  # fmt: skip


def list_compatible(settings: Settings) -> list[ModelInfo]:
    address = settings.base_url
    if not address:
        return [ModelInfo("openai-compatible", "", "", False, note="ONRECORD_BASE_URL is not set")]
    if settings.offline and leaves_machine(address):
        return [ModelInfo("openai-compatible", settings.model, address, False, note=OFFLINE_NOTE)]
    key = settings.key_for_address
    names, latency = _timed_models(address, key)
    if not names:
        note = "cannot be reached" if names is None else "serves no model"
        return [ModelInfo("openai-compatible", settings.model, address, False, note=note)]
    return [
        ModelInfo("openai-compatible", name, address, True, latency_ms=latency,
                  context=ask_context(address, key, name))
        for name in names
    ]  # fmt: skip


_ACCOUNT = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}


def _timed_models(address: str, key: str) -> tuple[list[str] | None, float]:
    started = time.perf_counter()
    rows = get_json(f"{address.rstrip('/')}/models", key=key)
    latency = round((time.perf_counter() - started) * 1000, 1)
    if not isinstance(rows, dict) or not isinstance(rows.get("data"), list):
        return None, latency
    return sorted(str(r.get("id")) for r in rows["data"] if isinstance(r, dict)), latency


def ask_context(address: str, key: str, model: str) -> int | None:
    """The context that an OpenAI-compatible server tells of: llama-server's or vLLM's way."""
    address = address.rstrip("/")
    rows = get_json(f"{address}/models", key=key)
    for row in rows.get("data", []) if isinstance(rows, dict) else []:
        if isinstance(row, dict) and (not model or row.get("id") == model):
            for name in ("max_model_len", "loaded_context_length", "context_length"):
                if isinstance(row.get(name), int):
                    return int(row[name])
            break
    properties = get_json(f"{re.sub(r'/v1$', '', address)}/props", key=key)
    if isinstance(properties, dict):
        n_ctx = properties.get("default_generation_settings", {}).get("n_ctx")
        return int(n_ctx) if isinstance(n_ctx, int) and n_ctx > 0 else None
    return None


def _first_model(client: Any) -> str:
    """A local server often serves one model: use it when no name is set."""
    names = sorted(m.id for m in client.models.list().data)
    if not names:
        raise LanguageModelError("serves no model. Set ONRECORD_MODEL")
    return str(names[0])
