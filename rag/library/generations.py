"""Complete folders of vectors, named by the library: what was published, and is it still that?

Knows no store and no vector.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.faults import step
from rag.library.library import Library

FOLDER = "vectors"
META_KEY = "vectors"
# Of a larger file, so many pieces are compared instead of all of it: a quarter of a second a file.
_DIGEST_PIECES = 256
_DIGEST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Generation:
    """The complete folder of a store, and the state of the library that it shows.

    `files` are {path: (bytes, digest)} of what must never change in it; `fitted`, of how many
    vectors its components are (`compact`), 0 where it holds whole ones.
    """

    folder: str
    model: str
    revision: int
    alive: int
    dead: int
    files: Mapping[str, Sequence[object]] = field(default_factory=dict)
    fitted: int = 0


def read_generation(library: Library) -> Generation | None:
    """The generation that the library names, if any."""
    text = library.get_meta(META_KEY)
    return Generation(**json.loads(text)) if text else None


def remove_unnamed(home: Path, library: Library) -> None:
    """Removes the folders that the library does not name (under `write_lock`)."""
    named = read_generation(library)
    for path in sorted((home / FOLDER).glob("g*")):
        if named is None or path.name != named.folder:
            # A reader on Windows may still hold files open; the next sync tries again.
            step("vectors.clean")
            shutil.rmtree(path, ignore_errors=True)


def fingerprints(folder: Path, files: Iterable[Path]) -> dict[str, tuple[int, str]]:
    """{path in `folder`: its (bytes, digest)}."""
    return {file.relative_to(folder).as_posix(): fingerprint(file) for file in files}


def fingerprint(path: Path) -> tuple[int, str]:
    """(bytes, digest) of a file; of a large one, of pieces of it."""
    try:
        size = path.stat().st_size
        digest = hashlib.blake2b(digest_size=16)
        stride = max(_DIGEST_BYTES, size // _DIGEST_PIECES)
        with path.open("rb") as opened:
            for start in range(0, size, stride):
                opened.seek(start)
                digest.update(opened.read(_DIGEST_BYTES))
        return size, digest.hexdigest()
    except OSError:
        return -1, ""
