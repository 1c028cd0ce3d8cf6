"""A question with operators → what is left to read, and what of the library is searched.

Knows no search. What no document fits is told with what there is, and never read as another word.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rag.language import LANGUAGE
from rag.language.dates import read_span
from rag.language.words import content_words, fold, stem, words
from rag.library.library import Library
from rag.question.follow_up import HISTORY_TURNS
from rag.question.kinds import find_said_by
from rag.question.operators import Operator, Search, fold_value, read_operators
from rag.question.query import leans_on_history
from rag.question.spelling import Vocabulary, find_variants
from rag.search.corpus import Known
from rag.search.pointing import speakers_like
from rag.statements.mentions import is_named
from rag.statements.voices import find_speakers
from rag.types import Limit, Query, Scope

_ASKS = LANGUAGE.operators
# What leaves something out is what leaves the opposite in: "-before:2020" is "since:2020".
_OPPOSITE = {"before": "since", "since": "before", "after": "until", "until": "after"}
_NAMES = ("outlet", "speaker")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Limited:
    """A `question` without its operators, asked after `history`, likewise.

    `within` is what is searched and `told` what the operators limit it to, a line each; `typed`
    are those themselves. Where nothing is left `refused` says why, and `within` is what the nearest
    passages are looked for in, None if those would say nothing.
    """

    question: str
    history: tuple[str, ...]
    within: Scope | None
    told: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    refused: str = ""
    shows_nearest: bool = True

    def limit(self, query: Query) -> Query:
        """`query`, as `question` was read, with what is searched."""
        # A quotation of little words ("to be or not to be") has no other words to be found by.
        exact = [word for value in self._exact for word in words(value)]
        terms = query.terms or tuple(dict.fromkeys(exact))
        return replace(
            query,
            terms=terms if self.shows_nearest else (),
            within=self.within,
            limits=self.told,
            refused=self.refused,
        )

    def searched(self, query: Query, asked: str) -> str:
        """The question to ask for the same again: as it was `asked`, unless it was read as another
        one, which then has the operators behind it."""
        if not self.typed:
            return query.text
        if query.text == " ".join(self.question.split()):
            return asked
        return " ".join((query.text, *self.typed))

    @property
    def _exact(self) -> list[str]:
        limits = self.within.limits if self.within is not None else ()
        return [v for limit in limits if limit.exact and not limit.negated for v in limit.values]


def limit_question(
    question: str,
    history: Sequence[str] = (),
    *,
    within: Scope | None,
    library: Library,
    known: Known,
) -> Limited:
    """What operators of `question` leave to be read, and of what is `within` to be searched.

    A question that leans on the one before keeps where that was asked to look (and what it left
    out), but for what it says itself; a search of bare words with operators leans on nothing.
    """
    searches = [read_operators(typed) for typed in (*history[-HISTORY_TURNS:], question)]
    if not any(search.operators for search in searches):
        return Limited(question, tuple(history), within)
    vocabulary = known.words
    texts = [_as_question(search, vocabulary) for search in searches]
    operators: tuple[Operator, ...] = ()
    for place, search in enumerate(searches):
        leans = place > 0 and not (search.bare and search.operators)
        leans = leans and leans_on_history(search.text, vocabulary=vocabulary)
        operators = (*search.operators, *(_carried(operators, search) if leans else ()))
    search, before = searches[-1], tuple(texts[:-1])
    speakers = _said_by(search.operators)
    if search.bare and search.operators:
        before = ()
    elif len(speakers) == 1 and LANGUAGE.pronouns.person.search(search.text):
        before = (f"Who? ({_as_name(speakers[0], vocabulary)})",)  # "speaker:Ross Did he deny it?"
    read = [_read(operator, library, known) for operator in operators]
    scope = within or Scope()
    for one in read:
        scope = _narrow(scope, one)
    refused = next((one.refused for one in read if one.refused), "")
    if not texts[-1] and not refused:
        refused = "This says only what to leave out. Add a word, a title, an outlet or a speaker."
    of_words = all(not one.refused or one.limit is not None for one in read)
    if not refused and operators and not library.has_documents(scope):
        refused = _nothing_left([one.told for one in read], within, library)
        of_words = any(one.limit and one.limit.kind == "words" for one in read)
    if refused:
        left = tuple(li for li in scope.limits if li.kind != "words" or li.negated)
        scope = replace(scope, limits=left)
    return Limited(
        texts[-1],
        before,
        scope if scope != Scope() else None,
        tuple(one.told for one in read),
        tuple(o.typed for o in operators),
        refused,
        shows_nearest=not refused or (of_words and bool(texts[-1])),
    )


def _carried(before: Sequence[Operator], search: Search) -> list[Operator]:
    """What of the operators of the question before is kept: which words had to stand there was
    said of that question alone, and "What about Blinken?" asks for another speaker."""
    own = {_sort(o) for o in search.operators if o.kind != "words"}
    others, _ = find_said_by(search.text)
    if LANGUAGE.questions.other.match(search.text) or any(who[:1].isupper() for who in others):
        own.add("speaker")
    return [o for o in before if (o.negated if o.kind == "words" else _sort(o) not in own)]


def _sort(operator: Operator) -> str:
    return "day" if operator.kind in _ASKS.days else operator.kind


# --- what is left, as a question ---


def _as_question(search: Search, vocabulary: Vocabulary) -> str:
    """What is left of what was typed; a question for it where that is none.

    "speaker:Powell rates" asks what he said about them, "outlet:Reuters" which documents there are.
    """
    text = search.text
    begun = {
        fold_value(v).rpartition(" ")[2]
        for o in search.operators
        for v in o.values
        if v.endswith("*") and not o.negated
    }
    text = " ".join(_spell_out(word, begun, vocabulary) for word in text.split(" "))
    if text and not (search.bare and search.operators):
        return text
    speakers = [_as_name(value, vocabulary) for value in _said_by(search.operators)]
    if len(speakers) == 1:
        asks = _ASKS.asks_words_about if text else _ASKS.asks_words
        return asks.format(speakers[0], text)
    if len(speakers) == 2 and not text:
        return _ASKS.asks_words_of_two.format(*speakers)
    if text or all(o.negated for o in search.operators):
        return text
    return _ASKS.asks_documents


def _said_by(operators: Iterable[Operator]) -> list[str]:
    return [v for o in operators if o.kind == "speaker" and not o.negated for v in o.values]


def _as_name(typed: str, vocabulary: Vocabulary) -> str:
    """A name as the documents write it: "powell" → "Powell"."""
    return " ".join(vocabulary.written(fold(w)) if w.islower() else w for w in typed.split())


def _spell_out(typed: str, begun: Collection[str], vocabulary: Vocabulary) -> str:
    """A word that is only begun ("infla*") as the one that most documents have."""
    if "*" not in typed:
        return typed
    head = typed[: typed.index("*")]
    found = words(head)
    if not found or f"{' '.join(found)}*" not in begun:
        return typed
    counts = vocabulary.starting(found[-1])
    best = min(counts, key=lambda w: (-counts[w], w), default=found[-1])
    return typed.replace("*", best[len(found[-1]) :], 1)


# --- what each operator leaves ---


@dataclass(frozen=True, slots=True)
class _Read:
    """What an operator leaves: a limit or days; `told` in words, `refused` why nothing fits."""

    told: str
    limit: Limit | None = None
    since: str = ""
    until: str = ""
    refused: str = ""


def _read(operator: Operator, library: Library, known: Known) -> _Read:
    if operator.kind in _ASKS.days:
        return _read_days(operator)
    if operator.kind == "words":
        return _read_words(operator, library)
    found: list[str] = []
    for value in operator.values:
        fits = _find(operator.kind, value, library, known)
        if not fits and not operator.negated:
            return _Read(
                _tell(operator, [value]), refused=_not_there(operator.kind, value, library)
            )
        found += fits
    values = tuple(dict.fromkeys(found))
    limit = Limit(operator.kind, values, operator.negated) if values else None
    # "officials" are many, and documents have names that nobody knows.
    named = operator.kind != "title" and 0 < len(values) <= len(operator.values)
    return _Read(_tell(operator, values if named else operator.values), limit)


def _find(kind: str, value: str, library: Library, known: Known) -> list[str]:
    """The outlets or speakers that `value` names, or the documents of such a title."""
    if kind == "outlet":
        name, wanted = fold(value).removeprefix("the "), set(words(value))
        same = [o for o in known.outlets if fold(o).removeprefix("the ") == name]
        return same or [o for o in known.outlets if wanted <= set(words(o))]
    if kind == "title":
        sets = [known.titles.get(stem(w), frozenset()) for w in content_words(value)]
        return sorted(frozenset.intersection(*sets)) if sets else []
    name = _as_name(value, known.words)
    variants = tuple((w, v) for w in content_words(name) for v in find_variants(w, known.words))
    near = speakers_like(name, Query(name, name, (), variants=variants), library)
    return find_speakers(name, near, variants=dict(variants))


def _read_words(operator: Operator, library: Library) -> _Read:
    values = tuple(dict.fromkeys(map(fold_value, operator.values)))
    limit = Limit("words", values, operator.negated, operator.exact)
    told = _tell(operator, operator.values)
    if operator.negated or library.has_documents(Scope(limits=(limit,))):
        return _Read(told, limit)
    if all(v.endswith("*") for v in operator.values):
        return _Read(told, limit, refused=f"No word of the documents begins like {told}.")
    how = " word for word" if operator.exact else ""
    return _Read(told, limit, refused=f"No passage has {told}{how}.")


def _read_days(operator: Operator) -> _Read:
    value = operator.values[0]
    kind = _OPPOSITE[operator.kind] if operator.negated else operator.kind
    told, span = f"{kind} {value}", read_span(value)
    try:
        if span is not None and kind in ("since", "after"):
            since = span[0] if kind == "since" else span[1] + timedelta(days=1)
            return _Read(told, since=since.isoformat())
        if span is not None:
            until = span[1] if kind == "until" else span[0] - timedelta(days=1)
            return _Read(told, until=until.isoformat())
    except OverflowError:  # after the year 9999
        pass
    name = operator.kind
    forms = f"{name}:2023, {name}:2023-06 or {name}:2023-06-14"
    return _Read(told, refused=f"“{operator.typed}” names no day. Write {forms}.")


def _narrow(scope: Scope, read: _Read) -> Scope:
    return replace(
        scope,
        since=max(scope.since, read.since),
        until=min(scope.until or read.until, read.until or scope.until),
        limits=scope.limits if read.limit is None else (*scope.limits, read.limit),
    )


# --- as it is told ---


def _tell(operator: Operator, values: Sequence[str]) -> str:
    """ "outlet Reuters or AP", "not outlet Reuters", "“soft landing”", "infla*"."""
    shown = [v if v.endswith("*") or operator.kind in _NAMES else f"“{v}”" for v in values]
    if more := len(shown) - _NAMED:
        shown = [*shown[:_NAMED], f"{more} more"] if more > 0 else shown
    kind = "" if operator.kind == "words" else f"{operator.kind} "
    return f"{'not ' * operator.negated}{kind}{' or '.join(shown)}"


def _not_there(kind: str, value: str, library: Library) -> str:
    """Why nothing fits, with what there is."""
    if kind == "outlet":
        there = library.list_sources()
        if not there:
            return f"No document is of an outlet “{value}”: none of them names its outlet."
        return f"No document is of an outlet “{value}”. There are: {_list(there)}."
    if kind == "title":
        titles = [title for _, title in library.list_titles() if title]
        return f"No document has “{value}” in its title. There are: {_list(titles, quoted=True)}."
    there = [name for name, _, _ in library.list_speakers() if is_named(name)]
    said = f" Most is said by: {_list(there)}." if there else " Nobody is known to speak in them."
    return f"Nobody called “{value}” speaks in the documents.{said}"


def _nothing_left(told: Sequence[str], within: Scope | None, library: Library) -> str:
    chosen = " and what questions are limited to here" if within is not None else ""
    days = library.span_of_days()
    of = " None of them has a day."
    if days:
        of = f" Their days are from {days[0]} to {days[1]}; those without one are left out."
    dated = any(t.split()[0] in _ASKS.days for t in told)
    return f"Nothing in the documents fits this: {', '.join(told)}{chosen}.{of if dated else ''}"


def _list(names: Sequence[str], *, quoted: bool = False) -> str:
    shown = [f"“{n}”" if quoted else n for n in names[:_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
