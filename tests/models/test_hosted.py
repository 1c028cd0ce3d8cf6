"""A hosted model's APIs, spoken by a scripted server: responses and chat, with a form and without.

The server answers as OpenAI's does today; what it refuses is asked for in the older way.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.prompts import REPLY_SCHEMA
from rag.errors import LanguageModelError, SettingsError
from rag.models import open_language_model
from rag.models.contract import Asking, Usage
from rag.models.openai import OpenAIChat
from rag.models.prices import find_cost, load_prices, show_cost
from tests.chat_server import chat_server
from tests.models.test_language_models import QUESTION, TRUE

FORMED = json.dumps(
    {"sentences": [{"text": 'Reuters reported that Hezbollah "was taken by surprise".',
                    "passages": [1]}]}
)  # fmt: skip


def ask(assistant: Assistant, url: str, **settings: Any) -> Answer:
    wanted = Settings(base_url=url, **{"prompt": "large", "api": "responses", **settings})
    return assistant.worded_by(open_language_model(wanted), prompt="large").ask(QUESTION)


@pytest.mark.parametrize(
    ("api", "path"), [("responses", "responses"), ("chat", "chat/completions")]
)
@pytest.mark.parametrize("reply", [TRUE, FORMED])
def test_both_apis_give_an_answer_in_a_form_or_in_plain_text(
    assistant: Assistant, api: str, path: str, reply: str
) -> None:
    with chat_server(text=reply, responses=True, usage=(900, 40)) as (url, requests):
        answer = ask(assistant, url, api=api, model="gpt-4.1-mini")
    (sent,) = requests
    assert sent["path"] == f"/v1/{path}"
    assert (answer.text, answer.engine, answer.notice) == (TRUE, "gpt-4.1-mini", None)
    assert answer.tokens == (900, 40)
    assert answer.cost == pytest.approx((900 * 0.4 + 40 * 1.6) / 1e6)
    form = sent["text"]["format"] if api == "responses" else sent["response_format"]["json_schema"]
    assert form["schema"] == REPLY_SCHEMA
    if api == "responses":
        assert sent["store"] is False  # nothing is kept at the maker


def test_a_server_without_responses_is_asked_by_chat_from_then_on() -> None:
    with chat_server(text=TRUE) as (url, requests):
        model = OpenAIChat(model="m", base_url=url, api_key="k", temperature=0, api="responses")
        for _ in range(2):
            assert (
                "".join(model.reply([{"role": "user", "content": "q"}], seconds=3)).strip() == TRUE
            )
    assert [r["path"] for r in requests] == ["/v1/chat/completions"] * 2


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize(
    ("complaint", "left"),
    [
        ("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        ("Invalid parameter: structured outputs are not supported with this model.", "form"),
        ("Unknown parameter: 'json_schema'.", "form"),
        ("Unknown parameter: 'stream_options'.", "stream_options"),
        ("Unknown parameter: 'store'.", "store"),
    ],
)
def test_what_a_model_refuses_is_left_out(
    assistant: Assistant, api: str, complaint: str, left: str
) -> None:
    refusal = {"status": 400, "error": complaint, "responses": True}
    with chat_server(refusal, {"text": TRUE}) as (url, requests):
        answer = ask(assistant, url, api=api)
    name = {"form": {"responses": "text", "chat": "response_format"}[api]}.get(left, left)
    if name not in requests[0]:  # of the other API
        assert "HTTP 400" in (answer.notice or "")
        return
    assert name not in requests[1]
    assert (answer.text, answer.notice) == (TRUE, None)


@pytest.mark.parametrize(
    ("script", "notice"),
    [
        ({"finish": "length", "text": TRUE}, "ran out of room"),
        ({"finish": "content_filter", "text": TRUE}, "withheld its reply"),
        ({"cut": True, "text": TRUE}, "stopped in the middle"),
        ({"raw": 'event: error\ndata: {"type": "error", "message": "no"}\n\n'}, "failed"),
        ({"status": 401}, "refused the key"),
        ({"status": 429}, "rate limit"),
        ({"status": 500}, "HTTP 500"),
        ({"status": 400, "error": "maximum context length is 10 tokens"}, "too small a context"),
    ],
)
def test_a_response_that_fails_leaves_the_quotes(
    assistant: Assistant, script: dict[str, Any], notice: str
) -> None:
    with chat_server(**{"responses": True, **script}) as (url, _):
        answer = ask(assistant, url, timeout=2.0)
    assert (answer.engine, answer.status) == ("quotes", "answered")
    assert notice in (answer.notice or "")


def test_a_form_that_was_refused_is_not_asked_for_again(assistant: Assistant) -> None:
    refusal = {"status": 400, "error": "json_schema is not supported", "responses": True}
    with chat_server(refusal, {"text": TRUE}) as (url, requests):
        model = open_language_model(Settings(base_url=url, api="responses"))
        asked = assistant.worded_by(model, prompt="large")
        assert [asked.ask(QUESTION).text for _ in range(2)] == [TRUE, TRUE]
    assert ["text" in r for r in requests] == [True, False, False]


def test_what_is_mended_is_drafted_without_thoughts_and_form(assistant: Assistant) -> None:
    drafts: list[str] = []
    false = {"text": "Reuters reported that Hezbollah was surprised by 900 tanks.", "passages": [1]}
    first = json.dumps({"sentences": [false]})
    with chat_server(
        {"text": first, "responses": True}, {"text": f"<think>Hm.</think>{FORMED}"}
    ) as (
        url,
        requests,
    ):
        model = open_language_model(Settings(base_url=url, api="responses"))
        answer = assistant.worded_by(model, prompt="large").ask(QUESTION, on_draft=drafts.append)
    assert len(requests) == 2
    assert answer.text == TRUE
    assert not any("{" in d or "Hm" in d for d in drafts)


def test_a_form_that_comes_in_pieces_is_drafted_as_sentences(assistant: Assistant) -> None:
    drafts: list[str] = []
    pieces = [FORMED[n : n + 7] for n in range(0, len(FORMED), 7)]
    with chat_server(pieces=pieces, responses=True) as (url, _):
        model = open_language_model(Settings(base_url=url, api="responses"))
        assistant.worded_by(model, prompt="large").ask(QUESTION, on_draft=drafts.append)
    assert all("{" not in d and '"text"' not in d for d in drafts)
    assert drafts[-1] == TRUE


def test_a_small_model_is_asked_for_no_form(assistant: Assistant) -> None:
    with chat_server(text=TRUE) as (url, requests):
        model = open_language_model(Settings(base_url=url, model="tiny-1.5b"))
        assistant.worded_by(model).ask(QUESTION)
    assert "response_format" not in requests[0]
    assert "<passage" not in requests[0]["messages"][1]["content"]


def test_openai_is_asked_by_responses_and_others_by_chat() -> None:
    hosted = OpenAIChat(model="m", base_url=None, api_key="k", temperature=0)
    assert hosted._responds
    with chat_server(text="yes", responses=True) as (url, requests):
        model = OpenAIChat(model="m", base_url=url, api_key="k", temperature=0)
        list(model.reply([{"role": "user", "content": "q"}], seconds=3, asking=Asking()))
    assert requests[0]["path"] == "/v1/chat/completions"


def test_an_unknown_api_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="ONRECORD_API is 'soap'; use one of auto, responses"):
        Settings(api="soap")


# --- what it costs ---


def test_a_price_is_found_by_name_and_changed_in_the_home(tmp_path: Path) -> None:
    used = Usage(1_000_000, 1_000_000)
    assert find_cost("gpt-4.1-mini-2025-04-14", used, tmp_path) == pytest.approx(2.0)
    assert find_cost("openai/gpt-4.1", used, tmp_path) == pytest.approx(10.0)
    assert find_cost("gpt-4.1-mini", Usage(), tmp_path) is None  # its server does not tell
    assert find_cost("gpt-4.1-maxi", used, tmp_path) is None
    assert find_cost("qwen3:4b", used, tmp_path) is None
    (tmp_path / "prices.toml").write_text('["qwen3"]\nread = 0\nwritten = 0\n')
    assert find_cost("qwen3:4b", used, tmp_path) == 0
    (tmp_path / "prices.toml").write_text('["gpt-4.1-mini"]\nread = 1\nwritten = 1\n')
    assert find_cost("gpt-4.1-mini", used, tmp_path) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "text", ["x = [", "[a]\nread = 1\n", "a = 1\n", "[a]\nread = 'b'\nwritten = 1"]
)
def test_a_table_of_prices_that_cannot_be_read_is_told_and_costs_no_answer(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"prices\.toml in the home folder"):
        load_prices(tmp_path)
    assert find_cost("gpt-4.1", Usage(1, 1), tmp_path) is None


def test_costs_are_shown_with_two_figures() -> None:
    assert [show_cost(c) for c in (0.0, 0.000421, 0.0421, 4.21)] == [
        "$0",
        "$0.00042",
        "$0.042",
        "$4.2",
    ]


def test_an_error_of_a_response_says_nothing_of_the_server() -> None:
    with chat_server(status=500, error="sk-leaked", responses=True) as (url, _):
        model = OpenAIChat(model="m", base_url=url, api_key="k", temperature=0, api="responses")
        with pytest.raises(LanguageModelError, match=r"^failed \(HTTP 500\)$"):
            list(model.reply([{"role": "user", "content": "q"}], seconds=3))
