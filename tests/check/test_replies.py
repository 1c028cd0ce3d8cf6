"""A model's reply is read for what it claims, whatever its habits are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.check.replies import declines, hide_thoughts, read_form, read_reply


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("The quay is shut [Passage 1].", "The quay is shut [1]."),
        ("The quay is shut (1).", "The quay is shut [1]."),
        ("The quay is shut (passage 2), he said.", "The quay is shut [2], he said."),
        ("The quay is shut [^1].", "The quay is shut [1]."),
        ("The quay is shut 【1†source】.", "The quay is shut [1]."),
        ("The quay is shut [passages 1 and 2].", "The quay is shut [1, 2]."),
        ("The quay is shut (Passage 1, Passage 3).", "The quay is shut [1, 3]."),
        ("The quay is shut (see [2]).", "The quay is shut [2]."),
        ("The quay is shut (source: 2).", "The quay is shut [2]."),
        ("The quay is shut [1](https://x.example/a).", "The quay is shut [1]."),
        ("The quay is shut [1, p. 3].", "The quay is shut [1]."),
        ("According to passage 3, the quay is shut.", "The quay is shut [3]."),
        ("Passage 2 says that the quay is shut.", "The quay is shut [2]."),
        ("Answer: the quay is shut [1].", "The quay is shut [1]."),
        ("Based on the passages, the quay is shut.", "The quay is shut."),
        ("The quay is shut.\n\nSources: [1], [2]", "The quay is shut."),
        ("The quay is shut. **Sources:** [1]", "The quay is shut."),
        ("The quay is shut.\nReferences:\n[1] Port News\n[2] Gazette", "The quay is shut."),
        ("<think>Is it? [7]</think>The quay is shut.", "The quay is shut."),
        ("Is it? Yes.</think>The quay is shut.", "The quay is shut."),
        ("<think>Is it", ""),
        ("<|channel|>The quay is shut.<|end|>", "The quay is shut."),
        ("```\nThe quay is shut.\n```", "The quay is shut."),
        # No markers of ours, no lists of sources:
        ("In (2015) the quay [sic] was shut.", "In (2015) the quay [sic] was shut."),
        ("It is (1) shut and (2) sold.", "It is (1) shut and (2) sold."),
        ("It is shut (12).", "It is shut (12)."),  # there are eight passages
        ("Three sources: a clerk, a cook, a cat.", "Three sources: a clerk, a cook, a cat."),
        ("He did <s>not</s> resign.", "He did <s>not</s> resign."),
    ],
)
def test_a_reply_is_read_in_every_form_that_models_write(reply: str, read: str) -> None:
    assert read_reply(reply, passages=8) == read


@pytest.mark.parametrize(
    ("reply", "nothing"),
    [
        ("NOT IN THE DOCUMENTS", True),
        ("The passages do not answer this question.", True),
        ("I'm sorry, but the documents don't say.", True),
        ("There is no information about this.", True),
        ("The passages do not say who. However, they say Finer spoke.", False),
        ("No. Iran denies it.", False),
        ("Iran said the documents are forged.", False),
        ("Unfortunately, the passages provided do not say who it was.", True),
        ("None of the passages mention the price.", True),
        ("It is not stated in the passages.", True),
        ("I cannot answer this from the context.", True),
        # Answers, though they begin like it:
        ("The passages say that Hezbollah boasts 100,000 fighters.", False),
        ("The documents do say so: it has 100,000 fighters.", False),
        ("No evidence links Iran to the attack, Blinken said.", False),
        ("There is no evidence that Iran directed it, Kirby said.", False),
        ("None of the hostages was freed.", False),
        ("Unfortunately for Iran, no talks were held.", False),
        ("It is not known how many died, the ministry said.", False),
        ("", False),
    ],
)
def test_a_reply_that_finds_nothing_is_told_from_one_that_says_no(
    reply: str, nothing: bool
) -> None:
    assert declines(reply) == nothing


def test_a_form_is_read_whole_and_as_far_as_it_has_come() -> None:
    rows = [{"text": 'He said "no".', "passages": [2, 3]}, {"text": "It rained", "passages": []}]
    whole = json.dumps({"sentences": rows})
    assert read_form(whole) == 'He said "no" [2][3]. It rained'
    assert read_form(f"```json\n{whole}\n```") == read_form(whole)
    assert read_form("He said no [1].") == "He said no [1]."
    drafts = [read_form(whole[:n]) for n in range(1, len(whole))]
    assert all('"text"' not in d and "{" not in d[1:] for d in drafts)


@given(
    st.text(alphabet=st.sampled_from('ab 12[](){}【】<>/think.:\n"\\,SsourcesPpage'), max_size=80)
)
def test_no_reply_breaks_the_reader(text: str) -> None:
    read = read_reply(read_form(text), passages=8)
    assert declines(read) in (True, False)
    assert "<think>" not in hide_thoughts(text)


@pytest.mark.parametrize("piece", ["[", "(1", "<think>", "Sources: ", "[1] ", "a. ", '{"text": "'])
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    import time

    def seconds(times: int) -> float:
        text = piece * times
        began = time.perf_counter()
        read_reply(read_form(text), passages=8)
        return time.perf_counter() - began

    seconds(200)
    small = min(seconds(1_000) for _ in range(3))
    large = min(seconds(4_000) for _ in range(3))
    assert large < 10 * max(small, 0.002)
