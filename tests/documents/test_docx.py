"""A Word document is read as Word shows it: changes accepted, nothing twice, nothing shifted."""

import io
import zipfile

import pytest

from rag.documents.docx import read
from rag.documents.passages import split
from rag.documents.readers import extract
from rag.types import Document

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATED = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def make(body: str, *, space: str = TRANSITIONAL, related: str = RELATED, **parts: str) -> bytes:
    """A .docx of this body; `parts` are the insides of footnotes, comments, header, …"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:

        def put(name: str, root: str, inside: str) -> None:
            archive.writestr(
                f"word/{name}.xml",
                f'<w:{root} xmlns:w="{space}" xmlns:mc="{MC}">{inside}</w:{root}>',
            )

        put("document", "document", f"<w:body>{body}</w:body>")
        links = ""
        for number, (name, inside) in enumerate(parts.items()):
            put(name, name, inside)
            links += f'<Relationship Id="r{number}" Type="{related}/{name}" Target="{name}.xml"/>'
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="r" Type="{related}/officeDocument"'
            ' Target="/word/document.xml"/></Relationships>',
        )
    return out.getvalue()


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(*inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(inside) or p()}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(
            p(r("The board "), f"<w:del>{r('knew').replace('w:t', 'w:delText')}</w:del>",
              f"<w:ins>{r('never knew')}</w:ins>", r(" of it.")),
            "The board never knew of it.",
            id="insertions kept, deletions dropped",
        ),
        pytest.param(
            p(f"<w:moveFrom>{r('The vote was lost.')}</w:moveFrom>", r("It rained."))
            + p(f"<w:moveTo>{r('The vote was lost.')}</w:moveTo>"),
            "It rained.\n\nThe vote was lost.",
            id="what was moved stands where it went",
        ),
        pytest.param(
            p(r("The loan was "), properties="<w:rPr><w:del/></w:rPr>") + p(r("repaid in May.")),
            "The loan was repaid in May.",
            id="a deleted end of a paragraph joins two",
        ),
        pytest.param(
            "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>"
            + cell(p(r("gone"))) + cell(p(r("1"))) + "</w:tr></w:tbl>" + p(r("Stays.")),
            "Stays.",
            id="a deleted row",
        ),
        pytest.param(
            p(r("See "), f"<w:hyperlink>{r('the site')}</w:hyperlink>", r(" of "),
              f"<w:smartTag><w:smartTag>{r('Arden')}</w:smartTag></w:smartTag>", r(" on "),
              f"<w:fldSimple>{r('5 May')}</w:fldSimple>",
              '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
              "<w:r><w:instrText> DATE </w:instrText></w:r>"
              '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', r(" 2020."),
              '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
            "See the site of Arden on 5 May 2020.",
            id="links, smart tags and what fields give",
        ),
        pytest.param(
            f"<w:sdt><w:sdtContent>{p(r('A block.'))}</w:sdtContent></w:sdt>"
            + p(r("Signed by "), f"<w:sdt><w:sdtContent>{r('Ida Noor')}</w:sdtContent></w:sdt>",
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                f"{r('Click here to enter text.')}</w:sdtContent></w:sdt>")
            + table(cell(p(r("Name"))) + f"<w:sdt><w:sdtContent>{cell(p(r('Noor')))}"
                    "</w:sdtContent></w:sdt>"),
            "A block.\n\nSigned by Ida Noor\n\nName | Noor",
            id="content controls around blocks, words and cells",
        ),
        pytest.param(
            p(r("Before."),
              "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
              f"{p(r('In a box.'))}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
              f"{p(r('In a box.'))}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>",
              r(" After.")),
            "Before. After.\n\nIn a box.",
            id="a text box once, behind its paragraph",
        ),
        pytest.param(
            p(r("Seen."), "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>",
              '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> Too.</w:t></w:r>'),
            "Seen. Too.",
            id="hidden text",
        ),
    ],
)  # fmt: skip
def test_what_word_shows_is_the_text(body: str, text: str) -> None:
    assert read(make(body)).text == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [cell(p(r("Ola Berg"))) + cell() + cell(p(r("9"))), cell() + cell() + cell()],
            "Ola Berg |  | 9",
        ),
        (
            [
                cell(p(r("Votes")), properties='<w:gridSpan w:val="2"/>') + cell(p(r("Absent"))),
                cell(p(r("7"))) + cell(p(r("7"))) + cell(p(r("0"))),
            ],
            "Votes |  | Absent\n7 | 7 | 0",
        ),
        (
            [
                cell(p(r("North")), properties='<w:vMerge w:val="restart"/>') + cell(p(r("12"))),
                cell(p(r("North")), properties="<w:vMerge/>") + cell(p(r("15"))),
            ],
            "North | 12\n | 15",
        ),
        (
            [
                cell(p(r("All figures in tonnes")), properties='<w:gridSpan w:val="2"/>'),
                cell(p(r("Two")), p(r("lines"))) + cell(p(r("3"))),
            ],
            "All figures in tonnes\n\nTwo lines | 3",
        ),
        (
            [cell(p(r("Outer")), table(cell(p(r("a"))) + cell(p(r("1"))))) + cell(p(r("2")))],
            "Outer | 2\n\na | 1",
        ),
    ],
)
def test_cells_are_neither_merged_nor_shifted(rows: list[str], text: str) -> None:
    assert read(make(table(*rows))).text == text


def test_a_table_for_the_layout_is_read_cell_by_cell() -> None:
    long = "The council met on Tuesday and heard what the engineer had found. " * 7
    found = read(
        make(table(cell(p(r(long.strip())), p(r("It voted."))) + cell(p(r("Contact us.")))))
    )
    assert found.text.split("\n\n") == [long.strip(), "It voted.", "Contact us."]


NOTES = (
    '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="7">{p("<w:r><w:footnoteRef/></w:r>", r(" It fell by a third."))}'
    f'</w:footnote><w:footnote w:id="3">{p(r("Told to the court."))}</w:footnote>'
)


def test_notes_and_comments_stand_behind_the_text_and_headers_behind_what_is_quoted() -> None:
    body = p(
        r("Profit fell."), '<w:r><w:footnoteReference w:id="7"/></w:r>', r(" The trader left."),
        '<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>',
    ) + p(r("1 Introduction"), r("4"), properties='<w:pStyle w:val="TOC1"/>')  # fmt: skip
    data = make(
        body,
        footnotes=NOTES,
        endnotes=f'<w:endnote w:id="1">{p(r("Minutes of 3 May."))}</w:endnote>',
        comments=f'<w:comment w:id="0" w:author="Ida Noor">{p(r("Is this so?"))}</w:comment>',
        header=p(r("Confidential draft")),
        footer=p(r("Confidential draft")) + p(r("Page 1")),
    )
    found = extract(data, ".docx")
    assert found.body is not None
    assert found.text[: found.body].split("\n\n") == [
        "Profit fell.¹ The trader left.²³",
        "¹ It fell by a third.",
        "² Told to the court.",
        "³ Minutes of 3 May.",
        "Comment by Ida Noor: Is this so?",
    ]
    assert found.text[found.body :].split() == [
        *"1 Introduction4".split(), *"Confidential draft".split(), *"Page 1".split()
    ]  # fmt: skip


def test_a_note_stays_out_of_the_sentence_that_it_is_of() -> None:
    body = p(r("Profit fell."), '<w:r><w:footnoteReference w:id="7"/></w:r>', r(" He left."))
    found = extract(make(body, footnotes=NOTES), ".docx")
    document = Document("a.docx", "A", None, None, found.text, "x", body=found.body)
    assert [passage.text for passage in split(document, target_words=3)] == [
        "Profit fell.¹",
        "He left.",
        "¹ It fell by a third.",
    ]


def test_a_strict_document_reads_as_any_other() -> None:
    body = p(r("The dam held."), '<w:r><w:footnoteReference w:id="7"/></w:r>')
    strict = make(body, space=STRICT, related=STRICT_RELATED, footnotes=NOTES)
    assert extract(strict, ".docx") == extract(make(body, footnotes=NOTES), ".docx")
    assert extract(strict, ".docx").text == "The dam held.¹\n\n¹ It fell by a third."


def test_lists_have_the_numbers_that_word_gives_them() -> None:
    def level(number: int, kind: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    def item(text: str, depth: int = 0, of: int = 1) -> str:
        numbered = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{of}"/></w:numPr>'
        return p(r(text), properties=numbered)

    numbering = (
        '<w:abstractNum w:abstractNumId="4">'
        + level(0, "decimal", "%1.") + level(1, "lowerRoman", "%1(%2)")
        + '</w:abstractNum><w:abstractNum w:abstractNumId="5">' + level(0, "bullet", "\uf0b7")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )  # fmt: skip
    styles = (
        '<w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Clause"><w:basedOn w:val="Base"/></w:style>'
    )
    body = (
        item("one") + item("deeper", 1) + item("deeper still", 1) + item("two")
        + item("deep again", 1) + p(r("by style"), properties='<w:pStyle w:val="Clause"/>')
        + item("a point", of=2) + item("begun anew", of=3)
    )  # fmt: skip
    assert read(make(body, numbering=numbering, styles=styles)).text.split("\n\n") == [
        "1. one", "1(i) deeper", "1(ii) deeper still", "2. two", "2(i) deep again", "3. by style",
        "• a point", "1. begun anew",
    ]  # fmt: skip


def test_a_title_that_is_only_shown_is_the_title() -> None:
    body = p(r("Annual Review"), properties='<w:pStyle w:val="Title"/>') + p(r("It rained."))
    assert extract(make(body), ".docx").title == "Annual Review"
