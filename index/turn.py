"""SQLite's own lock, waited for so that it can be told; knows nothing of what is written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.gate import Wait


def take_turn(db: sqlite3.Connection, statement: str, path: Path) -> None:
    """Run a statement that takes the lock of the database at `path`.

    Waits as long as the connection is set to. SQLite by itself would wait in silence, would not
    hear Ctrl-C, and would not wait at all for some statements.

    Raises:
        StoreBusyError: other processes held the lock for longer.
    """
    (patience,) = db.execute("PRAGMA busy_timeout").fetchone()

    def attempt() -> bool:
        try:
            db.execute(statement)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
        return True

    db.execute("PRAGMA busy_timeout = 0")
    try:
        Wait(patience / 1000, f"the catalogue {str(path)!r}").until(
            attempt, lambda: "another process that writes to the catalogue"
        )
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience}")
