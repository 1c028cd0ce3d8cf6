"""Document → who said what, with exact spans. Knows nothing about indexes or questions.

Quotation marks are found first (`quotations`), then the reporting clauses of each sentence
(`clauses`, by the words of a `Language`); both are put together here, and `speakers` says whom each
mention names.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from rag import tuned
from rag.language import LANGUAGE, Language
from rag.language.sentences import MAX_SENTENCE_CHARACTERS, Span, paragraphs, sentences, unwrap
from rag.statements.assembly import _WORD, Draft, assemble, find_leads
from rag.statements.clauses import Clause, read_sentence
from rag.statements.mentions import is_outlet
from rag.statements.places import Places
from rag.statements.quotations import find_quotations
from rag.statements.speakers import Speaker, Speakers
from rag.statements.turns import Turn, cased, find_author, find_turns, groups, is_menu
from rag.types import Document, Statement

__all__ = ["extract", "whole_sentences"]
# Sentences are put together behind "Mr." up to so many characters.
_MAX_JOINED = 2 * MAX_SENTENCE_CHARACTERS
# "… in May. “It will be fine,” she said.": two sentences.
_BEFORE_QUOTATION = re.compile(r"(?<=[a-z]{2}[.!?])\s+(?=“[A-Z])")


def extract(document: Document, *, language: Language = LANGUAGE) -> list[Statement]:
    """The statements of `document`, which is written in `language`, in order of their words.

    `document.text[start:end]` of every span gives the words meant.
    """
    # As long as the text, so that every span is of the text too.
    text = unwrap(document.text[: document.body])
    quotations = find_quotations(text)
    spans = whole_sentences(text, language=language, unwrapped=True)
    clauses = [
        _moved(clause, start)
        for start, end in spans
        for clause in read_sentence(text[start:end], language=language)
    ]
    quoted = [
        _moved(clause, start + first)
        for quote in quotations
        if len(_WORD.findall(text[quote.start : quote.end])) >= tuned.MIN_NESTING_WORDS
        for start in (quote.start + 1,)
        for first, last in sentences(text[start : quote.end].rstrip("”\"'»’"))
        for clause in read_sentence(text[start + first : start + last], language=language)
    ]
    places = Places(text, quotations, spans, language)
    turns = find_turns(text, language=language)
    drafts = assemble(text, quotations, clauses, quoted, places, transcript=bool(turns))
    leads = find_leads(text, drafts, quotations, spans, places)
    speakers = Speakers(text, language=language)
    spoken = _spoken(document, text, turns, speakers, language)
    found = _resolve(document, text, drafts, leads, speakers, language)
    return _with_chains(sorted([*found, *spoken], key=lambda s: (s.start, s.end, s.kind == "turn")))


def _spoken(
    document: Document, text: str, turns: list[Turn], speakers: Speakers, language: Language
) -> list[Statement]:
    """What stands in turns, or in a text that is somebody's own."""
    found = []
    for turn, name in zip(turns, _whose(turns, document, language), strict=True):
        # "THE COURT" is what it is called, whoever else was described before.
        plain = name.split()[0].lower() in language.grammar.articles
        speaker = Speaker(name) if plain else speakers.resolve(*turn.label, written=name)
        speaker = replace(
            speaker, name=cased(speaker.name), role=speaker.role and speaker.role.rstrip(".")
        )
        for start, end in groups(text, turn.pieces):
            found.append(_turn(document, speaker, turn.role, turn.label, start, end, turn.asks))
    author = None if turns else find_author(document, language=language)
    if author is not None:
        speaker = speakers.resolve(*(author.label or (0, 0)), written=author.name)
        begin = author.label[1] if author.label else 0
        pieces = [(max(s, begin), e) for s, e in paragraphs(text, unwrapped=True) if e > begin]
        for start, end in groups(text, pieces):
            if is_menu(text[start:end]):
                continue
            asks = text[start:end].endswith("?")
            found.append(_turn(document, speaker, author.role, author.label, start, end, asks))
    return found


def _whose(turns: list[Turn], document: Document, language: Language) -> Iterator[str]:
    """Who speaks each turn: "A" and "THE WITNESS" are who was sworn last, else is interviewed."""
    genres = language.genres
    match = genres.interviewed.search(f"{document.title}\n{document.text[:500]}")
    found = filter(None, match.groupdict().values()) if match else ()
    named = {"A": next(iter(found), genres.answerer), "Q": genres.asker}
    told = [
        (m.start(), role, cased(" ".join(m["name"].split())))
        for role, pattern in (("A", genres.sworn), ("Q", genres.examines))
        for m in (pattern.finditer(document.text) if turns else ())
    ]
    told.sort(reverse=True)
    sworn = False
    for turn in turns:
        while told and told[-1][0] < turn.label[0]:
            _, role, name = told.pop()
            sworn = sworn or role == "A"
            named[role] = name
        witness = sworn and turn.name.lower() in genres.answers
        yield named["A"] if witness else named.get(turn.name, turn.name)


def _turn(
    document: Document,
    speaker: Speaker,
    role: str | None,
    label: Span | None,
    start: int,
    end: int,
    asks: bool,
) -> Statement:
    return Statement(
        document_id=document.id,
        start=start,
        end=end,
        speaker=speaker.name,
        role=role or speaker.role,
        cue="",
        content=" ".join(document.text[start:end].split()),
        kind="turn",
        mention=" ".join(document.text[slice(*label)].split()) if label else "",
        speaker_span=label,
        content_spans=((start, end),),
        certain=True,
        outlet=document.source,
        date=document.date,
        asks=asks,
    )


def whole_sentences(
    text: str, *, language: Language = LANGUAGE, unwrapped: bool = False
) -> list[Span]:
    """Sentences, put together again behind "Ms." or "Sen.", and cut where a quotation opens one."""
    spans: list[Span] = []
    for start, end in _cut_before_quotations(text, sentences(text, unwrapped=unwrapped)):
        if (
            spans
            and end - spans[-1][0] <= _MAX_JOINED
            and language.titles.at_end.search(
                text, max(spans[-1][0], spans[-1][1] - 8), spans[-1][1]
            )
            and "\n" not in text[spans[-1][1] : start]
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _cut_before_quotations(text: str, spans: list[Span]) -> Iterator[Span]:
    for start, end in spans:
        for match in _BEFORE_QUOTATION.finditer(text, start, end):
            yield start, match.start()
            start = match.end()
        yield start, end


def _moved(clause: Clause, by: int) -> Clause:
    def move(span: Span) -> Span:
        return span[0] + by, span[1] + by

    return replace(
        clause,
        cue=move(clause.cue),
        subject=move(clause.subject),
        content=tuple(move(span) for span in clause.content),
        recipient=move(clause.recipient) if clause.recipient is not None else None,
    )


def _resolve(
    document: Document,
    text: str,
    drafts: list[Draft],
    leads: dict[int, Span],
    speakers: Speakers,
    language: Language,
) -> list[Statement]:
    statements: list[Statement] = []
    for number, draft in enumerate(drafts):
        if draft.subject is not None and _is_nobody(text[slice(*draft.subject)], language):
            continue
        if draft.subject is not None:
            speaker = speakers.resolve(*draft.subject)
        else:
            carried = speakers.carried(draft.start)
            if carried is None:
                continue
            speaker = carried
        statement = _statement(document, draft, speaker, language)
        if number in leads:
            start, end = leads[number]
            statement = replace(statement, lead=document.text[start:end], lead_span=(start, end))
        statements.append(statement)
    return statements


def _is_nobody(written: str, language: Language) -> bool:
    """Whether a subject names nobody: "I've", "let's", "none of us", half a menu."""
    return language.pronouns.nobody.fullmatch(written) is not None or is_menu(written)


def _statement(document: Document, draft: Draft, speaker: Speaker, language: Language) -> Statement:
    text = document.text
    contents = tuple(sorted(draft.contents))
    via: tuple[str, ...] = ()
    if draft.recipient is not None:
        told = text[draft.recipient[0] : draft.recipient[1]]
        if is_outlet(told, known=filter(None, [document.source]), language=language):
            via = (" ".join(told.split()),)
    start = min([draft.start, *(s for s, _ in contents)])
    end = max([draft.end, *(e for _, e in contents)])
    return Statement(
        document_id=document.id,
        start=start,
        end=end,
        speaker=speaker.name,
        role=speaker.role,
        cue=" ".join(text[slice(*draft.cue)].split()) if draft.cue else "",
        content=" … ".join(" ".join(text[s:e].split()) for s, e in contents),
        kind="direct" if draft.direct else "indirect",
        via=via,
        to=" ".join(text[slice(*draft.recipient)].split()) if draft.recipient else "",
        mention=" ".join(text[slice(*draft.subject)].split()) if draft.subject else "",
        speaker_span=draft.subject,
        cue_span=draft.cue,
        content_spans=contents,
        negated=draft.negated,
        certain=speaker.certain and not draft.carried,
        outlet=document.source,
        date=document.date,
    )


def _with_chains(statements: list[Statement]) -> list[Statement]:
    """Adds to what stands in somebody else's words through whom it came."""
    chained = []
    for number, inner in enumerate(statements):
        cue = inner.cue_span
        near = statements[max(0, number - tuned.CHAIN_REACH) : number + tuned.CHAIN_REACH]
        outer = [
            o
            for o in near
            if cue is not None
            and o is not inner
            and any(s <= cue[0] and cue[1] <= e for s, e in o.content_spans)
        ]
        outer.sort(key=lambda o: (o.start - o.end, o.start))
        names = [*(v for o in outer for v in (*o.via, o.speaker)), *inner.via]
        via = tuple(v for v in dict.fromkeys(names) if v != inner.speaker)
        chained.append(replace(inner, via=via))
    return chained
