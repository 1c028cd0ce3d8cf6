"""Pronouns, and what they may stand for."""

import re

from rag.language.english import verbs

# Can be who speaks, in a sentence.
SUBJECTS = frozenset("he she they it i we you who".split())
HE = frozenset("he him his himself".split())
SHE = frozenset("she her hers herself".split())
# A speaker's mention that is only this is looked up. Leaves out "I", "we", "you".
PERSONS = frozenset("he she they it who him her them himself herself themselves".split())
# A question with one of these may lean on the one before it.
LEANING = frozenset(
    """he him his she her hers it its they them their theirs this that these those there then
    former latter""".split()
)
# Stand for one person or thing: leaves out "they".
ONE = re.compile(r"\b(?:he|him|his|she|her|hers|it|its)\b", re.IGNORECASE)
# Lean only where a question names nobody: "that" opens clauses too.
POINTING = frozenset("that there then this it".split())
# May stand for what the same question names before them.
OWN = frozenset("he she they his its their theirs".split())
# May stand for a thing.
THINGS = frozenset("it its they them their theirs this that these those".split())
POSSESSIVE = frozenset("his its their hers theirs".split())
# Whoever was talked of, in a question. Leaves out "hers", "theirs".
THIRD = re.compile(r"\b(?:he|him|his|she|her|it|its|they|them|their)\b", re.IGNORECASE)
# "he said", "she later told", "said he": the words do not say who.
SPEAKS = re.compile(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey) (?:\w+ )?{verbs.CUE.pattern}"
    rf"|{verbs.CUE.pattern} (?:he|she|they)\b"
)
# A sentence of a passage with one of these may speak of whoever an earlier one names.
STANDS_FOR = re.compile(
    r"\b(?:he|she|they|him|her|his|their|them|it|its|who|we|our|us|i|my"
    r"|the (?:group|movement|party|company|organi[sz]ation|country|agency|spokes\w+|official"
    r"|leader|commander|minister|president"
    r"|militia|government|militants?|former \w+|\w+ (?:leader|commander|minister|official)))\b",
    re.IGNORECASE,
)
# "Its response" does not stand for a person, whatever else stands before.
PERSON = re.compile(r"\b(?:he|she|him|his|her|hers|they|them|their)\b", re.IGNORECASE)
# Alone, these say nobody: an unresolved one is no speaker.
UNRESOLVED = frozenset("it they he she who".split())
# Behind a verb of saying these open a clause.
NOT_BEHIND = frozenset("who it they".split())
# What names nobody that something could be told of.
NOBODY = re.compile(
    r"(?:i|you|he|she|it|we|they|there|that|this|who|what|let|here)[’'](?:s|ve|re|m|ll|d)"
    r"|(?:one|two|three|some|none|all|any|many|most|each|both) of (?:us|you|them)|the|a|an"
    r"|three|two|one|four|five|here|now|then|italics",
    re.IGNORECASE,
)
# Whoever writes speaks of themselves.
OF_THE_WRITER = re.compile(r"\b(?:I|[Mm]y|[Mm]yself|I['’](?:m|ve|d|ll))\b")
