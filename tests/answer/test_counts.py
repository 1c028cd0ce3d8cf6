"""How often words stand and how many people speak: counted over all, with a quote each."""

from collections.abc import Iterator

import pytest

from rag import Assistant, Settings
from rag.answer.occurrences import count_forms, find_occurrences, read_wanted
from rag.types import Scope
from tests.conftest import write
from tests.plugins.parrot import Parrot

HEARING = """Hearing of 3 March 2021

CHAIR MOSS. Good morning. The damage is transitory, I said in May, and transitory it is.

ANNA ROOK. Is it transitory, or is it lasting damage to the quays?

CHAIR MOSS. The quay will be whole by June. The quay’s wall is another matter.

ANNA ROOK. So the quay is closed?

CHAIR MOSS. We closed it in May.
"""
META = """{"file_name": "gazette.txt", "title": "Quay", "source": "Gazette", "date": "2021-05-02"}
{"file_name": "herald.txt", "title": "The pier", "source": "Herald", "date": "2022-05-04"}
{"file_name": "hearing.txt", "title": "Hearing on the quay", "date": "2021-03-03"}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("counts")
    folder = place / "documents"
    write(folder, "metadata.jsonl", META)
    write(folder, "hearing.txt", HEARING)
    gazette = (
        "The quay\n\nThe engineer Ida Holm said that the quay is closed. A transitory state, wrote "
        "a reader.\n\nThe mayor Paul Dahl said the quay is closed until June. The US pays for us.\n"
    )
    write(folder, "gazette.txt", gazette)
    herald = (
        "The pier\n\nThe baker Eva Strand said that the quay is not closed at all. “Transitory!” "
        "she said.\n"
    )
    write(folder, "herald.txt", herald)
    write(folder, "rent.txt", "Rents rose in Kelvik. Nobody knows why.\n")
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    yield assistant
    assistant.close()


COUNTED = [
    ("How many times does the word “transitory” appear?",
     "“transitory” stands 5 times, in 3 of 4 documents.", (3, 1, 1)),
    ("How often does Moss say 'transitory'?",
     "“transitory” stands 2 times in Moss’s own words, in 1 of 4 documents.", (2,)),
    ("How many times is the quay mentioned?",
     "“quay” stands 8 times, in 3 of 4 documents: “quay” 6, “quays” 1, “quay’s” 1.", None),
    ("How many mentions of the quay are there in Gazette?",
     "“quay” stands 3 times, in 1 of 1 document in Gazette.", (3,)),
    ("How often does the word transitory appear in 2021?",
     "“transitory” stands 4 times, in 2 of 2 documents in 2021.", (3, 1)),
    ("How often is the quay mentioned in the hearing?",
     "“quay” stands 4 times, in 1 of 1 document in the hearing: “quay” 2, “quays” 1, “quay’s” 1.",
     (4,)),
    ("How often does Rook mention the quay?",
     "“quay” stands 2 times in Rook’s own words, in 1 of 4 documents: “quay” 1, “quays” 1.", (2,)),
    # A country is no pronoun.
    ("How many times is the US mentioned?", "“US” stands once, in 1 of 4 documents.", (1,)),
    ("How many outlets are there?", "The 4 documents are of 2 outlets.", None),
    ("How many outlets mention Ida Holm?",
     "1 outlet mentions Ida Holm, in 1 of 4 documents.", None),
    ("How many people said that the quay is closed?",
     "2 speakers are reported with such words, in 1 of 4 documents: “the quay is closed”.", None),
    ("How many people said that the quay is not closed?",
     "1 speaker is reported with such words, in 1 of 4 documents: “the quay is not closed”.", None),
    ("How many people are quoted in the hearing?",
     "2 speakers are quoted in Hearing on the quay (2021-03-03): Moss, Anna Rook.", None),
]  # fmt: skip


@pytest.mark.parametrize(("question", "headline", "times"), COUNTED)
def test_what_is_counted_is_counted_over_all_documents(
    desk: Assistant, question: str, headline: str, times: tuple[int, ...] | None
) -> None:
    answer = desk.ask(question)
    assert (answer.shape, answer.headline) == ("count", headline)
    for label, citation in zip(answer.labels, answer.citations, strict=True):
        document = desk.index.get_document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
        assert f"{label}: " in answer.text
    if times is not None:
        told = [label.rpartition(", ")[2] for label in answer.labels]
        assert told == ["once" if n == 1 else f"{n} times" for n in times]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many times is Pluto mentioned?",
         "“Pluto” does not stand in the 4 documents searched."),
        ("How often does Moss say “rents”?",
         "“rents” does not stand in Moss’s own words in the 4 documents searched."),
        ("How often does Orwell say “transitory”?", "The documents report no words of Orwell."),
        ("How many people said that the pier is burning?",
         "Nobody is reported with such words in the 4 documents searched."),
        ("How often does the word “quay” appear in 1999?", "No document is known as “in 1999”."),
    ],
)  # fmt: skip
def test_nothing_is_told_with_what_was_searched(
    desk: Assistant, question: str, reason: str
) -> None:
    answer = desk.ask(question)
    assert (answer.status, answer.reason) == ("abstained", reason)


def test_who_says_the_contrary_is_named_and_not_counted(desk: Assistant) -> None:
    answer = desk.ask("How many people said that the quay is closed?")
    assert {label.split(",")[0] for label in answer.labels} == {"Ida Holm", "Paul Dahl"}
    assert answer.note == "Left out, as they deny it or say otherwise: Eva Strand."


def test_a_count_keeps_to_its_documents(desk: Assistant) -> None:
    within = Scope(documents=("gazette.txt", "rent.txt"))
    answer = desk.ask("How many times is the quay mentioned?", within=within)
    assert answer.headline == "“quay” stands 3 times, in 1 of 2 documents."


@pytest.mark.parametrize(
    ("before", "question", "asked"),
    [
        ("How often does Moss say “transitory”?", "And “quay”?", "How often does Moss say “quay”?"),
        ("How often does Moss say “transitory”?", "And Rook?",
         "How often does Rook say “transitory”?"),
        ("How many times does the word “transitory” appear?", "And in 2022?",
         "How many times does the word “transitory” appear in 2022?"),
        ("How many times is the pier mentioned in 2022?", "And in 2021?",
         "How many times is the pier mentioned in 2021?"),
        ("How many times is the pier mentioned?", "What about the quay?",
         "How many times is the quay mentioned?"),
    ],
)  # fmt: skip
def test_a_follow_up_counts_another_word_speaker_or_year(
    desk: Assistant, before: str, question: str, asked: str
) -> None:
    answer, whole = desk.ask(question, history=[before]), desk.ask(asked)
    assert answer.searched == asked
    assert (answer.headline, answer.reason) == (whole.headline, whole.reason)


def test_a_pronoun_stands_for_who_was_asked_about(desk: Assistant) -> None:
    answer = desk.ask("How often does he say “transitory”?", history=["Who is Chair Moss?"])
    assert answer.headline.startswith("“transitory” stands 2 times in ")


def test_counts_are_not_left_to_a_model(desk: Assistant) -> None:
    answer = desk.worded_by(Parrot()).ask(COUNTED[0][0])
    assert (answer.headline, answer.sent_to) == (COUNTED[0][1], "")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("rate", "The rate, Rates and the rate’s end; rated, berate.", ["rate", "Rates", "rate’s"]),
        ("policies", "A policy is one of many policies.", ["policy", "policies"]),
        ("church", "Churches and a church.", ["Churches", "church"]),
        ("news", "The news is new.", ["news"]),
        ("new", "The news is new.", ["new"]),
        ("interest rate", "Interest-rate rises, interest\nrates; interest. Rates fell.",
         ["Interest-rate", "interest\nrates"]),
        ("U.S. Steel", "U.S. Steel and US Steel", ["U.S. Steel"]),
        ("Yildiz", "Yıldız met Yildiz, Yıldız’s son.", ["Yıldız", "Yildiz", "Yıldız’s"]),
        ("cafe", "A cafe\u0301 and the Café.", ["cafe\u0301", "Café"]),
        ("WHO", "Who told the WHO?", ["WHO"]),
    ],
)  # fmt: skip
def test_whole_words_are_counted_in_their_number_and_possessive(
    phrase: str, text: str, found: list[str]
) -> None:
    wanted = read_wanted(phrase)
    assert wanted is not None
    places = find_occurrences(text, wanted)
    assert [p.written for p in places] == found
    assert all(text[p.start : p.end] == p.written for p in places)


def test_forms_are_told_as_they_are_mostly_written() -> None:
    wanted = read_wanted("rate")
    assert wanted is not None
    places = find_occurrences("Rates, rates, rates and a Rate, RATE'S", wanted)
    assert count_forms(places) == [("rates", 3), ("RATE’S", 1), ("Rate", 1)]


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("How many times does the word “transitory” appear? speaker:Moss",
         "“transitory” stands 2 times, in 1 of 1 document."),
        ("How many times is the quay mentioned? outlet:Gazette",
         "“quay” stands 3 times, in 1 of 1 document."),
        ("How many times is the quay mentioned? after:2021",
         "“quay” stands once, in 1 of 1 document."),
    ],
)  # fmt: skip
def test_what_operators_leave_is_counted_alone(
    desk: Assistant, question: str, headline: str
) -> None:
    assert desk.ask(question).headline == headline
