"""Words that are one word in other forms: stems, singulars, roots, sounds.

Four measures, the strictest first: `key_of` (claims against passages), `singular` (heads of
descriptions), `alike` (demonyms, derivations, spellings of a name), `skeleton` (other spellings of
a name in the corpus). The index stems by Porter's rules, which SQLite has.
"""

import re
from functools import lru_cache

from rag.language import LANGUAGE
from rag.language.words import fold, stem

_SPELLING = LANGUAGE.spelling


def key_of(word: str) -> str:
    """The stem that a word is compared by: "Hizballah's" and "hizballah" are one."""
    word = re.sub(r"'s?$", "", fold(word).replace("’", "'")).replace(".", "")
    return stem(word) if len(word) > 3 else word


def singular(word: str) -> str:
    """A noun, folded, as one of it: "policies" → "policy", "spokesmen" → "spokesman"."""
    word = fold(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("men"):
        return word[:-3] + "man"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def plural(word: str) -> str:
    """A noun, folded, as many of it: "policy" → "policies"."""
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def one_and_many(word: str) -> tuple[str, ...]:
    """A folded word with its singular or its plural: "news" has neither, which is no "new"."""
    other = LANGUAGE.counts.other_words
    if not word.isalpha() or word in LANGUAGE.stop_words.words:
        return (word,)
    one = singular(word)
    if one == word:
        found = [plural(word)]
    else:
        # "churches" is of "church", "houses" of "house".
        found = [one, *([word[:-2]] if word.endswith(("ches", "shes", "sses", "xes")) else [])]
    return (word, *(w for w in found if word not in other and w not in other))


def skeleton(word: str) -> str:
    """The consonants of a word as they sound, once each in a row: "hizballah" → "hsbl"."""
    first, rest = word[:1], word[1:]
    for written, sound in _SPELLING.sounds:
        first, rest = first.replace(written, sound), rest.replace(written, sound)
    rest = re.sub(r"[aeiouyhw]", "", rest)
    return re.sub(r"(.)\1+", r"\1", first + rest)


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> bool:
    """The same root: "iranian" and "iran", "Meshal" and "Meshaal", "killing" and "killed"."""
    if one == other:
        return True
    if len(one) < 3 or len(other) < 3 or one[0] != other[0]:
        return False
    a, b = _root(one), _root(other)
    if a == b:
        return True
    letters = _consonants(one)
    return len(letters) > 2 and letters == _consonants(other) and min(len(one), len(other)) > 4


@lru_cache(maxsize=50_000)
def _root(word: str) -> str:
    bare = _SPELLING.derived.sub("", word)
    return bare if len(bare) >= 4 else word


@lru_cache(maxsize=50_000)
def _consonants(word: str) -> str:
    consonants = re.sub(r"[aeiouy’']", "", word[1:])
    return word[0] + re.sub(r"(.)\1+", r"\1", consonants)
