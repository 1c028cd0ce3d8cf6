"""A file of claims, each with its passages → a verdict a line. Knows no documents' index."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.check.support import read_source
from rag.check.verdicts import Judgement, judge_claim
from rag.errors import ClaimsError
from rag.language.words import mend
from rag.statements import extract
from rag.types import Document, Evidence, Passage

MAX_LINE_BYTES = 5_000_000


def judge_passages(text: str, passages: Sequence[str], *, titles: Sequence[str] = ()) -> Judgement:
    """Judges `text` by `passages` alone, taken together; `titles` are their documents', if known.

    A span of the judgement is (number of the passage from 1, start, end in that passage).
    """
    sources = []
    for number, passage in enumerate(passages, start=1):
        title = titles[number - 1] if number <= len(titles) else ""
        document = Document(f"{number}", title, None, None, mend(passage), "")
        whole = Passage(document.id, 0, len(document.text), document.text)
        sources.append(read_source(Evidence(number, whole), document, extract(document)))
    return judge_claim(mend(text), sources)


def judge_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The verdict on each line `{id, text, passages: [{text, document?}]}` of a JSON Lines file.

    `{id, verdict, score, reasons, spans}`; a span is {passage (from 0), start, end, text}.

    Raises:
        ClaimsError: the file cannot be read, or a line is none of these.
    """
    if path.exists() and not path.is_file():
        raise ClaimsError(f"{path} is no file. Name a file of JSON Lines.")
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise ClaimsError(f"{path.name} line {number} is longer than 5 MB.")
                if line.strip():
                    yield _judge_line(line, f"{path.name} line {number}", number)
    except OSError as error:
        raise ClaimsError(f"{path} cannot be read ({error.strerror}).") from error


def _judge_line(line: bytes, where: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ClaimsError(f"{where} is no JSON. Write one object a line, in UTF-8.") from error
    text, passages = _read(row, where)
    judged = judge_passages(
        text, [p["text"] for p in passages], titles=[p["document"] for p in passages]
    )
    shown = [mend(p["text"]) for p in passages]
    return {
        "id": row.get("id", number),
        "verdict": judged.verdict,
        "score": round(judged.score, 4),
        "reasons": [c.reason for c in judged.complaints],
        "spans": [
            {"passage": n - 1, "start": start, "end": end, "text": shown[n - 1][start:end]}
            for n, start, end in judged.spans
        ],
    }


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _read(row: Any, where: str) -> tuple[str, list[dict[str, str]]]:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ClaimsError(f'{where} has no "text". Write {{"id", "text", "passages"}}.')
    passages = row.get("passages")
    if not isinstance(passages, list):
        raise ClaimsError(f'{where} has no list "passages". Write [{{"text": …}}, …].')
    found = []
    for passage in passages:
        given = passage if isinstance(passage, dict) else {"text": passage}
        text, document = given.get("text"), given.get("document", "")
        if not isinstance(text, str):
            raise ClaimsError(f'{where} has a passage without "text".')
        found.append({"text": text, "document": document if isinstance(document, str) else ""})
    return row["text"], found
