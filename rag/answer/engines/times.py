"""How many times a word stands in the documents, or in somebody's own words: counted in them all.

"How often does Powell say “transitory”?", "How many times is Ebbers mentioned?" Knows no model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import Meant, documents_meant, is_outlet_of, split_place
from rag.answer.engines.rows import (
    Row,
    answer_rows,
    count,
    decline,
    name_document,
    tell_others,
    whole_sentences,
)
from rag.answer.occurrences import (
    Occurrence,
    Wanted,
    count_forms,
    find_occurrences,
    read_wanted,
)
from rag.statements.voices import find_speakers
from rag.types import Answer, Document, Scope

Spans = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A document and where in it the word stands."""

    name: str
    document_id: str
    found: tuple[Occurrence, ...]


def count_times(asked: Answering) -> Answer | None:
    """How often, in how many of the documents meant, and one line of each of those."""
    query = asked.query
    who = query.said_by[0] if query.said_by else ""
    place = query.place
    if who and is_outlet_of(asked, who):
        who, place = "", f"{place} by {who}"
    if query.phrases or place:
        what, meant = query.claim, documents_meant(asked, place)
        if meant is None:
            return decline(asked, f"No document is known as “{place.strip()}”.")
    else:
        what, meant = split_place(asked, query.claim)
    wanted = read_wanted(what, () if query.phrases else query.variants)
    if wanted is None:
        return None
    spans = _own_words(asked, who)
    if spans == {}:
        return decline(asked, f"The documents report no words of {who or 'theirs'}.")
    counted = list(_count(asked, wanted, meant, spans))
    counted.sort(key=lambda c: (-len(c.found), c.document_id))
    shown = what.strip(" \"“”'")
    whose = f" in {who}’s own words" if who else ""
    inside = f"{count(len(meant.ids), 'document')}{f' {meant.told}' if meant.told else ''}"
    if not counted:
        return decline(asked, f"“{shown}” does not stand{whose} in the {inside} searched.")
    found = [o for c in counted for o in c.found]
    forms = count_forms(found)
    told = ", ".join(f"“{form}” {times:,}" for form, times in forms[: tuned.MAX_NAMED])
    several = f": {told}" if len(forms) > 1 else ""
    head = (
        f"“{shown}” stands {_times(len(found))}{whose}, in {len(counted):,} of {inside}{several}."
    )
    documents = asked.get_documents(c.document_id for c in counted[: tuned.MAX_ROWS])
    rows = [
        _row(asked, documents[c.document_id], c)
        for c in counted[: tuned.MAX_ROWS]
        if c.document_id in documents
    ]
    rest = [_label(c) for c in counted[tuned.MAX_ROWS :]]
    others = tell_others(rest, of=len(rest))
    return answer_rows(asked, rows, shape="count", headline=head, note=others)


def _count(
    asked: Answering, wanted: Wanted, meant: Meant, spans: Spans | None
) -> Iterable[_Counted]:
    """Each document meant that holds it; one text is read at a time."""
    inside = frozenset(meant.ids)
    for id_, _ in asked.library.documents_holding(wanted.match, scope=Scope()):
        if id_ not in inside or (spans is not None and id_ not in spans):
            continue
        document = asked.library.get_document(id_)
        if document is None:
            continue
        found = [
            o
            for o in find_occurrences(document.text[: document.body], wanted)
            if asked.holds(id_, o.start, o.end)
            and (spans is None or any(s <= o.start and o.end <= e for s, e in spans[id_]))
        ]
        if found:
            yield _Counted(name_document(document), id_, tuple(found))


def _own_words(asked: Answering, who: str) -> Spans | None:
    """{document: where what `who` says stands}, questions too, which a turn may end in, or what
    those say whom an operator names; None where nobody's words are asked for."""
    within = asked.query.within
    limits = within.limits if within is not None else ()
    speakers = [v for li in limits if li.kind == "speaker" and not li.negated for v in li.values]
    if not who and not speakers:
        return None
    if who:
        variants = dict(asked.query.variants)
        speakers = find_speakers(who, asked.speakers_like(who), variants=variants)
    found: dict[str, list[tuple[int, int]]] = {}
    for s in asked.library.keep_statements(asked.library.statements_by(speakers), within):
        found.setdefault(s.document_id, []).extend(s.content_spans)
    return found


def _row(asked: Answering, document: Document, counted: _Counted) -> Row:
    first = counted.found[0]
    place = whole_sentences(asked, document, first.start, first.end)
    return Row(_label(counted), document, *place)


def _label(counted: _Counted) -> str:
    return f"{counted.name}, {_times(len(counted.found))}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
