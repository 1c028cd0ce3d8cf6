"""Who is against something, or for it: everybody whom a sentence names on that side.

"Who opposes ID cards?", "Who dissented in 2020?": one row a person. Knows no model.
"""

from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import Row, answer_rows, count, near_enough
from rag.answer.quotes import Sentence
from rag.language import LANGUAGE
from rag.language.sentences import is_question
from rag.language.words import content_words, fold
from rag.statements.mentions import is_named
from rag.statements.voices import is_same_speaker
from rag.types import Answer, Document

_CALENDAR, _NAMES = LANGUAGE.calendar, LANGUAGE.names
_NEGATIONS, _STANCES = LANGUAGE.negations, LANGUAGE.stances
_SIDES = {"opposing": "against it", "supporting": "for it"}


def list_people(asked: Answering) -> Answer | None:
    """Those whom sentences near the question name on the side asked for; None if fewer than two
    (or none, of a day or a month)."""
    query = asked.query
    words = _STANCES.opposing if query.of_kind == "opposing" else _STANCES.supporting
    plain = replace(query, parts=())
    ranked, documents = asked.rank(plain, asked.search(plain, k=tuned.TIMELINE_PASSAGES))
    near = near_enough(ranked)
    if query.period is not None:  # "in March 2022": what is of then, if anything is
        since, until = query.period
        days = {id_: (d.date or "")[:10] for id_, d in documents.items()}
        then = [s for s in near if since <= days[s.evidence.passage.document_id] <= until]
        near = then or near
    rows: list[Row] = []
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        text = document.text[sentence.start : sentence.end]
        taken = words.search(text)
        if taken is None or is_question(text):
            continue
        for name in _find_people(asked, sentence, document, before=taken.start()):
            known = any(is_same_speaker(name, row.label) for row in rows)
            if len(rows) < tuned.MAX_ROWS and not known:
                rows.append(Row(name, document, sentence.start, sentence.end))
    if len(rows) < (1 if query.period else 2):
        return None
    told = ", ".join(row.label for row in rows)
    head = f"{count(len(rows), 'name')} {_SIDES[query.of_kind]}, as far as was found: {told}."
    note = "Whom the documents name otherwise may be missing."
    return answer_rows(asked, rows, shape="list", headline=head, note=note)


def _find_people(
    asked: Answering, sentence: Sentence, document: Document, *, before: int
) -> list[str]:
    """Who is reported to say the sentence; else whom it names: the last one before the word that
    takes the side, or those behind it ("Voting against this action: James Bullard.")."""
    said = asked.library.statements_within(document.id, sentence.start, sentence.end)
    spoken = [
        s.speaker
        for s in said
        if s.kind != "turn"
        and is_named(s.speaker)
        and not _is_common(asked, frozenset(content_words(s.speaker)))
    ]
    if spoken:
        return spoken[:1]
    text = document.text[sentence.start : sentence.end]
    known = set(content_words(asked.query.text))
    found = []
    for match in _NAMES.sequence.finditer(text):
        name = " ".join(_strip(match.group(), opens=match.start() == 0))
        folded = frozenset(content_words(name))
        if folded and not folded & known and not _is_common(asked, folded):
            found.append((match.start(), name))
    return [n for start, n in found if start < before][-1:] or [n for _, n in found]


def _strip(name: str, *, opens: bool) -> list[str]:
    """The words of a name without those that only open the sentence ("Voting", "Earlier")."""
    little = LANGUAGE.stop_words.words | _NAMES.openers
    words = name.split()
    while words and (fold(words[0]) in little or (opens and _NAMES.common_ending.search(words[0]))):
        words, opens = words[1:], False
    return words


def _is_common(asked: Answering, name: frozenset[str]) -> bool:
    """Whether a "name" is a day, a kind of body or a word that the documents write small."""
    if name <= _NEGATIONS.words | _CALENDAR.words | _NAMES.groups | _NAMES.organisations:
        return True
    return len(name) == 1 and asked.vocabulary.written(min(name))[:1].islower()
