"""Chats are kept in the library, and what they cite stays as it was cited."""

from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.models import open_embedder
from tests.chat_server import chat_server
from tests.conftest import write

QUESTION = "Who said the quay is closed?"


@pytest.fixture
def kelvik(folder: Path, home: Path) -> Assistant:
    assistant = Assistant(Settings(home=home, documents=folder), embedder=open_embedder())
    assistant.sync()
    return assistant


def test_a_turn_comes_back_as_it_was(kelvik: Assistant) -> None:
    answer = kelvik.ask(QUESTION)
    kept = kelvik.chats.keep("one", answer)
    assert kept.number == 1
    assert kelvik.chats.read("one") == [kept]
    assert kelvik.chats.read("one")[0].answer == answer
    (chat,) = kelvik.chats.find()
    assert (chat.id, chat.title, chat.turns) == ("one", QUESTION, 1)


def test_a_checked_answer_of_a_model_comes_back_too(kelvik: Assistant, home: Path) -> None:
    said = "The harbour master said the quay is closed [1]. The moon is made of cheese [1]."
    with chat_server(text=said) as (url, _):
        answer = Assistant.open(Settings(home=home, base_url=url)).ask(QUESTION)
    assert [s.status for s in answer.sentences] == ["supported", "unsupported"]
    kelvik.chats.keep("one", answer)
    assert kelvik.chats.read("one")[0].answer == answer


def test_chats_are_listed_by_when_they_were_last_asked_in(kelvik: Assistant) -> None:
    answer = kelvik.ask(QUESTION)
    for chat_id in ("one", "two", "one"):
        kelvik.chats.keep(chat_id, answer)
    assert [(c.id, c.turns) for c in kelvik.chats.find()] == [("one", 2), ("two", 1)]
    kelvik.chats.rename("two", "  The quay\n")
    kelvik.chats.rename("one", " ")
    assert [c.title for c in kelvik.chats.find()] == [QUESTION, "The quay"]


@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_a_citation_opens_the_text_that_it_cites_whatever_becomes_of_it(
    kelvik: Assistant, folder: Path, change: str
) -> None:
    answer = kelvik.ask(QUESTION)
    kelvik.chats.keep("one", answer)
    (citation,) = answer.citations
    assert kelvik.chats.open_citation(citation) == (kelvik.index.get_document("alpha.txt"), True)
    if change == "edited":
        write(folder, "alpha.txt", "The harbour of Kelvik\n\nIt opened again.")
    else:
        (folder / "alpha.txt").unlink()
    kelvik.sync()
    document, current = kelvik.chats.open_citation(kelvik.chats.read("one")[0].answer.citations[0])
    assert not current
    assert document is not None
    assert document.text[citation.start : citation.end] == citation.quote


def test_a_deleted_chat_takes_the_texts_along_that_only_it_cites(
    kelvik: Assistant, folder: Path
) -> None:
    answer = kelvik.ask(QUESTION)
    kelvik.chats.keep("one", answer)
    kelvik.chats.keep("two", answer)
    (folder / "alpha.txt").unlink()
    kelvik.sync()
    kelvik.chats.delete("one")
    assert kelvik.chats.open_citation(answer.citations[0])[0] is not None
    kelvik.chats.delete("two")
    assert kelvik.chats.open_citation(answer.citations[0]) == (None, False)
    assert kelvik.chats.find() == []


def test_a_chat_of_another_process_is_seen(kelvik: Assistant, home: Path) -> None:
    kelvik.chats.keep("one", kelvik.ask(QUESTION))
    assert [c.id for c in Assistant(Settings(home=home)).chats.find()] == ["one"]
