"""Questions to start from, of the documents at hand. Answers none."""

import json
from collections.abc import Sequence
from pathlib import Path

from rag.statements.mentions import is_named
from rag.types import DocumentInfo, Statement

QUESTIONS_FILE = "questions.jsonl"
_WORDS = range(6, 17)


def suggest_questions(
    folder: Path,
    *,
    speakers: Sequence[tuple[str, str | None, int]],
    documents: Sequence[DocumentInfo],
    newest: Sequence[Statement],
    k: int,
) -> list[str]:
    """`k` questions: those of the folder's `questions.jsonl`, else of who speaks and what about.

    `speakers` are (name, role, statements), most statements first; `newest` is what the document
    added last reports, and has the last of the questions to itself.
    """
    own = _read_examples(folder / QUESTIONS_FILE)
    named = [name for name, _, _ in speakers if is_named(name)]
    found = [
        *own[: k - 1],
        *(f"What did {name} say?" for name in named[: k // 2]),
        *_who_said(newest),
        *own[k - 1 :],
        *(f"What is said in “{d.title}”?" for d in documents),
    ]
    last = next((f"What did {s.speaker} say?" for s in newest if is_named(s.speaker)), None)
    chosen = list(dict.fromkeys(found))[:k]
    if last and last not in chosen and len(chosen) == k:
        chosen[-1] = last
    return chosen


def _who_said(statements: Sequence[Statement]) -> list[str]:
    return [
        f"Who said {s.content.strip()}?"
        for s in statements
        if s.kind == "direct" and len(s.content.split()) in _WORDS and "…" not in s.content
    ][:1]


def _read_examples(path: Path) -> list[str]:
    """The questions of a file that need no earlier one; none if it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        return [str(r["question"]) for r in rows if not r.get("history")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
