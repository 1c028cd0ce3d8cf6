"""Whose voice a name or a role means, among those who speak. Knows no index and no question."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.language import LANGUAGE
from rag.language.words import content_words, stem
from rag.statements.mentions import is_named, read_mention

_TITLES = LANGUAGE.titles


def is_same_speaker(one: str, other: str, *, variants: Mapping[str, str] | None = None) -> bool:
    """Whether two names are of one speaker: equal, or a surname and the full name."""
    a, b = _key(one, variants), _key(other, variants)
    if a == b:
        return True
    if not a or not b or not (is_named(one) and is_named(other)):
        return False
    if a[-1] != b[-1]:
        return False
    # "Blinken" and "Antony Blinken"; never "Hillary Clinton" and "Bill Clinton".
    return len(a) == 1 or len(b) == 1 or (a[0][0] == b[0][0] and (len(a[0]) < 3 or len(b[0]) < 3))


def last_name(name: str, *, variants: Mapping[str, str] | None = None) -> str:
    """The word that all names of one speaker end in (`is_same_speaker`)."""
    key = _key(name, variants)
    return key[-1] if key else ""


def telling_word(wanted: str, *, variants: Mapping[str, str] | None = None) -> str:
    """A word that the name or the role of whomever `wanted` names holds (`find_speakers`)."""
    key = _key(wanted, variants)
    return next((w for w in reversed(key) if w not in _TITLES.noise), key[-1] if key else "")


def find_speakers(
    wanted: str,
    speakers: Sequence[tuple[str, str | None, int]],
    *,
    variants: Mapping[str, str] | None = None,
) -> list[str]:
    """Which of `speakers` (name, role, statements) `wanted` names, by name or by role.

    A full name wins over a surname; a role ("the Iranian officials", "the supreme leader") counts
    where all of its words stand in name or role.
    """
    asked = _key(wanted, variants)
    if not asked:
        return []
    named = is_named(wanted) or wanted[:1].isupper()
    exact, surname, role = [], [], []
    for name, their_role, _ in speakers:
        key = _key(name, variants)
        if key == asked:
            exact.append(name)
        elif named and key and is_same_speaker(wanted, name, variants=variants):
            surname.append(name)
        else:
            # "a political advisor to the supreme leader" is an advisor, no leader.
            theirs = _TITLES.belongs.split(their_role or "")[0]
            mine = key if is_named(name) else _words(_TITLES.belongs.split(name)[0], variants)
            held = {stem(w) for w in (*mine, *_words(theirs, variants))}
            needed = {stem(w) for w in asked if w not in _TITLES.noise}
            if needed and needed <= held:
                role.append(name)
    return exact + surname if exact or surname else role


def _words(text: str, variants: Mapping[str, str] | None) -> list[str]:
    found = [w for w in content_words(text) if len(w) > 1]
    return [variants.get(w, w) for w in found] if variants else found


def _key(name: str, variants: Mapping[str, str] | None) -> tuple[str, ...]:
    words = _named_by(name)
    return tuple(variants.get(w, w) for w in words) if variants else words


@lru_cache(maxsize=8192)
def _named_by(name: str) -> tuple[str, ...]:
    words = _words(read_mention(name).name or name, None)
    return tuple(w for w in words if w not in _TITLES.short)
