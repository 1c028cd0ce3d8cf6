"""Document → who said what, with exact spans. Knows nothing about indexes or questions.

Quotation marks are found first (`quotations`), then the reporting clauses of each sentence
(`clauses`, by the words of `cues`); both are put together here, and `speakers` says whom each
mention names.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace

from rag.passages import Span, paragraphs, sentences
from rag.statements.clauses import Clause, read_sentence
from rag.statements.cues import QUOTED, SAY, TELL
from rag.statements.quotations import Quotation, find_quotations
from rag.statements.speakers import Speaker, Speakers, is_outlet
from rag.types import Document, Statement

__all__ = ["extract"]

# Between a quotation and the cue that introduces it: "Blinken on October 9 said, “…".
_MAX_GAP = 140
# Sentences before a trailing attribution ("…, they said.") that it may still be meant for.
_MAX_LEAD = 2
# Fewer quoted words than this are a term or a title, unless somebody is named beside them.
_MIN_LOOSE_WORDS = 5
_WORD = re.compile(r"[^\W_][\w’'-]*")
_LEADING_NAME = re.compile(r"(?:He|She|[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){0,3})(?=\s[a-z])")
_LABEL = re.compile(r"((?:[A-Z][\w’'.-]*)(?: (?:[A-Z][\w’'.-]*)){0,3}):\s+(?=[“\"‘A-Z])")
_NO_LABEL = frozenset(
    """update updated photo video read watch related note correction editor more see also source
    image credit caption breaking exclusive analysis opinion review transcript full here part
    question answer q""".split()
)
_TITLE_AT_END = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Pres|Gen|Lt|Col|Sgt|Maj|Capt|Adm|St|Prof|Rev|Hon"
    r"|[A-Z])\.$"
)
_FIRST_PERSON = frozenset("i we you me us".split())


@dataclass(slots=True)
class _Draft:
    """A statement before its speaker is resolved; spans are of the document."""

    subject: Span | None
    cue: Span | None
    contents: list[Span]
    direct: bool
    recipient: Span | None = None
    negated: bool = False
    carried: bool = False
    quotes: list[int] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min(s[0] for s in self._all())

    @property
    def end(self) -> int:
        return max(s[1] for s in self._all())

    def _all(self) -> list[Span]:
        return [*self.contents, *(s for s in (self.subject, self.cue) if s is not None)]


def extract(document: Document) -> list[Statement]:
    """The statements of `document` in order of their words.

    `document.text[start:end]` of every span gives the words meant.
    """
    text = document.text
    quotations = find_quotations(text)
    spans = _whole_sentences(text)
    clauses = [
        _moved(clause, start) for start, end in spans for clause in read_sentence(text[start:end])
    ]
    drafts = _assemble(text, quotations, spans, clauses)
    return _resolve(document, drafts, _leads(text, drafts, quotations, spans))


def _whole_sentences(text: str) -> list[Span]:
    """Sentences, with those put together again that were cut behind "Ms." or "Sen."."""
    spans: list[Span] = []
    for start, end in sentences(text):
        if (
            spans
            and _TITLE_AT_END.search(text, *spans[-1])
            and "\n" not in text[spans[-1][1] : start]
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _moved(clause: Clause, by: int) -> Clause:
    def move(span: Span | None) -> Span | None:
        return (span[0] + by, span[1] + by) if span is not None else None

    return replace(
        clause,
        cue=(clause.cue[0] + by, clause.cue[1] + by),
        subject=move(clause.subject),
        content=tuple((s + by, e + by) for s, e in clause.content),
        recipient=move(clause.recipient),
    )


class _Places:
    """Which quotation and which sentence a character stands in."""

    def __init__(self, quotations: list[Quotation], spans: list[Span]) -> None:
        self._quotations = quotations
        self._quote_starts = [q.start for q in quotations]
        self._sentence_starts = [s for s, _ in spans]
        self._spans = spans

    def quote_at(self, position: int) -> int | None:
        place = bisect_right(self._quote_starts, position) - 1
        if place >= 0 and self._quotations[place].end > position:
            return place
        return None

    def begins(self, position: int) -> bool:
        """Whether a sentence begins at `position`."""
        place = bisect_left(self._sentence_starts, position)
        return place < len(self._sentence_starts) and self._sentence_starts[place] == position

    def count_breaks(self, start: int, end: int) -> int:
        """How many sentences begin within `(start, end)`."""
        return bisect_left(self._sentence_starts, end) - bisect_right(self._sentence_starts, start)

    def sentence_before(self, position: int) -> Span:
        """The sentence that stands before `position` or holds it."""
        place = max(0, bisect_left(self._sentence_starts, position) - 1)
        return self._spans[place]

    def breaks(self, start: int, end: int) -> bool:
        """Whether a sentence begins within `(start, end)`."""
        return bisect_left(self._sentence_starts, end) > bisect_right(self._sentence_starts, start)


def _assemble(
    text: str, quotations: list[Quotation], spans: list[Span], clauses: list[Clause]
) -> list[_Draft]:
    places = _Places(quotations, spans)
    outside = [c for c in clauses if places.quote_at(c.cue[0]) is None]
    taken = _attach(text, quotations, outside, places)
    drafts: list[_Draft] = []
    for number, clause in enumerate(outside):
        quotes = [q for q, c in taken.items() if c == number]
        draft = _draft(text, clause, quotes, quotations, places)
        if draft is not None:
            drafts.append(draft)
    drafts += _labelled(text, drafts)
    drafts += _nested(clauses, quotations, places)
    drafts.sort(key=lambda d: (d.start, d.end))
    _continue(text, quotations, drafts, places)
    drafts.sort(key=lambda d: (d.start, d.end))
    return drafts


def _attach(
    text: str, quotations: list[Quotation], clauses: list[Clause], places: _Places
) -> dict[int, int]:
    """{quotation: the clause whose words it is}."""
    taken: dict[int, int] = {}
    for number, quote in enumerate(quotations):
        best: tuple[int, int] | None = None
        for index, clause in enumerate(clauses):
            if clause.cue[0] > quote.end + _MAX_GAP or clause.cue[1] < quote.start - 2 * _MAX_GAP:
                continue
            fit = _fit(text, quote, clause, places)
            if fit is not None and (best is None or fit < best[0:1][0]):
                best = (fit, index)
        if best is not None:
            taken[number] = best[1]
    return taken


def _fit(text: str, quote: Quotation, clause: Clause, places: _Places) -> int | None:
    """How ill the quotation fits as what the clause reports (0 is best); None if not at all."""
    inner_end = text[quote.start : quote.end].rstrip("”\"'’» ")[-1:]
    parts = [clause.cue, *([clause.subject] if clause.subject else [])]
    first = min(s[0] for s in parts)
    last = max(s[1] for s in [*parts, *([clause.recipient] if clause.recipient else [])])
    if first >= quote.end:
        between = text[quote.end : first]
        if (
            len(_WORD.findall(between)) <= 2
            and not re.search(r"[.!?;]\s", between)
            and (inner_end in ",?!—-…" or inner_end not in "." or "," in between)
        ):
            if clause.lemma not in SAY | TELL | QUOTED:
                return None
            return 0 if inner_end in ",?!—-" else 4
        return None
    if clause.subject and clause.subject[1] <= quote.start and clause.cue[0] >= quote.end:
        return None
    if last <= quote.start:
        between = text[last : quote.start]
        if len(between) > _MAX_GAP or re.search(r"[.!?]\s+(?=[A-Z“\"])", between):
            return None
        if places.breaks(last, quote.start) or "\n" in between:
            return None
        introduces = between.rstrip()[-1:] in (",", ":") or not between.strip()
        introduces = introduces or bool(re.search(r"\b(?:that|as|was|is)\s*$", between))
        inside = any(s < quote.end and quote.start < e for s, e in clause.content)
        if introduces:
            return 1 + len(between) // 30
        if inside:
            return 3 + len(between) // 30
        return None
    if any(s < quote.end and quote.start < e for s, e in clause.content):
        return 6
    return None


def _draft(
    text: str, clause: Clause, quotes: list[int], quotations: list[Quotation], places: _Places
) -> _Draft | None:
    contents = _clear(clause.content, [s for s in (clause.subject, clause.cue) if s])
    marks = [(quotations[q].start, quotations[q].end) for q in quotes]
    subject = clause.subject
    if subject is not None and text[subject[0] : subject[1]].lower() in _FIRST_PERSON:
        return None
    direct = False
    if marks:
        outside = _outside(text, contents, marks)
        if not contents or len(_WORD.findall(outside)) <= 1 or _apart(contents, marks):
            contents, direct = marks, True
        else:
            contents = _grown(contents, marks)
    if not contents and clause.lemma != "according":
        return None
    if not contents or (subject is None and not direct):
        return None
    contents = [c for c in contents if c[1] - c[0] > 1]
    if not contents:
        return None
    return _Draft(
        subject,
        clause.cue,
        sorted(contents),
        direct,
        clause.recipient,
        clause.negated,
        quotes=quotes,
    )


def _apart(contents: list[Span], marks: list[Span]) -> bool:
    """Whether the words of the parse and the quotations do not even touch."""
    return not any(s < e2 and s2 < e for s, e in contents for s2, e2 in marks)


def _outside(text: str, contents: list[Span], marks: list[Span]) -> str:
    kept = []
    for start, end in contents:
        kept.append(
            "".join(text[i] for i in range(start, end) if not any(s <= i < e for s, e in marks))
        )
    return " ".join(kept)


def _grown(contents: list[Span], marks: list[Span]) -> list[Span]:
    """`contents` so that no quotation is cut in two."""
    spans = sorted([*contents, *(m for m in marks)])
    merged: list[Span] = []
    for start, end in spans:
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


def _labelled(text: str, drafts: list[_Draft]) -> list[_Draft]:
    """Paragraphs that name their speaker before a colon: "MR. EARNEST: Good afternoon."."""
    found = []
    for start, end in paragraphs(text):
        match = _LABEL.match(text, start, end)
        if match is None or match[1].lower().split()[0] in _NO_LABEL:
            continue
        name = match[1].split()[-1]
        known = start == 0 or len(re.findall(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)) > 1
        known = known and len(re.findall(rf"\b{re.escape(name)}\b", text)) > 1
        if not known or any(d.start < end and match.end() < d.end for d in drafts if d.direct):
            continue
        stop = end - (text[end - 1] == ".")
        if len(_WORD.findall(text[match.end() : stop])) >= 2:
            found.append(
                _Draft(
                    match.span(1), (match.end(1), match.end(1) + 1), [(match.end(), stop)], False
                )
            )
    return found


def _nested(clauses: list[Clause], quotations: list[Quotation], places: _Places) -> list[_Draft]:
    """What a quotation itself reports of somebody else."""
    drafts = []
    for clause in clauses:
        place = places.quote_at(clause.cue[0])
        if place is None or clause.subject is None or not clause.content:
            continue
        quote = quotations[place]
        spans = [*clause.content, clause.subject]
        if any(s < quote.start or e > quote.end for s, e in spans):
            continue
        contents = _clear(clause.content, [clause.subject, clause.cue])
        if contents:
            drafts.append(_Draft(clause.subject, clause.cue, contents, False, None, clause.negated))
    return drafts


def _continue(
    text: str, quotations: list[Quotation], drafts: list[_Draft], places: _Places
) -> None:
    """Gives quotations that nobody is named beside to whom they go on from."""
    covered = set()
    for draft in drafts:
        for start, end in draft.contents:
            for number, quote in enumerate(quotations):
                if start < quote.end and quote.start < end:
                    covered.add(number)
    for number, quote in enumerate(quotations):
        if (
            number in covered
            or len(_WORD.findall(text[quote.start : quote.end])) < _MIN_LOOSE_WORDS
        ):
            continue
        before = [d for d in drafts if d.end <= quote.start]
        last = max((d for d in before if d.direct), key=lambda d: d.end, default=None)
        if last is not None and _goes_on(text, last, quote, places):
            last.contents.append((quote.start, quote.end))
            continue
        whole = not text[text.rfind("\n", 0, quote.start) + 1 : quote.start].strip()
        opens = whole or text[: quote.start].rstrip()[-1:] in '.:!?”"'
        if not opens or text[: quote.end].rstrip("”\"’' ")[-1:] not in ".!?,…—":
            continue
        subject = None if whole else _subject_before(text, quote, before, places)
        nearest = max(before, key=lambda d: d.end, default=None)
        if subject is not None or (
            nearest is not None and text.count("\n", nearest.end, quote.start) <= 2
        ):
            drafts.append(_Draft(subject, None, [(quote.start, quote.end)], True, carried=True))
            drafts.sort(key=lambda d: (d.start, d.end))


def _goes_on(text: str, last: _Draft, quote: Quotation, places: _Places) -> bool:
    """Whether a quotation goes on with the words of `last`."""
    end = max(last.end, last.contents[-1][1])
    between = text[end : quote.start]
    if "\n" not in between:
        # "“A,” she said, smiling. “B.”": nothing but the rest of that sentence stands between.
        return places.count_breaks(end, quote.start) == 0 and (
            places.begins(quote.start) or len(_WORD.findall(between)) <= 4
        )
    # A quotation over several paragraphs opens each of them and is closed only in the last.
    unclosed = text[last.contents[-1][1] - 1] not in "”\"'»"
    return unclosed and not between.strip()


def _subject_before(
    text: str, quote: Quotation, before: list[_Draft], places: _Places
) -> Span | None:
    """Who acts in the sentence that leads up to a quotation: "Kasich resisted: “…"."""
    start, end = places.sentence_before(quote.start)
    if "\n" in text[start : quote.start]:
        return None
    here = [d for d in before if d.cue and start <= d.cue[0] < end and d.subject]
    if here:
        return here[-1].subject
    match = _LEADING_NAME.match(text, start, end)
    return match.span() if match else None


def _leads(
    text: str, drafts: list[_Draft], quotations: list[Quotation], spans: list[Span]
) -> dict[int, Span]:
    """{draft: the sentences before it that only its attribution behind them can be meant for}."""
    taken = sorted([(d.start, d.end) for d in drafts] + [(q.start, q.end) for q in quotations])
    starts = [s for s, _ in spans]
    found: dict[int, Span] = {}
    for number, draft in enumerate(drafts):
        if draft.direct or draft.cue is None or draft.contents[-1][1] > draft.cue[0]:
            continue
        place = bisect_right(starts, draft.start) - 1
        first = place
        while first > 0 and place - first < _MAX_LEAD:
            start, end = spans[first - 1]
            if "\n" in text[end : spans[first][0]] or any(s < end and start < e for s, e in taken):
                break
            first -= 1
        if first < place:
            found[number] = (spans[first][0], spans[place - 1][1])
    return found


def _resolve(document: Document, drafts: list[_Draft], leads: dict[int, Span]) -> list[Statement]:
    text = document.text
    speakers = Speakers(text)
    statements: list[Statement] = []
    for number, draft in enumerate(drafts):
        if draft.subject is not None:
            speaker = speakers.resolve(*draft.subject)
        else:
            carried = speakers.carried(draft.start)
            if carried is None:
                continue
            speaker = carried
        statement = _statement(document, draft, speaker)
        if number in leads:
            start, end = leads[number]
            statement = replace(statement, lead=text[start:end], lead_span=(start, end))
        statements.append(statement)
    return _with_chains(statements)


def _statement(document: Document, draft: _Draft, speaker: Speaker) -> Statement:
    text = document.text
    contents = tuple(sorted(draft.contents))
    via: tuple[str, ...] = ()
    if draft.recipient is not None:
        told = text[draft.recipient[0] : draft.recipient[1]]
        if is_outlet(told, known=filter(None, [document.source])):
            via = (" ".join(told.split()),)
    start = min([draft.start, *(s for s, _ in contents)])
    end = max([draft.end, *(e for _, e in contents)])
    return Statement(
        document_id=document.id,
        start=start,
        end=end,
        speaker=speaker.name,
        role=speaker.role,
        cue=" ".join(text[slice(*draft.cue)].split()) if draft.cue else "",
        content=" … ".join(" ".join(text[s:e].split()) for s, e in contents),
        kind="direct" if draft.direct else "indirect",
        via=via,
        to=" ".join(text[slice(*draft.recipient)].split()) if draft.recipient else "",
        mention=" ".join(text[slice(*draft.subject)].split()) if draft.subject else "",
        speaker_span=draft.subject,
        cue_span=draft.cue,
        content_spans=contents,
        negated=draft.negated,
        certain=speaker.certain and not draft.carried,
        outlet=document.source,
        date=document.date,
    )


def _with_chains(statements: list[Statement]) -> list[Statement]:
    """Adds to what stands in somebody else's words through whom it came."""
    chained = []
    for inner in statements:
        outer = [
            o
            for o in statements
            if o is not inner
            and inner.cue_span is not None
            and any(s <= inner.cue_span[0] and inner.cue_span[1] <= e for s, e in o.content_spans)
        ]
        outer.sort(key=lambda o: (-(o.end - o.start), o.start))
        via = tuple(dict.fromkeys([*(v for o in outer for v in (*o.via, o.speaker)), *inner.via]))
        chained.append(replace(inner, via=tuple(v for v in via if v != inner.speaker)))
    return chained
