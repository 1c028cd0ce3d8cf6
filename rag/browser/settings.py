"""Settings of this session and the health of the index: what words the answers, what goes where."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from rag import Assistant, OnrecordError, Settings
from rag.answer.quotes import QUOTES
from rag.browser.state import (
    Engine,
    begin_sync,
    begin_work,
    follow_work,
    is_running,
    open_works,
    session_assistant,
)
from rag.export import escape
from rag.models import ModelInfo, list_models, open_language_model

MOST_EVIDENCE = 30
_CHECK = "Checking the index"


def show() -> None:
    """The page."""
    assistant = session_assistant()
    st.title("Settings", anchor=False)
    show_now(assistant)
    st.subheader("What words the answers", anchor=False)
    ask_key()
    engine = choose_engine(assistant, key="settings", tunable=True)
    left, right = st.columns([1, 1])
    if left.button("Use it in this session", type="primary", width="stretch") and engine:
        st.session_state.engine = engine
        st.rerun()
    if right.button("Look for models again", width="stretch"):
        st.session_state.pop("models", None)
        st.rerun()
    st.caption(
        "To keep a choice, set it in `.env` (see `.env.example`): what is chosen here holds until "
        "this page is closed."
    )
    show_health(assistant)


def show_now(assistant: Assistant) -> None:
    """What answers now, and what leaves this machine."""
    if assistant.engine == QUOTES:
        st.info("Answers are **quoted**, without a language model. Leaves this machine: **no**.")
        return
    engine: Engine | None = st.session_state.get("engine")
    address = engine.address if engine else assistant.address
    what = "the question, earlier questions of the chat, and the nearest passages"
    where = (
        f"**yes**, to {escape(_host(address))}: {what}." if assistant.leaves_machine else "**no**."
    )
    st.info(
        f"Answers are worded by **{escape(assistant.engine)}** and every sentence is checked here. "
        f"Leaves this machine: {where}"
    )


def ask_key() -> None:
    """A key for this session: a field's own value would be forgotten on the next page."""
    if session_assistant().settings.offline:
        st.caption("`ONRECORD_OFFLINE` is set: nothing can leave this machine.")
        return
    typed = st.text_input(
        "OpenAI key, for this session only", type="password", key="session-key",
        help="Kept in this page's memory and sent to OpenAI only; never stored, logged or shown.",
    )  # fmt: skip
    if typed.strip():
        st.session_state.openai_key = typed.strip()
    elif st.session_state.get("openai_key"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("A key is set for this session.", width="stretch")
            if st.button("Forget it"):
                for name in ("openai_key", "engine", "models"):
                    st.session_state.pop(name, None)
                st.rerun()


def choose_engine(assistant: Assistant, *, key: str, tunable: bool = False) -> Engine | None:
    """The engine picked among those that can be reached; None if it cannot be opened.

    Its temperature and number of passages can be set too if `tunable`.
    """
    settings = assistant.settings
    typed = str(st.session_state.get("openai_key") or "")
    if typed:
        settings = replace(settings, api_key=typed, provider="auto", base_url="", sources=())
    rows = _find_models(settings, typed)
    labels = {describe(r): r for r in rows}
    now = next((label for label, r in labels.items() if r.model == assistant.engine), None)
    place = list(labels).index(now) if now else 0
    chosen = labels[st.radio("Answers by", list(labels), place, key=f"{key}-model")]
    current: Engine | None = st.session_state.get("engine")
    evidence = current.evidence if current else settings.evidence
    temperature = current.temperature if current else settings.temperature
    if tunable:
        if chosen.provider != "none":
            temperature = st.slider(
                "Temperature", 0.0, 2.0, temperature, 0.1,
                help="0 keeps to the words; more is freer, and more of it is struck.",
            )  # fmt: skip
        evidence = st.slider(
            "Passages that an answer may use", 1, MOST_EVIDENCE, min(evidence, MOST_EVIDENCE),
            help="More finds more sides; fewer is faster and keeps small models to the point.",
        )  # fmt: skip
        if chosen.leaves_machine:
            st.warning(
                f"Leaves this machine: **yes**, to {escape(_host(chosen.address))}: your questions "
                f"and up to {evidence} passages with each."
            )
        else:
            st.caption("Leaves this machine: **no**.")
    wanted = replace(
        settings,
        provider=chosen.provider,
        # A GGUF file is listed by its name, and named by its path.
        model=settings.model if chosen.provider == "gguf"
        else "" if chosen.provider == "none" else chosen.model,
        temperature=temperature,
    )  # fmt: skip
    try:
        model = open_language_model(wanted)
    except OnrecordError as error:
        st.error(escape(str(error)))
        return None
    return Engine(model, chosen.model, chosen.address, chosen.leaves_machine, evidence, temperature)


def describe(row: ModelInfo) -> str:
    """A model in a list."""
    if row.provider == "none":
        return "Quotes, without a language model"
    where = "leaves this machine" if row.leaves_machine else "stays on this machine"
    size = f", {row.context:,} tokens" if row.context else ""
    return f"{escape(row.model)} ({row.provider}{size}; {where})"


def show_health(assistant: Assistant) -> None:
    st.subheader("Health", anchor=False)
    state = assistant.status()
    vectors = {
        "current": "up to date",
        "behind": "behind the library: sync or rebuild",
        "none": "none yet: sync",
        "damaged": "damaged: rebuild them, or ask anything",
    }
    library = "" if state["library"] == "ok" else f"{state['library']}; "
    rows = {
        "Library": f"{library}{state['documents']:,} documents, {state['passages']:,} passages, "
        f"{state['statements']:,} statements",
        "Vectors": f"{vectors[state['vectors']]} ({state['embedding_model']})",
        "Language model": _reach(assistant),
        "Documents folder": state["documents_folder"],
        "Index": state["home"],
    }
    st.markdown("\n".join(f"- **{name}:** {escape(told)}" for name, told in rows.items()))
    for name in (_CHECK, "Rebuild", "Sync"):
        follow_work(name)
        work = open_works().get(name)
        if work is not None and work.ended.is_set():
            if work.failure:
                st.error(escape(work.failure))
            elif name == "Rebuild":
                st.success(f"Rebuilt {work.result:,} vectors; nothing was embedded again.")
            elif name == _CHECK:
                show_verdict(work.result)
    busy = is_running("Sync") or is_running("Rebuild")
    first, left, right = st.columns(3)
    # On a click only: it reads every page of the files.
    if first.button(
        "Check the index", disabled=is_running(_CHECK) or not state["synced"], width="stretch",
        help="Reads all of it and says whether it is whole.",
    ):  # fmt: skip
        begin_work(_CHECK, lambda _: assistant.status(check=True))
        st.rerun()
    if left.button("Rebuild the vectors", disabled=busy or not state["synced"], width="stretch",
                   help="Makes them anew from the library; embeds nothing."):  # fmt: skip
        begin_work(
            "Rebuild",
            lambda w: assistant.index.rebuild(progress=lambda d, t: w.tell("Rebuilding", d, t)),
        )
        st.rerun()
    if right.button("Sync the folder", disabled=busy, width="stretch"):
        begin_sync()
        st.rerun()


def show_verdict(state: Mapping[str, Any]) -> None:
    """What a check of the index found."""
    wrong = [
        str(v) for k in ("library", "people") if (v := state.get(k, "ok")) not in ("ok", "none")
    ]
    if wrong:
        st.error(escape(f"The index is damaged: {'; '.join(wrong)}"))
    else:
        st.success("The index was read from end to end and is sound.")


def _reach(assistant: Assistant) -> str:
    if assistant.engine == QUOTES:
        return "none; answers are quoted"
    for row in st.session_state.get("models", ((), ()))[1]:
        if row.model == assistant.engine and row.latency_ms is not None:
            return f"{row.model}, reached in {row.latency_ms:.0f} ms"
    return f"{assistant.engine} (not reached when last looked for)"


def _find_models(settings: Settings, typed: str) -> list[ModelInfo]:
    """The models that can be reached, looked for once a session (and for each key)."""
    known = st.session_state.get("models")
    # The key itself is no part of what is remembered here, only whether it is the same.
    state = (hash(typed), settings.provider, settings.model, settings.base_url)
    if known is None or known[0] != state:
        with st.spinner("Looking for models…"):
            found = list_models(settings)
        # A key in the environment is asked about nothing until it is chosen here.
        hosted = bool(settings.api_key) and not settings.offline
        rows = [r for r in found if r.reachable or (r.provider == "openai" and hosted)]
        known = st.session_state["models"] = (state, rows)
    return list(known[1])


def _host(address: str) -> str:
    return urlsplit(address).netloc or address
