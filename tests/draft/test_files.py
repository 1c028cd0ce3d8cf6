"""A draft's file is read as a document is; what cannot be read is told with the next step."""

import io
from pathlib import Path

import docx
import pytest

from rag.documents.readers import extract
from rag.draft.files import MAX_CHARACTERS, open_draft, read_draft, read_pasted
from rag.errors import DraftError
from tests.conftest import write

SENTENCE = "The harbour master said the quay is closed."


def make_docx(*paragraphs: str, header: str = "", comment: str = "") -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if comment:
        document.add_comment(document.paragraphs[0].runs, comment, "Ida", "I")
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("draft.txt", SENTENCE.encode()),
        ("draft.md", SENTENCE.encode("utf-16")),
        ("DRAFT.DOCX", make_docx(SENTENCE)),
        ("draft.html", f"<html><body><article><p>{SENTENCE}</p></article></body></html>".encode()),
    ],
)
def test_the_text_is_what_the_reader_of_documents_gives(
    name: str, data: bytes, tmp_path: Path
) -> None:
    draft = open_draft(write(tmp_path, name, data))
    assert draft.text == extract(data, Path(name).suffix.lower()).text
    assert SENTENCE in draft.text
    assert (draft.name, draft.data) == (name, data)
    assert (draft.word is not None) == name.endswith("DOCX")


def test_what_is_pasted_is_plain_text() -> None:
    draft = read_pasted(SENTENCE.encode())
    assert (draft.name, draft.text, draft.word) == ("pasted text", SENTENCE, None)


def test_running_heads_and_the_comments_of_others_are_no_part_of_a_draft() -> None:
    data = make_docx(SENTENCE, header="Draft of Monday", comment="Is it?")
    assert "Comment by Ida: Is it?" in extract(data, ".docx").text
    assert read_draft("draft.docx", data).text == SENTENCE


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("draft.txt", b" \n", "draft.txt is empty. Nothing to check; name another file."),
        ("draft.txt", b"\x7fELF\0\1\2\0\0\x93\0" * 40, "draft.txt "),
        ("draft.docx", b"PK\x03\x04 no zip", "damaged one"),
        ("draft.docx", make_docx(SENTENCE)[:900], "damaged one"),
        ("draft.docx", make_docx(header="Only a header"), "draft.docx is empty."),
        ("draft.pdf", b"%PDF-1.7 nothing", "draft.pdf "),
        ("draft.odt", b"PK", "draft.odt: .odt is not supported. Save it as one of .docx, .htm,"),
        ("corpus.jsonl", b"{}", ".jsonl is not supported."),
        ("README", b"text", "a file without an ending is not supported."),
        ("long.txt", b"Words and words. " * (MAX_CHARACTERS // 16), "longer than 5 million"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line_with_the_next_step(
    name: str, data: bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DraftError) as caught:
        open_draft(write(tmp_path, name, data))
    message = str(caught.value)
    assert told in message
    assert "\n" not in message
    assert message.endswith(".")


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DraftError, match=r"There is no file .*onrecord check -"):
        open_draft(tmp_path / "none.txt")
    with pytest.raises(DraftError, match=r"is a folder\. Name a file in it\."):
        open_draft(tmp_path)
