"""How a quotation was told: every telling in all documents, earliest first, changes marked."""

from collections.abc import Iterator

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.tellings import Telling, find_telling, mark_differences, read_words
from rag.export import answer_as_json, answer_as_text, chat_as_markdown
from rag.statements import extract
from rag.types import Chat, Document, Scope, Turn
from tests.conftest import write
from tests.plugins.parrot import Parrot

WORDS = "The old iron bridge was never safe for lorries and we told the ministry so in March"
SAID = f"“{WORDS},” {{}} said."
META = """{"file_name": "gazette.txt", "title": "Shut", "source": "Gazette", "date": "2021-05-02"}
{"file_name": "herald.txt", "title": "The bridge", "source": "Herald", "date": "2021-05-04"}
{"file_name": "courier.txt", "title": "Lorries barred", "source": "Courier", "date": "2021-05-03"}
{"file_name": "echo.txt", "title": "What she said", "source": "Echo"}
{"file_name": "tribune.txt", "title": "Tolls", "source": "Tribune", "date": "2021-05-05"}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("retold")
    folder = place / "documents"
    write(folder, "metadata.jsonl", META)
    write(folder, "gazette.txt", f"Bridge shut\n\n{SAID.format('The engineer Ida Holm')}\n")
    # The same words, with who says them between.
    between = (
        "“The old iron bridge was never safe for lorries,” Ida Holm said, “and we told the "
        "ministry so in March.”"
    )
    write(folder, "courier.txt", f"Lorries barred\n\nThe road is closed.\n\n{between}\n")
    changed = SAID.format("Ida Holm").replace("never safe", "not quite safe").replace("so ", "")
    write(folder, "herald.txt", f"The bridge\n\n{changed}\n")
    part = (
        "Ida Holm had told the paper that the old iron bridge was never safe for lorries and buses."
    )
    write(folder, "echo.txt", f"What she said\n\n{part}\n")
    other = "“The new bridge is quite safe for lorries,” said the minister Per Dahl in March."
    alone = "“Tolls will pay for the tunnel within nine years at most,” Per Dahl said."
    write(folder, "tribune.txt", f"Tolls\n\n{other}\n\n{alone}\n")
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    yield assistant
    assistant.close()


QUOTED = f"How was “{WORDS}” told?"
LABELS = (
    "Gazette, 2021-05-02",
    "Courier, 2021-05-03, word for word as in Gazette, 2021-05-02",
    "Herald, 2021-05-04 (… iron bridge was [-never-] {+not quite+} safe for lorries … told the "
    "ministry [-so-] in March)",
    "Echo (… for lorries and [-we told the ministry so in March-] {+buses+})",
)


def check_exact(desk: Assistant, answer: Answer) -> None:
    for citation in answer.citations:
        document = desk.index.get_document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        QUOTED,
        QUOTED.replace("“", "'").replace("”", "'"),
        "How did the papers report Ida Holm's words about the old iron bridge?",
        "Compare how the outlets quoted Ida Holm's statement about lorries",
        "Did the wording of Ida Holm's statement about the ministry differ between articles?",
    ],
)
def test_every_telling_is_found_earliest_first_and_marked(desk: Assistant, question: str) -> None:
    answer = desk.ask(question)
    assert answer.shape == "retold"
    assert answer.labels == LABELS
    assert answer.headline.startswith(
        "4 of the 5 documents searched tell “The old iron bridge was never"
    )
    assert answer.headline.endswith(", by 4 outlets, in 3 wordings:")
    check_exact(desk, answer)


def test_the_marks_read_alike_in_text_markdown_and_json(desk: Assistant) -> None:
    answer = desk.ask(QUOTED)
    marked = "[-never-] {+not quite+}"
    assert marked in answer_as_text(answer)
    assert marked in answer_as_json(answer)["rows"][2]["label"]
    chat = Chat("c", "Bridge", "2026-01-01T00:00", "2026-01-01T00:00", 1)
    page = chat_as_markdown(chat, [Turn(1, answer, "2026-01-01T00:00")])
    # Escaped, so that whoever renders it shows the signs and makes no list or link of them.
    assert r"\[\-never\-\] \{\+not quite\+\}" in page
    assert (
        answer.note
        == "Compared with the words of the question: [-so-] is missing, {+so+} stands there."
    )


def test_one_telling_is_shown_as_the_only_one(desk: Assistant) -> None:
    answer = desk.ask("How was “Tolls will pay for the tunnel within nine years” told?")
    assert answer.headline == (
        "Only one of the 5 documents searched tells “Tolls will pay for the tunnel within nine "
        "years”:"
    )
    assert answer.labels == ("Tribune, 2021-05-05",)
    check_exact(desk, answer)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How was “Nobody has ever drowned in here” told?",
         "None of the 5 documents searched tells “Nobody has ever drowned in here”, or nearly so."),
        ("How did the papers report Per Dahl's words about whales?",
         "The 5 documents searched report no words of Per Dahl about “whales”."),
    ],
)  # fmt: skip
def test_what_nobody_tells_is_declined(desk: Assistant, question: str, reason: str) -> None:
    answer = desk.ask(question)
    assert (answer.status, answer.reason) == ("abstained", reason)


def test_a_question_keeps_to_its_documents_and_outlets(desk: Assistant) -> None:
    within = desk.ask(QUOTED, within=Scope(since="2021-05-03", until="2021-05-04"))
    assert [c.source for c in within.citations] == ["Courier", "Herald"]
    assert within.headline.startswith("2 of the 2 documents searched")
    named = desk.ask(
        QUOTED.replace("How was", "How did Gazette and Herald report").replace(" told", "")
    )
    assert [c.source for c in named.citations] == ["Gazette", "Herald"]


def test_a_follow_up_asks_how_the_quote_before_was_told(desk: Assistant) -> None:
    answer = desk.ask("How was this quote told?", history=[f"Who said “{WORDS}”?"])
    assert answer.labels == LABELS
    about = desk.ask(
        "How did the papers report her words about lorries?", history=["Who is Ida Holm?"]
    )
    assert about.labels == LABELS


def test_it_is_not_left_to_a_model_which_sees_but_a_few_passages(desk: Assistant) -> None:
    answer = desk.worded_by(Parrot()).ask(QUOTED)
    assert answer.labels == LABELS
    assert answer.sent_to == ""


def tell(wanted: str, text: str) -> str | None:
    document = Document("d", "", None, None, text, "x")
    found = find_telling(read_words(wanted), text, extract(document))
    return " ".join(w.written for w in found.words) if found else None


@pytest.mark.parametrize(
    ("wanted", "text", "told"),
    [
        ("they were not on alert", "Its fighters were not even on alert, he said.",
         "were not even on alert"),
        ("they were not on alert", "The men on duty were not told of the alert.", None),
        # Names and figures of speech are anybody's.
        ("The United States of America has the best economy of the whole world today",
         "“I came to the United States of America as my cousin had a shop,” he said.", None),
        # What somebody says between two pieces is no part of them.
        ("We saw the ship go down at dawn",
         "“We saw the ship,” Ann Holm told us, “go down at dawn.”",
         "We saw the ship go down at dawn"),
        # Part of it, quoted alone.
        ("We saw the grey ship go slowly down at dawn and heard the sailors cry for help",
         "She “heard the sailors cry for help” that day.", None),
    ],
)  # fmt: skip
def test_a_telling_shares_runs_of_words(wanted: str, text: str, told: str | None) -> None:
    assert tell(wanted, text) == told


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("we are not on alert", "We were not on alert", "We [-are-] {+were+} not on alert"),
        ("we are not on alert", "we are on alert", "we are [-not-] on alert"),
        ("a b c d e f g h i", "a b c d e f g h i j", "… g h i {+j+}"),
    ],
)
def test_differences_are_marked_with_a_few_words_around(
    before: str, after: str, marked: str
) -> None:
    one, other = (Telling(tuple(read_words(text))) for text in (before, after))
    assert mark_differences(one, other) == marked
