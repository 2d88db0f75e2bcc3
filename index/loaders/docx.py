"""Word documents (.docx): paragraphs, tables and sections; knows nothing of their looks.

Text that was struck out under "track changes" is left out, text that was put in is kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import LoadError
from index.loaders.base import File, Loaded, Section, join_sections, too_large
from index.loaders.dateline import dated
from index.loaders.fields import make_article, real_author, real_title
from index.loaders.zipped import check_member, open_zip, read_member

if TYPE_CHECKING:
    from docx.document import Document

MAX_MEMBER = 30_000_000
"""Bytes of one member of the container, unpacked."""

MAX_XML = 60_000_000
"""Bytes of all its XML, unpacked, which takes many times as much as a tree."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


@dataclass(frozen=True)
class _Block:
    text: str
    style: str = ""

    @property
    def is_heading(self) -> bool:
        return self.style.startswith(("Heading", "Title"))


def load_docx(file: File) -> Loaded:
    """The document; each heading begins a section that is named after it.

    Raises:
        LoadError: it is damaged, locked or would grow too large.
    """
    _refuse_bombs(file.data)
    import docx

    document = docx.Document(io.BytesIO(file.data))
    blocks = [block for block in _blocks(document) if block.text]
    about = _about(document, file.name)
    title = next((b.text for b in blocks if b.style in ("Title", "Heading 1")), file.stem)
    text, locators = join_sections(_sections(blocks))
    if not text:
        raise LoadError("it has no text; if it holds pictures of text, run OCR on them first")
    return Loaded((dated(make_article(text, about, title, locators)),))


def _refuse_bombs(data: bytes) -> None:
    archive = open_zip(data)
    size = 0
    for member in archive.infolist():
        check_member(member, MAX_MEMBER)
        if member.filename.endswith((".xml", ".rels")):
            size += member.file_size
            if size > MAX_XML:
                raise LoadError(too_large(size, "bytes", MAX_XML))
            content = read_member(archive, member, MAX_MEMBER)
            # No Word document has a DTD; in UTF-16 every second byte of its name is NUL.
            if b"<!DOCTYPE" in content.replace(b"\x00", b""):
                raise LoadError(f"{member.filename!r} in it declares entities; save it anew")


def _sections(blocks: list[_Block]) -> Iterator[Section]:
    label = ""
    waiting: list[str] = []
    for block in blocks:
        if block.is_heading:
            yield Section(label, "\n\n".join(waiting))
            label, waiting = " ".join(block.text.split()), []
        waiting.append(block.text)
    yield Section(label, "\n\n".join(waiting))


def _blocks(document: Document) -> Iterator[_Block]:
    """Paragraphs and tables in order, also those within content controls."""
    styles: dict[str, str] = {str(s.style_id): str(s.name) for s in document.styles if s.name}
    waiting = list(reversed(document.element.body))
    while waiting:
        element: Any = waiting.pop()
        if element.tag == f"{_W}p":
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = styles.get(style.get(f"{_W}val"), "") if style is not None else ""
            yield _Block(_text(element), name)
        elif element.tag == f"{_W}tbl":
            yield _Block("\n".join(filter(None, map(_row, element.iter(f"{_W}tr")))))
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            waiting += reversed(element)


def _row(row: Any) -> str:
    if next(row.iterancestors(f"{_W}tc"), None) is not None:  # of a table within a cell
        return ""
    cells = [" ".join(_text(cell).split()) for cell in row.iter(f"{_W}tc") if _is_outer(cell, row)]
    return " | ".join(cells) if any(cells) else ""


def _is_outer(cell: Any, row: Any) -> bool:
    return next(cell.iterancestors(f"{_W}tr")) is row


def _text(element: Any) -> str:
    parts = []
    for part in element.iter(f"{_W}t", f"{_W}p", *_MARKS):
        if next(part.iterancestors(_FALLBACK), None) is not None:  # a second copy of a text box
            continue
        if part.tag == f"{_W}t":
            parts.append(part.text or "")
        elif part.tag == f"{_W}p":
            parts.append("\n")
        elif part.getparent().tag == f"{_W}r":
            parts.append(_MARKS[part.tag])
    return "".join(parts).strip()


def _about(document: Document, name: str) -> dict[str, object]:
    from docx.opc.constants import RELATIONSHIP_TYPE

    relations = document.part.package.rels.values() if document.part.package else ()
    if not any(relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for relation in relations):
        return {}
    about = document.core_properties
    return {
        "title": real_title(about.title, name),
        "author": real_author(about.author),
        "language": about.language,
        "created": about.created,
    }
