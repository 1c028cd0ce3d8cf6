"""Search finds the passage, in an order that never depends on chance."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant, Settings, tuned
from rag.language.sentences import sentences
from rag.library.library import Library
from rag.models import BothRerankers
from rag.search.fusion import fuse, rerank, serve_parts, widen
from rag.types import Hit, Passage, Scope
from tests.conftest import write


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
    again = rerank("q", hits, reranker=Backwards(), heads={}, depth=4, weight=1.0)
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
        document = assistant.index.get_document(hit.passage.document_id)
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


# --- questions of several parts ---


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Two outlets that write about the same company, one story twice, and a long article."""
    folder = tmp_path_factory.mktemp("newsroom") / "documents"
    rows = [
        {"id": "verge", "source": "The Verge", "date": "2023-09-26", "title": "In court",
         "text": "Fabrikam pays phone makers billions to be the default search engine."},
        {"id": "crunch", "source": "TechCrunch", "date": "2023-12-15", "title": "Publishers sue",
         "text": "News publishers say in a class action that Fabrikam siphons off their revenue."},
        {"id": "crunch-old", "source": "TechCrunch", "date": "2023-10-01", "title": "Hardware",
         "text": "Fabrikam showed a phone and a watch at its annual hardware event."},
        {"id": "wire", "source": "Wire", "text": STORY, "title": "Quay"},
        {"id": "echo", "source": "Echo", "text": "By the wire. " + STORY, "title": "Harbour"},
        {"id": "long", "source": "The Verge", "title": "A long read",
         "text": "\n\n".join(f"Part {i}. " + f"The {w} of the harbour is described at length. " * 14
                             for i, w in enumerate(("north", "mole", "crane", "tide", "fog")))},
    ]  # fmt: skip
    write(folder, "news.jsonl", "\n".join(json.dumps(row) for row in rows))
    assistant = Assistant(Settings(home=folder.parent / "home", documents=folder))
    assistant.sync()
    yield assistant
    assistant.close()


STORY = (
    "The harbour master of Kelvik said on Tuesday that the quay is closed to ships of every kind"
    " because forty of its piles are cracked and nobody should go out there before they are mended."
)


def found_in(hits: Sequence[Hit]) -> list[str]:
    return [h.passage.document_id.removeprefix("news.jsonl:") for h in hits]


def test_every_part_is_served_from_its_own_outlet(newsroom: Assistant) -> None:
    hits = newsroom.search(
        "What does The Verge say about Fabrikam's default search deals, while TechCrunch reports on"
        " its publishers' class action?",
        k=2,
    )
    assert set(found_in(hits)) == {"verge", "crunch"}


def test_a_day_chooses_among_the_articles_of_an_outlet(newsroom: Assistant) -> None:
    for day, document in (("October 1, 2023", "crunch-old"), ("December 14, 2023", "crunch")):
        hits = newsroom.search(f"What did the TechCrunch article on {day} say of Fabrikam?", k=1)
        assert found_in(hits) == [document]


def test_an_outlet_without_articles_of_that_day_is_searched_whole(newsroom: Assistant) -> None:
    question = "What did the TechCrunch article on May 5, 2020 say of Fabrikam's hardware event?"
    assert found_in(newsroom.search(question, k=1)) == ["crunch-old"]


def test_copies_are_shown_once_with_all_their_sources(newsroom: Assistant) -> None:
    hits = newsroom.search("Who said the quay is closed?", k=5)
    first = hits[0]
    assert {first.passage.document_id, *(c.document_id for c in first.copies)} == {
        "news.jsonl:wire", "news.jsonl:echo",
    }  # fmt: skip
    assert not {"wire", "echo"} & set(found_in(hits[1:]))


def test_what_each_document_says_is_asked_of_each(newsroom: Assistant) -> None:
    hits = newsroom.search("Do the documents agree on Fabrikam? Who says what?", k=3)
    assert set(found_in(hits)) == {"verge", "crunch", "crunch-old"}


def test_joined_neighbours_are_exact_spans(newsroom: Assistant) -> None:
    question = (
        "What does The Verge say about the crane of the harbour, while Wire reports on the piles?"
    )
    hits = newsroom.search(question, k=10)
    lengths = [h.passage.end - h.passage.start for h in hits if "long" in h.passage.document_id]
    assert max(lengths) > 1000  # several passages in one
    for hit in hits:
        document = newsroom.index.get_document(hit.passage.document_id)
        assert document is not None
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_the_reading_of_a_question_is_told(newsroom: Assistant) -> None:
    query = newsroom.read(
        "According to The Verge, what does Fabrikam pay, and who says Fabrikm sued?"
    )
    assert query.parts[0].outlets == ("The Verge",)
    assert query.mended == (("fabrikm", "fabrikam"),)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.floats(0.01, 9)), max_size=6), max_size=4),
    st.integers(1, 12),
)
def test_serving_parts_holds_each_hit_once(rankings: list[list[tuple[int, float]]], k: int) -> None:
    pool = passages(10)
    parts = [
        (1.0, [Hit(pool[i], s, ("dense",)) for i, s in dict(ranking).items()])
        for ranking in rankings
    ]
    hits = serve_parts(parts, k=k)
    offered = {h.passage for _, part in parts for h in part}
    assert len({h.passage for h in hits}) == len(hits) == min(k, len(offered))


def test_what_stands_over_a_document_counts_for_its_passages() -> None:
    class Titles:
        def score(self, query: str, texts: Sequence[str]) -> list[float]:
            return [0.0] * len(texts)

        def score_under(
            self, query: str, texts: Sequence[str], heads: Sequence[str]
        ) -> list[float]:
            return [float(query in head) for head in heads]

    one, two = Passage("a.txt", 0, 9, "I resigned."), Passage("b.txt", 0, 9, "I resigned!")
    hits = [Hit(one, 10.0, ("lexical",)), Hit(two, 9.5, ("lexical",))]
    heads = {"a.txt": "Speech by Ross", "b.txt": "Speech by Berg"}
    for reranker in (Titles(), BothRerankers(Titles())):
        again = rerank("Berg", hits, reranker=reranker, heads=heads, weight=0.5)
        assert [h.passage for h in again] == [two, one]


def test_serving_parts_takes_turns() -> None:
    pool = passages(6)
    one = [Hit(pool[i], 1.0 - i / 10, ("dense",)) for i in (0, 1, 2)]
    two = [Hit(pool[i], 1.0 - i / 10, ("dense",)) for i in (3, 4, 5)]
    first = {h.passage.start for h in serve_parts([(1.0, one), (1.0, two)], k=2)}
    assert first == {0, 3}


def test_frequent_words_are_left_out_of_a_large_corpus(
    newsroom: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuned, "MAX_POSTINGS", 3)
    monkeypatch.setattr(tuned, "MIN_TERMS", 1)
    _, retriever = newsroom.index.open()
    assert retriever.corpus.match_any(("harbour", "hardware", "fabrikam"), (), ()) == '"hardware"'


def test_where_all_words_are_common_two_of_them_have_to_stand_together(
    newsroom: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, retriever = newsroom.index.open()
    query = retriever.read("harbour quay")
    found = {h.passage for h in retriever.search_lexical(query, k=50)}
    monkeypatch.setattr(tuned, "MAX_POSTINGS", 3)
    kept = {h.passage for h in retriever.search_lexical(query, k=50)}
    both = {"news.jsonl:wire", "news.jsonl:echo"}
    assert {p.document_id for p in kept} == both < {p.document_id for p in found}


def test_in_a_large_corpus_exact_words_and_spellings_are_still_asked_for(
    newsroom: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is common: the words put in quotation marks, and one word's other spelling."""
    _, retriever = newsroom.index.open()
    match = retriever.corpus.match_any
    monkeypatch.setattr(tuned, "MAX_POSTINGS", 1)
    terms, asked = ("harbour", "quay"), "the harbour quay"
    for finds in (lambda _: True, lambda _: False):
        assert f'"{asked}"' in match(terms, (), (asked,), finds=finds)
        # One common word in them is among the terms already.
        assert match(terms, (), ("harbour",), finds=finds) == match(terms, (), (), finds=finds)
    assert match(("harbour",), (("harbour", "harbor"),), ()) == '"harbour" OR "harbor"'


@pytest.mark.parametrize("question", ["who said Hezbollah was surprised?", "Do the sources agree?"])
def test_the_focus_is_a_few_words_of_its_passage(assistant: Assistant, question: str) -> None:
    for hit in assistant.search(question, k=10):
        assert hit.focus is not None
        start, end = hit.focus
        assert hit.passage.start <= start < end <= hit.passage.end
        document = assistant.index.get_document(hit.passage.document_id)
        assert document is not None
        shown = document.text[start:end]
        assert len(shown.split()) <= tuned.FOCUS_WORDS or len(sentences(shown)) == 1


def test_the_focus_is_the_sentence_that_answers(assistant: Assistant) -> None:
    hit = assistant.search("How many fighters does Hezbollah boast of?", k=1)[0]
    assert hit.focus is not None
    start, end = hit.focus
    assert "100,000" in hit.passage.text[start - hit.passage.start : end - hit.passage.start]


def test_a_focus_grows_on_its_better_side() -> None:
    text = "One two. Three four. Five six. " + "Seven " * 60 + "eight."
    spans = sentences(text)
    assert widen(text, spans, [0.2, 0.9, 0.1, 0.8]) == (spans[0][0], spans[2][1])
    assert widen(text, spans, [0.0, 0.0, 0.0, 1.0]) == spans[3]


def test_a_question_can_be_limited_to_documents_outlets_and_days(assistant: Assistant) -> None:
    question = "who said Hezbollah was surprised?"
    everywhere = {h.passage.document_id for h in assistant.search(question)}
    assert len(everywhere) > 2
    for scope, allowed in (
        (Scope(outlets=("CNN",)), {"002_3e4d9c24c70ce49d.txt"}),
        (Scope(documents=("001_6f4fd5288d7890a2.txt",)), {"001_6f4fd5288d7890a2.txt"}),
        (Scope(since="2023-11-01", until="2023-11-30"), {"004_ad4bd4931f31132f.txt"}),
    ):
        assert {h.passage.document_id for h in assistant.search(question, within=scope)} == allowed
        answer = assistant.ask(question, within=scope)
        assert answer.within == scope
        assert {c.document_id for c in answer.citations} <= allowed
        assert {s.document_id for s in answer.statements} <= allowed
    nowhere = assistant.ask(question, within=Scope(since="2030-01-01"))
    assert nowhere.status == "abstained"
    # A follow-up, a comparison and a question of parts stay inside as well.
    scope = Scope(outlets=("CNN",))
    for asked in ("What did Nasrallah say?", "Do the documents agree on who planned it?",
                  "Did CNN on October 7 and RBN on November 16 report the same?"):  # fmt: skip
        found = assistant.ask(asked, history=[question], within=scope)
        cited = {e.passage.document_id for e in found.evidence}
        assert cited <= {"002_3e4d9c24c70ce49d.txt"}, asked


def test_days_of_a_scope_include_documents_dated_by_month_or_year(folder: Path, home: Path) -> None:
    write(folder, "metadata.jsonl", "\n".join([
        '{"file_name": "alpha.txt", "date": "2023"}',
        '{"file_name": "beta.md", "date": "2023-11"}',
        '{"file_name": "gamma.txt", "date": "2023-11-16"}',
    ]))  # fmt: skip
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    library = Library.open(home)
    assert library is not None

    def inside(*, since: str = "", until: str = "") -> set[str]:
        found = library.documents_in(Scope(since=since, until=until))
        return {id_.split(".")[0] for id_ in found}

    assert inside(since="2023-11-16") == {"alpha", "beta", "gamma"}
    assert inside(since="2023-11-17") == {"alpha", "beta"}
    assert inside(since="2023-12-01") == {"alpha"}
    assert inside(until="2023-11-15") == {"alpha", "beta"}
    assert inside(until="2022-12-31") == set()
