"""The unused room in Chroma's graph files; knows nothing of articles.

hnswlib writes its tables whole, for as many vectors as there is room for, from memory that was
never cleared: words that the process read before stand there. What is unused is overwritten here.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from index.errors import StoreError

_HEADER = struct.Struct("<iQQQQ")
"""Version, offset of the lowest level, room and number of vectors, bytes for each of them."""

_LENGTH = 4
"""Bytes for each vector in `length.bin`."""

_PIECE = bytes(1 << 20)


def blank(folder: Path) -> None:
    """Overwrite what no vector uses in the graph files below a Chroma folder that is not in use.

    Raises:
        StoreError: the files are not of the form that is known.
    """
    for header in folder.glob("*/header.bin"):
        try:
            version, _, room, count, size = _HEADER.unpack_from(header.read_bytes())
        except struct.error:
            version = room = count = size = 0
        for name, each in (("data_level0.bin", size), ("length.bin", _LENGTH)):
            table = header.with_name(name)
            # A table that grew is written as far as the last vector that is new, not to its end.
            end = table.stat().st_size
            if version != 1 or not count * each <= end <= room * each:
                raise StoreError(
                    f"{str(table)!r} is not as it is known of this Chroma, so that its unused part "
                    "cannot be overwritten; it may hold words of what was removed"
                )
            _overwrite(table, count * each, end)


def _overwrite(path: Path, start: int, end: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        for at in range(start, end, len(_PIECE)):
            file.write(_PIECE[: end - at])
        file.flush()
        os.fsync(file.fileno())
