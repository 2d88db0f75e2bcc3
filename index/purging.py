"""Purging: what was removed leaves no trace in the files of the store.

A deleted row's text stays in a database file until its page is written anew, in the lexical index
until its segments merge, in the write-ahead log, in the backup before a migration, and in Chroma's
files for good. Here the catalogue is written anew, and so is the vector index, from what is still
in the catalogue. Caches that others keep beside it, in files named `*.cache.sqlite3`, are emptied.
Knows nothing of which articles were removed.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreBusyError, StoreError, StoreFullError
from index.store import OnProgress, Store

BEYOND = (
    "beyond reach: exports, answers copied elsewhere, backups of the disk, freed blocks of it, "
    "programs that have the store open until they end, "
    "and what was sent to a model"
)
BEYOND_SERVER = f"{BEYOND}; on the Chroma server, `chroma vacuum` must be run too"


@dataclass(frozen=True)
class Purge:
    """What a purge did; `beyond` says in one line what it cannot reach.

    The log of changes keeps the ids of what was removed with hashes of its text, and the memory of
    feeds the ids of entries.
    """

    passages: int
    freed: int
    backups: tuple[str, ...]
    beyond: str


def purge(store: Store, on_progress: OnProgress | None = None) -> Purge:
    """Write catalogue and vector index anew and delete backups; may be interrupted and repeated.

    Needs as much room on the disk as the store has. Processes that have the store open go on, and
    hold what they have read until they end; what they write later may hold it too.

    Raises:
        StoreBusyError: another process read, wrote or rebuilt for too long; nothing is lost.
        StoreFullError: no space for the new files; nothing is lost.
        DamagedIndexError: the vector index cannot be read: rebuild it, then purge again.
    """
    store.ready()
    with store.vectors.gate.rebuilding():
        return _purge(store, on_progress)


def _purge(store: Store, on_progress: OnProgress | None) -> Purge:
    before = _size(store.folder)
    store.finish_pending()
    backups = _delete_backups(store.catalogue.path)
    store.catalogue.maintain(_scrub)
    _empty_caches(store.folder, store.vectors.gate.patience)
    own = isinstance(store.vectors.place, Path)
    if own:
        try:
            passages = store.remake(on_progress, reuse=True)
        except StoreFullError:
            shutil.rmtree(store.folder / "vectors.new", ignore_errors=True)  # of no use any more
            raise
        store.vectors.blank()
        for name in ("vectors.old", "vectors.new"):
            if (store.folder / name).exists():
                raise StoreError(
                    f"{str(store.folder / name)!r} could not be deleted, it may hold what was "
                    "removed; check its permissions, then run `assistant purge` again"
                )
    else:
        passages = store.catalogue.count_passages()
    freed = max(before - _size(store.folder), 0)
    return Purge(passages, freed, backups, BEYOND if own else BEYOND_SERVER)


def _scrub(db: sqlite3.Connection) -> None:
    """Write the catalogue's file anew, its lexical index first, and empty the log beside it."""
    db.execute("PRAGMA secure_delete = ON")
    # Older SQLite than 3.42 has no secure-delete in FTS5: deleted words stay in its segments.
    db.execute("INSERT INTO lexical (lexical) VALUES ('rebuild')")
    db.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")
    db.execute("VACUUM")
    (is_blocked, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_blocked:
        raise StoreBusyError(
            "another process read the catalogue for too long, so that its log could not be "
            "emptied; wait for it or stop it, then run `assistant purge` again"
        )


def _empty_caches(folder: Path, patience: float) -> None:
    """Empty the caches beside the catalogue; they may hold words of what was removed.

    Emptied and not deleted: another process that has one open would spoil a new one of that name.
    """
    for path in sorted(folder.glob("*.cache.sqlite3")):
        try:
            with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as db:
                db.execute("PRAGMA secure_delete = ON")
                tables = db.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name NOT LIKE 'sqlite_%'"
                ).fetchall()
                for (name,) in tables:
                    quoted = name.replace('"', '""')
                    db.execute(f'DELETE FROM "{quoted}"')  # noqa: S608 - a name of the file itself
                db.execute("VACUUM")
                (is_blocked, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if is_blocked:
                    raise sqlite3.OperationalError("another process reads it")
        except sqlite3.OperationalError as error:
            raise StoreBusyError(
                f"the cache {str(path)!r} cannot be emptied ({error}), it may hold what was "
                "removed; wait for other programs, then run `assistant purge` again"
            ) from error
        except sqlite3.DatabaseError:  # damaged: nobody can use it any more
            for file in folder.glob(f"{path.name}*"):
                file.unlink(missing_ok=True)


def _delete_backups(catalogue: Path) -> tuple[str, ...]:
    """Delete the copies that migrations made; returns their names."""
    found = sorted(catalogue.parent.glob(f"{catalogue.stem}.v*.backup*"))
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot delete the backup {str(path)!r} ({error.strerror}), which may hold what "
                "was removed; check its permissions, then run `assistant purge` again"
            ) from error
    return tuple(path.name for path in found)


def _size(folder: Path) -> int:
    """Bytes of all files in the store."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # another process is at work
            continue
    return total
