"""Words of one sense and opposite ones, of a dictionary and of the language's own table.

Words are compared as `key_of` gives them. Knows no text.
"""

from functools import lru_cache

from rag.language import LANGUAGE
from rag.language.stems import alike, key_of

_OPPOSITES = LANGUAGE.opposites
Keys = dict[str, frozenset[str]]


def are_related(one: str, other: str) -> bool:
    """Whether two words may stand for one another: of one sense, of a narrower or a wider one, or
    of the same root."""
    if one == other or alike(one, other):
        return True
    first, second = sorted((one, other))
    return second in _related().get(first, frozenset())


def are_of_one_side(one: str, other: str) -> bool:
    """Whether two words stand on one side of the language's opposites: "rose", "grew"."""
    return bool(_sides().get(one, set()) & _sides().get(other, set()))


def opposites_of(key: str) -> frozenset[str]:
    """The words that say the opposite, by themselves."""
    return _opposites().get(key, frozenset())


@lru_cache(maxsize=1)
def _related() -> Keys:
    """{word: those behind it in the alphabet that it is related to}."""
    return {first: frozenset(others) for first, *others in _read("related.txt")}


@lru_cache(maxsize=1)
def _sides() -> dict[str, set[tuple[str, int]]]:
    """{word: (kind, side) of the language's opposites}."""
    found: dict[str, set[tuple[str, int]]] = {}
    for kind, *sides in _OPPOSITES.sides:
        for number, side in enumerate(sides):
            for word in side.split():
                found.setdefault(key_of(word), set()).add((kind, number))
    return found


@lru_cache(maxsize=1)
def _opposites() -> Keys:
    irregular = {word: forms for word, *forms in _read("irregular.txt")}
    found: dict[str, set[str]] = {}

    def add(one: str, other: str) -> None:
        for a in (one, *irregular.get(one, ())):
            for b in (other, *irregular.get(other, ())):
                first, second = key_of(a), key_of(b)
                if first != second:
                    found.setdefault(first, set()).add(second)
                    found.setdefault(second, set()).add(first)

    for one, other in _read("antonyms.txt"):
        add(one, other)
    for _, this, that in _OPPOSITES.sides:
        for one in this.split():
            for other in that.split():
                add(one, other)
    return {key: frozenset(others) for key, others in found.items()}


def _read(name: str) -> list[list[str]]:
    """The words of each line of a file of the dictionary; [] where a language has none."""
    if _OPPOSITES.wordnet is None:
        return []
    text = (_OPPOSITES.wordnet / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines()]
