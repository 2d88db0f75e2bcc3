"""Web addresses to articles: a page is read as a file, a feed leads to the pages of its entries.

Knows nothing of how pages are fetched (`index.web`), nor of formats (`index.loaders`). What a site
sends is hostile: no page can pass for an article of another site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from index.catalogue import Catalogue
from index.errors import LoadError, NotFoundError
from index.load import Item, filed, sha256
from index.loaders import SUFFIXES, Columns, Loaded, read
from index.outlets import site
from index.types import Article
from index.web import Entry, Fetched, Fetcher, Getter, PoliteFetcher, Seen, new_entries
from index.web.urls import parse

_FEED = re.compile(
    rb"(?>\s|<\?[^>]{0,300}>|<!doctype[^>]{0,300}>|<!--.{0,2000}?-->)*+<(?:rss|feed|rdf:RDF)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]{1,40})", re.IGNORECASE)
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "message/rfc822": ".eml",
}
"""The suffix for what a site says that it sends; the other kinds are known by their content."""

_NO_ARTICLE = re.compile(
    r"(?:image|audio|video|font)/.*|text/(?:css|javascript|xml)"
    r"|application/(?:json|javascript|xml|rss\+xml|atom\+xml)"
)


@dataclass
class Feed:
    """A feed of this run: what is seen of it now, and the new entries that are not stored yet."""

    url: str
    seen: Seen
    missing: set[str]

    @property
    def kept(self) -> Seen:
        """What the next run may take as seen; it reads the feed anew if an entry is missing."""
        if not self.missing:
            return self.seen
        return Seen(ids=tuple(name for name in self.seen.ids if name not in self.missing))


@dataclass(frozen=True)
class Linked(Item):
    """The page of a feed's entry."""

    feed: Feed | None = None
    entry: Entry | None = None


class Pages:
    """What one addition reads from the web; one request a second to each site at most.

    Args:
        catalogue: remembers what was seen of feeds.
        fetcher: fetches pages.
    """

    def __init__(self, catalogue: Catalogue, fetcher: Getter) -> None:
        self._catalogue = catalogue
        self._fetcher = fetcher
        self._feeds: list[Feed] = []

    def open(self, item: Item, columns: Columns | None = None) -> Loaded | list[Item]:
        """The articles at this address, or the pages of a feed's new entries.

        Raises:
            LoadError: the page cannot be fetched, or holds no article.
        """
        url = parse(item.address).url
        if isinstance(item, Linked):
            return self._read(item, self._fetcher.get(url), columns)
        stored = self._catalogue.feed(url)
        seen = Seen(*stored) if stored else Seen()
        got = self._fetcher.get(url, etag=seen.etag, last_modified=seen.last_modified)
        if stored or _is_feed(got):
            return self._entries(url, got, seen)
        return self._read(item, got, columns)

    def settle(self, item: Item) -> None:
        """All articles of this item were handed on."""
        if isinstance(item, Linked) and item.feed and item.entry:
            item.feed.missing.discard(item.entry.id)

    def save(self) -> None:
        """Remember what was seen of feeds; to be called when all settled items are stored."""
        for feed in self._feeds:
            kept = feed.kept
            self._catalogue.set_feed(feed.url, kept.etag, kept.last_modified, kept.ids)

    def _entries(self, url: str, got: Fetched, seen: Seen) -> list[Item]:
        entries, now = new_entries(_Once(got), url, seen)
        feed = Feed(url, now, {entry.id for entry in entries})
        self._feeds.append(feed)
        return [Linked(e.url, address=e.url, feed=feed, entry=e) for e in entries]

    def _read(self, item: Item, got: Fetched, columns: Columns | None) -> Loaded:
        if _is_feed(got):
            raise LoadError("it leads to another feed; add the address of that one by itself")
        kind = _media_type(got)
        if _NO_ARTICLE.fullmatch(kind):
            raise LoadError(f"it is no article but {kind!r:.60}; check the address")
        charset = _CHARSET.search(got.content_type)
        loaded = read(got.body, _name(got), columns, got.url, charset[1] if charset else "")
        entry = item.entry if isinstance(item, Linked) else None
        articles = tuple(_completed(article, got.url, entry) for article in loaded.articles)
        original = {"url": got.url, "sha256": sha256(got.body)}
        loaded = replace(loaded, articles=articles, data=got.body)
        loaded = filed(loaded, got.url, item.name, original)
        return replace(loaded, articles=tuple(map(self._remembered, loaded.articles)))

    def _remembered(self, article: Article) -> Article:
        """The article with what a feed once told of it, which its page alone does not say."""
        try:
            stored = self._catalogue.get(article.id)
        except NotFoundError:
            return article
        return replace(
            article,
            published=article.published or stored.published,
            author=article.author or stored.author,
            source=article.source or stored.source,
        )


def polite_fetcher(private: bool) -> Getter:
    """A fetcher for one addition; `private` allows addresses of one's own network."""
    return PoliteFetcher(Fetcher(private=private))


class _Once:
    """A `Getter` of the one page that was fetched already."""

    def __init__(self, got: Fetched) -> None:
        self._got = got

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        return self._got


def _is_feed(got: Fetched) -> bool:
    named = _media_type(got) in ("application/rss+xml", "application/atom+xml")
    return named or bool(_FEED.match(got.body[:10_000].removeprefix(b"\xef\xbb\xbf")))


def _media_type(got: Fetched) -> str:
    return got.content_type.partition(";")[0].strip().lower()


def _name(got: Fetched) -> str:
    """The file name that the address ends in, with the suffix of what the site says it sends."""
    name = PurePosixPath(unquote(urlsplit(got.url).path)).name or site(got.url)
    suffix = _KINDS.get(_media_type(got), "")
    is_named = SUFFIXES.get(PurePosixPath(name).suffix.lower()) == SUFFIXES.get(suffix)
    return name if not suffix or is_named else f"{name}{suffix}"


def _completed(article: Article, url: str, entry: Entry | None) -> Article:
    """The article with what its page does not say but the feed's entry does."""
    meta = dict(article.meta)
    own = article.url
    if own and site(own) != site(url):  # a site speaks for itself only
        meta["url"], own = own, "" if article.key else url
    article = replace(article, url=own, meta=meta)
    if entry is None:
        return article
    return replace(
        article,
        published=article.published or entry.published,
        author=article.author or entry.author,
    )
