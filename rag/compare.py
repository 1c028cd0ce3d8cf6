"""What differs between two answers to a question, two tellings of a quotation, or two evaluation
runs. Asks nothing itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from rag.types import Answer, Citation

Kind = Literal["same", "added", "removed"]
_MARKERS = re.compile(r"(?:\s*\[\d+\])+(?=\W*$|\s)")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """How a later answer differs from an earlier one.

    `lines` are its paragraphs and those that are gone, in reading order; a citation is the same if
    it quotes the same words of the same document, wherever they stand now. `reworded` tells that
    another engine answered, so that the words alone prove no change.
    """

    lines: tuple[tuple[Kind, str], ...]
    added: tuple[Citation, ...]
    removed: tuple[Citation, ...]
    status: tuple[str, str]
    reworded: bool

    @property
    def same(self) -> bool:
        """Whether the answer still says the same and stands on the same words."""
        told = self.status[0] == self.status[1] and not self.added and not self.removed
        return told and (self.reworded or all(kind == "same" for kind, _ in self.lines))


@dataclass(frozen=True, slots=True)
class RunChange:
    """How a later run differs from an earlier one.

    `measures` are (question type, measure, before, after) where both were measured; `better` and
    `worse` are (id, question, measures that changed), `only` the ids that one of them lacks.
    """

    measures: tuple[tuple[str, str, float, float], ...]
    better: tuple[tuple[str, str, tuple[str, ...]], ...]
    worse: tuple[tuple[str, str, tuple[str, ...]], ...]
    only: tuple[str, ...]


def compare_answers(before: Answer, after: Answer) -> AnswerChange:
    """How `after` differs from `before`."""
    old, new = _paragraphs(before), _paragraphs(after)
    lines: list[tuple[Kind, str]] = []
    for kind, start, end in differences(old, new):
        lines += [(kind, line) for line in (old if kind == "removed" else new)[start:end]]
    known = {_key(c) for c in before.citations}
    found = {_key(c) for c in after.citations}
    return AnswerChange(
        lines=tuple(lines),
        added=tuple(c for c in after.citations if _key(c) not in known),
        removed=tuple(c for c in before.citations if _key(c) not in found),
        status=(before.status, after.status),
        reworded=before.engine != after.engine,
    )


def differences(old: Sequence[str], new: Sequence[str]) -> list[tuple[Kind, int, int]]:
    """What is the same, gone and new, in reading order: [start, end) of `new`, of `old` where it
    was removed."""
    found: list[tuple[Kind, int, int]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", c, d))
        else:
            found += [("removed", a, b)] if a < b else []
            found += [("added", c, d)] if c < d else []
    return found


def compare_runs(before: Mapping[str, Any], after: Mapping[str, Any]) -> RunChange:
    """How the report `after` differs from `before` (both as `eval --json` gives them)."""
    measures = [
        (kind, measure, float(old), float(new))
        for kind, row in after["table"].items()
        for measure, new in row.items()
        if measure != "questions"
        and new is not None
        and (old := before["table"].get(kind, {}).get(measure)) is not None
    ]
    old_rows = {row["id"]: row for row in before["rows"]}
    new_rows = {row["id"]: row for row in after["rows"]}
    better: list[tuple[str, str, tuple[str, ...]]] = []
    worse: list[tuple[str, str, tuple[str, ...]]] = []
    for id_, row in new_rows.items():
        if id_ not in old_rows:
            continue
        up, down = _moved(old_rows[id_]["scores"], row["scores"])
        # A question that is right now counts as better, whatever rank its passage has.
        if down and not ("correct" in up and "correct" not in down):
            worse.append((id_, row["case"]["question"], down))
        elif up:
            better.append((id_, row["case"]["question"], up))
    only = sorted(old_rows.keys() ^ new_rows.keys())
    return RunChange(tuple(measures), tuple(better), tuple(worse), tuple(only))


def _moved(
    before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The measures that rose and those that fell, in order."""
    pairs = [
        (name, old, new)
        for name, new in after.items()
        if new is not None and (old := before.get(name)) is not None
    ]
    return (
        tuple(name for name, old, new in pairs if new > old),
        tuple(name for name, old, new in pairs if new < old),
    )


def _paragraphs(answer: Answer) -> Sequence[str]:
    """The answer's paragraphs without the markers: evidence is numbered anew for every answer."""
    parts = [*answer.text.split("\n\n"), answer.reason or ""]
    return [line for part in parts if (line := " ".join(_MARKERS.sub("", part).split()))]


def _key(citation: Citation) -> tuple[str, str]:
    return citation.document_id, citation.quote
