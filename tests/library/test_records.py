"""Feedback, saved questions, test cases and runs are kept, compared and exported."""

import json
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.cases import Case, load_questions, read_questions, write_questions
from rag.compare import compare_answers, compare_runs
from rag.export import answer_as_text, chat_as_json, chat_as_markdown, report_as_json
from rag.question.suggest import suggest_questions
from rag.types import Answer, Checked, Citation, Feedback
from tests.conftest import SEEDS, write


@pytest.fixture
def kept(seeds_copy: Path) -> Assistant:
    return Assistant(Settings(home=seeds_copy, documents=SEEDS))


def asked(assistant: Assistant, question: str, chat: str = "one") -> Answer:
    answer = assistant.ask(question)
    assistant.chats.keep(chat, answer)
    return answer


def test_feedback_becomes_test_cases_where_it_says_what_is_right(kept: Assistant) -> None:
    for question in ("who said Hezbollah was surprised?", "Who is Kobi Michael?",
                     "Who is Dennis Ross?", "What did Emmanuel Macron say?"):  # fmt: skip
        asked(kept, question)
    records = kept.records
    records.put_feedback("one", 1, Feedback(True, "Both of them."))
    records.put_feedback("one", 2, Feedback(False, "Too long."))
    records.put_feedback("one", 3, Feedback(False, expected=("diplomat | envoy", "US")))
    records.put_feedback("one", 4, Feedback(True))
    assert records.read_feedback("one")[2] == Feedback(False, "Too long.")
    cases, silent = records.feedback_cases()
    assert silent == 1  # a bad answer without a word on the right one
    good, mended, abstained = cases
    assert good.note == "Both of them."
    assert any("Hezbollah" in e.text for e in good.evidence)
    assert mended.answers == (("diplomat", "envoy"), ("US",))
    assert abstained.unanswerable
    # They are a questions file, and the engine that gave the good answers passes it.
    assert read_questions(write_questions(cases).encode(), name="feedback") == cases
    report = kept.evaluate([good, abstained])
    assert report.table["all"]["correct"] == 1.0
    records.put_feedback("one", 1, None)
    assert 1 not in records.read_feedback("one")
    kept.chats.delete("one")
    assert records.feedback_cases() == ([], 0)


def test_test_cases_are_kept_replaced_and_deleted(kept: Assistant) -> None:
    records = kept.records
    records.put_case(Case("a", "own", "Who?", answers=(("x", "y"),)))
    records.put_case(Case("b", "own", "When?"))
    records.put_case(Case("a", "own", "Who then?"))
    assert [(c.id, c.question) for c in records.list_cases()] == [
        ("b", "When?"),
        ("a", "Who then?"),
    ]
    records.delete_case("b")
    assert [c.id for c in records.list_cases()] == ["a"]


def test_a_saved_question_tells_what_changed(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    answer = assistant.ask("What does the baker sell on Tuesdays?")
    assistant.records.save_question(answer)
    assistant.records.save_question(answer)  # saved once
    (saved,) = assistant.records.list_saved()
    assert saved.answer == answer
    assert compare_answers(saved.answer, assistant.ask(saved.question)).same
    write(folder, "beta.md", "# Bakery\n\nThe baker sells white bread on Tuesdays.")
    assistant.sync()
    assert assistant.records.revision != saved.revision
    now = assistant.ask(saved.question)
    change = compare_answers(saved.answer, now)
    assert not change.same
    assert [c.quote for c in change.removed] == ["The baker sells rye bread on Tuesdays."]
    assert [c.quote for c in change.added] == ["The baker sells white bread on Tuesdays."]
    assert [kind for kind, _ in change.lines] == ["removed", "added"]
    assistant.records.accept_answer(saved.id, now, revision=assistant.records.revision)
    assert compare_answers(assistant.records.list_saved()[0].answer, now).same
    assistant.records.forget_question(saved.id)
    assert assistant.records.list_saved() == []


def test_words_that_moved_or_were_numbered_anew_are_no_change() -> None:
    def answer(text: str, start: int, number: int) -> Answer:
        cited = Citation(number, "a.txt", "A", None, None, start, start + 4, "Yes.")
        return Answer("q", text, "answered", "quotes", citations=(cited,))

    change = compare_answers(answer("“Yes.” [1]", 0, 1), answer("“Yes.” [3]", 70, 3))
    assert change.same
    gone = Answer("q", "The documents do not answer this.", "abstained", "quotes")
    assert not compare_answers(answer("“Yes.” [1]", 0, 1), gone).same


def test_runs_are_kept_with_their_report_and_compared(kept: Assistant) -> None:
    cases = load_questions(SEEDS / "questions.jsonl")[:3]
    kept.records.put_run("first", report_as_json(kept.evaluate(cases)), questions=3)
    wrong = [Case(c.id, c.type, c.question, answers=(("zebra",),)) for c in cases]
    kept.records.put_run("second", report_as_json(kept.evaluate(wrong)), questions=3)
    second, first = kept.records.list_runs()
    assert (first.name, first.questions, first.asked, first.engine) == ("first", 3, 3, "quotes")
    before, after = (kept.records.read_report(r.id) for r in (first, second))
    assert before is not None
    assert after is not None
    assert before["unverified_citations"] == 0
    change = compare_runs(before, after)
    assert {id_ for id_, _, _ in change.worse} == {c.id for c in cases}
    assert ("all", "correct", 1.0, 0.0) in change.measures
    assert compare_runs(before, before).worse == ()
    kept.records.delete_run(first.id)
    assert [r.id for r in kept.records.list_runs()] == [second.id]
    assert kept.records.read_report(first.id) is None


def test_chats_are_found_by_their_words(kept: Assistant) -> None:
    asked(kept, "Who is Kobi Michael?", "a")
    asked(kept, "What did Nasrallah say about the attack?", "b")
    assert [c.id for c in kept.chats.find(holding="kobi")] == ["a"]
    assert [c.id for c in kept.chats.find(holding="a real battle")] == ["b"]  # in the answer
    assert kept.chats.find(holding="100%") == []
    assert len(kept.chats.find()) == 2


def test_a_chat_is_exported_with_footnotes_and_what_was_thought_of_it(kept: Assistant) -> None:
    answer = asked(kept, "who said Hezbollah was surprised?")
    kept.records.put_feedback("one", 1, Feedback(True, "Good."))
    chat, turns = kept.chats.get("one"), kept.chats.read("one")
    assert chat is not None
    markdown = chat_as_markdown(chat, turns)
    assert markdown.startswith("# who said Hezbollah was surprised?\n")
    for number in range(1, len(answer.citations) + 1):
        assert markdown.count(f"[^1-{number}]") == 2  # where it is cited, and the note
    found = chat_as_json(chat, turns, kept.records.read_feedback("one"))
    assert found["turns"][0]["feedback"]["note"] == "Good."
    assert json.loads(json.dumps(found))["turns"][0]["answer"]["text"] == answer.text


def test_text_of_documents_does_nothing_in_markdown() -> None:
    quote = "![x](http://192.0.2.1/a.png) <img src=x> [1] **bold**\u200b"
    cited = Citation(1, "a_b.txt", "T*", None, None, 0, len(quote), quote)
    answer = Answer("q", f"“{quote}” [1]", "answered", "quotes", citations=(cited,))
    from rag.types import Chat, Turn

    text = chat_as_markdown(Chat("c", "[t](u)", "", "", 1), [Turn(1, answer, "2026-01-01T00:00")])
    assert "](http" not in text
    assert "\\<img" in text
    assert "\\*\\*bold\\*\\*⟨zero\\-width space⟩" in text
    assert text.startswith("# \\[t\\]\\(u\\)")


def test_a_copied_answer_holds_what_stands_and_its_sources() -> None:
    cited = Citation(2, "a.txt", "Storm", "Kelvik Post", "2024-03-05", 0, 4, "Yes.", page=3)
    sentences = (
        Checked("It was “Yes.” [2]", "supported", citations=(0,)),
        Checked("It was no.", "unsupported", ("cites no passage",)),
    )
    answer = Answer("Was it?", "It was “Yes.” [2]", "answered", "some model",
                    citations=(cited,), sentences=sentences)  # fmt: skip
    assert answer_as_text(answer) == (
        "Was it?\n\nIt was “Yes.” [2]\n\n[2] Storm, Kelvik Post, 2024-03-05, page 3: “Yes.”\n"
    )


def test_questions_to_start_from_are_of_the_documents_at_hand(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder))
    assistant.sync()
    assert "What is said in “Bakery”?" in assistant.index.suggest_questions(4)
    write(folder, "news.txt", "Mayor Orla Quist said the bridge is closed. Quist said it is old.")
    assistant.sync()
    assert assistant.index.suggest_questions(4)[0] == "What did Orla Quist say?"
    write(folder, "questions.jsonl", '{"question": "Who sells bread?"}\nnot json')
    found = suggest_questions(folder, speakers=[], documents=[], newest=[], k=4)
    assert found == []  # a broken file suggests nothing
    write(folder, "questions.jsonl", '{"question": "Who sells bread?"}')
    assert suggest_questions(folder, speakers=[], documents=[], newest=[], k=4) == [
        "Who sells bread?"
    ]
