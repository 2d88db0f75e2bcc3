"""Where a language model's replies are kept, so that the same question need not be sent again.

A reply goes under a key, with the articles that it was made from: what is removed from the library
is removed here too, and `Library.purge` empties the file, as it does every `*.cache.sqlite3` beside
the catalogue. A cache that cannot be used costs a request, never an answer. Knows nothing of
models.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from assistant.errors import AssistantError, NotFoundError
from assistant.outdated import removed_ids
from index import Library

FILE = "answers.cache.sqlite3"
"""In the folder of the library's catalogue."""

MOST_BYTES = 20_000_000
"""Of all replies together; those that were not used for longest go first."""

PATIENCE = 5.0
"""Seconds to wait for another process; then the model is asked."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, made TEXT NOT NULL, "
    "used INTEGER NOT NULL, articles TEXT NOT NULL, pieces TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS seen (number INTEGER NOT NULL)",
)

_TOO_MUCH = (
    "DELETE FROM replies WHERE key IN (SELECT key FROM (SELECT key, sum(length(pieces)) "
    "OVER (ORDER BY used DESC, key) AS total FROM replies) WHERE total > ?)"
)

log = logging.getLogger(__name__)
T = TypeVar("T")
Pieces = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """A reply in the pieces in which it came, and when that was."""

    pieces: Pieces
    made: datetime


class AnswerCache:
    """The replies kept beside a library; several threads and processes may use them at once.

    Args:
        library: whose articles the replies are made from.
        most: bytes of all replies together.
        clock: the time it is.
    """

    def __init__(
        self,
        library: Library,
        *,
        most: int = MOST_BYTES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._path = library.folder / FILE
        self._most = most
        self._clock = clock

    def get(self, key: str) -> Kept | None:
        """The reply under this key, None if there is none."""

        def found(db: sqlite3.Connection) -> Kept | None:
            row = db.execute(
                "UPDATE replies SET used = ? WHERE key = ? RETURNING made, pieces",
                (time.time_ns(), key),
            ).fetchone()
            return Kept(json.loads(row[1]), datetime.fromisoformat(row[0])) if row else None

        return self._run(found)

    def put(self, key: str, pieces: Pieces, articles: Iterable[str]) -> None:
        """Keep a reply that was made from these articles, in place of an earlier one."""
        names = sorted(set(articles))
        try:
            text = json.dumps(pieces)
        except (TypeError, ValueError):  # a provider's own kind of object
            return
        made = self._clock().isoformat(timespec="seconds")
        row = key, made, time.time_ns(), json.dumps(names), text

        def keep(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?)", row)
            db.execute(_TOO_MUCH, (self._most,))

        def drop(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM replies WHERE key = ?", (key,))

        self._run(keep)
        # Only now: what is removed from here on is news to whoever opens the file next.
        if not all(self._has(name) for name in names):
            self._run(drop)

    def _has(self, article_id: str) -> bool:
        try:
            self._library.get(article_id)
        except NotFoundError:
            return False
        return True

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do this in a transaction in which nothing of removed articles is left; None if it fails.

        The file is closed at once, so that no program holds on to what another one purges.
        """
        try:
            with closing(sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)) as db:
                db.execute("PRAGMA secure_delete = ON")
                db.execute("BEGIN IMMEDIATE")
                for table in _TABLES:
                    db.execute(table)
                self._forget_removed(db)
                done = work(db)
                db.execute("COMMIT")
                return done
        except (sqlite3.Error, ValueError, AssistantError) as error:
            log.info("the cache of answers cannot be used (%s)", error)
            if type(error) is sqlite3.DatabaseError:  # no database, or a damaged one
                for file in self._path.parent.glob(f"{FILE}*"):
                    file.unlink(missing_ok=True)
            return None

    def _forget_removed(self, db: sqlite3.Connection) -> None:
        (seen,) = db.execute("SELECT coalesce(max(number), 0) FROM seen").fetchone()
        changes = self._library.changes(seen)
        if not changes:
            return
        db.execute(
            "DELETE FROM replies WHERE EXISTS (SELECT 1 FROM json_each(replies.articles) AS one "
            "WHERE one.value IN (SELECT value FROM json_each(?)))",
            (json.dumps(sorted(removed_ids(changes))),),
        )
        db.execute("DELETE FROM seen")
        db.execute("INSERT INTO seen VALUES (?)", (changes[-1].number,))
