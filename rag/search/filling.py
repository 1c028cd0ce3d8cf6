"""Makes the vectors of words that no question has needed yet. Knows no question.

Those of passages, and of what stands over documents.

A collection is searched from its first second; a question makes what it needs. The rest is made
here: at the end of a sync where it is little, else in the background while nobody asks.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from rag.errors import OnrecordError
from rag.library.embeddings import hash_text
from rag.types import Passage

# As many passages are made at the end of a sync: some ten seconds on two cores.
AT_SYNC = 512
_BATCH = 64
# One passage at a time, on one core, and none for so long after a question.
_QUIET_SECONDS = 3
_log = logging.getLogger(__name__)


class Maker(Protocol):
    """Makes and keeps the vectors of texts (`late.StoredReader`)."""

    def missing(self, hashes: Collection[str]) -> list[str]: ...

    def make(self, texts: Sequence[str]) -> Any: ...

    def flush(self) -> None: ...


class Passages(Protocol):
    """Passages by the hash of their text (`Library`)."""

    @property
    def revision(self) -> int: ...

    def passage_hashes(self) -> list[str]: ...

    def passages_of_hashes(self, hashes: Sequence[str]) -> Mapping[str, Sequence[Passage]]: ...

    def list_heads(self) -> Mapping[str, str]: ...


def fill(
    reader: Maker | None,
    library: Passages,
    *,
    most: int,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Makes all that is missing, if that is no more than `most` texts; how many it was."""
    if reader is None:
        return 0
    heads = _heads(library)
    missing = reader.missing(worth_keeping(library))
    if len(missing) > most:
        return 0
    for start in range(0, len(missing), _BATCH):
        _make(reader, library, heads, missing[start : start + _BATCH])
        tell(min(start + _BATCH, len(missing)), len(missing))
    reader.flush()
    return len(missing)


class Filler:
    """A thread that fills while nobody asks, until it is stopped."""

    def __init__(self, open_: Callable[[], tuple[Maker, Passages] | None]) -> None:
        """`open_` gives what to fill, or None where there is nothing yet."""
        self._open = open_
        self._asked = time.monotonic()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def hold_off(self) -> None:
        """Whoever asks or syncs is not kept waiting by what is made ahead."""
        self._asked = time.monotonic()

    def start(self) -> None:
        """Begins, unless it has."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="filler", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        seen = -1
        while not self._stop.wait(_QUIET_SECONDS):
            try:
                opened = self._open()
                if opened is None or opened[1].revision == seen:
                    continue
                revision = opened[1].revision
                if self._fill(*opened):
                    seen = revision
            except OnrecordError as error:
                _log.info("nothing is made ahead for now: %s", error)

    def _fill(self, reader: Maker, library: Passages) -> bool:
        """Whether it came to the end."""
        heads = _heads(library)
        for text_hash in reader.missing(worth_keeping(library)):
            while time.monotonic() - self._asked < _QUIET_SECONDS:
                if self._stop.wait(1):
                    return False
            if self._stop.is_set():
                return False
            _make(reader, library, heads, [text_hash])
        return True


def worth_keeping(library: Passages) -> set[str]:
    """The hashes of all texts whose words' vectors a question may need."""
    return {*library.passage_hashes(), *_heads(library)}


def _heads(library: Passages) -> dict[str, str]:
    """{hash: text} of what stands over the documents."""
    return {hash_text(head): head for head in library.list_heads().values()}


def _make(
    reader: Maker, library: Passages, heads: Mapping[str, str], hashes: Sequence[str]
) -> None:
    passages = library.passages_of_hashes([h for h in hashes if h not in heads])
    texts = [found[0].text for found in passages.values()]
    reader.make([*(heads[h] for h in hashes if h in heads), *texts])
