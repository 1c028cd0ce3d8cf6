"""A reply in pieces: no long silence, one retry where it helps, stopping at once.

Knows nothing about servers: a model gives `_stream`.
"""

import queue
import threading
import time
from collections.abc import Iterator

from rag.errors import LanguageModelError
from rag.models.contract import Asking, Messages, Stopped
from rag.models.failures import late
from rag.models.http import leaves_machine

# A server need not keep to that. So much longer is no token (25 characters), and so much larger is
# no reply: events and thoughts around each token take some 400 bytes.
MAX_REPLY_CHARACTERS = 20_000
_POLL_SECONDS = 0.05
# A model on this machine reads its prompt at 24 tokens a second on two old cores: it may be silent
# so many times as long before its first word.
_READS = 2
# … and no reply goes on for so many times as long as it may be silent.
_WHOLE = 10
_ENDED = object()


class Streaming:
    """What all models share: a bound to silence, one retry where it helps, stopping at once."""

    name: str
    address: str
    # Whether it can be asked for a reply of a form, by `Asking`.
    takes_form = False
    # Parameters, where its server tells.
    billions: float | None = None

    def _stream(self, messages: Messages, seconds: float, asking: Asking) -> Iterator[str]:
        raise NotImplementedError

    def reply(
        self,
        messages: Messages,
        *,
        seconds: float,
        stop: threading.Event | None = None,
        asking: Asking | None = None,
    ) -> Iterator[str]:
        stop = stop or threading.Event()
        ends = time.monotonic() + _WHOLE * seconds
        first = seconds if leaves_machine(self.address) else _READS * seconds
        began = time.monotonic()
        for last in (False, True):
            given = False
            source = self._stream(messages, first, asking or Asking())
            silences = (max(0.1, first - (time.monotonic() - began)), seconds)
            try:
                for piece in _clean(_pump(source, silences, ends, stop)):
                    given = True
                    yield piece
                return
            except LanguageModelError as error:
                wait = error.retry_after
                left = first - (time.monotonic() - began)
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
    source: Iterator[str],
    silences: tuple[float, float],
    ends: float,
    stop: threading.Event,
) -> Iterator[str]:
    """The pieces of `source`, read in a thread: a server that is silent for longer than the first
    of `silences`, or behind its first piece the second one, is left."""
    pieces: queue.Queue[object] = queue.Queue()
    gone = threading.Event()

    def read() -> None:
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
    until = min(ends, time.monotonic() + silences[0])
    try:
        while True:
            if stop.is_set():
                raise Stopped
            left = until - time.monotonic()
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
            until = min(ends, time.monotonic() + silences[1])
            yield str(piece)
    finally:
        gone.set()
