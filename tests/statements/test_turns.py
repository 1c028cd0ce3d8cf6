"""Who speaks where a document names its speakers line by line, and whose a whole text is."""

import pytest

from rag.statements import extract
from rag.types import Document, Statement


def read(text: str, *, name: str = "a.txt", title: str = "A title") -> list[Statement]:
    return extract(Document(name, title, None, "2024-05-01", text, "0" * 64))


def said(text: str, **more: str) -> list[tuple[str, str]]:
    return [(s.speaker, s.content) for s in read(text, **more) if s.kind == "turn"]


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ("MR. HALE:", "THE WITNESS:", ("Hale", "The Witness")),
        ("CHAIR ALDOUS.", "JAKE MORROW.", ("Aldous", "Jake Morrow")),
        ("Anna Rook:", "Paul Vesey:", ("Anna Rook", "Paul Vesey")),
        ("**Anna Rook:**", "**Paul Vesey:**", ("Anna Rook", "Paul Vesey")),
        ("Mrs. Jane Aldous (Northmoor) (Lab):", "Mr. Paul Vesey:", ("Jane Aldous", "Paul Vesey")),
        ("[00:12:31] Anna Rook:", "[00:14:02] Paul Vesey:", ("Anna Rook", "Paul Vesey")),
        ("JAKE MORROW, ANCHOR:", "SEN. BERN SAND (I), OHIO:", ("Jake Morrow", "Bern Sand")),
    ],
)
def test_labels_of_every_kind_name_their_speakers(
    one: str, other: str, names: tuple[str, str]
) -> None:
    text = "\n".join(
        (f"{one} The quay was closed in May.", f"{other} I never saw the van leave.",
         f"{one} You told the officers that you saw it.", f"{other} That is not what I told them.")
    )  # fmt: skip
    assert [speaker for speaker, _ in said(text)] == [*names, *names]


def test_a_turn_goes_on_over_paragraphs_until_the_next_and_asides_are_left_out() -> None:
    text = (
        "MS. ROOK: The harbour was sold.\n\nIt was sold in secret.\n\n(Laughter.)\n\n"
        "MR. VESEY: Who signed?\n\nMS. ROOK: The mayor did."
    )
    assert said(text) == [
        ("Rook", "The harbour was sold."),
        ("Rook", "It was sold in secret."),
        ("Vesey", "Who signed?"),
        ("Rook", "The mayor did."),
    ]


def test_a_turn_that_asks_is_marked_and_tells_no_fact() -> None:
    text = (
        "ANNA ROOK. You said that the quay would close. Will it? Thank you.\n"
        "CHAIR VESEY. It will not close.\nANNA ROOK. And the bridge?\nCHAIR VESEY. It is open."
    )
    assert [(s.speaker, s.asks) for s in read(text) if s.kind == "turn"] == [
        ("Anna Rook", True), ("Vesey", False), ("Anna Rook", True), ("Vesey", False),
    ]  # fmt: skip


def test_the_one_who_answers_is_whom_the_title_names() -> None:
    lines = ("Interview with Maria Okafor", "Q: When?", "A: In March.", "Q: Who?", "A: Daniel.")
    text = "\n\n".join(lines)
    assert [speaker for speaker, _ in said(text)] == [
        "the one who asks", "Maria Okafor", "the one who asks", "Maria Okafor",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Name: Anna Rook\nDate: 4 May\nName: Paul Vesey\nDate: 5 May\nName: Dana Fell\nDate: 6 May",
        "Update: the quay is closed.\n\nNote: see below.\n\nUpdate: it is open.",
        "The harbour was closed. It was open again in May: the mayor was there.",
        "Director: Anna Rook\n\nCast: Paul Vesey, Dana Fell\n\nA film that you will like.\n\n"
        "Director: Jo Berg\n\nCast: Eva Strand\n\nDirector: Bo Lie\n\nCast: Ada Vik",
        "Red Boat Photograph: Anna Rook\n\nWe love this boat, and you will.\n\n"
        "Blue Boat Photograph: Anna Rook\n\nIt is our choice.\n\n"
        "Red Boat Photograph: Jo Berg\n\nBlue Boat Photograph: Jo Berg",
    ],
)
def test_what_names_no_speakers_is_no_transcript(text: str) -> None:
    assert said(text) == []


def test_a_witness_is_who_was_sworn_and_a_question_is_who_examines() -> None:
    text = (
        "GRACE OKELLO, PLAINTIFF'S WITNESS, SWORN\n\nBY MS. BRANDT:\n\nQ. Who kept the ledger?\n\n"
        "MR. SILVA: Objection.\n\nTHE COURT: She may answer.\n\n"
        "THE WITNESS: It was in two hands.\n\n"
        "MRS JUDITH HART (affirmed)\nQuestions from MR PELL\n\nQ. Who destroyed it?\n\nA. I did."
    )
    assert [(s.speaker, s.asks, s.content) for s in read(text) if s.kind == "turn"] == [
        ("Brandt", True, "Who kept the ledger?"),
        ("Silva", False, "Objection."),
        ("The Court", False, "She may answer."),
        ("Grace Okello", False, "It was in two hands."),
        ("Pell", True, "Who destroyed it?"),
        ("Judith Hart", False, "I did."),
    ]


def test_who_called_somebody_is_no_witness() -> None:
    text = "Q. Who?\n\nA. I did.\n\nAnna Rook called the mayor.\n\nQ. When?\n\nA. In May."
    assert said(text)[1:3] == [
        ("the one who answers", "I did."),
        ("the one who answers", "Anna Rook called the mayor."),
    ]


def test_a_debate_in_which_each_rises_once_and_a_stamped_chat_are_transcripts() -> None:
    debate = (
        "The Minister for Ports (Mr. Elias Oduya): The contract was cancelled.\n\n"
        "Mrs. Karim: Will he apologise?\n\nHon. Denis Arsen (Minister, Lib.): No."
    )
    assert [speaker for speaker, _ in said(debate)] == ["Elias Oduya", "Karim", "Hon. Denis Arsen"]
    chat = (
        "**Priya Nair**  [11:09 PM]\nlooking at it\n\n**Lou**  [11:10 PM]\nwe could wait\n\n"
        "**Marek Dvorak**  [11:31 PM]\ndone"
    )
    assert said(chat) == [
        ("Priya Nair", "looking at it"), ("Lou", "we could wait"), ("Marek Dvorak", "done"),
    ]  # fmt: skip


def test_an_essay_that_says_i_is_its_author_s() -> None:
    essay = (
        "Feed them first\nBy Amara Diallo\n\nI taught a class of nine. I know because I asked. The "
        "minister said: “I disagree.” I would like him to say it in my class."
    )
    assert {speaker for speaker, _ in said(essay)} == {"Amara Diallo"}
    report = (
        "Schools to close\nBy Amara Diallo\n\nThe mayor said: “I am sorry. I tried. I failed.” The "
        "schools will close in May. Parents were told by letter. Nobody answered."
    )
    assert said(report) == []


def test_a_headline_with_a_colon_is_nobody_s_turn() -> None:
    text = (
        "Harbour Founder: Boats Are Like Bread\n\nAnna Rook stands on the quay.\n\n"
        "Post: Why boats?\n\nRook: They float.\n\nPost: And bread?\n\nRook: It floats as well."
    )
    assert {s for s, _ in said(text)} == {"Post", "Anna Rook"}


def test_a_speech_is_its_author_s_and_a_by_line_makes_nobody_the_speaker() -> None:
    speech = (
        "Remarks by Governor Anna B. Rook\nThe outlook\n\nInflation is much too high. We will act."
    )
    assert {s for s, _ in said(speech)} == {"Anna B. Rook"}
    named = "The outlook is good. Anna Rook thanks you all. Inflation is much too high."
    assert {s for s, _ in said(named, name="speech-rook20220714.txt")} == {"Anna Rook"}
    news = "\n".join(
        ("Pumps failed, report finds", "By Lucy Hart", "", "Nobody had serviced them.")
    )
    assert said(news) == []


def test_what_is_only_half_a_name_says_nothing() -> None:
    text = "I've said that it is finished. We're told that it is. None of us knew that it was."
    assert read(text) == []


def test_a_short_quotation_goes_on_and_whoever_acts_signs_or_is_announced_says_it() -> None:
    text = (
        '"The route is cut," said Nadia Rahman. "Nobody asked us."\n\n'
        'Alan Crewe, who runs the depot, sighed. "Lorem is all that I can say."\n\n'
        '"She is a true expert, and will be an asset," -Commissioner Ellen Ward\n\n'
        'And from Chairwoman Rosen:\n\n"Ruth brings with her a wealth of experience."\n\n'
        'From the desk of Ada Moss, VP Analyst, Kestrel:\n\n"It has become ever more crucial."'
    )
    assert [(s.speaker, s.content) for s in read(text)] == [
        ("Nadia Rahman", '"The route is cut," … "Nobody asked us."'),
        ("Alan Crewe", '"Lorem is all that I can say."'),
        ("Ellen Ward", '"She is a true expert, and will be an asset,"'),
        ("Rosen", '"Ruth brings with her a wealth of experience."'),
        ("Ada Moss", '"It has become ever more crucial."'),
    ]


def test_what_is_told_of_somebody_is_not_given_to_whoever_is_named_beside_it() -> None:
    text = (
        "Alan Crewe runs the depot. Contrary to what Crewe claimed, the depot lost £2m last year, "
        "the auditor reported.\n\n"
        "The minister, Lord Frayn, did not say that the depot would close, but told MPs that "
        '"nothing is ruled out".\n\n'
        '"Why would anyone close it?" asked driver Bao Tran, whose father also worked there.'
    )
    found = read(text)
    assert [(s.speaker, s.content, s.negated) for s in found] == [
        (
            "the auditor",
            "Contrary to what Crewe claimed, the depot lost £2m last year",
            False,
        ),
        ("Frayn", "that the depot would close", True),
        ("Frayn", '"nothing is ruled out"', False),
        ("Bao Tran", '"Why would anyone close it?"', False),
    ]
    assert found[3].role == "driver"
