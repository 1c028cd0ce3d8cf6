"""The small words around a cue."""

import re

from tests.languages.german import calendar

ARTICLES = frozenset("der die das ein eine".split())
DETERMINERS = ARTICLES
STOPS = frozenset("am im in auf bei dass und".split())
BOUNDARY = frozenset("dass weil wenn".split())
# "sagte am Montag, …": when it was said, not what.
ADVERBIAL = re.compile(
    rf"\s*+(?:am|im)\s(?:{'|'.join(w.capitalize() for w in calendar.WORDS)})\s*+(?:,\s*+)?"
)
