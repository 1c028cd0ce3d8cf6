"""Words that make a claim less than a fact."""

import re

# What makes a claim less than a fact. One of a family may stand for another.
ALLEGED = frozenset(
    """alleged allegedly allege alleges allegation allegations reportedly purported purportedly
    supposed supposedly so-called suspected suspect apparent apparently accused accuse accuses
    accusing claimed claims claim claiming rumored rumoured unconfirmed unverified
    ostensible ostensibly presumed presumably""".split()
)
MAYBE = frozenset(
    """may might could possible possibly perhaps likely potential potentially probably probable
    seems seem seemed appears appear appeared seemingly would can maybe unlikely believed thought
    suggests suggest suggested estimated estimates roughly""".split()
)
# Dropping one of these changes nothing that is claimed: they report, or are verbs of other things.
_WEAK = frozenset(
    """allege alleges allegation allegations suspect accused accuse accuses accusing claimed claims
    claim claiming seem appear would can unlikely believed thought suggests suggest suggested
    estimated estimates roughly""".split()
)
STRONG = (ALLEGED | MAYBE) - _WEAK
# A sentence that begins so only supposes what it says.
SUPPOSES = re.compile(r"(?:if|unless|suppose|supposing|had)\b", re.IGNORECASE)
# What is only expected or meant to be; "may" and its like say as much.
INTENTS = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|hop(?:es?|ed|ing)|plan(?:s|ned|ning)?|aim(?:s|ed|ing)?|intend(?:s|ed)?"
    r"|want(?:s|ed)?|seek(?:s|ing)?|tr(?:y|ies|ied|ying)|propos(?:es?|ed|ing)|threaten(?:s|ed)?"
    r"|promis(?:es?|ed|ing)|vow(?:s|ed)?|pledg(?:es?|ed)|due|set|likely|supposed|believed|thought"
    r"|said|alleged|reported|forecast|predicted|projected|prepar(?:es?|ed|ing)) to\b"
    r"|\b(?:may|might|could|would|should|can|plans?|hopes?|aims?|proposals?|intentions?|prospects?"
    r"|expectations?|forecasts?|expect(?:s|ed)?|possibl[ey]|potential(?:ly)?|perhaps|probably)\b",
    re.IGNORECASE,
)
