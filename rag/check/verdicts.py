"""A sentence and passages → how far they bear it out: a verdict, a score, and why. Knows no
documents' index, and no language model.

The score is a probability by what people labelled (`grade`). What is certainly wrong in a sentence
that follows a passage closely decides by itself: an altered quotation, another number, an opposite.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag import tuned
from rag.check.claims import Quoted, find_quoted, tokens
from rag.check.clauses import check_clauses, check_voices
from rag.check.closeness import measure
from rag.check.grade import grade
from rag.check.quotations import readings
from rag.check.reading import Complaint, Placed, Source, is_content, is_within
from rag.check.support import check_claim
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import fold_with_offsets
from rag.statements import extract
from rag.types import Document, Statement

Verdict = Literal["borne out", "in part", "not borne out", "contradicted"]
_REPORTS = LANGUAGE.reports
_MARKERS = re.compile(r"(?<!\s)\s*+[\[【]\d{1,3}(?:\s*[,;–-]\s*\d+)*[\]】]")
# "``" opens a quotation, "<s>" strikes out, but "</s>" is where some models end.
_MARKDOWN = re.compile(
    r"\*\*|__|(?<!`)`(?!`)|</s>\Z|^[ \t]*(?:#{1,6}[ \t]+|[-*•][ \t]+|\d{1,2}[.)][ \t]+)", re.M
)
_QUOTES = re.compile(r"[“”\"«»]")
_WINDOWS = 20  # equally good ones that are compared word by word
_ENTITIES = re.compile(r"&(?:quot|[lr]dquo|[lr]aquo|#34|#x22|#8220|#8221);|</?q>|</?blockquote>")
# What a passage has something else in the place of, and what it only lacks.
_CONTRADICTS = frozenset(("opposite", "word", "negation", "number", "date", "name", "speaker"))
_IN_PART = frozenset(("added", "hedge", "opinion"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What passages say of a sentence.

    `score` is how probable it is that they bear all of it out, 0 to 1; `complaints` what they do
    not, their words as they stand in the sentence; `spans` where what bears it out stands:
    (number of the passage, start, end in its document), the nearest first.
    """

    verdict: Verdict
    score: float
    complaints: tuple[Complaint, ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()
    is_close: bool = False  # whether one sentence of theirs holds most of its words

    @property
    def stands(self) -> bool:
        return self.verdict == "borne out"


def judge_claim(text: str, sources: Sequence[Source], *, strict: bool = False) -> Judgement:
    """Judges `text`, one sentence or a few, by the passages `sources` taken together.

    Markers ("[2]"), Markdown and what only frames an answer ("Answer:") count for nothing. `strict`
    is for writers, who want whatever may be wrong to be shown: every certain complaint decides, how
    loosely the sentence may follow, and a clause of its own is one.
    """
    bare = strip_frame(text)
    claim = tokens(bare)
    if not any(is_content(t) for t in claim) or not any(s.lines for s in sources):
        reason = "it claims nothing that could be looked up, or there is nothing to look it up in"
        return Judgement("not borne out", 0.0, (Complaint("support", bare, reason, certain=False),))
    found: list[Complaint] = []
    made: list[Statement] = []
    quoted, wrong = _find_quotations(bare, sources)
    for start, end in sentences(bare):
        piece = bare[start:end]
        inside = [
            Placed(q.start - start, q.end - start, q.document_id, q.first, q.last)
            for q in quoted
            if start <= q.start < end
        ]
        said = extract(Document("", "", None, None, piece, ""))
        found += check_claim(piece, cited=sources, said=said, quoted=inside)
        made += said
        if strict:
            found += check_voices(said, inside, sources)
    if strict:
        found += check_clauses(bare, made, sources)
    found = list(dict.fromkeys(found))
    measures = measure(claim, sources, found)
    score = grade(measures)
    certain = certain_kinds(measures, found, strict=strict)
    spans = _nearest(bare, sources)
    close = measures["line"] >= tuned.SAME_CONTENT
    if wrong:
        altered = any(c.certain for c in wrong)
        others = [c for c in found if c.kind != "support"] if altered else []
        return Judgement(
            "contradicted" if altered else "not borne out",
            min(score, tuned.IN_PART),
            (*wrong, *others),
            spans,
            close,
        )
    verdict: Verdict = "not borne out"
    # What stands in no sentence at all is not told otherwise in one.
    about = not strict or measures["line"] >= tuned.DRAFT_ABOUT
    if certain & _CONTRADICTS and not about:
        score, found = min(score, tuned.IN_PART), []
    elif certain & _CONTRADICTS:
        verdict, score = "contradicted", min(score, tuned.IN_PART)
    elif certain & _IN_PART:
        verdict, score = "in part", min(score, tuned.BORNE_OUT)
    elif strict:
        # Here the words of its own that a writer puts to it count for less than that it is there.
        short = measures["length"] <= math.log1p(tuned.SHORT_CLAIM)
        there = (measures["window"] >= tuned.DRAFT_WINDOW and not short) or (
            measures["pairs"] >= tuned.DRAFT_PAIRS and measures["held"] >= tuned.DRAFT_HELD
        )
        verdict = "borne out" if there else "not borne out"
        score = max(score, tuned.BORNE_OUT) if there else min(score, tuned.IN_PART)
    elif score >= tuned.BORNE_OUT:
        verdict = "borne out"
    elif score >= tuned.IN_PART and measures["held"] >= tuned.IN_PART_HELD:
        verdict = "in part"
    else:
        score = min(score, tuned.IN_PART)
    kept = () if verdict == "borne out" else tuple(found)
    return Judgement(verdict, score, kept or _lacking(verdict, bare, sources), spans, close)


def certain_kinds(
    measures: Mapping[str, float], complaints: Sequence[Complaint], *, strict: bool = False
) -> frozenset[str]:
    """The kinds of `complaints` that decide by themselves: in a sentence that follows a passage
    closely another word is no other way to say it."""
    if not strict and measures["order"] < tuned.FOLLOWS_CLOSELY:
        return frozenset()
    return (_CONTRADICTS | _IN_PART) & {c.kind for c in complaints if c.certain}


def strip_frame(text: str) -> str:
    """`text` without markers, Markdown and what only frames an answer."""
    bare = _MARKDOWN.sub("", _MARKERS.sub("", _ENTITIES.sub('"', text))).strip()
    frame = _REPORTS.opening_frame.match(bare)
    if frame and bare[frame.end() :].strip():
        bare = bare[frame.end() :].lstrip()
        bare = bare[:1].upper() + bare[1:]
    return bare


def _find_quotations(text: str, sources: Sequence[Source]) -> tuple[list[Placed], list[Complaint]]:
    """The quotations of `text` that a passage has word for word, and complaints of those that none
    has: a certain one where a passage has nearly the same words."""
    placed, wrong = [], []
    for quoted in find_quoted(text):
        place = next((p for s in sources if (p := find_quotation(quoted.text, s))), None)
        if place is not None:
            placed.append(Placed(quoted.start, quoted.end, *place))
        elif not _is_title(quoted):
            wrong.append(_tell_altered(quoted, sources))
    return placed, wrong


def find_quotation(words: str, source: Source) -> tuple[str, int, int] | None:
    """(document, start, end) of `words` in a passage, letter for letter but for typography."""
    if not source.lines:
        return None
    start, end = source.lines[0].start, source.lines[-1].end
    text, offsets = _folded(source.document.text[start:end])
    for reading in readings(words):
        for first, last in reading.find_fair(text):
            return source.document.id, start + offsets[first], start + offsets[last - 1] + 1
    return None


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, list[int]]:
    return fold_with_offsets(text)


def _is_title(quoted: Quoted) -> bool:
    """Whether quotation marks set off a title or a term ("Raindrops Keep Fallin'"), no speech."""
    found = [w for w in re.findall(r"[^\W\d_]+", quoted.text) if len(w) > 3]
    return bool(found) and all(w[0].isupper() for w in found)


def _tell_altered(quoted: Quoted, sources: Sequence[Source]) -> Complaint:
    """What is wrong with a quotation that no passage has: with the words that one has instead."""
    # A comma before the closing mark is of the sentence around it.
    words = quoted.text.rstrip(" ,.;:")
    wanted = [t.key for t in tokens(words)]
    near = ""
    best = tuned.ALTERED
    for line in (line for s in sources for line in s.lines):
        keys = [t.key for t in line.tokens]
        start, size = _window(wanted, keys)
        if size >= best * len(wanted) and size > 1:
            best = size / len(wanted)
            last = min(start + len(wanted), len(keys)) - 1
            near = line.text[line.tokens[start].start : line.tokens[last].end]
            near = max(_QUOTES.split(near), key=len).strip(" ,;:")
    if near:
        return Complaint("quote", words, f"the passage has “{near}”", instead=near)
    return Complaint("quote", words, "stands word for word in no passage", certain=False)


def _window(wanted: Sequence[str], keys: Sequence[str]) -> tuple[int, int]:
    """(start, words held) of the run of `keys`, as long as `wanted`, that holds most of them; of
    equal ones that which has most in their places."""
    want, size = set(wanted), len(wanted)
    flags = [k in want for k in keys]
    held = [sum(flags[:size])]
    for n in range(1, max(1, len(flags) - size + 1)):
        held.append(held[-1] + flags[n + size - 1] - flags[n - 1])
    most = max(held)
    best = [n for n, h in enumerate(held) if h == most][:_WINDOWS]
    in_place = {n: sum(a == b for a, b in zip(wanted, keys[n:], strict=False)) for n in best}
    return max(best, key=lambda n: (in_place[n], -n)), most


def _lacking(verdict: Verdict, text: str, sources: Sequence[Source]) -> tuple[Complaint, ...]:
    """The words that no passage has, where nothing else tells why a sentence does not stand."""
    if verdict == "borne out":
        return ()
    held = frozenset().union(*(s.keys | s.described for s in sources))
    new = [t.text for t in tokens(text) if is_content(t) and not is_within(t.key, held)]
    if not new:
        reason = "the passages have these words, but hardly together"
        return (Complaint("support", text.strip(), reason, certain=False),)
    shown = ", ".join(f"“{w}”" for w in dict.fromkeys(new))
    reason = f"the passages have nothing of {shown}"
    return (Complaint("support", text.strip(), reason, certain=False),)


def _nearest(text: str, sources: Sequence[Source]) -> tuple[tuple[int, int, int], ...]:
    """The sentence that holds most of the words of `text`, and the one that adds most to it."""
    wanted = {t.key for t in tokens(text) if is_content(t)}
    spans: list[tuple[int, int, int]] = []
    for _ in range(2):
        scored = [
            (len(wanted & line.keys), -n, -line.start, source.number, line)
            for n, source in enumerate(sources)
            for line in source.lines
        ]
        share, *_, number, line = max(scored, key=lambda row: row[:3])
        if share < (2 if spans else 1):
            break
        spans.append((number, line.start, line.end))
        wanted -= line.keys
    return tuple(spans)
