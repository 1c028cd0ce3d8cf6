"""A draft over the seeds: what is found in it, where, and what is left alone."""

import threading

import pytest

from rag import Assistant
from rag.draft.report import KINDS, VERDICTS

# (a sentence as a reporter might have written it, what is wrong with it)
FAULTS = [
    ("Its fighters had to be called up, three sources said, and more than 90 of them have been "
     "killed since Hamas went to war.", "number"),
    ("“We woke up to a peace,” a Hezbollah commander said.", "altered-quote"),
    ("On Oct 7 Khaled Meshaal, Hamas’s military commander, called on its axis allies to join the "
     "struggle.", "name"),
    ("“As long as you don’t attack us, this is the way it will remain,” said Jason Brodsky.",
     "speaker"),
    ("Hamas sided with the Iran-backed Syrian government as Arab Spring protests erupted.",
     "negation"),
    ("A lack of Iranian foreknowledge of October 7 is hard to believe.", "opinion"),
    ("The timing of the assault had to do with the Biden administration’s efforts to forge "
     "normalization between Israel and Saudi Arabia.", "hedge"),
    ("The moon is made of green cheese from a village in the Alps.", "nothing"),
]  # fmt: skip
TRUE = [
    "Iran’s supreme leader told the head of Hamas that his country would not enter the war with "
    "Israel.",
    "“We woke up to a war,” a Hezbollah commander said.",
    "Hezbollah believed this would lead Israel to lay waste to Lebanon without stopping its attack "
    "on Gaza, one source said.",
    "Israel says Iran gives Hamas about $100 million a year.",
]


@pytest.mark.parametrize(("sentence", "kind"), FAULTS)
def test_what_is_wrong_is_found(assistant: Assistant, sentence: str, kind: str) -> None:
    (judged,) = assistant.check(sentence).sentences
    assert judged.verdict not in ("borne out", "no claim")
    assert kind in {f.kind for f in judged.findings}
    assert {f.kind for f in judged.findings} <= set(KINDS)


@pytest.mark.parametrize("sentence", TRUE)
def test_what_stands_in_the_documents_is_left_alone(assistant: Assistant, sentence: str) -> None:
    (judged,) = assistant.check(sentence).sentences
    assert judged.verdict == "borne out"
    assert judged.findings == ()


def test_places_are_exact(assistant: Assistant) -> None:
    text = "\n\n".join(["# What was known", *(s for s, _ in FAULTS), *TRUE, "Who knew?"])
    report = assistant.check(text, name="draft.md")
    assert report.text == text
    assert sum(report.counts.values()) == len(report.sentences)
    assert tuple(report.counts) == VERDICTS
    for judged in report.sentences:
        assert text[judged.start : judged.end] == judged.text
        assert 0 <= judged.score <= 1
        for f in judged.findings:
            assert text[f.start : f.end] == f.text
            assert judged.start <= f.start < f.end <= judged.end
        for c in judged.citations:
            document = assistant.index.get_document(c.document_id)
            assert document is not None
            assert document.text[c.start : c.end] == c.quote
    heading, *_, question = report.sentences
    assert heading.verdict == question.verdict == "no claim"


def test_an_altered_quotation_is_given_in_the_documents_words(assistant: Assistant) -> None:
    (judged,) = assistant.check("“We woke up to a peace,” a Hezbollah commander said.").sentences
    (finding,) = [f for f in judged.findings if f.kind == "altered-quote"]
    assert finding.instead == "We woke up to a war"


def test_a_stopped_check_keeps_what_was_judged(assistant: Assistant) -> None:
    stop = threading.Event()
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            stop.set()

    report = assistant.check(" ".join(TRUE), progress=progress, stop=stop)
    assert report.stopped
    assert 2 <= len(report.sentences) < len(TRUE)
    assert seen[0] == (0, len(TRUE))


@pytest.mark.parametrize("text", ["", " \n\n ", "…", "???", "“", "[1]"])
def test_a_draft_without_a_claim_is_judged_by_nothing(assistant: Assistant, text: str) -> None:
    report = assistant.check(text)
    assert {s.verdict for s in report.sentences} <= {"no claim"}
