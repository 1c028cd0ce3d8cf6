"""Spans are exact and cover everything, whatever the text."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from rag import tuned
from rag.documents.passages import split
from rag.language.sentences import MAX_SENTENCE_CHARACTERS, sentences
from rag.types import Document

PIECES = st.sampled_from(
    [
        "He said: “We woke up to a war,” and left.",
        "The same sentence again. The same sentence again.",
        "Sen. Tammy Baldwin met Mr. Smith on Nov. 3.",
        "a\u00a0non-breaking\u00a0space",
        "👩‍👩‍👧 emoji 🎉!",
        "“Nested ‘inner’ quotes’”",
        "\r\n",
        "\r\n\r\n",
        "\n\n\n",
        "\t",
        " ",
        "漢字だけの文章です。次の文。",
        "x" * 1700,
        "word " * 200,
        "...",
        "”",
        "\u2028",
        "\x0b",
        "\u200b",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("".join))


def document(text: str) -> Document:
    return Document("d.txt", "Title", None, None, text, "0" * 64)


@given(TEXTS)
@example("")
@example("One. One. One.")
@example("A line\r\nwrapped by hand\r\nover three.")
def test_sentences_are_ordered_trimmed_and_cover_every_visible_character(text: str) -> None:
    spans = sentences(text)
    covered: set[int] = set()
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert end - start <= MAX_SENTENCE_CHARACTERS
        covered.update(range(start, end))
        position = end
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())


@given(TEXTS)
def test_passages_are_exact_spans_and_cover_every_visible_character(text: str) -> None:
    passages = split(document(text))
    covered: set[int] = set()
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        covered.update(range(passage.start, passage.end))
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())
    assert len({p.id for p in passages}) == len(passages)


def test_passages_hold_about_120_words_and_share_one_sentence() -> None:
    text = " ".join(f"Sentence number {i} has exactly eight words here." for i in range(100))
    passages = split(document(text))
    assert all(100 <= len(p.text.split()) <= tuned.TARGET_WORDS for p in passages[:-1])
    for before, after in pairwise(passages):
        shared = text[after.start : before.end]
        assert len(sentences(shared)) == 1


def test_a_sentence_never_crosses_a_paragraph_and_abbreviations_do_not_end_one() -> None:
    text = "A headline\nSen. Smith met Mr. Jones on Nov. 3 in the U.S. capital. They left.\n\nEnd."
    assert [text[s:e] for s, e in sentences(text)] == [
        "A headline",
        "Sen. Smith met Mr. Jones on Nov. 3 in the U.S. capital.",
        "They left.",
        "End.",
    ]


def test_text_wrapped_by_hand_is_read_as_one_paragraph() -> None:
    text = "The committee met on Monday and decided that the\nbridge should be closed to lorries."
    assert len(sentences(text)) == 1
