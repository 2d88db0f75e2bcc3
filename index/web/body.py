"""The bytes of a reply, unpacked within bounds; knows nothing of connections.

A few kilobytes can unpack to gigabytes. So this unpacks by itself, asks zlib for no more than may
still come, and takes only the two encodings that zlib can bound.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from index.errors import FetchError

ACCEPTED = "gzip, deflate"
"""What the request says it can unpack."""

_PLAIN = ("", "identity")


def read(chunks: Iterable[bytes], encoding: str, limit: int, name: str) -> bytes:
    """All chunks, unpacked.

    Args:
        chunks: The body as it was sent.
        encoding: The Content-Encoding header, empty if there is none.
        limit: Bytes at most, both before and after unpacking.
        name: What messages call the page.

    Raises:
        FetchError: there is more, or it cannot be unpacked.
    """
    encoding = encoding.strip().lower()
    if encoding not in (*_PLAIN, "gzip", "x-gzip", "deflate"):
        raise FetchError(
            f"{name} was sent as {encoding[:60]!r}, which was not asked for; open it in a browser, "
            "save the page and add the file"
        )
    unpacker = None if encoding in _PLAIN else _Unpacker(deflate=encoding == "deflate")
    parts: list[bytes] = []
    packed = size = 0
    for chunk in chunks:
        packed += len(chunk)
        try:
            part = unpacker.feed(chunk, limit - size + 1) if unpacker else chunk
        except zlib.error:
            raise _damaged(name) from None
        size += len(part)
        parts.append(part)
        if max(size, packed) > limit:
            raise too_large(name, limit)
    if unpacker and packed and not unpacker.complete:
        raise _damaged(name)
    return b"".join(parts)


def too_large(name: str, limit: int) -> FetchError:
    """The error for a body of more than `limit` bytes."""
    return FetchError(
        f"{name} is larger than {limit / 1e6:.0f} million bytes; download it in a browser and add "
        "the file in parts"
    )


class _Unpacker:
    """Gzip, zlib or, as some servers call deflate, zlib without its header."""

    def __init__(self, *, deflate: bool) -> None:
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._try_raw = deflate

    def feed(self, data: bytes, longest: int) -> bytes:
        """What the data unpacks to, cut after `longest` bytes."""
        if self._unpack.eof and data:
            raise zlib.error("there is data after the end")
        try:
            unpacked = self._unpack.decompress(data, longest)
        except zlib.error:
            if not self._try_raw:
                raise
            self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)
            unpacked = self._unpack.decompress(data, longest)
        self._try_raw = self._try_raw and not data
        if self._unpack.unused_data:
            raise zlib.error("there is data after the end")
        return unpacked

    @property
    def complete(self) -> bool:
        return self._unpack.eof


def _damaged(name: str) -> FetchError:
    return FetchError(
        f"{name} arrived damaged: it cannot be unpacked; try again later, or save the page in a "
        "browser and add the file"
    )
