"""Words of a question against the words of the corpus: mistypings and other spellings of a name.

Knows nothing about questions or indexes. What is a variant of what ("Hezbollah", "Hizballah") is
learnt from the corpus: the same consonants, and the same words around both. Whether a word that the
corpus lacks is English all the same is told by a list of general words.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping

from rag import tuned
from rag.language import LANGUAGE
from rag.language.stems import skeleton
from rag.language.words import content_words, stem

_SPELLING = LANGUAGE.spelling
_STOP_WORDS = LANGUAGE.stop_words.words

_WORD = re.compile(r"\w+")


class Vocabulary(ABC):
    """The words of a corpus, folded."""

    def __init__(self) -> None:
        self._sounds: dict[str, dict[str, list[str]]] = {}
        self._companies: dict[str, frozenset[str]] = {}
        self._written: dict[str, str] = {}

    @abstractmethod
    def count(self, word: str) -> int:
        """How many documents hold `word`; 0 for none."""

    def has(self, word: str) -> bool:
        """Whether any document holds `word`."""
        return self.count(word) > 0

    @abstractmethod
    def starting(self, prefix: str) -> Mapping[str, int]:
        """{word: documents that hold it} of all words that start with `prefix`."""

    @abstractmethod
    def contexts(self, word: str) -> list[tuple[str, str]]:
        """Some places where `word` stands: (as written there, the words around it)."""

    def sounding_like(self, word: str) -> list[str]:
        """The words of the corpus with the consonants of `word`, itself among them."""
        letters = _SPELLING.same_start.get(word[0], word[0])
        if letters not in self._sounds:
            sounds: dict[str, list[str]] = {}
            for letter in letters:
                for other in self.starting(letter):
                    if len(other) >= tuned.MIN_VARIANT and other.isalpha():
                        sounds.setdefault(skeleton(other), []).append(other)
            self._sounds[letters] = sounds
        return self._sounds[letters].get(skeleton(word), [])

    def written(self, word: str) -> str:
        """`word` as the corpus writes it most: with a capital if it is a name there."""
        if word not in self._written:
            forms = Counter(form for form, _ in self.contexts(word))
            small = sum(n for form, n in forms.items() if not form[:1].isupper())
            named = small <= tuned.MOSTLY_SMALL * forms.total()
            shown = [f for f, _ in forms.most_common() if f[:1].isupper() == named]
            self._written[word] = shown[0] if shown else word
        return self._written[word]

    def company(self, word: str) -> frozenset[str]:
        """The content words around a name; none for a word that is mostly written small."""
        if word not in self._companies:
            named = self.written(word)[:1].isupper()
            around = " ".join(near for _, near in self.contexts(word)) if named else ""
            self._companies[word] = frozenset(content_words(around))
        return self._companies[word]


class WordList(Vocabulary):
    """A vocabulary held in memory: {word: documents that hold it}, and texts for contexts."""

    def __init__(self, counts: Mapping[str, int], *, texts: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._counts = counts
        self._texts = texts

    def count(self, word: str) -> int:
        return self._counts.get(word, 0)

    def starting(self, prefix: str) -> Mapping[str, int]:
        return {w: n for w, n in self._counts.items() if w.startswith(prefix)}

    def contexts(self, word: str) -> list[tuple[str, str]]:
        return [place for text in self._texts for place in find_contexts(word, text)]


def find_contexts(word: str, text: str) -> list[tuple[str, str]]:
    """(word as written, the few words around it) for each place of `word` in `text`."""
    places: list[tuple[str, str]] = []
    for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
        before = _WORD.findall(text[max(0, match.start() - 60) : match.start()])
        after = _WORD.findall(text[match.end() : match.end() + 60])
        # The outermost word of either cut may be half a word.
        near = [*before[1:][-tuned.CONTEXT_WORDS :], *after[:-1][: tuned.CONTEXT_WORDS]]
        places.append((match.group(), " ".join(near)))
    return places


def is_known(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the corpus has `word`, in this or another inflection."""
    if vocabulary.has(word):
        return True
    root = stem(word)
    return any(stem(w) == root for w in vocabulary.starting(root[: max(3, len(root) - 1)]))


def is_general(word: str) -> bool:
    """Whether `word` (folded) is English, or a name that many know, whatever the corpus holds."""
    from rag.models import general_words

    known = general_words()

    def stands(base: str) -> bool:
        # "stopped" → "stopp" → "stop"
        twice = len(base) > tuned.MIN_BASE and base[-1] == base[-2] and base[:-1] in known
        return len(base) >= tuned.MIN_BASE and (base in known or twice)

    if word in known or word in _STOP_WORDS:
        return True
    begun = [
        word,
        *(word.removeprefix(b) for b in _SPELLING.beginnings if word.startswith(b)),
    ]
    return any(
        stands(w.removesuffix(ending) + rest) if w.endswith(ending) else w != word and stands(w)
        for w in begun
        for ending, rest in _SPELLING.endings
    )


def is_slip(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` as fingers slip or as ears hear it, and no other name.

    Letters doubled or swapped, one lost or added, or in a long word other vowels ("Hizbolah",
    "Hizballah"). Not what tells two names apart: another letter, another ending ("Larsen",
    "Larson"; "Rahmani", "Rahman").
    """
    heard = min(len(typed), len(meant)) >= tuned.MIN_HEARD and skeleton(typed) == skeleton(meant)
    typed, meant = (re.sub(r"(.)\1+", r"\1", w) for w in (typed, meant))
    if typed == meant or (heard and typed[-3:] == meant[-3:]):
        return True
    if len(typed) == len(meant):
        differ = [i for i, (a, b) in enumerate(zip(typed, meant, strict=True)) if a != b]
        i = differ[0]
        return differ == [i, i + 1] and typed[i] == meant[i + 1] and typed[i + 1] == meant[i]
    short, long = sorted((typed, meant), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(1, len(long) - 1))


def respell(word: str, vocabulary: Vocabulary) -> str | None:
    """The word that `word`, unknown to the corpus, was most likely meant to be, if one is near.

    Short words are one letter away from too many others ("jets", "Jews"): they may only be a
    mistyped word of the closed class ("wat").
    """
    if len(word) < 3 or not word.isalpha():
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

    if len(word) < 5:
        counts: Mapping[str, int] = {w: 1 for w in _STOP_WORDS if len(w) >= 3 and w[0] == word[0]}
    else:
        counts = vocabulary.starting(word[0])
    nearest = process.extract(
        word,
        [w for w in counts if abs(len(w) - len(word)) <= 2 and w.isalpha()],
        scorer=JaroWinkler.normalized_similarity,
        limit=None if len(word) < 5 else 10,
        score_cutoff=0.0 if len(word) < 5 else tuned.MIN_SIMILARITY,
    )
    allowed = 1 if len(word) < 8 else 2
    ranked = sorted(
        (DamerauLevenshtein.distance(word, w), -score, -counts[w], w) for w, score, _ in nearest
    )
    return ranked[0][3] if ranked and ranked[0][0] <= allowed else None


def find_variants(word: str, vocabulary: Vocabulary, *, limit: int = 3) -> list[str]:
    """Other spellings of the name `word` in the corpus, the commonest first."""
    if (
        len(word) < tuned.MIN_VARIANT
        or len(skeleton(word)) < tuned.MIN_SKELETON
        or not word.isalpha()
    ):
        return []
    if not vocabulary.has(word):
        return []
    from rapidfuzz.distance import DamerauLevenshtein

    near = [
        other
        for other in vocabulary.sounding_like(word)
        if not other.startswith(word)
        and not word.startswith(other)
        and stem(other) != stem(word)
        and DamerauLevenshtein.distance(word, other) <= _allowed(word)
    ]
    mine = vocabulary.company(word) if near else frozenset()
    near = [other for other in near if _keep_company(mine, vocabulary.company(other))]
    return sorted(near, key=lambda w: (-vocabulary.count(w), w))[:limit]


def _allowed(word: str) -> int:
    # "Reagan" and "Rogan" are two names; "Sulaymani" and "Soleimani", three letters apart, are one.
    return 1 if len(word) < 7 else 2 if len(word) < 9 else 3


def _keep_company(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    shared = len(mine & theirs)
    smaller = min(len(mine), len(theirs))
    # A name that stands only once or twice has too little company to share three words of it.
    enough = min(tuned.MIN_SHARED, max(1, smaller // 4))
    return smaller > 0 and shared >= enough and shared >= tuned.MIN_SHARED_RATIO * smaller
