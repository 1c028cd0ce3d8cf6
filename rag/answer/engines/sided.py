"""Who says something, who denies it and who sees no evidence: every speaker of the ledger.

Runs over all statements that hold words of the claim, not the top of a search. Knows no model.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import Row, answer_rows, count
from rag.answer.ledger import Said, group_by_speaker
from rag.answer.limited import quote_within
from rag.answer.quotes import show_speaker, stands_in
from rag.answer.stance import Side, Stance, negates, take_side
from rag.check.reading import is_held, words_of
from rag.language import LANGUAGE
from rag.language.stems import key_of
from rag.language.words import content_words, fold
from rag.models import Match
from rag.statements.mentions import is_outlet
from rag.types import Answer, Statement

_PRONOUNS, _QUESTIONS = LANGUAGE.pronouns, LANGUAGE.questions
# In this order they are shown; what each is called beside its speaker, and in the headline.
_SIDES: dict[Side, tuple[str, str]] = {
    "for": ("Says so", "say so"),
    "reported": ("Reports it", "report it"),
    "against": ("Denies it", "deny it"),
    "unproven": ("Sees no evidence", "see no evidence or do not know"),
}
_WANTED: dict[str, tuple[Side, ...]] = {
    "for": ("for", "reported"),
    "against": ("against", "unproven"),
}


def list_sides(asked: Answering) -> Answer | None:
    """Each speaker once with the side they take; None where hardly anybody takes one."""
    query = asked.query
    terms = [w for w in content_words(query.claim) if w not in _QUESTIONS.words]
    wanted = _WANTED.get(query.of_kind, tuple(_SIDES))
    found, left = _speakers(asked, terms)
    kept = [(said, stance) for said, stance in found if stance.side in wanted]
    order = list(_SIDES)
    kept.sort(
        key=lambda k: (order.index(k[1].side), k[0].date or "9999", k[0].document_id, k[0].start)
    )
    documents = asked.get_documents({said.document_id for said, _ in kept})
    rows: list[Row] = []
    shown: list[Statement] = []
    counts: dict[Side, int] = {}
    for said, stance in kept:
        document = documents.get(said.document_id)
        if document is None or not stands_in(document.text, said):
            continue  # a sync took it away since it was found
        row = Row(_label(said, stance), document, *quote_within(document, said, asked.holds))
        rows.append(row)
        shown.append(said)
        counts[stance.side] = counts.get(stance.side, 0) + 1
    if len(rows) < (1 if query.of_kind else 2):
        return None
    told = ", ".join(f"{counts[side]} {_SIDES[side][1]}" for side in order if side in counts)
    searched = count(len(asked.inside), "document")
    how = f"Searched all of {searched}."
    if left:
        how = f"Read the {tuned.LEDGER_READ:,} statements of {searched} that hold most of it."
    head = f"{count(len(rows), 'speaker')}: {told}. {how}"
    answer = answer_rows(asked, rows, shape="sides", headline=head)
    return replace(answer, statements=tuple(shown))


def _label(said: Statement, stance: Stance) -> str:
    words = f" (“{stance.words}”)" if stance.words else ""
    return f"{_SIDES[stance.side][0]}{words} – {show_speaker(said)}"


def _turn(stance: Stance) -> Stance:
    sides: dict[Side, Side] = {"for": "against", "reported": "against", "against": "for"}
    return replace(stance, side=sides.get(stance.side, stance.side))


def _speakers(
    asked: Answering, terms: Sequence[str]
) -> tuple[list[tuple[Statement, Stance]], bool]:
    """Each speaker's statement on the claim, with the side that it takes; and whether there are
    more statements with words of it than were read."""
    query = asked.query
    subject, turned = query.names[0] if query.names else "", negates(query.claim)
    made = []
    for s in asked.ledger(terms):
        keys = words_of(s.speaker, s.lead, s.content)
        if fold(s.speaker) not in _PRONOUNS.unresolved and _names(subject, keys):
            made.append((_held(terms, keys, asked.rarity), s))
    made.sort(key=lambda m: (-m[0], m[1].document_id, m[1].start, m[1].speaker))
    left = len(made) > tuned.LEDGER_READ
    made = made[: tuned.LEDGER_READ]
    reads = _read(asked, [statement for _, statement in made])
    best = max((r.whole for r in reads), default=0.0)
    about: list[Said] = []
    stances: dict[Statement, Stance] = {}
    for (held, statement), read in zip(made, reads, strict=True):
        stance = take_side(statement, terms)
        if _is_on(stance, read, behind=best - read.whole, held=held):
            stances[statement] = _turn(stance) if turned else stance
            # Who takes a side in so many words is shown by those.
            score = read.whole + tuned.SIDE_PLAIN * stance.plain
            about.append(Said(statement, score, held))
    about.sort(key=lambda s: (-s.score, s.statement.document_id, s.statement.start))
    first = [v.said[0].statement for v in group_by_speaker(about, variants=dict(query.variants))]
    kept = [(s, stances[s]) for s in first if not any(_is_told_by(s, other) for other in first)]
    return kept, left


def _is_told_by(statement: Statement, other: Statement) -> bool:
    """Whether `other` tells the same words better: whoever an outlet quotes speaks for themselves,
    and what somebody says that others said is theirs."""
    same = statement.document_id == other.document_id and statement != other
    if not same or statement.start >= other.end or other.start >= statement.end:
        return False
    if is_outlet(statement.speaker):
        return statement.speaker in other.via
    return other.speaker in statement.via and not is_outlet(other.speaker)


def _is_on(stance: Stance, read: Match, *, behind: float, held: float) -> bool:
    """Whether a statement is on the claim: it holds half of its words, or comes near enough."""
    if stance.side in ("for", "reported"):
        near = read.telling >= tuned.SIDE_TELLS
        return behind <= tuned.SIDE_BEHIND and (held >= tuned.SIDE_HOLDS or near)
    if held >= tuned.SIDE_HOLDS:
        return behind <= tuned.SIDE_BEHIND_HELD or not stance.plain
    return behind <= tuned.SIDE_BEHIND_NO and read.telling >= tuned.SIDE_TELLS_NO


def _held(terms: Sequence[str], keys: Collection[str], rarity: Mapping[str, float]) -> float:
    """The share of the claim's words that `keys` are, in any form, rare ones counting for more."""
    total = sum(rarity.get(t, 1.0) for t in terms) or 1.0
    return sum(rarity.get(t, 1.0) for t in terms if _is_in(key_of(t), keys)) / total


def _names(subject: str, keys: Collection[str]) -> bool:
    """Whether `keys` hold some word of the claim's subject, in any form: Iran, the Iranians."""
    return not subject or any(_is_in(key, keys) for key in words_of(subject))


def _is_in(key: str, keys: Collection[str]) -> bool:
    return key in keys or is_held(key, keys)


def _read(asked: Answering, made: Sequence[Statement]) -> list[Match]:
    """How near each comes to the claim; where nothing reads them all are as near."""
    places = [(s.document_id, s.start, s.end) for s in made]
    found = asked.match_sentences(asked.query.claim, places)
    return [read.alone for read, _ in found] if found else [Match()] * len(made)
