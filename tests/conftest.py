"""Shared by all tests: the seeds, synced once with the real models, and a clean environment."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from rag import Assistant, Settings
from rag.documents.scan import read_document, scan_folder
from rag.errors import DocumentError
from rag.types import Document, Failure

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first example of a test also pays for lazy imports and models: a deadline says nothing.
hypothesis.settings.register_profile("onrecord", deadline=None)
hypothesis.settings.load_profile("onrecord")

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key or setting of the machine leaks into a test."""
    for name in list(os.environ):
        if name.startswith("ONRECORD_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    # An Ollama that happens to run here is none of the tests' business.
    monkeypatch.setattr("rag.models.ollama.OLLAMA_ADDRESS", "http://127.0.0.1:9")


@pytest.fixture(scope="session")
def seeds_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seeds. Read only: copy it before changing it."""
    home = tmp_path_factory.mktemp("seeds") / "home"
    assistant = Assistant(Settings(home=home, documents=SEEDS))
    assistant.sync()
    assistant.close()
    return home


@pytest.fixture(scope="session")
def assistant(seeds_home: Path) -> Iterator[Assistant]:
    """An assistant over the seeds, without a language model."""
    opened = Assistant(Settings(home=seeds_home, documents=SEEDS))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, started once."""
    from tests.chromium import open_browser

    with open_browser() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of documents to change at will."""
    folder = tmp_path / "documents"
    folder.mkdir()
    write(
        folder, "alpha.txt", "The harbour of Kelvik\n\nThe harbour master said the quay is closed."
    )
    write(folder, "beta.md", "# Bakery\n\nThe baker sells rye bread on Tuesdays.")
    write(folder, "gamma.txt", "Astronomers counted forty comets over the observatory in May.")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def seeds_copy(tmp_path: Path, seeds_home: Path) -> Path:
    """A copy of the seeds' index that a test may change."""
    return Path(shutil.copytree(seeds_home, tmp_path / "seeds-home"))


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def load_documents(folder: Path) -> tuple[list[Document], list[Failure]]:
    """Every readable document of `folder`, sorted by id, and every file that failed."""
    scan = scan_folder(folder)
    documents: list[Document] = []
    failed = list(scan.failed)
    for file in scan.files:
        try:
            documents.append(read_document(file))
        except DocumentError as error:
            failed.append(Failure(file.id, str(error)))
    return documents, sorted(failed, key=lambda f: f.id)
