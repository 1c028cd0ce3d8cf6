"""Evaluate: run a questions file, see what failed and why, compare two runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag import Assistant, OnrecordError
from rag.browser.components import draw_lines
from rag.browser.state import (
    Work,
    begin_work,
    count,
    follow_work,
    is_running,
    open_works,
    session_assistant,
    show_seconds,
)
from rag.cases import Case, load_questions, read_questions, write_questions
from rag.compare import compare_runs
from rag.evaluate import MEASURES
from rag.export import escape, report_as_json, table_cell
from rag.language.words import show_hidden
from rag.question.suggest import QUESTIONS_FILE
from rag.types import RunInfo

_WORK = "Evaluation"
# What the plots show: the rest is in the table.
_PLOTTED = ("any@5", "correct", "citation_precision", "citation_recall")


def show() -> None:
    """The page."""
    assistant = session_assistant()
    st.title("Evaluate", anchor=False)
    if not assistant.index.count_documents():
        st.info("Add some documents first: there is nothing to ask yet.")
        return
    choose_questions(assistant)
    follow_work(_WORK, stoppable=True)
    work = open_works().get(_WORK)
    if work is not None and work.ended.is_set() and work.failure:
        st.error(escape(work.failure))
    show_history(assistant)


def choose_questions(assistant: Assistant) -> None:
    """Which questions to ask, and a button that asks them."""
    own = assistant.records.list_cases()
    judged, silent = assistant.records.feedback_cases()
    path = assistant.folder.path / QUESTIONS_FILE
    sources = [
        *([f"{QUESTIONS_FILE} of the documents folder"] if path.is_file() else []),
        f"Your test cases ({len(own)})",
        f"Feedback on answers ({len(judged)})",
        "A file of yours",
    ]
    chosen = st.selectbox("Questions", sources)
    cases: list[Case] = []
    name = chosen
    try:
        if chosen.startswith(QUESTIONS_FILE):
            cases, name = load_questions(path), QUESTIONS_FILE
        elif chosen.startswith("Your"):
            cases, name = own, "test cases"
            show_cases(assistant, own)
        elif chosen.startswith("Feedback"):
            cases, name = judged, "feedback"
            if silent:
                st.caption(
                    f"{count(silent, 'bad answer')} without a word on the right one left out."
                )
        else:
            file = st.file_uploader(
                "Questions, one JSON object a line (README, “Scripted questions”)",
                type=["jsonl", "json", "txt"], max_upload_size=50,
            )  # fmt: skip
            if file is not None:
                name = show_hidden(file.name)
                cases = read_questions(file.getvalue(), name=name)
    except OnrecordError as error:
        st.error(escape(str(error)))
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"Ask {count(len(cases), 'question')}" if cases else "Ask"
        if st.button(label, type="primary", disabled=not cases or is_running(_WORK)):
            begin_work(_WORK, lambda work: run(assistant, cases, name, work))
            st.rerun()
        if cases and chosen.startswith(("Your", "Feedback")):
            st.download_button(
                "Download as a questions file", write_questions(cases), f"{name}.jsonl",
                "application/jsonl", on_click="ignore",
            )  # fmt: skip


def run(assistant: Assistant, cases: Sequence[Case], name: str, work: Work) -> None:
    """Asks them all, until it is stopped; what was asked until then is kept."""
    work.tell("Asking", 0, len(cases))
    report = assistant.evaluate(
        cases, name=name, progress=lambda d, t: work.tell("Asking", d, t), stop=work.stop
    )
    if report.rows:
        assistant.records.put_run(name, report_as_json(report), questions=len(cases))


def show_cases(assistant: Assistant, cases: Sequence[Case]) -> None:
    if not cases:
        st.info("Press **Test case** below an answer in the chat to make one.")
        return
    with st.expander("Your test cases"):
        for case in cases:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(escape(case.question), width="stretch")
                if st.button("Delete", key=f"case-{case.id}", type="tertiary"):
                    assistant.records.delete_case(case.id)
                    st.rerun()


def show_history(assistant: Assistant) -> None:
    runs = assistant.records.list_runs()
    if not runs:
        st.info("No run yet. Choose questions above and ask them.")
        return
    st.subheader("Runs", anchor=False)
    labels = {r.id: told_of(r) for r in runs}
    left, right = st.columns(2)
    # Drawn anew, with the newest run chosen, whenever there is one more.
    newest = runs[0].id
    chosen = left.selectbox("Run", list(labels), format_func=labels.__getitem__,
                            key=f"run-{newest}")  # fmt: skip
    others = [id_ for id_ in labels if id_ != chosen]
    other = right.selectbox(
        "Compare with", others, None, format_func=labels.__getitem__, key=f"other-{newest}",
        placeholder="an earlier run", disabled=not others,
    )  # fmt: skip
    report = assistant.records.read_report(chosen)
    if report is None:
        return
    info = next(r for r in runs if r.id == chosen)
    show_report(info, report)
    if other is not None:
        before = assistant.records.read_report(other)
        if before is not None:
            show_comparison(labels[other], labels[chosen], before, report)
    show_questions(report)
    with st.container(horizontal=True):
        st.download_button(
            "Download the report", lambda: json.dumps(report, ensure_ascii=False, indent=1),
            f"run-{chosen}.json", "application/json", on_click="ignore",
        )  # fmt: skip
        if st.button("Delete this run", type="tertiary"):
            assistant.records.delete_run(chosen)
            st.rerun()


def told_of(info: RunInfo) -> str:
    """A run in a list."""
    when = info.created[:16].replace("T", " ")
    asked = f"{info.asked} of {info.questions}" if info.asked < info.questions else info.asked
    return show_hidden(f"#{info.id} · {when} · {info.name} · {info.engine} · {asked} asked")


def show_report(info: RunInfo, report: Mapping[str, Any]) -> None:
    settings = ", ".join(f"{k} {v}" for k, v in report["settings"].items() if k != "questions")
    st.caption(escape(f"{settings}; {show_seconds(info.seconds)}"))
    if info.asked < info.questions:
        st.warning(f"Stopped after {info.asked} of {info.questions} questions.")
    whole = report["table"]["all"]
    with st.container(horizontal=True):
        for measure in ("correct", "any@5", "abstention_recall"):
            st.metric(_spoken(measure), _shown(whole.get(measure)))
        st.metric(
            "Unverified citations", f"{report['unverified_citations']} of {report['citations']}"
        )
    rows = [
        {"Type": table_cell(kind), "Questions": int(row["questions"] or 0)}
        | {_spoken(m): _shown(row.get(m)) for m in MEASURES}
        for kind, row in report["table"].items()
    ]
    st.dataframe(rows, hide_index=True, alt="Measures by type of question")
    kinds = [kind for kind in report["table"] if kind != "all"]
    if len(kinds) > 1:
        measure = st.segmented_control(
            "Plot", _PLOTTED, default="correct", format_func=_spoken, required=True,
            key=f"plot-{info.id}",
        )  # fmt: skip
        shares = {kind: report["table"][kind].get(measure) for kind in kinds}
        st.bar_chart(
            {"Type": list(shares), _spoken(measure): [v or 0.0 for v in shares.values()]},
            x="Type", y=_spoken(measure), horizontal=True, height=40 + 34 * len(kinds),
        )  # fmt: skip


def show_comparison(
    first: str, second: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    st.subheader("Compared", anchor=False)
    st.caption(f"{escape(first)} → {escape(second)}")
    change = compare_runs(before, after)
    old_settings, new_settings = before["settings"], after["settings"]
    other = [
        f"{name} {old_settings.get(name, '–')} → {new_settings.get(name, '–')}"
        for name in sorted(old_settings.keys() | new_settings.keys())
        if old_settings.get(name) != new_settings.get(name)
    ]
    st.caption(f"Set otherwise: {escape('; '.join(other))}." if other else "Set alike.")
    whole = [(_spoken(m), old, new) for kind, m, old, new in change.measures if kind == "all"]
    if whole:
        st.bar_chart(
            {
                "Measure": [m for m, _, _ in whole] * 2,
                "Run": ["before"] * len(whole) + ["after"] * len(whole),
                "Score": [old for _, old, _ in whole] + [new for _, _, new in whole],
            },
            x="Measure", y="Score", color="Run", stack=False, horizontal=True,
            height=80 + 36 * len(whole),
        )  # fmt: skip
    st.dataframe(
        [
            {
                "Type": table_cell(kind), "Measure": _spoken(measure), "Before": round(old, 3),
                "After": round(new, 3), "Difference": round(new - old, 3),
            }
            for kind, measure, old, new in change.measures
            if kind == "all" or old != new
        ],
        hide_index=True, alt="Measures of both runs",
    )  # fmt: skip
    old_rows = {row["id"]: row for row in before["rows"]}
    new_rows = {row["id"]: row for row in after["rows"]}
    for name, rows in (("Better", change.better), ("Worse", change.worse)):
        with st.expander(f"{name} ({len(rows)})", expanded=name == "Worse" and bool(rows)):
            for id_, question, measures in rows:
                told = ", ".join(_spoken(m) for m in measures)
                st.markdown(f"**{escape(question)}** ({told})")
                draw_lines(
                    [("removed", old_rows[id_]["answer"]["text"]),
                     ("added", new_rows[id_]["answer"]["text"])], key=f"{name}-{id_}",
                )  # fmt: skip
    if not change.better and not change.worse:
        st.success("No question got better or worse.")
    if change.only:
        st.caption(f"{count(len(change.only), 'question')} stand in one of the two runs only.")


def show_questions(report: Mapping[str, Any]) -> None:
    """One question at a time: what was expected, what came, what failed."""
    st.subheader("Questions", anchor=False)
    rows = {row["id"]: row for row in report["rows"]}
    failed = [id_ for id_, row in rows.items() if failures(row)]
    only = st.checkbox(f"Only what failed ({len(failed)})", value=bool(failed))
    ids = failed if only else list(rows)
    if not ids:
        st.success("Nothing failed.")
        return
    chosen = st.selectbox(
        "Question", ids, format_func=lambda i: show_hidden(f"{i}: {rows[i]['case']['question']}")
    )
    show_row(rows[chosen])


def failures(row: Mapping[str, Any]) -> list[str]:
    """What went wrong with one question, in words."""
    scores, told = row["scores"], []
    if scores.get("correct") == 0:
        told.append("the answer is not what was expected")
    if scores.get("any@5") == 0:
        told.append("no expected passage is among the first five")
    if scores.get("citation_recall") == 0:
        told.append("no expected passage is cited")
    if row["evidence_not_found"]:
        told.append("an expected passage does not stand in its document (any more)")
    return told


def show_row(row: Mapping[str, Any]) -> None:
    case, answer = row["case"], row["answer"]
    for line in failures(row):
        st.warning(line[:1].upper() + line[1:] + ".")
    left, right = st.columns(2)
    with left:
        st.markdown("**Expected**")
        expected = [" or ".join(group) for group in case["answers"]]
        expected += [f"“{e['text']}” ({e['doc']})" for e in case["evidence"]]
        if case["must_not"]:
            expected.append(f"nothing of: {', '.join(case['must_not'])}")
        if not case["answers"] and not case["evidence"]:
            expected.append("that the documents do not answer")
        for line in expected:
            st.text(show_hidden(line))
    with right:
        st.markdown("**Got**")
        st.text(show_hidden(answer["text"]))
        if answer["reason"]:
            st.caption(escape(answer["reason"]))
    with st.expander("Evidence, best first"):
        for place, hit in enumerate(row["hits"], start=1):
            st.caption(escape(f"{place}. {hit['document']} {hit['start']}–{hit['end']}"))
            st.text(show_hidden(hit["text"]))
    told = ", ".join(f"{_spoken(m)} {v:g}" for m, v in row["scores"].items() if v is not None)
    st.caption(told)


def _spoken(measure: str) -> str:
    return measure.replace("_", " ")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
