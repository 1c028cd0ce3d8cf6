"""Nothing is sent anywhere, and nothing is written but where it belongs: watched by the kernel.

Each command is kept alive for as long as a library may wait before it reports (onnxruntime: eight
seconds after a model is loaded), under strace: no socket off loopback is connected or written to,
no name is looked up, and no file is written outside the home, the documents and the temp folder.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rag.quiet import SWITCHES
from tests.chromium import open_page, serving
from tests.conftest import ROOT, SEEDS, write

ALIVE = 25  # seconds
TRACED = (
    "connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,"
    "link,linkat,symlink,symlinkat"
)
_CALL = re.compile(r"^\d+\s+(?:<\.\.\. )?(\w+)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "(?:::1|::ffff:127\.)')
# What any program does, and what is thrown away.
_HARMLESS = ("/dev/", "/proc/self/")


def _strace_works() -> bool:
    path = shutil.which("strace")
    return bool(path) and subprocess.run([str(path), "-o", "/dev/null", "true"]).returncode == 0


pytestmark = pytest.mark.skipif(
    not _strace_works(), reason="needs strace, and the right to trace (apt-get install strace)"
)


@dataclass(frozen=True)
class Watched:
    """What a process and its children did: sockets off this machine, and files written."""

    sent: list[str]
    written: set[Path]


def read_trace(trace: Path, *, folder: Path) -> Watched:
    """Reads what strace wrote; `folder` is where the process was started."""
    sent: list[str] = []
    written: set[Path] = set()
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        name = call[1]
        if name in ("connect", "sendto", "sendmsg", "sendmmsg"):
            # A name service on a local socket (nscd, systemd-resolved) is a look-up as well.
            off = "AF_INET" in line and not _LOOPBACK.search(line)
            named = re.search(r"htons\(53\)|nscd/socket|systemd/resolve", line)
            if off or named:
                sent.append(line)
        elif " = -1 " not in line and (
            "open" not in name or re.search(r"O_WRONLY|O_RDWR|O_CREAT", line)
        ):
            paths = _PATH.findall(line)
            if paths and not paths[-1].startswith(_HARMLESS):
                written.add(folder / paths[-1])
    return Watched(sent, written)


def command(trace: Path, program: str) -> list[str]:
    """`program` under strace; only the calls that are traced are slowed down."""
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", str(trace), "-e", f"trace={TRACED}"]
    return [*strace, sys.executable, "-P", "-c", program]


def programs(home: Path, documents: Path) -> Mapping[str, str]:
    """Each command as a program that stays alive after it."""
    questions = write(home.parent, "questions.jsonl", '{"question": "who is Dennis Ross?"}\n')
    draft = write(home.parent, "draft.txt", "Dennis Ross is a former senior US diplomat.\n")
    place = ["--home", str(home), "--documents", str(documents)]
    fresh = home.with_name("fresh")  # with everything still to be embedded
    calls = {
        "sync": ["sync", "--home", str(fresh), "--documents", str(documents)],
        "ask": ["ask", "who is Dennis Ross?", *place],
        "check": ["check", str(draft), *place],
        "eval": ["eval", str(questions), *place],
        "status": ["status", *place],
    }
    start = f"import sys, time; sys.path.insert(0, {str(ROOT)!r}); from rag.cli import main; "
    return {
        name: f"{start}status = main({call!r}); time.sleep({ALIVE}); sys.exit(status)"
        for name, call in calls.items()
    }


def watch(
    where: Path, started: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, Watched]:
    """Runs the programs side by side, each in an empty folder, and reads what they did."""
    running = {}
    for name, program in started.items():
        folder = where / name
        folder.mkdir()
        running[name] = subprocess.Popen(
            command(where / f"{name}.trace", program), cwd=folder, env=environ,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    for name, process in running.items():
        told, _ = process.communicate(timeout=300)
        assert process.returncode == 0, f"{name}: {told[-2000:]}"
    return {n: read_trace(where / f"{n}.trace", folder=where / n) for n in running}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, seeds_home: Path) -> tuple[Path, Path]:
    where = tmp_path_factory.mktemp("watched")
    return Path(shutil.copytree(seeds_home, where / "home")), where


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A bare one: an empty HOME, and none of the switches set from outside."""
    user = tmp_path_factory.mktemp("user")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(user),
        "LANG": "C.UTF-8",
        # Python's own cache of what it compiled, beside the code.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def strangers(written: set[Path], *allowed: Path) -> set[Path]:
    temporary = {Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")}
    places = [p.resolve() for p in (*allowed, *temporary)]
    return {p for p in written if not any(p.resolve().is_relative_to(a) for a in places)}


def user_files(environ: Mapping[str, str]) -> list[Path]:
    return sorted(Path(environ["HOME"]).rglob("*"))


@pytest.fixture(scope="module")
def watched(
    place: tuple[Path, Path], environ: Mapping[str, str], browser: Browser
) -> dict[str, Watched]:
    """All of them at once, the app and its first answer among them."""
    home, where = place
    (where / "chat").mkdir()
    folder = Path(shutil.copytree(SEEDS, where / "documents"))
    trace = where / "chat.trace"
    app = ["chat", "--headless", "--home", str(home), "--documents", str(folder)]

    def serve_traced(port: int) -> list[str]:
        call = [*app, "--port", str(port)]
        return command(trace, f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
                       f"from rag.cli import main; sys.exit(main({call!r}))")  # fmt: skip

    with (
        serving(serve_traced, cwd=where / "chat", env=environ) as address,
        open_page(browser, address, 1280, "light") as visit,
    ):
        visit.ask("who said Hezbollah was surprised?")
        visit.page.locator("button.marker").first.wait_for(timeout=120_000)
        asked = time.monotonic()
        found = watch(where, programs(home, folder), environ)
        time.sleep(max(0.0, ALIVE - (time.monotonic() - asked)))
    return found | {"chat": read_trace(trace, folder=where / "chat")}


@pytest.mark.parametrize("name", ["sync", "ask", "check", "eval", "status", "chat"])
def test_nothing_is_sent_and_nothing_looked_up(watched: dict[str, Watched], name: str) -> None:
    assert watched[name].sent == []


@pytest.mark.parametrize("name", ["sync", "ask", "check", "eval", "status", "chat"])
def test_files_are_written_in_the_home_and_the_temp_folder_only(
    watched: dict[str, Watched], name: str, place: tuple[Path, Path], environ: Mapping[str, str]
) -> None:
    home, where = place
    # The test's own temp folder would hide a file left in the user's home or the current folder.
    fresh = home.with_name("fresh")
    assert strangers(watched[name].written, home, fresh, where / "documents") == set()
    assert user_files(environ) == []
    assert list((where / name).iterdir()) == []


def test_the_watch_sees_what_a_library_reports_without_its_switch(tmp_path: Path) -> None:
    """The test of the test: the same models, with onnxruntime's switch taken out."""
    if sys.platform != "linux":
        pytest.skip("onnxruntime reports on other platforms in other ways")
    program = (
        f"import os, sys, time; sys.path.insert(0, {str(ROOT)!r}); import rag; "
        "os.environ.pop('ORT_DISABLE_TELEMETRY'); from rag.models import open_embedder; "
        "open_embedder().embed_query('x'); time.sleep(15)"
    )
    user = tmp_path / "user"
    user.mkdir()
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(user)}
    found = watch(tmp_path, {"unhushed": program}, bare)["unhushed"]
    assert found.sent
    assert list(user.rglob("*"))


def test_the_switches_are_set_before_any_library_is_imported() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import rag, os; "
        "print('onnxruntime' in sys.modules, *(os.environ.get(n) for n in sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *SWITCHES],
        env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", *SWITCHES.values()]
