"""Questions about whole documents or many: summaries, timelines, counts, lists."""

import re

_DOCUMENTS = (
    r"(?:(?:news|blog) )?(?:documents?|articles?|files?|stories|story|reports?|pieces?|papers?"
    r"|items?|texts?|posts?|pages?|speech(?:es)?|letters?|memos?|e-?mails?|interviews?|transcripts?|minutes"
    r"|(?:press|news) conferences?|statements?|releases?)"
)
# Which words say no more than "document": others ("speeches") name a kind of them.
PLAIN = frozenset(
    """document documents article articles file files story stories report reports piece pieces
    paper papers item items text texts news""".split()
)
# … and which do: what is neither ("tech stories") may be of their titles, or say nothing of them.
KINDS = frozenset(
    """speech speeches letter letters memo memos email emails e-mails interview interviews
    transcript transcripts minutes conference conferences statement statements release
    releases""".split()
)
# Beside names that are all to be mentioned.
JOINING = frozenset("name names both all".split())
_MENTION = (
    r"(?:mentions?|mentioned|names?|named|discuss(?:es)?|covers?|talks? about|refers? to"
    r"|brings? up|brought up|touch(?:es|ed)? (?:up)?on|raises?|raised|address(?:es|ed)?"
    r"|deals? with|speaks? of|(?:is|are|was|were) (?:about|on|concerned with)|contains?|quotes?"
    r"|(?:uses?|used) (?:the )?(?:words?|phrases?|terms?|expressions?)(?! (?:of|in|about|like|from"
    r"|for|with)\b)"
    r"|(?:has|have) something (?:about|on))"
)
# "How many articles mention Ebbers?", "In how many articles does Ebbers come up?", "Which documents
# mention Ebbers?"
MENTIONS = re.compile(
    r"\b(?P<many>how many|which)\s+(?:of (?:(?:all )?(?:the|these|those|my|our)) (?:\w+ )?)?"
    r"(?:different |of them )?"
    rf"(?P<kind>{_DOCUMENTS})(?P<also> (?:and|or) {_DOCUMENTS})?\s+(?:there )?(?:even |also )?"
    rf"{_MENTION}\s+(?P<what>[^?]+)"
    r"|\b(?P<many_>how many|which)\s+(?:of (?:the|these|those|my|our) )?(?:sets of )?"
    rf"(?:[A-Z][\w.]*\s){{0,2}}(?P<kind_>{_DOCUMENTS})\s+"
    r"(?:does|do|did|is|are|was|were)\s+(?P<what_>[^?]+?)\s+(?:both |all )?"
    r"(?:comes? up|turns? up|appears?"
    r"|feature|featured|occur|figure|get mentioned|mentioned|named|discussed|quoted)\b"
    r"|^\W*(?P<many__>where) (?:in )?(?:do|did) (?:the|these|those|my|our) "
    rf"(?P<kind__>{_DOCUMENTS})(?<=s)\s+(?:mention|refer to)\s+(?P<what__>[^?]+?)"
    r"(?: by name| at all| anywhere)?\s*\?*$",
    re.IGNORECASE,
)
ASKS_MORE = re.compile(r"\band (?:what|who|whom|how|when|where|why|which)\b", re.IGNORECASE)
# "How many speeches by Waller are there?", "In how many of the 2021 minutes does Ukraine come up?",
# "How many articles did Wired publish in May?": documents by what is said of them.
GATHERED = re.compile(
    r"\b(?P<many>(?i:(?:in |at )?how many|(?:in |at )?which|count|number of|list))\s+"
    r"(?i:(?:of (?:all )?(?:the|these|those|my|our)\s+|(?:all )?(?:of )?the\s+)?"
    r"(?:different |sets of )?)"
    rf"(?P<of>(?:(?:[A-Z][\w.’'&-]*|\d{{4}})\s){{0,5}}(?:[a-z][\w-]+\s)?)"
    rf"(?P<kind>(?i:{_DOCUMENTS}))\b(?P<rest>[^?]*)"
)
_MAKE = (
    r"(?:publish(?:es|ed)?|run|ran|print(?:s|ed)?|carr(?:y|ies|ied)|writes?|wrote|written|gives?"
    r"|gave|given|deliver(?:s|ed)?|h[eo]lds?|make|made|issued?|released?|produced?|put out"
    r"|post(?:s|ed)?)"
)
# What `rest` may be: made by somebody, …
MADE = re.compile(rf"^\s*(?:did|do|does|has|have)\s+(?P<who>\S.{{1,60}}?)\s+{_MAKE}\b(?P<place>.*)")
# … of a time, an outlet or an author, …
OF_PLACE = re.compile(
    rf"^\s*(?:(?:are|is|were|was|have been|do (?:we|you|i) have)\s+)?(?:there\s+)?"
    rf"(?:(?:come|came|date|dates|dated|stem|originate|{_MAKE})\s+)?"
    r"(?P<place>(?:(?:from|of|in|by|on|at|between|since|before|after|during)\s.*?)?)"
    r"(?:\s+(?:(?:is|are) there\b.*|do (?:you|we|i) have\b.*|exist"
    r"|do(?:es)? (?:the|this|my|our) \w+ (?:hold|have|contain|include)))?\s*$"
    r"|^\s*(?:(?:are|is|were|was)\s+)?dated\s+(?P<day>.{4,40})$",
    re.IGNORECASE,
)
# … one that somebody speaks in, …
SPOKEN = re.compile(
    r"^\s*(?:does|do|did|is|are|was|were|has|have)\s+(?P<who>\S.{1,60}?)\s+"
    r"(?:(?:actually|directly)\s+)?(?:(?:speaks?|spoke|talks?|talked|spoken)(?=\s*$|\s+in\b)"
    r"|(?:been\s+)?(?:quoted|cited)\b"
    r"|(?:gets? to )?(?:asks?|asked|put|posed?) (?:a |any )?questions?)(?:\s+in)?(?P<place>.*)$"
    r"|^\s*(?:(?:directly|also)\s+)?(?:quotes?|cites?|quoted|cited)\s+(?P<who_>[A-Z].{1,60}?)$"
)
# … or one that holds something.
HOLDING = re.compile(
    r"^\s*(?P<place_>(?:from|by|in|of)\s\S.{1,60}?\s)?(?:there\s+)?(?:(?:even|also|that|which)\s+)*"
    rf"{_MENTION}\s+(?P<what>.+)$"
    r"|^\s*(?:does|do|did|is|are|was|were|has|have)\s+(?P<what_>\S.*?)\s+(?:both |all )?"
    r"(?:comes? up|turns? up|appears?|features?|featured|occurs?|figures?"
    r"|(?:get |been )?(?:mentioned|named|discussed))"
    r"(?:\s+in)?(?P<place>.*)$",
    re.IGNORECASE,
)
_WHOLE = (
    r"(?:main|key|most important|chief|essential) (?:points?|ideas?|messages?|takeaways?|findings?"
    r"|arguments?|statements?)|summary|summaries|overview|gist|digest|synopsis|outline|essence"
)
SUMMARY = re.compile(
    rf"\b(?:summari[sz]e|sum (?:it |this |that )?up|{_WHOLE}|brief me on|recap|tl;?dr"
    rf"|what (?:is|was|are|were) (?:the|this|that) [^?]{{0,80}}?\babout\s*\?*$)",
    re.IGNORECASE,
)
# What of such a question is no part of what it is about.
SUMMARY_FRAME = re.compile(
    rf"^\W*(?:please |can you |could you )?(?:(?:give|tell|show|write|make|get) (?:me|us) )?"
    rf"(?:what (?:is|are|was|were|do we know) )?(?:(?:a|an|the) )?(?:short |brief |quick )?"
    rf"(?:summari[sz]e|sum (?:it |this |that )?up|{_WHOLE}|brief me on|recap)"
    r"(?: (?:of|for|in|from|about))?"
    r"(?: what (?:we|the documents) (?:know|say) (?:about|of|on))?\s*",
    re.IGNORECASE,
)
TIMELINE = re.compile(
    r"\b(?:timeline|time line|chronolog(?:y|ical)|sequence of events|step[- ]by[- ]step"
    r"|(?:day|week|month|year|meeting|round) by (?:day|week|month|year|meeting|round)"
    r"|in (?:what|which) order|in (?:date|time) order|from one [\w ]{2,40}? to the next"
    r"|what happened when\W*$|^\W*(?:please )?trace\b"
    r"|over (?:the (?:course|years|months|weeks)|time)\b|in the order (?:in which )?it happened"
    r"|at each (?:meeting|stage|step|press conference|hearing)"
    r"|how (?:did|has|have) [^?]{3,80}? (?:change|changed|develop|developed|evolve|evolved|unfold"
    r"|unfolded|progress|progressed)\b|how (?:did|has) [^?]{3,60}? (?:career|story) (?:go|gone))",
    re.IGNORECASE,
)
# "Trace what Powell said about jobs": whose words are to be followed.
WHAT_SAID = re.compile(
    r"\bwhat (?P<who>(?:[a-z]+ ){0,2}[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}) "
    r"(?:has |have |had )?(?:said|says?|told|wrote|writes?)\b"
)
TIMELINE_FRAME = re.compile(
    r"\b(?:(?:please )?(?:(?:give|show|tell|make|take) (?:me|us) )?(?:through )?(?:a |the )?"
    r"(?:timeline|time line|chronology|sequence of events|events)(?: of| for)?"
    r"|(?:please )?(?:take|walk|talk) (?:me|us) through|^\W*(?:please )?trace\b"
    r"|how (?:did|has|have)|what happened (?:to|with|in)|(?:change|changed|develop|developed|evolve"
    r"|evolved|unfold|unfolded|progress(?:ed)?)\b|step[- ]by[- ]step|in chronological order"
    r"|over (?:the course of|time|the (?:years|months|weeks))"
    r"|(?:day|week|month|year|meeting|round) by (?:day|week|month|year|meeting|round)"
    # Who tells it and where are no part of it: "… did Powell report at each hearing?"
    r"|^\W*(?:what|which)\b|did (?:the )?[\w’'-]+ (?:report|give|describe|mention|cite|put|name)\b"
    r"|(?:at|in|from) (?:each|every|all) [\w ]{2,30}?(?=\s(?:in|of|from|since)\b|\W*$)"
    r"|from one [\w ]{2,40}? to the next"
    r"|,? (?:according to|going by) (?:the )?[\w’'-]+(?: [\w’'-]+){0,2}\W*$)",
    re.IGNORECASE,
)
ASKERS = re.compile(
    r"\b(?:which|what|how many|list (?:all )?(?:of )?(?:the )?|name (?:all )?(?:of )?(?:the )?)\s*"
    r"(?P<who>(?:[\w-]+ ){0,3}?)"
    r"(?:reporters?|journalists?|correspondents?|senators?|members?|people|persons?|questioners?)\s+"
    r"(?:who |that )?(?:asked|ask|put|posed)\s+(?:[\w-]+ ){0,2}?questions?\b"
    r"|\bwho (?:all )?(?:asked|put|posed) (?:the |a |any )?questions?\b"
    r"|\b(?:list|name) (?:everyone|everybody|all|the people) (?:who|that) (?:asked|put) ",
    re.IGNORECASE,
)
# What it is that they asked about.
ASKED_ABOUT = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|question(?:s|ed)?)\b[^?]{0,60}?\b(?:about|regarding|concerning)\s"
    r"(?P<topic>[^?]{3,120})",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"\bwho (?:all )?(?:is|are|was|were|gets?|got) (?:being )?quoted\b"
    r"|\b(?:list|name|show)(?: me)? (?:everyone|everybody|all(?: of)?(?: the)?(?: people| speakers"
    r"| persons| sources)?|the (?:people|speakers|persons|sources))\b[^?]{0,30}?"
    r"(?:quoted|who (?:spoke|speaks|speak|say|said)|speaking)"
    r"|\bwhich (?P<who>[\w, -]{2,60}?) (?:are|is|were|get|got) (?:being )?quoted\b"
    r"|\bwhich (?P<who_>[\w, -]{2,60}?) (?:are|is|were) (?:named|reported|quoted|shown)"
    r" (?:as )?(?:saying|having said|to have said|to say)\b"
    r"|\bwho (?:all )?(?:speaks|spoke|talks|talked) (?:in|at)\b",
    re.IGNORECASE,
)
# Where somebody is quoted, and about what.
QUOTED_IN = re.compile(
    r"\b(?:quoted|cited|speaks?|spoke)\s+(?:in|at|by)\s(?P<place>[^?]{2,160})", re.I
)
QUOTED_ABOUT = re.compile(
    r"\b(?:quoted|cited)(?: as saying (?:something|anything))?\s+"
    r"(?:about|on|regarding|concerning)\s(?P<topic>[^?]{3,120})",
    re.IGNORECASE,
)
# "Compare Time Warner's and WPP's results", "How did the May decision differ from the June one?"
_SIDE = r"[^?,;]{2,80}?"
_LAST = r"[^?;]{2,90}"
SIDES = re.compile(
    rf"\b(?:compare|contrast)\s+(?P<one>{_SIDE})\s+(?:and|with|to|against)\s+(?P<other>{_LAST})"
    rf"|\bhow (?:do|did|does)\s+(?P<one_>{_SIDE})\s+and\s+(?P<other_>{_SIDE})\s+"
    r"(?:differ|compare)\b"
    rf"|\bhow (?:do|did|does|is|was|are|were)\s+(?P<one__>{_SIDE})\s+"
    rf"(?:differ(?:ent)?|deviate|depart)\s+from\s+(?P<other__>{_LAST})"
    rf"|\bdifferences? between\s+(?P<one___>{_SIDE})\s+and\s+(?P<other___>{_LAST})"
    rf"|\bwhat (?:has )?changed between\s+(?P<one____>{_SIDE})\s+and\s+(?P<other____>{_LAST})",
    re.IGNORECASE,
)
# "Compare how Gazette and Herald explain the flood": what of either stands behind both.
HOW_BOTH = re.compile(
    r"\b(?:[Cc]ompare|[Cc]ontrast) how (?P<one>(?:the )?[A-Z][^?,;]{1,60}?)"
    r" and (?P<other>(?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*) (?P<rest>[a-z][^?;]{3,120})"
)
# "The June one": stands for what was named before.
STANDS_FOR = frozenset(("one", "ones"))
# What people say is compared by their statements.
SAYING = re.compile(
    r"\b(?:said|says?|think|thinks|thought|told|views?|statements?|positions?|opinions?|claims?)\b",
    re.IGNORECASE,
)
# "In CNBC's article about sellers", "in the long essay on ships": one document is meant.
ONE_DOCUMENT = re.compile(
    r"\b(?:the|this|that|an?|[\w.’'-]+['’]s?)\s(?:[\w’'-]+\s){0,4}?"
    r"(?:article|story|report|piece|essay|interview|column|post|paper|speech|memo|letter)\b",
    re.IGNORECASE,
)
# "Compare what Powell said about digital money in April and in September": the same, at two times.
_WHEN = r"(?:in|on|at|before|after|during) [^?,;]{2,60}?"
TWO_TIMES = re.compile(
    rf"\b(?:compare|contrast) (?P<what>what [^?;]{{4,120}}?) (?P<one>{_WHEN}),? (?:and|with|to) "
    rf"(?P<other>{_WHEN})\W*$"
    rf"|\bhow (?:do|does|did) (?P<what_>[^?;]{{4,120}}?) (?P<one_>{_WHEN}) compare (?:with|to) "
    rf"(?:those|that|the ones?) (?P<other_>{_WHEN})\W*$"
    rf"|\b(?:compare|contrast) (?P<what__>[^?;:]{{4,120}}?) (?P<one__>{_WHEN}),? "
    rf"(?:with|to|against) (?:those|that|the ones?)(?: \w+){{0,3}} (?P<other__>{_WHEN})\W*$",
    re.IGNORECASE,
)
# What is told in figures.
FIGURES = re.compile(
    r"\b(?:how (?:much|many|high|low|large|big)|(?:rate|figure|price|cost|total|amount|projection"
    r"|forecast|estimate|percentage|increase|rise|hike|sale|revenue|profit|earning|purchase"
    r"|salar(?:y|ie))s?|death toll|inflation|unemployment|gdp|spending|budget|deficit|turnout)\b",
    re.IGNORECASE,
)
# What has not come about yet.
EXPECTED = re.compile(
    r"\b(?:project(?:s|ed|ing|ions?)|forecasts?|expect(?:s|ed|ing|ations?)?|anticipat(?:e|es|ed|ing)"
    r"|outlook|predict(?:s|ed|ions?)?|estimated? (?:to|for)|would|will|(?-i:may)|might|could"
    r"|likely)\b",
    re.IGNORECASE,
)
# "Compare the opening statements of the prosecution and the defence at the trial": two of a kind
# that are called alike, not two names nor "the cost of living in London and Paris".
TWO_OF = re.compile(
    r"\b(?:[Cc]ompare|[Cc]ontrast)\s(?P<what>(?:the )?(?:[a-z’'-]+ ){1,4}?)(?P<joint>of|by|from) "
    r"(?P<one>the [\w’'-]+(?: [\w’'-]+)?) and (?P<other>the [\w’'-]+(?: [A-Z][\w’'-]*)?)"
    r"(?P<rest> (?:at|in|on|about|during|from|for) [^?;.]{2,80})?\W*$"
)
# What people are called who are any people: which of them is told by the other words.
ANYBODY = frozenset(
    """people person persons speakers speaker sources source voices officials official members
    member experts reporters journalists correspondents all different other these those
    and or of the in""".split()
)
