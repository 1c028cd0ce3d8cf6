"""Which side of a claim a statement takes, and by which of its words. Knows no question's form.

"Says so", "denies it", "sees no evidence yet", or "reports it" where an outlet tells what others
say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag import tuned
from rag.language import LANGUAGE
from rag.language.words import overlap
from rag.statements.mentions import is_outlet
from rag.types import Statement

_STANCES = LANGUAGE.stances

Side = Literal["for", "reported", "against", "unproven"]


@dataclass(frozen=True, slots=True)
class Stance:
    """A side, and the words that decide it ("" where nothing speaks against the claim).

    It is `plain` where the words say of what: "denied", "no evidence", "not involved". A "not" that
    stands farther off may be of something else.
    """

    side: Side
    words: str = ""
    plain: bool = False


def take_side(statement: Statement, claim: Sequence[str]) -> Stance:
    """The side that `statement` takes of what the content words `claim` say."""
    said = f"{statement.lead} {statement.content}".strip()
    told = _STANCES.no_doubt.sub(" ", f"{statement.cue} {said}")
    if found := _STANCES.no_evidence.search(told):
        return Stance("unproven", _short(found.group()), plain=True)
    cue = _STANCES.against.search(statement.cue)
    if found := cue or _STANCES.alone.search(said):
        return Stance("against", _short(found.group()), plain=True)
    inside = _STANCES.against.search(statement.content)
    if inside and overlap(claim, statement.content[inside.end() :][: tuned.NEGATED_WITHIN]):
        return Stance("against", _short(inside.group()), plain=True)
    if words := _negation(told, claim):
        return Stance("against", words, plain=len(words.split()) <= tuned.PLAIN_NO)
    if statement.negated:
        return Stance("against", _short(statement.cue))
    return Stance("reported" if is_outlet(statement.speaker) else "for")


def _negation(text: str, claim: Sequence[str]) -> str:
    """A "no" that stands right before something of the claim, with it: "not involved"; or ""."""
    for found in _STANCES.negated.finditer(text):
        after = text[found.end() : found.end() + tuned.NEGATED_WITHIN]
        words = re.split(r"[,;:.!?—]", after, maxsplit=1)[0].split()
        for count in range(1, len(words) + 1):
            if overlap(claim, words[count - 1]):
                return _short(f"{found.group()} {' '.join(words[:count])}")
    return ""


def _short(words: str) -> str:
    return " ".join(words.split())


def negates(claim: str) -> bool:
    """Whether a claim is itself a "no": whoever says so then takes the other side of it."""
    return _STANCES.negated.search(claim) is not None
