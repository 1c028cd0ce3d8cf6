"""Reads passages by the vectors of their words, as they are kept or else made and kept.

Knows nothing about how passages were found.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence

from rag.library.embeddings import hash_text
from rag.library.library import Library
from rag.library.tokens import TokenShelf
from rag.models import BothRerankers, LateInteraction, Reranker, SpanReader
from rag.models.late import Match, Read, Tokens, match_spans, score_tokens

# Passages whose vectors stay in memory: those of the last few questions (70 KB each, unpacked).
_REMEMBERED = 256


def read_from(reranker: Reranker | None, shelf: TokenShelf) -> Reranker | None:
    """`reranker`, which reads passages by what is kept on `shelf` where it can."""
    if isinstance(reranker, LateInteraction):
        return StoredReader(reranker, shelf)
    if isinstance(reranker, BothRerankers):
        kept = [read_from(r, shelf) or r for r in reranker.rerankers]
        return BothRerankers(*kept)
    return reranker


class StoredReader:
    """A reranker of passages. Safe to share between threads."""

    def __init__(self, late: LateInteraction, shelf: TokenShelf) -> None:
        self._late = late
        self._shelf = shelf
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, Tokens] = OrderedDict()

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        return self.score_under(query, texts, [""] * len(texts))

    def score_under(self, query: str, texts: Sequence[str], heads: Sequence[str]) -> list[float]:
        found = self.load(sorted({*texts, *filter(None, heads)}))
        return score_tokens(
            self._late.encode_query(query),
            [found[text] for text in texts],
            [[found[head]] if head else [] for head in heads],
        )

    def match_spans(
        self,
        query: str,
        text: str,
        spans: Sequence[tuple[int, int]],
        *,
        over: Sequence[str] = (),
        spoken: Sequence[str] = (),
    ) -> tuple[Match, list[Read]]:
        found = self.load(sorted({text, *over, *filter(None, spoken)}))
        return match_spans(
            self._late.encode_query(query),
            found[text],
            spans,
            over=[found[head] for head in over],
            spoken=[found.get(who) for who in spoken],
        )

    def load(self, texts: Sequence[str]) -> Mapping[str, Tokens]:
        """{text: its vectors}; those that nobody kept are made and kept."""
        with self._lock:
            found = {t: self._remembered[t] for t in texts if t in self._remembered}
        hashes = {hash_text(t): t for t in texts if t not in found}
        kept = self._shelf.get(self._late.name, hashes)
        found |= {hashes[h]: Tokens.from_bytes(data) for h, data in kept.items()}
        found |= self.make([t for h, t in hashes.items() if h not in kept])
        with self._lock:
            for text in texts:
                self._remembered[text] = found[text]
                self._remembered.move_to_end(text)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    def make(self, texts: Sequence[str]) -> dict[str, Tokens]:
        """{text: its vectors}, made and kept."""
        if not texts:
            return {}
        made = dict(zip(texts, self._late.encode_texts(texts), strict=True))
        self._shelf.keep(self._late.name, {hash_text(t): v.to_bytes() for t, v in made.items()})
        return made

    def flush(self) -> None:
        """Waits until all that was made is kept."""
        self._shelf.flush()

    def missing(self, hashes: Collection[str]) -> list[str]:
        """Those of `hashes` of texts that nothing is kept of, sorted."""
        return self._shelf.missing(self._late.name, hashes)


def find_stored(reranker: object) -> StoredReader | None:
    """The one of a reranker's that reads what is kept, if any does."""
    inside = reranker.rerankers if isinstance(reranker, BothRerankers) else [reranker]
    return next((r for r in inside if isinstance(r, StoredReader)), None)


def match_sentences(
    reader: object,
    library: Library,
    query: str,
    sentences: Sequence[tuple[str, int, int]],
    spoken: Sequence[str] = (),
) -> list[tuple[Read, Match]] | None:
    """How near each (document, start, end), and the passage it stands in, come to `query`.

    With `spoken`, which names who says each, what stands over them counts too: title, outlet, day.
    None where `reader` is no reranker that can tell parts of a passage.
    """
    if not isinstance(reader, SpanReader):
        return None
    matches = [(Read(), Match())] * len(sentences)
    ids = sorted({document_id for document_id, _, _ in sentences})
    heads = library.list_heads(ids) if spoken else {}
    for id_ in ids:
        mine = [n for n, sentence in enumerate(sentences) if sentence[0] == id_]
        first, last = (f(sentences[n][1] for n in mine) for f in (min, max))
        for passage in library.passages_over(id_, first, last + 1):
            start, end = passage.start, passage.end
            inside = [n for n in mine if start <= sentences[n][1] < end]
            spans = [(sentences[n][1] - start, sentences[n][2] - start) for n in inside]
            read = reader.match_spans(
                query,
                passage.text,
                spans,
                over=[heads[id_]] if heads.get(id_) else (),
                spoken=[spoken[n] for n in inside] if spoken else (),
            )
            if read is None:
                return None
            for n, match in zip(inside, read[1], strict=True):
                matches[n] = (match, read[0])
    return matches
