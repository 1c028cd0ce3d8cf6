"""The frames of questions: who said, what did X say, compare, which documents."""

import re

from rag.language.english import stop_words, verbs

# What a question says about reporting itself, not about the subject.
FRAME = frozenset(
    """report reports reported reporting article articles according published publication cover
    covered coverage news source sources story stories piece mentioned mentions discussed discussing
    detailed depicts described claims suggest suggests agree disagree individual company person
    consistent consistency inconsistent change changed later subsequent subsequently regarding
    concerning information considering respectively""".split()
)
# Where one part of a question ends and the next begins.
CUT = re.compile(
    r"[,;](?!\d)\s+(?:(?:and|but|while|whereas|as well as|or)\s+)?"
    r"|\s+(?:while|whereas|as well as)\s+"
    r"|\s+and\s+(?=(?:is|was|were|are|has|have|had|did|does|do|also|who|which|the|then|subsequent"
    r"|by|how|what|when|where|why|for|\w+ed|in)\b)",
    re.IGNORECASE,
)
# In a short question only a second interrogative opens a second part.
CUT_SHORT = re.compile(
    r"(?:,?\s+(?:and|but)\s+|\?\s+)(?=(?:(?:on|in|by|to|for|at|with|from)\s+)?"
    r"(?:who|whom|what|which|when|where|why|how)\b)",
    re.IGNORECASE,
)
_OUTLET_REPORTS = (
    r"(?:article|report|story|piece|coverage|interview|review|column|editorial|says?|said|tells?"
    r"|told|claim|describ|discuss|mention|cover|maintain|suggest|publish|write|wrote|attribut"
    r"|state|depict|argu|announc)"
)
OUTLET_BEFORE = re.compile(
    rf"['’\"”]*(?:['’]s?)?\s+(?:\w+\s+){{0,2}}?{_OUTLET_REPORTS}", re.IGNORECASE
)
OUTLET_AFTER = re.compile(
    r"(?:\b(?:according to|report(?:s|ed|ing)?|articles?|stor(?:y|ies)|published|covered|mentioned"
    r"|discussed|described|detailed|noted|source|outlets?|per|piece|coverage|do(?:es)?|did|and|both"
    r"|or|than|has|have|news)\b\s*(?:(?:by|from|in|to|of|as|both|the|a|an|source)\s+){0,3}"
    r"|[,;]\s*(?:and\s+)?|\b(?:by|in|from|of)\s+(?:both\s+)?(?:the\s+)?)['‘\"“(]*$",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"(?:\b(?:the|a|an|by|to|in|with|both|per|that|another|as|same)\s+)*['‘\"“]?$", re.IGNORECASE
)
POINTS_BACK = re.compile(
    r"\s*(?:,|and)?\s*(?:according|as|per|reported|covered|discussed|mentioned)\b", re.IGNORECASE
)
PUBLISHED = re.compile(
    r"\b(?:published|dated|report(?:s|ed)?|articles?|stor(?:y|ies)|from)\s+(?:on\s+)?$", re.I
)
# Words that shape a question and say nothing about its subject.
WORDS = frozenset(
    """say says said saying tell tells told claim claims claimed according report reports reported
    describe describes described call called think thinks thought deny denied warn warned state
    stated argue argued document documents article articles source sources name named many much
    please list mention mentions mentioned explain give know there someone anyone question answer
    happen happened kind type""".split()
)
# "Has it been fighting?", "did they meet": the subject stands in an earlier turn.
SUBJECT_PRONOUN = re.compile(
    r"^\W*(?:and |but )?(?:(?:when|where|why|how|what) )?(?:has|have|had|is|are|was|were|do|does"
    r"|did|will|would|can|could) (?:it|he|she|they)\b(?! true\b)",
    re.IGNORECASE,
)
OWNS = re.compile(r" (?!(?:about|to|for|in|on|at|of|and|that|if|when|with|from|by)\b)\w")
# A question with a verb of its own, and one that asks what something is.
WHOLE = re.compile(
    r"^\W*(?:(?:who|what|where|when|which|why|how)(?:['’]s)? .*?)?\b(?:is|are|was|were|do|does|did"
    r"|has|have|had|will|would|can|could|should)\b|^\W*(?:who|what|which) \w+"
    r"|^\W*(?:please )?(?:tell|show|give|list|summari[sz]e|describe|explain|compare|find)\b",
    re.IGNORECASE,
)
# "Who is Dennis Ross?": another name may take the place of that one.
ASKS_ABOUT = re.compile(
    r"^\W*(?:(?:who|what|where)(?:['’]s| is| are| was| were) |(?:tell|show) (?:me|us) )",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"^\W*what(?:['’]s| is| are) (?:an? |the )?[\w$’'-]+(?<!ed)(?<!ing) *\?*$", re.IGNORECASE
)
# "When did he say that?": around words that were asked for before.
SAID_THAT = re.compile(
    r"\W*(?:and |but |so )?(?P<asks>(?:when|where|why|how|to whom) (?:did|does|has|had)) "
    rf"(?:he|she|it|they) (?P<verb>{verbs.DID}) (?:that|this|it|so)\W*$",
    re.IGNORECASE,
)
# "How long did Romney stay with it?": what it is stands in an earlier turn, whoever is named here.
# A question behind another one: "…, and who opposes it?"
SECOND_QUESTION = re.compile(
    r"(?<=\w),?\s(?:and|but|or)\s(?:who|whom|which|what|why|how|when|where)\b[^?]*", re.IGNORECASE
)
LEANS_AT_END = re.compile(
    r"\b(?:with|from|of|by|about|for|behind|to|in|on|at|over|after) (?:it|them)\W*$", re.IGNORECASE
)
# "What about Blinken?", "And the CIA?"
OTHER = re.compile(
    r"(?i:and |but )?(?i:what about |how about |and |but )"
    r"(?P<name>(?:the )?[A-Z][\w’'. -]{1,60}?)\s*\?*$",
)
# Nouns of saying: "What prediction did …", "Which reporter …".
_SAYINGS = (
    r"(?:argument|assertion|announcement|accusation|prediction|confirmation|complaint|suggestion"
    r"|reporter|acknowledgement)s?"
)
_WHO = r"(?:who|which \w+(?: \w+){0,3}?|what \w+)"
_ALREADY = r"(?:has |have |had |also |publicly |first )*"
WHO_SAID = re.compile(
    rf"\b(?:who(?:m|se)?|which \w+(?: \w+){{0,3}}?|what \w+)\b[^?]{{0,40}}?"
    rf"\b(?:{verbs.WHO}|{_SAYINGS})\b"
    rf"|\b{_WHO}\s+{_ALREADY}(?:{verbs.WHO_THAT})\s+that\b|according to whom",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"\b(?:who|according to whom|which [\w ]{2,40}?|what [\w ]{2,30}?)\s+"
    rf"{_ALREADY}(?<!\bthe\s)(?:(?:{verbs.WHO_CLAIM}|told [\w ’'.-]{{2,30}}?)\s+(?:that\s+)?"
    rf"|(?:{verbs.WHO_THAT}|(?:{verbs.WHO_TOLD}) [\w ’'.-]{{2,30}}?)\s+that\s+)(?P<claim>.+)",
    re.IGNORECASE,
)
# What may stand behind a verb that is a noun before another one: "pledge to", but "pledge drives".
_SMALL = "|".join(sorted(stop_words.WORDS))
_REPORTS = rf"(?:(?:{verbs.DID})\b|(?:{verbs.DID_BRIEFLY})\b(?=\W*$|\W*[\"“]|\s+(?:{_SMALL})\b))"
# "What did Jon Finer say about …", "Did Ross deny that …", "What is Sanders's view on …".
SAID_BY = (
    re.compile(
        r"\b(?:what|how|why|when|where)(?: else| exactly)?\s+(?:did|does|do|has|have|had)\s+"
        rf"(?P<who>[^?,;]{{2,80}}?)(?<!\bthe)(?<!\ba)(?<!\ban)\s+"
        rf"(?:(?:ever|also|publicly|actually|really|once|then)\s+)*"
        rf"{_REPORTS}\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*(?:and |but )?(?:did|does|has|have|had)\s+(?P<who>[^?,;]{{2,80}}?)(?<!\bthe)\s+"
        rf"(?:(?:ever|also|publicly|actually|really)\s+)*{_REPORTS}\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhat(?:['’]s| is| was| are| were)\s+(?P<who>[^?,;]{2,60}?)(?:[’']s|s[’'])\s+"
        r"(?:view|position|opinion|stance|reaction|response|comment|remark|assessment|explanation|argument)s?\b(?P<rest>[^?]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhat (?:was|has been|is) said by\s+(?P<who>[^?,;]{2,60}?)(?P<rest>(?:\s(?:about|on|of"
        r"|regarding)\s[^?]*)?)\s*\??$",
        re.IGNORECASE,
    ),
)
COMPARE = re.compile(
    r"\b(?:compare|contrast)\s+(?:what\s+|the (?:views|statements|positions|accounts) of\s+)?"
    r"(?P<one>[^?,;]{2,60}?)\s+(?:and|with|to)\s+(?P<other>[^?,;]{2,60}?)"
    rf"(?:\s+(?:have\s+|has\s+|did\s+)?{_REPORTS})?(?P<rest>(?:\s(?:about|on|of|regarding)\s[^?]*)?)\s*[?.]?$"
    r"|\bhow (?:do|did)\s+(?P<one_>[^?,;]{2,60}?)\s+and\s+(?P<other_>[^?,;]{2,60}?)\s+"
    r"(?:differ|disagree|compare)\b(?P<rest_>[^?]*)"
    r"|\b(?:do|did)\s+(?P<one__>[A-Z][^?,;]{1,60}?)\s+and\s+(?P<other__>[A-Z][^?,;]{1,60}?)\s+"
    r"(?:agree|disagree|differ)\b(?P<rest__>[^?]*)",
    re.IGNORECASE,
)
NO_SPEAKER = re.compile(
    r"\b(?:articles?|documents?)\b"
    r"|^(?:(?:the|these|those|all|any|both|your|each|every|this) )?(?:sources?"
    r"|reports?|accounts?|outlets?|texts?|files?|papers?|newspapers?|people|anyone|someone|everyone"
    r"|you|we|i|it|there|one)$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^\s*(?:(?:to (?:say|happen) )?(?:about|regarding|concerning|on the (?:subject|question) of"
    r"|on|of|that|whether|if|as)\s+)+",
    re.IGNORECASE,
)
# What was said is not on what occasion: "… on rents when he was asked in March".
OCCASION = re.compile(
    r"(?<!time)(?<!day)(?<!moment)(?:^|\s)(?:when|while)\s(?:(?:he|she|they)\s(?:was|were)\s)?"
    r"(?:asked|questioned|interviewed)\b(?: about (?P<asked>[^?]*))?[^?]*$",
    re.IGNORECASE,
)
WANTS_NAME = re.compile(
    r"\b(?:name of|by name|(?:what|which) (?:is|was) (?:his|her|their|its) name(?! for\b)|what name"
    r"|who exactly|exact name|full name|give (?:me )?the name)\b",
    re.IGNORECASE,
)
EVERY_DOCUMENT = re.compile(
    r"\b(?:the|these|those|all|any|both|your) (?:documents|sources|articles|reports|accounts"
    r"|outlets)\b.{0,40}\b(?:agree|disagree|differ|contradict|consistent)"
    r"|\b(?:each|every) (?:document|source|article|report|account|outlet)\b"
    r"|\bwhich (?:documents|sources|articles|reports|outlets)\b|\bwho says what\b",
    re.IGNORECASE,
)
ABOUT_DOCUMENTS = re.compile(
    r"\b(?:do|does|did) (?:the|these|those|all|any|both|your) \w+ (?:all )?(?:agree|disagree"
    r"|differ)(?: (?:on|about|over|that|in))?(?: (?:whether|if|how|what))?"
    r"|\bwho says what\b|,?\s*(?:and )?(?:according to|in|by) (?:each|every) \w+"
    r"|\bwhich (?:documents|sources|articles|reports|outlets)\b"
    r"|,?\s*(?:and )?what (?:does|do|did) (?:each|every)(?: \w+)? (?:say|claim|report)"
    r"(?: (?:he|she|it|they) (?:said|did))?|\bcompare (?:what|how)\b",
    re.IGNORECASE,
)
# "Wat did he say": the word before a verb that asks. Elsewhere "wat" and "wen" are words.
ASKING = ("what", "when", "where", "which", "who", "whose", "why", "how")
MISTYPED_START = re.compile(
    r"^\W*(?:(?:and|but|so) )?(?P<word>[^\W\d_]{2,6}) (?:is|are|was|were|do|does|did|has|have|had"
    r"|will|would|can|could|should|many|much)\b",
    re.IGNORECASE,
)
ASKS_EVERY = frozenset("agree agrees disagree differ contradict consistent each every".split())
ASKS_AGREEMENT = re.compile(
    r"\b(?:agree|disagree|differ|contradict|consistent|who says what)\b", re.IGNORECASE
)
HOW_MANY = re.compile(
    r"\bhow (?:many|much|old|long|far|often)\b|\bwhat (?:number|percentage|share)\b"
)
WHEN = re.compile(r"\bwhen\b|\b(?:what|which|on what) (?:date|day|year|month)\b")
# What stands around somebody's words is asked for, not the words.
ASKS_AROUND = re.compile(r"\W*(?:and |but )?(?:when|where|why|how)\b", re.IGNORECASE)
# What is counted: "how many of the armed fighters did …" → "of the armed fighters".
COUNTED = re.compile(
    r"\bhow (?:many|much)\s+(?P<what>(?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would"
    r"|can|could|should|in|on|at|by|for|from|to|with|that|who|which)\b)[\w’'-]+\s*){1,5})"
)
SHARE = re.compile(r"\b(?:what|which) (?:percentage|share|proportion)\b|\bhow many per ?cent\b")
ASKS_YEAR = re.compile(r"\b(?:what|which|until what|since what) year\b")
AMOUNT = re.compile(r"\bhow much\b(?! (?:time|longer|more|less|of)\b)")
# A question that wants a yes or a no, and to what; "Was it this or that?" wants another answer.
YES_NO = re.compile(
    r"\W*(?:(?:and|but|so)\s+)?(?:is|are|was|were|do|does|did|has|have|had|will|can)(?:n[’']t)?\s+"
    r"(?P<claim>[^?]{4,300})\?*\W*$",
    re.IGNORECASE,
)
ALTERNATIVE = re.compile(r"\bor\b", re.IGNORECASE)
# What follows is not said to be so.
OPEN_CLAUSE = re.compile(
    r"\b(?:if|whether|unless|would have|could have|as though)\b", re.IGNORECASE
)
WHAT_ABOUT = re.compile(r"(?i)(?:and |but )?(?:what|how) about\b")
GOES_ON = re.compile(r"(?i)(?:and|but)\b")
# What a text may open with that is no title of it.
GREETS = re.compile(
    r"(?:thank(?:s| you)|good (?:morning|afternoon|evening|day)|dear|hello|hi|welcome|ladies and"
    r"|main menu|skip to|menu|search|share|home|toggle|sign in|log in|subscribe|please)\b",
    re.IGNORECASE,
)
# What a question calls a document, as a title or a file's name does.
CALLED = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat|[Hh]is|[Hh]er|[Tt]heir|\w+['’]s|(?:[Tt]hese|[Tt]hose|[Ee]ach|[Ee]very"
    # "All ten minutes", "each letter of the alphabet" are no documents.
    r"|[Aa]ll)(?!(?:\s[\w-]+){0,4}?\s(?:minutes|letters?)\b))\s"
    r"(?:[\w-]+\s){0,4}?(?P<kind>press conferences?|news conferences?|press releases?"
    r"|annual reports?|minutes|speech(?:es)?|testimony|hearings?|transcripts?|interviews?|debates?"
    r"|briefings?|memos?|memorandums?"
    r"|lectures?|editorials?|op-eds?|letters?|newsletters?|verdicts?|rulings?|judgments?"
    r"|petitions?|manifestos?)\b"
)
# What was asked is wanted, not what was answered.
ASKS_WHAT_WAS_ASKED = re.compile(
    r"\b(?:ask|asks|asked|asking|questions?|questioned)\b", re.IGNORECASE
)
# Who it was is wanted, or why: what an answer then holds.
ASKS_WHO = re.compile(r"\bwho(?:m|se)?\b|\bwhich (?:man|woman|person|company|reporter|player)\b")
ASKS_WHY = re.compile(r"\bwhy\b|\bwhat (?:caused|led|made|prompted)\b|\bhow come\b|\breasons?\b")
REASONS = re.compile(
    r"\b(?:because|since|so that|so as to|in order to|due to|owing to|thanks to|as a result"
    r"|reasons?|caus(?:e|ed|es|ing)|led to|leads? to|prompted|driven by|given that|amid|after"
    r"|following|therefore|so|for fear|to avoid|to prevent|blam(?:e|ed|es|ing)|motivated"
    r"|explain(?:s|ed)?)\b"
)
# "And in Yemen?", "What about in June?", "And about rents?"
_JOINTS = r"(?P<joint>in|at|for|on|during|after|before|by|from|about)"
ELSEWHERE = re.compile(
    rf"(?:and|but|what about|how about)\s+{_JOINTS}\s+(?P<name>[^?,;]{{2,60}})\s*\?*$",
    re.IGNORECASE,
)
# A place or a time in a question: capitals or figures behind a little word.
PLACE = re.compile(
    rf"\b{_JOINTS}\s+(?P<name>(?:the\s+)?[A-Z0-9][\w’'.-]*(?:\s+[A-Z0-9][\w’'.-]*)*)"
)
IN_TIME = re.compile(r"\s(?:in|on|during|since|after|before)\s(?:\w+\s){0,2}\d{4}\b")
YEAR = re.compile(r"\b\d{4}\b")
# Who greets, thanks or asks what can be asked.
SMALL_TALK = re.compile(
    r"\W*(?:(?:hello|hi|hey|hallo|good (?:morning|afternoon|evening)|thanks?|thank you|cheers|bye"
    r"|goodbye|ok(?:ay)?|help)(?: (?:there|you|so|very|much|a lot|again|everyone))*"
    r"|(?:who|what) are you|how are you(?: today)?|how does this work"
    r"|what can (?:you|i) (?:do|ask)(?: here)?"
    r"|how (?:can|do) (?:you|i) (?:help(?: me)?|use (?:this|it)))\W*",
    re.IGNORECASE,
)
# "… and for what?": a second thing is asked.
SECOND_ASK = re.compile(
    r"\band (?:(?:for|by|in|from|with|to|at|on) )?(?:what|who|whom|when|where|why|how|which)\b",
    re.I,
)
