"""Hostile inputs for every loader: real documents with edits, and documents of odd parts.

Knows nothing of what a loader has to do with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import documents
from fuzz_edits import (
    EXPORT,
    FEED,
    MAIL,
    ODD,
    PDF,
    TABLE,
    TAGS,
    XML,
    YAML,
    ZIP,
    Bytes,
    edited,
    members,
    pdf_objects,
    regrown,
    repacked,
    soup,
)
from fuzz_fields import csv_table, export_line, front_matter, json_lines, mail_message
from hypothesis import strategies as st

from index import Article
from index.exchange import to_line
from index.loaders import Columns
from index.types import Locator


def _lines() -> list[bytes]:
    rain = Article(
        "Rain fell.\r\nA line\u2028apart. 🌧️",
        title="Rain",
        published=date(2024, 9, 26),
        url="https://a.example/rain",
        language="en",
        tags=("a", "b"),
        meta={"note": ["x", 1, None], "\u2028": True},
        locators=(Locator(0, 4, "p. 1"),),
        original={"path": "/a.pdf", "sha256": "0" * 64},
    )
    earlier = Article("Rain was expected.", url="https://a.example/rain", published=date(1, 1, 1))
    return [to_line([rain, earlier]), to_line([Article("هطل المطر.", key="k\n\ud800")])]


PROSE = "\n\n".join(documents.PARAGRAPHS)
CMAP = (
    "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
    "endcodespacerange 2 beginbfrange <20> <7E> <0020> <80> <82> [<D83DDE80> <0041> <FB01>] "
    "endbfrange endcmap end"
)
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 5 0 R "
    "/DescendantFonts [3 0 R] >>"
)
PDFS = [
    documents.pdf(
        [documents.PARAGRAPHS, ["It rained (hard).", "It was the long-"], ["est rain."]],
        "/Title (Rain in May)",
    ),
    documents.pdf(
        [["It rained."], ["It snowed."]],
        "/Author (A. Bell) /CreationDate (D:20200102030405Z)",
        "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /P (A-) >>] >> /OpenAction 4 0 R",
        [
            "<< /S /JavaScript /JS (app.alert\\('x'\\)) >>",
            f"<< /Length {len(CMAP)} >>\nstream\n{CMAP}\nendstream",
            FONT,
        ],
    ).replace(b"/F1 3 0 R", b"/F1 6 0 R", 1),
]
LOCKED = [documents.locked(PDFS[0], ""), documents.locked(PDFS[1], "", "AES-256")]
PAGES = [
    documents.html_page(
        "<meta property='article:published_time' content='2024-09-26'>"
        "<meta name='author' content='Tom Reed'>"
        "<link rel='canonical' href='https://courier.example/bridge'>",
        "<table><tr><td>a</td><td>b</td></tr></table><blockquote>x</blockquote><ul><li>y</ul>",
    ),
    f"<html><body><p>{PROSE}</p></body></html>".encode(),
]
FEEDS = [
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News</title>"
    b"<item><title>The mill</title><link>/mill</link><guid>urn:1</guid>"
    b"<author>d@n.example (Ida Moor)</author><pubDate>Tue, 01 Oct 2024 23:10:00 GMT</pubDate>"
    b"</item><item><link>http://b.example/x</link></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry>"
    b"<title type='html'>Rain &amp;lt;b></title><link href='y?a=1'/><id>tag:1</id>"
    b"<updated>2024-02-29T23:30:00-02:00</updated><author><name>Bo</name></author></entry></feed>",
]
LINES = _lines()
WORD, BOOK = documents.word("Floods", "A. Bell"), documents.epub_book()
ARCHIVE = documents.zipped(
    {
        "a.md": "# Rain\n\nIt rained.",
        "news/t.csv": "id,text\n1,Snow.\n2,Sleet.",
        "news/b.html": PAGES[1],
        "i.zip": documents.zipped({"z.txt": "Hail.", "r.jsonl": '{"text": "Fog."}'}),
        "m.eml": documents.mail(),
        "p.pdf": PDFS[1],
    }
)
TEXTS = [PROSE.encode(), f"LONDON — 26 September 2024\n\n{PROSE}".encode(), PROSE.encode("utf-16")]
MARKDOWN = [
    b"---\ntitle: Rain\nsource: The Courier\npublished: 2024-09-26\nurl: https://courier.example/rain\n"
    b"language: en\ntags: [weather, 2024]\nfictional: true\n---\n# Rain\n\n- It rained.\n",
    f"# Bridge ##\n\n{PROSE}\n".encode(),
]
CSVS = [
    b"id,title,text,url,published\n1,Rain,It rained.,https://a.example/1,2024-09-26\n"
    b'2,Snow,"It ""snowed"".\n",,\n',
    "ID;Body;Headline;keywords\r\nr7;Regen fällt.;Wetter;a,b\r\n".encode(),
]
JSONS = [
    b'{"text": "It rained.", "tags": ["a"], "id": 7, "url": "https://a.example/1"}\n'
    b'{"text": "It snowed.", "date": "2024-09-26"}\n'
]
MAILS = [
    documents.mail(),
    documents.mail("<p>It <b>opens</b>.</p>", List_Id="Rain Watch <rain.example>"),
]


@st.composite
def made(draw: st.DrawFn, bases: Sequence[bytes], parts: Sequence[bytes], special: Bytes) -> bytes:
    """Mostly what is special to a format, else its documents edited, its parts, or any bytes."""
    if draw(st.integers(0, 9)) > 3:
        return draw(special)
    how = draw(st.integers(0, 3))
    if how < 2:
        return draw(edited(bases, [*parts, *ODD]))
    if how == 2:
        return draw(soup(parts))
    begun = draw(st.sampled_from(bases))[: draw(st.integers(0, 8))]
    return begun + draw(st.binary(max_size=300) | st.text(max_size=200).map(utf8))


def utf8(text: str) -> bytes:
    """The text, also if it is none that UTF-8 can hold."""
    return text.encode("utf-8", "replace")


INPUTS: dict[str, tuple[str, Bytes]] = {
    "text": ("a.txt", made(TEXTS, YAML, front_matter())),
    "markdown": ("a.md", made(MARKDOWN, YAML, front_matter())),
    "html": (
        "a.html",
        made(PAGES, TAGS, soup(TAGS, 150).map(lambda s: b"<html><body><p>Rain fell." + s)),
    ),
    "pdf": (
        "a.pdf",
        made([*PDFS, *LOCKED], PDF, pdf_objects(PDFS)),
    ),
    "docx": (
        "a.docx",
        made([WORD], ZIP, repacked(members(WORD), XML)),
    ),
    "epub": (
        "a.epub",
        made([BOOK], ZIP, repacked(members(BOOK), XML)),
    ),
    "mail": ("a.eml", made(MAILS, MAIL, mail_message())),
    "csv": ("a.csv", made(CSVS, TABLE, csv_table())),
    "jsonl": ("a.jsonl", made(JSONS, TABLE, json_lines())),
    "archive": (
        "a.zip",
        made([ARCHIVE], ZIP, repacked(members(ARCHIVE), [*TAGS, *TABLE, *YAML])),
    ),
    "feed": (
        "",
        made(
            FEEDS,
            FEED,
            st.sampled_from(FEEDS).flatmap(regrown)
            | soup(FEED).map(lambda s: b"<rss version='2.0'><channel><item>" + s),
        ),
    ),
    "export": ("", made(LINES, EXPORT, export_line(LINES))),
}
"""For each kind of input, a file name and how to make its bytes."""

_NAMED = [Columns(text=("text", "title")), Columns(text=("body",), key=("url",))]
COLUMNS = st.sampled_from([None] * 8 + [*_NAMED, Columns(key=("text",))])
"""What a person may say of a table's columns, usually nothing."""
