from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, LoadError
from index.load import Item, expand, load
from index.loaders import MAX_BYTES
from index.loaders.fields import parse_date
from index.loaders.text import MAX_FRONT_MATTER, decode, split_front_matter

UNREADABLE_FOR_ROOT = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")


def read(path: Path, data: bytes | str) -> Article:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return load(Item(str(path), path=path))


def failure(path: Path, data: bytes | str) -> str:
    with pytest.raises(LoadError) as caught:
        read(path, data)
    reason = str(caught.value)
    assert "\n" not in reason
    return reason


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "an article.md"


@pytest.fixture
def as_nobody(tmp_path: Path) -> Iterator[Path]:
    """A folder to which the rights of an ordinary user apply, also when root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        if os.geteuid():
            yield folder
            return
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)


# Front matter


def test_all_fields_of_front_matter(file: Path) -> None:
    article = read(
        file,
        "---\ntitle: Rain\nsource: The Courier\nauthor: A. Bell\npublished: 2024-09-26\n"
        "url: https://courier.example/rain\nlanguage: en\ntags: [weather, 2024]\nfictional: true\n"
        "---\n\nIt rained.\n",
    )
    assert article.text == "It rained.\n"
    assert (article.title, article.source, article.author) == ("Rain", "The Courier", "A. Bell")
    assert article.published == date(2024, 9, 26)
    assert article.tags == ("weather", "2024")
    assert article.meta == {"fictional": True}
    assert article.origin == "url:https://courier.example/rain"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-09-26", date(2024, 9, 26)),
        ("2024-09-26T10:00:00Z", date(2024, 9, 26)),
        ("2024-09-26 10:00:00 +02:00", date(2024, 9, 26)),
        ("'2024-09-26'", date(2024, 9, 26)),
        ("20240926", date(2024, 9, 26)),
        ("yesterday", None),
        ("2024", None),
        ("[2024-09-26]", None),
    ],
)
def test_dates(file: Path, written: str, expected: date | None) -> None:
    article = read(file, f"---\npublished: {written}\n---\nText.")
    assert article.published == expected
    assert type(article.published) in (date, type(None))
    if expected is None:
        assert article.meta["published"]


def test_parse_date_takes_anything() -> None:
    assert parse_date(datetime(2024, 9, 26, 23)) == date(2024, 9, 26)
    assert parse_date(None) is None
    assert parse_date(["x"]) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[a, b, a, ' ']", ("a", "b")),
        ("politics", ("politics",)),
        ("[1, true, null, [deep], {x: y}]", ("1", "True")),
        ("{a: b}", ()),
        ("", ()),
    ],
)
def test_tags(file: Path, written: str, expected: tuple[str, ...]) -> None:
    assert read(file, f"---\ntags: {written}\n---\nText.").tags == expected


@pytest.mark.parametrize(
    "url", ["not a url", "javascript:alert(1)", "http://", "http://[::1", "/x"]
)
def test_a_bad_url_is_kept_as_a_note(file: Path, url: str) -> None:
    article = read(file, f"---\nurl: '{url}'\n---\nText.")
    assert article.url == ""
    assert article.meta["url"] == url
    assert article.origin == f"key:{file.resolve()}"


@pytest.mark.parametrize(
    "block",
    [
        "title: [unclosed",
        "title: a: b",
        "a: !!timestamp foo",
        "a: !!int ''",
        "a: !!bool x",
        "a: !!python/object/apply:os.system [exit]",
        "published: 2024-13-45",
        "a: \x07",
        "a: " + "[" * 5000,
        "a: " + "x" * MAX_FRONT_MATTER,
    ],
)
def test_bad_yaml_is_one_clear_line(file: Path, block: str) -> None:
    assert "front matter" in failure(file, f"---\n{block}\n---\nText.")


@pytest.mark.parametrize(
    "text",
    [
        "---\nA rule above, a rule below.\n---\nText.",
        "---\n*Emphasis* above.\n---\nText.",
        "---\n- a list\n---\nText.",
        "---\n\n---\nText.",
        "---\nNo end.\n",
        "----\ntitle: x\n----\nText.",
        " ---\ntitle: x\n---\nText.",
        "Text.\n---\ntitle: x\n---\n",
    ],
)
def test_a_horizontal_rule_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "block", ["title: 0x" + "f" * 9000, "x: 0x" + "f" * 9000, "x: .inf", "x: .nan", "x: -.inf"]
)
def test_numbers_that_cannot_be_written_are_left_out(file: Path, block: str) -> None:
    article = read(file, f"---\n{block}\n---\nText.")
    assert article.meta == {}
    assert article.title == file.stem


def test_a_title_of_the_wrong_kind_does_no_harm(file: Path) -> None:
    assert read(file, "---\ntitle: {a: b}\n---\nText.").title == file.stem
    assert read(file, "---\ntitle: 1984\n---\nText.").title == "1984"
    assert read(file, "---\ntitle: |\n  two\n  lines\n---\nText.").title == "two lines"


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "# Rain\n\nIt rained.", "Rain"),
        ("a.md", "Intro\n# Rain ##\nIt rained.", "Rain"),
        ("a.md", "#no heading\nText", "a"),
        ("a.md", "## second level\nText", "a"),
        ("a.txt", "# Rain\n\nIt rained.", "a"),
        ("a.md", "---\ntitle: Snow\n---\n# Rain\nText", "Snow"),
    ],
)
def test_titles(tmp_path: Path, name: str, text: str, title: str) -> None:
    assert read(tmp_path / name, text).title == title


@pytest.mark.parametrize(
    "text",
    ["# a" + " " * 2_000_000 + "b", "#" * 2_000_000, "# " * 500_000, "---\n" + "--\n" * 500_000],
    ids=["spaces", "hashes", "headings", "dashes"],
)
def test_no_pattern_takes_long(file: Path, text: str) -> None:
    began = time.process_time()
    assert len(read(file, text).title) <= 300
    assert time.process_time() - began < 3


# Encodings


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfR\xc3\xa9sum\xc3\xa9", "Résumé"),
        ("Résumé".encode("utf-16"), "Résumé"),
        ("Résumé".encode("utf-16-be"), None),
        (b"\xfe\xff" + "Résumé".encode("utf-16-be"), "Résumé"),
        ("Résumé".encode("utf-32"), "Résumé"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_encodings_that_say_so(data: bytes, text: str | None) -> None:
    if text is None:
        with pytest.raises(LoadError, match="binary"):
            decode(data)
    else:
        assert decode(data)[0] == text


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "shift_jis"])
def test_another_encoding_is_refused_rather_than_guessed(file: Path, encoding: str) -> None:
    """The usual guesser read this Polish as Norwegian; a quote must be right."""
    text = {"cp1252": "L’été à Genève", "cp1250": "Gdańsk i Łódź", "shift_jis": "停戦の提案"}
    reason = failure(file, text[encoding].encode(encoding))
    assert "not UTF-8" in reason
    assert "save it as UTF-8" in reason


def test_a_wrong_byte_is_found_by_its_place(file: Path) -> None:
    reason = failure(file, "Résumé. ".encode() * 4_000 + b"\xff" + b" The end.")
    assert "byte 40,000" in reason


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"%PDF-1.7\nsome text",
        b"PK\x03\x04rest",
        b"text\x00text",
        b"\x7fELF\x02",
        b"\x1f\x8b\x08",
        bytes(range(1, 256)) * 40,
        os.urandom(4000).replace(b"\x00", b"\x01") + b"\xff\x81",
    ],
    ids=["png", "pdf", "zip", "nul", "elf", "gzip", "all bytes", "random"],
)
def test_binary_files_are_refused(file: Path, data: bytes) -> None:
    assert "binary" in (reason := failure(file, data)) or "UTF-8" in reason


@pytest.mark.parametrize("data", [b"", b" \n\t \r\n", b"---\ntitle: x\n---\n\n", b"\xef\xbb\xbf"])
def test_files_without_text_are_refused(file: Path, data: bytes) -> None:
    assert failure(file, data) == "it has no text"


def test_a_text_of_50_megabytes_is_refused_unread(file: Path) -> None:
    with file.open("wb") as handle:
        handle.truncate(50_000_000)
    with pytest.raises(LoadError, match=r"50\.0 million bytes, the limit is 20 million"):
        load(Item(str(file), path=file))
    with pytest.raises(LoadError, match=r"20\.0 million characters"):
        load(Item("x", article=Article("x" * (MAX_BYTES + 1))))


def test_nul_and_lone_surrogates_keep_every_offset() -> None:
    article = load(Item("x", article=Article("a\x00b\ud800c", title="t\ud800\nu", key="k\x00")))
    assert article.text == "a\ufffdb\ufffdc"
    assert article.title == "t\ufffd u"
    assert article.id


# Articles made by a program


def test_a_date_with_a_time_becomes_a_day() -> None:
    article = load(Item("x", article=Article("Text.", published=datetime(2024, 9, 26, 10))))
    assert type(article.published) is date


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 5},
        {"text": ""},
        {"published": "2024-09-26"},
        {"meta": {"x": [0]}, "nested": True},
        {"meta": {(1, 2): 3}},
    ],
)
def test_wrong_articles_are_load_errors(wrong: dict[str, Any]) -> None:
    if wrong.pop("nested", False):
        wrong["meta"]["x"].append(wrong["meta"])
    with pytest.raises(LoadError):
        load(Item("x", article=Article(**{"text": "Text.", **wrong})))


def test_meta_of_mixed_keys_is_made_storable() -> None:
    article = load(Item("x", article=Article("Text.", meta={1: date(2024, 9, 26), "b": None})))  # type: ignore[dict-item]
    assert article.meta == {"1": "2024-09-26", "b": None}
    assert article.meta_hash


# Folders, globs and things that are no files


def names(source: object) -> list[str]:
    items = expand(source)  # type: ignore[arg-type]
    return [Path(item.name).name for item in items if not item.failure]


def reasons(source: object) -> list[str]:
    found = [item.failure for item in expand(source) if item.failure]  # type: ignore[arg-type]
    assert all("\n" not in reason for reason in found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", ".hidden.md", "sub/c.MD", ".git/d.md", "e.doc", "f.jpg"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text.")
    return tmp_path / "news"


def test_a_folder_is_searched_in_order_without_hidden_files(folder: Path) -> None:
    assert names(folder) == ["a.md", "b.txt", "c.MD"]
    assert reasons(folder) == [".doc files cannot be read yet; save it as text or Markdown"]


def test_globs(folder: Path) -> None:
    assert names(f"{folder}/*.md") == ["a.md"]
    assert names(f"{folder}/**/*.[mM][dD]") == ["a.md", "c.MD"]
    assert reasons(f"{folder}/*.docx") == ["no file matches; check the pattern"]


def test_a_file_with_magic_characters_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "[a].md").write_text("Text.")
    (tmp_path / "~nobody.md").write_text("Text.")
    assert names(tmp_path / "[a].md") == ["[a].md"]
    assert names(tmp_path / "~nobody.md") == ["~nobody.md"]


def test_a_tilde_in_front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("~draft.md").write_text("Text.")
    (tmp_path / "x.md").write_text("Text.")
    assert names("~draft.md") == ["~draft.md"]
    assert names("~/x.md") == ["x.md"]
    assert reasons("~no-such-user/x.md")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  ",
        "missing.md",
        "x" * 5000,
        "a/" * 3000,
        "nul\x00.md",
        "~no-such-user",
    ],
)
def test_names_that_lead_nowhere(source: str) -> None:
    assert names(source) == []
    assert len(reasons(source)) == 1


@pytest.mark.parametrize("address", ["https://news.example/a?b=*", "file:///etc/passwd"])
def test_addresses_are_not_fetched_here(address: str) -> None:
    (item,) = expand(f" {address}\n")
    assert item.address == address
    with pytest.raises(LoadError, match="web address"):
        load(item)


def test_the_original_is_named_with_its_hash(file: Path) -> None:
    article = read(file, "It rained.")
    sha256 = "8b38b558e4df5eb3a70f60edea988d448559dfdded9b7ca08d9ba7f6c5ac71a8"
    assert article.original == {"path": str(file), "sha256": sha256}
    given = load(Item("note.md", data=b"# Rain\n\nIt rained.", key="mine:1"))
    assert (given.key, given.title, given.original["name"]) == ("mine:1", "Rain", "note.md")


def test_a_hostile_original_is_bounded() -> None:
    article = Article("Text.", original={"path": "x\ud800" * 9_000, "a\nb": 1})  # type: ignore[dict-item]
    found = load(Item("x", article=article)).original
    assert len(found["path"]) == 4_000
    assert "\ud800" not in found["path"]
    assert found["a b"] == "1"
    with pytest.raises(LoadError, match="original"):
        load(Item("x", article=Article("Text.", original=5)))  # type: ignore[arg-type]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "holds no article" in reasons(tmp_path)[0]


def test_symlink_loops_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    (tmp_path / "a.md").write_text("Text.")
    assert names(tmp_path) == ["a.md", "self.md"]
    with pytest.raises(LoadError):
        load(expand(tmp_path)[1])
    assert len(reasons(tmp_path / "self.md")) == 1


def test_pipes_and_devices_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path in (tmp_path / "pipe.md", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(LoadError, match="no regular file"):
            load(expand(path)[0])


@UNREADABLE_FOR_ROOT
def test_unreadable_files_and_folders(as_nobody: Path) -> None:
    (as_nobody / "closed").mkdir()
    (as_nobody / "closed" / "x.md").write_text("Text.")
    (as_nobody / "file.md").write_text("Text.")
    (as_nobody / "file.md").chmod(0)
    (as_nobody / "closed").chmod(0)
    try:
        items = expand(as_nobody)
        assert len(items) == 2
        for item in items:
            with pytest.raises(LoadError, match=r"[Pp]ermission"):
                load(item)
        assert "ermission" in reasons(as_nobody / "closed" / "x.md")[0]
    finally:
        (as_nobody / "closed").chmod(0o700)


def test_file_names_that_are_no_utf8_stay_apart(tmp_path: Path) -> None:
    keys = set()
    for raw in (b"a\xff.md", b"a\xfe.md"):
        try:
            path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
            article = read(path, "Text.")
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        article.key.encode()
        keys.add(article.id)
    assert len(keys) == 2


@settings(max_examples=250, deadline=None)
@given(
    st.binary(max_size=400)
    | st.binary(max_size=200).map(lambda data: b"---\na: " + data + b"\n---\nText.")
    | st.text(max_size=200).map(
        lambda text: f"---\ntitle: {text}\n---\nText.".encode(errors="replace")
    )
    | st.text(alphabet="*&![]{}<>:-?|'\"%@`# \n0123456789abx.", max_size=80).map(
        lambda text: f"---\nx: {text}\n---\nText.".encode()
    )
)
def test_any_bytes_are_an_article_or_a_load_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.md")
        try:
            article = read(path, data)
        except LoadError:
            failure(path, data)
        else:
            assert article.text.strip()
            assert article.id
            assert article.meta_hash
            f"{article}".encode()
