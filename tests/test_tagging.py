"""Changing tags after the addition, from Python, from the command line and from two processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_cli import Cli, ids
from test_processes import finish, open_, start, start_together
from test_removing import SHELF

from index import Article, InputError, Library, NotFoundError


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(SHELF)
    return library


def tags(library: Library) -> dict[str, tuple[str, ...]]:
    return {article.title: article.tags for article in library.articles()}


def test_tags_are_added_and_taken_away_at_once(shelf: Library) -> None:
    names = [article.id for article in SHELF]
    changed = shelf.change_tags(names, add=["  old  news ", "sea"], remove="trade")
    assert {article.title: article.tags for article in changed} == tags(shelf)
    assert tags(shelf) == {
        "Ferry": ("old news", "sea"),
        "Herring": ("old news", "sea"),
        "Café": ("old news", "sea"),
    }


def test_only_articles_that_changed_are_told(shelf: Library) -> None:
    names = [article.id for article in SHELF] * 2
    assert {a.title for a in shelf.change_tags(names, add="sea")} == {"Café"}
    assert shelf.change_tags(names, add="sea") == []
    assert {a.title for a in shelf.change_tags(SHELF[1].id, remove=["trade"])} == {"Herring"}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "which tags"),
        ({"add": [""]}, "the tag '' is empty"),
        ({"remove": " \t "}, "is empty"),
        ({"add": ["x", " "]}, "the tag ' ' is empty"),
        ({"add": "a", "remove": ["b", " a"]}, "'a' cannot be both"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    shelf: Library, given: dict[str, Any], text: str
) -> None:
    before = tags(shelf)
    with pytest.raises(InputError, match=text):
        shelf.change_tags([article.id for article in SHELF], **given)
    assert tags(shelf) == before


def test_all_or_none(shelf: Library) -> None:
    before = tags(shelf)
    with pytest.raises(NotFoundError):
        shelf.change_tags([SHELF[0].id, "0" * 12], add="x")
    assert tags(shelf) == before
    assert shelf.articles(tags=["x"]) == []


@pytest.mark.real
def test_two_processes_lose_nothing_of_one_another(tmp_path: Path) -> None:
    script = """
library = Library.open(folder, embedding=FakeEmbedder())
(article,) = library.articles()
print("ready", flush=True)
input()
for number in range(100):
    library.change_tags(article.id, add=f"{sys.argv[3]}{number}", remove=f"old {sys.argv[3]}")
"""
    library = open_(tmp_path)
    library.add(Article("Rain.", key="rain", tags=("old a", "old b", "kept")))
    children = [start(script, tmp_path, name) for name in "ab"]
    start_together(children)
    for child in children:
        finish(child)
    (article,) = library.articles()
    assert set(article.tags) == {"kept", *(f"{name}{i}" for name in "ab" for i in range(100))}
    library.close()


# From the command line


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, capsys)
    opened = made.open()
    opened.add(SHELF)
    opened.close()
    return made


def test_tag_says_what_each_article_has_now(cli: Cli) -> None:
    known = ids(cli)
    code, out, err = cli(
        "tag", known["Ferry"][:6], known["Café"], "--add", "old", "--remove", "sea"
    )
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"tagged     {known['Ferry'][:8]}  Ferry, Courier, 2024-01-10: old",
        f"tagged     {known['Café'][:8]}  Café, Post: old",
    ]
    _, out, _ = cli("tag", known["Ferry"], known["Café"], "--remove", "old", "--tag", "old")
    assert out.endswith("Café, Post: no tag\n")
    assert cli("tag", known["Ferry"], "--remove", "old")[1] == "1 article unchanged\n"


def test_tag_by_options(cli: Cli) -> None:
    code, done = cli.json("tag", "--source", "courier", "--until", "2024-02-01", "--add", "x")
    assert (code, [a["title"] for a in done["changed"]]) == (0, ["Ferry"])
    code, done = cli.json("tag", "--search", "orlan", "--add", "x", "--add", "y")
    assert [(a["title"], a["tags"]) for a in done["changed"]] == [
        ("Herring", ["sea", "trade", "x", "y"]),
        ("Ferry", ["sea", "x", "y"]),
    ]
    assert cli.json("tag", "--tag", "x", "--remove", "y", "--remove", "z")[1]["unchanged"] == 0
    assert len(cli.json("list", "--tag", "x")[1]["articles"]) == 2
    code, out, err = cli("tag", "--tag", "nope", "--add", "x")
    assert (code, out, err) == (0, "", "No article fits, nothing was changed.\n")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--add", "x"], "name what to tag"),
        (["--tag", "sea"], "which tags"),
        (["--tag", "sea", "--add", " "], "is empty"),
        (["--tag", "nope", "--add", ""], "is empty"),
        (["--tag", "sea", "--add", "x", "--remove", "x"], "both added and removed"),
        (["zz", "--add", "x"], "no article ids begin with 'zz'"),
    ],
)
def test_wrong_use_changes_nothing(cli: Cli, arguments: list[str], text: str) -> None:
    before = tags(cli.open())
    code, err = cli.fails("tag", *arguments)
    assert (code, text in err) == (2, True), err
    assert tags(cli.open()) == before


def test_there_is_nothing_to_tag_in_an_empty_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.cli import run

    assert run(["tag", "zz", "--add", "x", "--store", str(tmp_path / "empty")]) == 2
    assert "nothing to tag" in capsys.readouterr().err
