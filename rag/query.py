"""A question → the query that is searched. Knows nothing about indexes, models or answers.

Reads a follow-up on its own ("what did he say?" after "Who is Kobi Michael?"), mends spelling
against the words that the corpus holds, and finds the names, quoted phrases, claim, days and parts
of a question.
"""

import re
from collections.abc import Sequence

from rag.parts import find_dates, split_parts
from rag.spelling import Vocabulary, find_variants, is_general, is_known, is_slip, respell
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
_ONE = re.compile(r"\b(?:he|him|his|she|her|hers|it|its)\b", re.IGNORECASE)
_POINTING = frozenset("that there then this it".split())
_OWN = frozenset("he she they his its their theirs".split())
_OWNS = re.compile(r" (?!(?:about|to|for|in|on|at|of|and|that|if|when|with|from|by)\b)\w")
_CARRIED = re.compile(r" \(([^()]+)\)$")
# A question with a verb of its own, and one that asks what something is.
_WHOLE = re.compile(
    r"^\W*(?:(?:who|what|where|when|which|why|how)(?:['’]s)? .*?)?\b(?:is|are|was|were|do|does|did"
    r"|has|have|had|will|would|can|could|should)\b|^\W*(?:who|what|which) \w+"
    r"|^\W*(?:please )?(?:tell|show|give|list|summari[sz]e|describe|explain|compare|find)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"^\W*what(?:['’]s| is| are) (?:an? |the )?[\w$’'-]+(?<!ed)(?<!ing) *\?*$", re.IGNORECASE
)
_ASKS_ABOUT = re.compile(
    r"^\W*(?:(?:who|what|where)(?:['’]s| is| are| was| were) |(?:tell|show) (?:me|us) )",
    re.IGNORECASE,
)
CALENDAR = frozenset(
    """january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov
    dec""".split()
)
# "What about Blinken?", "And the CIA?"
_OTHER = re.compile(
    r"(?i:and |but )?(?i:what about |how about |and |but )"
    r"(?P<name>(?:the )?[A-Z][\w’'. -]{1,60}?)\s*\?*$",
)
_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|it|its|they|them|their)\b", re.IGNORECASE)
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
    r"\b(?:who|according to whom|which [\w ]{2,40}?|what [\w ]{2,30}?)\s+"
    r"(?:has |have |had |also |publicly |first )*"
    r"(?:said|says|say|claim(?:s|ed)?|den(?:y|ies|ied)|warn(?:s|ed)?|argu(?:es?|ed)|report(?:s|ed)?"
    r"|assert(?:s|ed)?|stat(?:es|ed)|believ(?:es?|ed)|think(?:s)?|thought|suggest(?:s|ed)?"
    r"|announc(?:es|ed)|insist(?:s|ed)|conclud(?:es|ed)|admit(?:s|ted)?|predict(?:s|ed)?"
    r"|confirm(?:s|ed)?|explain(?:s|ed)?|add(?:s|ed)|told [\w ’'.-]{2,30}?)"
    r"\s+(?:that\s+)?(?P<claim>.+)",
    re.IGNORECASE,
)
_REPORTS = (
    r"(?:say|said|tell|told|claim|claimed|think|thought|believe|believed|argue|argued|warn|warned"
    r"|write|written|describe|described|call|called|announce|announced|deny|denied|state|stated"
    r"|suggest|suggested|add|explain|explained|promise|promised|report|reported|respond|responded"
    r"|react|reacted|comment|commented|predict|predicted|mention|mentioned|admit|admitted|insist"
    r"|insisted|accuse|accused|ask|asked|urge|urged|demand|demanded|criticize|criticized|reply"
    r"|replied|praise|praised|acknowledge|acknowledged|assert|asserted|note|noted|conclude"
    r"|concluded|tweet|tweeted|vow|vowed|threaten|threatened|confirm|confirmed)"
)
# "What did Jon Finer say about …", "Did Ross deny that …", "What is Sanders's view on …".
_SAID_BY = (
    re.compile(
        r"\b(?:what|how|why|when|where)(?: else| exactly)?\s+(?:did|does|do|has|have|had)\s+"
        rf"(?P<who>[^?,;]{{2,80}}?)\s+(?:(?:ever|also|publicly|actually|really|once|then)\s+)*"
        rf"{_REPORTS}\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*(?:and |but )?(?:did|does|has|have|had)\s+(?P<who>[^?,;]{{2,80}}?)\s+"
        rf"(?:(?:ever|also|publicly|actually|really)\s+)*{_REPORTS}\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhat (?:is|was|are|were)\s+(?P<who>[^?,;]{2,60}?)(?:[’']s|s[’'])\s+"
        r"(?:view|position|opinion|stance|reaction|response|comment|remark|assessment|explanation|argument)s?\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhat (?:was|has been|is) said by\s+(?P<who>[^?,;]{2,60}?)(?P<rest>(?:\s(?:about|on|of"
        r"|regarding)\s[^?]*)?)\s*\??$",
        re.IGNORECASE,
    ),
)
_COMPARE = re.compile(
    r"\b(?:compare|contrast)\s+(?:what\s+|the (?:views|statements|positions|accounts) of\s+)?"
    r"(?P<one>[^?,;]{2,60}?)\s+(?:and|with|to)\s+(?P<other>[^?,;]{2,60}?)"
    rf"(?:\s+(?:have\s+|has\s+|did\s+)?{_REPORTS})?(?P<rest>(?:\s(?:about|on|of|regarding)\s[^?]*)?)\s*[?.]?$"
    r"|\bhow (?:do|did)\s+(?P<one_>[^?,;]{2,60}?)\s+and\s+(?P<other_>[^?,;]{2,60}?)\s+"
    r"(?:differ|disagree|compare)\b(?P<rest_>[^?]*)"
    r"|\b(?:do|did)\s+(?P<one__>[A-Z][^?,;]{1,60}?)\s+and\s+(?P<other__>[A-Z][^?,;]{1,60}?)\s+"
    r"(?:agree|disagree|differ)\b(?P<rest__>[^?]*)",
    re.IGNORECASE,
)
_NO_SPEAKER = re.compile(
    r"\b(?:articles?|documents?)\b"
    r"|^(?:(?:the|these|those|all|any|both|your|each|every|this) )?(?:sources?"
    r"|reports?|accounts?|outlets?|texts?|files?|papers?|newspapers?|people|anyone|someone|everyone"
    r"|you|we|i|it|there|one)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\s*(?:(?:to (?:say|happen) )?(?:about|regarding|concerning|on the (?:subject|question) of"
    r"|on|of|that|whether|if|as)\s+)+",
    re.IGNORECASE,
)
_WANTS_NAME = re.compile(
    r"\b(?:name of|by name|(?:what|which) (?:is|was) (?:his|her|their|its) name|what name"
    r"|who exactly|exact name|full name|give (?:me )?the name)\b",
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
_LETTERS = re.compile(r"[^\W_]+")
# "Wat did he say": the word before a verb that asks. Elsewhere "wat" and "wen" are words.
_ASKING = ("what", "when", "where", "which", "who", "whose", "why", "how")
_MISTYPED_START = re.compile(
    r"^\W*(?:(?:and|but|so) )?(?P<word>[^\W\d_]{2,6}) (?:is|are|was|were|do|does|did|has|have|had"
    r"|will|would|can|could|should|many|much)\b",
    re.IGNORECASE,
)
# A shorter name is one letter from too many others.
_MIN_SLIP = 6
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
    text = make_standalone(question, history=history, vocabulary=vocabulary)
    mended, offered = _check_spelling(text, vocabulary)
    for typed, better in mended.items():
        text = _replace_word(text, typed, better)
    names = find_names(text)
    claim = _find_claim(text)
    said_by, about = _find_said_by(text, history=bool(history))
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
        offered=tuple(offered.items()),
        who_said=bool(_WHO_SAID.search(text)),
        claim=about if said_by else claim,
        said_by=said_by,
        wants_name=bool(_WANTS_NAME.search(text)),
        variants=tuple((w, v) for w in named for v in find_variants(w, vocabulary)),
        dates=find_dates(text),
        parts=() if every else parts,
        every_document=every,
    )


def _check_spelling(text: str, vocabulary: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """The mistyped words of a question: {typed: read as}, {typed: near name that is only offered}.

    A word of English stands as it was typed, whatever word of the corpus is near it ("prison",
    "poison"). A name does too, unless nobody knows it and it differs from one of the corpus as
    fingers slip: "Slovakia" is not "Slovenia", nor "Rahmani" "Rahman".
    """
    mended: dict[str, str] = {}
    offered: dict[str, str] = {}
    asks = _MISTYPED_START.match(text)
    if asks and (better := _nearest_asking(fold(asks["word"]))):
        mended[fold(asks["word"])] = better
    for match in _LETTERS.finditer(text):
        word = fold(match.group())
        if word in STOP_WORDS or word in mended or word.isdigit() or is_known(word, vocabulary):
            continue
        better = respell(word, vocabulary)
        if better is None:
            continue
        general = is_general(word)
        shapes = better in STOP_WORDS or better in QUESTION_WORDS
        at_start = not text[: match.start()].strip(" \"“'(¿")
        capital = match.group()[:1].isupper() and not text.isupper()
        if capital and not (at_start and shapes):
            written = vocabulary.written(better)
            if not written[:1].isupper():
                continue
            if not general and len(word) >= _MIN_SLIP and is_slip(word, better):
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
    if word in _ASKING or word in STOP_WORDS:
        return None
    return next((w for w in _ASKING if w[0] == word[0] and is_slip(word, w)), None)


def tell_spelling(query: Query, vocabulary: Vocabulary) -> str:
    """What is to be said of names that stand in no document as they were typed, or ""."""
    read = ((typed, vocabulary.written(better)) for typed, better in query.mended)
    told = [f"“{typed}” was read as “{name}”." for typed, name in read if name[:1].isupper()]
    told += [f"Nothing on “{typed}”. Did you mean “{name}”?" for typed, name in query.offered]
    return " ".join(told)


def _find_topic(text: str) -> str:
    """`text` without what it says about documents; all of it if nothing else is left."""
    topic = " ".join(_ABOUT_DOCUMENTS.sub(" ", text).split()).strip(" ,?")
    return topic if content_words(topic) else text


def _find_said_by(text: str, *, history: bool) -> tuple[tuple[str, ...], str]:
    """Whose words are asked for, and about what: "What did Ross say about Iran?"."""
    plain, carried = _split_carried(text) if history else (text, "")
    compared = _COMPARE.search(plain)
    if compared:
        one, other, rest = (
            next((g for n, g in compared.groupdict().items() if n.strip("_") == key and g), "")
            for key in ("one", "other", "rest")
        )
        names = tuple(" ".join(n.split()) for n in (one, other))
        if all(find_names(n) or n[:1].isupper() for n in names):
            return names, _ABOUT.sub("", rest).strip(' ?."“”')
    for pattern in _SAID_BY:
        match = pattern.search(plain)
        if match is None:
            continue
        who = re.sub(r"^(?:according to )", "", " ".join(match["who"].split()))
        # Without a name what was carried is no speaker, but what the talk is about.
        if find_names(f"as {carried}") and all(w in _PRONOUNS for w in words(who)):
            who = carried
        if _NO_SPEAKER.search(who) or all(w in _PRONOUNS for w in words(who)):
            return (), ""
        return (who,), _ABOUT.sub("", match["rest"]).strip(' ?."“”')
    return (), ""


def _find_claim(text: str) -> str:
    """What somebody is asked to have said: "Who said that taxes rose?" → "taxes rose"."""
    match = _CLAIM.search(text)
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
    if put := _put_into(question, plain):
        return put
    # "He" is whom the talk was about already, else whom the question before names.
    names = _names_of(plain, vocabulary)
    carried = [topic] if topic and _ONE.search(question) else [*names, *filter(None, [topic])]
    # "What did he want? (dissented March 2022)" after "Who dissented in March 2022?".
    carried = carried or [
        word
        for word in _LETTERS.findall(plain)
        if fold(word) not in QUESTION_WORDS | STOP_WORDS | {"knew", "known"}
    ]
    here = set(words(question))
    if here & CALENDAR:  # "And in June?": the other month is not meant any more
        carried = [" ".join(w for w in c.split() if fold(w) not in CALENDAR) for c in carried]
    carried = [c for c in dict.fromkeys(carried) if c and not here.issuperset(words(c))]
    return f"{question} ({' '.join(carried)})" if carried else question


def _split_carried(question: str) -> tuple[str, str]:
    """A stand-alone question without what was carried into it, and that."""
    match = _CARRIED.search(question)
    return (question[: match.start()], match[1]) if match else (question, "")


def _names_of(text: str, vocabulary: Vocabulary | None) -> list[str]:
    """The names in a question, months and weekdays apart.

    Of one that was typed without capitals: the words that the corpus writes with them.
    """
    if vocabulary is None or text.lower() != text:
        return [n for n in find_names(text) if not CALENDAR.issuperset(words(n))]
    found: list[list[str]] = [[]]
    for word in text.split():
        letters = word.strip("\"“”'‘’().,;:!?")
        written = letters if fold(letters) in STOP_WORDS else vocabulary.written(fold(letters))
        named = written[:1].isupper()
        if named:
            found[-1].append(written)
        if not named or letters != word:
            found.append([])
    return [" ".join(run) for run in found if run]


def _put_into(question: str, before: str) -> str:
    """The question before with what is asked of another: "What about Blinken?", or ""."""
    who, about = _find_said_by(before, history=False)
    other = _OTHER.match(question)
    who = who or _sole_name(before)
    if other and len(who) == 1 and who[0] in before:
        return before.replace(who[0], other["name"].strip(), 1)
    asked, claim = _find_said_by(question, history=False)
    if asked and asked[0][:1].isupper() and not claim and about and not _PRONOUN.search(question):
        return f"{question.rstrip(' ?')} about {about}?"
    return ""


def _sole_name(question: str) -> tuple[str, ...]:
    """The only name of a question that asks about it: "Who is Dennis Ross?"."""
    names = find_names(question)
    return names if len(names) == 1 and _ASKS_ABOUT.search(question) else ()


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


def leans_on_history(question: str, *, vocabulary: Vocabulary | None = None) -> bool:
    """Whether `question` cannot be understood without the one before it."""
    if _SUBJECT_PRONOUN.search(question):
        return True
    names = _names_of(question, vocabulary)
    if _leaning_pronoun(question, names):
        return True
    subject = [w for w in content_words(question) if w not in QUESTION_WORDS]
    if re.match(r"(?i)(?:and |but )?(?:what|how) about\b", question):
        return True
    # "And how many fighters does Hezbollah have?" says what it is about; "And the children?" not.
    if re.match(r"(?i)(?:and|but)\b", question):
        return len(subject) < 2 or len(subject) < 3 or not names
    # "What is Hezbollah?" and "what is terrorism?" are whole questions; "How many died?" is not.
    whole = (names and _WHOLE.search(question)) or (subject and _DEFINES.search(question))
    return len(subject) < 2 and not whole


def _leaning_pronoun(question: str, names: Sequence[str]) -> bool:
    """Whether a pronoun stands for something outside of `question`, which names `names`."""
    small = question.lower()
    first = min((small.find(n.lower()) % (len(small) + 1) for n in names), default=len(small))
    for match in _LETTERS.finditer(question):
        word = fold(match.group())
        if word not in _PRONOUNS:
            continue
        # "that" after a verb of saying opens a clause; only lean if the question names nobody.
        if word in _POINTING:
            if not names:
                return True
            continue
        # "Why does Hezbollah keep its weapons?" says whose they are; "What did he tell Haniyeh?"
        # does not, nor "What did Khamenei tell him?": him is another.
        inside = word in _OWN or (word == "her" and _OWNS.match(question, match.end()) is not None)
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
