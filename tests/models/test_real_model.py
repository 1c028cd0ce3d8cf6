"""The whole walk with a real model over HTTP. It answers badly: the walk and the check are tested.

135 million parameters write fluent nonsense, which is what the verifier is for.
"""

import threading
import time
from collections.abc import Iterator

import pytest

from rag import Answer, Assistant, Settings
from rag.models import LanguageModel, list_models, open_language_model
from tests.model_server import CONTEXT, model_file, model_server

# Installed, but it may want a library of the system that is not there (see tests/prepare.py).
pytest.importorskip("xllamacpp", exc_type=ImportError)

QUESTION = "who said Hezbollah was surprised?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with model_server() as url:
        yield url


def with_model(assistant: Assistant, settings: Settings) -> Assistant:
    model = open_language_model(settings)
    # Three passages: the model reads 150 tokens a second on one core.
    return assistant.worded_by(model, evidence=3, timeout=120.0)


def assert_only_what_stands_is_shown(assistant: Assistant, answer: Answer) -> None:
    for citation in answer.citations:
        document = assistant.index.get_document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
    if answer.engine == "quotes":
        assert answer.notice is not None
    else:
        shown = {s.text for s in answer.sentences if s.stands}
        assert answer.status == "abstained" or answer.text
        assert all(s.text not in answer.text or s.text in shown for s in answer.sentences)


def test_a_real_model_is_streamed_checked_and_answered_for(
    assistant: Assistant, address: str
) -> None:
    drafts: list[str] = []
    opened = with_model(assistant, Settings(base_url=address))
    answer = opened.ask(QUESTION, on_draft=drafts.append)
    assert len(drafts) > 3
    assert answer.timings_ms["model"] > 0
    assert_only_what_stands_is_shown(assistant, answer)
    assert answer.status == "answered"


def test_a_real_model_is_stopped_at_once_and_free_for_the_next_question(
    assistant: Assistant, address: str
) -> None:
    stop = threading.Event()
    opened = with_model(assistant, Settings(base_url=address))
    begun: list[float] = []

    def first(_: str) -> None:
        begun.append(time.monotonic())
        stop.set()

    answer = opened.ask("Tell me everything about Hezbollah and Iran.", on_draft=first, stop=stop)
    assert time.monotonic() - begun[0] < 5
    assert_only_what_stands_is_shown(assistant, answer)
    model = open_language_model(Settings(base_url=address))
    assert model is not None
    assert hear(model, "Say hello.")


def test_a_real_server_tells_its_model_and_context(address: str) -> None:
    row = next(
        r for r in list_models(Settings(base_url=address)) if r.provider == "openai-compatible"
    )
    assert row.reachable
    assert row.context == CONTEXT
    assert row.model.endswith(".gguf")


def test_a_gguf_file_runs_in_this_process() -> None:
    settings = Settings(provider="gguf", model=str(model_file()), context=2048)
    model = open_language_model(settings)
    assert model is not None
    assert (model.name, model.context) == (model_file().name, 2048)
    assert hear(model, "Say hello.")
    assert list_models(settings)[-1].chosen


def test_a_file_that_is_no_model_gives_quotes_and_one_line(
    assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("model") / "broken.gguf"
    path.write_bytes(b"no model")
    answer = with_model(assistant, Settings(provider="gguf", model=str(path))).ask(QUESTION)
    assert answer.engine == "quotes"
    assert "broken.gguf cannot be loaded" in (answer.notice or "")


def hear(model: LanguageModel, text: str) -> str:
    return "".join(model.reply([{"role": "user", "content": text}], seconds=60))
