"""The app while a file of the home is damaged: what is sound is there all the same."""

from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.library.vectors import write_lock
from tests.browser.test_app import page, start, told
from tests.conftest import SEEDS
from tests.library.test_damage import empty_vectors, make_no_database

QUESTION = "Who is Kobi Michael?"


def keep_a_chat(home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=SEEDS))
    assistant.chats.keep("one", assistant.ask(QUESTION))
    assistant.close()


def test_chats_are_listed_and_read_while_the_index_is_damaged(
    seeds_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_chat(seeds_copy)
    make_no_database(seeds_copy / "library.db")
    app = start(monkeypatch, home=seeds_copy, documents=SEEDS)
    app.run()
    assert not app.exception
    assert "onrecord rebuild --all" in told(app)
    next(b for b in app.sidebar.button if b.label == QUESTION).click().run()
    assert not app.exception
    assert "onrecord rebuild --all" in told(app)
    assert f"## {QUESTION.replace('?', '')}" in told(app)
    assert not app.chat_input


def test_documents_are_asked_while_the_chats_are_damaged(
    seeds_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_chat(seeds_copy)
    make_no_database(seeds_copy / "people.db")
    app = start(monkeypatch, home=seeds_copy, documents=SEEDS)
    app.run()
    assert not app.exception
    assert "onrecord restore FILE" in told(app)
    app.chat_input[0].set_value(QUESTION).run()
    assert not app.exception
    assert "Quoted · " in told(app)


def test_the_health_page_tells_damaged_vectors(
    seeds_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_vectors(seeds_copy)
    start(monkeypatch, home=seeds_copy, documents=SEEDS)
    app = page("settings")
    with write_lock(seeds_copy):  # or the app's first search would have them mended by then
        app.run()
    assert not app.exception
    assert "damaged: rebuild them, or ask anything" in told(app)
