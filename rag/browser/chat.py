"""The chat: questions and checked answers, each citation a click from its passage."""

import json
import time
import uuid
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag import Assistant
from rag.browser.asking import begin, follow, is_busy, next_question, note_question
from rag.browser.components import guide_eyes
from rag.browser.documents import offer_sync, show_failures, show_report
from rag.browser.scope import choose_scope, lift_scope, session_scope
from rag.browser.state import open_questions, session_assistant
from rag.browser.turn import show_turn
from rag.errors import DamagedError
from rag.export import chat_as_csv, chat_as_json, chat_as_markdown, escape
from rag.language.words import show_hidden
from rag.question.operators import HELP
from rag.types import Chat, Feedback, Turn

EXAMPLES_SHOWN = 4
# What a browser takes to paint an answer, before it is sent what stands above it again.
_PAINT_SECONDS = 0.15


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
    earlier = turns if asked else turns[:-1]
    with place:
        slots = [st.container() for _ in earlier]
        # As high as the window, so that a question can stand at its top before it is answered.
        last = st.container(key="last-turn" if messages else None)

    def draw(turn: Turn, slot: DeltaGenerator) -> None:
        with slot:
            show_turn(assistant, chat_id, turn, feedback.get(turn.number), saved, turns)

    # What stands above a new question stays on the page while it is not drawn again, but for the
    # turn that was the last one: a quick answer comes first (benchmarks/RESULTS.md, the app).
    rest = list(zip(earlier, slots, strict=True))

    def draw_rest() -> None:
        while rest:
            draw(*rest.pop(0))

    if asked is None:
        draw_rest()
    elif rest:
        draw(*rest.pop())
    with last:
        slot = st.empty()
    if asked is not None:
        with slot.container():
            answered = follow(asked, chat_id, meanwhile=draw_rest)
        if not answered:
            draw_rest()
            if last.button("Ask again", key="again"):
                begin(assistant, chat_id, asked.text, turns, within=asked.within)
                st.rerun()
            return
        if was_busy or not turns:
            st.rerun()  # another question waits, or the chat has a name now
        # Nothing else on the page has changed: the answer alone takes the question's place.
        turns = assistant.chats.read(chat_id)
    if turns:
        draw(turns[-1], slot.container())
    if rest:
        time.sleep(_PAINT_SECONDS)
    draw_rest()


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


def open_chat() -> str:
    """The chat that the page's address names, else the one last seen here, else a new one."""
    named = st.query_params.get("chat") or st.session_state.get("chat") or new_chat_id()
    st.session_state.chat = st.query_params["chat"] = str(named)[:64]
    return str(st.session_state.chat)


def new_chat_id() -> str:
    return uuid.uuid4().hex[:12]


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
        st.download_button(
            # Spreadsheets read UTF-8 only behind its mark.
            "Export the quotes as CSV", lambda: chat_as_csv(turns).encode("utf-8-sig"),
            f"{name}.csv", "text/csv", on_click="ignore", width="stretch",
        )  # fmt: skip
        sure = st.checkbox("Delete this chat for good", key=f"sure-{chat.id}")
        if st.button("Delete", disabled=not sure, width="stretch"):
            assistant.chats.delete(chat.id)
            go_to(new_chat_id())


def go_to(chat_id: str) -> None:
    st.session_state.chat = st.query_params["chat"] = chat_id
    st.rerun()


def suggest(assistant: Assistant) -> str | None:
    """A few questions to start from; the one that was picked."""
    st.markdown("Ask your documents. Every answer shows the passage it stands on.")
    st.caption(escape(HELP))
    questions = assistant.index.suggest_questions(EXAMPLES_SHOWN)
    return st.pills("Try one of these", questions, key="example", format_func=show_hidden)
