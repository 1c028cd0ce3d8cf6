"""The vectors of passages' words by the hash of their text, in a file of their own. Knows no model.

A cache: whatever is not in it is made when it is needed. A file that is damaged makes place for a
new one, one that cannot be written is done without, and no backup holds it.
"""

import logging
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from rag.errors import DamagedError, StorageError
from rag.library.database import Connection, Database, run_script
from rag.library.tables import batches

FILE_NAME = "tokens.db"
_SUFFIXES = ("", "-wal", "-shm")
_log = logging.getLogger(__name__)


def m001_tokens(connection: Connection) -> None:
    """What is kept of each text, by the name of what made it."""
    run_script(
        connection,
        """
CREATE TABLE tokens (
    rowid INTEGER PRIMARY KEY, model TEXT NOT NULL, text_hash TEXT NOT NULL, vectors BLOB NOT NULL,
    UNIQUE (text_hash, model)
);
""",
    )


class TokenShelf:
    """`tokens.db` of a home. Safe to share between threads; no method raises for a file."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._database: Database | None = None
        self._failed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="tokens")

    def get(self, model: str, hashes: Collection[str]) -> dict[str, bytes]:
        """{hash: what was kept} of those of `hashes` that were."""
        database = self._open()
        found: dict[str, bytes] = {}
        if database is None:
            return found
        try:
            for batch in batches(sorted(hashes)):
                marks = ",".join("?" * len(batch))
                found |= database.rows(
                    f"SELECT text_hash, vectors FROM tokens WHERE text_hash IN ({marks})"
                    " AND model = ?",
                    (*batch, model),
                )
        except StorageError as error:
            self._give_up(error)
        return found

    def keep(self, model: str, made: Mapping[str, bytes]) -> "Future[None]":
        """Keeps {hash: vectors}, in another thread: no question waits for a disk."""
        return self._writer.submit(self._keep, model, dict(made))

    def count(self, model: str) -> int:
        """How many texts are kept."""
        database = self._open()
        with suppress(StorageError):
            if database is not None:
                sql = "SELECT count(*) FROM tokens WHERE model = ?"
                return int(database.rows(sql, (model,))[0][0])
        return 0

    def tell(self, model: str, passages: int, *, check: bool = False) -> str:
        """How much is kept, in words; with what is wrong with the file, where it is checked."""
        state = self.check() if check else "ok"
        kept = f"kept of {min(self.count(model), passages):,} of {passages:,} passages"
        return kept if state in ("ok", "none") else f"{kept}; {state}"

    def missing(self, model: str, hashes: Collection[str]) -> list[str]:
        """Those of `hashes` that are not kept, sorted."""
        database = self._open()
        known: set[str] = set()
        with suppress(StorageError):
            if database is not None:
                rows = database.rows("SELECT text_hash FROM tokens WHERE model = ?", (model,))
                known = {str(row[0]) for row in rows}
        return sorted(set(hashes) - known)

    def prune(self, model: str, alive: Collection[str]) -> int:
        """Forgets what is of other models and of texts that are gone; how many."""
        database = self._open()
        gone = 0
        with suppress(StorageError):
            if database is not None:
                rows = database.rows("SELECT rowid, text_hash, model FROM tokens")
                left = set(alive)
                dead = [(r,) for r, text, made_by in rows if made_by != model or text not in left]
                database.run_many("DELETE FROM tokens WHERE rowid = ?", dead)
                gone = len(dead)
        return gone

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok", "none" or what is wrong."""
        if not (self._home / FILE_NAME).is_file():
            return "none"
        database = self._open()
        return database.check() if database is not None else "cannot be opened"

    def flush(self) -> None:
        """Waits until all that was given to `keep` is kept."""
        self._writer.submit(lambda: None).result()

    def close(self) -> None:
        """Ends the writing and lets go of the file; whoever needs it opens it again."""
        self.flush()
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database, self._failed = None, False

    def _keep(self, model: str, made: Mapping[str, bytes]) -> None:
        database = self._open(create=True)
        if database is None:
            return
        rows = [(model, text_hash, vectors) for text_hash, vectors in sorted(made.items())]
        try:
            database.run_many("INSERT OR REPLACE INTO tokens VALUES (NULL, ?, ?, ?)", rows)
        except StorageError as error:
            self._give_up(error)

    def _open(self, *, create: bool = False) -> Database | None:
        with self._lock:
            if self._database is None and not self._failed:
                try:
                    self._database = self._connect(create=create)
                except DamagedError:
                    _log.warning("the words' vectors are damaged and are made anew as needed")
                    with suppress(OSError):
                        for suffix in _SUFFIXES:
                            (self._home / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
                except StorageError as error:
                    _log.info("the words' vectors are not kept: %s", error)
                    self._failed = True
            return self._database

    def _connect(self, *, create: bool) -> Database | None:
        # Nothing is kept where there is no home yet.
        if not self._home.is_dir():
            return None
        return Database.open(
            self._home / FILE_NAME,
            migrations=(m001_tokens,),
            remedy="onrecord rebuild",
            create=create,
        )

    def _give_up(self, error: StorageError) -> None:
        """Goes on without the file; one that is damaged is made anew when it is next opened."""
        _log.info("the words' vectors are not kept: %s", error)
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None
            self._failed = not isinstance(error, DamagedError)
