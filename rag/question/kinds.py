"""TABLE: the kinds of question: by what one is told, what of a query it fills, who answers it.

Knows no engine but by name; `answer.engines` has one under each. The first kind that a query is of
counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rag.types import Query


@dataclass(frozen=True, slots=True)
class Kind:
    """`told_by` are the patterns of a language's `questions` that it is read by, `fills` the fields
    of a `Query` that they set, and `engines` who is asked in turn until one has an answer.
    """

    name: str
    is_one: Callable[[Query], bool]
    told_by: tuple[str, ...]
    fills: tuple[str, ...]
    engines: tuple[str, ...]


SENTENCES = ("sentences",)
WHO_SAID = ("who said", *SENTENCES)
KINDS = [
    Kind(
        "what X said",
        lambda query: bool(query.said_by),
        ("said_by", "compare", "no_speaker"),
        ("said_by", "claim"),
        WHO_SAID,
    ),
    Kind(
        "who said it",
        lambda query: query.who_said,
        ("who_said", "claim"),
        ("who_said", "claim"),
        WHO_SAID,
    ),
    Kind("whose name", lambda query: query.wants_name, ("wants_name",), ("wants_name",), WHO_SAID),
    Kind(
        "what each document says",
        lambda query: query.every_document,
        ("every_document", "about_documents"),
        ("every_document", "topic"),
        WHO_SAID,
    ),
    Kind("anything else", lambda _: True, (), (), SENTENCES),
]


def kind_of(query: Query) -> Kind:
    """The first kind of the table that `query` is of."""
    return next(kind for kind in KINDS if kind.is_one(query))
