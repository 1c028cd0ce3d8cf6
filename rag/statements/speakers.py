"""Who a mention names: "Finer" → Jon Finer, deputy national security adviser.

Knows nothing about what was said. Works on one document: names, roles and who is "she" or "the
group" are read from its own words only.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.language import LANGUAGE, Language
from rag.language.stems import singular
from rag.language.words import fold

_WORD = re.compile(r"[^\W_][\w’'.\-]*")
_DASH = re.compile(r"(?:(?<!\s)\s++)?[—–]\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?”])\s+")
_QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"]{0,2000}\"")
_POSSESSIVE = re.compile(r"[’']s?$")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?”\"\n]\s*)(?:[A-Z][\w.’'-]*\s){0,4}$")
# Lines between a speaker and "he said" farther down; an empty one counts.
_NEAR_LINES = 4
# Characters back that the subject of a pronoun is looked for in.
_SUBJECT_REACH = 700
# The last descriptions with one head noun that "the source" may mean.
_REMEMBERED = 50
# People of one surname or one role that are told apart.
_MAX_ALIKE = 100
# A name at the end of a phrase is no longer than this many characters.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the fullest name that the document gives, and the role, if it gives one.

    `certain` is False where the document does not say so beside the words.
    """

    name: str
    role: str | None = None
    certain: bool = True
    person: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """The parts of a phrase that names a speaker; `name` is None for a description."""

    name: str | None
    role: str | None
    head: str
    determined: bool


@dataclass(slots=True)
class _Person:
    name: str
    starts: list[int] = field(default_factory=list)
    role: str | None = None
    gender: Counter[str] = field(default_factory=Counter)


class Speakers:
    """The speakers of one document, learnt as its statements are read in order."""

    def __init__(self, text: str, *, language: Language = LANGUAGE) -> None:
        self._text = text
        self._language = language
        self._honored: dict[str, set[str]] = {}  # surname → sexes of its titles
        self._people: dict[str, _Person] = {}
        self._by_last: dict[str, list[_Person]] = {}
        self._by_role: dict[str, list[_Person]] = {}  # "spokesman" → who is one
        self._lines = [m.start() for m in re.finditer("\n", text)]
        self._named: list[tuple[int, str]] = []  # (start, surname), of every mention
        self._described: dict[str, list[Speaker]] = {}  # head noun → whom it described, in order
        self._last: tuple[int, Speaker] | None = None
        self._read_names()
        self._read_genders()
        self._read_mentions()

    def resolve(self, start: int, end: int) -> Speaker:
        """Who `text[start:end]` names."""
        written = self._text[start:end]
        speaker = self._resolve(written, start)
        self._remember(start, written, speaker)
        return speaker

    def carried(self, start: int) -> Speaker | None:
        """Who spoke last before `start`, for words that name nobody; never certain."""
        if self._last is None or not self._near(self._last[0], start):
            return None
        last = self._last[1]
        return Speaker(last.name, last.role, certain=False, person=last.person)

    # --- reading the document ---

    def _read_names(self) -> None:
        for match in self._language.names.sequence.finditer(self._text):
            name = _strip_titles(match.group(), self._language)
            parts = name.split()
            if parts[-1].isupper() and len(parts[-1]) > 2 and not name.isupper():
                continue
            if fold(
                parts[0]
            ) in self._language.stop_words.words | self._language.calendar.words or any(
                p[0].islower() and p not in self._language.names.particles for p in parts
            ):
                continue
            if len(parts) < 2 or _is_organisation(parts, self._language):
                continue
            if (
                fold(parts[-1]).strip(".")
                in self._language.titles.words
                | self._language.calendar.words
                | self._language.stop_words.words
            ):
                continue
            if len(parts) > 4:
                continue
            at = match.start() + match.group().rfind(name)
            person = self._people.setdefault(fold(name), _Person(name))
            person.starts.append(at)
            if person.role is None:
                person.role = self._role_beside(at, at + len(name))
        for person in self._people.values():
            for last in _last_names(person.name, self._language):
                _add(self._by_last, last, person)
            for word in _name_words(person.role or "") & self._language.titles.words:
                _add(self._by_role, word, person)

    def _role_beside(self, start: int, end: int) -> str | None:
        """What a comma or the words before the name say they are."""
        after = self._language.titles.role_after.match(self._text[end : end + 160])
        if after and _says_role(after[1], self._language):
            return _clean_role(after[1], self._language)
        before = re.search(
            r"((?:[\w.’'\-]+\s){0,6}[\w.’'\-]+)\s$", self._text[max(0, start - 80) : start]
        )
        if before:
            found = _role_before(before[1], self._language)
            if found:
                return found
        after_dash = re.match(r"—((?:an?|the)\s[^—\n]{3,140})—", self._text[end : end + 160])
        return _clean_role(after_dash[1], self._language) if after_dash else None

    def _read_genders(self) -> None:
        """Counts what tells men from women: titles, and pronouns beside a single name."""
        for match in self._language.titles.honored.finditer(self._text):
            sex = "m" if match[1] == "Mr" else "f"
            last = fold(_strip_possessive(match[2]))
            self._honored.setdefault(last, set()).add(sex)
            people = self._by_last.get(last, ())
            if len(people) == 1:
                people[0].gender[sex] += 5
        for line in self._text.splitlines():
            for sentence in _SENTENCE_END.split(line):
                here = {
                    p.name: p
                    for word in _WORD.findall(sentence)
                    for p in self._by_last.get(fold(_strip_possessive(word)), ())
                }
                if len(here) != 1:
                    continue
                person = next(iter(here.values()))
                for word in _QUOTED.sub(" ", sentence).lower().split():
                    word = word.strip(".,;:")
                    person.gender["m"] += word in self._language.pronouns.he
                    person.gender["f"] += word in self._language.pronouns.she

    def _read_mentions(self) -> None:
        for match in _WORD.finditer(self._text):
            word = match.group()
            # A possessive names who something belongs to, not who acts.
            if word[0].isupper() and not _POSSESSIVE.search(word):
                last = fold(word.rstrip("."))
                if last in self._by_last:
                    self._named.append((match.start(), last))

    # --- resolving ---

    def _resolve(self, written: str, start: int) -> Speaker:
        text = self._language.names.trailing.sub("", " ".join(written.split()).strip(" ,;:—–-"))
        text = self._language.names.lead.sub("", text) or text
        lower = fold(text)
        if lower in self._language.pronouns.persons:
            return self._pronoun(lower, start)
        mention = read_mention(text, language=self._language)
        if mention.name is not None:
            return self._name(mention, start, text)
        if mention.determined:
            known = self._known(mention, text, start)
            if known is not None:
                return known
        return Speaker(_describe(text), mention.role)

    def _name(self, mention: Mention, start: int, text: str) -> Speaker:
        name = mention.name or ""
        parts = name.split()
        person = self._people.get(fold(name))
        if person is None and len(parts) == 1 and not mention.determined:
            person = self._by_surname(parts[0], start, text)
        elif person is None:
            same = [p for p in self._by_last.get(fold(parts[-1]), ()) if _same_first(p.name, name)]
            person = same[0] if same else None
        if person is not None:
            if mention.role and (person.role is None or _is_weak(person.role)):
                person.role = mention.role
            return Speaker(person.name, person.role, person=True)
        return Speaker(name, mention.role, person=bool(mention.role))

    def _by_surname(self, surname: str, start: int, text: str) -> _Person | None:
        last = fold(_strip_possessive(surname))
        people = self._by_last.get(last, [])
        sex = self._language.titles.sexes.get(fold(text.split()[0]).strip("."), "")
        if sex:
            # Of a family ("Mr. Clinton", "Mrs. Clinton") only who is known to be meant.
            allowed = (sex,) if len(self._honored.get(last, ())) > 1 else ("", sex)
            people = [p for p in people if _gender(p) in allowed]

        def rank(person: _Person) -> tuple[int, int, int, str]:
            before = bisect_left(person.starts, start)
            nearest = start - person.starts[before - 1] if before else 10**9
            return (0 if before else 1, -len(person.starts), nearest, person.name)

        return min(people, key=rank, default=None)

    def _pronoun(self, word: str, start: int) -> Speaker:
        """Whom "he", "she", "it" or "they" means, as far as the words before tell."""
        last_start, last = self._last or (-1, None)
        near = last is not None and self._near(last_start, start)
        if word in ("it", "they"):
            if last is not None and near and not last.person:
                return Speaker(last.name, last.role, certain=False)
            if word == "it":
                return Speaker(word, certain=False)
        sex = (
            "m"
            if word in self._language.pronouns.he
            else "f"
            if word in self._language.pronouns.she
            else ""
        )
        subject = self._subject_before(start, sex)
        if last is not None and near:
            person = self._people.get(fold(last.name))
            agrees = person is None or not sex or _gender(person) in ("", sex)
            bare = re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", last.name)
            speaks = last.person or (bool(sex) and not bare[0].isupper())
            # In news "he said" mostly goes on with who spoke last, unless the words between
            # have another person for their subject.
            another = (
                subject is not None
                and subject[2]
                and subject[0] >= last_start
                and fold(subject[1].name) != fold(last.name)
            )
            if agrees and speaks and not another:
                here = bisect_left(self._lines, last_start) == bisect_left(self._lines, start)
                return Speaker(last.name, last.role, certain=here, person=True)
        if subject is not None:
            return Speaker(subject[1].name, subject[1].role, certain=False, person=True)
        return Speaker(word, certain=False)

    def _subject_before(self, start: int, sex: str) -> tuple[int, _Person, bool] | None:
        """The nearest person named before `start` who opens a sentence, else who is named."""
        named: tuple[int, _Person, bool] | None = None
        for at, last in self._mentions_before(start):
            if start - at > _SUBJECT_REACH:
                break
            people = self._by_last.get(last, [])
            people = [p for p in people if not sex or _gender(p) in ("", sex)]
            if not people:
                continue
            person = max(people, key=lambda p: (len(p.starts), p.name))
            named = named or (at, person, False)
            if self._opens_sentence(at):
                return at, person, True
        return named

    def _mentions_before(self, start: int) -> Iterable[tuple[int, str]]:
        for place in range(bisect_left(self._named, (start, "")) - 1, -1, -1):
            yield self._named[place]

    def _opens_sentence(self, at: int) -> bool:
        return _OPENS_SENTENCE.search(self._text[max(0, at - 60) : at]) is not None

    def _near(self, start: int, end: int) -> bool:
        """Whether at most two paragraphs lie between (an empty line is a line, too)."""
        return bisect_left(self._lines, end) - bisect_left(self._lines, start) <= _NEAR_LINES

    def _known(self, mention: Mention, text: str, start: int) -> Speaker | None:
        """Whom "the spokesman", "the source" or "the group" meant before."""
        head = singular(mention.head)
        core = self._language.names.preposition.split(f"{text.partition(',')[0]} ")[0]
        wanted = _name_words(core) - self._language.grammar.described_by
        for speaker in reversed(self._described.get(head, [])[-_REMEMBERED:]):
            if wanted <= _name_words(f"{speaker.name} {speaker.role or ''}") | {head, mention.head}:
                return speaker
        for person in self._by_role.get(head, ()):
            if person.starts[0] < start and wanted <= _name_words(person.role or ""):
                return Speaker(person.name, person.role, person=True)
        if head in self._language.names.groups and len(wanted) <= 1 and self._last is not None:
            last_start, last = self._last
            if not last.person and self._near(last_start, start):
                return Speaker(last.name, last.role, certain=False)
        return None

    def _remember(self, start: int, written: str, speaker: Speaker) -> None:
        self._last = (start, speaker)
        mention = read_mention(" ".join(written.split()).strip(" ,"), language=self._language)
        heads = [mention.head] if mention.name is None else speaker.name.split()[-1:]
        if mention.name is not None or fold(written.strip()) in self._language.pronouns.persons:
            heads += [
                w
                for w in re.findall(r"[a-z]+", fold(speaker.role or ""))
                if w in self._language.titles.words
            ]
        for head in heads:
            if fold(head) not in self._language.pronouns.persons:
                self._described.setdefault(singular(head), []).append(speaker)


def _add(found: dict[str, list[_Person]], key: str, person: _Person) -> None:
    people = found.setdefault(key, [])
    if len(people) < _MAX_ALIKE:
        people.append(person)


def read_mention(text: str, *, language: Language = LANGUAGE) -> Mention:
    """Takes "deputy national security adviser Jon Finer" or "Finer, the adviser," apart."""
    text = language.names.trailing.sub("", _DASH.sub(", ", text).strip(" ,;:"))
    segment, _, rest = text.partition(",")
    segment = segment.strip()
    words = segment.split()
    if not words:
        return Mention(None, None, "", False)
    determined = fold(words[0]) in language.grammar.described_by
    apposition = _clean_role(rest, language) if _says_role(rest, language) else None
    of_title = language.names.of_title.match(segment)
    if of_title:  # "US Secretary of State Antony Blinken"
        name = of_title[2]
        return Mention(
            name, apposition or _clean_role(of_title[1], language), fold(name.split()[-1]), False
        )
    match = language.names.preposition.search(f"{segment} ")
    core = segment[: match.start()] if match else segment
    head = fold(_strip_possessive(core.split()[-1])) if core.split() else ""
    description = Mention(None, None, head, determined)
    if " and " in segment or fold(words[0]) in language.names.quantifiers:
        return description
    trailing = _trailing_name(core, language)
    name = _strip_titles(trailing, language)
    parts = name.split()
    before = core[: core.rfind(name)].split() if name else []
    plain = [w for w in before if fold(w).strip(".") not in language.titles.honorifics]
    no_name = all(
        fold(p).strip(".") in language.calendar.words | language.stop_words.words for p in parts
    )
    if (
        no_name
        or _is_organisation(parts, language)
        or any(fold(w) in language.names.quantifiers for w in before)
    ):
        named = language.names.apposed.match(rest)
        if named and not _is_organisation(
            named[1].split(), language
        ):  # "a JNF official, Howard Ingram,"
            found = _strip_titles(named[1], language)
            return Mention(found, _clean_role(segment, language), fold(found.split()[-1]), False)
        return description
    if len(parts) == 1 and determined and len(before) == 1:
        return description  # "the Journal", "the Mission"
    return Mention(
        name, apposition or _clean_role(" ".join(plain), language), fold(parts[-1]), False
    )


def _trailing_name(text: str, language: Language) -> str:
    """The capitalised words that `text` ends with."""
    match = language.names.at_end.search(_strip_possessive(text)[-_LONGEST_NAME:])
    return match.group() if match and not text.endswith(("’s", "'s")) else ""


def _strip_titles(name: str, language: Language) -> str:
    """ "Vermont Sen. Bernie Sanders" → "Bernie Sanders"; a title alone stays."""
    parts = _strip_possessive(name).split()
    cut = 0
    for place, part in enumerate(parts[:-1]):
        word = fold(part).strip(".,")
        leads = (
            word in language.names.adjectives
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


def _last_names(name: str, language: Language) -> list[str]:
    parts = [fold(p).strip(".,") for p in name.split()]
    while len(parts) > 1 and parts[-1] in language.names.suffixes:
        parts.pop()
    last = parts[-1]
    return [last, last.split("-", 1)[1]] if last.startswith("al-") else [last]


def _is_organisation(parts: list[str], language: Language) -> bool:
    return any(fold(p).strip(".") in language.names.organisations for p in parts)


def _same_first(one: str, other: str) -> bool:
    a, b = fold(one).split()[0], fold(other).split()[0]
    return a[0] == b[0] and (a.startswith(b.strip(".")) or b.startswith(a.strip(".")))


def _strip_possessive(word: str) -> str:
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", word)


def _gender(person: _Person) -> str:
    m, f = person.gender["m"], person.gender["f"]
    return "m" if m > 2 * f else "f" if f > 2 * m else ""


def _says_role(text: str, language: Language) -> bool:
    found = re.findall(r"[^\W\d_]+", text)
    if not found or fold(found[0]) == "who":
        return False
    if any(fold(w) in language.titles.words | language.titles.role_words for w in found):
        return True
    return fold(found[0]) in language.grammar.articles and len(found) > 2


def _is_weak(role: str) -> bool:
    """Whether a role is no more than a form of address: "Ayatollah", "Sen."."""
    return len(role.split()) < 2


def _role_before(text: str, language: Language) -> str | None:
    """ "… deputy national security adviser" (before a name) → that; None if it is no role."""
    kept: list[str] = []
    for word in reversed(text.split()):
        plain = fold(word).strip(".")
        ends = word[-1:] in ".,;:!?" and plain not in language.titles.words
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


def _clean_role(text: str, language: Language) -> str | None:
    text = " ".join(text.split()).strip(" ,;:—–-")
    text = re.sub(r"^(?:[Tt]he|[Aa]n?)\s(?=\S)", "", text)
    text = language.titles.role_ends.split(text)[0]
    return text.strip(" ,") or None


def _describe(text: str) -> str:
    """A description as a speaker's name: one line, not longer than a reader takes in."""
    text = text.strip(' ,;:“”"')
    if re.match(r"(?:The|An?) [a-z]", text):  # "The second source", but "The New York Times"
        text = text[0].lower() + text[1:]
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"


def _name_words(text: str) -> set[str]:
    return {singular(w) for w in re.findall(r"[^\W_][\w’'-]*", fold(text))}


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
