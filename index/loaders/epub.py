"""E-books (EPUB 2 and 3): chapters in reading order; knows nothing of styles, fonts or pictures.

See https://www.w3.org/TR/epub-33/ for the container, the package document and its spine.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.errors import LoadError
from index.loaders.base import File, Loaded, Section, join_sections
from index.loaders.fields import make_article, parse_date, real_author, real_title
from index.loaders.markup import blocks, decode_markup, parse_html
from index.loaders.zipped import open_zip, read_member
from index.types import Failure

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Obfuscated fonts are no copy protection of the text."""

_EVENT = {"creation", "modification"}
"""Dates in EPUB 2 that are not the one of publication."""


def load_epub(file: File) -> Loaded:
    """The book; each chapter is a section, a chapter that cannot be read a failure.

    Raises:
        LoadError: it is damaged or protected, or holds no text.
    """
    book = open_zip(file.data)
    _refuse_protection(book)
    path = _first(_xml(book, _CONTAINER), "rootfile", "full-path")
    if not path:
        raise LoadError("its container names no book; get it again")
    package = _xml(book, path)
    failures: list[Failure] = []
    text, locators = join_sections(_chapters(book, package, posixpath.dirname(path), failures))
    if not text:
        reason = failures[0].reason if failures else "it has no text"
        raise LoadError(f"no chapter of it can be read ({reason}); get it again")
    dates = _all(package, "date")
    known = {
        "title": real_title("".join(_all(package, "title")[:1]), file.name),
        "author": ", ".join(filter(None, map(real_author, _all(package, "creator")))),
        "published": next(filter(None, map(parse_date, dates)), None) or "".join(dates[:1]),
        "language": "".join(_all(package, "language")[:1]).split("-")[0].lower(),
        "publisher": ", ".join(_all(package, "publisher")),
    }
    return Loaded((make_article(text, known, file.stem, locators),), tuple(failures))


def _refuse_protection(book: zipfile.ZipFile) -> None:
    if _ENCRYPTION not in book.namelist():
        return
    for entry in _named(_xml(book, _ENCRYPTION), "EncryptedData"):
        if _first(entry, "EncryptionMethod", "Algorithm") not in _FONTS:
            raise LoadError("it is copy-protected (DRM), so its text cannot be read")


def _chapters(
    book: zipfile.ZipFile, package: Any, folder: str, failures: list[Failure]
) -> Iterator[Section]:
    """The spine's documents, each once; what cannot be read is appended to `failures`."""
    items = {str(item.get("id")): item for item in _named(package, "item")}
    read = set()
    for number, reference in enumerate(_named(package, "itemref"), start=1):
        item = items.get(str(reference.get("idref")))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        if reference.get("linear") == "no" or "nav" in str(item.get("properties")).split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href")))))
        if path in read:
            continue
        read.add(path)
        try:
            yield _chapter(_member(book, path), number)
        except LoadError as error:
            failures.append(Failure(path, str(error)))


def _chapter(data: bytes, number: int) -> Section:
    """The text of one document, under its first heading, else its title."""
    root = parse_html(decode_markup(data))
    body = root.find(".//body")
    found = list(blocks(root if body is None else body))
    heading = next((block.text for block in found if block.heading), "")
    title = heading or root.findtext(".//title") or ""
    label = " ".join(title.split())[:200] or f"chapter {number}"
    return Section(label, "\n\n".join(block.text for block in found))


def _member(book: zipfile.ZipFile, path: str) -> bytes:
    try:
        return read_member(book, book.getinfo(path))
    except KeyError as error:
        raise LoadError(f"{path[:200]!r} is missing in it; get it again") from error


def _xml(book: zipfile.ZipFile, path: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        return etree.fromstring(_member(book, path), parser)
    except etree.XMLSyntaxError as error:
        raise LoadError(f"{path[:200]!r} in it is no XML ({error}); get it again") from error


def _named(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter(f"{{*}}{name}"))


def _first(root: Any, name: str, attribute: str) -> str:
    return next((str(e.get(attribute) or "") for e in _named(root, name)), "")


def _all(root: Any, name: str) -> list[str]:
    """What the Dublin Core elements of that name say."""
    found = (e for e in _named(root, name) if not _EVENT & set(e.attrib.values()))
    values = (" ".join((e.text or "").split()) for e in found)
    return [value for value in values if value][:20]
