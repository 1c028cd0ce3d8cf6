"""A question on its way: begun, followed until it is answered, and the next one that waits.

Knows nothing about how a turn is shown.
"""

import threading
from collections.abc import Callable, Sequence

import streamlit as st

from rag import Assistant, OnrecordError
from rag.browser.components import ONRECORD, READER
from rag.browser.state import Question, open_questions, tell_broken
from rag.export import escape, first_words
from rag.language.words import show_hidden
from rag.types import Scope, Turn

HISTORY_TURNS = 6
_REFRESH_SECONDS = 0.05
# Before Streamlit dims what it has not drawn again.
_AT_ONCE_SECONDS = 0.3


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


def is_busy(asked: Question | None) -> bool:
    return asked is not None and not asked.failure


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
                on_quotes=lambda a: setattr(asked, "quotes", a),
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


def follow(asked: Question, chat_id: str, *, meanwhile: Callable[[], None]) -> bool:
    """Shows how far the answer is, until it is there; False if it never will be. What takes time
    itself is done `meanwhile`, where the answer is not there at once."""
    with st.chat_message("user", avatar=READER):
        st.text(show_hidden(asked.text))
    with st.chat_message("assistant", avatar=ONRECORD):
        # No spinner: drawing one takes a core where there is no graphics card, the answer's own.
        told = st.empty()
        told.caption(f"{asked.stage}…")
        first = st.empty()
        place = st.empty()
        button = st.empty()
        if not asked.done.is_set():
            button.button("Stop", key="stop", on_click=asked.stop.set)
        shown: tuple[object, ...] = ()
        draft = None
        if not asked.done.wait(_AT_ONCE_SECONDS):
            meanwhile()
        while not asked.done.wait(_REFRESH_SECONDS):
            now = (asked.stage, asked.quotes, asked.draft)
            if now == shown:
                continue
            if not shown or asked.stage != shown[0]:
                told.caption(f"{asked.stage}…")
            if asked.quotes is not None and (not shown or shown[1] is None):
                with first.container():
                    st.text(show_hidden(first_words(asked.quotes)))
            if asked.draft:
                if draft is None:
                    # Of one height from its first word on (app.py): nothing moves as it grows.
                    with place.container(border=True):
                        st.caption("Draft, not checked yet")
                        with st.container(key="draft"):
                            draft = st.empty()
                draft.text(show_hidden(asked.draft))
            shown = now
        for drawn in (button, place, first):
            drawn.empty()
        if asked.failure:
            told.error(escape(asked.failure))
            return False
    open_questions().pop(chat_id, None)
    return True
