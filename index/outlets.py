"""Names of outlets: one for each site, however its pages spell it. Knows nothing of articles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=.*\.)")
_ANY = {"blog", "home", "news", "online"}
"""Parts of a host that are no name."""

_BETWEEN = re.compile(r"\s+[|–—·•»:-]+\s+")


def site(url: str) -> str:
    """The host of an address without what the same site puts before it, empty if it has none.

    >>> site("https://www.news.example/a"), site("https://m.news.example/a"), site("notes.txt")
    ('news.example', 'news.example', '')
    """
    try:
        return _PREFIX.sub("", (urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def outlet(name: str, host: str, known: Sequence[str] = ()) -> str:
    """The name that articles of a site go by: as it is known, else as it is stated, else the host.

    Args:
        name: what this article calls its outlet; may be empty.
        host: of the site, see `site`.
        known: names under which articles of the site are known, the preferred one first.

    >>> outlet("MARROW POST", "marrowpost.example", ["The Marrow Post"])
    'The Marrow Post'
    >>> outlet("", "marrowpost.example")
    'marrowpost.example'
    """
    if not name or _HOST.fullmatch(name):
        return next(iter(known), host)
    return next((one for one in known if _folded(one) == _folded(name)), name)


def without_motto(stated: str, host: str) -> str:
    """What a page calls its outlet, without its motto; empty for what is only a host name.

    >>> without_motto("Latest news | The Marrow Post", "marrowpost.example")
    'The Marrow Post'
    """
    whole = " ".join(stated.split())
    parts = _BETWEEN.split(whole)
    labels = {_folded(label) for label in host.split(".")[:-1] if len(label) > 2} - _ANY
    named = (part for part in parts for label in labels if label in _folded(part))
    name = next(named, whole) if len(parts) > 1 else whole
    return "" if _HOST.fullmatch(name) else name


def _folded(name: str) -> str:
    """Letters and digits alone, without accents and a first "the"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = re.sub(r"^the\s+(?=\S)", "", plain)
    return "".join(letter for letter in kept if letter.isalnum())
