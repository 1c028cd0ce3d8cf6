"""Two sides of a comparison, each with its best sentences. Knows no model."""

from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import Row, answer_rows
from rag.answer.quotes import choose
from rag.types import Answer


def compare_sides(asked: Answering) -> Answer | None:
    """What the documents say of one side, then of the other; None where of neither."""
    sides = asked.query.sides
    if sides is None:
        return None
    rows: list[Row] = []
    missing: list[str] = []
    for side in sides:
        found = _of_side(asked, side)
        rows += [row for row in found if all(not _same(row, other) for other in rows)]
        if not found:
            missing.append(side)
    if len(missing) == len(sides) or not rows:
        return None
    note = f"The documents tell nothing of {missing[0]}." if missing else None
    head = f"{sides[0]} beside {sides[1]}:"
    return answer_rows(
        asked, rows, shape="compare", headline=head[:1].upper() + head[1:], note=note
    )


def _of_side(asked: Answering, side: str) -> list[Row]:
    # What is asked of either stands in the side itself, unless it was learnt what that is.
    about = asked.query.claim if asked.query.learnt else ""
    query = replace(asked.read(f"{side} {about}".strip()), parts=())
    evidence = asked.search(query, k=len(asked.evidence) or tuned.MAX_ROWS)
    ranked, documents = asked.rank(query, evidence)
    if not ranked or ranked[0].score < tuned.ABSTAIN_PARTS:
        return []
    best = choose(ranked, documents=documents)
    return [Row(side, documents[s.evidence.passage.document_id], s.start, s.end) for s in best]


def _same(one: Row, other: Row) -> bool:
    return one.document.id == other.document.id and (one.start, one.end) == (other.start, other.end)
