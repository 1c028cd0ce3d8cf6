"""Twice the text takes twice the time, whatever it consists of: none hangs anything."""

import json
import time
from collections.abc import Callable

import pytest

from rag.answer.occurrences import find_occurrences, read_wanted
from rag.answer.tellings import find_telling, read_words
from rag.check.citations import verify
from rag.check.lines import judge_passages
from rag.documents import readers
from rag.documents.described import find_title
from rag.documents.passages import split
from rag.draft.report import Judged, Report
from rag.draft.word import draft_as_word
from rag.language.sentences import sentences
from rag.question.operators import read_operators
from rag.statements import extract
from rag.statements.clauses import read_sentence
from rag.statements.mentions import read_mention
from rag.types import Document, Evidence, Passage

# What quadratic work would take at least: four times. Linear work was measured at 1.8 to 2.3.
MOST = 2.6
# Shorter times say nothing.
_MEASURABLE = 0.01
_TEXT = "The mayor of Kelvik said on 5 May that the old quay is closed. Ann Smith denied it."

SHAPES: dict[str, Callable[[int], str]] = {
    "spaces": lambda n: "a" + " " * n + "b",
    "one mark": lambda n: "." * n,
    "one word a line": lambda n: "word\n" * (n // 5),
    "no full stops": lambda n: "a caption without an end " * (n // 25),
    "said said": lambda n: "said " * (n // 5),
    "who said who said": lambda n: "he said that she said, " * (n // 23),
    "quotes": lambda n: "“" * n,
    "single quotes": lambda n: " 'a" * (n // 3),
    "quotations": lambda n: "“It is so very bad now,” he said. " * (n // 34),
    "capitals": lambda n: "ACGT" * (n // 4) + "; and said that the plan works.",
    "names": lambda n: "".join(f"Jo{i} Smith said it rains. " for i in range(n // 27)),
    "initials": lambda n: "A. " * (n // 3),
    "digits": lambda n: "1, " * (n // 3),
    "brackets": lambda n: "![" * (n // 2),
    "markers": lambda n: "Yes [1]. " * (n // 9),
    "ellipses": lambda n: "… " * (n // 2),
    "operators": lambda n: '-"a b" OR outlet:“x +(' * (n // 22),
}


def document(text: str) -> Document:
    return Document("d", "Title", None, None, text, "x")


def read(text: str) -> object:
    return readers.extract(json.dumps({"text": text}).encode(), ".jsonl")


def check(text: str) -> object:
    source = document(_TEXT)
    evidence = [Evidence(1, Passage("d", 0, len(_TEXT), _TEXT))]
    return verify(text, evidence, documents={"d": source}, statements=extract(source))


def judge(text: str) -> object:
    return judge_passages(text, [_TEXT])


def judge_by(text: str) -> object:
    return judge_passages("The mayor of Kelvik said on 5 May that the old quay is closed.", [text])


def find_said(text: str) -> object:
    wanted = read_wanted("he said")
    assert wanted is not None
    return find_occurrences(text, wanted)


def comment(text: str) -> object:
    judged = [Judged(a, b, text[a:b], "not borne out", 0.0) for a, b in sentences(text)]
    return draft_as_word(Report("draft.txt", text, tuple(judged), 1))


STEPS: dict[str, Callable[[str], object]] = {
    "operators": read_operators,
    "reader": read,
    "title": lambda text: find_title("x.txt", text),
    "passages": lambda text: split(document(text)),
    "statements": lambda text: extract(document(text)),
    "check": check,
    "verdict": judge,
    "verdict by a long passage": judge_by,
    "word comments": comment,
    "telling": lambda text: find_telling(read_words("he said that she said that"), text, ()),
    "occurrences": find_said,
}


def seconds(step: Callable[[str], object], text: str) -> float:
    """The best of three, of this process alone."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        step(text)
        best = min(best, time.process_time() - start)
        if best > 0.5:  # nothing disturbs that much
            break
    return best


def growth(step: Callable[[str], object], shape: Callable[[int], str], size: int) -> float:
    """How much longer twice the text takes; less than 2 where it is too quick to tell."""
    while (once := seconds(step, shape(size))) < _MEASURABLE:
        if size > 500_000:
            return 0.0
        size *= 2
    ratios = []
    for _ in range(3):  # other processes share the caches
        ratios.append(seconds(step, shape(2 * size)) / once)
        if ratios[-1] <= MOST:
            break
        once = max(once, seconds(step, shape(size)))
    return min(ratios)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("step", STEPS)
def test_twice_the_text_takes_twice_the_time(step: str, shape: str) -> None:
    # More than the longest paragraph that is looked at as a whole.
    assert growth(STEPS[step], SHAPES[shape], 20_000) <= MOST


@pytest.mark.parametrize("step", [read_sentence, read_mention])
@pytest.mark.parametrize(
    "text",
    ["ACGT" * 400, "A’" * 800, "A-" * 800, "Aa " * 500, "He said" + " " * 1_600 + "it.",
     "He said" + " ," * 800 + "x.", "He said it" + " ,;" * 500 + "x, she said, adding that.",
     "Mr. " * 400, "Al " + "al " * 500 + "Bo said it."],
)  # fmt: skip
def test_no_sentence_takes_long(step: Callable[[str], object], text: str) -> None:
    """The longest sentence there is (1,600 characters) takes no more than a hundred plain ones."""
    plain = seconds(lambda t: [step(t) for _ in range(100)], _TEXT[:62])
    behind = f"{text}; and said that the plan works."
    assert max(seconds(step, text), seconds(step, behind)) <= plain
