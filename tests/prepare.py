"""Gets what the tests need beside Python: a browser and strace; what cannot be had, a line says.

The tests that want it are skipped then; the others run, and only a failure fails. Run by `make
test`; knows nothing about the tests themselves.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.chromium import find_chromium, find_driver

_SECONDS = 600


@dataclass(frozen=True)
class Need:
    """Something to be found, or installed: `packages` by package manager, "" for any other."""

    name: str
    find: Callable[[], str | None]
    packages: Mapping[str, str]
    without: str
    playwright: bool = False  # whether Playwright can fetch it


NEEDS = (
    Need("Chromium", find_chromium, {"": "chromium"}, playwright=True,
         without="the browser tests are skipped. Install it, or set CHROMIUM to its path"),
    # Node, which drives the browser, is linked to it; a bare Debian has none.
    Need("the library libatomic", find_driver, {"apt-get": "libatomic1", "": "libatomic"},
         without="the browser tests are skipped. Install it"),
    # llama.cpp runs the local model on it.
    Need("the library libgomp", lambda: _imports("xllamacpp"),
         {"apt-get": "libgomp1", "": "libgomp"},
         without="the tests of a local model are skipped. Install it"),
    Need("strace", lambda: shutil.which("strace"), {"": "strace"},
         without="what leaves this machine is not watched. Install it"),
)  # fmt: skip
# Where we may: package manager → the commands that install a package without asking.
MANAGERS: dict[str, Sequence[Sequence[str]]] = {
    "apt-get": (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends"),
    ),
    "dnf": (("dnf", "install", "-y", "-q"),),
    "apk": (("apk", "add", "-q"),),
}


def main() -> None:
    for need in NEEDS:
        if need.name == "strace" and sys.platform != "linux":
            continue
        if not (need.find() or _install(need)):
            print(f"tests: {need.name} is missing and cannot be installed here: {need.without}.",
                  flush=True)  # fmt: skip


def _install(need: Need) -> str | None:
    """Tries the system's package manager, then Playwright's own download; what was found after."""
    manager = next(filter(shutil.which, MANAGERS), None)
    prefix = _privileged()
    if manager and prefix is not None:
        print(f"tests: installing {need.name} with {manager}", flush=True)
        *before, install = MANAGERS[manager]
        package = need.packages.get(manager, need.packages[""])
        for command in (*before, (*install, package)):
            _run([*prefix, *command])
    if need.playwright and not need.find():
        print(f"tests: fetching {need.name} with Playwright", flush=True)
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return need.find()


def _imports(module: str) -> str | None:
    done = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True)
    return module if done.returncode == 0 else None


def _privileged() -> list[str] | None:
    """What to set before a command to run it as root without being asked; None if we may not."""
    if os.name == "posix" and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _run(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def _run(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=_SECONDS)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
