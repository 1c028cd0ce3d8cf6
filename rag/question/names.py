"""The names in a question. Knows no corpus."""

import re

from rag.language import LANGUAGE
from rag.language.words import fold

_NAMES, _TITLES = LANGUAGE.names, LANGUAGE.titles
_DESCRIBING = _NAMES.demonyms | _TITLES.words | _TITLES.roles
_NO_NAMES = LANGUAGE.stop_words.words | LANGUAGE.questions.words | _TITLES.before_names


def find_names(text: str) -> tuple[str, ...]:
    """Capitalised names in order, each once; the sentence's first word only if it is no other."""
    found: list[str] = []
    for match in _NAMES.in_question.finditer(text):
        name = re.sub(r"['’]s?$", "", match.group())
        parts = name.split()
        while parts and fold(parts[0]) in _NO_NAMES:
            parts = parts[1:]
        if not parts:
            continue
        at_start = not text[: match.start()].strip(" \"“'(")
        if at_start and len(parts) == 1 and parts[0] == name and not _looks_like_name(name):
            continue
        found.append(" ".join(parts))
    return tuple(dict.fromkeys(found))


def names_somebody(name: str) -> bool:
    """Whether `name` names one person, place or thing: "the Egyptian", "King" and "MPs" say what
    somebody is, so that a document need not hold the word to tell of them."""
    return not all(
        fold(w).rstrip("s") in _DESCRIBING
        or fold(w) in _DESCRIBING
        or _NAMES.plural_letters.match(w)
        for w in name.split()
    )


def _looks_like_name(word: str) -> bool:
    # "Name the six armies", "Roughly how many": a capital at the start of a question says nothing.
    return word.isupper() or any(c.isupper() for c in word[1:])
