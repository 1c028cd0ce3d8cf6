"""The log: a small file in the home, and standard error where it is wanted.

Knows nothing about questions, documents or keys, and no text of theirs gets in: of an exception
are written its kind and where it came from, not its message, which may hold any of them.
"""

import logging
import os
import secrets
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

LOG_FILE = "onrecord.log"
_BYTES = 500_000
_KEPT = 2
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_logger = logging.getLogger("rag")


def start_logging(home: Path, *, verbose: bool = False) -> None:
    """Logs into `home` from now on; to standard error as well, and more, if `verbose`.

    The file is made with the first line. A home that cannot be written costs the log, nothing else.
    """
    handlers: list[logging.Handler] = [_File(home / LOG_FILE)]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in [h for h in _logger.handlers if not isinstance(h, logging.NullHandler)]:
        _logger.removeHandler(handler)
        handler.close()
    for handler in handlers:
        handler.setFormatter(_Wordless(_FORM))
        _logger.addHandler(handler)
    _logger.setLevel(logging.DEBUG if verbose else logging.INFO)


def log_failure(error: BaseException) -> str:
    """Logs an error that nobody expected; the short id by which it is found in the log."""
    name = secrets.token_hex(4)
    _logger.error("unexpected failure %s", name, exc_info=error)
    return name


def tell_failure(error: BaseException, home: Path) -> str:
    """Logs an error that nobody expected; one line for people that says where to look."""
    return f"Something broke. Where it did stands in {home / LOG_FILE}, at {log_failure(error)}."


class _File(RotatingFileHandler):
    """A log that only its owner reads, and that never stands in the way."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)

    def _open(self) -> TextIO:  # type: ignore[override]
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:
        del record  # a full disk is told by what was being done, not by its log


class _Wordless(logging.Formatter):
    """Exceptions by their kind and place, without what they say."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[Any, Any, Any],
    ) -> str:
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(_kind(error))
            lines += (line.rstrip() for line in traceback.format_tb(error.__traceback__))
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _kind(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError) and error.errno:
        return f"{kind}: {os.strerror(error.errno)}"
    # What SQLite calls the failure; no other error has it.
    return f"{kind}: {name}" if (name := getattr(error, "sqlite_errorname", "")) else kind
