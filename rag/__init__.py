"""Onrecord: answers over a folder of documents, each checked against the passage it cites.

The front door. `Assistant.open().ask("...")` returns an `Answer`; everything else is behind it.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag import quiet  # noqa: F401  (before any library that would report to its maker)

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.check.lines import judge_passages
    from rag.errors import OnrecordError
    from rag.settings import Settings, load_settings
    from rag.types import Answer, Citation, Document, Evidence, Hit, Passage

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Document",
    "Evidence",
    "Hit",
    "OnrecordError",
    "Passage",
    "Settings",
    "judge_passages",
    "load_settings",
]

__version__ = "0.1.0"

# A program that only imports us hears nothing of the log unless it asks (rag/logs.py).
logging.getLogger(__name__).addHandler(logging.NullHandler())

_HOMES = {"Assistant": "assistant", "OnrecordError": "errors", "Settings": "settings",
          "judge_passages": "check.lines", "load_settings": "settings"}  # fmt: skip


def __getattr__(name: str) -> Any:
    # On first use: the processes that read files need a third of the modules (`worker`).
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    value = getattr(import_module(f"rag.{_HOMES.get(name, 'types')}"), name)
    globals()[name] = value
    return value
