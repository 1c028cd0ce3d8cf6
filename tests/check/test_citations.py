"""A model's text is taken apart; what the evidence does not bear out is rejected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.check.citations import Verified, verify
from rag.check.cutting import parse_markers
from rag.types import Document, Evidence, Passage

TEXT = (
    "“We woke up to a war,” said a Hezbollah commander.\r\n"
    "Iran’s leader said it will not enter the war – on anyone’s behalf. It costs $100 million."
)
OTHER = 'The baker said: "Bread is life."'
DOCUMENTS = {
    "a.txt": Document("a.txt", "A", "Reuters", "2023-11-16", TEXT, "0" * 64),
    "b.txt": Document("b.txt", "B", None, None, OTHER, "1" * 64),
}
EVIDENCE = [
    Evidence(1, Passage("a.txt", 0, len(TEXT), TEXT)),
    Evidence(2, Passage("b.txt", 0, len(OTHER), OTHER)),
]


def check(text: str) -> Verified:
    return verify(text, EVIDENCE, documents=DOCUMENTS)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ('A commander said "We woke up to a war" [1].', "We woke up to a war"),
        ("A commander said “We woke up to a war.” [1]", "We woke up to a war"),
        ('Iran "will not enter the war - on anyone\'s behalf" [1].',
         "will not enter the war – on anyone’s behalf"),
        ('Iran said "it   will not enter" [1].', "it will not enter"),
        ('The baker said "Bread is life." [2]', "Bread is life."),
        ("Here it stands: “Bread is life”, said the baker.", "Bread is life"),
        ("The baker said: 'Bread is life' [2].", "Bread is life"),
        ("> Bread is life\n\nThe baker said so [2].", "Bread is life"),
        ('A commander said "[w]e woke up" [1].', "We woke up"),
        ('"we woke up to a war" [1].', "We woke up to a war"),  # within a sentence it begins small
        ('Iran “will not … on anyone’s behalf” [1].',
         "will not enter the war – on anyone’s behalf"),
        ('The leader said "it [Iran] will not enter the war" [1].',
         "it will not enter the war"),
    ],
)  # fmt: skip
def test_a_true_quotation_is_cited_where_it_stands(text: str, quote: str) -> None:
    verified = check(text)
    assert not verified.rejected
    assert quote in [c.quote for c in verified.citations]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('Iran "will enter the war" [1].', "quote"),  # the "not" is gone
        ('Iran "will never enter the war" [1].', "quote"),  # a word was changed
        ('"We woke up to war" [1].', "quote"),  # a word was dropped
        ('"woke up to a wa" [1].', "quote"),  # a word was cut
        ('Iran "will … enter the war" [1].', "quote"),  # the ellipsis hides the "not"
        ("Iran said ‘will enter the war’ [1].", "quote"),
        ('A commander said "We woke up to a peace [1].', "quote"),  # never closed
        ("> We woke up to a peace\n\nIt costs $100 million [1].", "quote"),
        ("It costs $100 million [99].", "marker"),
        ("It costs $100 million [0].", "marker"),
        ("It costs $100 million [1, 7].", "marker"),
        ("It costs $100 million [1] (see https://x.example/?q=war).", "link"),
    ],
)
def test_what_stands_nowhere_is_rejected(text: str, kind: str) -> None:
    verified = check(text)
    assert kind in [r.kind for r in verified.rejected]
    assert all(c.quote in (TEXT + OTHER) for c in verified.citations)
    if kind != "marker":
        assert verified.failed


def test_what_fails_is_no_part_of_the_text_but_of_the_sentences() -> None:
    verified = check('Iran "will enter the war" [1]. It costs $100 million [1].')
    assert verified.text == "It costs $100 million [1]."
    assert [s.status for s in verified.sentences] == ["unsupported", "supported"]
    assert "stands word for word in no passage" in verified.sentences[0].reasons[0]


def test_a_marker_that_names_no_passage_goes_and_the_sentence_stays_if_another_bears_it() -> None:
    verified = check("It costs $100 million [1][99].")
    assert verified.text == "It costs $100 million [1]."
    assert [r.text for r in verified.rejected] == ["[99]"]


@pytest.mark.parametrize(
    ("text", "status", "stands"),
    [
        ("The cost is $100 million [1].", "supported", True),
        ("The cost is $100 million.", "supported", True),  # no marker: its passage is found
        ("The dog ate the homework of forty children.", "uncited", False),
        ("The documents disagree:", "uncited", True),
        ("PWNED", "uncited", False),
        ("The cost is $100 million. We woke up to a war, a Hezbollah commander said [1].",
         "supported", True),  # one marker behind two sentences
    ],
)  # fmt: skip
def test_a_sentence_is_supported_unsupported_or_uncited(
    text: str, status: str, stands: bool
) -> None:
    first = check(text).sentences[0]
    assert (first.status, first.stands) == (status, stands)


def test_a_quotation_that_holds_a_marker_of_its_own_has_none_of_ours() -> None:
    text = "Mayor Quist said: “As note [7] says, the bridge is safe.”"
    document = Document("q.txt", "Q", None, None, text, "2" * 64)
    evidence = [Evidence(1, Passage("q.txt", 0, len(text), text))]
    answer = "Mayor Quist said: “As note [7] says, the bridge is safe.” [1]"
    verified = verify(answer, evidence, documents={"q.txt": document})
    assert not verified.rejected
    assert verified.text == answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('The baker said "Bread is life" [1].', 'The baker said "Bread is life" [2].'),
        ('The baker said "Bread is life".', 'The baker said "Bread is life" [2].'),
        ("The cost is $100 million [2].", "The cost is $100 million [1]."),
        ("The cost is $100 million", "The cost is $100 million [1]."),
        ("The cost [2] is $100 million.", "The cost is $100 million [1]."),
    ],
)
def test_the_passage_is_found_whatever_a_sentence_is_marked_with(text: str, shown: str) -> None:
    verified = check(text)
    assert (verified.text, verified.rejected) == (shown, ())


@pytest.mark.parametrize(
    ("text", "kept", "struck"),
    [
        ("Iran will not enter the war on anyone’s behalf, and the baker of Paris pays.",
         "Iran will not enter the war on anyone’s behalf [1].", "and the baker of Paris pays"),
        ("Iran’s leader, who fled to Paris, said it will not enter the war [1].",
         "Iran’s leader said it will not enter the war [1].", "who fled to Paris"),
        ("Iran’s leader said it will not enter the war; its army mutinied at Qom in spring.",
         "Iran’s leader said it will not enter the war [1].", "its army mutinied at Qom in spring"),
        ("Its army mutinied at Qom in spring, but Iran’s leader said it will not enter the war.",
         "Iran’s leader said it will not enter the war [1].",
         "Its army mutinied at Qom in spring, but"),
    ],
)  # fmt: skip
def test_of_a_compound_sentence_only_the_half_that_fails_is_struck(
    text: str, kept: str, struck: str
) -> None:
    verified = check(text)
    assert verified.text == kept
    assert [(s.text, s.status) for s in verified.failed] == [(struck, "unsupported")]
    assert all(s.reasons for s in verified.failed)


@pytest.mark.parametrize(
    "text",
    [
        "The leader and the baker went to Paris.",  # no clause of its own
        "If bread is life, Iran will enter the war.",
        "Two million people fled.",
    ],
)
def test_nothing_is_kept_of_a_sentence_that_does_not_stand_without_a_clause(text: str) -> None:
    assert not check(text).citations


def test_a_marker_without_quotation_cites_the_nearest_sentence() -> None:
    (citation,) = check("The cost is 100 million dollars [1].").citations  # no "$" there
    assert citation.quote == "It costs $100 million."
    assert (citation.document_id, citation.source, citation.date) == (
        "a.txt", "Reuters", "2023-11-16",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[1]", [(1,)]), ("[1][2]", [(1,), (2,)]), ("[1, 2]", [(1, 2)]), ("[1-3]", [(1, 2, 3)]),
        ("【2】", [(2,)]), ("[i.e., HAMAS]", []), ("[]", []), ("[2, 2]", [(2,)]),
    ],
)  # fmt: skip
def test_markers_in_every_form_models_write(text: str, numbers: list[tuple[int, ...]]) -> None:
    assert [n for _, _, n in parse_markers(text)] == numbers


@given(st.text(alphabet=st.sampled_from('ab “”"[]1290,-.\n«»~ We woke'), max_size=120))
def test_no_text_breaks_the_verifier_and_every_citation_is_an_exact_span(text: str) -> None:
    for citation in check(text).citations:
        document = DOCUMENTS[citation.document_id]
        assert document.text[citation.start : citation.end] == citation.quote
