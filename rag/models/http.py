"""Asks one address over HTTP and nobody else. Knows nothing about models or prompts."""

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
_PROBE_SECONDS = 2.0


def leaves_machine(address: str) -> bool:
    """Whether what is sent to an address can reach another machine.

    Only loopback stays here: it is called directly, past any proxy, and no redirect is followed
    (`http_client`). Whatever is not plainly loopback counts as elsewhere.
    """
    if "://" not in address:
        return False  # "in this process", or nothing
    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def show_host(address: str) -> str:
    """The host of an address, for people."""
    return urlsplit(address).netloc or address


def http_client(address: str, seconds: float, *, allowed: Mapping[str, str] | None = None) -> Any:
    """A client for `address` that goes there and nowhere else.

    With `allowed` its requests carry these headers and those of their form, and no others.

    The proxy of the environment is for other machines: a model on this one is never called through
    it. A redirect would take the prompt and the key to whoever it names.
    """
    import httpx

    def strip(request: httpx.Request) -> None:
        if allowed is not None:
            for name in set(request.headers) - _FORM:
                del request.headers[name]
            request.headers.update(allowed)

    return httpx.Client(
        timeout=httpx.Timeout(seconds, connect=min(5.0, seconds)),
        trust_env=leaves_machine(address),
        follow_redirects=False,
        headers=PLAIN,
        event_hooks={"request": [strip], "response": [_bound]},
    )


# A compressed reply could unpack to any size.
PLAIN = {"Accept-Encoding": "identity"}
# Headers that any request has, whoever sends it.
_FORM = frozenset(
    {"host", "accept", "accept-encoding", "connection", "content-type", "content-length",
     "transfer-encoding", "user-agent"}
)  # fmt: skip


def _bound(response: Any) -> None:
    """Has a response fail once it is larger than any reply; a hook of `httpx`."""
    import httpx

    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx.DecodingError("compressed, though not asked to be", request=response.request)
    whole = response.stream

    class Bounded(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for block in whole:
                size += len(block)
                if size > MAX_RESPONSE_BYTES:
                    raise httpx.ReadError("no end of it", request=response.request)
                yield block

        def close(self) -> None:
            whole.close()

    response.stream = Bounded()


def get_json(url: str, *, key: str = "", body: object = None) -> Any:
    """The JSON at `url`, or None; probing never raises."""
    if not _is_served(url):
        return None
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with http_client(url, _PROBE_SECONDS) as client:
            response = (
                client.get(url, headers=headers)
                if body is None
                else client.post(url, headers=headers, json=body)
            )
        return response.json() if response.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
        return None


def _is_served(url: str) -> bool:
    """Whether anything listens where `url` names this machine: told without an HTTP client, which
    takes a tenth of a second to import."""
    try:
        parts = urlsplit(url)
        if leaves_machine(url) or not parts.hostname:
            return True
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname, port), _PROBE_SECONDS):
            return True
    except OSError:
        return False
    except ValueError:
        return True
