"""Text → the exact spans of its sentences and paragraphs. Knows nothing about files or models.

Every function but `unwrap` returns `[start, end)` spans into the text it was given, trimmed of
white space at both ends. Together they cover every character that is not white space.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rag import tuned

# Text without spaces or full stops (Chinese, tables, base64) is cut at this many characters:
# about the 120 English words that a passage otherwise has.
MAX_SENTENCE_CHARACTERS = 800
_MAX_PARAGRAPH = 16_000

Span = tuple[int, int]

_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？]['\"”’»)\]]*$")
_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]++")
# What begins a line of its own: an item of a list, a heading, a quoted mail, a speaker, a time.
_OWN_LINE = re.compile(
    r"[-*•–—▪‣◦·>#|]\s|[#>]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,3})[.)]\s|\[?\d{1,2}:\d\d"
    r"|(?:[A-Z][A-Z'’-]*+\.? ){0,4}[A-Z][A-Z'’-]++[.:]\s"
)
# Who writes, and when: "**Priya Nair** [11:09 PM]".
_STAMP = re.compile(r"[\[(]\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]$")
_QUESTION, _REPLY = (re.compile(rf"^[^\S\n]*{letter}[:.]\s", re.MULTILINE) for letter in "QA")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]")
_NOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s*")


def sentences(text: str, *, unwrapped: bool = False) -> list[Span]:
    """Sentence spans in order, never crossing a paragraph; `unwrapped` as in `paragraphs`."""
    spans: list[Span] = []
    flowing = text if unwrapped else unwrap(text)
    for start, end in paragraphs(flowing, unwrapped=True):
        for first, last in _boundaries(flowing, start, end):
            span = _trim(text, first, last)
            if span is None:
                continue
            # A "sentence" without a letter or digit ("”", "* * *") belongs to the one before it,
            # and the number of an item to its words.
            before = spans[-1] if spans and spans[-1][1] > start else None
            # "It fell.¹ The trader left.": the mark of a note is of the sentence before it.
            if before and before[1] == span[0] and (mark := _NOTE_MARK.match(text, *span)):
                spans[-1] = before = (before[0], span[0] + len(mark.group().rstrip()))
                if mark.end() == span[1]:
                    continue
                span = (mark.end(), span[1])
            if before and not _WORD.search(text, *span):
                spans[-1] = (before[0], span[1])
            elif before and before[0] == start and _NUMBER.fullmatch(text, *before):
                spans[-1] = (start, span[1])
            else:
                spans.append(span)
    return [piece for span in spans for piece in _cut_long(text, span)]


def paragraphs(text: str, *, unwrapped: bool = False) -> list[Span]:
    """Paragraph spans in order. A line is a paragraph unless the text is wrapped by hand.

    A text that `unwrap` gave is `unwrapped`: a second time, the lists that were left would look
    like wrapped text themselves.
    """
    return [
        span
        for line in _LINE.finditer(text if unwrapped else unwrap(text))
        if (span := _trim(text, line.start(), line.end())) is not None
    ]


def is_question(sentence: str) -> bool:
    """Whether a sentence ends in a question mark, whatever closes behind it."""
    return sentence.rstrip("\"”’') ").endswith("?")


def unwrap(text: str) -> str:
    """`text`, as long, with a space for each line break that is only where a line was full.

    A text is wrapped by hand where most lines that another follows directly are so full that the
    next word would not have fitted. Only such a break is no end of a sentence, whatever the next
    line begins with ("a total of / £1,204,500"); elsewhere a line that begins with a small letter
    goes on with the one before, if that ends no sentence.
    """
    lines = [
        span for line in _LINE.finditer(text) if (span := _trim(text, *line.span())) is not None
    ]
    pairs = [
        (before, after)
        for before, after in pairwise(lines)
        if _is_one_break(text[before[1] : after[0]])
    ]
    if not pairs:
        return text
    width = _width([end - start for (start, end), _ in pairs])
    asked = _QUESTION.search(text) is not None and _REPLY.search(text) is not None
    full = [_is_full(text, before, after, width) for before, after in pairs]
    wrapped = sum(full) >= tuned.WRAPPED_SHARE * len(full)
    pieces: list[str] = []
    position = 0
    for number, ((before, after), is_full) in enumerate(zip(pairs, full, strict=True)):
        if asked and text[after[0]] in "QA" and text[after[0] + 1 : after[0] + 2] in (":", "."):
            continue
        # A line that was set short within a wrapped paragraph goes on, too.
        beside = [
            full[n]
            for n in (number - 1, number + 1)
            if 0 <= n < len(pairs) and (pairs[n][1] == before or pairs[n][0] == after)
        ]
        within = wrapped and any(beside) and before[1] - before[0] >= width / 2
        if _goes_on(text, before, after, is_full=wrapped and is_full, within=within):
            pieces += (text[position : before[1]], " " * (after[0] - before[1]))
            position = after[0]
    return "".join(pieces) + text[position:] if pieces else text


def _is_one_break(between: str) -> bool:
    return between.count("\n") + between.count("\r") - between.count("\r\n") == 1


def _width(lengths: list[int]) -> int:
    """The width that lines were wrapped at: the widest that a fifth of them come near; else 0."""
    ordered = sorted(
        (n for n in lengths if tuned.WRAPPED_NARROWEST <= n <= tuned.WRAPPED_WIDEST), reverse=True
    )
    need = max(2, len(lengths) // 5)
    for place, widest in enumerate(ordered):
        if (
            place + need <= len(ordered)
            and ordered[place + need - 1] >= widest - tuned.WRAPPED_RAGGED
        ):
            return widest
    return 0


def _is_full(text: str, before: Span, after: Span, width: int) -> bool:
    word = re.compile(r"\S+").match(text, after[0])
    length = word.end() - word.start() if word else 0
    # A line beyond the width was not wrapped at it.
    line = before[1] - before[0]
    return line <= width < line + 1 + length


def _goes_on(text: str, before: Span, after: Span, *, is_full: bool, within: bool) -> bool:
    """Whether the line `after` goes on with the sentence of the line `before` it.

    `within` is set where one of them is `is_full` towards its other neighbour.
    """
    if _OWN_LINE.match(text, after[0], after[1]):
        return False
    if is_full:
        # "to the U.S. / supplier": whether a sentence ends there is for the words to say.
        return True
    line = text[before[0] : before[1]]
    if _STAMP.search(line):
        return False
    if _ENDS_SENTENCE.search(line):
        return _is_title(line)
    return within or text[after[0]].islower() or _hangs(line)


def _is_title(line: str) -> bool:
    """Whether a line ends in a title that a name follows: "on the advice of Dr."."""
    from rag.language import LANGUAGE

    title = LANGUAGE.titles.at_end.search(line)
    return title is not None and len(title.group()) > 2  # an initial may end a sentence


def _hangs(line: str) -> bool:
    """Whether a line ends in a word that no sentence ends in: "approved the payment in"."""
    from rag.language import LANGUAGE

    words = line.split()
    return len(words) > 2 and words[-1].lower() in LANGUAGE.grammar.hanging


def _boundaries(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one paragraph, with the white space behind them."""
    from sentencex import get_sentence_boundaries

    while start < end:
        # sentencex takes the square of a paragraph's marks: a very long one is read bit by bit.
        stop = min(end, start + _MAX_PARAGRAPH)
        found = [
            (start + f["start_index"], start + f["end_index"])
            for f in get_sentence_boundaries("en", text[start:stop])
        ]
        if stop < end and len(found) > 1:
            stop = found.pop()[0]  # its end may not have been seen
        yield from found
        start = stop


def _cut_long(text: str, span: Span) -> list[Span]:
    start, end = span
    pieces: list[Span] = []
    while end - start > MAX_SENTENCE_CHARACTERS:
        cut = text.rfind(" ", start + MAX_SENTENCE_CHARACTERS // 2, start + MAX_SENTENCE_CHARACTERS)
        cut = cut if cut > start else start + MAX_SENTENCE_CHARACTERS
        piece = _trim(text, start, cut)
        if piece is not None:
            pieces.append(piece)
        start = cut
    piece = _trim(text, start, end)
    return [*pieces, piece] if piece is not None else pieces


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
