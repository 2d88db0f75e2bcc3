"""Documents of every format, made for the tests; all of their content is invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import docx
from pypdf import PdfReader, PdfWriter

PARAGRAPHS = (
    "The river Ollen rose by two metres on Tuesday, and the lower bridge at Marrow was closed to "
    "lorries until the engineers had looked at its piers.",
    "Mayor Ines Dole said that the bridge would open again within nine days. Nobody was hurt, but "
    "forty households on the east bank spent the night in the school.",
    "The council had put off repairs to the bridge twice, in spring and again in early summer, for "
    "want of money.",
)


def html_page(head: str = "", body: str = "", language: str = "en") -> bytes:
    """A news page with a menu, an article, comments and a footer."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><title>Bridge closed</title>{head}</head>"
        "<body><nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
        f"<article><h1>Bridge closed</h1>{body}{text}</article>"
        "<section id='comments'><h3>Comments</h3><p>First! Says a reader named Grumble.</p>"
        "</section><footer>© 2019 The Marrow Courier. Updated 3 May 2018.</footer></body></html>"
    ).encode()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip container of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def rezipped(data: bytes, changed: Mapping[str, bytes | str]) -> bytes:
    """The same container with some members changed or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members: dict[str, bytes | str] = {n: archive.read(n) for n in archive.namelist()}
    return zipped({**members, **changed})


def word(title: str = "", author: str = "", lead: str = PARAGRAPHS[0]) -> bytes:
    """A Word file with a lead, two sections and a table."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    document.add_paragraph(lead)
    document.add_heading("Methods", level=1)
    document.add_paragraph(PARAGRAPHS[1])
    table = document.add_table(rows=2, cols=2)
    for i, words in enumerate((("bridge", "length"), ("lower", "80 m"))):
        for j, cell in enumerate(words):
            table.cell(i, j).text = cell
    document.add_heading("Costs", level=2)
    document.add_paragraph(PARAGRAPHS[2])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


CONTAINER = (
    "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
    "<rootfile full-path='OPS/book.opf' media-type='application/oebps-package+xml'/>"
    "</rootfiles></container>"
)


def epub_book(changed: Mapping[str, bytes | str] | None = None) -> bytes:
    """An e-book of two chapters and a table of contents."""
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<metadata><dc:title>Rivers</dc:title><dc:creator>Ada Fenn</dc:creator>"
        "<dc:date>2021-03-04</dc:date><dc:language>en-GB</dc:language></metadata><manifest>"
        "<item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>"
        "<item id='a' href='one%20a.xhtml' media-type='application/xhtml+xml'/>"
        "<item id='b' href='two.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='n'/><itemref idref='b'/><itemref idref='a'/></spine></package>"
    )
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{}</body></html>"
    members: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": package,
        "OPS/nav.xhtml": page.format("<p>Contents</p>"),
        "OPS/one a.xhtml": page.format(f"<h1>High water</h1><p>{PARAGRAPHS[0]}</p>"),
        "OPS/two.xhtml": page.format(f"<h2>Low<br/>water</h2><p>{PARAGRAPHS[1]}</p>"),
    }
    return zipped({**members, **(changed or {})})


def pdf(
    pages: Sequence[Sequence[str]], info: str = "", catalog: str = "", extra: Sequence[str] = ()
) -> bytes:
    """A PDF of these lines on each page, written by hand; `extra` objects are numbered from 4."""
    first = 4 + len(extra)
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *extra,
    ]
    for i, lines in enumerate(pages):
        escaped = (line.translate({40: r"\(", 41: r"\)", 92: r"\\"}) for line in lines)
        shown = "".join(f"({line}) Tj T* " for line in escaped)
        content = f"BT /F1 11 Tf 14 TL 50 780 Td {shown}ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {first + 2 * i + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects.append(f"<< {info} >>")
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R "
        f"/Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    )


def locked(data: bytes, password: str, algorithm: str = "RC4-128") -> bytes:
    """The PDF, encrypted."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def mail(html: str = "", **headers: str) -> bytes:
    """A message with an attachment; with HTML only if some is given."""
    message = EmailMessage()
    message["From"] = "Ines Dole <ines@marrow.example>"
    message["To"] = "all@marrow.example"
    message["Subject"] = "The bridge"
    message["Date"] = "Thu, 26 Sep 2024 23:30:00 +0900"
    message["Message-ID"] = "<1@marrow.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if html:
        message.set_content(html, subtype="html")
    else:
        message.set_content("It opens on Friday.\n\n> When does it open?\n")
        message.add_alternative("<p>It opens on <b>Friday</b>.</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()
