"""Which tables a language has of what people type: search operators, slips. Knows no language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Pattern = re.Pattern[str]
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Operators:
    """Search operators, and the questions that a search without a question stands for."""

    fields: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    both: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    asks_documents: str = "{0}"
    asks_words: str = "{0}"
    asks_words_about: str = "{0} {1}"
    asks_words_of_two: str = "{0} {1}"


@dataclass(frozen=True, slots=True)
class Spelling:
    """Endings, beginnings and sounds of words."""

    endings: tuple[tuple[str, str], ...] = ()
    beginnings: tuple[str, ...] = ()
    sounds: tuple[tuple[str, str], ...] = ()
    same_start: Mapping[str, str] = field(default_factory=dict)
    derived: Pattern = NEVER
