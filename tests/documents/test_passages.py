"""Spans are exact and cover everything, whatever the text."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag import tuned
from rag.documents.passages import split
from rag.language.sentences import MAX_SENTENCE_CHARACTERS, sentences, unwrap
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


FLOWING = (
    "The trust paid Kestrel Limited a total of £1,204,500 between April 2019 and March 2020.",
    "The deputy Minister of Finance, and the Minister of Trade of the U.S. administration, "
    "approved the payment in January.",
    "Mrs. P. Vance, Mr. T. Lyle and Dr. Shah voted in favour of it on 6 Jan. 2020, and nobody "
    "else was asked.",
)


@pytest.mark.parametrize("width", range(40, 100, 7))
def test_the_end_of_a_full_line_is_no_end_of_a_sentence(width: int) -> None:
    text = textwrap.fill(" ".join(FLOWING), width)
    assert [" ".join(text[s:e].split()) for s, e in sentences(text)] == list(FLOWING)


def test_a_line_set_short_within_a_wrapped_paragraph_goes_on() -> None:
    text = (
        "The inspectorate has been asked by several councils to set out what was\n"
        "done at the bridge. It was closed because two of the hangers had lost a\n"
        "third of their section, and the road was sent round through\n"
        "Melling. The House knows\n"
        "it. The pump failed on the advice of Dr.\n"
        "Hanna Weiss of the Institute, who had been asked to look at the section\n"
        "of the road."
    )
    assert [" ".join(text[s:e].split()) for s, e in sentences(text)][1:] == [
        "It was closed because two of the hangers had lost a third of their section, and the road "
        "was sent round through Melling.",
        "The House knows it.",
        "The pump failed on the advice of Dr. Hanna Weiss of the Institute, who had been asked to "
        "look at the section of the road.",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Shall I compare thee", "Thou art more lovely", "Rough winds do shake", "And summer"],
        ["Kelvik Harbour Office", "12 Quay Street", "Kelvik", "Norway"],
        ["A headline", "By Lucy Hart", "12 January 2024", "The pumps failed: nobody cared."],
        ["- flour", "- butter and two hundred grams of sugar, sifted", "- 3 eggs", "- Salt"],
    ],
)
def test_verse_addresses_headings_and_lists_keep_their_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [text[s:e] for s, e in sentences(text)] == lines


def test_the_number_of_an_item_belongs_to_its_words() -> None:
    text = "1. The quay is closed.\n\n2. The bridge is open."
    assert [text[s:e] for s, e in sentences(text)] == [
        "1. The quay is closed.",
        "2. The bridge is open.",
    ]


def test_a_list_in_a_wrapped_text_is_no_wrapped_text_of_its_own() -> None:
    body = textwrap.fill(" ".join(FLOWING * 3), 70)
    items = [f"harbour number {n} of the northern coast" for n in range(1, 7)]
    text = f"{body}\n\n" + "\n".join(item.capitalize() for item in items)
    flowing = unwrap(text)
    assert sentences(flowing, unwrapped=True) == sentences(text)
    assert [text[s:e].lower() for s, e in sentences(text)][-6:] == items
