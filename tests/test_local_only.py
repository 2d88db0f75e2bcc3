"""Which articles are local only: how they are marked, that no way in or out loses the mark."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from test_cli import Cli, ids

from index import LOCAL_ONLY, Article, InputError, Item, Library, NotFoundError, Scope


def opened(folder: Path) -> Library:
    return Library.open(folder, embedding=FakeEmbedder())


def titles(library: Library) -> list[str]:
    """Titles of what is local only."""
    return sorted(library.get(name).title for name in library.local_ids())


def test_the_tag_counts_however_it_is_spelt(library: Library) -> None:
    spelt = [LOCAL_ONLY, "Local_Only", "local-only", "LOCAL ONLY", "\uff4cocal only"]
    others = ["local", "only", "not local_only", "local_only_not", "localonly"]
    library.add([Article(tag, title=tag, key=tag, tags=("x", tag)) for tag in [*spelt, *others]])
    assert titles(library) == sorted(spelt)


def test_marked_tags_hold_for_what_is_there_and_what_comes(tmp_path: Path) -> None:
    library = opened(tmp_path)
    rain, sun = Article("Rain fell.", title="Rain", key="r", tags=("Söurces",)), Article("Sun.")
    library.add([rain, sun])
    assert library.local_tags == (LOCAL_ONLY,)
    library.mark_local("söurces")
    library.mark_local(["SÖURCES", "notes"])
    library.close()

    library = opened(tmp_path)  # another program
    assert library.local_tags == (LOCAL_ONLY, "notes", "söurces")
    assert [library.is_local_only(article.id) for article in (rain, sun)] == [True, False]
    library.add(Article("Hail fell.", title="Hail", key="h", tags=("notes",)))
    assert titles(library) == ["Hail", "Rain"]
    library.unmark_local(["Söurces"])
    assert titles(library) == ["Hail"]
    with pytest.raises(NotFoundError):
        library.is_local_only("0" * 12)
    library.close()


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        (["notes", LOCAL_ONLY], "always keeps articles here"),
        (["notes", "other"], "'other' is not marked"),
        (["notes", " "], "is empty"),
    ],
)
def test_unmarking_is_all_or_nothing(library: Library, tags: list[str], text: str) -> None:
    library.mark_local("notes")
    with pytest.raises(InputError, match=text):
        library.unmark_local(tags)
    assert library.local_tags == (LOCAL_ONLY, "notes")


def test_what_is_shared_leaves_them_out(library: Library) -> None:
    library.add(
        [
            Article("Rain fell.", source="Post", author="A", key="1", tags=("x",)),
            Article("Rain rose.", source="Note", author="B", key="2", tags=("x", LOCAL_ONLY)),
        ]
    )
    scope = Scope(tags=("x",))
    assert library.facets(scope, shared=True).sources == {"Post": 1}
    assert library.facets(scope).authors == {"A": 1, "B": 1}
    assert (len(library.ids(scope)), len(library.ids(scope, shared=True))) == (2, 1)
    assert library.ids(Scope(tags=(LOCAL_ONLY,)), shared=True) == []
    names = library.ids()
    assert library.local_ids(names) == library.local_ids()
    assert library.local_ids(names[:0]) == frozenset()


# Where the article itself says so


FRONT = "---\ntitle: Rain\nlocal_only: {}\n---\nRain fell."
SAYING = [
    (".md", FRONT.format("true"), True),
    (".md", FRONT.format("'yes'"), True),
    (".md", FRONT.format("false"), False),
    (".md", FRONT.format("'No'"), False),
    (".md", FRONT.format(""), False),
    (".md", FRONT.replace("local_only", "Local-Only").format(1), True),
    (".md", "---\ntitle: Rain\ntags: [dam, local_only]\n---\nRain fell.", True),
    (".csv", "text,title,local_only\nRain fell.,Rain,x\n", True),
    (".csv", "text,title,local_only\nRain fell.,Rain,0\n", False),
    (".jsonl", json.dumps({"text": "Rain fell.", "local_only": True}), True),
    (".jsonl", json.dumps({"text": "Rain fell.", "local_only": None}), False),
    (".html", "<html lang=en><title>Rain</title><p>Rain fell.</p></html>", False),
]


def test_an_article_may_say_so_itself(library: Library) -> None:
    names = [f"{number}{end}" for number, (end, _, _) in enumerate(SAYING)]
    items = [
        Item(name, data=data.encode(), key=name)
        for name, (_, data, _) in zip(names, SAYING, strict=True)
    ]
    report = library.add(items)
    assert len(report.added) == len(SAYING)
    tagged = {a.key.partition("!")[0] for a in report.added if LOCAL_ONLY in a.tags}
    assert tagged == {name for name, (_, _, says) in zip(names, SAYING, strict=True) if says}
    assert {library.get(name).key.partition("!")[0] for name in library.local_ids()} == tagged


def test_from_python_too(library: Library) -> None:
    (added,) = library.add(Article("Rain.", meta={"local_only": True}, tags=("x",))).added
    assert added.tags == (LOCAL_ONLY, "x")


def test_an_unchanged_article_gets_the_mark(library: Library) -> None:
    library.add(Article("Rain.", key="r"))
    library.add(Article("Rain.", key="r"), tags=[LOCAL_ONLY])
    assert len(library.local_ids()) == 1


def test_another_version_keeps_it(library: Library) -> None:
    library.add(Article("Rain.", key="r", tags=(LOCAL_ONLY,)))
    library.add(Article("Rain and sun.", key="r"))
    assert len(library.local_ids()) == 1


def test_an_export_takes_the_marks_along(library: Library, tmp_path: Path) -> None:
    library.mark_local("notes")
    library.add(
        [
            Article("Rain.", title="Rain", key="r", tags=("notes",)),
            Article("Hail.", title="Hail", key="h", tags=(LOCAL_ONLY,)),
            Article("Sun.", title="Sun", key="s"),
        ]
    )
    file = io.BytesIO()
    library.export(file)
    other = opened(tmp_path / "lines")
    other.import_file(io.BytesIO(file.getvalue()))
    assert titles(other) == ["Hail", "Rain"]
    other.close()

    library.export(tmp_path / "files", markdown=True)
    other = opened(tmp_path / "markdown")
    other.add(tmp_path / "files")
    assert titles(other) == ["Hail", "Rain"]
    other.close()
    assert [a.tags for a in library.articles(tags=["notes"])] == [("notes",)]  # as it was


# From the command line


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


def test_local_marks_tags_and_lists_them(cli: Cli) -> None:
    assert cli("local")[1] == "0 articles stay on this machine, by the tags: local_only\n"
    code, out, err = cli("local", "notes", "source memos")
    assert (code, err) == (0, "")
    assert out.endswith("by the tags: local_only, notes, source memos\n")
    code, document = cli.json("local", "--remove", "Notes")
    assert (code, document) == (0, {"tags": ["local_only", "source memos"], "articles": 0})


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--remove"], "name the tags to --remove"),
        (["--remove", "notes"], "`assistant local` shows which"),
        (["--remove", "local_only"], "take it off the articles"),
        ([" "], "is empty"),
    ],
)
def test_local_used_wrongly(cli: Cli, arguments: list[str], text: str) -> None:
    code, err = cli.fails("local", *arguments)
    assert (code, text in err) == (2, True), err


def test_add_list_and_show_tell(cli: Cli, tmp_path: Path) -> None:
    for name in ("rain", "sun"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} came to the dam.", encoding="utf-8")
    assert cli("add", str(tmp_path / "rain.txt"), "--tag", "x", "--local-only")[0] == 0
    assert cli("add", str(tmp_path / "sun.txt"), "--tag", "notes")[0] == 0
    cli("local", "notes")
    known = ids(cli)
    rows = {line.split("\t")[1]: line.split("\t")[5:] for line in cli("list")[1].splitlines()}
    assert rows == {"rain": ["local_only, x", "", "yes"], "sun": ["notes", "", "yes"]}
    assert [a["local_only"] for a in cli.json("list")[1]["articles"]] == [True, True]
    assert "local only yes: it goes to no model on another machine" in cli("show", known["sun"])[1]
    assert cli.json("show", known["sun"])[1]["local_only"] is True
    cli("local", "--remove", "notes")
    assert "local only" not in cli("show", known["sun"])[1]
    cli("tag", known["rain"], "--remove", "local_only")
    assert [a["local_only"] for a in cli.json("list")[1]["articles"]] == [False, False]
