"""Forms of address, offices and roles."""

import re

from rag.language.english import calendar

# Folded, with countries, states and months. Leaves out "sens", "reps", "brig".
ABBREVIATIONS = calendar.SHORT | frozenset(
    """mr mrs ms dr sen rep gov pres gen lt col sgt st jr sr prof u.s u.k u.n d.c no vs rev hon capt
    maj adm ariz calif fla ga ill ky la md mass mich minn mo nev ohio okla pa tenn tex va vt wash
    wis""".split()
)
# Written with a full stop, as an initial is, without the sentence being over.
DOTTED = tuple(
    """Mr Mrs Ms Dr Sen Sens Rep Reps Gov Pres Gen Lt Col Sgt St Jr Sr Prof Rev Hon Capt Adm Maj
    Brig""".split()
)
# Those that a name follows: leaves out what stands behind one, and "Brig.".
_LEADING = "|".join(t for t in DOTTED if t not in ("Jr", "Sr", "Brig"))
AT_END = re.compile(rf"\b(?:{_LEADING}|[A-Z])\.$")
# Forms of address without an office: no role of anybody.
HONORIFICS = frozenset("mr mrs ms miss dr sir dame lord lady".split())
# What makes a word before a name a role.
WORDS = frozenset(
    """mr mrs ms miss dr prof professor sir dame lord lady sen senator rep representative
    congressman congresswoman gov governor president premier chancellor pres vice vp prime minister
    secretary chairman chairwoman chair chief justice judge gen general col colonel lt lieutenant
    capt captain sgt sergeant maj major admiral adm cmdr commander ayatollah sheikh shaykh sayyed
    sayyid imam rev reverend pope king queen prince princess mayor ambassador attorney director
    spokesman spokeswoman spokesperson manager adviser advisor analyst strategist candidate
    rival nominee leader officer deputy executive editor reporter correspondent host anchor
    author activist economist lawyer former ex sec treasurer councilman councilwoman sheriff
    speaker whip rabbi father brother sister coach founder ceo cfo officials official delegate
    lawmaker lawmakers brig brigadier hajj dean actor actress singer billionaire businessman mogul
    pollster staffer surrogate star legislator assemblyman assemblywoman critic historian scientist
    columnist superintendent commissioner""".split()
)
HONORED = re.compile(r"\b(Mr|Mrs|Ms)\.?\s([^\W\d_][\w’'-]*)")
SEXES = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f"}
# What makes an apposition a role ("an expert at …"); before a name they are none.
ROLE_WORDS = frozenset(
    """expert aide ally member head fellow scholar consultant lobbyist donor supporter owner
    resident voter student teacher partner cofounder co-founder veteran specialist diplomat
    journalist writer organizer organiser student lecturer researcher scientist counsel husband
    wife son daughter mother widow winner publisher producer tycoon magnate farmer nurse doctor
    physician engineer policeman soldier fighter politician strategist operative insider source
    sources person people one known works worked runs led leads heads headed oversees serves
    served studies""".split()
)
# What a person is, said after whom they work for ("the Hamas Spokesperson"): not a surname.
ROLES = frozenset(
    """president minister secretary spokesman spokesperson spokeswoman chief leader commander
    official officials government ministry army movement group administration officer envoy
    ambassador adviser advisor general director department party""".split()
)
# Before a name in a question; leaves out offices spelt out, which may be all that is asked.
BEFORE_NAMES = frozenset("mr mrs ms dr prof sen rep gov gen lt col capt sir".split())
# Behind these a role names somebody else.
BELONGS = re.compile(r"\s(?:to|for|at|in|with|who|on|from|close|near)\s")
# Of a role these tell no two people apart.
NOISE = frozenset("former then late senior top chief deputy".split())
# Before a name in a claim, no part of it.
BEFORE_CLAIMS = BEFORE_NAMES | frozenset(
    """president vice minister prime secretary senator representative governor ambassador general
    professor chairman chairwoman director spokesman spokeswoman spokesperson ayatollah
    sheikh""".split()
)
# A claim's speaker of nothing but these is anybody.
GENERIC = frozenset(
    """official officials adviser advisor analyst analysts expert experts researcher source sources
    spokesman spokeswoman spokesperson commander leader leaders author writer journalist article
    document report text piece it he she they we who one others another person people man woman
    figure figures speaker passage account newspaper paper outlet agency group company firm
    organisation organization movement club""".split()
)
# Of a name these are not compared.
SHORT = frozenset("mr mrs ms dr".split())
ROLE_AFTER = re.compile(
    r",\s((?:an?|the|one|its|his|her|our|[a-z][\w’'-]*)\b[^,;—()“”\"\n]{3,140}?)"
    r"(?:[,;—]|\.(?:\s|$))"
)
# ", who spoke on condition …" is no role.
# What a role does not end in: a title that goes before a name, initials.
CUT_SHORT = re.compile(r"(?:^|\s)(?:[A-Z]\.[A-Z]|Sen|Rep|Gov|Gen|Mr|Mrs|Ms|Dr|St|Lt|Col)$")
JOINTS = re.compile(r"\s(?:of|at|in|for|to|and|against|with|from|by)\b")
ROLE_ENDS = re.compile(r",? who (?:said|told|spoke|asked|requested|insisted)\b")
# What a question calls people of several roles, and the words of those.
PEOPLE = {
    word: frozenset(roles.split())
    for words, roles in (
        (
            """expert experts analyst analysts academic academics scholar scholars researcher
            researchers""",
            """expert analyst researcher fellow scholar professor prof academic lecturer economist
            historian scientist specialist strategist institute university think-tank think""",
        ),
        (
            "politician politicians lawmaker lawmakers legislator legislators",
            """politician senator sen congressman congresswoman representative rep mp mep minister
            president premier governor gov mayor lawmaker legislator assemblyman councilman
            councilwoman candidate leader speaker delegate""",
        ),
        (
            "lawyer lawyers attorney attorneys",
            "lawyer attorney counsel solicitor barrister prosecutor",
        ),
        ("doctor doctors physician physicians", "doctor dr physician surgeon nurse"),
    )
    for word in words.split()
}
