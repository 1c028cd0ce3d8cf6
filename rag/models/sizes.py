"""How large a language model is, by what its server or its name says. Knows no server."""

import re

from rag import tuned
from rag.models.contract import LanguageModel
from rag.models.http import leaves_machine

# "qwen3:4b-instruct", "SmolLM2-135M", "Qwen2.5-1.5B-Instruct-Q4_K_M.gguf", "mixtral-8x7b".
_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d{1,2})x)?(\d{1,4}(?:\.\d{1,2})?)\s?([bm])(?![a-z])", re.I)


def read_billions(name: str) -> float | None:
    """The billions of parameters that a model's name tells, or None.

    >>> read_billions("qwen2.5-1.5b-instruct-q4_k_m.gguf"), read_billions("gpt-4.1-mini")
    (1.5, None)
    """
    match = _SIZE.search(name)
    if match is None:
        return None
    billions = float(match[2]) / (1 if match[3] in "Bb" else 1000)
    return billions * int(match[1] or 1)


def is_small(model: LanguageModel, *, prompt: str = "auto") -> bool:
    """Whether a model is to be shown little and asked plainly: `prompt` decides, else its size; one
    on this machine that does not tell is taken for small, one elsewhere for large."""
    if prompt != "auto":
        return prompt == "small"
    billions = getattr(model, "billions", None) or read_billions(model.name)
    if billions is None:
        return not leaves_machine(model.address)
    return bool(billions <= tuned.SMALL_BILLIONS)
