"""Text → the exact spans of its sentences and paragraphs. Knows nothing about files or models.

Every function returns `[start, end)` spans into the text it was given, trimmed of white space at
both ends. Together they cover every character that is not white space.
"""

import re
from collections.abc import Iterator

# Text without spaces or full stops (Chinese, tables, base64) is cut at this many characters:
# about the 120 English words that a passage otherwise has.
MAX_SENTENCE_CHARACTERS = 800
_MAX_PARAGRAPH = 16_000

Span = tuple[int, int]

_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？]['\"”’»)\]]*$")


def sentences(text: str) -> list[Span]:
    """Sentence spans in order, never crossing a paragraph."""
    spans: list[Span] = []
    for start, end in paragraphs(text):
        for first, last in _boundaries(text, start, end):
            span = _trim(text, first, last)
            if span is None:
                continue
            # A "sentence" without a letter or digit ("”", "* * *") belongs to the one before it.
            if spans and spans[-1][1] > start and not _WORD.search(text, *span):
                spans[-1] = (spans[-1][0], span[1])
            else:
                spans.append(span)
    return [piece for span in spans for piece in _cut_long(text, span)]


def paragraphs(text: str) -> list[Span]:
    """Paragraph spans in order. A line is a paragraph unless the text is wrapped by hand."""
    spans: list[Span] = []
    position = last_line = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        span = _trim(text, start, position)
        if span is None:
            continue
        if spans and _continues(text, (last_line, spans[-1][1]), span):
            spans[-1] = (spans[-1][0], span[1])
            last_line = start
        else:
            spans.append(span)
            last_line = span[0]
    return spans


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


def _continues(text: str, before: Span, after: Span) -> bool:
    """Whether the line `after` goes on with the sentence of the line `before` it (text wrapped by
    hand)."""
    between = text[before[1] : after[0]]
    if between.count("\n") + between.count("\r") - between.count("\r\n") != 1:
        return False
    line = text[before[0] : before[1]]
    if _ENDS_SENTENCE.search(line):
        # A full line that ends a sentence may still be mid-paragraph; nothing is lost by a break.
        return False
    # Wrapped lines are nearly full; a headline is followed by a capital letter.
    return text[after[0]].islower() or (50 <= len(line) <= 100 and text[after[0]].isdigit())


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
