"""Scores mean what their definitions say."""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from rag.cases import Case, EvidenceText, load_questions
from rag.errors import QuestionsError
from rag.evaluate import count_unverified, evaluate, find_shortfalls, parse_threshold
from rag.types import Answer, Checked, Citation, Document, Hit, Passage, Scope
from tests.conftest import SEEDS, write

TEXT = "Alpha said yes. Beta said “no”. Gamma said maybe."
DOCUMENT = Document("d.txt", "D", None, None, TEXT, "0")


def hit(start: int, end: int) -> Hit:
    return Hit(Passage("d.txt", start, end, TEXT[start:end]), 1.0, ("dense",))


Status = Literal["answered", "abstained"]


def answer(text: str, *spans: tuple[int, int], status: Status = "answered") -> Answer:
    citations = tuple(Citation.of(DOCUMENT, s, e, number=i) for i, (s, e) in enumerate(spans, 1))
    return Answer("q", text, status, "quotes", citations=citations)


def scores(case: Case, given: Answer, *hits: Hit) -> dict[str, float | None]:
    report = evaluate(
        [case],
        ask=lambda _, within: (given, hits),
        get_document=lambda id_: DOCUMENT if id_ == "d.txt" else None,
    )
    return dict(report.rows[0].scores)


BETA = EvidenceText("d.txt", 'Beta said "no".')
GAMMA = EvidenceText("d.txt", "Gamma said maybe.")


def test_retrieval_counts_the_rank_of_the_first_overlap() -> None:
    got = scores(Case("1", "t", "q", evidence=(BETA, GAMMA)), answer("x"), hit(0, 15), hit(10, 20))
    assert (got["any@1"], got["any@5"], got["mrr@10"], got["all@10"]) == (0, 1, 0.5, 0)


def test_citations_are_scored_by_overlap() -> None:
    case = Case("1", "t", "q", evidence=(BETA, GAMMA), all_evidence=True)
    got = scores(case, answer("x", (0, 15), (16, 31)))
    assert (got["citation_precision"], got["citation_recall"]) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("case", "given", "correct"),
    [
        (Case("1", "t", "q", answers=(("YES", "oui"),)), answer("Yes."), 1),
        (Case("1", "t", "q", answers=(("yes",), ("no",))), answer("Yes."), 0),
        (Case("1", "t", "q", answers=(("it's",),)), answer("It’s so."), 1),
        (Case("1", "t", "q", answers=(("yes",),), min_docs=2), answer("Yes.", (0, 3)), 0),
        (Case("1", "t", "q", answers=(("yes",),), must_not=("no",)), answer("Yes, no."), 0),
        (Case("1", "t", "q", answers=(("yes",),)), answer("yes", status="abstained"), 0),
        (Case("1", "t", "q"), answer("None.", status="abstained"), 1),
        (Case("1", "t", "q"), answer("Yes."), 0),
    ],
)
def test_correct(case: Case, given: Answer, correct: int) -> None:
    assert scores(case, given)["correct"] == correct


def test_abstention_precision_and_recall() -> None:
    cases = [Case("1", "t", "q", answers=(("yes",),)), Case("2", "t", "q"), Case("3", "t", "q")]
    status: dict[str, Status] = {"1": "abstained", "2": "abstained", "3": "answered"}
    report = evaluate(
        cases,
        ask=lambda c, within: (answer("x", status=status[c.id]), ()),
        get_document=lambda _: None,
    )
    assert report.table["all"]["abstention_precision"] == 0.5
    assert report.table["all"]["abstention_recall"] == 0.5


def test_evidence_that_stands_nowhere_is_reported_not_scored() -> None:
    case = Case("1", "t", "q", evidence=(EvidenceText("d.txt", "Never said."),))
    report = evaluate(
        [case], ask=lambda _, within: (answer("x"), ()), get_document=lambda _: DOCUMENT
    )
    assert report.rows[0].missing == ("Never said.",)
    assert report.rows[0].scores["any@1"] is None


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"id": "x"}', '{"question": "q", "evidence": [1]}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, "q.jsonl", json.dumps({"question": "ok"}) + "\n" + line)
    with pytest.raises(QuestionsError, match="line 2"):
        load_questions(path)


def test_a_missing_or_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError):
        load_questions(tmp_path / "none.jsonl")
    with pytest.raises(QuestionsError, match="no questions"):
        load_questions(write(tmp_path, "empty.jsonl", "\n"))


def test_the_demonstration_questions_are_fifteen_and_their_evidence_stands_in_the_seeds() -> None:
    from tests.conftest import load_documents

    cases = load_questions(SEEDS / "questions.jsonl")
    assert len(cases) == 15
    documents = {d.id: d for d in load_documents(SEEDS)[0]}
    report = evaluate(cases, ask=lambda _, within: (answer("x"), ()), get_document=documents.get)
    assert not any(row.missing for row in report.rows)


def test_a_citation_that_is_not_where_it_says_counts_as_unverified() -> None:
    text = "The quay is closed."
    document = Document("a.txt", "A", None, None, text, "0")
    good = Citation.of(document, 0, len(text), number=1)
    sentence = Checked("The quay is closed [1] [2].", "supported")
    answer = Answer("q", text, "answered", "m", citations=(good,), sentences=(sentence,))
    assert count_unverified(answer, {"a.txt": document}.get) == 1  # [2] has no citation
    moved = replace(answer, citations=(replace(good, start=1),), sentences=())
    assert count_unverified(moved, {"a.txt": document}.get) == 1
    assert count_unverified(moved, lambda _: None) == 1
    assert count_unverified(replace(answer, sentences=()), {"a.txt": document}.get) == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("any@5=0.95", ("all", "any@5", 0.95)),
        ("who_said:correct=1", ("who_said", "correct", 1.0)),
    ],
)
def test_a_threshold_names_a_measure_and_maybe_a_type(
    text: str, read: tuple[str, str, float]
) -> None:
    assert parse_threshold(text) == read


@pytest.mark.parametrize("text", ["any@5", "speed=1", "correct=high", "correct=1.5", "correct=nan"])
def test_what_is_no_threshold_is_refused(text: str) -> None:
    with pytest.raises(QuestionsError, match="is no threshold"):
        parse_threshold(text)


def test_shortfalls_are_told_and_what_was_not_measured_is_one() -> None:
    table: dict[str, dict[str, float | None]] = {
        "all": {"correct": 0.9496, "any@5": 1.0, "all@10": None},
        "fact": {"correct": 0.5},
    }
    reached = [("all", "any@5", 1.0), ("all", "correct", 0.95)]  # 0.950 as it is printed
    assert find_shortfalls(table, reached) == []
    missed = [("fact", "correct", 0.6), ("all", "all@10", 0.1), ("who_said", "correct", 0.1)]
    assert find_shortfalls(table, missed) == [
        "fact:correct is 0.500; 0.6 is wanted",
        "all@10 was not measured; 0.1 is wanted",
        "who_said:correct was not measured; 0.1 is wanted",
    ]


def test_a_run_that_is_stopped_keeps_what_it_asked() -> None:
    stop = threading.Event()

    def ask(case: Case, _: Scope | None) -> tuple[Answer, list[Hit]]:
        if case.id == "2":
            stop.set()
        return answer("x", status="abstained"), []

    cases = [Case(str(n), "t", "q") for n in range(5)]
    report = evaluate(cases, ask=ask, get_document=lambda _: None, stop=stop)
    assert [row.case.id for row in report.rows] == ["0", "1", "2"]
    assert report.table["all"]["questions"] == 3


def test_a_near_miss_is_asked_without_every_document_that_holds_its_evidence() -> None:
    documents = {
        "d.txt": DOCUMENT,
        "reprint.txt": replace(DOCUMENT, id="reprint.txt", text=f"Again: {TEXT}"),
        "other.txt": replace(DOCUMENT, id="other.txt", text="Delta said yes."),
    }
    asked: list[Scope | None] = []

    def ask(_: Case, within: Scope | None) -> tuple[Answer, list[Hit]]:
        asked.append(within)
        return answer("no", status="abstained" if within else "answered"), [hit(16, 31)]

    cases = [
        Case("1", "t", "q", answers=(("no",),), evidence=(BETA,)),
        Case("2", "t", "of nothing that stands anywhere"),
    ]
    report = evaluate(cases, ask=ask, get_document=documents.get, leave_out_of=sorted(documents))
    assert asked == [None, Scope(documents=("other.txt",)), None]
    # What is kept stands beside what is declined: the same question, in full and without.
    assert [(r.scores["correct"], r.scores["near_miss"]) for r in report.rows] == [
        (1, 1),
        (0, None),
    ]
    assert report.rows[0].answer.status == "abstained"
    nothing = evaluate(cases[:1], ask=ask, get_document=documents.get, leave_out_of=["d.txt"])
    assert asked[-1] is not None
    assert asked[-1].documents
    assert nothing.table["t"]["near_miss"] == 1
