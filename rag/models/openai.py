"""OpenAI and servers that speak its APIs, through the `openai` client. Knows no prompt.

OpenAI is asked by its Responses API, other servers by chat completions, which all of them have;
whatever a server answers 404 or 400 to is asked of it in the older way, once and from then on.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from rag.errors import LanguageModelError, SettingsError
from rag.models.contract import (
    MAX_REPLY_TOKENS,
    OFFLINE_NOTE,
    UNKNOWN_CONTEXT,
    Asking,
    LanguageModel,
    Messages,
    ModelInfo,
    Usage,
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
# Reasoning counts as reply there: a model that thinks would have no room left to answer.
_HOSTED_REPLY_TOKENS = 5 * MAX_REPLY_TOKENS


class OpenAIChat(Streaming):
    """Any server that speaks OpenAI's APIs, hosted or local, through the `openai` client."""

    takes_form = True

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None,
        api_key: str,
        temperature: float,
        context: int = 0,
        api: str = "auto",
    ) -> None:
        self.name = model
        self.address = base_url or OPENAI_ADDRESS
        self._hosted = base_url is None
        self._api_key = api_key
        self._responds = api == "responses" or (api == "auto" and self._hosted)
        room = _HOSTED_REPLY_TOKENS if self._hosted else MAX_REPLY_TOKENS
        # What is said beside the messages, by API; what a server does not take is taken out.
        self._for_chat: dict[str, Any] = {
            "max_completion_tokens" if self._hosted else "max_tokens": room,
            "temperature": temperature,
            "stream_options": {"include_usage": True},
        }
        # Nothing is kept at OpenAI to be looked at later, as its default would have it.
        self._for_responses: dict[str, Any] = {
            "max_output_tokens": room,
            "temperature": temperature,
            "store": False,
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

    def _stream(self, messages: Messages, seconds: float, asking: Asking) -> Iterator[str]:
        import httpx
        import openai

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
            model = self.name or _first_model(client)
            stream = self._respond(client, model, messages, asking) if self._responds else None
            if stream is not None:
                finish = yield from _read_response(stream, asking.tell_usage)
            else:
                form = self._form(asking, _chat_form)
                chat = self._create(
                    client.chat.completions.create, self._for_chat, form,
                    model=model, messages=list(messages), stream=True,
                )  # fmt: skip
                finish = yield from _read_chat(chat, asking.tell_usage)
        except openai.APIError as error:
            raise explain(error) from error
        except (*UNREADABLE, httpx.HTTPError) as error:
            raise unreadable() from error
        finally:
            client.close()
        check_finish(finish)

    def _respond(self, client: Any, model: str, messages: Messages, asking: Asking) -> Any:
        """The stream of the Responses API; None from a server that has none."""
        import openai

        form = self._form(asking, _response_form)
        try:
            return self._create(
                client.responses.create, self._for_responses, form,
                model=model, input=list(messages), stream=True,
            )  # fmt: skip
        except openai.APIStatusError as error:
            if error.status_code not in (404, 405, 501):
                raise
            self._responds = False
            return None

    def _create(
        self,
        call: Callable[..., Any],
        options: dict[str, Any],
        form: dict[str, Any],
        **request: Any,
    ) -> Any:
        """Asks, and asks again without what the model says that it does not take, for all calls to
        come too."""
        import openai

        obeyed: set[str] = set()
        while True:
            try:
                return call(**request, **options, **form)
            except openai.BadRequestError as error:
                about = complains_of(str(error), {*options, *form})
                if not about or about in obeyed:
                    raise
                obeyed |= {about, OTHER_NAME.get(about, about)}
                if about in form:
                    self.takes_form, form = False, {}
                    continue
                value = options.pop(about)
                if about in OTHER_NAME:
                    options[OTHER_NAME[about]] = value

    def _form(
        self, asking: Asking, show: Callable[[Mapping[str, object]], dict[str, Any]]
    ) -> dict[str, Any]:
        return show(asking.form) if asking.form is not None and self.takes_form else {}


def _chat_form(form: Mapping[str, object]) -> dict[str, Any]:
    schema = {"name": "reply", "strict": True, "schema": form}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _response_form(form: Mapping[str, object]) -> dict[str, Any]:
    told = {"type": "json_schema", "name": "reply", "strict": True, "schema": form}
    return {"text": {"format": told}}


def _read_chat(
    stream: Any, tell_usage: Callable[[Usage], None]
) -> Generator[str, None, str | None]:
    finish: str | None = None
    with stream:
        for chunk in stream:
            if used := getattr(chunk, "usage", None):
                tell_usage(Usage(used.prompt_tokens or 0, used.completion_tokens or 0))
            for choice in (chunk.choices or [])[:1]:
                finish = choice.finish_reason or finish
                if choice.delta and choice.delta.content:
                    yield choice.delta.content
    return finish


# What ends a response, in the words of chat completions.
_ENDS = {"max_output_tokens": "length", "content_filter": "content_filter"}


def _read_response(
    stream: Any, tell_usage: Callable[[Usage], None]
) -> Generator[str, None, str | None]:
    finish: str | None = None
    with stream:
        for event in stream:
            if event.type in ("response.output_text.delta", "response.refusal.delta"):
                yield event.delta
            elif event.type in ("response.failed", "error"):
                raise LanguageModelError("failed", retry_after=0.5)
            elif event.type in ("response.completed", "response.incomplete"):
                if used := event.response.usage:
                    tell_usage(Usage(used.input_tokens or 0, used.output_tokens or 0))
                details = event.response.incomplete_details
                cut = event.type == "response.incomplete"
                finish = _ENDS.get(details.reason if details else "", "length") if cut else "stop"
    return finish


def open_openai(settings: Settings) -> LanguageModel:
    if not settings.api_key:
        raise SettingsError("ONRECORD_PROVIDER is openai but OPENAI_API_KEY is not set. Set it.")
    return OpenAIChat(
        model=settings.model or OPENAI_MODEL,
        base_url=None,
        api_key=settings.api_key,
        temperature=settings.temperature,
        context=settings.context,
        api=settings.api,
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
        api=settings.api,
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
