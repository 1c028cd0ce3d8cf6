"""Text → whose turn it is, where a document names its speakers line by line; and whose text it is.

Transcripts of every kind: "CHAIR POWELL.", "MR. HALE:", "Anna Rook (Lab):", "**Name:**", "Q:" and
"A:", with or without a time before it. A turn goes on until the next one begins. Speeches,
testimony and letters have an author: whose they are is told by their title, opening or file name.
Knows nothing about reporting verbs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag import tuned
from rag.language import Language
from rag.language.sentences import Span, paragraphs, sentences
from rag.statements.quotations import QUOTED
from rag.types import Document

_TIME = (
    r"(?:[\[(]?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s{1,2})?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?\s{0,2}[-–]?\s{0,2})?"
)
_BRACKETS = r"(?:\s?[(\[][^()\[\]\n]{1,80}[)\]]){0,3}"
_CAPITALS = r"[A-Z][A-Z'’-]*+\.?(?:,? [A-Z][A-Z'’-]*+\.?){0,7}"
_CAPITAL_LABEL = re.compile(
    rf"{_TIME}(?P<name>{_CAPITALS}){_BRACKETS}(?:, {_CAPITALS})?(?P<mark>:|\.)(?=\s)\s*"
)
_ASKED = re.compile(r"\**(?P<name>Q|A)(?P<mark>[:.]?)\**(?:(?<=[:.*])\s|\s{2,})\s*")
# "**Priya Nair**  [11:09 PM]", on a line of its own.
_STAMPED = (
    r"\**(?P<name>{named})\**\s{{1,3}}(?:[A-Z]{{2,4}}\s{{1,3}})?(?P<more>[\[(]?)(?P<mark>\d{{1,2}})"
    r"[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?\s*$"
)
_ASIDE = re.compile(r"[\[(][^\[\]()]{1,200}[\])]\.?|\*[^*]{1,200}\*")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{1,80})[)\]]")
_ROMAN = re.compile(r"[IVX]+")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says at a time: `label` is where they are named, `pieces` are their
    paragraphs. `asks` is set where it ends in a question.
    """

    name: str
    role: str | None
    label: Span
    pieces: tuple[Span, ...]
    asks: bool


@dataclass(frozen=True, slots=True)
class Author:
    """Whose whole text it is, and where they are named, if in the text."""

    name: str
    role: str | None
    label: Span | None


@dataclass(frozen=True, slots=True)
class _Label:
    start: int
    end: int
    name: str
    written: Span
    style: str
    role: str | None


def find_turns(text: str, *, language: Language) -> list[Turn]:
    """The turns of a transcript in order; none if the text is no transcript.

    It is one where at least two speakers are named, and some of them again and again.
    """
    lines = paragraphs(text, unwrapped=True)
    found = [label for span in lines if (label := _read_label(text, span, language)) is not None]
    counts = Counter(label.name.lower() for label in found)
    styles = Counter(label.style for label in found if counts[label.name.lower()] > 1)
    # What is nothing else: "**Priya Nair** [11:09 PM]"; in a debate in which each rises once,
    # "Mrs. Karim:", "The Minister for Ports (Mr. Oduya):"; beside "Q." and "A.", "THE COURT:".
    sure = [
        label
        for label in found
        if label.style == "stamped"
        or (label.style == "named:" and _is_titled(label.name, language))
        or label.style.startswith("asked")
        or (label.style == "capitals:" and any(s.startswith("asked") for s in styles))
    ]
    certain = frozenset(sure if len(sure) >= tuned.MIN_TURNS else ())
    kept = [
        label
        for label in found
        if counts[label.name.lower()] > 1
        or label in certain
        or (styles[label.style] > 1 and _is_name(label.name, language))
    ]
    # "Square Cofounder: …" above an interview is its headline.
    first = next((n for n, label in enumerate(kept) if counts[label.name.lower()] > 1), 0)
    kept = [
        label
        for n, label in enumerate(kept)
        if n >= first or label in certain or label.style != "named:"
    ]
    often = sum(counts[label.name.lower()] > 1 for label in kept)
    # "MS. ROOK:" is nothing else, even where a few turns are all there is.
    plain = sum(not label.style.startswith("named") for label in kept) >= tuned.MIN_TURNS
    few = not certain and often < (tuned.MIN_TURNS - 1 if plain else tuned.MIN_TURNS)
    if few or len({label.name.lower() for label in kept}) < 2:
        return []
    genres = language.genres
    examined = [span for span in lines if _opens(genres.examines, text, span)]
    asides = {*examined, *(span for span in lines if _opens(genres.sworn, text, span))}
    no_turns = {start for start, _ in examined}
    labels = [label for label in kept if label.start not in no_turns]
    turns = list(_turns(text, labels, [span for span in lines if span not in asides]))
    named = all(label.style == "named:" for label in labels)
    return [] if named and not _is_talk(text, turns, language) else turns


def _is_talk(text: str, turns: Sequence[Turn], language: Language) -> bool:
    """Whether what stands behind names is spoken: whole sentences, of which some address somebody
    or say "I", and names that the text does not write small. "Age: 21", "Photograph: Canon", "Last
    Week: …" name what follows, and nobody."""
    small = {w for w in re.findall(r"[^\W\d_]+", text) if w.islower()}
    whole = sum(_closed(text, turn) for turn in turns)
    own = sum(
        turn.asks or language.genres.addressing.search(text, *turn.pieces[0]) is not None
        for turn in turns
    )
    common = sum(turn.name.lower().split()[-1] in small for turn in turns)
    return (
        whole >= tuned.TALK_WHOLE * len(turns)
        and own >= tuned.TALK_OWN * len(turns)
        and common <= tuned.TALK_COMMON * len(turns)
    )


def _closed(text: str, turn: Turn) -> bool:
    """Whether a turn's first paragraph ends as a sentence does."""
    first = text[slice(*turn.pieces[0])].rstrip("\"”’')]* ")
    return first.endswith((".", "!", "?", "…", "-", "—", "–"))


def _opens(pattern: re.Pattern[str], text: str, line: Span) -> bool:
    """Whether `pattern`, which begins where a line does, matches a line that may be indented."""
    return pattern.match(text, text.rfind("\n", 0, line[0]) + 1, line[1]) is not None


@lru_cache
def _stamped_label(named: str) -> re.Pattern[str]:
    return re.compile(_STAMPED.format(named=named))


@lru_cache
def _named_label(named: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_TIME}\**(?P<name>{named})(?P<more>{_BRACKETS})\**(?P<mark>:)\**(?=\s)\s*"
    )


def _read_label(text: str, line: Span, language: Language) -> _Label | None:
    start, end = line
    for style, pattern in (
        ("asked", _ASKED),
        ("capitals", _CAPITAL_LABEL),
        ("named", _named_label(language.genres.named)),
        ("stamped", _stamped_label(language.genres.named)),
    ):
        match = pattern.match(text, start, end)
        if match is None:
            continue
        name = " ".join(match["name"].split()).strip(" ,.*")
        words = name.lower().replace(".", "").split()
        if not words or match.end() >= end + 1:
            continue
        if style != "asked" and (
            words[0] in language.grammar.no_label
            or (len(words) == 1 and len(words[0]) < 3)
            or (match["mark"] == "." and len(words) < 2)
        ):
            continue
        name, comma, office = name.partition(",")
        inside = _BRACKETED.findall(match["more"]) if style == "named" else []
        # "The Secretary of State for Health (Mr. Paul Vesey):" names its speaker in brackets.
        if inside and words[0] == "the" and _is_name(inside[0], language):
            office, name = name, inside[0]
        role = _role(office) if comma or office else None
        style = style if style == "stamped" else f"{style}{match['mark']}"
        return _Label(match.start(), match.end(), cased(name), match.span("name"), style, role)
    return None


def _role(office: str) -> str | None:
    office = " ".join(office.split())
    return (office.lower() if office.isupper() and len(office) > 4 else office) or None


def cased(name: str) -> str:
    """A name as it is written elsewhere: "MR. HALE" → "Mr. Hale"."""
    if not name.isupper() or len(name) < 2:
        return name
    return " ".join(
        word if _ROMAN.fullmatch(word) else "-".join(p.capitalize() for p in word.split("-"))
        for word in name.split()
    )


def _is_titled(name: str, language: Language) -> bool:
    words = name.replace(".", " ").split()
    titles = language.titles
    known = titles.words | titles.honorifics | language.genres.honoured
    return bool(words) and words[0].lower() in known


def _is_name(name: str, language: Language) -> bool:
    words = name.replace(".", " ").split()
    return _is_titled(name, language) or (
        2 <= len(words) <= 6 and all(w[0].isupper() for w in words)
    )


def _turns(text: str, labels: Sequence[_Label], lines: Sequence[Span]) -> Iterator[Turn]:
    starts = [label.start for label in labels]
    stops = [*starts[1:], len(text)]
    place = 0
    for label, stop in zip(labels, stops, strict=True):
        pieces = []
        while place < len(lines) and lines[place][0] < stop:
            start, end = max(lines[place][0], label.end), lines[place][1]
            end -= 2 * text.endswith("**", start, end)  # "**Q: And the first wall?**"
            if (
                lines[place][0] >= label.start
                and start < end
                and not _ASIDE.fullmatch(text, start, end)
            ):
                pieces.append((start, end))
            place += 1
        if pieces:
            asks = label.name == "Q" or _asks(text, pieces)
            yield Turn(label.name, label.role, label.written, tuple(pieces), asks)


def _asks(text: str, pieces: Sequence[Span]) -> bool:
    """Whether one of the last sentences asks: "…, and why? Thank you."."""
    start, end = pieces[-1]
    last = [text[start + s : start + e] for s, e in sentences(text[start:end])][-2:]
    return any(sentence.rstrip("\"”’')* ").endswith("?") for sentence in last)


def groups(text: str, pieces: Sequence[Span]) -> Iterator[Span]:
    """The sentences of `pieces`, a few together: what is quoted of somebody is no whole page."""
    for start, end in pieces:
        first: int | None = None
        last = words = 0
        for s, e in sentences(text[start:end]):
            count = len(text[start + s : start + e].split())
            if first is not None and words + count > tuned.TURN_WORDS:
                yield first, last
                first, words = None, 0
            first = start + s if first is None else first
            last, words = start + e, words + count
        if first is not None:
            yield first, last


def _is_own(text: str, language: Language) -> bool:
    own, top = language.genres.own_words, text[: tuned.OWN_REACH]
    if len(own.findall(QUOTED.sub(" ", top))) < tuned.MIN_TURNS:
        return False  # as most news is: its sentences need not be told apart
    said = [QUOTED.sub(" ", top[start:end]) for start, end in sentences(top)]
    first = sum(own.search(sentence) is not None for sentence in said)
    return first >= max(tuned.MIN_TURNS, tuned.OWN_SHARE * len(said))


def is_menu(words: str) -> bool:
    """Whether nearly Every Word Begins Like This, on and on: what a page leads to, not its text."""
    found = words.split()
    capital = sum(word[0].isupper() for word in found)
    return len(found) >= tuned.MENU_WORDS and capital >= tuned.MENU_SHARE * len(found)


def find_author(document: Document, *, language: Language) -> Author | None:
    """Whose speech, testimony or letter a document is; None for news and everything else.

    A by-line alone makes nobody the speaker of what they report; whoever says "I" in every few
    sentences, outside of quotations, writes of their own.
    """
    top = document.text[: tuned.AUTHOR_REACH]
    for pattern in language.genres.authored:
        match = pattern.search(top)
        if match is not None:
            name = " ".join(match["name"].split())
            role = match.groupdict().get("role")
            return Author(name, role.lower() if role else None, match.span("name"))
    signed = language.genres.by_line.search(top)
    if signed is not None and _is_own(document.text, language):
        return Author(" ".join(signed["name"].split()), None, signed.span("name"))
    # "speech-waller20220530a.txt": of what kind it is and whose.
    named = language.genres.file_named.search(document.id.rsplit("/", 1)[-1].lower())
    if named is None:
        return None
    surname = named["name"]
    for match in language.names.sequence.finditer(top):
        last = match.group().split()[-1]
        if last.lower().strip(".") == surname and len(match.group().split()) > 1:
            return Author(match.group(), None, match.span())
    return Author(surname.capitalize(), None, None)
