"""Who a mention names: "Finer" → Jon Finer, deputy national security adviser.

Knows nothing about what was said. Works on one document: names, roles and who is "she" or "the
group" are read from its own words only.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.words import STOP_WORDS, fold

_PARTICLES = frozenset("al bin ibn de del della der di du la le van von el da dos ben".split())
_PARTICLE = r"(?:al|bin|ibn|de|del|della|der|di|du|la|le|van|von|el|da|dos|ben)"
# A full stop belongs to a name only behind a title or an initial.
_CAPITAL = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Pres|Gen|Lt|Col|Sgt|St|Jr|Sr|Prof|Rev|Hon|Capt|Adm"
    r"|Maj|Brig|[^\W\d_a-zß-öø-ÿ])\.|[^\W\d_a-zß-öø-ÿ](?:[\w’'\-]*\w)?)"
)
_SEQUENCE = re.compile(rf"(?<![\w’']){_CAPITAL}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])?{_CAPITAL})*")
HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady".split())
_FEMALE = frozenset("mrs ms miss dame lady mother sister sen.f".split())
_TITLES = frozenset(
    """mr mrs ms miss dr prof professor sir dame lord lady sen senator rep representative
    congressman congresswoman gov governor president premier chancellor pres vice vp prime minister
    secretary chairman chairwoman chair chief justice judge gen general col colonel lt lieutenant
    capt captain sgt sergeant maj major admiral adm cmdr commander ayatollah sheikh shaykh sayyed
    sayyid imam rev reverend pope king queen prince princess mayor ambassador attorney director
    spokesman spokeswoman spokesperson manager adviser advisor analyst strategist candidate
    rival nominee leader officer deputy executive editor reporter correspondent host anchor
    author activist economist lawyer former ex sec treasurer councilman councilwoman sheriff
    speaker whip rabbi father brother sister coach founder ceo cfo officials official delegate
    lawmaker lawmakers brig brigadier hajj dean actor actress singer billionaire businessman mogul
    pollster staffer surrogate star legislator assemblyman assemblywoman critic historian scientist
    columnist superintendent commissioner""".split()
)
# What goes before a name without being of it.
_ADJECTIVES = frozenset(
    """republican democratic democrat american iranian israeli palestinian lebanese syrian iraqi
    saudi arab british french german russian chinese ukrainian turkish egyptian european us u.s uk
    u.k un u.n eu gop white house house senate state texas florida vermont new york jersey iowa ohio
    california utah kentucky south carolina north wisconsin massachusetts arkansas indiana nebraska
    arizona virginia maryland michigan minnesota louisiana georgia federal national defense foreign
    finance interior press campaign libertarian green conservative liberal labour tory obama's
    clinton's trump's iran's israel's hamas's secretary-general yesterday today monday tuesday
    wednesday thursday friday saturday sunday""".split()
)
_ORGANISATION = frozenset(
    """house committee commission department agency ministry university institute center centre
    college council court party group association union times post journal news press company corp
    inc bank fund foundation federation network brigades movement army force forces government
    administration congress senate campaign office bureau school society league coalition
    organization organisation alliance board service services authority program project trust
    agence team club poll caucus pac world nations mission embassy street states kingdom republic
    union cnn bbc fbi cia nbc abc cbs msnbc reuters guard corps watch""".split()
)
_GROUP_NOUNS = frozenset(
    """group movement organization organisation campaign company agency ministry committee
    commission department government administration party outlet newspaper paper network website
    magazine union team bank firm court council center centre institute mission army military
    militia faction body regulator university union association coalition""".split()
)
_MONTHS_DAYS = frozenset(
    """january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sept sep oct nov
    dec""".split()
)
_DETERMINERS = frozenset("the a an this that these those his her their its our my your".split())
_HE = frozenset("he him his himself".split())
_SHE = frozenset("she her hers herself".split())
_PRONOUNS = frozenset("he she they it who him her them himself herself themselves".split())
_PREPOSITION = re.compile(
    r"\s(?:of|for|at|in|from|with|on|to|near|who|whom|whose|which|that|close|familiar|by|about"
    r"|under|inside|outside|involved|speaking|including|among|as|and|or|but)\s",
)
_WORD = re.compile(r"[^\W_][\w’'.\-]*")
_SUFFIX = frozenset("jr sr ii iii iv".split())
_LEAD = re.compile(
    r"^(?:(?:and|but|yet|so|still|while|as|then|even|also|both|now|meanwhile|however|instead"
    r"|like|when|if|because|although|though|since|where|on|in|at|after|during|for|last|earlier"
    r"|later|once|only|not)\b[\s,]*)+",
    re.IGNORECASE,
)


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

    def __init__(self, text: str) -> None:
        self._text = text
        self._people: dict[str, _Person] = {}
        self._by_last: dict[str, list[_Person]] = {}
        self._named: list[tuple[int, str]] = []  # (start, full name or organisation)
        self._described: list[tuple[int, str, Speaker]] = []  # (start, head noun, speaker)
        self._last: tuple[int, Speaker] | None = None
        self._read_names()
        self._read_genders()

    def resolve(self, start: int, end: int) -> Speaker:
        """Who `text[start:end]` names."""
        written = self._text[start:end]
        speaker = self._resolve(written, start)
        self._remember(start, written, speaker)
        return speaker

    def carried(self, start: int) -> Speaker | None:
        """Who spoke last before `start`, for words that name nobody; never certain."""
        if self._last is None or self._text.count("\n", self._last[0], start) > 4:
            return None
        last = self._last[1]
        return Speaker(last.name, last.role, certain=False, person=last.person)

    # --- reading the document ---

    def _read_names(self) -> None:
        for match in _SEQUENCE.finditer(self._text):
            name = _strip_titles(match.group())
            parts = name.split()
            if parts[-1].isupper() and len(parts[-1]) > 2 and not name.isupper():
                continue
            if fold(parts[0]) in STOP_WORDS | _MONTHS_DAYS or any(
                p[0].islower() and p not in _PARTICLES for p in parts
            ):
                continue
            if len(parts) < 2 or _is_organisation(parts):
                continue
            if fold(parts[-1]).strip(".") in _TITLES | _MONTHS_DAYS | STOP_WORDS:
                continue
            if len(parts) > 4:
                continue
            at = match.start() + match.group().rfind(name)
            person = self._people.setdefault(fold(name), _Person(name))
            person.starts.append(at)
            if person.role is None:
                person.role = self._role_beside(at, at + len(name))
        for person in self._people.values():
            for last in _last_names(person.name):
                self._by_last.setdefault(last, []).append(person)

    def _role_beside(self, start: int, end: int) -> str | None:
        """What a comma or the words before the name say they are."""
        after = re.match(
            r",\s((?:an?|the|one|its|his|her|our|[a-z][\w’'-]*)\b[^,;—()“”\"\n]{3,140}?)"
            r"(?:[,;—]|\.(?:\s|$))",
            self._text[end : end + 160],
        )
        if after and _says_role(after[1]):
            return _clean_role(after[1])
        before = re.search(
            r"((?:[\w.’'\-]+\s){0,6}[\w.’'\-]+)\s$", self._text[max(0, start - 80) : start]
        )
        if before:
            found = _role_before(before[1])
            if found:
                return found
        after_dash = re.match(r"—((?:an?|the)\s[^—\n]{3,140})—", self._text[end : end + 160])
        return _clean_role(after_dash[1]) if after_dash else None

    def _read_genders(self) -> None:
        text = self._text
        for person in self._people.values():
            for start in person.starts:
                before = text[max(0, start - 6) : start].split()
                if before and before[-1].strip(".").lower() in _FEMALE:
                    person.gender["f"] += 5
                elif before and before[-1].strip(".").lower() == "mr":
                    person.gender["m"] += 5
        for last, people in self._by_last.items():
            for match in re.finditer(rf"\b(Mr|Mrs|Ms)\.?\s{re.escape(last)}\b", text, re.I):
                sex = "m" if match[1].lower() == "mr" else "f"
                if len(people) == 1:
                    people[0].gender[sex] += 5
        # A sentence that names one person and goes on with "he" or "she".
        for line in text.splitlines():
            for sentence in re.split(r"(?<=[.!?”])\s+", line):
                here = {
                    p.name: p
                    for word in _WORD.findall(sentence)
                    for p in self._by_last.get(fold(_strip_possessive(word)), ())
                }
                if len(here) != 1:
                    continue
                person = next(iter(here.values()))
                outside = re.sub(r"“[^”]*”|\"[^\"]*\"", " ", sentence)
                for word in outside.lower().split():
                    word = word.strip(".,;:")
                    person.gender["m"] += word in _HE
                    person.gender["f"] += word in _SHE

    # --- resolving ---

    def _resolve(self, written: str, start: int) -> Speaker:
        text = _TRAILING.sub("", " ".join(written.split()).strip(" ,;:—–-"))
        text = _LEAD.sub("", text) or text
        lower = fold(text)
        if lower in _PRONOUNS:
            return self._pronoun(lower, start)
        mention = read_mention(text)
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
        elif person is None and len(parts) > 1:
            same = [p for p in self._by_last.get(fold(parts[-1]), ()) if _same_first(p.name, name)]
            person = same[0] if same else None
        if person is not None:
            if mention.role and (person.role is None or _is_weak(person.role)):
                person.role = mention.role
            return Speaker(person.name, person.role, person=True)
        if len(parts) == 1:
            known = self._organisation(parts[0], start)
            if known is not None:
                return Speaker(known, mention.role)
        return Speaker(name, mention.role, person=bool(mention.role))

    def _by_surname(self, surname: str, start: int, text: str) -> _Person | None:
        people = self._by_last.get(fold(_strip_possessive(surname)), [])
        if not people:
            return None
        title = fold(text.split()[0]).strip(".")
        if title in HONORIFICS:
            sex = "m" if title in ("mr", "sir", "lord") else "f" if title != "dr" else ""
            people = [p for p in people if not sex or _gender(p) in ("", sex)]
            both = re.search(
                rf"\b{'Mr' if sex == 'f' else 'M(?:r?s|iss)'}\.? {re.escape(_strip_possessive(surname))}\b",
                self._text,
            )
            if both and sex:  # a family: "Mr. Clinton", "Mrs. Clinton"
                people = [p for p in people if _gender(p) == sex]
            if not people:
                return None

        def rank(person: _Person) -> tuple[int, int, int, str]:
            before = bisect_left(person.starts, start)
            nearest = start - person.starts[before - 1] if before else 10**9
            return (0 if before else 1, -len(person.starts), nearest, person.name)

        return min(people, key=rank)

    def _pronoun(self, word: str, start: int) -> Speaker:
        if word in ("it", "they"):
            if self._last is not None and self._text.count("\n", self._last[0], start) <= 4:
                last = self._last[1]
                if not last.person:
                    return Speaker(last.name, last.role, certain=False)
            if word == "it":
                return Speaker(word, certain=False)
        sex = "m" if word in _HE else "f" if word in _SHE else ""
        line = self._text.rfind("\n", 0, start)
        subject = self._subject_before(start, sex)
        if self._last is not None:
            at, last = self._last
            person = self._people.get(fold(last.name))
            agrees = person is None or not sex or _gender(person) in ("", sex)
            # In news "he said" mostly goes on with who spoke last, unless the words between
            # have another person for their subject.
            near = self._text.count("\n", at, start) <= 4
            bare = re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", last.name)
            speaks = last.person or (bool(sex) and not bare[0].isupper())
            since = (
                subject is not None
                and subject[0] >= at
                and subject[2]
                and fold(subject[1].name) != fold(last.name)
            )
            if agrees and near and speaks and not since:
                return Speaker(last.name, last.role, certain=at > line, person=True)
        if subject is not None:
            person = subject[1]
            return Speaker(person.name, person.role, certain=False, person=True)
        return Speaker(word, certain=False)

    def _subject_before(self, start: int, sex: str) -> tuple[int, _Person, bool] | None:
        """The nearest person named before `start` who opens a sentence, else who is named."""
        named: tuple[int, _Person, bool] | None = None
        for at, last in self._mentions_before(start):
            if start - at > 700:
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
        if not self._named:
            for match in _WORD.finditer(self._text):
                last = fold(_strip_possessive(match.group().rstrip(".")))
                # A possessive names who something belongs to, not who acts.
                if last in self._by_last and match.group()[0].isupper():
                    if not re.search(r"[’']s?$", match.group()):
                        self._named.append((match.start(), last))
        place = bisect_left(self._named, (start, ""))
        return reversed(self._named[:place])

    def _opens_sentence(self, at: int) -> bool:
        before = self._text[max(0, at - 60) : at]
        return bool(re.search(r"(?:^|[.!?”\"\n]\s*)(?:[A-Z][\w.’'-]*\s){0,4}$", before))

    def _known(self, mention: Mention, text: str, start: int) -> Speaker | None:
        """Whom "the spokesman", "the source" or "the group" meant before."""
        head = _singular(mention.head)
        core = _PREPOSITION.split(f"{text.partition(',')[0]} ")[0]
        wanted = _name_words(core) - _DETERMINERS
        for at, known_head, speaker in reversed(self._described):
            if at >= start:
                continue
            if known_head == head:
                have = _name_words(f"{speaker.name} {speaker.role or ''}")
                if wanted <= have | {head, mention.head}:
                    return speaker
        for person in self._people.values():
            role = fold(person.role or "")
            if role and person.starts[0] < start and wanted and wanted <= _name_words(role):
                return Speaker(person.name, person.role, person=True)
        if head in _GROUP_NOUNS and len(wanted) <= 1 and self._last is not None:
            last = self._last[1]
            if not last.person and self._text.count("\n", self._last[0], start) <= 4:
                return Speaker(last.name, last.role, certain=False)
        return None

    def _organisation(self, word: str, start: int) -> str | None:
        if word.isupper():
            return None
        for match in re.finditer(rf"((?:[A-Z][\w.’'-]*\s){{1,3}}){re.escape(word)}\b", self._text):
            if match.start() < start and match[1].split()[0].lower() in ("the",):
                return match.group()
        return None

    def _remember(self, start: int, written: str, speaker: Speaker) -> None:
        self._last = (start, speaker)
        mention = read_mention(" ".join(written.split()).strip(" ,"))
        if mention.name is None and fold(written.strip()) not in _PRONOUNS:
            self._described.append((start, _singular(mention.head), speaker))
        else:
            parts = speaker.name.split()
            if len(parts) > 1:
                self._described.append((start, fold(parts[-1]), speaker))
            for word in re.findall(r"[a-z]+", fold(speaker.role or "")):
                if word in _TITLES:
                    self._described.append((start, _singular(word), speaker))


def read_mention(text: str) -> Mention:
    """Takes "deputy national security adviser Jon Finer" or "Finer, the adviser," apart."""
    text = _TRAILING.sub("", re.sub(r"\s*[—–]\s*", ", ", text).strip(" ,;:"))
    segment, _, rest = text.partition(",")
    segment = segment.strip()
    words = segment.split()
    if not words:
        return Mention(None, None, "", False)
    determined = fold(words[0]) in _DETERMINERS
    apposition = _clean_role(rest) if _says_role(rest) else None
    of_title = _OF_TITLE.match(segment)
    if of_title:  # "US Secretary of State Antony Blinken"
        name = of_title[2]
        return Mention(name, apposition or _clean_role(of_title[1]), fold(name.split()[-1]), False)
    match = _PREPOSITION.search(f"{segment} ")
    core = segment[: match.start()] if match else segment
    head = fold(_strip_possessive(core.split()[-1])) if core.split() else ""
    description = Mention(None, None, head, determined)
    if " and " in segment or fold(words[0]) in _QUANTIFIERS:
        return description
    trailing = _trailing_name(core)
    name = _strip_titles(trailing)
    parts = name.split()
    before = core[: core.rfind(name)].split() if name else []
    plain = [w for w in before if fold(w).strip(".") not in HONORIFICS]
    no_name = all(fold(p).strip(".") in _MONTHS_DAYS | STOP_WORDS for p in parts)
    if no_name or _is_organisation(parts) or any(fold(w) in _QUANTIFIERS for w in before):
        named = _APPOSED_NAME.match(rest)
        if named and not _is_organisation(named[1].split()):  # "a JNF official, Howard Ingram,"
            found = _strip_titles(named[1])
            return Mention(found, _clean_role(segment), fold(found.split()[-1]), False)
        return description
    if len(parts) == 1 and determined and len(before) == 1:
        return description  # "the Journal", "the Mission"
    return Mention(name, apposition or _clean_role(" ".join(plain)), fold(parts[-1]), False)


_QUANTIFIERS = frozenset(
    """one two three four five six seven eight nine ten some many most several other others another
    all both few each either neither none numerous various dozens hundreds thousands much""".split()
)
_OF_TITLE = re.compile(
    r"((?:[\w.’'-]+\s){0,5}?(?:[Ss]ecretary|[Dd]irector|[Mm]inister|[Ss]peaker|[Pp]resident|[Cc]hief"
    r"|[Cc]hairman|[Hh]ead|[Ll]eader)(?:[ -][Gg]eneral)?\sof\s(?:the\s)?[A-Z][\w’'-]*(?:\s[a-z]+)?)\s"
    rf"({_CAPITAL}(?:\s{_CAPITAL}){{1,2}})$"
)
_APPOSED_NAME = re.compile(rf"\s*({_CAPITAL}(?:\s{_CAPITAL})+)\s*(?:,|$)")
_TRAILING = re.compile(
    r",?\s(?:however|meanwhile|for (?:his|her|its) part|though|too|also|himself|herself|\w+ly)$"
)


def _trailing_name(text: str) -> str:
    """The capitalised words that `text` ends with."""
    match = re.search(
        rf"(?:{_CAPITAL}[ \u00a0](?:{_PARTICLE}[ \u00a0])?)*{_CAPITAL}$", _strip_possessive(text)
    )
    return match.group() if match and not text.endswith(("’s", "'s")) else ""


def _strip_titles(name: str) -> str:
    """ "Vermont Sen. Bernie Sanders" → "Bernie Sanders"; a title alone stays."""
    parts = _strip_possessive(name).split()
    cut = 0
    for place, part in enumerate(parts[:-1]):
        word = fold(part).strip(".,")
        if word in _TITLES:
            cut = place + 1
        elif place == cut and (
            word in _ADJECTIVES
            or word.endswith(("-backed", "-based", "-led", "-born"))
            or word in STOP_WORDS
            or part.endswith(("’s", "'s"))
        ):
            cut = place + 1
    rest = parts[cut:]
    if (
        len(rest) > 2
        and fold(rest[-1]).strip(".") not in _SUFFIX
        and fold(rest[0]).strip(".") in _ADJECTIVES
    ):
        rest = rest[1:]
    return " ".join(rest)


def _last_names(name: str) -> list[str]:
    parts = [fold(p).strip(".,") for p in name.split()]
    while len(parts) > 1 and parts[-1] in _SUFFIX:
        parts.pop()
    last = parts[-1]
    return [last, last.split("-", 1)[1]] if last.startswith("al-") else [last]


def _is_organisation(parts: list[str]) -> bool:
    return any(fold(p).strip(".") in _ORGANISATION for p in parts)


def _possessive_description(core: str, name: str) -> bool:
    return core.endswith(("’s", "'s", "s’")) or not name


def _same_first(one: str, other: str) -> bool:
    a, b = fold(one).split()[0], fold(other).split()[0]
    return a[0] == b[0] and (a.startswith(b.strip(".")) or b.startswith(a.strip(".")))


def _strip_possessive(word: str) -> str:
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", word)


def _gender(person: _Person) -> str:
    m, f = person.gender["m"], person.gender["f"]
    return "m" if m > 2 * f else "f" if f > 2 * m else ""


def _says_role(text: str) -> bool:
    found = re.findall(r"[^\W\d_]+", text)
    if not found:
        return False
    if any(fold(w) in _TITLES | _ROLE_WORDS for w in found):
        return True
    return fold(found[0]) in ("a", "an", "the", "who") and len(found) > 2


_ROLE_WORDS = frozenset(
    """expert aide ally member head fellow scholar consultant lobbyist donor supporter owner
    resident voter student teacher partner cofounder co-founder veteran specialist diplomat
    journalist writer organizer organiser student lecturer researcher scientist counsel husband
    wife son daughter mother widow winner publisher producer tycoon magnate farmer nurse doctor
    physician engineer policeman soldier fighter politician strategist operative insider source
    sources person people one known works worked runs led leads heads headed oversees serves
    served studies""".split()
)


def _is_weak(role: str) -> bool:
    """Whether a role is no more than a form of address: "Ayatollah", "Sen."."""
    return len(role.split()) < 2


def _role_before(text: str) -> str | None:
    """ "… deputy national security adviser" (before a name) → that; None if it is no role."""
    words = text.split()
    kept: list[str] = []
    for word in reversed(words):
        plain = fold(word).strip(".")
        if word[-1:] in ".,;:!?" and plain not in _TITLES:
            break
        if plain in STOP_WORDS | HONORIFICS and plain not in ("of",):
            break
        kept.insert(0, word)
    while kept and fold(kept[0]).strip(".") == "of":
        kept.pop(0)
    if not kept or fold(kept[-1]).strip(".") not in _TITLES | _ROLE_WORDS:
        return None
    return " ".join(kept)


def _clean_role(text: str) -> str | None:
    text = " ".join(text.split()).strip(" ,;:—–-")
    text = re.sub(r"^(?:the|an?)\s(?=\S)", "", text)
    text = re.split(r",? who (?:said|told|spoke|asked|requested|insisted)\b", text)[0]
    return text.strip(" ,") or None


def _describe(text: str) -> str:
    """A description as a speaker's name: one line, not longer than a reader takes in."""
    text = text.strip(' ,;:“”"')
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"


def _name_words(text: str) -> set[str]:
    return {_singular(w) for w in re.findall(r"[^\W_][\w’'-]*", fold(text))}


def _singular(word: str) -> str:
    word = fold(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("men"):
        return word[:-3] + "man"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


_OUTLET_WORDS = frozenset(
    """reuters afp ap bbc cnn nbc abc cbs msnbc npr pbs times post journal news politico guardian
    axios bloomberg press herald tribune gazette today telegraph independent mail observer atlantic
    economist magazine newspaper agency network outlet website site channel radio tv television
    jazeera arabiya mayadeen manar newsweek fox breitbart register chronicle inquirer globe sun star
    review daily weekly monitor broadcaster paper podcast blog yahoo buzzfeed vox slate""".split()
)
_OUTLET_NOUNS = frozenset(
    "agency newspaper network magazine paper outlet website broadcaster channel".split()
)


def is_outlet(name: str, *, known: Iterable[str] = ()) -> bool:
    """Whether a name is that of a newspaper, agency or station, as far as its words tell."""
    if any(fold(name) == fold(k) for k in known):
        return True
    if re.fullmatch(r"(?:the )?[\w-]+\.[a-z]{2,6}", name, re.IGNORECASE):
        return True
    for word in re.findall(r"[^\W_]+", name):
        folded = fold(word)
        if folded in _OUTLET_NOUNS or (folded in _OUTLET_WORDS and word[0].isupper()):
            return True
    return False
