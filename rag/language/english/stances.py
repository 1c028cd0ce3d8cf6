"""Which side of a claim somebody's words take: for it, against it, or none yet."""

import re

# No ground for saying so: "no evidence", "have not seen anything that tells us", "lack direct …".
NO_EVIDENCE = re.compile(
    r"\b(?:no|not|\w+n[’']t|never|any|lacks?|lacking|without|nor)\b[^.;!?]{0,60}?"
    r"\b(?:evidence|proof|indications?|confirmations?|confirmed|information|intelligence"
    r"|anything (?:that|to))\b"
    r"|\b(?:evidence|information|intelligence)\b[^.;!?]{0,40}?"
    r"\b(?:do(?:es)? not|do(?:es)?n[’']t|did not|didn[’']t) (?:show|suggest|indicate|point|support)"
    r"|\b(?:unclear|uncertain|unknown|unproven|unconfirmed|remains? to be seen|do(?:es)? not know"
    r"|don[’']t know|can(?:not|[’']t) (?:say|tell|confirm)|could not (?:say|tell|confirm)"
    r"|not (?:sure|certain)|too early to)\b",
    re.IGNORECASE,
)
# Who says it takes it back or calls it into question, by the verb or within the words.
AGAINST = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|disput(?:e|es|ed|ing)"
    r"|refut(?:e|es|ed|ing)|rebuff(?:s|ed)?|contradict(?:s|ed|ing)?|derid(?:e|es|ed|ing)"
    r"|doubt(?:s|ed|ing)?|question(?:s|ed|ing)|false|untrue|baseless|unfounded|nonsense|myth)\b",
    re.IGNORECASE,
)
# Done by others or by nobody else: "fiercely autonomous", "on its own", "one hundred percent X".
ALONE = re.compile(
    r"\b(?:autonomous(?:ly)?|independent(?:ly)?|alone|solely|exclusively|entirely|purely"
    r"|on (?:its|their|his|her) own|(?:one[- ]hundred|100|hundred) ?per ?cent|100%"
    r"|kept (?:\w+ ){0,8}?(?:a )?secret|in secret from"
    r"|without (?:\w+ ){0,3}?(?:help|knowledge|knowing|warning|consent|approval)"
    r"|(?:no|any) (?:prior |advance )?(?:warning|knowledge|foreknowledge|role|involvement|part"
    r"|hand))\b",
    re.IGNORECASE,
)
# A plain "no": "was not involved", "had nothing to do with".
NEGATED = re.compile(
    r"\b(?:not|never|neither|nor|nothing|nobody|none|cannot|\w+n[’']t|no)\b", re.IGNORECASE
)
# A "no" that says yes.
NO_DOUBT = re.compile(
    r"\b(?:no (?:secret|doubt|question|wonder)|without (?:a )?(?:doubt|question)|not only"
    r"|never mind|no one doubts)\b",
    re.IGNORECASE,
)
# Who is asked for stands first: "Who said that voters who back him …" asks for no backers.
_FIRST = (
    r"^\W*(?:(?:in|at|on|of|among|during|according to)\b[^?;,]{1,60},\s)?"
    r"(?:(?:and|but|so|please)\s)?"
)
# What a question asks for: all sides of a claim, one of them, or who is for or against something.
_SAYS = (
    r"(?:says?|said|claims?|claimed|believes?|believed|thinks?|thought|maintains?|insists?"
    r"|argues?|asserts?|alleges?|alleged)"
)
_DENIES = (
    r"(?:den(?:y|ies|ied)|disputes?|disputed|rejects?|rejected|doubts?|doubted|contradicts?"
    r"|contradicted|questions|disagrees?|disagreed|do(?:es)? not|do(?:es)?n[’']t|did not|didn[’']t"
    r"|says? (?:it is |it[’']s )?(?:not|otherwise|the opposite)|sees? no evidence)"
)
_WHO = r"(?:who(?: all)?|which (?:[\w-]+ ){0,3}?[\w-]+)"
_OTHERS = (
    rf"(?:{_DENIES}|warn(?:s|ed)?|says? (?:no|it did not|there is no)|said (?:no|not|otherwise))"
)
BOTH = re.compile(
    rf"{_FIRST}{_WHO} {_SAYS} (?:that )?(?P<claim>[^?;]{{4,200}}?)(?:,|,? (?:and|or|but)) "
    rf"(?:who|which|what)(?: \w+)? {_OTHERS}\b"
    # "Did they know? Who says yes and who says no?"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had)\s+(?P<claim____>[^?]{4,200})\?\W*"
    r"(?:and )?(?:who|which \w+) (?:says?|said|thinks?|believes?)\b"
    rf"|\bwhere do (?:\w+ ){{1,5}}?stand on (?:whether )?(?P<claim_>[^?;]{{4,200}})"
    r"|\b(?:do|did) (?:the|these|those|all|all the|your|my) (?:documents|sources|articles|reports"
    r"|accounts|outlets|papers) (?:all )?(?:agree|disagree|differ)(?: with each other)?"
    r" (?:on|about|over|that|whether)(?: whether| if)? (?P<claim__>[^?;]{4,200})"
    r"|\bwhat (?:are|do) (?:the|all the) (?:sides|positions|different views)(?: say)?"
    r" (?:on|about|of|over) (?:whether )?(?P<claim___>[^?;]{4,200})",
    re.IGNORECASE,
)
EVERYBODY_FOR = re.compile(
    rf"{_FIRST}(?:list |name )?(?:(?:everyone|everybody|all those|all) who|who all"
    rf"|which (?:people|speakers|sources|officials)) {_SAYS} (?:that )?(?P<claim>[^?;]{{4,200}})",
    re.IGNORECASE,
)
EVERYBODY_AGAINST = re.compile(
    rf"{_FIRST}{_WHO} (?:denies|deny|disputes?|doubts?|questions) "
    r"(?:that |whether |the (?:claim|idea|notion|charge) that )(?P<claim>[^?;]{4,200})",
    re.IGNORECASE,
)
# "Who opposes ID cards?", "Which MPs spoke out against the bill?": people of one side, as told.
_PEOPLE = (
    r"(?:who(?: all| else)?|(?:which|what)(?: (?!(?:did|do|does|says?|said)\b)[\w-]+){1,5}?"
    r"|list (?:everyone|all|those) who)"
)
_ALREADY = r"(?:has |have |had |also |is |are |was |were |been |publicly )*"
_THING = r"the (?=plan|idea|bill|law|proposal|decision)"
OPPOSES = re.compile(
    rf"{_FIRST}{_PEOPLE} {_ALREADY}(?:oppos(?:e|es|ed|ing)|against|object(?:s|ed)? to"
    rf"|critici[sz](?:es?|ed)|critical of|condemn(?:s|ed)?|attack(?:s|ed)? {_THING}"
    r"|(?:speaks?|spoke|comes?|came) out against|vot(?:e|es|ed|ing) against"
    r"|protest(?:s|ed)? against|dissent(?:s|ed)?(?: (?:from|against))?"
    r"|unhappy (?:with|about)|complain(?:s|ed)? (?:of|about)) (?P<claim>[^?;]{2,200})",
    re.IGNORECASE,
)
SUPPORTS = re.compile(
    rf"{_FIRST}{_PEOPLE} {_ALREADY}(?:support(?:s|ed|ing)?|back(?:s|ed|ing)?|in favou?r of"
    rf"|for {_THING}|welcom(?:e|es|ed)|defend(?:s|ed)?|prais(?:e|es|ed)|vot(?:e|es|ed|ing) for"
    r"|approv(?:e|es|ed) of|endors(?:e|es|ed)) (?P<claim>[^?;]{2,200})",
    re.IGNORECASE,
)
# "Who supports the wall and who is against it?"
FOR_AND_AGAINST = re.compile(
    rf"{_FIRST}{_PEOPLE} {_ALREADY}(?:support(?:s|ed)?|back(?:s|ed)?|(?:in favou?r of)|for"
    r"|welcom(?:e|es|ed)|oppos(?:e|es|ed)|against) (?P<claim>[^?;]{2,120}?),? "
    r"(?:and|or) (?:who|which \w+)"
    rf" {_ALREADY}(?:oppos(?:e|es|ed)|against|reject(?:s|ed)?|support(?:s|ed)?|back(?:s|ed)?"
    r"|for|in favou?r of|welcom(?:e|es|ed)|critici[sz](?:es?|ed))(?: (?:it|them|this|that))?\W*$",
    re.IGNORECASE,
)
# That somebody speaks of what they hold themselves.
OWN = re.compile(r"\b(?:I|(?i:we|my|our))\b")
# Between whoever takes a side and the word for it.
TAKES = re.compile(
    r"(?:\s\([^()]{1,20}\))?(?:['’]s?)?(?:,[^,;.]{2,120},|, whose \w+)?\s+"
    r"(?:(?:who|that|has|have|had|is|are|was|were|be|been|will|would|also|and|publicly|formally|officially|strongly|openly|still|now|long|already"
    r"|says?|said|he|she|they|came|come|out|in|did|does|do|not|\w+ly)\s+)*+",
    re.IGNORECASE,
)
# What sides are taken on without being named: "who voted against the decision?"
ANYTHING = frozenset(
    """decision action plan move proposal motion measure measures resolution vote statement
    idea meeting meetings committee board council parliament house senate court""".split()
)
# Behind the word that takes a side: whose side it is.
TAKEN_BY = re.compile(r"(?:\s+(?:came|comes|\w+ly))?\s+(?:of|by|from)\b")
# What a sentence says of somebody who is against something, or for it.
OPPOSING = re.compile(
    r"\b(?:oppos(?:e|es|ed|ing|ition)|against|object(?:s|ed|ion|ions)?|critic(?:s|al)?"
    r"|critici[sz]\w*|condemn\w*|attack(?:s|ed)|reject\w*|denounc\w*|dissent\w*|misgivings?"
    r"|reservations?|concern(?:s|ed)|unhappy|complain\w*|protest\w*|warn(?:s|ed|ing)?|flawed"
    r"|objectionable|wrong|fears?|feared|doubts?|drop|scrap(?:ped)?|thrown out"
    r"|(?:would|will|could|do(?:es)?|did) not (?:back|support|vote))\b",
    re.IGNORECASE,
)
SUPPORTING = re.compile(
    r"\b(?:support(?:s|ed|ing|ers?)?|back(?:s|ed|ing|ers?)|favou?r\w*|welcom\w*|defend\w*|prais\w*"
    r"|endors\w*|approv\w*|agree[sd]?|for it|good idea|vot(?:e|es|ed|ing) for)\b",
    re.IGNORECASE,
)
