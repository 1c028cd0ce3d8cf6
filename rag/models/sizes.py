"""How large a language model is, by what its server or its name says, and which to prefer for that.

Knows no server.
"""

import os
import re
from collections.abc import Sequence

from rag import tuned
from rag.models.contract import LanguageModel, ModelInfo
from rag.models.http import leaves_machine

_GB_A_BILLION = 0.65  # quantised to four and a half bits
_GB_BESIDE = 1.0  # its context, and what runs it
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


def prefer(rows: Sequence[ModelInfo], *, memory: float) -> tuple[ModelInfo | None, str]:
    """Which of the models on this machine to have answers worded by, and why; None for quotes.

    `memory` is this machine's in GB. Of those that fit into half of it the largest: what a model
    leaves out or makes up falls with its size more than with anything else.
    """
    here = [r for r in rows if r.reachable and not r.leaves_machine and r.provider != "none"]
    sized = [(b, r) for r in here if (b := read_billions(r.note) or read_billions(r.model))]
    fitting = [(b, r) for b, r in sized if b * _GB_A_BILLION + _GB_BESIDE <= memory / 2]
    if not sized:
        return None, "no model on this machine tells its size: quotes are the safe choice"
    if not fitting:
        return None, f"none fits into half of this machine's memory ({memory:.0f} GB)"
    billions, best = max(fitting, key=lambda pair: (pair[0], pair[1].model))
    if billions < tuned.MIN_BILLIONS:
        return None, (
            f"the largest that fits, {best.model}, has {billions:g} billion parameters: it often "
            "says less than quotes do, and takes many times as long"
        )
    return best, f"the largest that fits into half of this machine's memory ({memory:.0f} GB)"


def measure_memory() -> float:
    """This machine's memory in GB; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return 0.0
