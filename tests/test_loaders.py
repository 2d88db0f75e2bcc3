from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from documents import (
    PARAGRAPHS,
    epub_book,
    html_page,
    locked,
    mail,
    pdf,
    rezipped,
    word,
    zipped,
)

from index import Article, LoadError
from index.load import Item, expand, load, load_all, load_parts
from index.loaders import LOADERS, SUFFIXES, Columns, Loaded, kind_of, read
from index.loaders.dateline import dateline
from index.loaders.fields import real_author, real_title
from index.loaders.paragraphs import join_lines, join_pages, without_running_lines
from index.types import Locator


def one(data: bytes | str, name: str, url: str = "") -> Article:
    loaded = read(data.encode() if isinstance(data, str) else data, name, url=url)
    assert not loaded.failures
    (article,) = loaded.articles
    for place in article.locators:
        assert 0 <= place.start < place.end <= len(article.text)
    return article


def why(data: bytes | str, name: str, columns: Columns | None = None) -> str:
    with pytest.raises(LoadError) as caught:
        read(data.encode() if isinstance(data, str) else data, name, columns)
    reason = str(caught.value)
    assert "\n" not in reason
    return reason


def tried(data: bytes, name: str) -> Loaded | str:
    """What came out, or the one line that says why nothing did."""
    try:
        return read(data, name)
    except LoadError as error:
        reason = str(error)
    assert "\n" not in reason
    return reason


def places(article: Article) -> dict[str, str]:
    return {place.label: article.text[place.start : place.end] for place in article.locators}


VALID: dict[str, tuple[str, bytes]] = {
    "archive": ("a.zip", zipped({"a.md": "# Rain\n\nIt rained.", "b/c.txt": "It snowed."})),
    "csv": ("a.csv", b"id,title,text\n1,Rain,It rained.\n2,Snow,It snowed.\n"),
    "docx": ("a.docx", word("Floods", "A. Bell")),
    "epub": ("a.epub", epub_book()),
    "html": ("a.html", html_page()),
    "jsonl": ("a.jsonl", b'{"text": "It rained."}\n{"text": "It snowed."}\n'),
    "mail": ("a.eml", mail()),
    "markdown": ("a.md", b"---\ntitle: Rain\n---\n# Rain\n\nIt rained."),
    "pdf": ("a.pdf", pdf([["It rained."], ["It snowed."]])),
    "text": ("a.txt", b"It rained."),
}


# Which kind a file is


@pytest.mark.parametrize("kind", LOADERS)
def test_content_comes_before_the_name(kind: str) -> None:
    name, data = VALID[kind]
    assert kind_of(data, name) == kind
    if kind not in ("csv", "markdown", "text"):
        assert {kind_of(data, "a.txt"), kind_of(data, "a")} == {kind}
        assert read(data, "a.txt").articles


def test_telling_the_kind_is_quick() -> None:
    began = time.process_time()
    for data in (b"<!-- -->" * 2_000, b"<!--" * 2_000, b" " * 9_000_000, b"a: b\n" * 9_000):
        assert kind_of(data + b"x", "a.txt") == "text"
    assert time.process_time() - began < 2


def test_every_suffix_has_a_loader_and_every_loader_a_suffix() -> None:
    assert set(SUFFIXES.values()) == set(LOADERS)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"\xef\xbb\xbf\n<!-- x -->\n<!DOCTYPE html>\n<p>a", "a.txt", "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "a", "html"),
        (b"<p>Only a fragment</p>", "a.html", "html"),
        (b'<p align="center">A README</p>\n\n# Title', "a.md", "markdown"),
        (b"<htmlish>", "a.txt", "text"),
        (b"From: A\nTo: B\nSubject: a memo, no mail\n\nText", "a.txt", "text"),
        (b"From: A\nReceived: x\n y\n\nText", "a.txt", "mail"),
        (b"From: A\nNot a header\nReceived: x\n", "a.txt", "text"),
        (b'{"text": "a"}\n', "a.json", "jsonl"),
        (b'{\n "text": "a"}', "a.txt", "text"),
        (b"[1, 2]\n", "a.txt", "text"),
        (b"text,b\nx,y\n", "a.txt", "text"),
        (b"Plain.", "a.pdf", "text"),
        (b"Plain.", "a.docx", "text"),
        (b"", "a.zip", "text"),
    ],
)
def test_kinds(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "spreadsheet"),
        (zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "presentation"),
        (zipped({"[Content_Types].xml": "", "visio/x.xml": ""}), "Office file"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        (b"{\\rtf1 Rain}", "Rich Text"),
        (b"PK\x03\x04 and nothing more", "cut short"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"Rain" * 5_000_001, "million bytes"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, said: str) -> None:
    assert said in why(data, "a.txt")


# Datelines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEIRUT, Sept. 26, 2024 (AP) — The rain", date(2024, 9, 26)),
        ("BEIRUT, Lebanon, Sept. 26, 2024 (AP) — The rain", date(2024, 9, 26)),
        ("LONDON — 26 September 2024\nThe rain", date(2024, 9, 26)),
        ("LONDON (Reuters) - Thursday, 26 September 2024 - The rain", date(2024, 9, 26)),
        ("\n  Published: 26 September 2024\n\nThe rain", date(2024, 9, 26)),
        ("First published on September 26, 2024. The rain", date(2024, 9, 26)),
        ("Posted 2024-09-26\nThe rain", date(2024, 9, 26)),
        ("NEW YORK, May 1, 2024 -- The rain", date(2024, 5, 1)),
        ("BEIRUT, Sept. 26 (AP) — The rain", None),
        ("BEIRUT, September 2024 — The rain", None),
        ("LONDON — 31 February 2024\nThe rain", None),
        ("Published: 09/26/2024\nThe rain", None),
        ("On 26 September 2024 the rain", None),
        ("26 September 2024\nThe rain", None),
        ("London, 26 September 2024 was a wet day", None),
        ("NATO, May 1, 2024 was the day on which", None),
        ("The rain.\n\nLONDON — 26 September 2024\n", None),
        ("Updated: 26 September 2024", None),
        ("", None),
    ],
)
def test_datelines(text: str, expected: date | None) -> None:
    assert dateline(text) == expected


@pytest.mark.parametrize("text", ["A" * 100_000, "A " * 50_000, "A, B" * 9_000, " " * 100_000])
def test_datelines_are_quick(text: str) -> None:
    began = time.process_time()
    assert dateline(text) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("LONDON — 26 September 2024\n\nRain.", "a.txt"),
        ("# Rain\n\nLONDON — 26 September 2024\n\nRain.", "a.md"),
        (pdf([["LONDON - 26 September 2024", "Rain fell on all the town that day."]]), "a.pdf"),
        (word(lead="LONDON — 26 September 2024"), "a.docx"),
    ],
)
def test_datelines_count_where_nothing_else_is_known(data: bytes | str, name: str) -> None:
    assert one(data, name).published == date(2024, 9, 26)


def test_front_matter_outweighs_a_dateline() -> None:
    line = "LONDON — 26 September 2024\n\nRain."
    assert one(f"---\npublished: 2020-01-02\n---\n{line}", "a.md").published == date(2020, 1, 2)
    assert one(f"---\npublished: long ago\n---\n{line}", "a.md").published is None


# Web pages


def test_a_web_page_without_menu_comments_and_footer() -> None:
    article = one(html_page(), "a.html")
    assert article.text == "\n\n".join(("Bridge closed", *PARAGRAPHS))
    assert (article.title, article.language) == ("Bridge closed", "en")
    assert article.published is None  # neither the footer's years nor today


def test_what_a_page_says_of_itself() -> None:
    head = (
        "<meta name='author' content='Tom Reed'>"
        "<meta property='og:site_name' content='The Marrow Courier'>"
        "<link rel='canonical' href='https://courier.example/bridge'>"
    )
    article = one(html_page(head, language="en-GB"), "a.html")
    assert (article.author, article.source) == ("Tom Reed", "The Marrow Courier")
    assert (article.url, article.language) == ("https://courier.example/bridge", "en")


def linked(**known: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(known)}</script>"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<meta property='article:published_time' content='2024-09-26T10:00Z'>", "", (2024, 9, 26)),
        ("<meta name='citation_publication_date' content='2024/09/26'>", "", (2024, 9, 26)),
        (linked(**{"@type": "NewsArticle", "datePublished": "2024-09-26"}), "", (2024, 9, 26)),
        (
            linked(**{"@graph": [{"@type": ["BlogPosting"], "datePublished": "2024-09-26"}]}),
            "",
            (2024, 9, 26),
        ),
        (linked(**{"@type": "Comment", "datePublished": "2024-09-26"}), "", None),
        ("", "<time datetime='2024-09-26T08:00:00+02:00'>today</time>", (2024, 9, 26)),
        ("<link rel='canonical' href='https://c.example/2024/09/26/x'>", "", (2024, 9, 26)),
        ("<meta property='article:published_time' content='yesterday'>", "", None),
        ("<meta property='article:modified_time' content='2024-09-26'>", "", None),
        ("", "<p>Printed on 26 September 2024. © 2024</p>", None),
        (
            linked(**{"@type": "Article", "datePublished": "2024-09-26"}),
            "<time datetime='2020-01-01'>x</time>",
            (2024, 9, 26),
        ),
        ("<script type='application/ld+json'>" + "[" * 90_000 + "</script>", "", None),
    ],
)
def test_when_a_page_was_published(
    head: str, body: str, expected: tuple[int, int, int] | None
) -> None:
    published = one(html_page(head, body), "a.html").published
    assert published == (date(*expected) if expected else None)


@pytest.mark.parametrize(
    ("stated", "fetched", "url"),
    [
        ("https://c.example/a", "https://c.example/a?from=mail", "https://c.example/a"),
        ("https://bank.example/a", "https://c.example/b", "https://c.example/b"),
        ("", "https://c.example/b", "https://c.example/b"),
    ],
)
def test_a_page_cannot_pass_for_one_of_another_host(stated: str, fetched: str, url: str) -> None:
    head = f"<link rel='canonical' href='{stated}'>" if stated else ""
    assert one(html_page(head), "a.html", url=fetched).url == url


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><body><script>write('Rain')</script></body></html>",
        "<html><body><nav><a href=/>Home</a> <a href=/s>Sport</a></nav></body></html>",
        "<html",
    ],
)
def test_a_page_without_text_says_so(page: str) -> None:
    assert "no readable text" in why(page, "a.html")


def test_encodings_of_pages() -> None:
    page = "<html><head><meta charset={}></head><body><article><p>{}</p></article></body></html>"
    text = "L’été à Genève fut très pluvieux, et le pont resta fermé. " * 3
    for name in ("windows-1252", "iso-8859-1", "utf-8"):
        data = page.format(name, text).encode("cp1252" if name != "utf-8" else name)
        assert "L’été à Genève" in one(data, "a.html").text
    assert "UTF-8" in why(page.format("utf-8", text).encode("cp1252"), "a.html")
    assert "unknown encoding" in why(page.format("zlib", text), "a.html")


def test_pictures_within_a_page_do_no_harm() -> None:
    picture = f"<img src='data:image/png;base64,{'ab/+' * 100_000}' alt='a b'>"
    assert one(html_page(body=picture), "a.html").text.endswith(PARAGRAPHS[-1])


# PDF


def test_pages_of_a_pdf() -> None:
    article = one(pdf([["It rained."], ["It snowed."]]), "a.pdf")
    assert article.text == "It rained.\n\nIt snowed."
    assert places(article) == {"p. 1": "It rained.", "p. 2": "It snowed."}
    assert article.title == "a"


def test_a_pdf_with_page_labels_of_its_own() -> None:
    labels = "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /P (A-) >>] >>"
    assert list(places(one(pdf([["One."], ["Two."]], catalog=labels), "a.pdf"))) == [
        "p. i",
        "p. A-1",
    ]


@pytest.mark.parametrize(
    ("info", "title", "author"),
    [
        ("/Title (Rain in May) /Author (A. Bell)", "Rain in May", "A. Bell"),
        ("/Title (Microsoft Word - rain.doc) /Author (Admin)", "a", ""),
        ("/Title (untitled) /Author (user)", "a", ""),
        ("/Title 5 /Author []", "a", ""),
    ],
)
def test_what_a_pdf_says_of_itself(info: str, title: str, author: str) -> None:
    article = one(pdf([["Rain."]], info + " /CreationDate (D:20200102030405Z)"), "a.pdf")
    assert (article.title, article.author) == (title, author)
    assert article.published is None
    assert article.meta["created"] == "2020-01-02"


def test_a_sentence_over_two_pages_stays_in_one_piece() -> None:
    article = one(pdf([["The bridge was the long-"], ["est of all."]]), "a.pdf")
    assert article.text == "The bridge was the longest of all."
    assert places(article) == {"p. 1": "The bridge was the long", "p. 2": "est of all."}
    assert list(join_pages(["It was", "late.", "", "Then"])) == [
        ("\n\n", "It was"),
        (" ", "late."),
        ("\n\n", ""),
        ("\n\n", "Then"),
    ]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The infor-", "mation was late."], "The information was late."),
        (["The river Rhine-", "Ruhr basin is far."], "The river Rhine-Ruhr basin is far."),
        (["It is 5-", "6 metres."], "It is 5- 6 metres."),
        (["The infor\u00ad", "mation"], "The information"),
        (["A line that goes on and on", "and ends.", "Then another one begins, as long"], None),
        (["A Heading", "A line of text that is much longer than it"], None),
        (["one", "", "two"], "one\n\ntwo"),
        ([], ""),
    ],
)
def test_lines_become_paragraphs(lines: list[str], text: str | None) -> None:
    joined = join_lines(lines)
    assert joined == text if text is not None else joined.count("\n\n") == 1


def test_running_heads_and_page_numbers_are_dropped() -> None:
    pages = [["The Courier", f"Body {w}.", f"Page {n} of 4"] for n, w in enumerate("abcd", 1)]
    assert without_running_lines(pages) == [[f"Body {w}."] for w in "abcd"]
    assert without_running_lines(pages[:2]) == pages[:2]  # twice may be chance
    assert without_running_lines([["Same."]] * 5) == [["Same."]] * 5  # there is nothing else


def test_locked_pdfs() -> None:
    data = pdf([["It rained."]])
    assert one(locked(data, ""), "a.pdf").text == "It rained."
    assert one(locked(data, "", "AES-256"), "a.pdf").text == "It rained."
    assert "needs a password" in why(locked(data, "secret"), "a.pdf")


def test_a_scan_is_told_what_to_do() -> None:
    assert "ocrmypdf" in why(pdf([[], []]), "a.pdf")


def test_one_bad_page_of_a_pdf_is_a_failure_beside_the_others() -> None:
    data = pdf([["It rained."], ["It snowed."]])
    bad = data.replace(b"/F1 3 0 R", b"/F1 1 0 R", 1).replace(b"/Font <<", b"/Font 99", 1)
    loaded = read(bad, "a.pdf")
    assert "It snowed." in loaded.articles[0].text


# Word


def test_a_word_file() -> None:
    article = one(word("Floods", "A. Bell"), "a.docx")
    assert (article.title, article.author, article.published) == ("Floods", "A. Bell", None)
    assert article.meta["created"].startswith("20")
    assert article.text.startswith(PARAGRAPHS[0] + "\n\nMethods\n\n")
    assert places(article) == {
        "Methods": f"Methods\n\n{PARAGRAPHS[1]}\n\nbridge | length\nlower | 80 m",
        "Costs": f"Costs\n\n{PARAGRAPHS[2]}",
    }
    assert one(word("Word Document", "python-docx"), "a.docx").title == "Methods"


def test_tracked_changes_and_text_boxes() -> None:
    body = (
        "<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>snowed</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>rained</w:t></w:r></w:ins><w:r><w:tab/><w:t>hard.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    data = word()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode().replace("<w:body>", f"<w:body>{body}", 1)
    article = one(rezipped(data, {"word/document.xml": xml}), "a.docx")
    assert article.text.startswith("It rained\thard.\n\nIn a control.\n\n")


def test_a_word_file_of_too_much_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.loaders.docx.MAX_XML", 3_000)
    assert "the limit is 0 million" in why(word(), "a.docx")


# E-books


def test_an_e_book() -> None:
    article = one(epub_book(), "a.epub")
    assert (article.title, article.author, article.language) == ("Rivers", "Ada Fenn", "en")
    assert article.published == date(2021, 3, 4)
    assert places(article) == {  # in the order of the spine, without the table of contents
        "Low water": f"Low\nwater\n\n{PARAGRAPHS[1]}",
        "High water": f"High water\n\n{PARAGRAPHS[0]}",
    }


@pytest.mark.parametrize(
    ("algorithm", "readable"),
    [
        ("http://www.idpf.org/2008/embedding", True),
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", False),
    ],
)
def test_copy_protection(algorithm: str, readable: bool) -> None:
    method = f"<e:EncryptionMethod Algorithm='{algorithm}'/>"
    entry = f"<encryption><e:EncryptedData xmlns:e='x'>{method}</e:EncryptedData></encryption>"
    data = epub_book({"META-INF/encryption.xml": entry})
    if readable:
        assert one(data, "a.epub").text
    else:
        assert "DRM" in why(data, "a.epub")


def test_a_missing_chapter_is_a_failure() -> None:
    data = epub_book()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept = {n: archive.read(n) for n in archive.namelist() if n != "OPS/two.xhtml"}
    loaded = read(zipped({**kept}), "a.epub")
    assert [failure.source for failure in loaded.failures] == ["OPS/two.xhtml"]
    assert list(places(loaded.articles[0])) == ["High water"]


# E-mail


def test_a_mail() -> None:
    article = one(mail(), "a.eml")
    assert (article.title, article.author, article.source) == ("The bridge", "Ines Dole", "")
    assert article.published == date(2024, 9, 26)  # the sender's day
    assert article.text == "It opens on Friday.\n\n> When does it open?"
    assert article.meta == {"from": "ines@marrow.example", "attachments": ["plan.pdf"]}


@pytest.mark.parametrize(
    ("given", "source"),
    [("Rain Watch <rain.example>", "Rain Watch"), ("<rain.example>", "rain.example")],
)
def test_the_source_of_a_mail_is_its_list(given: str, source: str) -> None:
    assert one(mail(List_Id=given), "a.eml").source == source


def test_a_mail_of_html_only() -> None:
    html = (
        "<style>p {color: red}</style><p>It <b>opens</b><br>on&nbsp;Friday.</p><script>x()</script>"
        "<table><tr><td>bridge</td><td>80 m</td></tr></table><p hidden>unseen</p>tail"
        "<div style='Display : none'>Unseen <p>too</p></div>"
    )
    assert one(mail(html), "a.eml").text == "It opens\non Friday.\n\nbridge | 80 m\n\ntail"


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("iso-8859-1", "caf\xe9".encode("cp1252"), "café"),
        ("us-ascii", "café".encode(), "café"),
        ("x-unheard-of", b"cafe", None),
        ("utf-8", b"caf\xe9", None),
        ("rot13", b"cafe", None),
    ],
)
def test_encodings_of_mails(charset: str, body: bytes, text: str | None) -> None:
    data = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + body
    if text is None:
        assert "save it as UTF-8" in why(data, "a.eml")
    else:
        assert one(data, "a.eml").text == text


@pytest.mark.parametrize("long", ['"', "a,", "=?utf-8?q?=41?= ", "(", "<"])
def test_long_headers_are_read_quickly(long: str) -> None:
    began = time.process_time()
    header = long * (100_000 // len(long))
    assert one(f"From: {header}\nSubject: {header}\nReceived: x\n\nRain.", "a.eml").text == "Rain."
    assert time.process_time() - began < 3


def test_strange_mails() -> None:
    assert "no text" in why("From: a@b.example\n\n", "a.eml")
    assert one("Date: yesterday\nFrom: a@b.example\n\nRain.", "a.eml").meta["published"]


# Tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file(delimiter: str) -> None:
    rows = (
        ["ID", "Body", "Headline", "date", "keywords", "zone"],
        [
            "r7",
            f'"Rain{delimiter}\nand ""snow"""',
            "Weather",
            "2024-09-26",
            "rain",
            "north",
        ],
    )
    data = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows)
    article = one(data, "a.csv")
    assert article.text == f'Rain{delimiter}\nand "snow"'
    assert (article.title, article.key, article.tags) == ("Weather", "r7", ("rain",))
    assert (article.published, article.meta) == (date(2024, 9, 26), {"zone": "north"})
    assert article.locators == (Locator(0, len(article.text), "row 2"),)


def test_rows_with_errors_do_not_lose_the_others() -> None:
    data = (
        'id,text\n1,Rain.\n2\n\n3,"a"b"\n4,a,b\n5, \n1,Again.\n6,Hail.\n7,"never closed\n8,Lost.\n'
    )
    loaded = read(data.encode(), "a.csv")
    assert [article.key for article in loaded.articles] == ["1", "6"]
    assert [(f.source, f.reason.split()[1]) for f in loaded.failures] == [
        ("row 3", "has"),
        ("row 5", "quotation"),
        ("row 6", "has"),
        ("row 7", "has"),
        ("row 8", "key"),
        ("row 10", "quotation"),
    ]


def test_json_lines() -> None:
    lines = [
        {"article": "Rain.", "link": "https://c.example/1", "tags": ["a", "b"], "x": {"y": 1}},
        {"article": 5},
        {"article": "Snow.", "date": "soon", "lang": "en"},
    ]
    loaded = read(
        "\n".join([*map(json.dumps, lines), "[1]", "{", "[" * 90_000]).encode(), "a.jsonl"
    )
    first, second = loaded.articles
    assert (first.url, first.tags, first.meta) == ("https://c.example/1", ("a", "b"), {})
    assert (second.language, second.meta) == ("en", {"published": "soon"})
    assert places(second) == {"row 3": "Snow."}
    assert [f.source for f in loaded.failures] == ["row 2", "row 4", "row 5", "row 6"]


def test_columns_that_the_person_names() -> None:
    columns = Columns.parse("text=lead+rest, title=Kopf")
    assert columns == Columns(text=("lead", "rest"), title=("Kopf",))
    loaded = read(
        b"lead,rest,kopf,title,url\nRain.,Snow.,A,B,https://c.example\n", "a.csv", columns
    )
    (article,) = loaded.articles
    assert (article.text, article.title) == ("Rain.\n\nSnow.", "A")
    assert article.meta == {"title (column)": "B"}
    assert article.url == "https://c.example"


@pytest.mark.parametrize("written", ["txt=a", "text=", "text", "=a", "text=a,nonsense=b"])
def test_columns_that_make_no_sense(written: str) -> None:
    with pytest.raises(LoadError, match=r"field|column"):
        Columns.parse(written)


def test_a_table_without_text_lists_its_columns() -> None:
    reason = why("kopf,rumpf\na,b\n", "a.csv")
    assert "'kopf', 'rumpf'" in reason
    assert "--columns text=" in reason
    assert "'nix'" in why("text\na\n", "a.csv", Columns(text=("nix",)))
    assert "no rows" in why("text,title\n", "a.csv")
    assert "none of its rows" in why('text,title\n"', "a.csv")


def test_a_cell_of_a_million_characters() -> None:
    assert len(one("id,text\n1," + "x" * 1_000_000, "a.csv").text) == 1_000_000


def test_too_many_rows() -> None:
    assert "over 100,000 rows" in why("text\n" + "x\n" * 100_001, "a.csv")


# Archives


def test_an_archive_and_one_within_it() -> None:
    inner = zipped({"z.txt": "Hail.", "deep.zip": zipped({"y.txt": "Fog."})})
    data = zipped(
        {
            "a.md": "# Rain\n\nIt rained.",
            "news/t.csv": "text\nSnow.\nSleet.",
            "news/f.docx": word(),
            "i.zip": inner,
            "picture.jpg": b"\xff\xd8\xff",
            ".hidden.md": "x",
            "__MACOSX/._a.md": "x",
            "bad.md": b"\xff\xfe\xff",
        }
    )
    loaded = read(data, "a.zip")
    assert {a.key: a.title for a in loaded.articles} == {
        "a.md": "Rain",
        "news/t.csv!row 2": "",
        "news/t.csv!row 3": "",
        "news/f.docx": "Methods",
        "i.zip!z.txt": "z",
    }
    assert [f.source for f in loaded.failures] == ["i.zip!deep.zip", "bad.md"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_does_not_take_the_others_with_it(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name in ("a.md", "b.md", "c.md"):
            archive.writestr(name, "It rained. " * 9)
    data = bytearray(buffer.getvalue())
    data[34:60] = b"\xff" * 26  # the first one's content
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    data[entry + 45] = 0xFF  # where the second one is said to begin
    loaded = read(bytes(data), "a.zip")
    assert [article.key for article in loaded.articles] == ["c.md"]
    assert all("damaged" in failure.reason for failure in loaded.failures)


def test_too_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.loaders.zipped.MAX_TOTAL", 1_000)
    assert "unpacked it has" in why(zipped({"a.md": "x" * 1_001}), "a.zip")
    monkeypatch.setattr("index.loaders.archive.MAX_TOTAL", 900)
    inner = zipped({"b.md": "x" * 600})
    loaded = read(zipped({"1.zip": inner, "2.zip": inner}), "a.zip")
    assert [a.key for a in loaded.articles] == ["1.zip!b.md"]
    assert "too much" in loaded.failures[0].reason


def test_an_archive_without_articles() -> None:
    assert "holds no article" in why(zipped({"a.jpg": "x"}), "a.zip")


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in VALID.values():
        read(data, name)
    assert not list(tmp_path.iterdir())


# From files of a folder


def test_a_folder_of_every_kind(tmp_path: Path) -> None:
    for kind, (name, data) in VALID.items():
        (tmp_path / f"{kind}-{name}").write_bytes(data)
    items = expand(tmp_path)
    assert len(items) == len(VALID)
    for item in items:
        articles = load_all(item)
        assert articles[0].key.startswith(str(item.path))
        for article in articles:
            assert article.text.strip()
        if len(articles) == 1:
            assert load(item) == articles[0]
        else:
            with pytest.raises(LoadError, match=r"holds \d+ articles"):
                load(item)


def test_keys_and_failures_begin_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"t.csv": "id,text\n7,Rain.\n8\n9,\n", "b.md": " "}))
    loaded = load_parts(Item("a", path=path))
    assert [a.key for a in loaded.articles] == [f"{path}!t.csv!7"]
    assert [f.source for f in loaded.failures] == [
        f"{path}!t.csv!row 3",
        f"{path}!t.csv!row 4",
        f"{path}!b.md",
    ]
    path.write_bytes(zipped({"b.md": " "}))
    with pytest.raises(LoadError, match="no text"):
        load_all(Item("a", path=path))


def test_a_locator_has_to_lie_in_the_text() -> None:
    with pytest.raises(LoadError, match="locator"):
        load(Item("x", article=Article("Rain.", locators=(Locator(2, 9, "p. 1"),))))


@pytest.mark.parametrize(
    ("check", "given", "expected"),
    [
        (lambda t: real_title(t, "a b.pdf"), "A B", ""),
        (lambda t: real_title(t, "a.pdf"), "rain.indd", ""),
        (lambda t: real_title(t, "a.pdf"), "1984", ""),
        (lambda t: real_title(t, "a.pdf"), "Pages of rain", "Pages of rain"),
        (real_author, "Windows User", ""),
        (real_author, "Owner Bell", "Owner Bell"),
    ],
)
def test_placeholders(check: Callable[[str], str], given: str, expected: str) -> None:
    assert check(given) == expected


# Damage


@pytest.mark.parametrize("kind", LOADERS)
def test_truncated_files_of_every_kind(kind: str) -> None:
    name, data = VALID[kind]
    for part in (0.02, 0.3, 0.6, 0.9, 0.99):
        outcome = tried(data[: int(len(data) * part)], name)
        assert isinstance(outcome, str) or outcome.articles or outcome.failures
