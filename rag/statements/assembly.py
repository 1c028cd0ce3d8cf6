"""Quotations and reporting clauses → drafts of statements: whose words are they?

Knows whom a clause names by its span alone; `speakers` says who that is.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass

from rag import tuned
from rag.language import Language
from rag.language.sentences import Span, paragraphs
from rag.language.tables import Grammar
from rag.language.words import fold
from rag.statements.clauses import Clause
from rag.statements.places import Covered, Places
from rag.statements.quotations import Quotation

_WORD = re.compile(r"[^\W_][\w’'-]*")
_LABEL = re.compile(r"((?:[A-Z][\w’'.-]*)(?: (?:[A-Z][\w’'.-]*)){0,3}):\s+(?=[“\"‘A-Z])")
_NO_WORDS = re.compile(r"\s*+")
# The rest of a line without words, and the empty lines behind it.
_LINE_END = re.compile(r"[^\S\n]*+\n\s*+")


@dataclass(slots=True)
class Draft:
    """A statement before its speaker is resolved; spans are of the document."""

    subject: Span | None
    cue: Span | None
    contents: list[Span]
    direct: bool
    recipient: Span | None = None
    negated: bool = False
    carried: bool = False

    @property
    def start(self) -> int:
        return min(s[0] for s in self._all())

    @property
    def end(self) -> int:
        return max(s[1] for s in self._all())

    def _all(self) -> list[Span]:
        return [*self.contents, *(s for s in (self.subject, self.cue) if s is not None)]


def assemble(
    text: str,
    quotations: list[Quotation],
    clauses: list[Clause],
    quoted: list[Clause],
    places: Places,
    *,
    transcript: bool,
) -> list[Draft]:
    outside = [c for c in clauses if places.quote_at(c.cue[0]) is None]
    quotes_of = _attach(text, quotations, outside, places)
    drafts = []
    for number, clause in enumerate(outside):
        marks = [(quotations[q].start, quotations[q].end) for q in quotes_of.get(number, ())]
        if not marks and not clause.content and clause.lemma in places.language.verbs.say:
            marks = _set_off(text, clause, places)
        draft = _draft(text, clause, marks, places.language.grammar)
        if draft is not None:
            drafts.append(draft)
    if not transcript:  # or `turns` has read who is named before a colon
        drafts += _labelled(text, drafts, places.language.grammar)
    drafts += _continue(text, quotations, drafts, places)
    drafts += _nested(text, quoted, places.language)
    return sorted(drafts, key=lambda d: (d.start, d.end))


def _set_off(text: str, clause: Clause, places: Places) -> list[Span]:
    """The paragraph that "Kirby replied:" introduces, set off without quotation marks."""
    colon = text.find(":", clause.cue[1], clause.cue[1] + tuned.MAX_GAP)
    if colon < 0 or "\n" in text[clause.cue[1] : colon]:
        return []
    line_end = _LINE_END.match(text, colon + 1)
    if line_end is None:
        return []
    start = line_end.end()
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    whole = end - start > 1 and places.quote_at(start) is None
    return [(start, start + len(text[start:end].rstrip()))] if whole else []


def _attach(
    text: str, quotations: list[Quotation], clauses: list[Clause], places: Places
) -> dict[int, list[int]]:
    """{clause: the quotations that are its words}."""
    cues = [c.cue[0] for c in clauses]
    taken: dict[int, int] = {}
    for number, quote in enumerate(quotations):
        first = bisect_left(cues, quote.start - tuned.MAX_REACH)
        last = bisect_right(cues, quote.end + tuned.MAX_GAP)
        fits = [
            (fit, index)
            for index in range(first, last)
            if (fit := _fit(text, quote, clauses[index], places)) is not None
        ]
        if fits:
            taken[number] = min(fits)[1]
    for number in range(len(quotations) - 2, -1, -1):
        # A quotation that its paragraph leaves open goes on in the next, with who says it.
        quote, following = quotations[number], quotations[number + 1]
        goes_on = quote.open and not text[quote.end : following.start].strip()
        if goes_on and number not in taken and number + 1 in taken:
            taken[number] = taken[number + 1]
    found: dict[int, list[int]] = {}
    for number, index in sorted(taken.items()):
        found.setdefault(index, []).append(number)
    return found


def _fit(text: str, quote: Quotation, clause: Clause, places: Places) -> int | None:
    """How ill the quotation fits as what the clause reports (0 is best); None if not at all."""
    first = min(clause.cue[0], clause.subject[0])
    last = max(clause.cue[1], clause.subject[1], clause.recipient[1] if clause.recipient else 0)
    inside = any(s < quote.end and quote.start < e for s, e in clause.content)
    if first >= quote.end:  # "…," she said
        between = text[quote.end : first]
        ending = text[quote.start : quote.end].rstrip("”\"'’» ")[-1:]
        near = len(_WORD.findall(between)) <= 2 and not re.search(r"[.!?;]\s|\n", between)
        if not near or (ending == "." and "," not in between):
            return None
        verbs = places.language.verbs
        if clause.lemma not in verbs.say | verbs.tell | verbs.quoted:
            return None
        return 0 if ending in ",?!—-" else 4
    if clause.subject[1] <= quote.start and clause.cue[0] >= quote.end:
        return None
    if last <= quote.start:  # She said: "…"
        between = text[last : quote.start]
        if len(between) > tuned.MAX_GAP or re.search(r"[.!?]\s+(?=[A-Z“\"])|\n", between):
            return None
        if places.breaks(last, quote.start):
            return None
        introduces = (
            between.rstrip()[-1:] in (",", ":")
            or not between.strip()
            or places.language.grammar.introduces.search(between) is not None
        )
        if introduces or inside:
            return (1 if introduces else 3) + len(between) // 30
        return None
    return 6 if inside else None


def _draft(text: str, clause: Clause, marks: list[Span], grammar: Grammar) -> Draft | None:
    """What a clause reports, with the quotations `marks` that are its words."""
    contents = _clear(clause.content, [clause.subject, clause.cue])
    direct = False
    if marks:
        touch = any(s < e2 and s2 < e for s, e in contents for s2, e2 in marks)
        rest = " ".join(text[s:e] for s, e in _clear(tuple(contents), marks))
        if not touch or {w.lower() for w in _WORD.findall(rest)} <= grammar.joiners:
            contents, direct = marks, True
        else:
            contents = _joined([*contents, *marks])
    contents = sorted(c for c in contents if c[1] - c[0] > 1)
    if not contents:
        return None
    return Draft(clause.subject, clause.cue, contents, direct, clause.recipient, clause.negated)


def _joined(spans: list[Span]) -> list[Span]:
    """`spans` with those that touch made one, so that no quotation is cut in two."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _clear(contents: tuple[Span, ...], others: list[Span]) -> list[Span]:
    """`contents` without what speaker and cue cover."""
    kept = list(contents)
    for s, e in others:
        cut: list[Span] = []
        for start, end in kept:
            if e <= start or end <= s:
                cut.append((start, end))
                continue
            if start < s:
                cut.append((start, s))
            if e < end:
                cut.append((e, end))
        kept = cut
    return kept


def _labelled(text: str, drafts: list[Draft], grammar: Grammar) -> list[Draft]:
    """Paragraphs that name their speaker before a colon: "MR. EARNEST: Good afternoon."."""
    found = []
    quoted = Covered((d.start, d.end) for d in drafts if d.direct)
    counts: Counter[str] | None = None
    for start, end in paragraphs(text, unwrapped=True):
        match = _LABEL.match(text, start, end)
        if match is None or match[1].lower().split()[0] in grammar.no_label:
            continue
        counts = counts if counts is not None else Counter(_WORD.findall(text))
        # A name stands elsewhere as well; "Update" or "WASHINGTON" may not.
        if counts[match[1].split()[-1]] < 2 or quoted.overlaps(match.end(), end):
            continue
        if text[end - 1] not in ".?!…”\"’'":
            continue  # "Verge Video: The Trailer", a headline
        stop = end - (text[end - 1] == ".")
        if len(_WORD.findall(text[match.end() : stop])) >= 2:
            cue = (match.end(1), match.end(1) + 1)
            found.append(Draft(match.span(1), cue, [(match.end(), stop)], False))
    return found


def _nested(text: str, quoted: list[Clause], language: Language) -> list[Draft]:
    """What a quotation itself reports of somebody else, by name: "Reed said it would open"."""
    drafts = []
    for clause in quoted:
        named = text[slice(*clause.subject)]
        if (
            clause.lemma not in language.verbs.nested
            or not named[0].isupper()
            or fold(named) in language.pronouns.subjects
        ):
            continue
        contents = _clear(clause.content, [clause.subject, clause.cue])
        if contents:
            draft = Draft(clause.subject, clause.cue, contents, False, None, clause.negated)
            drafts.append(draft)
    return drafts


def _continue(
    text: str, quotations: list[Quotation], drafts: list[Draft], places: Places
) -> list[Draft]:
    """Gives quotations that nobody is named beside to whom they go on from.

    What goes on with a draft is added to it; the rest are new drafts.
    """
    covered = Covered(span for d in drafts for span in d.contents)
    waiting = sorted(((d.end, d.start, -n) for n, d in enumerate(drafts)), reverse=True)
    by_cue = sorted((d.cue[0], n) for n, d in enumerate(drafts) if d.cue is not None)
    found: list[Draft] = []
    last: Draft | None = None  # the last direct one that ends before the quotation
    last_end = -1
    nearest = -1  # where the last one of any kind ends
    for quote in quotations:
        while waiting and waiting[-1][0] <= quote.start:
            end, _, number = waiting.pop()
            nearest = max(nearest, end)
            if drafts[-number].direct and end >= last_end:
                last, last_end = drafts[-number], end
        words = len(_WORD.findall(text[quote.start : quote.end]))
        if covered.overlaps(quote.start, quote.end):
            continue
        # "The route is cut," said Rahman. "Nobody asked us.": short, and still hers.
        goes_on = last is not None and _goes_on(text, last, last_end, quote, places)
        least = tuned.MIN_CONTINUED if goes_on else tuned.MIN_LOOSE_WORDS
        if words < least:
            continue
        if last is not None and goes_on:
            last.contents.append((quote.start, quote.end))
            nearest, last_end = quote.end, max(last_end, quote.end)
            continue
        whole = places.opens_line(quote.start)
        opens = whole or text[max(0, quote.start - 9) : quote.start].rstrip()[-1:] in '.:!?”"'
        closes = text[max(0, quote.end - 9) : quote.end].rstrip("”\"’' ")[-1:] in ".!?,…—"
        if not opens or not closes:
            continue
        subject = _name_behind(text, quote, places.language)
        if whole and subject is None:
            # "And from Chairwoman Rosen:", on a line of its own.
            start, _ = places.sentence_before(quote.start)
            subject = _name_before_colon(text, start, quote.start, places.language)
        elif subject is None:
            start, end = places.sentence_before(quote.start)
            first, stop = (bisect_left(by_cue, (at, -1)) for at in (start, end))
            here = drafts[by_cue[stop - 1][1]].subject if stop > first else None
            subject = (
                _name_before_colon(text, start, quote.start, places.language)
                or here
                or _leading_name(text, start, end, quote.start, places.language)
            )
        if subject is not None or (nearest >= 0 and places.lines(nearest, quote.start) <= 2):
            last = Draft(subject, None, [(quote.start, quote.end)], True, carried=True)
            nearest, last_end = quote.end, last.end
            found.append(last)
    return found


def _goes_on(text: str, last: Draft, end: int, quote: Quotation, places: Places) -> bool:
    """Whether a quotation goes on with the words of `last`, which ends at `end`."""
    if not places.lines(end, quote.start):
        # "“A,” she said, smiling. “B.”": nothing but the rest of that sentence stands between.
        return not places.breaks(end, quote.start) and (
            places.begins(quote.start) or len(_WORD.findall(text, end, quote.start)) <= 4
        )
    # A quotation over several paragraphs opens each of them and is closed only in the last.
    unclosed = text[last.contents[-1][1] - 1] not in "”\"'»"
    return unclosed and _NO_WORDS.fullmatch(text, end, quote.start) is not None


def _name_behind(text: str, quote: Quotation, language: Language) -> Span | None:
    """Who signs a quotation: "“…” – Commissioner Ellen Ward", to the end of its line."""
    line = text.find("\n", quote.end)
    match = language.grammar.signed.fullmatch(text, quote.end, line if line >= 0 else len(text))
    return match.span("name") if match else None


def _name_before_colon(text: str, start: int, quote: int, language: Language) -> Span | None:
    """Who is named last before "…: “": "It was repeated the same day by John Kirby: “…"."""
    match = language.grammar.by_name.search(text, start, quote)
    return match.span(1) if match else None


def _leading_name(text: str, start: int, end: int, quote: int, language: Language) -> Span | None:
    """Who acts in the sentence that leads up to a quotation: "Kasich resisted: “…"."""
    if "\n" in text[start:quote]:
        return None
    match = language.grammar.leading_name.match(text, start, end)
    return match.span() if match else None


def find_leads(
    text: str,
    drafts: list[Draft],
    quotations: list[Quotation],
    spans: list[Span],
    places: Places,
) -> dict[int, Span]:
    """{draft: the sentences before it that only its attribution behind them can be meant for}."""
    taken = Covered([*((d.start, d.end) for d in drafts), *((q.start, q.end) for q in quotations)])
    found: dict[int, Span] = {}
    for number, draft in enumerate(drafts):
        if draft.direct or draft.cue is None or draft.contents[-1][1] > draft.cue[0]:
            continue
        first = place = places.sentence_at(draft.start)
        while first > 0 and place - first < tuned.MAX_LEAD:
            start, end = spans[first - 1]
            if "\n" in text[end : spans[first][0]] or taken.overlaps(start, end):
                break
            first -= 1
        if first < place:
            found[number] = (spans[first][0], spans[place - 1][1])
    return found
