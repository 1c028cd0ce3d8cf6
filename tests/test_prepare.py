"""On a machine that lacks something the tests say so in a line, and get it where they may."""

from pathlib import Path

import pytest

from tests import prepare
from tests.conftest import write

Out = pytest.CaptureFixture[str]


def need(found: Path) -> prepare.Need:
    return prepare.Need(
        "a thing", lambda: "here" if found.exists() else None, {"": "thing", "getter": "the-thing"},
        without="nothing is tested. Install it",
    )  # fmt: skip


def test_what_is_there_is_neither_installed_nor_told(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "NEEDS", (need(write(tmp_path, "thing", "")),))
    prepare.main()
    assert capsys.readouterr().out == ""


def test_what_cannot_be_had_is_told_in_a_line(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "NEEDS", (need(tmp_path / "thing"),))
    monkeypatch.setattr(prepare, "MANAGERS", {})
    prepare.main()
    assert capsys.readouterr().out == (
        "tests: a thing is missing and cannot be installed here: nothing is tested. Install it.\n"
    )


def test_what_is_missing_is_got_by_the_package_manager_where_that_may_be(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    getter = write(
        tmp_path, "getter", f'#!/bin/sh\n[ "$2" = the-thing ] && touch {tmp_path}/thing\n'
    )
    getter.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(prepare, "NEEDS", (need(tmp_path / "thing"),))
    monkeypatch.setattr(prepare, "MANAGERS", {"getter": (("getter", "install"),)})
    for prefix, told in ((None, "cannot be installed"), ([], "installing a thing with getter")):
        monkeypatch.setattr(prepare, "_privileged", lambda prefix=prefix: prefix)
        prepare.main()
        assert told in capsys.readouterr().out
    assert (tmp_path / "thing").exists()
