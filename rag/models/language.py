"""Language models: one table of providers, and a reply streamed within a bounded time.

Knows nothing about prompts or documents. Every failure is one `LanguageModelError` whose text
continues "The language model …"; no text of a server is ever shown, nor a key.
"""

import ipaddress
import json
import logging
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from rag.errors import LanguageModelError, SettingsError
from rag.settings import Settings

OLLAMA_ADDRESS = "http://127.0.0.1:11434"
OPENAI_MODEL = "gpt-4.1-mini"
# What OpenAI's current models take at least (tokens); local servers are asked for theirs.
OPENAI_CONTEXT = 128_000
# Taken where a server does not tell its context: the default of Ollama and llama.cpp today.
UNKNOWN_CONTEXT = 4_096
# Of what an Ollama or GGUF model could take: more costs memory, eight passages need about 3,000.
LOCAL_CONTEXT = 8_192
# `auto` leaves smaller local models alone: below this they invent speakers (design.md).
MIN_BILLIONS = 3.0
MAX_REPLY_TOKENS = 800
# A server need not keep to that. So much longer is no token (25 characters), and so much larger is
# no reply: events and thoughts around each token take some 400 bytes.
MAX_REPLY_CHARACTERS = 20_000
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
# What servers say where a prompt is too long: OpenAI, vLLM, llama.cpp, Ollama, LM Studio, TGI,
# Mistral, Anthropic, Gemini. "token" alone is in many other complaints.
_OVERFLOW = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum (?:model|prompt) length|max_model_len"
    r"|(?:prompt|input|request|messages?)\b.{0,40}\b(?:too long|too large|longer than)"
    r"|reduce the length|context the overflows|tokens to keep from the initial prompt"
    r"|exceeds? (?:the )?(?:maximum|max|allowed) (?:number|count) of (?:input )?tokens"
    r"|inputs?\W+tokens \+",
    re.IGNORECASE,
)
_PROBE_SECONDS = 2.0
_POLL_SECONDS = 0.05
_ENDED = object()
_OFFLINE_NOTE = "not asked: ONRECORD_OFFLINE is set"

Messages = Sequence[dict[str, str]]


class Stopped(Exception):
    """The reader stopped the reply; what was streamed before stays."""


class LanguageModel(Protocol):
    """A chat model. `name` is what the reader is told, `address` where what is asked goes."""

    name: str
    address: str

    @property
    def context(self) -> int:
        """How many tokens prompt and reply may have together."""
        ...

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        """The reply in pieces, within `seconds` altogether, retries included.

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
    """One way to reach language models."""

    name: str
    about: str
    open: Callable[[Settings], LanguageModel]
    list: Callable[[Settings], list[ModelInfo]]


# --- talking to a server ---


class _Streaming:
    """What all models share: a deadline, one retry where it helps, and stopping at once."""

    name: str
    address: str

    def _stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        raise NotImplementedError

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        deadline = time.monotonic() + seconds
        stop = stop or threading.Event()
        for last in (False, True):
            given = False
            try:
                for piece in _clean(_pump(self._stream, messages, deadline, stop)):
                    given = True
                    yield piece
                return
            except LanguageModelError as error:
                wait = error.retry_after
                left = deadline - time.monotonic()
                if last or given or wait is None or wait >= left:
                    raise
                if stop.wait(wait):
                    raise Stopped from None


def _clean(pieces: Iterator[str]) -> Iterator[str]:
    """`pieces` without what no text holds; a pair of surrogates that was sent apart is one again.

    Raises:
        LanguageModelError: there is no end of them.
    """
    kept, length = "", 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_REPLY_CHARACTERS:
            raise LanguageModelError("went on far beyond the reply that it was asked for")
        text = kept + piece
        kept = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = text[: len(text) - len(kept)]
        if text:
            pairs = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            yield pairs.replace("\x00", " ")


def _pump(
    stream: Callable[[Messages, float], Iterator[str]],
    messages: Messages,
    deadline: float,
    stop: threading.Event,
) -> Iterator[str]:
    """The pieces of `stream`, read in a thread: a server that hangs is left at the deadline."""
    pieces: queue.Queue[object] = queue.Queue()
    gone = threading.Event()

    def read() -> None:
        source = stream(messages, max(0.1, deadline - time.monotonic()))
        try:
            for piece in source:
                pieces.put(piece)
                if gone.is_set():
                    break
            pieces.put(_ENDED)
        except BaseException as error:
            pieces.put(error)
        finally:
            source.close()  # type: ignore[attr-defined]

    threading.Thread(target=read, name="language-model", daemon=True).start()
    try:
        while True:
            if stop.is_set():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                raise _late()
            try:
                piece = pieces.get(timeout=min(_POLL_SECONDS, left))
            except queue.Empty:
                continue
            if piece is _ENDED:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield str(piece)
    finally:
        gone.set()


class OpenAIChat(_Streaming):
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
        self.address = base_url or "https://api.openai.com/v1"
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
            asked = None if self._hosted else _ask_context(self.address, self._api_key, self.name)
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
            default_headers=_PLAIN,
            http_client=_http_client(self.address, seconds, allowed=self._headers()),
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
            raise _explain(error) from error
        except (*_UNREADABLE, httpx.HTTPError) as error:
            raise _unreadable() from error
        finally:
            client.close()
        _check_finish(finish)

    def _create(self, client: Any, **request: Any) -> Any:
        """Asks, and asks again without what the model says that it does not take."""
        import openai

        obeyed: set[str] = set()
        while True:
            try:
                return client.chat.completions.create(**request, **self._options)
            except openai.BadRequestError as error:
                about = _complains_of(str(error))
                if about not in self._options or about in obeyed:
                    raise
                value = self._options.pop(about)
                if about in _OTHER_NAME:
                    self._options[_OTHER_NAME[about]] = value
                obeyed |= {about, _OTHER_NAME.get(about, about)}


class OllamaChat(_Streaming):
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

    def _stream(self, messages: Messages, seconds: float) -> Iterator[str]:
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
                _http_client(self.address, seconds) as client,
                client.stream("POST", f"{self.address}/api/chat", json=body) as response,
            ):
                if response.status_code != 200:
                    said = response.read().decode("utf-8", "replace")
                    raise _explain_status(response.status_code, response.headers, said)
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
            raise _late() from error
        except httpx.ConnectError as error:
            raise _unreachable(unsent=True) from error
        except (*_UNREADABLE, httpx.HTTPError) as error:
            raise _unreadable() from error
        _check_finish(finish)


class GgufChat(_Streaming):
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

    def _stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        yield from self._open()._stream(messages, seconds)

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


# --- the table of providers ---


def _open_openai(settings: Settings) -> LanguageModel:
    if not settings.api_key:
        raise SettingsError("ONRECORD_PROVIDER is openai but OPENAI_API_KEY is not set. Set it.")
    return OpenAIChat(
        model=settings.model or OPENAI_MODEL,
        base_url=None,
        api_key=settings.api_key,
        temperature=settings.temperature,
        context=settings.context,
    )


def _open_compatible(settings: Settings) -> LanguageModel:
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


def _open_ollama(settings: Settings) -> LanguageModel:
    address = _ollama_address(settings)
    model = settings.model
    if not model:
        found = _usable(_list_ollama(settings))
        if not found:
            raise SettingsError(
                f"No Ollama model to use at {address}. Run: ollama pull qwen3:4b-instruct"
            )
        model = found[0].model
    return OllamaChat(
        model=model, address=address, temperature=settings.temperature, context=settings.context
    )


def _open_gguf(settings: Settings) -> LanguageModel:
    path = Path(settings.model).expanduser()
    if not settings.model or not path.is_file():
        raise SettingsError(
            f"ONRECORD_PROVIDER is gguf but ONRECORD_MODEL names no file ({settings.model!r}). "
            "Set it to the path of a .gguf file."
        )
    _import_gguf_engine()
    return GgufChat(path=path, temperature=settings.temperature, context=settings.context)


def _list_openai(settings: Settings) -> list[ModelInfo]:
    model = settings.model or OPENAI_MODEL
    address = "https://api.openai.com/v1"
    if not settings.api_key:
        return [ModelInfo("openai", model, address, False, note="OPENAI_API_KEY is not set")]
    if settings.offline:
        return [ModelInfo("openai", model, address, False, note=_OFFLINE_NOTE)]
    if settings.provider != "openai" and not settings.key_was_chosen:
        note = "not asked: OPENAI_API_KEY is set, but not chosen. ONRECORD_PROVIDER=openai does"
        return [ModelInfo("openai", model, address, False, note=note)]
    names, latency = _timed_models(address, settings.api_key)
    known = names is not None and model in names
    note = "" if known else "cannot be reached" if names is None else "not among its models"
    context = settings.context or OPENAI_CONTEXT
    return [ModelInfo("openai", model, address, known, latency_ms=latency, context=context,
                      note=note)]  # fmt: skip


def _list_compatible(settings: Settings) -> list[ModelInfo]:
    address = settings.base_url
    if not address:
        return [ModelInfo("openai-compatible", "", "", False, note="ONRECORD_BASE_URL is not set")]
    if settings.offline and leaves_machine(address):
        return [ModelInfo("openai-compatible", settings.model, address, False, note=_OFFLINE_NOTE)]
    key = settings.key_for_address
    names, latency = _timed_models(address, key)
    if not names:
        note = "cannot be reached" if names is None else "serves no model"
        return [ModelInfo("openai-compatible", settings.model, address, False, note=note)]
    return [
        ModelInfo("openai-compatible", name, address, True, latency_ms=latency,
                  context=_ask_context(address, key, name))
        for name in names
    ]  # fmt: skip


def _list_ollama(settings: Settings) -> list[ModelInfo]:
    address = _ollama_address(settings)
    if settings.offline and leaves_machine(address):
        return [ModelInfo("ollama", settings.model, address, False, note=_OFFLINE_NOTE)]
    started = time.perf_counter()
    rows = _get_json(f"{address}/api/tags")
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


def _list_gguf(settings: Settings) -> list[ModelInfo]:
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


PROVIDERS = {
    p.name: p
    for p in (
        Provider("openai", "OpenAI, hosted", _open_openai, _list_openai),
        Provider("ollama", "Ollama, on this machine or another", _open_ollama, _list_ollama),
        Provider(
            "openai-compatible",
            "a server that speaks OpenAI's chat API (llama-server, vLLM, LM Studio)",
            _open_compatible,
            _list_compatible,
        ),
        Provider("gguf", "a GGUF file, in this process", _open_gguf, _list_gguf),
    )
}


def choose_provider(settings: Settings) -> str:
    """`auto` spelt out: what is configured, else a reachable Ollama, else "none".

    A key that merely stands in the environment is nobody's choice to send documents anywhere.
    """
    if settings.provider != "auto":
        return settings.provider
    if settings.base_url:
        return "openai-compatible"
    if settings.model.endswith(".gguf"):
        return "gguf"
    if settings.key_was_chosen and not settings.offline:
        return "openai"
    found = _list_ollama(settings)
    if settings.model:
        usable = any(i.model == settings.model for i in found if i.reachable)
    else:
        usable = bool(_usable(found))
    return "ollama" if usable else "none"


def open_language_model(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name, or None.

    Raises:
        SettingsError: the provider needs a key, an address, a model or a package it has not got.
    """
    provider = choose_provider(settings)
    if provider == "none":
        return None
    return check_offline(PROVIDERS[provider].open(settings), settings)


def check_offline(model: LanguageModel, settings: Settings) -> LanguageModel:
    """`model`, unless it is on another machine and nothing may leave this one.

    Raises:
        SettingsError
    """
    if settings.offline and leaves_machine(model.address):
        raise SettingsError(
            f"ONRECORD_OFFLINE is set, and {show_host(model.address)} is another machine. "
            "Set ONRECORD_PROVIDER=none, or unset ONRECORD_OFFLINE."
        )
    return model


def explain_unused_key(settings: Settings) -> str:
    """A line on a key that was found and is not used, and how to use it; "" if there is none."""
    if not settings.api_key or settings.offline:
        return ""
    provider = choose_provider(settings)
    if provider == "openai-compatible" and not settings.key_for_address:
        return (
            "OPENAI_API_KEY is not sent to ONRECORD_BASE_URL: they stand in different places. "
            "Put both into one .env, or both into the environment."
        )
    if provider == "none" and not settings.key_was_chosen and settings.provider == "auto":
        return (
            "OPENAI_API_KEY is set and not used. To have OpenAI word the answers: "
            "ONRECORD_PROVIDER=openai"
        )
    return ""


def list_models(settings: Settings) -> list[ModelInfo]:
    """Every provider's models as far as they can be reached; the one that answers is `chosen`."""
    from dataclasses import replace

    chosen = choose_provider(settings)
    try:
        model = open_language_model(settings)
    except SettingsError:
        model = None
    rows = [info for provider in PROVIDERS.values() for info in provider.list(settings)]
    marked = [
        replace(r, chosen=True)
        if model is not None and r.provider == chosen and r.model == (model.name or r.model)
        else r
        for r in rows
    ]
    first = next((n for n, r in enumerate(marked) if r.chosen), None)
    marked = [replace(r, chosen=n == first) for n, r in enumerate(marked)]
    about = "answers without a model, by quoting"
    return [ModelInfo("none", "quotes", "in this process", True, chosen=first is None, note=about),
            *marked]  # fmt: skip


def leaves_machine(address: str) -> bool:
    """Whether what is sent to an address can reach another machine.

    Only loopback stays here: it is called directly, past any proxy, and no redirect is followed
    (`_http_client`). Whatever is not plainly loopback counts as elsewhere.
    """
    if "://" not in address:
        return False  # "in this process", or nothing
    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def show_host(address: str) -> str:
    """The host of an address, for people."""
    return urlsplit(address).netloc or address


# --- plumbing ---


def _http_client(address: str, seconds: float, *, allowed: Mapping[str, str] | None = None) -> Any:
    """A client for `address` that goes there and nowhere else.

    With `allowed` its requests carry these headers and those of their form, and no others.

    The proxy of the environment is for other machines: a model on this one is never called through
    it. A redirect would take the prompt and the key to whoever it names.
    """
    import httpx

    def strip(request: httpx.Request) -> None:
        if allowed is not None:
            for name in set(request.headers) - _FORM:
                del request.headers[name]
            request.headers.update(allowed)

    return httpx.Client(
        timeout=httpx.Timeout(seconds, connect=min(5.0, seconds)),
        trust_env=leaves_machine(address),
        follow_redirects=False,
        headers=_PLAIN,
        event_hooks={"request": [strip], "response": [_bound]},
    )


def _ollama_address(settings: Settings) -> str:
    named = settings.base_url if settings.provider == "ollama" else ""
    return re.sub(r"/v1/?$", "", named or OLLAMA_ADDRESS).rstrip("/")


def _usable(found: Sequence[ModelInfo]) -> list[ModelInfo]:
    """Those that can be trusted with an answer: of at least `MIN_BILLIONS` parameters."""
    return [i for i in found if i.reachable and _billions(i.note) >= MIN_BILLIONS]


def _billions(size: str) -> float:
    match = re.match(r"([\d.]+)\s*([BM])", size, re.IGNORECASE)
    return float(match[1]) / (1 if match[2] in "Bb" else 1000) if match else 0.0


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


# Of a reply that is none: JSON of another form, or so deep that it cannot be read.
_UNREADABLE = (ValueError, AttributeError, IndexError, TypeError, RecursionError)
# A compressed reply could unpack to any size.
_PLAIN = {"Accept-Encoding": "identity"}
# Headers that any request has, whoever sends it.
_FORM = frozenset(
    {"host", "accept", "accept-encoding", "connection", "content-type", "content-length",
     "transfer-encoding", "user-agent"}
)  # fmt: skip
_ACCOUNT = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}


def _bound(response: Any) -> None:
    """Has a response fail once it is larger than any reply; a hook of `httpx`."""
    import httpx

    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx.DecodingError("compressed, though not asked to be", request=response.request)
    whole = response.stream

    class Bounded(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for block in whole:
                size += len(block)
                if size > MAX_RESPONSE_BYTES:
                    raise httpx.ReadError("no end of it", request=response.request)
                yield block

        def close(self) -> None:
            whole.close()

    response.stream = Bounded()


# OpenAI's reasoning models want the second name, older servers know only the first.
_OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


def _complains_of(complaint: str) -> str:
    """The option that a server which answers 400 does not take; "" if it names none."""
    if not _OVERFLOW.search(complaint):
        for name in (*_OTHER_NAME, "temperature"):
            # Reasoning models take no temperature; "Use 'max_completion_tokens' instead" names
            # both, the one that is not taken first.
            if re.search(rf"\b{name}\b", complaint):
                return name
    return ""


def _get_json(url: str, *, key: str = "", body: object = None) -> Any:
    """The JSON at `url`, or None; probing never raises."""
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with _http_client(url, _PROBE_SECONDS) as client:
            response = (
                client.get(url, headers=headers)
                if body is None
                else client.post(url, headers=headers, json=body)
            )
        return response.json() if response.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
        return None


def _timed_models(address: str, key: str) -> tuple[list[str] | None, float]:
    started = time.perf_counter()
    rows = _get_json(f"{address.rstrip('/')}/models", key=key)
    latency = round((time.perf_counter() - started) * 1000, 1)
    if not isinstance(rows, dict) or not isinstance(rows.get("data"), list):
        return None, latency
    return sorted(str(r.get("id")) for r in rows["data"] if isinstance(r, dict)), latency


def _ask_context(address: str, key: str, model: str) -> int | None:
    """The context that an OpenAI-compatible server tells of: llama-server's or vLLM's way."""
    address = address.rstrip("/")
    rows = _get_json(f"{address}/models", key=key)
    for row in rows.get("data", []) if isinstance(rows, dict) else []:
        if isinstance(row, dict) and (not model or row.get("id") == model):
            for name in ("max_model_len", "loaded_context_length", "context_length"):
                if isinstance(row.get(name), int):
                    return int(row[name])
            break
    properties = _get_json(f"{re.sub(r'/v1$', '', address)}/props", key=key)
    if isinstance(properties, dict):
        n_ctx = properties.get("default_generation_settings", {}).get("n_ctx")
        return int(n_ctx) if isinstance(n_ctx, int) and n_ctx > 0 else None
    return None


def _ask_ollama_context(address: str, model: str) -> int | None:
    shown = _get_json(f"{address}/api/show", body={"model": model})
    details = shown.get("model_info") if isinstance(shown, dict) else None
    for name, value in (details or {}).items():
        if name.endswith(".context_length") and isinstance(value, int):
            return value
    return None


def _first_model(client: Any) -> str:
    """A local server often serves one model: use it when no name is set."""
    names = sorted(m.id for m in client.models.list().data)
    if not names:
        raise LanguageModelError("serves no model. Set ONRECORD_MODEL")
    return str(names[0])


def _check_finish(finish: str | None) -> None:
    # A cut connection ends the stream just like a complete reply, but names no reason.
    if finish is None:
        raise LanguageModelError("stopped in the middle of its reply", retry_after=0.2)
    if finish == "length":
        raise LanguageModelError("ran out of room for its reply")
    if finish == "content_filter":
        raise LanguageModelError("withheld its reply (content filter)")


def _explain(error: Exception) -> LanguageModelError:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return _late()
    if isinstance(error, openai.APIConnectionError):
        import httpx

        # No connection was made: to the server, or through a proxy to it.
        cause = error.__cause__
        early = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
        return _unreachable(unsent=isinstance(cause, early))
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error.status_code, error.response.headers, str(error))
    return LanguageModelError("failed", retry_after=0.5)


def _explain_status(status: int, headers: Any, text: str = "") -> LanguageModelError:
    if status in (401, 403):
        return LanguageModelError("refused the key. Check OPENAI_API_KEY")
    if 300 <= status < 400:
        return LanguageModelError("is elsewhere (its address redirects). Set ONRECORD_BASE_URL")
    if status == 404:
        return LanguageModelError("does not know this model. Check ONRECORD_MODEL")
    if status == 429:
        wait = _retry_after(headers)
        return LanguageModelError("is over its rate limit (429). Wait a little", retry_after=wait)
    if status == 413 or (status == 400 and _OVERFLOW.search(text)):
        return LanguageModelError("has too small a context for the passages", overflow=True)
    retry = 0.5 if status >= 500 else None
    return LanguageModelError(f"failed (HTTP {status})", retry_after=retry)


def _retry_after(headers: Any) -> float:
    """Seconds that a server asks to wait (RFC 9110, 10.2.3); one where it does not say."""
    try:
        return max(0.0, float(headers.get("retry-after") or 1))
    except (TypeError, ValueError):
        return 1.0


def _late() -> LanguageModelError:
    return LanguageModelError("did not reply in time")


def _unreachable(*, unsent: bool) -> LanguageModelError:
    told = "cannot be reached. Is its server running?"
    return LanguageModelError(told, retry_after=0.2, unsent=unsent)


def _unreadable() -> LanguageModelError:
    return LanguageModelError("sent a reply that cannot be read")
