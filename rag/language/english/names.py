"""What names are made of: particles, nationalities, organisations, outlets, capitals."""

import re

from rag.language.english import titles

PARTICLES = frozenset("al bin ibn de del della der di du la le van von el da dos ben".split())
_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})"
# A full stop belongs to a name only behind a title or an initial.
_LETTER = r"[^\W\d_a-zß-öø-ÿ]"
_DOTTED = rf"(?:{_LETTER}\.){{2,4}}|(?:{'|'.join(titles.DOTTED)}|{_LETTER})\."
_CAPITAL = rf"(?>{_DOTTED}|{_LETTER}(?:[\w’'\-]*\w)?)"
SEQUENCE = re.compile(rf"(?<![\w’']){_CAPITAL}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])?{_CAPITAL})*")
# What opens a sentence or a line of credits before a name: "Soon Google", "Source Adam Kramer".
OPENERS = frozenset(
    """soon now then later today meanwhile still once here there recently earlier finally
    eventually instead perhaps maybe even also only just again thus indeed source sources via photo
    photos photograph photographer picture pictured image credit video watch read update updated
    editor story related topics tags share follow subscribe advertisement copyright
    caption ever secondly firstly thirdly asking asked""".split()
)
# What goes before a name without being of it.
ADJECTIVES = frozenset(
    """republican democratic democrat american iranian israeli palestinian lebanese syrian iraqi
    saudi arab british french german russian chinese ukrainian turkish egyptian european us u.s uk
    u.k un u.n eu gop white house house senate state texas florida vermont new york jersey iowa ohio
    california utah kentucky south carolina north wisconsin massachusetts arkansas indiana nebraska
    arizona virginia maryland michigan minnesota louisiana georgia federal national defense foreign
    finance interior press campaign libertarian green conservative liberal labour tory obama's
    clinton's trump's iran's israel's hamas's secretary-general yesterday today monday tuesday
    wednesday thursday friday saturday sunday""".split()
)
# Whom a people or a country is said of: "the Egyptian outlet" names no outlet.
DEMONYMS = frozenset(
    """afghan african albanian algerian american andorran angolan arab arabian argentine
    argentinian armenian asian australian austrian azerbaijani bahraini bangladeshi belarusian
    belgian bolivian bosnian brazilian british briton bulgarian burmese cambodian cameroonian
    canadian caribbean chilean chinese colombian congolese croatian cuban cypriot czech danish
    dutch ecuadorian egyptian emirati english eritrean estonian ethiopian european finnish
    french georgian german ghanaian greek haitian hawaiian hungarian icelandic indian indonesian
    iranian iraqi irish israeli italian jamaican japanese jewish jordanian kazakh kenyan korean
    kuwaiti kurdish latin latvian lebanese liberian libyan lithuanian malaysian maltese mexican
    moldovan mongolian moroccan muslim nepalese nigerian norwegian omani pakistani palestinian
    persian peruvian filipino polish portuguese qatari romanian russian rwandan saudi scottish
    senegalese serbian singaporean slovak slovenian somali spanish sudanese swedish swiss syrian
    taiwanese tanzanian thai tunisian turkish ugandan ukrainian uruguayan uzbek venezuelan
    vietnamese welsh western yemeni zambian zimbabwean christian hindu buddhist catholic
    protestant islamic""".split()
)
ORGANISATIONS = frozenset(
    """house committee commission department agency ministry university institute center centre
    college council court party group association union times post journal news press company corp
    inc bank fund foundation federation network brigades movement army force forces government
    administration congress senate campaign office bureau school society league coalition
    organization organisation alliance board service services authority program project trust
    agence team club poll caucus pac world nations mission embassy street states kingdom republic
    union cnn bbc fbi cia nbc abc cbs msnbc reuters guard corps watch""".split()
)
GROUPS = frozenset(
    """group movement organization organisation campaign company agency ministry committee
    commission department government administration party outlet newspaper paper network website
    magazine union team bank firm court council center centre institute mission army military
    militia faction body regulator university union association coalition""".split()
)
PREPOSITION = re.compile(
    r"\s(?:of|for|at|in|from|with|on|to|near|who|whom|whose|which|that|close|familiar|by|about"
    r"|under|inside|outside|involved|speaking|including|among|as|and|or|but)\s",
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
LEAD = re.compile(
    r"^(?:(?:and|but|yet|so|still|while|as|then|even|also|both|now|meanwhile|however|instead"
    r"|like|when|if|because|although|though|since|where|on|in|at|after|during|for|last|earlier"
    r"|later|once|only|not)\b[\s,]*)+",
    re.IGNORECASE,
)
QUANTIFIERS = frozenset(
    """one two three four five six seven eight nine ten some many most several other others another
    all both few each either neither none numerous various dozens hundreds thousands much""".split()
)
OF_TITLE = re.compile(
    r"((?:[\w.’'-]+\s){0,5}?"
    r"(?:[Ss]ecretary|[Dd]irector|[Mm]inister|[Ss]peaker|[Pp]resident|[Cc]hief|[Cc]hairman|[Hh]ead"
    r"|[Ll]eader)(?:[ -][Gg]eneral)?\sof\s(?:the\s)?[A-Z][\w’'-]*(?:\s[a-z]+)?)\s"
    rf"({_CAPITAL}(?:\s{_CAPITAL}){{1,2}})$"
)
APPOSED = re.compile(rf"\s*({_CAPITAL}(?:\s{_CAPITAL})+)\s*(?:,|$)")
TRAILING = re.compile(
    r",?\s(?:however|meanwhile|for (?:his|her|its) part|though|too|also|himself|herself|\w+ly)$"
)
OUTLET_WORDS = frozenset(
    """reuters afp ap bbc cnn nbc abc cbs msnbc npr pbs times post journal news politico guardian
    axios bloomberg press herald tribune gazette today telegraph independent mail observer atlantic
    economist magazine newspaper agency network outlet website site channel radio tv television
    jazeera arabiya mayadeen manar newsweek fox breitbart register chronicle inquirer globe sun star
    review daily weekly monitor broadcaster paper podcast blog yahoo buzzfeed vox slate""".split()
)
OUTLET_NOUNS = frozenset(
    "agency newspaper network magazine paper outlet website broadcaster channel".split()
)
IN_QUESTION = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*\w(?:[ \u00a0]+(?:(?:al|bin|de|der|van|von|of|the)[ \u00a0-])?"
    r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*\w)*"
)
# "MPs", "CEOs": what people are, in short.
PLURAL_LETTERS = re.compile(r"[A-Z]{2,}s")
# A capital that acts is its government; a capital that something happens in is a place.
CAPITALS = {
    "washington": "us usa america american", "tehran": "iran iranian", "moscow": "russia russian",
    "beijing": "china chinese", "london": "britain british uk", "paris": "france french",
    "berlin": "germany german", "jerusalem": "israel israeli", "kyiv": "ukraine ukrainian",
    "damascus": "syria syrian", "ankara": "turkey turkish", "riyadh": "saudi",
    "cairo": "egypt egyptian", "delhi": "india indian", "tokyo": "japan japanese",
}  # fmt: skip
PLACED = frozenset("in at to near around outside of".split())
# The capitalised words that a phrase ends with.
AT_END = re.compile(rf"(?:{_CAPITAL}[ \u00a0](?:{_PARTICLE}[ \u00a0])?)*{_CAPITAL}$")
# Words that initials leave out: "UN" is "United Nations", "DoJ" …
LEFT_OUT = "of|the|for|and"
# At the start of a sentence a word with such an ending is no name.
COMMON_ENDING = re.compile(r"(?:ly|ing|ed|tion|ment|ness)$")
# Other names of the same: one that a document has is that which a question asks after.
ALSO = {
    "america": ("united states", "us", "american"), "fed": ("federal reserve",),
    "usa": ("united states", "us", "america"), "federal reserve": ("fed",),
    "united states": ("us", "america"), "us": ("united states", "america"),
    "britain": ("united kingdom", "uk", "british"), "england": ("britain", "uk"),
    "united kingdom": ("uk", "britain"), "uk": ("united kingdom", "britain", "british"),
    "holland": ("netherlands", "dutch"), "netherlands": ("holland", "dutch"),
    "burma": ("myanmar",), "myanmar": ("burma",), "turkey": ("türkiye", "turkiye"),
    "kiev": ("kyiv",), "kyiv": ("kiev",), "eu": ("european union",), "un": ("united nations",),
    "european union": ("eu",), "united nations": ("un",), "czechia": ("czech",),
    "isis": ("islamic state", "isil", "daesh"), "islamic state": ("isis", "isil", "daesh"),
    "united arab emirates": ("uae", "emirates"), "uae": ("united arab emirates", "emirates"),
    "nato": ("atlantic alliance",), "tories": ("conservatives", "conservative", "tory"),
    "conservatives": ("tories", "tory", "conservative"), "ira": ("irish republican army",),
    "lib dems": ("liberal democrats",), "liberal democrats": ("lib dems", "lib dem"),
    "gop": ("republicans", "republican"), "republicans": ("gop", "republican"),
}  # fmt: skip
