"""Endings, beginnings and sounds, for mistypings and other spellings of a name."""

import re

# "prisons", "warned", "stopped", "unhappily": (ending, what stands there without it).
ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("iness", "y"), ("es", ""), ("s", ""), ("ed", ""),
    ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"),
    ("est", ""), ("ly", ""), ("ness", ""), ("less", ""), ("able", ""), ("able", "e"), ("ful", ""),
    ("ment", ""), ("ments", ""),
)  # fmt: skip
BEGINNINGS = ("un", "re", "non", "dis", "mis", "over", "under", "out", "pre")
SOUNDS = (
    ("ph", "f"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ch", "#"), ("sh", "#"),
    ("ck", "k"), ("q", "k"), ("c", "k"), ("z", "s"), ("j", "g"), ("v", "b"), ("p", "b"),
)  # fmt: skip
SAME_START = {"k": "kqc", "q": "kqc", "c": "kqc", "s": "sz", "z": "sz", "g": "gj", "j": "gj"}
# The endings of derivations and demonyms: "iranian" and "iran" are of one root.
DERIVED = re.compile(
    r"(?:ians?|eans?|ans?|ese?|ish|ists?|ism|is?|ity|ion|ation|ment|al|ally|ive|on|ia"
    r"|ance|ence|ant|ent|or|ar|y|e|a|s|t)$"
)
