"""A model's text → sentences, each checked. Knows nothing about which model wrote it.

A marker must name a passage that the model saw. A quotation must stand there letter for letter:
only typography (“ ” ’ – …) and white space are folded, nothing is matched nearly. What else a
sentence claims (numbers, dates, names, who said it, negations and hedges) is compared with what it
cites by `support`. What does not stand is no part of the checked text, but of `sentences`.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from rag import tuned
from rag.check.claims import Quoted, tokens
from rag.check.cutting import EMPHASIS, LIST_MARK, MarkedText, find_links
from rag.check.placing import Placement, deciding, find_superfluous, is_close, place
from rag.check.quotations import _moved, readings
from rag.check.reading import is_content
from rag.check.support import Complaint, Placed, Source, check_claim, read_source
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold, fold_typography, fold_with_offsets, overlap
from rag.statements import extract
from rag.types import Checked, Citation, Document, Evidence, Rejected, Statement

_REPORTS = LANGUAGE.reports
# Kinds of words that tell a sentence from the others of its passage.
_HEAVY = frozenset(("number", "date", "name"))
_BLANK_BEFORE = re.compile(r"\s+([.,;:!?])")


# How much a text means what each of others does, 0 to 1.
Likeness = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Verified:
    """A model's text, checked: `text` is what of it stands, `sentences` all of it in order."""

    text: str
    sentences: tuple[Checked, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Rejected, ...]

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(s for s in self.sentences if not s.stands)


@dataclass(frozen=True, slots=True)
class _Found:
    """A quotation and where it stands."""

    quoted: Quoted
    number: int
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or what is left of one, markers blanked out, with its quotations and what it says
    that somebody says (by places in it)."""

    text: str
    quotes: tuple[_Found, ...]
    said: tuple[Statement, ...]

    def without(self, start: int, end: int) -> "_Piece":
        rest = f"{self.text[:start]}{' ' * (end - start)}{self.text[end:]}"
        left = tuple(q for q in self.quotes if rest[q.quoted.start : q.quoted.end].strip())
        return _Piece(rest, left, tuple(extract(Document("", "", None, None, rest, ""))))


def verify(
    text: str,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
    statements: Sequence[Statement] = (),
    likeness: Likeness | None = None,
    closely: bool = False,
) -> Verified:
    """Takes a model's text apart and checks each sentence against what it cites.

    `documents` holds every document of the evidence by id, `statements` who said what in them;
    `likeness` tells how much a sentence means what others do, for those put in words of their own.
    `closely` keeps only what one sentence of a passage nearly says: for writers who join wrongly.
    Every citation returned is an exact span of its document.
    """
    return _Verification(text, evidence, documents, statements, likeness, closely=closely).run()


class _Passages:
    """The passages' texts, folded once, in which quotations are looked for."""

    def __init__(self, evidence: Mapping[int, Evidence], documents: Mapping[str, Document]) -> None:
        self._starts = {n: e.passage.start for n, e in evidence.items()}
        self._folded = {n: fold_with_offsets(e.passage.text) for n, e in evidence.items()}
        self._titles = [fold(fold_typography(d.title)).strip(" .!?") for d in documents.values()]

    def find_quote(self, quote: str, numbers: Sequence[int]) -> tuple[int, int, int] | None:
        """(evidence number, start, end in its document) in the first of `numbers` that holds it."""
        for reading in readings(quote):
            for number in numbers:
                text, offsets = self._folded[number]
                for start, end in reading.find_fair(text):
                    at = self._starts[number]
                    return number, at + offsets[start], at + offsets[end - 1] + 1
        return None

    def is_title(self, quote: str) -> bool:
        return fold(fold_typography(quote)).strip(" ,.;:!?") in self._titles


class _Verification:
    def __init__(
        self,
        text: str,
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        statements: Sequence[Statement],
        likeness: Likeness | None,
        *,
        closely: bool,
    ) -> None:
        self.text = text
        self._closely = closely
        self._likeness = likeness
        self.evidence = {e.number: e for e in evidence}
        self.documents = documents
        self._passages = _Passages(self.evidence, documents)
        self.statements = statements
        self._sources: dict[int, Source] = {}
        self.citations: dict[tuple[int, int, int], Citation] = {}
        self.rejected: list[Rejected] = []
        self._cited: list[list[tuple[int, int, int]]] = []  # by each sentence
        self._before: tuple[int, ...] = ()  # the passages of the sentence before
        self._told = ""  # … and its text, within a paragraph
        self._known = frozenset(k for n in self.evidence for k in self._source(n).keys)
        self._marked = MarkedText(
            text, lambda quote: self._passages.find_quote(quote, sorted(self.evidence)) is not None
        )

    def run(self) -> Verified:
        plain = self._marked.plain
        said = extract(Document("", "", None, None, plain, ""))
        by_content = sorted((s.content_spans[0][0], n) for n, s in enumerate(said))
        pieces = self._marked.cut()
        behind = self._marked.numbers_behind(pieces, self.evidence)
        checked: list[Checked] = []
        paragraph = 0
        for index, (start, end) in enumerate(pieces):
            if index and "\n" in self.text[pieces[index - 1][1] : start]:
                paragraph += 1
                self._before, self._told = (), ""
            self._cited.append([])
            first, last = (bisect_left(by_content, (at, -1)) for at in (start, end))
            own = [_moved(said[n], -start) for n in sorted(n for _, n in by_content[first:last])]
            checked += self._check(start, end, plain, own, behind[index], paragraph)
            self._told = plain[start:end]
        ordered = sorted(self.citations)
        place_of = {key: place for place, key in enumerate(ordered)}
        checked = [
            replace(s, citations=tuple(place_of[key] for key in keys))
            for s, keys in zip(checked, self._cited, strict=True)
        ]
        paragraphs: dict[int, list[str]] = {}
        for sentence in checked:
            if sentence.stands:
                paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
        return Verified(
            "\n\n".join(" ".join(p) for p in paragraphs.values()),
            tuple(checked),
            tuple(self.citations[key] for key in ordered),
            tuple(self.rejected),
        )

    def _check(
        self,
        start: int,
        end: int,
        plain: str,
        said: Sequence[Statement],
        inherited: Sequence[int],
        paragraph: int,
    ) -> list[Checked]:
        """The sentence, and behind it what of it was left out so that the rest stands."""
        claim = plain[start:end]
        marked = self._read_marks(start, end)
        hints = marked or inherited
        quotes, missing = self._find_quotes(start, end, hints)
        whole = _Piece(claim, tuple(quotes), tuple(said))
        if not marked and not quotes and not missing and _claims_nothing(claim):
            # "Yes." is what the sentences behind it prove.
            frame = _is_frame(claim) or (
                _REPORTS.verdicts.fullmatch(claim.strip()) and end < len(plain)
            )
            reasons = () if frame else ("claims nothing that could be looked up",)
            return [Checked(self._shown(start, end), "uncited", reasons, paragraph)]
        placed = self._place(whole, hints)
        wrong = self._reject(claim, placed, missing)
        if not wrong:
            same = set(placed.numbers) == set(marked)
            shown = self._shown(start, end) if same else _mark(claim, placed.numbers)
            return [self._support(whole, placed.numbers, shown, paragraph)]
        kept = None if missing else self._keep_part(whole, hints)
        if kept is not None:
            (first, last), rest, found = kept
            shown = _mark(rest.text, found.numbers)
            standing = self._support(rest, found.numbers, shown, paragraph)
            struck = claim[first:last].strip(" ,;—–")
            self._cited.append([])
            return [standing, Checked(struck, "unsupported", wrong, paragraph)]
        status: Literal["unsupported", "uncited"] = (
            "unsupported" if placed.numbers or missing else "uncited"
        )
        return [Checked(self._shown(start, end), status, wrong, paragraph)]

    def _read_marks(self, start: int, end: int) -> list[int]:
        """The passages that a sentence is marked with; a marker that names none is rejected."""
        numbers: list[int] = []
        for _, _, named in self._marked.markers_in(start, end):
            numbers += [n for n in named if n in self.evidence]
            self.rejected += [
                Rejected("marker", f"[{n}]", f"names no passage; there are {len(self.evidence)}")
                for n in named
                if n not in self.evidence
            ]
        return list(dict.fromkeys(numbers))

    def _shown(self, start: int, end: int) -> str:
        """A sentence as it was written, without markers that name no passage, and Markdown."""
        parts: list[str] = []
        for first, last, named in self._marked.markers_in(start, end):
            good = "".join(f"[{n}]" for n in named if n in self.evidence)
            parts += [self.text[start:first], good]
            start = last
        shown = "".join([*parts, self.text[start:end]])
        return EMPHASIS.sub("", LIST_MARK.sub("", shown)).strip()

    def _find_quotes(
        self, start: int, end: int, hints: Sequence[int]
    ) -> tuple[list[_Found], list[str]]:
        """The quotations of a sentence where they stand, in what it is marked with if there, and
        those that stand nowhere."""
        order = [*hints, *(n for n in sorted(self.evidence) if n not in hints)]
        quotes: list[_Found] = []
        missing: list[str] = []
        for quoted in self._marked.quotations_in(start, end):
            place = self._passages.find_quote(quoted.text, order)
            if place is not None:
                document = self.evidence[place[0]].passage.document_id
                its_own = replace(quoted, start=quoted.start - start, end=quoted.end - start)
                quotes.append(_Found(its_own, place[0], document, place[1], place[2]))
            elif not self._passages.is_title(quoted.text):
                missing.append(quoted.text)
        return quotes, missing

    def _place(self, piece: "_Piece", hints: Sequence[int]) -> Placement:
        marks = [
            Placed(q.quoted.start, q.quoted.end, q.document_id, q.start, q.end)
            for q in piece.quotes
        ]

        links = list(find_links(piece.text))

        def check(numbers: Sequence[int]) -> list[Complaint]:
            cited = [self._source(n) for n in numbers]
            given: dict[str, Any] = {"said": piece.said, "quoted": marks, "before": self._told}
            found = check_claim(piece.text, cited=cited, known=self._known, **given)
            if [c.kind for c in found] == ["support"] and self._is_alike(piece.text, cited):
                found = check_claim(piece.text, cited=cited, known=self._known, alike=True, **given)
            found = deciding(piece.text, cited, found)
            if self._closely and not found and not marks and not is_close(piece.text, cited):
                reason = "no sentence of the passages says this by itself"
                found = [Complaint("support", piece.text.strip(), reason)]
            # An address is no words that could stand elsewhere too: not even a look is taken.
            held = " ".join(self.evidence[n].passage.text for n in hints or numbers)
            reason = "stands in no passage that is cited"
            return [*found, *(Complaint("link", x, reason) for x in links if x not in held)]

        sources = {n: self._source(n) for n in sorted(self.evidence)}
        return place(
            piece.text,
            sources,
            check,
            hints=hints,
            quoted=[q.number for q in piece.quotes],
            before=self._before,
        )

    def _is_alike(self, text: str, cited: Sequence[Source]) -> bool:
        """Whether a sentence that shares few words with passages means what one or two of theirs
        do."""
        if self._likeness is None:
            return False
        lines = [[line.text for line in source.lines] for source in cited]
        pairs = [f"{a} {b}" for texts in lines for a, b in pairwise(texts)]
        found = self._likeness(text, [*(x for texts in lines for x in texts), *pairs])
        return max(found, default=0.0) >= tuned.ALIKE

    def _reject(self, claim: str, placed: Placement, missing: Sequence[str]) -> tuple[str, ...]:
        """Notes what is wrong with a sentence; the reasons, none if it stands."""
        wrong = [Rejected("quote", q, "stands word for word in no passage") for q in missing]
        for complaint in placed.complaints:
            if missing and complaint.kind == "support":
                continue  # the quotation's own reason says it better
            wrong.append(Rejected(complaint.kind, complaint.text.strip(), complaint.reason))
        if not placed.numbers and not missing:
            wrong.append(Rejected("uncited", claim.strip(), "no passage says anything like this"))
        self.rejected += wrong
        reasons = (
            f"“{r.text}”: {r.reason}" if r.kind in ("quote", "link") else r.reason for r in wrong
        )
        return tuple(dict.fromkeys(reasons))

    def _keep_part(
        self, whole: "_Piece", hints: Sequence[int]
    ) -> tuple[tuple[int, int], "_Piece", Placement] | None:
        """The clause of a sentence that may go, what is left and where that stands."""
        found: list[tuple[_Piece, Placement]] = []

        def stands(start: int, end: int) -> bool:
            rest = whole.without(start, end)
            found.append((rest, self._place(rest, hints)))
            return found[-1][1].stands

        gone = find_superfluous(whole.text, stands)
        return None if gone is None else (gone, *found[-1])

    def _support(
        self, piece: "_Piece", numbers: Sequence[int], shown: str, paragraph: int
    ) -> Checked:
        for q in piece.quotes:
            self._cite(q.number, q.start, q.end)
        for n in numbers:
            if not any(q.number == n for q in piece.quotes):
                self._cite(n, *_nearest_in(piece.text, self.evidence[n]))
        self._before = tuple(numbers)
        return Checked(shown, "supported", paragraph=paragraph)

    def _source(self, number: int) -> Source:
        if number not in self._sources:
            item = self.evidence[number]
            document = self.documents[item.passage.document_id]
            self._sources[number] = read_source(item, document, self.statements)
        return self._sources[number]

    def _cite(self, number: int, start: int, end: int) -> None:
        """`start` and `end` are of the document."""
        document = self.documents[self.evidence[number].passage.document_id]
        citation = Citation.of(document, start, end, number=number)
        self.citations.setdefault((number, start, end), citation)
        self._cited[-1].append((number, start, end))


def _is_frame(claim: str) -> bool:
    found = [t for t in tokens(claim) if t.kind != "stop"]
    return bool(found) and all(
        fold(t.text) in _REPORTS.frame
        and not (t.kind == "name" and len(t.text) > 1 and t.text.isupper())
        for t in found
    )


def _claims_nothing(claim: str) -> bool:
    return _is_frame(claim) or not any(is_content(t) for t in tokens(claim))


def _mark(claim: str, numbers: Sequence[int]) -> str:
    """A sentence, blanks and all, with markers of `numbers` before its last full stop."""
    shown = " ".join(LIST_MARK.sub("", claim).split())
    shown = _BLANK_BEFORE.sub(r"\1", shown).lstrip(" ,;—–")
    shown = shown[:1].upper() + shown[1:] if claim[:1].isspace() else shown
    end = len(shown.rstrip(".!? "))
    marks = "".join(f"[{n}]" for n in numbers)
    return f"{shown[:end].rstrip(' ,;—–')} {marks}{shown[end:].strip() or '.'}"


def nearest_sentence(claim: str, evidence: Sequence[Evidence]) -> str:
    """The sentence of some passages that shares most with `claim`; "" if none shares two words."""
    found = [e.passage.text[a:b] for e in evidence for a, b in sentences(e.passage.text)]
    best = max(found, key=lambda text: _shared(claim, text), default="")
    return best if len(overlap(content_words(claim), best)) > 1 else ""


def _nearest_in(claim: str, evidence: Evidence) -> tuple[int, int]:
    """The span, in the document, of the passage's sentence that shares most with `claim`."""
    text, at = evidence.passage.text, evidence.passage.start
    spans = sentences(text) or [(0, len(text))]
    start, end = max(spans, key=lambda s: (_shared(claim, text[slice(*s)]), -s[0]))
    return at + start, at + end


def _shared(claim: str, sentence: str) -> int:
    """How many words of `claim` a sentence has, its numbers and names twice, and values."""
    ours, theirs = tokens(claim), tokens(sentence)
    keys, values = {t.key for t in theirs}, {t.value for t in ours if t.value is not None}
    wanted = {t.key: t.kind in _HEAVY for t in ours if is_content(t)}
    same = sum(1 + heavy for key, heavy in wanted.items() if key in keys)
    return same + sum(t.value in values for t in theirs)
