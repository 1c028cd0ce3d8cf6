"""A checked draft as Markdown, as text for a terminal and as JSON. Knows not where they go.

Text of drafts and documents is escaped in Markdown: what stands in it is shown, never acted on.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from rag.draft.report import KINDS, LABELS, Finding, Judged, Report, Verdict
from rag.export import citation_as_json, escape, origin
from rag.types import Citation

# The verdicts of sentences that a writer has to look at again.
BAD: frozenset[Verdict] = frozenset(("contradicted", "not borne out", "in part"))
_LONGEST_LINE = 400
ANY = "any"
# What can be asked to be none of, besides the kinds of findings: verdicts, or any of them.
VERDICT_NAMES: dict[str, frozenset[Verdict]] = {
    **{verdict.replace(" ", "-"): frozenset((verdict,)) for verdict in sorted(BAD)},
    ANY: BAD,
}


def draft_as_json(report: Report) -> dict[str, Any]:
    """The `check --json` interface, documented in docs/json.md."""
    return {
        "name": report.name,
        "documents": report.documents,
        "stopped": report.stopped,
        "counts": dict(report.counts),
        "kinds": dict(report.kinds),
        "sentences": [
            {
                "start": s.start,
                "end": s.end,
                "text": s.text,
                "verdict": s.verdict,
                "score": round(s.score, 4),
                "findings": [
                    {
                        "kind": f.kind,
                        "start": f.start,
                        "end": f.end,
                        "text": f.text,
                        "reason": f.reason,
                        "instead": f.instead,
                    }
                    for f in s.findings
                ],
                "citations": [citation_as_json(c) for c in s.citations],
            }
            for s in report.sentences
        ],
    }


def draft_as_markdown(report: Report) -> str:
    """The whole draft, sentence by sentence, each with what the documents say of it."""
    parts = [f"# Checked: {escape(report.name or 'a draft')}", summary(report)]
    if report.kinds:
        told = [f"- {escape(KINDS.get(kind, kind))}: {n}" for kind, n in report.kinds.items()]
        parts.append("\n".join(told))
    parts.append("## Sentence by sentence")
    parts += [_sentence_as_markdown(s) for s in report.sentences]
    return "\n\n".join(parts) + "\n"


def draft_as_text(report: Report) -> str:
    """What is not borne out, and a line that sums it up."""
    pieces = [_sentence_as_text(s) for s in report.sentences if s.verdict in BAD]
    return "\n\n".join([*pieces, summary(report)]) + "\n"


def summary(report: Report) -> str:
    """How many sentences were judged how, in a line."""
    counts = dict(report.counts)
    nothing = counts.pop("no claim")
    told = ", ".join(f"{n} {LABELS[v].lower()}" for v, n in counts.items() if n)
    line = (
        f"{_count(sum(counts.values()), 'sentence')} looked up in "
        f"{_count(report.documents, 'document')}{': ' if told else ''}{told}."
    )
    if nothing:
        line += f" {_count(nothing, 'sentence')} without a claim."
    if report.stopped:
        line += " Stopped before the last sentence: what comes behind it was not judged."
    return line


def find_failures(report: Report, unwanted: Sequence[str]) -> list[str]:
    """What of `unwanted` was found, a line each: kinds of findings, and names of verdicts."""
    counts, kinds = report.counts, report.kinds
    found = {
        name: sum(counts[v] for v in VERDICT_NAMES[name])
        if name in VERDICT_NAMES
        else kinds.get(name, 0)
        for name in unwanted
    }
    return [
        f"{name}: {_count(n, 'sentence' if name in VERDICT_NAMES else 'finding')}; none is wanted."
        for name, n in found.items()
        if n
    ]


def label(verdict: Verdict) -> str:
    """A verdict at the beginning of a line."""
    return LABELS[verdict]


def source(citation: Citation) -> str:
    """Where a citation stands, for people."""
    return origin(citation) or citation.document_id


def shorten(text: str, characters: int = _LONGEST_LINE) -> str:
    """`text` on one line, cut where it is longer."""
    text = " ".join(text.split())
    return text if len(text) <= characters else text[: characters - 1] + "…"


def _sentence_as_markdown(judged: Judged) -> str:
    sentence = escape(judged.text)
    if judged.verdict == "no claim":
        return sentence
    lines = [f"**{label(judged.verdict)}:** {sentence}"]
    if judged.verdict not in BAD:
        if judged.citations:
            lines[0] += f" *({escape(source(judged.citations[0]))})*"
        return lines[0]
    lines += [f"- {_finding_as_markdown(f, judged)}" for f in judged.findings]
    blocks = ["\n".join([lines[0], "", *lines[1:]]).rstrip()]
    for c in judged.citations:
        where = f"{c.document_id}, characters {c.start}–{c.end}"
        blocks.append(f"> {escape(source(c))} ({escape(where)}):\n>\n> “{escape(c.quote)}”")
    return "\n\n".join(blocks)


def _finding_as_markdown(finding: Finding, judged: Judged) -> str:
    told = [escape(_kind(finding))]
    if finding.text != judged.text:
        told.append(f"“{escape(finding.text.strip('“”'))}”")
    told += [escape(finding.reason)] if finding.reason else []
    if finding.instead and finding.instead not in finding.reason:
        told.append(f"the document has “{escape(finding.instead)}”")
    return ": ".join(told[:2]) + "".join(f"; {piece}" for piece in told[2:])


def _sentence_as_text(judged: Judged) -> str:
    return "\n".join([f"{label(judged.verdict)}: {shorten(judged.text)}", *_details(judged)])


def _details(judged: Judged) -> Iterator[str]:
    for f in judged.findings:
        words = "" if f.text == judged.text else f" “{shorten(f.text)}”:"
        yield f"  ✗{words} {shorten(f.reason or _kind(f))}"
        if f.instead and f.instead not in f.reason:
            yield f"    the document has: “{shorten(f.instead)}”"
    for c in judged.citations:
        yield f"  {source(c)}: “{shorten(c.quote)}”"
        yield f"    {c.document_id} {c.start}–{c.end}"


def _kind(finding: Finding) -> str:
    return KINDS.get(finding.kind, finding.kind)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
