"""What a language says, table by table, and `Language`, which is made from a folder of them.

Knows no language. A table is a module of upper-case constants: `MONTHS` of `calendar.py` is
`language.calendar.months`. What each means stands beside its words in `english`. A language gives
what it has: a list that it lacks is empty and a pattern that it lacks never matches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rag.language.asking import Counts, Questions, Shapes, Stances
from rag.language.typed import NEVER, Operators, Pattern, Spelling

# Names of any language that writes them with capitals.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ](?:[\w’'\-]*\w)?"
_SEQUENCE = re.compile(rf"(?<![\w’']){_CAPITAL}(?:[ \u00a0]{_CAPITAL})*")
_AT_END = re.compile(rf"(?:{_CAPITAL}[ \u00a0])*{_CAPITAL}$")
_APPOSED = re.compile(rf"\s*({_CAPITAL}(?:\s{_CAPITAL})+)\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verbs that report what somebody said, by class, and their forms."""

    say: frozenset[str] = frozenset()
    tell: frozenset[str] = frozenset()
    act: frozenset[str] = frozenset()
    mental: frozenset[str] = frozenset()
    show: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()
    forms: Mapping[str, str] = field(default_factory=dict)
    unknown: str = ""
    naming: str = ""
    finds: frozenset[str] = frozenset()
    goes_on: frozenset[str] = frozenset()
    studies: frozenset[str] = frozenset()
    clause_only: frozenset[str] = frozenset()
    prepositions: Mapping[str, str] = field(default_factory=dict)
    refusals: frozenset[str] = frozenset()
    finite: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    unbounding: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    third_person: frozenset[str] = frozenset()
    matrix: frozenset[str] = frozenset()
    needs_that: frozenset[str] = frozenset()
    intransitive: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    nested: frozenset[str] = frozenset()
    factive: Pattern = NEVER
    cue: Pattern = NEVER
    who: str = ""
    who_that: str = ""
    who_claim: str = ""
    who_told: str = ""
    did: str = ""
    did_briefly: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words and patterns that a sentence is taken apart by."""

    be: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    helps: frozenset[str] = frozenset()
    hangs_behind: frozenset[str] = frozenset()
    subject_before: frozenset[str] = frozenset()
    plural: tuple[str, ...] = ()
    clause_begins: frozenset[str] = frozenset()
    anonymity: Pattern = NEVER
    adverbial: Pattern = NEVER
    to_that: Pattern = NEVER
    that: Pattern = NEVER
    loose_words: tuple[str, ...] = ()
    auxiliaries: frozenset[str] = frozenset()
    not_ly: frozenset[str] = frozenset()
    boundary: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    goes_on: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    ends_told: frozenset[str] = frozenset()
    nobody: frozenset[str] = frozenset()
    never_first: frozenset[str] = frozenset()
    of_another_clause: Pattern = NEVER
    no_content: Pattern = NEVER
    unspeaking: frozenset[str] = frozenset()
    main_subject: Pattern = NEVER
    by_name: Pattern = NEVER
    leading_name: Pattern = NEVER
    signed: Pattern = NEVER
    no_label: frozenset[str] = frozenset()
    described_by: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    relative: frozenset[str] = frozenset()
    pointers: frozenset[str] = frozenset()
    before_phrase: frozenset[str] = frozenset()
    never_last: frozenset[str] = frozenset()
    before_name: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    no_apposition: frozenset[str] = frozenset()
    opens_clause: frozenset[str] = frozenset()
    introduces: Pattern = NEVER
    joiners: frozenset[str] = frozenset()
    no_role_endings: tuple[str, ...] = ()
    hanging: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pronouns:
    """Pronouns by what they may stand for."""

    subjects: frozenset[str] = frozenset()
    he: frozenset[str] = frozenset()
    she: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    one: Pattern = NEVER
    pointing: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    possessive: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    third: Pattern = NEVER
    speaks: Pattern = NEVER
    of_the_writer: Pattern = NEVER
    stands_for: Pattern = NEVER
    person: Pattern = NEVER
    unresolved: frozenset[str] = frozenset()
    nobody: Pattern = NEVER
    not_behind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Titles:
    """Forms of address, offices and roles."""

    abbreviations: frozenset[str] = frozenset()
    dotted: tuple[str, ...] = ()
    at_end: Pattern = NEVER
    honorifics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    honored: Pattern = NEVER
    sexes: Mapping[str, str] = field(default_factory=dict)
    role_words: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    before_names: frozenset[str] = frozenset()
    belongs: Pattern = NEVER
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    noise: frozenset[str] = frozenset()
    before_claims: frozenset[str] = frozenset()
    generic: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    role_after: Pattern = NEVER
    role_ends: Pattern = NEVER
    cut_short: Pattern = NEVER
    joints: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Names:
    """What names of people, organisations and outlets are made of."""

    particles: frozenset[str] = frozenset()
    sequence: Pattern = _SEQUENCE
    adjectives: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    preposition: Pattern = NEVER
    suffixes: frozenset[str] = frozenset()
    lead: Pattern = NEVER
    quantifiers: frozenset[str] = frozenset()
    of_title: Pattern = NEVER
    apposed: Pattern = _APPOSED
    trailing: Pattern = NEVER
    outlet_words: frozenset[str] = frozenset()
    outlet_nouns: frozenset[str] = frozenset()
    in_question: Pattern = NEVER
    capitals: Mapping[str, str] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    at_end: Pattern = _AT_END
    left_out: str = "(?!)"
    common_ending: Pattern = NEVER
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    demonyms: frozenset[str] = frozenset()
    plural_letters: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months, weekdays and how days are written; in `MONTHS` and `WEEKDAYS` in their order."""

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    short: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    relative: frozenset[str] = frozenset()
    day: str = ""
    month: str = ""
    time: Pattern = NEVER
    trailing: Pattern = NEVER
    dates: tuple[Pattern, ...] = ()
    answers: Pattern = NEVER
    full: Pattern = NEVER
    dated: Pattern = NEVER
    before_day: Pattern = NEVER
    dateline: Pattern = NEVER
    year: Pattern = NEVER
    month_alone: Pattern = NEVER
    year_alone: Pattern = NEVER
    span: tuple[Pattern, ...] = (NEVER, NEVER, NEVER)
    years: Pattern = NEVER
    first_day: Pattern = NEVER
    since: Pattern = NEVER
    until: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers as they are spelt and written."""

    currencies: frozenset[str] = frozenset()
    answers: Pattern = NEVER
    tokens: Pattern = NEVER
    units: Mapping[str, float] = field(default_factory=dict)
    definite: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    scales: Mapping[str, float] = field(default_factory=dict)
    written: Pattern = NEVER
    quantity: Pattern = NEVER
    same_units: Mapping[str, str] = field(default_factory=dict)
    may_be_year: Pattern = NEVER
    figures: Pattern = NEVER
    qualifiers: frozenset[str] = frozenset()
    fractions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Negations:
    """Words that say no."""

    in_cue: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    turning: Pattern = NEVER
    denying: Pattern = NEVER
    formula: Pattern = NEVER
    false_that: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Hedges:
    """Words that make a claim less than a fact."""

    alleged: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()
    supposes: Pattern = NEVER
    intents: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Reports:
    """What an answer says of its sources and of itself."""

    meta: frozenset[str] = frozenset()
    weighty: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    frame: frozenset[str] = frozenset()
    opening_frame: Pattern = NEVER
    contested: Pattern = NEVER
    nouns_too: frozenset[str] = frozenset()
    clauses: Pattern = NEVER
    own_view: Pattern = NEVER
    earlier: Pattern = NEVER
    later: Pattern = NEVER
    about_documents: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    attributes: Pattern = NEVER
    verdicts: Pattern = NEVER
    saying: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Replies:
    """The habits of language models."""

    thought: Pattern = NEVER
    tag: Pattern = NEVER
    marker_words: Pattern = NEVER
    names_passage: Pattern = NEVER
    lists_sources: Pattern = NEVER
    declines: Pattern = NEVER
    tells_of_lack: Pattern = NEVER
    leaves_out: Pattern = NEVER
    subject: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Orders:
    """What speaks to whoever answers."""

    rules: Pattern = NEVER
    to_reader: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Genres:
    """Kinds of documents that one person speaks in from end to end."""

    authored: tuple[Pattern, ...] = ()
    named: str = "(?!)"
    asker: str = "Q"
    answerer: str = "A"
    file_named: Pattern = NEVER
    interviewed: Pattern = NEVER
    sworn: Pattern = NEVER
    examines: Pattern = NEVER
    overlines: frozenset[str] = frozenset()
    honoured: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    by_line: Pattern = NEVER
    addressing: Pattern = NEVER
    own_words: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Opposites:
    """Words that turn a sentence into its opposite, and where a dictionary of them lies."""

    sides: tuple[tuple[str, str, str], ...] = ()
    plain: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    wordnet: Path | None = None


@dataclass(frozen=True, slots=True)
class StopWords:
    """The words that say nothing by themselves."""

    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pages:
    """What stands over the parts of a web page that are no part of its article."""

    around: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that is known of one language."""

    verbs: Verbs = Verbs()
    grammar: Grammar = Grammar()
    pronouns: Pronouns = Pronouns()
    titles: Titles = Titles()
    names: Names = Names()
    calendar: Calendar = Calendar()
    pages: Pages = Pages()
    numbers: Numbers = Numbers()
    negations: Negations = Negations()
    hedges: Hedges = Hedges()
    questions: Questions = field(default_factory=Questions)
    shapes: Shapes = field(default_factory=Shapes)
    stances: Stances = field(default_factory=Stances)
    counts: Counts = field(default_factory=Counts)
    operators: Operators = field(default_factory=Operators)
    reports: Reports = Reports()
    replies: Replies = Replies()
    orders: Orders = Orders()
    spelling: Spelling = field(default_factory=Spelling)
    stop_words: StopWords = StopWords()
    opposites: Opposites = Opposites()
    genres: Genres = Genres()

    @classmethod
    def read(cls, package: str) -> "Language":
        """The language whose tables are the modules of `package`.

        Raises AttributeError if a table has a public constant that no language has: a misspelt one
        would go unread.
        """
        tables = {
            table.name: _read_table(table.type, f"{package}.{table.name}")
            for table in fields(cls)
            if find_spec(f"{package}.{table.name}") is not None
        }
        return cls(**tables)


def _read_table(table: Any, name: str) -> Any:
    module = import_module(name)
    known = {f.name for f in fields(table)}
    # What a table takes from another one it imports by its module: `calendar.DAY`.
    given = {n.lower(): v for n, v in vars(module).items() if n.isupper() and n[0] != "_"}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise AttributeError(f"{name} has {unknown[0].upper()}, which no language has")
    return table(**given)
