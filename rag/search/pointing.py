"""Where a question says that its answer stands: in a period, in documents of a name, in somebody's
words. Knows no search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rag import tuned
from rag.language import LANGUAGE
from rag.language.words import content_words, stem
from rag.library.library import Library
from rag.statements.voices import find_speakers, telling_word
from rag.types import Passage, Query, Scope

# (name, role, statements)
Speaker = tuple[str, str | None, int]
# {word of a title or a file's name, its ending cut: the documents that bear it}
Titles = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pointed:
    """The documents that a question points at, and in them where somebody's own words stand.

    Without `spans` the documents are meant whole; `closely` is not set where they are but those of
    a period.
    """

    scope: Scope
    documents: frozenset[str]
    spans: Mapping[str, Sequence[tuple[int, int]]] | None = None
    closely: bool = True

    def holds(self, passage: Passage) -> bool:
        """Whether a passage is meant."""
        return self.covers(passage.document_id, passage.start, passage.end)

    def covers(self, document_id: str, start: int, end: int) -> bool:
        """Whether [start, end) of a document touches what is meant."""
        if document_id not in self.documents:
            return False
        if self.spans is None:
            return True
        return any(s < end and start < e for s, e in self.spans.get(document_id, ()))


def find_pointed(query: Query, library: Library, titles: Titles) -> Pointed | None:
    """What `query` points at, as narrowly as there are documents; None if at nothing in them."""
    spans = own_words(query, library)
    # "Who said she would debate?" names no debate.
    named = frozenset() if query.who_said else named_documents(query.text, titles)
    given = {"period": query.period, "words": spans, "name": named}
    told = [name for name, value in given.items() if value]
    for size in range(len(told), 0, -1):
        for chosen in combinations(told, size):
            sets = [frozenset(given[name] or ()) for name in chosen if name != "period"]
            period = query.period if "period" in chosen else None
            scope = _narrow(query.within or Scope(), period=period, documents=sets)
            documents = library.documents_in(scope) if scope is not None else None
            if scope is not None and documents:
                own = spans if "words" in chosen else None
                return Pointed(scope, documents, own, closely=chosen != ("period",))
    return None


def of_period(query: Query, library: Library) -> Scope | None:
    """The documents of the period that `query` names, if there are any."""
    if query.period is None:
        return None
    scope = _narrow(query.within or Scope(), period=query.period, documents=())
    return scope if scope is not None and library.has_documents(scope) else None


def _narrow(
    outer: Scope, *, period: tuple[str, str] | None, documents: Sequence[frozenset[str]]
) -> Scope | None:
    """`outer`, of a period and of the documents that are in all of the sets; None if in none."""
    if period is not None:
        since, until = period
        outer = replace(
            outer, since=max(since, outer.since), until=min(until, outer.until or until)
        )
    if not documents:
        return outer
    left = frozenset.intersection(*documents)
    if outer.documents:
        left &= frozenset(outer.documents)
    return replace(outer, documents=tuple(sorted(left))) if left else None


def own_words(query: Query, library: Library) -> dict[str, list[tuple[int, int]]]:
    """{document: where they speak whose words a question asks for}; empty if for nobody's, or
    for those of two: "compare Time Warner's and WPP's results" asks for no words.

    Of more statements than `tuned.OWN_WORDS` nothing is pointed at: everything is theirs.
    """
    if len(query.said_by) != 1:
        return {}
    who = query.said_by[0]
    near = speakers_like(who, query, library)
    speakers = find_speakers(who, near, variants=dict(query.variants))
    found: dict[str, list[tuple[int, int]]] = {}
    for document_id, start, end in library.places_of(speakers, k=tuned.OWN_WORDS):
        found.setdefault(document_id, []).append((start, end))
    return found


def speakers_like(who: str, query: Query, library: Library) -> list[Speaker]:
    """The speakers that `who` may mean; in a large library all are too many to compare.

    All names of somebody end in the same word, and every role that is meant holds it too.
    """
    variants = dict(query.variants)
    last = telling_word(who, variants=variants)
    words = [w for w in content_words(who) if last in (w, variants.get(w))]
    found = library.list_speakers([stem(w) for w in dict.fromkeys((*words, last)) if w])
    if not found and not library.has_more_statements(tuned.OWN_WORDS):
        found = library.list_speakers()
    return found


def read_titles(named: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """`Titles` of (document, title); the file's name is one more title."""
    found: dict[str, set[str]] = {}
    for document_id, title in named:
        name = document_id.rpartition("/")[2].rpartition(".")[0]
        for word in {stem(w) for w in (*content_words(title), *content_words(name))}:
            found.setdefault(word, set()).add(document_id)
    return {word: frozenset(ids) for word, ids in found.items()}


def named_documents(question: str, titles: Titles) -> frozenset[str]:
    """The documents whose title or file name holds what `question` calls them ("the minutes",
    "the press conference"); none if all of them do."""
    for match in LANGUAGE.questions.called.finditer(question):
        words = [stem(w) for w in content_words(match["kind"])]
        if not words:
            continue
        found = frozenset.intersection(*(titles.get(w, frozenset()) for w in words))
        if found and found != frozenset().union(*titles.values()):
            return found
    return frozenset()
