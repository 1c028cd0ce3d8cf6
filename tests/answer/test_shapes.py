"""Questions about whole documents or many: counted over all, in order, every row an exact quote."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.pieces import pieces
from rag.export import answer_as_json
from rag.question.kinds import complete_sides
from rag.types import Scope
from tests.conftest import write
from tests.plugins.parrot import Parrot

NAMES = "Adler Brook Carr Dunn Ely Fell Grant Hale Irwin Jarvis Keane Lunn Marsh Noll".split()
HEARING = """Hearing of 3 March 2021

CHAIR MOSS. Good morning. The committee hears the harbour office about the quay wall.

ANNA ROOK. Thank you. When did the office first learn that the quay wall was cracked?

CHAIR MOSS. The office learnt of the cracks in May 2019 from a diver.

TOM REED. What did the repair of the quay wall cost the town in the end?

CHAIR MOSS. The repair cost 4.2 million euros, twice as much as was planned.

ANNA ROOK. And who signed for it?

CHAIR MOSS. I signed for it myself, in June 2020.
"""
STORY = """The fall of the Kelvik ferry company

The Kelvik ferry company was founded in 1921 to carry mail between the islands. It grew to own
eleven ships and employed nine hundred people at its height in 1970.

The company lost its monopoly in 1995, and half of its passengers went to cheaper boats within two
years. It sold six ships to pay its debts.

In 2003 the company was declared bankrupt with debts of 80 million crowns. The last ferry left
Kelvik harbour on 2 May 2003, watched by two thousand people.

The weather was fine. People waved.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("desk")
    folder = place / "documents"
    for number, name in enumerate(NAMES):
        paid = f"Meridian Partners was paid {number + 1} thousand euros for advice on the road."
        text = (
            f"Memo {number + 1} of the roads office\n{number + 1} June 2021\n\n"
            f"Councillor Ann {name} spoke on the road by the school. "
            f"{paid if number % 2 == 0 else 'No consultant was hired for it.'}\n"
        )
        write(folder, f"memo{number:02}.txt", text)
    write(folder, "hearing-2021-03-03.txt", HEARING)
    write(folder, "ferry.txt", STORY)
    pier = (
        "The old pier of Kelvik is to be torn down\n\n"
        "“It is rotten to the core,” said the engineer Paul Hjort. “Nobody should walk on it.”\n\n"
        "The shopkeeper Eva Strand said that the pier brought her half of her guests.\n"
    )
    write(folder, "pier.txt", pier)
    wind = (
        "What the wind does to the town\n\n"
        "“The gusts grow stronger,” said Ada Vik, a senior fellow at the weather institute.\n\n"
        "“No roof here was built for that,” said Bo Lie, professor of building.\n\n"
        "“My own flew off,” said the baker Cy Moe.\n"
    )
    write(folder, "wind.txt", wind)
    for month, rate in (("01", "2"), ("04", "3"), ("07", "5")):
        text = f"The bank raised its interest rate to {rate} percent. It gave no reason for it.\n"
        write(folder, f"bank-2022-{month}-15.txt", f"Decision of the bank\n\n{text}")
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    yield assistant
    assistant.close()


def check(desk: Assistant, answer: Answer) -> None:
    """Every row is an exact quote with its label, in the JSON and on the page too."""
    assert answer.status == "answered"
    assert len(answer.labels) == len(answer.citations) > 0
    for label, c in zip(answer.labels, answer.citations, strict=True):
        document = desk.index.get_document(c.document_id)
        assert document is not None
        assert document.text[c.start : c.end] == c.quote
        assert f"{label}: " in answer.text
        assert f"[{c.number}]" in answer.text
    assert answer.text.startswith(answer.headline)
    written = answer_as_json(answer)
    assert written["shape"] == answer.shape
    assert [row["label"] for row in written["rows"]] == list(answer.labels)
    assert [row["citation"] for row in written["rows"]] == list(range(len(answer.labels)))
    shown = pieces(answer)
    assert shown[0] == [{"strong": answer.headline}]
    assert len(shown) == len(answer.labels) + 1


@pytest.mark.parametrize(
    "question",
    [
        "Which documents mention Meridian Partners?",
        "How many documents mention Meridian Partners?",
        "In how many documents does Meridian Partners come up?",
        "How many of the files are about Meridian Partners?",
    ],
)
def test_documents_are_counted_over_all_of_them(desk: Assistant, question: str) -> None:
    answer = desk.ask(question)
    assert answer.shape == "count"
    assert answer.headline == "7 of 21 documents mention Meridian Partners."
    assert {c.document_id for c in answer.citations} == {f"memo{n:02}.txt" for n in range(0, 14, 2)}
    assert all("Meridian Partners was paid" in c.quote for c in answer.citations)
    check(desk, answer)


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("How many memos mention Meridian Partners?", "7 of 14 memos mention Meridian Partners."),
        ("How many decisions of the bank are from 2022?", None),  # no kind of document
        ("How many documents are from 2022?", "There are 3 documents from 2022, of 21 documents."),
        ("How many documents does Eva Strand speak in?", "Eva Strand speaks in 1 of 21 documents."),
        (
            "How many documents are dated January 2022?",
            "There is 1 document of January 2022, of 21 documents.",
        ),
        (
            "In how many documents do the names Hjort and Strand both turn up?",
            "1 of 21 documents mentions the names Hjort and Strand.",
        ),
        ("How many bank documents bring up interest?", "3 of 3 bank documents mention interest."),
        ("At how many hearings did Anna Rook get to ask a question?", None),  # a kind it lacks
        ("In how many transcripts did Anna Rook ask questions?", None),
        ("Which documents quote Chair Moss?", "Chair Moss speaks in 1 of 21 documents."),
        ("How many walls did Meridian Partners publish?", None),
        ("How many memos did Ann Nobody write?", None),  # not all there are
        ("In how many of the XYZ memos does the road come up?", None),
    ],
)
def test_documents_are_gathered_by_what_is_said_of_them(
    desk: Assistant, question: str, headline: str | None
) -> None:
    answer = desk.ask(question)
    if headline is None:
        assert answer.shape != "count"
        return
    assert answer.headline == headline
    check(desk, answer)


def test_rows_without_days_stand_in_the_order_of_the_times_that_they_name(desk: Assistant) -> None:
    answer = desk.ask("Give me a timeline of the Kelvik ferry company.")
    assert list(answer.labels)[:3] == ["1921", "1970", "1995"]
    check(desk, answer)


def test_who_is_quoted_is_held_to_the_place_and_the_topic(desk: Assistant) -> None:
    answer = desk.ask("Who is quoted in “What the wind does to the town”?")
    assert set(answer.labels) == {
        "Ada Vik, senior fellow at the weather institute",
        "Bo Lie, professor of building",
        "Cy Moe, baker",
    }
    answer = desk.ask("Who is quoted about the old pier?")
    assert {c.document_id for c in answer.citations} == {"pier.txt"}
    check(desk, answer)


def test_more_than_a_page_of_documents_is_named_and_counted_all_the_same(desk: Assistant) -> None:
    answer = desk.ask("How many documents mention the roads office?")
    assert answer.headline == "14 of 21 documents mention the roads office."
    assert len(answer.citations) == 12
    assert answer.note is not None
    assert answer.note.startswith("The others: ")
    check(desk, answer)


def test_a_count_stays_within_the_documents_it_is_asked_of(desk: Assistant) -> None:
    within = Scope(documents=("memo00.txt", "memo01.txt", "memo02.txt"))
    answer = desk.ask("How many documents mention Meridian Partners?", within=within)
    assert answer.headline == "2 of 3 documents mention Meridian Partners."


def test_none_is_said_with_how_many_were_searched(desk: Assistant) -> None:
    answer = desk.ask("How many documents mention Orion Shipping?")
    assert answer.status == "abstained"
    assert answer.reason == "None of the 21 documents mentions “Orion Shipping”."


def test_documents_of_a_kind_are_counted_by_their_names(desk: Assistant) -> None:
    answer = desk.ask("How many memos are there?")
    assert answer.headline == "There are 14 memos, of 21 documents."
    assert desk.ask("How many documents are there?").headline == "There are 21 documents."


def test_who_asked_is_every_speaker_that_asks_and_none_that_answers(desk: Assistant) -> None:
    answer = desk.ask("Who asked questions at the hearing?")
    assert answer.shape == "list"
    assert [label.split(",")[0] for label in answer.labels] == ["Anna Rook", "Tom Reed"]
    assert answer.headline.startswith("2 speakers asked a question in ")
    assert all(c.quote.endswith("?") for c in answer.citations)
    check(desk, answer)


def test_documents_are_asked_where_they_mention_something(desk: Assistant) -> None:
    answer = desk.ask("Where do the documents mention Meridian Partners by name?")
    assert answer.headline == "7 of 21 documents mention Meridian Partners."


def test_people_of_a_calling_have_several_roles(desk: Assistant) -> None:
    answer = desk.ask("Which experts are quoted?")
    assert [label.split(",")[0] for label in answer.labels] == ["Ada Vik", "Bo Lie"]


def test_a_day_is_not_what_they_asked_about(desk: Assistant) -> None:
    answer = desk.ask("Who asked questions at the hearing on 3 March 2021?")
    assert [label.split(",")[0] for label in answer.labels] == ["Anna Rook", "Tom Reed"]


def test_who_asked_about_something_is_who_asked_in_its_words(desk: Assistant) -> None:
    answer = desk.ask("Which people asked questions about the repair of the quay wall?")
    assert [label.split(",")[0] for label in answer.labels] == ["Tom Reed"]
    assert answer.headline.startswith("1 speaker asked about the repair of the quay wall in ")
    check(desk, answer)


def test_who_is_quoted_is_asked_of_the_document_that_is_meant(desk: Assistant) -> None:
    answer = desk.ask("Who is quoted in the article about the old pier?")
    assert answer.shape == "list"
    assert {label.split(",")[0] for label in answer.labels} == {"Paul Hjort", "Eva Strand"}
    assert answer.headline.startswith("2 speakers are quoted in The old pier of Kelvik")
    check(desk, answer)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("papers")
    told = (
        "The harbour strike went on for a fourth day in Kelvik. {} The port stays shut until"
        " Monday morning at the earliest. “It will end soon,” said {}."
    )
    rows = [
        {"id": f"{paper}-{topic}", "source": paper, "title": f"Strike: {topic}", "text": text}
        for paper, topic, text in (
            ("Wire", "pay", told.format("The crane drivers ask for six percent more.", "Eva Lind")),
            ("Wire", "ships", told.format("Eleven ships lie in the bay and wait.", "Jon Dahl")),
            ("Echo", "pay", told.format("The crane drivers are paid well enough.", "Paul Hjort")),
        )
    ]
    write(place / "documents", "news.jsonl", "\n".join(map(json.dumps, rows)))
    settings = Settings(home=place / "home", documents=place / "documents", provider="none")
    assistant = Assistant(settings)
    assistant.sync()
    yield assistant
    assistant.close()


def test_a_digest_is_of_the_one_piece_of_an_outlet_that_is_meant(papers: Assistant) -> None:
    """However many other pieces, and other outlets, tell of the same."""
    answer = papers.ask("Summarise the Wire piece on the pay of the crane drivers.")
    assert answer.shape == "digest"
    assert {c.document_id for c in answer.citations} == {"news.jsonl:Wire-pay"}
    assert any("six percent" in c.quote for c in answer.citations)


def test_what_is_asked_of_several_pieces_is_no_digest_of_one(papers: Assistant) -> None:
    answer = papers.ask(
        "Considering the pay outlined in the Wire article on the strike and the plans of the port"
        " in the Echo article on the crane drivers, which company bought the ferry line?"
    )
    assert answer.shape != "digest"


def test_who_is_quoted_by_an_outlet_is_asked_of_its_documents(papers: Assistant) -> None:
    everybody = papers.ask("Who is quoted in the documents?")
    assert set(everybody.labels) == {"Eva Lind", "Jon Dahl", "Paul Hjort"}
    assert set(papers.ask("Who is quoted by Wire?").labels) == {"Eva Lind", "Jon Dahl"}


def test_whoever_has_an_office_is_counted_by_name(desk: Assistant) -> None:
    """“Councillor Ann Grant” is “Ann Grant” in other documents."""
    answer = desk.ask("How many documents mention the harbour councillor Ann Grant?")
    assert answer.headline == "1 of 21 documents mentions Ann Grant."
    # What stands before a name and is no office is part of what is asked for.
    answer = desk.ask("How many documents mention the Kelvik ferry company?")
    assert answer.headline == "1 of 21 documents mentions the Kelvik ferry company."


def test_a_timeline_is_in_the_order_of_days(desk: Assistant) -> None:
    answer = desk.ask("How did the bank's interest rate change over time?")
    assert answer.shape == "timeline"
    assert answer.labels == ("2022-01-15", "2022-04-15", "2022-07-15")
    assert [c.quote.split()[-2] for c in answer.citations] == ["2", "3", "5"]
    check(desk, answer)


def test_a_digest_is_of_the_document_that_is_named_in_its_order(desk: Assistant) -> None:
    answer = desk.ask("Summarise the fall of the Kelvik ferry company")
    assert answer.shape == "digest"
    assert {c.document_id for c in answer.citations} == {"ferry.txt"}
    starts = [c.start for c in answer.citations]
    assert starts == sorted(starts)
    assert "bankrupt" in answer.text
    assert "People waved" not in answer.text  # too little to be a main point
    check(desk, answer)


def test_two_sides_stand_beside_each_other(desk: Assistant) -> None:
    answer = desk.ask("Compare the repair of the quay wall and the debts of the ferry company")
    assert answer.shape == "compare"
    sides = dict.fromkeys(answer.labels)
    assert list(sides) == ["the repair of the quay wall", "the debts of the ferry company"]
    assert answer.citations[0].document_id == "hearing-2021-03-03.txt"
    assert answer.citations[-1].document_id == "ferry.txt"
    check(desk, answer)


def test_what_is_counted_over_all_documents_is_not_left_to_a_model(desk: Assistant) -> None:
    worded = desk.worded_by(Parrot())
    answer = worded.ask("How many documents mention Meridian Partners?")
    assert answer.headline == "7 of 21 documents mention Meridian Partners."
    assert answer.sent_to == ""
    assert "model" not in answer.timings_ms
    assert "model" in worded.ask("Who was paid for advice on the road?").timings_ms


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        ("January", "March 2022 minutes", ("January 2022 minutes", "March 2022 minutes")),
        ("the May 2022 rate", "the June one", ("the May 2022 rate", "June 2022 rate")),
        ("Rook's", "Reed's results", ("Rook's results", "Reed's results")),
        ("Labour", "Tory asylum policy", ("Labour asylum policy", "Tory asylum policy")),
        ("the French plan", "the German plan", ("the French plan", "the German plan")),
    ],
)
def test_what_one_side_lacks_is_taken_from_the_other(
    one: str, other: str, sides: tuple[str, str]
) -> None:
    assert complete_sides(one, other) == sides


def test_a_shape_is_kept_and_read_again(desk: Assistant, tmp_path: Path) -> None:
    from rag.library.stored import read_answer, write_answer

    assert tmp_path.is_dir()
    answer = desk.ask("Which documents mention Meridian Partners?")
    again = read_answer(write_answer(answer))
    assert (again.shape, again.headline, again.labels) == (
        answer.shape,
        answer.headline,
        answer.labels,
    )
