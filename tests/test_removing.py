"""Removing by scope, from Python and from the command line."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from test_cli import Cli, ids

from index import Article, InputError, Library, NotFoundError, StoreBusyError
from index.gate import Gate

SHELF = [
    Article(
        "The ferry sank near Orlan. Two boats searched.",
        title="Ferry",
        source="Courier",
        published=date(2024, 1, 10),
        tags=("sea",),
        key="ferry",
    ),
    Article(
        "Herring prices rose in Orlan. The boats stayed out.",
        title="Herring",
        source="courier",
        published=date(2024, 3, 5),
        tags=("sea", "trade"),
        key="herring",
    ),
    Article("A café opened by the mill.", title="Café", source="Post", key="cafe"),
]


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(SHELF)
    return library


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, capsys)
    opened = made.open()
    opened.add(SHELF)
    opened.close()
    return made


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        ({"tags": ["sea"]}, {"Ferry", "Herring"}),
        ({"tags": "trade"}, {"Herring"}),
        ({"source": "COURIER", "until": date(2024, 2, 1)}, {"Ferry"}),
        ({"since": date(2024, 1, 1)}, {"Ferry", "Herring"}),
        ({"words": "Orlan boat"}, {"Ferry", "Herring"}),
        ({"words": "orlan price"}, {"Herring"}),
        ({"words": "the cafe"}, {"Café"}),  # accents and stop words aside
        ({"words": "ferry herring"}, set()),  # each is somewhere, never both
        ({"words": "courier ferry"}, {"Ferry"}),  # the source is searched too
        ({"words": "boats", "tags": ["trade"]}, {"Herring"}),
        ({"tags": ["nope"]}, set()),
        ({"words": "?!"}, set()),
        ({"words": '" OR "x'}, set()),
        ({"words": "orlan " + " ".join(f"w{i}" for i in range(2_000))}, set()),
        ({"since": date(2025, 1, 1), "until": date(2024, 1, 1)}, set()),
    ],
)
def test_a_scope_says_what_goes(shelf: Library, scope: dict[str, Any], gone: set[str]) -> None:
    assert {a.title for a in shelf.articles(**scope)} == gone
    removed = shelf.remove(**scope)
    assert {a.title for a in removed} == gone
    assert {a.title for a in shelf.articles()} == {a.title for a in SHELF} - gone
    assert {(c.event, c.article_id) for c in shelf.changes()} == {
        ("removed", a.id) for a in removed
    }
    assert shelf.check() == []


def test_ids_and_a_scope_are_both_needed(shelf: Library) -> None:
    names = [a.id for a in SHELF]
    assert [a.title for a in shelf.remove(names, tags=["trade"])] == ["Herring"]
    assert shelf.remove([], tags=["sea"]) == []
    with pytest.raises(NotFoundError):
        shelf.remove(["0" * 12], tags=["sea"])
    assert len(shelf.articles()) == 2


def test_nothing_named_is_not_everything(shelf: Library) -> None:
    scopes: list[dict[str, Any]] = [{}, {"tags": []}, {"words": "", "source": ""}]
    for empty in scopes:
        with pytest.raises(InputError, match="which articles"):
            shelf.remove(**empty)
    assert len(shelf.articles()) == 3


def test_an_old_version_does_not_hold_the_words(shelf: Library) -> None:
    shelf.add(Article("The boat was raised.", title="Raised", key="ferry"))
    assert {a.title for a in shelf.articles(words="orlan")} == {"Herring"}


# From the command line


def test_a_busy_store_says_that_the_articles_are_gone_all_the_same(shelf: Library) -> None:
    with Gate(shelf.folder).exclusive():
        shelf._store.vectors.gate.patience = 0.05
        with pytest.raises(StoreBusyError, match="is removed and found no more"):
            shelf.remove(tags=["trade"])
    found = {hit.passage.article_id for hit in shelf.search("herring boats")}
    assert found == {article.id for article in shelf.articles()}
    assert shelf.check() == ["vectors without a passage: 1"]
    anew = Library.open(shelf.folder, embedding=FakeEmbedder())
    anew.search("herring")
    assert anew.check() == []


def test_remove_by_options(cli: Cli) -> None:
    code, err = cli.fails("remove", "--tag", "sea")
    assert (code, len(ids(cli))) == (2, 3)
    assert "2 articles" in err
    assert "--yes" in err
    code, done = cli.json("remove", "--tag", "sea", "--until", "2024-02-01", "--yes")
    assert (code, [a["title"] for a in done["removed"]]) == (0, ["Ferry"])
    code, out, err = cli("remove", "--source", "courier", "--search", "ferry", "-y")
    assert (code, out, err) == (0, "", "No article fits, nothing was removed.\n")
    assert cli.json("remove", "--tag", "nope")[1] == {"removed": []}
    herring = ids(cli)["Herring"]
    assert cli.json("remove", herring, "--source", "Post", "-y")[1] == {"removed": []}
    assert cli("remove", "--search", "herring boats", "-y")[1].startswith(
        f"removed    {herring[:8]}"
    )
    assert list(ids(cli)) == ["Café"]


@pytest.mark.parametrize(
    "arguments", [[], ["--source", ""], ["--yes"], ["zz", "--tag", "sea", "--yes"]]
)
def test_remove_needs_to_know_what(cli: Cli, arguments: list[str]) -> None:
    assert cli.fails("remove", *arguments)[0] == 2
    assert len(ids(cli)) == 3


@pytest.mark.parametrize(("reply", "left"), [("y\n", 1), ("n\n", 3)])
def test_remove_shows_first_what_would_go(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, reply: str, left: int
) -> None:
    typed = io.StringIO(reply)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    _, _, err = cli("remove", "--search", "orlan")
    assert err.index("  Ferry, Courier") < err.index("Remove 2 articles with all versions?")
    assert err.index("  Herring, courier") < err.index("Remove 2 articles")
    assert len(ids(cli)) == left


def test_list_takes_the_words_too(cli: Cli) -> None:
    _, found = cli.json("list", "--search", "orlan price")
    assert [a["title"] for a in found["articles"]] == ["Herring"]
