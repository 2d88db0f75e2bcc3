"""Which column of a table is which field of an article; knows nothing of CSV, JSON or rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from index.errors import LoadError

COMMON: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article"),
    "title": ("title", "headline"),
    "source": ("source", "outlet", "publisher"),
    "author": ("author", "byline"),
    "published": ("published", "date", "publish_date"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
    "tags": ("tags", "keywords"),
    "key": ("id", "key"),
}
"""Names that are recognised for each field, letter case aside; the first one there wins."""


@dataclass(frozen=True)
class Columns:
    """The column names of each field; the first that has a value counts, all of them for `text`.

    Fields left empty are found by their common names.
    """

    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @classmethod
    def parse(cls, written: str) -> Columns:
        """Columns from one line; `+` joins several of them.

        >>> Columns.parse("text=lead+body, title=headline").text
        ('lead', 'body')

        Raises:
            LoadError: it names a field that there is none of, or lacks a name.
        """
        known = tuple(field.name for field in fields(cls))
        chosen: dict[str, tuple[str, ...]] = {}
        for part in filter(str.strip, written.split(",")):
            field, _, names = part.partition("=")
            field = field.strip().lower()
            if field not in known:
                raise LoadError(f"{field!r} is no field; the fields are {', '.join(known)}")
            chosen[field] = tuple(name.strip() for name in names.split("+") if name.strip())
            if not chosen[field]:
                raise LoadError(f"{part.strip()!r} names no column; write {field}=NAME")
        return cls(**chosen)

    def found_in(self, header: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The columns of this table for each field that it has.

        Raises:
            LoadError: a column that was named is not there, or none holds the text.
        """
        there = {name.strip().lower(): name for name in reversed(list(header))}
        listed = ", ".join(repr(name) for name in list(reversed(there.values()))[:50]) or "none"
        found: dict[str, tuple[str, ...]] = {}
        for field, names in COMMON.items():
            for name in getattr(self, field):
                if name.lower() not in there:
                    raise LoadError(f"there is no column {name!r}; the columns are {listed}")
            chosen = tuple(there[name.lower()] for name in getattr(self, field))
            common = tuple(there[name] for name in names if name in there)[:1]
            if chosen or common:
                found[field] = chosen or common
        if "text" not in found:
            raise LoadError(
                f"no column is known to hold the text; the columns are {listed}: say which one "
                "with --columns text=NAME"
            )
        return found
