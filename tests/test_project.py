"""Rules that hold the project together: who imports what, what the locks and the README say."""

import ast
import re
from pathlib import Path

import pytest

import rag
from tests.conftest import ROOT

MODULES = sorted([*(ROOT / "rag").glob("**/*.py"), ROOT / "app.py"])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    ("package", "owners"),
    [
        ("streamlit", {"app.py", "rag/browser"}),
        ("starlette", {"rag/browser"}),
        ("chromadb", {"rag/library/chroma.py"}),
        ("openai", {"rag/models/failures.py", "rag/models/openai.py"}),
        ("xllamacpp", {"rag/models/gguf.py"}),
        ("onnxruntime", {"rag/models/onnx.py"}),
        ("sqlite3", {"rag/library/database.py"}),
        ("llama_index", {"rag/library/chroma.py", "rag/models/search.py", "rag/adapters.py"}),
        ("vectrixdb", set()),
    ],
)
def test_each_library_has_its_owners(package: str, owners: set[str]) -> None:
    importing = {p.relative_to(ROOT).as_posix() for p in MODULES if package in imports(p)}
    assert {re.sub(r"(rag/browser)/.*", r"\1", name) for name in importing} == owners


def test_only_the_command_line_prints() -> None:
    printing = {
        p.name
        for p in MODULES
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert printing == {"printing.py"}


def test_every_module_opens_with_what_it_does() -> None:
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.name


def test_the_front_door_holds_what_it_names() -> None:
    for name in rag.__all__:
        assert getattr(rag, name)


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-model.lock"]
)
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_pages_show_every_command_and_every_json_key() -> None:
    from rag.cli.parser import build_parser
    from rag.export import answer_as_json
    from rag.types import Answer

    (commands,) = (a.choices for a in build_parser()._actions if isinstance(a.choices, dict))
    for command in commands:
        assert f"onrecord {command}" in README
    for key in answer_as_json(Answer("q", "t", "answered", "quotes")):
        assert f'"{key}"' in (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for target in ("make chat", "make test"):
        assert target in README


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))],
    ids=lambda page: page.name,
)
def test_a_page_names_no_file_that_is_not_there(page: Path) -> None:
    for path in re.findall(r"\]\(([^):#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / path).exists(), path


def test_every_measure_is_described() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    for name in ("any@k", "all@k", "mrr@10", "correct", "citation", "abstention"):
        assert f"`{name}" in page, name
