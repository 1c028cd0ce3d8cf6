"""One sentence of a checked draft beside what the documents say. Knows no other sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from rag import Assistant
from rag.browser.components import draw_document, draw_pair
from rag.browser.reader import Span, cut, open_citation, surroundings
from rag.compare import differences
from rag.draft.report import KINDS, LABELS, Finding, Judged, Verdict
from rag.export import escape
from rag.language.sentences import sentences
from rag.language.words import content_words, overlap, show_hidden
from rag.types import Citation

PASSAGES_SHOWN = 3
# Findings whose words can be put in the place of the draft's.
_PUT_IN = ("altered-quote", "number", "date", "name", "hedge", "word")
# Around a passage, in characters: the document itself is one click away.
_AROUND = 160


@dataclass(frozen=True)
class Told:
    """A verdict for people, besides its label: a sign that does not need a colour, in few words,
    why, and what stands above the passages."""

    sign: str
    few: str
    why: str
    passages: str


TOLD: Mapping[Verdict, Told] = {
    "contradicted": Told(
        "✗", "contradicted", "The documents have something else here.",
        "What the documents say",
    ),
    "not borne out": Told(
        "?", "not in the documents", "Nothing that was read says this.",
        "What is nearest to it",
    ),
    "in part": Told(
        "~", "in part", "The documents say some of it, not all.",
        "What the documents say",
    ),
    "borne out": Told("✓", "borne out", "The documents say it.", "Where it stands"),
    "no claim": Told(
        "", "without a claim", "It says nothing that can be looked up.",
        "What is nearest to it",
    ),
}  # fmt: skip


def show_sentence(assistant: Assistant, judged: Judged, *, key: str) -> None:
    told = TOLD[judged.verdict]
    st.markdown(f"**{f'{told.sign} {LABELS[judged.verdict]}'.strip()}.** {told.why}")
    for f in judged.findings:
        st.markdown(f"- **{escape(_capital(KINDS.get(f.kind, f.kind)))}:** {escape(f.reason)}")
    ours, theirs = pair(judged)
    lines = [("Your draft", "ours", ours)]
    if theirs:
        lines.append(("The document", "theirs", theirs))
    draw_pair(lines, key=f"pair-{key}")
    if better := corrected(judged):
        st.caption("With the words of the document:")
        st.code(show_hidden(better), language=None, wrap_lines=True)
    if judged.citations:
        st.caption(told.passages)
    for place, citation in enumerate(judged.citations[:PASSAGES_SHOWN]):
        show_passage(assistant, citation, judged.citations, key=f"{key}-{place}")
    if len(judged.citations) > PASSAGES_SHOWN:
        st.caption(f"and {len(judged.citations) - PASSAGES_SHOWN} more passages")


def show_passage(
    assistant: Assistant, citation: Citation, others: Sequence[Citation], *, key: str
) -> None:
    """A passage with what stands around it, and a button that opens its document."""
    c = citation
    with st.container(border=True):
        told = (c.source, c.date, f"page {c.page}" if c.page else None)
        rest = "".join(f" · {escape(t)}" for t in told if t)
        st.markdown(f"**{escape(c.title)}**{rest}")
        document, _ = assistant.chats.open_citation(c)
        parts: Sequence[Mapping[str, str]] = [{"text": c.quote, "mark": "here"}]
        if document is not None and document.text[c.start : c.end] == c.quote:
            first, last = surroundings(document.text, c.start, c.end, around=_AROUND)
            before = document.text[first : c.start]
            first += len(before) - len(before.lstrip())
            parts = cut(document.text, first, last, here=(c.start, c.end))
        draw_document(parts, key=f"passage-{key}", label=c.title)
        if st.button("Open the document", key=f"open-{key}", icon=":material/menu_book:"):
            open_citation(assistant, c, others)


def emphasised(judged: Judged) -> list[dict[str, str]]:
    """The sentence in parts, the words marked that something was found about.

    A finding about all of it marks nothing: the sentence is marked as a whole.
    """
    spans = [(f.start - judged.start, f.end - judged.start) for f in _pointing(judged)]
    return _parts(judged.text, spans)


def pair(judged: Judged) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The sentence and the document's nearest one, in parts, with what differs marked."""
    nearest = _nearest(judged)
    ours: list[Span] = []
    theirs: list[Span] = []
    for f in _pointing(judged):
        old, new = _words(f.text), _words(f.instead)
        start = f.start - judged.start
        if not new:
            ours.append((start, f.end - judged.start))
            continue
        # Within a long quotation only the words that are others.
        changed = differences([f.text[a:b] for a, b in old], [f.instead[a:b] for a, b in new])
        at = nearest.casefold().find(f.instead.casefold())
        for kind, first, last in changed:
            if kind == "removed":
                ours.append((start + old[first][0], start + old[last - 1][1]))
            elif kind == "added" and at >= 0:
                theirs.append((at + new[first][0], at + new[last - 1][1]))
    return _parts(judged.text, ours), _parts(nearest, theirs) if nearest else []


def corrected(judged: Judged) -> str:
    """The sentence with the document's words where something was found, "" if there are none.

    What turns a sentence around is left to its writer: more of it may have to be said anew.
    """
    text, edge = judged.text, len(judged.text)
    for f in sorted(judged.findings, key=lambda f: (-f.end, -f.start)):
        start, end = f.start - judged.start, f.end - judged.start
        if (
            f.instead and f.kind in _PUT_IN and 0 <= start < end <= edge
        ):  # two that overlap cannot both be put in
            text, edge = text[:start] + f.instead + text[end:], start
    return text if text != judged.text else ""


def _pointing(judged: Judged) -> list[Finding]:
    """The findings that are about some words of the sentence, not about all of it."""
    return [
        f for f in judged.findings
        if judged.start <= f.start < f.end <= judged.end
        and (f.instead or f.end - f.start < len(judged.text))
    ]  # fmt: skip


def _nearest(judged: Judged) -> str:
    """The sentence of what is cited that has the document's words, or most of the draft's."""
    if not judged.findings:
        return ""
    instead = [f.instead.casefold() for f in judged.findings if f.instead]
    words = content_words(judged.text)
    told = [c.quote[a:b] for c in judged.citations for a, b in sentences(c.quote)]
    return max(
        told, default="",
        key=lambda s: (sum(i in s.casefold() for i in instead), len(overlap(words, s))),
    )  # fmt: skip


def _words(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"\S+", text)]


def _parts(text: str, spans: Iterable[Span]) -> list[dict[str, str]]:
    """`text` in parts that together are exactly it, those in `spans` marked."""
    found: list[dict[str, str]] = []
    place = 0
    for start, end in sorted(spans):
        start = max(start, place)
        if start >= end:
            continue
        if place < start:
            found.append({"text": text[place:start]})
        found.append({"text": text[start:end], "mark": "found"})
        place = end
    if place < len(text):
        found.append({"text": text[place:]})
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
