"""What tells in which encoding a text was written: letters and little words of languages.

Of each language the letters that are not ASCII, a few of its commonest words, and the encodings
that it was written in before UTF-8. Knows nothing about files.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alphabet:
    """`letters` are small ones that are not ASCII; `encodings` as Python's codecs are named."""

    encodings: frozenset[str]
    letters: frozenset[str]
    words: frozenset[str]


def _row(encodings: str, letters: str, words: str) -> Alphabet:
    return Alphabet(frozenset(encodings.split()), frozenset(letters), frozenset(words.split()))


_WEST = "cp1252 iso8859-15 iso8859-1 mac-roman cp850 cp437 cp858"
_EAST = "cp1250 iso8859-2 cp852 mac-latin2"
_BALTIC = "cp1257 iso8859-13 cp775"
_CYRILLIC = "cp1251 koi8-r koi8-u cp866 iso8859-5 mac-cyrillic"
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_ENGLISH = "the of and to in is that was for on with he said it by at from has are not"
ALPHABETS = (
    # English takes the letters of the names that it tells.
    _row(f"{_WEST} cp1254", "éèêëáàâäåãçíîïñóôöøúüæœß", _ENGLISH),
    _row(_EAST, "ąćęłńóśźżčďěňřšťůýžáéíúőűöüđăâșţ", _ENGLISH),
    _row("cp1254 iso8859-9", "çğıöşüâîé", _ENGLISH),
    _row(_BALTIC, "āčēģīķļņšūžąęėįųõäöü", _ENGLISH),
    _row(_WEST, "àâæçèéêëîïôœùûüÿ", "le la les et des de est un une dans que il à du pour qui a"),
    _row(_WEST, "äöüß", "der die das und ist in den von zu mit nicht ein eine auf des für"),
    _row(_WEST, "áéíñóúüºª", "el la los y de que en un una se por con no es del las al dijo"),
    _row(_WEST, "áâãàçéêíóôõúº", "o a os e de que em um uma se por com não é da do para as"),
    _row(_WEST, "àèéìòùîº", "il la i e di che in un una si per con non è del della le ha"),
    _row(_WEST, "ëïéèöüáó", "de het een en van in is dat op te zijn met voor niet die hij"),
    _row(_WEST, "åäöéæø", "och att det som en på är av för den i til og at er af med ikke til"),
    _row(_WEST, "äöå", "ja on ei se että oli hän mutta kun tai myös joka"),
    _row(_WEST, "áéíóúýþðæö", "og að er í á sem það við en um til var ekki"),
    _row(_EAST, "ąćęłńóśźż", "i w na z się nie do jest że o to za od po jak był powiedział ale"),
    _row(_EAST, "áčďéěíňóřšťúůýž", "a v na se je že do s z o k i ale by to za pro jsou byl řekl"),
    _row(_EAST, "áäčďéíĺľňóôŕšťúýž", "a v na sa je že do s z o k i ale by to za pre sú bol"),
    _row(_EAST, "áéíóöőúüű", "a az és hogy nem is egy volt meg ez de van mondta ki csak"),
    _row(_EAST, "ăâîşţșț", "și şi de la în a o cu pe nu că din este un care pentru spus"),
    _row(_EAST, "čćđšž", "i u je na se da za ne od su s o to kao koji bi in v ki ni pa"),
    _row("cp1254 iso8859-9 cp857", "çğıöşüâîû", "ve bir bu da de için ile olarak dedi çok ne o"),
    _row(_BALTIC, "ąčęėįšųūž", "ir kad yra su į iš ne o kaip tai apie buvo už"),
    _row(_BALTIC, "āčēģīķļņšūž", "un ir ka no ar uz par kas to bija arī nav lai"),
    _row(_BALTIC, "äõöüšž", "ja on ei et see oli ta mis kui ka ning aga"),
    _row(_CYRILLIC, _RUSSIAN, "и в не на что с по он как это его но за из у к от сказал был"),
    _row(_CYRILLIC, "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "і в не на що з у до та як це за від був"),
    _row(_CYRILLIC, "абвгдежзийклмнопрстуфхцчшщъьюя", "и в на не да се от за е с че по той"),
    _row(_CYRILLIC, "абвгдђежзијклљмнњопрстћуфхцчџш", "и у је на се да за не од су с о"),
    _row("cp1253 iso8859-7", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "και το να του η της με"),
    _row("cp1255 iso8859-8", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "של את על לא זה הוא עם כי"),
    _row("cp1256 iso8859-6", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "في من على أن إلى"),
)
