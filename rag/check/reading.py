"""A passage, read once for checking: its sentences, who speaks in them, and how words compare.

Knows nothing about claims.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from rag import tuned
from rag.check.claims import (
    Token,
    gives_orders,
    is_reporting,
    tokens,
)
from rag.language import LANGUAGE
from rag.language.dates import Date, find_dates, read_iso
from rag.language.sentences import sentences
from rag.language.stems import alike, key_of
from rag.language.words import fold, strip_hidden
from rag.statements import whole_sentences
from rag.types import Document, Evidence, Statement

_CALENDAR = LANGUAGE.calendar
_PRONOUNS = LANGUAGE.pronouns
_REPORTS = LANGUAGE.reports
_SPELLING = LANGUAGE.spelling
_VERBS = LANGUAGE.verbs

Complained = Literal[
    "number", "date", "name", "negation", "hedge", "speaker", "opinion", "support", "opposite",
    "word", "added", "quote", "link",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a sentence cannot stand: the words it is about, and the reason in one line; `instead` is
    what a passage has in their place, if that is known.

    It is not `certain` where the passage's own teller may have taken over what it leaves out: what
    a ministry, the police or a study reports is often told as a fact.
    """

    kind: Complained
    text: str
    reason: str
    certain: bool = True
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A quotation of a claim, `[start, end)` in it, and where it stands in a document."""

    start: int
    end: int
    document_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a passage."""

    start: int  # in the document
    end: int
    text: str
    tokens: tuple[Token, ...]
    keys: frozenset[str]
    values: frozenset[float]
    dates: tuple[Date, ...]
    said: tuple[Statement, ...]
    earlier: frozenset[str]  # names that a pronoun of it may stand for
    narrated: frozenset[str]  # keys outside what anybody is reported to say


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that is cited, read once."""

    number: int
    document: Document
    lines: tuple[Line, ...]
    keys: frozenset[str]
    described: frozenset[str]  # words of the title, the outlet and the file's name
    filed: frozenset[str]  # … of the file's name alone
    outlet: frozenset[str]
    date: Date | None
    statements: tuple[Statement, ...] = field(default=())

    @property
    def values(self) -> frozenset[float]:
        return frozenset(v for line in self.lines for v in line.values)


def read_source(
    evidence: Evidence, document: Document, statements: Sequence[Statement] = ()
) -> Source:
    """Reads a passage for checking; `statements` are those of its document."""
    passage = evidence.passage
    said = tuple(
        s
        for s in statements
        if s.document_id == document.id and s.start < passage.end and passage.start < s.end
    )
    # Two sentences before the passage: whom its first "he" may stand for.
    before_start = max(0, passage.start - 700)
    before = [
        tokens(document.text[before_start + s : before_start + e])
        for s, e in sentences(document.text[before_start : passage.start])
    ][-2:]
    earlier = [_names_of(tokens(document.title)), *(_names_of(t) for t in before)]
    title = earlier[0]
    lines = []
    for start, end in whole_sentences(passage.text):
        start, end = passage.start + start, passage.start + end
        text = document.text[start:end]
        if gives_orders(strip_hidden(text)):
            continue  # an order bears nothing out; it can still be quoted
        found = tokens(text)
        mine = tuple(s for s in said if s.start < end and start < s.end)
        resolved = {
            key_of(w)
            for s in mine
            for part in (s.speaker, s.mention, s.role or "", *s.via, s.to)
            for w in re.findall(r"[^\W_]+", part)
        }
        pronoun = title.union(*earlier[-2:]) if _PRONOUNS.stands_for.search(text) else frozenset()
        spoken = [span for s in mine for span in (*s.content_spans, *filter(None, [s.lead_span]))]
        narrated = frozenset(
            t.key
            for t in found
            if t.kind != "stop"
            and not any(a <= start + t.start and start + t.end <= b for a, b in spoken)
        )
        lines.append(
            Line(
                start,
                end,
                text,
                found,
                frozenset(t.key for t in found if t.kind != "stop"),
                frozenset(t.value for t in found if t.value is not None),
                tuple(find_dates(text)),
                mine,
                frozenset(resolved) | pronoun,
                narrated,
            )
        )
        earlier.append(_names_of(found) | set(resolved))
    # A file's name tells whose speech it is: "speech-bowman20220806a.txt".
    filed = words_of(*re.findall(r"[^\W\d_]{3,}", document.id))
    described = words_of(document.title, document.source or "") | filed
    return Source(
        evidence.number,
        document,
        tuple(lines),
        frozenset(k for line in lines for k in line.keys),
        described,
        filed,
        words_of(document.source or ""),
        read_iso(document.date),
        said,
    )


class Neighbourhood:
    """Which sentences of the passages are meant by the words around a word of the claim."""

    def __init__(self, claim: Sequence[Token], lines: Sequence[Line]) -> None:
        self._claim = claim
        self._lines = lines

    def lines(self, first: int, last: int, *, share: float = tuned.NEAR_SENTENCE) -> list[Line]:
        """The sentences that share most with the words beside `claim[first..last]`: at least
        `share` of what the best one shares."""
        low, high = max(0, first - tuned.WINDOW), last + 1 + tuned.WINDOW
        around = {
            t.key
            for n, t in enumerate(self._claim[low:high], start=low)
            if not first <= n <= last and is_content(t)
        }
        # What a pronoun may stand for counts half.
        scores = [
            len(around & line.keys) + len((around & line.earlier) - line.keys) / 2
            for line in self._lines
        ]
        best = max(scores, default=0.0)
        meant = [
            line
            for line, score in zip(self._lines, scores, strict=True)
            if score >= share * best and (score or not best)
        ]
        return meant + [line for line in self._merged(first, last) if line not in meant]

    def has_room(self, kind: str, first: int, last: int) -> bool:
        """Whether `claim[first..last]`, which another sentence has, may be told together with the
        sentences meant: none of them has one of its `kind` that the claim leaves out."""
        return not self.others(kind, first, last)

    def others(self, kind: str, first: int, last: int) -> list[Token]:
        """What of a `kind` the sentences meant by `claim[first..last]` have and the claim has not,
        each once."""
        ours = {t.key for t in self._claim}
        found = {
            t.key: t
            for line in self.lines(first, last)
            for t in line.tokens
            if t.kind == kind and t.key not in ours and not is_held(t.key, ours)
        }
        return list(found.values())

    def _merged(self, first: int, last: int) -> list[Line]:
        """The sentences that a claim takes over besides the one it follows most: each adds words
        that the first has not."""
        wanted = {
            t.key for n, t in enumerate(self._claim) if not first <= n <= last and is_content(t)
        }
        main = max(self._lines, key=lambda line: len(wanted & line.keys), default=None)
        if main is None:
            return []
        left = wanted - main.keys
        return [line for line in self._lines if len(left & line.keys) >= tuned.ADDED_WORDS]


def is_content(token: Token) -> bool:
    """Whether the word is of what is claimed, not of how it is reported or hedged."""
    if token.kind in ("stop", "negation", "hedge"):
        return False
    return token.kind != "word" or not is_reporting(token)


def is_held(key: str, held: Iterable[str]) -> bool:
    """A looser comparison, for demonyms, derivations and spelling variants."""
    return len(key) > 3 and key[0].isalpha() and any(alike(key, other) for other in held)


def is_within(key: str, held: Collection[str]) -> bool:
    """Whether `held` has the key, or one that `is_held` takes for it."""
    return key in held or is_held(key, held)


def day_name(token: Token) -> str | None:
    """ "weekday" or "month" where the word names one."""
    word = re.sub(r"['’]s?$", "", fold(token.text))
    if word in _CALENDAR.weekdays:
        return "weekday"
    return "month" if word in _CALENDAR.months and token.text[:1].isupper() else None


def is_saying(token: Token) -> bool:
    """Whether what stands beside the word is what somebody says or thinks ("finds it hard to")."""
    word = fold(token.text)
    lemma = _VERBS.forms.get(word)
    holds = (
        lemma in _VERBS.say
        or lemma in _VERBS.tell
        or (lemma in _VERBS.mental and not _VERBS.factive.match(word))
    )
    return word in _REPORTS.saying or holds


@lru_cache(maxsize=8192)
def content_keys(text: str) -> frozenset[str]:
    """The keys of the words of what `text` claims."""
    return frozenset(t.key for t in tokens(text) if is_content(t))


@lru_cache(maxsize=8192)
def all_keys(text: str) -> frozenset[str]:
    """The keys of all words of `text`."""
    return frozenset(t.key for t in tokens(text))


@lru_cache(maxsize=64)
def document_keys(text: str) -> frozenset[str]:
    """As `all_keys`, for whole documents: read as plain words, a few kept."""
    return frozenset(key_of(w) for w in re.findall(r"[^\W_]+", text))


def words_of(*texts: str) -> frozenset[str]:
    """The keys of plain words, without reading what each is."""
    return frozenset(key_of(w) for text in texts for w in re.findall(r"[^\W_]+", text))


def _names_of(found: Sequence[Token]) -> frozenset[str]:
    return frozenset(t.key for t in found if t.kind == "name")
