"""The real app in a real browser, for the tests that look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOT

# A busy machine takes longer than the five seconds that are waited otherwise.
expect.set_options(timeout=30_000)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOADED = 60_000  # milliseconds; the first page waits for imports
# Where screenshots are kept, if anywhere: CI names a folder outside the repository.
SCREENSHOTS = os.environ.get("SCREENSHOTS")


def find_chromium() -> str | None:
    """The path of a Chromium: named by CHROMIUM, installed, or fetched by Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found or not find_driver():
        return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find_driver() -> str | None:
    """The version of Playwright's driver, if it starts here: it wants a library of the system."""
    command = [sys.executable, "-m", "playwright", "--version"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


@contextmanager
def open_browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None or not find_driver():
        pytest.skip("no Chromium (see the line of tests/prepare.py before the tests)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def serve(place: list[str], **environment: str) -> Iterator[str]:
    """The address of `onrecord chat` on a free port."""
    base = [sys.executable, "-m", "rag.cli", "chat", "--headless", *place]
    env = {"ONRECORD_PROVIDER": "auto" if environment else "none", **os.environ, **environment}
    with serving(lambda port: [*base, "--port", str(port)], cwd=ROOT, env=env) as url:
        yield url


@contextmanager
def serving(
    command: Callable[[int], list[str]], *, cwd: Path, env: Mapping[str, str]
) -> Iterator[str]:
    """The address of what `command` serves on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        command(port),
        cwd=cwd,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/_stcore/health", trust_env=False).is_success:
                    break
            except httpx.TransportError:
                assert server.poll() is None, f"the server ended with {server.returncode}"
                time.sleep(0.1)
        else:
            raise AssertionError("the server has not answered for a minute")
        yield url
    finally:
        os.killpg(server.pid, 15)
        server.wait()


class Visit:
    """A page, with what it asked for off this machine and what it complained of."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda r: self._note(r.url))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))

    def _note(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            self.elsewhere.append(url)

    @property
    def width(self) -> int:
        return self.page.viewport_size["width"] if self.page.viewport_size else 0

    @property
    def narrow(self) -> bool:
        return self.width < 500

    def ask(self, question: str) -> None:
        box = self.page.get_by_test_id("stChatInputTextArea")
        expect(box).to_be_enabled(timeout=LOADED)
        box.fill(question)
        self.page.keyboard.press("Enter")

    def turn_to(self, name: str) -> None:
        """Opens a page by its link in the sidebar.

        The page is drawn whole first: Streamlit folds a click on a link that falls between the
        end of a work and the page drawn anew after it into that drawing, and stays where it was.
        A person clicks again.
        """
        shown = self.page.get_by_role("heading", name=name, exact=True)
        if name == "Chat":
            shown = self.page.get_by_test_id("stChatInputTextArea")
        for wait in (10_000, 30_000):
            self.settle()
            self.open_sidebar()
            self.page.get_by_role("link", name=name, exact=True).click()
            try:
                expect(shown).to_be_visible(timeout=wait)
                break
            except AssertionError:
                if wait == 30_000:
                    raise
        self.settle()

    def open_sidebar(self) -> None:
        expand = self.page.get_by_test_id("stExpandSidebarButton")
        if expand.is_visible():
            expand.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def await_sync(self, told: str) -> None:
        """Waits until a sync has ended, the page tells it and is drawn whole: what is opened
        while a page is drawn anew falls shut again."""
        expect(self.page.get_by_text(told)).to_be_visible(timeout=30_000)
        expect(self.page.get_by_test_id("stProgress")).to_have_count(0, timeout=30_000)
        self.settle()

    def settle(self) -> None:
        """Waits until the page has been drawn whole."""
        script = self.page.locator('[data-testid="stApp"]')
        expect(script).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)

    def check(self, state: str, *, settled: bool = True) -> None:
        """No sideways scrolling and no serious barrier in this state of the page; a screenshot."""
        if settled:
            self.settle()
        if SCREENSHOTS:
            Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{state} {self.name}.png")
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, "the page scrolls sideways"
        found = Axe().run(self.page).response["violations"]
        serious = [
            (v["id"], n["html"][:200], n["any"][0]["message"] if n["any"] else "")
            for v in found
            if v["impact"] in ("serious", "critical")
            for n in v["nodes"]
        ]
        assert serious == [], serious


@contextmanager
def open_page(browser: Browser, address: str, width: int, scheme: Any) -> Iterator[Visit]:
    """A visit in a browser of its own; at its end nothing was fetched from elsewhere and nothing
    went wrong in the page."""
    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(context.new_page(), f"{width} {scheme}")
    visit.page.goto(address)
    visit.page.get_by_test_id("stChatInputTextArea").wait_for(timeout=LOADED)
    yield visit
    assert visit.elsewhere == [], visit.elsewhere
    assert visit.errors == []
    context.close()
