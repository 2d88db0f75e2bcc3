"""The catalogue's tables and how an older store becomes a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from index.errors import StoreTooNewError
from index.turn import take_turn

_VERSION_1 = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE revisions (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'old')),
    owner TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    author TEXT NOT NULL,
    published TEXT,
    language TEXT NOT NULL,
    meta TEXT NOT NULL,
    meta_hash TEXT NOT NULL,
    tags TEXT NOT NULL,
    added TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX one_ready ON revisions (article_id) WHERE state = 'ready';
CREATE INDEX by_article ON revisions (article_id, version);
CREATE INDEX by_state ON revisions (state);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL REFERENCES revisions (revision) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE INDEX passages_by_id ON passages (id);
CREATE INDEX passages_by_revision ON passages (revision);
CREATE TABLE tags (article_id TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (article_id, tag));
CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL CHECK (event IN ('removed', 'changed')),
    article_id TEXT NOT NULL,
    version TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE VIRTUAL TABLE lexical USING fts5 (
    header, text, tokenize = "porter unicode61 remove_diacritics 2"
);
"""

_VERSION_2 = """
ALTER TABLE revisions ADD COLUMN locators TEXT NOT NULL DEFAULT '[]';
ALTER TABLE revisions ADD COLUMN original TEXT NOT NULL DEFAULT '{}';
CREATE TABLE feeds (
    url TEXT PRIMARY KEY,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    ids TEXT NOT NULL
);
"""

_VERSION_3 = """
CREATE TABLE bands (
    band INTEGER NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (band, article_id)
) WITHOUT ROWID;
CREATE INDEX bands_by_article ON bands (article_id);
CREATE TABLE copies (
    article_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX copies_by_other ON copies (other_id);
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1, _VERSION_2, _VERSION_3)
"""Scripts in order; script number n makes schema version n + 1."""


def migrate(db: sqlite3.Connection, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring the catalogue at `path` to the newest schema, in one transaction, after a backup.

    Raises:
        StoreTooNewError: a newer program made it; nothing is touched.
        StoreBusyError: other processes held it for longer than the connection waits.
    """
    found = _version(db)
    if found > len(migrations):
        raise StoreTooNewError(
            f"the store {str(path.parent)!r} has schema version {found}, this program knows up to "
            f"{len(migrations)}: install a newer version, or set ASSISTANT_STORE to another folder"
        )
    if found == len(migrations):
        return
    take_turn(db, "PRAGMA journal_mode = WAL", path)
    take_turn(db, "BEGIN EXCLUSIVE", path)
    try:
        found = _version(db)  # another process may have been first while this one waited
        if 0 < found < len(migrations):
            # A reader of its own: it sees the state before this transaction.
            with (
                closing(sqlite3.connect(path)) as before,
                closing(sqlite3.connect(path.with_suffix(f".v{found}.backup"))) as backup,
            ):
                before.backup(backup)
        for number in range(found, len(migrations)):
            for statement in _statements(migrations[number]):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(migrations)}")
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    """The statements of a script one by one: `executescript` would commit first."""
    return [statement for statement in script.split(";\n") if statement.strip()]
