"""A library written to a file and read again is the same library; hostile files stop nothing."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st
from test_cli import Cli, ids

from index import Article, InputError, Library, LoadError, Locator, Progress
from index.exchange import from_line, to_line
from index.exporting import file_name, to_markdown
from index.load import cleaned

STRANGE = [
    Article(
        "Rain fell.\r\n\r\nA line\u2028apart, a \x85 and a \x1b.  ",
        title="Rain 🌧️ in Beirut — أمطار في بيروت",
        source='Courier "A", \\B',
        author="Bell",
        published=date(2024, 9, 26),
        url="HTTPS://News.Example/a/?id=1#top",
        language="ar",
        tags=("b", "a", "é", "\N{ARABIC LETTER ALEF}"),
        meta={"note": ["x", 1, None, {"z": 0.1, "a": "\ud800"}], "": "🚀", "\u2028": True},
        locators=(Locator(0, 10, "p. 1 – «أ»"), Locator(0, 4, "")),
        original={"path": "/ä.pdf", "sha256": "0" * 64},
    ),
    Article("e\u0301 is not \u00e9. 👩‍👩‍👧 came.", title="Cafe\u0301", key='k\n\t"\\\ud800\x00'),
    Article("هطل المطر في بيروت. ثم توقف.", key="أ/ب", published=date(1, 1, 1)),
    Article("No key at all."),
    Article("Same text.", key="one"),
    Article("Same text.", key="two", published=date(9999, 12, 31)),
    Article("w" * 301, title="x" * 299 + " y", key="/long" * 500),
]


def contents(library: Library) -> list[tuple[Any, ...]]:
    """All that is known of a library's articles."""
    return [
        (a.id, library.versions(a.id), [p.id for p in library.passages(a.id)])
        for a in library.articles()
    ]


@pytest.fixture
def shelf(library: Library) -> Library:
    """Strange articles, one of them with three versions."""
    library.add(STRANGE)
    for text in ("Same text, changed.", "Same text.", "Changed for good. 🌧️"):
        library.add(Article(text, title=f"Now: {text}", key="one", meta={"n": len(text)}))
    library.set_tags(STRANGE[3].id, ["later"])
    return library


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "empty", embedding=FakeEmbedder())
    yield opened
    opened.close()


def test_an_import_of_an_export_is_the_same_library(
    shelf: Library, empty: Library, tmp_path: Path
) -> None:
    day = datetime(2020, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=3)))
    with shelf._store.catalogue.transaction() as db:
        db.execute("UPDATE revisions SET added = ? WHERE key = 'one'", (day.isoformat(),))
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert shelf.export(first) == 7
    seen: list[Progress] = []
    report = empty.import_file(first, on_progress=seen.append)
    assert str(report) == "7 added"
    assert (seen[0].done, seen[-1].done, {p.total for p in seen}) == (0, 7, {7})
    assert contents(empty) == contents(shelf)
    assert len(empty.versions(Article("", key="one").id)) == 3
    assert empty.get(Article("", key="one").id).added == day
    assert empty.check() == []
    assert empty.export(second) == 7
    assert second.read_bytes() == first.read_bytes()
    assert str(empty.import_file(second)) == "7 unchanged"
    assert contents(empty) == contents(shelf)
    for text in ("rain fell", "changed for good", "المطر"):
        found = [[h.passage for h in library.search(text)] for library in (shelf, empty)]
        assert found[0] == found[1] != []


def test_each_line_is_one_json_object(shelf: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    shelf.export(str(path))
    lines = path.read_text(encoding="utf-8").splitlines()  # also ends lines at U+2028 and U+0085
    records = [json.loads(line) for line in lines]
    assert [r["id"] for r in records] == [a.id for a in shelf.articles()]
    assert all(r["text"] == a.text for r, a in zip(records, shelf.articles(), strict=True))
    assert "أمطار" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.glob(".export*")] == []


TEXTS = st.text(st.characters(), max_size=40)
ARTICLES = st.builds(
    Article,
    text=TEXTS.filter(str.strip),
    title=TEXTS,
    source=TEXTS,
    author=TEXTS,
    published=st.none() | st.dates(),
    url=TEXTS,
    key=TEXTS,
    language=TEXTS,
    tags=st.lists(TEXTS, max_size=3).map(tuple),
    meta=st.dictionaries(
        TEXTS, st.recursive(st.none() | st.integers() | TEXTS, lambda inner: st.lists(inner))
    ),
    added=st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0)),
    original=st.dictionaries(st.sampled_from(["path", "url", "sha256"]), TEXTS),
)


@given(article=ARTICLES, earlier=st.lists(ARTICLES, max_size=2))
def test_a_line_says_everything(article: Article, earlier: list[Article]) -> None:
    article = cleaned(replace(article, key=article.key or "k"))
    older = [cleaned(replace(old, key=article.key, url=article.url, tags=())) for old in earlier]
    line = to_line([article, *older])
    assert line.count(b"\n") == 1
    assert from_line(line) == [article, *older]
    assert to_line(from_line(line)) == line


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: json.dumps(t).encode()))
def test_any_line_is_an_article_or_a_load_error(line: bytes) -> None:
    with pytest.raises(LoadError):
        from_line(line)


GOOD = {"text": "Snow fell.", "key": "good"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"[]", "dictionary"),
        (b'"text"', "dictionary"),
        (b'{"text": "x"', "no JSON"),
        (b'{"text": "\xff"}', "UTF-8"),
        (b"[" * 100_000, "no JSON"),
        (b'{"text": "x", "meta": {"n": ' + b"9" * 5_000 + b"}}", "no JSON"),
        (b'{"text": "x", "meta": ' + b'{"a":' * 900 + b"1" + b"}" * 901, "nested"),
        (b"{}", "text"),
        ({"text": ""}, "no text"),
        ({"text": 7}, "text"),
        ({**GOOD, "tags": "x"}, "tags"),
        ({**GOOD, "published": "soon"}, "2024-09-26"),
        ({**GOOD, "published": 7}, "published"),
        ({**GOOD, "added": "2024-13-01"}, "2024-09-26"),
        ({**GOOD, "locators": [{"start": 0, "end": 99, "label": "p"}]}, "outside"),
        ({**GOOD, "locators": [{"start": True, "end": 1, "label": "p"}]}, "locators.0.start"),
        ({**GOOD, "meta": []}, "meta"),
        ({**GOOD, "colour": "red"}, "colour"),
        ({**GOOD, "a\nb": "red"}, "a b"),
        ({**GOOD, "published": "2" * 5_000}, "2024-09-26"),
        ({**GOOD, "id": "0" * 12}, '"id"'),
        ({**GOOD, "version": "0" * 16}, '"version"'),
        ({**GOOD, "versions": [{"text": "Old.", "key": "other"}]}, "origin"),
        ({**GOOD, "versions": [{"text": "Old.", "key": "good", "tags": []}]}, "versions.0.tags"),
        ({**GOOD, "versions": {"text": "Old."}}, "versions"),
    ],
)
def test_a_hostile_line_stops_nothing(library: Library, row: Any, reason: str) -> None:
    line = row if isinstance(row, bytes) else json.dumps(row).encode()
    first = json.dumps({"text": "Rain fell.", "key": "a"}).encode()
    last = json.dumps({"text": "Hail fell.", "key": "z", "versions": [{"text": "H.", "key": "z"}]})
    file = io.BytesIO(b"\xef\xbb\xbf" + first + b"\r\n\n" + line + b"\n" + last.encode())
    report = library.import_file(file)
    assert [a.key for a in report.added] == ["a", "z"]
    (failure,) = report.failed
    assert failure.source == "standard input!line 3"
    assert reason in failure.reason
    assert "\n" not in failure.reason
    assert len(failure.reason) < 350
    assert [a.text for a in library.versions(report.added[1].id)] == ["Hail fell.", "H."]
    assert library.check() == []


def test_a_line_that_is_too_long(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.exchange.MAX_LINE", 100)
    rows = [json.dumps({"text": f"{letter} " * n}) for letter, n in (("a", 9), ("b", 90), ("c", 9))]
    report = library.import_file(io.BytesIO("\n".join(rows).encode()))
    assert str(report) == "2 added, 1 failed"
    assert "longer than 100 bytes" in report.failed[0].reason


def test_an_import_into_a_library_that_has_some(shelf: Library, empty: Library) -> None:
    file = io.BytesIO()
    shelf.export(file)
    empty.add([Article("No key at all.", tags=("mine",)), Article("Other.", key="one")])
    file.seek(0)
    assert str(empty.import_file(file)) == "5 added, 1 updated, 1 unchanged"
    assert empty.get(STRANGE[3].id).tags == ("later", "mine")
    texts = [a.text for a in empty.versions(Article("", key="one").id)]
    assert texts[0] == "Changed for good. 🌧️"
    assert sorted(texts[1:]) == ["Other.", "Same text, changed.", "Same text."]
    assert empty.check() == []


def test_an_interrupted_import_goes_on(shelf: Library, empty: Library) -> None:
    file = io.BytesIO()
    shelf.export(file)

    def stop(progress: Progress) -> None:
        if progress.current.endswith("line 5"):
            raise KeyboardInterrupt

    file.seek(0)
    with pytest.raises(KeyboardInterrupt):
        empty.import_file(file, on_progress=stop)
    file.seek(0)
    empty.import_file(file)
    assert contents(empty) == contents(shelf)
    assert empty.check() == []


def test_an_export_can_be_narrowed(shelf: Library) -> None:
    for scope, count in (
        ({"tags": "later"}, 1),
        ({"words": "changed good"}, 1),
        ({"since": date(2024, 1, 1), "until": date(2024, 12, 31)}, 1),
        ({"articles": [STRANGE[0].id, STRANGE[3].id]}, 2),
        ({"source": "nobody"}, 0),
    ):
        file = io.BytesIO()
        assert shelf.export(file, **scope) == count
        assert file.getvalue().count(b"\n") == count


def test_a_file_that_cannot_be_written_stays_as_it_was(
    shelf: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in (tmp_path, "/dev/null", tmp_path / "no" / "x.jsonl", "a\x00b", "~no-such-user/x"):
        with pytest.raises(InputError):
            shelf.export(wrong)
    path = tmp_path / "a.jsonl"
    path.write_text("before")

    def fail(versions: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.exporting.to_line", fail)
    with pytest.raises(InputError, match="No space left"):
        shelf.export(path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.glob(".export*")] == []


# Markdown


def test_markdown_has_a_file_for_each_that_can_be_added_again(
    shelf: Library, empty: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    assert shelf.export(folder, markdown=True) == 7
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert len(files) == 7
    assert all(name.endswith(".md") and len(name.encode()) < 120 for name in files)
    rain = next(text for name, text in files.items() if name.startswith("Rain"))
    assert rain.startswith("---\ntitle: ")
    assert "published: 2024-09-26\n" in rain
    report = empty.add(folder)
    assert str(report) == "7 added"
    (again,) = empty.articles(since=date(2024, 1, 1), until=date(2024, 12, 31))
    assert (again.title, again.source) == (STRANGE[0].title, STRANGE[0].source)
    assert set(again.tags) == set(STRANGE[0].tags)
    for wrong in (folder, folder / next(iter(files)), io.BytesIO()):
        with pytest.raises(InputError, match="folder"):
            shelf.export(wrong, markdown=True)
    assert [p.name for p in tmp_path.glob(".export*")] == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd.md"),
        (".hidden", "hidden.md"),
        ("a\x00b\nc", "a b c.md"),
        ("المطر", "المطر.md"),
        ("é" * 200, "é" * 40 + ".md"),
        ("CON", None),
        ("", None),
        ("🚀🚀", None),
        ("--- title: x", "title x.md"),
    ],
)
def test_file_names_are_safe(title: str, name: str | None) -> None:
    article = Article("x", title=title)
    found = file_name(article, set())
    if name:
        assert found == name
    else:
        assert article.id[:8] in found


def test_file_names_differ_for_every_file_system() -> None:
    taken: set[str] = set()
    titles = ["Rain", "RAIN", "rain!", "Café", "Cafe\u0301", "Straße", "STRASSE"]
    names = [file_name(Article("x", title=t, key=str(i)), taken) for i, t in enumerate(titles)]
    assert len({name.casefold() for name in names}) == len(titles)


def test_markdown_cannot_break_out_of_its_head() -> None:
    made = to_markdown(Article("Body.", title="---\nsource: x", meta={"a": "\ud800", "b": "---"}))
    head, _, body = made.decode().partition("\n---\n\n")
    assert body == "Body."
    assert "\nsource:" not in head


# From the command line


def test_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = Cli(tmp_path, capsys)
    target = tmp_path / "all.jsonl"
    for name in ("rain", "snow"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} fell.")
        cli("add", str(tmp_path / f"{name}.txt"), "--tag", name)
    before = ids(cli)
    assert cli.json("export", str(target)) == (0, {"exported": 2, "to": str(target)})
    code, out, err = cli("export", "-", "--tag", "rain")
    assert (code, out.count("\n"), "exported   1 article\n" in err) == (0, 1, True)
    assert json.loads(out)["text"] == "The rain fell."
    assert cli.fails("export", "-", "--markdown")[0] == 2
    assert cli("export", str(tmp_path / "md"), "--markdown")[0] == 0
    assert sorted(p.name for p in (tmp_path / "md").iterdir()) == ["rain.md", "snow.md"]
    cli.store = tmp_path / "other"
    code, out, _ = cli("import", str(target))
    assert (code, ids(cli)) == (0, before)
    assert out.endswith("2 added\n")
    assert cli.fails("import", str(tmp_path / "no.jsonl"))[0] == 2
    typed = io.TextIOWrapper(io.BytesIO(target.read_bytes() + b"nonsense\n"))
    monkeypatch.setattr(sys, "stdin", typed)
    code, out, err = cli("import", "-")
    assert (code, out) == (1, "2 unchanged, 1 failed\n")
    assert err.startswith("failed     standard input!line 3: it is no JSON object")
