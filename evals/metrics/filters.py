"""Whether what a question says of source, author or time was understood, and nothing else was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Stated:
    """What narrows the articles: `since` and `until` are inclusive, empty fields restrict nothing.

    `latest` restricts nothing either: of several answers the newest is asked for.
    """

    source: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    latest: bool = False

    def __bool__(self) -> bool:
        return self != Stated()


def merged(parts: Iterable[Stated]) -> Stated:
    """All parts together: the later `since`, the earlier `until`, the first source and author.

    >>> merged([Stated(source="Post"), Stated(since=date(2025, 3, 1)), Stated(latest=True)])
    Stated(source='Post', author='', since=datetime.date(2025, 3, 1), until=None, latest=True)
    """
    parts = list(parts)
    return Stated(
        source=next((part.source for part in parts if part.source), ""),
        author=next((part.author for part in parts if part.author), ""),
        since=max((part.since for part in parts if part.since), default=None),
        until=min((part.until for part in parts if part.until), default=None),
        latest=any(part.latest for part in parts),
    )


def filter_right(found: Stated, stated: Stated) -> float | None:
    """1 if exactly what the question states was understood, else 0; None if it states nothing.

    >>> filter_right(Stated(source="ilvane post"), Stated(source="Ilvane Post"))
    1.0
    """
    return float(_plain(found) == _plain(stated)) if stated else None


def filter_none(found: Stated, stated: Stated) -> float | None:
    """1 if no filter was read into a question that states none, else 0; None if it states one.

    >>> filter_none(Stated(latest=True), Stated()), filter_none(Stated(), Stated(latest=True))
    (0.0, None)
    """
    return None if stated else float(not found)


def _plain(stated: Stated) -> tuple[object, ...]:
    """For comparing: letter case aside."""
    names = stated.source.casefold(), stated.author.casefold()
    return (*names, stated.since, stated.until, stated.latest)
