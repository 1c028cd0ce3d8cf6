"""The nouns that flow between modules. Knows nothing about how they are made.

Spans are `[start, end)` in characters (Unicode code points) of `Document.text`, and
`document.text[start:end] == passage.text` always holds.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rag.scope import Limit as Limit
from rag.scope import Scope as Scope


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the documents folder.

    `id` is the path relative to that folder with forward slashes (and the line, in a file of one
    document a line), `date` is ISO 8601 (possibly only year or year-month), `sha256` is of the
    file's (or line's) bytes. `pages` says at which character each page starts, for formats that
    have pages. `body` is where what belongs to the text ends: what stands behind it (running heads,
    page numbers) can be opened, but is no passage and nobody's statement. `note` tells what of the
    file could not be read.
    """

    id: str
    title: str
    source: str | None
    date: str | None
    text: str
    sha256: str
    pages: tuple[int, ...] = ()
    body: int | None = None
    note: str = ""

    @property
    def version(self) -> str:
        """Names this very text: 32 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def page(self, position: int) -> int | None:
        """The page, from 1, that the character at `position` stands on; None without pages."""
        return bisect_right(self.pages, position) or None


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
class Statement:
    """Who said what, where: all spans are of the document's text.

    `[start, end)` covers the words with their speaker and cue. `speaker` is the fullest name (or
    description) that the document gives, `mention` what stands beside the words, `content` their
    exact text (pieces that others stand between are joined by " … "), `to` whom they were said to
    and `via` whom they came through, outermost first. `certain` is False where the speaker was
    carried over ("he said"). A `kind` of "turn" is said in a transcript, or in a text of the
    speaker's own; `asks` is set where their turn ends in a question, which tells no fact.
    `outlet` and `date` are the document's. `lead` are the sentences right
    before that name nobody and end in this attribution: "They were surprised. They were not on
    alert, three sources said."
    """

    document_id: str
    start: int
    end: int
    speaker: str
    role: str | None
    cue: str
    content: str
    kind: Literal["direct", "indirect", "turn"]
    via: tuple[str, ...] = ()
    to: str = ""
    mention: str = ""
    speaker_span: tuple[int, int] | None = None
    cue_span: tuple[int, int] | None = None
    content_spans: tuple[tuple[int, int], ...] = ()
    negated: bool = False
    certain: bool = True
    outlet: str | None = None
    date: str | None = None
    lead: str = ""
    lead_span: tuple[int, int] | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question: what it asks, and the outlets and days it asks it of, if any.

    Days are ISO 8601, or "....-11-16" where the question gives no year.
    """

    text: str
    outlets: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is read and searched.

    `text` is the standalone question with its spelling mended, `topic` what of it is compared with
    passages (without "do the documents agree on …"), `terms` its content words (folded), `claim`
    what "who said …" or "what did X say about …" asks about, `said_by` the X in it (two in "compare
    X and Y"), `wants_name` set where a speaker's name is asked for, `names` the capitalised names
    in it, `phrases` the quoted ones, `strangers` those names that the corpus never mentions,
    `mended` pairs of (typed, read as), `offered` pairs of (typed, near name that it was not read
    as), `variants` pairs of (word, other spelling that the corpus has), `dates` the days it names,
    `parts` what it is taken apart into (none for a plain question), `period` the first and last day
    of the month, day or year that it names: what is of then is searched first. `every_document` is
    set where it asks what each document says; `kind` names who answers it, `learnt` is set where no
    rule tells it but examples, `of_kind` what it counts, `place` in what, `sides` what it compares;
    where `within` is set only that is searched, and `limits` tells what of it was asked for by
    operators ("outlet Reuters"), `refused` why nothing of it is left.
    """

    text: str
    topic: str
    terms: tuple[str, ...]
    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    who_said: bool = False
    claim: str = ""
    said_by: tuple[str, ...] = ()
    wants_name: bool = False
    variants: tuple[tuple[str, str], ...] = ()
    dates: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    every_document: bool = False
    period: tuple[str, str] | None = None
    kind: str = ""
    learnt: bool = False
    of_kind: str = ""
    place: str = ""
    sides: tuple[str, str] | None = None
    within: Scope | None = None
    limits: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; the order of a list of hits is their rank.

    `found_by` names the searches that found it ("lexical", "dense"), sorted; `copies` are the same
    words in other documents (syndicated articles, a file kept twice); `focus` is the sentence or
    two of it that answer best, as `[start, end)` of the document.
    """

    passage: Passage
    score: float
    found_by: tuple[str, ...]
    copies: tuple[Passage, ...] = ()
    focus: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage: exactly what the engine saw. Numbers count from 1."""

    number: int
    passage: Passage
    score: float = 0.0
    copies: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked claim of support: `quote == document.text[start:end]`, of the text `version`.

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
    page: int | None = None
    version: str = ""

    @classmethod
    def of(cls, document: Document, start: int, end: int, *, number: int) -> "Citation":
        """The citation of `document.text[start:end]` as evidence `number`."""
        d = document
        quote = d.text[start:end]
        page = d.page(start)
        return cls(number, d.id, d.title, d.source, d.date, start, end, quote, page, d.version)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something a model wrote that the evidence does not bear out.

    `kind`: marker, quote, number, date, name, speaker, opinion (told as a fact), negation, hedge,
    link, opposite, word (another one stands there), added (a clause that no passage has), support
    (nothing like it stands there) or uncited.
    """

    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a model's answer with what checking it gave.

    `supported`: all of it stands in what it cites. `unsupported`: something does not. `uncited`: it
    cites nothing; with no `reasons` it claims nothing either ("The documents disagree:").
    `paragraph` counts from 0; `citations` are places in the answer's citations.
    """

    text: str
    status: Literal["supported", "unsupported", "uncited"]
    reasons: tuple[str, ...] = ()
    paragraph: int = 0
    citations: tuple[int, ...] = ()

    @property
    def stands(self) -> bool:
        return self.status != "unsupported" and not self.reasons


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it stands on disk before it is parsed, with what `metadata.jsonl` says of it.

    `line` is (first byte, bytes) where the document is one line of a file.
    """

    id: str
    path: Path
    sha256: str
    title: str | None = None
    source: str | None = None
    date: str | None = None
    line: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a document."""

    title: str
    source: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the library knows of a document without its text.

    `shown` is what is said of it, `own` what its file says where `metadata.jsonl` says nothing.
    """

    sha256: str
    shown: Described
    own: Described


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, with the reason and the remedy in one line."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document as listed: everything but its text.

    `size` is of its file (or line) in bytes, `added` when it was first synced (ISO 8601, UTC; None
    if an older Onrecord did), `note` what of it could not be read.
    """

    id: str
    title: str
    source: str | None
    date: str | None
    passages: int
    statements: int = 0
    size: int = 0
    added: str | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """The file's ending: "txt", "pdf"; "jsonl" for a line of one."""
        name = self.id.rsplit("/", 1)[-1]
        if ".jsonl:" in name.lower():
            return "jsonl"
        return name.rsplit(".", 1)[-1].lower() if "." in name else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """How a folder differs from what was synced. Every tuple is sorted, as in `SyncReport`."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.renamed)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did. Every tuple is sorted; `renamed` holds (old id, new id).

    `partly` are files that were read, but not all of them; `reread` those that were read again
    because this Onrecord reads them differently.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    partly: tuple[Failure, ...] = ()
    reread: tuple[str, ...] = ()
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question got: always something to show, never an unchecked citation.

    `statements` are who said what: those that answer, one for each citation, or the nearest where
    it abstained; `note` is one line on them. `reason` says why it abstained and `notice` what was
    worked around (a model that failed, say). `searched` is the standalone question that was
    searched for, `within` the documents it was limited to, if it was; `sent_to` the other machine
    that it was sent to, if it was. One of rows has a `shape`, a `headline` and `labels`. A language
    model took `tokens` (read, written) for it, if its server tells, at a `cost` in US dollars, if
    its price is known.
    """

    question: str
    text: str
    status: Literal["answered", "abstained"]
    engine: str
    reason: str | None = None
    notice: str | None = None
    searched: str = ""
    within: Scope | None = None
    query: Query | None = None
    citations: tuple[Citation, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    sentences: tuple[Checked, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    statements: tuple[Statement, ...] = ()
    note: str | None = None
    sent_to: str = ""
    shape: str = ""
    headline: str = ""
    labels: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    tokens: tuple[int, int] = (0, 0)
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation as listed. Times are ISO 8601, UTC."""

    id: str
    title: str
    created: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its answer; `number` counts from 1."""

    number: int
    answer: Answer
    created: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer.

    `expected` is what the right answer holds (one of every line), `declines` that the documents do
    not answer the question: without either a bad answer says nothing of the right one.
    """

    good: bool
    note: str = ""
    expected: tuple[str, ...] = ()
    declines: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A question that is asked again when the documents have changed, with its last answer kept.

    `revision` is that of the library that answered.
    """

    id: int
    question: str
    answer: Answer
    asked: str
    revision: int


@dataclass(frozen=True, slots=True)
class RunInfo:
    """An evaluation run as listed; `measures` are those over all questions."""

    id: int
    name: str
    created: str
    engine: str
    questions: int
    asked: int
    seconds: float
    measures: Mapping[str, float | None]
    settings: Mapping[str, str]
