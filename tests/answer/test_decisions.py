"""Each number that decides something: a case on either side of it, so that another number fails."""

import math
from collections.abc import Sequence

import pytest

from rag import Assistant
from rag.answer.answering import Answering
from rag.answer.attribute import attribute
from rag.answer.quotes import rank_sentences
from rag.check.citations import verify
from rag.check.claims import tokens
from rag.check.reading import Neighbourhood, read_source
from rag.search.fusion import fuse
from rag.types import Document, Evidence, Hit, Passage, Query, Statement

TERMS = ("harbour", "quay", "crane", "storm", "gull")


def say(speaker: str, content: str, *, document: str) -> Statement:
    return Statement(document, 0, 10, speaker, None, "said", content, "indirect")


def who_said(*terms: str, every_document: bool = False) -> Query:
    text = f"Who said {' '.join(terms)}?"
    if every_document:
        text = f"Do the documents agree on {' '.join(terms)}?"
    return Query(text, topic=" ".join(terms), terms=terms, claim=" ".join(terms), who_said=True,
                 every_document=every_document)  # fmt: skip


def ask(
    assistant: Assistant, query: Query, *, said: list[Statement], sentences: Sequence[str] = ()
) -> Answering:
    """A question for which these statements and sentences were found, each word as rare."""
    library, retriever = assistant.index.open()
    asked = Answering(query.text, query, (), library=library, retriever=retriever, wanted=8)
    asked.candidates, asked.sentences, asked.rarity = said, sentences, {}
    asked.declined = None
    return asked


@pytest.mark.parametrize(
    ("sentence", "answered"),
    [
        # The statement holds three of five words: a sentence with four is no clear gain …
        ("harbour quay crane storm", True),
        # … one with all five is.
        ("harbour quay crane storm gull", False),
    ],
)
def test_a_sentence_without_a_statement_steps_in_where_it_holds_clearly_more(
    assistant: Assistant, sentence: str, answered: bool
) -> None:
    said = [say("Anna Berg", "harbour quay crane", document="a.txt")]
    found = attribute(ask(assistant, who_said(*TERMS), said=said, sentences=[sentence]))
    assert (found is not None) is answered


def test_a_side_is_shown_from_two_fifths_of_the_topic_on(assistant: Assistant) -> None:
    said = [
        say("Anna Berg", "harbour quay crane storm", document="a.txt"),
        say("Tom Reed", "harbour quay", document="b.txt"),
        say("Eva Lund", "harbour", document="c.txt"),
    ]
    found = attribute(ask(assistant, who_said(*TERMS, every_document=True), said=said))
    assert found is not None
    assert [v.name for v in found.voices] == ["Anna Berg", "Tom Reed"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many boats were damaged?", "70 boats sank."),
        ("What boats were damaged?", "Boats were damaged."),
    ],
)
def test_a_sentence_without_the_number_asked_for_is_less_likely_to_answer(
    question: str, first: str
) -> None:
    text = "Boats were damaged. 70 boats sank."
    document = Document("a.txt", "Storm", None, None, text, "0" * 64)
    ranked = rank_sentences(
        Query(question, "boats", ("boats", "damaged")),
        [Evidence(1, Passage("a.txt", 0, len(text), text), 1.0)],
        documents={"a.txt": document},
        # The first holds a fifth more of what is asked: worth .78 in the odds, the number 2.4.
        rarity={"boats": 4.0, "damaged": 1.0},
    )
    assert text[ranked[0].start : ranked[0].end] == first
    odds = [math.log(s.score / (1 - s.score)) for s in ranked]
    assert odds[0] - odds[1] == pytest.approx(2.4 - 0.78 if "many" in question else 0.78, abs=0.01)


def test_the_words_in_quotation_marks_outweigh_half_of_a_search() -> None:
    near = Passage("a.txt", 0, 20, "the harbour was shut")
    exact = Passage("b.txt", 0, 30, "it was “shut, for good,” he said")
    lexical = [Hit(near, 10.0, ("lexical",)), Hit(exact, 2.0, ("lexical",))]
    assert fuse(lexical, [], lexical_weight=0.6)[0].passage == near
    first, second = fuse(lexical, [], phrases=["shut, for good"], lexical_weight=0.6)
    assert first.passage == exact
    assert first.score - second.score == pytest.approx(0.5 - 0.6 * 0.8)


ONE = (
    "The deal gives Berg the northern mines and Dahl the boats. The harbour was closed on Tuesday."
)
TWO = "The harbour was closed on Tuesday after a storm that sank boats and ships."
TEXTS = {"one.txt": ONE, "two.txt": TWO}
DOCUMENTS = {n: Document(n, "Storm", None, None, t, "0" * 64) for n, t in TEXTS.items()}
EVIDENCE = [
    Evidence(number, Passage(name, 0, len(text), text))
    for number, (name, text) in enumerate(TEXTS.items(), start=1)
]


def reasons(text: str) -> list[str]:
    return [r.reason for r in verify(text, EVIDENCE, documents=DOCUMENTS).rejected]


def test_only_sentences_near_the_best_one_are_meant() -> None:
    text = (
        "Seventy boats sank in the storm at Kelvik harbour. "
        "Forty boats sank in the harbour of Oslo. "
        "Ninety gulls sank in the storm drain."
    )
    document = Document("a.txt", "Storm", None, None, text, "0" * 64)
    source = read_source(Evidence(1, Passage("a.txt", 0, len(text), text)), document, [])
    claim = tokens("Seventy boats sank in the storm at Kelvik harbour")
    meant = Neighbourhood(claim, source.lines).lines(0, 0)
    # Of five words the second holds three (.6), the third two (.4).
    assert [text[line.start : line.end].split()[0] for line in meant] == ["Seventy", "Forty"]


def test_names_that_changed_places_are_seen_where_nothing_else_differs() -> None:
    assert reasons("The deal gives Berg the northern mines and Dahl the boats [1].") == []
    assert "the other way round" in " ".join(
        reasons("The deal gives Dahl the northern mines and Berg the boats [1].")
    )
