"""Gets what the tests need beside Python: a browser and strace; what cannot be had, a line says.

The tests that want it are skipped then; the others run, and only a failure fails. Run by `make
test`; knows nothing about the tests themselves.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from tests.browser import find_chromium

_SECONDS = 600
# Where we may: package manager → the commands that install a package without asking.
_MANAGERS: dict[str, Sequence[Sequence[str]]] = {
    "apt-get": (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends"),
    ),
    "dnf": (("dnf", "install", "-y", "-q"),),
    "apk": (("apk", "add", "-q"),),
}


def main() -> None:
    wanted = [
        ("chromium", find_chromium, "the browser tests are skipped. Install Chromium, or set "
         "CHROMIUM to its path"),
    ]  # fmt: skip
    if sys.platform == "linux":
        wanted.append(("strace", lambda: shutil.which("strace"),
                       "what leaves this machine is not watched. Install strace"))  # fmt: skip
    for package, find, told in wanted:
        if not (find() or _install(package, find)):
            print(f"tests: no {package} here and none could be installed: {told}.", flush=True)


def _install(package: str, find: Callable[[], str | None]) -> str | None:
    """Tries the system's package manager, then Playwright's own download; what was found after."""
    manager = next(filter(shutil.which, _MANAGERS), None)
    prefix = _privileged()
    if manager and prefix is not None:
        print(f"tests: installing {package} with {manager}", flush=True)
        *before, install = _MANAGERS[manager]
        for command in (*before, (*install, package)):
            _run([*prefix, *command])
    if not find() and package == "chromium":
        print("tests: fetching Chromium with Playwright", flush=True)
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return find()


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
