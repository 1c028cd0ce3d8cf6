"""Questions that gather documents by what is said of them → what that is. Knows no index.

"How many articles did Wired publish in May?", "In how many of the minutes does Ukraine come up?",
"Which documents does Berg speak in?": their kind, whose and of when they are, who speaks in them
and what they hold. What a place or a name means is found out by whoever counts.
"""

from collections.abc import Mapping
from typing import Any

from rag.language import LANGUAGE
from rag.question.counts import PLAIN

_SHAPES, _CALENDAR = LANGUAGE.shapes, LANGUAGE.calendar

Fields = Mapping[str, Any] | None


def read_documents(question: str) -> Fields:
    """What is asked of the documents; None where the question gathers none.

    `of_kind` is what they are called where that says more than "documents", `place` whose they are
    and of when, `said_by` who speaks in them, `claim` what they mention.
    """
    match = _SHAPES.gathered.search(question)
    # "… and what does each say he said?" asks for more than which they are.
    if match is None or _SHAPES.asks_more.search(question, match.start() + 1):
        return None
    fields = _read_rest(match["rest"], many=match["many"].lower().endswith(("many", "number of")))
    if fields is None:
        return None
    kind = match["kind"].lower().removeprefix("news ")
    # "Tech stories": what is no name may be of their titles, and else says little.
    named = [w for w in match["of"].split() if not w[0].islower()]
    little = LANGUAGE.counts.everywhere
    plain = [w for w in match["of"].split() if w[0].islower() and w not in little]
    called = f"of {' '.join(named)}" if named else ""
    place = " ".join(f"{called} {fields['place']}".split())
    if fields["claim"] and not fields["said_by"] and not place and not plain:
        return None  # of all documents: read beside others that mention something
    kind = " ".join([*plain, kind] if kind not in _SHAPES.plain else plain)
    fields["topic"] = fields["topic"] or question
    return {**PLAIN, **fields, "place": place, "of_kind": "" if kind in _SHAPES.plain else kind}


def _read_rest(rest: str, *, many: bool) -> dict[str, Any] | None:
    if made := _SHAPES.made.search(rest):
        return _fields(place=f"by {made['who']} {made['place']}")
    if spoken := _SHAPES.spoken.search(rest):
        who = spoken["who"] or spoken["who_"]
        return _fields(who=who, place=spoken["place"] or "", topic=who)
    if holding := _SHAPES.holding.search(rest):
        what = (holding["what"] or holding["what_"]).strip(" .")
        what = LANGUAGE.counts.worded.sub("", what).strip(" \"“”'")
        place = holding["place"] or holding["place_"] or ""
        return _fields(what=what, place=place, topic=what)
    # "Which report on housing was wrong?" gathers nothing.
    placed = _SHAPES.of_place.search(rest) if many and rest.strip() else None
    if placed and placed["day"]:
        return _fields(place=f"of {placed['day']}")
    return _fields(place=placed["place"]) if placed else None


def _fields(*, who: str = "", what: str = "", place: str = "", topic: str = "") -> dict[str, Any]:
    said_by = (who.strip(),) if who else ()
    return {"said_by": said_by, "claim": what, "place": place.strip(), "topic": topic}
