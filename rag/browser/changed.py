"""What changed: saved questions asked again, each new answer beside the one that was kept."""

from dataclasses import dataclass

import streamlit as st

from rag import Answer, Assistant
from rag.browser.components import draw_lines
from rag.browser.reader import open_citation
from rag.browser.state import (
    Work,
    begin_work,
    count,
    follow_work,
    is_running,
    open_works,
    session_assistant,
)
from rag.compare import AnswerChange, compare_answers
from rag.export import escape, origin
from rag.types import Citation, Saved

_WORK = "Asking again"


@dataclass(frozen=True)
class Again:
    """A saved question with the answer it got now, by the library of `revision`."""

    saved: Saved
    answer: Answer
    revision: int


def show() -> None:
    """The page."""
    assistant = session_assistant()
    st.title("What changed", anchor=False)
    saved = assistant.records.list_saved() if assistant.index.count_documents() else []
    if not saved:
        st.info(
            "Nothing is saved yet. Press **Save** below an answer in the chat: when documents have "
            "been added or edited, its question is asked again here and what differs is shown."
        )
        return
    revision = assistant.records.revision
    stale = [s for s in saved if s.revision != revision]
    told = "The documents have not changed since they were answered."
    if stale:
        told = f"The documents have changed since {len(stale)} of them got their answer."
    st.caption(f"{count(len(saved), 'saved question')}. {told}")
    if st.button("Ask all again", type="primary", disabled=is_running(_WORK)):
        st.session_state.pop("again", None)
        begin_work(_WORK, lambda work: ask_again(assistant, saved, work))
        st.rerun()
    follow_work(_WORK, stoppable=True)
    work = open_works().get(_WORK)
    found: dict[int, Again] = {}
    if work is not None and work.ended.is_set():
        if work.failure:
            st.error(escape(work.failure))
        else:
            found = {a.saved.id: a for a in work.result if a.saved in saved}
    for item in saved:
        with st.container(border=True):
            show_saved(assistant, item, found.get(item.id))


def ask_again(assistant: Assistant, saved: list[Saved], work: Work) -> list[Again]:
    """Asks every saved question, until it is stopped."""
    found: list[Again] = []
    for done, item in enumerate(saved):
        if work.stop.is_set():
            break
        work.tell(_WORK, done, len(saved))
        revision = assistant.records.revision
        answer = assistant.ask(item.question, within=item.answer.within, stop=work.stop)
        if work.stop.is_set():
            break  # half an answer would be shown as a change
        found.append(Again(item, answer, revision))
    return found


def show_saved(assistant: Assistant, item: Saved, again: Again | None) -> None:
    st.markdown(f"**{escape(item.question)}**")
    st.caption(f"Answered {item.asked[:16].replace('T', ' ')} UTC")
    change = compare_answers(item.answer, again.answer) if again else None
    if change is None:
        draw_lines(
            [("same", line) for line in item.answer.text.split("\n\n")], key=f"now-{item.id}"
        )
    elif change.same:
        st.success("Nothing changed." if not change.reworded else "Other words, same sources.")
    else:
        show_change(assistant, item, change)
    with st.container(horizontal=True):
        if (
            again
            and change
            and not change.same
            and st.button("Keep the new answer", key=f"keep-{item.id}")
        ):
            assistant.records.accept_answer(item.id, again.answer, revision=again.revision)
            st.rerun()
        if st.button("Forget this question", key=f"forget-{item.id}", type="tertiary"):
            assistant.records.forget_question(item.id)
            st.rerun()


def show_change(assistant: Assistant, item: Saved, change: AnswerChange) -> None:
    before, after = change.status
    if before != after:
        st.warning(
            "The documents answer it now."
            if after == "answered"
            else "The documents do not answer it any more."
        )
    if change.reworded:
        st.caption("Another engine answered: compare the sources rather than the words.")
    draw_lines(change.lines, key=f"change-{item.id}")
    for name, citations in (("New sources", change.added), ("Sources gone", change.removed)):
        if citations:
            st.caption(name)
        for index, citation in enumerate(citations):
            show_source(assistant, citation, key=f"{name}-{item.id}-{index}")


def show_source(assistant: Assistant, citation: Citation, *, key: str) -> None:
    quote = citation.quote if len(citation.quote) <= 160 else citation.quote[:159] + "…"
    label = f"{escape(origin(citation))}: “{escape(quote)}”"
    if st.button(label, key=key, type="tertiary"):
        open_citation(assistant, citation, [citation])
