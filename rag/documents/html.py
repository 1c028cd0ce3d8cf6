"""A page's source → the text of its article and what the page declares. Knows no other format.

What nobody sees is taken out first, then what is no part of an article: comments, notices, share
bars, galleries, related stories. An article that is marked as one is read block by block, with the
time of each entry of a live blog, an interview's questions and tables by rows; trafilatura finds
the others.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag import tuned
from rag.language import LANGUAGE
from rag.language.dates import find_dates

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Elements that hold no text of an article, and roles of those that do not.
_NO_TEXT = frozenset(
    "script style template noscript nav form button dialog iframe svg select textarea head".split()
)
_NO_ROLES = frozenset("navigation contentinfo dialog alertdialog banner search".split())
# Words in the names that pages give to what stands around an article.
_AROUND = frozenset(
    "comment comments disqus cookie cookies consent gdpr share sharing sharebar social gallery"
    " slideshow carousel related recommended recommendations outbrain taboola trending popular"
    " newsletter subscribe signup advert advertisement sponsored breadcrumb breadcrumbs".split()
)
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_ARTICLE = 80  # characters in paragraphs; a shorter one is a teaser
_LEAST_ENTRY = 20
_ENTRY_REACH = 200  # the time of an entry stands so near its beginning, in characters
_LONGEST_CELL = 400
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table"
    " tbody td tfoot th thead tr ul".split()
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[.:h]\d{2}(?!\d)|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_DATE_NAMES = (
    "article:published_time datepublished og:article:published_time dc.date.issued dcterms.issued"
    " dcterms.created dc.date pubdate publishdate publish-date publication_date parsely-pub-date"
    " sailthru.date citation_publication_date citation_date date"
).split()


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page, and its title, site and day as the page declares them."""

    text: str
    title: str | None = None
    site: str | None = None
    day: str | None = None


def read(source: str) -> Page:
    """The main text of a page."""
    from copy import deepcopy

    import trafilatura

    tree: Any = trafilatura.load_html(source)
    if tree is None:
        return Page(trafilatura.html2txt(source))
    day = _find_day(tree)
    found: Any = trafilatura.extract_metadata(source, date_config={"extensive_search": False})
    _strip(tree)
    root = _find_article(tree)
    text = "" if root is None else _written(root)
    if not text.strip():
        # trafilatura changes the tree that it is given.
        bare: Any = trafilatura.bare_extraction(
            deepcopy(tree), include_comments=False, include_tables=True
        )
        text = (bare.text if bare else "") or trafilatura.html2txt(tree)
    return Page(
        text,
        title=found.title if found else None,
        site=found.sitename if found else None,
        day=day,
    )


# --- what the page says of itself ---


def _find_day(tree: Any) -> str | None:
    """The day on which a page says that it was published; never one out of its text."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            named.setdefault((meta.get(key) or "").lower(), meta.get("content") or "")
    declared = [named[name] for name in _DATE_NAMES if name in named]
    declared[1:1] = _published(tree)
    declared += [
        e.get("datetime") or e.get("content") or e.text or ""
        for e in tree.iter()
        if (e.get("itemprop") or "").lower() == "datepublished" or e.get("pubdate") is not None
    ]
    articles = list(tree.iter("article"))
    if len(articles) == 1:  # of several, each has its own
        times = [t.get("datetime") for t in articles[0].iter("time") if t.get("datetime")]
        declared += times[:1]
    return next((day for value in declared if (day := _iso(value))), None)


def _published(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                yield from _values(json.loads(script.text or ""), "datePublished", depth=0)
            except (ValueError, RecursionError):
                continue


def _values(data: Any, key: str, *, depth: int) -> Iterator[str]:
    if depth > 5:
        return
    if isinstance(data, dict):
        if isinstance(data.get(key), str):
            yield data[key]
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _values(data.get(name), key, depth=depth + 1)
    elif isinstance(data, list):
        for item in data:
            yield from _values(item, key, depth=depth + 1)


def _iso(value: str) -> str | None:
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", value)
    if match:
        return "-".join(match.groups())
    for day in find_dates(value):
        if day.year and day.month and day.day:
            return f"{day.year:04}-{day.month:02}-{day.day:02}"
    return None


# --- what is no part of the article ---


def _strip(tree: Any) -> None:
    total = _length(tree)
    for element in list(tree.iter()):
        if element is tree or element.getparent() is None:
            continue
        if not isinstance(element.tag, str) or element.tag in _NO_TEXT or _is_hidden(element):
            _drop(element)
        elif element.tag not in ("body", "main") and _is_around(element):
            # A page that is a gallery, or an article about cookies, is its own text.
            if _length(element) <= tuned.MOST_OF_PAGE * total:
                _drop(element)
        elif element.tag in ("h2", "h3", "h4") and LANGUAGE.pages.around.fullmatch(_plain(element)):
            _drop_section(element, total)


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
    )


def _is_around(element: Any) -> bool:
    if (element.get("role") or "").lower() in _NO_ROLES:
        return True
    if element.tag == "figure":
        return not any(e.tag in ("table", "blockquote", "pre") for e in element.iter())
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return any(word.lower() in _AROUND for word in _NAME_WORD.findall(names))


def _drop(element: Any) -> None:
    """Takes an element out; the text behind it stays."""
    parent = element.getparent()
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = f"{parent.text or ''} {element.tail}"
        else:
            before.tail = f"{before.tail or ''} {element.tail}"
    parent.remove(element)


def _drop_section(heading: Any, total: int) -> None:
    """Takes out a heading such as "Related stories" with what it heads."""
    section = heading.getparent()
    if section.tag in ("section", "aside", "div") and _length(section) <= total * (
        1 - tuned.MOST_OF_PAGE
    ):
        if section.getparent() is not None:
            _drop(section)
        return
    following = heading.getnext()
    while following is not None and following.tag in ("ul", "ol", "div"):
        behind = following.getnext()
        _drop(following)
        following = behind
    _drop(heading)


# --- the article ---


def _find_article(tree: Any) -> Any:
    """The element that is marked as the article; None if none is, or several are alike."""
    articles = [
        a for a in tree.iter("article") if not any(p.tag == "article" for p in a.iterancestors())
    ]
    mains = [m for m in tree.iter() if m.tag == "main" or m.get("role") == "main"]
    if len(articles) > 1:
        longest = max(articles, key=_told)
        if _told(longest) >= tuned.MOST_OF_PAGE * sum(map(_told, articles)):
            articles = [longest]
    roots = articles if len(articles) == 1 else mains[:1]
    root = roots[0] if roots else None
    if root is None or _told(root) < _LEAST_ARTICLE:
        return None
    # Several alike are teasers, unless each is an entry with its time.
    if len(articles) > 1 and not all(_time_of(a) is not None for a in articles if a in root.iter()):
        return None
    return root


def _told(element: Any) -> int:
    """Characters in paragraphs, those in links apart."""
    return sum(_length(p) - sum(map(_length, p.iter("a"))) for p in element.iter("p"))


def _time_of(entry: Any) -> Any:
    """The time that an entry of a live blog begins with, if it is one."""
    time = next(entry.iter("time"), None)
    if time is None or _told(entry) < _LEAST_ENTRY:
        return None
    before = 0
    for element in entry.iter():
        if element is time:
            return time
        before += len((element.text or "").strip())
        if before > _ENTRY_REACH:
            break
    return None


def _written(root: Any) -> str:
    """The blocks of an article, one empty line between two; rows of a table follow directly."""
    pieces: list[str] = []
    before = 0
    blocks = list(_blocks(root, []))
    asked = sum(1 for text, _, bold in blocks if bold and text.endswith("?")) > 1
    answers = False
    for text, table, bold in blocks:
        if asked and bold and text.endswith("?") and not _LABEL.match(text):
            text, answers = f"Q: {text}", True
        elif answers and not table and not bold:
            text, answers = (text if _LABEL.match(text) else f"A: {text}"), False
        if pieces:
            pieces.append("\n" if table and table == before else "\n\n")
        pieces.append(text)
        before = table
    return "".join(pieces)


_LABEL = re.compile(r"[QA][:.]\s|[A-Z][\w.’' -]{1,40}:\s")
_Block = tuple[str, int, bool]  # its text, the number of its table or 0, whether all of it is bold


def _blocks(root: Any, tables: list[Any]) -> Iterator[_Block]:
    texts: list[str] = []
    bold: list[bool] = []
    held: list[str] = []

    def flush() -> Iterator[_Block]:
        lines = (" ".join(line.split()) for line in "".join(texts).split("\n"))
        text = "\n".join(filter(None, lines))
        if text:
            yield text, 0, bool(bold) and all(bold)
        texts.clear()
        bold.clear()

    def add(text: str | None, *, strong: bool) -> None:
        if text:
            texts.append(re.sub(r"\s+", " ", text))
            if text.strip():
                bold.append(strong)

    def walk(element: Any, strong: bool) -> Iterator[_Block]:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag == "table":
            yield from flush()
            yield from _table(element, tables)
            return
        if tag == "br":
            texts.append("\n")
            return
        if tag == "time":
            add(f" {_clock(element)} ", strong=strong)
            return
        block = tag in _BLOCKS
        if block and not (tag[0] in "hp" and _is_time("".join(texts))):
            yield from flush()
        elif block and tag != "p":
            # The time goes to the words below the heading, so that they are quoted with it.
            yield from ((time, 0, False) for time in held)
            held[:] = ["".join(texts).strip()]
            texts.clear()
            bold.clear()
        if tag == "p" and held:
            texts.append(f"{held.pop()} ")
        if tag == "li":
            texts.append("- ")
        strong = strong or tag in ("b", "strong")
        add(element.text, strong=strong)
        for child in element:
            yield from walk(child, strong)
            add(child.tail, strong=strong)
        if block:
            yield from flush()

    yield from walk(root, False)
    yield from flush()
    yield from ((time, 0, False) for time in held)


def _is_time(text: str) -> bool:
    """Whether a text is the time of what stands below it: "14.05"."""
    return 0 < len(text.strip()) <= 24 and _CLOCK.search(text) is not None


def _clock(time: Any) -> str:
    """A time as it is written; the clock that it declares where none is ("5 minutes ago")."""
    text, declared = _plain(time), time.get("datetime") or ""
    clock = re.search(r"T(\d{2}:\d{2})", declared)
    return text if not clock or _CLOCK.search(text) or find_dates(text) else clock[1]


def _table(table: Any, tables: list[Any]) -> Iterator[_Block]:
    tables.append(table)
    number = len(tables)
    rows = [
        [c for c in row if c.tag in ("td", "th")]
        for row in table.iter("tr")
        if next((p for p in row.iterancestors("table")), None) is table
    ]
    cells = [cell for row in rows for cell in row]
    paged = any(len(list(c.iter("p"))) > 1 and _length(c) > _LONGEST_CELL for c in cells)
    if (
        paged
        or all(len(row) < 2 for row in rows)
        or any(next(c.iter("table"), None) is not None for c in cells)
    ):
        for cell in cells:  # a frame for the layout
            yield from _blocks(cell, tables)
        return
    covered: dict[int, int] = {}
    for row in rows:
        written: list[str] = []
        waiting = list(row)
        while waiting or covered.get(len(written), 0):
            column = len(written)
            if covered.get(column, 0):
                covered[column] -= 1
                written.append("")
                continue
            cell = waiting.pop(0)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            written += [_plain(cell), *[""] * (wide - 1)]
            for place in range(column, column + wide):
                covered[place] = high - 1
        if any(written):
            yield " | ".join(written).rstrip(" "), number, False


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 64) if re.fullmatch(r"\d{1,4}", value) else 1


def _plain(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
