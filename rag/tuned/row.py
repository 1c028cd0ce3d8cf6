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


_ROWS: list[Tuned] = []


def _tuned(value: _T, decides: str, scale: str, by: str) -> _T:
    late = by in (_SPELLING, _PAGES, _TURNS, _ENCODED, _ARTICLES, _DECLINE, _SHAPES, _EYE, _RETOLD)
    _ROWS.append(Tuned(value, decides, scale, by, "2026-11-25" if late else "2026-11-21"))
    return value


_HAND = "by hand, no benchmark"
_SPELLING = "benchmarks/RESULTS.md, Reading the question: 30 + 30 spellings"
_SEARCH = "benchmarks/retrieval.py: seeds, PolNeAR, paraphrases, MultiHop-RAG"
_WEIGHTS = "benchmarks/weights.py: the same four, five-fold"
_PARTS = "benchmarks/retrieval.py: MultiHop-RAG"
_SCALE = "benchmarks/scale.py: 1,277, 12,585 and 102,953 passages"
# What a benchmark measures with many others at once is said to be measured, not chosen, by it.
_SAID = "benchmarks/attribution.py measures it with others: PolNeAR, 200 and 100 articles"
_DECLINE = "benchmarks/answering.py: six sets, each in full and left out"
_ANSWERS = "onrecord eval: 40 seed questions"
_SHAPES = "by hand; onrecord eval measures it with others: press conferences and BBC news"
_RETOLD = "by hand, half of 713 pairs of statements of seeds, PolNeAR and MultiHop-RAG"
_EYE = "by hand, over seeds, press conferences and BBC news"
_SWAPS = "benchmarks/attribution.py: who-said questions, and with another speaker put in"
_CHECK = "benchmarks/verification.py measures it with others: 11 kinds of generated change"
_TURNS = "press conferences by their own labels; tests/statements/test_turns.py"
_ENCODED = "tests/documents/test_encodings.py: 30 short texts in 13 encodings"
_ARTICLES = "tests/documents/test_html.py; by hand"
_PAGES = "tests/documents/test_layout.py; read by eye over 20 press conferences"
