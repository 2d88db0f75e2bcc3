"""What changed between versions, and the names of outlets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from documents import html_page
from test_cli import Cli
from test_pages import HOST, polite
from web_server import Page, Site, web_site

from index import Article, Item, Library, differences
from index.outlets import outlet, site, without_motto

BEFORE = Article(
    "The dam held. Three villages were cut off. The mayor said nothing.",
    title="Slide",
    published=date(2024, 5, 7),
    key="slide",
)
AFTER = replace(
    BEFORE,
    text="The dam held. Four villages were cut off. The mayor said nothing. A child was born.",
    title="Slide cuts off four villages",
)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


def test_sentences_and_facts_that_changed() -> None:
    found = [(one.kind, one.fact, one.text) for one in differences(BEFORE, AFTER)]
    assert found == [
        ("removed", "title", "Slide"),
        ("added", "title", "Slide cuts off four villages"),
        ("removed", "", "Three villages were cut off."),
        ("added", "", "Four villages were cut off."),
        ("added", "", "A child was born."),
    ]
    dated = differences(replace(BEFORE, published=None), BEFORE)
    assert [(one.kind, one.fact, one.text) for one in dated] == [
        ("added", "published", "2024-05-07")
    ]
    assert (
        differences(BEFORE, replace(BEFORE, text=BEFORE.text.replace(" Three", "\n\nThree"))) == []
    )


def test_the_history_is_shown(cli: Cli) -> None:
    library = Library.open(cli.store, embedding=FakeEmbedder())
    library.add(BEFORE)
    library.add(AFTER)
    library.close()
    code, out, _ = cli("show", BEFORE.id[:6], "--history")
    assert code == 0
    first, *lines = out.splitlines()
    assert first.startswith(f"version {AFTER.version}, current, added 20")
    assert lines[:5] == [
        "  - title: Slide",
        "  + title: Slide cuts off four villages",
        "  - Three villages were cut off.",
        "  + Four villages were cut off.",
        "  + A child was born.",
    ]
    assert lines[5].startswith(f"version {BEFORE.version}, added")
    code, out, _ = cli("show", BEFORE.id, "--history", "--json")
    newer, older = json.loads(out)
    assert newer["changes"][0] == {"kind": "removed", "text": "Slide", "fact": "title"}
    assert older["version"] == BEFORE.version
    assert older["changes"] == []


def test_a_change_is_announced_with_the_version_that_answers_quoted(library: Library) -> None:
    library.add(BEFORE)
    assert library.changes() == []
    library.add(AFTER)
    library.remove(AFTER.id)
    events = [(change.event, change.version) for change in library.changes()]
    assert events == [
        ("changed", BEFORE.version),
        ("removed", BEFORE.version),
        ("removed", AFTER.version),
    ]
    assert library.changes()[0].at is not None
    assert library.changes(after=library.changes()[1].number) == library.changes()[2:]


def test_copies_are_told_when_added_and_shown(cli: Cli, tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: {name}\nsource: Post {name}\n---\n{words}."
        )
    cli("add", str(tmp_path / "one.md"))
    code, out, _ = cli("add", str(tmp_path / "two.md"))
    assert code == 0
    first = json.loads(cli("list", "--json")[1])["articles"]
    ids = {record["title"]: record["id"] for record in first}
    assert [record["copy_of"] for record in json.loads(cli("list", "--json")[1])["articles"]] == [
        None,
        ids["one"],
    ]
    assert cli("list")[1].splitlines()[1].split("\t")[-2] == ids["one"]
    assert f"a copy of {ids['one'][:8]}  one, Post one" in out
    assert f"copy       {ids['two'][:8]}  two, Post two" in cli("show", ids["one"])[1]
    assert json.loads(cli("show", ids["one"], "--json")[1])["copies"] == [ids["two"]]


# Originals


def test_an_original_is_kept_on_request_and_goes_with_its_article(
    library: Library, tmp_path: Path
) -> None:
    page, notes = html_page(), b"Rain fell on Tyre."
    (tmp_path / "page.html").write_bytes(page)
    (tmp_path / "notes.txt").write_bytes(notes)
    [plain] = library.add(tmp_path / "notes.txt").added
    with pytest.raises(Exception, match="--keep"):
        library.original(plain.id)
    report = library.add(tmp_path, keep=True)
    (kept,) = report.added
    assert library.original(kept.id) == page
    assert [article.id for article in report.unchanged] == [plain.id]
    assert library.original(plain.id) == notes
    folder = library.folder / "originals"
    assert len(list(folder.iterdir())) == 2
    library.remove(kept.id)
    assert [path.read_bytes() for path in folder.iterdir()] == [notes]


def test_an_earlier_version_keeps_its_original(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    for text in ("Rain fell.", "Snow fell."):
        file.write_text(text)
        library.add(file, keep=True)
    [article] = library.articles()
    newer, older = library.versions(article.id)
    assert library.original(article.id) == b"Snow fell."
    assert library.original(article.id, older.version) == b"Rain fell."
    assert newer.version == article.version
    library.remove(article.id)
    assert list((library.folder / "originals").iterdir()) == []


def test_articles_of_one_file_share_its_original(library: Library) -> None:
    table = b"title,text\nOne,Rain fell.\nTwo,Snow fell.\n"
    report = library.add(Item("rows.csv", data=table, key="rows"), keep=True)
    assert {library.original(article.id) for article in report.added} == {table}
    library.remove(report.added[0].id)
    assert library.original(report.added[1].id) == table


def test_the_command_line_keeps_and_writes_originals(cli: Cli, tmp_path: Path) -> None:
    file, out = tmp_path / "page.html", tmp_path / "out.html"
    file.write_bytes(html_page())
    cli("add", str(file), "--keep")
    [record] = json.loads(cli("list", "--json")[1])["articles"]
    code, said, _ = cli("show", record["id"], "--original", str(out))
    assert (code, out.read_bytes()) == (0, file.read_bytes())
    assert said.startswith("written")
    code, _, err = cli("show", record["id"], "--original", str(out))
    assert (code, "name a new file" in err) == (2, True)


# Outlets


@pytest.mark.parametrize(
    ("stated", "host", "name"),
    [
        ("The Marrow Post", "marrowpost.example", "The Marrow Post"),
        ("The Marrow Post | News from the valley", "marrowpost.example", "The Marrow Post"),
        ("News, sport and more – Marrow Post", "marrowpost.example", "Marrow Post"),
        ("BBC News - Home", "bbc.co.uk", "BBC News"),
        ("Rock-and-Roll Weekly", "rrw.example", "Rock-and-Roll Weekly"),
        ("The Post | News", "news.example", "The Post | News"),
        ("Tea | Coffee", "drinks.example", "Tea | Coffee"),
        ("www.marrowpost.example", "marrowpost.example", ""),
        ("  ", "marrowpost.example", ""),
    ],
)
def test_mottoes_are_left_out(stated: str, host: str, name: str) -> None:
    assert without_motto(stated, host) == name


@pytest.mark.parametrize(
    ("stated", "known", "name"),
    [
        ("", [], "post.example"),
        ("post.example", [], "post.example"),
        ("", ["The Post"], "The Post"),
        ("POST", ["The Post"], "The Post"),
        ("the post", ["The Post"], "The Post"),
        ("Pöst", ["Post"], "Post"),
        ("Post on Sunday", ["The Post"], "Post on Sunday"),
    ],
)
def test_one_name_for_each_site(stated: str, known: list[str], name: str) -> None:
    assert outlet(stated, "post.example", known) == name


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.post.example/a", "post.example"),
        ("https://M.post.example:8080/a", "post.example"),
        ("https://www.example", "www.example"),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_the_site_of_an_address(url: str, host: str) -> None:
    assert site(url) == host


@pytest.fixture
def web() -> Iterator[Site]:
    with web_site() as opened:
        yield opened


def named(name: str) -> Page:
    head = f"<meta property='og:site_name' content='{name}'>" if name else ""
    return Page(html_page(head, body=f"<p>A page of {name or 'nobody'} on the market.</p>"))


def test_pages_of_one_site_go_by_one_name(tmp_path: Path, web: Site) -> None:
    library = Library.open(tmp_path / "store", embedding=FakeEmbedder(), fetcher=polite(web))
    names = ("", "The Marrow Courier", "MARROW COURIER", "", "Marrow Sport")
    for number, name in enumerate(names):
        web.pages[f"/{number}"] = named(name)
    addresses = [f"{HOST}/{number}" for number in range(5)]
    sources = [article.source for article in library.add(addresses).added]
    assert sources == [
        "news.example",
        "The Marrow Courier",
        "The Marrow Courier",
        "The Marrow Courier",
        "Marrow Sport",
    ]
    library.close()
    again = Library.open(tmp_path / "store", embedding=FakeEmbedder(), fetcher=polite(web))
    report = again.add(addresses)  # by now the site's name is known for its first page too
    assert str(report) == "1 updated, 4 unchanged"
    assert report.updated[0].source == "The Marrow Courier"
    assert str(again.add(addresses)) == "5 unchanged"


def test_a_name_that_a_person_gives_is_left_alone(library: Library) -> None:
    library.add(Article("Rain fell.", source="THE POST", url="https://post.example/a"))
    library.add(Article("Snow fell.", source="Post", url="https://post.example/b"))
    assert sorted(article.source for article in library.articles()) == ["Post", "THE POST"]
