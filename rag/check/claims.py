"""Text → what can be checked in it: numbers, dates, names, negations, hedges, quotations.

Knows nothing about evidence or words of a language: those come from `rag.language`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language import LANGUAGE
from rag.language.dates import find_dates
from rag.language.sentences import unwrap
from rag.language.stems import key_of
from rag.language.words import fold
from rag.statements.quotations import find_quotations

_CALENDAR = LANGUAGE.calendar
_HEDGES = LANGUAGE.hedges
_NEGATIONS = LANGUAGE.negations
_NAMES = LANGUAGE.names
_NUMBERS = LANGUAGE.numbers
_ORDERS = LANGUAGE.orders
_REPORTS = LANGUAGE.reports
_TITLES = LANGUAGE.titles
_VERBS = LANGUAGE.verbs
_STOP_WORDS = LANGUAGE.stop_words.words

Kind = Literal["word", "stop", "number", "date", "name", "negation", "hedge"]


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


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in order, each with its kind."""
    dated = iter(find_dates(text))
    date = next(dated, None)
    found: list[Token] = []
    name = -1
    for match in _NUMBERS.tokens.finditer(text):
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
            elif folded in _NEGATIONS.words:
                kind = "negation"
            elif folded in _HEDGES.alleged | _HEDGES.maybe and not _is_month(word, text, start):
                kind = "hedge"
            elif _is_name(word, text, start) or _goes_on(word, text, start, found):
                kind = "name"
            elif folded in _STOP_WORDS and folded not in _REPORTS.weighty:
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
                value = (last.value or 1) * _NUMBERS.scales.get(folded, 1)
                word, start, key = text[last.start : end], last.start, f"{value:g}"
            elif kind == "number" and found and _adds(found[-1], value, text, start):
                last = found.pop()
                value = (last.value or 0) + (value or 0)
                word, start, key = text[last.start : end], last.start, f"{value:g}"
            elif kind == "number":
                key = f"{value:g}"
            found.append(Token(word, start, end, kind, key, value, name if kind == "name" else -1))
    return tuple(found)


def asks_for_orders(text: str) -> bool:
    """Whether a question wants rules broken or shown, not an answer."""
    return bool(_ORDERS.rules.search(text))


def gives_orders(sentence: str) -> bool:
    """Whether a sentence of a document speaks to whoever answers from it."""
    return bool(_ORDERS.rules.search(sentence) or _ORDERS.to_reader.search(sentence))


def is_strong_hedge(token: Token) -> bool:
    """Whether leaving the word out changes what is claimed ("alleged", "may")."""
    return fold(token.text) in _HEDGES.strong


def hedge_family(token: Token) -> str:
    return "alleged" if fold(token.text) in _HEDGES.alleged else "maybe"


def is_weak_number(token: Token) -> bool:
    return fold(token.text) in _NUMBERS.weak


def turns_around(token: Token) -> bool:
    """Whether the word negates what stands beside it, by itself or by its sense ("denied")."""
    return token.kind == "negation" or bool(_NEGATIONS.turning.match(fold(token.text)))


def is_reporting(token: Token) -> bool:
    """Whether the word says that somebody says something."""
    return fold(token.text) in _VERBS.forms or fold(token.text) in _REPORTS.meta


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
    text = _with_known_marks(text)
    found = []
    for quotation in find_quotations(unwrap(text)):
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


# One for one, so that places stay the same.
_OTHER_MARKS = str.maketrans(dict.fromkeys("＂″❝❞〝〞‟「」『』‹›", '"'))
_EMPHASISED = re.compile(r"(?<!\S)[*_](?=[\"“„«])|(?<=[\"”»])[*_](?!\w)")


def _with_known_marks(text: str) -> str:
    """`text` with rarer quotation marks as plain ones: ”…”, »…« and those of other scripts."""
    text = _EMPHASISED.sub(" ", text.translate(_OTHER_MARKS))
    plain = ""
    # The same mark on both sides, or the closing one first.
    if "”" in text and not 0 <= text.find("“") < text.find("”") and "„" not in text:
        plain += "“”"
    elif text.count("“") > 1 and "”" not in text and "„" not in text:
        plain += "“"
    if "»" in text and not 0 <= text.find("«") < text.find("»"):
        plain += "«»"
    for mark in plain:
        text = text.replace(mark, '"')
    return text


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
    elif "-" in word and folded not in _HEDGES.alleged and not word[0].isdigit():
        at = start
        for piece in word.split("-"):
            if piece:
                yield piece, at, at + len(piece)
            at += len(piece) + 1
    else:
        yield word, start, end


def _value(word: str) -> float | None:
    if word in _NUMBERS.units:
        return float(_NUMBERS.units[word])
    if word in _NUMBERS.scales and len(word) > 2:
        return _NUMBERS.scales[word]
    match = _NUMBERS.written.fullmatch(word)
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
    return float(digits) * _NUMBERS.scales.get(match[2] or "", 1)


def _scales(last: Token, folded: str, text: str, start: int) -> bool:
    """Whether a number word multiplies the number right before it ("70 thousand")."""
    return (
        last.kind == "number"
        and folded in _NUMBERS.scales
        and not text[last.end : start].strip(" -\u00a0")
    )


def _adds(last: Token, value: float | None, text: str, start: int) -> bool:
    """Whether a number word adds to the one before it ("twenty-five", "one hundred and ten")."""
    if last.kind != "number" or last.value is None or not value or not last.text[-1].isalpha():
        return False
    between = text[last.end : start].lower()
    tens = 20 <= last.value < 100 and last.value % 10 == 0 and value < 10
    hundreds = last.value >= 100 and last.value % 100 == 0 and value < 100
    return (tens and between in ("-", " ", "‑")) or (hundreds and between in (" and ", " "))


def _is_month(word: str, text: str, start: int) -> bool:
    return word == "May" and _before(text, start, ' "“‘([*-\n') != ""


def _before(text: str, place: int, marks: str) -> str:
    """The character before `place` and the `marks` that stand there; "" if the text begins so."""
    while place > 0 and text[place - 1] in marks:
        place -= 1
    return text[place - 1 : place]


def _goes_on(word: str, text: str, start: int, found: Sequence[Token]) -> bool:
    """Whether a word of a name may be any other word beside none: the "States" of the United."""
    last = found[-1] if found else None
    return (
        last is not None
        and last.kind == "name"
        and word[:1].isupper()
        and word[1:].islower()
        and text[last.end : start] in (" ", "\u00a0")
        and fold(word) in _REPORTS.meta
    )


def _is_name(word: str, text: str, start: int) -> bool:
    if not word[:1].isupper():
        return False
    folded = re.sub(r"['’]\w{1,2}$", "", fold(word)).strip(".")
    if folded in _CALENDAR.weekdays or folded in _CALENDAR.numbers:
        return False
    if word.isupper() and len(word.strip(".")) > 1 and folded not in _STOP_WORDS:
        return True
    opens = not _before(text, start, " \"“”'‘’([>*-\n") or _before(
        text, start, " \"“”'‘’([*\u00a0"
    ) in (".", "!", "?", ":", ">", "\n", "-")
    if folded in _STOP_WORDS or folded in _REPORTS.meta or folded in _TITLES.before_claims:
        return False
    if not opens:
        return True
    if folded in _REPORTS.openers:
        return False
    # At the start of a sentence any word has a capital: a name only if another follows or it is
    # of no common ending.
    follows = _NAME_FOLLOWS.match(text, start)
    common = _NAMES.common_ending.search(folded)
    return bool(follows) or (not common and folded not in _VERBS.forms)


_NAME_FOLLOWS = re.compile(r"[\w’'.-]++[ \u00a0]++[A-Z][a-z]")
