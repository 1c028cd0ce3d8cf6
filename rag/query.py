"""A question → the query that is searched. Knows nothing about indexes, models or answers.

Reads a follow-up on its own ("what did he say?" after "Who is Kobi Michael?"), mends spelling
against the words that the corpus holds, and finds the names, quoted phrases, claim, days and parts
of a question.
"""

import re
from collections.abc import Sequence

from rag.parts import find_dates, split_parts
from rag.spelling import Vocabulary, find_variants, is_known, respell
from rag.types import Query
from rag.words import STOP_WORDS, content_words, fold, number_forms, words

MAX_QUESTION_CHARACTERS = 4_000
_MAX_HISTORY = 6
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
# "Has it been fighting?", "did they meet": the subject stands in an earlier turn.
_SUBJECT_PRONOUN = re.compile(
    r"^\W*(?:and |but )?(?:(?:when|where|why|how|what) )?(?:has|have|had|is|are|was|were|do|does"
    r"|did|will|would|can|could) (?:it|he|she|they)\b(?! true\b)",
    re.IGNORECASE,
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


_CLAIM = re.compile(
    r"\b(?:who|according to whom|which [\w ]{2,40}?|what [\w ]{2,30}?)\s+(?:has |have |had |also )*"
    r"(?:said|says|say|claim(?:s|ed)?|den(?:y|ies|ied)|warn(?:s|ed)?|argu(?:es?|ed)|report(?:s|ed)?"
    r"|assert(?:s|ed)?|stat(?:es|ed)|believ(?:es?|ed)|think(?:s)?|thought|suggest(?:s|ed)?"
    r"|announc(?:es|ed)|insist(?:s|ed)|conclud(?:es|ed)|admit(?:s|ted)?|predict(?:s|ed)?"
    r"|confirm(?:s|ed)?|explain(?:s|ed)?|add(?:s|ed)|told [\w ’'.-]{2,30}?)"
    r"\s+(?:that\s+)?(?P<claim>.+)",
    re.IGNORECASE,
)
_EVERY_DOCUMENT = re.compile(
    r"\b(?:the|these|those|all|any|both|your) (?:documents|sources|articles|reports|accounts"
    r"|outlets)\b.{0,40}\b(?:agree|disagree|differ|contradict|consistent)"
    r"|\b(?:each|every) (?:document|source|article|report|account|outlet)\b"
    r"|\bwhich (?:documents|sources|articles|reports|outlets)\b|\bwho says what\b",
    re.IGNORECASE,
)
_ABOUT_DOCUMENTS = re.compile(
    r"\b(?:do|does|did) (?:the|these|those|all|any|both|your) \w+ (?:all )?(?:agree|disagree"
    r"|differ)(?: (?:on|about|over|that|in))?(?: (?:whether|if|how|what))?"
    r"|\bwho says what\b|,?\s*(?:and )?(?:according to|in|by) (?:each|every) \w+"
    r"|\bwhich (?:documents|sources|articles|reports|outlets)\b"
    r"|,?\s*(?:and )?what (?:does|do|did) (?:each|every)(?: \w+)? (?:say|claim|report)"
    r"(?: (?:he|she|it|they) (?:said|did))?|\bcompare (?:what|how)\b",
    re.IGNORECASE,
)
_ASKS_EVERY = frozenset("agree agrees disagree differ contradict consistent each every".split())


def read_query(
    question: str,
    *,
    history: Sequence[str] = (),
    vocabulary: Vocabulary,
    outlets: Sequence[str] = (),
) -> Query:
    """Reads `question`, asked after the user turns in `history` (oldest first).

    `vocabulary` holds the words of the corpus, `outlets` the names of its outlets.
    """
    text = make_standalone(question, history=history)
    mended = {
        word: better
        for word in content_words(text)
        if not word.isdigit()
        and not is_known(word, vocabulary)
        and (better := respell(word, vocabulary)) is not None
    }
    for typed, better in mended.items():
        text = _replace_word(text, typed, better)
    names = find_names(text)
    claim = _find_claim(text)
    parts = split_parts(text, outlets, claim=claim)
    # "Do both articles from Wired agree …" names its documents; "do the documents agree" does not.
    every = bool(_EVERY_DOCUMENT.search(text)) and not any(p.outlets for p in parts)
    # Names have variant spellings; in a question typed without capitals any word may be a name.
    capitals = set(content_words(" ".join(names)))
    terms = tuple(
        w
        for w in content_words(text)
        if w not in QUESTION_WORDS and not (every and w in _ASKS_EVERY)
    ) or tuple(content_words(text))
    named = [w for w in terms if not capitals or w in capitals]
    return Query(
        text=text,
        topic=_find_topic(text) if every else text,
        terms=terms,
        names=names,
        phrases=tuple(" ".join(p.split()) for p in _QUOTED.findall(text)),
        strangers=tuple(n for n in names if _is_stranger(n, vocabulary)),
        mended=tuple(mended.items()),
        who_said=bool(_WHO_SAID.search(text)),
        claim=claim,
        variants=tuple((w, v) for w in named for v in find_variants(w, vocabulary)),
        dates=find_dates(text),
        parts=() if every else parts,
        every_document=every,
    )


def _find_topic(text: str) -> str:
    """`text` without what it says about documents; all of it if nothing else is left."""
    topic = " ".join(_ABOUT_DOCUMENTS.sub(" ", text).split()).strip(" ,?")
    return topic if content_words(topic) else text


def _find_claim(text: str) -> str:
    """What somebody is asked to have said: "Who said that taxes rose?" → "taxes rose"."""
    match = _CLAIM.search(text)
    claim = match["claim"].strip(" ?\"“”'") if match else ""
    return claim if content_words(claim) else ""  # "Who says what?" claims nothing


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


def _is_stranger(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the last word of `name` (a surname, no role) stands nowhere in the corpus.

    It counts as written: "Swift" is not met by "swiftly".
    """
    parts = [w for w in content_words(name) if len(w) > 1]
    while len(parts) > 1 and parts[-1] in ROLES:
        parts = parts[:-1]
    return bool(parts) and not any(vocabulary.count(form) for form in number_forms(parts[-1]))


def _looks_like_name(word: str) -> bool:
    # "Name the six armies", "Roughly how many": a capital at the start of a question says nothing.
    return word.isupper() or any(c.isupper() for c in word[1:])


def _leans_on_history(question: str) -> bool:
    asked = words(question)
    if _SUBJECT_PRONOUN.search(question):
        return True
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
