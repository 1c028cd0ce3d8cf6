"""Questions with operators, from end to end: what is searched, what is quoted, what is told."""

from collections.abc import Iterator, Sequence

import pytest

from rag import Answer, Assistant, Settings
from rag.export import show_limits
from rag.library.scopes import covers
from rag.types import Limit, Scope
from tests.conftest import write

PAPERS = {
    "minutes-june.txt": ("Minutes of the June meeting", "Harbour Board", "2022-06-15"),
    "minutes-july.txt": ("Minutes of the July meeting", "Harbour Board", "2022-07-20"),
    "quay.txt": ("The quay is closed", "Kelvik Post", "2023-03-02"),
    "ferry.txt": ("A ferry without guests", "The Island Age", "2023-11"),
    "note.txt": ("A note", None, None),
}
TEXTS = {
    "minutes-june.txt": "The board raised the harbour fee by two percent. Anna Rook said that a"
    " soft landing of the fee was in sight. Tom Reed said that the fee hurts small boats.",
    "minutes-july.txt": "The board left the harbour fee as it was. Tom Reed said that the fee will"
    " rise in autumn. It spoke of a landing that is soft for nobody.",
    "quay.txt": "The harbour master Eva Strand said that the quay is closed to ships of every kind."
    "\n\n" + "The quay was built in 1921 of larch and stone. " * 12 + "\n\n"
    "The harbour café «Le Quai» lost half of its guests, and its owner Tom Reed wants the harbour"
    " fee to be dropped. “It is a Soft—Landing for nobody,” Reed said.",
    "ferry.txt": "The ferry carried nine guests in October. Its captain said that the harbour fee"
    " is to blame, and that the happiness of the islands ends with the ferry.",
    "note.txt": "The harbour fee is discussed at the rates office. Newly printed leaflets explain"
    " it.",
}  # fmt: skip


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("harbour")
    rows = []
    for name, (title, source, date) in PAPERS.items():
        write(place / "documents", name, TEXTS[name])
        given = {"file_name": name, "title": title, "source": source, "date": date}
        rows.append("{" + ", ".join(f'"{k}": "{v}"' for k, v in given.items() if v) + "}")
    write(place / "documents", "metadata.jsonl", "\n".join(rows))
    assistant = Assistant(
        Settings(home=place / "home", documents=place / "documents", provider="none")
    )
    assistant.sync()
    yield assistant
    assistant.close()


def searched(harbour: Assistant, typed: str) -> set[str]:
    """The documents that a search finds anything in."""
    hits = harbour.search(typed, k=20)
    return {h.passage.document_id.removesuffix(".txt") for h in hits}


def said(answer: Answer) -> str:
    return " ".join(c.quote for c in answer.citations)


@pytest.mark.parametrize(
    ("typed", "documents"),
    [
        ("harbour fee", "minutes-june minutes-july quay ferry note"),
        ('harbour "soft landing"', "minutes-june quay"),
        ('harbour "SOFT LANDING"', "minutes-june quay"),
        ('"le quai"', "quay"),
        ('"cafe le quai"', "quay"),
        ("harbour fee -board", "quay ferry note"),
        ('harbour fee -"soft landing"', "minutes-july quay ferry note"),
        ("harbour fee NOT board NOT ferry", "quay note"),
        # As it is written: the index, which has stems, would leave out "newly", "rates" and "said".
        ("harbour fee -new -rate -says", "minutes-june minutes-july quay ferry note"),
        ("guests OR leaflets", "quay ferry note"),
        ("harbour AND café", "quay"),
        ("happin*", "ferry"),
        ('"ends with" happin*', "ferry"),
        ("title:minutes fee", "minutes-june minutes-july"),
        ("title:minutes title:june fee", "minutes-june"),
        ('title:"june minutes" fee', "minutes-june"),
        ("title:quay harbour", "quay"),
        ('outlet:"kelvik post" harbour', "quay"),
        ("outlet:age OR outlet:post harbour", "quay ferry"),
        ("outlet:age outlet:post harbour", "quay ferry"),
        ("-outlet:board harbour", "quay ferry note"),
        ("before:2023 fee", "minutes-june minutes-july"),
        ("after:2022-06 before:2023-03 fee", "minutes-july"),
        ("after:2022 fee", "quay ferry"),
        ("since:2022-07-20 until:2023-03-02 fee", "minutes-july quay"),
        ("-before:2023 fee", "quay ferry"),
        ("speaker:Reed harbour", "minutes-june minutes-july quay"),
        ("speaker:reed harbour -board", "quay"),
    ],
)
def test_operators_limit_what_is_searched(harbour: Assistant, typed: str, documents: str) -> None:
    assert searched(harbour, typed) == set(documents.split())


def test_no_passage_that_is_left_out_is_found_by_meaning_either(harbour: Assistant) -> None:
    for typed in ("harbour fee -board", 'guests "soft landing"', "speaker:Rook fee"):
        query = harbour.read(typed)
        library, retriever = harbour.index.open()
        for search in (retriever.search_dense, retriever.search_lexical):
            for hit in search(query, k=20, scope=query.within):
                spans = library.passage_spans(hit.passage.document_id, query.within)
                assert (hit.passage.start, hit.passage.end) in spans, typed
        assert retriever.search_dense(query, k=20, scope=query.within)


def test_a_passage_is_left_out_and_not_its_document(harbour: Assistant) -> None:
    hits = harbour.search("quay -ships", k=20)
    assert "quay.txt" in {h.passage.document_id for h in hits}
    assert not any("ships" in h.passage.text for h in hits)


@pytest.mark.parametrize("typed", ['"a soft landing"', 'Rook "soft landing"', '"is to blame"'])
def test_exact_words_stand_in_what_is_quoted(harbour: Assistant, typed: str) -> None:
    answer = harbour.ask(typed)
    assert answer.status == "answered"
    exact = typed.split('"')[1]
    assert all(exact in c.quote for c in answer.citations)


def test_a_quotation_in_a_question_need_not_stand_anywhere(harbour: Assistant) -> None:
    question = 'Who said "the fee hurts the smaller boats"?'
    assert "Tom Reed" in harbour.ask(question).text
    must = harbour.ask(question.replace('"the', '+"the'))
    assert must.status == "abstained"
    assert must.reason == "No passage has “the fee hurts the smaller boats” word for word."
    assert must.evidence  # the nearest passages


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("outlet:Nonesuch fee", "No document is of an outlet “Nonesuch”. There are: Harbour Board, "
         "Kelvik Post, The Island Age."),
        ("outlet:Kelvk fee", "No document is of an outlet “Kelvk”. There are: Harbour Board, "
         "Kelvik Post, The Island Age."),
        ("title:zebra", "No document has “zebra” in its title. There are: “A ferry without"),
        ("speaker:Nobody", "Nobody called “Nobody” speaks in the documents. Most is said by:"),
        ("before:2020 fee", "Nothing in the documents fits this: before 2020. Their days are from "
         "2022-06-15 to 2023-11; those without one are left out."),
        ("before:soon", "“before:soon” names no day. Write before:2023, before:2023-06 or"),
        ("after:9999", "“after:9999” names no day."),
        ("outlet:post before:2023", "Nothing in the documents fits this: outlet Kelvik Post, "
         "before 2023."),
        ("guests AND zebra", "No passage has “zebra”."),
        ("zebr* fee", "No word of the documents begins like zebr*."),
        ("-fee", "This says only what to leave out."),
    ],
)  # fmt: skip
def test_what_nothing_fits_is_told_with_what_there_is(
    harbour: Assistant, typed: str, reason: str
) -> None:
    answer = harbour.ask(typed)
    assert (answer.status, answer.citations) == ("abstained", ())
    assert answer.reason is not None
    assert answer.reason.startswith(reason)
    assert not answer.notice  # nothing is read as another word
    assert harbour.search(typed) == []


def test_operators_alone_have_a_useful_answer(harbour: Assistant) -> None:
    listed = harbour.ask("title:minutes")
    assert listed.headline == "There are 2 documents."
    assert {c.document_id for c in listed.citations} == {"minutes-june.txt", "minutes-july.txt"}
    own = harbour.ask("speaker:Reed before:2023")
    assert {c.document_id for c in own.citations} == {"minutes-june.txt", "minutes-july.txt"}
    assert {s.speaker for s in own.statements} == {"Tom Reed"}
    both = harbour.ask("speaker:Reed speaker:Rook")
    assert {s.speaker for s in both.statements} == {"Tom Reed", "Anna Rook"}


def test_of_a_speaker_only_their_own_words_are_quoted(harbour: Assistant) -> None:
    bare = harbour.ask("speaker:Rook fee")
    assert {s.speaker for s in bare.statements} == {"Anna Rook"}
    asked = harbour.ask("speaker:Rook Is the fee bad for small boats?")
    assert "Tom Reed" not in said(asked)


def test_an_answer_tells_what_it_was_limited_to(harbour: Assistant) -> None:
    answer = harbour.ask('outlet:post OR outlet:age after:2022 -board "harbour fee"')
    assert show_limits(answer) == (
        "Limited to: outlet Kelvik Post or The Island Age, after 2022, “harbour fee”, not “board”"
    )
    assert show_limits(harbour.ask("What is the harbour fee?")) == ""


def test_operators_narrow_what_questions_are_limited_to(harbour: Assistant) -> None:
    within = Scope(outlets=("Harbour Board",))
    hits = harbour.search("fee after:2022-06", within=within)
    assert {h.passage.document_id for h in hits} == {"minutes-july.txt"}
    answer = harbour.ask("fee outlet:post", within=within)
    assert answer.reason
    assert "what questions are limited to here" in answer.reason
    assert answer.within == within


@pytest.mark.parametrize(
    ("history", "question", "limits"),
    [
        # It leans on the one before: the same place is meant.
        (["outlet:board What did Tom Reed say about the fee?"], "And about boats?",
         ["outlet Harbour Board"]),
        (["outlet:board What did Tom Reed say? -autumn"], "What did he say about boats?",
         ["outlet Harbour Board", "not “autumn”"]),
        # … but for what it says itself, and for whom it names.
        (["outlet:board What did Tom Reed say about the fee?"], "outlet:post And about guests?",
         ["outlet Kelvik Post"]),
        (["speaker:Reed fee"], "What about Anna Rook?", []),
        (["speaker:Reed fee"], "And about boats?", ["speaker Tom Reed"]),
        (["after:2022 What did Tom Reed say?"], "before:2023 What did he say?", ["before 2023"]),
        # Exact words were asked of that question.
        (['What of +"soft landing"?'], "And why?", []),
        # What stands alone, and every search of bare words, starts afresh.
        (["outlet:board What did Tom Reed say about the fee?"], "Who is Eva Strand?", []),
        (["outlet:board What did Tom Reed say about the fee?"], "title:quay guests",
         ["title “quay”"]),
    ],
)  # fmt: skip
def test_a_follow_up_keeps_where_to_look_if_it_leans_on_the_question_before(
    harbour: Assistant, history: Sequence[str], question: str, limits: list[str]
) -> None:
    answer = harbour.ask(question, history=history)
    assert answer.query is not None
    assert list(answer.query.limits) == limits


def test_what_was_searched_can_be_asked_again(harbour: Assistant) -> None:
    first = "outlet:board What did Tom Reed say about boats?"
    assert harbour.ask(first).searched == first
    answer = harbour.ask("And about autumn?", history=[first])
    assert answer.searched == "What did Tom Reed say about autumn? outlet:board"
    again = harbour.ask(answer.searched)
    assert (again.text, again.query and again.query.limits) == (
        answer.text, answer.query and answer.query.limits,
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        'NEAR("a" "b") text:* rowid:1 fee',
        "'; DROP TABLE passages; -- -fee",
        '"AND OR NOT ^ { } *" fee',
        "-a.*+?[](){}|\\^$ fee",
        "title:'\"%_ outlet:% speaker:_*",
        '"fee ' * 80,
        " ".join(f"-w{n}x +fee title:minutes before:{2100 + n}" for n in range(15)),
        "outlet:" + "a" * 3_900,
        "\x00-\ud800 +\ud800 title:\x00",
    ],
)
def test_hostile_operators_are_calm(harbour: Assistant, typed: str) -> None:
    answer = harbour.ask(typed)
    assert answer.status in ("answered", "abstained")
    assert answer.reason or answer.citations


def test_a_span_is_covered_by_passages_that_share_sentences() -> None:
    every = [(0, 10), (8, 20), (22, 30)]
    assert covers(every, every, 0, 30)  # what no passage holds is white space
    assert covers([(0, 10), (22, 30)], every, 1, 9)
    assert not covers([(0, 10), (22, 30)], every, 1, 11)
    assert covers([(8, 20)], every, 8, 10)
    assert not covers([(8, 20)], every, 7, 10)
    assert not covers([], every, 1, 2)


def test_a_limit_counts_for_documents_where_they_are_counted(harbour: Assistant) -> None:
    library, _ = harbour.index.open()
    speaks = Scope(limits=(Limit("speaker", ("Tom Reed",)),))
    assert library.documents_in(speaks) == {"minutes-june.txt", "minutes-july.txt", "quay.txt"}
    answer = harbour.ask("How many documents mention the harbour fee? -board")
    assert answer.headline.startswith("3 of ")
