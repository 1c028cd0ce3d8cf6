"""What was found in a draft, for people and for programs: nothing left out, nothing acted on."""

import json
import re
from dataclasses import fields, replace

import pytest

from rag.draft.report import KINDS, VERDICTS, Finding, Judged, Report
from rag.draft.show import (
    VERDICT_NAMES,
    draft_as_json,
    draft_as_markdown,
    draft_as_text,
    find_failures,
    summary,
)
from rag.types import Citation
from tests.conftest import ROOT
from tests.draft.reports import CITED, QUOTE, Found, report

TEXT = "Minutes\n\nThirty piles had failed. The board met. Nobody knew. Why?"
FOUND: dict[str, Found] = {
    "Minutes": ("no claim", []),
    "Thirty": ("contradicted", [("number", "Thirty", "forty")]),
    "Nobody": ("not borne out", []),
    "Why": ("no claim", []),
}
REPORT = report(TEXT, FOUND)


def test_json_has_every_sentence_with_its_findings_and_citations() -> None:
    got = json.loads(json.dumps(draft_as_json(REPORT)))
    assert set(got) == {"name", "documents", "stopped", "counts", "kinds", "sentences"}
    assert got["counts"] == {
        "contradicted": 1, "not borne out": 1, "in part": 0, "borne out": 1, "no claim": 2,
    }  # fmt: skip
    assert got["kinds"] == {"number": 1}
    for s in got["sentences"]:
        assert set(s) == {f.name for f in fields(Judged)}
        assert TEXT[s["start"] : s["end"]] == s["text"]
        for f in s["findings"]:
            assert set(f) == {f.name for f in fields(Finding)}
            assert TEXT[f["start"] : f["end"]] == f["text"]
        for c in s["citations"]:
            assert set(c) == {
                "number", "document", "title", "source", "date", "start", "end", "page",
                "quote", "version",
            }  # fmt: skip
    assert [s["text"] for s in got["sentences"]] == [
        "Minutes", "Thirty piles had failed.", "The board met.", "Nobody knew.", "Why?",
    ]  # fmt: skip


def test_the_page_on_json_names_every_key_verdict_and_kind() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    got = draft_as_json(REPORT)
    sentence = got["sentences"][1]
    for key in (*got, *sentence, *sentence["findings"][0], *sentence["citations"][0]):
        assert f'"{key}"' in page
    for word in (*VERDICTS, *KINDS):
        assert f"`{word}`" in page


def test_markdown_has_the_draft_in_its_order_and_what_the_documents_say() -> None:
    assert (
        draft_as_markdown(REPORT)
        == f"""\
# Checked: draft.docx

3 sentences looked up in 5 documents: 1 contradicted, 1 not in the documents, 1 borne out. \
2 sentences without a claim.

- another number: 1

## Sentence by sentence

Minutes

**Contradicted:** Thirty piles had failed.

- another number: “Thirty”; “Thirty” does not stand there; the document has “forty”

> Minutes, Herald, 2021\\-05\\-02, page 4 (a.txt, characters 10–{CITED.end}):
>
> “{QUOTE}”

**Borne out:** The board met. *(Minutes, Herald, 2021\\-05\\-02, page 4)*

**Not in the documents:** Nobody knew.

Why?
"""
    )


def test_text_has_only_what_is_not_borne_out_and_a_summary() -> None:
    text = draft_as_text(REPORT)
    assert text.startswith("Contradicted: Thirty piles had failed.\n  ✗ “Thirty”: ")
    assert "the document has: “forty”" in text
    assert QUOTE in text
    assert "The board met" not in text
    assert text.endswith("without a claim.\n")
    nothing_wrong = report("The board met.", {})
    assert draft_as_text(nothing_wrong) == "1 sentence looked up in 5 documents: 1 borne out.\n"
    assert draft_as_text(Report("", "", (), 0)) == "0 sentences looked up in 0 documents.\n"


def test_a_check_that_was_stopped_says_so() -> None:
    stopped = replace(REPORT, stopped=True)
    assert "Stopped before the last sentence" in summary(stopped)
    assert draft_as_json(stopped)["stopped"] is True


def test_markdown_of_hostile_texts_acts_on_nothing() -> None:
    evil = "<img src=x onerror=alert(1)> ![a](http://e.example/x) # *b* | `c`\u202e\u200b\n\n# Head"
    citation = Citation(1, "[x](y).txt", evil, evil, "2021", 0, len(evil), evil)
    found = Finding("number", 0, len(evil), evil[:9], evil, evil)
    judged = Judged(0, len(evil), evil, "contradicted", 0.0, (found,), (citation,))
    page = draft_as_markdown(Report(f"{evil}.txt", evil, (judged,), 1))
    for acts in (r"<img", r"!\[a", r"\]\(", r"# Head", r"\*b", r"\| `", r"`c", "\u202e", "\u200b"):
        assert not re.search(rf"(?<!\\){acts}", page), acts
    assert "left override, zero\\-width space ×2⟩" in page


@pytest.mark.parametrize(
    ("unwanted", "told"),
    [
        ([], []),
        (["date", "in-part", "opinion"], []),
        (["number"], ["number: 1 finding; none is wanted."]),
        (["contradicted"], ["contradicted: 1 sentence; none is wanted."]),
        (["any", "any"], ["any: 2 sentences; none is wanted."]),
    ],
)
def test_what_is_not_wanted_is_told_where_it_is_found(unwanted: list[str], told: list[str]) -> None:
    assert find_failures(REPORT, unwanted) == told


def test_what_can_be_unwanted_are_the_verdicts_that_are_no_good_and_every_kind() -> None:
    assert set(VERDICT_NAMES) == {"contradicted", "not-borne-out", "in-part", "any"}
    assert not set(VERDICT_NAMES) & set(KINDS)
