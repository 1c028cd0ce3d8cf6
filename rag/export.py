"""Answers, chats and reports as JSON, Markdown, CSV and plain text. Knows not where they go.

Text of documents and models is escaped in Markdown: what stands in it is shown, never acted on.
"""

import csv
import dataclasses
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.answer.pieces import labels_of, pieces, quoted, struck
from rag.answer.quotes import QUOTES, show_quote
from rag.cases import case_as_json
from rag.evaluate import Report
from rag.language.words import show_hidden
from rag.types import (
    Answer,
    Chat,
    Citation,
    Feedback,
    Hit,
    Passage,
    Query,
    Scope,
    Statement,
    Turn,
)

# What spreadsheets take for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# "@" and the dot of "www.": Markdown's readers make links of them without being told to.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:^@-]|(?<=www)\.)", re.IGNORECASE)


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """The `ask --json` interface, documented in the README."""
    return {
        "question": answer.question,
        "status": answer.status,
        "reason": answer.reason,
        "notice": answer.notice,
        "text": answer.text,
        "engine": answer.engine,
        "sent_to": answer.sent_to or None,
        "searched": answer.searched,
        "within": scope_as_json(answer.within) if answer.within else None,
        "query": query_as_json(answer.query) if answer.query else None,
        "citations": [citation_as_json(c) for c in answer.citations],
        "note": answer.note,
        "shape": answer.shape or None,
        "headline": answer.headline or None,
        "rows": [
            {"label": label, "citation": index}
            for index, label in enumerate(answer.labels if answer.shape else ())
        ],
        "statements": [statement_as_json(s) for s in answer.statements],
        "sentences": [
            {"text": s.text, "status": s.status, "reasons": list(s.reasons)}
            for s in answer.sentences
        ],
        "rejected": [dataclasses.asdict(r) for r in answer.rejected],
        "evidence": [
            {
                "number": e.number,
                "document": e.passage.document_id,
                "start": e.passage.start,
                "end": e.passage.end,
                "text": e.passage.text,
                "score": e.score,
                "copies": copies_as_json(e.copies),
            }
            for e in answer.evidence
        ],
        "timings_ms": dict(answer.timings_ms),
        "tokens": {"read": answer.tokens[0], "written": answer.tokens[1]},
        "cost": answer.cost,
    }


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """One of the `citations` of `ask --json` and `check --json`."""
    c = citation
    return {
        "number": c.number,
        "document": c.document_id,
        "title": c.title,
        "source": c.source,
        "date": c.date,
        "start": c.start,
        "end": c.end,
        "page": c.page,
        "version": c.version,
        "quote": c.quote,
    }


def statement_as_json(statement: Statement) -> dict[str, Any]:
    """One row of `statements --json` and of the `statements` of `ask --json`."""
    s = statement
    return {
        "document": s.document_id,
        "start": s.start,
        "end": s.end,
        "speaker": s.speaker,
        "role": s.role,
        "mention": s.mention or None,
        "cue": s.cue or None,
        "content": s.content,
        "kind": s.kind,
        "to": s.to or None,
        "via": list(s.via),
        "outlet": s.outlet,
        "date": s.date,
        "negated": s.negated,
        "certain": s.certain,
        "asks": s.asks,
        "spans": {
            "speaker": list(s.speaker_span) if s.speaker_span else None,
            "cue": list(s.cue_span) if s.cue_span else None,
            "content": [list(span) for span in s.content_spans],
        },
    }


def query_as_json(query: Query) -> dict[str, Any]:
    """How the question was read: the `query` of `ask --json` and `search --json`."""
    return {
        "text": query.text,
        "topic": query.topic,
        "terms": list(query.terms),
        "claim": query.claim or None,
        "said_by": list(query.said_by),
        "phrases": list(query.phrases),
        "names": list(query.names),
        "strangers": list(query.strangers),
        "period": list(query.period) if query.period else None,
        "mended": dict(query.mended),
        "offered": dict(query.offered),
        "variants": [list(pair) for pair in query.variants],
        "dates": list(query.dates),
        "parts": [
            {"text": p.text, "outlets": list(p.outlets), "dates": list(p.dates)}
            for p in query.parts
        ],
        "every_document": query.every_document,
        "of_kind": query.of_kind or None,
        "place": query.place or None,
        "sides": list(query.sides) if query.sides else None,
        "limits": list(query.limits),
        "refused": query.refused or None,
    }


def hits_as_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The `hits` of `search --json`, documented in the README."""
    return [
        {
            "document": h.passage.document_id,
            "start": h.passage.start,
            "end": h.passage.end,
            "text": h.passage.text,
            "score": round(h.score, 4),
            "found_by": list(h.found_by),
            "copies": copies_as_json(h.copies),
            "focus": list(h.focus) if h.focus else None,
        }
        for h in hits
    ]


def report_as_json(report: Report) -> dict[str, Any]:
    """The `eval --json` interface: the table, and every row with all that is needed to rescore."""
    return {
        "settings": dict(report.settings),
        "seconds": round(report.seconds, 2),
        "citations": report.citations,
        "unverified_citations": report.unverified,
        "table": {name: dict(row) for name, row in report.table.items()},
        "rows": [
            {
                "id": row.case.id,
                "case": case_as_json(row.case),
                "scores": dict(row.scores),
                "evidence_not_found": list(row.missing),
                "answer": answer_as_json(row.answer),
                "hits": hits_as_json(row.hits),
            }
            for row in report.rows
        ],
    }


def copies_as_json(copies: Sequence[Passage]) -> list[dict[str, Any]]:
    return [{"document": p.document_id, "start": p.start, "end": p.end} for p in copies]


def scope_as_json(scope: Scope) -> dict[str, Any]:
    """What a question was limited to: the `within` of `ask --json`."""
    return {
        "documents": list(scope.documents),
        "outlets": list(scope.outlets),
        "since": scope.since or None,
        "until": scope.until or None,
    }


def show_limits(answer: Answer) -> str:
    """What the operators of a question limited it to, on one line; "" without any."""
    limits = answer.query.limits if answer.query is not None else ()
    return f"Limited to: {', '.join(limits)}" if limits else ""


def chat_as_json(
    chat: Chat, turns: Sequence[Turn], feedback: Mapping[int, Feedback]
) -> dict[str, Any]:
    """A whole chat: each turn with its `ask --json` and what was thought of it."""
    return {
        "id": chat.id,
        "title": chat.title,
        "created": chat.created,
        "updated": chat.updated,
        "turns": [
            {
                "number": t.number,
                "created": t.created,
                "answer": answer_as_json(t.answer),
                "feedback": dataclasses.asdict(feedback[t.number])
                if t.number in feedback
                else None,
            }
            for t in turns
        ],
    }


def chat_as_markdown(chat: Chat, turns: Sequence[Turn]) -> str:
    """A whole chat, its citations as footnotes."""
    parts = [f"# {escape(chat.title)}"]
    notes: list[str] = []
    for turn in turns:
        answer = turn.answer
        parts.append(f"## {escape(answer.question)}")
        if answer.searched and answer.searched != answer.question:
            parts.append(f"*Searched for: {escape(answer.searched)}*")
        parts += [_as_markdown(paragraph, turn.number) for paragraph in pieces(answer)]
        parts += [f"~~{escape(s['text'])}~~ ({escape(s['why'])})" for s in struck(answer)]
        parts += [escape(line) for line in (answer.reason, answer.note, answer.notice) if line]
        by = "Quoted" if answer.engine == QUOTES else f"Worded by {escape(answer.engine)}, checked"
        parts.append(f"*{by}, {turn.created[:16].replace('T', ' ')} UTC*")
        for index, c in enumerate(answer.citations):
            where = f"{c.document_id}, characters {c.start}–{c.end}"
            notes.append(
                f"[^{turn.number}-{index + 1}]: “{escape(c.quote)}” {escape(origin(c))} "
                f"({escape(where)})"
            )
    return "\n\n".join([*parts, *notes]) + "\n"


def answer_as_text(answer: Answer) -> str:
    """An answer with its citations, to be pasted anywhere."""
    lines = [show_hidden(answer.question), ""]
    for paragraph in pieces(answer):
        shown = [
            f"[{p['marker']}]" if "marker" in p else f"{p['speaker']}: " if "speaker" in p
            else p["strong"] if "strong" in p else p["text"] for p in paragraph
        ]  # fmt: skip
        if any(s.strip() for s in shown):
            lines += ["".join(shown).strip(), ""]
    for line in (answer.reason, answer.note):
        if line:
            lines += [show_hidden(line), ""]
    for number, cited in _by_number(answer.citations):
        quotes = " … ".join(f"“{show_hidden(c.quote)}”" for c in cited)
        lines.append(f"[{number}] {show_hidden(origin(cited[0]))}: {quotes}")
    return "\n".join(lines).strip() + "\n"


# The columns of an answer's rows as CSV.
CSV_COLUMNS = (
    "row",
    "label",
    "quote",
    "document",
    "title",
    "outlet",
    "date",
    "page",
    "start",
    "end",
)


def answer_as_csv(answer: Answer) -> str:
    """The rows of an answer, or its citations, as CSV (RFC 4180): a header, then one a line."""
    return _as_csv(CSV_COLUMNS, _csv_rows(answer))


def chat_as_csv(turns: Sequence[Turn]) -> str:
    """The rows of all answers of a chat, each behind its question."""
    rows = [
        (turn.number, turn.answer.question, *row)
        for turn in turns
        for row in _csv_rows(turn.answer)
    ]
    return _as_csv(("turn", "question", *CSV_COLUMNS), rows)


def _csv_rows(answer: Answer) -> list[tuple[str | int | None, ...]]:
    labels = labels_of(answer) if quoted(answer) and answer.status == "answered" else []
    labels += [""] * (len(answer.citations) - len(labels))
    return [
        (number, label, c.quote, c.document_id, c.title, c.source, c.date, c.page, c.start, c.end)
        for number, (label, c) in enumerate(zip(labels, answer.citations, strict=True), start=1)
    ]


def _as_csv(columns: Sequence[str], rows: Sequence[Sequence[str | int | None]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([table_cell(v) if isinstance(v, str) else v for v in row] for row in rows)
    return file.getvalue()


def first_words(answer: Answer) -> str:
    """What answers, on one or two lines, while more of it is still written."""
    first = quoted(answer)[0]
    label = labels_of(answer)[0]
    said = f"{label}: {show_quote(first)}" if label else show_quote(first)
    return "\n".join(filter(None, (answer.headline, f"{said} — {origin(first)}")))


def origin(citation: Citation) -> str:
    """Where a citation stands, for people: title, outlet, date and page."""
    c = citation
    page = f"page {c.page}" if c.page else None
    return ", ".join(filter(None, (c.title, c.source, c.date, page)))


def escape(text: str) -> str:
    """`text` for a place that reads Markdown: its special characters shown, not acted on."""
    return _MARKDOWN.sub(r"\\\1", " ".join(show_hidden(text).split()))


def table_cell(text: str) -> str:
    """`text` for a table that can be saved as CSV: a spreadsheet must not run it as a formula.

    An apostrophe before it is what spreadsheets themselves read as "this is text" (OWASP, CSV
    injection).
    """
    shown = show_hidden(text)
    formula = shown.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA)
    return f"'{shown}" if formula else shown


def _as_markdown(paragraph: Sequence[dict[str, Any]], turn: int) -> str:
    shown = []
    for piece in paragraph:
        if "marker" in piece:
            shown.append(f"[^{turn}-{piece['citation'] + 1}]")
        elif "strong" in piece:
            shown.append(f"**{escape(piece['strong'])}**")
        elif "speaker" in piece:
            shown.append(f"**{escape(piece['speaker'])}:** ")
        else:
            text = piece["text"]
            shown.append(f"{escape(text)}{' ' if text.endswith(' ') else ''}")
    return "".join(shown).strip()


def _by_number(citations: Sequence[Citation]) -> list[tuple[int, list[Citation]]]:
    found: dict[int, list[Citation]] = {}
    for c in citations:
        found.setdefault(c.number, []).append(c)
    return sorted(found.items())
