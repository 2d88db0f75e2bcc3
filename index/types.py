"""The records of the library: articles, passages, hits and the report of an addition."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    r"""The text with each character that UTF-8 or SQLite cannot hold as U+FFFD.

    >>> storable("a\x00b\ud800")
    'a�b�'
    """
    return _UNSTORABLE.sub("\ufffd", text)


def normalise_url(url: str) -> str:
    """The same address written one way: scheme and host in lower case, no fragment, no final `/`.

    >>> normalise_url("HTTPS://News.Example/a/?id=1#top")
    'https://news.example/a?id=1'
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # such as an unfinished "http://[::1"
        return url.strip()
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), parts.query, "")
    )


def as_names(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names as a tuple; a string is one name, not a sequence of letters.

    >>> as_names("lebanon"), as_names(None)
    (('lebanon',), ())
    """
    return (given,) if isinstance(given, str) else tuple(given or ())


@dataclass(frozen=True)
class Locator:
    """Where `text[start:end]` of an article stands in the original: "p. 12", "Methods", "row 3"."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Article:
    """One article: its text and what is known about it.

    `id` belongs to the origin (address, else file, else `key`, else the text itself) and stays the
    same when the text changes; `version` is the hash of the text. `published` is when the article
    was published (None if unknown), `added` when it entered the library. `locators` say where parts
    of the text stand in the original, and `original` which file or page that was: its "path", "url"
    or "name", and the "sha256" of its bytes. Neither belongs to the article's identity, so that a
    new row in a table leaves the articles of the other rows unchanged.

    >>> article = Article("Rain fell.", title="Weather", key="today")
    >>> article.id == Article("Rain fell again.", key="today").id
    True
    """

    text: str
    title: str = ""
    source: str = ""
    author: str = ""
    published: date | None = None
    url: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    added: datetime | None = None
    locators: tuple[Locator, ...] = ()
    original: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where the article comes from, as one string."""
        if self.url:
            return f"url:{normalise_url(self.url)}"
        return f"key:{self.key}" if self.key else f"text:{self.version}"

    @property
    def id(self) -> str:
        """Twelve hex digits that stand for the origin."""
        return digest(self.origin)[:12]

    @property
    def version(self) -> str:
        """Hash of the text, sixteen hex digits; copies from other origins share it."""
        return digest(self.text)[:16]

    @property
    def meta_hash(self) -> str:
        """Hash of what describes the article; tags are the person's own and not part of it."""
        known = [self.title, self.source, self.author, str(self.published), self.url, self.language]
        return digest(json.dumps([*known, dict(self.meta)], sort_keys=True, default=str))[:16]

    @property
    def label(self) -> str:
        """Title, source and date in one line, as far as they are known."""
        day = self.published.isoformat() if self.published else ""
        return ", ".join(part for part in (self.title or "Untitled", self.source, day) if part)


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences; `article.text[start:end] == text` for that version."""

    id: str
    article_id: str
    version: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hit:
    """A passage found for a query; a higher score is better and compares within one query only."""

    passage: Passage
    score: float


@dataclass(frozen=True)
class Failure:
    """Something that could not be added, and why."""

    source: str
    reason: str


@dataclass(frozen=True)
class AddReport:
    """What became of everything that was given to `Library.add`, as articles and failures.

    `copies` has, for each article that is nearly the same as others in the library, the earliest of
    these. `notice` is what a person should know, once: languages that the embedding model does not
    cover. `stopped`: it was ended before everything was looked at.
    """

    added: tuple[Article, ...] = ()
    updated: tuple[Article, ...] = ()
    unchanged: tuple[Article, ...] = ()
    failed: tuple[Failure, ...] = ()
    copies: Mapping[str, Article] = field(default_factory=dict)
    notice: str = ""
    stopped: bool = False

    def __str__(self) -> str:
        counts = [(len(self.added), "added"), (len(self.updated), "updated")]
        counts += [(len(self.unchanged), "unchanged"), (len(self.failed), "failed")]
        words = ", ".join(f"{n} {word}" for n, word in counts if n)
        if self.stopped:
            return f"{words}, then stopped" if words else "stopped before anything was added"
        return words or "nothing to add"


@dataclass(frozen=True)
class Scope:
    """Which articles a search may see; empty fields restrict nothing.

    `since` and `until` are inclusive and leave out articles without a date. `author` is one of the
    names in an article's, letter case aside. `words` is for articles
    that hold each of these words somewhere, as the lexical index knows them (stemmed, without
    accents, in titles and sources too); without a content word, the stop words count.
    """

    articles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""
    author: str = ""

    def __bool__(self) -> bool:
        narrowed = self.articles or self.tags or self.source or self.since or self.until
        return bool(narrowed or self.words or self.author)


@dataclass(frozen=True)
class Facets:
    """What there is to narrow a search by: how many articles each value has."""

    sources: Mapping[str, int] = field(default_factory=dict)
    authors: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """An entry of the durable log: an article was "removed", or "changed" its text.

    `version` is the one that was removed or replaced; answers that quote it are outdated.
    """

    number: int
    event: str
    article_id: str
    version: str
    at: datetime | None = None
