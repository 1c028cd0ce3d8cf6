"""The app's states, without a browser: first visit, empty folder, errors, abstentions."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag import Assistant, Settings
from tests.conftest import ROOT, write


@pytest.fixture
def app(seeds_copy: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    import streamlit as st

    st.cache_resource.clear()  # an assistant of another test would answer from its index
    monkeypatch.setenv("ONRECORD_HOME", str(seeds_copy))
    monkeypatch.setenv("ONRECORD_DOCUMENTS", str(ROOT / "seeds"))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def test_the_first_visit_offers_questions_and_lists_the_documents(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "who said Hezbollah was surprised?" in app.button_group[0].options
    assert "Documents (5)" in app.sidebar.subheader[0].value
    assert "Nothing leaves this machine" in app.sidebar.caption[-1].value


def test_a_question_gets_an_answer_with_its_sources_and_the_chat_goes_on(
    app: AppTest, seeds_copy: Path
) -> None:
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    assert not app.exception
    assert any("Sources" in c.value for c in app.caption)
    app.chat_input[0].set_value("What did he say Iran's objective is?").run()
    assert not app.exception
    assert len(app.chat_message) == 4
    (kept,) = Assistant(Settings(home=seeds_copy)).list_chats()
    assert (kept.title, kept.turns) == ("Who is Kobi Michael?", 2)
    turns = Assistant(Settings(home=seeds_copy)).read_chat(kept.id)
    assert "perpetual conflict" in turns[-1].answer.text
    assert turns[-1].answer.searched == "What did he say Iran's objective is? (Kobi Michael)"
    assert any("Searched for: What did he say" in c.value for c in app.caption)


def test_a_chat_is_there_again_on_another_page_until_it_is_deleted(
    app: AppTest, seeds_copy: Path
) -> None:
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    (chat,) = Assistant(Settings(home=seeds_copy)).list_chats()
    again.query_params["chat"] = chat.id
    again.run()
    assert len(again.chat_message) == 2
    next(b for b in again.sidebar.button if b.label == "Delete this chat").click().run()
    assert not again.exception
    assert len(again.chat_message) == 0
    assert Assistant(Settings(home=seeds_copy)).list_chats() == []


def test_a_model_that_is_down_is_told_in_one_line_and_quotes_answer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_BASE_URL", "http://127.0.0.1:9/v1")
    app.run()
    app.chat_input[0].set_value("who said Hezbollah was surprised?").run()
    assert not app.exception
    assert any("cannot be reached" in c.value for c in app.caption)
    assert any("Sources" in c.value for c in app.caption)


def test_a_model_is_chosen_for_this_session(app: AppTest) -> None:
    app.run()
    next(b for b in app.sidebar.button if b.label.startswith("Choose what words")).click().run()
    assert not app.exception
    assert app.radio[0].options == ["Quotes, without a language model"]


def test_a_key_of_the_session_is_offered_with_where_it_leads(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.models.language._get_json", lambda *_, **__: None)  # no network
    app.run()
    app.session_state["session-key"] = "sk-very-secret"
    next(b for b in app.sidebar.button if b.label.startswith("Choose what words")).click().run()
    assert not app.exception
    hosted = app.radio[0].options[1]
    assert "openai" in hosted
    assert "leaves this machine" in hosted


def test_an_abstention_says_why_and_shows_the_nearest(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("What did Emmanuel Macron say?").run()
    assert not app.exception
    assert any("do not answer" in m.value for m in app.markdown)
    assert any("Emmanuel Macron" in c.value for c in app.caption)
    nearest = app.expander[0]
    assert nearest.label == "The nearest passages"
    assert not any(".txt" in button.label for button in nearest.button)


def test_sync_tells_what_it_did(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    write(folder, "scan.pdf", b"%PDF")
    monkeypatch.setenv("ONRECORD_DOCUMENTS", str(folder))
    app.run()
    next(b for b in app.sidebar.button if b.label == "Sync").click().run()
    assert not app.exception
    told = " ".join(c.value for c in app.sidebar.caption)
    assert "3 added, 5 removed, 1 failed" in told
    assert "damaged" in told


def test_without_documents_the_next_step_is_told(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "empty"))
    app.run()
    assert not app.exception
    assert "There are no documents yet" in app.info[0].value


def test_a_bad_setting_is_a_calm_message(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PROVIDER", "magic")
    app.run()
    assert not app.exception
    assert "ONRECORD_PROVIDER" in app.error[0].value
