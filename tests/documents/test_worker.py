"""One file is read within limits of time and memory; one that is too much stops no other."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from rag import Assistant, Settings
from rag.documents.folder import add_file
from rag.documents.sync import sync_folder
from rag.documents.worker import Limits, Reader, Stopped
from rag.errors import DocumentError, IndexBusy, WorkerError
from rag.library.vectors import write_lock
from rag.models import open_embedder
from tests.conftest import ROOT, write

MEMORY_BOMB = b'{"text": "x", "more": [' + b"{}," * 4_000_000 + b"{}]}"


def self_drawing_pdf(times: int = 20) -> bytes:
    """A page whose form draws itself so often each time: no parser ends it in our lifetime."""
    stream = "/X Do " * times
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 3 0 R>>>>"
        f"/Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R"
        "/Resources<</XObject<</X 3 0 R>>>>>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def worker_pid(reader: Reader) -> int:
    wait_until(lambda: reader._worker is not None and reader._worker._ready)
    assert reader._worker is not None
    return reader._worker._process.pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def read_in_thread(reader: Reader, *arguments: object) -> tuple[threading.Thread, list[Exception]]:
    """A thread that has the endless PDF read, and what that raised."""
    raised: list[Exception] = []

    def read() -> None:
        try:
            reader.run(*arguments)  # type: ignore[arg-type]
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    return thread, raised


def test_a_file_that_takes_too_long_is_named_with_its_remedy_and_the_next_is_read() -> None:
    reader = Reader(Limits(seconds=0.5, megabytes=100_000))
    with pytest.raises(DocumentError, match=r"longer than 0\.5 s .*ONRECORD_FILE_SECONDS"):
        reader.run("check", self_drawing_pdf(), ".pdf")
    assert reader.run("check", b"The quay is closed.", ".txt") is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit")
def test_a_file_that_takes_too_much_memory_is_named_with_its_remedy() -> None:
    reader = Reader(Limits(seconds=60, megabytes=128))
    with pytest.raises(DocumentError, match=r"more than 128 MB.*ONRECORD_FILE_MEMORY"):
        reader.run("check", MEMORY_BOMB, ".jsonl")
    # PDFium ends the process when it gets no more.
    with pytest.raises(DocumentError, match="ONRECORD_FILE_MEMORY"):
        reader.run("check", self_drawing_pdf(), ".pdf")
    assert Reader(Limits(megabytes=1024)).run("check", MEMORY_BOMB, ".jsonl") is None


def test_a_worker_is_kept_for_the_next_file_and_replaced_when_it_dies() -> None:
    reader = Reader()
    reader.run("check", b"One.", ".txt")
    first = worker_pid(reader)
    reader.run("check", b"Two.", ".txt")
    with pytest.raises(DocumentError):  # what a file is refused for costs no worker
        reader.run("check", b"\x00", ".txt")
    assert worker_pid(reader) == first
    thread, raised = read_in_thread(reader, "check", self_drawing_pdf(), ".pdf")
    os.kill(first, signal.SIGSEGV)
    thread.join(30)
    assert "ends the program that reads it" in str(raised[0])
    assert reader.run("check", b"Three.", ".txt") is None
    assert worker_pid(reader) != first


def test_stopping_ends_what_is_being_read_at_once() -> None:
    reader = Reader()
    thread, raised = read_in_thread(reader, "check", self_drawing_pdf(), ".pdf")
    pid = worker_pid(reader)
    reader.stop()
    thread.join(10)
    assert isinstance(raised[0], Stopped)
    assert not is_running(pid)
    with pytest.raises(Stopped):
        reader.run("check", b"The next one.", ".txt")


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_caller(tmp_path: Path, how: signal.Signals) -> None:
    pdf = write(tmp_path, "endless.pdf", self_drawing_pdf())
    program = (
        "import signal, sys, threading, time\n"
        "from rag.documents.worker import Reader, Limits\n"
        # A shell has what it runs in the background ignore Ctrl-C, and the tests with it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "reader = Reader(Limits(600, 100_000))\n"
        "def tell():\n"
        "    while reader._worker is None or not reader._worker._ready: time.sleep(0.01)\n"
        "    print(reader._worker._process.pid, flush=True)\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
        "reader.run('check', open(sys.argv[1], 'rb').read(), '.pdf')\n"
    )
    # From standard input: there is no file that a child could import as `__main__`.
    caller = subprocess.Popen(
        [sys.executable, "-", str(pdf)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    assert caller.stdin is not None
    assert caller.stdout is not None
    caller.stdin.write(program.encode())
    caller.stdin.close()
    pid = int(caller.stdout.readline())
    assert is_running(pid)
    caller.send_signal(how)
    caller.wait(30)
    caller.stdout.close()
    wait_until(lambda: not is_running(pid))


def test_a_worker_runs_nothing_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("pickle", "rag", "sentencex", "select"):
        write(tmp_path, f"{module}.py", f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rag.documents.worker._idle", [])
    assert Reader().run("check", b"The quay is closed.", ".txt") is None
    assert not (tmp_path / "ran").exists()


def test_a_reader_that_cannot_be_started_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rag.documents.worker._idle", [])
    monkeypatch.setattr("rag.documents.worker._START", "raise SystemExit(3)")
    with pytest.raises(WorkerError, match="exit status 3"):
        Reader().run("check", b"The quay is closed.", ".txt")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(WorkerError, match="No such file"):
        Reader().run("check", b"The quay is closed.", ".txt")


def test_a_sync_names_what_is_too_much_and_reads_the_rest_without_the_lock(
    folder: Path, home: Path
) -> None:
    write(folder, "delta.pdf", self_drawing_pdf())
    settings = Settings(
        home=home, documents=folder, rerank="off", file_seconds=8, file_memory=10**6
    )
    assistant = Assistant(settings)
    reports = []
    thread = threading.Thread(target=lambda: reports.append(assistant.sync()))
    thread.start()

    def begun() -> bool:
        library = assistant._home.find_library()
        return library is not None and library.get_meta("folder") is not None

    def let_go() -> bool:
        try:
            with write_lock(home):
                return True
        except IndexBusy:
            return False

    wait_until(begun)  # before that the sync could find the lock taken by this test
    wait_until(let_go)
    assert thread.is_alive()
    assert not reports
    thread.join(120)
    assert reports[0].added == ("alpha.txt", "beta.md", "gamma.txt")
    assert [f.id for f in reports[0].failed] == ["delta.pdf"]
    assert "longer than 8 s " in reports[0].failed[0].reason


def test_what_another_sync_wrote_meanwhile_stays(folder: Path, home: Path) -> None:
    assistant = Assistant(Settings(home=home, documents=folder, rerank="off"))
    assistant.sync()
    for name in ("alpha.txt", "beta.md"):
        write(folder, name, "The first version.")
    library, vectors = assistant._home.open_library(create=True)
    taken = 0

    def lock() -> AbstractContextManager[None]:
        nonlocal taken
        taken += 1
        if taken == 2:  # both files are read and about to be written
            write(folder, "alpha.txt", "The second version.")
            (folder / "beta.md").unlink()
            other = Assistant(Settings(home=home, documents=folder, rerank="off"))
            assert other.sync().removed == ("beta.md",)
        return nullcontext()

    sync_folder(folder, library=library, vectors=vectors, embedder=open_embedder(), lock=lock)
    assert [d.id for d in assistant.index.list_documents()] == ["alpha.txt", "gamma.txt"]
    document = assistant.index.get_document("alpha.txt")
    assert document is not None
    assert document.text == "The second version."
    assert assistant.sync().unchanged == ("alpha.txt", "gamma.txt")


def test_an_upload_that_is_too_much_is_refused(folder: Path) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(DocumentError, match="longer than 1 s "):
        add_file(folder, "endless.pdf", self_drawing_pdf(), limits=Limits(1, 10**6))
    assert sorted(folder.iterdir()) == before
