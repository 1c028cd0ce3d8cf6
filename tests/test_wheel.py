"""What `pip install onrecord-*.whl` gives: the commands and the app, in an empty folder."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

from tests.chromium import serving
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a new environment that holds the wheel; what it depends on is
    looked for where this Python finds it."""
    where = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    built = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(where), str(ROOT)]
    subprocess.run([*pip, *built], check=True)
    (wheel,) = where.glob("onrecord-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(where / "new")], check=True)
    python = where / "new" / "bin" / "python"
    packages = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    install = ["--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([*pip, *install], check=True)
    found = subprocess.run([python, "-P", "-c", "import rag; print(rag.__file__)"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert Path(found.stdout.strip()).is_relative_to(packages)
    return python.parent


def test_the_installed_command_answers_and_serves_in_an_empty_folder(
    installed: Path, tmp_path: Path, folder: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"ONRECORD_PROVIDER": "none"}
    onrecord = str(installed / "onrecord")
    for words in (["sync", str(folder)], ["ask", "what did the harbour master say?"]):
        done = subprocess.run([onrecord, *words], cwd=empty, env=env, capture_output=True,
                              text=True, check=True)  # fmt: skip
    assert "the quay is closed" in done.stdout
    command = [onrecord, "chat", "--headless"]
    with serving(lambda p: [*command, "--port", str(p)], cwd=empty, env=env) as url:
        assert httpx.get(url, trust_env=False).is_success
        evil = {"Host": "evil.example"}
        assert httpx.get(url, headers=evil, trust_env=False).status_code == 403


def test_chat_serves_where_nothing_was_ever_synced(installed: Path, tmp_path: Path) -> None:
    env = {**os.environ, "ONRECORD_PROVIDER": "none"}
    command = [str(installed / "onrecord"), "chat", "--headless"]
    with serving(lambda p: [*command, "--port", str(p)], cwd=tmp_path, env=env) as url:
        assert httpx.get(url, trust_env=False).is_success
