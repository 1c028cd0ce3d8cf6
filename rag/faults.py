"""Names the steps at which a crash would hurt, so that tests can crash there. Does nothing else.

`step` is a call of nothing unless a test watches: there is no setting or variable that arms it, so
that nothing outside this process can make the product end itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_watcher: Callable[[str], None] | None = None


def step(name: str) -> None:
    """Tells whoever watches that the step `name` ("sync.commit") is about to be taken."""
    if _watcher is not None:
        _watcher(name)


@contextmanager
def watching(watcher: Callable[[str], None]) -> Iterator[None]:
    """Calls `watcher(name)` at every step; what it raises is raised there, as a disk would."""
    global _watcher
    before, _watcher = _watcher, watcher
    try:
        yield
    finally:
        _watcher = before
