"""A draft's sentences → each looked up in the documents and judged. Knows no file formats."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.check.claims import tokens
from rag.check.reading import Complaint, Source, is_content
from rag.check.support import check_claim, read_source
from rag.draft.report import Finding, Judged, Report, Verdict
from rag.language.sentences import sentences
from rag.language.words import content_words
from rag.library.library import Library
from rag.search.retrieve import Retriever
from rag.statements import extract
from rag.types import Citation, Document, Evidence, Hit, Query, Scope

Progress = Callable[[int, int], None]
_PASSAGES = 8


def judge(
    text: str,
    *,
    name: str = "",
    library: Library,
    retriever: Retriever,
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
    for n, (start, end) in enumerate(pieces):
        if stop is not None and stop.is_set():
            break
        progress(n, len(pieces))
        judged.append(run.judge(start, end))
    progress(len(judged), len(pieces))
    return Report(
        name, text, tuple(judged), library.count_documents(), stopped=len(judged) < len(pieces)
    )


@dataclass
class _Run:
    text: str
    library: Library
    retriever: Retriever
    within: Scope | None

    def judge(self, start: int, end: int) -> Judged:
        text = self.text[start:end]
        if not any(is_content(t) for t in tokens(text)):
            return Judged(start, end, text, "no claim", 1.0)
        hits = self._search(text)
        said = extract(Document("", "", None, None, text, ""))
        best: tuple[int, int, Hit, list[Complaint]] | None = None
        for rank, hit in enumerate(hits):
            source = self._source(hit)
            found = check_claim(text, cited=[source], said=said)
            key = (sum(c.kind == "support" for c in found) * 10 + len(found), rank)
            if best is None or key < best[:2]:
                best = (*key, hit, found)
        if best is None:
            return Judged(start, end, text, "not borne out", 0.0)
        *_, hit, complaints = best
        nothing = any(c.kind == "support" for c in complaints)
        verdict: Verdict = (
            "not borne out" if nothing else "contradicted" if complaints else "borne out"
        )
        findings = tuple(
            Finding(
                "nothing" if c.kind == "support" else c.kind,
                *_place(text, c.text, start),
                c.text,
                c.reason,
            )
            for c in complaints
        )
        document = self.library.get_document(hit.passage.document_id)
        assert document is not None
        citation = Citation.of(document, hit.passage.start, hit.passage.end, number=1)
        return Judged(
            start,
            end,
            text,
            verdict,
            0.0 if complaints else 1.0,
            findings,
            () if nothing else (citation,),
        )

    def _search(self, text: str) -> Sequence[Hit]:
        query = Query(text, text, tuple(content_words(text)), within=self.within)
        return self.retriever.search_fused(query)[:_PASSAGES]

    def _source(self, hit: Hit) -> Source:
        p = hit.passage
        document = self.library.get_document(p.document_id)
        assert document is not None
        said = self.library.statements_within(p.document_id, p.start, p.end)
        return read_source(Evidence(1, p), document, said)


def _place(text: str, words: str, start: int) -> tuple[int, int]:
    at = max(0, text.find(words))
    return start + at, start + at + len(words)
