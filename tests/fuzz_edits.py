"""Edits of documents, drawn by hypothesis: bytes, members of containers, elements, objects.

Knows nothing of what a loader has to do with them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st
from lxml import etree

HERE = Path(__file__).parent

SECRET = "what-stands-in-a-file-of-this-machine"
"""A document that asks for this very file must not get these words."""

T = TypeVar("T")
Bytes = st.SearchStrategy[bytes]


def _parts() -> dict[str, list[bytes]]:
    """The lines of `fuzz_parts.txt` under their headings."""
    found: dict[str, list[bytes]] = {}
    for section in (HERE / "fuzz_parts.txt").read_bytes().split(b"\n== ")[1:]:
        name, *lines = section.strip(b"\n").split(b"\n")
        found[name.decode()] = lines
    return found


_PARTS = _parts()
ODD = [
    *(b"\n", b"\r\n", b"\r", b"\t", b" ", b"\x00", b"\xff", b"\xed\xa0\x80", b"\x1b", b"\x0c"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"9999-12-31", b"26 September 2024", b"9" * 40, b"1e999"),
    *(
        c.encode()
        for c in ("é", "停火。", "مطر", "👩‍👩‍👧", "\u202e", "\u2028", "\x85", "e\u0301", "\ufffd")
    ),
]
_ENTITY = f"<!DOCTYPE b [<!ENTITY x SYSTEM '{Path(__file__).as_uri()}'>]>".encode()
TAGS = [*_PARTS["html"], _ENTITY, b"&x;"]
PDF = _PARTS["pdf"]
ZIP = [
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"\xff" * 4),
    *(b"\x00" * 4, b"\xff\xff\xff\x7f", b"../", b"/", b"\\", b"C:", b".zip", b".md", b"mimetype"),
]
XML = [*TAGS, *_PARTS["office"]]
MAIL = _PARTS["mail"]
TABLE = _PARTS["table"]
YAML = _PARTS["yaml"]
FEED = [*TAGS, *_PARTS["feed"]]
EXPORT = [*TABLE, *_PARTS["export"]]


def picked(draw: st.DrawFn, some: Sequence[T]) -> T:
    """One of them; `sampled_from` takes time for each new list."""
    return some[draw(st.integers(0, len(some) - 1))]


@st.composite
def edited(draw: st.DrawFn, bases: Sequence[bytes], parts: Sequence[bytes]) -> bytes:
    """One of the documents with up to six edits."""
    data = picked(draw, bases)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(data)))
        end = min(len(data), place + draw(st.sampled_from((0, 1, 1, 4, 30, 400))))
        what = draw(
            st.sampled_from(("part", "part", "part", "byte", "cut", "again", "many", "join"))
        )
        if what == "part":
            new = picked(draw, parts)
        elif what == "byte":
            new = bytes([draw(st.integers(0, 127) | st.integers(0, 255))])
            end = min(len(data), place + 1)
        elif what == "cut":
            new = b""
        elif what == "again":
            new = data[place:end] * draw(st.integers(2, 9))
        elif what == "many":
            new = picked(draw, parts) * draw(st.sampled_from((9, 200, 4000)))
        else:
            other = picked(draw, bases)
            new, end = other[draw(st.integers(0, len(other))) :], len(data)
        data = data[:place] + new + data[end:]
    return data


def soup(parts: Sequence[bytes], most: int = 40) -> Bytes:
    """Parts of the format in any order, with words between them."""
    some = (
        st.sampled_from(parts)
        | st.sampled_from(ODD)
        | st.sampled_from((b"Rain fell. ", b" a", b"\n"))
    )
    return st.lists(some, max_size=most).map(b"".join)


ATTRIBUTES = st.sampled_from(
    ("", "0", "-1", "x", "é", "../x", "#a", "Heading1", "text/html", "9" * 30)
)
TEXT_NODES = st.sampled_from(
    (None, "", " ", "Rain fell. ", "é\u2028", "\u202e", "9999-12-31", "&<", "x" * 999)
)


@st.composite
def regrown(draw: st.DrawFn, data: bytes) -> bytes:
    """The same XML, well-formed, with elements dropped, copied, nested or told something else."""
    root = etree.fromstring(data)
    for _ in range(draw(st.integers(1, 5))):
        elements = list(root.iter("*"))[1:]
        if not elements:
            break
        one, other = picked(draw, elements), picked(draw, elements)
        what = draw(
            st.sampled_from(("text", "tail", "value", "tag", "drop", "copy", "into", "deep"))
        )
        if what == "text":
            one.text = draw(TEXT_NODES)
        elif what == "tail":
            one.tail = draw(TEXT_NODES)
        elif what == "value" and one.attrib:
            one.set(picked(draw, sorted(one.attrib)), draw(ATTRIBUTES))
        elif what == "tag":
            one.tag = other.tag
        elif what == "drop":
            one.getparent().remove(one)
        elif what == "copy":
            one.getparent().extend(deepcopy(one) for _ in range(draw(st.sampled_from((1, 9, 300)))))
        elif what == "into":
            one.append(deepcopy(other))
        else:
            for _ in range(draw(st.sampled_from((1, 30, 240)))):
                inner = etree.SubElement(one, one.tag)
                one = inner
    return bytes(etree.tostring(root))


def members(data: bytes) -> dict[str, bytes]:
    """The members of a zip container."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


KINDS = [*[zipfile.ZIP_STORED] * 4, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
"""How members are packed; the last two are slow."""


@st.composite
def repacked(draw: st.DrawFn, base: Mapping[str, bytes], parts: Sequence[bytes]) -> bytes:
    """The container with some members changed, dropped, renamed or added, its checksums right."""
    now = dict(base)
    grown = [name for name in base if name.endswith((".xml", ".rels", ".opf", ".xhtml"))]
    for _ in range(draw(st.integers(1, 2))):
        name = picked(draw, sorted(now))
        what = draw(
            st.sampled_from((*["regrow"] * 9, "edit", "edit", "soup", "drop", "rename", "copy"))
        )
        if what == "regrow" and grown:
            name = picked(draw, grown)
            now[name] = draw(regrown(base[name]))
        elif what in ("edit", "regrow"):
            now[name] = draw(edited([now[name]], parts))
        elif what == "soup":
            now[name] = draw(soup(parts))
        elif what == "drop" and len(now) > 1:
            del now[name]
        elif what == "rename":
            odd = draw(
                st.sampled_from(
                    ("../x.md", "/x.md", "x.md", ".x", "é.md", "C:x.md", "x/", "a" * 999)
                )
            )
            now[odd] = now.pop(name)
        else:
            now[f"copy of {name}"] = now[name]
    kind = picked(draw, KINDS)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind, compresslevel=1) as archive:
        for name, content in now.items():
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return buffer.getvalue()


@st.composite
def pdf_objects(draw: st.DrawFn, bases: Sequence[bytes]) -> bytes:
    """A PDF whose objects are edited, its lengths and its table of places right."""
    objects = re.findall(rb"\d+ 0 obj\n(.*?)\nendobj", picked(draw, bases), re.DOTALL)
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(objects) - 1))
        head, _, body = objects[number].partition(b"\nstream\n")
        if body:
            content = draw(edited([body.removesuffix(b"\nendstream")], PDF) | soup(PDF))
            filters = draw(
                st.sampled_from((b"", b"", b"/FlateDecode", b"/FlateDecode /FlateDecode"))
            )
            for _ in filters.split():
                content = zlib.compress(content, 1)
            head = b"<< /Length %d /Filter [%s] >>" % (len(content), filters)
            objects[number] = head + b"\nstream\n" + content + b"\nendstream"
        else:
            objects[number] = draw(edited([head], PDF))
    if draw(st.booleans()):
        objects.insert(draw(st.integers(0, len(objects))), draw(soup(PDF)))
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (size, size - 1)
    end = b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end
