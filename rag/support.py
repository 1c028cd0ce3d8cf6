"""Whether passages bear out what a sentence claims. Knows nothing about markers or models.

Near-verbatim sentences are aligned with the passage's word by word, and a difference in a name, a
number, a negation or a hedge is a complaint. Looser ones are compared in the neighbourhood of each
such word: the passage's sentence that shares most with the words around it must hold it too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from rag.claims import (
    META,
    Date,
    Token,
    find_dates,
    gives_orders,
    hedge_family,
    is_reporting,
    is_strong_hedge,
    is_weak_number,
    key_of,
    names,
    read_iso,
    tokens,
    turns_around,
)
from rag.passages import sentences
from rag.statements import whole_sentences
from rag.statements.cues import MENTAL, SAY, TELL, VERBS
from rag.statements.speakers import is_outlet, read_mention
from rag.types import Document, Evidence, Statement
from rag.words import STOP_WORDS, fold, strip_hidden

Complained = Literal["number", "date", "name", "negation", "hedge", "speaker", "opinion", "support"]

# Words on either side of a name or number that tell which sentence of the passage it belongs to.
_WINDOW = 8
# A sentence of the passage counts as meant if it shares this much of what the best one shares.
_NEAR = 0.6
# Days of the week and months stand in every other sentence of the news: they are held closer.
_NEARER = 0.8
# A claim that shares less of its words with what it cites is not borne out by it (true ones written
# by hand share 0.8 and more); one of three words or fewer must share more …
_MIN_COVERAGE, _MIN_SHORT = 0.5, 0.6
_SHORT = 3
# … nor is one that another passage covers better by so much.
_MOVED = 0.25
_MOVED_BELOW = 0.7
# Word-by-word comparison needs this share of the claim in one sentence.
_VERBATIM = 0.6
# A statement of the passage says what the claim says if it shares this much of it.
_SAME_CONTENT = 0.6
_PRONOUN = re.compile(
    r"\b(?:he|she|they|him|her|his|their|them|it|its|who|we|our|us|i|my"
    r"|the (?:group|movement|party|company|organi[sz]ation|country|agency|spokes\w+|official"
    r"|leader|commander|minister|president"
    r"|militia|government|militants?|former \w+|\w+ (?:leader|commander|minister|official)))\b",
    re.IGNORECASE,
)
# Knowing or learning something makes it a fact to whoever tells it.
_FACTIVE = re.compile(
    r"^(?:know|knew|learn|saw|see|reali[sz]|remember|understand|understood|recogni[sz]|heard|hear"
    r"|show|found|find|determin|discover)"
)
_ABOUT_DOCUMENTS = frozenset(
    """document documents article articles passage passages account accounts report reports
    outlets texts versions""".split()
)
# "On 10 October Khamenei said" names Khamenei.
_DATED = re.compile(
    r"^(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?: \d{1,2})? "
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH_NAMES = (
    "january february march april may june july august september october november december".split()
)
_GENERIC = frozenset(
    """official officials adviser advisor analyst analysts expert experts researcher source sources
    spokesman spokeswoman spokesperson commander leader leaders author writer journalist article
    document report text piece it he she they we who one others another person people man woman
    figure figures speaker passage account newspaper paper outlet agency""".split()
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a sentence cannot stand: the words it is about, and the reason in one line."""

    kind: Complained
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
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
    lines: tuple[_Line, ...]
    keys: frozenset[str]
    described: frozenset[str]  # words of the title and the outlet
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
        pronoun = title.union(*earlier[-2:]) if _PRONOUN.search(text) else frozenset()
        spoken = [span for s in mine for span in (*s.content_spans, *filter(None, [s.lead_span]))]
        narrated = frozenset(
            t.key
            for t in found
            if t.kind != "stop"
            and not any(a <= start + t.start and start + t.end <= b for a, b in spoken)
        )
        lines.append(
            _Line(
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
    described = f"{document.title} {document.source or ''}"
    return Source(
        evidence.number,
        document,
        tuple(lines),
        frozenset(k for line in lines for k in line.keys),
        _words_of(described),
        _words_of(document.source or ""),
        read_iso(document.date),
        said,
    )


def check_claim(
    text: str,
    *,
    cited: Sequence[Source],
    others: Sequence[Source] = (),
    said: Sequence[Statement] = (),
    quoted: Sequence[tuple[int, int, str, int, int]] = (),
    attributed: bool = False,
) -> list[Complaint]:
    """What of one sentence the passages it cites do not bear out; [] if all of it stands.

    `text` has no markers. `said` are the statements that the sentence itself makes (its own spans),
    `quoted` the quotations already found, each `[start, end)` in `text` with the document, start
    and end where it stands, and `attributed` tells that the sentence goes on with what a speaker
    named before it says.
    """
    claim = tokens(text)
    marks = [(q[0], q[1]) for q in quoted]
    free = [t for t in claim if not any(a <= t.start < b for a, b in marks)]
    content = [t for t in claim if _is_content(t)]
    if not content:
        return []
    lines = [line for source in cited for line in source.lines]
    found: list[Complaint] = []
    speakers = _speaker_spans(text, said)
    places = {t.start: n for n, t in enumerate(claim)}
    near = _Neighbourhood(claim, lines)

    weak = _coverage(content, cited, said, text)
    if weak is not None and not quoted:
        moved = next(
            (
                s
                for s in others
                if weak < _MOVED_BELOW
                and (_coverage(content, [s], said, text) or 0.0) >= weak + _MOVED
            ),
            None,
        )
        if moved is not None:
            reason = f"this stands in [{moved.number}], not in the passage it is marked with"
            return [Complaint("support", text, reason)]
        if weak < (_MIN_SHORT if len(content) <= _SHORT else _MIN_COVERAGE):
            return [Complaint("support", text, "the passage does not say this")]

    for token in free:
        if token.kind == "number":
            complaint = _check_number(token, claim, places[token.start], near, cited)
            if complaint:
                found.append(complaint)
    found += _check_dates(text, free, near, places, cited, marks)
    wrong = _check_speakers(said, cited, quoted)
    found += wrong
    settled = [c.text for c in wrong]
    for group in names(tuple(free)):
        spans = [(a, b) for a, b in speakers if a <= group[0].start < b]
        if any(text[a:b].strip() in settled for a, b in spans):
            continue
        complaint = _check_name(group, claim, near, places, cited)
        if complaint:
            found.append(complaint)
    found += _check_polarity(claim, free, near, places)
    found += _check_dropped(free, claim, near, places)
    found += _compare(claim, marks, lines, speakers, bare=not (said or attributed))
    if not (said or attributed):
        found += _check_attribution(text, claim, content, cited)
    return _once(found)


# --- the neighbourhood of a word ---


class _Neighbourhood:
    """Which sentences of the passages are meant by the words around a word of the claim."""

    def __init__(self, claim: Sequence[Token], lines: Sequence[_Line]) -> None:
        self._claim = claim
        self._lines = lines

    def lines(self, first: int, last: int, *, share: float = _NEAR) -> list[_Line]:
        """The sentences that share most with the words beside `claim[first..last]`: at least
        `share` of what the best one shares."""
        low, high = max(0, first - _WINDOW), last + 1 + _WINDOW
        around = {
            t.key
            for n, t in enumerate(self._claim[low:high], start=low)
            if not first <= n <= last and _is_content(t)
        }
        scores = [len(around & (line.keys | line.earlier)) for line in self._lines]
        best = max(scores, default=0)
        return [
            line
            for line, score in zip(self._lines, scores, strict=True)
            if score >= share * best and (score or not best)
        ]


def _is_content(token: Token) -> bool:
    if token.kind in ("stop", "negation", "hedge"):
        return False
    return token.kind != "word" or not is_reporting(token)


def _coverage(
    content: Sequence[Token], cited: Sequence[Source], said: Sequence[Statement], text: str
) -> float | None:
    """The share of the claim's words that the cited passages hold; None without words to share.

    Who says it is checked by itself.
    """
    spans = _speaker_spans(text, said)
    wanted = {t.key for t in content if not any(a <= t.start < b for a, b in spans)}
    if not wanted:
        return None
    held = frozenset().union(
        *(s.keys | s.described | frozenset(k for x in s.lines for k in x.earlier) for s in cited)
    )
    return sum(1 for k in wanted if k in held or _is_held(k, held)) / len(wanted)


def _is_held(key: str, held: Iterable[str]) -> bool:
    """A looser comparison, for demonyms, derivations and spelling variants."""
    return len(key) > 3 and any(_alike(key, other) for other in held)


# --- numbers and dates ---


def _check_number(
    token: Token, claim: Sequence[Token], place: int, near: _Neighbourhood, cited: Sequence[Source]
) -> Complaint | None:
    following = next((t for t in claim[place + 1 : place + 3] if t.kind != "stop"), None)
    if following is not None and fold(following.text) in _ABOUT_DOCUMENTS:
        return None  # it counts what is cited
    if is_weak_number(token):
        return None
    if any(token.value in line.values for line in near.lines(place, place)):
        return None
    years = {s.date.year for s in cited if s.date and s.date.year}
    if token.value in years:
        return None
    elsewhere = any(token.value in s.values for s in cited)
    reason = (
        "stands elsewhere in the passage, about something else"
        if elsewhere
        else "stands nowhere in the passage"
    )
    return Complaint("number", token.text, f"the number {token.text} {reason}")


def _check_dates(
    text: str,
    free: Sequence[Token],
    near: _Neighbourhood,
    places: dict[int, int],
    cited: Sequence[Source],
    marks: Sequence[tuple[int, int]],
) -> list[Complaint]:
    found = []
    published = [s.date for s in cited if s.date is not None]
    for date in find_dates(text):
        if any(a <= date.start < b for a, b in marks):
            continue
        within = [places[t.start] for t in free if date.start <= t.start < date.end]
        if not within:
            continue
        lines = near.lines(min(within), max(within))
        shown = text[date.start : date.end]
        if not _has_date(date, lines, published, cited):
            found.append(Complaint("date", shown, f"the date {shown} does not stand there"))
    for token in free:
        word = re.sub(r"['’]s?$", "", fold(token.text))
        if token.kind == "date" or _day_name(token) is None:
            continue
        place = places[token.start]
        lines = near.lines(place, place, share=_NEARER)
        if any(token.key in line.keys or word in fold(line.text) for line in lines):
            continue
        if word in _MONTH_NAMES:
            month = _MONTH_NAMES.index(word) + 1
            named = [d.month for line in lines for d in line.dates]
            if month in named or (not named and any(d.month == month for d in published)):
                continue
            short = rf"\b{word[:3]}\b"
            if any(re.search(short, fold(line.text)) for line in lines):
                continue
        elif not any(day in fold(line.text) for line in lines for day in _WEEKDAYS) and any(
            _weekday(d) == word for d in published
        ):
            continue
        found.append(Complaint("date", token.text, f"“{token.text}” does not stand there"))
    return found


def _has_date(
    date: Date, lines: Sequence[_Line], published: Sequence[Date], cited: Sequence[Source]
) -> bool:
    years = {d.year for d in published} | {
        int(v) for s in cited for v in s.values if 1000 <= v <= 2999
    }
    for other in (d for line in lines for d in line.dates):
        dated = date.year is None or other.year is not None or not years or date.year in years
        if date.fits(other) and dated:
            return True
    return any((date.fits(d) and d.day is not None) or (date.day is None and date.fits(d))
               for d in published)  # fmt: skip


def _weekday(date: Date) -> str | None:
    from datetime import date as day

    try:
        return _WEEKDAYS[day(date.year or 1, date.month or 0, date.day or 0).weekday()]
    except ValueError:
        return None


# --- names and speakers ---


def _check_name(
    group: tuple[Token, ...],
    claim: Sequence[Token],
    near: _Neighbourhood,
    places: dict[int, int],
    cited: Sequence[Source],
) -> Complaint | None:
    shown = " ".join(t.text for t in group)
    lines = near.lines(places[group[0].start], places[group[-1].start])
    last = group[-1]
    text = " ".join(line.text for line in lines)
    written = frozenset(k for line in lines for k in line.keys)
    written |= frozenset(k for s in cited for k in s.outlet)
    close = written | frozenset(k for line in lines for k in line.earlier)
    if _named(last, group, close, text):
        everywhere = close | frozenset(k for s in cited for k in _document_keys(s.document.text))
        if all(_named(t, group, everywhere, text) for t in group[:-1]):
            if _named(last, group, written, text):
                other = _name_beside(group, claim, lines)
                if other is None:
                    return None
                return Complaint("name", shown, f"the passage has {other} there, not {shown}")
            # It stands for a pronoun, then, not for another name.
            other = _name_instead(group, claim, lines)
            if other is None:
                return None
            return Complaint("name", shown, f"the passage has {other} there, not {shown}")
    elsewhere = _stands_somewhere(group, cited)
    reason = (
        "stands elsewhere in the passage, not with this"
        if elsewhere
        else "stands nowhere in the passage"
    )
    return Complaint("name", shown, f"the name {shown} {reason}")


def _name_instead(
    group: tuple[Token, ...], claim: Sequence[Token], lines: Sequence[_Line]
) -> str | None:
    """The name that a passage has beside the word that our name stands beside."""
    first, last = claim.index(group[0]), claim.index(group[-1])
    ours = {t.key for t in claim if t.kind == "name"}
    sides = (
        (-1, [t for t in claim[max(0, first - 3) : first] if t.kind == "word"][-1:]),
        (1, [t for t in claim[last + 1 : last + 4] if t.kind == "word"][:1]),
    )
    for side, words in sides:
        for word in words:
            for line in lines:
                for n, token in enumerate(line.tokens):
                    if token.key != word.key:
                        continue
                    beside = (
                        line.tokens[n + 1 : n + 3] if side < 0 else line.tokens[max(0, n - 2) : n]
                    )
                    there = [t for t in beside if t.kind == "name" and t.key not in ours]
                    if there:
                        return there[-1].text
    return None


def _name_beside(
    group: tuple[Token, ...], claim: Sequence[Token], lines: Sequence[_Line]
) -> str | None:
    """The name that a passage has right before the noun that ours stands right before."""
    place = claim.index(group[-1]) + 1
    if place == len(claim) or claim[place].kind != "word" or is_reporting(claim[place]):
        return None
    noun, key = claim[place].key, group[-1].key
    if claim[place].start - group[-1].end > 1:
        return None
    there: str | None = None
    for line in lines:
        for n, token in enumerate(line.tokens[1:], start=1):
            before = line.tokens[n - 1]
            if token.key != noun or before.kind != "name" or token.start - before.end > 1:
                continue
            initials = "".join(t.text[0] for t in group).lower()
            if before.key in (key, initials) or _alike(before.key, key):
                return None
            there = before.text
        if any(t.key == noun and (n == 0 or line.tokens[n - 1].kind != "name")
               for n, t in enumerate(line.tokens)):  # fmt: skip
            return None  # it stands there without a name as well
    return there


def _stands_somewhere(group: tuple[Token, ...], cited: Sequence[Source]) -> bool:
    held = frozenset(
        k for s in cited for line in s.lines for k in line.keys | line.earlier
    ) | frozenset(k for s in cited for k in s.described)
    text = " ".join(line.text for s in cited for line in s.lines)
    return all(_named(t, group, held, text) for t in group)


def _named(token: Token, group: tuple[Token, ...], held: frozenset[str], text: str) -> bool:
    if token.key in held or _is_held(token.key, held):
        return True
    bare = token.text.replace(".", "")
    if bare.isupper() and 2 <= len(bare) <= 6:  # "UN": United Nations
        between = r"[\w’'-]*[\s-]+(?:(?:of|the|for|and)\s+)*"
        if re.search(rf"\b{between.join(bare)}\w", text):
            return True
        if bare in ("US", "USA") and re.search(r"\b(?:America|United States|Washington)", text):
            return True
    if fold(token.text).startswith("americ") and {"us", "usa"} & held:
        return True
    initials = "".join(t.text[0] for t in group if t.text[0].isupper()).lower()
    return len(initials) > 1 and initials in held


def _speaker_spans(text: str, said: Sequence[Statement]) -> list[tuple[int, int]]:
    return [s.speaker_span for s in said if s.speaker_span and s.speaker_span[1] <= len(text)]


def _check_speakers(
    said: Sequence[Statement],
    cited: Sequence[Source],
    quoted: Sequence[tuple[int, int, str, int, int]],
) -> list[Complaint]:
    """Whether whoever the sentence names said what it has them say."""
    found: list[Complaint] = []
    for claim in said:
        words = [fold(w) for w in re.findall(r"[^\W_]+", claim.mention)]
        unnamed = all(w in META or w in _GENERIC for w in words)
        if unnamed and claim.speaker == claim.mention:
            continue
        theirs = _same_words(claim, cited, quoted)
        if not theirs:
            continue
        if any(_same_voice(claim, other, source) for other, source in theirs):
            matching = [o for o, source in theirs if _same_voice(claim, o, source)]
            if claim.negated not in {o.negated for o in matching} and not any(
                turns_around(t) for o in matching for t in tokens(o.cue)
            ):
                reason = f"{matching[0].speaker} is reported otherwise: “{matching[0].cue}”"
                found.append(Complaint("negation", claim.cue, reason))
            continue
        best = theirs[0][0]
        if any(_says_it(claim, other, source) for other, source in theirs):
            continue
        surname = key_of(re.findall(r"[^\W_]+", claim.speaker)[-1]) if claim.speaker else ""
        if not any(o.certain for o, _ in theirs) and any(
            surname in line.keys for source in cited for line in source.lines
        ):
            continue  # whom "he" stands for there is a guess
        reason = f"the passage gives this as the words of {best.speaker}, not of {claim.speaker}"
        found.append(Complaint("speaker", (claim.mention or claim.speaker).strip(), reason))
    return found


def _says_it(claim: Statement, other: Statement, source: Source) -> bool:
    """Whether the claim's speaker stands beside a word of saying in the statement's sentences.

    The extraction misses some: the words of one within the words of another, say.
    """
    wanted = {
        key_of(w)
        for w in re.findall(r"[^\W_]+", claim.mention)
        if fold(w) not in STOP_WORDS and fold(w) not in _GENERIC
    }
    for line in source.lines:
        if not wanted or other not in line.said or not wanted <= line.keys:
            continue
        at = [n for n, t in enumerate(line.tokens) if t.key in wanted]
        if any(_is_saying(t) for n in at for t in line.tokens[max(0, n - 3) : n + 4]):
            return True
    return False


def _same_words(
    claim: Statement,
    cited: Sequence[Source],
    quoted: Sequence[tuple[int, int, str, int, int]],
) -> list[tuple[Statement, Source]]:
    """The statements of the passages that say what `claim` says, the most alike first."""
    exact = []
    for source in cited:
        for other in source.statements:
            for start, end, document, first, last in quoted:
                if document != source.document.id or not any(
                    a < end and start < b for a, b in claim.content_spans
                ):
                    continue
                spans = [*other.content_spans, *filter(None, [other.lead_span])]
                if any(a < last and first < b for a, b in spans):
                    exact.append((other, source))
    if exact:
        return exact
    wanted = {t.key for t in tokens(claim.content) if _is_content(t)}
    if len(wanted) < 2:
        return []
    scored = []
    for source in cited:
        for other in source.statements:
            mine = _content_keys(f"{other.lead} {other.content}")
            share = sum(1 for k in wanted if k in mine or _is_held(k, mine)) / len(wanted)
            scored.append((share, other, source))
    best = max((s for s, _, _ in scored), default=0.0)
    if best < _SAME_CONTENT:
        return []
    # Said in the passage's own words as well, or by somebody whom the extraction missed.
    for source in cited:
        for line in source.lines:
            if len(wanted & line.narrated) / len(wanted) >= best:
                return []
    return [
        (other, source)
        for share, other, source in sorted(scored, key=lambda x: (-x[0], x[1].start))
        if share >= 0.85 * best
    ]


def _same_voice(claim: Statement, other: Statement, source: Source) -> bool:
    theirs = _words_of(
        other.speaker, other.mention, other.role or "", other.to, *other.via,
        other.outlet or "", source.document.source or "",
    )  # fmt: skip
    for candidate in dict.fromkeys((claim.speaker, claim.mention)):
        mention = read_mention(_DATED.sub("", candidate))
        if mention.name is not None:
            surname = key_of(re.findall(r"[^\W_]+", mention.name)[-1])
            possessor = re.search(
                rf"\b{re.escape(surname)}(?:[’']s|s[’'])\s", fold(other.speaker), re.IGNORECASE
            )
            if possessor and "’" not in candidate and "'" not in candidate:
                continue  # "Clinton's advisers" are not Clinton
            if surname in theirs or _is_held(surname, theirs):
                first = key_of(mention.name.split()[0])
                full = read_mention(other.speaker).name or ""
                # "Bill Clinton" is not "Hillary Clinton".
                if (
                    len(full.split()) < 2
                    or len(mention.name.split()) < 2
                    or (
                        first in theirs or _is_held(first, theirs) or surname not in _words_of(full)
                    )
                ):
                    return True
            continue
        wanted = {
            key_of(w)
            for w in re.findall(r"[^\W_]+", candidate)
            if fold(w) not in _GENERIC and fold(w) not in META and len(w) > 2
        }
        wanted = {
            k for k in wanted if k not in ("the", "one", "two", "three", "who", "close", "to")
        }
        if not wanted or wanted & theirs or any(_is_held(k, theirs) for k in wanted):
            return True
    # A group stands for its member, and a chain for its end: "Reuters, citing three sources".
    return (
        is_outlet(claim.speaker)
        and is_outlet(other.speaker)
        and (key_of(claim.speaker.split()[-1]) in theirs)
    )


def _check_attribution(
    text: str,
    claim: Sequence[Token],
    content: Sequence[Token],
    cited: Sequence[Source],
) -> list[Complaint]:
    """Whether the sentence tells as a fact what the passage only has somebody say."""
    if re.search(r"\b(?:according to|in the words of)\b", text, re.I):
        return []
    cues = {t.key for t in claim if t.kind == "word" and is_reporting(t)}
    wanted = {t.key for t in content}
    if len(wanted) < 2:
        return []
    best: tuple[float, Statement] | None = None
    for source in cited:
        for other in source.statements:
            if _FACTIVE.match(fold(other.cue)) or fold(other.speaker) == fold(
                source.document.source or ""
            ):
                continue
            mine = _content_keys(f"{other.lead} {other.content}")
            if not cues <= _all_keys(f"{other.lead} {other.content}"):
                continue  # a word of saying that is not of what was said: it attributes
            share = sum(1 for k in wanted if k in mine or _is_held(k, mine)) / len(wanted)
            if share >= _SAME_CONTENT and (best is None or share > best[0]):
                best = (share, other)
    if best is None:
        return []
    speaker = read_mention(best[1].speaker).name
    if speaker and key_of(re.findall(r"[^\W_]+", speaker)[-1]) in wanted - _content_keys(
        f"{best[1].lead} {best[1].content}"
    ):
        return []  # the sentence names who says it
    for source in cited:
        for line in source.lines:
            held = line.narrated
            share = sum(1 for k in wanted if k in held or _is_held(k, held)) / len(wanted)
            if share >= 0.85 * best[0]:
                return []
    reason = f"the passage gives this as the words of {best[1].speaker}, the sentence as a fact"
    return [Complaint("opinion", text.strip(), reason)]


# --- negations and hedges ---


def _check_polarity(
    claim: Sequence[Token],
    free: Sequence[Token],
    near: _Neighbourhood,
    places: dict[int, int],
) -> list[Complaint]:
    found = []
    for token in free:
        if token.kind != "negation":
            continue
        place = places[token.start]
        anchors = [t for t in claim[place + 1 : place + 7] if _is_content(t)][:2]
        lines = near.lines(place, place)
        if not anchors or not lines:
            continue
        # The words it negates, wherever the passage has them: negated there too?
        holding = [
            line for line in lines if any(_has_key(line, anchor.key) for anchor in anchors)
        ] or lines
        if not any(_is_negated(line, [a.key for a in anchors]) for line in holding):
            reason = f"the passage says this without “{token.text}”"
            found.append(Complaint("negation", token.text, reason))
    return found


def _check_dropped(
    free: Sequence[Token],
    claim: Sequence[Token],
    near: "_Neighbourhood",
    places: dict[int, int],
) -> list[Complaint]:
    """A "not" of the passage whose word the claim has without it."""
    turned = {
        token.key
        for place, token in enumerate(claim)
        if any(turns_around(t) for t in claim[max(0, place - 9) : place + 4])
    }
    for token in free:
        if not _is_content(token) or token.kind != "word" or token.key in turned:
            continue
        place = places[token.start]
        lines = near.lines(place, place)
        bare = [line for line in lines if _has_key(line, token.key)]
        if not bare:
            continue
        dropped = [_negation_before(line, token.key) for line in bare]
        if all(dropped):
            word = next(d for d in dropped if d)
            return [Complaint("negation", token.text, f"leaves out “{word}”")]
    return []


def _negation_before(line: _Line, key: str) -> str | None:
    """The "not" right before `key` in a line, an adverb or an auxiliary between at most."""
    for n, token in enumerate(line.tokens):
        if token.kind != "negation":
            continue
        following = [
            t for t in line.tokens[n + 1 : n + 6] if t.kind != "stop" and _goes_with(line, token, t)
        ]
        if following and fold(following[0].text).endswith("ly"):
            following = following[:2]
        else:
            following = following[:1]
        if any(t.key == key for t in following) and not any(t.key == key for t in line.tokens[:n]):
            return token.text
    return None


def _goes_with(line: _Line, token: Token, following: Token) -> bool:
    """Whether nothing but words stands between the two."""
    return not re.search(r"[,;:.!?—–()“”\"]", line.text[token.end : following.start])


def _has_key(line: _Line, key: str) -> bool:
    return key in line.keys or _is_held(key, line.keys)


def _is_negated(line: _Line, keys: Sequence[str]) -> bool:
    """Whether something turns one of `keys` around in `line`; anything at all if it has none."""
    turning = [n for n, t in enumerate(line.tokens) if turns_around(t)]
    if not turning:
        return False
    at = [
        n
        for n, t in enumerate(line.tokens)
        if any(t.key == k or (len(k) > 3 and _alike(k, t.key)) for k in keys)
    ]
    return not at or any(-3 <= n - m <= 9 for n in at for m in turning)


def _compare(
    claim: Sequence[Token],
    marks: Sequence[tuple[int, int]],
    lines: Sequence[_Line],
    speakers: Sequence[tuple[int, int]],
    *,
    bare: bool,
) -> list[Complaint]:
    """What the sentences of the passages that the claim follows most closely say otherwise.

    Where one of two that are as close says nothing against it, nothing does.
    """
    mine = [t for t in claim if t.kind != "stop"]
    shares = [sum(b.size for b in _matcher(mine, line).get_matching_blocks()) for line in lines]
    best = max(shares, default=0)
    found = [
        [*_align(mine, marks, line, speakers), *(_drop_cue(mine, line) if bare else [])]
        for line, share in zip(lines, shares, strict=True)
        if share >= 3 and share == best
    ]
    return min(found, key=len, default=[])


def _matcher(mine: Sequence[Token], line: _Line) -> SequenceMatcher[str]:
    theirs = [t.key for t in line.tokens if t.kind != "stop"]
    return SequenceMatcher(None, [t.key for t in mine], theirs, autojunk=False)


def _day_name(token: Token) -> str | None:
    """ "weekday" or "month" where the word names one."""
    word = re.sub(r"['’]s?$", "", fold(token.text))
    if word in _WEEKDAYS:
        return "weekday"
    return "month" if word in _MONTH_NAMES and token.text[:1].isupper() else None


def _drop_cue(mine: Sequence[Token], line: _Line) -> list[Complaint]:
    """Whether the claim takes over what the passage reports, without its "…, he said"."""
    blocks = [b for b in _matcher(mine, line).get_matching_blocks() if b.size]
    equal = sum(b.size for b in blocks)
    if equal < 3 or equal < _VERBATIM * len(mine):
        return []
    matched = {b.a + n for b in blocks for n in range(b.size)}
    if any(is_reporting(t) and t.kind == "word" for n, t in enumerate(mine) if n not in matched):
        return []
    theirs = [t for t in line.tokens if t.kind != "stop"]
    first, last = theirs[blocks[0].b], theirs[blocks[-1].b + blocks[-1].size - 1]
    at = {t.start: n for n, t in enumerate(line.tokens)}
    before = line.tokens[max(0, at[first.start] - 4) : at[first.start]]
    after = line.tokens[at[last.start] + 1 : at[last.start] + 5]
    behind = line.text[last.end :].lstrip("”\"' ")[:1] == ","
    cue = next((t for t in reversed(before) if _is_saying(t)), None)
    if cue is None and (behind or "”" in line.text[last.end : last.end + 3]):
        cue = next((t for t in after if _is_saying(t)), None)
    if cue is None:
        return []
    reason = f"leaves out who says so (“{cue.text}” in the passage)"
    return [Complaint("opinion", " ".join(t.text for t in mine), reason)]


def _is_saying(token: Token) -> bool:
    """Whether what stands beside the word is what somebody says or thinks ("finds it hard to")."""
    word = fold(token.text)
    lemma = VERBS.get(word)
    holds = lemma in SAY or lemma in TELL or (lemma in MENTAL and not _FACTIVE.match(word))
    return word in ("according", "finds") or holds


def _align(
    mine: Sequence[Token],
    marks: Sequence[tuple[int, int]],
    line: _Line,
    speakers: Sequence[tuple[int, int]],
) -> list[Complaint]:
    """Differences that change what is said, where the claim follows the passage word by word."""
    theirs = [t for t in line.tokens if t.kind != "stop"]
    matcher = _matcher(mine, line)
    blocks = matcher.get_matching_blocks()
    equal = sum(b.size for b in blocks)
    if equal < 3 or equal < _VERBATIM * len(mine):
        return []
    found: list[Complaint] = []
    # Which of our words stand for which of the passage's.
    ours = {b.a + n for b in blocks for n in range(b.size)}
    twin = {b.b + n: b.a + n for b in blocks for n in range(b.size)}
    free = [n for n, t in enumerate(mine) if not any(a <= t.start < b for a, b in marks)]
    extra = [mine[n] for n in free if n not in ours]
    missing = [
        t
        for n, t in enumerate(theirs)
        if n not in twin and n + 1 in twin and _goes_with(line, t, theirs[n + 1])
    ]
    if not any(turns_around(t) for t in extra):
        for token in (t for t in missing if t.kind == "negation"):
            found.append(Complaint("negation", token.text, f"leaves out “{token.text}”"))
    elif not any(turns_around(t) for n, t in enumerate(theirs) if n not in twin):
        for token in (t for t in extra if t.kind == "negation"):
            reason = f"the passage says this without “{token.text}”"
            found.append(Complaint("negation", token.text, reason))
    reported = any(t.kind == "word" and is_reporting(t) for t in mine)
    softened = {hedge_family(t) for t in extra if t.kind == "hedge"}
    for token in (t for t in missing if t.kind == "hedge" and is_strong_hedge(t)):
        family = hedge_family(token)
        following = mine[twin[theirs.index(token) + 1]]
        if family in softened or (family == "alleged" and "maybe" in softened):
            continue
        if fold(token.text).endswith("ly") and family == "alleged" and reported:
            continue  # "the Journal reported" says as much as "allegedly"
        if any(a <= following.start < b for a, b in marks):
            continue  # quotation marks around a term say "so-called"
        found.append(Complaint("hedge", token.text, f"leaves out “{token.text}”"))
    kept = {t.key for t in mine}
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "replace" or not (a > 0 and b < len(mine) and c > 0 and d < len(theirs)):
            continue
        kinds = {t.kind for t in (*mine[a:b], *theirs[c:d])}
        days = {_day_name(t) for t in (*mine[a:b], *theirs[c:d])}
        if kinds not in ({"name"}, {"number"}) and (None in days or b - a > 1):
            continue
        if any(n not in free for n in range(a, b)) or theirs[d - 1].key in kept:
            continue
        if any(_alike(x.key, y.key) for x in mine[a:b] for y in theirs[c:d]):
            continue
        keys = [t.key for t in theirs]
        if kinds == {"number"} and all(
            [t.key for t in mine].count(t.key) <= keys.count(t.key) for t in mine[a:b]
        ):
            continue  # another number of the sentence, moved along with its words
        shown = " ".join(t.text for t in mine[a:b])
        there = " ".join(t.text for t in theirs[c:d])
        kind: Complained = "date" if None not in days else "name"
        if kinds == {"number"}:
            kind = "number"
        found.append(Complaint(kind, shown, f"the passage has {there} there, not {shown}"))
    found += _check_order(mine, theirs, speakers)
    return found


def _check_order(
    mine: Sequence[Token], theirs: Sequence[Token], speakers: Sequence[tuple[int, int]]
) -> list[Complaint]:
    """Two names that changed places while the words between them did not."""
    words_mine = [t.key for t in mine if t.kind == "word" and not is_reporting(t)]
    words_theirs = [t.key for t in theirs if t.kind == "word" and not is_reporting(t)]
    same = SequenceMatcher(None, words_mine, words_theirs, autojunk=False)
    equal = sum(b.size for b in same.get_matching_blocks())
    if len(words_mine) < 2 or equal < 0.8 * len(words_mine):
        return []
    order_mine = [
        t.key for t in mine if t.kind == "name" and not any(a <= t.start < b for a, b in speakers)
    ]
    order_theirs = [t.key for t in theirs if t.kind == "name"]
    found = []
    for n, one in enumerate(order_mine):
        for other in order_mine[n + 1 :]:
            if one == other or order_mine.count(one) > 1 or order_mine.count(other) > 1:
                continue
            once = order_theirs.count(one) == 1 and order_theirs.count(other) == 1
            if once and order_theirs.index(one) > order_theirs.index(other):
                found.append((one, other))
    if not found:
        return []
    shown = {t.key: t.text for t in mine}
    one, other = found[0]
    # A phrase moved as a whole ("according to Finer" to the front) takes its words along.
    if not _swapped(mine, theirs, one, other):
        return []
    reason = f"the passage has {shown[one]} and {shown[other]} the other way round"
    return [Complaint("name", shown[one], reason)]


def _swapped(mine: Sequence[Token], theirs: Sequence[Token], one: str, other: str) -> bool:
    """Whether the word beside each name stands beside the other one in the passage."""

    def beside(found: Sequence[Token], key: str) -> set[str]:
        at = next(n for n, t in enumerate(found) if t.key == key)
        return {
            t.key
            for t in found[max(0, at - 1) : at + 2]
            if t.kind == "word" and not is_reporting(t)
        }

    return bool(beside(mine, one) & beside(theirs, other)) and not (
        beside(mine, one) & beside(theirs, one)
    )


# --- comparing words ---


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> bool:
    """The same root: "iranian" and "iran", "Meshal" and "Meshaal", "killing" and "killed"."""
    if one == other:
        return True
    if len(one) < 3 or len(other) < 3 or one[0] != other[0]:
        return False
    a, b = _root(one), _root(other)
    if a == b:
        return True
    skeleton = _skeleton(one)
    return len(skeleton) > 2 and skeleton == _skeleton(other) and min(len(one), len(other)) > 4


@lru_cache(maxsize=50_000)
def _root(word: str) -> str:
    bare = re.sub(r"(?:ians?|eans?|ans?|ese?|ish|ists?|ism|is?|ity|ion|ation|ment|al|ally|ive|on|ia"
                  r"|ance|ence|ant|ent|or|ar|y|e|a|s|t)$", "", word)  # fmt: skip
    return bare if len(bare) >= 4 else word


@lru_cache(maxsize=50_000)
def _skeleton(word: str) -> str:
    consonants = re.sub(r"[aeiouy’']", "", word[1:])
    return word[0] + re.sub(r"(.)\1+", r"\1", consonants)


@lru_cache(maxsize=8192)
def _content_keys(text: str) -> frozenset[str]:
    return frozenset(t.key for t in tokens(text) if _is_content(t))


@lru_cache(maxsize=8192)
def _all_keys(text: str) -> frozenset[str]:
    return frozenset(t.key for t in tokens(text))


@lru_cache(maxsize=64)
def _document_keys(text: str) -> frozenset[str]:
    return frozenset(key_of(w) for w in re.findall(r"[^\W_]+", text))


def _words_of(*texts: str) -> frozenset[str]:
    return frozenset(key_of(w) for text in texts for w in re.findall(r"[^\W_]+", text))


def _names_of(found: Sequence[Token]) -> frozenset[str]:
    return frozenset(t.key for t in found if t.kind == "name")


def _once(found: Sequence[Complaint]) -> list[Complaint]:
    kept: dict[tuple[str, str], Complaint] = {}
    for complaint in found:
        kept.setdefault((complaint.kind, complaint.text), complaint)
    return list(kept.values())
