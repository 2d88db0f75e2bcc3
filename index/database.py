"""One SQLite file with what every part of a store keeps: settings, feeds, the log of changes.

Knows nothing of articles; `index.catalogue` adds them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from index.errors import StoreBusyError, StoreError, StoreFullError
from index.schema import MIGRATIONS, migrate
from index.turn import take_turn
from index.types import Change, storable

T = TypeVar("T")


class Database:
    """One open file: a connection that threads take in turns.

    Raises:
        StoreTooNewError: a newer program made it.
        StoreError: the file cannot be opened.
    """

    def __init__(self, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._translated():
            # Autocommit: transactions begin and end where `transaction` says.
            self._db = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA foreign_keys = ON")
            migrate(self._db, path, migrations)

    def close(self) -> None:
        """Close the connection; the catalogue cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; nests."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            with self._translated():
                take_turn(self._db, "BEGIN IMMEDIATE", self.path)
                try:
                    yield self._db
                    self._db.commit()
                except BaseException:
                    self._db.rollback()
                    raise

    def maintain(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run what cannot be part of a transaction, such as VACUUM, on the connection."""
        with self._lock, self._translated():
            return work(self._db)

    def get_setting(self, name: str) -> str | None:
        """A setting of the store, None if it was never set."""
        rows = self._all("SELECT value FROM settings WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting of the store."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def store_id(self) -> str:
        """Twelve hex digits that stand for this store, drawn when first asked for."""
        with self.transaction():
            name = self.get_setting("store") or uuid.uuid4().hex[:12]
            self.set_setting("store", name)
        return name

    def feed(self, url: str) -> tuple[str, str, tuple[str, ...]] | None:
        """ETag, Last-Modified and ids of the entries that were seen of a feed, None if never."""
        rows = self._all("SELECT etag, last_modified, ids FROM feeds WHERE url = ?", url)
        return (rows[0][0], rows[0][1], tuple(json.loads(rows[0][2]))) if rows else None

    def set_feed(self, url: str, etag: str, last_modified: str, ids: Sequence[str]) -> None:
        """Keep what was seen of a feed."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)",
                (url, etag, last_modified, json.dumps(list(ids))),
            )

    def changes(self, after: int = 0) -> list[Change]:
        """The durable log of removed and changed articles, oldest first."""
        rows = self._all(
            "SELECT number, event, article_id, version, at FROM changes WHERE number > ? "
            "ORDER BY number",
            after,
        )
        return [
            Change(number, event, name, version, datetime.fromisoformat(at).replace(tzinfo=UTC))
            for number, event, name, version, at in rows
        ]

    def _all(self, query: str, *values: object) -> list[Any]:
        with self._lock, self._translated():
            known = [storable(value) if isinstance(value, str) else value for value in values]
            return self._db.execute(query, known).fetchall()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            where, reason = str(self.path), str(error)
            if "disk is full" in reason or "disk I/O" in reason:
                raise StoreFullError(
                    f"no space left for {where!r} ({reason}); free some and run the command again: "
                    "what was added before is safe"
                ) from error
            if "locked" in reason:
                raise StoreBusyError(
                    f"another process held {where!r} for over 30 s; wait for it, then try again"
                ) from error
            raise StoreError(
                f"cannot use the catalogue {where!r} ({reason}); check that the folder may be "
                "written to, or set ASSISTANT_STORE to another one"
            ) from error
