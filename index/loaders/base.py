"""The records and limits that every loader shares; knows nothing of any format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from index.errors import LoadError
from index.loaders.columns import Columns
from index.types import Article, Failure, Locator

MAX_BYTES = 20_000_000
"""Bytes of one file, or characters of one article, at most: a book has about a million."""


@dataclass(frozen=True)
class File:
    """What a loader is given: the bytes, the file's name, and what its sender says about it."""

    data: bytes
    name: str
    columns: Columns | None = None
    url: str = ""
    charset: str = ""

    @property
    def stem(self) -> str:
        """The name without folder and suffix, the title of last resort."""
        return PurePath(self.name).stem

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot."""
        return PurePath(self.name).suffix.lower()


@dataclass(frozen=True)
class Loaded:
    """What came of one file.

    A `key` or a failure's `source` names the part of the file ("row 3", a member of an archive);
    it is empty for an article that is the whole file. `data` is the file itself.
    """

    articles: tuple[Article, ...] = ()
    failures: tuple[Failure, ...] = ()
    data: bytes = field(default=b"", repr=False)


Loader = Callable[[File], Loaded]


@dataclass(frozen=True)
class Section:
    """A run of text with the name of its place; `gap` stands between it and the one before."""

    label: str
    text: str
    gap: str = "\n\n"


def join_sections(sections: Iterable[Section]) -> tuple[str, tuple[Locator, ...]]:
    r"""One text of all sections that have any, and a locator for each that has a label.

    >>> join_sections([Section("p. 1", "Rain fell."), Section("p. 2", "It stopped.")])[0]
    'Rain fell.\n\nIt stopped.'

    Raises:
        LoadError: the text grows over the limit.
    """
    parts: list[str] = []
    locators: list[Locator] = []
    length = 0
    for section in sections:
        if not section.text:
            continue
        gap = section.gap if parts else ""
        start = length + len(gap)
        length = start + len(section.text)
        if length > MAX_BYTES:
            raise LoadError(too_large(length, "characters"))
        parts += [gap, section.text]
        if section.label:
            locators.append(Locator(start, length, section.label))
    return "".join(parts), tuple(locators)


def too_large(size: int, unit: str, limit: int = MAX_BYTES) -> str:
    """The reason for refusing something of that size."""
    return (
        f"it has {size / 1e6:.1f} million {unit}, the limit is {limit / 1e6:.0f} million; "
        "split it into several files"
    )
