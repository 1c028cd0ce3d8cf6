"""The draft with Word comments: each on its words, and nothing else of the file changed."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from rag.documents.docx import Package, open_archive
from rag.documents.readers import extract
from rag.draft.files import read_draft
from rag.draft.word import draft_as_word
from rag.errors import DraftError
from tests.documents.test_docx import STRICT, STRICT_RELATED, TRANSITIONAL, cell, p, r, table
from tests.draft.reports import QUOTE, Found, report

LINK = "<w:hyperlink>{}</w:hyperlink>"
BOLD = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"


def make(body: str, *, strict: bool = False, **parts: str) -> bytes:
    """A whole .docx of this body; `parts` are the insides of footnotes, comments, header, …"""
    out = io.BytesIO()
    docx.Document().save(out)
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    new = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(new, "w") as archive:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                data = wrap("document", f"<w:body>{body}<w:sectPr/></w:body>")
            elif name == "word/_rels/document.xml.rels":
                links = "".join(
                    f'<Relationship Id="x{n}" Type="{related}/{n}" Target="{n}.xml"/>'
                    for n in parts
                )
                data = data.replace("</Relationships>", f"{links}</Relationships>")
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
                types = "".join(
                    f'<Override PartName="/word/{n}.xml" ContentType="{kind}.{n}+xml"/>'
                    for n in parts
                )
                data = data.replace("</Types>", f"{types}</Types>")
            if strict:
                data = data.replace(TRANSITIONAL, STRICT).replace(related, STRICT_RELATED)
            archive.writestr(name, data.encode("utf-8", "surrogateescape"))
        for name, inside in parts.items():
            archive.writestr(f"word/{name}.xml", wrap(name, inside))
    return new.getvalue()


def wrap(root: str, inside: str) -> str:
    return (
        f'<w:{root} xmlns:w="{TRANSITIONAL}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:m="urn:math">{inside}</w:{root}>'
    )


def check(data: bytes, found: dict[str, Found]) -> bytes:
    """The file with comments on what is `found` in its text; its text is the one it was."""
    text = read_draft("draft.docx", data).text
    written = draft_as_word(report(text, found), data)
    assert read_draft("draft.docx", written).text == text
    check_sound(written)
    return written


def check_sound(data: bytes) -> None:
    """Every comment is anchored and referred to exactly once, in an order that Word reads."""
    with open_archive(data) as archive:
        package = Package(archive)
        main, name = package.main, next(iter(package.all(None, "comments")), None)
        part = package.all(None, "comments")[name] if name else []
    ids = [e.get(e.tag.rpartition("}")[0] + "}id") for e in part]
    assert len(set(ids)) == len(ids)
    marks = {kind: dict[str, int]() for kind in ("Start", "End", "Reference")}
    for n, e in enumerate(main.iter()):
        kind = str(e.tag).rpartition("}")[2].removeprefix("commentRange").removeprefix("comment")
        if kind in marks:
            id_ = e.get(e.tag.rpartition("}")[0] + "}id")
            assert id_ not in marks[kind]
            marks[kind][id_] = n
            parent = e.getparent().tag.rpartition("}")[2]
            flowing = ("p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple")
            assert parent == "r" if kind == "Reference" else parent in flowing
    assert all(set(found) == set(ids) for found in marks.values())
    for id_ in ids:
        assert marks["Start"][id_] < marks["End"][id_] < marks["Reference"][id_]


def anchored(data: bytes) -> list[tuple[str, str]]:
    """(the words that a comment is on, the first line of it), in the order of the comments."""
    document = docx.Document(io.BytesIO(data))
    open_: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for element in document.element.iter():
        id_: Any = element.get(qn("w:id"))
        if element.tag == qn("w:commentRangeStart"):
            open_[id_] = []
        elif element.tag == qn("w:commentRangeEnd"):
            words[id_] = "".join(open_.pop(id_))
        elif element.tag == qn("w:t"):
            for texts in open_.values():
                texts.append(element.text or "")
    comments = [c for c in document.comments if c.author == "Onrecord"]
    return [(words[str(c.comment_id)], c.text.split("\n")[0]) for c in comments]


NUMBER: dict[str, Found] = {"Forty": ("contradicted", [("number", "twelve", "forty")])}


def test_a_comment_says_what_is_wrong_what_stands_there_and_where() -> None:
    written = check(make(p(r("Forty of twelve."))), NUMBER)
    (comment,) = docx.Document(io.BytesIO(written)).comments
    assert (comment.author, comment.initials) == ("Onrecord", "On")
    assert comment.text.split("\n") == [
        "Contradicted: “twelve” does not stand there",
        "The document has: “forty”",
        f"Minutes, Herald, 2021-05-02, page 4: “{QUOTE}”",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(p(r("Forty of twelve.")), "twelve", id="within a run"),
        pytest.param(
            p(r("A start. Forty of tw"), BOLD.format("el"), r("ve. An end.")),
            "twelve",
            id="over runs",
        ),
        pytest.param(
            p(r("Forty of "), LINK.format(r("the twelve piles")), r(".")),
            "twelve",
            id="within a link",
        ),
        pytest.param(
            p(r("Forty of "), LINK.format(r("twe")), r("lve.")), "twelve", id="out of a link"
        ),
        pytest.param(
            p(r("Forty of "), f"<w:ins>{r('twelve')}</w:ins>",
              f"<w:del>{r('nine').replace('w:t', 'w:delText')}</w:del>", r(" piles.")),
            "twelve",
            id="changes accepted",
        ),
        pytest.param(
            p(r("Forty of tw"), f"<w:del>{r('i').replace('w:t', 'w:delText')}</w:del>", r("elve.")),
            "twelve",
            id="around a deletion",
        ),
        pytest.param(
            table(cell(p(r("Of piles"))) + cell(p(r("Forty of twelve.")), p(r("Others.")))),
            "twelve",
            id="in a cell",
        ),
        pytest.param(
            "<w:sdt><w:sdtContent>" + p(r("Forty of "), "<w:smartTag>" + r("twelve") +
            "</w:smartTag>") + "</w:sdtContent></w:sdt>",
            "twelve",
            id="in a content control and a smart tag",
        ),
        pytest.param(
            p("<w:r><w:t>Forty</w:t><w:tab/><w:t>of</w:t><w:br/><w:t>twelve piles</w:t></w:r>"),
            "twelve",
            id="a run with tabs and breaks",
        ),
        pytest.param(
            p(r("Forty of "), "<m:oMath><m:r><m:t>twelve+1</m:t></m:r></m:oMath>", r(".")),
            "",
            id="a formula stays whole",
        ),
        pytest.param(
            p(r("Forty of "), "<w:r><mc:AlternateContent><mc:Choice><w:t>twelve</w:t></mc:Choice>"
              "<mc:Fallback><w:t>twelve</w:t></mc:Fallback></mc:AlternateContent></w:r>", r(".")),
            "twelvetwelve",
            id="alternatives stay whole",
        ),
    ],
)  # fmt: skip
def test_a_comment_is_on_the_words_of_the_finding(body: str, words: str) -> None:
    assert [a for a, _ in anchored(check(make(body), NUMBER))] == [words]


def test_every_span_of_a_sentence_can_be_commented_on() -> None:
    runs = r("So. Forty o"), BOLD.format("f the twe"), LINK.format(r("lve ")), r("were bad. End.")
    data, sentence = make(p(*runs)), "Forty of the twelve were bad."
    for start in range(0, len(sentence), 2):
        for end in range(start + 1, len(sentence) + 1, 3):
            words = sentence[start:end]
            if words == words.strip() and sentence.index(words) == start:
                found: dict[str, Found] = {"Forty": ("in part", [("word", words, "")])}
                written = draft_as_word(report(f"So. {sentence} End.", found), data)
                assert [a for a, _ in anchored(written)] == [words]


def test_a_cut_run_keeps_its_formatting() -> None:
    written = check(make(p(BOLD.format("Forty of twelve piles."))), NUMBER)
    runs = [x for x in docx.Document(io.BytesIO(written)).paragraphs[0].runs if x.text]
    assert [(x.text, x.bold) for x in runs] == [
        ("Forty of ", True), ("twelve", True), (" piles.", True)
    ]  # fmt: skip


def test_a_sentence_without_a_finding_is_marked_whole_and_what_stands_is_not() -> None:
    data = make(p(r("It rained. Nobody "), r("knew. It dried.")))
    written = check(data, {"Nobody": ("not borne out", [])})
    assert anchored(written) == [("Nobody knew.", "Not in the documents.")]
    assert anchored(check(data, {})) == []


def test_findings_of_the_same_words_are_one_comment_and_others_may_overlap() -> None:
    found: dict[str, Found] = {
        "Forty": (
            "contradicted",
            [("number", "twelve", ""), ("word", "twelve piles", ""), ("name", "twelve", "")],
        )
    }
    data = make(p(r("Forty of twelve piles.")))
    assert [a for a, _ in anchored(check(data, found))] == ["twelve", "twelve piles"]


def test_a_row_that_is_read_as_a_sentence_is_marked_in_its_first_cell() -> None:
    data = make(table(cell(p(r("Piles"))) + cell(p(r("Nobody knew.")))))
    assert read_draft("draft.docx", data).text == "Piles | Nobody knew."
    found: dict[str, Found] = {"Piles": ("not borne out", [])}
    assert [a for a, _ in anchored(check(data, found))] == ["Piles"]


def test_a_sentence_that_stands_twice_is_marked_where_it_is_wrong() -> None:
    data = make(p(r("Nobody knew. It rained.")) + p(r("Nobody knew.")))
    text = read_draft("draft.docx", data).text
    judged = report(text, {"Nobody": ("not borne out", [])})
    assert len(anchored(draft_as_word(judged, data))) == 2
    document = docx.Document(io.BytesIO(draft_as_word(judged, data)))
    assert all("commentReference" in q._p.xml for q in document.paragraphs)


def test_the_numbers_of_lists_and_marks_of_notes_are_the_readers() -> None:
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    data = make(
        p(r("Forty of"), note, r(" twelve."), properties=number),
        footnotes=f'<w:footnote w:id="2">{p(r("A note."))}</w:footnote>',
    )
    assert "¹" in read_draft("draft.docx", data).text
    assert [a for a, _ in anchored(check(data, NUMBER))] == ["twelve"]


def test_what_stands_beside_the_text_is_said_at_its_beginning() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p(r('Forty of twelve.'))}</w:txbxContent></w:pict></w:r>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    data = make(
        p(r("It rained."), note, properties="<w:keepNext/>") + p(r("It dried."), box),
        footnotes=f'<w:footnote w:id="2">{p(r("Nobody knew."))}</w:footnote>',
    )
    written = check(data, {**NUMBER, "Nobody": ("not borne out", [])})
    document = docx.Document(io.BytesIO(written))
    told = [c.text for c in document.comments]
    assert [t.split("”")[0] for t in told] == ["On “Forty of twelve.", "On “¹ Nobody knew."]
    assert "Contradicted: “twelve” does not stand there" in told[0]
    first = document.paragraphs[0]._p
    assert len(first.findall(qn("w:commentRangeStart"))) == 2
    assert first[0].tag == qn("w:pPr")


def test_a_document_of_nothing_but_notes_gets_a_paragraph_for_them() -> None:
    data = make(p(r("Forty of twelve.")))
    judged = report("Another text. Nobody knew.", {"Nobody": ("not borne out", [])})
    assert anchored(draft_as_word(judged, data)) == [
        ("", "On “Nobody knew.” (in a note, a text box or elsewhere beside the text):")
    ]
    assert len(anchored(draft_as_word(judged, make("")))) == 1


def test_comments_that_are_there_stay_and_a_second_check_reads_none_of_them() -> None:
    mine = f'<w:comment w:id="7" w:author="Ida">{p(r("Is it?"))}</w:comment>'
    data = make(p(r("Forty of twelve.")), comments=mine)
    text = read_draft("draft.docx", data).text
    written = draft_as_word(report(text, NUMBER), data)
    comments = list(docx.Document(io.BytesIO(written)).comments)
    assert [(c.comment_id, c.author) for c in comments] == [(7, "Ida"), (8, "Onrecord")]
    again = draft_as_word(report(text, NUMBER), written)
    assert read_draft("draft.docx", again).text == text
    assert [a for a, _ in anchored(again)] == ["twelve", "twelve"]


@pytest.mark.parametrize("id_", ["2147483647", "99999999999999", "-3", "x", ""])
def test_odd_numbers_of_comments_are_passed_over(id_: str) -> None:
    mine = f'<w:comment w:id="{id_}" w:author="Ida">{p(r("Is it?"))}</w:comment>'
    data = make(p(r("Forty of twelve.")), comments=mine)
    written = draft_as_word(report("Forty of twelve.", NUMBER), data)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert b'w:id="0" w:author="Onrecord"' in archive.read("word/comments.xml")


def test_every_other_part_of_the_file_stays_byte_for_byte() -> None:
    data = make(p(r("Forty of twelve.")), header1=p(r("Head")))
    written = check(data, NUMBER)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(written)) as new:
        changed = {n for n in new.namelist() if n not in old.namelist() or
                   old.read(n) != new.read(n)}  # fmt: skip
        assert set(old.namelist()) <= set(new.namelist())
    assert changed == {
        "word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    }  # fmt: skip
    assert written == check(data, NUMBER)  # the same bytes each time


def test_a_strict_document_gets_strict_comments() -> None:
    data = make(p(r("Forty of twelve.")), strict=True)
    written = check(data, NUMBER)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert STRICT.encode() in archive.read("word/comments.xml")
        assert f"{STRICT_RELATED}/comments".encode() in archive.read("word/_rels/document.xml.rels")
    assert "Comment by Onrecord" in extract(written, ".docx").text


def test_other_formats_become_a_plain_document_with_the_same_comments() -> None:
    text = "The piles\n\nForty of\ttwelve & <more>.\x01 \u202eIt rained.\n\nNobody knew."
    found: dict[str, Found] = {**NUMBER, "Nobody": ("not borne out", [])}
    written = draft_as_word(report(text, found, name="draft.txt"))
    check_sound(written)
    assert [q.text for q in docx.Document(io.BytesIO(written)).paragraphs] == [
        "The piles", "Forty of twelve & <more>.� ⟨right-to-left override⟩It rained.", "Nobody knew."
    ]  # fmt: skip
    assert [a for a, _ in anchored(written)] == ["twelve", "Nobody knew."]


def test_what_documents_say_acts_on_nothing_in_a_comment() -> None:
    found: dict[str, Found] = {
        "Forty": ("contradicted", [("x", "twelve", "\x02<w:b/>\u200b\uffff")])
    }
    written = draft_as_word(report("Forty of twelve.", found, name="draft.txt"))
    (comment,) = docx.Document(io.BytesIO(written)).comments
    assert "The document has: “⟨U+0002⟩<w:b/>⟨zero-width space⟩�”" in comment.text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04 no zip", id="no archive"),
        pytest.param(make(p(r("Forty.")))[:-200], id="cut off"),
        pytest.param(make("<w:p>"), id="broken XML"),
        pytest.param(
            make(p(r("x"))).replace(b"[Content_Types].xml", b"[Content_Types].abc"), id="no types"
        ),
    ],
)
def test_a_damaged_file_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(DraftError, match=r"^draft\.docx .*Save it again") as caught:
        draft_as_word(report("Forty of twelve.", NUMBER), data)
    assert "\n" not in str(caught.value)


def test_a_document_type_is_refused() -> None:
    data = make(p(r("Forty of twelve.")))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            evil = b'<!DOCTYPE w [<!ENTITY a "b">]>' if name == "word/document.xml" else b""
            new.writestr(name, evil + old.read(name))
    with pytest.raises(DraftError, match="declares a document type"):
        draft_as_word(report("Forty of twelve.", NUMBER), out.getvalue())
