"""Who said what, listed: of a speaker, about something, in a document. Words no answer."""

from rag import tuned
from rag.answer.answering import weigh_terms
from rag.answer.ledger import rank_statements
from rag.library.library import Library
from rag.search.pointing import speakers_like
from rag.search.retrieve import Retriever
from rag.statements.voices import find_speakers
from rag.types import Statement

STATEMENTS_LISTED = 50


def list_statements(
    library: Library,
    retriever: Retriever,
    *,
    speaker: str,
    about: str,
    document: str | None,
    wanted: int,
) -> list[Statement]:
    """Those that hold all of what is given, by document and place; `about` something, best first.

    What is said about something, by whomever, is looked for in the `wanted` nearest passages and
    among the statements that hold its words.
    """
    names: list[str] = []
    if speaker:
        query = retriever.read(speaker)
        near = speakers_like(query.text, query, library)
        names = find_speakers(query.text, near, variants=dict(query.variants))
    subject = retriever.read(about) if about else None
    if document is not None:
        found = library.statements_of(document)
    elif subject is not None and not speaker:
        hits = retriever.search(subject, k=wanted)
        found = retriever.find_statements(subject.terms, hits, k=STATEMENTS_LISTED)
    elif speaker:
        found = library.statements_by(names)
    else:
        found = library.all_statements()
    if speaker:
        found = [s for s in found if s.speaker in names]
    if subject is None:
        return found
    ranked = rank_statements(
        found,
        terms=subject.terms,
        rarity=weigh_terms(subject.terms, retriever),
        phrases=subject.phrases,
    )
    places = [(s.statement.document_id, s.statement.start, s.statement.end) for s in ranked]
    read = retriever.match_sentences(subject.topic, places)
    wholes = [one.alone.whole for one, _ in read] if read else [0.0] * len(places)
    return [
        said.statement
        for said, score in zip(ranked, wholes, strict=True)
        if said.covered >= tuned.STATEMENT_SHARE or score >= tuned.READS_AS_ANSWER
    ]
