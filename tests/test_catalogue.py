from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Locator, NotFoundError, Scope, StoreError, StoreFullError
from index.catalogue import Catalogue
from index.lexical import match_expression

RAIN = Article(
    "Rain fell. Ships waited.",
    title="Rain",
    source="Courier",
    author="Bell",
    published=date(2024, 9, 26),
    url="https://x.example/a",
    language="en",
    tags=("b", "a"),
    meta={"note": ["x", 1]},
    added=datetime(2024, 9, 27, 8, tzinfo=UTC),
    locators=(Locator(0, 10, "p. 1"), Locator(11, 24, "p. 2")),
    original={"path": "/a.pdf", "sha256": "0" * 64},
)
SPANS = [(0, 10), (11, 24)]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite3")
    yield opened
    opened.close()


def publish(books: Catalogue, article: Article, spans: list[tuple[int, int]]) -> list[str]:
    return books.publish([books.add_pending(article, spans, "me")])


def test_a_pending_article_is_not_found(books: Catalogue) -> None:
    revision = books.add_pending(RAIN, SPANS, "me")
    assert books.articles(Scope()) == []
    assert books.ids(Scope()) == []
    assert books.known(RAIN.id) is None
    assert books.bm25("rain") == {}
    assert books.is_empty
    assert books.searched_ids() == set()
    assert books.count_passages() == 0
    assert books.pending_owners() == ["me"]
    with pytest.raises(NotFoundError):
        books.get(RAIN.id)
    with pytest.raises(NotFoundError):
        books.ready_revision(RAIN.id)
    assert books.article_of(revision) == replace(RAIN, tags=("a", "b"))


def test_a_published_article_comes_back_as_it_was(books: Catalogue) -> None:
    assert publish(books, RAIN, SPANS) == []
    assert books.get(RAIN.id) == replace(RAIN, tags=("a", "b"))
    known = books.known(RAIN.id)
    assert known
    assert (known.version, known.meta_hash) == (RAIN.version, RAIN.meta_hash)
    found = books.passages_of(books.ready_revision(RAIN.id))
    assert [p.text for p in found] == ["Rain fell.", "Ships waited."]
    assert [(p.start, p.end) for p in found] == SPANS
    assert {p.id for p in found} == books.searched_ids()
    assert books.pending_owners() == []


def test_places_can_move_without_a_new_version(books: Catalogue) -> None:
    publish(books, RAIN, SPANS)
    moved = replace(RAIN, locators=(Locator(0, 24, "p. 9"),), original={"path": "/b.pdf"})
    books.set_places(moved)
    books.set_places(replace(moved, text="Another text.", locators=()))
    assert books.get(RAIN.id) == replace(moved, tags=("a", "b"))
    assert len(books.versions(RAIN.id)) == 1


def test_what_was_seen_of_a_feed_is_kept(books: Catalogue) -> None:
    assert books.feed("https://x.example/f") is None
    books.set_feed("https://x.example/f", "e", "", ["1"])
    books.set_feed("https://x.example/f", '"é"', "Tue", ["2", "1"])
    assert books.feed("https://x.example/f") == ('"é"', "Tue", ("2", "1"))


def test_publishing_says_which_passages_are_gone(books: Catalogue) -> None:
    publish(books, RAIN, SPANS)
    titled = publish(books, replace(RAIN, title="Showers"), SPANS)
    assert titled == []
    fewer = publish(books, RAIN, SPANS[:1])
    assert fewer == [f"{RAIN.id}/{RAIN.version}/1"]
    snow = replace(RAIN, text="Snow fell.")
    assert publish(books, snow, [(0, 10)]) == [f"{RAIN.id}/{RAIN.version}/0"]
    assert books.searched_ids() == {f"{RAIN.id}/{snow.version}/0"}
    assert [a.text for a in books.versions(RAIN.id)] == [snow.text, RAIN.text]


def test_the_header_is_searched_and_counts_less_than_the_text(books: Catalogue) -> None:
    publish(books, Article("Nothing of it. Nothing here.", title="Kestrel", key="t"), [(0, 28)])
    publish(books, Article("A kestrel was seen. It left.", title="Birds", key="b"), [(0, 28)])
    scores = books.bm25("kestrel")
    rows = {row.passage.text[:9]: scores[row.number] for row in books.numbered([*scores]).values()}
    assert rows["A kestrel"] > rows["Nothing o"] > 0


def ships(books: Catalogue, count: int) -> None:
    for i in range(count):
        text = f"Ship {i} waited. " + "Rain fell. " * (i % 4)
        publish(books, Article(text, key=str(i)), [(0, len(text) - 1)])


def test_a_search_may_be_limited_to_articles(books: Catalogue) -> None:
    ships(books, 20)
    scores = books.bm25("rain ship")
    assert len(scores) == 20
    rows = books.numbered([*scores][5:8])
    some = {row.passage.article_id for row in rows.values()}
    assert set(books.bm25("rain ship", sorted(some))) == {row.number for row in rows.values()}
    assert books.bm25("kestrel") == books.bm25("kestrel", sorted(some)) == {}


def test_common_words_are_left_out_where_rarer_ones_are_there(
    books: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships(books, 20)  # all have a ship, 15 have rain
    monkeypatch.setattr("index.lexical.MOST_MATCHES", 15)
    assert len(books.bm25("rain ship")) == 15
    assert books.bm25("rain ship") == books.bm25("rain")
    assert len(books.bm25("kestrel ship")) == 20  # the only one that is there
    assert len(books.bm25("ship 7")) == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [("waiting", "They waited."), ("beirut", "Beïrut was hit."), ("SHIPS", "a ship")],
)
def test_words_match_by_stem_without_case_and_accents(
    books: Catalogue, query: str, text: str
) -> None:
    publish(books, Article(text), [(0, len(text))])
    assert len(books.bm25(query)) == 1


def test_owners_that_are_gone_are_adopted_once(books: Catalogue) -> None:
    first = books.add_pending(RAIN, SPANS, "dead")
    books.add_pending(Article("Other."), [(0, 6)], "living")
    assert books.adopt("heir", ["dead"]) == [first]
    assert books.adopt("late", ["dead"]) == []
    assert sorted(books.pending_owners()) == ["heir", "living"]


def test_what_was_overtaken_is_not_adopted(books: Catalogue) -> None:
    books.add_pending(replace(RAIN, text="Old."), [(0, 4)], "dead")
    publish(books, RAIN, SPANS)
    newer = books.add_pending(replace(RAIN, text="New."), [(0, 4)], "dead")
    assert books.adopt("heir", ["dead"]) == [newer]


def test_removing_leaves_what_is_being_added(books: Catalogue) -> None:
    publish(books, RAIN, SPANS)
    revision = books.add_pending(replace(RAIN, text="Snow."), [(0, 5)], "me")
    assert len(books.remove(RAIN.id)) == 2
    assert books.versions(RAIN.id) == []
    assert books.count_passages() == 0
    books.publish([revision])
    assert books.get(RAIN.id).text == "Snow."
    with closing(sqlite3.connect(books.path)) as db:
        for table, left in (("revisions", 1), ("passages", 1), ("lexical", 1)):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (left,)


def test_a_transaction_is_all_or_nothing_and_nests(books: Catalogue) -> None:
    def fail() -> None:
        with books.transaction():
            books.set_setting("a", "1")
            publish(books, RAIN, SPANS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert books.get_setting("a") is None
    assert books.articles(Scope()) == []
    with books.transaction():
        books.set_setting("a", "1")
    assert books.get_setting("a") == "1"


def test_changes_are_numbered_and_kept(books: Catalogue) -> None:
    publish(books, RAIN, SPANS)
    publish(books, replace(RAIN, text="Snow."), [(0, 5)])
    books.remove(RAIN.id)
    events = [(c.event, c.version) for c in books.changes()]
    snow = replace(RAIN, text="Snow.").version
    assert events[0] == ("changed", RAIN.version)
    assert set(events[1:]) == {("removed", RAIN.version), ("removed", snow)}
    numbers = [c.number for c in books.changes()]
    assert numbers == sorted(numbers)
    assert books.changes(after=numbers[-1]) == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("database or disk is full", StoreFullError),
        ("disk I/O error", StoreFullError),
        ("attempt to write a readonly database", StoreError),
        ("malformed", StoreError),
    ],
)
def test_errors_of_the_database_are_one_clear_line(
    books: Catalogue, reason: str, kind: type[StoreError]
) -> None:
    with pytest.raises(kind) as caught, books.transaction():
        raise sqlite3.OperationalError(reason)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)


@given(st.text(max_size=100))
def test_any_query_makes_a_valid_expression(query: str) -> None:
    expression = match_expression(query)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute('CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = "porter unicode61")')
        if expression:
            db.execute("SELECT * FROM t WHERE t MATCH ?", (expression,)).fetchall()
