"""Questions that count words, people and outlets, or ask how one quotation was told."""

import re

from rag.language.english import shapes, verbs

# What is put in quotation marks, single ones too; an apostrophe within a word closes nothing.
MARKED = re.compile(
    r"[\"“„«](?P<what>[^\"“”„«»]{2,}?)[\"”»]|(?<![\w.])['‘](?P<what_>[^\"“”]{2,300}?)['’](?!\w)"
)
_TIMES = r"(?:how (?:many times|often|frequently)|number of times)"
# "The word": what follows is looked for, whatever verb stands behind it.
_WORDED = r"(?:the )?(?:exact )?(?:words?|names?|phrases?|terms?|expressions?)"
WORDED = re.compile(rf"^{_WORDED}\s+(?=[\"“'‘])", re.IGNORECASE)
_BEEN = r"(?:(?:is|are|was|were|be|been|being|get|gets|got)\s+)?"
# "How many times is Ebbers mentioned?"; of rates that rise often nobody counts the word.
MENTIONED = re.compile(
    rf"\b{_TIMES}\s+(?:(?:is|are|was|were|has|have|had|does|do|did|will|can)\s+)?(?:there\s+)?"
    rf"(?P<worded>{_WORDED}\s+)?(?P<what>[^?]{{1,300}}?)\s+{_BEEN}"
    r"(?:(?:mentioned|named|referred to|brought up|come up|comes up|came up|crops? up)"
    r"|(?P<weak>used|said|uttered|written|spoken|printed|found|cited|appear|appears|appeared"
    r"|occur|occurs|occurred|stand|stands|feature|features|turn up|turns up|show up|shows up))\b"
    r"(?P<place>[^?]*)",
    re.IGNORECASE,
)
# "How often does Powell say “transitory”?"
SAYS = re.compile(
    rf"\b{_TIMES}\s+(?:does|do|did|has|have|had)\s+(?P<who>[^?,;\"“]{{1,80}}?)\s+"
    r"(?:(?:ever|also|actually|publicly|really)\s+)?"
    r"(?:mention|mentions|mentioned|name|names|named|refer to|refers to|referred to|utter|uttered"
    r"|(?P<weak>(?P<said>say|says|said|repeat|repeats|repeated)|use|uses|used|write|wrote|written))\s+"
    rf"(?P<worded>{_WORDED}\s+)?(?P<what>[^?]{{1,300}})",
    re.IGNORECASE,
)
# "How many mentions of Ebbers are there?", "Count the occurrences of …"
OCCURRENCES = re.compile(
    r"\b(?:how many|count(?: all)?(?: of)?(?: the)?|number of)\s+(?:mentions?|occurrences?)\s+"
    rf"(?:of|to)\s+(?P<worded>{_WORDED}\s+)?(?P<what>[^?]{{1,300}}?)"
    r"(?:\s+(?:are there|is there|do (?:you|we|i) (?:find|have|see))(?P<place>[^?]*))?\s*\?*$",
    re.IGNORECASE,
)
# Where what is counted may end and what it is counted in begin.
PLACED = re.compile(r"\s(?=(?:in|during|across|throughout|within|at|by|from|over|of)\s)", re.I)
# What says no more than "in all of them".
EVERYWHERE = shapes.PLAIN | frozenset(
    """all every whole entire corpus library collection folder index archive altogether total any
    different various given here everywhere one two three four five six seven eight nine ten
    outlets outlet media press sources""".split()
)
# An "s" that makes another word: no plural of the one without it.
OTHER_WORDS = frozenset(
    "new news mean means good goods custom customs arm arms thank thanks ha has hi his thi this "
    "wa was ye yes u us ga gas bu bus len lens serie series specie species politic politics "
    "economic economics ethic ethics physic physics analysi analysis basi basis crisi crisis "
    "thesi thesis congres les ".split()
)
_PEOPLE = r"(?:people|persons|speakers|sources|voices|individuals)"
_MANY = r"\bhow many\s+(?:(?:different|distinct|named|of (?:the|these|those|them)) ){0,2}"
# "How many people are quoted in the article about the pier?"
SPEAKERS = re.compile(
    rf"{_MANY}{_PEOPLE}\s+(?:is|are|was|were|get|got|have been)\s+(?:being )?(?:quoted|cited)\b"
    rf"|{_MANY}(?:reporters|journalists|correspondents|senators|members|people|persons)\s+"
    r"(?:asked|ask|put|posed)\s+(?:a |any )?questions?\b"
    rf"|{_MANY}{_PEOPLE}\s+(?:does|do|did)\s+(?P<place>[^?]{{3,160}}?)\s+(?:quote|cite)\b"
    rf"|{_MANY}{_PEOPLE}\s+(?:speak|spoke|talk|talked)\s+(?=in\b|at\b)"
    rf"|{_MANY}(?:speakers|voices)\s+(?:are there|are|were|do (?:we|you|i) have)\b",
    re.IGNORECASE,
)
# No body ("the ministry") is one of them.
WANTS_PEOPLE = re.compile(r"\b(?:people|persons?|individuals)\b", re.IGNORECASE)
OUTLETS = re.compile(
    rf"{_MANY}(?:(?:news )?outlets|newspapers|news organi[sz]ations|publications|publishers)\s+"
    r"(?:(?:are|were) there|do (?:we|you|i) have|are represented|are included"
    r"|(?:mention|mentioned|name|named|discuss|discussed|cover|covered|refer to|write about"
    r"|wrote about|report on|reported on)\s+(?P<what>[^?]+)|(?:are\s+)?(?=in\b))",
    re.IGNORECASE,
)
OUTLET_WORDS = frozenset(
    """outlet outlets papers newspaper newspapers publication publications publisher publishers
    broadcaster broadcasters media press titles""".split()
)
# "How many people said that the quay is closed?"
PEOPLE_SAID = re.compile(
    rf"{_MANY}{_PEOPLE}\s+(?:who )?(?:(?:have|has|had|also|publicly)\s+)*"
    rf"(?:(?:{verbs.WHO_CLAIM}|{verbs.WHO_THAT})\s+that\s+|(?:say|says|said)\s+(?=[\w“\"]))"
    r"(?P<what>[^?]+)",
    re.IGNORECASE,
)
# "And “persistent”?", "What about Yellen?", "And in the June press conference?"
ANOTHER = re.compile(
    r"^\W*(?:(?:and|but|what about|how about|and what about)\s+)"
    r"(?:(?P<joint>in|at|during|by|from)\s+(?P<place>[^?]{2,80})"
    rf"|(?:{_WORDED}\s+)?(?P<what>[^?]{{2,80}}?))\s*\?*$",
    re.IGNORECASE,
)

# How a quotation was told.
_SAYINGS = (
    r"(?:quotes?|quotations?|statements?|words|remarks?|comments?|sayings?|utterances?|messages?"
    r"|warnings?|replies|reply|promises?|threats?)"
)
SAYINGS = re.compile(rf"\b{_SAYINGS}\b", re.IGNORECASE)
# As it was done to a quotation; "the quote told" is a noun and its verb.
_TOLD = (
    r"(?:quoted|reported|(?:re-?)?told|worded|rendered|reproduced|carried|paraphrased|repeated|cited"
    r"|printed|phrased)"
)
_TELL = (
    rf"(?:{_TOLD}|quotes?|reports?|retell|tell|tells|renders?|reproduce|carry|carries|paraphrase"
    r"|repeats?|cites?|prints?|phrase)"
)
RETOLD = re.compile(
    # "How was this quote told?", "How is “…” quoted in the papers?"
    rf"\bhow\s+(?:differently )?(?:is|are|was|were|has|have)\s+(?P<what>[^?]{{2,600}}?)\s+"
    rf"(?:been |being )?(?:differently )?{_TOLD}\b(?P<place>[^?]*)"
    # "How did the papers report Powell's words about inflation?", "Compare how … quoted “…”"
    rf"|\b(?:how\s+(?:differently )?(?:did|do|does|has|have)|compare how)\s+"
    rf"(?P<who>[^?\"“]{{2,100}}?)\s+{_TELL}\s+(?P<what_>[^?]{{2,600}})"
    # "Did the wording of Powell's statement differ between articles?"
    r"|\b(?:wordings?|phrasings?|versions?|text)\s+of\s+(?P<what__>[^?]{2,600}?)\s+"
    r"(?:differ(?:s|ed|ent)?|var(?:y|ies|ied)|changed?|the same|identical|are there|exist)\b"
    r"(?P<place_>[^?]*)"
    # "Was “…” quoted word for word everywhere?"
    rf"|\b(?:is|are|was|were|has|have)\s+(?P<what___>[^?]{{2,600}}?)\s+(?:been )?{_TOLD}\s+"
    r"(?:the same|word for word|identically|differently|alike)\b(?P<place__>[^?]*)",
    re.IGNORECASE,
)
# Whose words, and about what.
SAYER = re.compile(
    rf"(?P<who>[^?,;\"“]{{2,60}}?)(?:['’]s|(?<=s)['’])\s+(?:\w+\s+){{0,2}}?{_SAYINGS}\b(?P<rest>.*)"
    rf"|\b{_SAYINGS}\s+(?:made )?(?:of|by|from)\s+(?P<who_>[^?,;\"“]{{2,60}}?)"
    r"(?P<rest_>(?:\s+(?:about|on|regarding|that)\s.*)?)$"
    rf"|\b(?P<who__>his|her|their|its)\s+(?:\w+\s+){{0,2}}?{_SAYINGS}\b(?P<rest__>.*)"
    rf"|\b{_SAYINGS}\b(?P<rest___>.*)",
    re.IGNORECASE,
)
# "This quote": the one that was asked about before.
POINTS_AT = re.compile(
    rf"\b(?:this|that|these|those|the)\s+{_SAYINGS}\b(?=\W*$|\s+(?:\w+\s+)?(?:been\s+)?{_TOLD}\b"
    r"|\s+(?:differ|vary|change))",
    re.IGNORECASE,
)
# "Between articles", "across the papers": says that all are meant.
TELLERS = re.compile(
    r"\s*\b(?:in|by|between|among|across|from|through)\s+(?:the |all |these |those |different "
    r"|various |other |several )*(?:papers?|newspapers?|outlets?|articles?|documents?|media|press"
    r"|reports?|stories|sources|publications|agencies|sites)(?:\s+to\s+\w+)?\b",
    re.IGNORECASE,
)
