"""Words of one sense and opposite ones, of a dictionary and of the language's own table.

Words are compared as `key_of` gives them. Knows no text.
"""

from functools import lru_cache

from rag.language import LANGUAGE
from rag.language.stems import alike, key_of

_OPPOSITES = LANGUAGE.opposites
Keys = dict[str, frozenset[str]]
Side = tuple[str, int]


def are_related(one: str, other: str) -> bool:
    """Whether two words may stand for one another: of one sense, of a narrower or a wider one, or
    of the same root."""
    if one == other or alike(one, other):
        return True
    return any(_is_pair(a, b) for a in _bases(one) for b in _bases(other))


def are_of_one_side(one: str, other: str) -> bool:
    """Whether two words stand on one side of the language's opposites: "rose", "grew"."""
    return bool(_sides().get(one, set()) & _sides().get(other, set()))


def are_plain_opposites(one: str, other: str) -> bool:
    """Whether two words are opposites that stand out in any sentence: "rose", "fell"."""
    ours, theirs = (
        {side for side in _sides().get(word, ()) if side[0] in _OPPOSITES.plain}
        for word in (one, other)
    )
    return any((kind, 1 - number) in theirs for kind, number in ours)


def is_direction(key: str) -> bool:
    """Whether a word says that something goes up or down."""
    return any(kind == "direction" for kind, _ in _sides().get(key, ()))


def are_by_prefix(one: str, other: str) -> bool:
    """Whether one of two words is the other with a "not" before it: "likely", "unlikely"."""
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and long.endswith(short) and long[: -len(short)] in _OPPOSITES.prefixes


@lru_cache(maxsize=4096)
def opposites_of(key: str) -> frozenset[str]:
    """The words that say the opposite, by themselves."""
    found = set(_antonyms().get(key, ()))
    for kind, side in _sides().get(key, ()):
        found |= _members()[kind, 1 - side]
    return frozenset(found - {key})


def is_word(key: str) -> bool:
    """Whether the dictionary has it as a word, whatever name it may be besides."""
    return key in _words()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(_related()).union(*_related().values(), _antonyms())


def _bases(key: str) -> tuple[str, ...]:
    """ "stopp" of "stopping", and "stop"."""
    return (key, key[:-1]) if len(key) > 3 and key[-1] == key[-2] else (key,)


def _is_pair(one: str, other: str) -> bool:
    first, second = sorted((one, other))
    return first == second or second in _related().get(first, frozenset())


@lru_cache(maxsize=1)
def _related() -> Keys:
    """{word: those behind it in the alphabet that it is related to}."""
    return {first: frozenset(others) for first, *others in _read("related.txt")}


@lru_cache(maxsize=1)
def _members() -> dict[Side, frozenset[str]]:
    """{(kind, side) of the language's opposites: their words, other forms too}."""
    return {
        (kind, number): frozenset(key for word in side.split() for key in _forms(word))
        for kind, *sides in _OPPOSITES.sides
        for number, side in enumerate(sides)
    }


@lru_cache(maxsize=1)
def _sides() -> dict[str, set[Side]]:
    """{word: the sides that it stands on}."""
    found: dict[str, set[Side]] = {}
    for side, words in _members().items():
        for word in words:
            found.setdefault(word, set()).add(side)
    return found


@lru_cache(maxsize=1)
def _antonyms() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pair in _read("antonyms.txt"):
        one, other = (_forms(word) for word in pair)
        for key in one:
            found.setdefault(key, set()).update(other)
        for key in other:
            found.setdefault(key, set()).update(one)
    return found


def _forms(word: str) -> list[str]:
    return [key_of(form) for form in (word, *_irregular().get(word, ()))]


@lru_cache(maxsize=1)
def _irregular() -> dict[str, list[str]]:
    return {word: forms for word, *forms in _read("irregular.txt")}


def _read(name: str) -> list[list[str]]:
    """The words of each line of a file of the dictionary; [] where a language has none."""
    if _OPPOSITES.wordnet is None:
        return []
    text = (_OPPOSITES.wordnet / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines()]
