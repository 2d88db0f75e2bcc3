"""Web addresses in the library: pages, feeds, and what a hostile site cannot do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from documents import PARAGRAPHS, html_page
from web_server import Clock, Names, Page, Site, Wire, web_site

from index import AddReport, Article, Columns, Library, Progress
from index.web import Fetcher, PoliteFetcher

HOST = "http://www.news.example"
META = (
    "<meta property='og:site_name' content='The Marrow Courier'>"
    "<meta name='author' content='Ida Moor'>"
    "<meta property='article:published_time' content='2024-09-26T08:00:00Z'>"
    f"<link rel='canonical' href='{HOST}/bridge'>"
)
RSS = "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{}</channel></rss>"
ITEM = (
    "<item><title>{0}</title><link>/{0}</link><guid>urn:{0}</guid>"
    "<author>desk@news.example (Ann Weir)</author>"
    "<pubDate>Tue, 01 Oct 2024 10:00:00 GMT</pubDate></item>"
)
FEED_TYPE = {"Content-Type": "application/rss+xml"}


def feed(*names: str, etag: str = "") -> Page:
    items = "".join(map(ITEM.format, names))
    return Page(RSS.format(items).encode(), headers=FEED_TYPE, etag=etag)


def story(name: str) -> Page:
    return Page(html_page(body=f"<p>The {name} was the talk of the town on market day.</p>"))


@pytest.fixture
def site() -> Iterator[Site]:
    with web_site() as opened:
        yield opened


def polite(site: Site, private: bool = False) -> PoliteFetcher:
    """Finds `news.example` at a public address, which leads to the site on this machine."""
    public = [["93.184.215.14"]]
    names = Names(news_example=public, www_news_example=public)
    clock = Clock()
    fetcher = Fetcher(
        private=private, lookup=names, backend=Wire(site), clock=clock, sleep=clock.sleep
    )
    return PoliteFetcher(fetcher, clock=clock, sleep=clock.sleep)


@pytest.fixture
def library(tmp_path: Path, site: Site) -> Iterator[Library]:
    opened = Library.open(tmp_path / "store", embedding=FakeEmbedder(), fetcher=polite(site))
    yield opened
    opened.close()


def only(report: AddReport, outcome: str) -> Article:
    assert str(report) == f"1 {outcome}", report.failed
    (article,) = getattr(report, outcome)
    assert isinstance(article, Article)
    return article


def reason(report: AddReport) -> str:
    (failure,) = report.failed
    assert "\n" not in failure.reason
    return failure.reason


def test_a_page_is_its_main_text_with_what_its_metadata_say(library: Library, site: Site) -> None:
    body = html_page(META)
    for path in ("/bridge?from=mail", "/bridge", "/old"):
        site.pages[path] = Page(body)
    article = only(library.add(f"{HOST}/bridge?from=mail#top", tags=["x"]), "added")
    assert article.text.splitlines()[-1] == PARAGRAPHS[-1]
    for word in ("Sport", "Grumble", "2019"):
        assert word not in article.text
    stored = library.get(article.id)
    assert (stored.title, stored.source, stored.author) == (
        "Bridge closed",
        "The Marrow Courier",
        "Ida Moor",
    )
    assert (stored.published, stored.url) == (date(2024, 9, 26), f"{HOST}/bridge")
    assert stored.tags == ("x",)
    sha256 = hashlib.sha256(body).hexdigest()
    assert stored.original == {"url": f"{HOST}/bridge?from=mail", "sha256": sha256}
    assert only(library.add(f"{HOST}/old"), "unchanged").id == article.id
    site.pages["/bridge"] = Page(html_page(META, "<p>It opened again in the evening.</p>"))
    assert only(library.add(f"{HOST}/bridge"), "updated").id == article.id
    assert len(library.versions(article.id)) == 2


def test_a_page_that_says_nothing_of_itself(library: Library, site: Site) -> None:
    site.pages["/a"] = Page(html_page())
    article = only(library.add(f"{HOST}/a"), "added")
    assert (article.source, article.published) == ("news.example", None)
    assert article.url == f"{HOST}/a"


def test_the_encoding_that_the_site_names(library: Library, site: Site) -> None:
    page = html_page(body="<p>Der Fluß trat über die Ufer, sagte der Bürgermeister.</p>")
    headers = {"Content-Type": "text/html; charset=ISO-8859-1"}
    site.pages["/a"] = Page(page.decode().encode("cp1252"), headers=headers)
    assert "Der Fluß trat über" in only(library.add(f"{HOST}/a"), "added").text


def test_no_page_leads_into_ones_own_network(library: Library, site: Site) -> None:
    inside = f"{site.url}/secret"
    site.pages["/out"] = Page(status=302, headers={"Location": inside})
    site.pages["/secret"] = Page(html_page())
    assert "127.0.0.1" in reason(library.add(f"{HOST}/out"))
    assert reason(library.add(inside))
    assert reason(library.add("file:///etc/passwd"))
    assert "/secret" not in site.asked
    assert library.articles() == []


def test_private_addresses_can_be_allowed(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = Page(html_page())
    for allowed, expected in ((False, "1 failed"), (True, "1 added")):
        library = Library.open(
            tmp_path / "own", embedding=FakeEmbedder(), private_addresses=allowed
        )
        assert str(library.add(f"{site.url}/a")) == expected
        library.close()


def test_a_feed_brings_new_entries_only_and_tries_failed_ones_again(
    library: Library, site: Site
) -> None:
    site.pages |= {"/feed": feed("mill", "ferry", etag='"1"'), "/mill": story("mill")}
    seen: list[Progress] = []
    report = library.add(f"{HOST}/feed", on_progress=seen.append)
    assert str(report) == "1 added, 1 failed"
    assert report.failed[0].source == f"{HOST}/ferry"
    assert (seen[-1].done, seen[-1].total) == (2, 2)
    (mill,) = library.articles()
    assert (mill.published, mill.author) == (date(2024, 10, 1), "Ann Weir")
    assert (mill.url, mill.source) == (f"{HOST}/mill", "news.example")
    assert only(library.add(f"{HOST}/mill"), "unchanged").published == date(2024, 10, 1)

    site.pages["/ferry"] = story("ferry")
    site.asked.clear()
    assert only(library.add(f"{HOST}/feed"), "added").url == f"{HOST}/ferry"
    assert "/mill" not in site.asked

    site.asked.clear()
    assert str(library.add(f"{HOST}/feed")) == "nothing to add"
    assert site.asked == ["/feed"]
    assert site.headers[-1]["if-none-match"] == '"1"'

    site.pages |= {"/feed": feed("fair", "mill", "ferry", etag='"2"'), "/fair": story("fair")}
    library.remove(mill.id)
    assert only(library.add(f"{HOST}/feed"), "added").url == f"{HOST}/fair"
    assert {article.url for article in library.articles()} == {f"{HOST}/fair", f"{HOST}/ferry"}


def test_what_a_page_says_of_itself_comes_before_the_feed(library: Library, site: Site) -> None:
    site.pages |= {"/feed": feed("bridge"), "/bridge": Page(html_page(META))}
    article = only(library.add(f"{HOST}/feed"), "added")
    assert (article.published, article.author) == (date(2024, 9, 26), "Ida Moor")


def test_an_interrupted_feed_loses_nothing(library: Library, site: Site) -> None:
    names = ("mill", "ferry", "fair")
    site.pages |= {"/feed": feed(*names, etag='"1"')} | {f"/{name}": story(name) for name in names}

    def stop(progress: Progress) -> None:
        if progress.current.endswith("/fair"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(f"{HOST}/feed", on_progress=stop)
    library.add(f"{HOST}/feed")
    assert {article.url for article in library.articles()} == {f"{HOST}/{n}" for n in names}


def test_a_dry_run_fetches_and_remembers_nothing(library: Library, site: Site) -> None:
    site.pages |= {"/feed": feed("mill", etag='"1"'), "/mill": story("mill")}
    assert str(library.add(f"{HOST}/feed", dry_run=True)) == "1 added"
    assert library.articles() == []
    assert str(library.add(f"{HOST}/feed")) == "1 added"


def test_a_table_at_an_address(library: Library, site: Site) -> None:
    rows = (
        "key,body,link\n"
        f"1,Rain fell.,{HOST}/rain\n"
        "2,Snow fell.,https://good.example/snow\n"
        "3,Hail fell.,\n"
        "4,,\n"
    )
    site.pages["/export"] = Page(rows.encode(), headers={"Content-Type": "text/csv"})
    report = library.add(f"{HOST}/export", columns=Columns(text=("body",)))
    rain, snow, hail = report.added
    assert rain.origin == f"url:{HOST}/rain"
    assert snow.origin == f"key:{HOST}/export!2"
    assert snow.meta["url"] == "https://good.example/snow"
    assert hail.locators[0].label == "row 4"
    assert [f.source for f in report.failed] == [f"{HOST}/export!row 5"]


def test_no_site_speaks_for_another(library: Library, site: Site) -> None:
    good = Article("The dam held.", title="Dam", url="https://good.example/dam")
    library.add(good)
    lies = html_page("<link rel='canonical' href='https://good.example/dam'>")
    site.pages["/lies"] = Page(lies)
    text = "---\ntitle: Dam\nurl: https://good.example/dam\n---\nThe dam broke."
    site.pages["/lies.md"] = Page(text.encode(), headers={"Content-Type": "text/markdown"})
    assert str(library.add([f"{HOST}/lies", f"{HOST}/lies.md"])) == "2 added"
    assert library.get(good.id).text == "The dam held."
    assert len(library.versions(good.id)) == 1


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=404), "404"),
        (Page(b"{}", headers={"Content-Type": "application/json"}), "application/json"),
        (Page(b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"}), "image/png"),
        (Page(b"<html><a href='/'>Home</a></html>"), "no readable text"),
        (Page(b"", headers={"Content-Type": "text/plain"}), "no text"),
        (Page(b"<html>", headers={"Content-Type": "application/rss+xml"}), "feed"),
    ],
)
def test_what_is_no_article_fails_with_its_reason(
    library: Library, site: Site, page: Page, words: str
) -> None:
    site.pages["/x"] = page
    report = library.add(f"{HOST}/x")
    assert words in reason(report)
    assert report.failed[0].source == f"{HOST}/x"


def test_a_feed_leads_to_no_other_feed(library: Library, site: Site) -> None:
    site.pages |= {"/feed": feed("more"), "/more": feed("mill"), "/mill": story("mill")}
    assert "another feed" in reason(library.add(f"{HOST}/feed"))
    assert "/mill" not in site.asked


def test_text_and_pages_named_otherwise_are_read_for_what_they_are(
    library: Library, site: Site
) -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    site.pages["/notes/M%C3%BChle"] = Page("Die Mühle steht.".encode(), headers=headers)
    site.pages["/index.php"] = Page(b"<!-- made by hand -->" + html_page())
    assert only(library.add(f"{HOST}/notes/M%C3%BChle"), "added").title == "Mühle"
    assert only(library.add(f"{HOST}/index.php"), "added").title == "Bridge closed"
