"""The nouns that flow between modules. Knows nothing about how they are made.

Spans are `[start, end)` in characters (Unicode code points) of `Document.text`, and
`document.text[start:end] == passage.text` always holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the documents folder.

    `id` is the path relative to that folder with forward slashes, `date` is ISO 8601 (possibly
    only year or year-month), `sha256` is of the file's bytes.
    """

    id: str
    title: str
    source: str | None
    date: str | None
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved and cited: a span of one document."""

    document_id: str
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.document_id}#{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; the order of a list of hits is their rank.

    `found_by` names the searches that found it ("lexical", "dense"), sorted.
    """

    passage: Passage
    score: float
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage: exactly what the engine saw. Numbers count from 1."""

    number: int
    passage: Passage
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked claim of support: `quote == document.text[start:end]`.

    Made only by `citations.verify` and the quotes engine, never from model text unchecked.
    """

    number: int
    document_id: str
    title: str
    source: str | None
    date: str | None
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, document: Document, start: int, end: int, *, number: int) -> "Citation":
        """The citation of `document.text[start:end]` as evidence `number`."""
        d = document
        quote = d.text[start:end]
        return cls(number, d.id, d.title, d.source, d.date, start, end, quote)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something a model wrote that the evidence does not bear out."""

    kind: Literal["marker", "quote"]
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it stands on disk before it is parsed, with what `metadata.jsonl` says of it."""

    id: str
    path: Path
    sha256: str
    title: str | None = None
    source: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the library knows of a document without its text; `own_title` is the text's own."""

    sha256: str
    title: str
    source: str | None
    date: str | None
    own_title: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, with the reason and the remedy in one line."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document as listed: everything but its text."""

    id: str
    title: str
    source: str | None
    date: str | None
    passages: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did. Every tuple is sorted; `renamed` holds (old id, new id)."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question got: always something to show, never an unchecked citation.

    `status` is "answered" or "abstained"; `reason` says why when it abstained and `notice` carries
    a calm line when something was worked around (a model that failed, say). `searched` is the
    standalone question that was searched for.
    """

    question: str
    text: str
    status: Literal["answered", "abstained"]
    engine: str
    reason: str | None = None
    notice: str | None = None
    searched: str = ""
    citations: tuple[Citation, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
