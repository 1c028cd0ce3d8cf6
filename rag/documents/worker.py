"""Reads one file in a process of its own that is ended at a limit of time or memory.

What parses a hostile file can hang or eat memory where no thread can be interrupted (PDFium, lxml,
a regular expression), so it runs in a worker: one process, kept from file to file, ended and
started anew when a file is too much for it. It speaks pickles over its own pipes and is started
by `sys.executable -P`, so nothing depends on how the caller's program was started: no `__main__`
guard, no fork of a process with threads, no module of the current folder. Knows nothing about
indexes.
"""

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import DocumentError, WorkerError

# So many processes read at once; embedding wants the cores as well.
READERS = min(os.cpu_count() or 1, 4)
# A worker that nothing asks for is ended after so many seconds.
_IDLE_SECONDS = 60.0
# Starting one takes 0.2 s on a quiet machine.
_START_SECONDS = 120.0
# How long a worker outlives its limit if nobody is left to end it.
_GRACE_SECONDS = 5
_MEGABYTE = 1024 * 1024
# The caller's own package is used, wherever it was imported from; the path of a package that is
# installed stands in `sys.path` already.
_START = """import sys
if sys.argv[1] not in sys.path:
    sys.path.append(sys.argv[1])
from rag.documents.worker import main
main()"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds, and megabytes beyond what a worker has anyway."""

    seconds: float = 30.0
    megabytes: int = 1024


class Reader:
    """Has jobs done in a worker under one pair of limits; for one thread, but `stop` for any."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._worker: _Worker | None = None
        self._stopped = False

    def run(self, job: str, *arguments: object) -> Any:
        """What `jobs()[job](*arguments)` returns.

        Raises:
            DocumentError: the job raised it, took too long or too much memory, or ended its
                process.
            WorkerError: no worker can be started.
        """
        worker = self._worker = _take()
        try:
            if self._stopped:
                raise Stopped
            kind, value, worn = worker.ask(job, arguments, self.limits)
            if self._stopped:
                raise Stopped
        except BaseException:  # Ctrl-C, too
            worker.stop()
            raise
        if worn:
            worker.stop()
        else:
            _give_back(worker)
        if kind == "done":
            return value
        raise DocumentError(_REASONS.get(kind, "{value}").format(value=value, limits=self.limits))

    def stop(self) -> None:
        """Ends what is being read at once; whoever waits for it gets `Stopped`."""
        self._stopped = True
        if self._worker is not None:
            self._worker.kill()


class Stopped(Exception):
    """The reader was stopped."""


def warm_up() -> None:
    """Has a worker start, if none waits, while the caller does something else."""
    _give_back(_take())


_REASONS = {
    "late": "takes longer than {limits.seconds:g} s to read. Split it, save it in another "
    "format, or raise ONRECORD_FILE_SECONDS.",
    "memory": "needs more than {limits.megabytes} MB of memory to be read. Split it, save it in "
    "another format, or raise ONRECORD_FILE_MEMORY.",
    "died": "ends the program that reads it, or needs more memory than ONRECORD_FILE_MEMORY allows "
    "({limits.megabytes} MB). Save it in another format.",
}


# --- the caller's side ---


class _Worker:
    """One process; used by one thread at a time."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, root],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise _no_worker(error.strerror) from error
        self._ready = False
        self._expired = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, job: str, arguments: tuple[object, ...], limits: Limits
    ) -> tuple[str, object, bool]:
        """(how it ended, its result or message, whether the worker is to be ended)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if not self._ready:
            if self._receive(self._process.stdout, _START_SECONDS) is None:
                self.stop()
                raise _no_worker(f"exit status {self._process.returncode}")
            self._ready = True
        # In one piece, outside the limit: pickling a large upload is not the file's fault.
        request = pickle.dumps((job, arguments, limits), pickle.HIGHEST_PROTOCOL)
        answer = self._receive(self._process.stdout, limits.seconds, self._process.stdin, request)
        if answer is not None:
            kind, value, worn = answer
            return kind, value, worn or self._expired
        return "late" if self._expired else "died", None, True

    def _receive(
        self,
        replies: IO[bytes],
        seconds: float,
        requests: IO[bytes] | None = None,
        request: bytes = b"",
    ) -> Any:
        """What the worker sends within `seconds`, once it is sent `request`; None if it ended."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            if requests is not None:
                requests.write(request)
                requests.flush()
            return pickle.load(replies)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._expired = True
        self.kill()

    def kill(self) -> None:
        self._process.kill()

    def stop(self) -> None:
        """Ends the process and lets go of it."""
        self._process.kill()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:  # it hangs in a read from a dead file system
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not yet sent
                    continue


_idle: list[_Worker] = []
_lock = threading.Lock()
_clock: threading.Timer | None = None


def _take() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.alive:
                return worker
            worker.stop()
    return _Worker()


def _give_back(worker: _Worker) -> None:
    """Keeps a worker for the next file, for a while."""
    global _clock
    with _lock:
        if len(_idle) >= READERS or not worker.alive:
            worker.stop()
            return
        _idle.append(worker)
        if _clock is None:
            _clock = threading.Timer(_IDLE_SECONDS, _end_idle)
            _clock.daemon = True
            _clock.start()


def _end_idle() -> None:
    global _clock
    with _lock:
        _clock = None
        for worker in _idle:
            worker.stop()
        _idle.clear()


def _forget() -> None:
    """In a forked child: its parent's workers are none of its own."""
    global _lock, _clock
    _lock, _clock = threading.Lock(), None
    _idle.clear()


atexit.register(_end_idle)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _no_worker(why: object) -> WorkerError:
    return WorkerError(
        f"The process that reads files cannot be started ({why}). Close other programs, or "
        "install Onrecord again."
    )


# --- the worker's side ---


def jobs() -> Mapping[str, Callable[..., Any]]:
    """What a worker can do."""
    from rag.documents import readers
    from rag.documents.passages import split
    from rag.documents.scan import check_content, read_described
    from rag.statements import extract

    def read(file: Any) -> Any:
        document, own, size = read_described(file)
        return document, own, size, split(document), extract(document)

    def name_line(data: bytes) -> str | None:
        return readers.json_line_name(readers.parse_json_line(data))

    return {
        "read": read,
        "check": check_content,
        "text": readers.extract,
        "statements": extract,
        "name": name_line,
    }


def main() -> None:
    """Does jobs from standard input until that is closed."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):  # what a parser prints is no reply
        os.dup2(null, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what Ctrl-C ends
    known = jobs()
    _end_with_caller(requests.fileno())
    memory = _Memory()

    def send(*reply: object) -> None:
        replies.write(pickle.dumps(reply, pickle.HIGHEST_PROTOCOL))
        replies.flush()

    send("ready", None, False)
    while True:
        try:
            job, arguments, limits = pickle.load(requests)
        except EOFError:
            return
        _end_after(limits.seconds + _GRACE_SECONDS)
        memory.limit(limits.megabytes)
        try:
            send("done", known[job](*arguments), memory.worn())
        except DocumentError as error:
            send("failed", str(error), memory.worn())
        except MemoryError:
            memory.lift()
            send("memory", None, True)
        _end_after(0)


def _end_after(seconds: float) -> None:
    """Has the system end this process, should its caller be gone; 0 calls that off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end_with_caller(descriptor: int) -> None:
    """Ends this process as soon as nobody holds the other end of its input."""
    import select

    if not hasattr(select, "poll"):
        return

    def watch() -> None:
        poll = select.poll()
        poll.register(descriptor, 0)  # nothing but the hang-up
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


class _Memory:
    """Keeps this process within a limit: by the system on Linux, elsewhere by watching itself.

    Only Linux counts private memory alone (RLIMIT_DATA) and holds to it; other systems ignore the
    limit. Where there is no `resource` (Windows) nothing limits memory.
    """

    def __init__(self) -> None:
        self._base = _data_bytes()
        self._most = 0
        self._limit: int | None = None

    def limit(self, megabytes: int) -> None:
        self._limit = megabytes * _MEGABYTE
        if sys.platform == "linux":
            self._set(self._base + self._limit)
        elif sys.platform != "win32" and not self._most:
            self._most = _most_bytes()
            threading.Thread(target=self._watch, daemon=True).start()

    def lift(self) -> None:
        """Makes room for saying that there was none."""
        if sys.platform == "linux":
            self._set(-1)

    def worn(self) -> bool:
        """Whether earlier files have left too little room for the next."""
        return self._limit is not None and _data_bytes() - self._base > self._limit // 4

    def _set(self, limit: int) -> None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

    def _watch(self) -> None:
        import time

        while self._limit is None or _most_bytes() - self._most < self._limit:
            time.sleep(0.05)
        os._exit(1)


def _data_bytes() -> int:
    """The private memory of this process; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _most_bytes() -> int:
    """The most memory that this process ever held (macOS says bytes, others kilobytes)."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
