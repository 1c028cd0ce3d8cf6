"""One number that was chosen on data, and by what such numbers are chosen. Knows no number."""

from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tuned:
    """One number: `by` names the benchmark and its sets, `since` the day it was last chosen."""

    value: object
    decides: str
    scale: str
    by: str
    since: str


@dataclass(frozen=True, slots=True)
class Basis:
    """By what numbers are chosen, and when those were last."""

    by: str
    since: str


_ROWS: list[Tuned] = []


def _tuned(value: _T, decides: str, scale: str, basis: Basis) -> _T:
    _ROWS.append(Tuned(value, decides, scale, basis.by, basis.since))
    return value


_HAND = Basis("by hand, no benchmark", "2026-11-21")
_SPELLING = Basis("benchmarks/RESULTS.md, Reading the question: 30 + 30 spellings", "2026-11-25")
_SEARCH = Basis("benchmarks/retrieval.py: seeds, PolNeAR, paraphrases, MultiHop-RAG", "2026-11-21")
_WEIGHTS = Basis("benchmarks/weights.py: the same four, five-fold", "2026-11-21")
_PARTS = Basis("benchmarks/retrieval.py: MultiHop-RAG", "2026-11-21")
_SCALE = Basis("benchmarks/scale.py: 1,277, 12,585 and 102,953 passages", "2026-11-21")
# What a benchmark measures with many others at once is said to be measured, not chosen, by it.
_SAID = Basis(
    "benchmarks/attribution.py measures it with others: PolNeAR, 200 and 100 articles", "2026-11-21"
)
_DECLINE = Basis("benchmarks/answering.py: six sets, each in full and left out", "2026-11-25")
_ANSWERS = Basis("onrecord eval: 40 seed questions", "2026-11-21")
_SHAPES = Basis(
    "by hand; onrecord eval measures it with others: press conferences and BBC news", "2026-11-25"
)
_RETOLD = Basis(
    "by hand, half of 713 pairs of statements of seeds, PolNeAR and MultiHop-RAG", "2026-11-30"
)
_EYE = Basis("by hand, over seeds, press conferences and BBC news", "2026-11-25")
_SWAPS = Basis(
    "benchmarks/attribution.py: who-said questions, and with another speaker put in", "2026-11-21"
)
_CHECK = Basis(
    "benchmarks/verification.py measures it with others: 11 kinds of generated change", "2026-11-21"
)
_WORDS = Basis(
    "400 opposites in verbatim sentences, 50 invented clauses: PolNeAR, MultiHop-RAG", "2026-11-30"
)
_TURNS = Basis(
    "press conferences by their own labels; tests/statements/test_turns.py", "2026-11-25"
)
_ENCODED = Basis("tests/documents/test_encodings.py: 30 short texts in 13 encodings", "2026-11-25")
_ARTICLES = Basis("tests/documents/test_html.py; by hand", "2026-11-25")
_PAGES = Basis(
    "tests/documents/test_layout.py; read by eye over 20 press conferences", "2026-11-25"
)
_SPOTS = Basis("by hand, 298 development questions of seven sets", "2026-11-30")
_CLAIMS = Basis("by hand, three claims over the seeds", "2026-11-30")
_PROCESS = Basis("onrecord ask over the seeds, whole process", "2026-11-21")
_WORDINGS = Basis("benchmarks/wordings.py: each writer by what the others taught", "2026-11-30")
_GRADED = Basis("benchmarks/grading.py: seven labelled sets, five-fold", "2026-11-30")
_PLACED = Basis("by hand, 40 replies written blind over seeds, BBC and MultiHop-RAG", "2026-12-01")
_WORDED = Basis(
    "benchmarks/worded.py: 25 seed and 20 BBC questions, a model of 1.5 billion", "2026-12-01"
)
_SMALL = Basis("60 graded questions of benchmarks/RESULTS.md, Worded by a model", "2026-12-01")
