"""Search operators in what is typed, and the question without them. Knows no index.

`title:`, `outlet:`, `speaker:`, `before:`, `after:`, `-word`, `+"exact words"` and `begin*` are
operators wherever they stand. `"exact words"`, OR, AND and NOT are so in a search of bare words
alone: a question quotes and stresses words ("What did she mean by “soft landing”?", "Did he NOT
resign?") without asking that they stand there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.language import LANGUAGE
from rag.language.foreign import read_foreign
from rag.language.words import words
from rag.question.kinds import SENTENCES, Asked, read_kinds
from rag.question.query import MAX_QUESTION_CHARACTERS

_OPERATORS = LANGUAGE.operators
_JOINING = _OPERATORS.either | _OPERATORS.both | _OPERATORS.never
_LITTLE = LANGUAGE.stop_words.words | LANGUAGE.questions.words

HELP = (
    'Search operators: "exact words" · -word · rates OR wages · begin* · title:minutes · '
    'outlet:Reuters · speaker:"Ann Smith" · before:2023-06 · after:2022. In a question that is put '
    'in full, write +"exact words" where they have to stand there.'
)
# What more there are stay words.
MAX_OPERATORS = 64

# Each closing mark is looked for no further than the next opening one: linear.
_PIECE = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<field>[^\W\d_]+):)?"
    r"(?:\"(?P<one>[^\"]*)\"|[“„](?P<two>[^“”„]*)[“”]|«(?P<three>[^«»]*)»)"
    r"|(?P<plain>[^\s\"“”„«»]+)|[\"“”„«»]"
)
_PLAIN = re.compile(r"(?P<sign>[+-]?)(?:(?P<field>[^\W\d_]+):)?(?P<value>.*)", re.DOTALL)
_BEGINS = re.compile(r"[^\W\d_][\w'’-]{2,}\*")
_CLOSING = re.compile(r"\w-(?=\s|$)")
_STRESSED = re.compile(r"(?:^|\s)\*+\w")
_LETTER = re.compile(r"[^\W\d_]")
_EMPTY = re.compile(r"\(\s*\)")
_BEFORE_MARK = re.compile(r"\s+(?=[?!.,;:](?:\s|$))")


@dataclass(frozen=True, slots=True)
class Operator:
    """What is asked of what is searched.

    `kind` is a field's ("outlet") or "words"; one of `values` has to fit, or none if it is
    `negated`. Of words "infla*" is how one begins, and `exact` ones stood in quotation marks.
    `typed` is all of it as it was typed.
    """

    kind: str
    values: tuple[str, ...]
    typed: str
    negated: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed: its `text` without operators, those, and whether it is a search of `bare`
    words, no question."""

    text: str
    operators: tuple[Operator, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of signs or what stands in quotation marks; `field` and `sign` are "" where it is no
    operator by them. `[start, end)` are without the marks of the sentence around it."""

    start: int
    end: int
    value: str
    sign: str = ""
    field: str = ""
    quoted: bool = False

    @property
    def begins(self) -> bool:
        return _BEGINS.fullmatch(self.value.rpartition(" ")[2]) is not None

    @property
    def shown(self) -> str:
        return " ".join(self.value.split()).rstrip("*") + "*" * self.begins


def read_operators(typed: str) -> Search:
    """What of `typed` are operators, and what is left; `typed` itself where none are."""
    pieces = _as_many(_pieces(typed[:MAX_QUESTION_CHARACTERS]))
    taken = [
        p.field != "" or p.sign == "-" or _is_between_fields(pieces, n)
        for n, p in enumerate(pieces)
    ]
    left = _cut(typed, [(p.start, p.end) for p, out in zip(pieces, taken, strict=True) if out])
    bare = _is_bare([p for p, out in zip(pieces, taken, strict=True) if not out], left)
    operators, edits = _join(pieces, typed, bare=bare)
    if not operators:
        return Search(typed)
    text = _cut(typed, edits)
    return Search(text if words(text) else "", operators, bare)


def fold_value(value: str) -> str:
    """Words as they are compared: "Infla*" → "infla*"."""
    return " ".join(words(value)) + "*" * value.endswith("*")


def _pieces(typed: str) -> Iterator[_Piece]:
    """The pieces of `typed` in order."""
    # Behind "the deal -which" a "failed- " may still close what that opens.
    closing = max((m.end() for m in _CLOSING.finditer(typed)), default=0)
    stressed = _STRESSED.search(typed) is not None  # "*From Here to Eternity*" begins no word
    for match in _PIECE.finditer(typed):
        alone = match.start() == 0 or typed[match.start() - 1] in " \t\n("
        if match["plain"] is None:
            value = match["one"] or match["two"] or match["three"] or ""
            field = _OPERATORS.fields.get((match["field"] or "").lower(), "")
            sign = (match["sign"] or "") if alone else ""
            known = alone and bool(words(value)) and not (match["field"] and not field)
            yield _Piece(*match.span(), value, sign if known else "",
                         field if known else "", quoted=bool(words(value)))  # fmt: skip
            continue
        start, plain = match.start(), match["plain"].rstrip("?!.,;:)")
        while plain[:1] == "(":
            start, plain = start + 1, plain[1:]
        found = _PLAIN.fullmatch(plain)
        assert found is not None  # it fits anything
        field = _OPERATORS.fields.get((found["field"] or "").lower(), "")
        value = found["value"] if field else plain[len(found["sign"]) :]
        value = value.rstrip("*") if stressed else value
        end = start + len(plain)
        quoted_next = typed[end : end + 1] in tuple('"“”„«»')
        signed = _signs(value) and (end > closing or found["sign"] == "+")
        yield _Piece(
            *(start, end, value),
            sign=found["sign"] if alone and words(value) and (field or signed) else "",
            field=field if alone and words(value) and not quoted_next else "",
        )


def _signs(value: str) -> bool:
    """Whether a sign before `value` is an operator: not of "-3%", "-v" or "the deal -which …"."""
    found = words(value)
    return (
        _LETTER.match(value) is not None
        and len(found[0]) > 1
        and not (len(found) == 1 and found[0] in LANGUAGE.stop_words.words)
    )


def _as_many(pieces: Iterator[_Piece]) -> list[_Piece]:
    """The pieces, no more than so many of them operators."""
    kept: list[_Piece] = []
    operators = 0
    for piece in pieces:
        operators += bool(piece.field or piece.sign or piece.begins or piece.quoted)
        if operators > MAX_OPERATORS:
            piece = replace(piece, sign="", field="", quoted=False, value=piece.value.strip("*"))
        kept.append(piece)
    return kept


def _is_bare(pieces: Sequence[_Piece], left: str) -> bool:
    """Whether what is typed is a search of bare words: no question mark, no little word outside
    of quotation marks, no word that shapes a question, in no way a question that is known."""
    if "?" in left:
        return False
    # "US" is no "us", unless all is typed in capitals.
    shouted = left.isupper()
    for place, piece in enumerate(pieces):
        if piece.quoted or _is_joint(pieces, place):
            continue
        named = piece.value.isupper() and len(piece.value) > 1 and not shouted
        if not (named and piece.value not in _JOINING) and not _LITTLE.isdisjoint(
            words(piece.value)
        ):
            return False
    kind = read_kinds(Asked(left, left))["kind"]
    return bool(kind == SENTENCES.name and read_foreign(left) is None)


def _is_joint(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a piece is OR, AND or NOT, and stands where it can join or leave out."""
    piece = pieces[place]
    if piece.quoted or piece.field or piece.sign or piece.value not in _JOINING:
        return False
    rest = [p for p in pieces[place + 1 : place + 3] if words(p.value)]
    follows = next((p for p in rest if p.value not in _OPERATORS.never), None)
    if follows is None or (not follows.quoted and follows.value in _JOINING):
        return False
    before = next((p for p in pieces[max(place - 2, 0) : place][::-1] if words(p.value)), None)
    joined = before is not None and (before.quoted or before.value not in _JOINING)
    return piece.value in _OPERATORS.never or joined


def _is_between_fields(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a piece is the OR of "outlet:Reuters OR outlet:AP"."""
    beside = (*pieces[max(place - 1, 0) : place], *pieces[place + 1 : place + 2])
    return _is_joint(pieces, place) and len(beside) == 2 and all(p.field != "" for p in beside)


@dataclass(slots=True)
class _Group:
    """Alternatives, of which one `must` stand there or, where `negated`, none may."""

    pieces: list[_Piece]
    must: bool = True
    negated: bool = False


def _join(
    pieces: Sequence[_Piece], typed: str, *, bare: bool
) -> tuple[tuple[Operator, ...], list[tuple[int, int]]]:
    """The operators of `pieces`, and what of `typed` is to be cut out for them."""
    fields: list[_Group] = []
    groups: list[_Group] = []
    never = _Group([], negated=True)
    edits: list[tuple[int, int]] = []
    joint = ""
    for place, piece in enumerate(pieces):
        if _is_between_fields(pieces, place) or (bare and _is_joint(pieces, place)):
            joint = piece.value if piece.value in _OPERATORS.never else joint or piece.value
            edits.append((piece.start, piece.end))
            continue
        negated = piece.sign == "-" or joint in _OPERATORS.never
        either = joint in _OPERATORS.either
        if piece.field:
            edits.append((piece.start, piece.end))
            _put_field(fields, piece, negated=negated, either=either)
        elif words(piece.value) and negated:
            edits.append((piece.start, piece.end))
            never.pieces.append(piece)
        elif words(piece.value):
            if piece.sign == "+":
                edits.append((piece.start, piece.start + 1))
            if joint and groups:
                groups[-1].must = True
            if either and groups:
                groups[-1].pieces.append(piece)
            else:
                must = piece.sign == "+" or piece.begins or (bare and piece.quoted)
                groups.append(_Group([piece], must or bool(joint)))
        joint = ""
    kept = [*fields, *(g for g in groups if g.must), *([never] if never.pieces else [])]
    found = {(o.kind, o.values, o.negated): o for o in (_operator(g, typed) for g in kept)}
    return tuple(found.values()), edits


def _put_field(fields: list[_Group], piece: _Piece, *, negated: bool, either: bool) -> None:
    """Adds a field: of several outlets or speakers one has to fit, of words of a title all."""
    alike = [g for g in fields if g.pieces[0].field == piece.field and g.negated == negated]
    one_of = negated or either or piece.field != "title"
    if alike and one_of and piece.field not in _OPERATORS.days:
        alike[-1].pieces.append(piece)
    else:
        fields.append(_Group([piece], negated=negated))


def _operator(group: _Group, typed: str) -> Operator:
    field = group.pieces[0].field
    values = [" ".join(p.value.split()) if field else p.shown for p in group.pieces]
    return Operator(
        field or "words",
        tuple(dict.fromkeys(values)),
        " ".join(typed[p.start : p.end] for p in group.pieces),
        negated=group.negated,
        exact=not field and all(p.quoted for p in group.pieces),
    )


def _cut(text: str, edits: Sequence[tuple[int, int]]) -> str:
    """`text` without each [start, end), and the space around that closed."""
    if not edits:
        return text
    kept, at = [], 0
    for start, end in sorted(edits):
        kept.append(text[at:start])
        at = end
    left = _EMPTY.sub("", "".join([*kept, text[at:]]))
    return _BEFORE_MARK.sub("", " ".join(left.split()))
