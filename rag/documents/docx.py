"""A Word document's parts → its text as Word shows it, in order. Knows no other format.

Read from the XML itself, by names without namespaces: Strict and Transitional files differ in the
namespaces alone. Changes are taken as accepted. Notes and comments stand behind the text, each a
paragraph; what repeats on pages (headers, footers, a table of contents) stands behind `body`.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.errors import DocumentError

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
# A row with a longer cell of several paragraphs is there for the layout, and no row to be quoted.
_LONGEST_CELL = 400
_MOST_COLUMNS = 64
_MAIN = "officeDocument"
# Deleted, moved away, instructions of fields, the reading of a character, and what formats.
_LEFT_OUT = frozenset(
    "del moveFrom instrText delText delInstrText rt pPr rPr tblPr tblGrid tblPrEx trPr tcPr sectPr"
    " sdtPr sdtEndPr".split()
)
WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTENTS = re.compile(r"TOC(?:\d|Heading)")
_ROMAN = {
    "m": 1000, "cm": 900, "d": 500, "cd": 400, "c": 100, "xc": 90, "l": 50, "xl": 40,
    "x": 10, "ix": 9, "v": 5, "iv": 4, "i": 1,
}  # fmt: skip
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Word:
    """`text`, where what belongs to it ends (`body`), and the title that it declares or shows.

    `written` is where its writer's own text and notes end, and comments on them start.
    """

    text: str
    body: int
    title: str | None
    written: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a row of the table of that number."""

    text: str
    table: int = 0


def read(data: bytes) -> Word:
    """The text of a .docx.

    Raises:
        DocumentError: it unpacks to too much.
        zipfile.BadZipFile, KeyError, ValueError, SyntaxError: it is no Word document or damaged.
    """
    with open_archive(data) as archive:
        package = Package(archive)
        story = _Story(package)
        own = [*story.blocks(package.main), *story.notes()]
        blocks = [*own, *story.comments()]
        aside = [*story.contents, *story.edges()]
        declared = package.find("", "core-properties")
    title = next((_text(e) for e in _within(declared, "title")), "") or story.title
    text = _join([*blocks, *aside])
    # Where nothing else stands, what repeats is the text.
    return Word(text, len(_join(blocks)) or len(text), title or None, len(_join(own)))


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The parts of a .docx.

    Raises:
        DocumentError, zipfile.BadZipFile: as `read`.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise DocumentError("unpacks to far more than a document holds. Left out.")
    return archive


def _join(blocks: list[_Block]) -> str:
    pieces: list[str] = []
    before = _Block("")
    for block in blocks:
        if pieces:
            pieces.append("\n" if block.table and block.table == before.table else "\n\n")
        pieces.append(block.text)
        before = block
    return "".join(pieces)


class Package:
    """The parts of the file, each found by how another one relates to it.

    `main` is the part that holds the text, `name` what it is called, `names` are those of all.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = archive.namelist()
        self.name = next(target for kind, _, target in self.relations("") if kind == _MAIN)
        self.main = self.parse(self.name)

    def find(self, where: str | None, kind: str) -> Any:
        """The first part of a kind that relates to the document (`where` None) or the file."""
        return next(iter(self.all(where, kind).values()), None)

    def all(self, where: str | None, kind: str) -> dict[str, Any]:
        """The parts of a kind by their relation's id; those that are missing are left out."""
        relations = self.relations(self.name if where is None else where)
        names = {i: name for of, i, name in relations if of == kind}
        there = set(self.names)
        return {i: self.parse(name) for i, name in names.items() if name in there}

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """(kind, id, name) of the parts within the file that a part relates to."""
        folder, name = posixpath.split(part)
        try:
            found = self.parse(posixpath.join(folder, "_rels", f"{name}.rels"))
        except KeyError:
            return []
        return [
            (
                relation.get("Type", "").rpartition("/")[2],
                relation.get("Id", ""),
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
            )
            for relation in found
            if relation.get("TargetMode") != "External"
        ]

    def parse(self, name: str) -> Any:
        """The XML of a part."""
        from lxml import etree  # type: ignore[import-untyped]

        # No entity is resolved and nothing fetched: a document can name any file.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        return etree.fromstring(self._archive.read(name), parser)


class _Story:
    """Reads the document and what belongs to it, in the order in which they refer to each other."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._numbers = Numbers(package.find(None, "numbering"), package.find(None, "styles"))
        self._notes = {
            f"{kind}Reference": {_get(n, "id"): n for n in _within(part, kind)}
            for kind in ("footnote", "endnote")
            if (part := package.find(None, f"{kind}s")) is not None
        }
        self._referred: list[tuple[str, Any]] = []
        self._tables = 0
        self._carried = ""
        self.contents: list[_Block] = []
        self.title = ""

    def blocks(self, element: Any) -> Iterator[_Block]:
        """The paragraphs and rows within an element, at any depth."""
        for child in shown(element):
            name = name_of(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                self._tables += 1
                yield from self._table(child, self._tables)
            else:
                yield from self.blocks(child)

    def notes(self) -> Iterator[_Block]:
        """The footnotes and endnotes in the order in which the text refers to them."""
        referred, self._referred = self._referred, []
        for mark, note in referred:
            text = " ".join(block.text.strip() for block in self.blocks(note))
            if text:
                yield _Block(f"{mark} {text}" if mark else text)

    def comments(self) -> Iterator[_Block]:
        for comment in _within(self._package.find(None, "comments"), "comment"):
            text = " ".join(block.text.strip() for block in self.blocks(comment))
            if text:
                yield _Block(f"Comment by {_get(comment, 'author') or 'somebody'}: {text}")

    def edges(self) -> Iterator[_Block]:
        """Headers and footers, each text once."""
        texts: dict[str, None] = {}
        for kind in ("header", "footer"):
            for part in self._package.all(None, kind).values():
                texts |= dict.fromkeys(block.text for block in self.blocks(part))
        yield from (_Block(text) for text in texts)

    def _paragraph(self, paragraph: Any) -> Iterator[_Block]:
        pieces, boxes = [self._carried], list[Any]()
        self._inline(paragraph, pieces, boxes)
        text = "".join(pieces).strip("\n")
        properties = _child(paragraph, "pPr")
        style = _value(_child(properties, "pStyle"))
        # A deleted end of a paragraph: the next one goes on with it.
        mark = _child(properties, "rPr")
        self._carried = text if _has(mark, "del") or _has(mark, "moveFrom") else ""
        if not self._carried:
            number = self._numbers.next(properties, style)
            if text.strip():
                block = _Block(f"{number} {text}" if number else text)
                if style == "Title":
                    self.title = self.title or " ".join(text.split())
                if _CONTENTS.match(style):
                    self.contents.append(block)
                else:
                    yield block
        for box in boxes:
            yield from self.blocks(box)

    def _inline(self, element: Any, pieces: list[str], boxes: list[Any]) -> None:
        for child in shown(element):
            name = name_of(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name in WRITTEN:
                pieces.append(WRITTEN[name])
            elif name == "txbxContent":
                boxes.append(child)
            elif name in self._notes:
                pieces.append(self._refer(child, self._notes[name]))
            elif len(child):
                self._inline(child, pieces, boxes)

    def _refer(self, reference: Any, notes: dict[str, Any]) -> str:
        note = notes.get(_get(reference, "id"))
        if note is None:
            return ""
        # Where the maker gave a mark of his own, it stands in the text behind.
        own = _is_on(_get(reference, "customMarkFollows") or "0")
        numbered = sum(1 for mark, _ in self._referred if mark)
        mark = "" if own else str(numbered + 1).translate(_SUPERSCRIPT)
        self._referred.append((mark, note))
        return mark

    def _table(self, table: Any, number: int) -> Iterator[_Block]:
        for row in _through(table, "tr"):
            properties = _child(row, "trPr")
            if _has(properties, "del"):
                continue
            cells = [c for c in _through(row, "tc") if not _has(_child(c, "tcPr"), "cellDel")]
            if len(cells) == 1:  # a title over the columns, or a frame
                yield from self.blocks(cells[0])
                continue
            held = [list(self.blocks(cell)) for cell in cells]
            own = [[b.text for b in blocks if not b.table] for blocks in held]
            if any(len(texts) > 1 and sum(map(len, texts)) > _LONGEST_CELL for texts in own):
                yield from (block for blocks in held for block in blocks)
                continue
            written = [""] * _count(properties, "gridBefore", least=0)
            for cell, texts in zip(cells, own, strict=True):
                around = _child(cell, "tcPr")
                # The cells that one covers stay empty: nothing is repeated, nothing shifted.
                covered = any(_is_covered(_child(around, m)) for m in ("vMerge", "hMerge"))
                written.append("" if covered else " ".join(" ".join(texts).split("\n")).strip())
                written += [""] * (_count(around, "gridSpan", least=1) - 1)
            if any(written):
                yield _Block(" | ".join(written).rstrip(" "), number)
            yield from (block for blocks in held for block in blocks if block.table)


class Numbers:
    """What Word writes before the paragraphs of lists, from the parts that describe them."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, tuple[str, frozenset[int]]] = {}
        self._styles: dict[str, Any] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if numbering is None:
            return
        for made in _within(numbering, "abstractNum"):
            self._levels[_get(made, "abstractNumId")] = {
                _int(_get(level, "ilvl")): level for level in _within(made, "lvl")
            }
        for number in _within(numbering, "num"):
            anew = frozenset(
                _int(_get(o, "ilvl"))
                for o in _within(number, "lvlOverride")
                if _has(o, "startOverride")
            )
            self._lists[_get(number, "numId")] = (
                _value(_child(number, "abstractNumId")),
                anew,
            )
        for style in _within(styles, "style"):
            self._styles[_get(style, "styleId")] = style

    def next(self, properties: Any, style: str) -> str:
        """The number or mark of a paragraph with these properties, counted on; "" without one."""
        numbered = _child(properties, "numPr")
        for _ in range(9):  # styles build on each other, and could in a ring
            if numbered is not None or not style:
                break
            described = self._styles.get(style)
            numbered = _child(_child(described, "pPr"), "numPr")
            style = _value(_child(described, "basedOn"))
        key = _value(_child(numbered, "numId"))
        if key not in self._lists:
            return ""
        list_, anew = self._lists[key]
        level = _int(_value(_child(numbered, "ilvl")))
        levels = self._levels.get(list_, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(list_, {})
        if key not in self._begun:
            self._begun.add(key)
            for restarted in anew:
                counts.pop(restarted, None)
        counts[level] = counts.get(level, _start(levels[level]) - 1) + 1
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        if _value(_child(levels[level], "numFmt")) == "bullet":
            return "•"

        def written(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            if of not in levels:
                return ""
            return _counted(counts.get(of, _start(levels[of])), levels[of])

        return re.sub(r"%(\d)", written, _value(_child(levels[level], "lvlText"))).strip()


def _start(level: Any) -> int:
    return _int(_value(_child(level, "start")) or "1")


def _counted(number: int, level: Any) -> str:
    kind = _value(_child(level, "numFmt")).lower()
    if kind == "none":
        return ""
    found = str(number)
    if kind.endswith("letter") and number > 0:
        found = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 9 + 1)
    elif kind.endswith("roman") and 0 < number < 4000:
        found = _roman(number)
    return found.upper() if kind.startswith("upper") else found


def _roman(number: int) -> str:
    found = ""
    for letters, step in _ROMAN.items():
        found += letters * (number // step)
        number %= step
    return found


def name_of(element: Any) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def shown(element: Any) -> Iterator[Any]:
    """What Word shows of the elements within one: of alternatives the first with something in."""
    for child in element:
        name = name_of(child)
        if not name or name in _LEFT_OUT:
            continue
        if name == "AlternateContent":
            shown = [c for c in child if any(name_of(t) == "t" for t in c.iter())]
            yield from shown[:1]
        elif name == "sdt" and _has(_child(child, "sdtPr"), "showingPlcHdr"):
            continue  # "Click here to enter text."
        elif name == "r" and _has(_child(child, "rPr"), "vanish"):
            continue  # text that its maker hid
        else:
            yield child


def _through(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also within content controls and changes."""
    for child in shown(element):
        if name_of(child) == name:
            yield child
        elif name_of(child) not in ("p", "tbl"):
            yield from _through(child, name)


def _within(element: Any, name: str) -> Iterator[Any]:
    """The children of that name; none of None."""
    return (c for c in (() if element is None else element) if name_of(c) == name)


def _child(element: Any, name: str) -> Any:
    return next(_within(element, name), None)


def _has(element: Any, name: str) -> bool:
    """Whether a child of that name stands there and is not switched off."""
    found = _child(element, name)
    return found is not None and _is_on(_value(found) or "1")


def _is_on(value: str) -> bool:
    return value not in ("0", "false", "off")


def _get(element: Any, name: str) -> str:
    found = (v for k, v in element.attrib.items() if k.rpartition("}")[2] == name)
    return str(next(found, ""))


def _value(element: Any) -> str:
    return "" if element is None else _get(element, "val")


def _text(element: Any) -> str:
    return " ".join((element.text or "").split())


def _int(value: str) -> int:
    return int(value) if re.fullmatch(r"\d{1,4}", value) else 0


def _count(properties: Any, name: str, *, least: int) -> int:
    return min(max(_int(_value(_child(properties, name))), least), _MOST_COLUMNS)


def _is_covered(merge: Any) -> bool:
    return merge is not None and _value(merge) != "restart"
