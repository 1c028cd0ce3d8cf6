"""How the documents tell one quotation: every telling of it, earliest first, what differs marked.

"How was “we are not on alert” quoted?", "How did the papers report Powell's words about inflation?"
Every document that holds a run of its words is read, not the first of a search. Knows no model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import Meant, documents_meant
from rag.answer.engines.rows import (
    Row,
    answer_rows,
    count,
    decline,
    name_document,
    tell_others,
    whole_sentences,
)
from rag.answer.ledger import rank_statements
from rag.answer.tellings import (
    Telling,
    Word,
    find_runs,
    find_telling,
    mark_differences,
    match_runs,
    read_words,
)
from rag.language import LANGUAGE
from rag.language.words import content_words
from rag.statements.voices import find_speakers
from rag.types import Answer, Document, Scope, Statement


@dataclass(frozen=True, slots=True)
class _Told:
    """A document that tells it; without its text, of which one is held at a time."""

    name: str
    document_id: str
    outlet: str | None
    date: str | None
    telling: Telling


def retell(asked: Answering) -> Answer | None:
    """Each document that tells the quotation, with its own words of it."""
    query = asked.query
    meant = documents_meant(asked, query.place)
    if meant is None:
        return decline(asked, f"No document is known as “{query.place}”.")
    total = count(len(meant.ids), "document")
    quotation = query.phrases[0] if query.phrases else _find_quotation(asked, meant)
    wanted = read_words(quotation)
    if len(wanted) < 2:
        whose = query.said_by[0] if query.said_by else "anybody"
        about = f" about “{query.claim}”" if query.claim else ""
        return decline(asked, f"The {total} searched report no words of {whose}{about}.")
    shown = _short(quotation)
    told = _find_told(asked, wanted[: tuned.RETOLD_WORDS], meant)
    if not told:
        return decline(asked, f"None of the {total} searched tells “{shown}”, or nearly so.")
    asked_for = Telling(tuple(wanted)) if query.phrases else told[0].telling
    labels = _label(told, asked_for)
    documents = asked.get_documents(t.document_id for t in told[: tuned.MAX_ROWS])
    rows = [
        _row(asked, label, documents[t.document_id], t.telling)
        for label, t in zip(labels, told[: tuned.MAX_ROWS], strict=False)
        if t.document_id in documents
    ]
    rest = labels[tuned.MAX_ROWS :]
    wordings = len({t.telling.keys for t in told})
    other = "the words of the question" if query.phrases else told[0].name
    differ = any(t.telling.keys != asked_for.keys for t in told)
    marks = f"Compared with {other}: [-so-] is missing, {{+so+}} stands there." if differ else None
    cut = len(wanted) > tuned.RETOLD_WORDS
    told_cut = f"Only its first {tuned.RETOLD_WORDS} words were compared." if cut else None
    note = " ".join(filter(None, (marks, told_cut, tell_others(rest, of=len(rest))))) or None
    head = _headline(shown, told, wordings, f"{total}{f' {meant.told}' if meant.told else ''}")
    return answer_rows(asked, rows, shape="retold", headline=head, note=note)


def _headline(shown: str, told: Sequence[_Told], wordings: int, total: str) -> str:
    if len(told) == 1:
        return f"Only one of the {total} searched tells “{shown}”:"
    outlets = len({t.outlet for t in told if t.outlet})
    by = f", by {count(outlets, 'outlet')}" if outlets > 1 else ""
    how = "word for word the same" if wordings == 1 else f"in {count(wordings, 'wording')}"
    return f"{len(told):,} of the {total} searched tell “{shown}”{by}, {how}:"


def _find_told(asked: Answering, wanted: Sequence[Word], meant: Meant) -> list[_Told]:
    """Every telling, by the days of the documents; those without a day are last."""
    held: Counter[str] = Counter()
    matches = match_runs(wanted)
    for match in matches:
        held.update(id_ for id_, _ in asked.library.documents_holding(match, scope=Scope()))
    # So many telling words as a longer one must share stand in two runs at the least.
    least = min(2, len(matches)) if len(wanted) > tuned.RETOLD_RUN**2 else 1
    found: list[_Told] = []
    for id_ in meant.ids:
        document = asked.library.get_document(id_) if held[id_] >= least else None
        if document is None:
            continue
        text = document.text[: document.body]
        telling = find_telling(wanted, text, asked.library.statements_of(id_))
        if telling is not None and asked.holds(id_, telling.start, telling.end):
            name = ", ".join(filter(None, (document.source, document.date)))
            name = name if document.source else name_document(document)
            found.append(_Told(name, id_, document.source, document.date, telling))
    found.sort(key=lambda t: (t.date or "9999", t.document_id))
    names = Counter(t.name for t in found)
    return [
        t if names[t.name] == 1 else _Told(f"{t.name}, {t.document_id}", *_rest(t)) for t in found
    ]


def _rest(told: _Told) -> tuple[str, str | None, str | None, Telling]:
    return told.document_id, told.outlet, told.date, told.telling


def _label(told: Sequence[_Told], wanted: Telling) -> list[str]:
    """Each by its outlet and day, and how its words stand to those that are `wanted`."""
    seen: dict[tuple[str, ...], str] = {}
    labels: list[str] = []
    for t in told:
        keys = t.telling.keys
        if keys in seen:
            labels.append(f"{t.name}, word for word as in {seen[keys]}")
        elif keys == wanted.keys:
            labels.append(t.name)
        else:
            labels.append(f"{t.name} ({mark_differences(wanted, t.telling)})")
        seen.setdefault(keys, t.name)
    return labels


def _row(asked: Answering, label: str, document: Document, telling: Telling) -> Row:
    place = whole_sentences(asked, document, telling.start, telling.end)
    return Row(label, document, *place)


def _find_quotation(asked: Answering, meant: Meant) -> str:
    """The statement that is meant: of those near enough to what is asked, the one that most
    documents report of its speaker; "" if there is none."""
    query, inside = asked.query, frozenset(meant.ids)
    who = query.said_by[0] if query.said_by else ""
    terms = tuple(w for w in content_words(query.claim) if w not in LANGUAGE.questions.words)
    own: Sequence[Statement] = ()
    if who:
        speakers = find_speakers(who, asked.speakers_like(who), variants=dict(query.variants))
        own = asked.library.statements_by(speakers)
    elif terms:
        own = asked.ledger(terms)
    near = [
        s
        for s in rank_statements(
            own, terms=terms, rarity=asked.rarity, variants=dict(query.variants)
        )
        if (s.covered >= tuned.SPEAKER_ABOVE or not terms)
        and s.statement.document_id in inside
        and not s.statement.asks
    ]
    # Of equally many documents the nearest is meant, of equally near ones the earliest.
    near.sort(key=lambda s: (-round(s.covered, 1), s.statement.date or "9999"))
    read = [(s.statement, read_words(s.statement.content)) for s in near]
    read = [(s, w) for s, w in read if sum(one.telling for one in w) >= tuned.RETOLD_TELLING]
    holders: dict[tuple[str, ...], set[str]] = {}
    for s, w in read:
        for run in find_runs(w):
            holders.setdefault(run, set()).add(s.document_id)
    best: tuple[tuple[int, bool], str] = ((0, False), "")
    for s, w in read:
        shared = Counter(id_ for run in find_runs(w) for id_ in holders[run])
        rank = (sum(times >= 2 for times in shared.values()), s.kind == "direct")
        best = max(best, (rank, s.content), key=lambda b: b[0])
    return best[1]


def _short(text: str) -> str:
    text = " ".join(text.split()).strip("\"“”', ")
    longest = tuned.TITLE_CHARACTERS
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]} …"
