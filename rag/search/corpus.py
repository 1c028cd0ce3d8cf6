"""What is known of the whole corpus: its words and how common they are, its outlets and titles.

Knows no passage. What is read is kept until the library changes.
"""

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag import tuned
from rag.language.words import fold_letters, overlap, words
from rag.library.library import Library
from rag.question.spelling import Vocabulary
from rag.search.pointing import Titles, read_titles


@dataclass(frozen=True, slots=True)
class Known:
    """The corpus as it is at one revision; `counts` fills as words are asked."""

    revision: int
    words: Vocabulary
    outlets: tuple[str, ...]
    passages: int
    documents: int
    titles: Titles
    counts: dict[str, int] = field(default_factory=dict)


class Corpus:
    """Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._known: Known | None = None

    def read(self) -> Known:
        """What is known of it now."""
        with self._lock:
            revision = self._library.revision
            if self._known is None or self._known.revision != revision:
                self._known = Known(
                    revision,
                    words=self._library.vocabulary(),
                    outlets=tuple(self._library.list_sources()),
                    passages=self._library.count_passages(),
                    documents=self._library.count_documents(),
                    titles=read_titles(self._library.list_titles()),
                )
            return self._known

    def coverage(self, terms: Sequence[str], text: str) -> float:
        """The share of `terms` that `text` holds, rare ones counting for more: 0 to 1."""
        total, counts = self.read().passages, self._count(terms)
        weights = {t: math.log(1 + total / (counts[t] + 1)) for t in terms}
        held = overlap(terms, text)
        return sum(weights[t] for t in held) / (sum(weights.values()) or 1.0)

    def match_any(
        self,
        terms: Sequence[str],
        variants: Sequence[tuple[str, str]],
        phrases: Sequence[str],
        *,
        finds: Callable[[str], bool] = lambda match: False,
    ) -> str:
        """What FTS5 is asked for passages with any of `terms`, their `variants` or `phrases`; ""
        for none.

        In a large corpus the commonest terms are left out. Where even the rarest are common, to
        score every passage that has one takes seconds: then those are asked for that have the three
        rarest of the common ones, if that `finds` enough, or at the least two of them.
        """
        kept = self._prune(terms)
        spellings = [_quote(v) for w, v in variants if w in kept]
        counts = self._count(terms)
        if sum(counts[t] for t in kept) <= tuned.MAX_POSTINGS or len(kept) < 2:
            return _any((*map(_quote, kept), *spellings, *map(_quote, phrases)))
        rarest_first = sorted(terms, key=lambda t: (counts[t], t))
        few = tuned.MAX_POSTINGS // len(kept)
        rare = [t for t in rarest_first if counts[t] <= few]
        common = rarest_first[len(rare) :]
        parts = [*map(_quote, rare), *spellings, *self._match_phrases(phrases, few=few)]
        for size in range(min(len(common), tuned.MIN_TERMS), 1, -1):
            together = " AND ".join(map(_quote, common[:size]))
            if finds(together):
                return _any((*parts, f"({together})"))
        for place, term in enumerate(rarest_first):
            if term in kept and term in common and place:
                rarer = _any(map(_quote, rarest_first[:place]))
                parts.append(f"({_quote(term)} AND ({rarer}))")
        return _any(parts)

    def _match_phrases(self, phrases: Sequence[str], *, few: int) -> Iterator[str]:
        """`phrases`, but for one common word: the terms have it, and what holds it is put first
        when the hits are fused."""
        for phrase in phrases:
            found = words(phrase)
            if len(found) != 1 or self._count(found)[found[0]] <= few:
                yield _quote(phrase)

    def _count(self, terms: Iterable[str]) -> dict[str, int]:
        """{term: passages that hold it}."""
        counts = self.read().counts
        counts |= self._library.count_terms(t for t in terms if t not in counts)
        return {t: counts[t] for t in terms}

    def _prune(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Those of `terms` that are worth searching: all, unless the corpus is large."""
        counts = self._count(terms)
        kept: list[str] = []
        postings = 0
        for term in sorted(terms, key=lambda t: (counts[t], t)):
            postings += counts[term]
            if postings > tuned.MAX_POSTINGS and len(kept) >= tuned.MIN_TERMS:
                break
            kept.append(term)
        return tuple(t for t in terms if t in kept)


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(dict.fromkeys(parts))


def _quote(term: str) -> str:
    return '"' + fold_letters(term).replace('"', '""') + '"'
