"""The app's states, without a browser: first visit, empty folder, errors, abstentions."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

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


def test_a_question_gets_an_answer_with_its_sources_and_the_chat_goes_on(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("Who is Kobi Michael?").run()
    assert not app.exception
    assert any("Sources" in c.value for c in app.caption)
    app.chat_input[0].set_value("What did he say Iran's objective is?").run()
    assert not app.exception
    assert len(app.chat_message) == 4
    answer = app.session_state.messages[-1]["answer"]
    assert "perpetual conflict" in answer.text


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
