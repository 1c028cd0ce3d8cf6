"""A reply in pieces within a bounded time: a deadline, one retry where it helps, stopping at once.

Knows nothing about servers: a model gives `_stream`.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator

from rag.errors import LanguageModelError
from rag.models.contract import Messages, Stopped
from rag.models.failures import late

# A server need not keep to that. So much longer is no token (25 characters), and so much larger is
# no reply: events and thoughts around each token take some 400 bytes.
MAX_REPLY_CHARACTERS = 20_000
_POLL_SECONDS = 0.05
_ENDED = object()


class Streaming:
    """What all models share: a deadline, one retry where it helps, and stopping at once."""

    name: str
    address: str

    def _stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        raise NotImplementedError

    def reply(
        self, messages: Messages, *, seconds: float, stop: threading.Event | None = None
    ) -> Iterator[str]:
        deadline = time.monotonic() + seconds
        stop = stop or threading.Event()
        for last in (False, True):
            given = False
            try:
                for piece in _clean(_pump(self._stream, messages, deadline, stop)):
                    given = True
                    yield piece
                return
            except LanguageModelError as error:
                wait = error.retry_after
                left = deadline - time.monotonic()
                if last or given or wait is None or wait >= left:
                    raise
                if stop.wait(wait):
                    raise Stopped from None


def _clean(pieces: Iterator[str]) -> Iterator[str]:
    """`pieces` without what no text holds; a pair of surrogates that was sent apart is one again.

    Raises:
        LanguageModelError: there is no end of them.
    """
    kept, length = "", 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_REPLY_CHARACTERS:
            raise LanguageModelError("went on far beyond the reply that it was asked for")
        text = kept + piece
        kept = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = text[: len(text) - len(kept)]
        if text:
            pairs = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            yield pairs.replace("\x00", " ")


def _pump(
    stream: Callable[[Messages, float], Iterator[str]],
    messages: Messages,
    deadline: float,
    stop: threading.Event,
) -> Iterator[str]:
    """The pieces of `stream`, read in a thread: a server that hangs is left at the deadline."""
    pieces: queue.Queue[object] = queue.Queue()
    gone = threading.Event()

    def read() -> None:
        source = stream(messages, max(0.1, deadline - time.monotonic()))
        try:
            for piece in source:
                pieces.put(piece)
                if gone.is_set():
                    break
            pieces.put(_ENDED)
        except BaseException as error:
            pieces.put(error)
        finally:
            source.close()  # type: ignore[attr-defined]

    threading.Thread(target=read, name="language-model", daemon=True).start()
    try:
        while True:
            if stop.is_set():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                raise late()
            try:
                piece = pieces.get(timeout=min(_POLL_SECONDS, left))
            except queue.Empty:
                continue
            if piece is _ENDED:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield str(piece)
    finally:
        gone.set()
