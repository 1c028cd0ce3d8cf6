"""Numbers as they are written and spelt."""

import re

# What answers "how many".
ANSWERS = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand"
    r"|million|billion|half|third|quarter|percent|none|no one)\b"
)
TOKENS = re.compile(
    r"[$€£]?\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th|bn|[mk]|million|billion)?\b%?"
    r"|(?=(?:[ckm]m|k?g|mg|[kmg]w|[mgt]b|[gm]?hz|mph|k[mp]h|ft|lbs?|oz|mi|ml|[ap]m|hrs?|mins?)\b))"
    r"|[^\W\d_](?:\.[^\W\d_])+\.?|[^\W_]+(?:[’'-][^\W_]+)*"
)
CURRENCIES = frozenset("$€£¥")
UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "dozen": 12, "half": 0.5, "twice": 2, "both": 2,
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
# These also say something else ("both sides", "a second later"): present they count, absent not.
WEAK = frozenset("one both half twice second third dozen".split())
# "The two" are no count, but those who were named.
DEFINITE = frozenset("the these those all both".split())
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9,
}  # fmt: skip
WRITTEN = re.compile(r"[$€£]?(\d+(?:[.,]\d+)*)(st|nd|rd|th|bn|mn|[mk]|million|billion)?%?")
# Parts of a whole, in hundredths.
FRACTIONS = {"half": 50.0, "third": 33.3, "quarter": 25.0, "fifth": 20.0, "sixth": 16.7,
             "eighth": 12.5, "tenth": 10.0}  # fmt: skip
# Before a number: it is no exact one.
QUALIFIERS = frozenset(
    """up to|more than|less than|fewer than|at least|at most|as many as|as much as|no more than|over
    |under|nearly|almost|about|around|roughly|approximately|some|an estimated|close to|well over
    |just over|just under""".replace("\n    ", "").split("|")
)
# A number of figures and the letters of its unit or scale: "5.68m".
FIGURES = re.compile(r"[$€£]?(\d+(?:[.,]\d+)*)(bn|mn|[mk])?$")
# Units that are one: "6.2%", "6.2 per cent"; and a number that may be a year, "in summer 2020".
SAME_UNITS = {"%": "percent", "per cent": "percent"}
MAY_BE_YEAR = re.compile(r"(?:19|20)\d{2}")
# A number with what it is of: "13.3 percent", "1/4 to 1/2 percent", "$80 billion", "75 votes".
_PART = r"[$€£¥]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+|[-\s]?[½¼¾⅓⅔⅛]|-?\d?/\d{1,2})?|[½¼¾⅓⅔⅛]"
QUANTITY = re.compile(
    rf"(?<![\w.,/$€£¥-])(?P<number>[-−]?(?:{_PART})(?:\s?(?:to|–|-)\s?(?:{_PART}))?)"
    r"[\s\u2011-]?(?P<unit>%|per ?cent(?:age points?)?|basis points?|(?:million|billion|trillion"
    r"|thousand)(?: (?:dollars|euros|pounds))?|bn|mn|dollars|euros|pounds|people|jobs|votes|seats"
    r"|deaths|cases|points)?(?![\w/])"
)
