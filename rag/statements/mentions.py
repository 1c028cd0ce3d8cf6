"""How one mention of a speaker is read: its name, its role, whether it is an outlet.

Knows nothing about other mentions.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rag.language import LANGUAGE, Language
from rag.language.stems import singular
from rag.language.words import fold

DASH = re.compile(r"(?:(?<!\s)\s++)?[—–]\s*")
# A name at the end of a phrase is no longer than this many characters.
_LONGEST_NAME = 200


@dataclass(slots=True)
class Person:
    name: str
    starts: list[int] = field(default_factory=list)
    role: str | None = None
    gender: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Mention:
    """The parts of a phrase that names a speaker; `name` is None for a description."""

    name: str | None
    role: str | None
    head: str
    determined: bool


def read_mention(text: str, *, language: Language = LANGUAGE) -> Mention:
    """Takes "deputy national security adviser Jon Finer" or "Finer, the adviser," apart."""
    text = language.names.trailing.sub("", DASH.sub(", ", text).strip(" ,;:"))
    segment, _, rest = text.partition(",")
    segment = segment.strip()
    words = segment.split()
    if not words:
        return Mention(None, None, "", False)
    determined = fold(words[0]) in language.grammar.described_by
    apposition = clean_role(rest, language) if says_role(rest, language) else None
    of_title = language.names.of_title.match(segment)
    if of_title:  # "US Secretary of State Antony Blinken"
        name = of_title[2]
        return Mention(
            name, apposition or clean_role(of_title[1], language), fold(name.split()[-1]), False
        )
    match = language.names.preposition.search(f"{segment} ")
    core = segment[: match.start()] if match else segment
    head = fold(strip_possessive(core.split()[-1])) if core.split() else ""
    description = Mention(None, None, head, determined)
    if " and " in segment or fold(words[0]) in language.names.quantifiers:
        return description
    trailing = _trailing_name(core, language)
    name = strip_titles(trailing, language)
    parts = name.split()
    before = core[: core.rfind(name)].split() if name else []
    while before and fold(before[0]).strip(".,") in language.names.openers:
        before = before[1:]
    plain = [w for w in before if fold(w).strip(".") not in language.titles.honorifics]
    no_name = all(
        fold(p).strip(".") in language.calendar.words | language.stop_words.words for p in parts
    )
    if (
        no_name
        or is_organisation(parts, language)
        or any(fold(w) in language.names.quantifiers for w in before)
    ):
        named = language.names.apposed.match(rest)
        if named and not is_organisation(
            named[1].split(), language
        ):  # "a JNF official, Howard Ingram,"
            found = strip_titles(named[1], language)
            return Mention(found, clean_role(segment, language), fold(found.split()[-1]), False)
        return description
    if len(parts) == 1 and determined and len(before) == 1:
        return description  # "the Journal", "the Mission"
    return Mention(
        name, apposition or clean_role(" ".join(plain), language), fold(parts[-1]), False
    )


def _trailing_name(text: str, language: Language) -> str:
    """The capitalised words that `text` ends with."""
    match = language.names.at_end.search(strip_possessive(text)[-_LONGEST_NAME:])
    return match.group() if match and not text.endswith(("’s", "'s")) else ""


def strip_titles(name: str, language: Language) -> str:
    """ "Vermont Sen. Bernie Sanders" → "Bernie Sanders"; a title alone stays."""
    parts = strip_possessive(name).split()
    cut = 0
    for place, part in enumerate(parts[:-1]):
        word = fold(part).strip(".,")
        leads = (
            word in language.names.adjectives
            or word in language.names.openers
            or word.endswith(("-backed", "-based", "-led", "-born"))
            or word in language.stop_words.words
            or part.endswith(("’s", "'s"))
        )
        if word in language.titles.words or (place == cut and leads):
            cut = place + 1
    rest = parts[cut:]
    if (
        len(rest) > 2
        and fold(rest[-1]).strip(".") not in language.names.suffixes
        and fold(rest[0]).strip(".") in language.names.adjectives
    ):
        rest = rest[1:]
    return " ".join(rest)


def last_names(name: str, language: Language) -> list[str]:
    parts = [fold(p).strip(".,") for p in name.split()]
    while len(parts) > 1 and parts[-1] in language.names.suffixes:
        parts.pop()
    last = parts[-1]
    return [last, last.split("-", 1)[1]] if last.startswith("al-") else [last]


def is_organisation(parts: list[str], language: Language) -> bool:
    return any(fold(p).strip(".") in language.names.organisations for p in parts)


def same_first(one: str, other: str) -> bool:
    a, b = fold(one).split()[0], fold(other).split()[0]
    return a[0] == b[0] and (a.startswith(b.strip(".")) or b.startswith(a.strip(".")))


def strip_possessive(word: str) -> str:
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", word)


def gender(person: Person) -> str:
    m, f = person.gender["m"], person.gender["f"]
    return "m" if m > 2 * f else "f" if f > 2 * m else ""


def says_role(text: str, language: Language) -> bool:
    found = re.findall(r"[^\W\d_]+", text)
    if not found or fold(found[0]) in language.grammar.no_apposition:
        return False
    if any(fold(w) in language.titles.words | language.titles.role_words for w in found):
        return True
    return fold(found[0]) in language.grammar.articles and len(found) > 2


def is_weak(role: str) -> bool:
    """Whether a role is no more than a form of address: "Ayatollah", "Sen."."""
    return len(role.split()) < 2


def role_before(text: str, language: Language) -> str | None:
    """ "… deputy national security adviser" (before a name) → that; None if it is no role."""
    kept: list[str] = []
    for word in reversed(text.split()):
        plain = fold(word).strip(".")
        ends = (word[-1:] in ".,;:!?" and plain not in language.titles.words) or word in "-–—"
        verb = word.islower() and (
            (plain in language.verbs.forms and plain != "talk")
            or plain.endswith(language.grammar.no_role_endings)
        )
        if (
            ends
            or verb
            or (plain in language.stop_words.words | language.titles.honorifics and plain != "of")
        ):
            break
        kept.insert(0, word)
    while kept and fold(kept[0]).strip(".") == "of":
        kept.pop(0)
    if (
        not kept
        or fold(kept[0]) in language.names.openers  # "Source Adam Kramer", below a story
        or fold(kept[-1]).strip(".") not in language.titles.words | language.titles.role_words
    ):
        return None
    if kept[-1][0].isupper():  # "force Sen." → "Sen."
        while (
            kept[0].islower()
            and fold(kept[0]) not in language.titles.words | language.titles.role_words
        ):
            kept.pop(0)
    return " ".join(kept)


def clean_role(text: str, language: Language) -> str | None:
    text = " ".join(text.split()).strip(" ,;:—–-")
    text = re.sub(r"^(?:[Tt]he|[Aa]n?)\s(?=\S)", "", text)
    text = language.titles.role_ends.split(text)[0].strip(" ,")
    if language.titles.cut_short.search(text):
        # "a graduate of the U.S", where the sentence was taken to end: without what hangs loose.
        joints = list(language.titles.joints.finditer(text))
        text = text[: joints[-1].start()] if joints else ""
    return text or None


def describe(text: str) -> str:
    """A description as a speaker's name: one line, not longer than a reader takes in."""
    text = re.sub(r"^(?:\[\d{1,3}\]\s?)+", "", text.strip(' ,;:“”"'))
    if re.match(r"(?:The|An?) [a-z]", text):  # "The second source", but "The New York Times"
        text = text[0].lower() + text[1:]
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"


def name_words(text: str) -> set[str]:
    return {singular(w) for w in re.findall(r"[^\W_][\w’'-]*", fold(text))}


@lru_cache(maxsize=8192)
def is_named(name: str) -> bool:
    """Whether a speaker has a name, not only a description ("three sources")."""
    return read_mention(name).name is not None


def is_outlet(name: str, *, known: Iterable[str] = (), language: Language = LANGUAGE) -> bool:
    """Whether a name is that of a newspaper, agency or station, as far as its words tell."""
    if any(fold(name) == fold(k) for k in known):
        return True
    if re.fullmatch(r"(?:the )?[\w-]+\.[a-z]{2,6}", name, re.IGNORECASE):
        return True
    for word in re.findall(r"[^\W_]+", name):
        folded = fold(word)
        if folded in language.names.outlet_nouns or (
            folded in language.names.outlet_words and word[0].isupper()
        ):
            return True
    return False


def role_beside(text: str, start: int, end: int, language: Language) -> str | None:
    """What a comma or the words before the name say they are."""
    after = language.titles.role_after.match(text[end : end + 160])
    if after and says_role(after[1], language):
        return clean_role(after[1], language)
    before = re.search(r"((?:[\w.’'\-]+\s){0,6}[\w.’'\-]+)\s$", text[max(0, start - 80) : start])
    if before:
        found = role_before(before[1], language)
        if found:
            return found
    after_dash = re.match(r"—((?:an?|the)\s[^—\n]{3,140})—", text[end : end + 160])
    return clean_role(after_dash[1], language) if after_dash else None
