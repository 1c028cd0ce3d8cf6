"""The browser chat: the only module that imports Streamlit. Knows nothing of how answers are made.

Document and model text is never given to markdown or HTML: the two components below write it as
plain text nodes, so nothing in it can run, load or link.
"""

import json
import re
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

st.set_page_config(page_title="Onrecord", page_icon="📌", layout="centered")

from rag import Answer, Assistant, OnrecordError  # noqa: E402  (the page's frame first)
from rag.assistant import NEAREST_SHOWN, QUOTES  # noqa: E402
from rag.models import LanguageModel, ModelInfo, list_models, open_language_model  # noqa: E402
from rag.quotes import show_quote, show_speaker, show_words  # noqa: E402
from rag.settings import Settings  # noqa: E402
from rag.types import Checked, Citation, DocumentInfo, Statement, Turn  # noqa: E402
from rag.words import show_hidden  # noqa: E402

EXAMPLES_SHOWN = 4
HISTORY_TURNS = 6
CHATS_SHOWN = 30
_MARKER = re.compile(r"(\[\d+\])")
_REFRESH_SECONDS = 0.1

_STYLE = """
:host, .root { font-family: var(--st-font); color: var(--st-text-color); line-height: 1.6; }
p { margin: 0 0 0.9rem; white-space: pre-line; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
p.quote { border-left: 3px solid var(--st-border-color); padding-left: 0.8rem; }
s { opacity: 0.75; }
small.why { display: block; opacity: 0.75; font-size: 0.85em; margin: 0.1rem 0 0.3rem; }
small.why::before { content: "✗ "; }
button.marker {
  font: inherit; font-size: 0.8em; font-weight: 600; cursor: pointer; margin: 0 0.1em;
  padding: 0.1em 0.5em; min-width: 1.9em; border-radius: 0.5em; border: 1px solid transparent;
  color: var(--st-link-color); background: var(--st-secondary-background-color);
}
button.marker:hover { border-color: var(--st-link-color); }
button.marker:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 1px; }
mark { background: #ffe58a; color: #1a1a1a; padding: 0.1em 0; border-radius: 2px; }
table { width: 100%; border-collapse: collapse; font-size: 0.9em; }
caption { text-align: left; font-size: 0.95em; opacity: 0.75; padding-bottom: 0.3rem; }
th { text-align: left; font-weight: 600; opacity: 0.75; }
th, td { padding: 0.35rem 0.7rem 0.35rem 0; vertical-align: top; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
td.speaker { width: 24%; }
td.date { white-space: nowrap; }
tr + tr td, tbody tr:first-child td { border-top: 1px solid var(--st-border-color); }
td small { display: block; opacity: 0.75; }
button.words {
  font: inherit; color: inherit; text-align: left; background: none; border: 0; padding: 0;
  cursor: pointer;
}
button.words:hover { color: var(--st-link-color); text-decoration: underline; }
button.words:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 2px; }
.scroll { max-height: 55vh; overflow-y: auto; }
@container (max-width: 520px) {
  thead { position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }
  table, caption, tbody, tr, td { display: block; }
  td.speaker { width: auto; }
  tr { padding: 0.4rem 0; border-top: 1px solid var(--st-border-color); }
  tr + tr td, tbody tr:first-child td { border-top: 0; }
  td { padding: 0.1rem 0; }
  td:empty { display: none; }
  td[data-name]:not(.words):not(.speaker)::before { content: attr(data-name) ": "; opacity: 0.75; }
}
.root { container-type: inline-size; }
.document { max-height: 62vh; overflow-y: auto; padding-right: 0.5rem; }
"""

answer_text = st.components.v2.component(
    "answer_text",
    css=_STYLE,
    js="""
    export default function ({ data, parentElement, setTriggerValue }) {
      const root = parentElement.querySelector(".root") || document.createElement("div");
      root.className = "root";
      root.replaceChildren();
      for (const paragraph of data.paragraphs) {
        const p = document.createElement("p");
        if (data.quoted) p.className = "quote";
        for (const piece of paragraph) {
          if (piece.marker !== undefined) {
            const button = document.createElement("button");
            button.className = "marker";
            button.type = "button";
            button.textContent = piece.marker;
            button.title = piece.quote;
            button.setAttribute("aria-label", "Open source " + piece.marker);
            button.onclick = () => setTriggerValue("open", piece.citation);
            p.append(button);
          } else if (piece.speaker !== undefined) {
            const who = document.createElement("strong");
            who.textContent = piece.speaker;
            p.append(who, ": ");
          } else if (piece.struck) {
            const s = document.createElement("s");
            s.textContent = piece.text;
            const why = document.createElement("small");
            why.className = "why";
            why.textContent = piece.struck;
            p.append(s, why);
          } else {
            p.append(piece.text);
          }
        }
        root.append(p);
      }
      parentElement.append(root);
    }
    """,
)

statement_table = st.components.v2.component(
    "statement_table",
    css=_STYLE,
    js="""
    export default function ({ data, parentElement, setTriggerValue }) {
      const root = parentElement.querySelector(".root") || document.createElement("div");
      root.className = data.scroll ? "root scroll" : "root";
      if (data.scroll) { root.tabIndex = 0; root.setAttribute("role", "region");
        root.setAttribute("aria-label", data.caption); }
      root.replaceChildren();
      const make = (name, text, within) => {
        const element = document.createElement(name);
        if (text) element.textContent = text;
        within.append(element);
        return element;
      };
      const table = make("table", "", root);
      make("caption", data.caption, table);
      const head = make("tr", "", make("thead", "", table));
      const optional = ["Through", "Outlet", "Date"].filter(
        (name) => data.rows.some((row) => row[name.toLowerCase()]));
      for (const name of ["Speaker", "Words", ...optional]) make("th", name, head).scope = "col";
      const body = make("tbody", "", table);
      data.rows.forEach((row, index) => {
        const line = make("tr", "", body);
        const cell = (name, text) => {
          const td = make("td", text, line);
          td.dataset.name = name;
          return td;
        };
        const who = cell("Speaker", "");
        who.className = "speaker";
        make("strong", row.speaker, who);
        if (row.role) make("small", row.role, who);
        if (!row.certain) make("small", "read from what stands before", who);
        const words = cell("Words", "");
        words.className = "words";
        const button = make("button", row.words, words);
        button.className = "words";
        button.type = "button";
        button.setAttribute("aria-label", "Open: " + row.speaker + ", " + row.words);
        button.onclick = () => setTriggerValue("open", index);
        for (const name of optional)
          cell(name, row[name.toLowerCase()]).classList.add(name.toLowerCase());
      });
      parentElement.append(root);
    }
    """,
)

document_text = st.components.v2.component(
    "document_text",
    css=_STYLE,
    js="""
    export default function ({ data, parentElement }) {
      const root = parentElement.querySelector(".root") || document.createElement("div");
      root.className = "root document";
      root.tabIndex = 0;
      root.setAttribute("role", "document");
      root.replaceChildren();
      const p = document.createElement("p");
      let marked = null;
      for (const piece of data.pieces) {
        if (piece.marked) {
          const mark = document.createElement("mark");
          mark.textContent = piece.text;
          marked = marked || mark;
          p.append(mark);
        } else {
          p.append(piece.text);
        }
      }
      root.append(p);
      parentElement.append(root);
      if (marked) requestAnimationFrame(() => {
        root.scrollTop = Math.max(0, marked.offsetTop - root.offsetTop - root.clientHeight / 3);
      });
    }
    """,
)


@dataclass
class Job:
    """A question being answered in a thread of its own: it outlives a refresh of the page."""

    question: str
    stage: str = "Searching the documents"
    draft: str = ""
    failure: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


@st.cache_resource
def open_jobs() -> dict[str, Job]:
    """The questions under way, by chat."""
    return {}


@st.cache_resource
def open_assistant() -> Assistant:
    assistant = Assistant.open()
    # The first question would otherwise wait for the imports and models of the search.
    threading.Thread(target=assistant.warm, daemon=True).start()
    return assistant


def main() -> None:
    try:
        assistant = open_assistant()
        documents = assistant.list_documents()
    except OnrecordError as error:
        st.error(str(error), icon="⚠️")
        st.stop()
    chat_id = open_chat()
    engine = st.session_state.get("engine")
    if engine is not None:
        assistant = assistant.worded_by(engine.model)
    # Streamlit centres what buttons say; titles in lists read better from the left.
    st.html(
        "<style>.stButton button[kind=tertiary] {justify-content: left; text-align: left}</style>"
    )
    show_sidebar(assistant, documents, chat_id)
    st.title("Onrecord", anchor=False)
    if not documents:
        st.info(
            "There are no documents yet. Put `.txt` or `.md` files into "
            f"`{assistant.documents_folder}` and press **Sync** in the sidebar."
        )
        st.chat_input("Sync some documents first", disabled=True)
        return
    turns = assistant.read_chat(chat_id)
    for turn in turns:
        with st.chat_message("user"):
            st.text(show_hidden(turn.answer.question))
        with st.chat_message("assistant"):
            show_answer(assistant, turn.answer, turn.number)
    job = open_jobs().get(chat_id)
    place = st.container()
    question = st.chat_input("Ask your documents", max_chars=4000, disabled=is_busy(job))
    if not turns and job is None:
        with place:
            question = question or suggest(assistant)
    if question and question.strip() and not is_busy(job):
        job = begin(assistant, chat_id, question.strip(), turns)
    if job is not None:
        with place:
            follow(job, chat_id)
            if st.button("Ask again", key="again"):
                begin(assistant, chat_id, job.question, turns)
                st.rerun()


def is_busy(job: Job | None) -> bool:
    return job is not None and not job.failure


def open_chat() -> str:
    """The chat that the page's address names; a new one gets a name of its own."""
    if "chat" not in st.query_params:
        st.query_params["chat"] = uuid.uuid4().hex[:12]
    return str(st.query_params["chat"])[:64]


def begin(assistant: Assistant, chat_id: str, question: str, turns: Sequence[Turn]) -> Job:
    """Starts answering; the answer is kept in the library when it is there."""
    job = open_jobs()[chat_id] = Job(question)
    history = [t.answer.question for t in turns[-HISTORY_TURNS:]]

    def work() -> None:
        try:
            answer = assistant.ask(
                question, history=history, stop=job.stop,
                on_stage=lambda s: setattr(job, "stage", s),
                on_draft=lambda d: setattr(job, "draft", d),
            )  # fmt: skip
            assistant.keep(chat_id, answer)
        except OnrecordError as error:
            job.failure = str(error)
        except Exception as error:
            job.failure = f"Something broke ({type(error).__name__}). Ask again, or press Sync."
        finally:
            job.done.set()

    threading.Thread(target=work, name=f"chat-{chat_id}", daemon=True).start()
    return job


def follow(job: Job, chat_id: str) -> None:
    """Shows how far the answer is, until it is there; returns if it never will be."""
    with st.chat_message("user"):
        st.text(show_hidden(job.question))
    with st.chat_message("assistant"):
        status = st.status(f"{job.stage}…")
        draft = st.empty()
        button = st.empty()
        if not job.done.is_set():
            button.button("Stop", key="stop", on_click=job.stop.set)
        shown = ("", "")
        while not job.done.wait(_REFRESH_SECONDS):
            now = (job.stage, job.draft)
            if now != shown:
                status.update(label=f"{job.stage}…")
                if job.draft:
                    with draft.container():
                        st.caption("Draft, not checked yet")
                        st.text(show_hidden(job.draft))
                shown = now
        button.empty()
        draft.empty()
        if job.failure:
            status.update(label=_plain(job.failure), state="error")
            return
    open_jobs().pop(chat_id, None)
    st.rerun()


def suggest(assistant: Assistant) -> str | None:
    """A few questions to start from; the one that was picked."""
    st.markdown("Ask your documents. Every answer shows the passage it stands on.")
    return st.pills("Try one of these", example_questions(assistant), key="example")


@st.cache_data(show_spinner=False)
def read_examples(path: str, modified: float) -> list[str]:
    del modified  # part of the cache's key: an edited file is read again
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [str(r["question"]) for r in rows if not r.get("history")]


def example_questions(assistant: Assistant) -> list[str]:
    path = assistant.documents_folder / "questions.jsonl"
    try:
        found = read_examples(str(path), path.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError):
        found = []
    if not found:
        titles = [d.title for d in assistant.list_documents()]
        found = [f"What is said in “{title}”?" for title in titles]
    return found[:EXAMPLES_SHOWN]


def show_answer(assistant: Assistant, answer: Answer, number: int) -> None:
    if answer.searched and answer.searched != answer.question:
        st.caption(f"Searched for: {_plain(answer.searched)}")
    if answer.notice:
        st.caption(f"⚠️ {_plain(answer.notice)}")
    if answer.status == "abstained":
        show_abstention(assistant, answer, number)
        return
    opened = answer_text(
        key=f"answer-{number}",
        data={"paragraphs": paragraphs(answer), "quoted": answer.engine == QUOTES},
        on_open_change=lambda: None,
    ).open
    if answer.note:
        st.caption(_plain(answer.note))
    if answer.statements:
        chosen = show_statements(answer.statements, "Who said what", key=f"said-{number}")
        if chosen is not None and answer.engine == QUOTES:
            opened = chosen  # each has its citation
        elif chosen is not None:
            s = answer.statements[chosen]
            show_document(assistant, s.document_id, None, s.start, s.end)
    with st.container(border=True):
        st.caption("Sources")
        for index, citation in enumerate(answer.citations):
            page = f"page {citation.page}" if citation.page else None
            origin = ", ".join(filter(None, (citation.source, citation.date, page)))
            label = f"{citation.number} · {citation.title}{f' · {origin}' if origin else ''}"
            if st.button(_plain(label), key=f"source-{number}-{index}", type="tertiary"):
                opened = index
        cited = {c.number for c in answer.citations}
        copies = {c.document_id for e in answer.evidence if e.number in cited for c in e.copies}
        if copies:
            st.caption(f"The same words also stand in: {_plain(', '.join(sorted(copies)))}")
    worded = "Quoted"
    if answer.engine != QUOTES:
        worded = f"Worded by {_plain(answer.engine)}, every sentence checked"
    st.caption(f"{worded} · {answer.timings_ms.get('total', 0) / 1000:.1f} s")
    if isinstance(opened, int) and 0 <= opened < len(answer.citations):
        show_citation(assistant, answer.citations[opened])


def show_abstention(assistant: Assistant, answer: Answer, number: int) -> None:
    st.markdown(_plain(answer.text))
    if answer.reason:
        st.caption(_plain(answer.reason))
    if answer.statements:
        caption = "The nearest statements"
        chosen = show_statements(answer.statements, caption, key=f"near-{number}")
        if chosen is not None:
            s = answer.statements[chosen]
            show_document(assistant, s.document_id, None, s.start, s.end)
    if not answer.evidence:
        return
    titles = {d.id: d.title for d in assistant.list_documents()}
    with st.expander("The nearest passages"):
        for item in answer.evidence[:NEAREST_SHOWN]:
            p = item.passage
            label = _plain(f"{item.number} · {titles.get(p.document_id, p.document_id)}")
            if st.button(label, key=f"nearest-{number}-{item.number}", type="tertiary"):
                show_document(assistant, p.document_id, p.text, p.start, p.end)
            st.text(show_hidden(p.text[:280]) + ("…" if len(p.text) > 280 else ""))


def paragraphs(answer: Answer) -> list[list[dict[str, Any]]]:
    """The answer as plain pieces: text, markers that open a citation, and struck sentences.

    A quote is shown as it stands: a "[1]" or "~~" that its document holds is no mark of ours.
    """
    if answer.engine == QUOTES:
        who = [show_speaker(s) for s in answer.statements] or [""] * len(answer.citations)
        return [
            [
                *([{"speaker": show_hidden(speaker)}] if speaker else []),
                {"text": f"{show_hidden(show_quote(c))} "},
                {"marker": str(c.number), "citation": index, "quote": show_hidden(c.quote)},
            ]
            for index, (speaker, c) in enumerate(zip(who, answer.citations, strict=True))
        ]
    found: dict[int, list[dict[str, Any]]] = {}
    for sentence in answer.sentences:
        pieces = found.setdefault(sentence.paragraph, [])
        if sentence.stands:
            pieces += [*show_sentence(sentence, answer.citations), {"text": " "}]
        else:
            why = "; ".join(sentence.reasons)
            pieces.append({"text": show_hidden(sentence.text), "struck": show_hidden(why)})
    return list(found.values())


def show_sentence(sentence: Checked, citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """A sentence that stands; its markers open what it cites itself."""
    cited = {citations[i].number: i for i in reversed(sentence.citations)}
    pieces: list[dict[str, Any]] = []
    for part in filter(None, _MARKER.split(sentence.text)):
        number = int(part[1:-1]) if _MARKER.fullmatch(part) else None
        if number in cited:
            index = cited[number]
            quote = show_hidden(citations[index].quote)
            pieces.append({"marker": str(number), "citation": index, "quote": quote})
        else:
            pieces.append({"text": show_hidden(part)})
    return pieces


def show_statements(
    statements: Sequence[Statement], caption: str, *, key: str, scroll: bool = False
) -> int | None:
    """A table of who said what; the row that was clicked."""
    rows = [
        {
            "speaker": show_hidden(s.speaker),
            "role": show_hidden(s.role or ""),
            "words": show_hidden(show_words(s)),
            "through": ", ".join(s.via),
            # Within one document both are the same in every row and stand above it.
            "outlet": "" if scroll else s.outlet or "",
            "date": "" if scroll else s.date or "",
            "certain": s.certain,
        }
        for s in statements
    ]
    data = {"rows": rows, "caption": caption, "scroll": scroll}
    opened = statement_table(key=key, data=data, on_open_change=lambda: None).open
    return opened if isinstance(opened, int) and 0 <= opened < len(statements) else None


def show_citation(assistant: Assistant, citation: Citation) -> None:
    """What is cited, in its document as it was then."""
    document, current = assistant.open_citation(citation)
    c = citation
    if current:
        show_document(assistant, c.document_id, c.quote, c.start, c.end)
        return

    @st.dialog(_plain(c.title), width="large")
    def dialog() -> None:
        if document is None or document.text[c.start : c.end] != c.quote:
            st.info("This document is no longer in the folder. It said:")
            document_text(key="gone", data={"pieces": [_piece(c.quote, marked=True)]})
            return
        st.caption(_plain(" · ".join(filter(None, (c.source, c.date, c.document_id)))))
        st.info("The document has changed or gone since. This is the text that was cited.")
        document_text(key="then", data={"pieces": _marked(document.text, c.start, c.end)})

    dialog()


def _marked(text: str, start: int, end: int) -> list[dict[str, Any]]:
    return [_piece(text[:start]), _piece(text[start:end], marked=True), _piece(text[end:])]


def _piece(text: str, *, marked: bool = False) -> dict[str, Any]:
    return {"text": show_hidden(text), "marked": marked}


def show_document(
    assistant: Assistant, document_id: str, quote: str | None, start: int, end: int
) -> None:
    """The document with `[start, end)` marked, where that still says `quote`; who speaks in it."""
    document = assistant.get_document(document_id)
    title = document.title if document else document_id
    statements = assistant.statements(document=document_id) if document else []

    @st.dialog(_plain(title), width="large")
    def dialog() -> None:
        if document is None:
            st.info("This document is no longer in the folder. It said:")
            document_text(key="gone", data={"pieces": [_piece(quote or "", marked=True)]})
            return
        origin = " · ".join(filter(None, (document.source, document.date, document.id)))
        st.caption(_plain(origin))
        if quote is not None and document.text[start:end] != quote:
            st.info("This document has changed since the answer. What was cited:")
            document_text(key="changed", data={"pieces": [_piece(quote, marked=True)]})
            return
        first, last = start, end
        if statements:
            views = ["Text", f"Speakers ({len({s.speaker for s in statements})})"]
            view = st.segmented_control(
                "View", views, default="Text", key=f"view-{document_id}-{start}", required=True,
                label_visibility="collapsed",
            )  # fmt: skip
            place = st.container()
            if view != "Text":
                chosen = show_statements(
                    statements, "Who speaks in this document", key=f"speakers-{document_id}",
                    scroll=True,
                )  # fmt: skip
                if chosen is None:
                    return
                first, last = statements[chosen].start, statements[chosen].end
        else:
            place = st.container()
        with place:
            pieces = _marked(document.text, first, last)
            document_text(key=f"document-{first}-{last}", data={"pieces": pieces})

    dialog()


def show_sidebar(assistant: Assistant, documents: list[DocumentInfo], chat_id: str) -> None:
    with st.sidebar:
        if st.button("New chat", width="stretch"):
            go_to(uuid.uuid4().hex[:12])
        show_chats(assistant, chat_id)
        st.subheader(f"Documents ({len(documents)})", anchor=False)
        for document in documents[:200]:
            origin = ", ".join(filter(None, (document.source, document.date)))
            label = _plain(document.title)
            if st.button(label, key=f"open-{document.id}", type="tertiary", help=_plain(origin)):
                show_document(assistant, document.id, "", 0, 0)
        if len(documents) > 200:
            st.caption(f"and {len(documents) - 200} more")
        if st.button("Sync", width="stretch", help="Read the folder again"):
            sync(assistant)
        if "synced" in st.session_state:
            st.caption(_plain(st.session_state.synced))
        for failure in st.session_state.get("failed", ())[:20]:
            st.caption(f"⚠️ {_plain(failure.id)}: {_plain(failure.reason)}")
        show_engine(assistant)


def go_to(chat_id: str) -> None:
    st.query_params["chat"] = chat_id
    st.rerun()


def show_chats(assistant: Assistant, chat_id: str) -> None:
    chats = assistant.list_chats()
    if not chats:
        return
    with st.expander(f"Chats ({len(chats)})"):
        for chat in chats[:CHATS_SHOWN]:
            here = chat.id == chat_id
            if st.button(_plain(chat.title), key=f"chat-{chat.id}", type="tertiary", disabled=here):
                go_to(chat.id)
        if len(chats) > CHATS_SHOWN:
            st.caption(f"and {len(chats) - CHATS_SHOWN} more")
        if any(c.id == chat_id for c in chats) and st.button("Delete this chat"):
            assistant.delete_chat(chat_id)
            go_to(uuid.uuid4().hex[:12])


@dataclass(frozen=True)
class Engine:
    """What this session chose to have its answers worded by. Its key lives here and nowhere."""

    model: LanguageModel | None
    leaves_machine: bool


def show_engine(assistant: Assistant) -> None:
    engine = assistant.engine
    if engine == QUOTES:
        told = "Answers are quoted, without a language model. Nothing leaves this machine."
    else:
        chosen = st.session_state.get("engine")
        leaves = chosen.leaves_machine if chosen else assistant.leaves_machine
        told = f"Answers are worded by {_plain(engine)} and checked here. Leaves this machine: " + (
            "**yes**, the question and the nearest passages." if leaves else "**no**."
        )
    st.caption(told)
    if st.button("Choose what words the answers", type="tertiary"):
        choose_engine(assistant.settings)


@st.dialog("What words the answers")
def choose_engine(settings: Settings) -> None:
    key = st.text_input(
        "OpenAI key, for this session only", type="password", key="session-key",
        help="Kept in this page's memory, sent to OpenAI only, never stored.",
    )  # fmt: skip
    if key:
        settings = replace(settings, api_key=key.strip(), provider="auto", base_url="")
    with st.spinner("Looking for models…"):
        rows = [r for r in list_models(settings) if r.reachable or (r.provider == "openai" and key)]
    labels = {describe(r): r for r in rows}
    chosen = st.radio("Answers by", list(labels))
    if st.button("Use it", type="primary"):
        row = labels[chosen]
        named = "" if row.provider == "none" else row.model
        wanted = replace(
            settings,
            provider=row.provider,
            # A GGUF file is listed by its name, and named by its path.
            model=settings.model if row.provider == "gguf" else named,
        )
        try:
            model = open_language_model(wanted)
        except OnrecordError as error:
            st.error(_plain(str(error)))
            return
        st.session_state.engine = Engine(model, row.leaves_machine)
        st.rerun()


def describe(row: ModelInfo) -> str:
    if row.provider == "none":
        return "Quotes, without a language model"
    where = "leaves this machine" if row.leaves_machine else "stays on this machine"
    size = f", {row.context:,} tokens" if row.context else ""
    return f"{_plain(row.model)} ({row.provider}{size}; {where})"


def sync(assistant: Assistant) -> None:
    bar = st.progress(0.0, text="Reading the folder…")
    labels = {
        "read": "Reading and embedding",
        "statements": "Finding statements",
        "index": "Indexing",
    }

    def tell(stage: str, done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"{labels.get(stage, stage)} {done} of {total}")

    try:
        report = assistant.sync(progress=tell)
    except OnrecordError as error:
        bar.empty()
        st.session_state.synced = str(error)
        return
    bar.empty()
    counts = {
        name: len(getattr(report, name))
        for name in ("added", "changed", "removed", "renamed", "failed")
    }
    told = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
    st.session_state.synced = f"Synced: {told}." if told else "Nothing had changed."
    st.session_state.failed = report.failed
    st.rerun()


def _plain(text: str) -> str:
    """`text` for a place that reads markdown: its special characters shown, not acted on."""
    text = " ".join(show_hidden(text).split())
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:^-])", r"\\\1", text)


main()
