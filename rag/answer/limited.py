"""What of the evidence a question's operators leave to be quoted. Knows no engine.

A passage is searched whole; of one that is left, a sentence that others say is none of the
speaker's that are asked for, and one without the exact words gives way to one that has them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from rag.answer.quotes import Sentence, quote_statement
from rag.language.words import exactly, fold, words
from rag.types import Document, Query, Scope, Statement

_T = TypeVar("_T")
Held = Callable[[str, int, int], bool]


def keep_sentences(
    ranked: Sequence[Sentence],
    scope: Scope | None,
    held: Held,
    said: Sequence[Statement],
    *,
    documents: Mapping[str, Document],
) -> list[Sentence]:
    """Those of `ranked` that `scope` leaves: in passages that are `held`, of what its speakers
    have `said`, with as many of its exact words as any of them."""
    if scope is None or not scope.cuts:
        return list(ranked)
    kept = [s for s in ranked if held(s.evidence.passage.document_id, s.start, s.end)]
    for limit in scope.limits:
        if limit.kind == "speaker" and not limit.negated:
            own = [s for s in said if s.speaker in limit.values]
            kept = [s for s in kept if any(_stands_in(s, statement) for statement in own)]
    return _with_most(
        kept, scope, lambda s: documents[s.evidence.passage.document_id].text[s.start : s.end]
    )


def keep_exact(statements: Sequence[Statement], scope: Scope | None) -> list[Statement]:
    """Those of `statements` with as many of the exact words that `scope` asks for as any."""
    return _with_most(statements, scope, lambda s: f"{s.lead} {s.mention} {s.content}")


def quote_within(document: Document, statement: Statement, held: Held) -> tuple[int, int]:
    """The whole sentences of a statement, or itself where what is left out stands in them."""
    start, end = quote_statement(document.text, statement)
    whole = held(document.id, start, end)
    return (start, end) if whole else (statement.start, statement.end)


def asks_exact_alone(query: Query) -> bool:
    """Whether nothing but exact words is searched for: whatever has them is what was asked for."""
    limits = query.within.limits if query.within is not None else ()
    exact = {w for li in limits if li.exact and not li.negated for v in li.values for w in words(v)}
    return bool(exact) and exact.issuperset(query.terms)


def _stands_in(sentence: Sentence, statement: Statement) -> bool:
    """Whether a sentence is (partly) what a statement says."""
    return statement.document_id == sentence.evidence.passage.document_id and any(
        start < sentence.end and sentence.start < end for start, end in statement.content_spans
    )


def _with_most(items: Sequence[_T], scope: Scope | None, text_of: Callable[[_T], str]) -> list[_T]:
    limits = scope.limits if scope is not None else ()
    exact = [limit for limit in limits if limit.exact and not limit.negated]
    if not exact or not items:
        return list(items)
    patterns = [exactly(limit.values) for limit in exact]
    texts = [fold(text_of(item)) for item in items]
    counts = [sum(pattern.search(text) is not None for pattern in patterns) for text in texts]
    most = max(counts)
    return [item for item, count in zip(items, counts, strict=True) if count == most]
