"""The app's states, without a browser: first visit, empty folder, errors, each page by itself."""

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rag import Assistant, Settings
from rag.browser.server import PAGE
from rag.library.chats import Chats
from rag.question.operators import HELP
from rag.types import Scope
from tests.conftest import ROOT, write


@pytest.fixture
def app(seeds_copy: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return start(monkeypatch, home=seeds_copy, documents=ROOT / "seeds")


def start(monkeypatch: pytest.MonkeyPatch, *, home: Path, documents: Path) -> AppTest:
    import streamlit as st

    st.cache_resource.clear()  # an assistant of another test would answer from its index
    monkeypatch.setenv("ONRECORD_HOME", str(home))
    monkeypatch.setenv("ONRECORD_DOCUMENTS", str(documents))
    return AppTest.from_file(str(PAGE), default_timeout=60)


def page(name: str) -> AppTest:
    """One page of the app, after `start`."""
    script = f"from rag.browser import {name}\n{name}.show()"
    return AppTest.from_string(script, default_timeout=60)


def told(app: AppTest) -> str:
    """All that the page says in words, without Markdown's backslashes."""
    kinds = (app.caption, app.markdown, app.info, app.warning, app.error, app.success, app.text)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def wait_for(app: AppTest, words: str) -> None:
    """Runs the page until it says `words`: what it started goes on in a thread."""
    for _ in range(200):
        app.run()
        assert not app.exception
        if words in told(app):
            return
        time.sleep(0.05)
    raise AssertionError(f"{words!r} never came; it says:\n{told(app)}")


def test_the_first_visit_offers_questions(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "who said Hezbollah was surprised?" in app.button_group[0].options
    assert "Nothing leaves this machine" in app.sidebar.caption[-1].value


def test_operators_are_explained_and_an_answer_tells_what_they_limited_it_to(app: AppTest) -> None:
    app.run()
    assert HELP in told(app)
    app.chat_input[0].set_value("outlet:CNN -Hezbollah evidence").run()
    assert not app.exception
    assert "Limited to: outlet CNN, not “Hezbollah”" in told(app)


def test_a_question_gets_an_answer_and_the_chat_goes_on(app: AppTest, seeds_copy: Path) -> None:
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    assert not app.exception
    assert "Quoted · " in told(app)
    app.chat_input[0].set_value("What did he say Iran's objective is?").run()
    assert not app.exception
    assert len(app.chat_message) == 4
    (kept,) = Assistant(Settings(home=seeds_copy)).chats.find()
    assert (kept.title, kept.turns) == ("Who is Kobi Michael?", 2)
    turns = Assistant(Settings(home=seeds_copy)).chats.read(kept.id)
    assert "perpetual conflict" in turns[-1].answer.text
    assert turns[-1].answer.searched == "What did he say Iran's objective is? (Kobi Michael)"
    assert "Searched for: What did he say" in told(app)


def test_a_chat_is_there_again_on_another_page_until_it_is_deleted(
    app: AppTest, seeds_copy: Path
) -> None:
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    again = AppTest.from_file(str(PAGE), default_timeout=60)
    (chat,) = Assistant(Settings(home=seeds_copy)).chats.find()
    again.query_params["chat"] = chat.id
    again.run()
    assert len(again.chat_message) == 2
    delete = next(b for b in again.button if b.label == "Delete")
    assert delete.disabled  # until it is meant
    next(c for c in again.checkbox if c.label.startswith("Delete this chat")).check().run()
    next(b for b in again.button if b.label == "Delete").click().run()
    assert not again.exception
    assert len(again.chat_message) == 0
    assert Assistant(Settings(home=seeds_copy)).chats.find() == []


def test_a_model_that_is_down_is_told_in_one_line_and_quotes_answer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_BASE_URL", "http://127.0.0.1:9/v1")
    app.run()
    app.chat_input[0].set_value("who said Hezbollah was surprised?").run()
    assert not app.exception
    assert "cannot be reached" in told(app)
    assert "Quoted · " in told(app)


def test_a_question_that_cannot_be_kept_is_told_and_can_be_asked_again(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.errors import StorageError

    def full(*_: object) -> None:
        raise StorageError("library.db: database or disk is full. Free some disk space.")

    monkeypatch.setattr(Chats, "keep", full)
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    assert not app.exception
    assert "Free some disk space" in told(app)
    monkeypatch.undo()
    next(b for b in app.button if b.label == "Ask again").click().run()
    assert not app.exception
    assert "Quoted · " in told(app)


def test_an_abstention_says_why_and_shows_the_nearest(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("What did Emmanuel Macron say?").run()
    assert not app.exception
    assert "Emmanuel Macron" in told(app)
    nearest = app.expander[0]
    assert nearest.label == "The nearest passages"
    assert not any(".txt" in button.label for button in nearest.button)


def test_without_documents_the_next_step_is_told_on_every_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "none yet"
    folder.mkdir()
    app = start(monkeypatch, home=tmp_path / "empty", documents=folder)
    app.run()
    assert not app.exception
    assert "There are no documents yet" in told(app)
    for name, words in (
        ("documents", "Drop some files above"),
        ("changed", "Nothing is saved yet"),
        ("evaluation", "Add some documents first"),
        ("settings", "Leaves this machine"),
    ):
        shown = page(name).run()
        assert not shown.exception
        assert words in told(shown), name


def test_a_folder_that_was_never_synced_is_read_from_where_it_is_missed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    app = start(monkeypatch, home=tmp_path / "empty", documents=folder)
    app.run()
    assert "There are no documents yet" not in told(app)
    offer = next(b for b in app.button if b.label.startswith("Read the 3 files in "))
    assert "Read the 3 files in" in page("documents").run().button[0].label
    offer.click().run()
    wait_for(app, "Ask your documents")
    app.chat_input[0].set_value("What did the harbour master say?").run()
    assert "Quoted · " in told(app)


def test_a_folder_of_which_nothing_can_be_read_says_why_in_the_chat(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    write(folder, "scan.pdf", b"%PDF")
    app = start(monkeypatch, home=tmp_path / "empty", documents=folder)
    app.run()
    next(b for b in app.button if b.label.startswith("Read the file in ")).click().run()
    wait_for(app, "Last sync: 1 failed.")
    assert "scan.pdf** is no PDF" in told(app)


def test_a_limit_to_a_document_that_is_gone_lifts_itself(
    monkeypatch: pytest.MonkeyPatch, home: Path, folder: Path
) -> None:
    own = Assistant(Settings(home=home, documents=folder))
    own.sync()
    app = start(monkeypatch, home=home, documents=folder)
    app.session_state.scope = Scope(documents=("alpha.txt", "beta.md"), since="2001-01-01")
    app.run()
    assert "is there no more" not in told(app)
    own.folder.remove("beta.md")
    own.sync()
    app.run()
    assert app.session_state.scope == Scope(documents=("alpha.txt",), since="2001-01-01")
    assert "no more: only 1 document, since 2001-01-01 will be searched." in told(app)
    app.session_state.scope = Scope(documents=("beta.md",))
    app.run()
    assert app.session_state.scope is None
    app.chat_input[0].set_value("What did the harbour master say?").run()
    assert "no more: all documents will be searched." in told(app)
    assert own.chats.find(holding="the quay is closed")


def test_a_bad_setting_is_a_calm_message(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PROVIDER", "magic")
    app.run()
    assert not app.exception
    assert "ONRECORD_PROVIDER" in told(app)


def test_sync_tells_what_it_did_and_each_file_that_failed(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path, folder: Path
) -> None:
    write(folder, "scan.pdf", b"%PDF")
    start(monkeypatch, home=seeds_copy, documents=folder)
    shown = page("documents").run()
    assert "On the disk: 4 new, 5 gone." in told(shown)
    next(b for b in shown.button if b.label == "Sync now").click().run()
    wait_for(shown, "Last sync: 3 added, 5 removed, 1 failed.")
    assert "scan.pdf** is no PDF or a damaged one. Export it again." in told(shown)
    assert "On the disk" not in told(shown)  # a file that failed is no news until it changes
    write(folder, "scan.pdf", b"%PDF-1.7")
    assert "On the disk: 1 new." in told(shown.run())


def test_chatting_goes_on_while_a_sync_runs(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path, tmp_path: Path
) -> None:
    from rag.browser.state import is_running
    from rag.documents import sync

    folder = Path(shutil.copytree(ROOT / "seeds", tmp_path / "documents"))
    write(folder, "ferry.txt", "The ferry ran aground on Sunday.")
    app = start(monkeypatch, home=seeds_copy, documents=folder)
    embed, go_on = sync._embed, threading.Event()

    def held(*args: Any, **more: Any) -> int:
        assert go_on.wait(60)
        return embed(*args, **more)

    monkeypatch.setattr(sync, "_embed", held)
    shown = page("documents").run()
    next(b for b in shown.button if b.label == "Sync now").click().run()
    assert is_running("Sync")
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    assert not app.exception
    assert "Quoted · " in told(app)
    assert is_running("Sync")
    go_on.set()
    wait_for(shown, "Last sync: 1 added.")


def test_a_folder_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path, tmp_path: Path
) -> None:
    start(monkeypatch, home=seeds_copy, documents=tmp_path / "gone")
    shown = page("documents").run()
    assert not shown.exception
    assert "There is no folder" in told(shown)
    assert "5 documents" in told(shown)


@pytest.mark.usefixtures("app")
def test_settings_say_what_is_sent_where_and_keep_a_key_to_the_session(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path
) -> None:
    monkeypatch.setattr("rag.models.ollama.get_json", lambda *_, **__: None)  # no network
    shown = page("settings").run()
    assert shown.radio[0].options == ["Quotes, without a language model"]
    assert "Leaves this machine: **no**" in told(shown)
    shown.text_input(key="session-key").set_value("sk-very-secret").run()
    assert not shown.exception
    hosted = next(o for o in shown.radio[0].options if "openai" in o)
    assert "leaves this machine" in hosted
    shown.radio[0].set_value(hosted).run()
    assert "**yes**, to api.openai.com" in told(shown)
    next(b for b in shown.button if b.label == "Use it in this session").click().run()
    assert not shown.exception
    assert "Answers are worded by" in told(shown)
    assert "sk-very-secret" not in told(shown)
    for path in seeds_copy.rglob("*"):
        assert not path.is_file() or b"sk-very-secret" not in path.read_bytes()


@pytest.mark.usefixtures("app")
def test_rebuild_is_a_button() -> None:
    shown = page("settings").run()
    next(b for b in shown.button if b.label == "Rebuild the vectors").click().run()
    wait_for(shown, "nothing was embedded again")
    assert "up to date" in told(shown)


@pytest.mark.usefixtures("app")
def test_the_index_is_read_from_end_to_end_on_a_click_and_never_to_draw_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[bool] = []
    status = Assistant.status

    def spied(self: Assistant, *, check: bool = False) -> dict[str, Any]:
        checked.append(check)
        return status(self, check=check)

    monkeypatch.setattr(Assistant, "status", spied)
    for name in ("chat", "documents", "changed", "evaluation", "settings"):
        page(name).run()
    assert True not in checked
    shown = page("settings").run()
    next(b for b in shown.button if b.label == "Check the index").click().run()
    wait_for(shown, "is sound")
    assert checked.count(True) == 1


@pytest.mark.usefixtures("app")
def test_an_evaluation_is_stopped_and_keeps_what_it_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Assistant.ask

    def slow(self: Assistant, *args: object, **more: object) -> object:
        time.sleep(0.2)
        return answered(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Assistant, "ask", slow)
    shown = page("evaluation").run()
    assert "No run yet" in told(shown)
    next(b for b in shown.button if b.label.startswith("Ask ")).click().run()
    next(b for b in shown.button if b.label == "Stop").click().run()
    wait_for(shown, "Stopped after")
    assert "of 15 questions" in told(shown)


@pytest.mark.usefixtures("app")
def test_a_questions_file_that_is_none_is_told() -> None:
    shown = page("evaluation").run()
    shown.selectbox[0].set_value("A file of yours").run()
    assert not shown.exception
    shown.file_uploader[0].set_value(("bad.jsonl", b"[1, 2]", "application/jsonl")).run()
    assert not shown.exception
    assert "bad.jsonl, line 1" in told(shown)
