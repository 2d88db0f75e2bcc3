"""An article as a row of the catalogue's table of revisions, and back; runs no SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from index.lexical import phrases
from index.types import Article, Locator, Scope

COLUMNS = (
    "text, title, source, author, published, url, language, meta, key, added, locators, original, "
    "article_id"
)
"""What `from_row` needs, in its order."""

_TAGGED = "SELECT article_id FROM tags WHERE tag IN (SELECT value FROM json_each(?))"

# A text without any word, such as "?!", is in no article: the list is empty then.
_HOLDS_ALL = (
    "article_id IN (SELECT r.article_id FROM json_each(?) AS word "
    "CROSS JOIN lexical ON lexical MATCH word.value "
    "JOIN passages AS p ON p.row = lexical.rowid JOIN revisions AS r ON r.revision = p.revision "
    "GROUP BY r.article_id HAVING count(DISTINCT word.key) = json_array_length(?))"
)


def to_row(article: Article) -> dict[str, object]:
    """Column names and values of everything that is stored of an article."""
    return {
        "article_id": article.id,
        "version": article.version,
        "key": article.key,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "meta": json.dumps(dict(article.meta), default=str, sort_keys=True),
        "meta_hash": article.meta_hash,
        "tags": json.dumps(sorted(article.tags)),
        "added": (article.added or datetime.now(UTC)).isoformat(timespec="seconds"),
        "text": article.text,
        **places(article),
    }


def places(article: Article) -> dict[str, str]:
    """The columns that say where the text comes from, and where its parts stand there."""
    found = [[place.start, place.end, place.label] for place in article.locators]
    return {
        "locators": json.dumps(found, separators=(",", ":")),
        "original": json.dumps(dict(article.original), sort_keys=True),
    }


def from_row(row: Sequence[Any], tags: tuple[str, ...]) -> Article:
    """The article of a row of `COLUMNS`."""
    text, title, source, author, published, url, language, meta, key, added = row[:10]
    locators, original = row[10:12]
    return Article(
        text=text,
        title=title,
        source=source,
        author=author,
        published=date.fromisoformat(published) if published else None,
        url=url,
        language=language,
        tags=tags,
        meta=json.loads(meta),
        key=key,
        added=datetime.fromisoformat(added),
        locators=tuple(Locator(*place) for place in json.loads(locators)),
        original=json.loads(original),
    )


def in_scope(scope: Scope, without: Sequence[str] = ()) -> tuple[str, list[object]]:
    """A WHERE clause for the ready revisions in the scope, and its values.

    Articles with one of the tags `without` are left out.
    """
    terms: list[tuple[str, *tuple[object, ...]]] = []
    if without:
        terms.append((f"article_id NOT IN ({_TAGGED})", json.dumps(list(without))))
    if scope.articles:
        terms.append(
            ("article_id IN (SELECT value FROM json_each(?))", json.dumps(list(scope.articles)))
        )
    if scope.tags:
        terms.append((f"article_id IN ({_TAGGED})", json.dumps(list(scope.tags))))
    if scope.source:
        terms.append(("lower(source) = lower(?)", scope.source))
    if scope.author:
        terms.append(("instr(lower(author), lower(?))", scope.author))
    if scope.since:
        terms.append(("published >= ?", scope.since.isoformat()))
    if scope.until:
        terms.append(("published <= ?", scope.until.isoformat()))
    if scope.words:
        words = json.dumps(phrases(scope.words))
        terms.append((_HOLDS_ALL, words, words))
    where = " AND ".join(["state = 'ready'", *(term for term, *_ in terms)])
    return where, [value for _, *values in terms for value in values]
