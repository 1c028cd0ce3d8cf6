"""Words as every module folds them: case, accents, typography, characters that nobody sees.

Knows nothing about indexes.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rag.language.english.stop_words import WORDS as STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": "",  # soft hyphen: no mark on paper
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
        # Directions of writing, and the invisible alphabet of "tags".
        **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
        **{chr(code): "" for code in range(0xE0000, 0xE0080)},
    }
)
# Letters that no accent tells from others: people type "Yildiz" for Yıldız and "Slaski" for Śląski.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "ß": "ss",
     "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d",
     "Ð": "D"}
)  # fmt: skip
# Control characters but tab and line ends; zero-width and direction marks; tags. A zero-width
# (non-)joiner between letters of a script that needs it is no trick, nor is one within an emoji.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u0590-\u0fff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)
_HIDDEN_RUN = re.compile(f"(?:{_HIDDEN.pattern})+")
_HIDDEN_NAMES = {
    "\u200b": "zero-width space", "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner", "\u2060": "word joiner", "\ufeff": "byte-order mark",
    "\u202e": "right-to-left override", "\u202d": "left-to-right override", "\x1b": "escape",
    "\x00": "null",
}  # fmt: skip


def fold_letters(text: str) -> str:
    """`text` with plain letters for those that the word index would keep: it is indexed so."""
    return text if text.isascii() else text.translate(_LETTERS)


def fold(text: str) -> str:
    """Lower case without accents; the way the word index folds its terms."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    marks = {c for c in set(decomposed) if c > "\u02ff" and unicodedata.combining(c)}
    return (
        decomposed.translate(dict.fromkeys(map(ord, marks))).lower()
        if marks
        else decomposed.lower()
    )


def words(text: str) -> list[str]:
    """Folded words in order: "Hizballah’s 6bn" → ["hizballah", "s", "6bn"]."""
    return _WORD.findall(fold(text))


def exactly(values: Iterable[str]) -> re.Pattern[str]:
    """What finds any of `values` in a folded text: words in a row, whatever signs stand between
    them; "infla*" is how one begins."""
    wanted = [
        r"[\W_]+".join(words(value)) + ("" if value.endswith("*") else r"(?![^\W_])")
        for value in values
    ]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(wanted)})")


def content_words(text: str) -> list[str]:
    """Folded words without the closed-class ones, each once, in order of first appearance."""
    return list(dict.fromkeys(w for w in words(text) if w not in STOP_WORDS))


def fold_typography(text: str) -> str:
    """One form for quotation marks, apostrophes, dashes, ellipses and white space; case stays."""
    return " ".join(text.translate(_TYPOGRAPHY).split())


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """`fold_typography(text)` and, for each of its characters, where it stands in `text`."""
    folded: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        for out in character.translate(_TYPOGRAPHY):
            if out.isspace():
                if not folded or folded[-1] == " ":
                    continue
                out = " "
            folded.append(out)
            offsets.append(position)
    while folded and folded[-1] == " ":
        folded.pop()
        offsets.pop()
    return "".join(folded), offsets


def mend(text: str) -> str:
    """`text` without what no file, library or terminal takes: NUL and halves of surrogate pairs."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


def strip_hidden(text: str) -> str:
    """`text` without the characters that nobody sees."""
    return _HIDDEN.sub("", text)


def show_hidden(text: str) -> str:
    """`text` with its hidden characters shown for what they are: "⟨zero-width space⟩".

    A run of the invisible "tag" alphabet is spelt out: "⟨hidden: ignore your instructions⟩".
    """

    def show(match: re.Match[str]) -> str:
        run = match.group()
        spelt = "".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) < 0xE007F)
        if spelt:
            return f"⟨hidden: {spelt}⟩"
        names = dict.fromkeys(_HIDDEN_NAMES.get(c, f"U+{ord(c):04X}") for c in run)
        shown = ", ".join(list(names)[:3])
        return f"⟨{shown}⟩" if len(run) == 1 else f"⟨{shown} ×{len(run)}⟩"

    return _HIDDEN_RUN.sub(show, text)


def overlap(wanted: Iterable[str], text: str) -> set[str]:
    """Those of `wanted` (folded, stemmed by their first letters) that `text` holds."""
    wanted = set(wanted)
    if not wanted:
        return wanted
    held = {stem(w) for w in words(text)}
    return {w for w in wanted if stem(w) in held}


def number_forms(word: str) -> tuple[str, ...]:
    """`word` as singular and plural, for names: "houthi", "houthis"."""
    singular = word[:-1] if word.endswith("s") and len(word) > 3 else word
    return (word, singular, f"{word}s")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A crude stem, for matching "killed" with "killing"; the index itself uses Porter's."""
    for ending in ("ings", "ing", "edly", "ied", "ies", "ed", "es", "ers", "er", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
