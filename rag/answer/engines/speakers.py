"""Who asked, and who is quoted: every speaker of the documents meant, each with their words."""

from collections.abc import Sequence
from dataclasses import replace

from rag import tuned
from rag.answer.answering import Answering
from rag.answer.engines.meant import documents_meant, split_place
from rag.answer.engines.rows import Row, answer_rows, count, decline, name_document
from rag.answer.ledger import Said, Voice, coverage, group_by_speaker, rank_statements
from rag.answer.limited import Held, quote_within
from rag.answer.quotes import stands_in
from rag.language import LANGUAGE
from rag.language.sentences import is_question, sentences
from rag.language.words import content_words, fold, stem
from rag.question.parts import split_parts
from rag.statements.mentions import is_outlet
from rag.types import Answer, Document, Statement

_PRONOUNS = LANGUAGE.pronouns


def list_speakers(asked: Answering) -> Answer | None:
    """Everybody who asks (or is quoted) in the documents that are meant; None if nobody is."""
    asked_for = LANGUAGE.shapes.askers.search(asked.query.text)
    asks = asked_for is not None or asked.query.kind == "who asked"
    ids = _meant(asked)
    if not ids and asked.query.place:
        return decline(asked, f"No document is known as “{asked.query.place}”.")
    made = asked.library.keep_statements(
        [s for id_ in ids for s in asked.library.statements_of(id_)], asked.query.within
    )
    made = [s for s in made if fold(s.speaker) not in _PRONOUNS.unresolved]
    everybody = group_by_speaker([Said(s, 1.0) for s in made])
    voices = [v for v in everybody if v.is_named and not _is_word(asked, v.name)]
    voices = _once(voices)
    unnamed = len(everybody) - len(voices)
    topic = _topic(asked, asks=asks)
    if asks:  # whoever answers now and then asks back
        voices = [v for v in voices if 2 * _asking(v) >= len(v.said)]
    else:
        voices.sort(key=lambda v: (-len(v.said), v.name))
    if content_words(topic):
        voices = _on_topic(asked, voices, topic, asks=asks)
    bodies: list[str] = []
    if LANGUAGE.counts.wants_people.search(asked.query.text):
        persons = [v for v in voices if _is_person(asked, v)]
        bodies = sorted({v.name for v in voices} - {v.name for v in persons})
        voices = persons
    voices = _of_those(asked, voices)
    if not voices:
        return None
    documents = asked.get_documents({s.statement.document_id for v in voices for s in v.said})
    rows = []
    for voice in voices[: tuned.MAX_ROWS]:
        said = _first(voice, asks=asks)
        document = documents.get(said.document_id)
        if document is not None and stands_in(document.text, said):
            label = voice.name + (f", {voice.role}" if voice.role else "")
            rows.append(Row(label, document, *_short(document, said, asked.holds)))
    if not rows:
        return None
    where = name_document(next(iter(documents.values()))) if len(documents) == 1 else ""
    searched = f" of {count(len(ids), 'document')}" if asked.query.of_kind else " documents"
    told = f"in {where}" if where else f"in {len(documents):,}{searched}"
    verb = "asked a question" if asks else "is quoted" if len(voices) == 1 else "are quoted"
    if topic:
        verb = f"{'asked' if asks else verb} about {topic.strip()}"
    names = ", ".join(v.name for v in voices[: tuned.MAX_NAMED])
    more = f" and {len(voices) - tuned.MAX_NAMED:,} more" if len(voices) > tuned.MAX_NAMED else ""
    people = count(len(voices), "speaker")
    others = f" {count(unnamed, 'description')}" if unnamed else " Descriptions"
    note = f"Left out:{others.lower()} without a name (“a spokesman”)."
    if bodies:
        note += f" No people: {', '.join(bodies[: tuned.MAX_NAMED])}."
    headline = f"{people} {verb} {told}: {names}{more}."
    shape = "count" if asked.query.of_kind else "list"
    return answer_rows(asked, rows, shape=shape, headline=headline, note=note)


def _topic(asked: Answering, *, asks: bool) -> str:
    """What it is asked who asked, or who is quoted, about; "" if anything."""
    shapes = LANGUAGE.shapes
    about = (shapes.asked_about if asks else shapes.quoted_about).search(asked.query.text)
    return about["topic"].strip(" ?.") if about is not None else ""


def _on_topic(asked: Answering, voices: Sequence[Voice], topic: str, *, asks: bool) -> list[Voice]:
    """Those of `voices` who ask (or are quoted) in words of `topic`, with what they say so; quoted
    too are those of passages that are on it."""
    what, _ = split_place(asked, topic)
    terms = content_words(what)
    near = [e.passage for e in asked.evidence if _holds(asked, e.passage.text, terms)]
    kept = []
    for voice in voices:
        said = [s.statement for s in voice.said if s.statement.asks or not asks]
        found = rank_statements(said, terms=terms, rarity=asked.rarity)
        on_it = tuple(s for s in found if s.covered >= tuned.SAID_SO) or tuple(
            s
            for s in (found if not asks else ())
            if any(
                p.document_id == s.statement.document_id and p.start <= s.statement.start < p.end
                for p in near
            )
        )
        if on_it:
            kept.append(replace(voice, said=on_it))
    return kept


def _holds(asked: Answering, text: str, terms: Sequence[str]) -> bool:
    return coverage(terms, text, rarity=asked.rarity) >= tuned.STATEMENT_SHARE


def _once(voices: Sequence[Voice]) -> list[Voice]:
    """Without those whose name is another one's behind what they are ("Comedian Sarah Silverman"),
    whose words are then theirs."""
    short = {v.name: v for v in voices if len(v.name.split()) > 1}
    kept: dict[str, Voice] = {}
    for voice in voices:
        words = voice.name.split()
        behind = (" ".join(words[n:]) for n in range(1, len(words)))
        known = next((name for name in behind if name in short), voice.name)
        held = kept.get(known)
        mine = replace(short.get(known, voice), said=voice.said)
        kept[known] = mine if held is None else replace(held, said=(*held.said, *voice.said))
    return list(kept.values())


def _is_word(asked: Answering, name: str) -> bool:
    """Whether a "name" is a word that the documents write small: "Back then, …"."""
    found = content_words(name)
    return len(found) == 1 and asked.vocabulary.written(found[0])[:1].islower()


def _is_person(asked: Answering, voice: Voice) -> bool:
    """Whether a name is a person's: of two words or more that are of no body or people, or of one
    that has an office or a form of address beside it."""
    names, titles = LANGUAGE.names, LANGUAGE.titles
    folded = {fold(w).strip(".") for w in voice.name.split()}
    if is_outlet(voice.name, known=asked.sources):
        return False
    if folded & (names.organisations | names.groups | names.demonyms):
        return False
    mentions = [[fold(w).strip(".") for w in s.statement.mention.split()] for s in voice.said]
    offices = titles.words | titles.honorifics | titles.roles | titles.before_names
    if len(folded) > 1:  # "the Lib Dems"
        return not all(m[:1] == ["the"] and not offices & set(m) for m in mentions)
    office = {fold(w) for w in (voice.role or "").split()}
    return bool(offices & office.union(*mentions))


def _of_those(asked: Answering, voices: list[Voice]) -> list[Voice]:
    """Those who are what the question calls them: "which Hamas officials", "which Bloomberg
    journalists"; all of `voices`, if nobody is known to be."""
    shapes = LANGUAGE.shapes
    matches = (p.search(asked.query.text) for p in (shapes.askers, shapes.quoted))
    given = [g for m in matches if m is not None for g in m.groupdict().items()]
    called = {w for name, g in given if name.startswith("who") for w in content_words(g or "")}
    roles = LANGUAGE.titles.people
    # "Experts" are analysts, fellows and professors too.
    called = {c for c in called if c in roles or c not in shapes.anybody}
    wanted = {stem(w) for c in called for w in {c, *roles.get(c, ())}}
    if not wanted:
        return voices
    kept = []
    for voice in voices:
        first = next((s.statement for s in voice.said if s.statement.asks), None)
        told = f"{voice.name} {voice.role or ''} {first.content if first else ''}"
        if wanted & {stem(w) for w in content_words(told)}:
            kept.append(voice)
    return kept or voices


def _meant(asked: Answering) -> Sequence[str]:
    query = asked.query
    if query.of_kind:  # whoever counts may pass over nothing that the question says
        meant = documents_meant(asked, query.place)
        return meant.ids if meant is not None else ()
    # "Who is quoted in “Ten years on”?": a title in quotation marks, a file.
    placed = LANGUAGE.shapes.quoted_in.search(query.text)
    if placed is not None and (meant := documents_meant(asked, placed["place"])):
        return meant.ids
    pointed = asked.pointed
    if pointed is not None and pointed.spans is None:
        return sorted(pointed.documents)
    if LANGUAGE.shapes.one_document.search(asked.query.text) and asked.evidence:
        # "In CNBC's article about sellers": the one that most of the best passages stand in.
        weights: dict[str, float] = {}
        for item in asked.evidence:
            id_ = item.passage.document_id
            weights[id_] = weights.get(id_, 0.0) + item.score
        return [min(weights, key=lambda i: (-weights[i], i))]
    _, named = split_place(asked, query.text.rstrip(" ?."))
    if any(part.outlets for part in split_parts(named.told, asked.sources)):  # "by Reuters"
        return named.ids
    within = asked.query.within
    if within is not None:
        return sorted(asked.library.documents_in(within))
    return [d.id for d in asked.library.list_documents()]


def _asking(voice: Voice) -> int:
    return sum(s.statement.asks for s in voice.said)


def _first(voice: Voice, *, asks: bool) -> Statement:
    """What to show of a speaker: their first question, or the longest of what they say."""
    made = [s.statement for s in voice.said if s.statement.asks == asks] or [
        s.statement for s in voice.said
    ]
    if asks:
        return next((s for s in made if "?" in s.content), made[0])
    return max(made, key=lambda s: (s.kind == "direct", len(s.content)))


def _short(document: Document, statement: Statement, held: Held) -> tuple[int, int]:
    """The sentences that a statement stands in, no more than a few; of a question what it asks."""
    text = document.text
    start, end = quote_within(document, statement, held)
    spans = [(start + s, start + e) for s, e in sentences(text[start:end])]
    asks = [s for s in spans if statement.asks and is_question(text[slice(*s)])]
    if asks:
        return max(asks, key=lambda s: (s[1] - s[0], -s[0]))
    return (start, spans[: tuned.ROW_SENTENCES][-1][1]) if spans else (start, end)
