"""A PDF → its text in reading order, with what it says of itself. Knows nothing about folders.

PDFium gives characters and where they stand; `layout` puts them in order.
"""

import ctypes
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag import tuned
from rag.documents.layout import Laid, Page, Piece, lay_out
from rag.errors import DocumentError

# PDFium is not safe for threads.
_PDF_LOCK = threading.Lock()
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# PDFium marks a word broken at a line's end with these.
_SOFT_HYPHENS = ("\ufffe", "\x02")
# Shorter pages are not judged.
_ENOUGH = 60
_FIELD_SIZE = 10.0
# Radians from the horizontal that a line may be off by.
_TURNED = 1 / 20


@dataclass(frozen=True, slots=True)
class Pdf:
    """What was read; `unread` are the pages (from 1) without text, `garbled` those whose text layer
    says nothing, of `count` pages."""

    laid: Laid
    title: str | None
    count: int
    unread: tuple[int, ...] = ()
    garbled: tuple[int, ...] = ()


def read(data: bytes) -> Pdf:
    """The text of a PDF.

    Raises:
        DocumentError: it is encrypted or damaged.
    """
    import pypdfium2

    with _PDF_LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise DocumentError(
                    "is encrypted. Save a copy without a password and add that."
                ) from error
            raise DocumentError("is no PDF or a damaged one. Export it again.") from error
        try:
            pages = [_page(pdf, number) for number in range(len(pdf))]
            about = pdf.get_metadata_dict()
        except pypdfium2.PdfiumError as error:
            raise DocumentError("is a damaged PDF. Export it again.") from error
        finally:
            pdf.close()
    garbled = [number for number, page in enumerate(pages) if _is_garbage(page)]
    unread = [number for number, page in enumerate(pages) if not page.pieces]
    readable = [Page(()) if number in garbled else page for number, page in enumerate(pages)]
    return Pdf(
        lay_out(readable),
        about.get("Title"),
        len(pages),
        tuple(n + 1 for n in unread),
        tuple(n + 1 for n in garbled),
    )


def _page(pdf: Any, number: int) -> Page:
    page = pdf[number]
    try:
        text_page = page.get_textpage()
        try:
            pieces = list(_pieces(text_page))
        finally:
            text_page.close()
        return Page((*pieces, *_fields(page)))
    finally:
        page.close()


def _pieces(text_page: Any) -> Iterator[Piece]:
    """Runs of characters that stand close behind one another on one line."""
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    at = ctypes.byref(rect)
    run: list[str] = []
    left = right = bottom = top = size = 0.0
    turned = broken = False

    def piece() -> Iterator[Piece]:
        text = "".join(run).replace("\x00", "")
        if text.strip():
            yield Piece(text.strip(" \t"), left, right, bottom, top, size, turned)

    for index in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        if character in "\r\n":
            broken = True
            continue
        if character.isspace():
            if run:
                run.append(" ")
            continue
        if character in _SOFT_HYPHENS:
            run.append("\u00ad")
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, index, at)
        height = rect.top - rect.bottom
        raised = (
            run
            and not broken
            and character.isdecimal()
            and height < tuned.RAISED_SIZE * size
            and rect.bottom - bottom > tuned.RAISED_BY * size
            and -1 < rect.left - right < size / 2
        )
        if raised:
            run.append(character.translate(_SUPERSCRIPT))
            right = max(right, rect.right)
            continue
        same_line = run and min(rect.top, top) - max(rect.bottom, bottom) > min(size, height) / 2
        close = same_line and -size / 2 < rect.left - right < tuned.PIECE_GAP * max(size, height)
        if not close or broken:
            yield from piece()
            run = []
            left, bottom, top, size = rect.left, rect.bottom, rect.top, height
            angle = pdfium.FPDFText_GetCharAngle(text_page, index) % math.pi
            turned = min(angle, math.pi - angle) > _TURNED
        run.append(character)
        right, broken = rect.right, False
    yield from piece()


def _fields(page: Any) -> Iterator[Piece]:
    """What was filled in a form or written beside the text, where it stands."""
    import pypdfium2.raw as pdfium

    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                text = _string(note, b"V")
            elif kind in (pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT):
                text = _string(note, b"Contents")
            else:
                continue
            rect = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(note, ctypes.byref(rect))
            height = max(1.0, min(_FIELD_SIZE, rect.top - rect.bottom))
            for line, words in enumerate(filter(None, map(str.strip, text.splitlines()))):
                high = rect.top - line * height
                yield Piece(words, rect.left, rect.right, high - height, high, height)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _string(note: Any, key: bytes) -> str:
    import pypdfium2.raw as pdfium

    length = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAnnot_GetStringValue(
        note, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length
    )
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _is_garbage(page: Page) -> bool:
    text = " ".join(piece.text for piece in page.pieces)
    if len(text) < _ENOUGH:
        return False
    strange = sum(not c.isprintable() or "\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)
    return strange > tuned.STRANGE_SHARE * len(text)
