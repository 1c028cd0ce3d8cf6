"""What a writer is asked to look at besides: clauses that no passage has, and a speaker's own
opinion told as a fact. Knows nothing about verdicts.

Looser than `changes` and `speakers`: right for a draft, whose writer judges, not for an answer.
"""

from collections.abc import Sequence
from itertools import pairwise

from rag import tuned
from rag.check.claims import Token, tokens
from rag.check.reading import Complaint, Line, Placed, Source, is_content, is_held, words_of
from rag.check.speakers import is_person
from rag.language import LANGUAGE
from rag.language.stems import key_of
from rag.language.words import fold
from rag.statements import extract
from rag.statements.mentions import is_outlet, read_mention
from rag.types import Document, Statement

_CLAUSES = LANGUAGE.reports.clauses
_INTENTS = LANGUAGE.hedges.intents
_OWN_VIEW = LANGUAGE.reports.own_view
_NUMBERS = LANGUAGE.numbers
_ORDER = {"before": LANGUAGE.reports.earlier, "after": LANGUAGE.reports.later}
_ATTRIBUTES = LANGUAGE.reports.attributes


def check_clauses(text: str, sources: Sequence[Source]) -> list[Complaint]:
    """Complaints of the clauses of `text` that `sources` have nothing of, and of its opinions."""
    lines = [line for source in sources for line in source.lines]
    pieces = _cut(text)
    # Names, numbers and who says so are checked by themselves.
    parts = [
        [t.key for t in tokens(text[a:b]) if is_content(t) and t.kind == "word"] for a, b in pieces
    ]
    shares = [_best_share(part, lines) for part in parts]
    words = sum(len(part) for part in parts)
    found = []
    for (start, end), part, share in zip(pieces, parts, shares, strict=True):
        rest = sum(len(p) * s for p, s in zip(parts, shares, strict=True)) - len(part) * share
        others = words - len(part)
        if len(part) < tuned.CLAUSE_WORDS or share >= tuned.CLAUSE_HELD:
            continue
        if others and rest >= tuned.CLAUSE_REST * others:
            clause = text[start:end].strip(" ,;—–-")
            reason = f"no passage that is cited says this: “{clause}”"
            found.append(Complaint("added", clause, reason))
    more = (_other_order, _unqualified, _intended, _own_view)
    return [*found, *(c for check in more for c in check(text, lines))]


def _cut(text: str) -> list[tuple[int, int]]:
    """The clauses of a sentence, by commas and conjunctions."""
    cuts = [0, *(m.start() for m in _CLAUSES.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def check_voices(
    said: Sequence[Statement], quoted: Sequence[Placed], sources: Sequence[Source]
) -> list[Complaint]:
    """Quotations that the documents give to another one by name than the sentence does."""
    found = []
    for claim in said:
        name = read_mention(claim.speaker).name
        if name is None or is_outlet(claim.speaker):
            continue
        surname = key_of(name.split()[-1])
        for q in quoted:
            if not any(a < q.end and q.start < b for a, b in claim.content_spans):
                continue
            theirs = [
                s for source in sources if source.document.id == q.document_id
                for s in source.statements
                if any(a < q.last and q.first < b for a, b in s.content_spans)
            ]  # fmt: skip
            persons = [s for s in theirs if is_person(s.speaker)]
            there = [x for source in sources if source.document.id == q.document_id
                     for x in source.lines if x.start < q.last and q.first < x.end]  # fmt: skip
            # Beside a quotation that names ours the other one may be misread.
            if len(persons) < len(theirs) or any(surname in line.keys for line in there):
                continue
            if not persons:
                continue
            if not any(surname in words_of(s.speaker, s.mention, s.to, *s.via) for s in theirs):
                other = persons[0].speaker
                reason = f"the passage gives this as the words of {other}, not of {claim.speaker}"
                found.append(Complaint("speaker", claim.mention.strip(), reason, instead=other))
    return found


def _other_order(text: str, lines: Sequence[Line]) -> list[Complaint]:
    """Whether two events that `text` has in one order stand in the other one there."""
    told = {side for side, words in _ORDER.items() if words.search(text)}
    if len(told) != 1 or not lines:
        return []
    wanted = {t.key for t in tokens(text) if is_content(t)}
    nearest = sorted(lines, key=lambda line: (-len(wanted & line.keys), line.start))[:2]
    there = {side: m[0] for side, words in _ORDER.items() for line in nearest
             if (m := words.search(line.text))}  # fmt: skip
    if not there or told & set(there):
        return []
    mine = next(m[0] for side in told if (m := _ORDER[side].search(text)))
    other = next(iter(there.values()))
    reason = f"the passage has “{other}” there, not “{mine}”: is the order right?"
    return [Complaint("opposite", mine, reason)]


def _unqualified(text: str, lines: Sequence[Line]) -> list[Complaint]:
    """A number told as exact where the one sentence that has it says "up to" or "more than"."""
    claim = tokens(text)
    found = []
    for n, token in enumerate(claim):
        holding = [line for line in lines if token.value in line.values]
        if token.kind != "number" or len(holding) != 1 or _qualifier(claim, n):
            continue
        theirs = holding[0].tokens
        words = {_qualifier(theirs, m) for m, t in enumerate(theirs) if t.value == token.value}
        if len(words) == 1 and (word := words.pop()):
            reason = f"leaves out “{word}” before {token.text}"
            found.append(Complaint("hedge", token.text, reason, instead=f"{word} {token.text}"))
    return found


def _intended(text: str, lines: Sequence[Line]) -> list[Complaint]:
    """What somebody only expects or plans in the nearest sentence, told as done or certain."""
    if _INTENTS.search(text):
        return []
    wanted = {t.key for t in tokens(text) if is_content(t)}
    line = max(lines, key=lambda line: len(wanted & line.keys), default=None)
    if line is None or len(wanted & line.keys) < tuned.SAME_CONTENT * len(wanted):
        return []
    found = []
    for match in _INTENTS.finditer(line.text):
        behind = next((t for t in line.tokens if t.start >= match.end() and t.kind != "stop"), None)
        if behind is not None and behind.key in wanted and match[0].split()[-1].lower() == "to":
            reason = f"leaves out “{match[0]}”"
            found.append(Complaint("hedge", behind.text, reason))
    return found[:1]


def _qualifier(found: Sequence[Token], place: int) -> str:
    """What right before a number says that it is no exact one; "" for nothing."""
    words = [fold(t.text) for t in found[max(0, place - 2) : place]]
    for size in (2, 1):
        if len(words) >= size and " ".join(words[-size:]) in _NUMBERS.qualifiers:
            return " ".join(words[-size:])
    return ""


def _own_view(text: str, lines: Sequence[Line]) -> list[Complaint]:
    """Whether the nearest sentence is somebody's own view ("I believe"), told here as a fact."""
    wanted = {t.key for t in tokens(text) if is_content(t)}
    if not wanted or _ATTRIBUTES.search(text) or extract(Document("", "", None, None, text, "")):
        return []
    line = max(lines, key=lambda line: len(wanted & line.keys), default=None)
    if line is None or len(wanted & line.keys) < tuned.SAME_CONTENT * len(wanted):
        return []
    view = _OWN_VIEW.search(line.text)
    if view is None or key_of(view[0].split()[-1]) in wanted:
        return []
    reason = f"the passage gives this as somebody's own view (“{view[0]}”)"
    return [Complaint("opinion", text.strip(), reason)]


def _best_share(keys: Sequence[str], lines: Sequence[Line]) -> float:
    """The share of `keys` that the sentence which holds most of them holds."""
    return max((sum(_is_known(k, line.keys) for k in keys) for line in lines), default=0) / max(
        1, len(keys)
    )


def _is_known(key: str, held: frozenset[str]) -> bool:
    return key in held or is_held(key, held)
