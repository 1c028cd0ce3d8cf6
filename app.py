"""The browser app's frame: pages, conversations, and what answers. Streamlit runs this file."""

import streamlit as st

st.set_page_config(page_title="Onrecord", page_icon="📌", layout="centered")

from rag import OnrecordError  # noqa: E402  (the page's frame first)
from rag.browser import (  # noqa: E402
    changed,
    chat,
    documents,
    evaluation,
    settings,
)
from rag.browser.components import clear_sidebar  # noqa: E402
from rag.browser.state import follow_work, open_assistant, session_assistant  # noqa: E402
from rag.errors import DamagedError  # noqa: E402
from rag.export import escape  # noqa: E402
from rag.quotes import QUOTES  # noqa: E402

CHATS_SHOWN = 30
# Streamlit centres what buttons say; titles in lists read better from the left.
_STYLE = """<style>
.stButton button[kind=tertiary] { justify-content: left; text-align: left }
/* White words on the dark theme's blue would be too faint. */
.stButton button[kind=primary] { background: none; color: inherit; font-weight: 600 }
.stApp .st-key-draft {
  flex: none; height: 14rem; overflow: hidden; flex-flow: column nowrap; justify-content: flex-end
}
.st-key-last-turn { min-height: calc(100dvh - 13rem) }
</style>"""


def main() -> None:
    pages = {
        "chat": st.Page(chat.show, title="Chat", icon=":material/chat_bubble:", default=True),
        "documents": st.Page(
            documents.show, title="Documents", icon=":material/description:", url_path="documents"
        ),
        "changed": st.Page(
            changed.show, title="What changed", icon=":material/difference:", url_path="changed"
        ),
        "evaluate": st.Page(
            evaluation.show, title="Evaluate", icon=":material/checklist:", url_path="evaluate"
        ),
        "settings": st.Page(
            settings.show, title="Settings", icon=":material/settings:", url_path="settings"
        ),
    }
    st.session_state.pages = pages
    page = st.navigation(list(pages.values()))
    if page in (pages["documents"], pages["evaluate"]):
        st.set_page_config(layout="wide")  # tables want the room
    st.html(_STYLE)
    try:
        open_assistant()
        with st.sidebar:
            show_chats(pages["chat"])
            follow_work("Sync")
            show_engine()
        clear_sidebar(f"{page.url_path} {st.query_params.get('chat', '')}")
        page.run()
    except OnrecordError as error:
        st.error(escape(str(error)), icon=":material/warning:")
        st.stop()


def show_chats(page: st.Page) -> None:
    assistant = open_assistant()
    if st.button("New chat", width="stretch"):
        st.switch_page(page, query_params={"chat": chat.new_chat_id()})
    try:
        known = assistant.list_chats()
    except DamagedError as error:  # the documents can still be asked
        st.warning(escape(str(error)), icon=":material/warning:")
        return
    if not known:
        return
    wanted = st.text_input("Search chats", placeholder="Search chats", label_visibility="collapsed")
    found = assistant.list_chats(holding=wanted) if wanted.strip() else known
    here = st.query_params.get("chat")
    for item in found[:CHATS_SHOWN]:
        label = escape(item.title)
        if st.button(label, key=f"chat-{item.id}", type="tertiary", disabled=item.id == here):
            st.switch_page(page, query_params={"chat": item.id})
    if not found:
        st.caption("No chat holds these words.")
    if len(found) > CHATS_SHOWN:
        st.caption(f"and {len(found) - CHATS_SHOWN} more: search for them")


def show_engine() -> None:
    assistant = session_assistant()
    if assistant.engine == QUOTES:
        told = "Answers are quoted, without a language model. Nothing leaves this machine."
    else:
        told = f"Answers are worded by {escape(assistant.engine)} and checked here. "
        leaves = assistant.leaves_machine
        told += "The question and the nearest passages leave this machine." if leaves else (
            "Nothing leaves this machine."
        )  # fmt: skip
    st.caption(told)


main()
