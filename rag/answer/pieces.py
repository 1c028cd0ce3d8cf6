"""An answer → plain pieces of text, for whoever draws or writes it. Knows no page and no format."""

import re
from collections.abc import Sequence
from typing import Any

from rag.answer.quotes import QUOTES, show_quote, show_speaker
from rag.language.words import show_hidden
from rag.types import Answer, Checked, Citation

_MARKER = re.compile(r"(\[\d+\])")
# Of plain pieces (`pieces`).
Paragraphs = list[list[dict[str, Any]]]


def pieces(answer: Answer) -> Paragraphs:
    """The answer, paragraph by paragraph, as plain pieces with nothing hidden in them.

    A piece is {"text"}, {"text", "verbatim"} (a quote), {"text", "told": what bears it out},
    {"strong"}, {"speaker"} or {"marker", "citation": place in the answer's citations, "quote"}. A
    quote is shown as it stands: a "[1]" or "~~" that its document holds is no mark of ours.
    """
    if answer.status == "abstained":
        return [[{"text": show_hidden(answer.text)}]]
    quotes: Paragraphs = [
        [
            *([{"speaker": show_hidden(speaker)}] if speaker else []),
            {"text": f"{show_hidden(show_quote(c))} ", "verbatim": True},
            {"marker": str(c.number), "citation": index, "quote": show_hidden(c.quote)},
        ]
        for index, (speaker, c) in enumerate(zip(labels_of(answer), quoted(answer), strict=True))
    ]
    worded = _worded(answer)
    if answer.engine == QUOTES:
        head: Paragraphs = [[{"strong": show_hidden(answer.headline)}]] if answer.headline else []
        if worded:
            worded[0].insert(0, {"text": "In the model’s words, checked: "})
        return [*head, *quotes, *worded]
    if quotes:
        worded.append([{"text": "In the documents’ words:"}])
    return [*worded, *quotes]


def quoted(answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer that are its quotes; those of a model's words follow."""
    cited = [i for s in answer.sentences for i in s.citations]
    if answer.engine != QUOTES and not cited:
        return ()
    return answer.citations[: min(cited, default=len(answer.citations))]


def _worded(answer: Answer) -> Paragraphs:
    """The sentences of a model that stand."""
    found: dict[int, list[dict[str, Any]]] = {}
    for sentence in (s for s in answer.sentences if s.stands):
        paragraph = found.setdefault(sentence.paragraph, [])
        paragraph += [*_sentence_pieces(sentence, answer.citations), {"text": " "}]
    return list(found.values())


def struck(answer: Answer) -> list[dict[str, str]]:
    """What a model wrote and no passage bears out: {"text", "why"} of each."""
    return [
        {"text": show_hidden(s.text), "why": show_hidden("; ".join(s.reasons))}
        for s in answer.sentences
        if not s.stands
    ]


def labels_of(answer: Answer) -> list[str]:
    """What stands before each quote: its row's label, or who says it, or nothing."""
    if answer.labels:
        return list(answer.labels)
    said = [show_speaker(s) for s in answer.statements] if answer.engine == QUOTES else []
    return said or [""] * len(quoted(answer))


def _sentence_pieces(sentence: Checked, citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """A sentence that stands; its markers open what it cites itself."""
    cited = {citations[i].number: i for i in reversed(sentence.citations)}
    own = [citations[i] for i in sentence.citations]
    quotes = [f"[{c.number}] “{show_hidden(c.quote)}”" for c in own]
    told = {"told": "\n".join(["Borne out by", *quotes])} if quotes else {}
    found: list[dict[str, Any]] = []
    for part in filter(None, _MARKER.split(sentence.text)):
        number = int(part[1:-1]) if _MARKER.fullmatch(part) else None
        if number in cited:
            index = cited[number]
            quote = show_hidden(citations[index].quote)
            found.append({"marker": str(number), "citation": index, "quote": quote})
        else:
            found.append({"text": show_hidden(part), **told})
    return found
