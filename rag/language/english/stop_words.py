"""The closed-class words of English: articles, pronouns, auxiliaries, prepositions."""

WORDS = frozenset(
    """a about above across after again against all also although am among an and any are around as
    at away be because been before being below between both but by can cannot could did do does
    doing down during each either else even ever every few for from further get gets given goes
    had has have having he her here hers herself him himself his how however i if in into is it
    its itself just last least less let like may me might mine more most much must my myself near
    neither no nor not now of off often on once one only onto or other others our ours ourselves
    out over own per quite rather s same shall she should since so some such than that the their
    theirs them themselves then there these they this those though through thus to too toward
    towards under until up upon us very was we were what whatever when where whether which while
    who whoever whom whose why will with within without would yes yet you your yours yourself
    yourselves t d ll m re ve""".split()
)
