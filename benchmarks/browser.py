"""The app in a browser over a thousand documents: how fast pages and answers come, and its memory.

    python -m benchmarks.browser --documents DIR [DIR …] [--home DIR] [--questions 200]

Documents are those of the folders, and, up to the number wanted, copies of them with the sentences
shuffled and another name, so that they are no copies of each other. Questions are of the seeds and,
for every second one, made of a statement of the library ("What did X say about …?"). Times are the
reader's: from a click or Enter until what was asked for is there.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, expect

from rag import Assistant, Settings
from rag.cases import load_questions
from rag.language.sentences import sentences
from rag.statements.mentions import is_named
from tests.chromium import LOADED, Visit, open_browser, open_page, serve
from tests.conftest import SEEDS

SEED = 7
CHAT_LENGTH = 10
# Told by the page itself when it changes: asking it again and again would take its time.
_ANSWERED = """(count) => new Promise((resolve) => {
  const there = () => {
    const found = document.querySelectorAll('[data-testid="stChatMessage"]');
    return found.length >= count && found[count - 1].innerText.includes("Quoted ·");
  };
  const observer = new MutationObserver(() => {
    if (there()) { observer.disconnect(); resolve(); }
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  if (there()) resolve();
})"""
PAGES = ("Documents", "What changed", "Evaluate", "Settings", "Chat")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=Path, nargs="+", default=[SEEDS])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--home", type=Path, help="keeps the index here, to be used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        where = options.home or Path(temporary)
        folder, home = where / "documents", where / "home"
        if not folder.exists():
            make_documents(options.documents, folder, count=options.count)
        assistant = Assistant(Settings(home=home, documents=folder))
        assistant.sync()
        state = assistant.status()
        questions = make_questions(assistant, options.questions)
        assistant.close()
        print(f"{state['documents']:,} documents, {state['passages']:,} passages\n")
        with (
            serve(["--home", str(home), "--documents", str(folder)]) as url,
            open_browser() as browser,
            open_page(browser, url, 1280, "light") as first,
        ):
            first.settle()  # the server's own start is over
            show_pages(browser, url)
            visit = first
            show_answers(visit, questions, port=int(url.rsplit(":", 1)[1]))


def show_pages(browser: Browser, url: str) -> None:
    """A new visitor's pages: the first time of each, and again."""
    print("| page | first ms | again p50 ms | slowest ms |\n|---|---|---|---|")
    times: dict[str, list[float]] = {name: [] for name in ("a new browser", "reload", *PAGES)}
    for _ in range(3):
        started = time.perf_counter()
        with open_page(browser, url, 1280, "light") as visit:
            times["a new browser"].append((time.perf_counter() - started) * 1000)
            for name in PAGES * 2:
                started = time.perf_counter()
                visit.turn_to(name)
                times[name].append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            visit.page.reload()
            visit.page.get_by_test_id("stChatInputTextArea").wait_for(timeout=LOADED)
            times["reload"].append((time.perf_counter() - started) * 1000)
    for name, (first, *again) in times.items():
        print(f"| {name} | {first:.0f} | {median(again):.0f} | {max(again):.0f} |")


def show_answers(visit: Visit, questions: Sequence[str], *, port: int) -> None:
    page = visit.page
    print("\n| questions asked | Enter → answer p50 ms | p95 ms | app MB |\n|---|---|---|---|")
    print(f"| 0 | – | – | {megabytes(port):.0f} |", flush=True)
    times: list[float] = []
    for number, question in enumerate(questions):
        if number % CHAT_LENGTH == 0:
            visit.press("New chat")
            expect(page.get_by_test_id("stChatMessage")).to_have_count(0, timeout=LOADED)
            visit.settle()
        messages = 2 * (number % CHAT_LENGTH) + 2
        box = page.get_by_test_id("stChatInputTextArea")
        expect(box).to_be_enabled(timeout=LOADED)
        box.fill(question)

        def ask(messages: int = messages) -> None:
            page.keyboard.press("Enter")
            page.evaluate(_ANSWERED, messages)

        times.append(milliseconds(ask))
        if (number + 1) % max(1, len(questions) // 4) == 0:
            p95 = quantiles(times, n=20)[-1]
            print(
                f"| {number + 1} | {median(times):.0f} | {p95:.0f} | {megabytes(port):.0f} |",
                flush=True,
            )
            times = []


def make_documents(sources: Sequence[Path], folder: Path, *, count: int) -> None:
    """`count` documents: those of `sources`, then shuffled ones."""
    chance = random.Random(SEED)
    paths = [p for s in sources for p in sorted(s.rglob("*")) if p.suffix in (".txt", ".md")]
    folder.mkdir(parents=True)
    for number in range(count):
        path = paths[number % len(paths)]
        place = folder / f"{number:05d}.txt"
        if number < len(paths):
            shutil.copy(path, place)
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        parts = [text[a:b].strip() for a, b in sentences(text)]
        chance.shuffle(parts)
        place.write_text(f"Report {number}\n\n" + " ".join(parts), encoding="utf-8")


def make_questions(assistant: Assistant, count: int) -> list[str]:
    """Questions of the seeds in turn with such of statements of the library."""
    chance = random.Random(SEED)
    own = [c.question for c in load_questions(SEEDS / "questions.jsonl") if not c.history]
    said = [s for s in assistant.statements() if is_named(s.speaker) and len(s.content.split()) > 8]
    chosen = chance.sample(said, min(count, len(said)))
    made = [f"What did {s.speaker} say about {' '.join(s.content.split()[3:8])}?" for s in chosen]
    pairs = zip(own * (count // len(own) + 1), made, strict=False)
    return [question for pair in pairs for question in pair][:count]


def milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def megabytes(port: int) -> float:
    """Resident memory of the process that serves `port` (Linux)."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = status.with_name("cmdline").read_text().split("\0")
            if "chat" in command and str(port) in command:
                line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
                return int(line.split()[1]) / 1024
        except OSError:
            continue
    return 0.0


if __name__ == "__main__":
    main()
