"""TABLE: little words of other languages than the one that is read by default.

They tell a question in one of them, for which no rule of English is. Knows no document.
"""

import re
from dataclasses import dataclass

from rag.language import LANGUAGE
from rag.language.words import fold, words


@dataclass(frozen=True, slots=True)
class Foreign:
    """`little` are words that say nothing about a subject (folded), `goes_on` what a question
    begins with that goes on from the one before."""

    little: frozenset[str]
    goes_on: frozenset[str]


def _row(goes_on: str, little: str) -> Foreign:
    return Foreign(frozenset(fold(little).split()), frozenset(fold(goes_on).split()))


# Articles, prepositions, what asks, and the commonest verbs of asking and saying.
LANGUAGES = {
    "es": _row("y", """el la los las lo un una unos unas de del al a en con por para sin sobre entre
        desde hasta y e o u que qué como cómo cuando cuándo donde dónde quien quién quienes quiénes
        cual cuál cuales cuáles cuanto cuánto cuantos cuántos cuanta cuántas cuantas por qué es son
        era fue fueron ser está están estaba hay ha han había he se su sus le les nos me mi este
        esta esto ese esa eso aquel no sí más muy también según dijo dice dijeron decir habló
        mencionó explicó hizo tuvo tiene hace pasó compara resume resumen año años"""),
    "fr": _row("et", """le la les un une des de du d l à au aux en dans par pour sans sur entre avec
        et ou que qu quoi qui quel quelle quels quelles quand où comment combien pourquoi est sont
        était a ont avait ce cette ces il elle ils elles on se sa son ses leur leurs nous vous ne
        pas plus aussi selon dit disent déclaré parlé expliqué fait résume résumé année"""),
    "de": _row("und", """der die das den dem des ein eine einen einem einer von vom zu zum zur in im
        an am auf mit für über bei nach aus und oder dass was wer wen wem wie wann wo warum wieso
        welche welcher welches wieviel viele ist sind war waren hat haben hatte es er sie ihr sein
        seine nicht auch sich laut sagte sagt gesagt erklärte machte zusammenfassung jahr"""),
    "it": _row("e", """il lo la i gli le un uno una di del della dei degli delle a al alla ai alle
        da dal dalla in nel nella con per su sul sulla tra fra e o che chi cosa quale quali quando
        dove come quanto quanti quante perché è sono era ha hanno aveva si suo sua suoi non anche
        secondo ha detto disse dice parlato spiegato fatto riassumi anno"""),
    "pt": _row("e", """o a os as um uma uns umas de do da dos das em no na nos nas com por para sem
        sobre entre e ou que quem qual quais quando onde como quanto quantos quantas porquê é são
        era foi foram está há tem têm tinha se seu sua seus não também segundo disse diz falou
        mencionou explicou fez resuma ano"""),
    "nl": _row("en", """de het een van in op te ten ter met voor naar bij uit over en of dat die wat
        wie welke welk wanneer waar hoe hoeveel waarom is zijn was waren heeft hebben had er zich
        haar hun niet ook volgens zei zegt gezegd vertelde deed jaar"""),
    "sv": _row("och", """en ett den det de i på av för med till från om och eller att som vad vem
        vilka vilken när var hur många varför är har hade inte också enligt sa säger sade sagt
        gjorde år"""),
}  # fmt: skip
_OURS = LANGUAGE.stop_words.words | LANGUAGE.questions.words
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2  # little words of another language: one may be a name ("La", "Die")


def read_foreign(text: str) -> Foreign | None:
    """The language that `text` is in, if that is another than the default one."""
    # A capital inside is of a name: "El Salvador and La Paz".
    found = [
        word
        for n, written in enumerate(_WORD.findall(text))
        for word in words(written)
        if n == 0 or written[:1].islower()
    ]
    letters = [c for c in text if c.isalpha()]
    latin = sum(c.isascii() or c < "\u0250" for c in letters)
    if letters and latin < len(letters) / 2:
        return Foreign(frozenset(), frozenset())  # in another script
    ours = sum(w in _OURS for w in found)
    theirs = [w for w in found if w not in _OURS]  # "Was de Gaulle in London?"
    counts = {name: sum(w in row.little for w in theirs) for name, row in LANGUAGES.items()}
    best = max(sorted(counts), key=lambda name: counts[name])
    marked = text.lstrip()[:1] in "¿¡"
    if counts[best] >= (1 if marked else _LEAST) and (marked or counts[best] > ours):
        return LANGUAGES[best]
    return None
