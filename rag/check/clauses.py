"""What a writer is asked to look at besides: clauses that no passage has, and a speaker's own
opinion told as a fact. Knows nothing about verdicts.

Looser than `changes` and `speakers`: right for a draft, whose writer judges, not for an answer.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

from rag import tuned
from rag.check.claims import Token, tokens
from rag.check.reading import Complaint, Line, Placed, Source, is_content, is_within, words_of
from rag.check.speakers import is_person
from rag.language import LANGUAGE
from rag.language.stems import key_of
from rag.language.words import fold
from rag.statements.mentions import is_outlet, read_mention
from rag.types import Statement

_CLAUSES = LANGUAGE.reports.clauses
_INTENTS = LANGUAGE.hedges.intents
_OWN_VIEW = LANGUAGE.reports.own_view
_NUMBERS = LANGUAGE.numbers
_ORDER = {"before": LANGUAGE.reports.earlier, "after": LANGUAGE.reports.later}
_ATTRIBUTES = LANGUAGE.reports.attributes


def check_clauses(
    text: str, said: Sequence[Statement], sources: Sequence[Source]
) -> list[Complaint]:
    """Complaints of the clauses of `text` that `sources` have nothing of, and of what it says
    otherwise than the sentences nearest to it; `said` are the statements that it makes itself."""
    lines = [line for source in sources for line in source.lines]
    wanted = {t.key for t in tokens(text) if is_content(t)}
    nearest = sorted(lines, key=lambda line: (-len(wanted & line.keys), line.start))
    found = [*_new_clauses(text, lines), *_other_order(text, nearest[:2])]
    found += _unqualified(text, lines)
    if nearest and len(wanted & nearest[0].keys) >= tuned.SAME_CONTENT * len(wanted):
        found += _intended(text, wanted, nearest[0])
        if not said and not _ATTRIBUTES.search(text):
            found += _own_view(text, wanted, nearest[0])
    return found


def _new_clauses(text: str, lines: Sequence[Line]) -> list[Complaint]:
    """A clause that no sentence has, beside others that some have."""
    pieces = _cut(text)
    # Names, numbers and who says so are checked by themselves.
    parts = [
        [t.key for t in tokens(text[a:b]) if is_content(t) and t.kind == "word"] for a, b in pieces
    ]
    held = [_most_held(part, lines) for part in parts]
    words, all_held = sum(map(len, parts)), sum(held)
    found = []
    for (start, end), part, mine in zip(pieces, parts, held, strict=True):
        others = words - len(part)
        if len(part) < tuned.CLAUSE_WORDS or mine >= tuned.CLAUSE_HELD * len(part):
            continue
        if others and all_held - mine >= tuned.CLAUSE_REST * others:
            clause = text[start:end].strip(" ,;—–-")
            reason = f"no passage that is cited says this: “{clause}”"
            found.append(Complaint("added", clause, reason))
    return found


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
            if persons and not any(
                surname in words_of(s.speaker, s.mention, s.to, *s.via) for s in persons
            ):
                other = persons[0].speaker
                reason = f"the passage gives this as the words of {other}, not of {claim.speaker}"
                found.append(Complaint("speaker", claim.mention.strip(), reason, instead=other))
    return found


def _other_order(text: str, nearest: Sequence[Line]) -> list[Complaint]:
    """Whether two events that `text` has in one order stand in the other one there."""
    told = {side: m[0] for side, words in _ORDER.items() if (m := words.search(text))}
    there = {side: m[0] for side, words in _ORDER.items() for line in nearest
             if (m := words.search(line.text))}  # fmt: skip
    if len(told) != 1 or not there or set(told) & set(there):
        return []
    (mine,), (other,) = told.values(), there.values()
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


def _intended(text: str, wanted: Collection[str], line: Line) -> list[Complaint]:
    """What somebody only expects or plans in a sentence, told as done or certain."""
    if _INTENTS.search(text):
        return []
    for match in _INTENTS.finditer(line.text):
        behind = next((t for t in line.tokens if t.start >= match.end() and t.kind != "stop"), None)
        if behind is not None and behind.key in wanted and match[0].lower().endswith(" to"):
            return [Complaint("hedge", behind.text, f"leaves out “{match[0]}”")]
    return []


def _qualifier(found: Sequence[Token], place: int) -> str:
    """What right before a number says that it is no exact one; "" for nothing."""
    words = [fold(t.text) for t in found[max(0, place - 2) : place]]
    for size in (2, 1):
        if len(words) >= size and " ".join(words[-size:]) in _NUMBERS.qualifiers:
            return " ".join(words[-size:])
    return ""


def _own_view(text: str, wanted: Collection[str], line: Line) -> list[Complaint]:
    """Whether a sentence is somebody's own view ("I believe"), told here as a fact."""
    view = _OWN_VIEW.search(line.text)
    if view is None or key_of(view[0].split()[-1]) in wanted:
        return []
    reason = f"the passage gives this as somebody's own view (“{view[0]}”)"
    return [Complaint("opinion", text.strip(), reason)]


def _most_held(keys: Sequence[str], lines: Sequence[Line]) -> int:
    """How many of `keys` the sentence that holds most of them holds."""
    return max((sum(is_within(k, line.keys) for k in keys) for line in lines), default=0)
