"""CONTRIBUTING.md: its examples work as they stand there, its files hold what it names."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_BLOCK = re.compile(
    r"```python\n# (?P<file>[\w/.]+), (?P<how>new|at its end)\n(?P<code>.*?)```", re.S
)
SAID = "Dana Fell said the bridge is open."


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the house, and a folder of one document."""
    shutil.copytree(ROOT / "rag", tmp_path / "rag", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(SAID, encoding="utf-8")
    return tmp_path


def follow(heading: str, desk: Path) -> None:
    """Does what a section of the page says, and nothing else."""
    blocks = list(_BLOCK.finditer(section(heading)))
    assert blocks
    for block in blocks:
        path = desk / block["file"]
        assert path.exists() == (block["how"] == "at its end"), path
        path.parent.mkdir(exist_ok=True)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(old + block["code"], encoding="utf-8")


def run(desk: Path, *arguments: str, **environ: str) -> str:
    place = ["--home", str(desk / "home"), "--documents", str(desk / "documents")]
    found = subprocess.run(
        [sys.executable, "-m", "rag.cli", *arguments, *place],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(desk), "ONRECORD_PROVIDER": "none", **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout


def test_a_file_format_is_a_reader(desk: Path) -> None:
    follow("Add a file format", desk)
    subtitles = "1\n00:00:01,000 --> 00:00:04,000\nAnna Rook said the harbour was sold in secret.\n"
    (desk / "documents" / "clip.srt").write_text(subtitles, encoding="utf-8")
    run(desk, "sync")
    assert "clip.srt" in (told := run(desk, "ask", "Who said the harbour was sold?"))
    assert "Anna Rook" in told
    assert "-->" not in told


def test_a_provider_is_a_file_and_a_row(desk: Path) -> None:
    follow("Add a language-model provider", desk)
    run(desk, "sync")
    assert "echo" in run(desk, "models")
    told = run(desk, "ask", "Is the bridge open?", "--json", ONRECORD_PROVIDER="echo")
    assert '"engine": "echo"' in told
    assert SAID in told


def test_a_kind_of_question_is_a_row_and_an_engine(desk: Path) -> None:
    follow("Add a kind of question", desk)
    run(desk, "sync")
    assert "1 documents were read: a.txt." in run(desk, "ask", "What was read?")
    assert "Dana Fell" in run(desk, "ask", "Who said the bridge is open?")


def test_a_language_is_a_folder_of_tables(desk: Path) -> None:
    follow("Add a language", desk)
    (desk / "read.py").write_text(
        "from rag.language import Language\n"
        "from rag.statements import extract\n"
        "from rag.types import Document\n"
        "text = 'Anna Berg zei dat de brug open is. Zij verklaarde dat niemand betaalt.'\n"
        "document = Document('d', 'd', None, None, text, '')\n"
        "for s in extract(document, language=Language.read('rag.language.dutch')):\n"
        "    print(s.speaker, '|', s.content)\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [sys.executable, "read.py"], cwd=desk, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == [
        "Anna Berg | dat de brug open is",
        "Anna Berg | dat niemand betaalt",
    ]


def test_where_it_is_decided_is_where_the_page_says() -> None:
    rows = re.findall(r"^\| ([^|]+\?) \| \[[^]]+\]\(([^)]+)\) \| `(\w+)` \|$", PAGE, re.M)
    assert len(rows) >= 10
    for question, file, name in rows:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:def |class )?{name}\b", text, re.M), question


def test_the_page_lists_every_room() -> None:
    tree = PAGE.split("```\n")[1].split("```")[0]
    packages = {path.parent.name for path in (ROOT / "rag").glob("*/__init__.py")}
    modules = {path.name for path in (ROOT / "rag").glob("*.py")} - {"__init__.py"}
    for room in sorted(packages | modules):
        assert room in tree, room
