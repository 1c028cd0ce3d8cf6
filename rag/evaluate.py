"""Scores answers and retrieval on a questions file. Knows nothing about how either is made.

Measures, each a mean over the questions that it applies to (Manning, Raghavan and Schütze 2008,
ch. 8, for the retrieval ones):

    any@k   an evidence passage overlaps one of the first k hits
    all@k   every evidence passage overlaps one of the first k hits
    mrr@10  1 / rank of the first hit that overlaps evidence, 0 beyond the tenth
    correct the answer holds an alternative of every group, cites `min_docs` documents and holds
            nothing of `must_not`; for a question without answers and evidence: it abstained
    citation precision / recall   cited spans that overlap evidence / evidence (or, where one
            passage is enough, the question) that a cited span overlaps; answered questions only
    abstention precision / recall abstained questions that have no answer / such questions that
            were abstained from
    near_miss declined once the documents that hold its evidence, or the same words, were left out
            of the search: the honest measure of declining. Only with `leave_out_of`.
"""

import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from rag.cases import Case, EvidenceText
from rag.check.cutting import parse_markers
from rag.errors import QuestionsError
from rag.language.words import fold, fold_typography, fold_with_offsets
from rag.types import Answer, Document, Hit, Scope

DEPTH = 10
Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One case with what it got. Scores are None where a measure does not apply.

    Where evidence was left out, `answer` is what was said without it, and `near_miss` the score of
    that; all other scores are of the same question asked in full.
    """

    case: Case
    answer: Answer
    hits: tuple[Hit, ...]
    scores: Mapping[str, float | None]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and each measure by question type with the total under "all".

    Of all `citations`, `unverified` are those that are not, letter for letter, where they say they
    are, and markers of an answer's text that no citation bears out.
    """

    rows: tuple[Row, ...]
    table: Mapping[str, Mapping[str, float | None]]
    seconds: float = 0.0
    citations: int = 0
    unverified: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)


MEASURES = (
    "any@1", "any@5", "any@10", "all@10", "mrr@10", "correct",
    "citation_precision", "citation_recall", "abstention_precision", "abstention_recall",
    "near_miss",
)  # fmt: skip


def evaluate(
    cases: Sequence[Case],
    *,
    ask: Callable[[Case, Scope | None], tuple[Answer, Sequence[Hit]]],
    get_document: Callable[[str], Document | None],
    progress: Callable[[int, int], None] | None = None,
    settings: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
    leave_out_of: Sequence[str] = (),
) -> Report:
    """Asks every case and scores what comes back; setting `stop` ends it after the one under way.

    Where `leave_out_of` names all documents, each case that has evidence is asked again without
    those that hold it. A report of a run that was stopped holds the rows that it came to.
    """
    started = time.perf_counter()
    folded: dict[str, tuple[str, list[int]]] = {}
    known = ((id_, get_document(id_)) for id_ in leave_out_of)
    texts = {id_: fold_typography(d.text) for id_, d in known if d is not None}

    def locate(text: EvidenceText) -> Span | None:
        if text.doc not in folded:
            document = get_document(text.doc)
            folded[text.doc] = fold_with_offsets(document.text if document else "")
        return find_evidence(text, folded[text.doc])

    rows: list[Row] = []
    for done, case in enumerate(cases, start=1):
        if stop is not None and stop.is_set():
            break
        answer, hits = ask(case, None)
        spans = [locate(e) for e in case.evidence]
        gold = [s for s in spans if s is not None]
        missing = tuple(e.text for e, s in zip(case.evidence, spans, strict=True) if s is None)
        scores = score(case, answer, hits, gold=gold)
        if leave_out_of and gold:
            left = tuple(sorted(set(leave_out_of) - find_holders(case, texts)))
            # No file can have the second name: a scope without any would limit nothing.
            answer, _ = ask(case, Scope(documents=left or ("\x00",)))
            scores["near_miss"] = float(answer.status == "abstained")
        rows.append(Row(case, answer, tuple(hits[:DEPTH]), scores, missing))
        if progress:
            progress(done, len(cases))
    return Report(
        tuple(rows),
        summarise(rows),
        time.perf_counter() - started,
        citations=sum(len(r.answer.citations) for r in rows),
        unverified=sum(count_unverified(r.answer, get_document) for r in rows),
        settings=dict(settings or {}),
    )


def count_unverified(answer: Answer, get_document: Callable[[str], Document | None]) -> int:
    """Citations that are not where they say, and (a model's) markers without a citation."""
    wrong = 0
    for c in answer.citations:
        document = get_document(c.document_id)
        wrong += document is None or document.text[c.start : c.end] != c.quote
    numbers = {c.number for c in answer.citations}
    marked = [
        number
        for sentence in answer.sentences
        if sentence.stands
        for _, _, named in parse_markers(sentence.text)
        for number in named
    ]
    return wrong + sum(1 for n in marked if n not in numbers)


def find_evidence(text: EvidenceText, folded: tuple[str, list[int]]) -> Span | None:
    """Where `text` stands in its document, given folded with offsets; None if it does not."""
    haystack, offsets = folded
    needle = fold_typography(text.text)
    at = haystack.find(needle)
    return (text.doc, offsets[at], offsets[at + len(needle) - 1] + 1) if at >= 0 else None


def find_holders(case: Case, texts: Mapping[str, str]) -> frozenset[str]:
    """The documents of a case's evidence and those that hold the same words.

    `texts` are {document id: text with its typography folded}.
    """
    needles = [fold_typography(e.text) for e in case.evidence]
    named = {e.doc for e in case.evidence}
    return frozenset(named | {i for i, t in texts.items() if any(n in t for n in needles)})


def score(
    case: Case, answer: Answer, hits: Sequence[Hit], *, gold: Sequence[Span]
) -> dict[str, float | None]:
    """Every measure of one question; None where it does not apply."""
    scores: dict[str, float | None] = dict.fromkeys(MEASURES)
    abstained = answer.status == "abstained"
    if gold:
        # A hit stands for its copies in other documents too.
        spans = [
            [(p.document_id, p.start, p.end) for p in (h.passage, *h.copies)] for h in hits[:DEPTH]
        ]
        found = [any(_overlaps(s, g) for s in places for g in gold) for places in spans]
        for k in (1, 5, 10):
            scores[f"any@{k}"] = float(any(found[:k]))
        scores["all@10"] = float(
            all(any(_overlaps(s, g) for places in spans for s in places) for g in gold)
        )
        scores["mrr@10"] = 1.0 / (found.index(True) + 1) if True in found else 0.0
        cited = [(c.document_id, c.start, c.end) for c in answer.citations]
        if not abstained:
            scores["citation_precision"] = (
                fmean(any(_overlaps(c, g) for g in gold) for c in cited) if cited else 0.0
            )
            reached = [any(_overlaps(c, g) for c in cited) for g in gold]
            scores["citation_recall"] = fmean(reached) if case.all_evidence else float(any(reached))
    scores["correct"] = float(is_correct(case, answer))
    if abstained:
        scores["abstention_precision"] = float(case.unanswerable)
    if case.unanswerable:
        scores["abstention_recall"] = float(abstained)
    return scores


def summarise(rows: Iterable[Row]) -> dict[str, dict[str, float | None]]:
    """{question type: {measure: mean}}, types sorted, "all" last; "questions" counts them."""
    groups: dict[str, list[Row]] = {}
    everything = list(rows)
    for row in everything:
        groups.setdefault(row.case.type, []).append(row)
    table: dict[str, dict[str, float | None]] = {}
    for name, group in [*sorted(groups.items()), ("all", everything)]:
        table[name] = {"questions": float(len(group))}
        for measure in MEASURES:
            values = [v for r in group if (v := r.scores[measure]) is not None]
            table[name][measure] = fmean(values) if values else None
    return table


def parse_threshold(text: str) -> tuple[str, str, float]:
    """ "any@5=0.95" or "who_said:correct=0.9" → (question type, measure, lowest value).

    Raises:
        QuestionsError: it has another form, or names no measure.
    """
    name, _, value = text.partition("=")
    kind, _, measure = name.rpartition(":")
    try:
        lowest = float(value)
    except ValueError:
        lowest = math.nan
    if measure not in MEASURES or not 0.0 <= lowest <= 1.0:
        raise QuestionsError(
            f"{text!r} is no threshold. Write MEASURE=VALUE with a value from 0 to 1 and one of: "
            f"{', '.join(MEASURES)}."
        )
    return kind or "all", measure, lowest


def find_shortfalls(
    table: Mapping[str, Mapping[str, float | None]], thresholds: Iterable[tuple[str, str, float]]
) -> list[str]:
    """A line for each threshold that a report's table does not reach."""
    short = []
    for kind, measure, lowest in thresholds:
        got = table.get(kind, {}).get(measure)
        name = measure if kind == "all" else f"{kind}:{measure}"
        # Rounded as it is printed: .95 of which is shown as 0.950 must pass 0.95.
        if got is None:
            short.append(f"{name} was not measured; {lowest:g} is wanted")
        elif round(got, 3) < lowest:
            short.append(f"{name} is {got:.3f}; {lowest:g} is wanted")
    return short


def is_correct(case: Case, answer: Answer) -> bool:
    text = fold(fold_typography(answer.text))
    if any(fold(fold_typography(bad)) in text for bad in case.must_not):
        return False
    if case.unanswerable:
        return answer.status == "abstained"
    if answer.status == "abstained":
        return False
    if len({c.document_id for c in answer.citations}) < case.min_docs:
        return False
    return all(any(fold(fold_typography(a)) in text for a in group) for group in case.answers)


def _overlaps(a: Span, b: Span) -> bool:
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]
