"""The main points of a document: the sentences nearest to its centre, in their order.

A sentence's vector is the mean of its words' vectors, a document's the mean of its sentences'; of
sentences that say the same only one is kept (maximal marginal relevance, Carbonell and Goldstein
1998), and what stands first counts for more. Knows no model.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import documents_meant
from rag.answer.engines.rows import Row, answer_rows, name_document
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold
from rag.types import Answer, Document, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_SHAPES = LANGUAGE.shapes

Span = tuple[int, int]


def digest(asked: Answering) -> Answer | None:
    """The main points of the document that is meant, or of what is known of a topic."""
    document = _meant(asked)
    if document is None:
        return _of_topic(asked)
    spans, vectors = _read(asked, document)
    if len(spans) < 2:
        return None
    figures = [
        LANGUAGE.numbers.answers.search(fold(document.text[s:e])) is not None for s, e in spans
    ]
    chosen = _choose(spans, vectors, figures, most=tuned.DIGEST_SENTENCES)
    head = name_document(document)
    origin = f", {document.source}" if document.source else ""
    rows = [Row(f"{n}", document, *spans[place]) for n, place in enumerate(chosen, start=1)]
    return answer_rows(asked, rows, shape="digest", headline=f"Main points of {head}{origin}:")


def _meant(asked: Answering) -> Document | None:
    """The one document that the question points at, or that the best passages stand in."""
    pointed = asked.pointed
    ids = [e.passage.document_id for e in asked.evidence]
    if pointed is not None and pointed.closely and pointed.spans is None:
        here = [i for i in ids if i in pointed.documents]
        best = here[0] if here else sorted(pointed.documents)[0]
        if len(pointed.documents) <= tuned.MAX_ROWS:
            return asked.get_documents([best]).get(best)
    first = ids[: tuned.SAME_DOCUMENT]
    if first and len(set(first)) == 1:
        return asked.get_documents(first).get(first[0])
    place = _SHAPES.summary_frame.sub(" ", asked.query.text).strip(" ?.!")
    if _SHAPES.one_document.search(place):  # "the TechCrunch piece on sellers"
        meant = documents_meant(asked, place)
        if meant is not None and len(meant.ids) == 1:
            return asked.get_documents(meant.ids).get(meant.ids[0])
    return None


def _of_topic(asked: Answering) -> Answer | None:
    """The best sentences of several documents, those of one beside each other."""
    ranked = asked.ranked
    if asked.declined is not None or not ranked or ranked[0].score < tuned.ABSTAIN_PARTS:
        return None
    chosen: list[Row] = []
    held: list[set[str]] = []
    for sentence in ranked:
        document = asked.documents[sentence.evidence.passage.document_id]
        words = set(content_words(document.text[sentence.start : sentence.end]))
        told = any(len(words & other) >= tuned.SAME_QUOTE * len(words) for other in held)
        if len(words) < tuned.DIGEST_WORDS or told:
            continue
        if len(chosen) == tuned.DIGEST_SENTENCES or sentence.score < tuned.ROW_LEAST:
            break
        chosen.append(Row(name_document(document), document, sentence.start, sentence.end))
        held.append(words)
    if len(chosen) < 2:
        return None
    order = list(dict.fromkeys(row.document.id for row in chosen))
    chosen.sort(key=lambda row: (order.index(row.document.id), row.start))
    several = len(order) > 1
    told_in = f"{len(order)} documents" if several else name_document(chosen[0].document)
    return answer_rows(
        asked, chosen, shape="digest", headline=f"What {told_in} say{'' if several else 's'}:"
    )


def _read(asked: Answering, document: Document) -> tuple[list[Span], "Vectors"]:
    """The sentences of a document that can be quoted, and a unit vector of each."""
    import numpy as np

    library = asked.library
    passages = [
        p
        for start, end in library.passage_spans(document.id, asked.query.within)[
            : tuned.DIGEST_PASSAGES
        ]
        if (p := library.read_passage(document.id, start, end)) is not None
    ]
    asking = [(s.start, s.end) for s in library.statements_of(document.id) if s.asks]
    read = asked.read_words([p.text for p in passages])
    seen: set[Span] = set()
    spans: list[Span] = []
    vectors: list[Vectors] = []
    for number, passage in enumerate(passages):
        for start, end in sentences(passage.text):
            span = (passage.start + start, passage.start + end)
            # Passages share a sentence with the next one.
            if span in seen or not _is_told(document.text, span, asking):
                continue
            seen.add(span)
            if read is None:
                vector = _by_words(passage, start, end)
            else:
                tokens = read[number]
                inside = (tokens.starts >= start) & (tokens.starts < end)
                if not inside.any():
                    continue
                vector = tokens.vectors[inside].mean(axis=0)
            length = float(np.linalg.norm(vector))
            if length:
                spans.append(span)
                vectors.append((vector / length).astype(np.float32))
    return spans, np.stack(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)


def _is_told(text: str, span: Span, asking: Sequence[Span]) -> bool:
    """Whether a sentence tells something: no heading, no question, nobody's thanks."""
    words = text[slice(*span)].split()
    ends = text[slice(*span)].rstrip("\"”’') ")[-1:]
    return (
        tuned.DIGEST_WORDS <= len(words) <= tuned.DIGEST_LONGEST
        and ends in (".", "!", ":")
        and not any(s <= span[0] < e for s, e in asking)
    )


def _by_words(passage: Passage, start: int, end: int) -> "Vectors":
    """Where nothing reads words: which stand in a sentence, hashed to places."""
    import zlib

    import numpy as np

    vector = np.zeros(512, dtype=np.float32)
    for word in content_words(passage.text[start:end]):
        vector[zlib.crc32(word.encode()) % len(vector)] += 1
    return vector


def _choose(
    spans: Sequence[Span], vectors: "Vectors", figures: Sequence[bool], *, most: int
) -> list[int]:
    """The places of the `most` sentences that stand for the whole, in their order."""
    import numpy as np

    centre = vectors.mean(axis=0)
    centre /= float(np.linalg.norm(centre)) or 1.0
    near = vectors @ centre
    low, spread = float(near.min()), float(near.max() - near.min()) or 1.0
    early = np.exp(-np.arange(len(spans)) / tuned.EARLY_SENTENCES)
    worth = (near - low) / spread + tuned.EARLY_COUNTS * early
    worth += tuned.FIGURE_COUNTS * np.array(figures)
    chosen: list[int] = []
    while len(chosen) < min(most, len(spans)):
        alike = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(spans))
        left = worth - tuned.ALIKE_COSTS * np.maximum(0.0, alike)
        left[chosen] = -np.inf
        chosen.append(int(np.argmax(np.round(left, 6))))
    return sorted(chosen, key=lambda n: spans[n])
