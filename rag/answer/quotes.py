"""Quotes: which sentences answer best, when none does, and how each is shown word for word.

Knows nothing about how evidence was found or what a language model is.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rag import tuned
from rag.answer.ledger import coverage
from rag.answer.likelihood import Features, likelihood, nearness
from rag.check.claims import asks_for_orders
from rag.language import LANGUAGE
from rag.language.dates import head_of
from rag.language.sentences import is_question, sentences
from rag.language.words import content_words, fold, number_forms, overlap, words
from rag.models import Match, Read, SentenceReader
from rag.question.names import names_somebody
from rag.types import Citation, Document, Evidence, Query, Statement

_CALENDAR = LANGUAGE.calendar
_NAMES = LANGUAGE.names
_NUMBERS = LANGUAGE.numbers
_QUESTIONS = LANGUAGE.questions
_PRONOUNS = LANGUAGE.pronouns
_VERBS = LANGUAGE.verbs

_COMMON = LANGUAGE.stop_words.words | LANGUAGE.calendar.words | LANGUAGE.questions.words
# The engine's name, where another answer has its language model's.
QUOTES = "quotes"
_FORM_ROW = re.compile(r"[^\n|]{1,80}: \|[^\n]*")
_CAPITALISED = re.compile(r"(?<![^\W_])(?:[^\W\d_a-z]|\d)[^\W_]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the evidence with how likely it answers, 0 to 1, and how well beside the
    others (`nearness`), by which they are ordered; and whether it asks, or who says it does."""

    evidence: Evidence
    start: int
    end: int
    score: float
    near: float
    asks: bool = False


def why_not(
    query: Query,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
) -> str | None:
    """Why the evidence cannot answer, told before any score, or None."""
    if query.refused:
        return query.refused
    if not query.terms:
        return "This is no question that documents could answer."
    if asks_for_orders(query.text):
        return "This asks for something else than what the documents say."
    if not evidence:
        return "No passage has any of these words."
    for phrase in query.phrases:
        wanted = content_words(phrase)
        texts = [e.passage.text for e in evidence]
        if len(wanted) > 1 and all(
            len(overlap(wanted, t)) < tuned.PHRASE_SHARE * len(wanted) for t in texts
        ):
            return "The quoted words stand in no document."
    texts = _whole_texts(evidence, documents)
    for name in query.strangers:
        if not any(_spells_out(name, text) for text in texts):
            return f"The documents never mention “{name}”."
    return None


def nothing_said(who: str) -> str:
    """Why a question for somebody's words is declined: of what was found, not of what there is."""
    return f"Nothing found that {who} says comes near this."


def unmentioned(
    query: Query,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
    outlets: Collection[str] = (),
    speakers: Collection[str] = (),
) -> str | None:
    """Which name of the question the evidence's documents do not hold, in words, or None: a doubt
    that only a sentence which clearly answers overcomes.

    `outlets` are the folded words of the names of all outlets in the library, `speakers` names of
    the question whose statements it has: neither need be named where they speak.
    """
    texts = _whole_texts(evidence, documents)
    named: set[str] = set()
    if query.names:  # or the documents need not be read from end to end
        named = {fold(w) for text in texts for w in set(_CAPITALISED.findall(text))}
    for name in query.names:
        parts = [w for w in content_words(name) if len(w) > 1 and w not in _CALENDAR.words]
        if name in speakers or any(p in outlets for p in parts) or not names_somebody(name):
            continue  # an outlet need not be named in its own article
        here = any(form in named for p in parts for form in number_forms(p))
        also = _NAMES.also.get(fold(name).removeprefix("the "), ())
        here = here or any(all(w in named for w in other.split()) for other in also)
        if parts and not here and not any(_spells_out(name, text) for text in texts):
            return f"The passages nearest to this question do not mention “{name}”."
    return None


def _whole_texts(evidence: Sequence[Evidence], documents: Mapping[str, Document]) -> list[str]:
    found = (documents[i] for i in sorted({e.passage.document_id for e in evidence}))
    return ["\n".join(filter(None, (d.title, d.source, d.date, d.text))) for d in found]


def rank_sentences(
    query: Query,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
    rarity: Mapping[str, float],
    read: SentenceReader | None = None,
    asking: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    voices: Mapping[str, Sequence[tuple[int, int, str]]] | None = None,
    wants_questions: bool = False,
) -> list[Sentence]:
    """Every sentence of the evidence once, best first; ties by document and position.

    `read` tells how near sentences come to the question; without it their words alone decide.
    `asking` is where in each document somebody asks: what stands there is no answer, unless it is
    what was asked that is wanted. `voices` is who speaks where: (start, end, name).
    """
    rows = read_sentences(
        query,
        evidence,
        documents=documents,
        rarity=rarity,
        read=read,
        asking=asking,
        voices=voices,
    )
    phrases = [fold(p) for p in query.phrases]
    scored: list[Sentence] = []
    for (id_, start, end), item, features in rows:
        known = replace(features, asks=features.asks and not wants_questions)
        score, near = likelihood(known), nearness(known)
        if phrases and any(p in fold(documents[id_].text[start:end]) for p in phrases):
            score = 1 - (1 - score) * tuned.SENTENCE_PHRASE
            near += tuned.NEAR_PHRASE
        elif _is_heading(documents[id_], start, end):
            score *= tuned.SENTENCE_HEADING
            near -= tuned.NEAR_PHRASE
        scored.append(Sentence(item, start, end, score, round(near, 9), known.asks))
    return sorted(scored, key=lambda s: (-s.near, s.evidence.passage.document_id, s.start))


def read_sentences(
    query: Query,
    evidence: Sequence[Evidence],
    *,
    documents: Mapping[str, Document],
    rarity: Mapping[str, float],
    read: SentenceReader | None = None,
    asking: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    voices: Mapping[str, Sequence[tuple[int, int, str]]] | None = None,
) -> list[tuple[tuple[str, int, int], Evidence, Features]]:
    """((document, start, end), the evidence it is of, what is known of it), each sentence once."""
    seen: dict[tuple[str, int, int], Evidence] = {}
    for item in evidence:
        passage = item.passage
        for start, end in sentences(passage.text):
            key = (passage.document_id, passage.start + start, passage.start + end)
            seen.setdefault(key, item)
    unread: list[tuple[Read | None, Match | None]] = [(None, None)] * len(seen)
    spoken = [_spoken_by(key, voices or {}) for key in seen]
    matches = (read(query.topic, list(seen), spoken) if read else None) or unread
    wanted = _Wanted.by(query.text)
    best = max((e.score for e in evidence), default=1.0) or 1.0
    around = {
        e.number: coverage(
            query.terms,
            f"{head_of(d.title, d.source, d.date)} {e.passage.text}",
            rarity=rarity,
        )
        for e in evidence
        if (d := documents[e.passage.document_id])
    }
    found = []
    for (key, item), (sentence, passage_match) in zip(seen.items(), matches, strict=True):
        text = documents[key[0]].text[key[1] : key[2]]
        inside = (asking or {}).get(key[0], ())
        asks = is_question(text) or any(s <= key[1] < e for s, e in inside)
        features = Features(
            sentence=sentence,
            passage=passage_match,
            covers=coverage(
                query.terms,
                text + _column_heads(documents[key[0]].text, key[1], key[2]),
                rarity=rarity,
            ),
            passage_covers=around[item.number],
            found=item.score / best,
            fits=wanted.fits(text),
            asks=asks,
        )
        found.append((key, item, features))
    return found


def _spoken_by(
    sentence: tuple[str, int, int], voices: Mapping[str, Sequence[tuple[int, int, str]]]
) -> str:
    """Who says a sentence, "" where nobody is known to."""
    id_, start, end = sentence
    return next((who for s, e, who in voices.get(id_, ()) if s < end and start < e), "")


def _column_heads(text: str, start: int, end: int) -> str:
    """The heads of the columns above a row of a table: "7 | 7" says nothing without them."""
    if " | " not in text[start:end]:
        return ""
    first = text.rfind("\n\n", 0, start)
    first = first + 2 if first >= 0 else 0
    return f" {text[first : _line_end(text, first)]}"


def _is_heading(document: Document, start: int, end: int) -> bool:
    """Whether a line only names what follows: the title, or a few words on a line of their own."""
    text = document.text[start:end].strip()
    before = document.text[start - 1] if start else "\n"
    alone = before == "\n" and document.text[end : end + 2] == "\n\n"
    few = len(text.split()) <= tuned.HEADING_WORDS and text[-1:].isalpha() and "|" not in text
    return text == document.title or (alone and few)


def choose(
    ranked: Sequence[Sentence], *, documents: Mapping[str, Document], several: bool = False
) -> list[Sentence]:
    """The best of `ranked` (one at least) and up to two more that come near and say more.

    They need not come so near where `several` are wanted (the question has parts or sides) or where
    it is not sure that the first one answers.
    """
    sure = ranked[0].score >= tuned.SURE and not several
    keep = tuned.KEEP_QUOTE if sure else tuned.KEEP_PARTS
    chosen = [ranked[0]]
    for sentence in ranked[1:]:
        behind = ranked[0].near - sentence.near
        if len(chosen) == tuned.MAX_QUOTES or behind > tuned.KEEP_NEXT:
            break
        # "… suffered after 2011. Refusing to side with Assad, Hamas …": the next sentence says why.
        if (behind <= keep or _follows(sentence, ranked[0])) and not _repeats(
            sentence, chosen, documents=documents
        ):
            chosen.append(sentence)
    return chosen


def _follows(sentence: Sentence, other: Sentence) -> bool:
    one, two = sentence.evidence.passage, other.evidence.passage
    gap = sentence.start - other.end
    return one.document_id == two.document_id and 0 <= gap <= tuned.NEXT_GAP


def _repeats(
    sentence: Sentence, chosen: Sequence[Sentence], *, documents: Mapping[str, Document]
) -> bool:
    """Whether the same document already says this; another document saying it corroborates."""
    text = documents[sentence.evidence.passage.document_id].text
    mine = set(content_words(text[sentence.start : sentence.end]))
    for other in chosen:
        if other.evidence.passage.document_id != sentence.evidence.passage.document_id:
            continue
        theirs = set(content_words(text[other.start : other.end]))
        if len(mine & theirs) >= tuned.SAME_QUOTE * max(1, min(len(mine), len(theirs))):
            return True
    return False


def quote_statement(text: str, statement: Statement) -> tuple[int, int]:
    """The whole sentences of `text` that a statement stands in, its speaker's with them."""
    start = text.rfind("\n", 0, statement.start) + 1
    end = text.find("\n", statement.end)
    end = len(text) if end < 0 else end
    found = [(start + s, start + e) for s, e in sentences(text[start:end])]
    touched = [f for f in found if f[0] < statement.end and statement.start < f[1]]
    if not touched:
        return statement.start, statement.end
    first = statement.lead_span[0] if statement.lead_span else statement.start
    return min(touched[0][0], first), max(touched[-1][1], statement.end)


def stands_in(text: str, statement: Statement) -> bool:
    """Whether `text` still says it, letter for letter."""
    pieces = (" ".join(text[start:end].split()) for start, end in statement.content_spans)
    return " … ".join(pieces) == statement.content


def show_speaker(statement: Statement) -> str:
    """Who said it, what they are and through whom it came, on one line."""
    who = statement.speaker
    who = who[:1].upper() + who[1:]
    if statement.role:
        who += f", {statement.role}"
    if statement.via:
        who += f" (through {', '.join(statement.via)})"
    return who


def show_words(statement: Statement) -> str:
    """What was said, on one line, behind its cue where it is not quoted."""
    if statement.kind == "direct":
        return statement.content
    cue = f"{statement.cue} {statement.to}".strip()
    mark = " " if statement.content[:1].islower() or not cue else ": "
    return f"{cue}{mark}{statement.content}"


def with_speaker(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the neighbouring sentences that name who said it.

    News puts the speaker behind the last of several sentences ("... Its fighters were not even on
    alert, three sources said."), or names them a sentence earlier and goes on with "he said".
    """
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    spans = [(line_start + s, line_start + e) for s, e in sentences(text[line_start:line_end])]
    after = [s for s in spans if s[0] >= end][:1]
    before = [s for s in spans if s[1] <= start][::-1]
    if not _VERBS.cue.search(text[start:end]):
        if after and _VERBS.cue.search(text[slice(*after[0])]):
            end = after[0][1]
        elif before and _VERBS.cue.search(text[slice(*before[0])]):
            start = before.pop(0)[0]
    for earlier in before[: tuned.MAX_BACK]:
        if not _PRONOUNS.speaks.search(text[start:end]):
            break
        start = earlier[0]
        if _VERBS.cue.search(text[slice(*earlier)]) and not _PRONOUNS.speaks.search(
            text[slice(*earlier)]
        ):
            break
    return start, end


def with_form(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the other rows of its form: "Gifts received: | A watch" is of the member above.

    A row of a form is a label with a colon, a bar and what was filled in; a longer form than
    `tuned.FORM_CHARACTERS` is shown by its row alone.
    """
    first, last = text.rfind("\n", 0, start) + 1, _line_end(text, end)
    if _FORM_ROW.match(text, first, last) is None:
        return start, end
    while first and _FORM_ROW.match(text, above := text.rfind("\n", 0, first - 1) + 1, first - 1):
        first = above
    while last < len(text) and _FORM_ROW.match(text, last + 1, _line_end(text, last + 1)):
        last = _line_end(text, last + 1)
    return (first, last) if last - first <= tuned.FORM_CHARACTERS else (start, end)


def _line_end(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question asks for: a number or a day by this `pattern`, a name that is none of the
    `known` words, a reason; None and False where it does not."""

    pattern: re.Pattern[str] | None
    known: frozenset[str] | None
    reason: bool

    @classmethod
    def by(cls, question: str) -> "_Wanted":
        asked, pattern = fold(question), None
        if _QUESTIONS.how_many.search(asked):
            pattern = _NUMBERS.answers
        elif _QUESTIONS.when.search(asked):
            pattern = _CALENDAR.answers
        who = _QUESTIONS.asks_who.search(asked) is not None
        known = _COMMON | frozenset(words(question)) if who else None
        return cls(pattern, known, _QUESTIONS.asks_why.search(asked) is not None)

    def fits(self, sentence: str) -> tuple[float, float, float]:
        """Whether a sentence has the number or day, the name, the reason: each 1 if it has, -1 if
        it lacks it, 0 where none is asked for."""
        told, known = fold(sentence), self.known
        number = name = reason = None
        if self.pattern is not None:
            number = self.pattern.search(told) is not None
        if known is not None:
            named = _CAPITALISED.findall(sentence[1:])
            name = any(fold(w) not in known for w in named)
        if self.reason:
            reason = _QUESTIONS.reasons.search(told) is not None
        return _sign(number), _sign(name), _sign(reason)


def _sign(has: bool | None) -> float:
    return 0.0 if has is None else 1.0 if has else -1.0


def _spells_out(name: str, text: str) -> bool:
    """Whether `text` holds the words that `name` abbreviates ("UN", "United Nations")."""
    letters = name.replace(".", "")
    if not (letters.isalpha() and letters.isupper() and 2 <= len(letters) <= 6):
        return False
    between = rf"[\w’'-]*\s+(?:(?:{_NAMES.left_out})\s+)*"
    return bool(re.search(rf"\b{between.join(letters)}\w", text))


def show_quote(citation: Citation) -> str:
    """The quote on one line, with its outlet and date where they are known."""
    quote = " ".join(citation.quote.split())
    origin = ", ".join(filter(None, (citation.source, citation.date)))
    return f"{quote} — {origin}" if origin else quote
