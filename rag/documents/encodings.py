"""Bytes → text: a byte-order mark, UTF-8, or the encoding that gives the likeliest words.

Knows no files. Short texts fit many code pages: each that can be is read and judged by what it
gives, with the letters and little words of the languages that are written in it.
"""

import codecs
import logging
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from rag import tuned
from rag.errors import DocumentError
from rag.language.alphabets import ALPHABETS, Alphabet

_LOG = logging.getLogger(__name__)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are the same
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{3,30})", re.IGNORECASE)
# The likeliest first: it is taken where several give words that are equally good.
_SINGLE_BYTE = (
    "cp1252 cp1250 cp1251 iso8859-2 iso8859-15 cp1254 cp1257 cp1253 cp1255 cp1256 koi8-r mac-roman"
    " cp850 cp852 cp866"
).split()
# As much as is judged, of the lines that are not plain ASCII.
_SAMPLE_BYTES = 30_000
_FOREIGN = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_BEHIND_OPENING = "$£€¿¡[(…“‘\xa0"
_SIGNS = frozenset("…\xa0•·§°º®©™²³½¼¾×")
# Where the blocks of the next script begin: Greek, Cyrillic, Hebrew, Arabic, others.
_SCRIPTS = ("\u0370", "\u0400", "\u0590", "\u0600", "\u0700")
_WORD = re.compile(r"[^\W\d_]+")


def decode(data: bytes) -> str:
    """Bytes → text: byte-order mark, then UTF-8, then the most likely legacy encoding.

    Raises:
        DocumentError: the bytes are no text, or in no encoding that can be told.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _reject_binary(data[len(bom) :].decode(encoding))
            except UnicodeDecodeError as error:
                raise DocumentError(
                    f"starts as {encoding} but breaks at byte {error.start}. Save it as UTF-8."
                ) from error
    try:
        return _reject_binary(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    for encoding in _likeliest(_sample(data)):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue  # the sample could be read, the rest cannot
        _LOG.debug("read as %s", encoding)
        return _reject_binary(text)
    raise DocumentError("is in no text encoding that can be told. Save it as UTF-8.")


def decode_html(data: bytes) -> str:
    """Bytes of a page → text: as it declares, unless it is UTF-8 or cannot be what it declares.

    Raises:
        DocumentError: as `decode`.
    """
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith(tuple(bom for bom, _ in _BOMS)):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                return _reject_binary(data.decode(declared[1].decode("ascii")))
            except (UnicodeDecodeError, LookupError):
                pass
    return decode(data)


def _sample(data: bytes) -> bytes:
    lines: list[bytes] = []
    size = 0
    for match in _FOREIGN.finditer(data):
        lines.append(match.group())
        size += len(lines[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b"".join(lines)


def _likeliest(sample: bytes) -> Iterator[str]:
    """Encodings, the one that gives the best words first."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    names = [*_SINGLE_BYTE, *([best.encoding] if best else [])]
    judged = []
    for place, name in enumerate(dict.fromkeys(map(_canonical, names))):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        foreign = sum(1 for c in text if c > "\x7f")
        cost = _cost(text, name)
        # What the detector proposes may be a script without an alphabet here.
        if best is not None or cost <= tuned.MOST_WRONG * foreign:
            judged.append((cost, place, name))
    return (name for _, _, name in sorted(judged))


def _canonical(name: str) -> str:
    return codecs.lookup(name).name


def _cost(text: str, encoding: str) -> float:
    """How much of `text` cannot be meant: signs in odd places, letters that no language has."""
    odd = sum(
        _oddness(text[i - 1] if i else " ", c, text[i + 1 : i + 2] or " ")
        for i, c in enumerate(text)
        if c > "\x7f"
    )
    odd += sum(2.0 for word in _WORD.findall(text) if not word.isascii() and _is_mixed(word))
    letters = [c for c in text.lower() if c > "\x7f" and c.isalpha()]
    if not letters:
        return odd
    words = [word.lower() for word in _WORD.findall(text)]
    known = [a for a in ALPHABETS if encoding in a.encodings]
    return odd + min(
        (_strangeness(letters, words, a) for a in known), default=tuned.LETTER_COST * len(letters)
    )


def _strangeness(letters: list[str], words: list[str], alphabet: Alphabet) -> float:
    """The letters that a language has not, and half of all as far as its little words miss.

    A letter costs something even where it fits, so that marks in their places come first: “no” is
    likelier than ōnoö.
    """
    strange = sum(1 for c in letters if c not in alphabet.letters)
    little = sum(1 for word in words if word in alphabet.words)
    return strange + len(letters) * (
        tuned.LETTER_COST - tuned.LANGUAGE_GAIN * min(1.0, 4 * little / len(words))
    )


def _oddness(before: str, sign: str, after: str) -> float:
    """How odd a character is between its neighbours, from 0."""
    if sign in "“‘":
        opens = not before.isalnum() and (after.isalnum() or after in _BEHIND_OPENING)
        # "Deutsch: „so“": closes there.
        return 0.0 if opens or (sign == "“" and not after.isalnum()) else 3.0
    if sign in "„‚«":
        return 0.0 if not before.isalnum() and not (before + after).isspace() else 3.0
    if sign in "”’»":
        return 0.0 if not before.isspace() or after.isalnum() or sign == "»" else 3.0
    if sign in "–—":
        return 0.0 if before.isspace() == after.isspace() or before in "”’.,!?" else 1.0
    if sign in "€£¥":
        return 0.0 if before.isdigit() or after.isdigit() or not (before + after).strip() else 3.0
    if sign in "¿¡":
        return 0.0 if not before.isalnum() and (after.isalnum() or after in "¿¡“«") else 3.0
    if sign in _SIGNS:
        joined = before.isalpha() and after.isalpha() and sign not in "…\xa0·"
        # "5 m²" and "3½", but no "Pawe³".
        raised = sign in "³²½¼¾×" and before.isalpha() and before not in "mkc"
        begins = sign in "°º×²³" and after.islower()
        return 3.0 if joined or raised or begins else 0.0
    if not sign.isalpha():
        return 3.0 if sign.isprintable() else 10.0
    return 2.0 if before.isdigit() or after.isdigit() else 0.0


def _is_mixed(word: str) -> bool:
    """Whether letters of two scripts, or a capital behind small ones, stand in one word."""
    if len({_script(c) for c in word}) > 1:
        return True
    return any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word))


def _script(letter: str) -> int:
    """The number of a letter's script: Latin, Greek, Cyrillic, Hebrew, Arabic, all others."""
    return bisect_right(_SCRIPTS, letter)


def _reject_binary(text: str) -> str:
    if "\x00" in text:
        raise DocumentError("is not text (it has NUL bytes). Save it as UTF-8 text.")
    return text
