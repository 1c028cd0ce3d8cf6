"""Onrecord: answers over a folder of documents, each checked against the passage it cites.

The front door. `Assistant.open().ask("...")` returns an `Answer`; everything else is behind it.
"""

from rag import quiet  # noqa: F401  (before any library that would report to its maker)
from rag.assistant import Assistant
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
    "load_settings",
]

__version__ = "0.1.0"
