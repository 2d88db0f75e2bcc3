"""What is new in a feed since the last run, and where a site's feeds are.

Knows nothing of the formats of feeds, nor of the articles that their entries lead to.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from index.errors import FetchError
from index.web.entries import Entry, read
from index.web.fetch import Getter
from index.web.urls import join, parse, shown

MAX_SEEN = 5000
"""Entries of one feed that are remembered, the latest first."""

MAX_HEAD = 200_000
"""Bytes of a web page that are searched for its feeds."""


@dataclass(frozen=True)
class Seen:
    """What the last run saw of a feed; the next run asks only for what is new since."""

    etag: str = ""
    last_modified: str = ""
    ids: tuple[str, ...] = ()


def new_entries(fetcher: Getter, url: str, seen: Seen | None = None) -> tuple[list[Entry], Seen]:
    """Entries of the feed that are not in `seen`, in its order, and what is seen now.

    Raises:
        FetchError: the feed cannot be fetched, or it is none.
    """
    seen = seen or Seen()
    got = fetcher.get(url, etag=seen.etag, last_modified=seen.last_modified)
    if got.not_modified:
        return [], seen
    try:
        entries = read(got.body, got.url, got.content_type)
    except FetchError as error:
        if not (feeds := find_feeds(got.body, got.url)):
            raise
        raise FetchError(f"{error}; the page there names a feed: {shown(feeds[0])}") from None
    known = set(seen.ids)
    ids = dict.fromkeys([*(entry.id for entry in entries), *seen.ids])
    now = Seen(got.etag, got.last_modified, tuple(ids)[:MAX_SEEN])
    return [entry for entry in entries if entry.id not in known], now


def find_feeds(page: bytes, url: str) -> list[str]:
    """Addresses of the feeds that a web page names in its head.

    >>> find_feeds(b'<link rel="alternate" type="application/rss+xml" href="/f">', "http://a.org/b")
    ['http://a.org/f']
    """
    finder = _FeedLinks(url)
    finder.feed(page[:MAX_HEAD].decode("utf-8", "replace"))  # never closed: what is cut stays cut
    return list(dict.fromkeys(finder.found))


class _FeedLinks(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = parse(url)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        kind = values.get("type", "").strip().lower()
        is_feed = kind in ("application/rss+xml", "application/atom+xml")
        try:
            if tag == "base" and "href" in values:
                self.base = join(self.base, values["href"].strip())
            elif tag == "link" and is_feed and "alternate" in values.get("rel", "").lower().split():
                self.found.append(join(self.base, values.get("href", "").strip()).url)
        except FetchError:
            return  # a link that leads nowhere is no feed
