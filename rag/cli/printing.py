"""How the command line says things: text, tables, JSON and progress. Knows no command."""

import io
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rag.evaluate import Report


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a stage on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    labels = {
        "read": "Reading and embedding", "statements": "Finding statements",
        "index": "Indexing", "words": "Reading for answers", "ask": "Asking",
        "check": "Checking",
    }  # fmt: skip
    columns = (
        "{task.description:20}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(labels.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """What is being done, on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda stage: status.update(f"{stage}…")


@contextmanager
def interrupted() -> Iterator[Event]:
    """An event that Ctrl+C sets, so that what is there by then is kept; a second one ends it."""
    stop = Event()

    def set_once(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    try:
        before = signal.signal(signal.SIGINT, set_once)
    except ValueError:  # not in the main thread, where no signal arrives
        yield stop
        return
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def say(text: str, *, file: TextIO | None = None) -> None:
    """Prints text that documents or models may have written: nothing in it acts on the terminal."""
    from rag.language.words import show_hidden

    print(show_hidden(text), file=file)


def write_private(path: Path, content: str | bytes) -> None:
    """A file that only its owner can read: it holds passages of the documents."""
    if path.is_file() or not path.exists():  # no device or pipe
        path.touch(mode=0o600)
        path.chmod(0o600)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8")


def print_json(value: object) -> None:
    plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=plain, indent=2))


def say_json(value: object) -> None:
    """One object on one line (JSON Lines)."""
    plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=plain))


def print_csv(text: str) -> None:
    """CSV as it was made: its line ends are its own, and it is UTF-8 wherever it goes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    sys.stdout.write(text)


def print_table(report: "Report") -> None:
    from rag.evaluate import MEASURES

    short = {
        "citation_precision": "cit P", "citation_recall": "cit R",
        "abstention_precision": "abst P", "abstention_recall": "abst R",
        "near_miss": "near",
    }  # fmt: skip
    width = max(len(name) for name in report.table)
    say(" " * width + "     n" + "".join(f"{short.get(m, m):>9}" for m in MEASURES))
    for name, row in report.table.items():
        cells = "".join("        –" if (v := row[m]) is None else f"{v:9.3f}" for m in MEASURES)
        say(f"{name:{width}}{row['questions'] or 0:6.0f}{cells}")
    engines: dict[str, int] = {}
    for r in report.rows:
        engines[r.answer.engine] = engines.get(r.answer.engine, 0) + 1
    by = ", ".join(f"{n} by {name}" for name, n in sorted(engines.items()))
    say(f"\n{by}. Unverified citations: {report.unverified} of {report.citations}.")
    for r in report.rows:
        for text in r.missing:
            say(f"{r.case.id}: evidence not found in its document: {text[:60]}", file=sys.stderr)


def one_line(text: str, characters: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= characters else text[: characters - 1] + "…"
