"""Answers that a model words: never worse than the quotes, nothing lost, all of it checked."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.pieces import pieces, quoted, struck
from rag.export import answer_as_csv, answer_as_json, answer_as_text, first_words
from rag.models import open_language_model
from rag.models.openai import OpenAIChat
from tests.chat_server import chat_server

WHO = "who said Hezbollah was surprised?"
HOW_MANY = "How many fighters does Hezbollah boast of having?"
TRUE = "Hezbollah boasts 100,000 fighters."


def ask(assistant: Assistant, question: str, reply: str, **given: Any) -> Answer:
    """The answer to `question` of a small model that says `reply`."""
    with chat_server(text=reply) as (url, _):
        model = open_language_model(Settings(base_url=url, model="tiny-1.5b"))
        return assistant.worded_by(model, timeout=5.0).ask(question, **given)


def test_quotes_are_told_before_the_model_is_asked(assistant: Assistant) -> None:
    told: list[tuple[Answer, bool]] = []
    asked = threading.Event()
    with chat_server(text=TRUE) as (url, requests):
        model = open_language_model(Settings(base_url=url, model="tiny-1.5b"))

        def note(quotes: Answer) -> None:
            told.append((quotes, bool(requests)))
            asked.set()

        answer = assistant.worded_by(model).ask(HOW_MANY, on_quotes=note)
    ((quotes, was_asked),) = told
    assert (quotes.engine, quotes.status, was_asked) == ("quotes", "answered", False)
    assert "100,000" in first_words(quotes)
    assert answer.engine == "tiny-1.5b"
    assert answer.text.startswith(
        "Hezbollah boasts 100,000 fighters [1].\n\nIn the documents’ words:"
    )
    assert [c.quote for c in quoted(answer)] == [c.quote for c in quotes.citations]
    assert answer.timings_ms["first_token"] <= answer.timings_ms["model"]


def test_a_small_model_is_shown_what_was_quoted_first_and_no_markers(assistant: Assistant) -> None:
    with chat_server(text=TRUE) as (url, requests):
        model = open_language_model(Settings(base_url=url, model="tiny-1.5b"))
        assistant.worded_by(model).ask(WHO)
    system, user = (m["content"] for m in requests[0]["messages"])
    assert user.startswith("Reuters")
    assert len(user) < 3_500
    assert "[1]" not in system + user
    assert "not in the documents" not in system.lower()  # nothing that it could repeat


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (HOW_MANY, "Hezbollah has many fighters and missiles."),  # not the number
        (HOW_MANY, "Hezbollah is backed by Iran."),  # something else
        (WHO, "Hezbollah was surprised by Hamas' devastating assault."),  # not who
    ],
)
def test_what_says_less_than_the_quotes_stands_below_them(
    assistant: Assistant, question: str, reply: str
) -> None:
    plain = assistant.ask(question)
    answer = ask(assistant, question, reply)
    assert answer.engine == "quotes"
    assert answer.text.startswith(plain.text)
    assert quoted(answer) == plain.citations
    assert "tiny-1.5b" in (answer.notice or "")
    assert answer_as_json(answer)["sentences"]
    assert answer_as_text(answer)
    assert len(answer_as_csv(answer).splitlines()) == 1 + len(answer.citations)
    for citation in answer.citations:
        document = assistant.index.get_document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
        passage = next(e.passage for e in answer.evidence if e.number == citation.number)
        assert passage.document_id == citation.document_id


def test_what_was_struck_is_kept_whoever_answers(assistant: Assistant) -> None:
    false = "Hezbollah boasts 900,000 fighters."
    both = ask(assistant, HOW_MANY, f"{TRUE} {false}")
    assert both.engine == "tiny-1.5b"
    assert [s["text"] for s in struck(both)] == [false]
    assert false not in "".join(p.get("text", "") for row in pieces(both) for p in row)
    alone = ask(assistant, HOW_MANY, false)
    assert alone.engine == "quotes"
    assert [s["text"] for s in struck(alone)] == [false]
    assert "wrote nothing that its passages bear out" in (alone.notice or "")
    assert answer_as_json(alone)["rejected"][0]["kind"] == "number"


def test_every_sentence_tells_what_bears_it_out(assistant: Assistant) -> None:
    answer = ask(assistant, HOW_MANY, TRUE)
    told = [p["told"] for row in pieces(answer) for p in row if "told" in p]
    assert told
    assert all("Borne out by" in t and "100,000" in t for t in told)


def test_a_draft_shows_no_thoughts(assistant: Assistant) -> None:
    drafts: list[str] = []
    answer = ask(assistant, HOW_MANY, f"<think>Is it 5?</think>{TRUE}", on_draft=drafts.append)
    assert answer.text.startswith("Hezbollah boasts 100,000 fighters [1].")
    assert not any("Is it" in d or "think" in d for d in drafts)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Yes, Blinken saw evidence.", False),
        ("No, Blinken did not see evidence.", False),
        ("Yes. Blinken said that no direct evidence has been seen.", True),
    ],
)
def test_a_small_models_echo_of_a_question_decides_nothing(
    assistant: Assistant, reply: str, said: bool
) -> None:
    answer = ask(assistant, "Did Blinken see evidence?", reply)
    assert not answer.text.startswith(("Yes", "No"))
    assert any(s.stands for s in answer.sentences) == said
    assert said or "beside the question" in (answer.notice or "")


@pytest.mark.parametrize(
    "question",
    [
        "How many documents mention Hezbollah?",
        "Give me a timeline of the meetings in Beirut.",
        "Who says Iran knew of the attack and who denies it?",
    ],
)
def test_rows_are_the_answer_where_they_say_more_than_prose(
    assistant: Assistant, question: str
) -> None:
    with chat_server(text=TRUE) as (url, requests):
        model = open_language_model(Settings(base_url=url, model="large-70b"))
        answer = assistant.worded_by(model).ask(question)
    assert not requests
    assert answer.engine == "quotes"


def test_a_follow_up_is_read_by_rules_before_a_small_model_is_asked(assistant: Assistant) -> None:
    with chat_server(text=TRUE) as (url, requests):
        model = open_language_model(Settings(base_url=url, model="tiny-1.5b"))
        asked = assistant.worded_by(model)
        answer = asked.ask("How many fighters does it have?", history=["What is Hezbollah?"])
    assert len(requests) == 1
    assert "Hezbollah" in answer.searched


# --- silence ---


def reply(url: str, seconds: float) -> str:
    model = OpenAIChat(model="m", base_url=url, api_key="k", temperature=0)
    return "".join(model.reply([{"role": "user", "content": "q"}], seconds=seconds)).strip()


def late(call: Callable[[], str]) -> float:
    from rag.errors import LanguageModelError

    began = time.monotonic()
    with pytest.raises(LanguageModelError, match="in time") as caught:
        call()
    assert caught.value.late
    return time.monotonic() - began


def test_a_slow_model_is_not_cut_off_while_it_speaks() -> None:
    with chat_server(text="so it goes on and on", pause=0.4, wait=1.5) as (url, _):
        # Silent for longer than it may be while it reads, and in all for much longer.
        assert reply(url, 1.0) == "so it goes on and on"


def test_a_model_that_falls_silent_is_left() -> None:
    with chat_server(text="so it goes", hang=9, cut=True) as (url, _):
        assert 0.9 < late(lambda: reply(url, 1.0)) < 4
    with chat_server(text="so it goes", wait=9) as (url, _):
        assert 1.9 < late(lambda: reply(url, 1.0)) < 5


def test_one_that_was_late_is_not_called_again_for_the_same_question(assistant: Assistant) -> None:
    with chat_server(text=TRUE, wait=9) as (url, requests):
        model = open_language_model(Settings(base_url=url, prompt="large"))
        opened = assistant.worded_by(model, timeout=1.0, prompt="large")
        answer = opened.ask("What did he say?", history=["Who is Kobi Michael?"])
    assert len(requests) == 1
    assert answer.engine == "quotes"
