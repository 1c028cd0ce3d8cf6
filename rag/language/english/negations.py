"""Words that say no, of a sentence, a cue or a claim."""

import re

# Between a speaker and a verb of saying; "nothing" and "without" are of the content there.
IN_CUE = frozenset("not n't n’t never no neither nor hardly".split())
# In a claim.
WORDS = frozenset(
    """not no never none nothing nobody neither nor without cannot hardly barely scarcely n't
    nowhere no-one non""".split()
)
# Verbs and adjectives that turn what follows around.
TURNING = re.compile(
    r"^(?:den(?:y|ies|ied|ying|ial)|reject\w*|refus\w*|fail(?:s|ed|ing|ure)?|lack\w*|dismiss\w*"
    r"|refut\w*|rebuff\w*|disput\w*|unable|unlikely|impossible|unaware|absent|absence|disagree\w*"
    r"|avoid\w*|ill|declin(?:e|es|ed|ing)|false|untrue|contrary|prevent\w*|prohibit\w*|forbid\w*|forbade|shield\w*|doubt\w*|ruled|rule"
    r"|un(?!less|til|ite|ion|der|it|ivers|cle|iqu|if|anim|veil)\w{4,}"
    r"|in(?:capable|sufficient|complete|accurate|correct|valid|ability)"
    r"|dis(?:approv|avow|belie|credit|honest|allow|miss|prov|regard|sent|trust)\w*"
    r"|stop\w*|end(?:ed)?|oppos\w*)$"
)
# In a statement: it is on the other side. Leaves out the mere endings that `TURNING` has ("un…").
DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|disput\w*|refut\w*|rebuff\w*|contradict\w*"
    r"|doubt\w*|not|no|never|none|nor|neither|without|lacks?|false|untrue|\w+n[’']t)\b",
    re.IGNORECASE,
)
# Of a source, by form: says nothing of what is told ("asked to remain anonymous").
FORMULA = re.compile(
    r"not (?:to |wish(?:ing)? to |want(?:ing)? to )?be (?:publicly )?(?:named|identified|quoted)"
    r"|not (?:publicly )?authori[sz]ed to",
    re.IGNORECASE,
)
# What follows is not so.
FALSE_THAT = re.compile(
    r"\b(?:it(?: is|['’]s| was) (?:\w+ )?(?:false|untrue|wrong|incorrect|not true|a lie) that"
    r"|(?:rumou?rs?|claims?|reports?|allegations?) that\b[^.;]{0,160}?\b(?:is|are|was|were)"
    r" (?:\w+ )?(?:false|untrue|wrong|incorrect|baseless|unfounded))\b",
    re.IGNORECASE,
)
