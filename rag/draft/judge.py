"""A draft's sentences → each looked up in the documents and judged. Knows no file formats.

A sentence is judged by one passage, by the passages of one document together, or by where the
sentence before it stands. What is nearest to it decides, unless another bears it out for certain.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rag import tuned
from rag.check.claims import find_quoted, tokens
from rag.check.reading import Complaint, Source, is_content
from rag.check.support import read_source
from rag.check.verdicts import Judgement, judge_claim
from rag.draft.report import Finding, Judged, Report
from rag.language import LANGUAGE
from rag.language.dates import find_period
from rag.language.sentences import sentences
from rag.language.words import content_words
from rag.library.library import Library
from rag.search.retrieve import Retriever
from rag.statements.quotations import QUOTED
from rag.types import Citation, Document, Evidence, Passage, Query, Scope

Progress = Callable[[int, int], None]
_PRONOUNS = LANGUAGE.pronouns
_RANKS = ("borne out", "in part", "contradicted", "not borne out")
_KINDS = {"quote": "altered-quote", "support": "nothing"}


def judge(
    text: str,
    library: Library,
    retriever: Retriever,
    *,
    name: str = "",
    within: Scope | None = None,
    progress: Progress = lambda done, total: None,
    stop: threading.Event | None = None,
) -> Report:
    """Judges every sentence of `text` by the documents (only those `within`, if that is given).

    `progress` is told (sentences judged, all); setting `stop` ends it, what is judged is kept.
    """
    run = _Run(text, library, retriever, within)
    pieces = sentences(text)
    judged: list[Judged] = []
    for start, end in pieces:
        if stop is not None and stop.is_set():
            break
        progress(len(judged), len(pieces))
        judged.append(run.judge(start, end))
    progress(len(judged), len(pieces))
    return Report(
        name, text, tuple(judged), library.count_documents(), stopped=len(judged) < len(pieces)
    )


class _Run:
    """One draft: what its sentences before told is kept for the next one."""

    def __init__(
        self, text: str, library: Library, retriever: Retriever, within: Scope | None
    ) -> None:
        self._text = text
        self._library = library
        self._retriever = retriever
        self._within = within
        self._before: tuple[Passage, ...] = ()
        self._subject = ""  # names of the sentence before, for whom "he" stands
        self._document = lru_cache(maxsize=64)(library.get_document)
        self._read = lru_cache(maxsize=256)(self._read_source)

    def judge(self, start: int, end: int) -> Judged:
        text = self._text[start:end]
        found = [t for t in tokens(text) if is_content(t)]
        outside = QUOTED.sub("", text)
        own = _PRONOUNS.of_the_writer.search(outside) is not None
        few = len(found) < 2 and not any(t.kind != "word" for t in found)
        if own or few or text.rstrip().endswith("?") or self._is_heading(start, end):
            return Judged(start, end, text, "no claim", 1.0)
        best: tuple[Judgement, tuple[Passage, ...]] | None = None
        for passages in self._candidates(text):
            sources = [replace(self._read(p), number=n) for n, p in enumerate(passages, start=1)]
            judged = judge_claim(text, sources, strict=True)
            # The nearest passage decides, unless another one bears the sentence out for certain.
            if best is None or (
                _rank(judged) < _rank(best[0])
                and (judged.score >= tuned.SURE_ELSEWHERE or not best[0].is_close)
            ):
                best = judged, passages
            if judged.stands and judged.score >= tuned.SURE:
                break
        names = " ".join(t.text for t in found if t.kind == "name")
        self._subject = names or self._subject
        if best is None:
            nothing = Finding("nothing", start, end, text, "no document has words like these")
            return Judged(start, end, text, "not borne out", 0.0, (nothing,))
        judged, passages = best
        if judged.stands or judged.verdict == "in part":
            self._before = passages
        return Judged(
            start,
            end,
            text,
            judged.verdict,
            judged.score,
            _once(self._tell(c, text, start) for c in judged.complaints),
            tuple(self._cite(judged, passages)),
        )

    def _is_heading(self, start: int, end: int) -> bool:
        """A paragraph of few words that ends in no mark of a sentence."""
        first = self._text.rfind("\n", 0, start) + 1
        last = self._text.find("\n", end)
        line = self._text[first : last if last >= 0 else len(self._text)].strip()
        return line == self._text[start:end].strip() and (
            line.startswith("#")
            or (len(line.split()) <= tuned.HEADING_WORDS and line[-1] not in ".!…”\"')")
        )

    def _candidates(self, text: str) -> Iterable[tuple[Passage, ...]]:
        """What it may be judged by, the likeliest first."""
        passages, of_then = self._search(text)
        wanted = {t.key for t in tokens(text) if is_content(t)}
        shares = {
            p.id: len(wanted & self._read(p).keys)
            + max((len(wanted & x.keys) for x in self._read(p).lines), default=0)
            for p in passages
        }
        most = max(shares.values(), default=0)
        near = [p for p in passages if shares[p.id] >= tuned.CANDIDATE * most]
        near.sort(key=lambda p: (p not in of_then, -shares[p.id], p.document_id, p.start))
        yield from ((p,) for p in near)
        documents = list(dict.fromkeys(p.document_id for p in near))
        for document in documents[: tuned.CANDIDATE_DOCUMENTS]:
            together = [p for p in passages if p.document_id == document][:3]
            if len(together) > 1:
                yield tuple(sorted(together, key=lambda p: p.start))
        if self._before and self._before[0].document_id in documents:
            more = [p for p in near if p.document_id == self._before[0].document_id][:1]
            yield tuple(dict.fromkeys((*self._before, *more)))

    def _search(self, text: str) -> tuple[list[Passage], frozenset[Passage]]:
        """What is found for a sentence, and what of it is of the time that it names."""
        terms = content_words(text)
        topic = text
        if _PRONOUNS.stands_for.search(text) and self._subject:
            topic = f"{text} ({self._subject})"
            terms = list(dict.fromkeys([*terms, *content_words(self._subject)]))
        # A quotation is looked for as it stands, wherever that is.
        quoted = tuple(q.text.strip(" ,.;:") for q in find_quoted(text) if len(q.text.split()) > 2)
        query = Query(topic, topic, tuple(terms), phrases=quoted, within=self._within)
        hits = self._retriever.search_fused(query)[: tuned.DRAFT_PASSAGES]
        found = [hit.passage for hit in hits]
        of_then: list[Passage] = []
        then = find_period(text)
        if then is not None and self._within is None:
            # "In November 2022 members agreed …": what is of then may never name its day.
            scope = Scope(since=then[0], until=then[1])
            hits = self._retriever.search_fused(query, scope=scope)
            of_then = [hit.passage for hit in hits[: tuned.DRAFT_PASSAGES]]
        return list(dict.fromkeys((*found, *of_then, *self._before))), frozenset(of_then)

    def _read_source(self, passage: Passage) -> Source:
        """A passage with what stands around it: writers tell two sentences together."""
        document = self._get(passage.document_id)
        start = _to_space(document.text, max(0, passage.start - tuned.AROUND))
        end = _to_space(document.text, min(len(document.text), passage.end + tuned.AROUND))
        wide = Passage(document.id, start, end, document.text[start:end])
        said = self._library.statements_within(document.id, start, end)
        return read_source(Evidence(1, wide), document, said)

    def _get(self, document_id: str) -> Document:
        document = self._document(document_id)
        assert document is not None  # it was found a moment ago, in one reading of the index
        return document

    def _cite(self, judged: Judgement, passages: Sequence[Passage]) -> Iterable[Citation]:
        for place, (number, start, end) in enumerate(judged.spans, start=1):
            document = self._get(passages[number - 1].document_id)
            yield Citation.of(document, start, end, number=place)

    def _tell(self, complaint: Complaint, text: str, start: int) -> Finding:
        kind = _KINDS.get(complaint.kind, complaint.kind)
        words = complaint.text.strip()
        at = _find(words, text)
        if at is None or kind == "nothing":
            at, words = (0, len(text)), text
        return Finding(
            kind,
            start + at[0],
            start + at[1],
            text[at[0] : at[1]],
            complaint.reason,
            complaint.instead,
        )


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of those of a kind about the same words the first."""
    kept: dict[tuple[str, int, int], Finding] = {}
    for f in findings:
        kept.setdefault((f.kind, f.start, f.end), f)
    return tuple(kept.values())


def _to_space(text: str, at: int) -> int:
    """The next place that cuts no word."""
    while 0 < at < len(text) and not text[at - 1].isspace():
        at += 1
    return at


def _find(words: str, text: str) -> tuple[int, int] | None:
    """Where `words` stand in `text`, whole, whatever white space is between them."""
    pattern = r"\s+".join(re.escape(w) for w in words.split())
    match = re.search(rf"(?<!\w){pattern}(?!\w)", text) if pattern else None
    return match.span() if match else None


def _rank(judged: Judgement) -> tuple[int, float]:
    return _RANKS.index(judged.verdict), -judged.score
