"""The chat: questions and checked answers, each citation a click from its passage."""

import json
import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from rag import Answer, Assistant, OnrecordError
from rag.answer.quotes import QUOTES
from rag.browser.components import draw_answer, draw_statements, guide_eyes
from rag.browser.documents import offer_sync, show_failures, show_report
from rag.browser.reader import open_citation, open_place
from rag.browser.settings import choose_engine
from rag.browser.state import (
    Question,
    count,
    open_questions,
    session_assistant,
    tell_broken,
)
from rag.cases import Case, EvidenceText, make_case
from rag.errors import DamagedError
from rag.export import chat_as_json, chat_as_markdown, escape
from rag.language.words import show_hidden
from rag.types import Chat, Feedback, Scope, Turn

EXAMPLES_SHOWN = 4
NEAREST_SHOWN = 3
HISTORY_TURNS = 6
_REFRESH_SECONDS = 0.05
_READER, _ONRECORD = ":material/person:", ":material/format_quote:"


def show() -> None:
    """The page."""
    assistant = session_assistant()
    chat_id = open_chat()
    try:
        documents = assistant.index.count_documents()
    except DamagedError as error:
        show_what_is_kept(assistant, chat_id, error)
        return
    if not documents:
        st.title("Onrecord", anchor=False)
        show_report()
        waiting = offer_sync(assistant)
        show_failures(assistant)
        if not waiting:
            st.info(
                "There are no documents yet. Open **Documents** and drop your files there, or put "
                f"them into {escape(str(assistant.folder.path))} and sync."
            )
        st.chat_input("Add some documents first", disabled=True)
        return
    lift_scope(assistant)
    turns, feedback, saved = read_what_is_kept(assistant, chat_id)
    asked = open_questions().get(chat_id)
    was_busy = is_busy(asked)
    show_head(assistant, chat_id, turns)
    # In `st.bottom` by name: placed there by itself it would drag the page to its end all the time.
    with st.bottom:
        # Never disabled: Streamlit would drop what was asked before the last answer came. Noted in
        # a callback: a click that follows at once ends the run that would read it here.
        st.chat_input("Ask your documents", max_chars=4000, key="typed", on_submit=note_question)
    place = st.container()
    offers = st.empty()
    # What was asked before the last answer came is next.
    typed = None if was_busy else next_question(chat_id)
    if not turns and asked is None and typed is None:
        with offers.container():
            typed = suggest(assistant)
    if typed:
        asked = begin(assistant, chat_id, typed, turns, within=session_scope())
        offers.empty()
    messages = 2 * len(turns) + (0 if asked is None else 2)
    guide_eyes(f"{chat_id}-{messages}", messages=messages, asking=is_busy(asked))
    with place:
        for turn in turns if asked else turns[:-1]:
            show_turn(assistant, chat_id, turn, feedback.get(turn.number), saved, turns)
        # As high as the window, so that a question can stand at its top before it is answered.
        with st.container(key="last-turn" if messages else None):
            slot = st.empty()
            if asked is not None:
                with slot.container():
                    answered = follow(asked, chat_id)
                if not answered:
                    if st.button("Ask again", key="again"):
                        begin(assistant, chat_id, asked.text, turns, within=asked.within)
                        st.rerun()
                    return
                if was_busy or not turns:
                    st.rerun()  # another question waits, or the chat has a name now
                # Nothing else on the page has changed: the answer alone takes the question's place.
                turns = assistant.chats.read(chat_id)
            if turns:
                turn = turns[-1]
                with slot.container():
                    show_turn(assistant, chat_id, turn, feedback.get(turn.number), saved, turns)


def note_question() -> None:
    """Puts what was typed into the row of questions to be answered, in the chat it was typed in."""
    text = str(st.session_state.typed or "").strip()
    if text:
        st.session_state.setdefault("waiting", []).append((st.session_state.chat, text))


def next_question(chat_id: str) -> str | None:
    """Takes the first question that waits in this chat out of the row."""
    waiting: list[tuple[str, str]] = st.session_state.get("waiting", [])
    for place, (chat, text) in enumerate(waiting):
        if chat == chat_id:
            del waiting[place]
            return text
    return None


def read_what_is_kept(
    assistant: Assistant, chat_id: str
) -> tuple[list[Turn], dict[int, Feedback], frozenset[str]]:
    """The chat's turns, what was thought of them, and the questions saved."""
    turns: list[Turn] = []
    try:
        turns = assistant.chats.read(chat_id)
        if turns:
            records = assistant.records
            return turns, records.read_feedback(chat_id), records.saved_questions()
    except DamagedError:  # told beside the list of chats; the documents can still be asked
        pass
    return turns, {}, frozenset()


def show_what_is_kept(assistant: Assistant, chat_id: str, error: DamagedError) -> None:
    """A chat to read and to export while there is no index to ask."""
    st.error(escape(str(error)), icon=":material/warning:")
    turns, chat = assistant.chats.read(chat_id), assistant.chats.get(chat_id)
    if chat is not None:
        show_menu(assistant, chat, turns)
        st.markdown(chat_as_markdown(chat, turns))


def is_busy(asked: Question | None) -> bool:
    return asked is not None and not asked.failure


def open_chat() -> str:
    """The chat that the page's address names, else the one last seen here, else a new one."""
    named = st.query_params.get("chat") or st.session_state.get("chat") or new_chat_id()
    st.session_state.chat = st.query_params["chat"] = str(named)[:64]
    return str(st.session_state.chat)


def new_chat_id() -> str:
    return uuid.uuid4().hex[:12]


def begin(
    assistant: Assistant,
    chat_id: str,
    text: str,
    turns: Sequence[Turn],
    *,
    within: Scope | None,
) -> Question:
    """Starts answering; the answer is kept in the library when it is there."""
    asked = open_questions()[chat_id] = Question(text, within)
    history = [t.answer.question for t in turns[-HISTORY_TURNS:]]

    def work() -> None:
        try:
            answer = assistant.ask(
                text, history=history, within=within, stop=asked.stop,
                on_stage=lambda s: setattr(asked, "stage", s),
                on_draft=lambda d: setattr(asked, "draft", d),
            )  # fmt: skip
            assistant.chats.keep(chat_id, answer)
        except OnrecordError as error:
            asked.failure = str(error)
        except Exception as error:
            asked.failure = f"{tell_broken(error)} Ask again."
        finally:
            asked.done.set()

    threading.Thread(target=work, name=f"chat-{chat_id}", daemon=True).start()
    return asked


def follow(asked: Question, chat_id: str) -> bool:
    """Shows how far the answer is, until it is there; False if it never will be."""
    with st.chat_message("user", avatar=_READER):
        st.text(show_hidden(asked.text))
    with st.chat_message("assistant", avatar=_ONRECORD):
        # No spinner: drawing one takes a core where there is no graphics card, the answer's own.
        told = st.empty()
        told.caption(f"{asked.stage}…")
        place = st.empty()
        button = st.empty()
        if not asked.done.is_set():
            button.button("Stop", key="stop", on_click=asked.stop.set)
        shown = ("", "")
        draft = None
        while not asked.done.wait(_REFRESH_SECONDS):
            now = (asked.stage, asked.draft)
            if now == shown:
                continue
            if asked.stage != shown[0]:
                told.caption(f"{asked.stage}…")
            if asked.draft:
                if draft is None:
                    # Of one height from its first word on (app.py): nothing moves as it grows.
                    with place.container(border=True):
                        st.caption("Draft, not checked yet")
                        with st.container(key="draft"):
                            draft = st.empty()
                draft.text(show_hidden(asked.draft))
            shown = now
        button.empty()
        place.empty()
        if asked.failure:
            told.error(escape(asked.failure))
            return False
    open_questions().pop(chat_id, None)
    return True


# --- the head of the page ---


def show_head(assistant: Assistant, chat_id: str, turns: Sequence[Turn]) -> None:
    chat = assistant.chats.get(chat_id) if turns else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(escape(chat.title) if chat else "Onrecord", anchor=False, width="stretch")
        choose_scope(assistant)
        if chat is not None:
            show_menu(assistant, chat, turns)
    if lifted := st.session_state.get("scope_lifted"):
        st.caption(f":material/filter_alt_off: {escape(lifted)}")


def show_menu(assistant: Assistant, chat: Chat, turns: Sequence[Turn]) -> None:
    """Rename, export or delete the chat."""
    with st.popover("Chat"):
        # Named by the title it shows: else a field of another tab would undo what was renamed here.
        key = f"title-{chat.id}-{chat.title}"
        title = st.text_input("Title", chat.title, key=key, max_chars=120)
        if title.strip() and title.strip() != chat.title:
            assistant.chats.rename(chat.id, title)
            st.rerun()
        name = "".join(c if c.isalnum() else "-" for c in chat.title).strip("-")[:60] or "chat"
        st.download_button(
            "Export as Markdown", lambda: chat_as_markdown(chat, turns), f"{name}.md",
            "text/markdown", on_click="ignore", width="stretch",
        )  # fmt: skip

        def as_json() -> str:
            found = chat_as_json(chat, turns, assistant.records.read_feedback(chat.id))
            return json.dumps(found, ensure_ascii=False, indent=1)

        st.download_button(
            "Export as JSON", as_json, f"{name}.json", "application/json", on_click="ignore",
            width="stretch",
        )  # fmt: skip
        sure = st.checkbox("Delete this chat for good", key=f"sure-{chat.id}")
        if st.button("Delete", disabled=not sure, width="stretch"):
            assistant.chats.delete(chat.id)
            go_to(new_chat_id())


def go_to(chat_id: str) -> None:
    st.session_state.chat = st.query_params["chat"] = chat_id
    st.rerun()


def session_scope() -> Scope | None:
    """What this session limits its questions to."""
    scope: Scope | None = st.session_state.get("scope")
    return scope


def lift_scope(assistant: Assistant) -> None:
    """Takes what is gone out of this session's limit, and says so until another is chosen."""
    standing, told = find_standing(assistant, session_scope())
    if told:
        st.session_state.scope, st.session_state.scope_lifted = standing, told


def find_standing(assistant: Assistant, scope: Scope | None) -> tuple[Scope | None, str]:
    """What of a limit to documents and outlets is still there, and a line on what is not, or ""."""
    if scope is None or not (scope.documents or scope.outlets):
        return scope, ""
    infos = assistant.index.list_documents()
    ids, outlets = {d.id for d in infos}, {d.source for d in infos}
    standing = replace(
        scope,
        documents=tuple(d for d in scope.documents if d in ids),
        outlets=tuple(o for o in scope.outlets if o in outlets),
    )
    if standing == scope:
        return scope, ""
    left = standing if standing != Scope() else None
    now = f"only {show_scope(left)}" if left else "all documents"
    return left, f"What questions were limited to is there no more: {now} will be searched."


def choose_scope(assistant: Assistant) -> None:
    """Limits questions to documents, outlets or days."""
    scope = session_scope()
    label = "All documents" if scope is None else f"Only {show_scope(scope)}"
    place = st.popover(escape(label), on_change="rerun", key="scope-open")
    if not place.open:  # a thousand titles are not sent for a closed list
        return
    scope = scope or Scope()
    with place:
        infos = {d.id: d for d in assistant.index.list_documents()}
        chosen = st.multiselect(
            "Documents", list(infos), [i for i in scope.documents if i in infos],
            format_func=lambda i: show_hidden(infos[i].title), placeholder="All",
            key=f"scope-documents-{scope}",
        )  # fmt: skip
        outlets = sorted({d.source for d in infos.values() if d.source})
        of = st.multiselect(
            "Outlets", outlets, [o for o in scope.outlets if o in outlets], placeholder="All",
            key=f"scope-outlets-{scope}",
        )  # fmt: skip
        first, last = st.columns(2)
        since = first.date_input("From", _as_date(scope.since), key=f"scope-since-{scope}")
        until = last.date_input("To", _as_date(scope.until), key=f"scope-until-{scope}")
        wanted = Scope(
            documents=tuple(chosen),
            outlets=tuple(of),
            since=since.isoformat() if isinstance(since, date) else "",
            until=until.isoformat() if isinstance(until, date) else "",
        )
        if st.button("Search all documents", disabled=wanted == Scope(), width="stretch"):
            wanted = Scope()
    if wanted != scope:
        st.session_state.pop("scope_lifted", None)
        st.session_state.scope = None if wanted == Scope() else wanted
        st.rerun()


def show_scope(scope: Scope) -> str:
    """What a question is limited to, in a few words."""
    told = [count(len(scope.documents), "document")] if scope.documents else []
    told += scope.outlets
    if scope.since:
        told.append(f"since {scope.since}")
    if scope.until:
        told.append(f"until {scope.until}")
    return ", ".join(told)


def _as_date(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


# --- answers ---


def suggest(assistant: Assistant) -> str | None:
    """A few questions to start from; the one that was picked."""
    st.markdown("Ask your documents. Every answer shows the passage it stands on.")
    questions = assistant.index.suggest_questions(EXAMPLES_SHOWN)
    return st.pills("Try one of these", questions, key="example", format_func=show_hidden)


def show_turn(
    assistant: Assistant,
    chat_id: str,
    turn: Turn,
    feedback: Feedback | None,
    saved: frozenset[str],
    turns: Sequence[Turn],
) -> None:
    answer = turn.answer
    with st.chat_message("user", avatar=_READER):
        st.text(show_hidden(answer.question))
        if answer.within is not None:
            st.caption(f"Only {escape(show_scope(answer.within))}")
    with st.chat_message("assistant", avatar=_ONRECORD):
        if answer.searched and answer.searched != answer.question:
            st.caption(f"Searched for: {escape(answer.searched)}")
        if answer.notice:
            st.caption(f":material/warning: {escape(answer.notice)}")
        is_saved = (answer.searched or answer.question) in saved
        opened, act = draw_answer(
            answer, key=f"answer-{chat_id}-{turn.number}", feedback=feedback, saved=is_saved
        )
        if answer.status == "abstained":
            show_abstention(assistant, answer, turn.number)
        elif answer.note:
            st.caption(escape(answer.note))
        if answer.status == "answered" and answer.statements:
            key = f"said-{chat_id}-{turn.number}"
            chosen = draw_statements(answer.statements, "Who said what", key=key)
            if chosen is not None and answer.engine == QUOTES:
                opened = chosen  # each has its citation
            elif chosen is not None:
                s = answer.statements[chosen]
                open_place(assistant, s.document_id, s.start, s.end)
        st.caption(told_of(answer))
        if opened is not None:
            open_citation(assistant, answer.citations[opened], answer.citations)
        if act is not None:
            use_tool(act, assistant, chat_id, turn, feedback, turns, saved=is_saved)


def told_of(answer: Answer) -> str:
    """Who worded it, how long it took, where else its words stand."""
    told = "Quoted"
    if answer.engine != QUOTES:
        told = f"Worded by {escape(answer.engine)}, every sentence checked"
    told += f" · {answer.timings_ms.get('total', 0) / 1000:.1f} s"
    cited = {c.number for c in answer.citations}
    copies = {c.document_id for e in answer.evidence if e.number in cited for c in e.copies}
    if copies:
        told += f" · The same words also stand in: {escape(', '.join(sorted(copies)))}"
    return told


def show_abstention(assistant: Assistant, answer: Answer, number: int) -> None:
    if answer.reason:
        st.caption(escape(answer.reason))
    if answer.statements:
        caption = "The nearest statements"
        chosen = draw_statements(answer.statements, caption, key=f"near-{number}")
        if chosen is not None:
            s = answer.statements[chosen]
            open_place(assistant, s.document_id, s.start, s.end)
    if not answer.evidence:
        return
    with st.expander("The nearest passages"):
        for item in answer.evidence[:NEAREST_SHOWN]:
            p = item.passage
            document = assistant.index.get_document(p.document_id)
            title = document.title if document else p.document_id
            label = escape(f"{item.number} · {title}")
            if st.button(label, key=f"nearest-{number}-{item.number}", type="tertiary"):
                open_place(assistant, p.document_id, p.start, p.end)
            st.text(show_hidden(p.text[:280]) + ("…" if len(p.text) > 280 else ""))


def use_tool(
    act: str,
    assistant: Assistant,
    chat_id: str,
    turn: Turn,
    feedback: Feedback | None,
    turns: Sequence[Turn],
    *,
    saved: bool,
) -> None:
    """Does what a tool below an answer is for."""
    records, answer = assistant.records, turn.answer
    before = [t for t in turns if t.number < turn.number]
    if act in ("good", "bad"):
        good = act == "good"
        undone = feedback is not None and feedback.good == good
        records.put_feedback(chat_id, turn.number, None if undone else Feedback(good))
        if good or undone:
            st.rerun()
        ask_why(assistant, chat_id, turn.number, Feedback(good))
    elif act == "note" and feedback is not None:
        ask_why(assistant, chat_id, turn.number, feedback)
    elif act == "save":
        if saved:
            question = answer.searched or answer.question
            for s in records.list_saved():
                if s.question == question:
                    records.forget_question(s.id)
        else:
            records.save_question(answer)
        st.rerun()
    elif act == "edit":
        edit_question(assistant, chat_id, answer, before)
    elif act == "retry":
        retry(assistant, chat_id, answer, before)
    elif act == "case":
        write_case(assistant, f"{chat_id}-{turn.number}", answer)


@st.dialog("What was it like?")
def ask_why(assistant: Assistant, chat_id: str, number: int, feedback: Feedback) -> None:
    note = st.text_area("A note, if you like", feedback.note, max_chars=2000)
    expected, declines = feedback.expected, feedback.declines
    if not feedback.good:
        lines = st.text_area(
            "What the right answer holds, if you know", "\n".join(expected), max_chars=2000,
            help="One thing a line; alternatives divided by |. It becomes a test case.",
        )  # fmt: skip
        expected = tuple(line.strip() for line in lines.splitlines() if line.strip())
        declines = st.checkbox("The documents do not answer this", declines)
    if st.button("Keep", type="primary"):
        kept = Feedback(feedback.good, note.strip(), expected, declines and not expected)
        assistant.records.put_feedback(chat_id, number, kept)
        st.rerun()


@st.dialog("Edit the question")
def edit_question(
    assistant: Assistant, chat_id: str, answer: Answer, before: Sequence[Turn]
) -> None:
    text = st.text_area("Question", answer.question, max_chars=4000)
    st.caption("It is asked at the end of the chat; the answer you have stays.")
    if st.button("Ask", type="primary", disabled=not text.strip()):
        begin(assistant, chat_id, text.strip(), before, within=session_scope())
        st.rerun()


@st.dialog("Ask again")
def retry(assistant: Assistant, chat_id: str, answer: Answer, before: Sequence[Turn]) -> None:
    st.text(show_hidden(answer.question))
    engine = choose_engine(assistant, key="retry")
    if st.button("Ask", type="primary") and engine is not None:
        other = assistant.worded_by(engine.model, evidence=engine.evidence)
        within, _ = find_standing(assistant, answer.within)
        begin(other, chat_id, answer.question, before, within=within)
        st.rerun()


@st.dialog("A test case", width="large")
def write_case(assistant: Assistant, id: str, answer: Answer) -> None:
    """A case of an answer, to be mended before it is kept."""
    draft = make_case(answer, id=id, feedback=Feedback(True))
    assert draft is not None  # a good answer always makes one
    question = st.text_input("Question", draft.question)
    kind = st.text_input("Type", "own", help="Results are broken down by it.")
    told = "\n".join(" | ".join(group) for group in draft.answers)
    lines = st.text_area("The answer must hold (one thing a line; alternatives divided by |)", told)
    never = st.text_area("It must not hold (one thing a line)")
    kept: list[EvidenceText] = []
    if draft.evidence:
        st.caption("Passages that prove it:")
    for index, evidence in enumerate(draft.evidence):
        label = escape(f"{evidence.doc}: {evidence.text[:200]}")
        if st.checkbox(label, value=True, key=f"case-evidence-{index}"):
            kept.append(evidence)
    groups = tuple(
        tuple(a.strip() for a in line.split("|") if a.strip()) for line in lines.splitlines()
    )
    case = Case(
        id=id, type=kind.strip() or "own", question=question.strip(),
        answers=tuple(g for g in groups if g), evidence=tuple(kept),
        must_not=tuple(line.strip() for line in never.splitlines() if line.strip()),
    )  # fmt: skip
    if case.unanswerable:
        st.info("Without an answer and without a passage the right reply is that the documents "
                "do not answer.")  # fmt: skip
    if st.button("Keep", type="primary", disabled=not case.question):
        assistant.records.put_case(case)
        st.success("Kept. Run it on the page “Evaluate”.")
