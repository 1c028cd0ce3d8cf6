"""One file's bytes → its text, page by page, and what it says of itself. Knows no folders.

Text files, HTML (the main text, without menus and adverts), PDF, Word and JSON Lines. Spans refer
to the extracted text. A file that cannot be read is a `DocumentError` with its remedy.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from rag import tuned
from rag.documents.encodings import decode, decode_html
from rag.errors import DocumentError
from rag.language.words import mend

# The names that corpora give to the parts of a document, the commonest first.
_TEXT_KEYS = ("text", "content", "contents", "body", "article", "document", "passage")
_TITLE_KEYS = ("title", "headline", "name")
_SOURCE_KEYS = ("source", "outlet", "publisher", "publication", "site", "sitename", "domain")
_DATE_KEYS = ("date", "published", "published_at", "publication_date", "pubdate", "timestamp")
_ID_KEYS = ("id", "_id", "doc_id", "document_id")

# In the margin of a transcript; its words stand further in.
_LINE_NUMBER = re.compile(r"[^\S\n]{0,4}(\d{1,2})(?=[^\S\n]{2}|\s*$)")
# Titles that programs write into a file by themselves.
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|untitled.*|.*\.(?:docx?|pdf|indd|rtf|tex|html?))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text and what its file says of itself: see `Document` for the fields.

    `written` is where the words of its writer end and comments on them start (Word alone has any).
    """

    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None
    pages: tuple[int, ...] = ()
    body: int | None = None
    note: str = ""
    written: int | None = None


def extract(data: bytes, suffix: str) -> Extracted:
    """The text of a file's bytes, by its ending (with the dot, lower case).

    Raises:
        DocumentError: it is damaged, encrypted, scanned or not text at all.
        MemoryError: there is not enough to read it.
    """
    try:
        found = READERS[suffix](data)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # parsers of hostile files raise errors of every kind
        reason = f"cannot be read ({type(error).__name__}). Save it in another format."
        raise DocumentError(reason) from error
    # JSON can hold characters that no file can.
    text = mend(found.text)
    return found if text == found.text else replace(found, text=text)


def read_text(data: bytes) -> Extracted:
    """Plain text and Markdown, kept as it stands (line ends and all), so quotes are verbatim.

    Only the numbers that count the lines of a transcript are left out: they stand in sentences.
    """
    return Extracted(_without_line_numbers(decode(data)))


def _without_line_numbers(text: str) -> str:
    lines = text.splitlines(keepends=True)
    numbered = [(n, m) for n, line in enumerate(lines) if (m := _LINE_NUMBER.match(line))]
    counted = sum(int(b[1]) - int(a[1]) == 1 for (_, a), (_, b) in pairwise(numbered))
    filled = sum(not line.isspace() for line in lines)
    if counted < 2 * tuned.LINE_NUMBERS or counted < tuned.TEXT_NUMBERED * filled:
        return text
    for n, match in numbered:
        lines[n] = lines[n][match.end() :]
    return "".join(lines)


def read_html(data: bytes) -> Extracted:
    """The article of a page, with the title, date and site that it declares."""
    from rag.documents.html import read

    found = read(decode_html(data))
    return Extracted(
        found.text,
        title=_clean(found.title),
        source=_clean(found.site),
        date=_iso_date(found.day),
    )


def read_pdf(data: bytes) -> Extracted:
    """The text of a PDF in reading order, with the places where its pages start."""
    from rag.documents.pdf import read

    found = read(data)
    laid, missing = found.laid, len(found.unread) + len(found.garbled)
    if found.count and missing == found.count:
        what = "pictures without text" if found.unread else "letters that say nothing"
        raise DocumentError(
            f"is scanned: its {found.count} pages are {what}."
            " Run it through OCR and add the result."
        )
    return Extracted(
        laid.text,
        title=_clean(found.title),
        pages=laid.pages,
        body=laid.body,
        note=_tell_missing(found.unread, found.garbled, found.count),
    )


def _tell_missing(unread: tuple[int, ...], garbled: tuple[int, ...], count: int) -> str:
    told = [
        f"{len(pages)} of {count} pages have no {what} ({_ranges(pages)})"
        for pages, what in ((unread, "text"), (garbled, "readable text layer"))
        if pages
    ]
    return f"{' and '.join(told)}. Run it through OCR and add the result." if told else ""


def _ranges(pages: tuple[int, ...]) -> str:
    """ "2-6, 9" of page numbers in order."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    shown = [str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs]
    return ", ".join(shown[:_RANGES_SHOWN]) + (", …" if len(shown) > _RANGES_SHOWN else "")


def read_docx(data: bytes) -> Extracted:
    """The text of a Word document as Word shows it, with its changes accepted."""
    import zipfile

    if data.startswith(b"\xd0\xcf\x11\xe0"):  # an OLE file
        raise DocumentError("is encrypted or an old Word file. Save it as .docx, no password.")
    from rag.documents.docx import read

    try:
        found = read(data)
    except (zipfile.BadZipFile, StopIteration, KeyError, ValueError, SyntaxError) as error:
        raise DocumentError(
            "is no Word document, a damaged one, or too large for one. Save it again, or split it."
        ) from error
    return Extracted(found.text, title=_clean(found.title), body=found.body, written=found.written)


def read_json_line(data: bytes) -> Extracted:
    """One line of a JSON Lines corpus: an object with a text, and perhaps title, source, date.

    Raises:
        DocumentError: the line is no such object.
    """
    row = parse_json_line(data)
    text = _first(row, _TEXT_KEYS)
    if text is None:
        raise DocumentError(f"has none of the keys {', '.join(_TEXT_KEYS[:4])}. Add the text.")
    return Extracted(
        text,
        title=_clean(_first(row, _TITLE_KEYS)),
        source=_clean(_first(row, _SOURCE_KEYS)),
        date=_iso_date(_first(row, _DATE_KEYS)),
    )


def parse_json_line(data: bytes) -> Mapping[str, Any]:
    """The object of one line.

    Raises:
        DocumentError: it is no JSON object.
    """
    try:
        row = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DocumentError("is no JSON. Mend that line.") from error
    if not isinstance(row, dict):
        raise DocumentError("is no JSON object. Mend that line.")
    return row


def json_line_name(row: Mapping[str, Any]) -> str | None:
    """The name that a line gives its document, if it is fit for one."""
    name = _first(row, _ID_KEYS)
    return name if name and re.fullmatch(r"[\w.@-]{1,80}", name) else None


READERS: dict[str, Callable[[bytes], Extracted]] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".jsonl": read_json_line,
}
_RANGES_SHOWN = 8


def _first(row: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = row.get(key)
        if isinstance(value, str | int) and str(value).strip():
            return str(value)
    return None


def _clean(value: object) -> str | None:
    text = " ".join(mend(str(value or "")).split())
    return None if not text or _NO_TITLE.match(text) else text


def _iso_date(value: object) -> str | None:
    """A date that starts as ISO 8601 (a time behind it is dropped); anything else is no date."""
    match = re.match(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?!\d)", str(value or ""))
    if match is None:
        return None
    try:
        date.fromisoformat((match.group() + "-01-01")[:10])
    except ValueError:
        return None
    return match.group()
