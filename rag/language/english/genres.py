"""Kinds of documents that one person speaks in from end to end, and how they name whom."""

import re

_NAME = r"(?P<name>[A-Z][\w.’'-]+(?: (?:[A-Z][\w.’'-]*|de|van|von|al|bin)){1,4})"
_ROLE = (
    r"(?P<role>(?:Vice )?Chair(?:man|woman)?|Governor|President|(?:Prime )?Minister|Secretary"
    r"(?: of State| General| of the \w+)?|Chancellor|Commissioner|Senator|Director|Ambassador"
    r"|Mayor|Chief Executive(?: Officer)?|CEO|Professor)"
)
_KIND = (
    r"(?:[Ss]peech|[Rr]emarks|[Tt]estimony|[Ss]tatement|[Aa]ddress|[Ll]ecture|[Kk]eynote"
    r"|REMARKS|TESTIMONY|STATEMENT|SPEECH|[Oo]pening [Ss]tatement|[Ll]etter)"
)
AUTHORED = (
    # "Remarks by Chair Jerome H. Powell", "TESTIMONY OF Anna Berg".
    re.compile(
        rf"(?:^|\n)[^\n]{{0,80}}?\b{_KIND} (?:by|of|from|BY|OF|FROM)\s(?:the )?(?:{_ROLE} )?{_NAME}"
        r"(?=[,\n(]| [Aa]t | to | before | on |$)"
    ),
    # "Governor Michelle W. Bowman At The Colorado Forum"
    re.compile(rf"\b{_ROLE}\s{_NAME}\s(?=At\s)"),
)
FILE_NAMED = re.compile(
    r"(?:speech|remarks|testimony|statement|address|lecture|keynote|letter)[-_ ]*(?:by|of|from)?"
    r"[-_ ]*(?P<name>[a-z]{3,})"
)
# "Interview with Maria Okafor", "Deposition of Paul Hale": who answers.
INTERVIEWED = re.compile(
    r"(?i:interview with|interview of|q ?& ?a with|q and a with|deposition of|testimony of"
    r"|examination of|conversation with)\s"
    + _NAME
    + r"|"
    + _NAME.replace("?P<name>", "?P<other>")
    + r" (?:talks|talked|speaks|spoke) (?:to|with)\b"
)
# "TOMAS VASQUEZ, having been duly sworn", "MRS JUDITH HART (affirmed)": whom "A." and "THE WITNESS"
# mean from there on.
SWORN = re.compile(
    r"^[^\S\n]*(?P<name>(?:[A-Z][A-Za-z.’'-]*+ ){1,4}[A-Z][A-Za-z.’'-]*+),?\s{1,40}"
    # "Anna Rook called the mayor" swears nobody in.
    r"(?:\((?:re)?(?:affirmed|sworn|called)\b|(?<=,)\s?(?:SWORN|AFFIRMED|(?:re)?sworn)\b"
    r"|having been (?:first |previously )?"
    r"(?:duly )?(?:sworn|affirmed)|[^\n]{0,40}\bWITNESS\b[^\n]{0,40}\bSWORN\b)",
    re.MULTILINE,
)
# "BY MS. LINDQVIST:", "Questions from MR TREVANION": whom "Q." means from there on.
EXAMINES = re.compile(
    r"^[^\S\n]*(?:BY|By|(?:[Qq]uestions|QUESTIONS|[Ee]xamination|[Ee]xamined) (?:from|FROM|by|BY))"
    r" (?P<name>(?:[A-Z][A-Za-z.’'-]*+ ){0,3}[A-Z][A-Za-z’'-]*+)\s*(?::\s*)?$",
    re.MULTILINE,
)
# What stands above a title and is none.
OVERLINES = frozenset(
    """for immediate release|immediate release|press release|news release|media release|opinion
    |op-ed|comment|editorial|analysis|exclusive|confidential|draft|embargoed|breaking|breaking news
    |letters|letter to the editor|letters to the editor|guest essay|column|commentary|transcript
    |as delivered|as prepared for delivery|check against delivery|for release|unclassified|statement
    """.replace("\n    ", "")
    .strip()
    .split("|")
)
HONOURED = frozenset(("hon", "rt"))
ANSWERS = frozenset(("a", "the witness", "witness"))
# Of whom a text is that says "I" outside of quotations: "By Amara Diallo".
BY_LINE = re.compile(rf"(?:^|\n)[^\S\n]*(?:By|BY|by) {_NAME}[^\S\n]*(?=\n|,|\||$)")
# What is spoken to somebody.
ADDRESSING = re.compile(
    r"\b(?:I|(?i:my|me|myself|we|our|us|you|your|yes|no|thanks?|please|well))\b"
)
OWN_WORDS = re.compile(r"\b(?:I|my|me|mine|myself|I['’](?:m|ve|d|ll))\b")
_WORD = r"[^\W\d_a-z][\w.'’-]*+"
_JOINS = "of|the|for|and|de|van|von|al|bin"
# Who speaks in a transcript, before a colon: "Mrs. Jane Aldous", "The Secretary of State".
NAMED = rf"(?:the )?{_WORD}(?:,? (?:{_JOINS}|{_WORD})){{0,11}}"
# Of whom a transcript says no more than "Q" and "A".
ASKER, ANSWERER = "the one who asks", "the one who answers"
