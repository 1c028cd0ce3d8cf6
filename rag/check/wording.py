"""Negations, hedges and names, compared word by word with the sentences that a claim follows."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag import tuned
from rag.check.claims import (
    Token,
    hedge_family,
    is_reporting,
    is_strong_hedge,
    turns_around,
)
from rag.check.reading import (
    Complained,
    Complaint,
    Line,
    Neighbourhood,
    day_name,
    is_content,
    is_held,
    is_saying,
)
from rag.check.speakers import is_person
from rag.language import LANGUAGE
from rag.language.stems import alike
from rag.language.words import fold

_ALIGNED = 40  # sentences of a passage that are aligned word by word
_FRACTIONS = LANGUAGE.numbers.fractions
_REPORTS = LANGUAGE.reports
_NEGATIONS = LANGUAGE.negations
_HEDGES = LANGUAGE.hedges


def check_polarity(
    claim: Sequence[Token],
    free: Sequence[Token],
    near: Neighbourhood,
    places: dict[int, int],
) -> list[Complaint]:
    """Each "not" of the claim whose words the passage has without one."""
    found = []
    for token in free:
        if token.kind != "negation":
            continue
        place = places[token.start]
        anchors = [t for t in claim[place + 1 : place + 7] if is_content(t)][:2]
        lines = near.lines(place, place)
        if not anchors or not lines:
            continue
        # The words it negates, wherever the passage has them: negated there too?
        holding = [line for line in lines if any(_has_key(line, anchor.key) for anchor in anchors)]
        # Of words that no sentence has together nobody can tell.
        certain = any(all(_has_key(line, anchor.key) for anchor in anchors) for line in holding)
        holding = holding or lines
        if not any(_is_negated(line, [a.key for a in anchors]) for line in holding):
            reason = f"the passage says this without “{token.text}”"
            found.append(Complaint("negation", token.text, reason, certain=certain))
    return found


def check_dropped(
    free: Sequence[Token],
    claim: Sequence[Token],
    near: "Neighbourhood",
    places: dict[int, int],
) -> list[Complaint]:
    """A "not" of the passage whose word the claim has without it."""
    turned = {
        token.key
        for place, token in enumerate(claim)
        if any(turns_around(t) for t in claim[max(0, place - 9) : place + 4])
    }
    for token in free:
        if not is_content(token) or token.kind != "word" or token.key in turned:
            continue
        place = places[token.start]
        lines = near.lines(place, place)
        bare = [line for line in lines if _has_key(line, token.key)]
        if not bare:
            continue
        dropped = [_negation_before(line, token.key) for line in bare]
        if all(dropped):
            word = next(d for d in dropped if d)
            return [Complaint("negation", token.text, f"leaves out “{word}”")]
    return []


def check_mood(text: str, claim: Sequence[Token], lines: Sequence[Line]) -> list[Complaint]:
    """Whether the claim tells what its passage only asks, supposes or calls false; or calls false
    what it tells."""
    wanted = {t.key for t in claim if is_content(t)}
    shares = [len(wanted & line.keys) for line in lines]
    best = max(shares, default=0)
    if not wanted or best < tuned.ONE_WORD_APART * len(wanted):
        return []
    if any(
        _mood(line.text) == "" and share >= tuned.SAME_CONTENT * len(wanted)
        for line, share in zip(lines, shares, strict=True)
        if share < best
    ):
        return []  # told elsewhere as well
    nearest = [line for line, share in zip(lines, shares, strict=True) if share == best]
    ours, theirs = _mood(text), {_mood(line.text) for line in nearest}
    if ours in theirs or "" not in {ours, *theirs}:
        return []
    if not ours and any(turns_around(t) for t in claim):
        return []  # compared for its "not" by itself
    if not ours:
        word = min(theirs)
        return [
            Complaint(
                "negation", text.strip(), f"the passage does not tell this: it {_MOODS[word]}"
            )
        ]
    if ours == "false":
        return [Complaint("negation", text.strip(), "the passage tells this as true")]
    return []


# What a sentence does that tells nothing as a fact.
_MOODS = {"asks": "asks it", "false": "calls it false", "supposes": "only supposes it"}


def _mood(text: str) -> str:
    bare = text.strip().rstrip("”\"’')")
    if bare.endswith("?"):
        return "asks"
    if _NEGATIONS.false_that.search(text):
        return "false"
    return "supposes" if _HEDGES.supposes.match(bare) else ""


def _negation_before(line: Line, key: str) -> str | None:
    """The "not" right before `key` in a line, an adverb or an auxiliary between at most."""
    for n, token in enumerate(line.tokens):
        if token.kind != "negation":
            continue
        following = [
            t for t in line.tokens[n + 1 : n + 6] if t.kind != "stop" and _goes_with(line, token, t)
        ]
        if following and fold(following[0].text).endswith("ly"):
            following = following[:2]
        else:
            following = following[:1]
        if any(t.key == key for t in following) and not any(t.key == key for t in line.tokens[:n]):
            return token.text
    return None


def _goes_with(line: Line, token: Token, following: Token) -> bool:
    """Whether nothing but words stands between the two."""
    return not re.search(r"[,;:.!?—–()“”\"]", line.text[token.end : following.start])


def _has_key(line: Line, key: str) -> bool:
    return key in line.keys or is_held(key, line.keys)


def _is_negated(line: Line, keys: Sequence[str]) -> bool:
    """Whether something turns one of `keys` around in `line`; anything at all if it has none."""
    turning = [n for n, t in enumerate(line.tokens) if turns_around(t)]
    if not turning:
        return False
    at = [
        n
        for n, t in enumerate(line.tokens)
        if any(t.key == k or (len(k) > 3 and alike(k, t.key)) for k in keys)
    ]
    return not at or any(-3 <= n - m <= 9 for n in at for m in turning)


def compare(
    claim: Sequence[Token],
    marks: Sequence[tuple[int, int]],
    lines: Sequence[Line],
    speakers: Sequence[tuple[int, int]],
    *,
    bare: bool,
) -> list[Complaint]:
    """What the sentences of the passages that the claim follows most closely say otherwise.

    Where one of two that are as close says nothing against it, nothing does.
    """
    mine = [t for t in claim if t.kind != "stop"]
    # Aligned are only those that share words at all: of long passages a few.
    wanted = {t.key for t in mine}
    common = [len(wanted & line.keys) for line in lines]
    most = max(common, default=0)
    lines = [x for x, n in zip(lines, common, strict=True) if 2 * n >= most and n][:_ALIGNED]
    shares = [sum(b.size for b in _matcher(mine, line).get_matching_blocks()) for line in lines]
    best = max(shares, default=0)
    found = [
        [*_align(mine, marks, line, speakers), *(_drop_cue(mine, line) if bare else [])]
        for line, share in zip(lines, shares, strict=True)
        if share >= 3 and share == best
    ]
    return min(found, key=len, default=[])


def _matcher(mine: Sequence[Token], line: Line) -> SequenceMatcher[str]:
    theirs = [t.key for t in line.tokens if t.kind != "stop"]
    return SequenceMatcher(None, [t.key for t in mine], theirs, autojunk=False)


def _drop_cue(mine: Sequence[Token], line: Line) -> list[Complaint]:
    """Whether the claim takes over what the passage reports, without its "…, he said"."""
    blocks = [b for b in _matcher(mine, line).get_matching_blocks() if b.size]
    equal = sum(b.size for b in blocks)
    if equal < 3 or equal < tuned.VERBATIM * len(mine):
        return []
    matched = {b.a + n for b in blocks for n in range(b.size)}
    if any(is_reporting(t) and t.kind == "word" for n, t in enumerate(mine) if n not in matched):
        return []
    theirs = [t for t in line.tokens if t.kind != "stop"]
    first, last = theirs[blocks[0].b], theirs[blocks[-1].b + blocks[-1].size - 1]
    at = {t.start: n for n, t in enumerate(line.tokens)}
    before = line.tokens[max(0, at[first.start] - 4) : at[first.start]]
    after = line.tokens[at[last.start] + 1 : at[last.start] + 5]
    behind = line.text[last.end :].lstrip("”\"' ")[:1] == ","
    cue = next((t for t in reversed(before) if is_saying(t)), None)
    if cue is None and (behind or "”" in line.text[last.end : last.end + 3]):
        cue = next((t for t in after if is_saying(t)), None)
    if cue is None:
        return []
    at_cue = line.start + cue.start
    said = next(
        (s for s in line.said if s.cue_span and s.cue_span[0] <= at_cue < s.cue_span[1]), None
    )
    if said is None and fold(cue.text) in _REPORTS.nouns_too:
        return []  # "reports emerged", "in this state": nobody speaks
    named = {t.key for t in mine if t.kind == "name"}
    place = at[cue.start]
    if any(t.key in named for t in line.tokens[max(0, place - 3) : place + 4] if t.kind == "name"):
        return []  # the claim names who says so, in words of its own
    reason = f"leaves out who says so (“{cue.text}” in the passage)"
    words = " ".join(t.text for t in mine)
    contested = bool(_REPORTS.contested.match(cue.text))
    person = contested or said is None or is_person(said.speaker)
    return [Complaint("opinion", words, reason, certain=person)]


def _align(
    mine: Sequence[Token],
    marks: Sequence[tuple[int, int]],
    line: Line,
    speakers: Sequence[tuple[int, int]],
) -> list[Complaint]:
    """Differences that change what is said, where the claim follows the passage word by word."""
    theirs = [t for t in line.tokens if t.kind != "stop"]
    matcher = _matcher(mine, line)
    blocks = matcher.get_matching_blocks()
    equal = sum(b.size for b in blocks)
    if equal < 3 or equal < tuned.VERBATIM * len(mine):
        return []
    found: list[Complaint] = []
    # Which of our words stand for which of the passage's.
    ours = {b.a + n for b in blocks for n in range(b.size)}
    twin = {b.b + n: b.a + n for b in blocks for n in range(b.size)}
    free = [n for n, t in enumerate(mine) if not any(a <= t.start < b for a, b in marks)]
    extra = [mine[n] for n in free if n not in ours]
    missing = [
        t
        for n, t in enumerate(theirs)
        if n not in twin and n + 1 in twin and _goes_with(line, t, theirs[n + 1])
    ]
    if not any(turns_around(t) for t in extra):
        for token in (t for t in missing if t.kind == "negation"):
            found.append(Complaint("negation", token.text, f"leaves out “{token.text}”"))
    elif not any(turns_around(t) for n, t in enumerate(theirs) if n not in twin):
        for token in (t for t in extra if t.kind == "negation"):
            reason = f"the passage says this without “{token.text}”"
            found.append(Complaint("negation", token.text, reason))
    reported = any(t.kind == "word" and is_reporting(t) for t in mine)
    softened = {hedge_family(t) for t in extra if t.kind == "hedge"}
    for token in (t for t in missing if t.kind == "hedge" and is_strong_hedge(t)):
        family = hedge_family(token)
        following = mine[twin[theirs.index(token) + 1]]
        if family in softened or (family == "alleged" and "maybe" in softened):
            continue
        if fold(token.text).endswith("ly") and family == "alleged" and reported:
            continue  # "the Journal reported" says as much as "allegedly"
        if any(a <= following.start < b for a, b in marks):
            continue  # quotation marks around a term say "so-called"
        found.append(Complaint("hedge", token.text, f"leaves out “{token.text}”"))
    kept = {t.key for t in mine}
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "replace" or not (a > 0 and b < len(mine) and c > 0 and d < len(theirs)):
            continue
        kinds = {t.kind for t in (*mine[a:b], *theirs[c:d])}
        days = {day_name(t) for t in (*mine[a:b], *theirs[c:d])}
        if kinds not in ({"name"}, {"number"}) and (None in days or b - a > 1):
            continue
        if any(n not in free for n in range(a, b)) or theirs[d - 1].key in kept:
            continue
        if any(alike(x.key, y.key) for x in mine[a:b] for y in theirs[c:d]):
            continue
        if any(y.text.isupper() and y.text[-1] == mine[b - 1].text[0] for y in theirs[c:d]):
            continue  # "the FOMC", "the Committee"
        keys = [t.key for t in theirs]
        if kinds == {"number"} and fold(mine[b - 1].text) in _FRACTIONS:
            continue  # "a fifth" for "20%": compared by value
        if kinds == {"number"} and _figures(mine[a:b]) == _figures(theirs[c:d]):
            continue  # "36, 000"
        if kinds == {"number"} and all(
            [t.key for t in mine].count(t.key) <= keys.count(t.key) for t in mine[a:b]
        ):
            continue  # another number of the sentence, moved along with its words
        shown = " ".join(t.text for t in mine[a:b])
        there = " ".join(t.text for t in theirs[c:d])
        kind: Complained = "date" if None not in days else "name"
        if kinds == {"number"}:
            kind = "number"
        reason = f"the passage has {there} there, not {shown}"
        found.append(Complaint(kind, shown, reason, instead=there))
    found += _check_order(mine, theirs, speakers)
    return found


def _figures(found: Sequence[Token]) -> str:
    return "".join(c for t in found for c in t.text if c.isdigit())


def _check_order(
    mine: Sequence[Token], theirs: Sequence[Token], speakers: Sequence[tuple[int, int]]
) -> list[Complaint]:
    """Two names that changed places while the words between them did not."""
    words_mine = [t.key for t in mine if t.kind == "word" and not is_reporting(t)]
    words_theirs = [t.key for t in theirs if t.kind == "word" and not is_reporting(t)]
    same = SequenceMatcher(None, words_mine, words_theirs, autojunk=False)
    equal = sum(b.size for b in same.get_matching_blocks())
    if len(words_mine) < 2 or equal < tuned.ONE_WORD_APART * len(words_mine):
        return []
    order_mine = [
        t.key for t in mine if t.kind == "name" and not any(a <= t.start < b for a, b in speakers)
    ]
    order_theirs = [t.key for t in theirs if t.kind == "name"]
    found = []
    for n, one in enumerate(order_mine):
        for other in order_mine[n + 1 :]:
            if one == other or order_mine.count(one) > 1 or order_mine.count(other) > 1:
                continue
            once = order_theirs.count(one) == 1 and order_theirs.count(other) == 1
            if once and order_theirs.index(one) > order_theirs.index(other):
                found.append((one, other))
    if not found:
        return []
    shown = {t.key: t.text for t in mine}
    one, other = found[0]
    # A phrase moved as a whole ("according to Finer" to the front) takes its words along.
    if not _swapped(mine, theirs, one, other):
        return []
    reason = f"the passage has {shown[one]} and {shown[other]} the other way round"
    return [Complaint("name", shown[one], reason)]


def _swapped(mine: Sequence[Token], theirs: Sequence[Token], one: str, other: str) -> bool:
    """Whether the word beside each name stands beside the other one in the passage."""

    def beside(found: Sequence[Token], key: str) -> set[str]:
        at = next(n for n, t in enumerate(found) if t.key == key)
        return {
            t.key
            for t in found[max(0, at - 1) : at + 2]
            if t.kind == "word" and not is_reporting(t)
        }

    return bool(beside(mine, one) & beside(theirs, other)) and not (
        beside(mine, one) & beside(theirs, one)
    )
