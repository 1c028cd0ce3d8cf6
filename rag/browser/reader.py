"""Sources and documents beside the chat: a cited passage, its document, who speaks in it."""

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from rag import Assistant
from rag.answer.quotes import show_speaker
from rag.browser.components import draw_document, draw_statements
from rag.export import escape
from rag.language.words import show_hidden
from rag.types import Citation, Document, Statement

# Around a cited passage, in characters; widened to whole paragraphs where those are near.
_AROUND = 700
# Of a huge document, what is shown around the place: a browser chokes on tens of megabytes.
_MOST = 400_000
# Of the drawer, in pixels: the chat stays in sight beside it on a desk.
_WIDTH = 680
Span = tuple[int, int]


def open_citation(assistant: Assistant, citation: Citation, others: Sequence[Citation]) -> None:
    """What is cited, in its document as it was then; `others` are all citations of the answer."""
    c = citation
    document, current = assistant.chats.open_citation(c)
    if document is None or document.text[c.start : c.end] != c.quote:
        _show_gone(c.title, c.quote)
        return
    spans = [(o.start, o.end) for o in others
             if o.document_id == c.document_id and o.version == c.version
             and document.text[o.start : o.end] == o.quote]  # fmt: skip
    note = None if current else (
        "The document has changed or gone since. This is the text that was cited."
    )  # fmt: skip
    statements = assistant.statements(document=c.document_id) if current else []
    open_document(document, here=(c.start, c.end), marked=spans, statements=statements, note=note)


def open_place(assistant: Assistant, document_id: str, start: int, end: int) -> None:
    """A place in a document as it is now."""
    document = assistant.index.get_document(document_id)
    if document is None:
        _show_gone(document_id, "")
        return
    open_document(
        document, here=(start, end), statements=assistant.statements(document=document_id)
    )


def open_document(
    document: Document,
    *,
    here: Span | None = None,
    marked: Sequence[Span] = (),
    statements: Sequence[Statement] = (),
    note: str | None = None,
) -> None:
    """A document at the side: the passage `here`, all of it, or who speaks in it."""
    views = [*(["Passage"] if here else []), "Whole document"]
    if statements:
        views.append(f"Speakers ({len({s.speaker for s in statements})})")
    key = f"{document.id}-{here}"

    @st.dialog(escape(document.title), width=_WIDTH, position="right")
    def dialog() -> None:
        page = document.page(here[0]) if here else None
        told = (document.source, document.date, f"page {page}" if page else None, document.id)
        st.caption(escape(" · ".join(filter(None, told))))
        if note:
            st.info(note)
        view = views[0]
        if len(views) > 1:
            view = st.segmented_control(
                "View", views, default=views[0], key=f"view-{key}", required=True,
                label_visibility="collapsed",
            )  # fmt: skip
        where = here
        if view.startswith("Speakers"):
            place = st.container()
            chosen = draw_statements(
                statements, "Who speaks in this document", key=f"speakers-{key}", scroll=True
            )
            if chosen is None:
                return
            where = (statements[chosen].start, statements[chosen].end)
            with place:
                _draw(document, where, (), (), view=f"speaker-{where}", passage=True)
            return
        _draw(document, where, marked, statements, view=view, passage=view == "Passage")

    dialog()


def _draw(
    document: Document,
    here: Span | None,
    marked: Sequence[Span],
    statements: Sequence[Statement],
    *,
    view: str,
    passage: bool,
) -> None:
    first, last = 0, len(document.text)
    if passage and here:
        first, last = surroundings(document.text, *here)
    elif last > _MOST:
        middle = sum(here) // 2 if here else 0
        first = max(0, min(middle - _MOST // 2, last - _MOST))
        last = first + _MOST
        st.caption(
            f"This document is very long: characters {first:,} to {last:,} of "
            f"{len(document.text):,} are shown."
        )
    parts = cut(document.text, first, last, here=here, marked=marked, statements=statements)
    if not passage and statements:
        st.caption("Underlined: who said it shows when you point at it.")
    draw_document(parts, key=f"document-{document.id}-{view}-{here}", label=document.title)


def surroundings(text: str, start: int, end: int, *, around: int = _AROUND) -> Span:
    """`[start, end)` with what stands around it, from and to the edge of a paragraph or word."""
    first = max(0, start - around)
    if first:
        edge = text.find("\n", first, start)
        edge = edge if edge >= 0 else text.find(" ", first, start)
        first = edge + 1 if edge >= 0 else start
    last = min(len(text), end + around)
    if last < len(text):
        edge = text.rfind("\n", end, last)
        edge = edge if edge >= 0 else text.rfind(" ", end, last)
        last = edge if edge >= 0 else end
    return first, last


def cut(
    text: str,
    first: int,
    last: int,
    *,
    here: Span | None = None,
    marked: Sequence[Span] = (),
    statements: Sequence[Statement] = (),
) -> list[dict[str, str]]:
    """`text[first:last]` in parts that together are exactly it, each marked and told as it is."""
    said = [(start, end, show_speaker(s)) for s in statements for start, end in s.content_spans]
    edges = {first, last}
    for start, end in [*([here] if here else []), *marked, *((a, b) for a, b, _ in said)]:
        edges |= {min(max(start, first), last), min(max(end, first), last)}
    ordered = sorted(edges)
    said.sort()
    parts: list[dict[str, str]] = [{"text": "…"}] if first > 0 else []
    upcoming = 0
    open_: list[tuple[int, int, str]] = []
    for start, end in pairwise(ordered):
        while upcoming < len(said) and said[upcoming][0] <= start:
            open_.append(said[upcoming])
            upcoming += 1
        open_ = [s for s in open_ if s[1] > start]
        part: dict[str, str] = {"text": text[start:end]}
        if here and here[0] <= start and end <= here[1]:
            part["mark"] = "here"
        elif any(a <= start and end <= b for a, b in marked):
            part["mark"] = "other"
        if open_:
            part["said"] = show_hidden(open_[-1][2])
        parts.append(part)
    if last < len(text):
        parts.append({"text": "…"})
    return parts


def _show_gone(title: str, quote: str) -> None:
    @st.dialog(escape(title), width=_WIDTH, position="right")
    def dialog() -> None:
        if not quote:
            st.info("This document is no longer in the folder.")
            return
        st.info("This document is no longer in the folder. It said:")
        draw_document([{"text": quote, "mark": "here"}], key="gone", label=title)

    dialog()
