"""The habits of language models: how they mark, name and list their passages, open and decline."""

import re

_PASSAGE = r"(?:passages?|sources?|documents?|docs?|articles?|excerpts?|refs?|references?|texts?)"
_NUMBERS = r"\d{1,3}(?:\s*(?:,|;|&|-|–|and)\s*(?:\w+\s+)?\d{1,3})*"
# "<think>…</think>" as Qwen and DeepSeek write it; some write the closing one alone.
THOUGHT = re.compile(r"<(/?)(?:think(?:ing)?|thoughts?|reasoning|reflection)>", re.I)
# Other tags that models leave behind.
TAG = re.compile(r"</?(?:answer|response|output|final)>|<\|[a-z_]{1,20}\|>|</s>\s*\Z", re.I)
# What may stand before a number in a marker: "[Passage 1]", "(source 2)", "(see [1])".
MARKER_WORDS = re.compile(
    rf"(?:see(?: also)?\s*:?\s*)?(?:{_PASSAGE}\s*:?\s*(?:no\.?\s*|#)?)?", re.I
)
# A passage named as a speaker: "According to passage 3, …", "Passage 2 says that …".
NAMES_PASSAGE = re.compile(
    rf"(?:(?:according to|as (?:stated|reported|noted|described) in|based on|in|per) "
    rf"{_PASSAGE} (?P<one>{_NUMBERS}),\s*"
    rf"|(?:the )?{_PASSAGE} (?P<two>{_NUMBERS}) (?:also )?"
    rf"(?:says?|states?|reports?|mentions?|notes?|describes?|indicates?|explains?|adds?)"
    rf"(?: that)? )",
    re.I,
)
# A line that lists where an answer is from, and tells nothing.
LISTS_SOURCES = re.compile(
    r"\b(?:sources?|references?|citations?|works cited|footnotes?|(?:cited )?passages?"
    r"|supported by)(?: used| cited)?\s*(?:\*\*)?\s*:",
    re.I,
)
# The whole of a reply that finds nothing. "No evidence links Iran to it", "None of the hostages …"
# and "The passages say that …" are answers.
DECLINES = re.compile(
    r"\W*(?:(?:not in the documents|no answer|none|n/a)\W*\Z"
    r"|(?:(?:sorry|unfortunately|i(?:['’]m| am) (?:sorry|afraid))\b[^.]{0,60}?)?"
    r"(?:i (?:cannot|can['’]t|could not|don['’]t|do not|am (?:not able|unable) to)"
    r" (?:find|answer|determine|know|see|provide)"
    r"|(?:the|these|this)(?: \w+){0,2} (?:passages?|documents?|texts?|articles?"
    r"|sources?|contexts?|information|excerpts?)\b[^.]{0,40}?"
    r"(?:(?:do(?:es)?|did)(?: not|n['’]t) |contains? no|provides? no|gives? no|says? nothing"
    r"|mentions? no)"
    r"|none of the(?: \w+){0,2} (?:passages|documents|texts|articles|sources|excerpts)\b"
    r"|there is (?:no|not (?:enough|any)) (?:information|mention|answer)"
    r"|no (?:information|mention|answer) (?:is|was|about|on|of|can|could|in)\b"
    r"|it is not (?:clear|stated|mentioned|specified|possible)\b[^.]{0,60}?"
    r"(?:passages?|documents?|texts?|articles?|sources?|context)))",
    re.I,
)
# What passages lack, said beside an answer: nothing that could be looked up in them.
TELLS_OF_LACK = re.compile(
    r"\W*(?:however,? |but |though )?(?:the|these|this|none of the|no)(?: \w+){0,2} "
    r"(?:passages?|documents?|texts?|articles?|sources?|excerpts?|information)"
    r"(?: (?:provided|given|above))? (?:themselves )?"
    r"(?:do(?:es)?(?: not|n['’]t) (?:\w+ )?(?:say|state|mention|specify|give|provide|explain|tell"
    r"|indicate|name|identify|describe|include|contain|address|report|detail|discuss|attribute"
    r"|quote|confirm|clarify|elaborate|record|reveal|offer)\b"
    r"|(?:say|state|mention|specify|give|provide|explain|contain|offer)s? (?:no|nothing)\b"
    r"|(?:is|are) (?:provided|given|stated|mentioned)\b)",
    re.I,
)
_SUBJECT = r"(?:that|he|she|it|they|we|this|these|those|there|the|a|an|his|her|its|their|some|many)"
_CLAUSE = (
    rf"{_SUBJECT}\b"
    r"(?: [\w’'-]+){0,5}? (?:is|was|are|were|has|had|have|will|would|could|may|said|says|\w+ed)\b"
)
_PAST = r"(?:also |then |later )?(?:\w+ed|said|told|gave|made|took|says|warns|argues)\b"
# A clause that may be left out of a sentence without changing what the rest says; `semicolon`,
# `comma` and `joined` are set where another whole sentence may follow, `aside` where it may end
# within the sentence.
LEAVES_OUT = re.compile(
    r"(?:(?P<semicolon>;|,? [–—]|—)"
    r"|,(?= (?:(?P<aside>which|who|whose|whom|where|when|while|whereas|although|though)|as|because"
    r"|since|so|adding|noting|saying|including|with|after|before|despite|\w{3,}ing)\b))\s"
    r"|(?P<comma>, (?:and|but|yet)) (?=(?:[A-Z][\w’'-]+ ){1,4}(?:[a-z]+ ){0,2}?"
    rf"(?:\w+ed|[a-z]+s|said|told|had|will|would)\b|{_SUBJECT}\b|{_PAST})"
    rf"|(?P<joined> (?:and|but|yet)) (?={_CLAUSE}|{_PAST})"
    r"|,? (?=(?:while|whereas|although|though|because|which|after|before|despite|so that)\s)",
)
# … which stands for itself behind "and": "and the talks failed", no "and failed".
SUBJECT = re.compile(
    r"(?:he|she|it|they|we|i|you|this|that|these|those|there|the|a|an|his|her|its|their|some|many"
    r"|no|one|two|both|all|most|several|officials)\b|[A-Z0-9]"
)
