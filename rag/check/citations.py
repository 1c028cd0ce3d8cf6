"""A model's text → sentences, each checked. Knows nothing about which model wrote it.

A marker must name a passage that the model saw. A quotation must stand there letter for letter:
only typography (“ ” ’ – …) and white space are folded, nothing is matched nearly. What else a
sentence claims (numbers, dates, names, who said it, negations and hedges) is compared with what it
cites by `support`. What does not stand is no part of the checked text, but of `sentences`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.check.claims import Quoted, find_quoted, tokens
from rag.check.quotations import _moved, readings
from rag.check.support import Complaint, Placed, Source, check_claim, read_source
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold, fold_typography, fold_with_offsets, overlap
from rag.statements import extract
from rag.types import Checked, Citation, Document, Evidence, Rejected, Statement

_REPORTS = LANGUAGE.reports
# "[1]", "[1, 2]", "[1][2]", "[1-3]", full-width brackets too.
_MARKER = re.compile(r"[\[【](\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)[\]】]")
_MARKERS_BEHIND = re.compile(r"(?:\s*[\[【][\d\s,;–-]+[\]】])+[.!?]?")
# No passage is so long that a quotation of so many characters could stand in it: the sentences of
# one that is never closed are checked one by one.
_MAX_QUOTATION = 2_000
# What stands before a list item, and Markdown's emphasis and headings: no part of a claim.
_LIST_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*•][ \t]+|\d{1,2}[.)][ \t]+)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|`")
_LINK = re.compile(r"https?:/?/?[^\s)\]>\"”]+|www\.[^\s)\]>\"”]+")


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


def parse_markers(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """(start, end, numbers) of every marker in `text`, in order; "[1-3]" names 1, 2 and 3."""
    found = []
    for match in _MARKER.finditer(text):
        numbers: list[int] = []
        for part in re.split(r"[,;]", match.group(1)):
            low, _, high = re.sub(r"[–-]", "-", part).partition("-")
            first, last = _number(low), _number(high or low)
            # A range of hundreds is a year or a mistake: it names its two ends.
            numbers += range(first, last + 1) if 0 <= last - first < 20 else [first, last]
        found.append((match.start(), match.end(), tuple(dict.fromkeys(numbers))))
    return found


def verify(
    text: str,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
    statements: Sequence[Statement] = (),
) -> Verified:
    """Takes a model's text apart and checks each sentence against what it cites.

    `documents` holds every document of the evidence by id, `statements` who said what in them.
    Every citation returned is an exact span of its document.
    """
    return _Verification(text, evidence, documents, statements).run()


class _Verification:
    def __init__(
        self,
        text: str,
        evidence: Sequence[Evidence],
        documents: Mapping[str, Document],
        statements: Sequence[Statement],
    ) -> None:
        self.text = text
        self.evidence = {e.number: e for e in evidence}
        self.documents = documents
        self.folded = {e.number: fold_with_offsets(e.passage.text) for e in evidence}
        self.statements = statements
        self._sources: dict[int, Source] = {}
        self.citations: dict[tuple[int, int, int], Citation] = {}
        self.rejected: list[Rejected] = []
        self._cited: list[list[tuple[int, int, int]]] = []  # by each sentence
        self.quotations = find_quoted(text)
        literal = [
            q for q in self.quotations
            if _MARKER.search(q.text) and self._find_quote(q.text, sorted(self.evidence))
        ]  # fmt: skip
        # A quotation that itself holds "[1]" where it stands has no marker in it.
        self.markers = [m for m in parse_markers(text) if not _is_within(literal, m[0], m[1])]
        self._marker_starts = [start for start, _, _ in self.markers]
        self._quotation_starts = [q.start for q in self.quotations]

    def run(self) -> Verified:
        plain = self._plain()
        said = extract(Document("", "", None, None, plain, ""))
        by_content = sorted((s.content_spans[0][0], n) for n, s in enumerate(said))
        pieces = _cut(self.text, self.quotations)
        behind = self._numbers_behind(pieces)
        checked: list[Checked] = []
        paragraph = 0
        for index, (start, end) in enumerate(pieces):
            if index and "\n" in self.text[pieces[index - 1][1] : start]:
                paragraph += 1
            self._cited.append([])
            first, last = (bisect_left(by_content, (at, -1)) for at in (start, end))
            own = [said[n] for n in sorted(n for _, n in by_content[first:last])]
            checked.append(self._check(start, end, plain, own, behind[index], paragraph))
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

    def _plain(self) -> str:
        """The text with markers and Markdown blanked out, so that places stay the same."""
        plain = list(self.text)
        spans = [(s, e) for s, e, _ in self.markers]
        for pattern in (_LIST_MARK, _EMPHASIS):
            spans += [m.span() for m in pattern.finditer(self.text)]
        for start, end in spans:
            plain[start:end] = " " * (end - start)
        return "".join(plain)

    def _numbers_behind(self, pieces: Sequence[tuple[int, int]]) -> list[list[int]]:
        """For each sentence the markers of the next one of its paragraph that has any: "A. B [1].".

        None where the paragraph ends before it.
        """
        behind: list[list[int]] = [[] for _ in pieces]
        for place in range(len(pieces) - 1, 0, -1):
            if "\n" in self.text[pieces[place - 1][1] : pieces[place][0]]:
                continue
            numbers = [n for _, _, named in self._markers_in(*pieces[place])
                       for n in named if n in self.evidence]  # fmt: skip
            behind[place - 1] = list(dict.fromkeys(numbers)) or behind[place]
        return behind

    def _markers_in(self, start: int, end: int) -> list[tuple[int, int, tuple[int, ...]]]:
        first, last = (bisect_left(self._marker_starts, at) for at in (start, end))
        return self.markers[first:last]

    def _quotations_in(self, start: int, end: int) -> list[Quoted]:
        first, last = (bisect_left(self._quotation_starts, at) for at in (start, end))
        return self.quotations[first:last]

    def _check(
        self,
        start: int,
        end: int,
        plain: str,
        said: Sequence[Statement],
        inherited: list[int],
        paragraph: int,
    ) -> Checked:
        numbers: list[int] = []
        reasons: list[str] = []

        def reject(kind: str, text: str, reason: str) -> None:
            self.rejected.append(Rejected(kind, text, reason))
            if kind != "marker":
                reasons.append(f"“{text}”: {reason}" if kind in ("quote", "link") else reason)

        misnamed = False
        parts: list[str] = []  # of what is shown, the last one first
        rest = end
        for first, last, named in reversed(self._markers_in(start, end)):
            good = [n for n in named if n in self.evidence]
            for n in named:
                if n not in self.evidence:
                    misnamed = True
                    reject("marker", f"[{n}]", f"names no passage; there are {len(self.evidence)}")
            numbers += reversed(good)
            parts += [self.text[last:rest], "".join(f"[{n}]" for n in good)]
            rest = first
        numbers = list(dict.fromkeys(reversed(numbers)))
        shown = "".join(reversed([*parts, self.text[start:rest]]))
        quotations = self._quotations_in(start, end)
        shown = _EMPHASIS.sub("", _LIST_MARK.sub("", shown)).strip()
        claim = plain[start:end]
        marked = bool(numbers)
        if not marked:
            if _is_frame(claim) and not quotations:
                return Checked(shown, "uncited", paragraph=paragraph)
            numbers = inherited
        quotes: list[_Found] = []
        for quoted in quotations:
            place = self._find_quote(quoted.text, numbers or sorted(self.evidence))
            if place is not None:
                document = self.evidence[place[0]].passage.document_id
                quotes.append(_Found(quoted, place[0], document, place[1], place[2]))
            elif not self._is_title(quoted.text, numbers):
                reject("quote", quoted.text, self._why_no_quote(quoted.text, numbers))
        if not numbers and quotes:  # a quotation finds its own passage
            numbers = list(dict.fromkeys(q.number for q in quotes))
            shown = f"{shown}{''.join(f'[{n}]' for n in numbers)}"
        if not numbers:
            text = "cites no passage" + (" that exists" if misnamed else "")
            reject("uncited", shown, text)
            return Checked(shown, "uncited", tuple(reasons), paragraph)
        if not marked and inherited:
            shown = f"{shown} {''.join(f'[{n}]' for n in numbers)}"
        held = " ".join(self.evidence[n].passage.text for n in numbers)
        for link in _find_links(claim):
            if link not in held:
                reject("link", link, "stands in no passage that is cited")
        misquoted = bool(reasons)
        for complaint in self._complaints(claim, start, end, numbers, quotes, said):
            if misquoted and complaint.kind == "support":
                continue  # the quotation's own reason says it better
            reject(complaint.kind, complaint.text.strip(), complaint.reason)
        if reasons:
            return Checked(shown, "unsupported", tuple(reasons), paragraph)
        for q in quotes:
            self._cite(q.number, q.start, q.end)
        for n in numbers:
            if not any(q.number == n for q in quotes):
                self._cite(n, *_nearest_sentence(claim, self.evidence[n]))
        return Checked(shown, "supported", paragraph=paragraph)

    def _complaints(
        self,
        claim: str,
        start: int,
        end: int,
        numbers: Sequence[int],
        quotes: Sequence[_Found],
        said: Sequence[Statement],
    ) -> list[Complaint]:
        others = [n for n in sorted(self.evidence) if n not in numbers]
        its_own = [_moved(s, -start) for s in said]
        stand = [
            Placed(q.quoted.start - start, q.quoted.end - start, q.document_id, q.start, q.end)
            for q in quotes
        ]

        def check(cited: Sequence[int], rest: Sequence[int]) -> list[Complaint]:
            return check_claim(
                claim,
                cited=[self._source(n) for n in cited],
                others=[self._source(n) for n in rest],
                said=its_own,
                quoted=stand,
            )

        found = check(numbers, others)
        if found and not quotes:
            elsewhere = next((n for n in others if not check([n], [])), None)
            if elsewhere is not None:
                reason = f"this stands in [{elsewhere}], not in the passage it is marked with"
                return [Complaint("support", claim.strip(), reason)]
        return found

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

    def _find_quote(self, quote: str, numbers: Sequence[int]) -> tuple[int, int, int] | None:
        """(evidence number, start, end in its document) in the first of `numbers` that holds it."""
        for reading in readings(quote):
            for number in numbers:
                text, offsets = self.folded[number]
                for start, end in reading.find_fair(text):
                    at = self.evidence[number].passage.start
                    return number, at + offsets[start], at + offsets[end - 1] + 1
        return None

    def _is_title(self, quote: str, numbers: Sequence[int]) -> bool:
        wanted = fold(fold_typography(quote)).strip(" ,.;:!?")
        return any(
            wanted == fold(fold_typography(self._source(n).document.title)).strip(" .!?")
            for n in numbers
        )

    def _why_no_quote(self, quote: str, numbers: Sequence[int]) -> str:
        rest = sorted(set(self.evidence) - set(numbers))
        elsewhere = self._find_quote(quote, rest) if numbers else None
        if elsewhere:
            return f"stands in [{elsewhere[0]}], not in the passage it is marked with"
        return "stands word for word in no passage"


def _number(digits: str) -> int:
    """A marker's number, of its first 18 figures: no passage has so many."""
    return int(digits.strip().lstrip("0")[:18] or "0")


def _is_within(quotations: Sequence[Quoted], start: int, end: int) -> bool:
    """Whether one of `quotations`, which are in order and apart, holds `[start, end)`."""
    place = bisect_left(quotations, start, key=lambda q: q.start) - 1
    return place >= 0 and end < quotations[place].end


def _find_links(text: str) -> Iterator[str]:
    """The addresses and Markdown images of `text`, in order."""
    found = [*_find_images(text), *(m.span() for m in _LINK.finditer(text))]
    end = 0
    for start, stop in sorted(found):
        if start >= end:
            yield text[start:stop]
            end = stop


def _find_images(text: str) -> Iterator[tuple[int, int]]:
    """`![…](…)`, found without looking twice for a bracket that is never closed."""
    square = round_ = -1
    for opening in re.finditer(r"!\[", text):
        if square < opening.end():
            square = text.find("]", opening.end())
            if square < 0:
                return
        if text[square + 1 : square + 2] != "(":
            continue
        if round_ < square:
            round_ = text.find(")", square)
            if round_ < 0:
                return
        yield opening.start(), round_ + 1


def _cut(text: str, quotations: Sequence[Quoted]) -> list[tuple[int, int]]:
    """`text` cut after each sentence and the markers behind it, never within a quotation."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for _, end in sentences(text):
        if end <= start:
            continue
        behind = _MARKERS_BEHIND.match(text, end)
        end = behind.end() if behind else end
        if end - start < _MAX_QUOTATION and _is_within(quotations, end, end):
            continue
        pieces.append((start, end))
        start = end
    if text[start:].strip():
        pieces.append((start, len(text)))
    trimmed = []
    for first, last in pieces:
        while first < last and text[first].isspace():
            first += 1
        if text[first:last].strip(" \t\n*_-–—.#>"):
            trimmed.append((first, last))
    return trimmed


def _is_frame(claim: str) -> bool:
    found = [t for t in tokens(claim) if t.kind != "stop"]
    return bool(found) and all(
        fold(t.text) in _REPORTS.frame
        and not (t.kind == "name" and len(t.text) > 1 and t.text.isupper())
        for t in found
    )


def _nearest_sentence(claim: str, evidence: Evidence) -> tuple[int, int]:
    """The span, in the document, of the passage's sentence that shares most words with `claim`."""
    text, at = evidence.passage.text, evidence.passage.start
    wanted = content_words(claim)
    spans = sentences(text) or [(0, len(text))]
    start, end = max(spans, key=lambda s: (len(overlap(wanted, text[slice(*s)])), -s[0]))
    return at + start, at + end
