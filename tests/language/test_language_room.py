"""Everything that knows a language has one room: no word list outside it, a language within it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from rag.language import LANGUAGE, Language
from rag.statements import extract
from rag.types import Document

PACKAGE = Path(rag.__file__).parent
# Packages that read what people wrote. In the others a list of words names fields or choices.
READING = ("question", "search", "statements", "answer", "check", "documents", "models")
# {the first words of a list that may stand elsewhere: why}
EXCEPTIONS = {
    "host accept accept-encoding": "headers of HTTP",
    "context size window": "what servers of models say of a prompt that is too long",
    "json structured grammar": "what servers call a form of reply that they do not take",
    "word stop number": "kinds of tokens",
    "number date name": "kinds of complaints",
    "opposite word negation": "kinds of complaints",
    "added hedge opinion": "kinds of complaints",
    "hyperlink ins sdt": "names of Word's XML",
    "negation opinion speaker": "kinds of complaints",
    "for reported against": "sides of a claim",
    "number date negation": "kinds of tokens",
    "stop negation hedge": "kinds of tokens",
    "one other rest": "groups of a pattern",
    "topic speaker documents": "parts of a question that are learnt",
    "kinds features words": "names of arrays",
    "text content contents": "field names of a JSON corpus",
    "title headline name": "field names of a JSON corpus",
    "source outlet publisher": "field names of a JSON corpus",
    "date published pubdate": "field names of a JSON corpus",
    "comment comments disqus": "names of parts in a page's source",
    "script style template": "tags of a page",
    "navigation contentinfo dialog": "roles of a page's parts",
    "address article aside": "tags of a page",
    "datepublished pubdate publishdate": "names of a page's declarations",
    "section aside div": "tags of a page",
    "ul ol div": "tags of a page",
    "table blockquote pre": "tags of a page",
    "property name itemprop": "attributes of a page's declarations",
    "title source date": "fields of metadata.jsonl",
    "added replaced renamed": "what became of an upload",
    "microsoft untitled pdf": "titles that programs write by themselves",
    "people library removed": "members of a backup",
}
_WORD = re.compile(r"[a-z][a-z'’-]+|[ai]")


def word_lists(source: str, *, collections: bool = True) -> Iterator[tuple[int, list[str]]]:
    """(line, words) of every list of three or more lower-case words that `source` spells out.

    Texts that are split, alternatives of patterns and, with `collections`, tuples, sets and lists.
    """
    tree = ast.parse(source)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    within_patterns = {
        id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr):
            continue
        found: list[str] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = _text(node.func.value)
            if node.func.attr == "split" and text is not None:
                found = [w for w in text.split() if _WORD.fullmatch(w)]
        elif isinstance(node, ast.Set | ast.Tuple | ast.List) and collections:
            texts = [_text(e) for e in node.elts]
            found = [t for t in texts if t is not None and _WORD.fullmatch(t)]
        elif id(node) not in documented | within_patterns:
            found = _alternatives(_text(node) or "")
        if len(found) >= 3:
            yield node.lineno, found


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or " " for part in node.values)
    return None


def _alternatives(pattern: str) -> list[str]:
    """The words that alternatives of a pattern begin with."""
    bare = re.sub(r"\\[a-zA-Z]|\(\?(?:P<\w+>|i:|[:=!>]|<[=!])|[\^\s(]", " ", pattern)
    heads = [re.match(r" *([a-z][a-z'’-]+)", part) for part in bare.split("|")]
    return [h[1] for h in heads if h is not None] if len(heads) >= 3 else []


@pytest.mark.parametrize(
    "source",
    [
        'X = frozenset("says said told".split())',
        'X = """says said\n told""".split()',
        'X = ("says", "said", "told")',
        'if word in {"says", "said", "told"}: ...',
        'X = re.compile(r"\\b(?:says?|said|told)\\b")',
        'def f(w):\n    return re.match(rf"(?:{w}|says|said|(?:had )?told) ", w)',
    ],
)
def test_a_word_list_is_seen_however_it_is_written(source: str) -> None:
    assert len(list(word_lists(source))) == 1


@pytest.mark.parametrize(
    "source",
    ['"""says|said|told"""', 'X = "he said|she told"', 'X = ("said", "told")', "X = a.split()"],
)
def test_what_is_no_word_list_is_not_seen(source: str) -> None:
    assert not list(word_lists(source))


def test_no_word_list_stands_outside_the_room() -> None:
    used: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0]
        if room == "language":
            continue
        for line, found in word_lists(path.read_text("utf-8"), collections=room in READING):
            first = " ".join(found[:3])
            assert first in EXCEPTIONS, f"{path.name}:{line} lists {found}: put it into language/"
            used.add(first)
    assert used == EXCEPTIONS.keys()


# --- another language ---

GERMAN = Language.read("tests.languages.german")


def read_german(text: str) -> list[tuple[str, str, str]]:
    document = Document("d.txt", "Titel", None, "2024-05-01", text, "0" * 64)
    return [(s.speaker, s.cue, s.content) for s in extract(document, language=GERMAN)]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        (
            "Anna Berg sagte, die Steuern würden steigen.",
            [("Anna Berg", "sagte", "die Steuern würden steigen")],
        ),
        (
            "Anna Berg sagte am Montag, die Steuern würden steigen.",
            [("Anna Berg", "sagte", "die Steuern würden steigen")],
        ),
        (
            "Anna Berg erklärte: „Die Steuern werden steigen.“",
            [("Anna Berg", "erklärte", "„Die Steuern werden steigen.“")],
        ),
        (
            "Paul Weber warnte, dass niemand zahlen werde. Er betonte, das sei falsch.",
            [
                ("Paul Weber", "warnte", "dass niemand zahlen werde"),
                ("Paul Weber", "betonte", "das sei falsch"),
            ],
        ),
    ],
)
def test_another_language_is_a_folder_of_tables(
    text: str, statements: list[tuple[str, str, str]]
) -> None:
    assert read_german(text) == statements


def test_english_alone_reads_no_german() -> None:
    text = "Anna Berg sagte, die Steuern würden steigen."
    assert extract(Document("d.txt", "Titel", None, None, text, "0" * 64)) == []


def test_what_a_language_lacks_is_empty_and_never_matches() -> None:
    assert GERMAN.calendar.months[2] == "märz"
    assert GERMAN.titles.words == frozenset()
    assert GERMAN.questions.who_said.search("Who said that?") is None
    assert LANGUAGE.questions.who_said.search("Who said that?")


def test_a_misspelt_table_constant_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "misspelt"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "calendar.py").write_text('MONHTS = ("januar",)\n', "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(AttributeError, match=r"misspelt\.calendar has MONHTS"):
        Language.read("misspelt")
