from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from index import Article, Library, Locator, StoreError, StoreTooNewError
from index.catalogue import Catalogue
from index.schema import MIGRATIONS

OLDER = """
CREATE TABLE notes (note TEXT NOT NULL);
INSERT INTO notes VALUES ('kept');
"""
NEWER = """
ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';
CREATE INDEX by_colour ON notes (colour);
"""
BROKEN = """
ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';
DELETE FROM notes;
INSERT INTO nowhere VALUES (1);
"""

FIRST = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE revisions (
    revision INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, version TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'old')),
    owner TEXT NOT NULL DEFAULT '', key TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
    source TEXT NOT NULL, author TEXT NOT NULL, published TEXT, language TEXT NOT NULL,
    meta TEXT NOT NULL, meta_hash TEXT NOT NULL, tags TEXT NOT NULL, added TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX one_ready ON revisions (article_id) WHERE state = 'ready';
CREATE INDEX by_article ON revisions (article_id, version);
CREATE INDEX by_state ON revisions (state);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL,
    revision INTEGER NOT NULL REFERENCES revisions (revision) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX passages_by_id ON passages (id);
CREATE INDEX passages_by_revision ON passages (revision);
CREATE TABLE tags (article_id TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (article_id, tag));
CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL CHECK (event IN ('removed', 'changed')),
    article_id TEXT NOT NULL, version TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE VIRTUAL TABLE lexical USING fts5 (
    header, text, tokenize = "porter unicode61 remove_diacritics 2"
);
INSERT INTO settings VALUES ('embedding', 'fake 64');
INSERT INTO revisions VALUES (
    1, 'c15cf16283fa', '6587e605297ba4f9', 'ready', '', 'rain', '', 'Rain', '', '', '2024-09-26',
    '', '{}', '5c843d546f162e67', '["x"]', '2024-09-27T08:00:00+00:00', 'Rain fell. It stopped.'
);
INSERT INTO passages VALUES (1, 'c15cf16283fa/6587e605297ba4f9/0', 1, 0, 22);
INSERT INTO tags VALUES ('c15cf16283fa', 'x');
INSERT INTO lexical (rowid, header, text)
VALUES (1, 'Rain, 2024-09-26', 'Rain fell. It stopped.');
PRAGMA user_version = 1;
"""
"""A store with one article, as the program with the first schema wrote it."""


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def version(path: Path) -> int:
    return int(str(ask(path, "PRAGMA user_version")[0][0]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalogue of schema version 1 of another program."""
    file = tmp_path / "catalogue.sqlite3"
    Catalogue(file, [OLDER]).close()
    return file


def test_a_new_catalogue_has_the_newest_schema(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite3"
    Catalogue(file).close()
    assert version(file) == len(MIGRATIONS)
    assert not list(tmp_path.glob("*.backup"))


def test_an_older_store_is_migrated_after_a_backup(path: Path) -> None:
    Catalogue(path, [OLDER, NEWER]).close()
    assert version(path) == 2
    assert ask(path, "SELECT note, colour FROM notes") == [("kept", "red")]
    backup = path.with_suffix(".v1.backup")
    assert version(backup) == 1
    assert ask(backup, "SELECT * FROM notes") == [("kept",)]
    Catalogue(path, [OLDER, NEWER]).close()
    assert version(backup) == 1


def test_several_steps_at_once(path: Path) -> None:
    Catalogue(path, [OLDER, NEWER, "CREATE TABLE more (x);\n"]).close()
    assert version(path) == 3
    assert ask(path, "SELECT count(*) FROM more") == [(0,)]


@pytest.mark.parametrize("steps", [[OLDER, BROKEN], [OLDER, NEWER, "nonsense;\n"]])
def test_a_failing_migration_leaves_the_store_as_it_was(path: Path, steps: list[str]) -> None:
    before = ask(path, "SELECT * FROM sqlite_master"), ask(path, "SELECT * FROM notes")
    with pytest.raises(StoreError) as caught:
        Catalogue(path, steps)
    assert "\n" not in str(caught.value)
    assert version(path) == 1
    assert (ask(path, "SELECT * FROM sqlite_master"), ask(path, "SELECT * FROM notes")) == before
    Catalogue(path, [OLDER, NEWER]).close()
    assert ask(path, "SELECT colour FROM notes") == [("red",)]


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    library.add(Article("Rain fell."))
    library.close()
    file = tmp_path / "catalogue.sqlite3"
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = hashlib.sha256(file.read_bytes()).digest()
    with pytest.raises(StoreTooNewError, match="newer version") as caught:
        Library.open(tmp_path, embedding=FakeEmbedder())
    assert "\n" not in str(caught.value)
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert not list(tmp_path.glob("*.backup"))


@pytest.mark.parametrize(
    "content",
    [b"this is no database, but it is long enough" * 100, b"SQLite format 3\x00" + b"\xff" * 5000],
)
def test_a_file_that_is_no_catalogue(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(content)
    with pytest.raises(StoreError, match="catalogue") as caught:
        Library.open(tmp_path, embedding=FakeEmbedder())
    assert "\n" not in str(caught.value)
    assert (tmp_path / "catalogue.sqlite3").read_bytes() == content


def test_a_store_of_the_first_schema_opens(tmp_path: Path) -> None:
    """What was in it is found as before, and what the new schema keeps can be added."""
    file = tmp_path / "catalogue.sqlite3"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(FIRST)
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    assert version(file) == len(MIGRATIONS)
    assert version(file.with_suffix(".v1.backup")) == 1
    (article,) = library.articles()
    assert (article.text, article.title, article.tags) == ("Rain fell. It stopped.", "Rain", ("x",))
    assert (article.id, article.version) == ("c15cf16283fa", "6587e605297ba4f9")
    assert (article.locators, article.original) == ((), {})
    assert [p.text for p in library.passages(article.id)] == ["Rain fell. It stopped."]
    (hit,) = library.search("when did the rain fall")
    assert hit.passage.id == "c15cf16283fa/6587e605297ba4f9/0"
    assert library.check() == []
    place = Locator(0, 10, "p. 1")
    assert library.add(replace(article, locators=(place,))).unchanged
    assert library.get(article.id, article.version).locators == (place,)
    library.add(Article("Snow fell."))
    assert len(library.search("fell")) == 2
    library.close()
    with pytest.raises(StoreTooNewError, match="newer version"):
        Catalogue(file, MIGRATIONS[:1])


def test_a_published_schema_is_migrated_not_rewritten() -> None:
    published = [hashlib.sha256(script.encode()).hexdigest()[:12] for script in MIGRATIONS]
    assert published == ["ea0731c806d1", "7acae12c2d80", "4776081c7167"]
