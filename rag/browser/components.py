"""What is drawn by our own JavaScript: answers, statements, documents, drafts, differences.

Knows no library and no engine: plain data in, what was clicked out.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from rag.answer.pieces import pieces, struck
from rag.answer.quotes import show_words
from rag.export import answer_as_text
from rag.language.words import show_hidden
from rag.types import Answer, Feedback, Statement

READER, ONRECORD = ":material/person:", ":material/format_quote:"


_STATIC = Path(__file__).parent / "static"


@st.cache_resource
def _renderers() -> Mapping[str, Any]:
    """The components by name, registered once for all sessions."""
    style = (_STATIC / "style.css").read_text(encoding="utf-8")
    return {
        path.stem: st.components.v2.component(
            f"onrecord_{path.stem}", css=style, js=path.read_text(encoding="utf-8")
        )
        for path in sorted(_STATIC.glob("*.js"))
    }


def draw_answer(
    answer: Answer, *, key: str, feedback: Feedback | None, saved: bool
) -> tuple[int | None, str | None]:
    """An answer with its sources and tools: the citation that was opened, the tool that was used.

    Tools: good, bad, note, save, edit, retry, case.
    """
    sources: dict[tuple[int, str], dict[str, Any]] = {}
    for index, c in enumerate(answer.citations):
        rest = ", ".join(filter(None, (c.source, c.date, f"page {c.page}" if c.page else "")))
        sources.setdefault(
            (c.number, c.document_id),
            {
                "number": str(c.number),
                "title": show_hidden(c.title),
                "origin": show_hidden(rest),
                "quote": show_hidden(c.quote),
                "citation": index,
            },
        )
    verdict = feedback.good if feedback else None
    tools: list[dict[str, Any]] = [
        {"name": "copy", "text": "Copy", "label": "Copy the answer with its citations",
         "copy": answer_as_text(answer)},
        {"name": "good", "text": "Good", "label": "A good answer", "pressed": verdict is True},
        {"name": "bad", "text": "Bad", "label": "A bad answer", "pressed": verdict is False},
        {"name": "save", "text": "Saved" if saved else "Save", "pressed": saved,
         "label": "Ask this again when the documents have changed"},
        {"name": "edit", "text": "Edit", "label": "Change the question and ask it anew"},
        {"name": "retry", "text": "Retry", "label": "Ask again, with another engine if you like"},
        {"name": "case", "text": "Test case", "label": "Make a test case of this answer"},
    ]  # fmt: skip
    if feedback is not None:
        note = {"name": "note", "text": "Note", "label": "Say what was good or bad about it"}
        tools.insert(3, note)
    result = _renderers()["answer"](
        key=key,
        data={
            "paragraphs": pieces(answer),
            "struck": struck(answer),
            "sources": list(sources.values()),
            "tools": tools,
        },
        on_open_change=lambda: None,
        on_act_change=lambda: None,
    )
    return _place(result.open, len(answer.citations)), result.act


def draw_statements(
    statements: Sequence[Statement], caption: str, *, key: str, scroll: bool = False
) -> int | None:
    """A table of who said what; the row that was clicked."""
    rows = [
        {
            "speaker": show_hidden(s.speaker),
            "role": show_hidden(s.role or ""),
            "words": show_hidden(show_words(s)),
            "through": show_hidden(", ".join(s.via)),
            # Within one document both are the same in every row and stand above it.
            "outlet": "" if scroll else show_hidden(s.outlet or ""),
            "date": "" if scroll else s.date or "",
            "certain": s.certain,
        }
        for s in statements
    ]
    data = {"rows": rows, "caption": caption, "scroll": scroll}
    result = _renderers()["statements"](key=key, data=data, on_open_change=lambda: None)
    return _place(result.open, len(statements))


def draw_document(parts: Sequence[Mapping[str, str]], *, key: str, label: str) -> None:
    """A text in `parts`: {"text", "mark": "here" or "other", "said": who said it}."""
    data = {"pieces": _shown(parts), "label": show_hidden(label)}
    _renderers()["document"](key=key, data=data)


def draw_lines(lines: Sequence[tuple[str, str]], *, key: str) -> None:
    """Lines of an answer, each "same", "added" or "removed"."""
    shown = [[kind, show_hidden(text)] for kind, text in lines]
    _renderers()["lines"](key=key, data={"lines": shown})


def draw_draft(
    paragraphs: Sequence[Sequence[Mapping[str, Any]]],
    *,
    key: str,
    label: str,
    on_choose: Callable[[int], None],
) -> None:
    """A draft; `on_choose` is told which sentence was clicked.

    Each piece of a paragraph is {"text"} or a sentence: its number {"sentence"}, {"verdict"}, a
    {"sign"} and the words {"told"} for it, {"parts"} of {"text"} with a "mark" or none, whether it
    is {"chosen"} or {"quiet"}.
    """

    def shown(piece: Mapping[str, Any]) -> Mapping[str, Any]:
        if "parts" in piece:
            return {**piece, "parts": _shown(piece["parts"])}
        return {**piece, "text": show_hidden(piece["text"])}

    def chosen() -> None:
        # A click may come from a text that another one has just taken the place of.
        place = getattr(st.session_state.get(key), "choose", None)
        if isinstance(place, int):
            on_choose(place)

    data = {"paragraphs": [[shown(p) for p in ps] for ps in paragraphs], "label": label}
    _renderers()["draft"](key=key, data=data, on_choose_change=chosen)


def draw_pair(lines: Sequence[tuple[str, str, Sequence[Mapping[str, str]]]], *, key: str) -> None:
    """Sentences one above the other: (label, side "ours" or "theirs", parts as in `draw_draft`)."""
    shown = [{"label": label, "side": side, "parts": _shown(ps)} for label, side, ps in lines]
    _renderers()["pair"](key=key, data={"lines": shown})


def guide_eyes(shown: str, *, messages: int, asking: bool) -> None:
    """Brings the last of `messages` questions and answers to the top when `shown` is another.

    The cursor goes back into the input, unless an answer is still awaited.
    """
    data = {"shown": shown, "messages": messages, "asking": asking}
    _renderers()["focus"](key="focus", data=data)


def clear_sidebar(page: str) -> None:
    """Where the sidebar covers the page, closes it when `page` is another than before."""
    _renderers()["frame"](key="frame", data={"page": page})


def _shown(parts: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [{**part, "text": show_hidden(part["text"])} for part in parts]


def _place(value: object, length: int) -> int | None:
    """What the browser says was clicked, if there is such a thing."""
    return value if isinstance(value, int) and 0 <= value < length else None
