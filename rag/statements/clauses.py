"""What one sentence reports: cue, speaker and content, by word patterns.

Knows nothing about documents or who the speakers are. A dependency parse (spaCy's small English
model) was measured against these patterns and finds no more, at a sixth of the speed: see
benchmarks/RESULTS.md.
"""

import re
from dataclasses import dataclass, replace

from rag.language import LANGUAGE, Language
from rag.language.sentences import Span
from rag.language.tables import Grammar
from rag.statements.cues import cue_start, is_verb, tells_how
from rag.statements.phrases import Sentence, can_speak

_LOOSE_MARKS = ",;—–"


@dataclass(frozen=True, slots=True)
class Clause:
    """A reporting clause of one sentence; spans are of that sentence.

    `content` is empty where the words stand in quotation marks elsewhere ("…," she said).
    """

    lemma: str
    cue: Span
    subject: Span
    content: tuple[Span, ...] = ()
    recipient: Span | None = None
    negated: bool = False


def read_sentence(text: str, *, language: Language = LANGUAGE) -> list[Clause]:
    """The reporting clauses of one sentence, in order of their cues."""
    sentence = Sentence(text, language)
    found: list[Clause] = []
    for place, token in enumerate(sentence.tokens):
        if token.quoted:
            continue
        if token.lower == "according" and sentence.word(place + 1) == "to":
            clause = _according(sentence, place)
        elif token.lower in sentence.verbs.forms:
            clause = _reporting(sentence, place, found) if is_verb(sentence, place) else None
        elif token.lower.endswith("ed") and tells_how(sentence, place):
            clause = _reporting(sentence, place, found)
        else:
            continue
        if clause is not None:
            found.append(clause)
    return _ended(text, found, language.grammar)


# --- who says it ---


def _reporting(sentence: Sentence, place: int, found: list[Clause]) -> Clause | None:
    token = sentence[place]
    lemma = sentence.verbs.forms.get(token.lower, sentence.verbs.unknown)
    if sentence.word(place + 1) == "by" and sentence.word(place - 1) in sentence.grammar.be | {
        "as"
    }:
        return _passive(sentence, place, lemma)
    refuses = (
        sentence.verbs.forms.get(token.lower) in sentence.verbs.refusals
        and sentence.word(place + 1) == "to"
    )
    if refuses and sentence.word(place + 2) in sentence.verbs.forms.keys() - {"comment"}:
        return None  # "declined to say": told by "say"
    first = cue_start(sentence, place)
    if first is None:
        return None
    after = place + 1
    subject: Span | None = None
    behind = _phrase_behind(sentence, first, place)
    if behind is not None:
        subject, after = sentence.span(behind), behind[1] + 1
    else:
        subject = _subject_before(sentence, first, place, found)
    if subject is None:
        return None
    named = sentence.text[slice(*subject)].lower()
    before = sentence.text[: subject[0]].lower().split()[-1:]
    untold = behind is None and before and before[0] in sentence.grammar.untold
    if untold and sentence.word(after) == ",":
        return None
    bracketed = sentence.text[max(0, subject[0] - 1) : subject[0]] in ("[", "(")
    if (
        not can_speak(sentence.text[slice(*subject)], sentence.grammar)
        or bracketed
        or sentence.grammar.anonymity.match(sentence.text, token.end)
    ):
        return None
    if lemma == sentence.verbs.naming and re.match(r"an? ", named):
        return None  # "a program called …"
    if lemma in sentence.verbs.show - sentence.verbs.say and not sentence.verbs.studies & set(
        re.findall(r"[^\W_]+", named)
    ):
        return None
    recipient = sentence.recipient_at(after) if lemma in sentence.verbs.tell else None
    if recipient is not None:
        after = recipient[1] + 1
    content: tuple[Span, ...] = ()
    if lemma not in sentence.verbs.quoted:
        content = _content(sentence, lemma, place, after, subject, inverted=behind is not None)
    if (
        len(content) == 1
        and content[0][0] >= token.end
        and sentence.grammar.no_content.match(sentence.text, *content[0])
    ):
        content = ()  # "…,” she said by telephone."
    if (
        not content
        and lemma
        not in sentence.verbs.say | sentence.verbs.tell | sentence.verbs.act | sentence.verbs.quoted
    ):
        return None
    cue = (sentence[first].start, token.end)
    negated = any(
        t.lower in sentence.language.negations.in_cue
        or t.lower.endswith(("n't", "n’t"))
        or sentence.verbs.forms.get(t.lower) in sentence.verbs.refusals
        for t in sentence.tokens[first:place]
    )
    told = sentence.span(recipient) if recipient is not None else None
    return Clause(lemma, cue, subject, content, told, negated)


def _phrase_behind(sentence: Sentence, first: int, place: int) -> tuple[int, int] | None:
    """The speaker behind the verb: "…,” said Finer"."""
    if first == 0 or place + 1 >= len(sentence) or sentence[place].lower.endswith("ing"):
        return None
    before, follows = sentence[first - 1], sentence[place + 1]
    if not (before.quoted or before.text in (",", "—", "–", "’", "'")) or follows.quoted:
        return None
    if (
        sentence.verbs.forms.get(sentence[place].lower, sentence.verbs.unknown)
        not in sentence.verbs.say | sentence.verbs.quoted
    ):
        return None
    if sentence.is_time(place + 1) or follows.lower in sentence.grammar.pointers:
        return None
    names = (
        follows.is_capital
        or follows.text[0].isdigit()
        or follows.lower
        in (sentence.grammar.determiners | sentence.language.pronouns.subjects)
        - sentence.language.pronouns.not_behind
        or (
            before.quoted
            and follows.text[0].isalpha()
            and follows.lower not in sentence.grammar.stops
        )
    )
    phrase = sentence.phrase_after(place + 1) if names else None
    if phrase is None or not _ends_well(sentence, first, phrase):
        return None
    return phrase


def _ends_well(sentence: Sentence, first: int, phrase: tuple[int, int]) -> bool:
    """Whether nothing is said of the phrase behind the verb, so that it can be who speaks."""
    quoted = sentence[first - 1].quoted
    if phrase[1] + 1 >= len(sentence):
        return quoted
    token = sentence[phrase[1] + 1]
    if quoted:
        return not token.is_word or token.lower in sentence.grammar.stops
    # "the plan is dead, said the senator." but not "Sanders, the senator, said the plan …".
    finite = any(
        t.lower in sentence.verbs.finite | sentence.verbs.past
        or (t.text.endswith("ed") and t.text.islower())
        for t in sentence.tokens[:first]
    )
    full_name = any(
        sentence[n].is_capital and sentence[n + 1].is_capital
        for n in range(phrase[0], min(phrase[0] + 3, phrase[1]))
    )
    ends = token.text == "." and not sentence.abbreviates(phrase[1] + 1)
    return finite and (ends or (full_name and token.text == ","))


def _subject_before(sentence: Sentence, first: int, place: int, found: list[Clause]) -> Span | None:
    if sentence[place].lower.endswith("ing"):
        helped = any(sentence.word(place - n) in sentence.grammar.helps for n in (1, 2))
        phrase = sentence.phrase_before(first) if helped else None
        if phrase is not None:
            return sentence.span(phrase)
        # "…, saying that": who the clause before it is about.
        return found[-1].subject if found else sentence.main_subject()
    phrase = sentence.phrase_before(first)
    if phrase is not None:
        return sentence.span(phrase)
    joined = sentence.word(first - 1) in ("and", "but")
    if joined and found:
        # "As the crowd chanted, she rose and joked"
        leads = sentence.word(0) in sentence.grammar.openers
        return (sentence.main_subject() if leads else None) or _goes_on(sentence, first, found)
    if first and not sentence[0].quoted and (joined or sentence[first - 1].quoted):
        return sentence.main_subject()
    return None


def _goes_on(sentence: Sentence, first: int, found: list[Clause]) -> Span:
    """Whose clause ", but told MPs" goes on: behind a comma not one that is told of another.

    "Frayn did not say that Crewe warned of it, but told MPs": it is Frayn who told them.
    """
    last = found[-1]
    if sentence.word(first - 2) == ",":
        for clause in found:
            if any(start <= last.subject[0] < end for start, end in clause.content):
                return clause.subject
    return last.subject


def _passive(sentence: Sentence, place: int, lemma: str) -> Clause | None:
    """ "The movement was described by Shamkhani as independent"."""
    agent = sentence.phrase_after(place + 2)
    if agent is None:
        return None
    first = place
    while first > 0 and sentence.is_adverbial(first - 1):
        first -= 1
    patient = sentence.phrase_ending(first - 1)
    contents = [sentence.span(patient)] if patient is not None else []
    if sentence.word(agent[1] + 1) == "as":
        contents.append((sentence[agent[1] + 1].start, sentence.end))
    if not contents:
        return None
    cue = (sentence[first].start, sentence[place].end)
    return Clause(lemma, cue, sentence.span(agent), tuple(contents))


def _according(sentence: Sentence, place: int) -> Clause | None:
    phrase = sentence.phrase_after(place + 2)
    if phrase is None:
        return None
    comma = next((n for n in range(*phrase) if sentence[n].text == ","), None)
    if comma is not None and place == 0:
        # "According to Israel, Iran provides …" has no apposition, "… to Ross, an expert, …" has.
        closed = sentence.word(phrase[1] + 1) == ","
        if not closed or sentence[comma + 1].is_capital:
            phrase = (phrase[0], comma - 1)
    text, subject = sentence.text, sentence.span(phrase)
    before = text[: sentence[place].start]
    if before.strip().lower() in ("", "and", "but"):
        start = sentence.end - len(text[subject[1] : sentence.end].lstrip(" ,"))
        content = ((start, sentence.end),) if start < sentence.end else ()
    else:
        content = ((0, len(before.rstrip(" ,—–"))),)
    return Clause("according", (sentence[place].start, sentence[place + 1].end), subject, content)


# --- what is said ---


def _content(
    sentence: Sentence, lemma: str, place: int, after: int, subject: Span, *, inverted: bool
) -> tuple[Span, ...]:
    """The words that the verb at `place` reports; `after` is the first token it leaves over."""
    text, limit = sentence.text, sentence.end
    wanted = sentence.verbs.prepositions.get(lemma)
    needed = wanted is not None and (
        lemma not in sentence.verbs.say | sentence.verbs.act | sentence.verbs.mental
        or lemma in sentence.verbs.intransitive
    )
    if needed and sentence.word(after) not in (*(wanted or "").split(), "that"):
        return ()
    begin = sentence[after - 1].end
    adverbial = sentence.grammar.to_that.match(text, begin) or sentence.grammar.adverbial.match(
        text, begin
    )
    rest = adverbial.end() if adverbial else begin
    that = sentence.grammar.that.match(text, rest) is not None
    follows = text[rest:limit].strip(" ,.")
    studied = bool(
        sentence.verbs.studies & set(re.findall(r"[^\W_]+", text[slice(*subject)].lower()))
    )
    if lemma in sentence.verbs.needs_that and not (that or studied or inverted) and follows:
        return ()
    before = text[: sentence[place].start if inverted else subject[0]].rstrip()
    if (
        lemma in sentence.verbs.say | sentence.verbs.mental
        and not inverted
        and before.endswith(",")
    ):
        split = _around(before, text, begin, limit)
        if split:
            return split
    if (lemma in sentence.verbs.say and (not follows or (inverted and not that))) or (
        lemma in sentence.verbs.tell and not follows
    ):
        ends = (",", "”", "—", "–") if lemma in sentence.verbs.say else (",",)
        if before.endswith(ends) and len(before.split()) > 2:
            return ((0, len(before.rstrip(" ,—–"))),)
        if inverted or lemma in sentence.verbs.tell:
            return ()
    plain = (
        lemma in sentence.verbs.say | sentence.verbs.tell
        and lemma not in sentence.verbs.act
        and not needed
    )
    start = rest if plain and follows else begin
    start = limit - len(text[start:limit].lstrip(" ,\u00a0:"))
    if start >= limit or not (studied or _is_clause(sentence, lemma, start)):
        return ()
    return ((start, limit),)


def _around(before: str, text: str, begin: int, limit: int) -> tuple[Span, ...]:
    """ "Iran, he said, would not intervene": the words on both sides."""
    tail = text[begin:limit].lstrip("\u00a0 ")
    head = len(before.rstrip(" ,"))
    if not tail.startswith(",") or head == 0:
        return ()
    start = limit - len(tail.lstrip(" ,\u00a0"))
    return ((0, head), (start, limit)) if start < limit else ((0, head),)


def _is_clause(sentence: Sentence, lemma: str, start: int) -> bool:
    """Whether the words from `start` are what a verb of thought needs."""
    if lemma in ("see", "view") and re.search(r"\sas\s", sentence.text[start : sentence.end]):
        return True
    if lemma not in sentence.verbs.mental and (
        lemma not in sentence.verbs.clause_only or lemma in sentence.verbs.say | sentence.verbs.tell
    ):
        return True
    if lemma not in sentence.verbs.clause_only:
        return True
    word = sentence.text[start:].split()[0].lower()
    return word in sentence.grammar.opens_clause


def _ended(text: str, found: list[Clause], grammar: Grammar) -> list[Clause]:
    """Ends each content where the next clause's ", adding" or ", she said" begins."""
    ended = []
    for number, clause in enumerate(found):
        content = []
        for start, end in clause.content:
            for other in found[number + 1 :]:
                shared = other.subject == clause.subject
                mark = other.cue[0] if shared else min(other.cue[0], other.subject[0])
                apart = text[:mark].rstrip(" ").endswith((",", "—", "–", ", and", ", but"))
                swallows = bool(other.content) and other.content[0][0] <= start
                if start <= mark < end and (shared or (apart and swallows)):
                    end = mark
            end = _tight_end(text, start, end, grammar)
            if end > start:
                content.append((start, end))
        ended.append(replace(clause, content=tuple(content)))
    return ended


def _tight_end(text: str, start: int, end: int, grammar: Grammar) -> int:
    """`end` without what hangs loose before it: ", and", " —"."""

    def back(at: int, marks: str) -> int:
        while at > start and (text[at - 1].isspace() or text[at - 1] in marks):
            at -= 1
        return at

    bare = back(end, ",")
    for word in grammar.loose_words:
        if text.endswith(word, start, bare):
            before = bare - len(word)
            loose = back(before, _LOOSE_MARKS)
            if loose < before:
                return loose
    return back(end, _LOOSE_MARKS)
