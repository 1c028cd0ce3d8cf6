"""Months, weekdays and how days are written."""

import re

MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
SHORT = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
NUMBERS = {
    name: n
    for n, month in enumerate(MONTHS, 1)
    for name in (month, *SHORT)
    if name[:3] == month[:3]
}
WORDS = frozenset((*MONTHS, *WEEKDAYS, *SHORT))
# What tells when something was said, besides.
RELATIVE = frozenset("yesterday today week month year".split())

_MONTHS = "|".join(m.capitalize() for m in MONTHS)
_WEEKDAYS = "|".join(d.capitalize() for d in WEEKDAYS)
_BEGUN = "|".join(m[:3].capitalize() for m in MONTHS)
DAY = rf"(?:(?:{_WEEKDAYS})(?:\s(?:morning|afternoon|evening|night))?)"
# A month in a text, in full or abbreviated.
MONTH = rf"(?:{_MONTHS}|(?:{'|'.join(s.capitalize() for s in sorted(SHORT, reverse=True))})\.?)"
TIME = re.compile(rf"^(?:{DAY}|week|month|year|yesterday|today|earlier|later)\b", re.IGNORECASE)
_MONTH = rf"(?:{_BEGUN})[a-z]*\.?"
# "Blinken on October 9 said": the date is not of the phrase.
TRAILING = re.compile(
    r"[\s—–]((?:(?:immediately|also)\s)?(?:on\s|in\s)?(?:(?:early|late|last|this|the)\s)?"
    rf"(?:{DAY}|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?|{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?"
    r"|yesterday|today|last\s(?:week|month|year)|this\s(?:week|month|year)))[\s,]*$"
)
# "sept" is no month of a question: "Sept. 5" is read by `FULL` alone.
_MONTH_OF_QUESTION = "|".join(f"{m[:3]}(?:{m[3:]})?" if m != "may" else m for m in MONTHS)
DATES = (
    re.compile(
        rf"\b(?P<m>{_MONTH_OF_QUESTION})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?\b",
        re.I,
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH_OF_QUESTION})\.?(?:,?\s+(?P<y>\d{{4}}))?\b",
        re.I,
    ),
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
)
# What answers "when".
ANSWERS = re.compile(
    rf"\d|\b(?:yesterday|today|tomorrow|week|month|year|day|{'|'.join((*WEEKDAYS, *MONTHS))}"
    r"|spring|summer|autumn|fall|winter|morning|evening|night|century|decade)"
)
_SPELLED = sorted((*MONTHS, *SHORT), key=lambda m: (-len(m), m))
# As names are written, or all in capitals: "May", "MAY".
_NAMED = "|".join((*(m.capitalize() for m in _SPELLED), *(m.upper() for m in _SPELLED)))
_ORDINAL = r"(?:st|nd|rd|th|ST|ND|RD|TH)?"
FULL = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+(?:of|day of))?\s+(?P<month>{_NAMED})\b\.?"
    r"(?:,?\s+(?P<year>\d{4}))?"
    rf"|(?P<month_>{_NAMED})\.?\s+(?P<day_>\d{{1,2}}){_ORDINAL}\b(?!,\d{{3}}\b)"
    r"(?:,?\s+(?P<year_>\d{4}))?"
    rf"|(?P<month__>{_NAMED})\.?,?\s+(?P<year__>\d{{4}})"
    r"|(?P<year___>\d{4})-(?P<number>\d{2})-(?P<day__>\d{2}))\b"
)
# "On 10 October Khamenei said" names Khamenei.
DATED = re.compile(rf"^(?:\d{{1,2}} )?(?:{_MONTHS}|{_WEEKDAYS})(?: \d{{1,2}})? ")
# What may stand on a line before the day of what it heads.
BEFORE_DAY = re.compile(
    rf"(?:(?:published|posted|updated|date|dated|released?|issued|filed|sent|aired|broadcast|recorded"
    rf"|delivered|as delivered|volume \d+|debated|on)\b\s*[:.]?\s*|{DAY}\s*,?\s*"
    r"|[A-Z][\w. ]{0,40},\s*|for (?:immediate )?release\s*[:,–—-]?\s*)*+",
    re.IGNORECASE,
)
# What opens a report from somewhere: "PORT HALE, Sept. 8, 2021 /WireLine/ --".
DATELINE = re.compile(
    rf"(?:[A-Z][A-Za-z.' -]{{1,30}},\s(?:[A-Z][A-Za-z.]{{1,15}},\s)?)?(?P<day>(?:{MONTH}\s\d{{1,2}}"
    rf"|\d{{1,2}}\s{MONTH}),?\s\d{{4}})\s?(?:/|\(|—|–|--|-\s)"
)
# A year that something is asked of.
YEAR = re.compile(
    r"\b(?:in|during|of|through|throughout|for|over|since|early|late|mid|before|after|until|till"
    r"|up to)[ -]((?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_BEFORE_TIME = (
    r"(?:in|since|by|until|till|during|from|between|to|through|before|after|early|late|mid|last"
    r"|this)[\s-]"
)
# A month by itself: "in December", "by late May", and a year: "since 1997", "a 2020 episode",
# "1995: they meet".
MONTH_ALONE = re.compile(rf"\b(?i:{_BEFORE_TIME})(?:the )?(?P<month>{_MONTHS})\b(?!\s\d)")
YEAR_ALONE = re.compile(
    rf"(?:\b(?:{_BEFORE_TIME}|(?:a|an|the|of|for)\s)|^\W*)(?P<year>(?:19|20)\d{{2}})\b(?![-/.,]\d)",
    re.IGNORECASE,
)
# What stands before the first and between the two times of a span: "from May to June 2022"; "and"
# joins no span by itself.
SPAN = (
    re.compile(r"\b(?:from|between|since)\s(?:early |late |mid-?)?$", re.IGNORECASE),
    re.compile(
        r"\s*(?:to|until|till|through|and|–|-)\s*(?:early |late |mid-?|the end of )?", re.IGNORECASE
    ),
    re.compile(r"\s*(?:to|until|till|through|–)\s*(?:the end of )?", re.IGNORECASE),
)
# "Between 2019 and 2021", "2019–2021"; and the day that begins "from 1 to 5 March".
_YEAR = r"((?:19|20)\d{2})"
YEARS = re.compile(
    rf"\b(?:between|from) {_YEAR} and {_YEAR}\b"
    rf"|\b{_YEAR}\s?(?:-|–|to|until|till|through)\s?{_YEAR}\b",
    re.IGNORECASE,
)
FIRST_DAY = re.compile(r"\b(?:from|between) (\d{1,2}) (?:to|and|until) $", re.IGNORECASE)
# What stands before a time that all is after, or before: not "the day after".
_NEAR = r"(?<!day )(?<!morning )(?<!night )(?<!week )(?<!evening )(?<!hours )(?<!month )"
SINCE = re.compile(
    rf"\b{_NEAR}(?P<word>since|after)\s(?:the (?P<edge>start|end) of )?(?:early )?$", re.I
)
UNTIL = re.compile(
    rf"\b{_NEAR}(?P<word>until|till|up to|before|prior to)\s(?:the end of )?$", re.IGNORECASE
)
