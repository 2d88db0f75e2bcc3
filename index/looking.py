"""One look at files: what there is, in which state, and whether what went was a file or a folder.

Reads no file, and knows nothing of the store.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.load import Item, expand

Mark = tuple[int, ...] | str
"""What tells one state of a file from another, or why it cannot be read."""


@dataclass(frozen=True)
class Seen:
    """What a look found: an item, its state, and the folder in or below which it lies."""

    item: Item
    mark: Mark
    root: Path


def look_around(sources: Iterable[str | Path]) -> tuple[dict[str, Seen], list[Item]]:
    """Every file by its name, with what cannot be read, and the web addresses."""
    found: dict[str, Seen] = {}
    addresses: dict[str, Item] = {}
    for source in sources:
        is_folder = os.path.isdir(source)  # noqa: PTH112 - any name, however long
        for item in expand(source):
            if item.address:
                addresses[item.address] = item
            elif item.path:
                root = Path(source) if is_folder else item.path.parent
                found[item.name] = Seen(item, mark_of(item.path), root)
            elif not _can_be_listed(item.name):  # a folder may be empty for now
                found[item.name] = Seen(item, item.failure, Path(item.name))
    return found, list(addresses.values())


def mark_of(path: Path) -> Mark:
    """The present state of a file."""
    try:
        now = path.stat()
    except OSError as error:
        return str(error)
    # The time of the last change of any kind tells of rights too.
    return (now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino)


def is_gone(path: Path) -> bool:
    """Whether there is surely no such file; one that cannot be reached may be there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def lost_folder(path: Path, root: Path) -> Path | None:
    """The nearest folder above a file that went, if all of it is gone; else only the file went."""
    folder = path.parent
    while folder != root and not folder.is_dir():
        folder = folder.parent
    try:
        return None if any(folder.iterdir()) else folder
    except OSError:
        return folder


def _can_be_listed(name: str) -> bool:
    try:
        next(Path(name).iterdir(), None)
    except (OSError, ValueError):
        return False
    return True
