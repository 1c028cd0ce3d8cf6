"""Check a draft: its text, every sentence marked by what the documents say of it.

Knows no rule by which sentences are judged, and not how one of them is shown (sentence.py).
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag import Assistant
from rag.browser.components import draw_draft
from rag.browser.scope import choose_scope, lift_scope, show_scope
from rag.browser.sentence import TOLD, emphasised, show_sentence
from rag.browser.state import (
    Work,
    begin_work,
    count,
    follow_work,
    is_running,
    open_works,
    session_assistant,
    show_size,
)
from rag.documents.scan import MAX_BYTES
from rag.draft.files import read_draft
from rag.draft.report import KINDS, LABELS, VERDICTS, Judged, Report, Verdict
from rag.draft.show import draft_as_markdown
from rag.draft.word import draft_as_word
from rag.export import escape
from rag.language.words import show_hidden
from rag.types import Scope

_WORK = "Checking a draft"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SUFFIXES = (".txt", ".md", ".docx", ".html", ".pdf")
_PASTE, _UPLOAD = "Paste a text", "Upload a file"
# What is not looked at first: a writer wants to see what is wrong.
_QUIET: tuple[Verdict, ...] = ("borne out", "no claim")


@dataclass(frozen=True)
class Download:
    """A button that hands the report out as a file: `make` is given the draft's own file too, if
    that is a Word document."""

    label: str
    suffix: str
    mime: str
    make: Callable[[Report, bytes | None], bytes]


# TABLE of the files that a report is handed out as; one row is one button.
DOWNLOADS: Sequence[Download] = (
    Download("Word, with comments", ".docx", _DOCX, draft_as_word),
    Download("Markdown", ".md", "text/markdown", lambda r, _: draft_as_markdown(r).encode()),
)


@dataclass(frozen=True)
class Draft:
    """What was handed in: a text that was pasted, or a file."""

    name: str
    text: str
    data: bytes | None = None

    @property
    def word(self) -> bytes | None:
        """The file, if it is a Word document."""
        return self.data if self.name.lower().endswith(".docx") else None


@dataclass(frozen=True)
class Checked:
    """A draft that was checked; `total` sentences it has, `key` names what is chosen in it."""

    draft: Draft
    report: Report
    total: int
    within: Scope | None
    key: str


def show() -> None:
    """The page."""
    assistant = session_assistant()
    if not assistant.index.count_documents():
        st.title("Check a draft", anchor=False)
        st.info("Add some documents first: there is nothing to check a draft against yet.")
        return
    lift_scope(assistant)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Check a draft", anchor=False, width="stretch")
        choose_scope(assistant, told="The draft is looked up in these only.")
    if lifted := st.session_state.get("scope_lifted"):
        st.caption(f":material/filter_alt_off: {escape(lifted)}")
    work = open_works().get(_WORK)
    fresh = work is None or bool(work.failure)
    label = "The draft" if fresh else "Change the draft, or check another one"
    # Under another name at each check, which folds it: else one that was opened would stay open.
    turn = st.session_state.setdefault("draft_turn", 0)
    with st.expander(label, expanded=fresh, key=f"draft-input-{turn}"):
        draft = take_draft()
        if st.button("Check", type="primary", disabled=is_running(_WORK)):
            if draft is None:
                st.info("There is nothing to check yet: paste a text or choose a file.")
            else:
                st.session_state.draft_turn = turn + 1
                within: Scope | None = st.session_state.get("scope")
                begin_work(_WORK, lambda work: check(assistant, draft, within, work))
                st.rerun()
    follow_work(_WORK, stoppable=True)
    if work is None or not work.ended.is_set():
        return
    if work.failure:
        st.error(escape(work.failure))
        return
    show_checked(assistant, work.result)


def take_draft() -> Draft | None:
    """What is there to be checked; it is still there after another page was visited."""
    way = st.segmented_control(
        "How the draft comes here", (_PASTE, _UPLOAD), default=_PASTE, required=True,
        key="draft-way", label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    if way == _PASTE:
        # "Check" beside it is never disabled while it is empty: what is typed is sent when the
        # field is left, and that very click would meet a button that cannot be pressed yet.
        text = st.text_area(
            "Text of the draft", key="draft-text", height=220, persist_state="session",
            placeholder="Paste what you wrote: every sentence is looked up in your documents.",
        )  # fmt: skip
        return Draft("", text) if text and text.strip() else None

    def note() -> None:  # only a file that was put in or taken out, not a field drawn anew
        file = st.session_state["draft-upload"]
        st.session_state.draft_file = file and Draft(file.name, "", file.getvalue())

    file = st.file_uploader(
        f"A file ({', '.join(_SUFFIXES)})", type=[s.lstrip(".") for s in _SUFFIXES],
        key="draft-upload", max_upload_size=MAX_BYTES // 1024**2, on_change=note,
    )  # fmt: skip
    kept: Draft | None = st.session_state.get("draft_file")
    if kept is not None and file is None:
        st.caption(f"{escape(kept.name)}, {show_size(len(kept.data or b''))}")
    return kept


def check(assistant: Assistant, draft: Draft, within: Scope | None, work: Work) -> Checked:
    """Reads and checks it, until it is stopped; what was judged until then is kept."""
    work.tell("Reading", 0, 0)
    text = draft.text if draft.data is None else read_draft(draft.name, draft.data).text
    report = assistant.check(
        text, name=draft.name, within=within,
        progress=lambda done, total: work.tell("Checking", done, total), stop=work.stop,
    )  # fmt: skip
    return Checked(draft, report, work.total, within, uuid.uuid4().hex[:8])


def show_checked(assistant: Assistant, checked: Checked) -> None:
    report = checked.report
    if report.stopped:
        st.warning(
            f"Stopped after {len(report.sentences)} of {count(checked.total, 'sentence')}: what "
            "was judged until then is kept."
        )
    if not any(s.verdict != "no claim" for s in report.sentences):
        if not report.stopped:
            st.info("No sentence of this draft says anything that could be looked up.")
        if not report.sentences:
            return
    told = f"**{head_line(report)}** · looked up in {count(report.documents, 'document')}"
    if checked.within is not None:
        told += f" · only {escape(show_scope(checked.within))}"
    if report.name:
        told += f" · {escape(report.name)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(told, width="stretch")
        show_downloads(checked)
    marked, row = choose_marked(checked)
    at = walk(checked, marked, row)
    left, right = st.columns(2, gap="medium")
    # It stays in sight while what is said of a sentence is scrolled (frame.py).
    with left, st.container(key="draft-text-side"):
        draw_draft(
            paragraphs(report, chosen=at, marked=frozenset(marked)),
            key=f"draft-{checked.key}", on_choose=lambda n: _choose(checked, n),
            label="The draft. The arrow keys go from sentence to sentence, Enter chooses one.",
        )  # fmt: skip
    with right:
        if not marked and st.session_state.get(_chosen(checked)) is None:
            st.info("No sentence is like this. Choose other verdicts above, or a sentence.")
        else:
            show_sentence(assistant, report.sentences[at], key=f"{checked.key}-{at}")


def head_line(report: Report) -> str:
    """ "60 sentences: 3 contradicted, 4 not in the documents, 49 borne out"."""
    counts = report.counts
    found = ", ".join(f"{counts[v]} {TOLD[v].few}" for v in VERDICTS if counts[v])
    return f"{count(len(report.sentences), 'sentence')}: {found}"


def choose_marked(checked: Checked) -> tuple[list[int], DeltaGenerator]:
    """The sentences to walk through, those of the verdicts and the finding that are chosen; and
    the row in which there is room for walking."""
    report = checked.report

    def forget() -> None:
        st.session_state.pop(_at(checked), None)  # the first of the new ones is shown
        st.session_state.pop(_chosen(checked), None)

    there = [v for v in VERDICTS if report.counts[v]]
    verdicts = st.pills(
        "Show", there, selection_mode="multi", wrap=True,
        default=[v for v in there if v not in _QUIET] or there,
        format_func=lambda v: f"{TOLD[v].sign} {TOLD[v].few} ({report.counts[v]})".strip(),
        key=f"draft-verdicts-{checked.key}", on_change=forget, persist_state="session",
    )  # fmt: skip
    # On a phone its list of sentences has a line of its own (frame.py).
    row = st.container(horizontal=True, vertical_alignment="bottom", key="draft-walk")
    kind = None
    if len(report.kinds) > 1:
        kind = row.selectbox(
            "What is wrong", list(report.kinds), index=None, placeholder="Anything",
            format_func=lambda k: f"{KINDS.get(k, k)} ({report.kinds[k]})",
            key=f"draft-kind-{checked.key}", on_change=forget, width=240,
            persist_state="session",
        )  # fmt: skip
    marked = [
        n for n, s in enumerate(report.sentences)
        if s.verdict in verdicts and (kind is None or kind in {f.kind for f in s.findings})
    ]  # fmt: skip
    return marked, row


def walk(checked: Checked, marked: Sequence[int], row: DeltaGenerator) -> int:
    """The sentence that is chosen, with buttons to those before and after it."""
    sentences, key = checked.report.sentences, _at(checked)
    at = st.session_state.get(key)
    if at is None:
        at = st.session_state[key] = marked[0] if marked else 0
    before = [n for n in marked if n < at]
    after = [n for n in marked if n > at]
    with row:
        st.button(
            "Previous", icon=":material/arrow_back:", disabled=not before,
            on_click=_choose, args=(checked, before[-1] if before else at),
        )  # fmt: skip
        st.button(
            "Next", icon=":material/arrow_forward:", disabled=not after,
            on_click=_choose, args=(checked, after[0] if after else at),
        )  # fmt: skip
        place = f"{marked.index(at) + 1} of {len(marked)}" if at in marked else ""
        if not marked:
            place = "no sentence is like this"
        # Said anew at each run: what `persist_state` brings back is not always what is shown.
        st.session_state[f"{key}-picked"] = at
        # One that was chosen in the text itself may be none of those that are marked.
        st.selectbox(
            f"Sentence{f' ({place})' if place else ''}", sorted({*marked, at}),
            key=f"{key}-picked", format_func=lambda n: show_hidden(_line(n, sentences[n])),
            on_change=lambda: _choose(checked, st.session_state[f"{key}-picked"]),
        )  # fmt: skip
    return at


def _at(checked: Checked) -> str:
    return f"draft-at-{checked.key}"


def _chosen(checked: Checked) -> str:
    """Where it is kept that somebody chose a sentence since the filter was changed."""
    return f"draft-chosen-{checked.key}"


def _choose(checked: Checked, n: int) -> None:
    if 0 <= n < len(checked.report.sentences):
        st.session_state[_at(checked)] = st.session_state[_chosen(checked)] = n


def _line(n: int, judged: Judged) -> str:
    return f"{n + 1} · {TOLD[judged.verdict].sign} {' '.join(judged.text.split())}"


def paragraphs(
    report: Report, *, chosen: int, marked: frozenset[int]
) -> list[list[dict[str, object]]]:
    """The draft for `draw_draft`, which has the shape of each piece: together exactly its text,
    but for the white space at the edges of paragraphs."""
    found: list[list[dict[str, object]]] = [[]]

    def between(start: int, end: int) -> None:
        for line, words in enumerate(report.text[start:end].split("\n")):
            if line and found[-1]:
                found.append([])
            if words.strip() or (words and found[-1]):
                found[-1].append({"text": words})

    place = 0
    for n, judged in enumerate(report.sentences):
        between(place, judged.start)
        place = judged.end
        told = TOLD[judged.verdict]
        found[-1].append(
            {
                "sentence": n,
                "verdict": judged.verdict,
                "sign": told.sign,
                "told": LABELS[judged.verdict],
                "parts": emphasised(judged),
                "chosen": n == chosen,
                "quiet": n not in marked and n != chosen,
            }
        )
    between(place, len(report.text))
    return [p for p in found if p]


def show_downloads(checked: Checked) -> None:
    """The report as a file, a button for each row of the table."""
    name = Path(checked.draft.name).stem or "draft"
    for d in DOWNLOADS:
        st.download_button(
            d.label, partial(d.make, checked.report, checked.draft.word),
            f"{name} checked{d.suffix}", d.mime, key=f"{d.suffix}-{checked.key}",
            on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip
