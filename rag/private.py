"""Folders that only their owner enters and files that only their owner reads, whatever the umask.

Knows nothing about what is in them. What belongs to somebody else is left as it is.
"""

import os
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def private_folder(path: Path) -> None:
    """Makes `path` if it is not there, and closes it to others.

    A folder that holds the current one, or somebody's own home, is only made, never closed: it was
    named by `--home .` and is used for more.

    Raises:
        OSError: it cannot be made.
    """
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    here = path.resolve()
    if not (Path.cwd().is_relative_to(here) or Path.home().is_relative_to(here)):
        _close(path, FOLDER_MODE)


def private_file(path: Path) -> None:
    """Makes an empty `path` if it is not there, and closes it to others.

    Raises:
        OSError: it cannot be made.
    """
    # Never opened if it is there: to close any handle of a file drops the locks that SQLite holds
    # on it in this process (https://sqlite.org/howtocorrupt.html, 2.2).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
    _close(path, FILE_MODE)


def close_folder(path: Path) -> None:
    """Closes everything below `path` to others."""
    _close(path, FOLDER_MODE)
    for inner in path.rglob("*"):
        if not inner.is_symlink():
            _close(inner, FOLDER_MODE if inner.is_dir() else FILE_MODE)


def _close(path: Path, mode: int) -> None:
    with suppress(OSError):  # a file system without modes, somebody else's, or gone
        found = path.stat()
        mine = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        if mine and found.st_mode & 0o777 != mode:
            path.chmod(mode)
