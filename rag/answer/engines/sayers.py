"""How many people said something in such words: counted over all statements. Knows no model.

Words alone decide, so that a number can be checked: who says it in others is asked for by "Who says
… and who denies it?".
"""

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import split_place
from rag.answer.engines.rows import Row, answer_rows, count, decline, tell_others
from rag.answer.ledger import Voice, group_by_speaker, rank_statements
from rag.answer.limited import quote_within
from rag.answer.quotes import stands_in
from rag.answer.stance import negates, take_side
from rag.language import LANGUAGE
from rag.language.words import content_words, fold
from rag.statements.mentions import is_outlet
from rag.types import Answer

_QUESTIONS, _PRONOUNS = LANGUAGE.questions, LANGUAGE.pronouns


def count_sayers(asked: Answering) -> Answer | None:
    """Everybody whose words hold what is asked for, each with the best of them."""
    what, meant = split_place(asked, asked.query.claim)
    terms = tuple(w for w in content_words(what) if w not in _QUESTIONS.words)
    if not terms:
        return None
    inside, variants = frozenset(meant.ids), dict(asked.query.variants)
    said = [
        s
        for s in rank_statements(
            asked.ledger(terms), terms=terms, rarity=asked.rarity, variants=variants
        )
        if s.covered >= tuned.SAID_SO
        and s.statement.document_id in inside
        and fold(s.statement.speaker) not in _PRONOUNS.unresolved
        and not is_outlet(s.statement.speaker, known=asked.sources)
    ]
    voices = group_by_speaker(said, variants=variants)
    turned = negates(what)
    sides = [take_side(v.said[0].statement, terms).side for v in voices]
    against = [v.name for v, side in zip(voices, sides, strict=True) if (side == "for") is turned]
    voices = [v for v, side in zip(voices, sides, strict=True) if (side == "for") is not turned]
    total = count(len(meant.ids), "document")
    left_out = f"Left out, as they deny it or say otherwise: {'; '.join(against)}."
    if not voices:
        end = f" {left_out}" if against else ""
        return decline(asked, f"Nobody is reported with such words in the {total} searched.{end}")
    verb = "is" if len(voices) == 1 else "are"
    held = len({s.statement.document_id for v in voices for s in v.said})
    told = f"{verb} reported with such words, in {held:,} of {total}: “{what}”"
    rest = [v.name for v in voices[tuned.MAX_ROWS :]]
    notes = (left_out if against else None, tell_others(rest, of=len(rest)))
    return answer_rows(
        asked,
        _rows(asked, voices[: tuned.MAX_ROWS]),
        shape="count",
        headline=f"{count(len(voices), 'speaker')} {told}.",
        note=" ".join(filter(None, notes)) or None,
    )


def _rows(asked: Answering, voices: list[Voice]) -> list[Row]:
    documents = asked.get_documents(v.said[0].statement.document_id for v in voices)
    rows: list[Row] = []
    for voice in voices:
        statement = voice.said[0].statement
        document = documents.get(statement.document_id)
        if document is not None and stands_in(document.text, statement):
            label = voice.name + (f", {voice.role}" if voice.role else "")
            start, end = quote_within(document, statement, asked.holds)
            rows.append(Row(label[:1].upper() + label[1:], document, start, end))
    return rows
