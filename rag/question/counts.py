"""Questions that count words, people and outlets, or ask how one quotation was told → their parts.

What is counted, in whose words, in which documents. Knows no index: what a place names is found out
by whoever counts.
"""

import re
from collections.abc import Mapping
from typing import Any

from rag import tuned
from rag.language import LANGUAGE
from rag.language.words import words

_COUNTS, _QUESTIONS, _PRONOUNS = LANGUAGE.counts, LANGUAGE.questions, LANGUAGE.pronouns

# What other kinds may have filled of a question that is none of theirs.
PLAIN: Mapping[str, Any] = {
    "parts": (), "said_by": (), "who_said": False, "wants_name": False, "every_document": False,
    "sides": None, "of_kind": "", "place": "",
}  # fmt: skip
Fields = Mapping[str, Any] | None


def read_times(question: str, *, carried: str = "") -> Fields:
    """ "How often does Powell say “transitory” in June 2021?": the words, who says them, in what.

    Words in quotation marks are meant as they are written: they become the query's phrase. The
    place of others may still stand behind them in `claim`.
    """
    for pattern in (_COUNTS.occurrences, _COUNTS.says, _COUNTS.mentioned):
        given = _read(pattern, question) or {}
        what = given.get("what", "").strip(" .,")
        marked = _COUNTS.marked.match(what)
        worded = bool(marked or given.get("worded"))
        bare = _COUNTS.placed.split(what, maxsplit=1)[0].split()
        if not what or ("weak" in given and not worded and not _is_said(given, bare)):
            continue
        place = given.get("place", "")
        if marked:
            place = f"{what[marked.end() :]} {place}"
            what = next(filter(None, marked.groups()))
        else:
            what = _without_article(what)
        who, inside = _speaker(given.get("who", ""), carried)
        if carried and all(w in _PRONOUNS.leaning for w in words(what)):
            what = carried
        return {
            **PLAIN,
            "claim": what,
            "topic": f"{what} {who}".strip(),
            "said_by": (who,) if who else (),
            "phrases": (what,) if worded else (),
            "place": " ".join(f"{place} {inside}".split()),
        }
    return None


def _without_article(what: str) -> str:
    first, _, rest = what.partition(" ")
    return rest if rest and first.lower() in LANGUAGE.grammar.articles else what


def _is_said(given: Mapping[str, str], words_said: list[str]) -> bool:
    """Whether "say" is followed by a few words, and not by what somebody says of something."""
    told = _QUESTIONS.about.match(given["what"]) is not None
    return "said" in given and not told and len(words_said) <= tuned.SAID_WORDS


def _speaker(who: str, carried: str) -> tuple[str, str]:
    """Whose words are counted, and what a question calls the documents instead ("the minutes")."""
    if not who or all(w in _PRONOUNS.leaning for w in words(who)):
        return carried if who else "", ""
    called = _QUESTIONS.called.search(who) or LANGUAGE.shapes.one_document.search(who)
    if called or _QUESTIONS.no_speaker.search(who):
        return "", f"in {who}"
    return who, ""


def read_speakers(question: str) -> Fields:
    """ "How many people are quoted in the article about the pier?": where."""
    match = _COUNTS.speakers.search(question)
    if match is None:
        return None
    place = match["place"] or question[match.end() :]
    return {**PLAIN, "of_kind": "speakers", "place": place.strip(" ?")}


def read_outlets(question: str) -> Fields:
    """ "How many outlets mention Ebbers?": what they are to mention, if anything."""
    match = _COUNTS.outlets.search(question)
    if match is None:
        return None
    what = (match["what"] or "").strip(" .,\"“”'")
    place = "" if what else question[match.end() :].strip(" ?")
    return {**PLAIN, "claim": what, "topic": what or question, "place": place}


def read_sayers(question: str) -> Fields:
    """ "How many people said that the quay is closed?": what they are to have said."""
    match = _COUNTS.people_said.search(question)
    if match is None:
        return None
    what = match["what"].strip(' .,"“”')
    return {**PLAIN, "claim": what, "topic": what}


def read_retold(question: str, *, carried: str = "") -> Fields:
    """ "How did the papers report Powell's words about inflation?": which words, told by whom.

    The words themselves where the question quotes them, else whose they are and about what.
    """
    given = _read(_COUNTS.retold, question)
    if given is None:
        return None
    what, place = given["what"], f"{given.get('place', '')} {given.get('who', '')}"
    marked = _COUNTS.marked.search(what)
    if marked:
        phrase = next(filter(None, marked.groups()))
        place = f"{what[marked.end() :]} {place}"
        who, about = "", phrase
    else:
        named = _read(_COUNTS.sayer, what)
        if named is None:
            return None
        phrase, who = "", named.get("who", "").strip()
        about, place = _split_tellers(named.get("rest", ""), place)
        about = _QUESTIONS.about.sub("", about).strip(" .")
        if not who or all(w in _PRONOUNS.leaning for w in words(who)):
            # "How was this quote told?": of what the talk was about.
            who, about = ("", about or carried) if not who else (carried, about)
        if not who and not about:
            return None
    # "Did the papers …" tells nothing of where; "how did Reuters and AP …" does.
    place = " ".join(_split_tellers(place, ""))
    place = "" if _QUESTIONS.no_speaker.search(place.strip()) else place
    return {
        **PLAIN,
        "claim": about,
        "topic": " ".join(filter(None, (who, about))) or question,
        "said_by": (who,) if who else (),
        "phrases": (" ".join(phrase.split()),) if phrase else (),
        "place": " ".join(place.split()),
    }


def _split_tellers(text: str, place: str) -> tuple[str, str]:
    """`text` up to where it names all papers, and `place` with what stands behind that."""
    match = _COUNTS.tellers.search(text)
    return (text[: match.start()], f"{text[match.end() :]} {place}") if match else (text, place)


def put_other(question: str, before: str) -> str:
    """The count `before`, or how its quotation was told, of another word or in another place.

    >>> put_other("And “persistent”?", "How often does Powell say “transitory”?")
    'How often does Powell say “persistent”?'
    """
    if _COUNTS.points_at.search(question) and _COUNTS.retold.search(question):
        marked = _COUNTS.marked.search(before)
        put = f"“{next(filter(None, marked.groups()))}”" if marked else ""
        return _COUNTS.points_at.sub(lambda _: put, question, count=1) if put else ""
    other = _COUNTS.another.match(question)
    fields = read_times(before)
    if other is None or fields is None:
        return ""
    what, place = str(fields["claim"]), str(fields["place"])
    if other["place"]:
        kept = before.rstrip(" ?")
        if place and kept.endswith(place):
            kept = kept[: -len(place)].rstrip()
        return f"{kept} {other['joint']} {other['place'].strip()}?"
    new = other["what"].strip()
    marked = _COUNTS.marked.match(new)
    who = fields["said_by"][0] if fields["said_by"] else ""
    if who and not marked and new[:1].isupper() and who in before:
        return before.replace(who, new, 1)  # "And Yellen?"
    new = next(filter(None, marked.groups())) if marked else _without_article(new)
    return before.replace(what, new, 1) if what in before else ""


def _read(pattern: re.Pattern[str], question: str) -> dict[str, str] | None:
    """What each group of `pattern` matches, by its name without underscores; None for no match.

    What stands in quotation marks is no part of how a question is asked: "how was “we told them
    so” told?" tells once.
    """
    bare = _COUNTS.marked.sub(lambda m: f"{m[0][0]}{'·' * (len(m[0]) - 2)}{m[0][-1]}", question)
    match = pattern.search(bare)
    if match is None:
        return None
    spans = {name: match.span(name) for name in match.groupdict() if match[name]}
    return {name.rstrip("_"): question[start:end] for name, (start, end) in spans.items()}
