"""Words that make a claim less than a fact."""

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
