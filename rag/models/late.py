"""Late interaction: every word of a question against every word of a text. Knows no passages.

answerai-colbert-small-v1, int8 (Apache-2.0). A text's vectors are small enough to be kept: turned
and cut from 384 to 128 dimensions by a fixed matrix (`projection.npy`, an uncentred PCA of the
seeds' words, rotated at random so that no dimension weighs more than another:
benchmarks/projection.py makes it), and 4 bits each. What that costs cannot be told from noise, and
marks of punctuation, which ColBERT leaves out too, are not kept: benchmarks/RESULTS.md.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag import tuned
from rag.language import LANGUAGE
from rag.models.onnx import LATE_FOLDER, OnnxEncoder, in_parallel, packaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Places = NDArray[np.uint16]
    Codes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_LITTLE = LANGUAGE.stop_words.words | LANGUAGE.questions.words
_DIMENSIONS = 128
_LEVELS = 16
# Of a unit vector of so many dimensions one is rarely further out than 2.6 standard deviations.
_STEP = 2.6 / (_DIMENSIONS**0.5) / (_LEVELS / 2)
# Where [CLS] and the marker stand: before every span of the text.
_BEFORE = 0xFFFF


@dataclass(frozen=True)
class Tokens:
    """The vectors of a text's words.

    `starts` (n,) is where each begins, in characters; `codes` (n, 64) holds two dimensions a byte.
    """

    starts: "Places"
    codes: "Codes"

    @classmethod
    def from_bytes(cls, data: bytes) -> "Tokens":
        import numpy as np

        rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, 2 + _DIMENSIONS // 2)
        return cls(rows[:, :2].copy().view("<u2")[:, 0], rows[:, 2:])

    def to_bytes(self) -> bytes:
        import numpy as np

        starts = self.starts.astype("<u2").reshape(-1, 1).view(np.uint8)
        return np.concatenate([starts, self.codes], axis=1).tobytes()

    @cached_property
    def vectors(self) -> "Vectors":
        """(n, 128), about of unit length."""
        unpacked: Vectors = _levels()[self.codes].reshape(len(self.starts), _DIMENSIONS)
        return unpacked


@dataclass(frozen=True, slots=True)
class Asked:
    """The vectors of a question's words (n, 128), and which of them tell what it is about (n,)."""

    vectors: "Vectors"
    telling: "Mask"


@dataclass(frozen=True, slots=True)
class Match:
    """How near a text or a part of it comes to a question: cosines, about .5 to .95.

    `whole` is the mean over all of its words of the best one here, `telling` over those that tell
    what it is about, `least` the least of those: a word that nothing here comes near to.
    """

    whole: float = 0.0
    telling: float = 0.0
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Read:
    """How near one sentence comes, alone and `around`: with the sentences before and behind it."""

    alone: Match = Match()
    around: Match = Match()


class LateInteraction:
    """Scores texts by the mean, over the query's tokens, of the best cosine with any token of the
    text (Khattab and Zaharia 2020)."""

    # Changes whenever what is kept would.
    name = "answerai-colbert-small-v1-int8/128x4"
    _QUERY, _TEXT = "[unused0]", "[unused1]"

    def __init__(self) -> None:
        self._encoder = OnnxEncoder(lambda: packaged(LATE_FOLDER), markers=1)
        self._lock = threading.Lock()
        self._asked: tuple[str, Asked | None] = ("", None)

    def encode_texts(self, texts: Sequence[str]) -> list[Tokens]:
        """On all cores; this is what takes the time."""
        return list(in_parallel(self._encode_text, texts))

    def encode_query(self, query: str) -> Asked:
        """A question's words; the last one's stay in memory, for its parts are read in turn."""
        import numpy as np

        with self._lock:
            known, asked = self._asked
        if asked is None or known != query:
            vectors = self._project(query, self._QUERY)
            tokens = self._encoder.tokens(query)
            tokens = [tokens[0], self._QUERY, *tokens[1:]]
            telling = np.array([_tells(token) for token in tokens])
            if not telling.any():  # "Who is it?"
                telling[2:-1] = True
            asked = Asked(vectors, telling if telling.any() else ~telling)
            with self._lock:
                self._asked = (query, asked)
        return asked

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Of texts that are read for this alone; `search.late` reads those that were kept."""
        return score_tokens(self.encode_query(query), self.encode_texts(texts))

    def _encode_text(self, text: str) -> Tokens:
        import numpy as np

        vectors = self._project(text, self._TEXT)
        starts = self._encoder.token_starts(text)
        # [CLS] and the marker stand before the words, [SEP] behind them.
        words = [n for n, start in enumerate(starts) if text[start].isalnum()]
        kept = vectors[[0, 1, *(n + 2 for n in words)]]
        levels = np.clip(np.floor(kept / _STEP) + _LEVELS // 2, 0, _LEVELS - 1).astype(np.uint8)
        places = np.array([_BEFORE, _BEFORE, *(starts[n] for n in words)], dtype=np.uint16)
        return Tokens(places, levels[:, ::2] << 4 | levels[:, 1::2])

    def _project(self, text: str, marker: str) -> "Vectors":
        import numpy as np

        turned = self._encoder.run(text, marker=marker)[0] @ _projection()
        unit: Vectors = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        return unit


def score_tokens(
    asked: Asked, texts: Sequence[Tokens], about: Sequence[Sequence[Tokens]] = ()
) -> list[float]:
    """How well each text answers, as `LateInteraction` says; `about` is what stands over each."""
    import numpy as np

    if not texts:
        return []
    lengths = [len(t.starts) for t in texts]
    cosines = asked.vectors @ np.concatenate([t.vectors for t in texts]).T
    firsts = np.cumsum([0, *lengths[:-1]])
    best = np.maximum.reduceat(cosines, firsts, axis=1)
    for column, over in enumerate(about):
        best[:, column] = np.maximum(best[:, column], _head(asked, over))
    return [float(score) for score in best.mean(axis=0)]


def match_spans(
    asked: Asked,
    text: Tokens,
    spans: Sequence[tuple[int, int]],
    *,
    over: Sequence[Tokens] = (),
    spoken: Sequence[Tokens | None] = (),
) -> tuple[Match, list[Read]]:
    """How near a text comes, and each span of it, read within the text and under its head.

    `over` is what is said once and holds for every sentence (in what, when), `spoken` who says
    each.
    """
    import numpy as np

    cosines = asked.vectors @ text.vectors.T
    head = _head(asked, over)
    bests: list[Vectors | None] = []
    for number, (start, end) in enumerate(spans):
        inside = (text.starts >= start) & (text.starts < end) & (text.starts != _BEFORE)
        voice = spoken[number] if spoken else None
        known = head if voice is None else np.maximum(head, _head(asked, [voice]))
        bests.append(np.maximum(cosines[:, inside].max(axis=1), known) if inside.any() else None)
    found: list[Read] = []
    for number, best in enumerate(bests):
        if best is None:
            found.append(Read())
            continue
        around = best
        for other in (*bests[max(0, number - 1) : number], *bests[number + 1 : number + 2]):
            if other is not None:
                around = np.maximum(around, tuned.HEAD_COUNTS * other)
        found.append(Read(_match(asked, best), _match(asked, around)))
    return _match(asked, np.maximum(cosines.max(axis=1), head)), found


def _head(asked: Asked, about: Sequence[Tokens]) -> "Vectors":
    """How near what stands over a text comes to each of a question's words, as far as it counts."""
    import numpy as np

    best: Vectors = np.zeros(len(asked.vectors), dtype=np.float32)
    for head in about:
        best = np.maximum(best, tuned.HEAD_COUNTS * (asked.vectors @ head.vectors.T).max(axis=1))
    return best


def _match(asked: Asked, best: "Vectors") -> Match:
    telling = best[asked.telling]
    return Match(float(best.mean()), float(telling.mean()), float(telling.min()))


def _tells(token: str) -> bool:
    """Whether a token tells what a question is about: no special one, no little word, no mark."""
    special = token.startswith("[") and token.endswith("]")
    return not special and any(c.isalnum() for c in token) and token not in _LITTLE


@lru_cache(maxsize=1)
def _projection() -> "Vectors":
    import numpy as np

    matrix: Vectors = np.load(Path(__file__).with_name("projection.npy")).astype(np.float32)
    return matrix


@lru_cache(maxsize=1)
def _levels() -> "Vectors":
    """What each byte of a code stands for: (256, 2)."""
    import numpy as np

    values = (np.arange(_LEVELS) - _LEVELS / 2 + 0.5) * _STEP
    pairs: Vectors = np.stack([values.repeat(_LEVELS), np.tile(values, _LEVELS)], axis=1).astype(
        np.float32
    )
    return pairs
