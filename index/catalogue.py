"""The catalogue: one SQLite file with articles, versions, passages and the lexical index.

It is the truth of the library; the vector store can be rebuilt from it. A stored state of an
article is a revision: `pending` while its vectors are made, then `ready` (the one that is
searched), then `old` (its text is kept, so that earlier citations still resolve). Passages of ready
revisions alone are in the lexical index. Knows nothing of vectors or models.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index import copies, lexical
from index.database import Database
from index.errors import NotFoundError
from index.outlets import site
from index.rows import COLUMNS, from_row, in_scope, places, to_row
from index.types import Article, Facets, Passage, Scope

_PASSAGE = "p.id, r.article_id, r.version, p.start, p.end, l.text"
_SEARCHED = (
    # In this order: SQLite would begin with all revisions for the sake of a few passages.
    "FROM passages p CROSS JOIN revisions r ON r.revision = p.revision AND r.state = 'ready' "
    "CROSS JOIN lexical l ON l.rowid = p.row"
)
_NEWEST = "ORDER BY published IS NULL, published DESC, title, article_id"


@dataclass(frozen=True)
class Known:
    """What is stored of a ready article: enough to tell whether it changed."""

    version: str
    meta_hash: str
    language: str
    source: str
    tags: tuple[str, ...]
    places: dict[str, str]


@dataclass(frozen=True)
class Row:
    """A passage with its row number in the lexical index."""

    number: int
    passage: Passage


class Catalogue(Database):
    """One open catalogue."""

    # Writing

    def add_pending(
        self,
        article: Article,
        spans: Sequence[tuple[int, int]],
        owner: str,
        earlier: Sequence[Article] = (),
    ) -> int:
        """Write an article and its passages down; it is not found before `publish`.

        Of its `earlier` versions, oldest first, those that are not stored yet are kept too.
        """
        with self.transaction() as db:
            for version in earlier:
                if not self._all(
                    "SELECT 1 FROM revisions WHERE article_id = ? AND version = ? "
                    "AND state != 'pending'",
                    version.id,
                    version.version,
                ):
                    self._insert({**to_row(version), "state": "old", "owner": ""})
            revision = self._insert({**to_row(article), "state": "pending", "owner": owner})
            db.executemany(
                "INSERT INTO passages (id, revision, start, end) VALUES (?, ?, ?, ?)",
                [
                    (f"{article.id}/{article.version}/{number}", revision, start, end)
                    for number, (start, end) in enumerate(spans)
                ],
            )
        return revision

    def publish(self, revisions: Sequence[int]) -> list[str]:
        """Make pending revisions the ones that are searched.

        Returns:
            Ids of the replaced revisions' passages that exist no longer.
        """
        # Worked out before the transaction, in which others wait.
        keys = [copies.bands(self.article_of(revision).text) for revision in revisions]
        with self.transaction():
            return [
                name
                for revision, bands in zip(revisions, keys, strict=True)
                for name in self._publish(revision, bands)
            ]

    def compare_copies(self) -> None:
        """Look for copies of articles that were stored before copies were known of."""
        for name, text in self._all(
            "SELECT article_id, text FROM revisions WHERE state = 'ready' "
            "AND article_id NOT IN (SELECT article_id FROM bands)"
        ):
            keys = copies.bands(text)
            with self.transaction() as db:
                if self.known(name):
                    copies.record(db, name, text, keys)

    def drop(self, revisions: Sequence[int]) -> list[str]:
        """Forget pending revisions; returns the ids of passages that exist no longer."""
        listed = json.dumps(list(revisions))
        of_them = "SELECT id FROM passages WHERE revision IN (SELECT value FROM json_each(?))"
        with self.transaction() as db:
            names = {row[0] for row in self._all(of_them, listed)}
            db.execute(
                "DELETE FROM revisions WHERE state = 'pending' "
                "AND revision IN (SELECT value FROM json_each(?))",
                (listed,),
            )
            there = "SELECT id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
            return sorted(names - {row[0] for row in self._all(there, json.dumps(sorted(names)))})

    def adopt(self, owner: str, is_gone: Collection[str]) -> list[int]:
        """Take over the pending revisions of owners that are gone; returns their numbers.

        One that was overtaken by a newer state of the article is dropped.
        """
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM revisions AS r WHERE owner = ? AND state = 'pending' AND EXISTS "
                "(SELECT 1 FROM revisions AS n WHERE n.article_id = r.article_id "
                "AND n.state = 'ready' AND n.revision > r.revision)",
                [(gone,) for gone in is_gone],
            )
            return [
                row[0]
                for gone in is_gone
                for row in db.execute(
                    "UPDATE revisions SET owner = ? WHERE owner = ? AND state = 'pending' "
                    "RETURNING revision",
                    (owner, gone),
                ).fetchall()
            ]

    def remove(self, article_id: str) -> list[str]:
        """Delete an article with all its versions; returns the ids of its passages.

        A pending revision stays: it belongs to whoever is adding it at this moment.
        """
        with self.transaction() as db:
            gone: list[str] = []
            for revision, version in db.execute(
                "SELECT revision, version FROM revisions "
                "WHERE article_id = ? AND state != 'pending'",
                (article_id,),
            ).fetchall():
                gone += self._unlist(revision)
                self._announce("removed", article_id, version)
            db.execute(
                "DELETE FROM revisions WHERE article_id = ? AND state != 'pending'", (article_id,)
            )
            db.execute("DELETE FROM tags WHERE article_id = ?", (article_id,))
            copies.forget(db, article_id)
        return gone

    def set_tags(self, article_id: str, tags: Iterable[str]) -> None:
        """Replace an article's tags."""
        with self.transaction() as db:
            db.execute("DELETE FROM tags WHERE article_id = ?", (article_id,))
            self._add_tags(article_id, tags)

    def add_tags(self, article_id: str, tags: Iterable[str]) -> None:
        """Give an article more tags."""
        with self.transaction():
            self._add_tags(article_id, tags)

    def change_tags(self, article_id: str, add: Iterable[str], remove: Iterable[str]) -> bool:
        """Add and take away tags at once; says whether that changed any.

        Raises:
            NotFoundError: there is no such article.
        """
        with self.transaction() as db:
            before = self.get(article_id).tags
            db.executemany(
                "DELETE FROM tags WHERE article_id = ? AND tag = ?",
                [(article_id, tag) for tag in remove],
            )
            self._add_tags(article_id, add)
            return before != self._tags(article_id)

    def set_places(self, article: Article) -> None:
        """Keep where a text that is stored already stands in its original now."""
        with self.transaction() as db:
            db.execute(
                "UPDATE revisions SET locators = :locators, original = :original "
                "WHERE article_id = :article_id AND version = :version AND state = 'ready'",
                {"article_id": article.id, "version": article.version, **places(article)},
            )

    def set_language(self, article: Article) -> None:
        """Keep the language of an article that was stored without one."""
        with self.transaction() as db:
            db.execute(
                "UPDATE revisions SET language = ?, meta_hash = ? "
                "WHERE article_id = ? AND version = ? AND state = 'ready'",
                (article.language, article.meta_hash, article.id, article.version),
            )

    # Reading

    def known(self, article_id: str) -> Known | None:
        """What is stored of a ready article, None if it is not there."""
        rows = self._all(
            "SELECT version, meta_hash, language, source, locators, original FROM revisions "
            "WHERE article_id = ? AND state = 'ready'",
            article_id,
        )
        if not rows:
            return None
        version, meta_hash, language, source, locators, original = rows[0]
        stored = {"locators": locators, "original": original}
        return Known(version, meta_hash, language, source, self._tags(article_id), stored)

    def outlets(self, host: str) -> list[str]:
        """Names under which articles of a site are stored, the most frequent first."""
        rows = self._all(
            "SELECT source, url FROM revisions WHERE state != 'old' AND source NOT IN ('', ?) "
            "AND instr(lower(url), ?) ORDER BY revision",
            host,
            host,
        )
        return [
            name for name, _ in Counter(n for n, url in rows if site(url) == host).most_common()
        ]

    def came_from(self, article_id: str, sha256: str) -> bool:
        """Whether any stored state of the article came from the file or page with this hash."""
        return bool(
            self._all(
                "SELECT 1 FROM revisions WHERE article_id = ? "
                "AND json_extract(original, '$.sha256') = ? LIMIT 1",
                article_id,
                sha256,
            )
        )

    def originals(self) -> set[str]:
        """SHA-256 of the files and pages that any stored state of an article came from."""
        rows = self._all("SELECT DISTINCT json_extract(original, '$.sha256') FROM revisions")
        return {row[0] for row in rows}

    def by_path(self) -> dict[str, list[str]]:
        """Ids of the ready articles that came from a file, by its path."""
        found: dict[str, list[str]] = {}
        for path, article_id in self._all(
            "SELECT json_extract(original, '$.path') AS path, article_id FROM revisions "
            "WHERE state = 'ready' AND path IS NOT NULL"
        ):
            found.setdefault(path, []).append(article_id)
        return found

    def articles(self, scope: Scope) -> list[Article]:
        """Ready articles in the scope, the newest publication first, undated ones last."""
        where, values = in_scope(scope)
        rows = self._all(
            f"SELECT {COLUMNS} FROM revisions WHERE {where} {_NEWEST}",  # noqa: S608
            *values,
        )
        return [self._article(row) for row in rows]

    def ids(self, scope: Scope, without: Sequence[str] = ()) -> list[str]:
        """Ids of the ready articles in the scope, in the order of `articles`.

        Those with one of the tags `without` are left out.
        """
        where, values = in_scope(scope, without)
        query = f"SELECT article_id FROM revisions WHERE {where} {_NEWEST}"  # noqa: S608
        return [row[0] for row in self._all(query, *values)]

    def tags(self) -> list[str]:
        """Every tag that an article has, in order."""
        return [row[0] for row in self._all("SELECT DISTINCT tag FROM tags ORDER BY tag")]

    def tagged(self, tags: Sequence[str], articles: Sequence[str] | None = None) -> frozenset[str]:
        """Ids of the articles with one of the tags; with `articles`, only of these."""
        rows = self._all(
            "SELECT DISTINCT article_id FROM tags WHERE tag IN (SELECT value FROM json_each(?1)) "
            "AND (?2 IS NULL OR article_id IN (SELECT value FROM json_each(?2)))",
            json.dumps(list(tags)),
            None if articles is None else json.dumps(list(articles)),
        )
        return frozenset(row[0] for row in rows)

    def facets(self, scope: Scope, without: Sequence[str] = ()) -> Facets:
        """Sources, authors and days of publication of the ready articles in the scope.

        Those with one of the tags `without` are left out.
        """
        where, values = in_scope(scope, without)

        def counts(column: str) -> list[tuple[str, int]]:
            query = (
                f"SELECT {column}, count(*) FROM revisions WHERE {where} "  # noqa: S608 - constants
                f"AND {column} != '' GROUP BY {column} ORDER BY 2 DESC, 1"
            )
            return self._all(query, *values)

        return Facets(
            sources=dict(counts("source")),
            authors=dict(counts("author")),
            days={date.fromisoformat(day): count for day, count in counts("published")},
        )

    def copies(self, articles: Iterable[str] | None = None) -> list[list[str]]:
        """Groups of ids whose texts are copies of one another, the earliest article first.

        Args:
            articles: only the groups that these are in; None for all.
        """
        with self._lock, self._translated():
            if articles is None:
                articles = [row[0] for row in self._all("SELECT DISTINCT article_id FROM copies")]
            found = copies.groups(self._db, articles)
        groups = [
            [
                row[0]
                for row in self._all(
                    "SELECT article_id FROM revisions WHERE state = 'ready' "
                    "AND article_id IN (SELECT value FROM json_each(?)) "
                    "ORDER BY published IS NULL, published, added, revision",
                    json.dumps(sorted(group)),
                )
            ]
            for group in found
        ]
        return [group for group in groups if len(group) > 1]  # else removed meanwhile

    def languages(self) -> dict[str, int]:
        """Known languages of the ready articles, with their numbers."""
        return dict(
            self._all(
                "SELECT language, count(*) FROM revisions "
                "WHERE state = 'ready' AND language != '' GROUP BY language"
            )
        )

    def get(self, article_id: str, version: str = "") -> Article:
        """An article in its current version, or in the one named.

        Raises:
            NotFoundError: there is none.
        """
        rows = self._all(
            f"SELECT {COLUMNS} FROM revisions "  # noqa: S608 - constants only
            "WHERE article_id = ? AND state != 'pending' AND ? IN ('', version) "
            "ORDER BY state = 'ready' DESC, revision DESC LIMIT 1",
            article_id,
            version,
        )
        if not rows:
            which = f" in version {version!r}" if version else ""
            raise NotFoundError(
                f"no article {article_id!r}{which} in this library; "
                "`assistant list` shows what there is"
            )
        return self._article(rows[0])

    def versions(self, article_id: str) -> list[Article]:
        """All versions of an article, the current one first, then newest first."""
        rows = self._all(
            f"SELECT {COLUMNS} FROM revisions "  # noqa: S608 - constants only
            "WHERE article_id = ? AND state != 'pending' "
            "ORDER BY state = 'ready' DESC, revision DESC",
            article_id,
        )
        return [self._article(row) for row in rows]

    def article_of(self, revision: int) -> Article:
        """The article as this revision has it, tags as they were given."""
        rows = self._all(
            f"SELECT {COLUMNS}, tags FROM revisions WHERE revision = ?",  # noqa: S608
            revision,
        )
        if not rows:
            raise NotFoundError(f"revision {revision} was removed meanwhile; add the article again")
        return self._article(rows[0][:-1], tuple(json.loads(rows[0][-1])))

    def passages_of(self, revision: int) -> list[Passage]:
        """Passages of a revision in order."""
        return [row.passage for row in self._rows_of(revision, self.article_of(revision))]

    def pending_owners(self) -> list[str]:
        """Who began revisions that are not finished."""
        return [r[0] for r in self._all("SELECT owner FROM revisions WHERE state = 'pending'")]

    def ready_revisions(self) -> list[int]:
        """Numbers of the revisions that are searched."""
        return [r[0] for r in self._all("SELECT revision FROM revisions WHERE state = 'ready'")]

    def ready_revision(self, article_id: str) -> int:
        """Number of the article's searched revision.

        Raises:
            NotFoundError: there is none.
        """
        rows = self._all(
            "SELECT revision FROM revisions WHERE article_id = ? AND state = 'ready'", article_id
        )
        if not rows:
            self.get(article_id)
        return int(rows[0][0])

    def searched_ids(self) -> set[str]:
        """Ids of all passages that are searched."""
        return {row[0] for row in self._all(f"SELECT p.id {_SEARCHED}")}

    @property
    def is_empty(self) -> bool:
        """Whether there is no passage to search."""
        return not self._all("SELECT 1 FROM lexical LIMIT 1")

    def count_passages(self) -> int:
        """Number of passages that are searched."""
        return int(self._all("SELECT count(*) FROM lexical")[0][0])

    def rows(self, ids: Sequence[str]) -> dict[str, Row]:
        """Passages by id; those that are not searched are left out."""
        return self._rows("p.id", list(ids))

    def bm25(self, query: str, articles: Sequence[str] | None = None) -> dict[int, float]:
        """BM25 by row number of the passages that share a word with the query, above 0."""
        with self._lock, self._translated():
            return lexical.scores(self._db, query, articles)

    def numbered(self, numbers: Sequence[int]) -> dict[str, Row]:
        """Passages by id, of these row numbers."""
        return self._rows("p.row", list(numbers))

    # Inside

    def _rows(self, column: str, values: list[Any]) -> dict[str, Row]:
        found = self._all(
            f"SELECT p.row, {_PASSAGE} {_SEARCHED} "  # noqa: S608 - constants only
            f"WHERE {column} IN (SELECT value FROM json_each(?))",
            json.dumps(values),
        )
        return {row[1]: Row(row[0], Passage(*row[1:])) for row in found}

    def _insert(self, row: Mapping[str, object]) -> int:
        """Write a revision; returns its number."""
        number = self._db.execute(
            f"INSERT INTO revisions ({', '.join(row)}) "  # noqa: S608 - the names of columns
            f"VALUES ({', '.join(f':{name}' for name in row)})",
            dict(row),
        ).lastrowid
        assert number is not None
        return number

    def _publish(self, revision: int, bands: Sequence[int]) -> list[str]:
        article = self.article_of(revision)
        new = self._rows_of(revision, article)
        kept = {row.passage.id for row in new}
        gone: list[str] = []
        for old, version in self._all(
            "SELECT revision, version FROM revisions WHERE article_id = ? AND state = 'ready'",
            article.id,
        ):
            gone += [name for name in self._unlist(old) if name not in kept]
            if version == article.version:
                self._db.execute("DELETE FROM revisions WHERE revision = ?", (old,))
            else:
                self._db.execute("UPDATE revisions SET state = 'old' WHERE revision = ?", (old,))
                self._announce("changed", article.id, version)
        # A text that came back is no longer old.
        self._db.execute(
            "DELETE FROM revisions WHERE article_id = ? AND version = ? AND state = 'old'",
            (article.id, article.version),
        )
        self._db.execute(
            "UPDATE revisions SET state = 'ready', owner = '' WHERE revision = ?", (revision,)
        )
        self._add_tags(article.id, article.tags)
        lexical.insert(self._db, [(row.number, article.label, row.passage.text) for row in new])
        copies.record(self._db, article.id, article.text, bands)
        return gone

    def _rows_of(self, revision: int, article: Article) -> list[Row]:
        rows = self._all(
            "SELECT row, id, start, end FROM passages WHERE revision = ? ORDER BY row", revision
        )
        return [
            Row(n, Passage(name, article.id, article.version, start, end, article.text[start:end]))
            for n, name, start, end in rows
        ]

    def _unlist(self, revision: int) -> list[str]:
        """Take a revision's passages out of catalogue and lexical index; returns their ids."""
        rows = self._all("SELECT row, id FROM passages WHERE revision = ?", revision)
        lexical.delete(self._db, [row for row, _ in rows])
        self._db.execute("DELETE FROM passages WHERE revision = ?", (revision,))
        return [name for _, name in rows]

    def _announce(self, event: str, article_id: str, version: str) -> None:
        self._db.execute(
            "INSERT INTO changes (event, article_id, version) VALUES (?, ?, ?)",
            (event, article_id, version),
        )

    def _add_tags(self, article_id: str, tags: Iterable[str]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO tags VALUES (?, ?)", [(article_id, tag) for tag in tags]
        )

    def _tags(self, article_id: str) -> tuple[str, ...]:
        rows = self._all("SELECT tag FROM tags WHERE article_id = ? ORDER BY tag", article_id)
        return tuple(row[0] for row in rows)

    def _article(self, row: Sequence[Any], tags: tuple[str, ...] | None = None) -> Article:
        return from_row(row, self._tags(row[-1]) if tags is None else tags)
