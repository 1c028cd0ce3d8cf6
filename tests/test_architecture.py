"""Which room may know which, and how large one may be."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import rag
from rag import tuned
from tests.conftest import ROOT

RAG = ROOT / "rag"
MODULES = sorted(RAG.glob("**/*.py"))
NOUNS = "types errors settings"
# From the ground up: a package (or a module beside the packages), and what it may import. Each
# names only what stands above it here, so that nobody can know of whoever uses them.
ROOMS = {
    "faults": "",
    "quiet": "",
    "errors": "",
    "scope": "",
    "types": "scope",
    "tuned": "",
    "settings": "errors",
    "private": "errors",
    "logs": NOUNS + " private",
    "language": "errors types",
    "models": NOUNS + " language",
    "statements": "types language",
    "check": "types errors language statements",
    "question": "types errors language statements models",
    "cases": "types errors language",
    "library": NOUNS + " faults private language question cases",
    "documents": NOUNS + " faults private language models statements library",
    "compare": "types",
    "search": "types errors language models statements question library",
    "answer": "types errors language models statements check question library compare search",
    "evaluate": "types errors language check cases",
    "export": "types language cases answer evaluate",
    "draft": "types errors language statements check library documents search export",
    "index": NOUNS + " models question library documents search",
    "walk": "types settings models question library search answer index",
    "assistant": NOUNS
    + " language models library documents cases answer draft evaluate index walk",
    "adapters": "types assistant",
    "browser": NOUNS + " logs language models question documents cases answer draft "
    "evaluate export compare assistant",
    "cli": NOUNS + " logs language models library cases check answer draft evaluate export "
    "assistant browser",
}
# `Assistant.as_retriever` opens the adapter that takes the assistant: it is typed there only.
UPWARD = {("assistant", "adapters")}
MOST_LINES, MOST_CLASS_LINES = 450, 250
# What is still too large. A number may only go down, and what fits loses its line.
LARGE_FILES: dict[str, int] = {}
LARGE_CLASSES: dict[str, int] = {}


def room_of(path: Path) -> str:
    """The package that a module is in, or its own name where it stands beside them."""
    inside = path.relative_to(RAG)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported_rooms(path: Path) -> set[str]:
    """The rooms whose names a module imports, wherever in it; the front door's by their homes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "rag":
            modules = [f"rag.{a.name}" for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            modules = [node.module or ""]
        else:
            continue
        for module in modules:
            first, _, rest = module.partition(".")
            if first == "rag" and rest and not rest.startswith("__"):
                name = rest.split(".")[0]
                found.add(rag._HOMES.get(name, "types") if name in rag.__all__ else name)
    return found - {room_of(path)}


def test_the_table_holds_every_room_and_points_downwards() -> None:
    assert {room_of(p) for p in MODULES} - {"__init__"} == set(ROOMS)
    above: set[str] = set()
    for room, allowed in ROOMS.items():
        assert set(allowed.split()) <= above, room
        above.add(room)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_what_the_table_allows(room: str) -> None:
    # Whoever decides by a number takes it from the one table.
    allowed = set(ROOMS[room].split()) | {"tuned"} | {up for who, up in UPWARD if who == room}
    for path in MODULES:
        if room_of(path) == room:
            assert imported_rooms(path) <= allowed, path.relative_to(ROOT)


def test_the_front_door_opens_on_exactly_what_it_names() -> None:
    tree = ast.parse((RAG / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = (n for n in tree.body if isinstance(n, ast.If))
    homes = {
        alias.name: node.module
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(homes) == sorted(rag.__all__)
    for name, module in homes.items():
        assert getattr(rag, name) is getattr(import_module(str(module)), name)
    with pytest.raises(AttributeError):
        _ = rag.Library


def test_the_models_export_exactly_what_they_name() -> None:
    models = import_module("rag.models")
    tree = ast.parse((RAG / "models" / "__init__.py").read_text(encoding="utf-8"))
    imported = [a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names]
    assert sorted(imported) == sorted(models.__all__)


def test_no_file_grows_beyond_a_few_screens() -> None:
    large = {}
    for path in MODULES:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES:
            large[path.relative_to(RAG).as_posix()] = lines
    check_only_shrinks(large, LARGE_FILES)


def test_no_class_grows_beyond_a_few_screens() -> None:
    large = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_CLASS_LINES:
                    large[f"{path.relative_to(RAG).as_posix()} {node.name}"] = lines
    check_only_shrinks(large, LARGE_CLASSES)


def check_only_shrinks(large: dict[str, int], known: dict[str, int]) -> None:
    assert set(large) == set(known)
    assert {name: size for name, size in large.items() if size > known[name]} == {}


def test_the_assistant_is_wiring() -> None:
    assert (RAG / "assistant.py").read_text(encoding="utf-8").count("\n") <= 250


# The table, and numbers with a fraction that are no choice: seconds, shares of time, a half.
NOT_CHOSEN = ("tuned/", "models/", "documents/worker.py", "settings.py", "browser/")


def test_no_number_that_decides_stands_outside_the_table() -> None:
    for path in MODULES:
        name = path.relative_to(RAG).as_posix()
        if name.startswith(NOT_CHOSEN):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            id(inner)
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for inner in ast.walk(node)
            if re.search(r"SECONDS|CHARACTERS_A_TOKEN", ast.unparse(node).split("=")[0])
        }
        chosen = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, float)
            and not node.value.is_integer()
            and id(node) not in named
        ]
        # `numbers.py` of a language says what "half" is worth.
        assert chosen == [] or name.endswith("/numbers.py"), name


def test_each_number_of_the_table_says_what_it_decides_and_by_what() -> None:
    for name, row in tuned.TABLE.items():
        assert getattr(tuned, name) == row.value
        assert all((row.decides, row.scale, row.by, row.since)), name
        script = re.match(r"benchmarks/[\w.]+", row.by)
        assert script is None or (ROOT / script[0]).is_file(), name


def test_each_number_of_the_table_is_used() -> None:
    used = {
        node.attr
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "tuned"
    }
    assert used == set(tuned.TABLE)
