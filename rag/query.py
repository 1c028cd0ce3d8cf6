"""A question → the query that is searched. Knows nothing about indexes, models or answers.

Reads a follow-up on its own ("what did he say?" after "Who is Kobi Michael?"), mends spelling
against the words that the corpus holds, and finds the names and quoted phrases in a question.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.words import STOP_WORDS, content_words, fold, number_forms, stem, words

MAX_QUESTION_CHARACTERS = 4_000
_MAX_HISTORY = 6
_MIN_SPELLING_SCORE = 78.0
# Words that shape a question and say nothing about its subject.
QUESTION_WORDS = frozenset(
    """say says said saying tell tells told claim claims claimed according report reports reported
    describe describes described call called think thinks thought deny denied warn warned state
    stated argue argued document documents article articles source sources name named many much
    please list mention mentions mentioned explain give know there someone anyone question answer
    happen happened kind type""".split()
)
# What a person is, said after whom they work for ("the Hamas Spokesperson"): not a surname.
ROLES = frozenset(
    """president minister secretary spokesman spokesperson spokeswoman chief leader commander
    official officials government ministry army movement group administration officer envoy
    ambassador adviser advisor general director department party""".split()
)
_HONORIFICS = frozenset("mr mrs ms dr prof sen rep gov gen lt col capt sir".split())
_PRONOUNS = frozenset(
    """he him his she her hers it its they them their theirs this that these those there then
    former latter""".split()
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,}?)[\"”»]")
_NAME = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*\w(?:[ \u00a0]+(?:(?:al|bin|de|der|van|von|of|the)[ \u00a0-])?"
    r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*\w)*"
)
_WHO_SAID = re.compile(
    r"\b(?:who(?:m|se)?|which \w+(?: \w+){0,3}?|what \w+)\b[^?]{0,40}?"
    r"\b(?:sa(?:id|ys|y)|told|tells?|claim|den(?:y|ie)|warn|argu|report|assert|describ|call|think|thought|believ|suggest"
    r"|stat(?:ed|es)|announc|accus|add(?:ed|s)|insist|conclud|acknowledg|admit|predict|confirm|complain|explain|"
    r"promis|vow|urg|ask)|according to whom",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched.

    `text` is the standalone question with its spelling mended, `terms` its content words (folded),
    `names` the capitalised names in it, `phrases` the quoted ones, `strangers` those names
    that the corpus never mentions, and `mended` pairs of (typed, read as).
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]
    strangers: tuple[str, ...]
    mended: tuple[tuple[str, str], ...]
    who_said: bool


def read_query(
    question: str, *, history: Sequence[str] = (), vocabulary: Mapping[str, int]
) -> Query:
    """Reads `question`, asked after the user turns in `history` (oldest first).

    `vocabulary` maps each folded word of the corpus to the number of documents that hold it.
    """
    text = make_standalone(question, history=history)
    unheard = [w for w in content_words(text) if w not in vocabulary and not w.isdigit()]
    stems = {stem(w) for w in vocabulary} if unheard else set()
    mended = {
        word: better
        for word in unheard
        if stem(word) not in stems and (better := _respell(word, vocabulary)) is not None
    }
    for typed, better in mended.items():
        text = _replace_word(text, typed, better)
    names = find_names(text)
    terms = tuple(w for w in content_words(text) if w not in QUESTION_WORDS)
    return Query(
        text=text,
        terms=terms or tuple(content_words(text)),
        names=names,
        phrases=tuple(" ".join(p.split()) for p in _QUOTED.findall(text)),
        strangers=tuple(n for n in names if _is_stranger(n, vocabulary)),
        mended=tuple(mended.items()),
        who_said=bool(_WHO_SAID.search(text)),
    )


def make_standalone(question: str, *, history: Sequence[str] = ()) -> str:
    """`question`, with the names it leans on carried over from earlier questions.

    >>> make_standalone("What did he say?", history=["Who is Kobi Michael?"])
    'What did he say? (Kobi Michael)'
    """
    question = " ".join(question[:MAX_QUESTION_CHARACTERS].split())
    if not history or not _leans_on_history(question):
        return question
    carried: list[str] = []
    for turn in reversed(history[-_MAX_HISTORY:]):
        turn = " ".join(turn[:MAX_QUESTION_CHARACTERS].split())
        carried += [n for n in find_names(turn) if n not in question and n not in carried]
        if not carried:  # an earlier question without names still says what the talk is about
            carried += [w for w in content_words(turn) if w not in QUESTION_WORDS]
        elif not _leans_on_history(turn):
            break
    return f"{question} ({' '.join(carried)})" if carried else question


def find_names(text: str) -> tuple[str, ...]:
    """Capitalised names in order, each once; the sentence's first word only if it is no other."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        name = re.sub(r"['’]s?$", "", match.group())
        parts = name.split()
        while parts and fold(parts[0]) in STOP_WORDS | QUESTION_WORDS | _HONORIFICS:
            parts = parts[1:]
        if not parts:
            continue
        at_start = not text[: match.start()].strip(" \"“'(")
        if at_start and len(parts) == 1 and parts[0] == name and not _looks_like_name(name):
            continue
        found.append(" ".join(parts))
    return tuple(dict.fromkeys(found))


def _is_stranger(name: str, vocabulary: Mapping[str, int]) -> bool:
    """Whether the last word of `name` (a surname, no role) stands nowhere in the corpus.

    It counts as written: "Swift" is not met by "swiftly".
    """
    parts = [w for w in content_words(name) if len(w) > 1]
    while len(parts) > 1 and parts[-1] in ROLES:
        parts = parts[:-1]
    return bool(parts) and not any(form in vocabulary for form in number_forms(parts[-1]))


def _looks_like_name(word: str) -> bool:
    # "Name the six armies", "Roughly how many": a capital at the start of a question says nothing.
    return word.isupper() or any(c.isupper() for c in word[1:])


def _leans_on_history(question: str) -> bool:
    asked = words(question)
    if any(w in _PRONOUNS for w in asked):
        # "that" after a verb of saying opens a clause; only lean if the question names nobody.
        strong = [w for w in asked if w in _PRONOUNS - {"that", "there", "then", "this", "it"}]
        return bool(strong) or not find_names(question)
    subject = [w for w in content_words(question) if w not in QUESTION_WORDS]
    return len(subject) < 2 or bool(re.match(r"(?i)(and|but|what about|how about)\b", question))


def _replace_word(text: str, typed: str, better: str) -> str:
    """`typed` (folded) → `better` in `text`, with a capital where there was one."""

    def replace(match: re.Match[str]) -> str:
        found = match.group()
        if fold(found) != typed:
            return found
        return better[:1].upper() + better[1:] if found[:1].isupper() else better

    return re.sub(r"[^\W_]+", replace, text)


def _respell(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """The corpus word that `word` was most likely meant to be, if one is near enough."""
    # Short words are one letter away from too many others ("jets", "Jews").
    if len(word) < 5 or not word.isalpha():
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

    nearest = process.extract(
        word,
        [w for w in vocabulary if abs(len(w) - len(word)) <= 2 and w[0] == word[0] and w.isalpha()],
        scorer=JaroWinkler.normalized_similarity,
        limit=10,
        score_cutoff=_MIN_SPELLING_SCORE / 100,
    )
    allowed = 1 if len(word) < 8 else 2
    ranked = sorted(
        (DamerauLevenshtein.distance(word, w), -score, -vocabulary[w], w) for w, score, _ in nearest
    )
    return ranked[0][3] if ranked and ranked[0][0] <= allowed else None
