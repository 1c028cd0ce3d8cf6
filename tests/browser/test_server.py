"""The app is served to this machine's own pages only, and ends with the command that serves it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import streamlit as st
from streamlit.web.server.app_discovery import discover_asgi_app

from rag.browser.server import is_own_host, read_config
from tests.chromium import serve
from tests.conftest import ROOT, SEEDS, write


@pytest.fixture(scope="module")
def address(seeds_home: Path) -> Iterator[str]:
    with serve(["--home", str(seeds_home), "--documents", str(SEEDS)]) as url:
        yield url


def ask(address: str, path: str = "/", **headers: str) -> httpx.Response:
    return httpx.get(f"{address}{path}", headers=headers, trust_env=False)


def shake(address: str, *, host: str | None = None, origin: str | None = None) -> str:
    """The first line that the server says to somebody who wants to open its socket."""
    netloc = address.removeprefix("http://")
    name, port = netloc.split(":")
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host or netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {origin}"] if origin else []),
    ]
    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection.recv(100).decode().splitlines()[0]


def test_another_host_name_is_refused_whatever_it_resolves_to(address: str) -> None:
    assert ask(address).status_code == 200
    port = address.rsplit(":", 1)[1]
    assert ask(address, Host=f"localhost:{port}").status_code == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "x@127.0.0.1"):
        assert ask(address, Host=host).status_code == 403, host
        assert ask(address, "/_stcore/health", Host=host).status_code == 403, host
        assert "403" in shake(address, host=host), host


def test_a_page_of_another_origin_is_refused_also_of_localhost(address: str) -> None:
    assert "101" in shake(address, origin=address)
    for origin in ("http://localhost:3000", "http://127.0.0.1:3000", "http://evil.example", "null", "http://[",
                   f"{address}:1"):  # fmt: skip
        assert "403" in shake(address, origin=origin), origin
        assert ask(address, "/_stcore/health", Origin=origin).status_code == 403, origin


def test_of_two_hosts_none_is_believed(address: str) -> None:
    netloc = address.removeprefix("http://")
    name, port = netloc.split(":")
    lines = ["GET / HTTP/1.1", f"Host: {netloc}", "Host: evil.example", "", ""]
    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        assert connection.recv(100).decode().split()[1] in ("400", "403")


def test_no_other_page_may_frame_it_and_it_fetches_from_nowhere_else(address: str) -> None:
    headers = ask(address).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    sources = {w for part in headers["content-security-policy"].split(";") for w in part.split()}
    netloc = address.removeprefix("http://")
    assert {w for w in sources if "://" in w} == {f"ws://{netloc}", f"wss://{netloc}"}


@pytest.mark.parametrize(
    "host", ["", "localhost..", "localhost:x", "localhost/a", "a b", "localhost;x", "[::1"]
)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert not is_own_host(host)


def test_a_configuration_of_the_current_folder_changes_nothing(
    tmp_path: Path, seeds_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / ".streamlit", "config.toml",
          '[server]\naddress = "0.0.0.0"\nallowedHosts = ["*"]\nenableCORS = false\n')  # fmt: skip
    monkeypatch.setattr("tests.chromium.ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with serve(["--home", str(seeds_home), "--documents", str(SEEDS)]) as url:
        assert ask(url, Host="evil.example").status_code == 403
        port = int(url.rsplit(":", 1)[1])
        with socket.socket() as other, pytest.raises(OSError, match="refused"):
            other.connect(("127.0.0.2", port))  # listens on 127.0.0.1 and on no other address


def test_every_setting_is_one_that_streamlit_knows() -> None:
    for name in read_config():
        st.get_option(name)


def test_streamlit_run_serves_the_same_guarded_app() -> None:
    found = discover_asgi_app(ROOT / "app.py")
    assert (found.is_asgi_app, found.app_name) == (True, "app")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_server_ends_with_its_command(sign: signal.Signals, seeds_home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rag.cli", "chat", "--headless", "--port", str(port)]
    started = subprocess.Popen(
        [*command, "--home", str(seeds_home)],
        cwd=ROOT,
        env={**os.environ, "ONRECORD_PROVIDER": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    wait_for(port, listening=True)
    # It listens before it minds signals, and a shell has its background ignore Ctrl-C till then.
    assert ask(f"http://127.0.0.1:{port}", "/_stcore/health").is_success
    started.send_signal(sign)
    said, _ = started.communicate(timeout=30)
    wait_for(port, listening=False)
    # Its address, and nothing of Streamlit's: that offers to install things for coding agents.
    assert f"The chat is open at http://127.0.0.1:{port} " in said
    assert "Streamlit" not in said


def wait_for(port: int, *, listening: bool) -> None:
    for _ in range(600):
        with socket.socket() as tried:
            if (tried.connect_ex(("127.0.0.1", port)) == 0) == listening:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing {'listens' if listening else 'stopped listening'} on {port}")
