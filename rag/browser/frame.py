"""The browser app's frame: pages, conversations, and what answers. Knows nothing of the server."""

import streamlit as st

from rag import OnrecordError
from rag.answer.quotes import QUOTES
from rag.browser import changed, chat, documents, draft, evaluation, settings
from rag.browser.components import clear_sidebar
from rag.browser.state import follow_work, open_assistant, session_assistant, tell_broken
from rag.errors import DamagedError
from rag.export import escape

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
/* What is scrolled to stands below the header, which covers the page on a phone. */
[data-testid=stChatMessage] { scroll-margin-top: 4rem }
.st-key-draft-walk > div:last-child { min-width: 17rem }
@media (max-width: 640px) { .st-key-draft-walk > div:has(.stSelectbox) { min-width: 100% } }
@media (min-width: 641px) {
  [data-testid=stColumn]:has(.st-key-draft-text-side) {
    position: sticky; top: 4.5rem; align-self: flex-start
  }
}
</style>"""


def show() -> None:
    """Draws the page that is open; what Streamlit runs at every click."""
    pages = {
        "chat": st.Page(chat.show, title="Chat", icon=":material/chat_bubble:", default=True),
        "check": st.Page(
            draft.show, title="Check a draft", icon=":material/fact_check:", url_path="check"
        ),
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
    # Tables want the room, and a draft beside its sources.
    wide = page in (pages["check"], pages["documents"], pages["evaluate"])
    st.set_page_config(layout="wide" if wide else "centered")
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
    except Exception as error:
        st.error(f"{escape(tell_broken(error))} Reload the page.", icon=":material/warning:")
        st.stop()


def show_chats(page: st.Page) -> None:
    assistant = open_assistant()
    if st.button("New chat", width="stretch"):
        st.switch_page(page, query_params={"chat": chat.new_chat_id()})
    try:
        known = assistant.chats.find()
    except DamagedError as error:  # the documents can still be asked
        st.warning(escape(str(error)), icon=":material/warning:")
        return
    if not known:
        return
    wanted = st.text_input("Search chats", placeholder="Search chats", label_visibility="collapsed")
    found = assistant.chats.find(holding=wanted) if wanted.strip() else known
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
        if assistant.unused_key:
            told += " `OPENAI_API_KEY` is set and not used: choose it under Settings."
    else:
        told = f"Answers are worded by {escape(assistant.engine)} and checked here. "
        leaves = assistant.leaves_machine
        told += "The question and the nearest passages leave this machine." if leaves else (
            "Nothing leaves this machine."
        )  # fmt: skip
    st.caption(told)
