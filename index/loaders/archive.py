"""Members of a zip archive one by one, unpacked in memory only; knows nothing of articles."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import LoadError
from index.loaders.zipped import MAX_MEMBERS, MAX_TOTAL, container_kind, open_zip, read_member
from index.types import Failure

MAX_DEPTH = 2
"""Archives within one another at most, the outermost one counted."""

_DRIVE = re.compile(r"[A-Za-z]:")
_PARTS = re.compile(r"[/\\]")


@dataclass
class _Spent:
    """What has been unpacked so far, archives within archives included."""

    members: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        self.members += 1
        self.size += size
        if self.members > MAX_MEMBERS or self.size > MAX_TOTAL:
            raise LoadError("it holds too much when unpacked; unpack it and add the files")


def members(data: bytes) -> Iterator[tuple[str, bytes] | Failure]:
    """Name and bytes of every file in the archive, in its order; a bad one is a failure.

    The name of a file in an archive within this one is `inner.zip!name`. Folders, hidden files and
    the Macintosh's shadow files are passed over.

    Raises:
        LoadError: the archive as a whole is damaged or too large.
    """
    yield from _members(data, "", 1, _Spent())


def _members(
    data: bytes, prefix: str, depth: int, spent: _Spent
) -> Iterator[tuple[str, bytes] | Failure]:
    archive = open_zip(data)
    seen: set[str] = set()
    for member in archive.infolist():
        name = prefix + member.filename
        if member.is_dir() or _is_hidden(member.filename):
            continue
        try:
            spent.add(member.file_size)
        except LoadError as error:
            yield Failure(name, str(error))
            return
        try:
            if name in seen:
                raise LoadError("its name is there twice; pack it again")
            seen.add(name)
            content = _content(archive, member)
            if not _is_archive(content):
                yield name, content
            elif depth >= MAX_DEPTH:
                raise LoadError(f"archives lie over {MAX_DEPTH} deep in one another; unpack it")
            else:
                yield from _members(content, f"{name}!", depth + 1, spent)
        except LoadError as error:
            yield Failure(name, str(error))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    name = member.filename
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in _PARTS.split(name):
        raise LoadError("its name leads out of the archive; pack it again without such names")
    return read_member(archive, member)


def _is_archive(content: bytes) -> bool:
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    return container_kind(open_zip(content)) == "archive"


def _is_hidden(name: str) -> bool:
    parts = _PARTS.split(name)
    return "__MACOSX" in parts or any(p.startswith(".") and p not in (".", "..") for p in parts)
