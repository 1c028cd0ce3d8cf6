"""Where a word or phrase stands in a text, and in which form. Knows no index and no question."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.language import LANGUAGE
from rag.language.stems import one_and_many
from rag.language.words import fold, fold_letters, fold_typography, words

# A letter and the marks that were put on it afterwards are one.
_MARK = r"[\u0300-\u036f]"
_TOKEN = re.compile(rf"(?:[^\W_]|{_MARK})+")
# What may stand between the words of a phrase, whatever its own words have between them.
_BETWEEN = re.compile(r"(?:[^\S\n]|\n(?!\s*\n))*(?:['’‐‑-](?:\s)?)?")
_POSSESSIVE = re.compile(r"['’][sS](?!\w)")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`text[start:end]`, a possessive ending included."""

    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words of each form, and what stands between them.

    `capitals` is set where only capitals are meant: "US", "WHO".
    """

    forms: tuple[tuple[str, ...], ...]
    gaps: tuple[str, ...]
    capitals: bool

    @property
    def match(self) -> str:
        """What FTS5 is asked for the passages that can hold it; its own stems fold more."""
        phrases = (" ".join(fold_letters(w) for w in form) for form in self.forms)
        return "text : (" + " OR ".join(f'"{p}"' for p in dict.fromkeys(phrases)) + ")"


def read_wanted(phrase: str, variants: Iterable[tuple[str, str]] = ()) -> Wanted | None:
    """`phrase` and the singular or plural of its last word; None where it has no word.

    `variants` are (word, other spelling).
    """
    parts = words(phrase)
    if not parts:
        return None
    spans = [m.span() for m in _TOKEN.finditer(phrase)]
    gaps = tuple(fold_typography(phrase[one[1] : other[0]]) for one, other in pairwise(spans))
    spelled = [tuple(parts)]
    for word, other in variants:
        spelled += [
            tuple(other if w == word else w for w in form) for form in spelled if word in form
        ]
    forms = [(*form[:-1], last) for form in spelled for last in one_and_many(form[-1])]
    bare = phrase.strip()
    small = len(parts) == 1 and parts[0] in LANGUAGE.stop_words.words
    return Wanted(tuple(dict.fromkeys(forms)), gaps, capitals=small and bare.isupper())


def find_occurrences(text: str, wanted: Wanted) -> list[Occurrence]:
    """Every place of `text` where one of the forms stands, in order, none within another."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for form in sorted(wanted.forms, key=lambda f: (-len(f), f)):
        by_first.setdefault(form[0], []).append(form)
    found: list[Occurrence] = []
    at = 0
    for first in _begins(tuple(by_first)).finditer(text):
        if first.start() < at:
            continue
        for form in by_first.get(fold(first.group()), ()):
            end = _read_on(text, first.end(), form, wanted.gaps)
            if end and not (wanted.capitals and not first.group().isupper()):
                owns = _POSSESSIVE.match(text, end)
                at = owns.end() if owns else end
                found.append(Occurrence(first.start(), at, text[first.start() : at]))
                break
    return found


@lru_cache(maxsize=256)
def _begins(firsts: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words that may be one of `firsts` once they are folded: those, and any with a letter
    that is not ASCII. To fold every word of a text takes ten times as long."""
    plain = "|".join(re.escape(f) for f in sorted(firsts, key=lambda f: (-len(f), f)))
    odd = rf"[a-zA-Z0-9]*(?:[^\W_\x00-\x7f]|{_MARK})(?:[^\W_]|{_MARK})*"
    return re.compile(rf"(?<![^\W_])(?:(?:{plain})(?![^\W_]|{_MARK})|{odd})", re.IGNORECASE)


def _read_on(text: str, at: int, form: Sequence[str], gaps: Sequence[str]) -> int:
    """Where `form` ends whose first word ends at `at`; 0 where the text goes on otherwise.

    Its words stand together with a space or hyphen between them, or as they were asked.
    """
    for number, word in enumerate(form[1:]):
        following = _TOKEN.search(text, at)
        if following is None or fold(following.group()) != word:
            return 0
        between = text[at : following.start()]
        asked = number < len(gaps) and fold_typography(between) == gaps[number]
        if not asked and not _BETWEEN.fullmatch(between):
            return 0
        at = following.end()
    return at


def count_forms(found: Iterable[Occurrence]) -> list[tuple[str, int]]:
    """(form as it is mostly written, how often), the commonest first."""
    counts: dict[str, Counter[str]] = {}
    for one in found:
        written = " ".join(fold_typography(one.written).split())
        counts.setdefault(fold(written), Counter())[written] += 1
    forms = [
        (min(c, key=lambda w: (-c[w], w)).replace("'", "’"), c.total()) for c in counts.values()
    ]
    return sorted(forms, key=lambda f: (-f[1], f[0]))
