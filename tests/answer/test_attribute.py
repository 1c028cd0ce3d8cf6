"""Questions about who said what, asked of the seeds and of a small folder."""

from pathlib import Path

import pytest

from rag import Answer, Assistant, Settings
from tests.conftest import write


def speakers(answer: Answer) -> list[str]:
    return [s.speaker for s in answer.statements]


def check(assistant: Assistant, answer: Answer) -> None:
    """A statement for each citation, which holds its words and is of the evidence."""
    assert len(answer.statements) == len(answer.citations)
    for statement, c in zip(answer.statements, answer.citations, strict=True):
        document = assistant.index.get_document(c.document_id)
        assert document is not None
        assert document.text[c.start : c.end] == c.quote
        assert all(c.start <= s and e <= c.end for s, e in statement.content_spans)
        assert c.number in {e.number for e in answer.evidence}
        assert f"[{c.number}]" in answer.text


def test_who_said_it_groups_the_speakers_and_counts_independent_sources(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("who said Hezbollah was surprised?")
    assert set(speakers(answer)) == {"Reuters", "three sources close to the Lebanese group"}
    # Two documents, one report: the second is a reprint of the agency's.
    assert answer.note == "In 2 documents, 1 independent source."
    check(assistant, answer)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ('Who said "We woke up to a war"?', "a Hezbollah commander"),
        ("Who thinks a lack of Iranian foreknowledge is hard to believe?", "Jason Brodsky"),
        ("Who described the Palestinian resistance as an independent movement?", "Ali Shamkhani"),
        ("According to whom is Iran's objective a state of perpetual conflict?", "Kobi Michael"),
        ("What did Dennis Ross say about deterrence?", "Dennis Ross"),
        ("What did Ghazi Hamad tell the BBC?", "Ghazi Hamad"),
    ],
)
def test_the_first_speaker_is_the_right_one(
    assistant: Assistant, question: str, first: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert speakers(answer)[0] == first
    assert answer.text.lower().startswith(first.lower())
    check(assistant, answer)


def test_no_name_is_made_up_for_a_speaker_that_has_none(assistant: Assistant) -> None:
    answer = assistant.ask(
        'What is the name of the Hezbollah commander who said "We woke up to a war"?'
    )
    assert answer.status == "abstained"
    assert answer.reason == "The documents give no name: only “a Hezbollah commander”."
    assert speakers(answer) == ["a Hezbollah commander"]
    assert answer.citations == ()


def test_words_of_another_are_declined_with_who_did_say_them(assistant: Assistant) -> None:
    answer = assistant.ask("What did Jon Finer say about relations of deterrence and the bear?")
    assert answer.status == "abstained"
    assert "Jon Finer" in (answer.reason or "")
    stranger = assistant.ask("What did Emmanuel Macron say about the attack on Israel?")
    assert stranger.status == "abstained"
    assert "never mention “Emmanuel Macron”" in (stranger.reason or "")
    assert stranger.statements  # who did speak of it
    assert "Macron" not in "".join(speakers(stranger))


def test_two_speakers_side_by_side(assistant: Assistant) -> None:
    answer = assistant.ask("Compare what Blinken and Finer said about Iran")
    assert set(speakers(answer)) == {"Antony Blinken", "Jon Finer"}
    check(assistant, answer)
    one = assistant.ask("Compare what Blinken and Zaphod said about Iran's role in the attack")
    assert "Zaphod" in (one.note or one.reason or "")


def test_all_sides_are_heard_and_disagreement_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("Do the documents agree on whether Iran knew about the attack?")
    assert len({c.document_id for c in answer.citations}) >= 3
    assert len(set(speakers(answer))) >= 4
    assert "deny it" in answer.headline
    check(assistant, answer)


@pytest.fixture
def harbour(tmp_path: Path) -> Assistant:
    folder = tmp_path / "documents"
    texts = {
        "june.txt": "Mayor Anna Berg said on Monday that the harbour would stay shut.",
        "may.txt": "Anna Berg, the mayor, said the harbour would open in May.\n\n"
        "Tom Reed, who runs the port, said the cranes were old.",
        "april.txt": "“The harbour will never open,” said Tom Reed.",
        "none.txt": "Gulls nest on the quay, and the baker sells rye bread there.",
    }
    for name, text in texts.items():
        write(folder, name, text)
    dates = {"june.txt": "2024-06-03", "may.txt": "2024-05-01", "april.txt": "2024-04-02"}
    lines = (
        f'{{"file_name": "{n}", "date": "{d}", "source": "Kelvik News"}}' for n, d in dates.items()
    )
    write(folder, "metadata.jsonl", "\n".join(lines))
    assistant = Assistant(Settings(home=tmp_path / "home", documents=folder))
    assistant.sync()
    return assistant


def test_what_somebody_said_in_the_order_of_days(harbour: Assistant) -> None:
    answer = harbour.ask("What did Anna Berg say?")
    assert [s.date for s in answer.statements] == ["2024-05-01", "2024-06-03"]
    assert set(speakers(answer)) == {"Anna Berg"}
    check(harbour, answer)


def test_what_somebody_said_about_something_and_what_another_did(harbour: Assistant) -> None:
    answer = harbour.ask("What did Tom Reed say about the cranes?")
    assert speakers(answer) == ["Tom Reed"]
    assert "cranes were old" in answer.text
    other = harbour.ask("What did Anna Berg say about the cranes?")
    assert other.status == "abstained"
    assert other.reason == (
        "The documents report no such words of Anna Berg. They report them of: Tom Reed."
    )
    assert speakers(other)[0] == "Tom Reed"


def test_statements_are_listed_by_speaker_and_subject(harbour: Assistant) -> None:
    assert len(harbour.statements()) == 4
    assert len(harbour.statements(speaker="the mayor")) == 2
    assert {s.document_id for s in harbour.statements(speaker="Reed", about="the harbour")} == {
        "april.txt"
    }
    assert harbour.statements(speaker="Zaphod") == []
    assert harbour.statements(document="none.txt") == []


def test_questions_that_ask_for_no_speaker_are_answered_as_before(harbour: Assistant) -> None:
    answer = harbour.ask("What does the baker sell?")
    assert "rye bread" in answer.text
    assert answer.statements == ()
