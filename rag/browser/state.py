"""What outlives a rerun of the page: the assistant, the session's engine, work under way."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import streamlit as st

from rag import Assistant, OnrecordError
from rag.logs import start_logging, tell_failure
from rag.models import LanguageModel
from rag.settings import load_settings
from rag.types import Answer, Scope


@dataclass(frozen=True)
class Engine:
    """What this session chose to have its answers worded by. Its key lives here and nowhere."""

    model: LanguageModel | None
    name: str
    address: str
    leaves_machine: bool
    evidence: int
    temperature: float


@dataclass
class Question:
    """A question being answered in a thread of its own: it outlives a refresh of the page."""

    text: str
    within: Scope | None = None
    stage: str = "Searching the documents"
    quotes: Answer | None = None
    draft: str = ""
    failure: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


@dataclass
class Work:
    """Something long that runs beside the pages: a sync, an evaluation, asking again."""

    name: str
    stage: str = ""
    done: int = 0
    total: int = 0
    failure: str = ""
    result: Any = None
    began: float = field(default_factory=time.monotonic)
    stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Notes how far it is; another stage has its own rate."""
        if stage != self.stage:
            self.stage, self.began = stage, time.monotonic()
        self.done, self.total = done, total

    @property
    def progress(self) -> str:
        """Where it is, with rate and time left once both can be told."""
        if not self.total:
            return f"{self.stage or self.name}…"
        told = f"{self.stage or self.name}: {self.done:,} of {self.total:,}"
        seconds = time.monotonic() - self.began
        if self.done and seconds > 1:
            rate = self.done / seconds
            told += f" · {rate:,.0f} a second" if rate >= 2 else f" · {60 * rate:,.0f} a minute"
            if self.done < self.total:
                told += f" · {show_seconds((self.total - self.done) / rate)} left"
        return told


@st.cache_resource(show_spinner=False)
def open_assistant() -> Assistant:
    """The one assistant of all sessions.

    Raises:
        SettingsError
    """
    settings = load_settings()
    start_logging(settings.home)
    assistant = Assistant.open(settings)

    def warm() -> None:
        # The first table would otherwise wait for Streamlit's imports, the first question for the
        # imports and models of the search.
        for name in ("pandas", "pyarrow"):
            import_module(name)
        assistant.index.warm()
        assistant.index.fill_in_background()

    threading.Thread(target=warm, daemon=True).start()
    return assistant


@st.cache_resource(show_spinner=False)
def open_questions() -> dict[str, Question]:
    """The questions under way, by chat."""
    return {}


@st.cache_resource(show_spinner=False)
def open_works() -> dict[str, Work]:
    """What runs beside the pages, or ended last, by name."""
    return {}


def session_assistant() -> Assistant:
    """The assistant with the engine that this session chose, if it did."""
    assistant = open_assistant()
    engine: Engine | None = st.session_state.get("engine")
    if engine is None:
        return assistant
    return assistant.worded_by(engine.model, evidence=engine.evidence)


def begin_work(name: str, run: Callable[[Work], Any]) -> Work:
    """Starts `run` in a thread, unless something of this name is under way."""
    works = open_works()
    known = works.get(name)
    if known is not None and not known.ended.is_set():
        return known
    work = works[name] = Work(name)

    def go() -> None:
        try:
            work.result = run(work)
        except OnrecordError as error:
            work.failure = str(error)
        except Exception as error:
            work.failure = f"{tell_broken(error)} Nothing kept is lost."
        finally:
            work.ended.set()

    threading.Thread(target=go, name=name, daemon=True).start()
    return work


def tell_broken(error: BaseException) -> str:
    """One calm line on an error that nobody expected; the log has the rest."""
    return tell_failure(error, open_assistant().settings.home)


def is_running(name: str) -> bool:
    work = open_works().get(name)
    return work is not None and not work.ended.is_set()


def begin_sync() -> None:
    """Starts a sync of the documents folder; chatting goes on meanwhile."""
    assistant = open_assistant()
    labels = {
        "read": "Reading and embedding",
        "statements": "Finding statements",
        "index": "Indexing",
        "words": "Reading for answers",
    }

    def run(work: Work) -> Any:
        return assistant.sync(progress=lambda s, d, t: work.tell(labels.get(s, s), d, t))

    begin_work("Sync", run)


def follow_work(name: str, *, stoppable: bool = False) -> None:
    """A bar that moves by itself until the work has ended; then the page is drawn anew."""
    work = open_works().get(name)
    if work is None or work.ended.is_set():
        return

    @st.fragment(run_every=0.5)
    def bar() -> None:
        share = work.done / work.total if work.total else 0.0
        st.progress(min(1.0, share), text=work.progress)
        if stoppable and st.button("Stop", key=f"stop-{name}", disabled=work.stop.is_set()):
            work.stop.set()
        if work.ended.is_set():
            st.rerun()

    bar()


def show_seconds(seconds: float) -> str:
    """A length of time for people: "40 s", "3 min", "2 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"


def show_size(size: int) -> str:
    """Bytes for people."""
    left = float(size)
    for unit in ("B", "kB", "MB"):
        if left < 1000:
            return f"{left:.0f} {unit}" if unit == "B" or left >= 10 else f"{left:.1f} {unit}"
        left /= 1000
    return f"{left:.1f} GB"


def count(number: int, noun: str) -> str:
    """ "1 document", "3 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
