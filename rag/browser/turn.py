"""One turn of a chat: question, answer, and what can be done with it. Knows no other turn."""

from collections.abc import Sequence

import streamlit as st

from rag import Answer, Assistant
from rag.answer.quotes import QUOTES
from rag.browser.asking import begin
from rag.browser.components import ONRECORD, READER, draw_answer, draw_statements
from rag.browser.reader import open_citation, open_place
from rag.browser.scope import find_standing, session_scope, show_scope
from rag.browser.settings import choose_engine
from rag.cases import Case, EvidenceText, make_case
from rag.export import answer_as_csv, escape, show_limits
from rag.language.words import show_hidden
from rag.models.prices import show_cost
from rag.types import Feedback, Turn

NEAREST_SHOWN = 3


def show_turn(
    assistant: Assistant,
    chat_id: str,
    turn: Turn,
    feedback: Feedback | None,
    saved: frozenset[str],
    turns: Sequence[Turn],
) -> None:
    answer = turn.answer
    with st.chat_message("user", avatar=READER):
        st.text(show_hidden(answer.question))
        if answer.within is not None:
            st.caption(f"Only {escape(show_scope(answer.within))}")
    with st.chat_message("assistant", avatar=ONRECORD):
        if answer.searched and answer.searched != answer.question:
            st.caption(f"Searched for: {escape(answer.searched)}")
        if limits := show_limits(answer):
            st.caption(escape(limits))
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
        if answer.shape:
            st.download_button(
                "Rows as CSV", lambda: answer_as_csv(answer).encode("utf-8-sig"), "rows.csv",
                "text/csv", key=f"rows-{chat_id}-{turn.number}", on_click="ignore",
                type="tertiary", icon=":material/table_rows:",
            )  # fmt: skip
        if opened is not None:
            open_citation(assistant, answer.citations[opened], answer.citations)
        if act is not None:
            use_tool(act, assistant, chat_id, turn, feedback, turns, saved=is_saved)


def told_of(answer: Answer) -> str:
    """Who worded it, how long it took, where else its words stand."""
    told = "Quoted"
    if answer.engine != QUOTES:
        told = f"Worded by {escape(answer.engine)}, every sentence checked"
    if first := answer.timings_ms.get("first_token"):
        told += f" · first words {first / 1000:.1f} s"
    told += f" · {answer.timings_ms.get('total', 0) / 1000:.1f} s"
    if answer.cost is not None:
        told += f" · {show_cost(answer.cost)}"
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
