"""What a question, a search or a summary is limited to: applied before ranking, not after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from test_cli import Cli

import assistant
from assistant import Assistant
from index import Article, Library, Scope
from index.search import DEPTH

QUESTION = "Who proposed the truce?"
OUTSIDE = 300
"""Articles that fit better than any inside: many times what one search brings."""

INSIDE = [
    Article("It was said in Tyre that somebody proposed it.", title="Inside", tags=("in",), key="i")
]


def near(word: str) -> Iterator[str]:
    """Other words that the fake embedder cannot tell from this one."""
    place = hashlib.sha256(word.encode()).digest()[0] % 64
    made = (f"w{number}" for number in count())
    return (w for w in made if hashlib.sha256(w.encode()).digest()[0] % 64 == place)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    opened = Library.open(tmp_path_factory.mktemp("scopes"), embedding=FakeEmbedder())
    opened.add(
        [
            Article(f"Who proposed the truce? France proposed the truce {i}.", key=f"o{i}")
            for i in range(OUTSIDE)
        ]
        + INSIDE
    )
    yield opened
    opened.close()


SCOPES = [{"articles": [INSIDE[0].id]}, {"tags": ["in"]}, {"articles": INSIDE[0].id, "tags": "in"}]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    "read",
    [
        lambda library, scope: library.search(QUESTION, k=3, **scope),
        lambda library, scope: Assistant(library=library).retrieve(QUESTION, k=3, **scope),
        lambda library, scope: assistant.retrieve(QUESTION, library=library, k=3, **scope),
        lambda library, scope: assistant.ask(QUESTION, library=library, **scope).hits,
    ],
)
def test_better_passages_outside_keep_none_inside_from_being_read(
    library: Library, read: Callable[[Library, dict[str, Any]], Any], scope: dict[str, Any]
) -> None:
    assert {hit.passage.article_id for hit in read(library, scope)} == {INSIDE[0].id}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_summary_is_of_the_scope_alone(library: Library, scope: dict[str, Any]) -> None:
    summary = assistant.summarize(library=library, focus=QUESTION, **scope)
    assert [article.id for article in summary.articles] == [INSIDE[0].id]


def test_the_dense_search_looks_inside_only(tmp_path: Path) -> None:
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    library.add([Article(f"truce truce {i}", key=f"o{i}") for i in range(OUTSIDE)])
    word = next(near("truce"))  # no word of the query: the lexical search cannot bring it
    library.add(Article(f"{word} elsewhere", key="in", tags=("in",)))
    (hit,) = library.search("truce", k=3, tags=["in"])
    assert hit.passage.text == f"{word} elsewhere"
    library.close()


def test_the_lexical_search_looks_inside_only(tmp_path: Path) -> None:
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    library.add([Article(f"truce truce {i}", key=f"o{i}") for i in range(OUTSIDE)])
    # Inside, so many are nearer that the dense search alone would not bring the one with the word.
    nearer = [Article(word, key=word, tags=("in",)) for word in islice(near("truce"), 2 * DEPTH)]
    long = " ".join(f"somewhere{i}" for i in range(60)) + " truce"
    library.add([*nearer, Article(long, key="long", tags=("in",))])
    best, *_ = library.search("truce", k=3, tags=["in"], weight=0.0)
    assert best.passage.text == long
    library.close()


# From the command line


@pytest.fixture
def cli(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, capsys)
    made.store = library.folder
    return made


@pytest.mark.parametrize("scope", [["--article", INSIDE[0].id[:6]], ["--tag", "in"]])
def test_ask_search_and_summarize_take_a_scope(cli: Cli, scope: list[str]) -> None:
    (name,) = {INSIDE[0].id}
    answer = cli.json("ask", QUESTION, *scope)[1]
    assert {hit["passage"]["article_id"] for hit in answer["hits"]} == {name}
    code, found = cli.json("search", QUESTION, *scope)
    assert (code, [passage["article_id"] for passage in found["passages"]]) == (0, [name])
    ids = scope[1:] if scope[0] == "--article" else scope
    summary = cli.json("summarize", *ids, "--focus", QUESTION)[1]
    assert [article["id"] for article in summary["articles"]] == [name]


def test_search_shows_passages_best_first_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news.csv").write_text(
        "title,text,published\nTruce,France proposed the truce.,2024-09-26\n"
        "Herring,The herring truce fell apart in the long winter of the boats.,\n"
    )
    cli = Cli(tmp_path, capsys)
    cli("add", str(tmp_path / "news.csv"))
    names = {article["title"]: article["id"] for article in cli.json("list")[1]["articles"]}
    code, out, err = cli("search", "proposed", "truce")
    assert (code, err) == (0, "")
    assert out == (
        f"{names['Truce'][:8]}  Truce, 2024-09-26, row 2\n"
        "    France proposed the truce.\n"
        "\n"
        f"{names['Herring'][:8]}  Herring, row 3\n"
        "    The herring truce fell apart in the long winter of the boats.\n"
    )
    assert cli("search", "truce", "-k", "1")[1].count("\n") == 2
    code, found = cli.json("search", "proposed truce")
    first, second = found["passages"]
    assert first["text"] == "France proposed the truce."
    assert (first["locator"], first["published"], first["start"]) == ("row 2", "2024-09-26", 0)
    assert first["score"] > second["score"]
    assert "quote" not in first
    assert first["id"].startswith(f"{names['Truce']}/{first['version']}/")


def test_search_nothing_near_is_exit_code_3(cli: Cli) -> None:
    code, out, err = cli("search", "quasar luminosity xylophone", "--tag", "in")
    assert (code, out, err) == (3, "", "Nothing in the articles is near these words.\n")
    code, found = cli.json("search", "quasar luminosity xylophone", "--tag", "in")
    assert (code, found["passages"]) == (3, [])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "missing argument 'WORDS'"),
        ([" "], "the question is empty"),
        (["truce", "--tag", "none"], "no article has the tag 'none'"),
        (["truce", "--article", "zz"], "no article ids begin with 'zz'"),
        (["truce", "-k", "0"], "-k"),
    ],
)
def test_search_used_wrongly(cli: Cli, arguments: list[str], text: str) -> None:
    code, err = cli.fails("search", *arguments)
    assert (code, text in err) == (2, True), err


@pytest.mark.real
def test_search_of_the_samples_says_so(
    sample_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import run

    monkeypatch.setenv("XDG_DATA_HOME", str(sample_store))
    assert run(["search", "truce"]) == 0
    out, err = capsys.readouterr()
    assert "truce" in out
    assert err == "Your library is empty; these are the sample articles.\n"


def test_a_search_is_narrowed_to_an_author(library: Library) -> None:
    library.add(
        [
            Article("The ferry sank.", author="Ada Lind, Bo Ek", key="a"),
            Article("The ferry sailed.", author="Cy Dam", key="b"),
        ]
    )
    assert [hit.passage.text for hit in library.search("ferry", author="bo ek")] == [
        "The ferry sank."
    ]
    assert [a.author for a in library.articles(author="Cy Dam")] == ["Cy Dam"]


def test_what_there_is_to_narrow_a_search_by(library: Library) -> None:
    day = date(2025, 3, 1)
    library.add(
        [
            Article("One.", source="Post", author="Ada Lind", published=day, key="a"),
            Article("Two.", source="Post", published=day, tags=("t",), key="b"),
            Article("Three.", source="Echo", key="c"),
        ]
    )
    found = library.facets()
    assert (found.sources, found.authors, found.days) == (
        {"Post": 2, "Echo": 1},
        {"Ada Lind": 1},
        {day: 2},
    )
    assert library.facets(Scope(tags=("t",))).sources == {"Post": 1}
