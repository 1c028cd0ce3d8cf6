"""The small words that a sentence is read by: where phrases begin and end, what opens a clause."""

import re

from rag.language.english import calendar

BE = frozenset("been was were is are be being".split())
# Stand for people by themselves: "some said", "those believe".
ALONE = frozenset("some that those these this any".split())
HELPS = frozenset("is are was were been ’s 's".split())
HANGS_BEHIND = frozenset(', by and — – of in after before while is are was were been ” "'.split())
SUBJECT_BEFORE = frozenset(
    "to they we you i who not n't also will would could can may might did do does ”".split()
)
PLURAL = ("s", "people", "some", "many", "others", "percent", "who", "men", "folks", "i", "we",
           "you", "they")  # fmt: skip
CLAUSE_BEGINS = frozenset('that the a he she they it his her their “ " there'.split())
# How a source wants to be named is not what it says.
ANONYMITY = re.compile(
    r"\s(?:not\s)?(?:to\s(?:not\s)?be\s(?:named|identified|quoted)|to\sremain\sanonymous"
    r"|(?:for|on\s(?:the\s)?condition\sof)\sanonymity|on\sthe\srecord)"
)
_OCCASION = (
    r"statement|interview|speech|email|e-mail|tweet|letter|address|conference|debate|news|rally"
    r"|report|post|video|message|testimony|hearing|appearance|call|briefing|memo|remarks|release"
    r"|op-ed|filing|Twitter|Facebook|television|TV|radio|show|article|week|weekend|month|year"
    r"|morning|afternoon|evening|night|time|event|meeting|campaign|essay|book|column|blog"
    rf"|{calendar.MONTH}|\d{{4}}|(?:[A-Z][a-z]+)day"
)
_COMMA = r"\s*+(?:,\s*+)?"
# "on Monday in a statement": when and where it was said, not what.
ADVERBIAL = re.compile(
    rf"{_COMMA}(?:(?:(?:on|in|at|during|via|from|after|to|through|before|by|of)\s"
    rf"(?:(?!that\b)[^,;:“”\"\s]+\s){{0,6}}?(?:{_OCCASION})(?:\s\d+)?\b"
    rf"|(?:yesterday|today|(?:(?:last|this|early|late)\s)?{calendar.DAY}"
    rf"|earlier|later|again|recently|publicly|repeatedly|simply|flatly|bluntly)\b){_COMMA})+"
)
TO_THAT = re.compile(
    rf"{_COMMA}(?:on|in|at|during|from|after|to|through|of)\s(?:[^,;:“”\"\s]+\s){{1,8}}?(?=that\b)"
)
THAT = re.compile(rf"{_COMMA}that\b")
LOOSE_WORDS = ("and", "but", "while")
AUXILIARIES = frozenset(
    """has have had having is are was were be been being do does did will would can could may might
    should must not n't never also later then again still since once even just only often now
    reportedly first further ever both all already soon too quite rather himself herself
    themselves""".split()
)
NOT_LY = frozenset("family ally reply supply italy july rally assembly early emily kelly".split())
BOUNDARY = frozenset(
    """that because when while if after before whether than what how why where although though
    since albeit unless until as but which so amid despite during""".split()
)
# Words that open a clause or an adverbial before the speaker: "In May, Hamad said …".
OPENERS = frozenset(
    """in on at after during before for since while when if as with by despite amid although though
    because from once under until following speaking citing""".split()
)
DETERMINERS = frozenset(
    "the a an his her its their our my your this that these those no any some".split()
)
# What ends a phrase on its right: "said Finer on Sunday".
STOPS = frozenset(
    """in on at during after before when while as to by from that who which with since because
    if but and last this about via through following amid""".split()
)
GOES_ON = frozenset("who and at with in to".split())
TOLD = frozenset("him her them me us reporters journalists supporters voters".split())
ENDS_TOLD = frozenset("that he she they it to his her on in there during within".split())
# Words that alone name nobody: "last week", "no", "more likely".
NOBODY = frozenset(
    """in on at the a an no not more less least most last week month year day days recent early
    late possible likely generally be been and or of to for by with from than only just even
    considering it’s its""".split()
)
NEVER_FIRST = frozenset("to been be not more less likely".split())
# "the kind of game people" (write love letters about), "the positive things people" (say),
# "anything the company itself" (could say), "The Fed did launch much" (anticipated).
OF_ANOTHER_CLAUSE = re.compile(
    r"^(?:[Tt]he |[Aa]ny |[Aa]ll |[Ss]ome )?(?:(?:only|same|very) )?"
    r"(?:kinds?|sorts?|types?|ways?|things?|reasons?|anything|everything|something|nothing)\b"
    r"|\b(?:things|words|ways|reasons|stories|questions|games|songs|books) people$"
    r"|^(?!.*\b(?:who|whom|whose|which|that|what|with)\b).+ (?:did|does|do|will|would|has|had|have)"
    r" [a-z]+"
    # "taken to see Abelia" (then realizes), "bullied some of the women" (accused).
    r"|^[a-z]+(?:ed|en|ing) (?:to|by|in|on|at|of|for|the|a|an|some|his|her|its|their|with|from)\b"
    r"|^[^\W\d_][\w.-]*['’]s$"  # "Trump’s repeated calls"
    r"|(?:n['’]t|['’](?:ve|ll|re|m))(?:$| )"  # "I would’ve" (understood)
    r"|^(?:[Mm]aybe |[Pp]erhaps )?(?:[Nn]o one|[Nn]obody|[Nn]one)\b"  # what nobody says
    r"|^(?:Ever|Second|First|Third|Asking|Asked|[Mm]y gut|[Yy]our gut)$"
    # One small word that is no plural: "get", "worth", "spectrum".
    r"|^(?!(?:he|she|they|it|who|many|some|both|all|few|none|police|people|everyone|everybody|nobody"
    r"|someone|somebody|anyone|others|officialdom|management|staff|government|parliament|congress"
    r"|press|crew|whoever)$)[a-z]+(?<!s)$"
)
# What follows a verb and is nothing that was said: "reported by Politico", "fears will be used".
NO_CONTENT = re.compile(
    r"(?:by|from|would|will|was|is|does|has|had|were|are|did)\s|[.,;:)]"
    r"|(?:him|her|it|them)sel(?:f|ves)\b|(?:out|why|how|up|off|down)[.,;]?$",
    re.IGNORECASE,
)
UNSPEAKING = frozenset("there this that what which i we you these those one".split())
# Who acts in a sentence, where that is plain: what opens it, then a name, then a verb.
MAIN_SUBJECT = re.compile(
    r"(?:(?:In|On|At|After|Before|During|While|When|As|For|Since|By|With|Speaking|Last|Earlier)\b"
    r"[^,“”\"]{2,80},\s)?(?:And |But |Still, |Yet )?"
    r"((?:He|She|They|It|he|she|they"
    # Words are taken whole (*+): cut into up to five at will, "ACGTACGT…" takes hours.
    r"|(?:[Tt]he |[Aa]n? |[Hh]is |[Hh]er )?(?:(?:[A-Z][\w’'-]*+\.?)\s?){1,5})(?<!\s))"
    r"(?=\s[a-z]|,\s[^“”\"]{3,90},\s[a-z]|,\s(?:citing|quoting|speaking|asked)\b)"
)
BY_NAME = re.compile(
    r"\b(?:[Bb]y|[Ff]rom)\s(?:the (?:desk|office|pen) of )?"
    # "From the desk of John Doe, VP Analyst, WSJ:"
    r"([^,;:“”\n]{2,90}?[A-Z][\w’'-]+(?:,\s[^:;“”\n]{2,60})?):\s*$"
)
# "Contrary to what Crewe claimed, the depot lost £2m": his words are not told.
UNTOLD = frozenset("what whatever".split())
LEADING_NAME = re.compile(
    r"(?:He|She|[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){0,3})(?=\s[a-z]|,\s[^,.“”\"\n]{3,90},\s[a-z])"
)
# Behind a quotation: "– Commissioner Ellen Ward".
SIGNED = re.compile(
    r"[ \t]?,?[ \t]{0,2}(?:-|–|—|--)[ \t]?(?P<name>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,5})[ \t.]*"
)
# Before a colon these are no speaker.
NO_LABEL = frozenset(
    """update updated photo video read watch related note correction editor more see also source
    image credit caption breaking exclusive analysis opinion review transcript full here part
    question answer name date time place address from to subject cc re tel
    phone email e-mail fax website contact summary background present absent attendance item
    agenda motion vote result total title author published status type id page section chapter
    figure table appendix annex example examples remember warning tip step""".split()
)
DESCRIBED_BY = frozenset("the a an this that these those his her their its our my your".split())
ARTICLES = frozenset("a an the".split())
RELATIVE = frozenset("who which that".split())
# Behind a verb these open what is said, not who says it.
POINTERS = frozenset("that this these those".split())
# What stands before a phrase without being of it, what no phrase ends with, what precedes a name.
BEFORE_PHRASE = frozenset("and but yet meanwhile also still .".split())
NEVER_LAST = frozenset("and to of".split())
BEFORE_NAME = frozenset("and but that while".split())
NO_APPOSITION = frozenset("and but who whom whose which he she it they that".split())
# What a verb of thought needs behind it.
OPENS_CLAUSE = frozenset("that he she they it there what how why".split())
# Between a cue and a quotation that is its words; words that only join.
INTRODUCES = re.compile(r"\b(?:that|as|was|is)\s*$")
JOINERS = frozenset("that and but".split())
# Before a name a word with such an ending is of no role: "also visiting Mr. Smith".
NO_ROLE_ENDINGS = ("ly", "ed", "ing")
# What no sentence ends in: a line that does goes on in the next.
HANGING = frozenset(
    """a an the of to in on at by for from with into and or but nor than that which whose as if
    because while between under over its their his her our my your was were is are has have had
    will would can could may might shall should must not""".split()
)
