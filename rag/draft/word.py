"""A checked draft as a Word document: the draft itself, a comment on whatever is not borne out.

Of a Word document everything else stays as it is, byte for byte: only the part that holds its text
is written anew, with marks in it, and the part of its comments. Knows nothing about judging.
"""

import copy
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from rag.documents.docx import Package, name_of, open_archive
from rag.draft.anchors import Anchors, Place, letters
from rag.draft.report import KINDS, Finding, Judged, Report
from rag.draft.show import BAD, label, shorten, source
from rag.errors import DocumentError, DraftError
from rag.language.sentences import paragraphs
from rag.language.words import show_hidden

AUTHOR, INITIALS = "Onrecord", "On"
# A comment is read in a margin.
_LONGEST_QUOTE, _LONGEST_SENTENCE, _MOST_SOURCES = 600, 200, 3
_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
# By the namespace of the text: how a part relates to it.
_RELATED = {
    _TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    _STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "[Content_Types].xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HIGHEST_ID = 2**31 - 1
# What an archive or its XML raises where it is no whole Word document.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, StopIteration, SyntaxError,
    ValueError,
)  # fmt: skip


def draft_as_word(report: Report, data: bytes | None = None) -> bytes:
    """The draft with its comments; `data` are the bytes of its own file, if that is a .docx.

    Raises:
        DraftError: the file is damaged, or nothing that a comment could be added to.
    """
    try:
        if data is not None:
            return _comment(report, data)
        return _comment(report, _plain(report.text), plain=True)
    except DocumentError as error:
        raise DraftError(f"{report.name} {error}") from error
    except _DAMAGED as error:
        raise DraftError(
            f"{report.name} is a damaged Word document. Save it again in Word, or check its text."
        ) from error


def remarks(judged: Judged, text: str) -> Iterator[tuple[int, int, str]]:
    """What is to be said of a sentence of `text`: where, and the comment.

    Findings of the same words are one comment; of words that stand nowhere so, one on the sentence.
    """
    places: dict[tuple[int, int], list[Finding]] = {}
    for finding in judged.findings:
        place = finding.start, finding.end
        if not finding.text or text[slice(*place)] != finding.text:
            place = judged.start, judged.end
        places.setdefault(place, []).append(finding)
    for (start, end), findings in (places or {(judged.start, judged.end): []}).items():
        yield start, end, _tell(judged, findings)


def _tell(judged: Judged, findings: Sequence[Finding]) -> str:
    lines = [f"{label(judged.verdict)}."] if not findings else []
    for n, f in enumerate(findings):
        reason = f.reason or KINDS.get(f.kind, f.kind)
        lines.append(f"{label(judged.verdict)}: {reason}" if n == 0 else f"Also: {reason}")
        if f.instead and f.instead not in f.reason:
            lines.append(f"The document has: “{shorten(f.instead, _LONGEST_QUOTE)}”")
    for c in judged.citations[:_MOST_SOURCES]:
        lines.append(f"{source(c)}: “{shorten(c.quote, _LONGEST_QUOTE)}”")
    return "\n".join(lines)


class _Comments:
    """The comments of a document: the part that holds them, and the marks that refer to it."""

    def __init__(self, package: Package) -> None:
        space = package.main.tag.rpartition("}")[0]
        if space[1:] not in _RELATED:
            raise DocumentError("is no Word document. Save it as .docx.")
        self._w = f"{space}}}"
        self._related = _RELATED[space[1:]]
        self._package = package
        found = [n for kind, _, n in package.relations(package.name) if kind == "comments"]
        there = set(package.names)
        self.is_related = bool(found)
        self.is_new = not found or found[0] not in there
        folder = posixpath.dirname(package.name)
        free = (posixpath.join(folder, f"comments{n or ''}.xml") for n in range(len(there) + 1))
        self.name = found[0] if found else next(n for n in free if n not in there)
        self.part = self._element("comments") if self.is_new else package.parse(self.name)
        used = {_id(e) for e in self.part} | {
            _id(e) for e in package.main.iter(f"{self._w}commentReference")
        }
        last = max(used, default=-1)
        self._taken = used if last >= _HIGHEST_ID else set()
        self._number = 0 if self._taken else last + 1

    def add(self, text: str) -> tuple[Any, Any, Any]:
        """Adds a comment. Returns what marks its start, its end, and what refers to it."""
        while self._number in self._taken:
            self._number += 1
        id_ = {f"{self._w}id": str(self._number)}
        self._number += 1
        comment = self._element(
            "comment", id_ | {f"{self._w}author": AUTHOR, f"{self._w}initials": INITIALS}
        )
        for n, line in enumerate(text.split("\n")):
            runs = [self._run(self._element("annotationRef"))] if n == 0 else []
            words = self._element("t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            words.text = _legal(show_hidden(line))
            comment.append(self._element("p", {}, *runs, self._run(words)))
        self.part.append(comment)
        start, end = self._element("commentRangeStart", id_), self._element("commentRangeEnd", id_)
        return start, end, self._run(self._element("commentReference", id_))

    def paragraph(self) -> Any:
        return self._element("p")

    def parts(self) -> dict[str, bytes]:
        """The parts of the file that change with them, the text among them."""
        package, name = self._package, self._package.name
        written = {name: _xml(package.main), self.name: _xml(self.part)}
        if not self.is_related:
            written |= self._relation(name)
        if self.is_new:
            types = package.parse(_TYPES)
            _append(types, "Override", PartName=f"/{self.name}",
                    ContentType=f"{_WORD}.comments+xml")  # fmt: skip
            written[_TYPES] = _xml(types)
        return written

    def _relation(self, name: str) -> dict[str, bytes]:
        folder, file = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        if place in self._package.names:
            relations = self._package.parse(place)
        else:
            relations = _parse(f'<Relationships xmlns="{_PACKAGE}/relationships"/>')
        taken = {e.get("Id") for e in relations}
        id_ = next(i for n in range(len(taken) + 1) if (i := f"rIdOnrecord{n}") not in taken)
        _append(relations, "Relationship", Id=id_, Type=f"{self._related}/comments",
                Target=f"/{self.name}")  # fmt: skip
        return {place: _xml(relations)}

    def _run(self, inside: Any) -> Any:
        return self._element("r", {}, inside)

    def _element(self, name: str, attributes: dict[str, str] | None = None, *inside: Any) -> Any:
        from lxml import etree  # type: ignore[import-untyped]

        made = etree.Element(self._w + name, attributes or {}, nsmap={"w": self._w[1:-1]})
        made.extend(inside)
        return made


def _comment(report: Report, data: bytes, *, plain: bool = False) -> bytes:
    with open_archive(data) as archive:
        package = Package(archive)
        if package.main.getroottree().docinfo.doctype:
            raise DocumentError(
                "declares a document type, as no Word document does. Save it again."
            )
        comments, anchors = _Comments(package), Anchors(package.main)
        lost: list[str] = []
        placed: list[tuple[Place, str]] = []
        # All of them, also those that stand: each is looked for behind the one before it.
        for judged in report.sentences:
            place = anchors.find(judged.text)
            if judged.verdict not in BAD:
                continue
            for start, end, text in remarks(judged, report.text):
                if place is None:
                    lost.append(f"{_lead(judged)}\n{text}")
                    continue
                first = len(letters(report.text[judged.start : start]))
                length = len(letters(report.text[start:end]))
                placed.append((place.within(first, first + length), text))
        anchors.cut(place for place, _ in placed)
        for place, text in placed:
            anchors.mark(place, *comments.add(text))
        if lost:
            _say_first(comments, anchors, package.main, lost)
        if plain:  # of our own making, from a text in which characters can hide
            for element in package.main.iter(f"{{{_TRANSITIONAL}}}t"):
                element.text = show_hidden(element.text or "")
        return _pack(archive, comments.parts())


def _lead(judged: Judged) -> str:
    sentence = shorten(judged.text, _LONGEST_SENTENCE)
    return f"On “{sentence}” (in a note, a text box or elsewhere beside the text):"


def _say_first(comments: _Comments, anchors: Anchors, main: Any, lost: Sequence[str]) -> None:
    """Comments on what stands nowhere in the text, before its first word."""
    paragraph = anchors.first
    if paragraph is None:
        paragraph = comments.paragraph()
        next(e for e in main if name_of(e) == "body").insert(0, paragraph)
    at = 1 if len(paragraph) and name_of(paragraph[0]) == "pPr" else 0
    for element in reversed([e for text in lost for e in comments.add(text)]):
        paragraph.insert(at, element)


def _pack(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """The archive with some parts changed or new; each other one as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys(archive.namelist()):
            entry = copy.copy(archive.getinfo(name))
            new.writestr(entry, changed[name] if name in changed else archive.read(name))
        for name in sorted(set(changed) - set(archive.namelist())):
            new.writestr(zipfile.ZipInfo(name), changed[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _plain(text: str) -> bytes:
    """A Word document of the paragraphs of a text."""
    from xml.sax.saxutils import escape

    written = (
        f'<w:p><w:r><w:t xml:space="preserve">{escape(_legal(" ".join(text[a:b].split())))}'
        "</w:t></w:r></w:p>"
        for a, b in paragraphs(text)
    )
    document = f"{_WORD}.document.main+xml"
    parts = {
        _TYPES: f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{document}"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>',
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_TRANSITIONAL}"><w:body>'
        f"{''.join(written)}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": _relations("styles", "styles.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{_TRANSITIONAL}"><w:docDefaults><w:rPrDefault>'
        '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="160" w:line="276" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults></w:styles>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, xml in parts.items():  # with the first day that an archive knows for a day
            archive.writestr(zipfile.ZipInfo(name), _DECLARED + xml, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATED[_TRANSITIONAL]}/{kind}" Target="{target}"/></Relationships>'
    )


def _append(parent: Any, name: str, **attributes: str) -> None:
    """A child in the namespace of its parent."""
    space = parent.tag.rpartition("}")[0]
    parent.append(parent.makeelement(f"{space}}}{name}" if space else name, attributes))


def _parse(xml: str) -> Any:
    from lxml import etree

    return etree.fromstring(xml)


def _xml(element: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))


def _id(element: Any) -> int:
    found = (v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id")
    value = next(found, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 10 else -1


def _legal(text: str) -> str:
    """`text` with what XML has no place for as "�", one for one."""
    return "".join(
        "�" if c in "\ufffe\uffff" or (c < " " and c not in "\t\n\r") else c for c in text
    )
