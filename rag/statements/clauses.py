"""What one sentence reports: the clause type that both readers of sentences produce."""

from dataclasses import dataclass
from typing import Protocol

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """A reporting clause of one sentence; spans are of that sentence.

    `content` is empty where the words stand in quotation marks elsewhere ("…," she said).
    """

    lemma: str
    cue: Span
    subject: Span | None
    content: tuple[Span, ...] = ()
    recipient: Span | None = None
    negated: bool = False


class SentenceReader(Protocol):
    """Finds the reporting clauses of sentences."""

    name: str

    def read(self, texts: list[str]) -> list[list[Clause]]:
        """The clauses of each of `texts`, in order of their cues."""
        ...
