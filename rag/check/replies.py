"""A language model's reply → the text that is checked. Knows no passages and no model.

Thoughts are hidden; what only frames an answer or lists its sources is left out; markers of every
usual form ("(passage 2)", "[^1]", "According to source 3, …") become "[2]".
"""

import json
import re

from rag.language import LANGUAGE
from rag.language.sentences import sentences

_REPLIES = LANGUAGE.replies
_REPORTS = LANGUAGE.reports
_OPEN_TAG = re.compile(r"<[/|]?[a-z_|]{0,12}\Z", re.I)
_FENCE = re.compile(r"^[ \t]*```\w*[ \t]*$\n?", re.M)
_OPENS, _CLOSES = "[【(（", "]】)）"
_BRACKET = re.compile(r"[\[【(（]")
_MARKER_SIZE = 80
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*")
_BESIDE = re.compile(r"†.*\Z|,?\s*(?:pp?|para|line|l)s?\.?\s*\d[\d\s–-]*\Z", re.I | re.S)
_AND = re.compile(r"\s*(?:,\s*and\b|\band\b|&)\s*", re.I)
# "(1)" is a marker where a sentence or a clause of it ends, else a list's or an aside's number.
_ENDS = re.compile(r"\s*(?:[.,;:!?)\]\n]|\Z|[\[(【]|(?=\s[A-Z“\"]))")
_ADDRESS = re.compile(r"(?<=\d\])\((?:https?|#)[^)\s]{0,200}\)")
_LISTED = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)])?[ \t]*")
_FORMED = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)', re.S)
_FORMED_NUMBERS = re.compile(r'"passages"\s*:\s*\[([^\]]*)')
_FORM_OPENS = 40  # characters of a form before its first sentence
_LETTERS = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?:][\"”’)\]*\s]*\Z|\A[\s*(\[-]*\Z")


def hide_thoughts(text: str) -> str:
    """`text` without what a model thinks aloud; of a reply that still comes in, without a thought
    or a tag that has not ended."""
    shown: list[str] = []
    at = depth = 0
    for tag in _REPLIES.thought.finditer(text):
        if tag[1]:
            if depth == 0:  # opened in the prompt: all before it was thought
                shown.clear()
            depth = 0
        else:
            if depth == 0:
                shown.append(text[at : tag.start()])
            depth = 1
        at = tag.end()
    if depth == 0:
        shown.append(text[at:])
    return _OPEN_TAG.sub("", _REPLIES.tag.sub("", "".join(shown))).lstrip()


def read_form(text: str) -> str:
    """A reply in JSON, `{"sentences": [{"text", "passages"}]}`, whole or as far as it has come, as
    sentences with markers; any other reply as it is."""
    bare = _FENCE.sub("", hide_thoughts(text)).strip()
    if not bare.startswith("{"):
        return text
    found = list(_FORMED.finditer(bare))
    if not found:
        return "" if '"sentences"' in bare or len(bare) < _FORM_OPENS else text
    parts: list[str] = []
    for match, following in zip(found, [*found[1:], None], strict=True):
        behind = bare[match.end() : following.start() if following else len(bare)]
        numbers = _FORMED_NUMBERS.search(behind)
        marks = "".join(f"[{n}]" for n in re.findall(r"\d{1,3}", numbers[1])) if numbers else ""
        parts.append(_put_marks(_unescape(match[1]), marks))
    return " ".join(filter(None, parts))


def _unescape(text: str) -> str:
    """A JSON string's text, as far as it can be read."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:  # cut within an escape
        return text.rpartition("\\")[0]


def _put_marks(sentence: str, marks: str) -> str:
    sentence = " ".join(sentence.split())
    if not marks or "[" in sentence:
        return sentence
    end = len(sentence.rstrip(".!?"))
    return f"{sentence[:end]} {marks}{sentence[end:] or '.'}"


def read_reply(text: str, *, passages: int) -> str:
    """The claims of a reply, with "[n]" for whatever names one of so many `passages`."""
    bare = _FENCE.sub("", hide_thoughts(text))
    bare = _ADDRESS.sub("", _write_markers(bare, passages))
    lines: list[str] = []
    for line in bare.split("\n"):
        kept, ends = _without_sources(line)
        lines += [kept] if kept.strip() or not line.strip() else []
        if ends:
            break
    return "\n".join(_without_frames(line) for line in lines).strip()


def declines(text: str) -> bool:
    """Whether a reply (`read_reply`) says nothing but that its passages do not answer."""
    found = [text[start:end] for start, end in sentences(text)] or [text]
    return bool(text.strip()) and all(
        _REPLIES.declines.match(s) or _REPLIES.tells_of_lack.match(s) for s in found
    )


def _write_markers(text: str, passages: int) -> str:
    parts: list[str] = []
    at = 0
    while bracket := _BRACKET.search(text, at):
        start = bracket.start()
        parts.append(text[at:start])
        end = _closing(text, start)
        numbers = _read_marker(text, start, end, passages) if end else ""
        parts.append(f"[{numbers}]" if numbers else text[start])
        at = end if numbers else start + 1
    return "".join([*parts, text[at:]])


def _closing(text: str, start: int) -> int:
    """The place behind the bracket that closes the one at `start`; 0 where none is near."""
    depth = 0
    for place in range(start, min(len(text), start + _MARKER_SIZE)):
        if text[place] in _OPENS:
            depth += 1
        elif text[place] in _CLOSES:
            depth -= 1
            if depth == 0:
                return place + 1
        elif text[place] == "\n":
            return 0
    return 0


def _read_marker(text: str, start: int, end: int, passages: int) -> str:
    """The numbers of a marker, "1, 3" or "1-3"; "" if what stands in the brackets is none."""
    inside = text[start + 1 : end - 1]
    plain = re.sub(r"[\[\]【】()（）^*]", " ", inside)
    plain = _AND.sub(", ", _BESIDE.sub("", plain))
    named = False
    numbers = []
    for part in re.split(r"[,;]", plain):
        word = _REPLIES.marker_words.match(part.strip())
        rest = part.strip()[word.end() :].strip() if word else part.strip()
        if not _NUMBERS.fullmatch(rest):
            return ""
        named = named or rest != part.strip()
        numbers.append(rest)
    told = ", ".join(numbers)
    if text[start] in "[【" or named or "[" in inside:
        return told
    known = all(1 <= int(n) <= passages for n in re.findall(r"\d+", told))
    return told if known and start and _ENDS.match(text, end) else ""


def _without_sources(line: str) -> tuple[str, bool]:
    """`line` without a list of sources at its end, and whether nothing but that follows it."""
    found = _REPLIES.lists_sources.search(line)
    if found is None or not _SENTENCE_END.search(line[: found.start()]):
        return line, False
    if not _LETTERS.search(line[: found.start()]):
        return "", True
    if _LETTERS.search(_REPLIES.marker_words.sub("", line[found.end() :])):
        return line, False
    return line[: found.start()].rstrip(" *(["), False


def _without_frames(line: str) -> str:
    """`line` with each of its sentences bare, and a passage that is named in front behind it."""
    listed = _LISTED.match(line)
    at = listed.end() if listed else 0
    parts, last = [line[:at]], at
    for start, end in sentences(line[at:]):
        parts += [line[last : at + start], _bare(line[at + start : at + end])]
        last = at + end
    return "".join([*parts, line[last:]])


def _bare(sentence: str) -> str:
    numbers = ""
    for _ in range(2):
        if frame := _REPORTS.opening_frame.match(sentence):
            rest = sentence[frame.end() :].lstrip()
            sentence = rest[:1].upper() + rest[1:]
        if not numbers and (named := _REPLIES.names_passage.match(sentence)):
            rest = sentence[named.end() :].lstrip()
            sentence = rest[:1].upper() + rest[1:]
            numbers = _AND.sub(", ", named["one"] or named["two"])
    if not numbers or not sentence:
        return sentence
    end = len(sentence.rstrip(".!? "))
    return f"{sentence[:end]} [{numbers}]{sentence[end:]}"
