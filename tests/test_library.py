from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from documents import zipped

from index import (
    AddReport,
    Article,
    Columns,
    Failure,
    Library,
    Locator,
    NotFoundError,
    OtherModelError,
    Progress,
    SettingsError,
    StopAdding,
    StoreError,
)
from index.types import normalise_url


class OtherEmbedder(FakeEmbedder):
    """Another model with as many dimensions: mixing would go unnoticed by the vectors."""

    name = "other"
    fingerprint = "other 64"


def articles(number: int, about: str = "harbour", **more: Any) -> list[Article]:
    return [
        Article(
            f"Report {i} says that the {about} was closed. Ship number {i} waited outside.",
            title=f"Report {i}",
            key=f"{about}/{i}",
            **more,
        )
        for i in range(number)
    ]


def only(found: list[Article]) -> Article:
    assert len(found) == 1
    return found[0]


def texts(library: Library, query: str, **scope: Any) -> set[str]:
    return {hit.passage.text for hit in library.search(query, k=100, **scope)}


# Identity


def test_the_id_belongs_to_the_origin_and_the_version_to_the_text() -> None:
    by_key, by_text = Article("Rain.", key="k"), Article("Rain.")
    by_url = Article("Rain.", key="k", url="https://x.example/a")
    assert len({by_key.id, by_text.id, by_url.id}) == 3
    assert len({a.version for a in (by_key, by_text, by_url)}) == 1
    assert replace(by_key, text="Snow.", title="T").id == by_key.id
    assert replace(by_text, text="Snow.").id != by_text.id
    assert replace(by_key, title="T", tags=("x",)).version == by_key.version
    assert replace(by_key, title="T").meta_hash != by_key.meta_hash
    assert replace(by_key, tags=("x",)).meta_hash == by_key.meta_hash


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://News.Example/a/", "https://news.example/a"),
        ("https://news.example/a#part", "https://news.example/a"),
        (" https://news.example/ ", "https://news.example"),
        ("https://news.example/A?q=1", "https://news.example/A?q=1"),
        ("http://[::1", "http://[::1"),
        ("doc:7", "doc:7"),
    ],
)
def test_addresses_are_written_one_way(url: str, same: str) -> None:
    assert normalise_url(url) == same
    assert normalise_url(same) == same
    assert Article("x", url=url).id == Article("y", url=same).id


def test_the_same_text_from_another_origin_is_another_article(library: Library) -> None:
    report = library.add([Article("Rain fell.", key="a"), Article("Rain fell.", key="b")])
    assert str(report) == "2 added"
    first, second = library.articles()
    assert first.id != second.id
    assert first.version == second.version
    assert len(library.search("rain")) == 2


# Adding


def test_adding_twice_counts_once(library: Library) -> None:
    assert str(library.add(articles(5))) == "5 added"
    before = library.articles()
    assert str(library.add(articles(5))) == "5 unchanged"
    assert library.articles() == before
    assert library.count_passages() == 5
    assert library.check() == []


def test_a_file_and_its_new_version(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("The truce holds.")
    first = library.add(path).added[0]
    path.write_text("The truce is broken.")
    report = library.add(str(path))
    second = report.updated[0]
    assert str(report) == "1 updated"
    assert second.id == first.id
    assert second.version != first.version
    assert library.get(first.id).text == "The truce is broken."
    assert library.get(first.id, first.version).text == "The truce holds."
    assert [a.version for a in library.versions(first.id)] == [second.version, first.version]
    assert texts(library, "truce") == {"The truce is broken."}
    assert [(c.event, c.version) for c in library.changes()] == [("changed", first.version)]
    assert library.check() == []


def test_a_text_that_comes_back(library: Library) -> None:
    for text in ("One.", "Two.", "One."):
        library.add(Article(text, key="k"))
    article = only(library.articles())
    assert [a.text for a in library.versions(article.id)] == ["One.", "Two."]
    assert texts(library, "one two") == {"One."}
    assert library.check() == []


def test_changed_metadata_updates_without_a_new_version(library: Library) -> None:
    article = Article("Rain fell in Sarn.", title="Rian", key="k", published=date(2024, 1, 1))
    library.add(article)
    report = library.add(replace(article, title="Rain", published=date(2024, 1, 2)))
    assert str(report) == "1 updated"
    stored = only(library.versions(article.id))
    assert (stored.title, stored.published) == ("Rain", date(2024, 1, 2))
    assert stored.version == article.version
    assert library.changes() == []
    assert library.check() == []
    assert library.search("rian rain")[0].passage.text == "Rain fell in Sarn."


def test_the_same_origin_twice_in_one_addition(library: Library) -> None:
    report = library.add([Article("One.", key="k"), Article("Two.", key="k")])
    assert str(report) == "1 added, 1 updated"
    assert only(library.articles()).text == "Two."
    again = library.add([Article("Two.", key="k"), Article("Two.", key="k")])
    assert str(again) == "2 unchanged"
    assert library.check() == []


def test_tags_add_up_and_can_be_replaced(library: Library) -> None:
    article = Article("Rain.", key="k", tags=("a",))
    library.add(article)
    report = library.add(replace(article, tags=("b",)), tags=["c", " c ", ""])
    assert str(report) == "1 unchanged"
    assert library.get(article.id).tags == ("a", "b", "c")
    library.add(replace(article, text="Snow.", tags=()))
    assert library.get(article.id).tags == ("a", "b", "c")
    library.set_tags(article.id, ["x", "x", "\ud800"])
    assert library.get(article.id).tags == ("x", "\ufffd")
    library.set_tags(article.id, [])
    assert library.get(article.id).tags == ()


def test_one_tag_as_a_string_is_one_tag(library: Library) -> None:
    library.add(Article("Rain."), tags="weather")
    assert only(library.articles()).tags == ("weather",)


def test_failures_stop_nothing(library: Library, tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("Rain fell.")
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    report = library.add([tmp_path, tmp_path / "missing.md", Article(""), Article("Snow fell.")])
    assert str(report) == "2 added, 4 failed"
    assert [Path(f.source).name for f in report.failed[:3]] == [
        "empty.md",
        "picture.md",
        "missing.md",
    ]
    assert all(isinstance(f, Failure) and "\n" not in f.reason for f in report.failed)
    assert len(library.articles()) == 2


def test_hostile_articles_are_stored_or_refused(library: Library) -> None:
    report = library.add(
        [
            Article("a\x00b \ud800.", title="\ud800", key="\ud800\x00", tags=("\ud800",)),
            Article("Text.", url="http://[::1"),
            Article("Text.", published=datetime(2024, 1, 2, 3), key="t"),
            Article("Text.", published="2024-01-01", key="p"),  # type: ignore[arg-type]
            Article("Text.", meta={1: {2, 3}}, key="m"),  # type: ignore[dict-item]
            Article("'; DROP TABLE revisions; --", title='"]} $in', source="%_'", key="s"),
            Article("Text.", language="../../etc", key="l"),
        ]
    )
    assert str(report) == "6 added, 1 failed"
    assert len(library.articles()) == 6
    assert all(library.get(a.id).id == a.id for a in library.articles())
    for article in library.articles():
        for passage in library.passages(article.id):
            assert article.text[passage.start : passage.end] == passage.text


def test_nothing_to_add(library: Library) -> None:
    assert library.add([]) == AddReport()
    assert str(library.add([])) == "nothing to add"


def interrupting(
    articles_read: int, by: type[BaseException] = KeyboardInterrupt
) -> Callable[[Progress], None]:
    """Ctrl-C when so many articles have been read, before the next one is."""
    calls = 0

    def stop(progress: Progress) -> None:
        nonlocal calls
        if calls == articles_read:
            raise by
        calls += 1

    return stop


def test_progress_runs_from_nothing_to_all(library: Library) -> None:
    seen: list[Progress] = []
    library.add(articles(7), on_progress=seen.append)
    assert (seen[0].done, seen[0].passages) == (0, 0)
    assert (seen[-1].done, seen[-1].passages) == (7, 7)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert {p.total for p in seen} == {7}


def test_a_table_and_an_archive_bring_all_their_articles(library: Library, tmp_path: Path) -> None:
    table = tmp_path / "news.csv"
    table.write_text("id,headline,story\na,Rain,It rained.\nb,Snow\nc,Hail,It hailed.\n")
    packed = tmp_path / "all.zip"
    packed.write_bytes(zipped({"fog.md": "# Fog\n\nFog came.", "empty.txt": " ", "pic.jpg": "x"}))
    seen: list[Progress] = []
    report = library.add(
        [table, packed, tmp_path / "gone.md"],
        columns=Columns.parse("text=story"),
        tags=["x"],
        on_progress=seen.append,
    )
    assert {a.title for a in report.added} == {"Rain", "Hail", "Fog"}
    assert {f.source for f in report.failed} == {
        f"{table}!row 3",
        f"{packed}!empty.txt",
        str(tmp_path / "gone.md"),
    }
    assert (seen[-1].done, seen[-1].total) == (6, 6)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert all(p.done <= p.total for p in seen)
    rain, hail = (only([a for a in report.added if a.title == t]) for t in ("Rain", "Hail"))
    assert rain.key == f"{table}!a"
    assert library.get(hail.id).locators == (Locator(0, 10, "row 4"),)
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert library.get(rain.id).original == {"path": str(table), "sha256": digest}
    assert all(article.tags == ("x",) for article in library.articles())
    table.write_text("id,headline,story\nd,Wind,It blew.\na,Rain,It rained.\nc,Hail,It snowed.\n")
    report = library.add(table, columns=Columns(text=("story",)))
    assert [[a.title for a in found] for found in (report.added, report.updated)] == [
        ["Wind"],
        ["Hail"],
    ]
    assert [a.title for a in report.unchanged] == ["Rain"]
    assert library.get(rain.id).locators == (Locator(0, 10, "row 3"),)
    assert library.get(rain.id).original["sha256"] != digest


def test_a_dry_run_tells_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(f"Report {name}.")
    library.add([tmp_path / "a.md", tmp_path / "b.md"])
    (tmp_path / "b.md").write_text("Another report.")
    before = library.articles(), library.changes(), library.count_passages()
    sources = [tmp_path / f"{name}.md" for name in ("a", "b", "c", "c", "d")]
    report = library.add(sources, tags=["new"], dry_run=True)
    assert str(report) == "1 added, 1 updated, 2 unchanged, 1 failed"
    assert report.failed[0].source == str(tmp_path / "d.md")
    assert (library.articles(), library.changes(), library.count_passages()) == before
    assert str(library.add(sources, tags=["new"])) == str(report)


def test_progress_moves_while_one_long_article_is_embedded(library: Library) -> None:
    long = " ".join(f"Sentence {i} of the long report tells about pier {i}." for i in range(2000))
    seen: list[Progress] = []
    library.add(Article(long, key="long"), on_progress=seen.append)
    assert len({p.passages for p in seen}) > 2


def test_an_addition_of_many_batches(library: Library) -> None:
    long = " ".join(f"Sentence {i} of the long report tells about pier {i}." for i in range(400))
    library.add([Article(long, key="long"), *articles(300)])
    assert library.check() == []
    found = library.passages(Article("x", key="long").id)
    assert all(long[p.start : p.end] == p.text for p in found)
    assert [p.start for p in found] == sorted(p.start for p in found)


def test_an_interrupted_addition_is_finished_by_the_next(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.adding.BATCH_PASSAGES", 1)
    stop = interrupting(6)
    with pytest.raises(KeyboardInterrupt):
        library.add(articles(5), on_progress=stop)
    assert str(library.add(articles(5))) == "2 added, 3 unchanged"
    assert library.check() == []


def test_what_was_written_down_before_an_interruption_is_finished(library: Library) -> None:
    stop = interrupting(6)  # while the batch of five is embedded
    with pytest.raises(KeyboardInterrupt):
        library.add(articles(5), on_progress=stop)
    assert str(library.add(articles(5))) == "5 unchanged"
    assert library.check() == []


def test_a_stopped_addition_reports_what_it_did_and_forgets_what_it_began(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.adding.BATCH_PASSAGES", 2)
    old = Article("Old text.", title="t", key="k")
    library.add(old)
    given = [*articles(3), replace(old, text="New text."), *articles(6)]
    # After two: told of three and four, and stopped when these are embedded.
    report = library.add(given, on_progress=interrupting(5, StopAdding))
    assert str(report) == "2 added, then stopped"
    assert report.stopped
    assert library.check() == []
    assert library._store.catalogue.pending_owners() == []
    assert library.get(old.id).text == "Old text."
    assert texts(library, "text old") >= {"Old text."}
    assert str(library.add(given)) == "4 added, 1 updated, 5 unchanged"
    assert library.check() == []


def test_a_stop_that_comes_too_late_stops_nothing(library: Library) -> None:
    for step in range(20):
        report = library.add(
            Article(f"Text {step}.", key=f"{step}"), on_progress=interrupting(step, StopAdding)
        )
        if not report.stopped:
            break
        assert str(report) == "stopped before anything was added"
    assert str(report) == "1 added"
    assert len(library.articles()) == 1


def test_a_stopped_preview_says_so(library: Library) -> None:
    report = library.add(articles(3), dry_run=True, on_progress=interrupting(1, StopAdding))
    assert str(report) == "1 added, then stopped"
    assert library.articles() == []


def test_a_stopped_change_of_the_title_alone_keeps_the_vectors(library: Library) -> None:
    old = Article("Old text.", title="t", key="k")
    library.add(old)
    assert library.add(replace(old, title="u"), on_progress=interrupting(1, StopAdding)).stopped
    assert library.check() == []
    assert library.get(old.id).title == "t"
    assert texts(library, "old") == {"Old text."}


def test_what_was_overtaken_does_not_come_back(library: Library, tmp_path: Path) -> None:
    """An addition that died must not undo a later one at the next start."""

    stop = interrupting(1)
    other = Library.open(library.folder, embedding=FakeEmbedder())
    old, new = Article("Old text.", key="k"), Article("New text.", key="k")
    with pytest.raises(KeyboardInterrupt):
        other.add([old, Article("x")], on_progress=stop)
    library.add(new)
    reopened = Library.open(library.folder, embedding=FakeEmbedder())
    assert texts(reopened, "text") == {"New text."}
    assert reopened.get(new.id).text == "New text."
    assert reopened.check() == []


def test_what_is_removed_does_not_come_back(library: Library) -> None:
    stop = interrupting(1)
    article = Article("Old text.", key="k")
    library.add(article)
    with pytest.raises(KeyboardInterrupt):
        library.add([replace(article, text="New text."), Article("x")], on_progress=stop)
    library.remove(article.id)
    reopened = Library.open(library.folder, embedding=FakeEmbedder())
    assert reopened.search("text") == []
    assert reopened.articles() == []
    assert reopened.check() == []


# Removing


def test_removing_deletes_everything(library: Library) -> None:
    library.add(articles(3))
    library.add(replace(articles(1)[0], text="The harbour is open."))
    doomed = articles(1)[0].id
    versions = {a.version for a in library.versions(doomed)}
    assert [a.id for a in library.remove(doomed)] == [doomed]
    assert len(library.articles()) == 2
    assert all(hit.passage.article_id != doomed for hit in library.search("harbour open", k=50))
    assert library.versions(doomed) == []
    assert library.check() == []
    assert library.count_passages() == 2
    removed = {c.version for c in library.changes() if c.event == "removed"}
    assert removed == versions
    with pytest.raises(NotFoundError):
        library.get(doomed)
    library.add(articles(1))
    assert library.get(doomed).tags == ()


def test_removing_what_is_not_there_removes_nothing(library: Library) -> None:
    library.add(articles(2))
    with pytest.raises(NotFoundError, match="assistant list"):
        library.remove([library.articles()[0].id, "0" * 12])
    assert len(library.articles()) == 2
    assert library.remove([]) == []
    twice = library.articles()[0].id
    assert len(library.remove([twice, twice])) == 1


def test_the_log_of_changes_goes_on(library: Library) -> None:
    library.add(articles(2))
    first, second = (a.id for a in library.articles())
    library.remove(first)
    mark = library.changes()[-1].number
    library.remove(second)
    assert [c.article_id for c in library.changes(after=mark)] == [second]
    assert library.changes(after=mark)[0].number > mark


# Finding


def test_get_and_find(library: Library) -> None:
    library.add(articles(3))
    wanted = library.articles()[1]
    assert library.get(wanted.id) == wanted
    assert library.find(wanted.id[:8]) == wanted
    for wrong in ("", "zzz", "\ud800", "\x00", "'", "%"):
        with pytest.raises(NotFoundError):
            library.find(wrong)
    with pytest.raises(NotFoundError, match="version"):
        library.get(wanted.id, "nope")


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search("anything") == []
    assert library.articles() == []
    assert library.check() == []
    assert library.count_passages() == 0
    assert library.rebuild() == 0


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "*",
        "harbour*",
        "NEAR(a, b)",
        "a AND OR NOT",
        "title:x",
        "^x",
        "(",
        "{}[]",
        "\\",
        "--",
        ";",
        "the of and",
        "\x00harbour\x00",
        "\ud800 harbour",
        "🚀",
        "_",
        "\u0301",
        "harbour " * 500,
        "x" * 4000,
        "停火",
        "%",
        '" OR "',
    ],
)
def test_no_query_breaks_the_search(scoped: Library, query: str) -> None:
    assert len(scoped.search(query)) <= 10
    assert len(scoped.search(query, source="courier")) <= 2


@pytest.mark.parametrize("query", ["", "  ", "\n\t", "\u2028"])
def test_an_empty_query_finds_nothing(scoped: Library, query: str) -> None:
    assert scoped.search(query) == []
    assert scoped.search("truce", k=0) == []


def test_hits_are_ordered_and_limited(library: Library) -> None:
    library.add([*articles(20), Article("A kestrel nests on the lighthouse.", key="bird")])
    hits = library.search("kestrel lighthouse", k=4)
    assert len(hits) == 4
    assert hits[0].passage.text.startswith("A kestrel")
    assert all(a.score >= b.score for a, b in itertools.pairwise(hits))
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert len({hit.passage.id for hit in hits}) == 4


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_a_weight_for_each_search(library: Library, weight: float) -> None:
    library.add([*articles(20), Article("A kestrel nests on the lighthouse.", key="bird")])
    assert "kestrel" in library.search("kestrel", k=1, weight=weight)[0].passage.text


@pytest.fixture(scope="module")
def scoped(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Two hundred articles that fit better, and three that a scope may ask for; not changed."""
    library = Library.open(tmp_path_factory.mktemp("scoped"), embedding=FakeEmbedder())
    day = date(2024, 9, 26)
    library.add(
        [
            *(
                Article(f"Truce truce truce {i}.", key=f"near/{i}", published=date(2020, 1, 1))
                for i in range(200)
            ),
            Article("The truce one.", key="a", source="Courier", published=day, tags=("x",)),
            Article("The truce two.", key="b", source="Post", published=date(2024, 9, 27)),
            Article("Three, and no such word.", key="c", source="COURIER", tags=("x", "y")),
        ]
    )
    return library


def test_scopes_apply_before_ranking(scoped: Library) -> None:
    one, three = Article("", key="a").id, Article("", key="c").id
    found = {
        "articles": texts(scoped, "truce", articles=[one, three, "missing"]),
        "tags": texts(scoped, "truce", tags=["y"]),
        "either tag": texts(scoped, "truce", tags=["y", "x"]),
        "source": texts(scoped, "truce", source="courier"),
        "since": texts(scoped, "truce", since=date(2024, 9, 27)),
        "until": texts(scoped, "truce", since=date(2024, 9, 26), until=date(2024, 9, 26)),
        "both": texts(scoped, "truce", tags=["x"], source="Courier", until=date(2024, 9, 26)),
        "none": texts(scoped, "truce", articles=["missing"]),
        "contrary": texts(scoped, "truce", since=date(2025, 1, 1), until=date(2024, 1, 1)),
    }
    assert found == {
        "articles": {"The truce one.", "Three, and no such word."},
        "tags": {"Three, and no such word."},
        "either tag": {"The truce one.", "Three, and no such word."},
        "source": {"The truce one.", "Three, and no such word."},
        "since": {"The truce two."},
        "until": {"The truce one."},
        "both": {"The truce one."},
        "none": set(),
        "contrary": set(),
    }
    assert len(texts(scoped, "truce")) == 100


def test_one_article_or_tag_as_a_string_is_one(scoped: Library) -> None:
    assert texts(scoped, "truce", tags="y") == {"Three, and no such word."}
    assert texts(scoped, "truce", articles=Article("", key="a").id) == {"The truce one."}
    assert len(scoped.articles(tags="y")) == 1


def test_articles_are_listed_newest_first_undated_last(scoped: Library) -> None:
    listed = scoped.articles()
    assert [a.key for a in listed[:2]] == ["b", "a"]
    assert listed[-1].key == "c"
    assert [a.key for a in scoped.articles(source="courier")] == ["a", "c"]


@pytest.mark.parametrize(
    "scope", [{"articles": ["\ud800"]}, {"source": "\ud800\x00"}, {"tags": ["\ud800", "'"]}]
)
def test_strange_scopes_find_nothing(scoped: Library, scope: dict[str, Any]) -> None:
    assert scoped.search("truce", **scope) == []


def test_threads_share_a_library(library: Library) -> None:
    library.add(articles(5))
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(6):
                if number % 2:
                    library.add(Article(f"Thread {number} wrote {i}.", key=f"{number}/{i}"))
                else:
                    assert library.search("harbour")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(library.articles()) == 5 + 3 * 6
    assert library.check() == []


# Opening


@pytest.mark.parametrize("place", ["a\x00b", "~no-such-user/x", "/dev/null/x", "x" * 5000])
def test_places_that_cannot_be(place: str) -> None:
    with pytest.raises(StoreError, match="ASSISTANT_STORE"):
        Library.open(place, embedding=FakeEmbedder())


def test_a_server_needs_a_folder_for_the_catalogue() -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_CATALOGUE"):
        Library.open("http://127.0.0.1:1", embedding=FakeEmbedder())


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    with pytest.raises(StoreError):
        library.articles()


def test_what_was_added_is_there_after_reopening(tmp_path: Path) -> None:
    first = Library.open(tmp_path / "s", embedding=FakeEmbedder())
    first.add(articles(3, meta={"note": [1, "x"]}, author="Bell", language="en"))
    before = first.articles()
    first.close()
    again = Library.open(str(tmp_path / "s"), embedding=FakeEmbedder())
    assert again.articles() == before
    assert before[0].meta == {"note": [1, "x"]}
    assert before[0].added is not None
    assert before[0].added.tzinfo is not None
    assert len(again.search("harbour")) == 3


# Another embedding model


def test_another_model_is_refused_and_nothing_changes(library: Library) -> None:
    library.add(articles(3))
    with pytest.raises(OtherModelError, match="assistant rebuild"):
        Library.open(library.folder, embedding=OtherEmbedder())
    assert len(library.search("harbour")) == 3
    assert library.check() == []


def test_rebuilding_with_another_model(library: Library) -> None:
    library.add(articles(3))
    other = Library.open(library.folder, embedding=OtherEmbedder(), rebuilding=True)
    with pytest.raises(OtherModelError):
        other.add(Article("Too early."))
    with pytest.raises(OtherModelError):
        other.search("harbour")
    seen: list[Progress] = []
    assert other.rebuild(seen.append) == 3
    assert (seen[0].done, seen[-1].done) == (0, 3)
    assert len(other.search("harbour")) == 3
    assert other.check() == []
    for use in (lambda: library.search("harbour"), lambda: library.add(Article("Late."))):
        with pytest.raises(OtherModelError):
            use()
    reopened = Library.open(library.folder, embedding=OtherEmbedder())
    assert len(reopened.search("harbour")) == 3


def test_an_interrupted_rebuild_goes_on(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(OtherEmbedder):
        texts = 0

        def encode(self, texts: Any) -> Any:
            self.texts += len(texts)
            return super().encode(texts)

    stop = interrupting(6)
    monkeypatch.setattr("index.store.BATCH_PASSAGES", 2)
    library.add(articles(10))
    model = Counting()
    other = Library.open(library.folder, embedding=model, rebuilding=True)
    with pytest.raises(KeyboardInterrupt):
        other.rebuild(stop)
    assert len(library.search("harbour")) == 10
    assert model.texts == 6
    other.rebuild()
    assert model.texts == 10
    assert other.check() == []


def test_a_rebuild_for_a_third_model_uses_nothing_of_the_second(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.BATCH_PASSAGES", 2)

    class Third(FakeEmbedder):
        fingerprint = "third 64"

    stop = interrupting(6)
    library.add(articles(10))
    second = Library.open(library.folder, embedding=OtherEmbedder(), rebuilding=True)
    with pytest.raises(KeyboardInterrupt):
        second.rebuild(stop)
    third = Library.open(library.folder, embedding=Third(), rebuilding=True)
    assert third.rebuild() == 10
    assert third.check() == []
    assert len(third.search("harbour")) == 10


def test_a_rebuild_keeps_what_came_and_went_meanwhile(library: Library) -> None:
    library.add(articles(10))
    extra = Article("Kestrels came to the lighthouse.", key="bird")

    def meanwhile(progress: Progress) -> None:
        if progress.done == 5 and progress.total == 10:
            library.add(extra)
            library.remove([articles(10)[0].id, articles(10)[9].id])

    other = Library.open(library.folder, embedding=FakeEmbedder())
    other.rebuild(meanwhile)
    assert library.check() == []
    assert len(library.articles()) == 9
    assert library.search("kestrels")[0].passage.article_id == extra.id


def test_a_rebuild_that_died_after_the_swap_is_settled(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(articles(3))
    other = Library.open(library.folder, embedding=OtherEmbedder(), rebuilding=True)

    def die(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(other._store, "_settle_model", die)
    with pytest.raises(KeyboardInterrupt):
        other.rebuild()
    with pytest.raises(OtherModelError):
        Library.open(library.folder, embedding=FakeEmbedder())
    with pytest.raises(OtherModelError):
        library.search("harbour")
    settled = Library.open(library.folder, embedding=OtherEmbedder())
    assert len(settled.search("harbour")) == 3
    assert not (library.folder / "vectors.old").exists()
