"""A model's text → checked citations. Knows nothing about which model wrote it.

A marker must name a passage that the model saw. A quotation must stand in a passage letter for
letter; only typography (“ ” ’ – …) and white space are folded, nothing is matched nearly.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.passages import sentences
from rag.types import Citation, Document, Evidence, Rejected
from rag.words import content_words, fold_typography, fold_with_offsets, overlap

# "[1]", "[1, 2]", "[1][2]", "[1-3]", full-width brackets too.
_MARKER = re.compile(r"[\[【](\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)[\]】]")
_QUOTATION = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“”]+)[“”]")


@dataclass(frozen=True, slots=True)
class Verified:
    """A model's text with what of it was borne out and what was not.

    `text` has the rejected markers and the quotation marks of rejected quotes struck out; the
    words stay, and `rejected` says why.
    """

    text: str
    citations: tuple[Citation, ...]
    rejected: tuple[Rejected, ...]


def parse_markers(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """(start, end, numbers) of every marker in `text`, in order; "[1-3]" names 1, 2 and 3."""
    found = []
    for match in _MARKER.finditer(text):
        numbers: list[int] = []
        for part in re.split(r"[,;]", match.group(1)):
            low, _, high = re.sub(r"[–-]", "-", part).partition("-")
            first, last = int(low), int(high or low)
            # A range of hundreds is a year or a mistake: it names its two ends.
            numbers += range(first, last + 1) if 0 <= last - first < 20 else [first, last]
        found.append((match.start(), match.end(), tuple(dict.fromkeys(numbers))))
    return found


def verify(
    text: str, evidence: Sequence[Evidence], *, documents: Mapping[str, Document]
) -> Verified:
    """Takes a model's text apart and checks each marker and quotation against `evidence`."""
    by_number = {e.number: e for e in evidence}
    folded = {e.number: fold_with_offsets(e.passage.text) for e in evidence}
    rejected: list[Rejected] = []
    citations: dict[tuple[int, int, int], Citation] = {}
    pieces: list[str] = []

    def cite(number: int, start: int, end: int) -> None:
        passage = by_number[number].passage
        start, end = passage.start + start, passage.start + end
        citation = Citation.of(documents[passage.document_id], start, end, number=number)
        citations.setdefault((number, start, end), citation)

    for sentence in _marked_sentences(text):
        numbers: list[int] = []
        shown = sentence
        for start, end, named in reversed(parse_markers(sentence)):
            good = [n for n in named if n in by_number]
            for n in named:
                if n not in by_number:
                    reason = f"names no passage; there are {len(by_number)}"
                    rejected.append(Rejected("marker", f"[{n}]", reason))
            numbers = good + numbers
            shown = shown[:start] + "".join(f"[{n}]" for n in good) + shown[end:]
        numbers = list(dict.fromkeys(numbers))
        quoted: set[int] = set()
        for match in reversed(list(_QUOTATION.finditer(shown))):
            quote = next(g for g in match.groups() if g is not None)
            place = _find_quote(quote, numbers or sorted(by_number), folded)
            if place is None:
                rejected.append(Rejected("quote", quote, _why_no_quote(quote, numbers, folded)))
                # Without the marks it is no longer put forward as somebody's words.
                shown = f"{shown[: match.start()]}~~{quote}~~{shown[match.end() :]}"
            else:
                cite(*place)
                quoted.add(place[0])
        for n in numbers:
            if n not in quoted:
                cite(n, *_nearest_sentence(sentence, by_number[n]))
        pieces.append(shown)
    order = sorted(citations.values(), key=lambda c: (c.number, c.start, c.end))
    return Verified("".join(pieces).strip(), tuple(order), tuple(rejected))


def _marked_sentences(text: str) -> list[str]:
    """`text` cut after each sentence and the markers behind it; joined again it is `text`."""
    ends = [end for _, end in sentences(text)]
    pieces: list[str] = []
    start = 0
    for end in ends:
        follow = re.compile(r"(?:\s*[\[【][\d\s,;–-]+[\]】])+[.!?]?").match(text, end)
        if follow:
            end = follow.end()
        if end > start:
            pieces.append(text[start:end])
            start = end
    return [*pieces, text[start:]] if start < len(text) else pieces


def _find_quote(
    quote: str, numbers: Sequence[int], folded: Mapping[int, tuple[str, list[int]]]
) -> tuple[int, int, int] | None:
    """(evidence number, start, end) of `quote` in the first of `numbers` that holds it."""
    # A comma or full stop inside the closing marks belongs to the sentence around the quotation.
    needle = fold_typography(quote)
    for candidate in (needle, needle.rstrip(",.;:!?")):
        if not candidate:
            continue
        for number in numbers:
            text, offsets = folded[number]
            at = _find_whole(candidate, text)
            if at >= 0:
                return number, offsets[at], offsets[at + len(candidate) - 1] + 1
    return None


def _find_whole(needle: str, text: str) -> int:
    """Where `needle` stands in `text` with no word cut at its ends, or -1."""
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        cut_left = at > 0 and text[at - 1].isalnum() and needle[0].isalnum()
        cut_right = end < len(text) and text[end].isalnum() and needle[-1].isalnum()
        if not cut_left and not cut_right:
            return at
        at = text.find(needle, at + 1)
    return -1


def _why_no_quote(
    quote: str, numbers: Sequence[int], folded: Mapping[int, tuple[str, list[int]]]
) -> str:
    if numbers:
        elsewhere = _find_quote(quote, sorted(set(folded) - set(numbers)), folded)
        if elsewhere:
            return f"stands in [{elsewhere[0]}], not in the passage it is marked with"
    return "stands word for word in no passage"


def _nearest_sentence(claim: str, evidence: Evidence) -> tuple[int, int]:
    """The span of the passage's sentence that shares most words with `claim`."""
    text = evidence.passage.text
    wanted = content_words(_MARKER.sub("", claim))
    spans = sentences(text) or [(0, len(text))]
    return max(spans, key=lambda s: (len(overlap(wanted, text[slice(*s)])), -s[0]))
