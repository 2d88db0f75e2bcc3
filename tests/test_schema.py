from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from index import Article, Library, StoreError, StoreTooNewError
from index.catalogue import Catalogue
from index.schema import MIGRATIONS
from index.types import Scope

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
    """The first schema as it was published; a later change must migrate it, not rewrite it."""
    assert hashlib.sha256(MIGRATIONS[0].encode()).hexdigest()[:12] == "ea0731c806d1"
    Catalogue(tmp_path / "catalogue.sqlite3", MIGRATIONS[:1]).close()
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    library.add(Article("Rain fell."))
    assert len(library.search("rain")) == 1
    assert Catalogue(tmp_path / "catalogue.sqlite3").ids(Scope())
