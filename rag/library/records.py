"""What people make of answers: feedback, saved questions, test cases, evaluation runs.

Kept beside the chats (people.py). Knows nothing about how answers are made or shown.
"""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rag.cases import Case, make_case, read_case
from rag.library.database import now
from rag.library.people import People
from rag.library.stored import read_answer, write_answer
from rag.types import Answer, Feedback, RunInfo, Saved

RUNS_KEPT = 200


class Records:
    """The records of one home. Safe to share between threads.

    `revision` tells how often the documents have changed.

    Raises (any method):
        StorageError: the file cannot be read or written.
    """

    def __init__(self, people: People, *, revision: Callable[[], int]) -> None:
        self._database = people.database
        self._revision = revision

    # --- feedback ---

    def put_feedback(self, chat_id: str, number: int, feedback: Feedback | None) -> None:
        """Keeps what a reader thought of a turn, or forgets it."""
        f = feedback
        with self._database.transaction():
            self._database.run(
                "DELETE FROM feedback WHERE chat_id = ? AND number = ?", (chat_id, number)
            )
            if f is not None:
                self._database.run(
                    "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (chat_id, number, now(), f.good, f.note, "\n".join(f.expected), f.declines),
                )

    def read_feedback(self, chat_id: str) -> dict[int, Feedback]:
        """{turn: what was thought of it} of a chat."""
        rows = self._database.rows(
            "SELECT number, good, note, expected, declines FROM feedback WHERE chat_id = ?"
            " ORDER BY number",
            (chat_id,),
        )
        return {int(number): _read_feedback(row) for number, *row in rows}

    def feedback_cases(self) -> tuple[list[Case], int]:
        """Feedback as test cases, and how much of it says nothing of the right answer.

        A good answer's citations are evidence; a bad one's reader may have said what it should
        hold, or that there is no answer.
        """
        rows = self._database.rows(
            "SELECT t.answer, f.chat_id, f.number, f.good, f.note, f.expected, f.declines"
            " FROM feedback f JOIN turns t ON t.chat_id = f.chat_id AND t.number = f.number"
            " ORDER BY f.created, f.chat_id, f.number"
        )
        cases: list[Case] = []
        for text, chat_id, number, *row in rows:
            answer, feedback = read_answer(text), _read_feedback(row)
            case = make_case(answer, id=f"{chat_id}-{number}", feedback=feedback)
            if case is not None:
                cases.append(case)
        return cases, len(rows) - len(cases)

    # --- saved questions ---

    def save_question(self, answer: Answer) -> None:
        """Saves a question with its answer; one that is saved gets the new answer."""
        question = answer.searched or answer.question
        with self._database.transaction():
            self._database.run("DELETE FROM saved WHERE question = ?", (question,))
            self._database.run(
                "INSERT INTO saved (question, answer, asked, revision) VALUES (?, ?, ?, ?)",
                (question, write_answer(answer), now(), self.revision),
            )

    def list_saved(self) -> list[Saved]:
        """The saved questions in the order in which they were saved."""
        rows = self._database.rows(
            "SELECT id, question, answer, asked, revision FROM saved ORDER BY id"
        )
        return [Saved(i, q, read_answer(a), asked, r) for i, q, a, asked, r in rows]

    def saved_questions(self) -> frozenset[str]:
        """The words of the saved questions alone."""
        return frozenset(str(row[0]) for row in self._database.rows("SELECT question FROM saved"))

    def accept_answer(self, saved_id: int, answer: Answer, *, revision: int) -> None:
        """Keeps a new answer of a saved question as the one to compare with."""
        self._database.run(
            "UPDATE saved SET answer = ?, asked = ?, revision = ? WHERE id = ?",
            (write_answer(answer), now(), revision, saved_id),
        )

    def forget_question(self, saved_id: int) -> None:
        self._database.run("DELETE FROM saved WHERE id = ?", (saved_id,))

    @property
    def revision(self) -> int:
        """Counts the changes of the documents."""
        return self._revision()

    # --- test cases ---

    def put_case(self, case: Case) -> None:
        """Keeps a test case; one of the same id is replaced."""
        with self._database.transaction():
            for id_, line in self._database.rows("SELECT id, line FROM cases"):
                if json.loads(line)["id"] == case.id:
                    self._database.run("DELETE FROM cases WHERE id = ?", (id_,))
            line = json.dumps(asdict(case), ensure_ascii=False)
            self._database.run("INSERT INTO cases (created, line) VALUES (?, ?)", (now(), line))

    def list_cases(self) -> list[Case]:
        """The test cases in the order in which they were written."""
        rows = self._database.rows("SELECT id, line FROM cases ORDER BY id")
        return [read_case(json.loads(line), int(id_)) for id_, line in rows]

    def delete_case(self, case_id: str) -> None:
        with self._database.transaction():
            for id_, line in self._database.rows("SELECT id, line FROM cases"):
                if json.loads(line)["id"] == case_id:
                    self._database.run("DELETE FROM cases WHERE id = ?", (id_,))

    # --- evaluation runs ---

    def put_run(self, name: str, report: Mapping[str, Any], *, questions: int) -> int:
        """Keeps a run (of `questions`, of which a stopped one asked fewer); its number.

        `report` is its JSON (`export.report_as_json`).

        Only the last RUNS_KEPT are kept.
        """
        text = json.dumps(report, ensure_ascii=False)
        with self._database.transaction():
            number = self._database.run(
                "INSERT INTO runs (name, created, engine, questions, asked, seconds, measures,"
                " settings, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    now(),
                    report["settings"].get("engine", ""),
                    questions,
                    len(report["rows"]),
                    report["seconds"],
                    json.dumps(report["table"]["all"]),
                    json.dumps(report["settings"]),
                    zlib.compress(text.encode(), 6),
                ),
            )
            self._database.run(
                "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)",
                (RUNS_KEPT,),
            )
        return number

    def list_runs(self) -> list[RunInfo]:
        """The runs kept, the last one first."""
        rows = self._database.rows(
            "SELECT id, name, created, engine, questions, asked, seconds, measures, settings"
            " FROM runs ORDER BY id DESC"
        )
        return [_read_run(row) for row in rows]

    def read_report(self, run_id: int) -> dict[str, Any] | None:
        """A run's report as JSON (that of `eval --json`), or None."""
        rows = self._database.rows("SELECT report FROM runs WHERE id = ?", (run_id,))
        if not rows:
            return None
        found: dict[str, Any] = json.loads(zlib.decompress(rows[0][0]))
        return found

    def delete_run(self, run_id: int) -> None:
        self._database.run("DELETE FROM runs WHERE id = ?", (run_id,))


def _read_feedback(row: Sequence[Any]) -> Feedback:
    good, note, expected, declines = row
    return Feedback(bool(good), note, tuple(expected.splitlines()), bool(declines))


def _read_run(row: Sequence[Any]) -> RunInfo:
    id_, name, created, engine, questions, asked, seconds, measures, settings = row
    return RunInfo(
        id_, name, created, engine, questions, asked, seconds, json.loads(measures),
        json.loads(settings),
    )  # fmt: skip
