"""Files made to do harm, by what they try: documents first; pages and archives stand below.

Knows nothing of what becomes of them beyond what each row says of itself.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from documents import CONTAINER, epub_book, pdf, rezipped, word

SECRET = "words-that-nobody-is-to-read"
"""What stands in a file of this machine, in scripts and in attachments."""

RAIN = "It rained."

Made = bytes | Callable[[str], bytes]
"""A file, or how to make it when it is needed, given the address of the file with the secret."""


@dataclass(frozen=True)
class Attack:
    """A hostile file.

    `said` stands in the reason for refusing it or a part of it, and `kept` in what is read
    nevertheless; an empty one means that nothing is refused, or nothing read.
    """

    what: str
    name: str
    data: Made
    said: str = ""
    kept: str = ""


def rows(kind: str, name: str, given: Iterable[tuple[str, Made, str, str]]) -> list[Attack]:
    """Attacks of one kind, each in words, with its file, what is said and what is kept."""
    return [Attack(f"{kind}: {what}", name, data, said, kept) for what, data, said, kept in given]


def within(text: str, encoding: str = "utf-8") -> Callable[[str], bytes]:
    """The text, with the address of the local file where `{}` stands."""
    return lambda uri: text.replace("{}", uri).encode(encoding)


# PDF ---------------------------------------------------------------------------------------------


def _pdf(catalog: str, *extra: str) -> bytes:
    """A PDF with more in its catalog, and objects from number 4."""
    return pdf([[RAIN]], catalog=catalog, extra=extra)


def _exploding(times: int) -> bytes:
    """A page that unpacks to 90 MB, packed so many times."""
    packed = b" " * 90_000_000
    for _ in range(times):
        packed = zlib.compress(packed, 9)
    names = "/FlateDecode " * times
    stream = f"<< /Length {len(packed)} /Filter [{names}] >>\nstream\n".encode() + packed
    data = pdf([[RAIN]])
    start = data.index(b"<< /Length")
    return data[:start] + stream + data[data.index(b"\nendstream", start) :]


def _elsewhere(uri: str) -> bytes:
    """A second page whose content stands in another file."""
    start = "BT /F1 11 Tf 14 TL 50 780 Td (x)"
    there = f">>\nstream\n{start}".encode()
    return pdf([[RAIN], ["x"]]).replace(there, f"/F ({uri}) ".encode() + there)


_SCRIPT = f"<< /S /JavaScript /JS (app.alert\\('{SECRET}'\\)) >>"
_FILE = "<< /Type /Filespec /F (a.txt) /EF << /F 5 0 R >> >>"
_ATTACHED = f"<< /Length {len(SECRET)} >>\nstream\n{SECRET}\nendstream"
_FONT = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding "
    "/ToUnicode 5 0 R >>"
)
_RANGE = "beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"
_WIDE = f"<< /Length {len(_RANGE)} >>\nstream\n{_RANGE}\nendstream"
_ROMAN = "/PageLabels << /Nums [0 << /S /r /St 999999999999 >>] >>"
_OPEN = "/OpenAction 4 0 R"

OF_PDF = rows(
    "PDF",
    "a.pdf",
    [
        ("a script for when it is opened", _pdf(_OPEN, _SCRIPT), "", RAIN),
        (
            "a script among its names",
            _pdf("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", _SCRIPT),
            "",
            RAIN,
        ),
        ("a program to start", _pdf(_OPEN, "<< /S /Launch /F (sh) >>"), "", RAIN),
        (
            "an address to send it to",
            _pdf(_OPEN, "<< /S /SubmitForm /F (http://127.0.0.1:9/) >>"),
            "",
            RAIN,
        ),
        (
            "a file within it",
            _pdf("/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>", _FILE, _ATTACHED),
            "",
            RAIN,
        ),
        ("a page that stands in a local file", _elsewhere, "", RAIN),
        ("a stream that explodes", lambda _: _exploding(1), "cannot be read", ""),
        ("a stream that explodes twice", lambda _: _exploding(2), "cannot be read", ""),
        (
            "pages that are each other",
            pdf([[RAIN]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
            "cyclic",
            "",
        ),
        (
            "a billion pages by its own account",
            pdf([[RAIN]]).replace(b"/Count 1", b"/Count 999999999"),
            "",
            RAIN,
        ),
        (
            "nested 100,000 deep",
            pdf([[RAIN]]).replace(b"/Resources", b"/Resources " + b"[" * 100_000),
            "damaged",
            "",
        ),
        ("a page number of a billion letters", _pdf(_ROMAN), "", RAIN),
        (
            "a font of four billion letters",
            _pdf("", _FONT, _WIDE).replace(b"/F1 3 0 R", b"/F1 4 0 R"),
            "size limit reached",
            "",
        ),
    ],
)

# Word and e-books --------------------------------------------------------------------------------

_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "haha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    + "]>"
)
_LAUGHS = _BOMB + "<b x='&a11;'>&a11;</b>"
_LOCAL = "<!DOCTYPE b [<!ENTITY x SYSTEM '{}'>]><b>&x;</b>"
_OUTSIDE = "<!DOCTYPE b SYSTEM '{}'><b/>"
_INCLUDED = "<b xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='{}' parse='text'/></b>"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHAPTER = (
    f"{_BOMB}<!DOCTYPE html [<!ENTITY x SYSTEM '{{}}'>]>"
    "<html><body><p>It rained. &x; &a11; caf&eacute;</p></body></html>"
)


def _member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def _in_word(member: str, text: str, encoding: str) -> Made:
    return lambda uri: rezipped(word(lead=RAIN), {member: within(text, encoding)(uri)})


def _deep_word(depth: int = 100_000) -> bytes:
    """Paragraphs within one another."""
    xml = _member(word(), "word/document.xml").replace("<w:p>", "<w:p>" * depth, 1)
    return rezipped(word(), {"word/document.xml": xml})


def _pointing(kind: str) -> Made:
    """A Word file that names a local one as its template, say."""

    def made(uri: str) -> bytes:
        data, name = word(lead=RAIN), "word/_rels/document.xml.rels"
        more = (
            f"<Relationship Id='rX' Type='{_OFFICE}/{kind}' Target='{uri}' TargetMode='External'/>"
        )
        relations = _member(data, name).replace("</Relationships>", f"{more}</Relationships>")
        return rezipped(data, {name: relations})

    return made


OF_WORD = [
    *rows(
        "Word",
        "a.docx",
        [
            (f"{what} in {member}, {encoding}", _in_word(member, text, encoding), "entities", "")
            for what, text in (
                ("billion laughs", _LAUGHS),
                ("a local file as an entity", _LOCAL),
                ("a DTD from elsewhere", _OUTSIDE),
            )
            for member in ("word/document.xml", "docProps/core.xml")
            for encoding in ("utf-8", "utf-16")
        ],
    ),
    *rows(
        "Word",
        "a.docx",
        [
            (f"a local file as its {kind}", _pointing(kind), "", RAIN)
            for kind in ("attachedTemplate", "image", "oleObject", "subDocument")
        ],
    ),
    *rows(
        "Word",
        "a.docx",
        [
            ("nested 100,000 deep", lambda _: _deep_word(), "Excessive depth", ""),
            (
                "XML that explodes",
                lambda _: rezipped(word(), {"word/media/a.xml": b" " * 29_000_000}),
                "fold when unpacked",
                "",
            ),
            (
                "a member of 31 MB",
                lambda _: rezipped(word(), {"word/x.bin": b" " * 31_000_000}),
                "the limit is 30 million",
                "",
            ),
        ],
    ),
]


def _in_book(member: str, text: str) -> Made:
    return lambda uri: epub_book({member: within(text)(uri)})


def _titled(uri: str) -> bytes:
    package = _member(epub_book(), _PACKAGE).replace("Rivers", "&x;")
    return epub_book({_PACKAGE: f"<!DOCTYPE p [<!ENTITY x SYSTEM '{uri}'>]>{package}"})


_BOX, _PACKAGE, _LOCKS = "META-INF/container.xml", "OPS/book.opf", "META-INF/encryption.xml"
_FIRST = "The river Ollen"

OF_BOOKS = rows(
    "e-book",
    "a.epub",
    [
        *(
            (f"{what} in {member}", _in_book(member, text), said, kept)
            for what, text, words in (
                ("billion laughs", _LAUGHS, ("no XML", "no XML", "no XML")),
                ("a local file as an entity", _LOCAL, ("names no book", "no text", "")),
                ("a DTD from elsewhere", _OUTSIDE, ("names no book", "no text", "")),
                ("a local file to include", _INCLUDED, ("names no book", "no text", "")),
                ("elements 100,000 deep", "<a>" * 100_000, ("no XML", "no XML", "no XML")),
            )
            for member, said in zip((_BOX, _PACKAGE, _LOCKS), words, strict=True)
            for kept in ("" if said else _FIRST,)
        ),
        ("a local file as its title", _titled, "", _FIRST),
        (
            "entities in a chapter",
            _in_book("OPS/two.xhtml", _CHAPTER),
            "",
            "It rained. &x; &a11; café",
        ),
        *(
            (
                f"a package in {where}",
                _in_book(_BOX, CONTAINER.replace(_PACKAGE, where)),
                "missing in it",
                "",
            )
            for where in ("../../../etc/passwd", "/etc/passwd", "file:///etc/passwd")
        ),
    ],
)
