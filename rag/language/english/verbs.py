"""The verbs that report what somebody said: verb × class × forms × preposition.

Classes follow PARC 3.0 (Pareti 2016) and PolNeAR (Newell et al. 2018), which annotate statements,
attitudes and other attributions; the lists are our own. Each list is a class, `PREPOSITIONS` says
what a verb puts before its content.
"""

import re

# Takes a clause: "said that …", "…, she said".
_SAY = """say add note argue claim insist maintain contend assert state declare announce explain
    observe remark reply respond answer warn caution predict suggest acknowledge admit concede
    confess complain joke quip boast brag write tweet retweet post report reveal disclose confirm
    deny conclude continue recall repeat reiterate stress emphasize emphasise underline underscore
    highlight testify swear vow pledge promise threaten allege charge affirm reaffirm clarify
    speculate propose recommend estimate comment mention indicate imply hint signal exclaim shout
    yell scream whisper mutter ask wonder question demand lament protest object counter retort
    opine posit reason agree disagree read email text gush snap sigh crow intone proclaim profess
    pronounce muse surmise theorize postulate relay relate recount concur interject venture
    forecast decree guarantee"""
# Takes somebody, then a clause: "told reporters that …".
_TELL = """tell inform assure remind advise notify warn urge ask beg order instruct
    implore press caution convince"""
# Takes a thing: "praised the plan", "denied involvement", "described it as".
_ACT = """describe call label dub brand portray characterize characterise depict liken compare
    praise laud hail applaud commend thank congratulate criticize criticise condemn denounce blast
    slam assail rip deride mock ridicule blame accuse fault chide rebuke scold decry dismiss reject
    rebuff refute dispute deny question defend endorse favor favour oppose propose recommend
    tout trumpet cite mention reference outline discuss express voice articulate announce demand
    explain reveal disclose acknowledge admit concede confirm repeat reiterate stress emphasize
    emphasise highlight predict threaten promise pledge vow denounce ask suggest note recall
    claim report declare advocate slam lambast lambaste castigate bemoan lament tease float pitch
    quote echo invoke rail vow estimate urge apologize apologise complain joke boast talk
    speak warn inveigh gripe swipe tweet write allege concur agree disagree decline refuse refer
    hint allude point lash"""
# What somebody holds, wants or feels, as a document tells it.
_MENTAL = """believe think feel know hope wish expect fear worry doubt suspect assume consider
    view understand realize realise recognize recognise imagine guess figure prefer
    anticipate foresee see hear learn remember deem plan seek"""
# Reports only what stands in quotation marks beside it: "…,” she barked.
_QUOTED = """bark fume retaliate chant laugh sing deadpan thunder bellow roar plead growl begin
    start finish react chime huff marvel recite chuckle grumble grouse scoff sneer smile sputter
    volunteer
    enthuse cry drawl hiss murmur rejoin vent rage philosophize concede advise offer open close
    bemoan crack sum rant rail go"""
# What a study, poll or paper does.
_SHOW = "show find determine demonstrate suggest indicate reveal conclude estimate report read say"
_IRREGULAR = {
    "say": "says said saying", "tell": "tells told telling",
    "write": "writes wrote written writing",
    "think": "thinks thought thinking", "feel": "feels felt feeling",
    "know": "knows knew known knowing", "swear": "swears swore sworn swearing",
    "read": "reads reading", "find": "finds found finding", "see": "sees saw seen seeing",
    "hear": "hears heard hearing", "understand": "understands understood understanding",
    "foresee": "foresees foresaw foreseen foreseeing", "mean": "means meant meaning",
    "show": "shows showed shown showing", "speak": "speaks spoke spoken speaking",
    "seek": "seeks sought seeking", "forecast": "forecasts forecasting",
    "relay": "relays relayed relaying", "beg": "begs begged begging",
    "rip": "rips ripped ripping", "slam": "slams slammed slamming",
    "brag": "brags bragged bragging",
    "quip": "quips quipped quipping", "snap": "snaps snapped snapping",
    "plan": "plans planned planning", "refer": "refers referred referring",
    "sing": "sings sang sung singing", "begin": "begins began begun beginning",
    "go": "goes went going",
    "rebut": "rebuts rebutted rebutting", "admit": "admits admitted admitting",
    "concur": "concurs concurred concurring", "dub": "dubs dubbed dubbing",
    "agree": "agrees agreed agreeing", "disagree": "disagrees disagreed disagreeing",
    "decree": "decrees decreed decreeing", "guarantee": "guarantees guaranteed guaranteeing",
}  # fmt: skip


def _forms(lemma: str) -> list[str]:
    if lemma in _IRREGULAR:
        return [lemma, *_IRREGULAR[lemma].split()]
    if lemma.endswith("e"):
        return [lemma, lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return [lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    third = lemma + ("es" if re.search(r"(?:s|sh|ch|x|z)$", lemma) else "s")
    return [lemma, third, lemma + "ed", lemma + "ing"]


SAY, TELL, ACT, MENTAL, SHOW = (
    frozenset(words.split()) for words in (_SAY, _TELL, _ACT, _MENTAL, _SHOW)
)
QUOTED = frozenset(_QUOTED.split()) - (SAY | TELL | ACT | MENTAL | SHOW)
# {form: lemma}
FORMS = {
    form: lemma
    for lemma in sorted(SAY | TELL | ACT | MENTAL | SHOW | QUOTED)
    for form in _forms(lemma)
}
# Stands for any verb that can only tell how somebody spoke.
UNKNOWN = "bark"
# Tells what somebody calls something, not who speaks, before "a …": "a program called …".
NAMING = "call"
# "the poll shows that": a poll or study near before them speaks.
FINDS = frozenset("show find indicate".split())
# "went on to argue".
GOES_ON = frozenset("went goes going".split())
# Whoever shows or finds, as against a person who does.
STUDIES = frozenset(
    """polling examination audit average poll polls survey surveys study studies report reports
    research data records record
    documents document analysis results result figures figure filing filings transcript emails
    email review reviews investigation letter statement statements memo numbers estimates
    exit average video footage evidence paper papers""".split()
)
# Verbs that need a clause to report anything: "she knows that …", not "she knows him".
CLAUSE_ONLY = frozenset(
    """know see feel hear learn understand find show determine demonstrate remember realize realise
    recognize recognise imagine guess figure mean read say reason maintain charge observe post
    indicate signal answer continue add state counter object snap sigh view consider plan seek
    assume convince press order instruct email text relate venture text compare expect
    encourage favor doubt""".split()
)
# "spoke about", "warned of", "called for", "lashed out at": what follows names the content.
PREPOSITIONS = {
    "speak": "about of on", "talk": "about of up", "warn": "of against about",
    "complain": "about of", "joke": "about", "boast": "of about", "brag": "about of",
    "call": "for on", "ask": "for about", "agree": "with", "disagree": "with",
    "apologize": "for", "apologise": "for", "rail": "against", "inveigh": "against",
    "refer": "to", "point": "to out", "allude": "to", "hint": "at", "lash": "at out",
    "respond": "to", "comment": "on", "worry": "about", "object": "to", "decline": "",
    "write": "about of", "think": "of about", "hope": "for", "know": "about", "hear": "about of",
    "urge": "", "swipe": "at", "gripe": "about", "touch": "on", "dream": "of", "wonder": "about",
    "lie": "about", "protest": "against", "insist": "on", "report": "on", "testify": "about to",
    "push": "for", "argue": "for against", "plead": "for",
}  # fmt: skip
# "declined to say", "refused to answer": the speaker did not.
REFUSALS = frozenset("decline refuse fail".split())
# Finite forms that are not of reporting verbs, and past forms that are.
FINITE = frozenset(
    """is are was were has had have does did do says will would can could may might shall should
    must""".split()
)
PAST = frozenset(
    """said told wrote thought felt knew swore read found saw heard understood meant showed spoke
    written known shown spoken sought forecast begged""".split()
)
# Before a phrase these are no end of another one.
UNBOUNDING = frozenset("does did do says".split())
# As often nouns as verbs: verbs only right behind a name or pronoun.
NOUNS = frozenset(
    """reports claims calls fears hopes views estimates promises demands charges notes plans states
    comments statements requests attacks questions answers protests remarks threats pledges vows
    forecasts concerns objects""".split()
)
# Base and third-person forms that are hardly ever nouns.
PLAIN = frozenset("say think believe argue insist tell write agree know feel suggest".split())
THIRD_PERSON = frozenset(
    """says tells writes thinks believes argues adds insists knows explains describes agrees admits
    suggests wants hopes fears expects sees""".split()
)
# What one does "to say" something after: "declined to say", "went on to argue".
MATRIX = frozenset(
    """declined declines decline refused refuses refuse failed fails went goes going continued
    continues began begins tried tries threatened threatens had has have seemed seems appeared
    appears continuing used able happy quick careful""".split()
)
# Reports nothing without "that" or a quotation: "Trump added Alabama".
NEEDS_THAT = frozenset(
    """add continue respond reply answer maintain post state observe object counter read charge
    reason signal relate comment text email guarantee vent retort find show protest""".split()
)
# Reports nothing without its preposition: "spoke about".
INTRANSITIVE = frozenset(
    """speak talk respond refer point touch rail lash inveigh swipe gripe joke boast brag object
    apologize apologise allude hint comment""".split()
)
# Verbs of a headline, which has capitals throughout.
HEADLINE = frozenset(
    """says said tells told calls called slams praises claims warns urges blasts denies accuses
    argues reports wants vows mocks admits rips endorses suggests announces attacks
    defends""".split()
)
# Within a quotation only plain verbs of speech report anything: "I believe" and "he wants" do not.
NESTED = frozenset("say tell report claim announce deny admit warn confirm".split())
# Knowing or learning something makes it a fact to whoever tells it.
FACTIVE = re.compile(
    r"^(?:know|knew|learn|saw|see|reali[sz]|remember|understand|understood|recogni[sz]|heard|hear"
    r"|show|found|find|determin|discover)"
)
# What tells that a sentence names who speaks. Leaves out what may be a noun in the plural.
CUE = re.compile(
    r"\b(?:said|says|say|saying|told|tells|telling|according to|claim(?:s|ed|ing)?|den(?:y|ies|ied)"
    r"|report(?:s|ed|ing)?|warn(?:s|ed|ing)?|argu(?:es|ed|ing)|assert(?:s|ed)|stat(?:es|ed|ing)"
    r"|describ(?:es|ed|ing)|announc(?:es|ed|ing)|insist(?:s|ed)|not(?:es|ed)|added|explain(?:s|ed)"
    r"|wrote|writes|written|admit(?:s|ted)|acknowledg(?:es|ed)|accus(?:es|ed)|repl(?:ies|ied)"
    r"|conclud(?:es|ed)|confirm(?:s|ed)|suggest(?:s|ed)|call(?:s|ed) (?:on|for)|ask(?:s|ed)"
    r"|continued|respond(?:s|ed)|testified|tweeted|predict(?:s|ed)|promis(?:es|ed)|vow(?:s|ed))\b"
)

# --- how questions ask after them: classes of the same verbs ---

# Asked after as verbs of saying are, though they tell of acts or thoughts.
_ASKED_TOO = frozenset("describe call accuse think believe".split())
# Deeds as often as words: "What did Iran agree to?" asks what it did, not what it said.
_DEEDS = frozenset(
    """agree disagree decline refuse guarantee decree relay continue concur advise order instruct
    press email text defend endorse oppose favor favour float pitch tease rip gripe swipe lash point
    refer express voice discuss thank congratulate apologize apologise invoke quote cite outline
    rail brand convince beg""".split()
)
# Before another noun these are nouns: "the press secretary", "a post office", "pledge drives".
_NOUN_FIRST = frozenset(
    """pledge post text email question answer charge forecast estimate object label fault note
    signal hint rail quote""".split()
)
# "Who asked Powell about …" asks for nothing that was claimed, "Who asked that …" does.
_ASKING = frozenset("ask question".split())
_SPOKEN = (SAY | TELL) - _DEEDS
# "Who maintained that …", but "Who maintained the engines?"
_ASKED_WITH_THAT = (NEEDS_THAT | CLAUSE_ONLY | {"write", "mention"}) - {"say"}


def _written(lemmas: frozenset[str], *, after_do: bool = False) -> str:
    """The forms of verbs as alternatives of a pattern; `after_do` those behind "did" and "has"."""
    forms = [f for lemma in lemmas for f in _forms(lemma)]
    if after_do:
        forms = [f for f in forms if not f.endswith("ing") and (f in lemmas or not f.endswith("s"))]
    return "|".join(sorted(set(forms), key=lambda f: (-len(f), f)))


# "Who VERBed …"; "Who VERBed that …"; "Who VERBed somebody that …"; "What did X VERB …"; the same
# where only a small word may follow ("What did X pledge to …").
WHO = _written((_SPOKEN | _ASKED_TOO) - _ASKED_WITH_THAT)
WHO_THAT = _written(SAY & (_ASKED_WITH_THAT | _DEEDS | _ASKING))
WHO_CLAIM = _written((SAY & _SPOKEN | {"think", "believe"}) - _ASKED_WITH_THAT - _ASKING)
WHO_TOLD = _written(TELL)
_DID = (SAY | TELL | ACT | {"think", "believe", "react"}) - _DEEDS
DID = _written(_DID - (_ASKED_WITH_THAT | _NOUN_FIRST), after_do=True)
DID_BRIEFLY = _written(_DID & (_ASKED_WITH_THAT | _NOUN_FIRST), after_do=True)
