"""Web pages: the main text and what the page's own metadata say; no menus, no comments.

Knows nothing of the network. A date that only stands in the text, or near a copyright sign, is
not taken for the date of publication.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any

from index.errors import LoadError
from index.loaders.base import File, Loaded, Section, join_sections
from index.loaders.fields import make_article, parse_date
from index.loaders.markup import blocks, decode_markup, parse_html
from index.outlets import site, without_motto

_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@name='article:published_time' or @name='parsely-pub-date' or @name='dc.date'"
    " or @name='citation_publication_date' or @itemprop='datePublished']/@content",
)
_TIMES = (
    "//article//time[@pubdate or @itemprop='datePublished']/@datetime",
    "(//article//time/@datetime)[1]",
)
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{2})[/-](\d{2})(?=[/-]|$)")
_MAX_DEPTH = 200
_MAX_ATTRIBUTES = 500
_MAX_WORK = 1_500_000
"""Depths of all elements together; a long page of news has less than a tenth of that."""


def load_html(file: File) -> Loaded:
    """The article of a web page.

    Raises:
        LoadError: no main text is found.
    """
    import trafilatura

    tree = parse_html(decode_markup(file.data, file.charset))
    _refuse_knots(tree)
    about = trafilatura.extract_metadata(
        tree, default_url=file.url or None, date_config={"extensive_search": False}
    )
    language = str(tree.get("lang") or "").split("-")[0].lower()
    url = _own_url(about.url or "", file.url)
    known = {
        "title": about.title,
        "author": about.author,
        "source": without_motto(about.sitename or "", site(url)),
        "published": _published(tree, url),
        "url": url,
        "language": language if language.isalpha() and len(language) <= 3 else "",
    }
    page = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True)
    body = getattr(page, "body", None)
    found = blocks(body) if body is not None else iter(())
    text, _ = join_sections(Section("", block.text) for block in found)
    links = {word for link in tree.iter("a") for word in " ".join(link.itertext()).split()}
    if set(text.split()) <= links:  # nothing at all, or only a menu
        raise LoadError(
            "no readable text was found on the page (it may be filled in by scripts); save the "
            "article as text or PDF and add that"
        )
    return Loaded((make_article(text, known, file.stem),))


def _refuse_knots(tree: Any) -> None:
    """The extraction takes squared time for elements deep within one another."""
    from lxml import etree

    depth = work = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        work += depth
        if depth > _MAX_DEPTH or work > _MAX_WORK or len(element.attrib) > _MAX_ATTRIBUTES:
            raise LoadError("its elements are nested too deeply to be read; save it as text")


def _own_url(stated: str, fetched: str) -> str:
    """The page's own address, unless it names another host than the one that sent it."""
    if not fetched or site(stated) == site(fetched):
        return stated or fetched
    return fetched


def _published(tree: Any, url: str) -> date | None:
    """The first date that the metadata, JSON-LD, a `time` of the article or the address state."""
    stated = [value for path in _DATES for value in tree.xpath(path)]
    stated += _linked_data(tree)
    stated += [value for path in _TIMES for value in tree.xpath(path)]
    stated += ["-".join(match) for match in _URL_DATE.findall(url)[:1]]
    days = (parse_date(str(value).replace("/", "-")) for value in stated)
    return next(filter(None, days), None)


def _linked_data(tree: Any) -> Iterator[str]:
    """`datePublished` of every article that the page's JSON-LD describes."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:20]:
        try:
            waiting = deque([json.loads(script)])
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.popleft()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                kind = str(value.get("@type", ""))
                if isinstance(value.get("datePublished"), str) and re.search(
                    r"Article|Posting|Report", kind
                ):
                    yield value["datePublished"]
                waiting += (value[name] for name in ("@graph", "mainEntity") if name in value)
