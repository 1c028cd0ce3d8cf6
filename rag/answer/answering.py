"""One question being answered: what was found for it, and all that engines ask of the index.

Everything is fetched once, when the first engine needs it. Knows no engine.
"""

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

from rag import tuned
from rag.answer.limited import keep_exact, keep_sentences
from rag.answer.quotes import Sentence, rank_sentences, unmentioned, why_not
from rag.language import LANGUAGE
from rag.language.sentences import sentences
from rag.language.words import content_words, fold
from rag.library.library import Library
from rag.models import Match, Read
from rag.models.late import Tokens
from rag.question.query import QUESTION_WORDS
from rag.question.spelling import Vocabulary
from rag.search.late import find_stored
from rag.search.pointing import Pointed, Speaker, Titles, of_period, speakers_like
from rag.search.retrieve import Retriever
from rag.types import Document, Evidence, Hit, Query, Scope, Statement


class Answering:
    """The context of one question.

    `evidence` are the `hits` that still stand, numbered, and `documents` all of theirs by id;
    `wanted` is how many hits a question gets.
    """

    def __init__(
        self,
        question: str,
        query: Query,
        hits: Sequence[Hit],
        *,
        library: Library,
        retriever: Retriever,
        wanted: int,
    ) -> None:
        self.question = question
        self.query = query
        self.hits = hits
        self._library = library
        self._retriever = retriever
        self._wanted = wanted
        self.documents: Mapping[str, Document] = self.get_documents(
            hit.passage.document_id for hit in hits
        )
        # A sync between the search and here may have taken a document away.
        self.evidence: tuple[Evidence, ...] = tuple(
            Evidence(number, hit.passage, round(hit.score, 4), hit.copies)
            for number, hit in enumerate(hits, start=1)
            if hit.passage.document_id in self.documents
        )

    @cached_property
    def declined(self) -> str | None:
        """Why the evidence cannot answer, told before any score, or None."""
        return self._refused or self.doubted

    @cached_property
    def _refused(self) -> str | None:
        return why_not(self.query, self.evidence, documents=self.documents)

    @cached_property
    def doubted(self) -> str | None:
        """Why it hardly can, if nothing else speaks against it (`unmentioned`)."""
        if self._refused:
            return None
        words = frozenset(w for s in self.sources for w in content_words(s))
        return unmentioned(
            self.query, self.evidence, documents=self.documents, outlets=words, speakers=self._heard
        )

    @property
    def _heard(self) -> frozenset[str]:
        """The names of the question that it asks the words of, where they are known to speak."""
        asked = self.query.said_by
        return frozenset(
            name
            for name in self.query.names
            if any(name in who or who in name for who in asked) and self.speakers_like(name)
        )

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """How few documents hold each term of the query (`weigh_terms`)."""
        return weigh_terms(self.query.terms, self._retriever)

    @cached_property
    def outlets(self) -> frozenset[str]:
        """The folded names of the documents' outlets, without "the"."""
        return frozenset(fold(s).removeprefix("the ") for s in self.sources)

    @cached_property
    def sentences(self) -> Sequence[str]:
        """Those of the evidence."""
        texts = [e.passage.text for e in self.evidence]
        return [text[start:end] for text in texts for start, end in sentences(text)]

    def match_sentences(
        self, query: str, sentences: Sequence[tuple[str, int, int]], spoken: Sequence[str] = ()
    ) -> Sequence[tuple[Read, Match]] | None:
        """How near each (document, start, end) and its passage come; None if nothing can tell."""
        return self._retriever.match_sentences(query, sentences, spoken)

    @cached_property
    def likeness(self) -> Callable[[str, Sequence[str]], Sequence[float]]:
        return self._retriever.open_likeness()

    @cached_property
    def pointed(self) -> Pointed | None:
        """The documents that the question points at, if it does."""
        return self._retriever.find_pointed(self.query)

    def read(self, question: str) -> Query:
        """Another question, read as this one was, in the same documents."""
        return replace(self._retriever.read(question), within=self.query.within)

    def search(self, query: Query, *, k: int) -> tuple[Evidence, ...]:
        """The `k` best passages for another query, numbered from 1."""
        hits = self._retriever.search(query, k=k)
        return tuple(
            Evidence(number, hit.passage, round(hit.score, 4), hit.copies)
            for number, hit in enumerate(hits, start=1)
        )

    def rank(
        self, query: Query, evidence: Sequence[Evidence]
    ) -> tuple[list[Sentence], Mapping[str, Document]]:
        """The sentences of `evidence` by how likely each answers `query`, and the documents of
        those; what a sync took away meanwhile is left out."""
        own = evidence is self.evidence
        said = self.statements if own else self.said_in(evidence)
        ids = () if own else (e.passage.document_id for e in evidence)
        documents = self.documents if own else self.get_documents(ids)
        ranked = rank_sentences(
            query,
            [e for e in evidence if e.passage.document_id in documents],
            documents=documents,
            rarity=self.rarity
            if query.terms == self.query.terms
            else weigh_terms(query.terms, self._retriever),
            read=self.match_sentences,
            asking=self.asking if own else _find_asking(said, self.wants_questions),
            voices=self.voices if own else _find_voices(said),
            wants_questions=self.wants_questions,
        )
        within = self.query.within
        return keep_sentences(ranked, within, self.holds, said, documents=documents), documents

    @cached_property
    def ranked(self) -> Sequence[Sentence]:
        """The sentences of its evidence by how likely each answers it."""
        return self.rank(self.query, self.evidence)[0]

    @cached_property
    def holds(self) -> Callable[[str, int, int], bool]:
        """Tells whether [start, end) of a document may be quoted (`Scopes.holder`)."""
        return self._library.holder(self.query.within)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the documents."""
        return self._retriever.vocabulary()

    @property
    def titles(self) -> Titles:
        """Which documents have which words in their titles."""
        return self._retriever.corpus.read().titles

    def read_words(self, texts: Sequence[str]) -> Sequence[Tokens] | None:
        """The vectors of the words of passages; None where nothing reads them."""
        reader = find_stored(self._retriever.reranker)
        if reader is None:
            return None
        found = reader.load(texts)
        return [found[text] for text in texts]

    @property
    def library(self) -> Library:
        return self._library

    @cached_property
    def candidates(self) -> Sequence[Statement]:
        """Statements near the question, whoever made them."""
        query, hits = self.query, self.hits
        if query.every_document:  # all sides are wanted, not the nearest passages
            hits = self._retriever.search(query, k=2 * self._wanted)
        terms = [w for w in content_words(query.claim) if w not in QUESTION_WORDS]
        found = self._retriever.find_statements(
            terms or query.terms,
            hits,
            phrases=query.phrases,
            k=tuned.STATEMENTS_SEARCHED,
            within=query.within,
        )
        return self._fitting(found)

    def ledger(self, terms: Sequence[str]) -> list[Statement]:
        """All that is said with any of `terms`, wherever: up to `tuned.LEDGER` statements."""
        query = self.query
        found = self._retriever.find_statements(
            terms, self.hits, phrases=query.phrases, k=tuned.LEDGER, within=query.within
        )
        return self._fitting(found)

    def _fitting(self, statements: Sequence[Statement]) -> list[Statement]:
        """Without turns that ask, which tell no fact; of the period that is asked about, and with
        the exact words that are."""
        statements = keep_exact(statements, self.query.within)
        kept = [s for s in statements if not s.asks or self.wants_questions]
        scope = self._period
        if scope is None:
            return kept
        # "What did she say in March 2022?": what is of then, if there is any.
        then = [s for s in kept if s.date and scope.since <= s.date[:10] <= scope.until]
        return then or kept

    @cached_property
    def _period(self) -> Scope | None:
        return of_period(self.query, self._library)

    @cached_property
    def wants_questions(self) -> bool:
        """Whether it is asked what somebody asked."""
        return LANGUAGE.questions.asks_what_was_asked.search(self.query.text) is not None

    @cached_property
    def asking(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Where in its evidence somebody asks."""
        return _find_asking(self.statements, self.wants_questions)

    @cached_property
    def voices(self) -> Mapping[str, Sequence[tuple[int, int, str]]]:
        """Who speaks where in its evidence (`_find_voices`)."""
        return _find_voices(self.statements)

    @cached_property
    def statements(self) -> Sequence[Statement]:
        """What is said in the evidence."""
        return self.said_in(self.evidence)

    def said_in(self, evidence: Sequence[Evidence]) -> list[Statement]:
        """Who says what there."""
        spans = [(p.document_id, p.start, p.end) for p in (e.passage for e in evidence)]
        found = (s for span in spans for s in self._library.statements_within(*span))
        return list(dict.fromkeys(found))

    def statements_by(self, speakers: Sequence[str]) -> list[Statement]:
        """Those of some speakers, in what the question is limited to."""
        made = self._library.statements_by(speakers)
        return self._fitting(self._library.keep_statements(made, self.query.within))

    def speakers_like(self, who: str) -> list[Speaker]:
        """The speakers that `who`, of the question, may mean (`speakers_like`)."""
        return speakers_like(who, self.query, self._library)

    def get_documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """{id: document} of those that are still there."""
        found = {id_: self._library.get_document(id_) for id_ in sorted(set(ids))}
        return {id_: document for id_, document in found.items() if document is not None}

    @cached_property
    def sources(self) -> Sequence[str]:
        """The names of the outlets of all documents."""
        return self._retriever.corpus.read().outlets

    @cached_property
    def inside(self) -> Collection[str]:
        """The documents that the question is limited to: all, if it is not."""
        return self._library.documents_in(self.query.within or Scope())


def _find_voices(said: Sequence[Statement]) -> dict[str, list[tuple[int, int, str]]]:
    """{document: (start, end, who speaks there)}."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for s in said:
        who = f"{s.speaker}, {s.role}" if s.role else s.speaker
        found.setdefault(s.document_id, []).append((s.start, s.end, who))
    return found


def _find_asking(
    said: Sequence[Statement], wants_questions: bool
) -> dict[str, list[tuple[int, int]]]:
    """{document: where somebody asks}; empty where that is wanted."""
    found: dict[str, list[tuple[int, int]]] = {}
    for s in said if not wants_questions else ():
        if s.asks:
            found.setdefault(s.document_id, []).append((s.start, s.end))
    return found


def weigh_terms(terms: Sequence[str], retriever: Retriever) -> dict[str, float]:
    """{term: its inverse document frequency}, of passages over documents."""
    vocabulary = retriever.vocabulary()
    total = max(retriever.corpus.read().documents, 1)
    return {t: math.log(1 + total / max(vocabulary.count(t), 1)) for t in terms}


@contextmanager
def timed(timings: dict[str, float], name: str) -> Iterator[None]:
    """Notes in `timings` how many milliseconds the block took."""
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = round((time.perf_counter() - started) * 1000, 1)
