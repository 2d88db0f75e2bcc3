"""From loosely typed facts about a document to an `Article`; knows nothing of where they stood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from urllib.parse import urlsplit

from index.types import Article, Locator

_KNOWN = ("title", "source", "author", "published", "url", "language", "tags")
_NO_TITLE = re.compile(
    r"untitled|no title|title|document ?\d*|word document|microsoft (word|powerpoint) - |"
    r"(presentation|slide|page|layout) ?\d*$|.*\.(docx?|pdf|odt|rtf|tex|dvi|indd|qxd|txt|html?)$",
    re.IGNORECASE,
)
_NO_AUTHOR = frozenset(
    "admin administrator anonymous author microsoft office owner python-docx root unknown user "
    "windows".split()
)


def make_article(
    text: str,
    known: Mapping[str, object],
    title: str = "",
    locators: tuple[Locator, ...] = (),
) -> Article:
    """The article; what `known` holds besides an article's own fields goes into its meta.

    A date or an address that is none goes into the meta too; `title` is used unless `known` has
    one. Only scalars and flat lists of them are kept.
    """
    plain = {name: _plain(value) for name, value in known.items()}
    url = str(plain.get("url") or "")
    published = parse_date(known.get("published"))
    meta = {
        name: value
        for name, value in plain.items()
        if name not in _KNOWN and value is not None and value != "" and value != []
    }
    if plain.get("published") and published is None:
        meta["published"] = plain["published"]
    if url and not is_web(url):
        meta["url"], url = url, ""
    tags = plain.get("tags") or []
    return Article(
        text=text,
        title=str(plain.get("title") or title),
        source=str(plain.get("source") or ""),
        author=str(plain.get("author") or ""),
        published=published,
        url=url,
        language=str(plain.get("language") or ""),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),),
        meta=meta,
        locators=locators,
    )


def parse_date(value: object) -> date | None:
    """A date as ISO 8601 writes it, None if it is none.

    >>> parse_date("2024-09-26T10:00:00Z")
    datetime.date(2024, 9, 26)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError:
        return None


def is_web(url: str) -> bool:
    """Whether this is an address that a browser could open."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def real_title(title: object, name: str) -> str:
    """The title that a program stored in a document, empty if it is a placeholder or a file name.

    >>> real_title("Untitled-1", "a.pdf"), real_title("Rain in May", "a.pdf")
    ('', 'Rain in May')
    """
    line = " ".join(str(title or "").split())
    bare = len(line) < 3 or not any(map(str.isalpha, line))
    if bare or _NO_TITLE.match(line) or line.lower() == PurePath(name).stem.lower():
        return ""
    return line


def real_author(author: object) -> str:
    """The author that a program stored in a document, empty if it is a name for nobody.

    >>> real_author("Microsoft Office User"), real_author("A. Bell")
    ('', 'A. Bell')
    """
    line = " ".join(str(author or "").split())
    return "" if set(line.lower().split()) <= _NO_AUTHOR else line


def _plain(value: object) -> object:
    """Scalars and flat lists of them as they are, dates as text, anything deeper as None."""
    if isinstance(value, str):
        return value[:2000]
    if isinstance(value, bool | int | float):
        return value if abs(value) < 1e300 else None  # neither infinite nor too long to print
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and len(value) <= 100:
        return [v for v in map(_plain, value) if v is not None and not isinstance(v, list)]
    return None
