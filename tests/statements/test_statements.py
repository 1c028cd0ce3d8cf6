"""Who said what in a document: speaker, cue and words, each with its exact span."""

from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.documents.scan import read_document, scan_folder
from rag.statements import extract
from rag.statements.mentions import is_outlet, read_mention
from rag.types import Document, Statement
from tests.conftest import SEEDS

Kind = Literal["direct", "indirect"]


def read(text: str, *, source: str | None = None) -> list[Statement]:
    return extract(Document("d.txt", "Title", source, "2024-05-01", text, "0" * 64))


@pytest.mark.parametrize(
    ("text", "speaker", "role", "cue", "kind", "content"),
    [
        (
            "“We woke up to a war,” said Jon Finer, the deputy national security adviser, "
            "on Sunday.",
            "Jon Finer", "deputy national security adviser", "said", "direct",
            "“We woke up to a war,”",
        ),
        (
            '"We woke up to a war," deputy mayor Jon Finer said.',
            "Jon Finer", "deputy mayor", "said", "direct", '"We woke up to a war,"',
        ),
        (
            "“It is late,” Mary Walsh said, “and we are tired.”",
            "Mary Walsh", None, "said", "direct", "“It is late,” … “and we are tired.”",
        ),
        (
            "“It is late,” Mary Walsh said. “We are tired. We want to go home.”",
            "Mary Walsh", None, "said", "direct",
            "“It is late,” … “We are tired. We want to go home.”",
        ),
        (
            "“We began in May.\n\n“We ended in June, and nobody was hurt,” said Anna Berg.",
            "Anna Berg", None, "said", "direct",
            "“We began in May. … “We ended in June, and nobody was hurt,”",
        ),
        (
            "“He called it ‘a disgrace’ and left,” Anna Berg told the BBC.",
            "Anna Berg", None, "told", "direct", "“He called it ‘a disgrace’ and left,”",
        ),
        (
            "“Nobody is safe,” thundered Anna Berg.",
            "Anna Berg", None, "thundered", "direct", "“Nobody is safe,”",
        ),
        (
            "Secretary of State Antony Blinken on October 9 said, “We have not seen evidence.”",
            "Antony Blinken", "Secretary of State", "said", "direct",
            "“We have not seen evidence.”",
        ),
        (
            "The harbour is closed, said the mayor, Anna Berg.",
            "Anna Berg", "mayor", "said", "indirect", "The harbour is closed",
        ),
        (
            "Anna Berg did not say that the harbour was closed.",
            "Anna Berg", None, "did not say", "indirect", "that the harbour was closed",
        ),
        (
            "Anna Berg declined to say who closed the harbour.",
            "Anna Berg", None, "declined to say", "indirect", "who closed the harbour",
        ),
        (
            "The mayor denied that the harbour was closed.",
            "the mayor", None, "denied", "indirect", "that the harbour was closed",
        ),
        (
            "Iran, its foreign minister said, would not intervene.",
            "its foreign minister", None, "said", "indirect", "Iran … would not intervene",
        ),
        (
            "According to three sources close to the group, the harbour was closed.",
            "three sources close to the group", None, "According to", "indirect",
            "the harbour was closed",
        ),
        (
            "According to Israel, Iran provides money.",
            "Israel", None, "According to", "indirect", "Iran provides money",
        ),
        (
            "The movement was described by Ali Shamkhani as independent.",
            "Ali Shamkhani", None, "was described", "indirect",
            "The movement … as independent",
        ),
        (
            "After the spokesman, Ramazan Sharif, said on 27 December that it was revenge, others "
            "went home.",
            "Ramazan Sharif", "spokesman", "said", "indirect", "that it was revenge, others "
            "went home",
        ),
        (
            "Ali Shamkhani—a political adviser—on October 8 described it as a “free movement.”",
            "Ali Shamkhani", "political adviser", "described", "indirect",
            "it as a “free movement.”",
        ),
        (
            "Hints of frustration surfaced in statements by leaders including Khaled Meshaal, who "
            "in an interview said “the battle requires more”.",
            "Khaled Meshaal", None, "said", "direct", "“the battle requires more”",
        ),
        (
            "The point was repeated that day by spokesman John Kirby: “There is no direct "
            "evidence.”",
            "John Kirby", "spokesman", "", "direct", "“There is no direct evidence.”",
        ),
        (
            "John Kirby replied:\n\nThere is no direct evidence of that.\n\nIt rained.",
            "John Kirby", None, "replied", "direct", "There is no direct evidence of that.",
        ),
        (
            "One of the sources said Hamas wanted more.",
            "One of the sources", None, "said", "indirect", "Hamas wanted more",
        ),
        (
            "Francois Hollande Says Donald Trump ‘Makes You Want To Retch’",
            "Francois Hollande", None, "Says", "indirect",
            "Donald Trump ‘Makes You Want To Retch’",
        ),
        (
            "Anna Berg: The harbour will open in May.\n\nBerg was in Kelvik.",
            "Anna Berg", None, ":", "indirect", "The harbour will open in May",
        ),
        (
            "ProPublica obtained a video and said she “steered a middle ground”.",
            "ProPublica", None, "said", "indirect", "she “steered a middle ground”",
        ),
    ],
)  # fmt: skip
def test_one_statement(
    text: str, speaker: str, role: str | None, cue: str, kind: Kind, content: str
) -> None:
    found = read(text)
    assert [(s.speaker, s.role, s.cue, s.kind, s.content) for s in found] == [
        (speaker, role, cue, kind, content)
    ]
    assert found[0].negated == ("not" in cue or "declined" in cue)


@pytest.mark.parametrize(
    ("text", "mention", "speaker", "certain"),
    [
        # A surname, a pronoun and a role stand for who was named before.
        (
            "Anna Berg, mayor of Kelvik, arrived late. Berg said the quay was shut.",
            "Berg", "Anna Berg", True,
        ),
        (
            "Jon Finer said the deal was near. He added that it would take time.",
            "He", "Jon Finer", True,
        ),
        (
            "Jon Finer said the deal was near.\n\nHe added that it would take time.",
            "He", "Jon Finer", False,
        ),
        (
            "Mr. Tom Reed met Ms. Anna Berg. “It was short,” she said.",
            "she", "Anna Berg", False,
        ),
        (
            "Tom Reed, a spokesman for the port, was late. The spokesman said the quay was shut.",
            "The spokesman", "Tom Reed", True,
        ),
        ("Hamas denied it. The group said it had no warning.", "The group", "Hamas", False),
        (
            "Iran’s Mission to the United Nations rejected it. The Mission said it was alone.",
            "The Mission", "Iran’s Mission to the United Nations", True,
        ),
        # "They" are more than one, and "he" is nobody's by the name of a credit line.
        (
            "Two researchers said oil was left. Tom Reed, a broker, said it was gone. "
            "They believe that much of it is still there.",
            "They", "Two researchers", False,
        ),
        ("Tom Reed said it was gone. They said that it was not.", "They", "they", False),
        ("Adam Kram was late. Kram said it was over.\n\nSource Adam Kram (Port Post)", "Kram",
         "Adam Kram", True),
        ("P.J. Crowley, a spokesman, was late. Crowley said it was over.", "Crowley",
         "P.J. Crowley", True),
        # Of a family, and after a change of subject.
        (
            "Bill Clinton met Hillary Clinton. Mr. Clinton left. Mrs. Clinton said she would stay.",
            "Mrs. Clinton", "Clinton", True,
        ),
        ("Finer spoke. It rained. The Trump campaign said it won.", "The Trump campaign",
         "The Trump campaign", True),
    ],
)  # fmt: skip
def test_a_mention_is_resolved_within_the_document(
    text: str, mention: str, speaker: str, certain: bool
) -> None:
    last = read(text)[-1]
    assert (last.mention, last.speaker, last.certain) == (mention, speaker, certain)


def test_the_chain_is_kept_outermost_first() -> None:
    told, reported = read("The quay was shut in May, a port official said, Reuters reported.")
    assert (told.speaker, told.via) == ("a port official", ("Reuters",))
    assert (reported.speaker, reported.via) == ("Reuters", ())
    (said,) = read("Three officials told Reuters that the quay was shut.")
    assert (said.via, said.to) == (("Reuters",), "Reuters")
    (said,) = read("Anna Berg told Tom Reed that the quay was shut.")
    assert (said.via, said.to) == ((), "Tom Reed")
    (own,) = read("An aide told Harbour Watch that the quay was shut.", source="Harbour Watch")
    assert own.via == ("Harbour Watch",)
    outer, inner = read("“Reed said it would open in May,” Anna Berg said.")
    assert (outer.speaker, inner.speaker, inner.via) == ("Anna Berg", "Reed", ("Anna Berg",))


def test_an_attribution_behind_several_sentences_keeps_those_before_as_its_lead() -> None:
    text = "They were taken by surprise. Nobody was on alert, three sources said."
    (said,) = read(text)
    assert said.lead == "They were taken by surprise."
    assert said.lead_span == (0, 28)
    assert said.content == "Nobody was on alert"


def test_what_is_said_begins_at_a_word() -> None:
    (said,) = read("Anna Berg cautioned against too much tinkering with the quay.")
    assert said.content == "against too much tinkering with the quay"


def test_a_company_is_no_source_beside_it() -> None:
    said = read("A source close to Reed said he was well. He never drove, the company said.")
    assert [s.speaker for s in said] == ["a source close to Reed", "the company"]


def test_outlet_and_date_are_the_documents() -> None:
    (said,) = read("Anna Berg said so.", source="AP")
    assert (said.outlet, said.date) == ("AP", "2024-05-01")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n ",
        "The claims were made on Monday.",
        "A program called Sandy Hook Promise began in May.",
        "I think it is fine. We said nothing. You know what they want.",
        "There was no reason to say more.",
        "Six officials asked not to be named.",
        "The book cost 12 dollars.",
        "Update: the harbour is open.",
        "The positive things people say about the port are heard.",
        "It is the kind of game people write love letters about.",
        "Be yourself or you will get called out.",
        "The Bank did launch much anticipated “twist” with a twist.",
        "It was first reported by the Harbour Post.",
        "Reed’s repeated calls to close the quay went unheard.",
        "A senior official spoke on the condition of anonymity.",
    ],
)
def test_what_nobody_said_is_no_statement(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("deputy national security adviser Jon Finer", "Jon Finer",
         "deputy national security adviser"),
        ("Vermont Sen. Bernie Sanders", "Bernie Sanders", "Vermont Sen."),
        ("Debbie Walsh, director of the Center for Women,", "Debbie Walsh",
         "director of the Center for Women"),
        ("A longtime official, Howard Ingram,", "Howard Ingram", "longtime official"),
        ("US Secretary of State Antony Blinken", "Antony Blinken", "US Secretary of State"),
        ("Sen. Tammy Baldwin of Wisconsin", "Tammy Baldwin", "Sen."),
        ("Mr. Finer", "Finer", None),
        ("Soon Google", "Google", None),
        ("three sources close to the Lebanese group", None, None),
        ("three Iranian and Hamas officials", None, None),
        ("a Hezbollah commander", None, None),
        ("the Journal", None, None),
        ("O’Malley’s campaign", None, None),
        ("two Iranians", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_mention_is_taken_apart(text: str, name: str | None, role: str | None) -> None:
    mention = read_mention(text)
    assert mention.name == name
    if name is not None:
        assert mention.role == role


def test_outlets_are_told_from_people() -> None:
    for name in ("Reuters", "the Wall Street Journal", "Amwaj.media", "the news agency"):
        assert is_outlet(name)
    for name in ("Ismail Haniyeh", "reporters", "the head of Hamas", "voters"):
        assert not is_outlet(name)


PIECES = st.sampled_from(
    [
        "“We woke up to a war,” said Jon Finer, an aide.",
        "Mr. Reed said the quay was shut",
        "she said.",
        "according to Reuters,",
        " told CNN that ",
        "“", "”", '"', "''", "‘", "’", "\n\n", "\r\n", " ", ", ", ": ", "—", "(", "[",
        "denied", "was described by", "Sen.", "NAME: Text follows here",
        "漢字", "é\u0301", "👩‍👩‍👧", "\u200b", "\u00a0", "said " * 20, "x" * 900,
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join))


def check_spans(text: str, statements: list[Statement]) -> None:
    for s in statements:
        spans = [*s.content_spans, *(x for x in (s.speaker_span, s.cue_span) if x is not None)]
        for start, end in spans:
            assert s.start <= start < end <= s.end
        if s.speaker_span:
            assert " ".join(text[slice(*s.speaker_span)].split()) == s.mention
        if s.cue_span:
            assert " ".join(text[slice(*s.cue_span)].split()) == s.cue
        assert s.content == " … ".join(" ".join(text[a:b].split()) for a, b in s.content_spans)
        if s.lead_span:
            assert text[slice(*s.lead_span)] == s.lead
        assert 0 <= s.start < s.end <= len(text)


@given(TEXTS)
@example("“" * 50 + "said")
@example("said said said, said")
def test_every_span_is_exact_whatever_the_text(text: str) -> None:
    statements = read(text)
    check_spans(text, statements)
    assert statements == read(text)  # and the same every time


def test_the_seeds_speak() -> None:
    """The statements a reader would name first, in the five documents."""
    found: dict[str, list[Statement]] = {}
    for file in scan_folder(SEEDS).files:
        document = read_document(file)
        statements = extract(document)
        check_spans(document.text, statements)
        for s in statements:
            found.setdefault(s.speaker, []).append(s)
    for speaker in (
        "Antony Blinken", "Jon Finer", "Kobi Michael", "Dennis Ross", "Hassan Nasrallah",
        "Ghazi Hamad", "Mohanad Hage Ali", "Meir Litvak", "a Hezbollah commander",
        "three sources close to the Lebanese group",
    ):  # fmt: skip
        assert speaker in found, speaker
    assert found["Dennis Ross"][0].role is not None
    assert any("deterrence" in s.content for s in found["Dennis Ross"])
