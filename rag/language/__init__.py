"""What belongs to a language: its words and how they are folded and compared.

`LANGUAGE` is the one that is read by default. Another is a folder of tables as `english` is one:
`Language.read("package")` (see `tables`).
"""

from rag.language.tables import Language

__all__ = ["LANGUAGE", "Language"]

LANGUAGE = Language.read("rag.language.english")
