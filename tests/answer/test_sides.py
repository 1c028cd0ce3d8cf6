"""Who says something and who denies it: every speaker once, each on the side that they take."""

from collections.abc import Iterator

import pytest

from rag import Answer, Assistant, Settings
from rag.answer.stance import negates, take_side
from rag.question.kinds import Asked, read_kinds
from rag.types import Statement
from tests.conftest import write

CLAIM = ("iran", "involved", "attack")


def statement(
    cue: str, content: str, *, speaker: str = "Ann Adler", negated: bool = False
) -> Statement:
    return Statement("a.txt", 0, 1, speaker, None, cue, content, "indirect", negated=negated)


@pytest.mark.parametrize(
    ("cue", "content", "side", "words"),
    [
        ("said", "that Iran was involved in the attack", "for", ""),
        ("said", "Iran was not involved in the attack", "against", "not involved"),
        ("denied", "that Iran was involved in the attack", "against", "denied"),
        ("strongly rejected", "the notion of involvement", "against", "rejected"),
        ("said", "the decision was fiercely autonomous", "against", "autonomous"),
        ("said", "it was one-hundred percent Palestinian", "against", "one-hundred percent"),
        ("said", "they had no warning of it", "against", "no warning"),
        ("said", "we have not yet seen evidence of it", "unproven", "not yet seen evidence"),
        ("said", "we haven’t seen anything to say so", "unproven", "haven’t seen anything to"),
        ("said", "Iran’s role in it is uncertain", "unproven", "uncertain"),
        # A "no" that says yes, and one that is of something else.
        ("said", "it is no secret that Iran was involved", "for", ""),
        ("said", "the weather was not good; Iran was involved", "for", ""),
    ],
)  # fmt: skip
def test_a_statement_takes_a_side_by_its_own_words(
    cue: str, content: str, side: str, words: str
) -> None:
    stance = take_side(statement(cue, content), CLAIM)
    assert (stance.side, stance.words) == (side, words)
    assert stance.words in f"{cue} {content}"


def test_an_outlet_reports_what_others_say() -> None:
    assert (
        take_side(statement("reported", "Iran was involved", speaker="Reuters"), CLAIM).side
        == "reported"
    )
    assert negates("Iran was not involved")
    assert not negates("Iran was involved")


@pytest.mark.parametrize(
    ("question", "claim", "side"),
    [
        ("Who says Iran was involved and who denies it?", "Iran was involved", ""),
        ("who claims the pier is safe, and who doubts it", "the pier is safe", ""),
        ("Do the documents agree on whether the pier is safe?", "the pier is safe", ""),
        ("Where do the speakers stand on whether the pier is safe?", "the pier is safe", ""),
        ("Which people say the pier is safe?", "the pier is safe", "for"),
        ("Who denies that the pier is safe?", "the pier is safe", "against"),
    ],
)
def test_questions_for_sides_are_recognised(question: str, claim: str, side: str) -> None:
    read = read_kinds(Asked(question, question))
    assert (read["kind"], read["claim"], read["of_kind"]) == ("sides", claim, side)


@pytest.mark.parametrize(
    "question",
    [
        "Who said that the pier was safe?",
        "What did Ann Adler say?",
        "Is the pier safe?",
        "What did Ann Adler say about he voted for Mr. Berg?",
        # Whom the words tell of is not who is asked for.
        "Who said the voters who back him want a pier?",
        "Who said “that’s when the town started supporting him with its vote”?",
    ],
)
def test_other_questions_are_none(question: str) -> None:
    assert read_kinds(Asked(question, question))["kind"] not in ("sides", "people of a side")


@pytest.fixture(scope="module")
def pier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("pier")
    folder = place / "documents"
    said = {
        "a.txt": "“The Kelvik pier is safe for walkers,” said the engineer Paul Hjort.",
        "b.txt": "Mayor Anna Berg denied that the Kelvik pier is safe.",
        "c.txt": "Harbour master Tom Reed said there was no evidence that the Kelvik pier is safe.",
        "d.txt": "Eva Strand said that the Kelvik pier is not safe in a storm.",
        "e.txt": "The baker Jon Lunn said that rye bread sells better than wheat.",
    }
    for name, text in said.items():
        write(folder, name, f"News of {name[0]}\n\n{text}\n")
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    yield assistant
    assistant.close()


def sides(answer: Answer) -> dict[str, str]:
    """{speaker: side}, of the labels."""
    return {
        label.split(" – ")[1].split(",")[0]: label.split(" – ")[0].split(" (")[0]
        for label in answer.labels
    }


def test_every_speaker_stands_once_on_their_side(pier: Assistant) -> None:
    answer = pier.ask("Who says the Kelvik pier is safe and who denies it?")
    assert answer.shape == "sides"
    assert sides(answer) == {
        "Paul Hjort": "Says so",
        "Anna Berg": "Denies it",
        "Eva Strand": "Denies it",
        "Tom Reed": "Sees no evidence",
    }
    assert answer.headline == (
        "4 speakers: 1 say so, 2 deny it, 1 see no evidence or do not know. "
        "Searched all of 5 documents."
    )
    for c in answer.citations:
        document = pier.index.get_document(c.document_id)
        assert document is not None
        assert document.text[c.start : c.end] == c.quote


def test_one_side_is_listed_alone_and_a_claim_that_says_no_turns_them(pier: Assistant) -> None:
    against = pier.ask("Who denies that the Kelvik pier is safe?")
    assert set(sides(against)) == {"Anna Berg", "Eva Strand", "Tom Reed"}
    turned = pier.ask("Who says the Kelvik pier is not safe and who denies it?")
    assert sides(turned)["Eva Strand"] == "Says so"
    assert sides(turned)["Paul Hjort"] == "Denies it"
    nobody = pier.ask("Who says the moon is made of cheese and who denies it?")
    assert nobody.status == "abstained"


@pytest.mark.parametrize(
    ("question", "claim", "side"),
    [
        ("Who opposes ID cards?", "ID cards", "opposing"),
        ("Which MPs spoke out against house arrest?", "house arrest", "opposing"),
        ("who voted against the plan", "the plan", "opposing"),
        ("Who dissented in March 2022?", "in March 2022", "opposing"),
        ("Who is in favour of the bridge?", "the bridge", "supporting"),
        ("Which parties support the bridge?", "the bridge", "supporting"),
        ("Who supports the bridge and who is against it?", "the bridge", "both"),
    ],
)
def test_questions_for_people_of_one_side_are_recognised(
    question: str, claim: str, side: str
) -> None:
    read = read_kinds(Asked(question, question))
    assert (read["kind"], read["claim"], read["of_kind"]) == ("people of a side", claim, side)


def test_those_who_are_against_something_are_listed_each_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("bridge")
    folder = place / "documents"
    write(folder, "a.txt", "The mayor Anna Berg opposes the Kelvik bridge. She always did.\n")
    write(folder, "b.txt", "Earlier Paul Hjort had criticised the Kelvik bridge as far too dear.\n")
    write(folder, "c.txt", "Voting against the Kelvik bridge: Eva Strand. Nobody else did.\n")
    write(folder, "d.txt", "Tom Reed supports the Kelvik bridge, and so does his firm.\n")
    write(folder, "e.txt", "The opposition of Anna Berg to the Kelvik bridge is well known.\n")
    assistant = Assistant(Settings(home=place / "home", documents=folder, provider="none"))
    assistant.sync()
    answer = assistant.ask("Who opposes the Kelvik bridge?")
    assert set(answer.labels) == {"Anna Berg", "Paul Hjort", "Eva Strand"}
    assert answer.headline.startswith("3 names against it, as far as was found: ")
    for label, c in zip(answer.labels, answer.citations, strict=True):
        assert label in c.quote
    write(folder, "f.txt", "Ann Carr, the grocer, is backing the Kelvik bridge, and says why.\n")
    write(folder, "g.txt", "The Kelvik bridge was opposed by Jo Dunn. Fell town lies beside it.\n")
    assistant.sync()
    both = assistant.ask("Who supports the Kelvik bridge and who is against it?")
    assert set(both.labels) >= {
        "For it: Tom Reed", "For it: Ann Carr", "Against it: Anna Berg", "Against it: Eva Strand",
        "Against it: Jo Dunn",
    }  # fmt: skip
    assert "Against it: Ann Carr" not in both.labels
    assistant.close()
