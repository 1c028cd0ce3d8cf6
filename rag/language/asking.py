"""Which tables a language has that questions are read by. Knows no language."""

from dataclasses import dataclass

from rag.language.typed import NEVER, Pattern


@dataclass(frozen=True, slots=True)
class Questions:
    """The frames of questions."""

    frame: frozenset[str] = frozenset()
    cut: Pattern = NEVER
    cut_short: Pattern = NEVER
    outlet_before: Pattern = NEVER
    outlet_after: Pattern = NEVER
    lead_in: Pattern = NEVER
    points_back: Pattern = NEVER
    published: Pattern = NEVER
    words: frozenset[str] = frozenset()
    subject_pronoun: Pattern = NEVER
    owns: Pattern = NEVER
    whole: Pattern = NEVER
    defines: Pattern = NEVER
    asks_about: Pattern = NEVER
    other: Pattern = NEVER
    who_said: Pattern = NEVER
    claim: Pattern = NEVER
    said_by: tuple[Pattern, ...] = ()
    compare: Pattern = NEVER
    no_speaker: Pattern = NEVER
    about: Pattern = NEVER
    occasion: Pattern = NEVER
    wants_name: Pattern = NEVER
    every_document: Pattern = NEVER
    about_documents: Pattern = NEVER
    asking: tuple[str, ...] = ()
    mistyped_start: Pattern = NEVER
    asks_every: frozenset[str] = frozenset()
    asks_agreement: Pattern = NEVER
    how_many: Pattern = NEVER
    elsewhere: Pattern = NEVER
    small_talk: Pattern = NEVER
    second_ask: Pattern = NEVER
    place: Pattern = NEVER
    in_time: Pattern = NEVER
    year: Pattern = NEVER
    asks_who: Pattern = NEVER
    asks_why: Pattern = NEVER
    reasons: Pattern = NEVER
    when: Pattern = NEVER
    what_about: Pattern = NEVER
    asks_around: Pattern = NEVER
    said_that: Pattern = NEVER
    leans_at_end: Pattern = NEVER
    second_question: Pattern = NEVER
    counted: Pattern = NEVER
    share: Pattern = NEVER
    asks_year: Pattern = NEVER
    amount: Pattern = NEVER
    yes_no: Pattern = NEVER
    alternative: Pattern = NEVER
    open_clause: Pattern = NEVER
    goes_on: Pattern = NEVER
    greets: Pattern = NEVER
    asks_what_was_asked: Pattern = NEVER
    # What a question calls a document, as a title does: "the minutes", "his speech at …".
    called: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Shapes:
    """Questions about whole documents or many."""

    plain: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()
    mentions: Pattern = NEVER
    asks_more: Pattern = NEVER
    gathered: Pattern = NEVER
    made: Pattern = NEVER
    of_place: Pattern = NEVER
    spoken: Pattern = NEVER
    holding: Pattern = NEVER
    summary: Pattern = NEVER
    summary_frame: Pattern = NEVER
    timeline: Pattern = NEVER
    what_said: Pattern = NEVER
    timeline_frame: Pattern = NEVER
    sides: Pattern = NEVER
    stands_for: frozenset[str] = frozenset()
    saying: Pattern = NEVER
    askers: Pattern = NEVER
    asked_about: Pattern = NEVER
    quoted_in: Pattern = NEVER
    quoted_about: Pattern = NEVER
    one_document: Pattern = NEVER
    quoted: Pattern = NEVER
    two_times: Pattern = NEVER
    two_of: Pattern = NEVER
    how_both: Pattern = NEVER
    figures: Pattern = NEVER
    expected: Pattern = NEVER
    anybody: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions that count words, people and outlets, or ask how one quotation was told."""

    wants_people: Pattern = NEVER
    worded: Pattern = NEVER
    marked: Pattern = NEVER
    mentioned: Pattern = NEVER
    says: Pattern = NEVER
    occurrences: Pattern = NEVER
    placed: Pattern = NEVER
    everywhere: frozenset[str] = frozenset()
    other_words: frozenset[str] = frozenset()
    speakers: Pattern = NEVER
    outlets: Pattern = NEVER
    people_said: Pattern = NEVER
    # What a question calls those who publish.
    outlet_words: frozenset[str] = frozenset()
    another: Pattern = NEVER
    retold: Pattern = NEVER
    sayings: Pattern = NEVER
    sayer: Pattern = NEVER
    points_at: Pattern = NEVER
    tellers: Pattern = NEVER


@dataclass(frozen=True, slots=True)
class Stances:
    """Which side of a claim somebody's words take, and questions that ask for sides."""

    no_evidence: Pattern = NEVER
    no_doubt: Pattern = NEVER
    against: Pattern = NEVER
    alone: Pattern = NEVER
    negated: Pattern = NEVER
    both: Pattern = NEVER
    everybody_for: Pattern = NEVER
    everybody_against: Pattern = NEVER
    opposes: Pattern = NEVER
    for_and_against: Pattern = NEVER
    taken_by: Pattern = NEVER
    own: Pattern = NEVER
    takes: Pattern = NEVER
    anything: frozenset[str] = frozenset()
    supports: Pattern = NEVER
    opposing: Pattern = NEVER
    supporting: Pattern = NEVER
