"""How many outlets there are, or mention something: counted over all documents. Knows no model."""

from collections.abc import Sequence

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import documents_meant, split_place
from rag.answer.engines.rows import (
    Row,
    answer_rows,
    count,
    decline,
    tell_others,
    whole_sentences,
)
from rag.answer.occurrences import find_occurrences, read_wanted
from rag.language.sentences import sentences
from rag.types import Answer, Document, Scope


def count_outlets(asked: Answering) -> Answer | None:
    """The outlets of the documents that are meant, or of those that mention what is asked."""
    query = asked.query
    what, meant = query.claim, documents_meant(asked, query.place)
    if query.claim:
        what, meant = split_place(asked, query.claim)
    if meant is None:
        return decline(asked, f"No document is known as “{query.place}”.")
    wanted = read_wanted(what, query.variants)
    ids: Sequence[str] = meant.ids
    if wanted is not None:
        holding = asked.library.documents_holding(wanted.match, scope=Scope())
        inside = frozenset(ids)
        ids = sorted(id_ for id_, _ in holding if id_ in inside)
    found: dict[str, list[tuple[str, int, int]]] = {}
    for id_ in ids:
        document = asked.library.get_document(id_)
        span = _first_line(document) if document is not None else None
        if document is not None and wanted is not None:
            found_there = find_occurrences(document.text[: document.body], wanted)
            places = [o for o in found_there if asked.holds(id_, o.start, o.end)]
            first = places[0] if places else None
            span = whole_sentences(asked, document, first.start, first.end) if first else None
        if document is not None and document.source and span is not None:
            found.setdefault(document.source, []).append((id_, *span))
    total = count(len(meant.ids), "document")
    if not found:
        why = f"mentions “{what}”" if wanted is not None else "names its outlet"
        return decline(asked, f"None of the {total} searched {why}, of those that name an outlet.")
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    labels = [f"{outlet}, {count(len(places), 'document')}" for outlet, places in ordered]
    firsts = [places[0] for _, places in ordered[: tuned.MAX_ROWS]]
    documents = asked.get_documents(id_ for id_, _, _ in firsts)
    rows = [
        Row(label, documents[id_], start, end)
        for label, (id_, start, end) in zip(labels, firsts, strict=False)
        if id_ in documents
    ]
    held = sum(len(places) for places in found.values())
    outlets = count(len(found), "outlet")
    verb = "mentions" if len(found) == 1 else "mention"
    head = f"{outlets} {verb} {what}, in {held:,} of {total}." if wanted is not None else (
        f"The {total} are of {outlets}."
    )  # fmt: skip
    rest = labels[tuned.MAX_ROWS :]
    unnamed = len(ids) - held if wanted is None else 0
    note = f"{count(unnamed, 'document')} without an outlet left out." if unnamed else None
    told = " ".join(filter(None, (note, tell_others(rest, of=len(rest))))) or None
    return answer_rows(asked, rows, shape="count", headline=head, note=told)


def _first_line(document: Document) -> tuple[int, int] | None:
    spans = sentences(document.text[: document.body])
    return spans[0] if spans else None
