"""Serves the pages on this machine and to nobody else. Knows nothing about what is on them.

Streamlit answers whatever host name it is called by, lets the pages of any port of localhost open
its socket, and asks a remote service for its own address to compare origins with. A web page that
somebody visits could so read a newsroom's documents (DNS rebinding). Every request is therefore
looked at first: the host it names must be one of `server.allowedHosts`, and a page that asks must
be one of ours. Streamlit's own list only guards the socket.
"""

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st

from rag.errors import OnrecordError

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HERE = Path(__file__).resolve().parent
PAGE = _HERE / "script" / "app.py"
# In a wheel the settings lie beside this file, in a checkout where `streamlit run` looks for them.
_CONFIGS = (_HERE / "config.toml", _HERE.parent.parent / ".streamlit" / "config.toml")
_PORT = 8501
# Streamlit's page compiles and styles itself; nothing it shows may be fetched from, or sent to,
# anywhere else, and no other page may frame it.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host} blob: data:; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
)


def serve(*, port: int | None = None, headless: bool = False, tell: Callable[[str], None]) -> None:
    """Serves the app until it is stopped; opens a browser unless `headless`.

    Without a `port` it takes 8501 or the next free one. `tell` is told the address.

    Raises:
        OnrecordError: the port is taken.
    """
    options = dict(read_config())
    options["server.headless"] = headless
    options["server.port"] = port or _free_port()
    if port and not _is_free(port):
        raise OnrecordError(f"Port {port} is taken. Name another: onrecord chat --port NUMBER")
    # Streamlit's own greeting offers to install things for coding agents, in the page as well.
    options["logger.hideWelcomeMessage"] = True
    tell(f"http://127.0.0.1:{options['server.port']}")
    # What Streamlit calls the launcher: it puts that file's folder on the import path.
    sys.argv = [str(PAGE)]
    st.App(PAGE, middleware=guards()).run(config=options)


def read_config() -> Mapping[str, Any]:
    """Streamlit's settings by dotted name. Given as arguments, they win over a `.streamlit` folder
    that happens to stand where the app is started."""
    path = next(p for p in _CONFIGS if p.is_file())
    return dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))


def guards() -> "list[Middleware]":
    from starlette.middleware import Middleware

    return [Middleware(Guard)]


class Guard:
    """Lets through what comes from this machine's own pages, and tells browsers to stay here."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if sum(k.lower() == b"host" for k, _ in scope["headers"]) > 1:
            host = ""  # which of them counts is read differently by different programs
        # Compared as text: what cannot be parsed is none of ours either.
        own = {None, f"http://{host}", f"https://{host}"}
        if not is_own_host(host) or origin not in own:
            await _refuse(scope, send)
            return

        async def send_guarded(message: "Message") -> None:
            if message["type"] == "http.response.start":
                policy = ("content-security-policy", _POLICY.format(host=host))
                added = [(k.encode(), v.encode()) for k, v in (policy, *_HEADERS)]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await self._app(scope, receive, send_guarded)


def is_own_host(host: str) -> bool:
    """Whether a Host header names this machine, or what `server.allowedHosts` adds."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    # Nothing but a name and a port: it also stands in the policy above.
    if not name or parts.netloc != host or "@" in host:
        return False
    return name.removesuffix(".") in {str(h).lower() for h in st.get_option("server.allowedHosts")}


async def _refuse(scope: "Scope", send: "Send") -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    told = "Onrecord is served to this machine only: open it as http://localhost and its port."
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": told.encode()})


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _free_port() -> int:
    return next((p for p in range(_PORT, _PORT + 100) if _is_free(p)), _PORT)


def _is_free(port: int) -> bool:
    import socket

    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
