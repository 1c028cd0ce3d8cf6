"""What a sentence claims is compared with what it cites: one altered word is enough."""

from collections.abc import Sequence
from typing import Any

import pytest

from rag.check.citations import Verified, verify
from rag.check.claims import find_quoted, tokens
from rag.language.dates import find_dates
from rag.statements import extract
from rag.types import Document, Evidence, Passage

ONE = (
    "Jon Finer, deputy national security adviser, said on Monday that Iran is broadly complicit in "
    "the attacks. He did not name any Iranian official. Israel says Iran gives Hamas about $100 "
    "million a year. The alleged gunman fired 12 shots on October 7, and more than 1,200 people "
    "were killed. Hezbollah was taken by surprise by the Hamas assault.\n\n"
    "Dennis Ross, a former diplomat, finds it hard to believe that Tehran was unaware. "
    "“This is their way of trying to create deterrence,” said Ross.\n\n"
    "The coalition is known for its size as the “axis of resistance”."
)
TWO = (
    "The harbour of Kelvik was closed on Tuesday after a storm. Mayor Orla Quist said the quay may "
    "reopen in May. Seventy boats were damaged, according to the harbour master."
)
DOCUMENTS = {
    "one.txt": Document("one.txt", "Iran and Hamas", "Reuters", "2023-10-10", ONE, "0" * 64),
    "two.txt": Document("two.txt", "Storm", "Kelvik Post", "2024-03-05", TWO, "1" * 64),
}
EVIDENCE = [
    Evidence(1, Passage("one.txt", 0, len(ONE), ONE)),
    Evidence(2, Passage("two.txt", 0, len(TWO), TWO)),
]
STATEMENTS = [s for d in DOCUMENTS.values() for s in extract(d)]


def check(text: str) -> Verified:
    return verify(text, EVIDENCE, documents=DOCUMENTS, statements=STATEMENTS)


@pytest.mark.parametrize(
    "text",
    [
        "Jon Finer said that Iran is broadly complicit in the attacks [1].",
        "According to the deputy national security adviser, Iran is broadly complicit [1].",
        "Finer did not name any Iranian official [1].",
        "Finer didn’t name any Iranian official [1].",
        "Israel says Iran gives Hamas $100m a year [1].",
        "More than 1,200 people were killed [1].",
        "More than 1200 people were killed on 7 October 2023 [1].",
        "Hezbollah was surprised by the Hamas assault [1].",
        "Ross finds it hard to believe that Tehran was unaware [1].",
        "“This is their way of trying to create deterrence,” Dennis Ross said [1].",
        "Reuters reported that Finer called Iran broadly complicit in the attacks [1].",
        "The alleged gunman fired twelve shots [1].",
        "The quay may reopen in May, Mayor Quist said [2].",
        "The mayor said that the quay might reopen in May [2].",
        "70 boats were damaged, the harbour master said [2].",
        "The harbour was closed on Tuesday after a storm [2].",
    ],
)
def test_a_true_sentence_stands_however_it_is_put(text: str) -> None:
    verified = check(text)
    assert [s.reasons for s in verified.failed] == []
    assert verified.citations


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jon Finer said that Iran is not broadly complicit in the attacks [1].", "negation"),
        ("Finer did name an Iranian official [1].", "negation"),
        ("Israel says Iran gives Hamas $200 million a year [1].", "number"),
        ("Israel says Iran gives Hamas $1,200 a year [1].", "number"),  # stands elsewhere
        ("More than 1,300 people were killed [1].", "number"),
        ("1,200 people were killed on October 9 [1].", "date"),
        ("1,200 people were killed on October 7, 2021 [1].", "date"),
        ("The harbour was closed on Friday after a storm [2].", "date"),
        ("Jake Sullivan said that Iran is broadly complicit in the attacks [1].", "speaker"),
        ("Hamas was taken by surprise by the Hezbollah assault [1].", "name"),
        ("The three boats were damaged, the harbour master said [2].", "number"),
        ("Israel says Russia gives Hamas about $100 million a year [1].", "name"),
        ("Dennis Ross said that Iran is broadly complicit in the attacks [1].", "speaker"),
        ("“This is their way of trying to create deterrence,” said Jon Finer [1].", "speaker"),
        ("Dennis Ross says the coalition is an “axis of resistance” [1].", "speaker"),
        ("Iran is broadly complicit in the attacks [1].", "opinion"),
        ("It is hard to believe that Tehran was unaware [1].", "opinion"),
        ("“This is their way of trying to create deterrence.” [1]", "opinion"),
        ("The gunman fired 12 shots on October 7 [1].", "hedge"),
        ("Mayor Orla Quist said the quay will reopen in May [2].", "hedge"),
        ("Finland joined the alliance after a long debate [1].", "support"),
    ],
)
def test_one_altered_word_is_enough(text: str, kind: str) -> None:
    verified = check(text)
    assert kind in [r.kind for r in verified.rejected], verified.rejected
    assert verified.text == ""
    assert not verified.citations


def test_a_speaker_named_a_sentence_before_still_speaks() -> None:
    text = (
        "Jon Finer said that Iran is broadly complicit in the attacks [1]. "
        "He did not name any Iranian official [1]."
    )
    assert check(text).text == text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$100 million", [1e8]), ("1.2bn", [1.2e9]), ("70 thousand", [7e4]), ("45%", [45]),
        ("1,200", [1200]), ("twelve", [12]), ("no number", []),
    ],
)  # fmt: skip
def test_numbers_are_read_in_every_form(text: str, values: list[float]) -> None:
    assert [t.value for t in tokens(text) if t.kind == "number"] == values


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on October 7, 2023", (2023, 10, 7)), ("on 7 October", (None, 10, 7)),
        ("Oct. 7", (None, 10, 7)), ("in May 2021", (2021, 5, None)), ("2023-10-07", (2023, 10, 7)),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_form(text: str, date: tuple[int | None, ...]) -> None:
    assert [(d.year, d.month, d.day) for d in find_dates(text)] == [date]


def test_apostrophes_are_no_quotation_marks() -> None:
    assert find_quoted("The fighters' camps in the '70s weren't Iran's.") == []
    assert [q.text for q in find_quoted("He called it 'a real battle' and “a war”.")] == [
        "a real battle",
        "a war",
    ]


# --- natural prose: what a careful writer puts in words of their own ---

NATURAL = (
    "The Tories want a cap on asylum. The game goes on sale on 24 March in the US. The price of "
    "the game is $250. Iran gives Hamas money and arms. Anna Berg, the chief analyst, said that "
    "oil may become dear, and that few will buy it. The indictment says that the founder used "
    "deposits of customers to repay lenders."
)
PROSE = Document("n.txt", "News", None, None, NATURAL, "2" * 64)


def read(text: str, **given: Any) -> Verified:
    evidence = [Evidence(1, Passage("n.txt", 0, len(NATURAL), NATURAL))]
    return verify(text, evidence, documents={"n.txt": PROSE}, statements=extract(PROSE), **given)


@pytest.mark.parametrize(
    "text",
    [
        "The Conservatives want a cap on asylum.",
        "Hamas gets money and arms from Tehran.",
        "Tehran gives Hamas money and arms.",
        "In the United States the game goes on sale on 24 March.",
        "The game has a price of $250 and goes on sale on 24 March.",  # of two sentences
        "The founder is accused of using deposits of customers to repay lenders.",
        "Anna Berg spoke of oil. Oil may become dear, and few will buy it.",
    ],
)
def test_natural_prose_stands(text: str) -> None:
    verified = read(text)
    assert [s.reasons for s in verified.failed] == []


@pytest.mark.parametrize(
    "text",
    [
        "The Greens want a cap on asylum.",
        "Hamas gets money and arms from Moscow.",
        "The game goes on sale on 25 March.",
        "Anna Berg spoke of oil. Carl Quist said that oil may become dear.",
    ],
)
def test_natural_prose_that_changes_a_name_or_a_day_does_not(text: str) -> None:
    assert read(text).failed


def test_few_shared_words_are_enough_where_the_meaning_is_that_of_a_passage() -> None:
    text = "Oil could get expensive while demand shrinks."
    asked: list[str] = []

    def likeness(claim: str, others: Sequence[str]) -> list[float]:
        asked.append(claim)
        return [0.8 if "oil" in other else 0.3 for other in others]

    assert read(text).failed
    assert not read(text, likeness=likeness).failed
    assert asked[0].strip() == text
    assert read(text, likeness=lambda claim, others: [0.7] * len(others)).failed
    # What it says of numbers and names is checked all the same.
    assert read("Oil could get expensive in 1987, says Xi.", likeness=likeness).failed
