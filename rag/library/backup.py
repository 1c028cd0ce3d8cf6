"""Everything in a home that cannot be made again, in one archive, and back. Knows no documents.

    manifest.json   the format's number, who wrote it when, and every member's size and SHA-256
    people.db       what people made
    library.db      the index with its embeddings; the vectors are built from it
    removed/        the files that were taken out of the documents folder

The documents themselves stand in their own folder and are no part of it.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import BackupError, DamagedError, OnrecordError, StorageError
from rag.faults import step
from rag.library.chroma import CHROMA
from rag.library.database import now
from rag.library.library import FILE_NAME as LIBRARY_FILE
from rag.library.library import Library
from rag.library.mend import install_database, install_index
from rag.library.people import FILE_NAME as PEOPLE_FILE
from rag.library.people import People
from rag.library.store import StoreKind
from rag.library.vectors import VectorIndex
from rag.private import FILE_MODE, private_folder

FORMAT = 1
# Files taken out of the documents folder, below the home.
REMOVED = "removed"
STAGING = "restoring"
_READY = "ready"
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 * 1024 * 1024
_MEMBER = re.compile(r"people\.db|library\.db|removed/[\w-]{1,80}/(?:note\.json|file)", re.ASCII)
_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in an archive: chats, documents and removed files; what could not be put in."""

    path: Path
    bytes: int
    chats: int
    documents: int
    removed: int
    left_out: tuple[str, ...] = ()


# --- writing ---


def back_up(home: Path, archive: Path) -> Backup:
    """Writes `archive`, readable for its owner alone, while others ask and sync.

    An index that is damaged is left out, and said to be.

    Raises:
        BackupError: there is nothing to keep, `archive` is there already or cannot be written.
        DamagedError: what people made is damaged.
    """
    if archive.exists():
        raise BackupError(f"{archive} is there already. Name another file.")
    _remove_stale(home)
    staging = home / f"backing-up-{os.getpid()}-{secrets.token_hex(4)}"
    part = archive.with_name(f".{archive.name}.{secrets.token_hex(4)}")
    with _archive_errors(archive):
        if not home.is_dir():
            raise BackupError(f"There is nothing to back up in {home}. Run: onrecord sync")
        private_folder(staging)
        try:
            chats, documents, left_out = _copy_databases(home, staging)
            step("backup.copied")
            found = sorted(p for p in staging.iterdir() if p.suffix == ".db")
            members = [(p.name, p) for p in found]
            members += _removed_files(home)
            if not members:
                raise BackupError(f"There is nothing to back up in {home}. Run: onrecord sync")
            count = _write_archive(part, members, left_out)
            step("backup.publish")
            _publish(part, archive)
            step("backup.published")
        finally:
            part.unlink(missing_ok=True)
            shutil.rmtree(staging, ignore_errors=True)
        size = archive.stat().st_size
    return Backup(archive, size, chats, documents, count, tuple(left_out))


def _copy_databases(home: Path, staging: Path) -> tuple[int, int, dict[str, str]]:
    """Copies both databases as they are at a moment; (chats, documents, {left out: why})."""
    chats = documents = 0
    left_out: dict[str, str] = {}
    copy = staging / LIBRARY_FILE
    try:
        library = Library.open(home)
        if library is not None:
            documents = library.count_documents()
            library.database.copy_to(copy)
            library.close()
            _check_copy(staging, LIBRARY_FILE)
    except DamagedError as error:
        left_out[LIBRARY_FILE] = str(error)
        documents = 0
        for beside in staging.glob(f"{LIBRARY_FILE}*"):
            beside.unlink()
    people = People.open(home)
    if people is not None:
        chats = len(people.list_chats())
        people.database.copy_to(staging / PEOPLE_FILE)
        people.close()
        _check_copy(staging, PEOPLE_FILE)
    return chats, documents, left_out


def _check_copy(staging: Path, name: str) -> None:
    """Raises a DamagedError unless the copy is sound: a copy of damage is no backup."""
    opened = Library.open(staging) if name == LIBRARY_FILE else People.open(staging)
    assert opened is not None
    found = opened.database.check()
    opened.close()
    if found != "ok":
        raise DamagedError(f"{name} is damaged ({found}). Make it anew: onrecord rebuild --all")


def _removed_files(home: Path) -> list[tuple[str, Path]]:
    return [
        (f"{REMOVED}/{note.parent.name}/{inner.name}", inner)
        for note in sorted((home / REMOVED).glob("*/note.json"))
        for inner in (note, note.with_name("file"))
        if note.with_name("file").is_file()
    ]


def _write_archive(part: Path, members: list[tuple[str, Path]], left_out: dict[str, str]) -> int:
    """Writes the archive; how many removed files are in it."""
    written: dict[str, dict[str, object]] = {}
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    with os.fdopen(handle, "wb") as opened:
        os.fchmod(opened.fileno(), FILE_MODE) if hasattr(os, "fchmod") else None
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
            for name, path in members:
                step("backup.member")
                try:
                    source = path.open("rb")
                except FileNotFoundError:  # it was just put back into its folder
                    continue
                with source, pack.open(name, "w", force_zip64=True) as target:
                    size, sha256 = _copy(source, target)
                written[name] = {"bytes": size, "sha256": sha256}
            from rag import __version__

            manifest = {
                "format": FORMAT,
                "onrecord": __version__,
                "created": now(),
                "members": written,
                "left_out": left_out,
            }
            pack.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        opened.flush()
        os.fsync(opened.fileno())
    return sum(name.endswith("/file") for name in written)


def _publish(part: Path, archive: Path) -> None:
    try:
        os.link(part, archive)  # fails if the name is taken, whoever takes it meanwhile
    except FileExistsError:
        raise BackupError(f"{archive} is there already. Name another file.") from None
    except OSError:  # a file system without links
        part.replace(archive)


def _remove_stale(home: Path) -> None:
    """Removes what backups left that were killed."""
    for left in home.glob("backing-up-*"):
        with suppress(ValueError, IndexError):
            if not _is_alive(int(left.name.split("-")[2])):
                shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # there a signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return process != os.getpid()


# --- reading ---


def restore(home: Path, archive: Path, *, store: StoreKind = CHROMA) -> Backup:
    """Puts an archive into `home` (under `write_lock`), whole or not at all.

    Nothing is put there before all of it was read, compared with its manifest, opened, and its
    vectors built.

    Raises:
        BackupError: it is none of ours or damaged, or somebody made something in `home` already.
        IndexMismatch: a newer Onrecord wrote it.
        StorageError
    """
    staging = home / STAGING
    if is_half_restored(home):
        finish_restore(home)
    with _archive_errors(archive):
        shutil.rmtree(staging, ignore_errors=True)
        if not archive.is_file():
            raise BackupError(f"{archive} is not there. Name the file that onrecord backup wrote.")
        _refuse_to_overwrite(home)
        private_folder(staging)
        try:
            step("restore.begin")
            left_out = _unpack(archive, staging)
            step("restore.unpacked")
            chats, documents = _open_staged(staging, store)
            (staging / _READY).touch()
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        removed = len(list((staging / REMOVED).glob("*/file")))
        size = archive.stat().st_size
        step("restore.ready")
        finish_restore(home)
    return Backup(archive, size, chats, documents, removed, left_out)


def is_half_restored(home: Path) -> bool:
    """Whether a restore was cut off after all of the archive had been read."""
    return (home / STAGING / _READY).is_file()


def finish_restore(home: Path) -> None:
    """Moves what was read from an archive to its place; does it again if it was cut off.

    Raises:
        StorageError
    """
    try:
        _finish(home)
    except OSError as error:
        raise StorageError(
            f"{home}: {error.strerror or error}. Free some disk space; the restore then goes on by "
            "itself."
        ) from error


def _finish(home: Path) -> None:
    staging = home / STAGING
    for kept in sorted((staging / REMOVED).glob("*")):
        private_folder(home / REMOVED)
        step("restore.removed")
        if not (home / REMOVED / kept.name).exists():
            kept.replace(home / REMOVED / kept.name)
    if (staging / LIBRARY_FILE).exists():
        install_index(staging, home)
    if (staging / PEOPLE_FILE).exists():
        people: People | None = None
        with suppress(DamagedError):
            people = People.open(home)
        try:
            install_database(
                staging / PEOPLE_FILE, home / PEOPLE_FILE, sound=people.database if people else None
            )
        finally:
            if people is not None:
                people.close()
    # First of all what says that there is something to do: people may make things from here on.
    (staging / _READY).unlink()
    step("restore.done")
    shutil.rmtree(staging, ignore_errors=True)


def _refuse_to_overwrite(home: Path) -> None:
    made = any((home / REMOVED).glob("*/note.json"))
    with suppress(DamagedError):  # kept beside what takes its place
        library = Library.open(home)  # moves what people made out of an older one
        if library is not None:
            library.close()
    with suppress(DamagedError):
        people = People.open(home)
        if people is not None:
            made = made or not people.is_empty
            people.close()
    if made:
        raise BackupError(
            f"{home} holds chats, records or removed files already. Restore into another: "
            "--home DIR"
        )


def _unpack(archive: Path, staging: Path) -> tuple[str, ...]:
    """Writes the members below `staging`; what was left out of the archive."""
    try:
        with zipfile.ZipFile(archive) as pack:
            manifest = _read_manifest(archive, pack)
            members = manifest["members"]
            names = [info.filename for info in pack.infolist()]
            if sorted(names) != sorted([_MANIFEST, *members]):
                raise BackupError(f"{archive} holds other files than its manifest says. {_ANOTHER}")
            for name, expected in members.items():
                if not _MEMBER.fullmatch(name):
                    raise BackupError(f"{archive} holds a file that is none of ours. {_ANOTHER}")
                target = staging / name
                private_folder(target.parent)
                handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
                step("restore.member")
                with os.fdopen(handle, "wb") as opened, pack.open(name) as source:
                    size, sha256 = _copy(source, opened, most=int(expected["bytes"]))
                    opened.flush()
                    os.fsync(opened.fileno())
                if (size, sha256) != (expected["bytes"], expected["sha256"]):
                    raise BackupError(f"{archive}: {name} is damaged. {_ANOTHER}")
            return tuple(manifest.get("left_out") or ())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupError(f"{archive} is no sound archive ({error}). {_ANOTHER}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{archive} has no manifest of ours. {_ANOTHER}") from error


_ANOTHER = "Name another that onrecord backup wrote."


def _read_manifest(archive: Path, pack: zipfile.ZipFile) -> dict[str, Any]:
    info = pack.getinfo(_MANIFEST)
    if info.file_size > _MOST_MANIFEST:
        raise BackupError(f"{archive} has no manifest of ours. {_ANOTHER}")
    found: dict[str, Any] = json.loads(pack.read(info))
    if int(found["format"]) > FORMAT:
        raise BackupError(f"{archive} was written by a newer Onrecord. Upgrade: git pull")
    return found


def _open_staged(staging: Path, store: StoreKind) -> tuple[int, int]:
    """Opens what was unpacked, of whatever version, and builds the vectors; (chats, documents)."""
    chats = documents = 0
    library = Library.open(staging)
    if library is not None:
        _check_copy(staging, LIBRARY_FILE)
        documents = library.count_documents()
        model = library.get_meta("model")
        if model:
            vectors = VectorIndex(staging, library, store)
            vectors.apply(model=model, fresh=True)
            vectors.close()
        library.close()
    people = People.open(staging)
    if people is not None:
        _check_copy(staging, PEOPLE_FILE)
        chats = len(people.list_chats())
        people.close()
    return chats, documents


# --- both ---


def _copy(source: IO[bytes], target: IO[bytes], *, most: int | None = None) -> tuple[int, str]:
    """(bytes, SHA-256) of what was copied; stops behind `most`."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_BUFFER):
        size += len(piece)
        if most is not None and size > most:
            break
        digest.update(piece)
        target.write(piece)
    return size, digest.hexdigest()


@contextmanager
def _archive_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except OnrecordError:
        raise
    except OSError as error:
        raise BackupError(
            f"{archive}: {error.strerror or error}. Nothing here has changed; free some space or "
            "name another file."
        ) from error
