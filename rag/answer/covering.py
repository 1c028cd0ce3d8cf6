"""Whether a worded answer says what the quotes say: the number, the name, the side that is asked.

Knows no model: what does not is shown below the quotes.
"""

from collections.abc import Sequence

from rag import tuned
from rag.answer.first_line import asks_yes_or_no, value_of
from rag.answer.quotes import Sentence
from rag.check.citations import Verified
from rag.check.claims import tokens
from rag.check.reading import is_content, is_within
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold, overlap
from rag.statements.mentions import read_mention
from rag.types import Answer, Citation, Passage, Query, Statement

_QUESTIONS = LANGUAGE.questions


def covers(
    worded: Verified,
    quoted: Answer,
    query: Query,
    *,
    near: Sequence[Sentence] = (),
    beside: bool = False,
) -> bool:
    """Whether what stands of `worded` tells what `quoted` answers `query` with; `near` are the
    sentences that answer it next best. It need not tell all where the quotes stand `beside` it."""
    text = worded.text
    if not worded.citations:
        return False
    if quoted.shape:
        return _covers_rows(worded, quoted, least=1 if beside else tuned.COVERED_POINTS)
    if (query.who_said or query.said_by) and quoted.statements:
        named = [s for s in quoted.statements if _names(text, s)]
        if not named or (query.said_by and len(query.said_by) > 1 and len(named) < 2):
            return False
        if query.who_said:
            return True
    if quoted.headline and not _tells(text, quoted.headline, query):
        return False
    if not quoted.headline and not _gives_number(text, quoted, query):
        return False
    return _meets(worded, quoted, query) or _is_about(worded, quoted, query, near, beside=beside)


def drop_echo(text: str, quoted: Answer, query: Query) -> str:
    """A small model's `text` without a sentence that answers a question of yes or no by saying it
    over: its words stand in the passages whatever the answer is. It stays where the quotes decide
    the question in the same way."""
    if not asks_yes_or_no(query.topic):
        return text
    asked = {t.key for t in tokens(query.text)}
    kept = []
    for start, end in sentences(text):
        found = tokens(text[start:end])
        verdict = fold(found[0].text) if found and _is_verdict(found[0].text) else ""
        own = [t for t in found if is_content(t) and not _is_verdict(t.text)
               and t.key not in asked and not is_within(t.key, asked)]  # fmt: skip
        # One verb may be another form of the question's: "did it win" → "it won".
        echoes = not own or (len(own) == 1 and own[0].kind == "word" and bool(verdict))
        decided = bool(verdict) and quoted.headline.lower().startswith(verdict)
        if decided:
            kept.append(text[start:end])
        elif not echoes:
            # "Yes, he said that he could not tell": the yes is the model's own.
            rest = text[start + found[0].end if verdict else start : end].lstrip(" ,.:;–—-")
            kept.append(rest[:1].upper() + rest[1:])
    return " ".join(kept)


def _is_verdict(word: str) -> bool:
    return LANGUAGE.reports.verdicts.fullmatch(word) is not None


def _covers_rows(worded: Verified, quoted: Answer, *, least: int) -> bool:
    """Of a comparison both sides, of a summary several of its points."""
    cited = {n for n, c in enumerate(quoted.citations) if _cites(worded, c)}
    labels = {quoted.labels[n] for n in cited}
    if quoted.shape == "compare":
        return labels == set(quoted.labels)
    return len(cited) >= min(least, len(quoted.citations))


def _cites(worded: Verified, place: Citation | Passage) -> bool:
    """Whether it cites words of `place`."""
    return any(
        c.document_id == place.document_id and c.start < place.end and place.start < c.end
        for c in worded.citations
    )


def _names(text: str, statement: Statement) -> bool:
    """Whether `text` names a speaker: by surname, or by what else they are called."""
    name = read_mention(statement.speaker).name
    wanted = content_words(name or statement.speaker)[-1:]
    return not wanted or bool(overlap(wanted, text))


def _tells(text: str, headline: str, query: Query) -> bool:
    """The line that answers: its number or day is in `text`, or its yes or no is no other one."""
    if asks_yes_or_no(query.topic):
        first = next((t.key for t in tokens(text)), "")
        told = {w for w in ("yes", "no") if headline.lower().startswith(w)}
        return first not in {"yes", "no"} - told if told else first not in ("yes", "no")
    value = value_of(headline)
    held = tokens(text)
    if value is not None:
        return any(t.value == value for t in held)
    keys = {t.key for t in held}
    numbers = {t.key for t in tokens(headline) if t.kind in ("number", "date")}
    return numbers <= keys or any(t.value in {x.value for x in held} for t in tokens(headline)
                                  if t.value is not None)  # fmt: skip


def _gives_number(text: str, quoted: Answer, query: Query) -> bool:
    """Where a number or a day is asked for, one of those that the quotes have."""
    asked = fold(query.text)
    kinds = [
        kind
        for kind, pattern in (("number", _QUESTIONS.how_many), ("date", _QUESTIONS.when))
        if pattern.search(asked)
    ]
    told = {t.key for c in quoted.citations for t in tokens(c.quote) if t.kind in kinds}
    return not told or bool(told & {t.key for t in tokens(text)})


def _meets(worded: Verified, quoted: Answer, query: Query) -> bool:
    """Whether it cites what is quoted, or says most of what the first quote adds to the question;
    of a question for several documents as many of them."""
    documents = {c.document_id for c in quoted.citations}
    if (query.parts or query.every_document) and len(documents) > 1:
        return len({c.document_id for c in worded.citations} & documents) > 1
    if any(_cites(worded, c) for c in quoted.citations):
        return True
    known = {t.key for t in tokens(query.text)}
    wanted = {t.key for t in tokens(quoted.citations[0].quote) if is_content(t)} - known
    held = {t.key for t in tokens(worded.text)}
    said = sum(is_within(k, held) for k in wanted)
    return bool(wanted) and said >= tuned.COVERED * len(wanted)


def _is_about(
    worded: Verified, quoted: Answer, query: Query, near: Sequence[Sentence], *, beside: bool
) -> bool:
    """Whether it gives the number that the first quote has, or keeps to the question and cites one
    of the passages that answer best; of a question for two things what is quoted counts alone."""
    if not beside and (_QUESTIONS.second_ask.search(query.text) or query.said_by):
        return False
    if _QUESTIONS.how_many.search(fold(query.text)):
        told = {t.key for t in tokens(worded.text) if t.kind == "number"}
        if told & {t.key for t in tokens(quoted.citations[0].quote)}:
            return True
    cites = any(_cites(worded, s.evidence.passage) for s in near[: tuned.COVERED_BY_NEXT])
    terms = [t for t in query.terms if len(t) > 1]
    return cites and len(overlap(terms, worded.text)) >= tuned.COVERED * len(terms)
