"""A sentence and its passages → a verdict: what decides, what only counts, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.check.closeness import MEASURES
from rag.check.grade import grade
from rag.check.lines import judge_passages
from rag.check.verdicts import strip_frame

PASSAGE = (
    "Profits at the Kelvik shipyard rose by 20% to $5.68 million before the strike. Mayor Orla "
    "Quist, 61, said the quay may reopen in May. “We will not pay for the wall,” she said. "
    "The channel is 15.5 km long. About 300 boats were damaged in the storm."
)


def verdict(text: str, passage: str = PASSAGE) -> str:
    return judge_passages(text, [passage]).verdict


@pytest.mark.parametrize(
    "text",
    [
        "Profits at the Kelvik shipyard rose by 20% to $5.68 million before the strike.",
        "Profits at the Kelvik shipyard rose by 20 percent to $5.68m before the strike.",
        "Profits at the Kelvik shipyard rose by a fifth to $5.68 million before the strike.",
        "The channel is 15.5km long.",
        "Mayor Orla Quist said the quay may reopen in May.",
        "She said: “we will not pay for the wall”.",
        "Answer: The channel is 15.5 km long [1].",
        "Based on the passages, the channel is **15.5 km** long.",
        "About 300 boats were damaged in the storm.",
    ],
)
def test_what_the_passage_says_is_borne_out_however_it_is_written(text: str) -> None:
    assert verdict(text) == "borne out"


@pytest.mark.parametrize(
    ("text", "kind", "instead"),
    [
        ("Profits at the Kelvik shipyard fell by 20% to $5.68 million before the strike.",
         "opposite", "rose"),
        ("Profits at the Kelvik shipyard rose by 30% to $5.68 million before the strike.",
         "number", "20%"),
        ("Mayor Orla Quist said the quay may not reopen in May.", "negation", ""),
        ("“We will not pay for the harbour,” she said.", "quote", "We will not pay for the wall"),
        ("“We will pay for the wall,” she said.", "quote", ""),
    ],
)  # fmt: skip
def test_what_it_has_otherwise_contradicts(text: str, kind: str, instead: str) -> None:
    judged = judge_passages(text, [PASSAGE])
    assert judged.verdict == "contradicted"
    found = {c.kind: c for c in judged.complaints}
    assert kind in found
    if instead:
        assert found[kind].instead == instead
    assert judged.score < 0.42


QUOTED = (
    "Anna Keller said on Tuesday: “We will not raise taxes on working families this year.” “We "
    "refused to pay the ransom. We failed to protect the children,” she added. “Few people voted.”"
)


@pytest.mark.parametrize(
    "marks", ["“”", '""', "»«", "«»", "‹›", "””", "““", "„“", "「」", "″″", "‟”"]
)
def test_quotation_marks_of_every_kind_are_read(marks: str) -> None:
    said = f"Anna Keller said: {marks[0]}We will not %s taxes on working families{marks[1]}."
    assert verdict(said % "raise", QUOTED) == "borne out"
    assert verdict(said % "increase", QUOTED) == "contradicted"


@pytest.mark.parametrize(
    ("quotation", "stands"),
    [
        ("“We will not raise taxes … this year”", True),
        ("“[Keller] will not raise taxes on working families”", True),  # whom "we" stands for
        ("“we will not raise taxes on working families”", True),
        ("*“We will not raise taxes on working families”*", True),
        ("&quot;We will not raise taxes on working families&quot;", True),
        ("“We will … raise taxes on working families”", False),
        ("“We … pay the ransom”", False),  # refused to
        ("“We … protect the children”", False),  # failed to
        ("“We [had] to pay the ransom”", False),
        ("“[Most] people voted”", False),
        ("“We will not raise taxes on [rich] families this year”", False),
        ("“We will not raise taxes on working [men]”", False),
        ("&quot;We will not increase taxes on working families&quot;", False),
    ],
)
def test_what_a_quotation_leaves_out_or_puts_in_may_not_change_it(
    quotation: str, stands: bool
) -> None:
    assert (verdict(f"Anna Keller said: {quotation}.", QUOTED) == "borne out") is stands


@pytest.mark.parametrize(
    "passage",
    [
        "It is false that Keller resigned in Rome on Monday.",
        "Rumours that Keller resigned in Rome on Monday were wrong.",
        "If Keller resigned in Rome on Monday, nobody noticed.",
        "Has Keller resigned in Rome on Monday?",
    ],
)
def test_what_is_only_asked_supposed_or_called_false_is_not_told(passage: str) -> None:
    assert verdict("Keller resigned in Rome on Monday.", passage) == "contradicted"
    assert verdict(passage, passage) == "borne out"
    told = "Keller resigned in Rome on Monday."
    assert verdict("It is false that Keller resigned in Rome on Monday.", told) == "contradicted"


@pytest.mark.parametrize(
    ("text", "passage", "stands"),
    [
        ("The deal cost $5.68m last year.", "The deal cost £5.68m last year.", False),
        ("Twenty-five people were arrested in Paris.", "25 people were arrested in Paris.", True),
        ("Twenty-six people were arrested in Paris.", "25 people were arrested in Paris.", False),
        ("50% of voters in Rome backed it.", "Half of voters in Rome backed it.", True),
        ("The race is 105kg and 15.5km long.", "The race is 105 kg and 15.5 km long.", True),
        ("About 36,000 people came to Rome.", "About 36, 000 people came to Rome.", True),
    ],
)
def test_numbers_are_compared_by_what_they_say(text: str, passage: str, stands: bool) -> None:
    assert (verdict(text, passage) == "borne out") is stands


def test_a_clause_of_its_own_leaves_the_rest_standing() -> None:
    text = "About 300 boats were damaged in the storm, to the dismay of several shopkeepers."
    judged = judge_passages(text, [PASSAGE])
    assert judged.verdict == "in part"
    assert [c.text for c in judged.complaints] == ["dismay several shopkeepers"]


@pytest.mark.parametrize("text", ["The bakery won a prize for its rye bread.", "[1]", "", "…", "?"])
def test_what_it_has_nothing_of_is_not_borne_out(text: str) -> None:
    assert verdict(text) == "not borne out"


def test_nothing_is_borne_out_by_nothing() -> None:
    assert judge_passages("Boats were damaged.", []).verdict == "not borne out"
    assert judge_passages("Boats were damaged.", ["", " \n"]).score == 0.0


def test_a_span_is_exact_and_names_its_passage() -> None:
    judged = judge_passages("The channel is 15.5 km long.", ["Bread is life.", PASSAGE])
    number, start, end = judged.spans[0]
    assert (number, PASSAGE[start:end]) == (2, "The channel is 15.5 km long.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Answer: Iran denied it.", "Iran denied it."),
        ("Here's a concise summary:\n\nAn explosion hit.", "An explosion hit."),
        ("According to the passages, boats sank [2][3].", "Boats sank."),
        ("- **Boats** sank [1].", "Boats sank."),
        ("Answer:", "Answer:"),  # nothing is left
        ("He did <s>not</s> resign.", "He did <s>not</s> resign."),  # struck out, not said
        ("``We will go'', she said.</s>", "``We will go'', she said."),
        ("According to the mayor, boats sank.", "According to the mayor, boats sank."),
    ],
)
def test_a_frame_counts_for_nothing(text: str, left: str) -> None:
    assert strip_frame(text) == left


_SHARES = {name: st.floats(0, 4) for name in MEASURES}


@given(st.fixed_dictionaries(_SHARES), st.sampled_from(sorted(MEASURES)), st.floats(0, 3))
def test_more_support_never_scores_lower(
    measures: dict[str, float], name: str, more: float
) -> None:
    before, after = grade(measures), grade({**measures, name: measures[name] + more})
    assert 0 < before < 1
    assert (after - before) * MEASURES[name] >= -1e-9
