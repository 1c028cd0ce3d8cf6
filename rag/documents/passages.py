"""A document → passages of whole sentences. Knows nothing about files, models or indexes.

Passages are exact `[start, end)` spans of the document's text and together cover every character
of its body that is not white space.
"""

from rag import tuned
from rag.language.sentences import Span, sentences
from rag.types import Document, Passage


def split(document: Document, *, target_words: int = tuned.TARGET_WORDS) -> list[Passage]:
    """Passages of about `target_words`, whole sentences each, the last one repeated in the next.

    `document.text[p.start:p.end] == p.text` for each passage p.
    """
    text = document.text[: document.body]
    found = sentences(text)
    words = [_count_words(text, span) for span in found]
    passages: list[Passage] = []
    first = 0
    while first < len(found):
        last, total = first, words[first]
        while last + 1 < len(found) and total + words[last + 1] <= target_words:
            last += 1
            total += words[last]
        start, end = found[first][0], found[last][1]
        passages.append(Passage(document.id, start, end, text[start:end]))
        if last + 1 == len(found):
            break
        # Repeat the last sentence, unless the passage is that one sentence or it would leave no
        # room for a new one (then the next passage would say nothing more).
        overlap = tuned.OVERLAP_SENTENCES if last > first else 0
        if words[last] + words[last + 1] > target_words:
            overlap = 0
        first = last + 1 - overlap
    return passages


def _count_words(text: str, span: Span) -> int:
    # Six characters a word bounds text that has no spaces.
    return max(len(text[span[0] : span[1]].split()), (span[1] - span[0]) // 12)
