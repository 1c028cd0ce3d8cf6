"""SQLite: a file, its migrations, one connection that writes and some that read.

Knows no table but `migrations`. Readers wait for nobody: not for each other nor the writer (WAL).
"""

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import DamagedError, IndexMismatch, StorageError
from rag.faults import step
from rag.private import private_file, private_folder

Connection = sqlite3.Connection
Migration = Callable[[Connection], None]

# A page of the app is drawn by a new thread each time: connections are lent to whoever reads and
# kept for the next one, warm, instead of opened by every thread. So many idle ones are kept.
_IDLE = 8
_BUSY_SECONDS = 30
# SQLite's locks die with any handle of the file that this process closes: make and open one at a
# time (a migration may open another file).
_opening = threading.RLock()


# TABLE: how SQLite names a failure (its beginning), and the system's numbers → what is wrong.
_FAULTS = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "full",  # a full disk shows as either
    "SQLITE_READONLY": "closed",
    "SQLITE_CANTOPEN": "closed",
    "SQLITE_PERM": "closed",
    "SQLITE_AUTH": "closed",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
}
_ERRNOS = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "full",  # Windows has none
    errno.EIO: "full",
    errno.EROFS: "closed",
    errno.EACCES: "closed",
    errno.EPERM: "closed",
    errno.ENOTDIR: "closed",
    errno.EEXIST: "closed",
    errno.ENOENT: "closed",
}


def _fault(error: Exception) -> str:
    """What is wrong with the disk or the file: "full", "closed", "damaged", "busy" or ""."""
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0, "")
    name = getattr(error, "sqlite_errorname", "")
    found = next((fault for start, fault in _FAULTS.items() if name.startswith(start)), "")
    # The text of a damaged schema is told as a plain error, under no name of its own.
    return found or ("damaged" if "malformed" in str(error) else "")


def shrink(path: Path) -> None:
    """Gives the space back that a file of another program holds and does not use."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")


class Database:
    """One SQLite file. Safe to share between threads.

    Raises (any method):
        DamagedError: it is no sound SQLite file; `remedy` is the next step that is named then.
        StorageError: it cannot be read or written.
    """

    def __init__(self, path: Path, *, name: str, remedy: str, temporary: str) -> None:
        self.path = path
        self._name = name
        self._remedy = remedy
        self._temporary = temporary
        self._writing = threading.RLock()
        self._lending = threading.Lock()
        self._held = threading.local()
        self._writer: Connection | None = None
        self._idle: list[Connection] = []
        self._file: tuple[int, int] | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        migrations: Sequence[Migration],
        remedy: str,
        temporary: str = "",
        create: bool = False,
    ) -> "Database | None":
        """The database at `path` with every migration applied; None if there is none.

        `create` makes it (and its folder) if there is none. `temporary` is SQL that each connection
        runs first, for tables of its own in memory.

        Raises:
            IndexMismatch: a newer Onrecord wrote it.
        """
        self = cls(path, name=path.stem, remedy=remedy, temporary=temporary)
        with self.errors(), _opening:
            if not create and not path.is_file():
                return None
            private_folder(path.parent)
            new = not path.is_file() or path.stat().st_size == 0
            if new and not create:
                return None
            for suffix in ("", "-wal", "-shm"):
                beside = path.with_name(path.name + suffix)
                if beside.exists() or not suffix:
                    private_file(beside)
            with closing(self._connect(bare=True)) as connection:
                if new:
                    connection.execute("PRAGMA journal_mode = WAL")
                _migrate(connection, migrations, self._name, path)
        return self

    def close(self) -> None:
        """Lets go of the file; a connection that is lent closes when it comes back."""
        with self._writing, self._lending:
            for connection in (*self._idle, *([self._writer] if self._writer else [])):
                connection.close()
            self._idle, self._writer, self._file = [], None, None

    # --- reading ---

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query; in a transaction of this thread, with what it has changed."""
        with self.errors(), self._reader() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """What this thread reads inside is of one moment, whoever writes meanwhile."""
        if self._mine is not None:
            yield self._mine
            return
        with self.errors(), self._reader() as connection:
            connection.execute("BEGIN")
            self._held.connection = connection
            try:
                yield connection
            finally:
                self._held.connection = None
                if connection.in_transaction:
                    connection.execute("COMMIT")

    # --- writing ---

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, rolls back if anything is raised."""
        if self._mine is not None and self._mine is self._writer:
            yield
            return
        with self._writing, self.errors():
            connection = self._open_writer()
            connection.execute("BEGIN IMMEDIATE")
            before, self._held.connection = self._mine, connection
            try:
                yield
                step(f"{self._name}.commit")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk may have ended it already
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._held.connection = before
            step(f"{self._name}.committed")

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Runs one statement; the number of the row it inserted, if it did."""
        with self.transaction():
            assert self._mine is not None
            return self._mine.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self.transaction():
            assert self._mine is not None
            self._mine.executemany(sql, rows)

    # --- whole files ---

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok" or what is wrong. Reads all of it."""
        try:
            return str(self.rows("PRAGMA quick_check(1)")[0][0])
        except StorageError as error:
            return str(error)

    def copy_to(self, target: Path) -> None:
        """Writes a copy of this moment, while others read and write."""
        with self.errors():
            private_file(target)
            with closing(sqlite3.connect(target)) as copy, self._reader() as connection:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode = WAL")

    def replace_with(self, source: Path) -> None:
        """Takes over the content of another database in one transaction; readers go on."""
        with self._writing, self.errors(), closing(sqlite3.connect(source)) as other:
            other.backup(self._open_writer())

    # --- plumbing ---

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's and the system's errors as one of ours, with the next step."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            text = str(error)
            kind = StorageError
            fault = _fault(error)
            if fault == "full":
                hint = "Free some disk space and run it again; nothing kept before is lost."
            elif fault == "closed":
                hint = "Check that the folder can be written, or name another: --home DIR"
            elif fault == "damaged":
                kind, hint = DamagedError, self._remedy
            elif fault == "busy":
                hint = "Another Onrecord is writing; try again in a moment."
            else:
                hint = f"Run it again; if it stays: {self._remedy}"
            raise kind(f"{self.path}: {text}. {hint}") from error

    @property
    def _mine(self) -> Connection | None:
        """The connection that this thread holds over several statements."""
        return getattr(self._held, "connection", None)

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        if self._mine is not None:
            yield self._mine
            return
        with self._lending:
            self._look()
            file = self._file
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connect()
        try:
            yield connection
        finally:
            with self._lending:
                keep = self._file == file and file is not None and len(self._idle) < _IDLE
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def _open_writer(self) -> Connection:
        with self._lending:
            self._look()
        if self._writer is None:
            self._writer = self._connect()
            self._writer.execute("PRAGMA synchronous = FULL")
        return self._writer

    def _look(self) -> None:
        """Lets go of connections to a file that another one has taken the place of."""
        found = self.path.stat()
        file = (found.st_dev, found.st_ino)
        if file != self._file:
            for connection in self._idle:
                connection.close()
            if self._writer is not None:
                self._writer.close()
            self._idle, self._writer, self._file = [], None, file

    def _connect(self, *, bare: bool = False) -> Connection:
        # `mode=rw`: a file that has gone is an error, not an empty database.
        address = f"{self.path.resolve().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, check_same_thread=False, timeout=_BUSY_SECONDS
        )
        try:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys = ON")
            if not bare:
                connection.executescript(self._temporary)
        except BaseException:
            connection.close()
            raise
        return connection


def _migrate(
    connection: Connection, migrations: Sequence[Migration], name: str, path: Path
) -> None:
    names = [m.__name__ for m in migrations]
    if _applied(connection, names, path) == set(names):
        return
    for migration in migrations:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have just done it.
            applied = _applied(connection, names, path)
            if migration.__name__ not in applied:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS migrations"
                    " (name TEXT PRIMARY KEY, applied TEXT NOT NULL)"
                )
                for known in names:  # by an Onrecord that only counted them
                    if known in applied:
                        connection.execute(
                            "INSERT OR IGNORE INTO migrations VALUES (?, ?)", (known, now())
                        )
                migration(connection)
                connection.execute(
                    "INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now())
                )
                # An older Onrecord knows by this number to keep its hands off.
                connection.execute(f"PRAGMA user_version = {len(applied) + 1}")
                step(f"{name}.migration")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        step(f"{name}.migrated")


def _applied(connection: Connection, names: Sequence[str], path: Path) -> set[str]:
    """The migrations that a database has had.

    Raises:
        IndexMismatch: one of them is unknown here.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    recorded = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    ).fetchone()
    if recorded:
        found = {str(row[0]) for row in connection.execute("SELECT name FROM migrations")}
    else:
        found = set(names[:version])
    if version > len(names) or found - set(names):
        raise IndexMismatch(f"{path} was written by a newer Onrecord. Upgrade: git pull")
    return found


def run_script(connection: Connection, script: str) -> None:
    """Runs statements in the transaction that is open (`executescript` would end it first)."""
    for statement in filter(str.strip, script.split(";")):
        connection.execute(statement)


def read_what_is_left(path: Path, table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """(columns, rows) of a table of a damaged file, as far as they can be read."""
    rows: list[tuple[object, ...]] = []
    columns: list[str] = []
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        cursor = connection.execute(f"SELECT * FROM {table}")
        columns = [str(column[0]) for column in cursor.description]
        for row in cursor:
            rows.append(row)
    return columns, rows


def now() -> str:
    """This moment: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
