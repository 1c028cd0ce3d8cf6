"""A sentence → tokens and the phrases that can name a speaker, by word patterns.

Knows nothing about verbs of speech or what was said.
"""

import re
from dataclasses import dataclass

from rag.statements.cues import FINITE, PAST, VERBS

Phrase = tuple[int, int]
"""The first and the last token of a phrase."""

_TOKEN = re.compile(r"``|''|[^\W_](?:[\w’'\-]|\.(?=\w))*|[^\w\s]")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr sen rep gov pres gen lt col sgt st jr sr prof u.s u.k u.n d.c no vs jan feb mar
    apr jun jul aug sept sep oct nov dec rev hon capt maj adm ariz calif fla ga ill ky la md mass
    mich minn mo nev ohio okla pa tenn tex va vt wash wis""".split()
)
_AUXILIARIES = frozenset(
    """has have had having is are was were be been being do does did will would can could may might
    should must not n't never also later then again still since once even just only often now
    reportedly first further ever both all already soon too quite rather himself herself
    themselves""".split()
)
_NOT_LY = frozenset("family ally reply supply italy july rally assembly early emily kelly".split())
_BOUNDARY = frozenset(
    """that because when while if after before whether than what how why where although though
    since albeit unless until as but which so amid despite during""".split()
)
# Words that open a clause or an adverbial before the speaker: "In May, Hamad said …".
OPENERS = frozenset(
    """in on at after during before for since while when if as with by despite amid although though
    because from once under until following speaking citing""".split()
)
DETERMINERS = frozenset(
    "the a an his her its their our my your this that these those no any some".split()
)
PRONOUNS = frozenset("he she they it i we you who".split())
# What ends a phrase on its right: "said Finer on Sunday".
STOPS = frozenset(
    """in on at during after before when while as to by from that who which with since because
    if but and last this about via through following amid""".split()
)
_GOES_ON = frozenset("who and at with in to".split())
_TOLD = frozenset("him her them me us reporters journalists supporters voters".split())
_ENDS_TOLD = frozenset("that he she they it to his her on in there during within".split())
# Words that alone name nobody: "last week", "no", "more likely".
_NOBODY = frozenset(
    """in on at the a an no not more less least most last week month year day days recent early
    late possible likely generally be been and or of to for by with from than only just even
    considering it’s its""".split()
)
_NEVER_FIRST = frozenset("to been be not more less likely".split())
_UNSPEAKING = frozenset("there this that what which i we you these those one".split())
DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s(?:morning|afternoon|evening|night))?)"
_TIME = re.compile(rf"^(?:{DAY}|week|month|year|yesterday|today|earlier|later)\b", re.IGNORECASE)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
# "Blinken on October 9 said": the date is not of the phrase.
_TRAILING_DATE = re.compile(
    r"[\s—–]((?:(?:immediately|also)\s)?(?:on\s|in\s)?(?:(?:early|late|last|this|the)\s)?"
    rf"(?:{DAY}|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?|{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?"
    r"|yesterday|today|last\s(?:week|month|year)|this\s(?:week|month|year)))[\s,]*$"
)
# Who acts in a sentence, where that is plain: what opens it, then a name, then a verb.
_MAIN_SUBJECT = re.compile(
    r"(?:(?:In|On|At|After|Before|During|While|When|As|For|Since|By|With|Speaking|Last|Earlier)\b"
    r"[^,“”\"]{2,80},\s)?(?:And |But |Still, |Yet )?"
    r"((?:He|She|They|It|he|she|they"
    # Words are taken whole (*+): cut into up to five at will, "ACGTACGT…" takes hours.
    r"|(?:[Tt]he |[Aa]n? |[Hh]is |[Hh]er )?(?:(?:[A-Z][\w’'-]*+\.?)\s?){1,5})(?<!\s))"
    r"(?=\s[a-z]|,\s[^“”\"]{3,90},\s[a-z]|,\s(?:citing|quoting|speaking|asked)\b)"
)
_MAX_APPOSITION = 28
_LONG_PHRASE = 7
_CLOSES = "”»\"''"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark of a sentence; `quoted` within quotation marks, the marks included."""

    start: int
    end: int
    text: str
    lower: str
    quoted: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class Sentence:
    """The tokens of one sentence and what stands where in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokenize(text)
        self.end = len(text.rstrip(" .!?"))

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, place: int) -> Token:
        return self.tokens[place]

    def word(self, place: int) -> str:
        """The folded token at `place`; "" beyond either end."""
        return self.tokens[place].lower if 0 <= place < len(self.tokens) else ""

    def span(self, phrase: Phrase) -> tuple[int, int]:
        return self.tokens[phrase[0]].start, self.tokens[phrase[1]].end

    def is_adverbial(self, place: int) -> bool:
        """Whether an auxiliary, a negation or an adverb stands at `place`."""
        token = self.tokens[place]
        return (
            token.lower in _AUXILIARIES
            or (token.lower.endswith("ly") and token.lower not in _NOT_LY and token.text.islower())
            or token.lower.endswith(("n't", "n’t"))
        )

    def is_headline(self) -> bool:
        """Whether Nearly Every Word Begins Like This."""
        long = [t for t in self.tokens if len(t.text) > 3 and t.text[0].isalpha()]
        return len(long) > 3 and sum(t.is_capital for t in long) >= 0.75 * len(long)

    def closes_quotation(self, place: int) -> bool:
        """Whether a quotation ends with the mark at `place`."""
        return place > 0 and self.tokens[place].quoted and self.tokens[place].text in _CLOSES

    # --- phrases ---

    def phrase_after(self, place: int) -> Phrase | None:
        """The phrase that begins at `place`: "Jon Finer, the deputy adviser, on Sunday"."""
        tokens = self.tokens
        if place >= len(tokens) or not tokens[place].is_word:
            return None
        if tokens[place].lower in PRONOUNS - {"you", "who"}:
            return place, place
        last = place
        for position in range(place + 1, len(tokens)):
            token = tokens[position]
            if token.quoted or token.text in ";:—–()":
                break
            if token.text == ".":
                if not self.abbreviates(position):
                    break
                continue
            if token.text == ",":
                closing = self._apposition(position + 1)
                last = closing if closing is not None else last
                break
            if token.lower in FINITE | PAST or (
                token.lower in STOPS and not self._goes_on(position)
            ):
                break
            last = position
        return place, last

    def phrase_before(self, place: int) -> Phrase | None:
        """The phrase that ends right before `place`: "Hage Ali, an expert on Hezbollah, said"."""
        tokens = self.tokens
        dated = _TRAILING_DATE.search(self.text, 0, tokens[place - 1].end) if place else None
        if dated is not None and dated.start() > 0:
            place = next(n for n, t in enumerate(tokens) if t.start >= dated.start(1))
        last = place - 1
        if last < 0 or tokens[last].quoted:
            return None
        if tokens[last].lower in ("who", "which", "that") and last > 0:
            return self._before_relative(last)
        if tokens[last].text in (",", "—", "–", ")"):
            return self._with_apposition(last)
        if not tokens[last].is_word and tokens[last].text != ".":
            return None
        return self.phrase_ending(last)

    def phrase_ending(self, last: int) -> Phrase | None:
        """The phrase whose last token is `last`, back to where its clause begins."""
        tokens = self.tokens
        if last < 0 or tokens[last].quoted:
            return None
        if tokens[last].lower in PRONOUNS:
            return last, last
        first = last
        while first > 0 and not self._bounds(first):
            first -= 1
        if tokens[first].lower in ("who", "which") and first > 1:
            return self._before_relative(first)
        if last - first > _LONG_PHRASE:
            joined = [n for n in range(first + 1, last) if tokens[n].lower == "and"]
            if joined and tokens[joined[-1] + 1].is_capital:
                first = joined[-1] + 1
        while first < last and (
            tokens[first].lower in ("and", "but", "yet", "meanwhile", "also", "still", ".")
        ):
            first += 1
        if tokens[first].lower in OPENERS:  # "On Friday President Obama"
            first = next(
                (n for n in range(first + 1, last)
                 if tokens[n].is_capital and not _TIME.match(tokens[n].text)), last
            )  # fmt: skip
        head = tokens[last].lower
        if not any(t.text[0].isalpha() for t in tokens[first : last + 1]):
            return None
        if head in OPENERS | _BOUNDARY | _AUXILIARIES or head in ("and", "to", "of"):
            return None
        return first, last

    def main_subject(self) -> tuple[int, int] | None:
        """The span of whoever acts in the sentence, where that is plain."""
        match = _MAIN_SUBJECT.match(self.text)
        if match is None or match[1].split()[0].lower() in OPENERS | _BOUNDARY:
            return None
        return match.span(1)

    def recipient_at(self, place: int) -> Phrase | None:
        """Whoever is told, from `place` on: "told reporters that"."""
        tokens = self.tokens
        if place >= len(tokens) or tokens[place].quoted or not tokens[place].is_word:
            return None
        first = tokens[place]
        if first.lower in STOPS or first.lower in ("against", "of"):
            return None
        if first.lower in _TOLD:
            return place, place
        last = place
        while last + 1 < len(tokens):
            token = tokens[last + 1]
            if token.quoted or not token.is_word:
                break
            if first.is_capital:
                if not token.is_capital or _TIME.match(token.text):
                    break
            elif token.lower in _ENDS_TOLD | STOPS or last + 1 - place > 7:
                break
            last += 1
        return place, last

    def abbreviates(self, place: int) -> bool:
        """Whether the full stop at `place` belongs to "Sen." or an initial."""
        before = self.word(place - 1)
        return before in _ABBREVIATIONS or len(before) == 1

    def is_time(self, place: int) -> bool:
        return _TIME.match(self.tokens[place].text) is not None

    def _bounds(self, first: int) -> bool:
        """Whether the phrase begins at `first`: what stands before it is not of it."""
        tokens = self.tokens
        before = tokens[first - 1]
        if before.quoted or before.text in ",;:—–()…":
            return True
        if before.text == ".":
            return not self.abbreviates(first - 1)
        if before.lower == "and":
            return not (first >= 2 and tokens[first - 2].is_capital and tokens[first].is_capital)
        if before.lower == "to":
            return self.word(first - 2) == "according"
        return (
            before.lower in _BOUNDARY
            or before.lower
            in (FINITE - {"have", "does", "did", "do", "says"}) | PAST | {"have", "s"}
            or (
                before.lower in VERBS
                and before.lower.endswith(("ed", "ing"))
                and before.lower != "informed"
            )
        )

    def _before_relative(self, place: int) -> Phrase | None:
        """What "who" at `place` stands for: "Meshaal, who …", "people who …"."""
        if self.tokens[place - 1].text != ",":
            return self.phrase_ending(place - 1)
        phrase = self._with_apposition(place - 1) or self.phrase_ending(place - 2)
        if phrase is None or phrase[1] - phrase[0] <= _LONG_PHRASE:
            return phrase
        # "statements by leaders including Khaled Meshaal, who thanked": the name alone.
        first = phrase[1]
        while first > phrase[0] and self.tokens[first - 1].is_capital:
            first -= 1
        return (first, phrase[1]) if first < phrase[1] and self.tokens[first].is_capital else phrase

    def _with_apposition(self, comma: int) -> Phrase | None:
        """ "Hage Ali, an expert at the Carnegie Centre, said": the whole of it."""
        tokens = self.tokens
        start = comma
        while start > 0 and not tokens[start - 1].quoted and tokens[start - 1].text not in ";:":
            start -= 1
        parts: list[list[int]] = [[]]
        for place in range(start, comma):
            if tokens[place].text in (",", "—", "–", "("):
                parts.append([])
            else:
                parts[-1].append(place)
        parts = [p for p in parts if p]
        if len(parts) == 2 and tokens[parts[0][0]].lower in OPENERS and len(parts[0]) > 1:
            return parts[0][1], comma - 1  # "After the spokesman, Ramazan Sharif, said"
        while len(parts) > 1 and tokens[parts[0][0]].lower in OPENERS:
            parts.pop(0)
        if len(parts) < 2:
            return None
        if len(parts[-2]) == 1 and tokens[parts[-2][0]].lower in PRONOUNS:
            return parts[-2][0], parts[-2][0]  # "he, once again, pledged"
        for part in parts[:-1]:
            if any(tokens[p].lower in PAST & VERBS.keys() for p in part):
                continue
            begin = part[0]
            while begin < part[-1] and tokens[begin].lower in ("and", "but", "that", "while"):
                begin += 1
            named = tokens[begin].is_capital or tokens[begin].lower in DETERMINERS
            if named and len(part) <= 9:
                return begin, comma - 1
        return None

    def _apposition(self, place: int) -> int | None:
        """Where an apposition that begins at `place` ends: "a spokesman for the campaign"."""
        tokens = self.tokens
        if place >= len(tokens):
            return None
        first = tokens[place]
        opens_else = OPENERS | {"and", "but", "who", "he", "she", "it", "they", "that"}
        if first.quoted or not first.is_word or first.lower.endswith("ing"):
            return None
        if first.lower in opens_else:
            return None
        for position in range(place, min(len(tokens), place + _MAX_APPOSITION)):
            token = tokens[position]
            if token.quoted or token.lower in PAST & VERBS.keys():
                return None
            if token.text in ",;:—–" or (token.text == "." and not self.abbreviates(position)):
                return position - 1
        return None

    def _goes_on(self, place: int) -> bool:
        """Whether "at", "and", "with" goes on with the phrase: "an expert at Brookings"."""
        tokens = self.tokens
        if place + 1 >= len(tokens) or tokens[place].lower not in _GOES_ON:
            return False
        word, before, after = tokens[place].lower, tokens[place - 1], tokens[place + 1]
        if word == "and":
            return after.is_capital and before.is_capital
        if word in ("with", "to"):
            return before.text.islower() and after.text[0].isalpha() and after.lower not in _TOLD
        if word in ("at", "in"):
            place_name = after.is_capital or after.lower == "the"
            return before.text.islower() and place_name and not _TIME.match(after.text)
        return False


def can_speak(phrase: str) -> bool:
    """Whether a phrase can be somebody: "last week" and "no" cannot, nor does "I" say who."""
    found = re.findall(r"[^\W_]+", phrase.lower())
    return (
        phrase.lower() not in _UNSPEAKING
        and any(w not in _NOBODY for w in found)
        and found[0] not in _NEVER_FIRST
    )


def _tokenize(text: str) -> list[Token]:
    closes = next((m.start() for m in re.finditer("[”»]", text)), -1)
    opens = next((m.start() for m in re.finditer("[“«]", text)), len(text))
    quoted = -1 < closes < opens  # the sentence begins within a quotation
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        mark = match.group()
        inside = quoted
        if mark in ("“", "«", "„", "``"):
            quoted = inside = True
        elif mark in ("”", "»"):
            quoted, inside = False, True
        elif mark in ('"', "''"):
            inside, quoted = True, not quoted
        elif mark == "'" and found and found[-1].quoted and found[-1].end == match.start():
            inside = True  # the third of three marks that close a quotation within one
        found.append(Token(match.start(), match.end(), mark, mark.lower(), inside))
    return found
