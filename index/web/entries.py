"""RSS and Atom to entries; knows nothing of fetching or of what was seen before.

A feed is hostile like any page. It is handed to feedparser as a stream, since feedparser opens a
string, and even bytes, as an address or a file name if it looks like one. Feeds that declare XML
entities are refused, so that none can grow ("billion laughs").
"""

from __future__ import annotations

import calendar
import hashlib
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import feedparser

from index.errors import FetchError
from index.types import storable
from index.web.urls import join, parse

MAX_BYTES = 5_000_000
"""Bytes of one feed at most."""

MAX_ENTRIES = 1000
"""Entries of one feed that are read, from the top."""

_ENCODING = re.compile(
    r"(utf-?8|utf-?16|us-ascii|iso-8859-\d+|windows-125\d|koi8-[ru]|shift_jis|euc-(jp|kr)"
    r"|gb2312|gbk|gb18030|big5)\Z",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]{1,40})", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Entry:
    """One article that a feed announces; what it does not tell is empty or None.

    `id` stays the same when the title or the address changes.
    """

    url: str
    title: str
    published: date | None
    author: str
    id: str


def read(body: bytes, url: str, content_type: str = "") -> list[Entry]:
    """The entries of a feed, each once; those without a web address are left out.

    Args:
        body: RSS or Atom.
        url: Where it was found; links may be relative to it.
        content_type: The header, which may name the encoding.

    Raises:
        FetchError: it is no feed, is too large, or declares entities.
    """
    name = str(parse(url))
    if len(body) > MAX_BYTES:
        raise FetchError(f"{name} is no feed to read: over {MAX_BYTES / 1e6:.0f} million bytes")
    text = storable(_text(body, content_type))
    prolog = re.split(r"<\w", text, maxsplit=1)[0]
    if "<!ENTITY" in prolog.upper():
        raise FetchError(f"{name} declares XML entities, which no feed needs; leave this feed out")
    text = _REFERENCE.sub(_possible, _DECLARATION.sub("", text))
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,  # only single lines are taken, and those as text
            resolve_relative_uris=False,
        )
    except Exception as error:  # it lets errors of every kind through on hostile feeds
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:160]
        raise FetchError(f"{name} is a feed too damaged to read ({reason})") from error
    if not parsed.get("version"):
        raise FetchError(f"{name} is no RSS or Atom feed; check the address")
    entries: dict[str, Entry] = {}
    for item in parsed.entries[:MAX_ENTRIES]:
        if entry := _entry(item, url):
            entries.setdefault(entry.id, entry)
    return list(entries.values())


def _text(body: bytes, content_type: str) -> str:
    """The feed's text; decoded here, so that what is checked is what is parsed."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, "replace")
    charset = _CHARSET.search(content_type)
    declared = _DECLARED.match(body)
    named = charset[1] if charset else declared[1].decode() if declared else "utf-8"
    if not _ENCODING.match(named):
        named = "utf-8"
    try:
        return body.decode(named, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _possible(reference: re.Match[str]) -> str:
    """The reference; U+FFFD for one to no character, such as half of an emoji.

    >>> _REFERENCE.sub(_possible, "&#233; &#xD83C;&#0;")
    '&#233; \ufffd\ufffd'
    """
    digits = (reference[1] or reference[2]).lstrip("0")[:8]  # with more it is none either
    number = int(digits or "0", 16 if reference[1] else 10)
    is_one = 0 < number < 0xD800 or 0xDFFF < number < 0x110000
    return reference[0] if is_one else "\ufffd"


def _entry(item: Mapping[str, Any], base: str) -> Entry | None:
    try:
        url = _link(str(item.get("link", "")).strip(), base)
    except FetchError:
        return None
    named = str(item.get("id") or url)
    return Entry(
        url=url,
        title=_line(item.get("title", ""), item.get("title_detail", {}).get("type", "")),
        published=_day(item.get("published_parsed") or item.get("updated_parsed")),
        author=_person(str(item.get("author", ""))),
        id=named if len(named) <= 200 else hashlib.sha256(named.encode()).hexdigest(),
    )


def _link(link: str, base: str) -> str:
    if not link:
        raise FetchError("the entry has no link")
    return join(parse(base), link).url


def _line(value: object, kind: str = "") -> str:
    """One line of at most 300 characters; of HTML only its text."""
    text = str(value)[:2000]
    if "html" in kind:
        text = html.unescape(re.sub(r"<[^<>]{0,500}>", " ", text))
    return " ".join(text.split())[:300]


def _person(text: str) -> str:
    """The name in `ann@a.example (Ann)`, which feedparser cuts wrongly if the domain is long."""
    name = re.sub(r"\S+@\S+", "", text[:2000])
    return _line(text if name == text else name.strip(" ()<>\n"))


def _day(moment: Any) -> date | None:
    """The day, in UTC, of a time as feedparser gives it."""
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC).date() if moment else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None
