"""What an answer says of its sources and of itself, and words that are hardly names."""

import re

# What an answer says of its sources and of itself, not of the world.
META = frozenset(
    """document documents article articles source sources passage passages report reports account
    accounts text texts evidence question answer answers according also add adds added further
    however meanwhile agree agrees disagree disagrees differ differs state states stated mention
    mentions mentioned describe describes described note notes noted quote quotes quoted cite cites
    cited claim claims claimed say says said saying tell tells told write writes wrote written
    report reports reported reporting argue argues argued explain explains explained statement
    statements similarly likewise both overall summary outlet outlets paper reporter specifically
    regarding whether asked comment comments""".split()
)
# Short words that carry the sense of a claim all the same.
WEIGHTY = frozenset("against before after without under over between during".split())
OPENERS = frozenset(
    """people officials two three four five six seven eight nine ten many several both there here
    today yesterday earlier later since once yes thus hence instead despite although
    because while however moreover when where why how who what which that this these those his her
    their its our your my it they he she we you i one some any all each every most more less
    police experts analysts sources critics authorities troops fighters militants soldiers leaders
    members money war government military army president minister intelligence security foreign
    news media reports women men children civilians hostages victims residents voters lawmakers
    senior former last next early late about around nearly almost over under more than besides
    unlike amid alongside following except citing quoting asked""".split()
)
# Verbs of saying that are as often nouns.
NOUNS_TOO = frozenset(
    """state states report reports text texts reading readings claim claims note notes record
    records comment comments question questions answer answers thought thoughts post
    posts""".split()
)
# Sentences of nothing but these say something of the answer, not of the world.
FRAME = META | frozenset(
    """conflict conflicting conflicts contradict contradictory views view differently different
    several various following here below short provided available given based two three point
    points question this these those they disagreement information details matter topic subject
    opinions perspectives sides side mixed number follows contain contains provide
    provides""".split()
)
ABOUT_DOCUMENTS = frozenset(
    """document documents article articles passage passages account accounts report reports
    outlets texts versions""".split()
)
# Of a description these tell nobody apart.
SMALL = frozenset("the one two three who close to".split())
ATTRIBUTES = re.compile(
    r"\b(?:according to|in the words of|(?:accused|suspected) of|charged with|allegedly|reportedly"
    r"|(?:is|are|was|were) (?:said|alleged|reported|believed|thought) to)\b",
    re.I,
)
# Besides verbs of saying and thinking.
SAYING = frozenset("according finds".split())
# What opens an answer and says nothing of the world: "Answer:", "Based on the passages, …".
OPENING_FRAME = re.compile(
    r"(?:(?:the |short |my )?(?:answer|response|reply|summary|conclusion)(?: is)?\s?[:–-]\s*"
    r"|(?:based on|according to|from|per|as per) (?:the|these|this)(?: \w+)?"
    r" (?:passages?|documents?|texts?|articles?|sources?|contexts?|information|evidence|excerpts?)"
    r"(?: (?:provided|above|given|below|here))?(?:, |: ?|,? it (?:is clear|appears|seems) that )"
    r"|here(?:['’]s| is| are) [^.:\n]{0,80}:\s*"
    r"|(?:sure|certainly|of course)[,!.:]\s+)++",
    re.I,
)
# Where a clause of a sentence begins.
CLAUSES = re.compile(
    r"(?:(?<=[,;:])|(?<=—)|(?<=–))\s|\s(?:and|but|while|although|though|because|after|before|which"
    r"|who|that|so|as|with|saying|adding|despite)\s",
    re.I,
)
# A speaker's own view of what they tell.
OWN_VIEW = re.compile(
    r"\bI(?: \w+ly| do| would| also| still)? (?:believe|think|feel|suspect|doubt|expect|guess|hope"
    r"|view|see|prefer|am (?:\w+ )?(?:confident|convinced|certain|sure|optimistic|worried))\b"
    r"|\bI['’](?:m|d) (?:\w+ ){0,3}?(?:confident|convinced|certain|sure|say|argue)\b"
    r"|\b(?:in|to) my (?:own )?(?:view|opinion|mind|judge?ment)\b|\bfeeling (?:\w+ )?confident\b",
    re.I,
)
# Words of saying that say that it is disputed, or only thought, whoever says so.
CONTESTED = re.compile(
    r"(?:argu|claim|alleg|accus|insist|believ|think|thought|suspect|hop(?:e|ing)|expect|fear|den(?:y|ie)"
    r"|suggest|contend|maintain|assert|speculat)",
    re.I,
)
# What comes before what, between two events.
EARLIER = re.compile(r"\b(?:before|prior to|ahead of|preced(?:ed|ing))\b", re.I)
LATER = re.compile(
    r"\b(?:after|afterwards?|follow(?:s|ed|ing)|in response to|subsequently|thereafter"
    r"|in the wake of|as a result)\b",
    re.I,
)
# A sentence that only decides.
VERDICTS = re.compile(r"(?:yes|no|not quite|not exactly|partly)\W*", re.I)
