"""What a language model is shown: the quotes that answer, and sentences in their surroundings.

Knows no prompt's words and no model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.pieces import labels_of
from rag.answer.prompts import Excerpt
from rag.answer.quotes import show_quote
from rag.language.sentences import sentences
from rag.types import Answer, Citation, Document, Evidence, Statement


@dataclass(frozen=True, slots=True)
class Brief:
    """The evidence of an answer that a model words, numbered, with all that checking it takes."""

    evidence: tuple[Evidence, ...]
    documents: Mapping[str, Document]
    statements: Sequence[Statement]


def gather(asked: Answering, quoted: Answer) -> Brief:
    """What was quoted, and what was found besides."""
    first = quoted.evidence
    if quoted.shape:  # rows: each is a passage of its own, whose surroundings are shown too
        documents = asked.get_documents(c.document_id for c in quoted.citations)
        first = tuple(_widen(e, documents) for e in first if e.passage.document_id in documents)
    places = {(e.passage.document_id, e.passage.start) for e in first}
    more = [e for e in asked.evidence if (e.passage.document_id, e.passage.start) not in places]
    # What was quoted keeps its numbers.
    last = max((e.number for e in first), default=0)
    evidence = (*first, *(replace(e, number=n) for n, e in enumerate(more, start=last + 1)))
    documents = asked.get_documents(e.passage.document_id for e in evidence)
    evidence = tuple(e for e in evidence if e.passage.document_id in documents)
    return Brief(evidence, documents, asked.said_in(evidence))


def _widen(item: Evidence, documents: Mapping[str, Document]) -> Evidence:
    """A row with the sentences around it."""
    p = item.passage
    text = documents[p.document_id].text
    start = max(text.rfind("\n\n", 0, p.start) + 1, p.start - tuned.BRIEF_AROUND)
    end = text.find("\n\n", p.end)
    end = min(len(text) if end < 0 else end, p.end + tuned.BRIEF_AROUND)
    while 0 < start < p.start and not text[start - 1].isspace():
        start += 1
    while p.end < end < len(text) and not text[end].isspace():
        end -= 1
    return replace(item, passage=replace(p, start=start, end=end, text=text[start:end]))


def excerpt(asked: Answering, quoted: Answer) -> list[Excerpt]:
    """What answers best, in few words: the quotes under their speakers or labels, then the
    sentences nearest to the question with their neighbours, passage by passage."""
    found = [
        Excerpt(label or _origin(c), show_quote(c) if label else c.quote)
        for label, c in zip(labels_of(quoted), quoted.citations, strict=True)
    ]
    room = tuned.BRIEF_CHARACTERS - sum(len(e.text) for e in found)
    spans = {(c.document_id, c.start, c.end) for c in quoted.citations}
    taken: dict[int, list[tuple[int, int]]] = {}
    for sentence in asked.ranked[: tuned.BRIEF_SENTENCES]:
        passage = sentence.evidence.passage
        all_ = [(passage.start + s, passage.start + e) for s, e in sentences(passage.text)]
        at = next((n for n, span in enumerate(all_) if span[0] == sentence.start), None)
        for n in () if at is None else (at, at - 1, at + 1):
            if not 0 <= n < len(all_) or _held(passage.document_id, all_[n], spans):
                continue
            start, end = all_[n]
            if end - start <= room and asked.holds(passage.document_id, start, end):
                room -= end - start
                spans.add((passage.document_id, start, end))
                taken.setdefault(sentence.evidence.number, []).append((start, end))
    for item in asked.evidence:
        if item.number in taken:
            document = asked.documents[item.passage.document_id]
            found.append(Excerpt(_origin(document), _join(document.text, taken[item.number])))
    return found


def _held(document_id: str, span: tuple[int, int], spans: set[tuple[str, int, int]]) -> bool:
    return any(d == document_id and s < span[1] and span[0] < e for d, s, e in spans)


def _origin(place: Citation | Document) -> str:
    return ", ".join(filter(None, (place.source, place.date))) or place.title


def _join(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The spans in their order, with an ellipsis where something stands between two."""
    parts: list[str] = []
    last = None
    for start, end in sorted(spans):
        if last is not None:
            parts.append(" … " if text[last:start].strip() else " ")
        parts.append(text[start:end])
        last = end
    return "".join(parts)
