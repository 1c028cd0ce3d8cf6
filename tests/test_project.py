"""Rules that hold the project together: who imports what, what the locks and the README say."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import rag
from tests.conftest import ROOT

MODULES = sorted([*(ROOT / "rag").glob("**/*.py"), ROOT / "app.py"])
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOW_IT_WORKS = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")]


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


def test_whatever_the_code_imports_is_locked() -> None:
    """Also what only comes along with something else, and LlamaIndex by its parts alone."""
    brings = packages_distributions()
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    extras = {"xllamacpp"}  # [gguf]
    imported = set().union(*map(imports, MODULES)) - sys.stdlib_module_names - {"rag"} - extras
    for package in sorted(imported - {"llama_index"}):
        names = {re.sub(r"[-_.]+", "-", name).lower() for name in brings[package]}
        assert names & set(locked), package
    llama = {name for name in locked if name.startswith("llama-index")}
    assert {"llama-index-core", "llama-index-vector-stores-chroma"} <= llama
    assert not {name for name in llama if re.search(r"index$|-llms-|-embeddings-", name)}


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_no_file_or_heading_that_is_not_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text("utf-8"))
    for path, heading in links:
        named = page.parent / path if path else page
        assert named.exists(), path
        assert not heading or heading in anchors(named), f"{path}#{heading}"


def anchors(page: Path) -> set[str]:
    """What a page's headings are linked by."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_how_it_works_lists_every_file_and_no_other() -> None:
    tree = HOW_IT_WORKS.split("```\n")[1]
    listed: set[str] = set()
    folders: list[str] = []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [name] if name.endswith("/") else []
        if not name.endswith("/"):
            listed.add("".join(folders) + name)
    packages = {"rag/__init__.py"}  # the others stand as their folders
    files = {p.relative_to(ROOT).as_posix() for p in MODULES} - {"app.py"}
    assert listed == {f for f in files if not f.endswith("__init__.py")} | packages


def test_the_walks_name_functions_where_they_stand() -> None:
    text = " ".join(HOW_IT_WORKS.split())
    steps = re.findall(r"((?:`\w+`(?:, | and )?)+) \(\[([^]]+)\]", text)
    assert len(steps) >= 20
    for names, file in steps:
        code = (ROOT / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^ *(?:def|class) {name}\b", code, re.MULTILINE), (name, file)


def test_every_table_of_figures_says_how_it_was_made() -> None:
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    how, *sections = re.split(r"^## ", text.split("## How each table was made\n")[1], flags=re.M)
    rows = [line.split("|")[1:5] for line in how.splitlines() if line.startswith("| ")][1:]
    made = {name.strip() for name, *_ in rows}
    assert {s.splitlines()[0] for s in sections if "\n|---" in s} <= made
    for _, command, settings, commit in rows:
        assert settings.strip()
        assert re.match(r" [0-9a-f]{7}\b", commit), commit
        for script in re.findall(r"benchmarks/\w+\.py", command):
            assert (ROOT / script).exists(), script


def test_every_measure_is_described() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    for name in ("any@k", "all@k", "mrr@10", "correct", "citation", "abstention"):
        assert f"`{name}" in page, name
