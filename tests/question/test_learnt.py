"""How a question is asked, learnt from examples: kinds, parts, and what gives way to what."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant, tuned
from rag.models import BgeEmbedder
from rag.question import learnt
from rag.question.kinds import KINDS, SENTENCES, Asked, read_kinds
from rag.question.learnt import SLOTS, Reading
from rag.question.recognised import SMALL_TALK, recognise

WORDINGS = Path(__file__).parents[2] / "benchmarks/wordings.jsonl"


@pytest.fixture(scope="module")
def embedder() -> BgeEmbedder:
    return BgeEmbedder()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        # None of these is among the wordings, and no pattern reads one.
        ("Boil the harbour inquiry down for me, I have a train to catch.", "summary"),
        ("How did the fare dispute unfold, step after step, until the strike?", "timeline"),
        ("Have we anything in here on the Penrose bequest? Which ones?", "which_documents"),
        ("Set Lisbon's housing plan against Porto's.", "comparison"),
        ("Do all accounts agree that the alarm failed, or does someone dispute it?", "sides"),
        ("Everyone who took the microphone at the Leith meeting, please.", "list_speakers"),
        ("Whose idea was it, in print, that the dam was doomed?", "who_said"),
        ("I'd like Commissioner Vale's thoughts on the night buses.", "what_said"),
        ("Which of them came out against the tram extension?", "people_against"),
        ("Did each paper print the captain's farewell in the same words?", "retold"),
        ("What did the repair of the lock gates cost?", "fact"),
        ("Lovely, thanks a lot!", "chat"),
    ],
)
def test_a_strangers_wording_is_of_its_kind(
    embedder: BgeEmbedder, question: str, kind: str
) -> None:
    read = learnt.load().read(question, embedder.embed_query(question))
    assert read.kind == kind


def test_the_topic_and_the_sides_are_found(embedder: BgeEmbedder) -> None:
    question = "Walk me through the Hargreaves case from the first complaint."
    read = learnt.load().read(question, embedder.embed_query(question))
    assert (read.kind, read.topic) == ("timeline", "the Hargreaves case")
    question = "How does Lisbon compare with Porto on housing?"
    read = learnt.load().read(question, embedder.embed_query(question))
    assert (read.one, read.other, read.topic) == ("Lisbon", "Porto", "housing")


@given(st.text(max_size=300))
def test_every_part_is_a_stretch_of_the_question(question: str) -> None:
    import numpy as np

    weights = learnt.load()
    read = weights.read(question, np.zeros(384, dtype=np.float32))
    assert 0.0 < read.likely <= 1.0
    assert all(getattr(read, slot) in question for slot in SLOTS)


def test_weights_are_of_the_wordings_as_they_stand() -> None:
    """A kind or a part that is in one and not in the other has not been learnt."""
    lines = [json.loads(line) for line in WORDINGS.read_text(encoding="utf-8").splitlines()]
    assert set(learnt.load().kinds) == {line["kind"] for line in lines}
    assert len({line["question"] for line in lines}) == len(lines)
    assert {part for line in lines for part in line["parts"]} == set(SLOTS)
    assert all(p in line["question"] for line in lines for p in line["parts"].values())
    assert min(Counter(line["kind"] for line in lines).values()) > 20


def test_every_kind_that_was_learnt_has_a_row() -> None:
    names = {kind.name for kind in KINDS} | {"", SMALL_TALK}
    full = dict.fromkeys(SLOTS, "the harbour inquiry was late")
    full |= {"one": "Lisbon", "other": "Porto", "documents": "the minutes"}
    for kind in learnt.load().kinds:
        name, fields = recognise(Reading(kind, 1.0, **full), "harbour inquiry, please?")
        assert name in names
        assert fields is not None, kind


def test_a_pattern_holds_against_what_is_less_sure() -> None:
    def kind(question: str, *, likely: float) -> str:
        made = Reading("summary", likely, topic="the lock gates")
        return str(read_kinds(Asked(question, question, learn=lambda: made))["kind"])

    weak = "Which paper says the lock gates failed?"
    assert kind(weak, likely=tuned.LEARNT_OTHER - 0.01) == "who said it"
    assert kind(weak, likely=tuned.LEARNT_OTHER) == "summary"
    # What begins with "who said" is firm, and a strong pattern is never asked about.
    assert kind("Who said the lock gates failed?", likely=1.0) == "who said it"
    assert kind("How many articles mention the lock gates?", likely=1.0) == "which documents"


def test_what_nobody_is_sure_of_is_answered_by_sentences() -> None:
    made = Reading("timeline", tuned.LEARNT_KIND - 0.01, topic="the lock gates")
    asked = Asked("the lock gates", "the lock gates", learn=lambda: made)
    assert read_kinds(asked)["kind"] == SENTENCES.name


def test_sides_are_taken_on_a_claim_and_not_on_a_matter() -> None:
    claim = Reading("sides", 0.9, topic="the mine polluted the wells")
    assert recognise(claim, "Is it disputed that the mine polluted the wells?")[1] is not None
    matter = Reading("sides", 0.9, topic="grammar schools")
    assert recognise(matter, "both sides on grammar schools please")[1] is None


def test_people_of_a_matter_are_told_by_sentences() -> None:
    """All who speak in all documents are no answer to who testified."""
    question = "Who gave evidence in the harbour case?"
    matter = Reading("list_speakers", 0.9, topic="the harbour case")
    assert recognise(matter, question) == ("who is quoted", None)
    place = Reading("list_speakers", 0.9, documents="the minutes")
    assert recognise(place, "Name whoever speaks in the minutes")[1] is not None


def test_a_comparison_without_two_sides_is_none() -> None:
    one_side = Reading("comparison", 0.9, topic="rents", one="Lisbon")
    assert recognise(one_side, "And Lisbon, on rents?") == ("comparison", None)
    both = Reading("comparison", 0.9, one="Lisbon's", other="Porto's")
    _, fields = recognise(both, "Set Lisbon's rents against Porto's.")
    assert fields is not None
    assert fields["sides"] == ("Lisbon", "Porto")
    assert "rents" in fields["claim"]


@pytest.mark.parametrize("said", ["cheers, that's spot on", "Good evening, is anybody there?"])
def test_small_talk_in_other_words(assistant: Assistant, said: str) -> None:
    answer = assistant.ask(said)
    assert answer.text.startswith("Ask what the documents here say")


def test_what_was_learnt_declines_nothing(assistant: Assistant) -> None:
    """Its engine may find nothing: then the sentences are asked, as for any question."""
    answer = assistant.ask("I'd like Khamenei's thoughts on the price of bread in Tehran.")
    assert answer.query is not None
    assert "is reported" not in (answer.reason or "")
