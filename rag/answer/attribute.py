"""Questions about who said what → the statements that answer them, or why none does.

Knows nothing about how statements were found, nor how an answer is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.ledger import (
    Said,
    Voice,
    as_sentence,
    count_independent,
    coverage,
    denies,
    group_by_speaker,
    rank_by_topic,
    rank_statements,
)
from rag.answer.quotes import nothing_said
from rag.language import LANGUAGE
from rag.language.words import content_words, fold
from rag.statements.mentions import is_named
from rag.statements.voices import find_speakers, is_same_speaker
from rag.types import Statement

_PRONOUNS, _QUESTIONS = LANGUAGE.pronouns, LANGUAGE.questions
# What tells when.
_WHEN = LANGUAGE.calendar.words | LANGUAGE.calendar.relative


@dataclass(frozen=True, slots=True)
class Attributed:
    """What was found: statements to show in order, each under its speaker.

    With a `reason` the question is declined, and `statements` are the nearest. `note` is one line
    under the answer (how many independent sources, how many more statements).
    """

    voices: tuple[Voice, ...]
    statements: tuple[Statement, ...]
    reason: str | None = None
    note: str | None = None


def attribute(asked: Answering) -> Attributed | None:
    """The statements that answer; None where the question is another one or none come near.

    Where the documents cannot answer (`asked.declined`), only the nearest are looked for.
    """
    query = asked.query
    if query.parts:
        return None
    ranking = _Ranking(asked)
    if asked.declined is not None:
        nearest = [
            s.statement for s in ranking.rank(asked.candidates) if s.score >= tuned.NEAR_ABOVE
        ]
        return Attributed((), tuple(nearest[: tuned.NEAREST]), reason=asked.declined)
    if len(query.said_by) > 1:
        return _compare(ranking)
    if query.said_by:
        who = query.said_by[0]
        if fold(who).removeprefix("the ") in asked.outlets:
            return None
        return _said_by(who, ranking)
    if _QUESTIONS.asks_agreement.search(query.text):
        return _sides(ranking)
    if (query.who_said or query.wants_name) and not query.every_document:
        found = _who_said(ranking)
        if found is not None and _missed(found, ranking):
            return None
        return found
    return None


def _missed(found: Attributed, ranking: "_Ranking") -> bool:
    """Whether a sentence that no statement was found in holds clearly more of what is asked."""
    asked, terms = ranking.asked, ranking.terms
    best = found.voices[0].said[0].statement
    held = coverage(terms, f"{as_sentence(best)} {best.mention}", rarity=asked.rarity)
    most = max((coverage(terms, s, rarity=asked.rarity) for s in asked.sentences), default=0.0)
    return most > held + tuned.MISSED_BY


class _Ranking:
    """Ranks statements for one question, its speakers' names left out of what was said."""

    def __init__(self, asked: Answering) -> None:
        self.asked = asked
        query = asked.query
        names = {w for name in query.said_by for w in content_words(name)}
        claimed = [w for w in content_words(query.claim) if w not in _QUESTIONS.words]
        self.terms = tuple(w for w in claimed or query.terms if w not in names)
        if len(query.said_by) > 1 and not claimed:
            self.terms = ()  # "Compare what Ross and Michael said": all of it
        # A day is when it was said, seldom what was said.
        undated = tuple(t for t in self.terms if t not in _WHEN and not t.isdigit())
        if (query.dates or query.period) and undated:
            self.terms = undated

    @property
    def variants(self) -> dict[str, str]:
        """Other spellings of what the question holds."""
        return dict(self.asked.query.variants)

    def rank(self, statements: Sequence[Statement], *, read: bool = False) -> list[Said]:
        """By their words, and where they are `read` by how near they come as well."""
        return rank_statements(
            statements,
            read=self._read if read else None,
            terms=self.terms,
            rarity=self.asked.rarity,
            phrases=self.asked.query.phrases,
            variants=self.variants,
        )

    def _read(self, statements: Sequence[Statement]) -> list[float]:
        topic = self.asked.query.topic
        places = [(s.document_id, s.start, s.end) for s in statements]
        matches = self.asked.match_sentences(topic, places)
        return [read.alone.whole for read, _ in matches] if matches else [1.0] * len(places)

    def find_own(self, who: str) -> list[Statement]:
        """What those say whom `who` may mean."""
        names = find_speakers(who, self.asked.speakers_like(who), variants=self.variants)
        return self.asked.statements_by(names) if names else []


def _who_said(ranking: _Ranking) -> Attributed | None:
    ranked = [s for s in ranking.rank(ranking.asked.candidates) if _speaks_of_itself(s.statement)]
    if not ranked or ranked[0].score < tuned.ANSWER_ABOVE:
        return None
    voices = group_by_speaker(ranked, variants=ranking.variants)
    best = voices[0].score
    kept = [
        replace(v, said=_kept(v.said, best=best, most=tuned.MAX_EACH))
        for v in voices[: tuned.MAX_VOICES]
        if v.score >= tuned.KEEP_STATEMENT * best
    ]
    statements = tuple(s.statement for v in kept for s in v.said)
    if ranking.asked.query.wants_name and not is_named(kept[0].name):
        return Attributed(
            tuple(kept),
            statements[: tuned.NEAREST],
            reason=f"The documents give no name: only “{kept[0].name}”.",
        )
    return Attributed(tuple(kept), statements, note=_sources(statements))


def _said_by(who: str, ranking: _Ranking) -> Attributed | None:
    own = ranking.find_own(who)
    if not own:
        return _not_said(who, ranking, own=[]) if is_named(who) else None
    if not ranking.terms:
        return _listed(who, own)
    ranked = ranking.rank(own, read=True)
    if ranked[0].score < tuned.SPEAKER_ABOVE and ranking.asked.wants_questions:
        # "What did Mr Hale ask the witness?": whom somebody asked is not in what they ask.
        asked = [s for s in own if s.asks]
        if asked:
            return _listed(who, asked)
    if ranked[0].score < tuned.SPEAKER_ABOVE:
        return _not_said(who, ranking, own=ranked) if is_named(who) else None
    kept = _kept(ranked, best=ranked[0].score, most=tuned.MAX_OF_ONE, least=tuned.KEEP_OWN)
    voices = group_by_speaker(kept, variants=ranking.variants)
    best = kept[0].statement
    # The best one first; the others in the order of their days.
    others = sorted((s.statement for s in kept[1:]), key=_when)
    more = sum(s.score >= tuned.SPEAKER_ABOVE for s in ranked) - len(kept)
    come = "statement comes" if more == 1 else "statements come"
    note = f"{more} more {come} near, of {voices[0].name}." if more > 0 else None
    return Attributed(tuple(voices), (best, *others), note=note)


def _listed(who: str, own: Sequence[Statement]) -> Attributed:
    """Everything that somebody says, in the order of days."""
    ordered = sorted(own, key=_when)
    shown = ordered[: tuned.MAX_LISTED]
    voices = group_by_speaker([Said(s, 1.0) for s in shown])
    more = len(ordered) - len(shown)
    note = f"{more} more statements by {who}." if more > 0 else None
    return Attributed(tuple(voices), tuple(shown), note=note)


def _not_said(who: str, ranking: _Ranking, *, own: Sequence[Said]) -> Attributed | None:
    """Declines with who did say it, and what of `who` comes nearest."""
    others = [
        s
        for s in ranking.rank(ranking.asked.candidates)
        if not is_same_speaker(who, s.statement.speaker, variants=ranking.variants)
        and _speaks_of_itself(s.statement)
    ]
    near = others[: tuned.NEAREST]
    # Named as those who do say it only where they say nearly all of it, and have a name: a
    # misread one ("our decision today to taper") would be a false reason.
    spoke = [s for s in near if s.covered >= tuned.SAYS_SAME and is_named(s.statement.speaker)]
    nearest = [s.statement for s in own[:1]]
    if spoke:
        by = "; ".join(
            dict.fromkeys(
                s.statement.speaker + (f" ({s.statement.role})" if s.statement.role else "")
                for s in spoke
            )
        )
        reason = f"The documents report no such words of {who}. They report them of: {by}."
    elif own or any(s.score >= tuned.ANSWER_ABOVE for s in near):
        reason = nothing_said(who)
    else:
        return None
    others_near = [s.statement for s in near if s.score >= tuned.ANSWER_ABOVE]
    statements = (*others_near, *nearest)
    return Attributed((), statements, reason=reason)


def _compare(ranking: _Ranking) -> Attributed | None:
    """What each of two speakers says, side by side."""
    sides: list[Voice] = []
    missing: list[str] = []
    for who in ranking.asked.query.said_by:
        ranked = ranking.rank(ranking.find_own(who), read=True)
        kept = _kept(ranked, best=ranked[0].score, most=tuned.MAX_EACH + 1) if ranked else ()
        if not kept or (ranking.terms and kept[0].score < tuned.SPEAKER_ABOVE):
            missing.append(who)
            continue
        sides.append(replace(group_by_speaker(kept)[0], said=tuple(kept)))
    if not sides or any(not ranking.find_own(who) for who in missing):
        return None  # of whom no words are known, others may tell
    statements = tuple(s.statement for v in sides for s in v.said)
    if missing:
        note = f"The documents report nothing of {' or '.join(missing)} about this."
        return Attributed(tuple(sides), statements, note=note)
    return Attributed(tuple(sides), statements)


def _sides(ranking: _Ranking) -> Attributed | None:
    """What each speaker says to a question that asks all documents."""
    asked = ranking.asked
    near = rank_by_topic(
        asked.query.topic,
        asked.candidates,
        terms=asked.query.terms,
        rarity=asked.rarity,
        read=asked.match_sentences,
    )
    ranked = [s for s in near if _speaks_of_itself(s.statement)]
    voices = group_by_speaker(ranked, variants=ranking.variants)
    chosen: list[Voice] = []
    seen: set[str] = set()
    # One voice of each document first, so that no document drowns another.
    for fresh in (True, False):
        for voice in voices:
            document = voice.said[0].statement.document_id
            if voice in chosen or (fresh and document in seen) or voice.score < tuned.SIDE_ABOVE:
                continue
            if len(chosen) < tuned.MAX_SIDES:
                chosen.append(voice)
                seen.add(document)
    if len(chosen) < 2 or max(v.said[0].covered for v in chosen) < tuned.SIDE_COVERS:
        return None
    sides = sorted(
        (replace(v, said=v.said[:1]) for v in chosen),
        key=lambda v: (denies(v.said[0].statement), -v.score, v.name),
    )
    statements = tuple(v.said[0].statement for v in sides)
    against = sum(denies(s) for s in statements)
    note = " ".join(filter(None, [f"{len(sides)} speakers.", _sources(statements)]))
    if 0 < against < len(sides):
        note = f"They do not all say the same: {against} of {len(sides)} deny or negate. " + note
    return Attributed(tuple(sides), statements, note=note)


def _kept(
    ranked: Sequence[Said], *, best: float, most: int, least: float = tuned.KEEP_STATEMENT
) -> tuple[Said, ...]:
    return tuple(s for s in ranked if s.score >= least * best)[:most]


def _speaks_of_itself(statement: Statement) -> bool:
    """Whether the speaker is known at all: an unresolved "it" or "they" names nobody."""
    return fold(statement.speaker) not in _PRONOUNS.unresolved


def _sources(statements: Sequence[Statement]) -> str | None:
    documents = len({s.document_id for s in statements})
    if documents < 2:
        return None
    independent = count_independent(statements)
    return f"In {documents} documents, {independent} independent source{'s' * (independent != 1)}."


def _when(statement: Statement) -> tuple[str, str, int]:
    return statement.date or "9999", statement.document_id, statement.start
