"""Zip containers, opened and read within limits; knows nothing of what their members mean."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from index.errors import LoadError
from index.loaders.base import MAX_BYTES, too_large

MAX_MEMBERS = 10_000
MAX_TOTAL = 500_000_000
"""Bytes of all members together, unpacked."""

MAX_RATIO = 200
"""Unpacked bytes for each packed one, for members above `FREE_RATIO` bytes."""

FREE_RATIO = 1_000_000

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError),
)
"""What the standard library raises over a member that is not as it should be."""

_OFFICE = {
    "xl/": "a spreadsheet (.xlsx); save it as CSV",
    "ppt/": "a presentation (.pptx); save it as PDF",
}


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The container, its list of members checked and nothing unpacked.

    Raises:
        LoadError: it is damaged, or has too many or too large members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, IndexError, EOFError) as error:
        raise LoadError(
            "it begins like a zip container (.zip, .docx, .epub), a binary file, but is damaged "
            "or cut short; get it again"
        ) from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise LoadError(f"it has {len(members):,} members, the limit is {MAX_MEMBERS:,}; split it")
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL:
        raise LoadError(
            f"unpacked it has {total / 1e6:,.0f} million bytes, the limit is "
            f"{MAX_TOTAL / 1e6:.0f} million; split it"
        )
    return archive


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int = MAX_BYTES) -> bytes:
    """The bytes of one member.

    Raises:
        LoadError: it is encrypted, too large, packed too tightly or damaged.
    """
    check_member(member, limit)
    try:
        with archive.open(member) as handle:
            return handle.read(limit)  # never more than the size that was checked
    except _DAMAGE as error:
        raise LoadError(f"{member.filename[:200]!r} in it is damaged; pack it again") from error


def check_member(member: zipfile.ZipInfo, limit: int = MAX_BYTES) -> None:
    """Raises LoadError if the member is encrypted, too large or packed too tightly."""
    if member.flag_bits & 0x1:
        raise LoadError("it is encrypted; unpack it with its password and add the files")
    if member.file_size > limit:
        raise LoadError(too_large(member.file_size, "bytes", limit))
    packed = max(member.compress_size, 1)
    if member.file_size > FREE_RATIO and member.file_size / packed > MAX_RATIO:
        raise LoadError(
            f"{member.filename[:200]!r} in it grows {member.file_size // packed:,}fold when "
            "unpacked, which no article does; leave it out"
        )


def container_kind(archive: zipfile.ZipFile) -> str:
    """`docx`, `epub` or `archive`, by what is inside.

    Raises:
        LoadError: it is another office format, which is named.
    """
    names = set(archive.namelist())
    mimetype = ""
    if "mimetype" in names:
        mimetype = read_member(archive, archive.getinfo("mimetype")).decode("ascii", "replace")
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        raise LoadError("it is an OpenDocument file (.odt, .ods or .odp); save it as .docx or PDF")
    if "word/document.xml" in names:
        return "docx"
    if mimetype.strip() == "application/epub+zip" or "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return "docx"
        for folder, what in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                raise LoadError(f"it is {what}")
        raise LoadError("it is an Office file of no kind that can be read; save it as .docx or PDF")
    return "archive"
