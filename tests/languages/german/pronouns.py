"""Pronouns."""

SUBJECTS = frozenset("er sie es ich wir".split())
HE = frozenset("er ihm ihn sein seine".split())
SHE = frozenset("ihr ihre".split())
PERSONS = frozenset("er sie es".split())
