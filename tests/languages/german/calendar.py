"""Months and weekdays."""

MONTHS = tuple(
    """januar februar märz april mai juni juli august september oktober november
    dezember""".split()
)
WEEKDAYS = tuple("montag dienstag mittwoch donnerstag freitag samstag sonntag".split())
WORDS = frozenset((*MONTHS, *WEEKDAYS))
