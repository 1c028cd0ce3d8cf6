"""Who is against something, or for it: everybody whom a sentence names on that side.

"Who opposes ID cards?", "Who dissented in 2020?", "Who is for the wall and who is against it?": one
row a person. Knows no model.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.rows import Row, answer_rows, count, near_enough
from rag.answer.ledger import coverage
from rag.answer.quotes import Sentence
from rag.language import LANGUAGE
from rag.language.sentences import is_question
from rag.language.words import content_words, fold, overlap
from rag.statements.mentions import is_named
from rag.statements.voices import is_same_speaker
from rag.types import Answer, Document

_CALENDAR, _NAMES = LANGUAGE.calendar, LANGUAGE.names
_NEGATIONS, _STANCES = LANGUAGE.negations, LANGUAGE.stances
_TITLES = LANGUAGE.titles
_SIDES = {
    "supporting": (_STANCES.supporting, "for it"),
    "opposing": (_STANCES.opposing, "against it"),
}
_GENITIVE = re.compile(r"['’]s?$")


def list_people(asked: Answering) -> Answer | None:
    """Those whom sentences on what is asked about name on the side asked for, or on either; None if
    fewer than two (or none, of a day or a month)."""
    query = asked.query
    both = query.of_kind == "both"
    near, documents = _near(asked)
    rows: list[Row] = []
    told: list[str] = []
    for side, (words, how) in _SIDES.items():
        if query.of_kind not in (side, "both"):
            continue
        found = _of_side(asked, near, documents, words=words)
        if len(found) < 2:  # whom the sentences name before they take the side, however far
            found = _of_side(asked, near, documents, words=words, plainly=False)
        found = found[: tuned.MAX_ROWS]
        rows += [replace(row, label=f"{how.capitalize()}: {row.label}" if both else row.label)
                 for row in found]  # fmt: skip
        names = ", ".join(row.label for row in found) or "none"
        told.append(f"{how}: {names}" if both else f"{how}, as far as was found: {names}")
    if len(rows) < (1 if query.period else 2):
        return None
    head = (
        f"{count(len(rows), 'name')}{', as far as was found' if both else ''} – {'; '.join(told)}."
    )
    head = head if both else head.replace(" –", "", 1)
    note = "Whom the documents name otherwise may be missing."
    return answer_rows(asked, rows, shape="list", headline=head, note=note)


def _near(asked: Answering) -> tuple[list[Sentence], Mapping[str, Document]]:
    """The sentences that are likely enough, of the time that is asked about."""
    query = asked.query
    plain = replace(query, parts=())
    ranked, documents = asked.rank(plain, asked.search(plain, k=tuned.TIMELINE_PASSAGES))
    near = near_enough(ranked)
    if query.period is not None:  # "in March 2022": what is of then, if anything is
        since, until = query.period
        days = {id_: (d.date or "")[:10] for id_, d in documents.items()}
        then = [s for s in near if since <= days[s.evidence.passage.document_id] <= until]
        near = then or near
    return near, documents


def _of_side(
    asked: Answering,
    near: Sequence[Sentence],
    documents: Mapping[str, Document],
    *,
    words: re.Pattern[str],
    plainly: bool = True,
) -> list[Row]:
    rows: list[Row] = []
    for sentence in near:
        document = documents[sentence.evidence.passage.document_id]
        text = document.text[sentence.start : sentence.end]
        taken = words.search(text)
        if taken is None or is_question(text):
            continue
        if not _is_about(asked, document, sentence, at=taken.span()):
            continue
        for name in _find_people(asked, sentence, document, taken=taken, plainly=plainly):
            if not any(is_same_speaker(name, r.label) or _ends_in(name, r.label) for r in rows):
                rows.append(Row(name, document, sentence.start, sentence.end))
    return rows


def _ends_in(name: str, other: str) -> bool:
    """Whether one is the other with what they are before it: "Icon Morton Blackwell"."""
    short, long = sorted((name, other), key=len)
    return len(short.split()) > 1 and long.endswith(f" {short}")


def _is_about(
    asked: Answering, document: Document, sentence: Sentence, *, at: tuple[int, int]
) -> bool:
    """Whether a side is taken `at` a place of a sentence on what is asked about: a word of it
    stands close by, and most with the sentences before."""
    told = _CALENDAR.words | _STANCES.anything
    terms = [w for w in content_words(asked.query.claim) if w not in told and w.isalpha()]
    text = document.text[sentence.start : sentence.end]
    close = text[max(0, at[0] - tuned.SIDE_WITHIN) : at[1] + tuned.SIDE_WITHIN]
    if not terms or not overlap(terms, close):
        return not terms
    before = document.text[max(0, sentence.start - tuned.BEFORE_SIDE) : sentence.start]
    return coverage(terms, f"{before} {text}", rarity=asked.rarity) >= tuned.ABOUT_SIDE


def _find_people(
    asked: Answering,
    sentence: Sentence,
    document: Document,
    *,
    taken: re.Match[str],
    plainly: bool,
) -> list[str]:
    """Who is reported to say the sentence; else whom it names: behind the word that takes the side
    ("the endorsement of Graham", "Voting against: James Bullard."), or the last one before it."""
    said = asked.library.statements_within(document.id, sentence.start, sentence.end)
    # Their own side: not what a reporter says of others'.
    spoken = [
        s.speaker
        for s in said
        if s.kind != "turn"
        and _is_somebody(asked, s.speaker)
        and (not plainly or taken.re.search(s.cue) or _STANCES.own.search(s.content))
    ]
    if spoken:
        return spoken[:1]
    text = document.text[sentence.start : sentence.end]
    known = set(content_words(asked.query.text))
    found = []
    for match in _NAMES.sequence.finditer(text):
        name = " ".join(_strip(asked, match.group(), opens=match.start() == 0))
        if name and not set(content_words(name)) & known and _is_somebody(asked, name):
            found.append((match.span(), name))
    behind = [n for (start, _), n in found if start >= taken.end()]
    # Whose verb it is: an apposition and adverbs between at most ("Kean, the mayor, has backed").
    before = [
        n
        for (_, end), n in found
        if end <= taken.start()
        and (not plainly or _STANCES.takes.fullmatch(text[end : taken.start()]))
    ]
    by = _STANCES.taken_by.match(text, taken.end())
    if by and _GENITIVE.search(text[: taken.start()].rstrip()):
        # "Sessions's endorsement of Cruz" is his, and of Trump is another matter.
        return before[-1:] if set(content_words(text[by.end() :])[:2]) & known else []
    if by:
        return behind[:1]
    return before[-1:] or (behind if ":" in text[taken.end() :] else [])


def _is_somebody(asked: Answering, name: str) -> bool:
    """Whether a name is a person's or a body's ("the SNP"), and no mere word."""
    folded = frozenset(content_words(name))
    office = folded <= _TITLES.words | _TITLES.roles | _TITLES.role_words | _NAMES.adjectives
    return bool(folded) and is_named(name) and not office and not _is_common(asked, folded)


def _strip(asked: Answering, name: str, *, opens: bool) -> list[str]:
    """The words of a name without those that only open the sentence ("Voting", "Earlier") or say
    what it is of ("Icon Morton Blackwell"), and without its genitive."""
    little = LANGUAGE.stop_words.words | _NAMES.openers | _TITLES.words | _TITLES.before_names
    words = _GENITIVE.sub("", name).split()
    while words and (
        fold(words[0]).strip(".") in little
        or (opens and _NAMES.common_ending.search(words[0]))
        or (len(words) > 2 and asked.vocabulary.written(fold(words[0]))[:1].islower())
    ):
        words, opens = words[1:], False
    return words


def _is_common(asked: Answering, name: frozenset[str]) -> bool:
    """Whether a "name" is a day, a kind of body or a word that the documents write small."""
    called = _NAMES.groups | _NAMES.organisations | _NAMES.demonyms | _NAMES.adjectives
    if name <= _NEGATIONS.words | _CALENDAR.words | called:
        return True
    # "Home Secretary": an office, whose words are all written small elsewhere.
    return all(asked.vocabulary.written(w)[:1].islower() for w in name)
