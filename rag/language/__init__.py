"""What belongs to a language: its words and how they are folded and compared.

`LANGUAGE` is the one that is read by default. Another is a folder of tables as `english` is one:
`Language.read("package")` (see `tables`).
"""

from typing import TYPE_CHECKING, Any

from rag.language.tables import Language

if TYPE_CHECKING:
    LANGUAGE: Language

__all__ = ["LANGUAGE", "Language"]


def __getattr__(name: str) -> Any:
    # Read when it is first asked for: whoever only folds words (a reader of files, in a process of
    # its own) does not wait for some hundred patterns.
    if name != "LANGUAGE":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = Language.read(f"{__name__}.english")
    return globals()[name]
