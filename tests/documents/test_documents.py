"""Files become documents; those that cannot say why and stop nobody else."""

from pathlib import Path

import pytest

from rag.documents.described import find_day, find_title
from rag.documents.encodings import decode
from rag.documents.scan import scan_folder
from rag.errors import DocumentError, FolderError
from tests.conftest import SEEDS, load_documents, write


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café “quoted”".encode(), "Café “quoted”"),
        ("\ufeffWith a mark".encode(), "With a mark"),
        ("Sixteen é".encode("utf-16"), "Sixteen é"),
        ("Thirty-two é".encode("utf-32"), "Thirty-two é"),
        (
            "Le président a déclaré que la réforme était décidée à l’été.".encode("cp1252"),
            "Le président a déclaré que la réforme était décidée à l’été.",
        ),
        (
            "He said “we will go” — from the café.".encode("cp1252"),
            "He said “we will go” — from the café.",
        ),
        (
            "Министр сказал, что закон будет принят сегодня.".encode("cp1251"),
            "Министр сказал, что закон будет принят сегодня.",
        ),
        (b"one\r\ntwo\r\n", "one\r\ntwo\r\n"),
    ],
)
def test_any_encoding_that_can_be_told_is_read_and_nothing_else_changes(
    data: bytes, text: str
) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", b"PK\x03\x04\x00\x00", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError):
        decode(data)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A heading #\n\nText.", "A heading"),
        ("---\ntitle: 'From front matter'\n---\nText.", "From front matter"),
        ("\n\n  A headline\nThen text.", "A headline"),
        ("---\n***\nFirst words", "First words"),
        ("", "x"),
    ],
)
def test_a_title_is_what_the_text_opens_with(text: str, title: str) -> None:
    assert find_title("x.txt", text) == title


def test_a_long_opening_is_cut_at_a_word() -> None:
    title = find_title("x.txt", "word " * 60 + ". Then more.")
    assert title.endswith("word…")
    assert len(title) <= 110


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    write(folder, "good.txt", "Good text.")
    write(folder, "sub/deep.md", "Deep text.")
    write(folder, "tape.mp3", b"ID3")
    write(folder, "empty.txt", " \n")
    write(folder, "binary.txt", b"\x00\x01")
    write(folder, ".hidden.txt", "hidden")
    write(folder, "metadata.jsonl", '{"file_name": "good.txt", "title": "T"}\nnot json\n')
    write(tmp_path, "outside.txt", "secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "broken.txt").symlink_to(folder / "nowhere.txt")
    documents, failed = load_documents(folder)
    assert [(d.id, d.title) for d in documents] == [
        ("good.txt", "T"),
        ("sub/deep.md", "Deep text."),
    ]
    reasons = {f.id: f.reason for f in failed}
    assert set(reasons) == {
        "tape.mp3",
        "empty.txt",
        "binary.txt",
        "link.txt",
        "broken.txt",
        "metadata.jsonl",
    }
    assert ".mp3 is not supported" in reasons["tape.mp3"]
    assert "out of the documents folder" in reasons["link.txt"]
    assert "line 2" in reasons["metadata.jsonl"]
    assert not any("secret" in d.text for d in documents)


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    write(folder, "a.txt", "Text.")
    write(tmp_path, "elsewhere/b.txt", "Other.")
    (folder / "loop").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    assert [f.id for f in scan_folder(folder).files] == ["a.txt"]


def test_a_missing_folder_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="onrecord sync FOLDER"):
        scan_folder(tmp_path / "none")


def test_the_seeds_say_only_what_their_texts_state_and_no_title_is_a_file_name() -> None:
    documents, failed = load_documents(SEEDS)
    assert not failed
    assert len(documents) == 5
    for document in documents:
        stem = document.id.removesuffix(".txt")
        assert stem not in document.title
        assert document.title.rstrip("…") in " ".join(document.text.split())
        assert (document.source or "") in document.text


@pytest.mark.parametrize(
    ("name", "text", "day"),
    [
        ("minutes-20200129.txt", "The members met.", "2020-01-29"),
        ("notes/2021-05-04 call.txt", "We spoke.", "2021-05-04"),
        ("1976.txt", "Buenas noches.", "1976"),
        ("a.txt", "A headline\nBy Lucy Hart\n12 January 2024\n\nThe pumps failed.", "2024-01-12"),
        ("a.txt", "Interview with Maria Okafor, 3 May 2021\n\nQ: When?", "2021-05-03"),
        ("a.txt", "Newsroom\nAired August 2, 2022 - 19:30 ET\n\nGood evening.", "2022-08-02"),
        ("a.txt", "Libraries\nVolume 702: debated on Tuesday 26 October 2021", "2021-10-26"),
        ("a.txt", "THURSDAY, 9TH MAY, 1996\n\nThe House met.", "1996-05-09"),
        (
            "a.txt",
            "A sale\n\nPORT HALE, Sept. 8, 2021 /Wire/ -- Marlow said that the yard of the "
            "port, which it has owned for forty years, would close.",
            "2021-09-08",
        ),
        ("doc99991332.txt", "No day.", None),
        ("a.txt", "The report of March 2019 tells of 18 January 2019, when the ship sank.", None),
        ("a.txt", "A headline on 3 May 2021\nThe council met.", None),
    ],
)
def test_a_day_is_of_the_name_or_the_top_and_never_of_the_body(
    name: str, text: str, day: str | None
) -> None:
    assert find_day(name, text) == day


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("speech-rook20220714a.txt", "Thank you. It is good to be here.", "speech rook 2022-07-14"),
        ("annual_report_2021.txt", "Main Menu Toggle Button Search " * 8, "annual report 2021"),
        ("doc17.txt", "The council met on Monday. It was late.", "The council met on Monday."),
        (
            "x.txt",
            "FOR IMMEDIATE RELEASE\n\nMarlow sells its yard\n\nIt will.",
            "Marlow sells its yard",
        ),
        ("x.txt", "Hospital saved\n\nThe hospital stays open.", "Hospital saved"),
    ],
)
def test_a_greeting_or_a_menu_is_no_title(name: str, text: str, title: str) -> None:
    assert find_title(name, text) == title
