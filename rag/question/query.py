"""A question → the query that is searched. Knows nothing about indexes, models or answers.

Reads a follow-up on its own ("what did he say?" after "Who is Kobi Michael?"), mends spelling
against the words that the corpus holds, and finds the names, quoted phrases, claim, days and parts
of a question.
"""

import re
from collections.abc import Callable, Sequence

from rag import tuned
from rag.language import LANGUAGE
from rag.language.dates import find_period
from rag.language.foreign import Foreign, read_foreign
from rag.language.words import content_words, fold, number_forms, words
from rag.question.counts import put_other
from rag.question.kinds import SHAPED, Asked, find_said_by, read_kinds
from rag.question.learnt import Reading
from rag.question.names import find_names, names_somebody
from rag.question.parts import find_dates, split_parts
from rag.question.spelling import Vocabulary, find_variants, is_general, is_known, is_slip, respell
from rag.types import Query

_CALENDAR = LANGUAGE.calendar
_NAMES = LANGUAGE.names
_PRONOUNS = LANGUAGE.pronouns
_QUESTIONS = LANGUAGE.questions
_TITLES = LANGUAGE.titles
_STOP_WORDS = LANGUAGE.stop_words.words
# Words that shape a question and say nothing about its subject.
QUESTION_WORDS = LANGUAGE.questions.words

MAX_QUESTION_CHARACTERS = 4_000
_MAX_HISTORY = 6
_CARRIED = re.compile(r" \(([^()]+)\)$")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,}?)[\"”»]")
_LETTERS = re.compile(r"[^\W_]+")


def read_query(
    question: str,
    *,
    history: Sequence[str] = (),
    vocabulary: Vocabulary,
    outlets: Sequence[str] = (),
    learn: Callable[[str], Reading | None] = lambda question: None,
) -> Query:
    """Reads `question`, asked after the user turns in `history` (oldest first).

    `vocabulary` holds the words of the corpus, `outlets` the names of its outlets; `learn` reads a
    question by what was learnt from examples.
    """
    foreign = read_foreign(question)
    if foreign is not None:
        return _read_foreign(_shorten(question), foreign, history)
    text = make_standalone(question, history=history, vocabulary=vocabulary)
    mended, offered = _check_spelling(text, vocabulary)
    for typed, better in mended.items():
        text = _replace_word(text, typed, better)
    names = find_names(text)
    claim = _find_claim(text)
    parts = split_parts(text, outlets, claim=claim)
    plain, carried = _split_carried(text) if history else (text, "")
    filled = read_kinds(Asked(text, plain, carried, parts, lambda: learn(plain)))
    every = filled.get("every_document", False)
    # Names have variant spellings; in a question typed without capitals any word may be a name.
    capitals = set(content_words(" ".join(names)))
    # Of a question for a summary or a count: what it is of.
    subject = filled["topic"] if filled["kind"] in SHAPED else text
    terms = tuple(
        w
        for w in content_words(subject)
        if w not in QUESTION_WORDS and not (every and w in _QUESTIONS.asks_every)
    ) or tuple(content_words(subject))
    named = [w for w in terms if not capitals or w in capitals]
    read = {"topic": _put_for_pronoun(plain, carried), "claim": claim, "parts": parts}
    read["phrases"] = tuple(" ".join(p.split()) for p in _QUOTED.findall(text))
    return Query(
        text=text,
        terms=terms,
        names=names,
        strangers=tuple(n for n in names if names_somebody(n) and _is_stranger(n, vocabulary)),
        mended=tuple(mended.items()),
        offered=tuple(offered.items()),
        variants=(
            *((w, v) for w in named for v in find_variants(w, vocabulary)),
            *((w, v) for w in terms for v in _other_months(w) if vocabulary.has(v)),
        ),
        dates=find_dates(text),
        period=find_period(text),
        **{**read, **filled},
    )


def _read_foreign(question: str, foreign: Foreign, history: Sequence[str]) -> Query:
    """A question in another language: its words and its years, and no rule of English."""
    text = question
    if history and leans_on_history(question):
        before = [
            w for w in _LETTERS.findall(_shorten(history[-1])) if fold(w) not in foreign.little
        ]
        text = f"{question} ({' '.join(before)})"
    terms = tuple(w for w in content_words(text) if w not in foreign.little)
    return Query(
        text=text,
        topic=text,
        terms=terms or tuple(content_words(text)),
        phrases=tuple(" ".join(p.split()) for p in _QUOTED.findall(text)),
        dates=find_dates(text),
        period=find_period(text),
    )


def _other_months(word: str) -> list[str]:
    """The other ways in which a month is written: "january" → ["jan"]."""
    numbers = _CALENDAR.numbers
    return sorted(name for name in numbers if numbers[name] == numbers.get(word) and name != word)


def _check_spelling(text: str, vocabulary: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """The mistyped words of a question: {typed: read as}, {typed: near name that is only offered}.

    A word of English stands as it was typed, whatever word of the corpus is near it ("prison",
    "poison"). A name does too, unless nobody knows it and it differs from one of the corpus as
    fingers slip: "Slovakia" is not "Slovenia", nor "Rahmani" "Rahman".
    """
    mended: dict[str, str] = {}
    offered: dict[str, str] = {}
    asks = _QUESTIONS.mistyped_start.match(text)
    if asks and (better := _nearest_asking(fold(asks["word"]))):
        mended[fold(asks["word"])] = better
    for match in _LETTERS.finditer(text):
        word = fold(match.group())
        if word in _STOP_WORDS or word in mended or word.isdigit() or is_known(word, vocabulary):
            continue
        better = respell(word, vocabulary)
        if better is None:
            continue
        general = is_general(word)
        shapes = better in _STOP_WORDS or better in QUESTION_WORDS
        at_start = not text[: match.start()].strip(" \"“'(¿")
        capital = match.group()[:1].isupper() and not text.isupper()
        if capital and not (at_start and shapes):
            written = vocabulary.written(better)
            if not written[:1].isupper():
                continue
            if not general and len(word) >= tuned.MIN_SLIP and is_slip(word, better):
                mended[word] = better
            else:
                offered[match.group()] = written
        elif not general:
            written = vocabulary.written(better)
            if shapes or not written[:1].isupper() or is_slip(word, better):
                mended[word] = better
            else:
                offered[match.group()] = written
    return mended, offered


def _nearest_asking(word: str) -> str | None:
    """The word that asks (what, when, …) that `word` is one slip from: "wat", "wen"."""
    if word in _QUESTIONS.asking or word in _STOP_WORDS:
        return None
    return next((w for w in _QUESTIONS.asking if w[0] == word[0] and is_slip(word, w)), None)


def tell_spelling(query: Query, vocabulary: Vocabulary) -> str:
    """What is to be said of names that stand in no document as they were typed, or ""."""
    read = ((typed, vocabulary.written(better)) for typed, better in query.mended)
    told = [f"“{typed}” was read as “{name}”." for typed, name in read if name[:1].isupper()]
    told += [f"Nothing on “{typed}”. Did you mean “{name}”?" for typed, name in query.offered]
    return " ".join(told)


def _find_claim(text: str) -> str:
    """What somebody is asked to have said: "Who said that taxes rose?" → "taxes rose"."""
    match = _QUESTIONS.claim.search(text)
    claim = match["claim"].strip(" ?\"“”'") if match else ""
    return claim if content_words(claim) else ""  # "Who says what?" claims nothing


def make_standalone(
    question: str, *, history: Sequence[str] = (), vocabulary: Vocabulary | None = None
) -> str:
    """`question`, with what it leans on carried over from earlier questions, each read likewise.

    >>> make_standalone("What did he say?", history=["Who is Kobi Michael?"])
    'What did he say? (Kobi Michael)'

    Names are carried, or where there are none the other words of the question before. `vocabulary`
    knows the names of a question that was typed without capitals.
    """
    question = _shorten(question)
    before = ""
    for turn in history[-_MAX_HISTORY:]:
        before = _lean_on(before, _shorten(turn), vocabulary)
    return _lean_on(before, question, vocabulary)


def _shorten(question: str) -> str:
    return " ".join(question[:MAX_QUESTION_CHARACTERS].split())


def _lean_on(before: str, question: str, vocabulary: Vocabulary | None) -> str:
    """`question` with what it needs of the stand-alone question `before`."""
    if not before or not leans_on_history(question, vocabulary=vocabulary):
        return question
    plain, topic = _split_carried(before)
    if put := (
        put_other(question, plain) or _put_into(question, plain) or _put_elsewhere(question, plain)
    ):
        return put
    # "He" is whom the talk was about already, else whom the question before names.
    names = (plain.lower() != plain and _asked_about(plain)) or _names_of(plain, vocabulary)
    carried = (
        [topic] if topic and _PRONOUNS.one.search(question) else [*names, *filter(None, [topic])]
    )
    # "What did he want? (dissented March 2022)" after "Who dissented in March 2022?".
    carried = carried or [
        word
        for word in _LETTERS.findall(plain)
        if fold(word) not in QUESTION_WORDS | _STOP_WORDS | {"knew", "known"}
    ]
    here = set(words(question))
    if here & _CALENDAR.words:  # "And in June?": the other month is not meant any more
        carried = [
            " ".join(w for w in c.split() if fold(w) not in _CALENDAR.words) for c in carried
        ]
    carried = [c for c in dict.fromkeys(carried) if c and not here.issuperset(words(c))]
    return f"{question} ({' '.join(carried)})" if carried else question


def _asked_about(question: str) -> list[str]:
    """What a short question is all about: "What is the $100 PC?" → ["the $100 PC"]."""
    match = _QUESTIONS.asks_about.match(question)
    about = question[match.end() :].strip(" ?.!") if match else ""
    found = about.split()
    little = _STOP_WORDS - LANGUAGE.grammar.articles
    whole = 0 < len(found) <= tuned.ABOUT_WORDS and not any(fold(w) in little for w in found)
    return [about] if whole and content_words(about) else []


def _put_for_pronoun(question: str, carried: str) -> str:
    """`question` with whom or what was carried into it in the place of the pronoun for it.

    >>> _put_for_pronoun("Who is behind it?", "the $100 PC")
    'Who is behind the $100 PC?'
    """
    match = _PRONOUNS.third.search(question)
    first = fold(carried.split()[0]) if carried else ""
    named = first in LANGUAGE.grammar.articles or carried[:1].isupper()
    if match is None or not named:
        return f"{question} ({carried})" if carried else question
    word, rest = fold(match.group()), question[match.end() :]
    owns = _QUESTIONS.owns.match(rest) if word == "her" else word in _PRONOUNS.possessive
    return f"{question[: match.start()]}{carried}{'’s' if owns else ''}{rest}"


def _put_elsewhere(question: str, before: str) -> str:
    """The question before, of another place, time or subject: "And in Yemen?", "About rents?"."""
    other = _QUESTIONS.elsewhere.match(question)
    if other is None:
        return ""
    joint, name = other["joint"].lower(), other["name"].strip(" ?")
    about = find_said_by(before)[1]
    if joint == "about" and about and about in before:
        when = _QUESTIONS.in_time.search(about)
        kept = when.group() if when and not find_period(name) else ""
        return before.replace(about, f"{name}{kept}", 1)
    for match in reversed(list(_QUESTIONS.place.finditer(before))):
        if match["joint"].lower() == joint:
            year = _QUESTIONS.year.search(match["name"])
            month = not _CALENDAR.words.isdisjoint(words(name))
            kept = f" {year.group()}" if year and month and not find_period(name) else ""
            return f"{before[: match.start('name')]}{name}{kept}{before[match.end('name') :]}"
    return ""


def _split_carried(question: str) -> tuple[str, str]:
    """A stand-alone question without what was carried into it, and that."""
    match = _CARRIED.search(question)
    return (question[: match.start()], match[1]) if match else (question, "")


def _names_of(text: str, vocabulary: Vocabulary | None) -> list[str]:
    """The names in a question, months and weekdays apart.

    Of one that was typed without capitals: the words that the corpus writes with them.
    """
    if vocabulary is None or text.lower() != text:
        return [n for n in find_names(text) if not _CALENDAR.words.issuperset(words(n))]
    found: list[list[str]] = [[]]
    for word in text.split():
        letters = word.strip("\"“”'‘’().,;:!?")
        written = letters if fold(letters) in _STOP_WORDS else vocabulary.written(fold(letters))
        named = written[:1].isupper()
        if named:
            found[-1].append(written)
        if not named or letters != word:
            found.append([])
    return [" ".join(run) for run in found if run]


def _put_into(question: str, before: str) -> str:
    """The question before with what is asked of another: "What about Blinken?", "When did he say
    that?", or ""."""
    who, about = find_said_by(before)
    said = _QUESTIONS.said_that.match(question)
    if said and len(who) == 1 and about:
        return f"{said['asks']} {who[0]} {said['verb']} that about {about}?"
    other = _QUESTIONS.other.match(question)
    who = who or _sole_name(before)
    if other and len(who) == 1 and who[0] in before:
        return before.replace(who[0], other["name"].strip(), 1)
    asked, claim = find_said_by(question)
    if (
        asked
        and asked[0][:1].isupper()
        and not claim
        and about
        and not _PRONOUNS.third.search(question)
    ):
        return f"{question.rstrip(' ?')} about {about}?"
    return ""


def _sole_name(question: str) -> tuple[str, ...]:
    """The only name of a question that asks about it: "Who is Dennis Ross?"."""
    names = find_names(question)
    return names if len(names) == 1 and _QUESTIONS.asks_about.search(question) else ()


def _is_stranger(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the last word of `name` (a surname, no role) stands nowhere in the corpus.

    It counts as written: "Swift" is not met by "swiftly".
    """
    parts = [w for w in content_words(name) if len(w) > 1]
    while len(parts) > 1 and parts[-1] in _TITLES.roles:
        parts = parts[:-1]
    if not parts:
        return False
    also = _NAMES.also.get(" ".join(parts), ())
    if any(_stands_there(other, vocabulary) for other in also):
        return False
    forms = [*number_forms(parts[-1]), *_other_months(parts[-1])]
    if not any(map(vocabulary.has, forms)):
        return True
    # "Silicon Valley Bank" is not met by any bank: a surname is written with a capital.
    common = vocabulary.written(parts[-1])[:1].islower()
    return common and not all(any(map(vocabulary.has, number_forms(w))) for w in parts[:-1])


def _stands_there(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the documents may have a name: as it is or, a short one, letter by letter, as "U.S."
    is read. ("Us" may be "US": better a doubt too few than a name that is there called missing.)"""
    if all(map(vocabulary.has, name.split())):
        return True
    return len(name) < tuned.LETTERS_OF_A_NAME and all(map(vocabulary.has, name))


def leans_on_history(question: str, *, vocabulary: Vocabulary | None = None) -> bool:
    """Whether `question` cannot be understood without the one before it."""
    foreign = read_foreign(question)
    if foreign is not None:
        return next(iter(words(question)), "") in foreign.goes_on
    second = _QUESTIONS.second_question.search(question)
    if second and (_names_of(question[: second.start()], vocabulary) or _of_things(second[0])):
        # "Who backs the bridge and who opposes it?" says itself what "it" is.
        return leans_on_history(question[: second.start()], vocabulary=vocabulary)
    if _QUESTIONS.subject_pronoun.search(question):
        return True
    names = _names_of(question, vocabulary)
    if _leaning_pronoun(question, names) or _QUESTIONS.leans_at_end.search(question):
        return True
    subject = [w for w in content_words(question) if w not in QUESTION_WORDS]
    if _QUESTIONS.what_about.match(question):
        return True
    # "And how many fighters does Hezbollah have?" says what it is about; "And the children?" not.
    if _QUESTIONS.goes_on.match(question):
        return len(subject) < 2 or len(subject) < 3 or not names
    # "What is Hezbollah?" and "what is terrorism?" are whole questions; "How many died?" is not.
    whole = (names and _QUESTIONS.whole.search(question)) or (
        subject and _QUESTIONS.defines.search(question)
    )
    return len(subject) < 2 and not whole


def _of_things(part: str) -> bool:
    """Whether the only pronouns of a part of a question are those of things ("it", "them")."""
    return not set(words(part)) & (_PRONOUNS.leaning - _PRONOUNS.things)


def _leaning_pronoun(question: str, names: Sequence[str]) -> bool:
    """Whether a pronoun stands for something outside of `question`, which names `names`."""
    small = question.lower()
    first = min((small.find(n.lower()) % (len(small) + 1) for n in names), default=len(small))
    for match in _LETTERS.finditer(question):
        word = fold(match.group())
        if word not in _PRONOUNS.leaning:
            continue
        # "that" after a verb of saying opens a clause; only lean if the question names nobody.
        if word in _PRONOUNS.pointing:
            if not names:
                return True
            continue
        # "Why does Hezbollah keep its weapons?" says whose they are; "What did he tell Haniyeh?"
        # does not, nor "What did Khamenei tell him?": him is another.
        inside = word in _PRONOUNS.own or (
            word == "her" and _QUESTIONS.owns.match(question, match.end()) is not None
        )
        if not (inside and first < match.start()):
            return True
    return False


def _replace_word(text: str, typed: str, better: str) -> str:
    """`typed` (folded) → `better` in `text`, with a capital where there was one."""

    def replace(match: re.Match[str]) -> str:
        found = match.group()
        if fold(found) != typed:
            return found
        return better[:1].upper() + better[1:] if found[:1].isupper() else better

    return re.sub(r"[^\W_]+", replace, text)
