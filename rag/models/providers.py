"""Language models: the table of providers, and which of them answers. Knows nothing about prompts
or documents.
"""

from rag.errors import SettingsError
from rag.models.contract import LanguageModel, ModelInfo, Provider
from rag.models.gguf import list_gguf, open_gguf
from rag.models.http import leaves_machine, show_host
from rag.models.ollama import OLLAMA_ADDRESS, list_ollama, open_ollama, usable_models
from rag.models.openai import (
    OPENAI_ADDRESS,
    list_compatible,
    list_openai,
    open_compatible,
    open_openai,
)
from rag.settings import Settings

PROVIDERS = {
    p.name: p
    for p in (
        Provider(
            "openai",
            "OpenAI, hosted",
            "OPENAI_API_KEY",
            OPENAI_ADDRESS,
            open_openai,
            list_openai,
        ),
        Provider(
            "ollama",
            "Ollama, on this machine or another",
            "",
            OLLAMA_ADDRESS,
            open_ollama,
            list_ollama,
        ),
        Provider(
            "openai-compatible",
            "a server that speaks OpenAI's chat API (llama-server, vLLM, LM Studio)",
            "OPENAI_API_KEY",
            "ONRECORD_BASE_URL",
            open_compatible,
            list_compatible,
        ),
        Provider("gguf", "a GGUF file, in this process", "", "", open_gguf, list_gguf),
    )
}


def choose_provider(settings: Settings) -> str:
    """`auto` spelt out: what is configured, else a reachable Ollama, else "none".

    A key that merely stands in the environment is nobody's choice to send documents anywhere.
    """
    if settings.provider in ("none", *PROVIDERS):
        return settings.provider
    if settings.provider != "auto":
        known = ", ".join(("auto", "none", *PROVIDERS))
        raise SettingsError(f"ONRECORD_PROVIDER is {settings.provider!r}; use one of {known}.")
    if settings.base_url:
        return "openai-compatible"
    if settings.model.endswith(".gguf"):
        return "gguf"
    if settings.key_was_chosen and not settings.offline:
        return "openai"
    found = list_ollama(settings)
    if settings.model:
        usable = any(i.model == settings.model for i in found if i.reachable)
    else:
        usable = bool(usable_models(found))
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
