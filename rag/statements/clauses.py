"""What one sentence reports: cue, speaker and content, by word patterns.

Knows nothing about documents or who the speakers are. A dependency parse (spaCy's small English
model) was measured against these patterns and finds no more, at a sixth of the speed: see
benchmarks/RESULTS.md.
"""

import re
from dataclasses import dataclass, replace

from rag.language.sentences import Span
from rag.statements.cues import (
    ACT,
    CLAUSE_ONLY,
    FINITE,
    INTRANSITIVE,
    MATRIX,
    MENTAL,
    NEEDS_THAT,
    NEGATIONS,
    NOUNS,
    PAST,
    PLAIN,
    PREPOSITIONS,
    QUOTED,
    REFUSALS,
    SAY,
    SHOW,
    STUDIES,
    TELL,
    THIRD_PERSON,
    VERBS,
)
from rag.statements.phrases import DAY, DETERMINERS, OPENERS, PRONOUNS, STOPS, Sentence, can_speak

_UNKNOWN = "bark"  # stands for any verb that can only tell how somebody spoke
_BE = frozenset("been was were is are be being".split())
# Stand for people by themselves: "some said", "those believe".
_ALONE = frozenset("some that those these this any".split())
# How far before "shows" a poll or study may be named.
_STUDY_REACH = 8
_HELPS = frozenset("is are was were been ’s 's".split())
_HANGS_BEHIND = frozenset(', by and — – of in after before while is are was were been ” "'.split())
_SUBJECT_BEFORE = frozenset(
    "to they we you i who not n't also will would could can may might did do does ”".split()
)
_PLURAL = ("s", "people", "some", "many", "others", "percent", "who", "men", "folks", "i", "we",
           "you", "they")  # fmt: skip
_CLAUSE_BEGINS = frozenset('that the a he she they it his her their “ " there'.split())
_HEADLINE = frozenset(
    """says said tells told calls called slams praises claims warns urges blasts denies accuses
    argues reports wants vows mocks admits rips endorses suggests announces attacks
    defends""".split()
)
# How a source wants to be named is not what it says.
_ANONYMITY = re.compile(
    r"\s(?:not\s)?(?:to\s(?:not\s)?be\s(?:named|identified|quoted)|to\sremain\sanonymous"
    r"|(?:for|on condition of)\sanonymity)"
)
_OCCASION = (
    r"statement|interview|speech|email|e-mail|tweet|letter|address|conference|debate|news|rally"
    r"|report|post|video|message|testimony|hearing|appearance|call|briefing|memo|remarks|release"
    r"|op-ed|filing|Twitter|Facebook|television|TV|radio|show|article|week|weekend|month|year"
    r"|morning|afternoon|evening|night|time|event|meeting|campaign|essay|book|column|blog"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?|\d{4}|(?:[A-Z][a-z]+)day"
)
_COMMA = r"\s*+(?:,\s*+)?"
# "on Monday in a statement": when and where it was said, not what.
_ADVERBIAL = re.compile(
    rf"{_COMMA}(?:(?:(?:on|in|at|during|via|from|after|to|through|before|by|of)\s"
    rf"(?:(?!that\b)[^,;:“”\"\s]+\s){{0,6}}?(?:{_OCCASION})(?:\s\d+)?\b"
    rf"|yesterday|today|(?:(?:last|this|early|late)\s)?{DAY}"
    rf"|earlier|later|again|recently|publicly|repeatedly|simply|flatly|bluntly){_COMMA})+"
)
_TO_THAT = re.compile(
    rf"{_COMMA}(?:on|in|at|during|from|after|to|through|of)\s(?:[^,;:“”\"\s]+\s){{1,8}}?(?=that\b)"
)
_THAT = re.compile(rf"{_COMMA}that\b")
_LOOSE_MARKS = ",;—–"
_LOOSE_WORDS = ("and", "but", "while")


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


def read_sentence(text: str) -> list[Clause]:
    """The reporting clauses of one sentence, in order of their cues."""
    sentence = Sentence(text)
    found: list[Clause] = []
    for place, token in enumerate(sentence.tokens):
        if token.quoted:
            continue
        if token.lower == "according" and sentence.word(place + 1) == "to":
            clause = _according(sentence, place)
        elif token.lower in VERBS:
            clause = _reporting(sentence, place, found) if _is_verb(sentence, place) else None
        elif token.lower.endswith("ed") and _tells_how(sentence, place):
            clause = _reporting(sentence, place, found)
        else:
            continue
        if clause is not None:
            found.append(clause)
    return _ended(text, found)


# --- which words are verbs ---


def _is_verb(sentence: Sentence, place: int) -> bool:
    """Whether a form that may report does so here: "the report said", "they report that"."""
    token = sentence[place]
    word, before, after = token.lower, sentence.word(place - 1), sentence.word(place + 1)
    if token.is_capital:
        return place > 0 and word in _HEADLINE and sentence.is_headline()
    noun_before = before in DETERMINERS or before in ("of", "'s", "’s")
    alone = before in _ALONE and (word in PAST | PLAIN or word.endswith("ed"))
    if noun_before and not alone:
        return False
    if word.endswith("ing"):
        return place == 0 or before in _HANGS_BEHIND
    if (
        word == "informed"
        and before not in _BE
        and (place < 2 or not sentence[place - 1].is_capital)
    ):
        return False  # "other informed sources"
    if word.endswith("ed") or word in PAST:
        return before not in _BE or after in ("by", "as")
    if VERBS[word] in ("show", "find", "indicate") and before != "to":
        near = {sentence.word(n) for n in range(max(0, place - _STUDY_REACH), place)}
        if near & STUDIES:
            return True
    if word in NOUNS:
        speaks = before in PRONOUNS or before.endswith(")") or sentence[place - 1].is_capital
        if not speaks:
            return False
    if word == VERBS[word]:
        if word in PLAIN and before.endswith(_PLURAL):
            return True
        return before in _SUBJECT_BEFORE or (before.endswith("s") and after in _CLAUSE_BEGINS)
    return word in THIRD_PERSON or after in _CLAUSE_BEGINS - {"their"}


def _tells_how(sentence: Sentence, place: int) -> bool:
    """Whether an unknown verb can only tell how somebody spoke: "…,” she thundered."."""
    token = sentence[place]
    if token.quoted or place == 0 or not token.text.islower():
        return False
    mark = place - 1
    while mark > 0 and place - mark <= 5 and not sentence[mark].quoted:
        if not sentence[mark].text[0].isalpha():
            return False
        mark -= 1
    if not sentence.closes_quotation(mark) or sentence[mark - 1].text not in ",?!—-":
        return False
    after = sentence[place + 1] if place + 1 < len(sentence) else None
    if mark == place - 1:
        return after is not None and (after.is_capital or after.lower in ("the", "a", "an"))
    return after is None or after.text in ".,:" or after.lower in STOPS


# --- who says it ---


def _reporting(sentence: Sentence, place: int, found: list[Clause]) -> Clause | None:
    token = sentence[place]
    lemma = VERBS.get(token.lower, _UNKNOWN)
    if sentence.word(place + 1) == "by" and sentence.word(place - 1) in _BE | {"as"}:
        return _passive(sentence, place, lemma)
    refuses = VERBS.get(token.lower) in REFUSALS and sentence.word(place + 1) == "to"
    if refuses and sentence.word(place + 2) in VERBS.keys() - {"comment"}:
        return None  # "declined to say": told by "say"
    first = _cue_start(sentence, place)
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
    bracketed = sentence.text[max(0, subject[0] - 1) : subject[0]] in ("[", "(")
    if not can_speak(named) or bracketed or _ANONYMITY.match(sentence.text, token.end):
        return None
    if lemma == "call" and re.match(r"an? ", named):
        return None  # "a program called …"
    if lemma in SHOW - SAY and not STUDIES & set(re.findall(r"[^\W_]+", named)):
        return None
    recipient = sentence.recipient_at(after) if lemma in TELL else None
    if recipient is not None:
        after = recipient[1] + 1
    content: tuple[Span, ...] = ()
    if lemma not in QUOTED:
        content = _content(sentence, lemma, place, after, subject, inverted=behind is not None)
    if not content and lemma not in SAY | TELL | ACT | QUOTED:
        return None
    cue = (sentence[first].start, token.end)
    negated = any(
        t.lower in NEGATIONS or t.lower.endswith(("n't", "n’t")) or VERBS.get(t.lower) in REFUSALS
        for t in sentence.tokens[first:place]
    )
    told = sentence.span(recipient) if recipient is not None else None
    return Clause(lemma, cue, subject, content, told, negated)


def _cue_start(sentence: Sentence, place: int) -> int | None:
    """Where the cue begins: with its auxiliaries and adverbs, and "declined to" before "say"."""

    def back(first: int, also: tuple[str, ...] = ()) -> int:
        while first > 0 and not sentence[first - 1].quoted and (
            sentence.is_adverbial(first - 1) or sentence.word(first - 1) in also
        ):  # fmt: skip
            first -= 1
        return first

    first = back(place)
    if sentence.word(first - 1) != "to":
        return first
    verb = first - 3 if sentence.word(first - 2) in ("on", "out") else first - 2
    if verb < 1 or sentence.word(verb) not in MATRIX:
        return None  # "impetus to oppose", "likely to support"
    return back(verb, ("went", "goes", "going"))


def _phrase_behind(sentence: Sentence, first: int, place: int) -> tuple[int, int] | None:
    """The speaker behind the verb: "…,” said Finer"."""
    if first == 0 or place + 1 >= len(sentence) or sentence[place].lower.endswith("ing"):
        return None
    before, follows = sentence[first - 1], sentence[place + 1]
    if not (before.quoted or before.text in (",", "—", "–", "’", "'")) or follows.quoted:
        return None
    if VERBS.get(sentence[place].lower, _UNKNOWN) not in SAY | QUOTED:
        return None
    if sentence.is_time(place + 1) or follows.lower in ("that", "this", "these", "those"):
        return None
    names = (
        follows.is_capital
        or follows.text[0].isdigit()
        or follows.lower in (DETERMINERS | PRONOUNS) - {"who", "it", "they"}
        or (before.quoted and follows.text[0].isalpha() and follows.lower not in STOPS)
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
        return not token.is_word or token.lower in STOPS
    # "the plan is dead, said the senator." but not "Sanders, the senator, said the plan …".
    finite = any(
        t.lower in FINITE | PAST or (t.text.endswith("ed") and t.text.islower())
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
        helped = any(sentence.word(place - n) in _HELPS for n in (1, 2))
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
        leads = sentence.word(0) in OPENERS  # "As the crowd chanted, she rose and joked"
        return (sentence.main_subject() if leads else None) or found[-1].subject
    if first and not sentence[0].quoted and (joined or sentence[first - 1].quoted):
        return sentence.main_subject()
    return None


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
    wanted = PREPOSITIONS.get(lemma)
    needed = wanted is not None and (lemma not in SAY | ACT | MENTAL or lemma in INTRANSITIVE)
    if needed and sentence.word(after) not in (*(wanted or "").split(), "that"):
        return ()
    begin = sentence[after - 1].end
    adverbial = _TO_THAT.match(text, begin) or _ADVERBIAL.match(text, begin)
    rest = adverbial.end() if adverbial else begin
    that = _THAT.match(text, rest) is not None
    follows = text[rest:limit].strip(" ,.")
    studied = bool(STUDIES & set(re.findall(r"[^\W_]+", text[slice(*subject)].lower())))
    if lemma in NEEDS_THAT and not (that or studied or inverted) and follows:
        return ()
    before = text[: sentence[place].start if inverted else subject[0]].rstrip()
    if lemma in SAY | MENTAL and not inverted and before.endswith(","):
        split = _around(before, text, begin, limit)
        if split:
            return split
    if (lemma in SAY and (not follows or (inverted and not that))) or (
        lemma in TELL and not follows
    ):
        ends = (",", "”", "—", "–") if lemma in SAY else (",",)
        if before.endswith(ends) and len(before.split()) > 2:
            return ((0, len(before.rstrip(" ,—–"))),)
        if inverted or lemma in TELL:
            return ()
    plain = lemma in SAY | TELL and lemma not in ACT and not needed
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
    if lemma not in MENTAL and (lemma not in CLAUSE_ONLY or lemma in SAY | TELL):
        return True
    if lemma not in CLAUSE_ONLY:
        return True
    word = sentence.text[start:].split()[0].lower()
    return word in ("that", "he", "she", "they", "it", "there", "what", "how", "why")


def _ended(text: str, found: list[Clause]) -> list[Clause]:
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
            end = _tight_end(text, start, end)
            if end > start:
                content.append((start, end))
        ended.append(replace(clause, content=tuple(content)))
    return ended


def _tight_end(text: str, start: int, end: int) -> int:
    """`end` without what hangs loose before it: ", and", " —"."""

    def back(at: int, marks: str) -> int:
        while at > start and (text[at - 1].isspace() or text[at - 1] in marks):
            at -= 1
        return at

    bare = back(end, ",")
    for word in _LOOSE_WORDS:
        if text.endswith(word, start, bare):
            before = bare - len(word)
            loose = back(before, _LOOSE_MARKS)
            if loose < before:
                return loose
    return back(end, _LOOSE_MARKS)
