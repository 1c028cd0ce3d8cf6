"""Whether the numbers, dates and names of a claim stand where its other words do.

Knows nothing about who says what.
"""

import re
from collections.abc import Sequence

from rag import tuned
from rag.check.claims import (
    Token,
    is_reporting,
    is_weak_number,
    names,
)
from rag.check.reading import (
    Complaint,
    Line,
    Neighbourhood,
    Source,
    day_name,
    document_keys,
    is_content,
    is_held,
)
from rag.language import LANGUAGE
from rag.language.dates import Date, find_dates
from rag.language.lexicon import is_word
from rag.language.stems import alike, key_of
from rag.language.words import fold

_CALENDAR = LANGUAGE.calendar
_NAMES = LANGUAGE.names
_NUMBERS = LANGUAGE.numbers
_REPORTS = LANGUAGE.reports


def check_number(
    token: Token, claim: Sequence[Token], place: int, near: Neighbourhood, cited: Sequence[Source]
) -> Complaint | None:
    """The number, if it stands nowhere near the words that it stands with in the claim."""
    following = next((t for t in claim[place + 1 : place + 3] if t.kind != "stop"), None)
    if following is not None and fold(following.text) in _REPORTS.about_documents:
        return None  # it counts what is cited
    if is_weak_number(token) or _stands_for_named(token, claim, place):
        return None
    holding = [line for line in near.lines(place, place) if token.value in line.values]
    if holding:
        return _other_currency(token, holding)
    years = {s.date.year for s in cited if s.date and s.date.year}
    if token.value in years:
        return None
    if _stands_with_its_own(token, claim, place, cited):
        return None
    share = _NUMBERS.fractions.get(fold(token.text))
    if share and any(abs(v - share) <= 2 for line in near.lines(place, place) for v in line.values):
        return None  # "a fifth": 20 %
    parts = [_NUMBERS.fractions.get(fold(t.text)) for line in near.lines(place, place)
             for t in line.tokens if t.kind == "number"]  # fmt: skip
    if token.value is not None and any(p and abs(p - token.value) <= 2 for p in parts):
        return None
    digits = _spaced(token.text)
    if digits is not None and any(digits.search(line.text) for line in near.lines(place, place)):
        return None
    elsewhere = any(
        token.value in s.values
        # Where a sentence was thought to end at the point of "2. 4 miles".
        or (
            digits and s.lines and digits.search(s.document.text, s.lines[0].start, s.lines[-1].end)
        )
        for s in cited
    )
    # A year is no amount's other figure.
    others = [
        t for t in near.others("number", place, place)
        if _is_year(t) == _is_year(token)
    ]  # fmt: skip
    if elsewhere and not others:
        return None
    reason = (
        "stands elsewhere in the passage, about something else"
        if elsewhere
        else "stands nowhere in the passage"
    )
    nouns = _nouns(claim, place)
    same = [t for t in others if any(
        nouns & _nouns(line.tokens, n)
        for line in near.lines(place, place) for n, other in enumerate(line.tokens) if other is t
    )]  # fmt: skip
    if len(same) == 1:
        there = same[0].text
        reason = f"the passage has {there} there, not {token.text}"
        return Complaint("number", token.text, reason, instead=there)
    # "four and a half years" of "54 months": small numbers in words are often worked out.
    certain = bool(others) or token.text[0].isdigit() or not token.text[0].isalpha()
    return Complaint("number", token.text, f"the number {token.text} {reason}", certain=certain)


def _other_currency(token: Token, holding: Sequence[Line]) -> Complaint | None:
    """The amount, where the passage has it in another money."""
    ours = token.text[0]
    theirs = {t.text for line in holding for t in line.tokens if t.value == token.value}
    signs = {text[0] for text in theirs}
    if ours not in _NUMBERS.currencies or ours in signs or not signs <= _NUMBERS.currencies:
        return None
    there = sorted(theirs)[0]
    reason = f"the passage has {there} there, not {token.text}"
    return Complaint("number", token.text, reason, instead=there)


def _nouns(found: Sequence[Token], place: int) -> set[str]:
    """What a number counts: its sign ("$", "%") and the words right behind it."""
    token = found[place]
    signs = {c for c in token.text if c in "%" or c in _NUMBERS.currencies}
    following = [t for t in found[place + 1 : place + 4] if is_content(t) and t.kind == "word"]
    return signs or {t.key for t in following[:2]}


def _is_year(token: Token) -> bool:
    return bool(_NUMBERS.may_be_year.fullmatch(token.text))


def _stands_with_its_own(
    token: Token, claim: Sequence[Token], place: int, cited: Sequence[Source]
) -> bool:
    """Whether a sentence has the number or month with the words right beside it: the name before
    it ("Nicklaus, 75"), or what stands before and behind it."""
    before = next((t for t in reversed(claim[:place]) if is_content(t)), None)
    after = next((t for t in claim[place + 1 :] if is_content(t)), None)
    for line in (line for source in cited for line in source.lines):
        if token.key not in line.keys if token.value is None else token.value not in line.values:
            continue
        held = [t is not None and (t.key in line.keys or is_held(t.key, line.keys))
                for t in (before, after)]  # fmt: skip
        if all(held) or (held[0] and before is not None and before.kind == "name"):
            return True
    return False


def _spaced(number: str) -> re.Pattern[str] | None:
    """A number of figures as others write it: "36, 000" for "36,000", "5.68 m" for "5.68m"."""
    match = _NUMBERS.figures.match(number)
    if match is None:
        return None
    loose = re.sub(r"\\?([.,])", r"\\s?\\\1\\s?", re.escape(match[1]))
    unit = re.escape(match[2] or "")
    return re.compile(rf"(?<![\w.,]){loose}\s?{unit}(?![\w]|[.,]\d)", re.IGNORECASE)


def _stands_for_named(token: Token, claim: Sequence[Token], place: int) -> bool:
    """Whether a number stands for those who were named ("the two are …"), and counts nothing."""
    before = fold(claim[place - 1].text) if place else ""
    alone = place + 1 == len(claim) or claim[place + 1].kind == "stop"
    return before in _NUMBERS.definite and token.value == 2 and alone


def check_dates(
    text: str,
    free: Sequence[Token],
    near: Neighbourhood,
    places: dict[int, int],
    cited: Sequence[Source],
    marks: Sequence[tuple[int, int]],
) -> list[Complaint]:
    """Days, weekdays and months that do not stand with the claim's other words."""
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
        # "The console goes on sale on 24 March at $250": told of two sentences, one without a day.
        free_of_days = not any(line.dates for line in lines)
        if free_of_days and _has_date(date, [x for s in cited for x in s.lines], published, cited):
            continue
        if not _has_date(date, lines, published, cited):
            # A month that nothing there contradicts may be told from when it was published.
            certain = date.day is not None or any(line.dates for line in lines)
            days = {line.text[d.start : d.end] for line in lines for d in line.dates if d.day}
            there = days.pop() if len(days) == 1 and date.day else ""
            reason = f"the date {shown} does not stand there"
            if there:
                reason = f"the passage has {there} there, not {shown}"
            found.append(Complaint("date", shown, reason, certain, there))
    for token in free:
        word = re.sub(r"['’]s?$", "", fold(token.text))
        if token.kind == "date" or day_name(token) is None:
            continue
        place = places[token.start]
        lines = near.lines(place, place, share=tuned.NEARER_DAY)
        if any(token.key in line.keys or word in fold(line.text) for line in lines):
            continue
        if _stands_with_its_own(token, free, free.index(token), cited):
            continue
        if word in _CALENDAR.months:
            month = _CALENDAR.months.index(word) + 1
            named = [d.month for line in lines for d in line.dates]
            if month in named or (not named and any(d.month == month for d in published)):
                continue
            short = rf"\b{word[:3]}\b"
            if any(re.search(short, fold(line.text)) for line in lines):
                continue
        elif not any(
            day in fold(line.text) for line in lines for day in _CALENDAR.weekdays
        ) and any(_weekday(d) == word for d in published):
            continue
        certain = any(line.dates for line in lines) or any(
            day_name(t) is not None for line in lines for t in line.tokens
        )
        reason = f"“{token.text}” does not stand there"
        found.append(Complaint("date", token.text, reason, certain=certain))
    return found


def _has_date(
    date: Date, lines: Sequence[Line], published: Sequence[Date], cited: Sequence[Source]
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
        return _CALENDAR.weekdays[day(date.year or 1, date.month or 0, date.day or 0).weekday()]
    except ValueError:
        return None


def check_name(
    group: tuple[Token, ...],
    claim: Sequence[Token],
    near: Neighbourhood,
    places: dict[int, int],
    cited: Sequence[Source],
    *,
    opens: bool,
    known: frozenset[str] = frozenset(),
) -> Complaint | None:
    """The name, if it does not stand with the claim's other words, itself or as a pronoun.

    `opens` is set where it opens a sentence, as any word may with a capital; `known` are words of
    other passages, which may have the rest of a name.
    """
    shown = " ".join(t.text for t in group)
    lines = near.lines(places[group[0].start], places[group[-1].start])
    last = group[-1]
    if any(last.key in s.filed for s in cited):
        return None  # the document is theirs
    text = " ".join(line.text for line in lines)
    written = frozenset(k for line in lines for k in line.keys)
    written |= frozenset(k for s in cited for k in s.outlet)
    close = written | frozenset(k for line in lines for k in line.earlier)
    if _named(last, group, close, text):
        whole = (document_keys(s.document.text) for s in cited)
        everywhere = close | known | frozenset(k for keys in whole for k in keys)
        if all(_named(t, group, everywhere, text) for t in group[:-1]):
            if _named(last, group, written, text):
                other = _name_beside(group, claim, lines)
                if other is None or _is_short_for(other, last):
                    return None
                return _other_name(shown, other)
            # It stands for a pronoun, then, not for another name.
            other = _name_instead(group, claim, lines)
            if other is None or _is_short_for(other, last):
                return None
            return _other_name(shown, other)
    if len(group) == 1 and _is_government(group, claim, close, text):
        return None
    if _is_called_otherwise(shown, written, text):
        return None
    elsewhere = _stands_somewhere(group, cited)
    if elsewhere and near.has_room("name", places[group[0].start], places[group[-1].start]):
        return None
    if opens and len(group) == 1 and is_word(last.key):
        return None  # "Regular running", "Furthermore, …"
    there = {name for line in lines if (name := _other_there(group, claim, line))}
    other = there.pop() if len(there) == 1 else "" if not there else " "
    if other.strip():
        return _other_name(shown, other)
    if not elsewhere:
        return Complaint("name", shown, f"the name {shown} stands nowhere in the passage")
    reason = f"the name {shown} stands elsewhere in the document, not with this"
    return Complaint("name", shown, reason, certain=bool(other))


def _other_there(group: tuple[Token, ...], claim: Sequence[Token], line: Line) -> str:
    """The name that a sentence has beside a word that stands beside ours; "" for none."""
    first, last = claim.index(group[0]), claim.index(group[-1])
    ours = {t.key for t in claim}

    def beside(found: Sequence[Token], at: int, side: int) -> list[Token]:
        """The words right before (-1) or behind (1) a place, names between left out."""
        row = found[:at][::-1] if side < 0 else found[at + 1 :]
        return [t for t in row[: 2 * tuned.BESIDE_NAME] if t.kind == "word"][: tuned.BESIDE_NAME]

    before = {_role_of(t) for t in beside(claim, first, -1)}
    behind = {_role_of(t) for t in beside(claim, last, 1)}
    for other in names(line.tokens):
        first, last = line.tokens.index(other[0]), line.tokens.index(other[-1])
        if not any(t.key in ours for t in other) and (
            before & {_role_of(t) for t in beside(line.tokens, first, -1)}
            or behind & {_role_of(t) for t in beside(line.tokens, last, 1)}
        ):
            return line.text[other[0].start : other[-1].end]
    return ""


def _role_of(token: Token) -> str:
    """A word as a neighbour of a name: one word of saying is as good as another."""
    return "say" if is_reporting(token) else token.key


def _is_short_for(other: str, last: Token) -> bool:
    """ "FOMC" for "Committee"."""
    return other.isupper() and len(other) > 1 and other[-1] == last.text[0]


def _other_name(shown: str, there: str) -> Complaint:
    reason = f"the passage has {there} there, not {shown}"
    return Complaint("name", shown, reason, instead=there)


def _name_instead(
    group: tuple[Token, ...], claim: Sequence[Token], lines: Sequence[Line]
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
    group: tuple[Token, ...], claim: Sequence[Token], lines: Sequence[Line]
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
            behind = line.tokens[n - 2] if n > 1 else before
            if before.key in {t.key for t in group} or (
                behind.key == key and before.start - behind.end == 1
            ):
                return None  # "Senate" of "Senate Democrats"; "the Labour Party's" for "Labour's"
            initials = "".join(t.text[0] for t in group).lower()
            if before.key in (key, initials) or alike(before.key, key):
                return None
            there = before.text
        if any(t.key == noun and (n == 0 or line.tokens[n - 1].kind != "name")
               for n, t in enumerate(line.tokens)):  # fmt: skip
            return None  # it stands there without a name as well
    return there


def _stands_somewhere(group: tuple[Token, ...], cited: Sequence[Source]) -> bool:
    held = frozenset(
        k for s in cited for line in s.lines for k in line.keys | line.earlier
    ) | frozenset(k for s in cited for k in s.described | document_keys(s.document.text))
    text = " ".join(line.text for s in cited for line in s.lines)
    return all(_named(t, group, held, text) for t in group)


def _is_government(
    group: tuple[Token, ...], claim: Sequence[Token], held: frozenset[str], text: str
) -> bool:
    """Whether a capital stands for a government that the passage names, or the other way round."""
    token = group[-1]
    place = claim.index(group[0])
    if place and fold(claim[place - 1].text) in _NAMES.placed:
        return False
    word = re.sub(r"['’]s$", "", fold(token.text))
    for capital, governments in _NAMES.capitals.items():
        keys = {key_of(n) for n in governments.split()}
        if word == capital and (
            keys & held or (capital == "washington" and "United States" in text)
        ):
            return True
        if key_of(word) in keys and key_of(capital) in held:
            return True
    return False


def _is_called_otherwise(name: str, held: frozenset[str], text: str) -> bool:
    """Whether what a name is also called stands there: "the Tories" are the Conservatives."""
    called = _NAMES.also.get(re.sub(r"['’]s$", "", fold(name)).removeprefix("the "), ())
    return any(
        bool(re.search(rf"\b{other.upper()}\b", text)) if len(other) < 4
        else all(key_of(w) in held for w in other.split())
        for other in called
    )  # fmt: skip


def _named(token: Token, group: tuple[Token, ...], held: frozenset[str], text: str) -> bool:
    if token.key in held or is_held(token.key, held):
        return True
    if len(token.key) > 5 and any(k.startswith(token.key) for k in held):
        return True  # "Yugansk": Yuganskneftegas
    bare = token.text.replace(".", "")
    if bare.isupper() and 2 <= len(bare) <= 6:  # "UN": United Nations
        between = rf"[\w’'-]*[\s-]+(?:(?:{_NAMES.left_out})\s+)*"
        if re.search(rf"\b{between.join(bare)}\w", text):
            return True
        if bare in ("US", "USA") and re.search(r"\b(?:America|United States|Washington)", text):
            return True
    if fold(token.text).startswith("americ") and {"us", "usa"} & held:
        return True
    initials = "".join(t.text[0] for t in group if t.text[0].isupper()).lower()
    return len(initials) > 1 and initials in held
