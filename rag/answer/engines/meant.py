"""Which documents a place in a question means: "in 2021", "in Reuters", "in the June minutes".

Strict, as whoever counts must be: what names nothing that is there is told, never passed over.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from rag.answer.answering import Answering
from rag.language import LANGUAGE
from rag.language.dates import find_period
from rag.language.words import content_words, fold, stem, words
from rag.question.parts import split_parts
from rag.types import Scope

_COUNTS = LANGUAGE.counts


@dataclass(frozen=True, slots=True)
class Meant:
    """The documents, sorted, and how the question calls them ("" for all that it may search)."""

    ids: tuple[str, ...]
    told: str = ""


def all_documents(asked: Answering) -> Meant:
    """All documents that the question may search."""
    return Meant(tuple(sorted(asked.library.documents_in(asked.query.within or Scope()))))


def documents_meant(asked: Answering, place: str) -> Meant | None:
    """The documents that `place` names; None where it names none that are there."""
    if not words(place):
        return all_documents(asked)
    scope = asked.query.within or Scope()
    if titled := _titled(asked, place) & asked.library.documents_in(scope):
        return Meant(tuple(sorted(titled)), " ".join(place.split()))
    outlets = sorted({o for part in split_parts(place, asked.sources) for o in part.outlets})
    if outlets:
        inside = [o for o in outlets if not scope.outlets or o in scope.outlets]
        scope = replace(scope, outlets=tuple(inside) or ("",))
    period = find_period(place)
    if period is not None:
        since, until = period
        scope = replace(
            scope, since=max(since, scope.since), until=min(until, scope.until or until)
        )
    ids = asked.library.documents_in(scope)
    if not ids:
        return None
    named = _named(asked, place, ids, outlets)
    if named is None:
        return None
    whole = named == ids and not outlets and period is None
    return Meant(tuple(sorted(named)), "" if whole else " ".join(place.split()))


def _titled(asked: Answering, place: str) -> frozenset[str]:
    """The documents whose title holds all words of what stands in quotation marks."""
    marked = _COUNTS.marked.search(place)
    title = content_words(next(filter(None, marked.groups()))) if marked else []
    return frozenset.intersection(*_with_titles(asked, title)) if title else frozenset()


def _with_titles(asked: Answering, words: Iterable[str]) -> list[frozenset[str]]:
    return [asked.titles.get(stem(w), frozenset()) for w in words]


def split_place(asked: Answering, what: str) -> tuple[str, Meant]:
    """ "inflation in June 2022" → "inflation" and the documents of June 2022, if there are any."""
    for match in _COUNTS.placed.finditer(what):
        rest = what[match.end() :]
        if content_words(what[: match.start()]) and (meant := documents_meant(asked, rest)):
            return what[: match.start()].strip(), meant
    return what, all_documents(asked)


def _named(
    asked: Answering, place: str, ids: frozenset[str], outlets: Collection[str]
) -> frozenset[str] | None:
    """Those of `ids` that the words of `place` name beside its outlets and its days."""
    files = {w.strip("\"“”'’.,?") for w in place.split()}
    by_file = frozenset(i for i in ids if i in files or i.rsplit("/", 1)[-1] in files)
    if by_file:
        return by_file
    known = {w for outlet in outlets for w in words(outlet)} | LANGUAGE.calendar.words
    left = [
        w
        for w in content_words(place)
        if w not in known and len(w) > 1 and not (w.isdigit() and find_period(place))
    ]
    if all(w in _COUNTS.everywhere for w in left):
        return ids
    titled = [w for w in left if w not in _COUNTS.everywhere]
    for tried in (left, titled):
        if found := frozenset.intersection(*_with_titles(asked, tried)) & ids:
            return found
    if LANGUAGE.shapes.one_document.search(place):
        return _nearest(asked, " ".join(left), ids)
    return None


def _nearest(asked: Answering, topic: str, ids: frozenset[str]) -> frozenset[str] | None:
    """ "The article about the pier": the one that most of the best passages on the pier are of."""
    query = replace(asked.read(topic), within=Scope(documents=tuple(sorted(ids))), parts=())
    weights: dict[str, float] = {}
    for item in asked.search(query, k=len(asked.evidence) or 1):
        id_ = item.passage.document_id
        weights[id_] = weights.get(id_, 0.0) + item.score
    return frozenset([min(weights, key=lambda i: (-weights[i], i))]) if weights else None


def is_outlet_of(asked: Answering, who: str) -> bool:
    """Whether `who` is an outlet of the documents, whose articles are then meant."""
    return fold(who).removeprefix("the ") in asked.outlets
