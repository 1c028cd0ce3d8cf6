"""Checking a draft in a real browser: filtered, walked through, its sources opened."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_draft import DRAFT
from tests.chromium import LOADED, Visit, open_page, serve
from tests.conftest import ROOT, write

LOOKS = [(1280, "light"), (390, "dark")]
HOSTILE = (
    "The Velm lighthouse <script>document.title='owned'</script> keeps [six](javascript:alert(1)) "
    "keepers for $x^2$ crowns :red[every] ![t](http://192.0.2.1/p.png) winter, said Orla Quist."
)


@pytest.fixture(scope="module")
def address(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a copy of the seeds and one hostile document."""
    where = tmp_path_factory.mktemp("app")
    home = shutil.copytree(seeds_home, where / "home")
    folder = Path(shutil.copytree(ROOT / "seeds", where / "documents"))
    write(folder, "lighthouse.txt", f"<img src=x onerror=alert(1)>\n\n{HOSTILE}")
    command = [sys.executable, "-m", "rag.cli"]
    subprocess.run([*command, "sync", str(folder), "--home", str(home)], cwd=ROOT, check=True)
    with serve(["--home", str(home), "--documents", str(folder)]) as url:
        yield url


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with open_page(browser, address, *request.param) as opened:
        opened.turn_to("Check a draft")
        yield opened


def check_draft(visit: Visit, text: str, told: str) -> None:
    """Checks `text` and waits until the page tells it."""
    page = visit.page
    visit.settle()
    folded = page.get_by_text("Change the draft, or check another one")  # another test's is there
    if folded.is_visible():
        folded.click()
    field = page.get_by_label("Text of the draft")
    field.fill(text)
    visit.press("Check")
    expect(field).not_to_be_visible()  # it is folded when the check has begun
    expect(page.get_by_text(told)).to_be_visible(timeout=LOADED)
    visit.settle()


def expect_chosen(page: Page, words: str) -> None:
    expect(page.locator(".sentence[aria-pressed=true]")).to_contain_text(words)


def test_a_draft_is_checked_walked_through_and_its_source_opened(visit: Visit) -> None:
    page = visit.page
    check_draft(visit, DRAFT, "3 sentences: 1 contradicted, 1 not in the documents, 1 borne out")
    expect(page.locator(".sentence")).to_have_count(3)
    expect(page.locator(".sentence[data-verdict='borne out']")).to_have_attribute(
        "data-quiet", "true"
    )
    expect_chosen(page, "$300 million")
    expect(page.locator(".sentence[aria-pressed=true] b")).to_have_text("$300 million")
    expect(page.get_by_text("✗ Contradicted.")).to_be_visible()
    visit.check("draft contradicted")
    draft, beside = (page.get_by_test_id("stColumn").nth(n).bounding_box() for n in (0, 1))
    assert draft
    assert beside
    if visit.narrow:
        assert beside["y"] >= draft["y"] + draft["height"]
    else:
        assert beside["x"] >= draft["x"] + draft["width"]

    visit.press("Next")
    expect_chosen(page, "forty bakers")
    expect(page.get_by_text("? Not in the documents.")).to_be_visible()
    visit.check("draft not in the documents")
    visit.press("Previous")
    expect_chosen(page, "$300 million")

    # A sentence that no filter shows can be chosen in the text.
    page.locator(".sentence").first.click()
    expect(page.get_by_text("✓ Borne out.")).to_be_visible()
    expect_chosen(page, "We woke up to a war")
    visit.check("draft borne out")
    visit.press("Open the document")
    expect(page.locator("[role=dialog] mark[data-kind=here]")).to_contain_text("woke up to a war")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    # From sentence to sentence by the keyboard.
    page.locator(".sentence").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_chosen(page, "$300 million")

    page.get_by_role("button", name="not in the documents (1)").click()
    visit.settle()
    page.get_by_role("button", name="contradicted (1)").click()
    expect(page.get_by_text("Sentence (no sentence is like this)")).to_be_visible()
    page.get_by_role("button", name="borne out (1)").click()
    expect_chosen(page, "We woke up to a war")


def test_what_was_typed_and_found_is_there_after_another_page(visit: Visit) -> None:
    page = visit.page
    check_draft(visit, DRAFT, "3 sentences: ")
    visit.press("Next")
    expect_chosen(page, "forty bakers")
    visit.settle()
    page.get_by_text("Change the draft, or check another one").click()
    field = page.get_by_label("Text of the draft")
    field.fill(f"{DRAFT} One more.")
    # Straight on, as a person does: the click itself sends what was typed.
    visit.turn_to("Documents")
    visit.turn_to("Check a draft")
    expect_chosen(page, "forty bakers")
    listed = page.get_by_role("combobox", name="Sentence (2 of 2)")
    expect(listed).to_have_value(re.compile("forty bakers"))
    visit.settle()
    page.get_by_text("Change the draft, or check another one").click()
    expect(field).to_have_value(f"{DRAFT} One more.")


def test_nothing_in_a_draft_or_a_document_runs_loads_or_links(visit: Visit) -> None:
    page = visit.page
    check_draft(visit, HOSTILE, "1 sentence: ")
    page.locator(".sentence").first.click()
    expect(page.locator(".sentence").first).to_contain_text("<script>document.title='owned'")
    visit.settle()
    visit.check("draft hostile")
    main = page.get_by_test_id("stMain")
    expect(main.locator("a[href^='javascript']")).to_have_count(0)
    expect(main.locator("img, .katex")).to_have_count(0)
    visit.press("Open the document")
    expect(page.get_by_role("dialog")).to_contain_text("![t](http://192.0.2.1/p.png)")
    assert "owned" not in page.title()
