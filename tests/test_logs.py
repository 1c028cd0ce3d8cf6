"""The log tells what broke and where, and holds nothing that people wrote."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag import Assistant, cli
from rag.library.chats import Chats
from rag.logs import LOG_FILE, log_failure, start_logging
from tests.browser.test_app import start, told, wait_for
from tests.conftest import ROOT, write

QUESTION = "Which comets did the astronomers count over Zanzibar?"
KEY = "sk-very-secret-key"


@pytest.fixture(autouse=True)
def no_log_is_left() -> Iterator[None]:
    """No handler of a test goes on writing into its folder."""
    yield
    logger = logging.getLogger("rag")
    for handler in logger.handlers[:]:
        if not isinstance(handler, logging.NullHandler):
            logger.removeHandler(handler)
            handler.close()
    logger.setLevel(logging.NOTSET)


def read(home: Path) -> str:
    return (home / LOG_FILE).read_text(encoding="utf-8")


def test_the_log_says_what_was_done_and_holds_no_word_of_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ONRECORD_PROVIDER", "none")
    place = ["--home", str(home), "--documents", str(folder)]
    assert cli.main(["sync", *place]) == 0
    assert cli.main(["ask", QUESTION, *place, "--verbose"]) == 0
    log = read(home)
    assert "synced: 3 added, 0 changed" in log
    assert "asked: " in log
    assert log.splitlines()[-1] in capsys.readouterr().err
    for words in ("comets", "Zanzibar", "harbour", "rye bread", KEY):
        assert words not in log
    assert stat.S_IMODE((home / LOG_FILE).stat().st_mode) == 0o600


def test_without_an_index_nothing_is_made(home: Path) -> None:
    assert cli.main(["status", "--home", str(home)]) == 0
    assert cli.main(["ask", QUESTION, "--home", str(home)]) == 1
    assert not home.exists()


def test_an_unknown_error_is_one_line_and_its_place_stands_in_the_log(
    monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object, **__: object) -> None:
        try:
            raise KeyError(QUESTION)
        except KeyError as error:
            raise ZeroDivisionError(f"{QUESTION} {KEY}") from error

    monkeypatch.setattr(Assistant, "ask", break_down)
    assert cli.main(["ask", QUESTION, "--home", str(home)]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(f"onrecord: Something broke. Where it did stands in {home / LOG_FILE}")
    name = err.split()[-1].rstrip(".")
    log = read(home)
    assert f"unexpected failure {name}" in log
    assert "builtins.ZeroDivisionError" in log
    assert "builtins.KeyError" in log
    assert "in break_down" in log
    assert "Zanzibar" not in log + err
    assert KEY not in log + err


def test_the_app_tells_an_unknown_error_calmly_with_an_id_that_stands_in_the_log(
    monkeypatch: pytest.MonkeyPatch, seeds_copy: Path
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError(QUESTION)

    app = start(monkeypatch, home=seeds_copy, documents=ROOT / "seeds")
    app.run()
    monkeypatch.setattr(Assistant, "ask", break_down)
    app.chat_input[0].set_value(QUESTION).run()
    wait_for(app, "Something broke.")
    check(app, seeds_copy)
    monkeypatch.setattr(Chats, "read", break_down)
    app.run()
    assert not app.exception
    check(app, seeds_copy)


def check(app: AppTest, home: Path) -> None:
    (message,) = (e.value.replace("\\", "") for e in app.error)
    name = message.split(", at ")[1][:8]
    assert f"unexpected failure {name}" in read(home)
    assert "in break_down" in read(home)
    assert "Zanzibar" not in read(home) + message
    assert "ZeroDivisionError" not in told(app)


def test_the_log_stays_small_and_costs_nothing_where_it_cannot_be_written(tmp_path: Path) -> None:
    start_logging(tmp_path)
    for _ in range(40):
        logging.getLogger("rag.test").warning("x" * 50_000)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [LOG_FILE, f"{LOG_FILE}.1", f"{LOG_FILE}.2"]
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 2_000_000
    start_logging(write(tmp_path, "file", "") / "below a file")
    assert log_failure(ValueError("x"))
