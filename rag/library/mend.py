"""Damaged databases: what can still be read of them is saved, and a sound one takes their place.

What is damaged is kept beside, under a name that says so. Knows no documents.
"""

import logging
import os
from pathlib import Path

from rag.errors import DamagedError
from rag.faults import step
from rag.library.database import Database, now, read_what_is_left
from rag.library.generations import FOLDER, remove_unnamed
from rag.library.library import FILE_NAME, Library
from rag.library.migrations.library import PEOPLES_TABLES
from rag.library.people import FILE_NAME as PEOPLE_FILE
from rag.library.people import People, take_over
from rag.private import private_folder

# Where an index is built anew, below the home; what a crash leaves of it goes with the next writer.
REBUILDING = "rebuilding"

Tables = dict[str, tuple[list[str], list[tuple[object, ...]]]]

_log = logging.getLogger(__name__)


def save_people(home: Path) -> None:
    """Moves out of a damaged library of an older Onrecord what people made, as far as it is there.

    (One of today's holds nothing of it.)
    """
    path = home / FILE_NAME
    if not path.is_file():
        return
    tables = {table: read_what_is_left(path, table) for table in PEOPLES_TABLES}
    if not any(rows for _, rows in tables.values()):
        return
    named = [row for row in read_what_is_left(path, "meta")[1] if row[0] == "library"]
    found = path.stat()
    of = f"damaged {found.st_ino} {found.st_size} {found.st_mtime_ns}"
    take_over(home, _complete(tables), of=f"library {named[0][1]}" if named else of)


def mend_people(home: Path, staging: Path) -> None:
    """Puts what can be read of a damaged `people.db` into a new one; keeps the damaged one."""
    path = home / PEOPLE_FILE
    try:
        people = People.open(home)
        if people is None:
            return
        sound = people.database.check() == "ok"
        people.close()
    except DamagedError:
        sound = False
    if not sound:
        tables = {table: read_what_is_left(path, table) for table in PEOPLES_TABLES}
        private_folder(staging)
        take_over(staging, _complete(tables), of="damaged people")
        install_database(staging / PEOPLE_FILE, path, sound=None)


def open_sound(home: Path) -> Library | None:
    """The library of `home`, or None if there is none or it is damaged.

    Raises:
        IndexMismatch, StorageError
    """
    try:
        library = Library.open(home)
        if library is None:
            return None
        if library.database.check() == "ok":
            return library
        library.close()
    except DamagedError:
        pass
    return None


def install_index(staging: Path, home: Path) -> None:
    """Puts the library and the vectors of `staging` into `home`, in place of those there.

    The vectors first: until the library names them they are nobody's. Cut off anywhere, it can be
    done again.
    """
    private_folder(home / FOLDER)
    for built in sorted((staging / FOLDER).glob("g*")):
        step("install.vectors")
        built.replace(home / FOLDER / built.name)
    if (staging / FILE_NAME).exists():
        sound = open_sound(home)
        try:
            install_database(
                staging / FILE_NAME, home / FILE_NAME, sound=sound.database if sound else None
            )
        finally:
            if sound is not None:
                sound.close()
    library = Library.open(home)
    assert library is not None
    remove_unnamed(home, library)
    library.close()


def install_database(staged: Path, target: Path, *, sound: Database | None) -> None:
    """Puts the database `staged` in the place of `target`, which is open as `sound` if it is that.

    A sound one takes over the content in a transaction, under its readers. What is damaged is kept
    beside, under another name.
    """
    step("install.database")
    if sound is not None:
        sound.replace_with(staged)
    else:
        set_aside(target)
        staged.replace(target)
        _sync_folder_entry(target.parent)
    step("install.installed")


def set_aside(path: Path) -> Path | None:
    """Gives a damaged database, with what SQLite keeps beside it, a name that says so."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.damaged-{now().replace(':', '')[:19]}")
    # Its log first: SQLite would play that into whatever takes the name.
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            step("install.aside")
            beside.replace(kept.with_name(kept.name + suffix))
    step("install.aside")
    try:
        os.link(path, kept)  # the name is never without a file
    except OSError:  # a file system without links
        path.replace(kept)
    _log.warning("%s is damaged; it is kept as %s", path, kept.name)
    return kept


def _complete(tables: Tables) -> dict[str, tuple[list[str], list[list[object]]]]:
    """What was read of damaged tables, without what refers to a row that is lost."""
    by_name = {
        table: [dict(zip(columns, row, strict=True)) for row in rows]
        for table, (columns, rows) in tables.items()
    }
    chats = {row["id"] for row in by_name["chats"]}
    for row in by_name["turns"]:
        if row["chat_id"] not in chats:  # the chat is lost and its turn is not
            chats.add(row["chat_id"])
            by_name["chats"].append(
                {"id": row["chat_id"], "title": "Recovered chat", "created": row["created"],
                 "updated": row["created"]}
            )  # fmt: skip
    turns = {(row["chat_id"], row["number"]) for row in by_name["turns"]}
    versions = {row["version"] for row in by_name["versions"]}
    by_name["feedback"] = [r for r in by_name["feedback"] if (r["chat_id"], r["number"]) in turns]
    by_name["cited"] = [
        r for r in by_name["cited"] if r["version"] in versions and r["chat_id"] in chats
    ]
    return {
        table: (list(rows[0]), [list(row.values()) for row in rows])
        for table, rows in by_name.items()
        if rows
    }


def _sync_folder_entry(folder: Path) -> None:
    """Has the disk know a new name before anything is built upon it."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
