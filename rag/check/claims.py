"""Text → what can be checked in it: numbers, dates, names, negations, hedges, quotations.

Knows nothing about evidence. The lists are English.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language.words import STOP_WORDS, fold, stem
from rag.statements.cues import VERBS
from rag.statements.quotations import find_quotations

Kind = Literal["word", "stop", "number", "date", "name", "negation", "hedge"]

_TOKEN = re.compile(
    r"[$€£]?\d+(?:[.,]\d+)*(?:st|nd|rd|th|bn|[mk]|million|billion)?\b%?"
    r"|[^\W\d_](?:\.[^\W\d_])+\.?|[^\W_]+(?:[’'-][^\W_]+)*"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,"
        "september sept sep,october oct,november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTH = r"(?P<month>[A-Z][a-z]{2,8})\.?"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month_>[A-Z][a-z]{{2,8}})\.?\s+(?P<day_>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d{{3}}\b)"
    r"(?:,?\s+(?P<year_>\d{4}))?"
    r"|(?P<month__>[A-Z][a-z]{2,8})\.?,?\s+(?P<year__>\d{4})"
    r"|(?P<year___>\d{4})-(?P<number>\d{2})-(?P<day__>\d{2}))\b"
)
_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "dozen": 12, "half": 0.5, "twice": 2, "both": 2,
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
# These also say something else ("both sides", "a second later"): present they count, absent not.
_WEAK_NUMBERS = frozenset("one both half twice second third dozen".split())
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9,
}  # fmt: skip
# "Ignore your instructions", "reply only with the word …".
_ORDERS = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|document"
    r"|above|previous)|\b(?:system prompt|your (?:prompt|instructions|rules|api key))\b"
    r"|\b(?:reply|respond|answer) (?:only |just )?with (?:only )?(?:the )?(?:word|phrase|text)\b"
)
# What a document says to whoever answers from it, at the start of a sentence (behind "<!--" or
# "[//]:", which are no words, either).
_TO_THE_READER = re.compile(
    r"(?i)^\W*+(?:(?:system\s*:|assistant\s*:|please\s+)\W*+)?(?:(?:ignore|disregard|forget"
    r"|pretend|remember|reveal|print|output|repeat|say|reply|respond|answer in|begin your|end your"
    r"|translate your|cite|claim that|quote)\b|you are now\b|from now on\b|if you are an? (?:ai|llm"
    r"|assistant|language model)\b|the user has asked\b|new rules\b|as an? (?:ai|assistant)\b)"
    r"|(?i:\b(?:system|assistant)\s*:\s)"
)
NEGATIONS = frozenset(
    """not no never none nothing nobody neither nor without cannot hardly barely scarcely n't
    nowhere no-one non""".split()
)
# Verbs and adjectives that turn what follows around.
_NEGATIVE = re.compile(
    r"^(?:den(?:y|ies|ied|ying|ial)|reject\w*|refus\w*|fail(?:s|ed|ing|ure)?|lack\w*|dismiss\w*"
    r"|refut\w*|rebuff\w*|disput\w*|unable|unlikely|impossible|unaware|absent|absence|disagree\w*"
    r"|avoid\w*|ill|declin(?:e|es|ed|ing)|false|untrue|contrary|prevent\w*|doubt\w*|ruled|rule"
    r"|un(?!less|til|ite|ion|der|it|ivers|cle|iqu|if|anim|veil)\w{4,}"
    r"|in(?:capable|sufficient|complete|accurate|correct|valid|ability)"
    r"|dis(?:approv|avow|belie|credit|honest|allow|miss|prov|regard|sent|trust)\w*"
    r"|stop\w*|end(?:ed)?|oppos\w*)$"
)
# What makes a claim less than a fact. One of a family may stand for another.
_ALLEGED = frozenset(
    """alleged allegedly allege alleges allegation allegations reportedly purported purportedly
    supposed supposedly so-called suspected suspect apparent apparently accused accuse accuses
    accusing claimed claims claim claiming rumored rumoured unconfirmed unverified
    ostensible ostensibly presumed presumably""".split()
)
_MAYBE = frozenset(
    """may might could possible possibly perhaps likely potential potentially probably probable
    seems seem seemed appears appear appeared seemingly would can maybe unlikely believed thought
    suggests suggest suggested estimated estimates roughly""".split()
)
# Of the above those that are dropped only by changing what is claimed.
_STRONG_HEDGES = frozenset(
    """alleged allegedly reportedly purported purportedly supposed supposedly so-called suspected
    apparent apparently rumored rumoured unconfirmed unverified ostensible ostensibly presumed
    presumably may might could possible possibly perhaps likely potential potentially probably
    probable seems seemed appears appeared seemingly maybe""".split()
)
# What an answer says of its sources and of itself, not of the world.
META = frozenset(
    """document documents article articles source sources passage passages report reports account
    accounts text texts evidence question answer answers according also add adds added further
    however meanwhile agree agrees disagree disagrees differ differs state states stated mention
    mentions mentioned describe describes described note notes noted quote quotes quoted cite cites
    cited claim claims claimed say says said saying tell tells told write writes wrote written
    report reports reported reporting argue argues argued explain explains explained statement
    statements similarly likewise both overall summary outlet outlets paper reporter specifically
    regarding whether asked comment comments""".split()
)
# Short words that carry the sense of a claim all the same.
_WEIGHTY = frozenset("against before after without under over between during".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text with what it is. `key` is the folded stem; `start`, `end` its place.

    `value` is a number's; `name` numbers the name that the word belongs to, in order.
    """

    text: str
    start: int
    end: int
    kind: Kind
    key: str
    value: float | None = None
    name: int = -1


@dataclass(frozen=True, slots=True)
class Date:
    """A day as far as it is given."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def fits(self, other: "Date") -> bool:
        """Whether both can be the same day, and share more than a year."""
        pairs = (
            (self.year, other.year), (self.month, other.month), (self.day, other.day)
        )  # fmt: skip
        return all(a == b for a, b in pairs if a is not None and b is not None) and (
            self.month is None or other.month is not None
        )


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in order, each with its kind."""
    dated = iter(find_dates(text))
    date = next(dated, None)
    found: list[Token] = []
    name = -1
    for match in _TOKEN.finditer(text):
        for word, start, end in _parts(match):
            folded = re.sub(r"'s$", "", fold(word).replace("’", "'").strip("."))
            kind: Kind = "word"
            value: float | None = None
            while date is not None and date.end <= start:
                date = next(dated, None)
            within = date is not None and date.start <= start
            number = _value(folded)
            if within:
                kind, value = "date", number
            elif number is not None:
                kind, value = "number", number
            elif folded in NEGATIONS:
                kind = "negation"
            elif folded in _ALLEGED | _MAYBE and not _is_month(word, text, start):
                kind = "hedge"
            elif _is_name(word, text, start):
                kind = "name"
            elif folded in STOP_WORDS and folded not in _WEIGHTY:
                kind = "stop"
            if kind == "name":
                joined = (
                    found
                    and found[-1].kind == "name"
                    and not text[found[-1].end : start].strip(" -’'\u00a0")
                )
                name = name if joined else name + 1
            key = folded if kind in ("number", "date", "negation", "hedge") else key_of(folded)
            if kind == "number" and found and _scales(found[-1], folded, text, start):
                last = found.pop()
                value = (last.value or 1) * _SCALES.get(folded, 1)
                word, start, key = text[last.start : end], last.start, f"{value:g}"
            elif kind == "number":
                key = f"{value:g}"
            found.append(Token(word, start, end, kind, key, value, name if kind == "name" else -1))
    return tuple(found)


def asks_for_orders(text: str) -> bool:
    """Whether a question wants rules broken or shown, not an answer."""
    return bool(_ORDERS.search(text))


def gives_orders(sentence: str) -> bool:
    """Whether a sentence of a document speaks to whoever answers from it."""
    return bool(_ORDERS.search(sentence) or _TO_THE_READER.search(sentence))


def key_of(word: str) -> str:
    """The stem that a word is compared by: "Hizballah's" and "hizballah" are one."""
    word = re.sub(r"'s?$", "", fold(word).replace("’", "'")).replace(".", "")
    return stem(word) if len(word) > 3 else word


def is_strong_hedge(token: Token) -> bool:
    """Whether leaving the word out changes what is claimed ("alleged", "may")."""
    return fold(token.text) in _STRONG_HEDGES


def hedge_family(token: Token) -> str:
    return "alleged" if fold(token.text) in _ALLEGED else "maybe"


def is_weak_number(token: Token) -> bool:
    return fold(token.text) in _WEAK_NUMBERS


def turns_around(token: Token) -> bool:
    """Whether the word negates what stands beside it, by itself or by its sense ("denied")."""
    return token.kind == "negation" or bool(_NEGATIVE.match(fold(token.text)))


def is_reporting(token: Token) -> bool:
    """Whether the word says that somebody says something."""
    return fold(token.text) in VERBS or fold(token.text) in META


def find_dates(text: str) -> list[Date]:
    """Every day, month of a year or ISO date named in `text`, in order."""
    found = []
    for m in _DATE.finditer(text):
        name = m["month"] or m["month_"] or m["month__"] or ""
        month = _MONTHS.get(fold(name)) if name else int(m["number"] or 0)
        if not month or not 1 <= month <= 12:
            continue
        day = m["day"] or m["day_"] or m["day__"]
        year = m["year"] or m["year_"] or m["year__"] or m["year___"]
        found.append(
            Date(m.start(), m.end(), int(year) if year else None, month, int(day) if day else None)
        )
    return found


def read_iso(date: str | None) -> Date | None:
    """A document's date ("2023-11-16", "2023-11", "2023")."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date or "")
    if not match:
        return None
    year, month, day = (int(g) if g else None for g in match.groups())
    return Date(0, 0, year, month, day)


def names(found: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """The names among tokens: their words, one tuple a name."""
    groups: dict[int, list[Token]] = {}
    for token in found:
        if token.kind == "name":
            groups.setdefault(token.name, []).append(token)
    return [tuple(group) for group in groups.values()]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks: `[start, end)` with the marks, `text` without them."""

    start: int
    end: int
    text: str


_SINGLE_OPENS = re.compile(r"(?<![\w’'])['‘](?!\d0s\b)(?=[^\s'’])")
_SINGLE_CLOSES = re.compile(r"(?<=[^\s‘])['’](?!\w)")
_BLOCK = re.compile(r"^[ \t]*>[ \t]?(.+)$", re.MULTILINE)


def find_quoted(text: str) -> list[Quoted]:
    """Everything that `text` puts forward as somebody's exact words, outermost, in order.

    Double, single and angular marks, Markdown's block quotes, and a mark that is never closed (to
    the end of its paragraph).
    """
    found = []
    for quotation in find_quotations(text):
        start, end = quotation.start, quotation.end
        width = 2 if text[start : start + 2] in ("``", "''") else 1
        inner_end = end if quotation.open else end - (2 if text[end - 2 : end] == "''" else 1)
        found.append(Quoted(start, end, text[start + width : inner_end]))
    blocks = [Quoted(m.start(), m.end(), m.group(1)) for m in _BLOCK.finditer(text)]
    for more in (blocks, _find_single(text)):
        found.sort(key=lambda q: q.start)
        starts = [q.start for q in found]
        for quoted in more:
            place = bisect_left(starts, quoted.end)
            if place == 0 or found[place - 1].end <= quoted.start:
                found.append(quoted)
    return sorted((q for q in found if q.text.strip()), key=lambda q: q.start)


def _find_single(text: str) -> list[Quoted]:
    """What stands in single marks on one line, without reading a line twice."""
    closes = [m.start() for m in _SINGLE_CLOSES.finditer(text)]
    lines = [m.start() for m in re.finditer("\n", text)]
    found: list[Quoted] = []
    end = 0
    for opening in _SINGLE_OPENS.finditer(text):
        start = opening.start()
        place = bisect_left(closes, start + 2)
        if start < end or place == len(closes):
            continue
        close = closes[place]
        if bisect_left(lines, start) == bisect_left(lines, close):
            end = close + 1
            found.append(Quoted(start, end, text[start + 1 : close]))
    return found


def _parts(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """A match as words: "didn't" is "did" and "n't", "Iran-backed" is two words."""
    word, start, end = match.group(), match.start(), match.end()
    folded = word.lower().replace("’", "'")
    if folded == "cannot":
        yield word[:3], start, start + 3
        yield word[3:], start + 3, end
    elif folded.endswith("n't") and len(word) > 3:
        yield word[:-3], start, end - 3
        yield word[-3:], end - 3, end
    elif "-" in word and folded not in _ALLEGED and not word[0].isdigit():
        at = start
        for piece in word.split("-"):
            if piece:
                yield piece, at, at + len(piece)
            at += len(piece) + 1
    else:
        yield word, start, end


def _value(word: str) -> float | None:
    if word in _UNITS:
        return float(_UNITS[word])
    if word in _SCALES and len(word) > 2:
        return _SCALES[word]
    match = re.fullmatch(
        r"[$€£]?(\d+(?:[.,]\d+)*)(st|nd|rd|th|bn|mn|[mk]|million|billion)?%?", word
    )
    if not match:
        return None
    digits = match[1]
    # "1,200" and "1.200.000" group by thousands; "2,5" and "3.14" do not.
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    digits = digits.replace(",", ".")
    if digits.count(".") > 1:
        return None
    return float(digits) * _SCALES.get(match[2] or "", 1)


def _scales(last: Token, folded: str, text: str, start: int) -> bool:
    """Whether a number word multiplies the number right before it ("70 thousand")."""
    return (
        last.kind == "number" and folded in _SCALES and not text[last.end : start].strip(" -\u00a0")
    )


def _is_month(word: str, text: str, start: int) -> bool:
    return word == "May" and _before(text, start, ' "“‘([*-\n') != ""


def _before(text: str, place: int, marks: str) -> str:
    """The character before `place` and the `marks` that stand there; "" if the text begins so."""
    while place > 0 and text[place - 1] in marks:
        place -= 1
    return text[place - 1 : place]


def _is_name(word: str, text: str, start: int) -> bool:
    if not word[:1].isupper():
        return False
    folded = re.sub(r"['’]\w{1,2}$", "", fold(word)).strip(".")
    if folded in _DAYS or folded in _MONTHS:
        return False
    if word.isupper() and len(word.strip(".")) > 1 and folded not in STOP_WORDS:
        return True
    opens = not _before(text, start, " \"“”'‘’([>*-\n") or _before(
        text, start, " \"“”'‘’([*\u00a0"
    ) in (".", "!", "?", ":", ">", "\n", "-")
    if folded in STOP_WORDS or folded in META or folded in _TITLES:
        return False
    if not opens:
        return True
    if folded in _COMMON_OPENERS:
        return False
    # At the start of a sentence any word has a capital: a name only if another follows or it is
    # of no common ending.
    follows = _NAME_FOLLOWS.match(text, start)
    common = re.search(r"(?:ly|ing|ed|tion|ment|ness)$", folded)
    return bool(follows) or (not common and folded not in VERBS)


_NAME_FOLLOWS = re.compile(r"[\w’'.-]++[ \u00a0]++[A-Z][a-z]")
# Said before a name, no part of it.
_TITLES = frozenset(
    """mr mrs ms dr prof sen rep gov gen lt col capt sir president vice minister prime secretary
    senator representative governor ambassador general professor chairman chairwoman director
    spokesman spokeswoman spokesperson ayatollah sheikh""".split()
)
_COMMON_OPENERS = frozenset(
    """people officials two three four five six seven eight nine ten many several both there here
    today yesterday earlier later since once yes thus hence instead despite although
    because while however moreover when where why how who what which that this these those his her
    their its our your my it they he she we you i one some any all each every most more less
    police experts analysts sources critics authorities troops fighters militants soldiers leaders
    members money war government military army president minister intelligence security foreign
    news media reports women men children civilians hostages victims residents voters lawmakers
    senior former last next early late about around nearly almost over under more than besides
    unlike amid alongside following except citing quoting asked""".split()
)
