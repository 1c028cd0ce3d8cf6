"""Who a mention names: "Finer" → Jon Finer, deputy national security adviser.

Knows nothing about what was said. Works on one document: names, roles and who is "she" or "the
group" are read from its own words only.
"""

import re
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass

from rag import tuned
from rag.language import LANGUAGE, Language
from rag.language.stems import singular
from rag.language.words import fold
from rag.statements.mentions import (
    Mention,
    Person,
    describe,
    gender,
    is_organisation,
    is_weak,
    last_names,
    name_words,
    read_mention,
    role_beside,
    same_first,
    strip_possessive,
    strip_titles,
)
from rag.statements.quotations import QUOTED

_WORD = re.compile(r"[^\W_][\w’'.\-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?”])\s+")
_POSSESSIVE = re.compile(r"[’']s?$")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?”\"\n]\s*)(?:[A-Z][\w.’'-]*\s){0,4}$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the fullest name that the document gives, and the role, if it gives one.

    `certain` is False where the document does not say so beside the words.
    """

    name: str
    role: str | None = None
    certain: bool = True
    person: bool = False


class Speakers:
    """The speakers of one document, learnt as its statements are read in order."""

    def __init__(self, text: str, *, language: Language = LANGUAGE) -> None:
        self._text = text
        self._language = language
        self._honored: dict[str, set[str]] = {}  # surname → sexes of its titles
        self._people: dict[str, Person] = {}
        self._by_last: dict[str, list[Person]] = {}
        self._by_role: dict[str, list[Person]] = {}  # "spokesman" → who is one
        self._lines = [m.start() for m in re.finditer("\n", text)]
        self._named: list[tuple[int, str]] = []  # (start, surname), of every mention
        self._described: dict[str, list[Speaker]] = {}  # head noun → whom it described, in order
        self._last: tuple[int, Speaker] | None = None
        self._spoken: deque[tuple[int, Speaker]] = deque(maxlen=tuned.REMEMBERED)
        self._read_names()
        self._read_genders()
        self._read_mentions()

    def resolve(self, start: int, end: int, *, written: str = "") -> Speaker:
        """Who `text[start:end]` names, or `written`, where a label has other letters."""
        written = written or self._text[start:end]
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
            name = strip_titles(match.group(), self._language)
            parts = name.split()
            if parts[-1].isupper() and len(parts[-1]) > 2 and not name.isupper():
                continue
            if fold(
                parts[0]
            ) in self._language.stop_words.words | self._language.calendar.words or any(
                p[0].islower() and p not in self._language.names.particles for p in parts
            ):
                continue
            if len(parts) < 2 or is_organisation(parts, self._language):
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
            person = self._people.setdefault(fold(name), Person(name))
            if person.name.isupper() and not name.isupper():
                person.name = name  # "MICHAEL MCKEE" was his label
            person.starts.append(at)
            if person.role is None:
                person.role = role_beside(self._text, at, at + len(name), self._language)
        for person in self._people.values():
            for last in last_names(person.name, self._language):
                _add(self._by_last, last, person)
            for word in name_words(person.role or "") & self._language.titles.words:
                _add(self._by_role, word, person)

    def _read_genders(self) -> None:
        """Counts what tells men from women: titles, and pronouns beside a single name."""
        for match in self._language.titles.honored.finditer(self._text):
            sex = "m" if match[1] == "Mr" else "f"
            last = fold(strip_possessive(match[2]))
            self._honored.setdefault(last, set()).add(sex)
            people = self._by_last.get(last, ())
            if len(people) == 1:
                people[0].gender[sex] += 5
        for line in self._text.splitlines():
            for sentence in _SENTENCE_END.split(line):
                here = {
                    p.name: p
                    for word in _WORD.findall(sentence)
                    for p in self._by_last.get(fold(strip_possessive(word)), ())
                }
                if len(here) != 1:
                    continue
                person = next(iter(here.values()))
                for word in QUOTED.sub(" ", sentence).lower().split():
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
        return Speaker(describe(text), mention.role)

    def _name(self, mention: Mention, start: int, text: str) -> Speaker:
        name = mention.name or ""
        parts = name.split()
        person = self._people.get(fold(name))
        if person is None and len(parts) == 1 and not mention.determined:
            person = self._by_surname(parts[0], start, text)
        elif person is None:
            same = [p for p in self._by_last.get(fold(parts[-1]), ()) if same_first(p.name, name)]
            person = same[0] if same else None
        if person is not None:
            if mention.role and (person.role is None or is_weak(person.role)):
                person.role = mention.role
            return Speaker(person.name, person.role, person=True)
        return Speaker(name, mention.role, person=bool(mention.role))

    def _by_surname(self, surname: str, start: int, text: str) -> Person | None:
        last = fold(strip_possessive(surname))
        people = self._by_last.get(last, [])
        sex = self._language.titles.sexes.get(fold(text.split()[0]).strip("."), "")
        if sex:
            # Of a family ("Mr. Clinton", "Mrs. Clinton") only who is known to be meant.
            allowed = (sex,) if len(self._honored.get(last, ())) > 1 else ("", sex)
            people = [p for p in people if gender(p) in allowed]

        def rank(person: Person) -> tuple[int, int, int, str]:
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
            # "They" are never the one person who spoke last.
            many = self._many_before(start) if word == "they" else None
            return many or Speaker(word, certain=False)
        pronouns = self._language.pronouns
        sex = "m" if word in pronouns.he else "f" if word in pronouns.she else ""
        subject = self._subject_before(start, sex)
        if last is not None and near:
            person = self._people.get(fold(last.name))
            agrees = person is None or not sex or gender(person) in ("", sex)
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

    def _many_before(self, start: int) -> Speaker | None:
        """Who spoke last before `start` and is more than one: "researchers", "two officials"."""
        for at, speaker in reversed(self._spoken):
            head = read_mention(speaker.name, language=self._language).head
            if self._near(at, start) and not speaker.person and singular(head) != fold(head):
                return Speaker(speaker.name, speaker.role, certain=False)
        return None

    def _subject_before(self, start: int, sex: str) -> tuple[int, Person, bool] | None:
        """The nearest person named before `start` who opens a sentence, else who is named."""
        named: tuple[int, Person, bool] | None = None
        for place in range(bisect_left(self._named, (start, "")) - 1, -1, -1):
            at, last = self._named[place]
            if start - at > tuned.SUBJECT_REACH:
                break
            people = self._by_last.get(last, [])
            people = [p for p in people if not sex or gender(p) in ("", sex)]
            if not people:
                continue
            person = max(people, key=lambda p: (len(p.starts), p.name))
            named = named or (at, person, False)
            if self._opens_sentence(at):
                return at, person, True
        return named

    def _opens_sentence(self, at: int) -> bool:
        return _OPENS_SENTENCE.search(self._text[max(0, at - 60) : at]) is not None

    def _near(self, start: int, end: int) -> bool:
        """Whether at most two paragraphs lie between (an empty line is a line, too)."""
        return bisect_left(self._lines, end) - bisect_left(self._lines, start) <= tuned.NEAR_LINES

    def _known(self, mention: Mention, text: str, start: int) -> Speaker | None:
        """Whom "the spokesman", "the source" or "the group" meant before."""
        head = singular(mention.head)
        core = self._language.names.preposition.split(f"{text.partition(',')[0]} ")[0]
        wanted = name_words(core) - self._language.grammar.described_by
        for speaker in reversed(self._described.get(head, [])[-tuned.REMEMBERED :]):
            if wanted <= name_words(f"{speaker.name} {speaker.role or ''}") | {head, mention.head}:
                return speaker
        for person in self._by_role.get(head, ()):
            if person.starts[0] < start and wanted <= name_words(person.role or ""):
                return Speaker(person.name, person.role, person=True)
        if head in self._language.names.groups and len(wanted) <= 1 and self._last is not None:
            last_start, last = self._last
            # "The company" is no "source close to Duncan".
            called = re.sub(r"^[Tt]he ", "", last.name)[:1].isupper()
            if called and not last.person and self._near(last_start, start):
                return Speaker(last.name, last.role, certain=False)
        return None

    def _remember(self, start: int, written: str, speaker: Speaker) -> None:
        self._last = (start, speaker)
        self._spoken.append(self._last)
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


def _add(found: dict[str, list[Person]], key: str, person: Person) -> None:
    people = found.setdefault(key, [])
    if len(people) < tuned.MAX_ALIKE:
        people.append(person)
