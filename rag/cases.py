"""Questions with what their answers should hold, and files of them. Knows nothing about scoring."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import QuestionsError
from rag.language.words import fold
from rag.types import Answer, Feedback


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """A verbatim passage (typography folded, white space collapsed) and the file it stands in."""

    doc: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a questions file."""

    id: str
    type: str
    question: str
    history: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[EvidenceText, ...] = ()
    all_evidence: bool = False
    min_docs: int = 0
    must_not: tuple[str, ...] = ()
    note: str = ""

    @property
    def unanswerable(self) -> bool:
        return not self.answers and not self.evidence


def load_questions(path: Path) -> list[Case]:
    """Cases of a JSON Lines file.

    Raises:
        QuestionsError: the file or one of its lines cannot be read; names the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuestionsError(f"{path} cannot be read ({error}).") from error
    return read_questions(data, name=str(path))


def read_questions(data: bytes, *, name: str) -> list[Case]:
    """Cases of a JSON Lines file's bytes; `name` is what errors call it.

    Raises:
        QuestionsError: it or one of its lines cannot be read; names the line.
    """
    path = name
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise QuestionsError(f"{path} cannot be read ({error}).") from error
    cases: list[Case] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                cases.append(read_case(json.loads(line), number))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise QuestionsError(
                    f"{path}, line {number}: {type(error).__name__}: {error}. Each line is a JSON "
                    'object with at least "question".'
                ) from error
    if not cases:
        raise QuestionsError(f"{path} holds no questions.")
    return cases


def read_case(row: Mapping[str, Any], number: int) -> Case:
    """One line of a questions file; `number` is its id where it has none."""
    return Case(
        id=str(row.get("id", number)),
        type=str(row.get("type", "question")),
        question=str(row["question"]),
        history=tuple(str(turn) for turn in row.get("history", ())),
        answers=tuple(tuple(str(a) for a in group) for group in row.get("answers", ())),
        evidence=tuple(
            EvidenceText(str(e["doc"]), str(e["text"])) for e in row.get("evidence", ())
        ),
        all_evidence=bool(row.get("all_evidence", False)),
        min_docs=int(row.get("min_docs", 0)),
        must_not=tuple(str(bad) for bad in row.get("must_not", ())),
        note=str(row.get("note", "")),
    )


def case_as_json(case: Case) -> dict[str, Any]:
    """A case as a line of a questions file holds it."""
    return asdict(case)


def write_questions(cases: Iterable[Case]) -> str:
    """A questions file of `cases`; what a case leaves open is left out."""
    lines = []
    for case in cases:
        row = {k: v for k, v in case_as_json(case).items() if v or k in ("answers", "evidence")}
        lines.append(json.dumps(row, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def make_case(answer: Answer, *, id: str, feedback: Feedback) -> Case | None:
    """A test case of an answer that somebody judged.

    A good answer's citations are its evidence and the speakers it names its answers. A bad one's
    reader may have said what the right one holds (a group a line, alternatives divided by "|"), or
    that there is none; None where they did not.
    """
    question = answer.searched or answer.question
    groups: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[EvidenceText, ...] = ()
    if feedback.good and answer.status == "answered":
        evidence = tuple(
            dict.fromkeys(EvidenceText(c.document_id, c.quote) for c in answer.citations)
        )
        names = dict.fromkeys(s.speaker for s in answer.statements if s.certain)
        groups = tuple((name,) for name in names if fold(name) in fold(answer.text))
    elif feedback.expected:
        split = (line.split("|") for line in feedback.expected)
        groups = tuple(
            group for line in split if (group := tuple(a.strip() for a in line if a.strip()))
        )
    elif not feedback.declines and not feedback.good:
        return None
    return Case(
        id=id,
        type="feedback",
        question=question,
        answers=groups,
        evidence=evidence,
        note=feedback.note,
    )
