"""The page that checks a draft, without a browser: its states, and what it makes of a report."""

import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from rag import Assistant
from rag.browser import draft as draft_page
from rag.browser.draft import Checked, Draft, check, head_line, paragraphs
from rag.browser.sentence import corrected, emphasised, pair
from rag.browser.state import Work
from rag.draft.report import Finding, Judged, Report
from rag.language.sentences import sentences
from rag.types import Citation, Scope
from tests.browser.test_app import page, start, told, wait_for
from tests.conftest import SEEDS
from tests.library.test_damage import make_no_database

DRAFT = (
    "“We woke up to a war,” said a Hezbollah commander. Israel says Iran funds Hamas to the tune "
    "of some $300 million a year.\n\nThe ferry to Skarn carries forty bakers every Tuesday."
)
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) $x^2$ :red[y] ![z](http://192.0.2.1/z)"
)
QUOTE = "One line. The fleet has 40 blue boats, he said. Another line."


def cite(quote: str) -> Citation:
    return Citation(1, "d", HOSTILE, "<b>Post</b>", "2024", 0, len(quote), quote, 3)


def judge(text: str, *findings: tuple[str, str, str], start: int = 0) -> Judged:
    """A contradicted sentence; findings are (kind, words, instead)."""
    found = tuple(
        Finding(kind, start + text.index(words), start + text.index(words) + len(words), words,
                f"it is otherwise, {HOSTILE}", instead)
        for kind, words, instead in findings
    )  # fmt: skip
    return Judged(start, start + len(text), text, "contradicted", 0.0, found, (cite(QUOTE),))


def answer_with(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    def checked(*_: object, **more: Any) -> Report:
        more["progress"](len(report.sentences), len(report.sentences))
        return report

    monkeypatch.setattr(Assistant, "check", checked)


@pytest.fixture
def shown(seeds_copy: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page, over the seeds."""
    start(monkeypatch, home=seeds_copy, documents=SEEDS)
    return page("draft").run()


def check_text(shown: AppTest, text: str) -> None:
    shown.text_area(key="draft-text").set_value(text).run()
    press(shown, "Check")


def press(shown: AppTest, label: str) -> None:
    next(b for b in shown.button if b.label == label).click().run()
    assert not shown.exception


def show_all(shown: AppTest) -> None:
    pills = shown.button_group[1]
    pills.set_value(["contradicted", "not borne out", "borne out"]).run()
    assert not shown.exception


def test_a_draft_is_checked_filtered_and_walked_through(shown: AppTest) -> None:
    check_text(shown, DRAFT)
    wait_for(shown, "3 sentences: 1 contradicted, 1 not in the documents, 1 borne out")
    assert "looked up in 5 documents" in told(shown)
    # What is borne out is not shown at first.
    assert shown.button_group[1].value == ["contradicted", "not borne out"]
    assert "Sentence (1 of 2)" in [s.label for s in shown.selectbox]
    assert "✗ Contradicted" in told(shown)
    assert "Another number" in told(shown)
    assert next(b for b in shown.button if b.label == "Previous").disabled
    press(shown, "Next")
    assert "? Not in the documents" in told(shown)
    assert next(b for b in shown.button if b.label == "Next").disabled
    press(shown, "Previous")
    assert "✗ Contradicted" in told(shown)
    show_all(shown)
    assert "Sentence (1 of 3)" in [s.label for s in shown.selectbox]
    assert "✓ Borne out" in told(shown)
    assert "Open the document" in [b.label for b in shown.button]


def test_a_kind_of_finding_is_chosen(shown: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    first = judge("He has 50 boats.", ("number", "50", "40"))
    second = judge("The boats are red.", ("word", "red", ""), start=17)
    text = f"{first.text} {second.text}"
    answer_with(monkeypatch, Report("", text, (first, second), 5))
    check_text(shown, text)
    wait_for(shown, "2 sentences: 2 contradicted")
    kinds = next(s for s in shown.selectbox if s.label == "What is wrong")
    assert kinds.options == ["another number (1)", "another word changes it (1)"]
    kinds.set_value("word").run()
    assert "Sentence (1 of 1)" in [s.label for s in shown.selectbox]
    assert "Another word changes it" in told(shown)
    shown.button_group[1].set_value([]).run()
    assert not shown.exception
    assert "Sentence (no sentence is like this)" in [s.label for s in shown.selectbox]


def test_what_the_document_has_instead_is_there_to_be_copied(
    shown: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = judge("He has 50 boats.", ("number", "50", "40"))
    answer_with(monkeypatch, Report("", judged.text, (judged,), 5))
    check_text(shown, judged.text)
    wait_for(shown, "1 sentence: 1 contradicted")
    assert [c.value for c in shown.code] == ["He has 40 boats."]


def test_nothing_that_was_written_is_acted_on(
    shown: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = judge(f"He has 50 {HOSTILE} boats.", ("number", "50", "<b>40</b>"))
    report = Report(HOSTILE, judged.text, (judged,), 5)
    answer_with(monkeypatch, report)
    check_text(shown, judged.text)
    wait_for(shown, "1 sentence: 1 contradicted")
    for element in [*shown.markdown, *shown.caption]:
        value = re.sub(r"\\.", "", str(element.value))  # without what is escaped
        for live in ("<", "](", "$", ":red"):
            assert live not in value, value
    assert shown.code[0].value == f"He has <b>40</b> {HOSTILE} boats."  # no Markdown there


def test_stop_keeps_what_was_judged_and_says_so(
    shown: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: Assistant, draft: str, **more: Any) -> Report:
        pieces = sentences(draft)
        judged: list[Judged] = []
        while not more["stop"].is_set():
            more["progress"](len(judged), len(pieces))
            if len(judged) < 2:
                start, end = pieces[len(judged)]
                judged.append(Judged(start, end, draft[start:end], "not borne out", 0.0))
            time.sleep(0.05)
        return Report("", draft, tuple(judged), 5, stopped=True)

    monkeypatch.setattr(Assistant, "check", slow)
    check_text(shown, "The boats sail. " * 60)
    time.sleep(0.3)
    shown.run()
    press(shown, "Stop")
    wait_for(shown, "Stopped after 2 of 60 sentences: what was judged until then is kept.")
    assert "2 sentences: 2 not in the documents" in told(shown)


def test_nothing_and_a_text_without_a_claim_are_told(shown: AppTest) -> None:
    press(shown, "Check")
    assert "There is nothing to check yet" in told(shown)
    check_text(shown, "  \n ")
    assert "There is nothing to check yet" in told(shown)
    check_text(shown, "Why?")
    wait_for(shown, "No sentence of this draft says anything that could be looked up.")


def test_a_file_is_read_and_one_that_cannot_be_is_told(shown: AppTest) -> None:
    shown.button_group[0].set_value("Upload a file").run()
    press(shown, "Check")
    assert "choose a file" in told(shown)
    shown.file_uploader[0].set_value(("scan <b>.pdf", b"%PDF-1.4 damaged", "application/pdf")).run()
    press(shown, "Check")
    wait_for(shown, "scan <b>.pdf is no PDF or a damaged one. Export it again.")
    assert "\\<b\\>" in shown.error[0].value
    shown.file_uploader[0].set_value(("mine.txt", DRAFT.encode(), "text/plain")).run()
    press(shown, "Check")
    wait_for(shown, "3 sentences: ")
    assert "mine.txt" in told(shown)


def test_the_limit_of_the_chat_holds_here_too_and_is_told(
    shown: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Scope | None] = []
    checked = Assistant.check

    def spied(self: Assistant, draft: str, **more: Any) -> Report:
        asked.append(more["within"])
        return checked(self, draft, **more)

    monkeypatch.setattr(Assistant, "check", spied)
    shown.session_state.scope = Scope(since="2001-01-01")
    check_text(shown, DRAFT)
    wait_for(shown, "only since 2001-01-01")
    assert asked == [Scope(since="2001-01-01")]


def test_without_documents_the_next_step_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "none yet"
    folder.mkdir()
    start(monkeypatch, home=tmp_path / "empty", documents=folder)
    shown = page("draft").run()
    assert not shown.exception
    assert "Add some documents first" in told(shown)


def test_an_index_that_is_damaged_is_told(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path, shown: AppTest
) -> None:
    shown.text_area(key="draft-text").set_value(DRAFT).run()
    make_no_database(seeds_copy / "library.db")
    start(monkeypatch, home=seeds_copy, documents=SEEDS)
    only = SimpleNamespace(run=draft_page.show, url_path="check")
    monkeypatch.setattr(streamlit, "Page", lambda show, **_: show)
    monkeypatch.setattr(streamlit, "navigation", lambda pages: only)
    script = "from rag.browser import frame\nframe.show()"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    assert "onrecord rebuild --all" in told(app)


def test_the_pages_of_a_report_are_its_text() -> None:
    text = "# Title\n\n- One is here. Two is\nthere.\n\n\nThree?  \n"
    spans = sentences(text)
    judged = tuple(Judged(a, b, text[a:b], "borne out", 1.0) for a, b in spans)
    found = paragraphs(Report("", text, judged, 1), chosen=1, marked=frozenset({0}))
    shown = ["".join(words_of(p) for p in ps) for ps in found]
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert shown[-1].strip() == "Three?"
    pieces = [p for ps in found for p in ps if "sentence" in p]
    assert [p["sentence"] for p in pieces] == list(range(len(spans)))
    assert [p["chosen"] for p in pieces] == [n == 1 for n in range(len(spans))]
    assert [p["quiet"] for p in pieces] == [n > 1 for n in range(len(spans))]


@given(st.text(alphabet="a.?! \n\r1", max_size=60), st.integers(0, 5))
def test_a_draft_that_was_stopped_is_shown_to_its_end(text: str, judged: int) -> None:
    pieces = sentences(text)[:judged]
    report = Report(
        "", text, tuple(Judged(a, b, text[a:b], "borne out", 1.0) for a, b in pieces), 1
    )
    found = paragraphs(report, chosen=0, marked=frozenset())
    shown = "".join(words_of(p) for ps in found for p in ps)
    assert "".join(shown.split()) == "".join(text.split())
    assert sum("sentence" in p for ps in found for p in ps) == len(pieces)


def words_of(piece: dict[str, Any]) -> str:
    return "".join(p["text"] for p in piece.get("parts", [piece]))


def test_the_words_that_differ_are_marked_on_both_sides() -> None:
    judged = judge("He has 50 blue boats.", ("altered-quote", "50 blue boats", "40 blue boats"))
    ours, theirs = pair(judged)
    assert [(p["text"], p.get("mark")) for p in ours] == [
        ("He has ", None), ("50", "found"), (" blue boats.", None),
    ]  # fmt: skip
    assert [(p["text"], p.get("mark")) for p in theirs] == [
        ("The fleet has ", None), ("40", "found"), (" blue boats, he said.", None),
    ]  # fmt: skip
    assert [p["text"] for p in emphasised(judged)] == ["He has ", "50 blue boats", "."]


def test_a_finding_about_the_whole_sentence_marks_no_words() -> None:
    judged = judge("He has 50 boats.", ("nothing", "He has 50 boats.", ""))
    assert emphasised(judged) == [{"text": "He has 50 boats."}]
    assert pair(judged)[0] == [{"text": "He has 50 boats."}]
    assert corrected(judged) == ""


def test_what_overlaps_is_put_in_once() -> None:
    judged = judge(
        "He has 50 blue boats.", ("number", "50", "40"), ("word", "50 blue", "forty red"),
        ("word", "boats", "ships"),
    )  # fmt: skip
    assert corrected(judged) == "He has forty red ships."


def test_the_head_line_and_a_check_tell_how_far_it_came(assistant: Assistant) -> None:
    work = Work("x")
    found = check(assistant, Draft("", DRAFT), None, work)
    assert isinstance(found, Checked)
    assert (found.total, work.progress.split(" · ")[0]) == (3, "Checking: 3 of 3")
    assert head_line(found.report).startswith("3 sentences: ")
