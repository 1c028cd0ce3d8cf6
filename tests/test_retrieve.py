"""Search finds the passage, in an order that never depends on chance."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant
from rag.retrieve import fuse, rerank
from rag.types import Hit, Passage


def passages(n: int) -> list[Passage]:
    return [Passage("d.txt", i, i + 1, "x") for i in range(n)]


SCORES = st.lists(st.floats(0, 30), min_size=0, max_size=8)


@given(SCORES, SCORES)
def test_fusion_holds_every_hit_once_best_first(a: list[float], b: list[float]) -> None:
    pool = passages(16)
    lexical = [Hit(p, s, ("lexical",)) for p, s in zip(pool, sorted(a, reverse=True), strict=False)]
    dense = [Hit(p, s, ("dense",)) for p, s in zip(pool[4:], sorted(b, reverse=True), strict=False)]
    hits = fuse(lexical, dense)
    assert {h.passage for h in hits} == {h.passage for h in lexical + dense}
    assert len({h.passage for h in hits}) == len(hits)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    for hit in hits:
        assert hit.found_by == tuple(
            sorted(
                name
                for name, found in (("lexical", lexical), ("dense", dense))
                if any(f.passage == hit.passage for f in found)
            )
        )


def test_equal_scores_are_ordered_by_document_and_position() -> None:
    tied = [Hit(Passage(d, s, s + 1, "x"), 1.0, ("dense",)) for d in "ba" for s in (5, 2)]
    hits = fuse([], tied)
    assert [(h.passage.document_id, h.passage.start) for h in hits] == [
        ("a", 2), ("a", 5), ("b", 2), ("b", 5),
    ]  # fmt: skip


def test_reranking_keeps_every_hit() -> None:
    class Backwards:
        def score(self, query: str, texts: Sequence[str]) -> list[float]:
            return [float(i) * 9 for i in range(len(texts))]

    hits = [Hit(p, 10.0 - i, ("lexical",)) for i, p in enumerate(passages(8))]
    again = rerank("q", hits, reranker=Backwards(), depth=4, weight=1.0)
    assert {h.passage for h in again} == {h.passage for h in hits}
    assert [h.passage.start for h in again[:3]] == [3, 2, 1]
    assert [h.passage.start for h in again[4:]] == [4, 5, 6, 7]
    assert [h.score for h in again] == sorted((h.score for h in again), reverse=True)


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("who said Hezbollah was surprised?", "004_ad4bd4931f31132f.txt", "taken by surprise"),
        ("yearly Iranian funding for Hamas", "002_3e4d9c24c70ce49d.txt", "$100 million"),
        ("Dennis Ross deterrence", "004_ad4bd4931f31132f.txt", "create deterrence"),
        ("wat armys did rashid nmae", "003_ce5212642387543b.txt", "an army in Syria"),
    ],
)
def test_the_seeds_are_found(
    assistant: Assistant, question: str, document: str, words: str
) -> None:
    hits = assistant.search(question, k=5)
    assert any(h.passage.document_id == document and words in h.passage.text for h in hits)


def test_hits_are_exact_spans_of_their_documents(assistant: Assistant) -> None:
    for hit in assistant.search("Iran Hamas attack", k=50):
        document = assistant.get_document(hit.passage.document_id)
        assert document is not None
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text


@pytest.mark.parametrize(
    "question", ["", "   ", "?!…", "the of and", '"', "NOT AND OR NEAR(", "*", "a:b^2", "'\";--"]
)
def test_no_question_breaks_the_search(assistant: Assistant, question: str) -> None:
    assistant.search(question, k=3)
    assert assistant.ask(question).status in ("answered", "abstained")


@pytest.mark.parametrize(
    "question", ["war " * 3000, "Кто сказал это?", "真主党说了什么？", "\x00\ud7ff"]
)
def test_very_long_and_foreign_questions_get_an_answer(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).text
