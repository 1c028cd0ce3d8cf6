"""What happened when: one best sentence a document, in the order of days. Knows no model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import Row, answer_rows, name_document
from rag.answer.quotes import Sentence
from rag.language import LANGUAGE
from rag.language.words import fold
from rag.types import Answer, Document, Evidence, Query, Scope


def tell_in_order(asked: Answering) -> Answer | None:
    """The documents that come near the topic, each with its best sentence; None if too few do."""
    query = asked.query
    evidence = _search(asked, query)
    ranked, documents = asked.rank(query, evidence)
    if not ranked or ranked[0].score < tuned.ABSTAIN_PARTS:
        return None
    least = max(tuned.ROW_LEAST, tuned.ROW_SHARE * ranked[0].score)
    near = sorted(
        (s for s in ranked if s.score >= least),
        key=lambda s: (-_worth(s, documents), s.evidence.passage.document_id, s.start),
    )
    rows = _by_day(near, documents) or _by_place(near, documents)
    if len(rows) < 2:
        return None
    several = len({row.document.id for row in rows})
    if rows[0].document.date and rows[-1].document.date and several > 1:
        told = f"{several} documents tell of it, from {rows[0].label} to {rows[-1].label}."
        return answer_rows(asked, rows, shape="timeline", headline=told)
    note = "The documents give no days: this is the order in which they tell it."
    head = f"What {several} documents tell of it:" if several > 1 else "What the document tells:"
    return answer_rows(asked, rows, shape="timeline", headline=head, note=note)


def _worth(sentence: Sentence, documents: Mapping[str, Document]) -> float:
    """How likely it answers; what gives no figure tells of a change less well."""
    text = documents[sentence.evidence.passage.document_id].text[sentence.start : sentence.end]
    figure = LANGUAGE.numbers.answers.search(fold(text)) is not None
    return sentence.score * (1.0 if figure else tuned.NO_FIGURE)


def _by_day(near: Sequence[Sentence], documents: Mapping[str, Document]) -> list[Row]:
    """The best sentence of each document that has a day, in their order; none of fewer than two."""
    best: dict[str, Sentence] = {}
    for sentence in near:
        id_ = sentence.evidence.passage.document_id
        if documents[id_].date:
            best.setdefault(id_, sentence)
    chosen = sorted(best.items(), key=lambda item: (-item[1].score, item[0]))[: tuned.MAX_ROWS]
    rows = [Row(documents[i].date or "", documents[i], s.start, s.end) for i, s in chosen]
    rows.sort(key=lambda row: (row.label, row.document.id))
    return rows if len(rows) > 1 else []


def _by_place(near: Sequence[Sentence], documents: Mapping[str, Document]) -> list[Row]:
    """The best sentences of all, in the order of their documents and places."""
    rows: list[Row] = []
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        whole = len(document.text[sentence.start : sentence.end].split()) >= tuned.DIGEST_WORDS
        if whole and len(rows) < tuned.UNDATED_ROWS:
            label = name_document(document)
            rows.append(Row(label, document, sentence.start, sentence.end))
    return sorted(rows, key=lambda row: (row.document.date or "", row.document.id, row.start))


def _search(asked: Answering, query: Query) -> tuple[Evidence, ...]:
    """Near passages of every document that is meant, where those are few; else the nearest."""
    pointed = asked.pointed
    plain = replace(query, period=None, parts=(), dates=())
    if pointed is not None and pointed.spans is None:
        ids = sorted(pointed.documents)
        if len(ids) <= tuned.EACH_DOCUMENT:
            found = [
                item
                for id_ in ids
                for item in asked.search(replace(plain, within=Scope(documents=(id_,))), k=2)
            ]
            return tuple(replace(e, number=n) for n, e in enumerate(found, start=1))
        plain = replace(plain, within=pointed.scope)
    return asked.search(plain, k=tuned.TIMELINE_PASSAGES)
