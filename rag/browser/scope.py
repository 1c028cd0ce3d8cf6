"""What a question is limited to, chosen and shown. Knows no answer."""

from dataclasses import replace
from datetime import date

import streamlit as st

from rag import Assistant
from rag.browser.state import count
from rag.export import escape
from rag.language.words import show_hidden
from rag.question.operators import HELP
from rag.types import Scope


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


def choose_scope(assistant: Assistant, *, told: str = HELP) -> None:
    """Limits what is searched to documents, outlets or days; `told` stands below."""
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
        st.caption(escape(told))
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
