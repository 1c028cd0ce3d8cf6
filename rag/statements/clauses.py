"""What one sentence reports: cue, speaker and content, by word patterns.

Knows nothing about documents or who the speakers are. A dependency parse (spaCy's small English
model) was measured against these patterns and finds no more at a sixth of the speed: see
benchmarks/RESULTS.md.
"""

import re
from dataclasses import dataclass

from rag.passages import Span
from rag.statements.cues import (
    ACT,
    CLAUSE_ONLY,
    MENTAL,
    NEGATIONS,
    PREPOSITIONS,
    QUOTED,
    SAY,
    SHOW,
    STUDIES,
    TELL,
    VERBS,
)

_TOKEN = re.compile(r"``|''|[^\W_](?:[\w’'\-]|\.(?=\w))*|[^\w\s]")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr sen rep gov pres gen lt col sgt st jr sr prof u.s u.k u.n d.c no vs jan feb mar
    apr jun jul aug sept sep oct nov dec rev hon capt maj adm ariz calif fla ga ill ky la md mass
    mich minn mo nev ohio okla pa tenn tex va vt wash wis""".split()
)
_AUXILIARIES = frozenset(
    """has have had having is are was were be been being do does did will would can could may might
    should must not n't never also later then again still since once even just only often now
    reportedly first further ever both all already soon too""".split()
)
_PAST = frozenset(
    """said told wrote thought felt knew swore read found saw heard understood meant showed spoke
    written known shown spoken sought forecast begged""".split()
)
_MODALS = frozenset("will would can could may might shall should must".split())
_NOUNS = frozenset(
    """reports claims calls fears hopes views estimates promises demands charges notes plans states
    comments statements requests attacks questions answers protests remarks threats
    pledges vows forecasts concerns objects""".split()
)
# Base forms that are hardly ever nouns.
_PLAIN = frozenset("say think believe argue insist tell write agree know feel suggest".split())
# Verbs that one does "to say" something after.
_MATRIX = frozenset(
    """declined declines decline refused refuses refuse failed fails went goes going continued
    continues began begins tried tries threatened threatens had has have seemed seems appeared
    appears continuing used able happy quick careful""".split()
)
# Report nothing without "that" or a quotation: "Trump added Alabama".
_NEEDS_THAT = frozenset(
    """add continue respond reply answer maintain post state observe object counter read charge reason
    signal relate recommend comment say.noun tweet email text write guarantee vent retort propose
    find show report protest question note repeat post claim estimate""".split()
) - frozenset(
    (
        "propose",
        "question",
        "note",
        "report",
        "claim",
        "estimate",
        "tweet",
        "write",
        "recommend",
        "repeat",
    )
)
_INTRANSITIVE = frozenset(
    "speak talk respond refer point touch rail lash inveigh swipe gripe joke boast brag object apologize apologise allude hint comment".split()
)
_FINITE = frozenset("is are was were has had have does did do says".split()) | _MODALS
_NOT_LY = frozenset("family ally reply supply italy july rally assembly early emily kelly".split())
_BOUNDARY = frozenset(
    """that because when while if after before whether than what how why where although though
    since albeit unless until as but which so because amid despite during""".split()
)
_OPENERS = frozenset(
    """in on at after during before for since while when if as with by despite amid although though
    because from once under until following speaking citing""".split()
)
_DETERMINERS = frozenset(
    "the a an his her its their our my your this that these those no any some".split()
)
_NOUNISH = frozenset(
    "the a an his her its their our my your this that these those no any some of 's ’s".split()
)
_SUBJECT_PRONOUNS = frozenset("he she they it i we you who".split())
_STOP_RIGHT = frozenset(
    """in on at during after before when while as to by from that who which with since because
    if but and last this about via through following amid""".split()
)
_LINKS = frozenset("of for from at in to with on near de al bin van von der".split())
_DAYS = re.compile(
    r"^(?:on\s)?(?:early\s|late\s|last\s|this\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|year"
    r"|yesterday|today|earlier|later)\b",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
# "Blinken on October 9 said": the date is not of the phrase.
_TRAILING_DATE = re.compile(
    r"[\s—–]((?:(?:immediately|also)\s)?(?:on\s|in\s)?(?:(?:early|late|last|this|the)\s)?"
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s(?:morning|afternoon|evening|night))?"
    rf"|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?|{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?"
    r"|yesterday|today|last\s(?:week|month|year)|this\s(?:week|month|year)))[\s,]*$"
)
_OCCASION = (
    r"statement|interview|speech|email|e-mail|tweet|letter|address|conference|debate|news|rally"
    r"|report|post|video|message|testimony|hearing|appearance|call|briefing|memo|remarks|release"
    r"|op-ed|filing|Twitter|Facebook|television|TV|radio|show|article|week|weekend|month|year"
    r"|morning|afternoon|evening|night|time|event|meeting|campaign|address|essay|book|column|blog"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?|\d{4}|(?:[A-Z][a-z]+)day"
)
# "on Monday in a statement": when and where it was said, not what.
_ADVERBIAL = re.compile(
    r"\s*,?\s*(?:(?:(?:on|in|at|during|via|from|after|to|through|before|by|of)\s"
    rf"(?:(?!that\b)[^,;:“”\"\s]+\s){{0,6}}?(?:{_OCCASION})(?:\s\d+)?\b"
    r"|yesterday|today|(?:(?:last|this|early|late)\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?:\s(?:morning|afternoon|evening|night))?|earlier|later|again|recently|publicly|repeatedly"
    r"|simply|flatly|bluntly)\s*,?\s*)+",
)
_TO_THAT = re.compile(
    r"\s*,?\s*(?:on|in|at|during|from|after|to|through|of)\s(?:[^,;:“”\"\s]+\s){1,8}?(?=that\b)"
)
_OPENS = '“„«"``'
_CLOSES = "”»\"''"


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    lower: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A reporting clause of one sentence; spans are of that sentence.

    `content` is empty where the words stand in quotation marks elsewhere ("…," she said).
    """

    lemma: str
    cue: Span
    subject: Span | None
    content: tuple[Span, ...] = ()
    recipient: Span | None = None
    negated: bool = False


def read_sentence(text: str) -> list[Clause]:
    """The reporting clauses of one sentence, in order of their cues."""
    tokens = _tokens(text)
    found: list[Clause] = []
    for place, token in enumerate(tokens):
        if token.lower == "according" and _lower(tokens, place + 1) == "to":
            clause = _according(text, tokens, place)
        elif token.lower in VERBS and _is_verb(tokens, place):
            clause = _reporting(text, tokens, place, found)
        elif token.lower.endswith("ed") and token.lower not in VERBS and _barks(tokens, place):
            clause = _reporting(text, tokens, place, found)
        else:
            continue
        if clause is not None:
            found.append(clause)
    return _ended(text, found)


def _tokens(text: str) -> list[_Token]:
    closes = next((m.start() for m in re.finditer("[”»]", text)), -1)
    opens = next((m.start() for m in re.finditer("[“«]", text)), len(text))
    quoted = -1 < closes < opens  # the sentence begins within a quotation
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        mark = match.group()
        inside = quoted
        if mark in ("“", "«", "„", "``"):
            quoted = inside = True
        elif mark in ("”", "»"):
            quoted, inside = False, True
        elif mark in ('"', "''"):
            inside, quoted = True, not quoted
        elif mark == "'" and found and found[-1].quoted and found[-1].end == match.start():
            inside = True  # the third of three marks that close a quotation within one
        found.append(_Token(match.start(), match.end(), mark, mark.lower(), inside))
    return found


def _barks(tokens: list[_Token], place: int) -> bool:
    """Whether an unknown verb can only tell how somebody spoke: "…,” she thundered."."""
    token = tokens[place]
    if token.quoted or place == 0 or not token.text.islower():
        return False
    mark = place - 1
    while mark > 0 and place - mark <= 5 and not tokens[mark].quoted:
        if not tokens[mark].text[0].isalpha():
            return False
        mark -= 1
    if not tokens[mark].quoted or tokens[mark].text not in _CLOSES or mark == 0:
        return False
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    ends = tokens[mark - 1].text in ",?!—-"
    if mark == place - 1:
        return (
            ends
            and after is not None
            and (after.text[0].isupper() or after.lower in ("the", "a", "an"))
        )
    return ends and (after is None or after.text in ".,:" or after.lower in _STOP_RIGHT)


def _lower(tokens: list[_Token], place: int) -> str:
    return tokens[place].lower if 0 <= place < len(tokens) else ""


def _is_verb(tokens: list[_Token], place: int) -> bool:
    token = tokens[place]
    if token.text[0].isupper():
        return place > 0 and token.lower in _HEADLINE and _is_headline(tokens)
    before, after = _lower(tokens, place - 1), _lower(tokens, place + 1)
    if before in _NOUNISH and not (before == "that" and token.lower.endswith("ed")):
        return False
    if token.lower.endswith("ing"):
        return (
            before
            in (
                ",",
                "by",
                "and",
                "—",
                "–",
                "of",
                "in",
                "after",
                "before",
                "while",
                "is",
                "are",
                "was",
                "were",
                "been",
                "”",
                '"',
            )
            or place == 0
        )
    if token.lower.endswith("ed") or token.lower in _PAST:
        if before in ("been", "was", "were", "is", "are", "be", "being") and after not in (
            "by",
            "as",
        ):
            return after == "to" and False
        return True
    # "claims", "report", "call": as often a noun.
    if VERBS[token.lower] in ("show", "find", "indicate") and before in STUDIES:
        return True
    if token.lower in _NOUNS and not (
        before in _SUBJECT_PRONOUNS or tokens[place - 1].text[0].isupper() or before.endswith(")")
    ):
        return False
    if token.lower == "informed" and not tokens[place - 1].text[0].isupper():
        return False
    if token.lower == VERBS[token.lower]:
        if token.lower in _PLAIN and before.endswith(
            (
                "s",
                "people",
                "some",
                "many",
                "others",
                "percent",
                "who",
                "men",
                "folks",
                "i",
                "we",
                "you",
                "they",
            )
        ):
            return True
        return (
            before
            in (
                "to",
                "they",
                "we",
                "you",
                "i",
                "who",
                "not",
                "n't",
                "also",
                "will",
                "would",
                "could",
                "can",
                "may",
                "might",
                "did",
                "do",
                "does",
                "”",
            )
            or before.endswith("s")
            and after
            in (
                "that",
                "the",
                "a",
                "he",
                "she",
                "they",
                "it",
                "his",
                "her",
                "their",
                "“",
                '"',
                "there",
            )
        )
    return (
        token.lower in ("says", "tells", "writes", "thinks", "believes", "argues", "adds", "insists", "knows", "explains", "describes", "agrees", "admits", "suggests", "wants", "hopes", "fears", "expects")
        or after in ("that", "the", "he", "she", "it", "they", "his", "her", "“", '"', "a", "there")
    )  # fmt: skip


_HEADLINE = frozenset(
    """says said tells told calls called slams praises claims warns urges blasts denies accuses
    argues reports wants vows mocks admits rips endorses suggests announces attacks defends""".split()
)


def _is_headline(tokens: list[_Token]) -> bool:
    """Whether Nearly Every Word Begins Like This."""
    long = [t for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    return len(long) > 3 and sum(t.text[0].isupper() for t in long) >= 0.75 * len(long)


def _reporting(text: str, tokens: list[_Token], place: int, found: list[Clause]) -> Clause | None:
    token = tokens[place]
    lemma = VERBS.get(token.lower, "bark")
    if _lower(tokens, place + 1) == "by" and _lower(tokens, place - 1) in (
        "been",
        "was",
        "were",
        "is",
        "are",
        "be",
        "as",
    ):
        return _passive(text, tokens, place, lemma)
    first = place
    negated = False
    while first > 0 and _is_adverbial(tokens[first - 1]) and not tokens[first - 1].quoted:
        first -= 1
        negated = negated or tokens[first].lower in NEGATIONS
    start = first
    if _lower(tokens, first - 1) == "to":
        # "declined to say", "went on to argue"
        on = 1 if _lower(tokens, first - 2) in ("on", "out") else 0
        if first < 3 + on or tokens[first - 2 - on].lower not in _MATRIX:
            return None
        first -= 2 + on
        negated = negated or tokens[first].lower in (
            "declined",
            "refused",
            "failed",
            "declines",
            "refuses",
        )
        while first > 0 and (
            _is_adverbial(tokens[first - 1]) or tokens[first - 1].lower in ("went", "goes", "going")
        ):
            first -= 1
        start = first
    cue = (tokens[start].start, token.end)
    after = place + 1
    subject: Span | None = None
    inverted = not token.lower.endswith("ing") and _inverted(tokens, first, place)
    if inverted:
        right = _noun_right(tokens, place + 1)
        if right is not None and _closes_phrase(tokens, right[1] + 1, first):
            subject, after = (tokens[right[0]].start, tokens[right[1]].end), right[1] + 1
    if subject is None:
        inverted = False
        hangs = token.lower.endswith("ing") and not _is_helped(tokens, place)
        left = None if hangs else _noun_left(text, tokens, first)
        if left is not None:
            subject = (tokens[left[0]].start, tokens[left[1]].end)
    if subject is None and token.lower.endswith("ing") and found:
        subject = found[-1].subject
    elif subject is None and token.lower.endswith("ing"):
        subject = _main_subject(text)
    elif subject is None and _lower(tokens, first - 1) in ("and", "but") and found:
        leads = tokens[0].lower in _OPENERS  # "As the crowd chanted, she rose and joked"
        subject = (_main_subject(text) if leads else None) or found[-1].subject
    elif subject is None and first and not tokens[0].quoted:
        before = tokens[first - 1]
        if before.quoted or before.lower in ("and", "but"):
            subject = _main_subject(text)
    if subject is None:
        return None
    named = text[subject[0] : subject[1]].lower()
    if lemma == "call" and re.match(r"an? ", named):
        return None  # "a program called …"
    if not _can_name(named) or text[max(0, subject[0] - 1) : subject[0]] in ("[", "("):
        return None
    if _ANONYMITY.match(text, token.end):
        return None  # how a source wants to be named is not what they say
    if named in (
        "there",
        "this",
        "that",
        "what",
        "which",
        "i",
        "we",
        "you",
        "these",
        "those",
        "one",
    ):
        return None
    if lemma in SHOW - SAY and not STUDIES & set(named.split()):
        return None
    recipient: Span | None = None
    if lemma in TELL:
        told = _recipient(tokens, after)
        if told is not None:
            recipient = (tokens[after].start, tokens[told].end)
            after = told + 1
    content = (
        () if lemma in QUOTED else _content(text, tokens, place, after, lemma, subject, inverted)
    )
    if not content and lemma not in SAY | TELL | ACT | QUOTED:
        return None
    return Clause(lemma, cue, subject, content, recipient, negated)


_MAIN_SUBJECT = re.compile(
    r"(?:(?:In|On|At|After|Before|During|While|When|As|For|Since|By|With|Speaking|Last|Earlier)\b"
    r"[^,“”\"]{2,80},\s)?(?:And |But |Still, |Yet )?"
    r"((?:He|She|They|It|he|she|they"
    r"|(?:[Tt]he |[Aa]n? |[Hh]is |[Hh]er )?(?:(?:[A-Z][\w’'-]*\.?)\s?){1,5})(?<!\s))"
    r"(?=\s[a-z]|,\s[^“”\"]{3,90},\s[a-z]|,\s(?:citing|quoting|speaking|asked)\b)"
)


def _main_subject(text: str) -> Span | None:
    """Who acts in a sentence that a hanging "saying …" belongs to, where it is plain."""
    match = _MAIN_SUBJECT.match(text)
    if match is None or match[1].split()[0].lower() in _OPENERS | _BOUNDARY:
        return None
    return match.span(1)


_ANONYMITY = re.compile(
    r"\s(?:not\s)?(?:to\s(?:not\s)?be\s(?:named|identified|quoted)|to\sremain\sanonymous"
    r"|(?:for|on condition of)\sanonymity)"
)


def _can_name(named: str) -> bool:
    """Whether a phrase can be somebody: "last week" and "no" cannot."""
    found = re.findall(r"[^\W_]+", named)
    return any(w not in _NOBODY for w in found) and found[0] not in (
        "to",
        "been",
        "be",
        "not",
        "more",
        "less",
        "likely",
    )


_NOBODY = frozenset(
    """in on at the a an no not more less least most last week month year day days recent early
    late possible likely generally be been and or of to for by with from than only just even
    considering it’s its""".split()
)


def _is_helped(tokens: list[_Token], place: int) -> bool:
    """Whether "saying" follows "is" or "was": a finite verb with a subject of its own."""
    return any(
        _lower(tokens, place - n) in ("is", "are", "was", "were", "been", "’s", "'s")
        for n in (1, 2)
    )


def _is_adverbial(token: _Token) -> bool:
    word = token.lower
    return (
        word in _AUXILIARIES
        or (word.endswith("ly") and word not in _NOT_LY and token.text.islower())
        or word.endswith(("n't", "n’t"))
    )


def _inverted(tokens: list[_Token], first: int, place: int) -> bool:
    """Whether the speaker stands behind the verb: "…,” said Finer"."""
    before = tokens[first - 1] if first > 0 else None
    follows = tokens[place + 1] if place + 1 < len(tokens) else None
    if before is None or follows is None or follows.quoted:
        return False
    if not (before.quoted or before.text in (",", "—", "–", "’", "'")):
        return False
    if VERBS.get(tokens[place].lower, "bark") not in SAY | QUOTED:
        return False
    if _DAYS.match(follows.text) or follows.lower in ("that", "this", "these", "those"):
        return False
    return follows.text[0].isupper() or follows.lower in _DETERMINERS | _SUBJECT_PRONOUNS - {"who", "it", "they"} or follows.text[0].isdigit() or (
        before.quoted and follows.text[0].isalpha() and follows.lower not in _STOP_RIGHT
    )  # fmt: skip


def _closes_phrase(tokens: list[_Token], place: int, first: int) -> bool:
    """Whether the phrase before `place` can be the one that speaks, nothing said of it yet."""
    if place >= len(tokens):
        return tokens[first - 1].quoted
    token = tokens[place]
    if not tokens[first - 1].quoted:
        # "the senator, said the plan …" is no inversion; "the plan is dead, said the senator." is.
        finite = any(
            t.lower in _FINITE | _PAST or t.text.endswith("ed") and t.text.islower()
            for t in tokens[:first]
        )
        named = sum(t.text[0].isupper() for t in tokens[place - 2 : place]) > 1 or any(
            tokens[n].text[0].isupper() and tokens[n + 1].text[0].isupper()
            for n in range(first + 1, min(first + 4, place - 1))
        )
        ends = token.text == "." and not _abbreviates(tokens, place)
        return finite and (ends or (named and token.text == ","))
    return not token.text[0].isalnum() or token.lower in _STOP_RIGHT


def _noun_right(tokens: list[_Token], place: int) -> tuple[int, int] | None:
    """The phrase that begins at `place`: "Jon Finer, the deputy adviser, on Sunday"."""
    if place >= len(tokens) or not tokens[place].text[0].isalnum():
        return None
    if tokens[place].lower in ("he", "she", "they", "it", "i", "we"):
        return place, place
    last = place
    position = place + 1
    while position < len(tokens):
        token = tokens[position]
        if token.quoted or token.text in ";:—–()":
            break
        if token.text == ".":
            if not _abbreviates(tokens, position):
                break
            position += 1
            continue
        if token.text == ",":
            closing = _apposition(tokens, position + 1)
            if closing is not None and not any(t.text == "," for t in tokens[place:position]):
                last = closing
            break
        if token.lower in _STOP_RIGHT and not (
            token.lower in ("who", "and", "at", "with", "in", "to") and _belongs(tokens, position)
        ):
            break
        if token.lower in _FINITE | _PAST:
            break
        last = position
        position += 1
    return place, last


def _belongs(tokens: list[_Token], position: int) -> bool:
    """Whether "at", "and", "who" goes on with the phrase: "an expert at Brookings"."""
    word, after = (
        tokens[position].lower,
        tokens[position + 1] if position + 1 < len(tokens) else None,
    )
    before = tokens[position - 1]
    if after is None:
        return False
    if word == "and":
        return after.text[0].isupper() and before.text[0].isupper()
    if word in ("with", "to") and before.text.islower():
        return after.text[0].isalpha() and after.lower not in (
            "him", "her", "them", "me", "reporters", "supporters", "journalists"
        )  # fmt: skip
    if word in ("at", "in"):
        return (
            before.text.islower()
            and (after.text[0].isupper() or after.lower == "the")
            and not _DAYS.match(after.text)
        )
    return False


def _apposition(tokens: list[_Token], place: int) -> int | None:
    """Where an apposition that begins at `place` ends: "a spokesman for the campaign"."""
    if place >= len(tokens):
        return None
    first = tokens[place]
    if (
        first.quoted
        or first.lower.endswith("ing")
        or first.lower
        in _OPENERS | {"and", "but", "who", "he", "she", "it", "they", "noting", "that"}
    ):
        return None
    if not (
        first.lower in ("a", "an", "the", "one", "his", "her", "its", "president", "director")
        or first.text[0].islower()
        or first.text[0].isdigit()
        or first.text[0].isupper()
    ):
        return None
    position = place
    while position < len(tokens) and position - place < 28:
        token = tokens[position]
        if token.quoted or token.text in ";:—–":
            return None if token.quoted else position - 1
        if token.text == "," or (token.text == "." and not _abbreviates(tokens, position)):
            return position - 1
        if token.lower in VERBS and token.lower in _PAST:
            return None
        position += 1
    return None


def _noun_left(text: str, tokens: list[_Token], first: int) -> tuple[int, int] | None:
    """The phrase that ends right before token `first`."""
    dated = _TRAILING_DATE.search(text, 0, tokens[first - 1].end) if first else None
    if dated is not None and dated.start() > 0:
        first = next(n for n, t in enumerate(tokens) if t.start >= dated.start(1))
    last = first - 1
    if last < 0 or tokens[last].quoted:
        return None
    if tokens[last].lower in ("who", "which", "that") and last > 0:
        last -= 1
        if tokens[last].text == ",":
            return _with_apposition(tokens, last) or _phrase_ending(tokens, last - 1)
        return _phrase_ending(tokens, last)
    if tokens[last].text in (",", "—", "–", ")"):
        return _with_apposition(tokens, last)
    if not tokens[last].text[0].isalnum() and tokens[last].text != ".":
        return None
    return _phrase_ending(tokens, last)


def _with_apposition(tokens: list[_Token], comma: int) -> tuple[int, int] | None:
    """ "Hage Ali, an expert at the Carnegie Centre, said": the whole of it."""
    start = comma
    while start > 0 and not tokens[start - 1].quoted and tokens[start - 1].text not in ";:":
        start -= 1
    parts: list[list[int]] = [[]]
    for place in range(start, comma):
        if tokens[place].text in (",", "—", "–", "("):
            parts.append([])
        else:
            parts[-1].append(place)
    parts = [p for p in parts if p]
    if len(parts) == 2 and tokens[parts[0][0]].lower in _OPENERS and len(parts[0]) > 1:
        return parts[0][1], comma - 1  # "After the spokesman, Ramazan Sharif, said"
    while len(parts) > 1 and tokens[parts[0][0]].lower in _OPENERS:
        parts.pop(0)
    if len(parts) < 2:
        return None
    if len(parts[-2]) == 1 and tokens[parts[-2][0]].lower in _SUBJECT_PRONOUNS:
        return parts[-2][0], parts[-2][0]  # "he, once again, pledged"
    for index, part in enumerate(parts):
        if any(tokens[p].lower in VERBS and tokens[p].lower in _PAST for p in part):
            continue
        begin = part[0]
        while begin < part[-1] and tokens[begin].lower in ("and", "but", "that", "while"):
            begin += 1
        named = tokens[begin].text[0].isupper() or tokens[begin].lower in _DETERMINERS
        if named and len(part) <= 9 and index < len(parts) - 1:
            return begin, comma - 1
    return None


def _phrase_ending(tokens: list[_Token], last: int) -> tuple[int, int] | None:
    if last < 0 or tokens[last].quoted:
        return None
    if tokens[last].lower in _SUBJECT_PRONOUNS:
        return last, last
    first = last
    while first > 0:
        before = tokens[first - 1]
        if before.quoted or before.text in (",", ";", ":", "—", "–", "(", ")", "…"):
            break
        if before.text == "." and not _abbreviates(tokens, first - 1):
            break
        if before.lower in _BOUNDARY:
            break
        if before.lower == "and" and not (
            first >= 2 and tokens[first - 2].text[0].isupper() and tokens[first].text[0].isupper()
        ):
            break
        if (
            before.lower in _MODALS
            or before.lower in _PAST
            or (before.lower in VERBS and before.lower.endswith(("ed", "ing")))
            or before.lower in ("is", "are", "was", "were", "has", "had", "have", "s")
        ):
            break
        if before.lower == "to" and _lower(tokens, first - 2) == "according":
            break
        first -= 1
    if tokens[first].lower in ("who", "which") and first > 1:
        if tokens[first - 1].text == ",":
            return _with_apposition(tokens, first - 1) or _phrase_ending(tokens, first - 2)
        return _phrase_ending(tokens, first - 1)
    if last - first > 7:
        joined = [n for n in range(first + 1, last) if tokens[n].lower == "and"]
        if joined and tokens[joined[-1] + 1].text[0].isupper():
            first = joined[-1] + 1
    while first < last and (
        tokens[first].lower in ("and", "but", "yet", "meanwhile", "also", "still")
        or tokens[first].text == "."
    ):
        first += 1
    # "On Friday President Obama", "In a statement Clinton"
    if tokens[first].lower in _OPENERS:
        position = first + 1
        while position < last and not (
            tokens[position].text[0].isupper() and not _DAYS.match(tokens[position].text)
        ):
            position += 1
        first = position if position <= last else first
    if not any(t.text[0].isalpha() for t in tokens[first : last + 1]):
        return None
    head = tokens[last]
    if (
        head.lower in _OPENERS | _BOUNDARY | {"and", "to", "of", "not"}
        or head.lower in _AUXILIARIES
    ):
        return None
    return first, last


def _recipient(tokens: list[_Token], place: int) -> int | None:
    """The last token of whoever is told, which begins at `place`."""
    if place >= len(tokens) or tokens[place].quoted or not tokens[place].text[0].isalnum():
        return None
    first = tokens[place]
    if first.lower in ("that", "on", "in", "at"):
        return None
    if first.lower in (
        "him",
        "her",
        "them",
        "me",
        "us",
        "reporters",
        "journalists",
        "supporters",
        "voters",
    ):
        return place
    position = place
    if first.text[0].isupper():
        while (
            position + 1 < len(tokens)
            and (
                tokens[position + 1].text[0].isupper() or tokens[position + 1].lower in ("’s", "'s")
            )
            and not tokens[position + 1].quoted
            and tokens[position + 1].lower not in ("he", "she")
            and not _DAYS.match(tokens[position + 1].text)
        ):
            position += 1
        return position
    while position + 1 < len(tokens) and position - place < 7:
        token = tokens[position + 1]
        if (
            token.quoted
            or not token.text[0].isalnum()
            or token.lower
            in (
                "that",
                "he",
                "she",
                "they",
                "it",
                "to",
                "his",
                "her",
                "on",
                "in",
                "there",
                "during",
            )
        ):
            break
        position += 1
    return position


def _content(
    text: str,
    tokens: list[_Token],
    place: int,
    after: int,
    lemma: str,
    subject: Span,
    inverted: bool,
) -> tuple[Span, ...]:
    limit = _sentence_end(text)
    wanted = PREPOSITIONS.get(lemma)
    if wanted is not None and (lemma not in SAY | ACT | MENTAL or lemma in _INTRANSITIVE):
        if _lower(tokens, after) not in (*wanted.split(), "that"):
            return ()
    begin = tokens[after - 1].end if after - 1 < len(tokens) else limit
    adverbial = _TO_THAT.match(text, begin) or _ADVERBIAL.match(text, begin)
    rest_begin = adverbial.end() if adverbial else begin
    that = re.compile(r"\s*,?\s*that\b").match(text, rest_begin)
    follows = text[rest_begin:limit].strip(" ,.")
    verb_end = tokens[place].end
    plain = text[begin:limit].strip(" ,.")
    lead = text[: subject[0]].rstrip()
    if (
        lemma in SAY | TELL
        and text[rest_begin - 1 : rest_begin + 1].strip()[:1] == ","
        and not inverted
    ):
        pass
    if lemma in _NEEDS_THAT and not that and follows and not inverted:
        if not (lemma in ("write", "tweet") and text[begin : begin + 1]):
            return ()
    if (
        lemma in SAY | MENTAL
        and not inverted
        and lead.endswith(",")
        and re.match(r"\s*,", text[begin:])
    ):
        # "Iran, he said, would not …"
        head = len(lead.rstrip(" ,"))
        tail = limit - len(text[begin:limit].lstrip(" ,\u00a0"))
        if len(lead.split()) > 1 and head > 0:
            return ((0, head), (tail, limit)) if tail < limit else ((0, head),)
    if lemma in SAY and (not follows or (inverted and not that)):
        before = text[: subject[0] if not inverted else tokens[place].start].rstrip()
        if before.endswith((",", "”", "—", "–")) and len(before.split()) > 2:
            return ((0, len(before.rstrip(" ,—–"))),)
        if inverted:
            return ()
    if lemma in TELL and not follows:
        before = text[: subject[0]].rstrip()
        if before.endswith(",") and len(before.split()) > 2:
            return ((0, len(before.rstrip(" ,"))),)
        return ()
    if lemma in SAY | TELL and lemma not in ACT:
        start = rest_begin if follows else begin
    else:
        start = begin
    study = re.findall(r"[^\W_]+", text[subject[0] : subject[1]].lower())[-1:]
    if lemma in ("see", "view") and re.search(r"\sas\s", text[start:limit]):
        return ((start + (text[start:limit] != text[start:limit].lstrip()), limit),)
    if (lemma in MENTAL or lemma in CLAUSE_ONLY and lemma not in SAY | TELL) and not (
        study and study[0] in STUDIES
    ):
        word = text[start:limit].split()[:1]
        needs = {
            "that",
            "he",
            "she",
            "they",
            "it",
            "to",
            "the",
            "there",
            "his",
            "her",
            "their",
            "in",
        }
        if not word or (
            lemma in CLAUSE_ONLY
            and word[0].lower()
            not in needs - {"to", "in", "the", "his", "her", "their"} | {"what", "how", "why"}
        ):
            return ()
    if not plain:
        return ()
    while start < limit and text[start] in " ,\u00a0:":
        start += 1
    return ((start, limit),) if start < limit else ()


def _ended(text: str, found: list[Clause]) -> list[Clause]:
    """Ends each content where the next clause's ", adding" or ", she said" begins."""
    ended = []
    for number, clause in enumerate(found):
        content = []
        for start, end in clause.content:
            for other in found[number + 1 :]:
                begins = min(other.cue[0], other.subject[0] if other.subject else other.cue[0])
                shared = other.subject == clause.subject
                mark = other.cue[0] if shared else begins
                comma = text[:mark].rstrip(" ").endswith((",", "—", "–", ", and", ", but"))
                if start < mark < end and (
                    shared or (comma and other.content and other.content[0][0] <= start)
                ):
                    end = mark
            end = start + len(re.sub(r"[\s,;—–]+(?:and|but|while)?[\s,]*$", "", text[start:end]))
            if end > start:
                content.append((start, end))
        ended.append(
            Clause(
                clause.lemma,
                clause.cue,
                clause.subject,
                tuple(content),
                clause.recipient,
                clause.negated,
            )
        )
    return ended


def _passive(text: str, tokens: list[_Token], place: int, lemma: str) -> Clause | None:
    right = _noun_right(tokens, place + 2)
    if right is None:
        return None
    first = place
    while first > 0 and _is_adverbial(tokens[first - 1]):
        first -= 1
    patient = _phrase_ending(tokens, first - 1)
    contents: list[Span] = []
    if patient is not None:
        contents.append((tokens[patient[0]].start, tokens[patient[1]].end))
    if _lower(tokens, right[1] + 1) == "as":
        contents.append((tokens[right[1] + 1].start, _sentence_end(text)))
    if not contents:
        return None
    subject = (tokens[right[0]].start, tokens[right[1]].end)
    return Clause(lemma, (tokens[first].start, tokens[place].end), subject, tuple(contents))


def _according(text: str, tokens: list[_Token], place: int) -> Clause | None:
    right = _noun_right(tokens, place + 2)
    if right is None:
        return None
    comma = next((n for n in range(right[0], right[1]) if tokens[n].text == ","), None)
    if comma is not None and place == 0:
        closed = right[1] + 1 < len(tokens) and tokens[right[1] + 1].text == ","
        if not closed or tokens[comma + 1].text[0].isupper():
            right = (right[0], comma - 1)
    subject = (tokens[right[0]].start, tokens[right[1]].end)
    limit = _sentence_end(text)
    if place == 0 or text[: tokens[place].start].strip().lower() in ("and", "but"):
        start = subject[1]
        while start < limit and text[start] in " ,":
            start += 1
        content: tuple[Span, ...] = ((start, limit),) if start < limit else ()
    else:
        end = len(text[: tokens[place].start].rstrip(" ,—–"))
        content = ((0, end),)
    return Clause("according", (tokens[place].start, tokens[place + 1].end), subject, content)


def _abbreviates(tokens: list[_Token], place: int) -> bool:
    before = _lower(tokens, place - 1)
    return before in _ABBREVIATIONS or len(before) == 1


def _sentence_end(text: str) -> int:
    return len(text.rstrip(" .!?"))
