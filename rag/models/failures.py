"""What a server's failure is to the reader: a `LanguageModelError` that continues "The language
model …". Knows no provider; no text of a server is ever shown, nor a key.
"""

import re
from collections.abc import Collection
from typing import Any

from rag.errors import LanguageModelError

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
# Of a reply that is none: JSON of another form, or so deep that it cannot be read.
UNREADABLE = (ValueError, AttributeError, IndexError, TypeError, RecursionError)
# OpenAI's reasoning models want the second name, older servers know only the first.
OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


# What complaints call the options that are not called by their names.
_FORM = r"json_?schema|structured[ _]outputs?|grammar"
_CALLED = {"text": rf"text\.format|{_FORM}", "response_format": rf"response_format|{_FORM}"}


def complains_of(complaint: str, options: Collection[str]) -> str:
    """The one of `options` that a server which answers 400 does not take; "" if it names none."""
    if _OVERFLOW.search(complaint):
        return ""
    # "Use 'max_completion_tokens' instead" names both, the one that is not taken first.
    found = {
        name: match.start()
        for name in sorted(options)
        if (match := re.search(_CALLED.get(name, rf"\b{name}\b"), complaint, re.I))
    }
    return min(found, key=lambda name: (found[name], name), default="")


def check_finish(finish: str | None) -> None:
    # A cut connection ends the stream just like a complete reply, but names no reason.
    if finish is None:
        raise LanguageModelError("stopped in the middle of its reply", retry_after=0.2)
    if finish == "length":
        raise LanguageModelError("ran out of room for its reply")
    if finish == "content_filter":
        raise LanguageModelError("withheld its reply (content filter)")


def explain(error: Exception) -> LanguageModelError:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return late()
    if isinstance(error, openai.APIConnectionError):
        import httpx

        # No connection was made: to the server, or through a proxy to it.
        cause = error.__cause__
        early = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
        return unreachable(unsent=isinstance(cause, early))
    if isinstance(error, openai.APIStatusError):
        return explain_status(error.status_code, error.response.headers, str(error))
    return LanguageModelError("failed", retry_after=0.5)


def explain_status(status: int, headers: Any, text: str = "") -> LanguageModelError:
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


def late() -> LanguageModelError:
    return LanguageModelError("did not reply in time", late=True)


def unreachable(*, unsent: bool) -> LanguageModelError:
    told = "cannot be reached. Is its server running?"
    return LanguageModelError(told, retry_after=0.2, unsent=unsent)


def unreadable() -> LanguageModelError:
    return LanguageModelError("sent a reply that cannot be read")
