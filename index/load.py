"""Sources to articles: files, folders and globs of text and Markdown; knows nothing of the store.

Each format is a function from bytes to an `Article`, listed in `LOADERS`; a new format is one more
entry. Everything read here is hostile until proved otherwise: sizes are bounded, front matter is
reduced to plain values, and nothing is executed or followed.
"""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from index.errors import LoadError
from index.types import Article, storable

MAX_BYTES = 20_000_000
"""Bytes of one file, or characters of one article, at most: a book has about a million."""

MAX_FRONT_MATTER = 20_000
"""Characters of front matter at most."""

MAX_DEPTH = 20
"""Lists and mappings of front matter within one another at most."""

Source = str | Path | Article
Loader = Callable[[bytes, Path], Article]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.M)
_HEADING = re.compile(r"^#[ \t]+([^\s#][^\n]*)", re.MULTILINE)
_FIELD = re.compile(r"\s*(?:#[^\n]*\n\s*)*['\"]?[\w-]+['\"]?[ \t]*:(?:\s|$)")
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NOT_YET = frozenset(
    [
        ".pdf",
        ".docx",
        ".doc",
        ".html",
        ".htm",
        ".epub",
        ".eml",
        ".csv",
        ".jsonl",
        ".zip",
        ".rtf",
        ".odt",
    ]
)
_KNOWN = ("title", "source", "author", "published", "url", "language", "tags")


@dataclass(frozen=True)
class Item:
    """One thing to load: an article that is there already, or a file with the key it goes by."""

    name: str
    article: Article | None = None
    path: Path | None = None
    failure: str = ""


def expand(sources: Source | Iterable[Source]) -> list[Item]:
    """All single things that the sources name, in order; what cannot be is an item with a failure.

    Folders are searched for text and Markdown files, hidden ones left out; `*` and `?` work as in a
    shell. Nothing is read yet.
    """
    if isinstance(sources, str | Path | Article):
        sources = [sources]
    return [item for source in sources for item in _expand_one(source)]


def load(item: Item) -> Article:
    """Read one item.

    Raises:
        LoadError: it cannot be read as an article; says why and what to do.
    """
    if item.failure:
        raise LoadError(item.failure)
    if item.article is not None:
        return cleaned(item.article)
    assert item.path is not None
    article = LOADERS.get(item.path.suffix.lower(), load_text)(_read(item.path), item.path)
    return cleaned(replace(article, key=article.key or str(item.path.resolve())))


def load_text(data: bytes, path: Path) -> Article:
    """Plain text with optional front matter; the title is the file's name unless stated."""
    text, encoding = decode(data)
    known, body = split_front_matter(text)
    return _article(body, known, encoding, path.stem)


def load_markdown(data: bytes, path: Path) -> Article:
    """Markdown with optional front matter; the title is the first `# heading` unless stated."""
    text, encoding = decode(data)
    known, body = split_front_matter(text)
    heading = _HEADING.search(body)
    title = heading.group(1).rstrip(" \t#") if heading else path.stem
    return _article(body, known, encoding, title)


LOADERS: dict[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
}
"""How files are read, by suffix; any other file named by itself is tried as plain text."""


def decode(data: bytes) -> tuple[str, str]:
    """Text of these bytes and the name of its encoding; UTF-8 unless they say otherwise.

    Raises:
        LoadError: the bytes are no text, or in no encoding that they name.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        encoding = "utf-32"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:65536] or _is_known_binary(data):
        raise LoadError("it is a binary file; only text and Markdown can be added so far")
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # No guess: the usual guessers take Polish for Norwegian, and a quote must be right.
        raise LoadError(
            f"it is not {encoding.removesuffix('-sig').upper()} (byte {error.start:,}); save it as "
            "UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`, and add it again"
        ) from error
    return _newlines(text), encoding.removesuffix("-sig")


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    r"""The YAML block at the top as a dict (empty if there is none), and the text below it.

    >>> split_front_matter("---\ntitle: Rain\n---\nIt rained.")
    ({'title': 'Rain'}, 'It rained.')

    Raises:
        LoadError: the block is too long or no YAML.
    """
    match = _FRONT_MATTER.match(text)
    if match is None or not _FIELD.match(match.group(1)):  # a horizontal rule is no front matter
        return {}, text
    if len(match.group(1)) > MAX_FRONT_MATTER:
        raise LoadError(f"its front matter has over {MAX_FRONT_MATTER:,} characters; shorten it")
    try:
        _refuse_bombs(match.group(1))
        values = yaml.safe_load(match.group(1))
    except Exception as error:  # PyYAML also lets AttributeError, KeyError and others through
        reason = " ".join(str(error).split())[:160]
        raise LoadError(
            f"its front matter is not YAML ({reason}); mend the lines between the two '---'"
        ) from error
    if not isinstance(values, dict):
        return {}, text
    return {str(name): value for name, value in values.items()}, text[match.end() :].lstrip("\n")


def parse_date(value: object) -> date | None:
    """A date from front matter, None if it is none.

    >>> parse_date("2024-09-26T10:00:00Z")
    datetime.date(2024, 9, 26)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError:
        return None


def cleaned(article: Article) -> Article:
    """The article in a form that every part can store, before its text is hashed.

    Characters that UTF-8 or SQLite cannot hold become U+FFFD, one for one.

    Raises:
        LoadError: there is no text, or too much.
    """
    if not isinstance(article.text, str):
        raise LoadError(f"its text is {type(article.text).__name__}, not str")
    if not article.text.strip():
        raise LoadError("it has no text")
    if len(article.text) > MAX_BYTES:
        raise LoadError(_too_large(len(article.text), "characters"))
    return replace(
        article,
        text=storable(article.text),
        published=_day(article.published),
        meta=_json_object(article.meta),
        title=_line(article.title),
        source=_line(article.source),
        author=_line(article.author),
        url=_line(article.url, 2000),
        language=_line(article.language),
        # Two file names that are no UTF-8 must not become the same one.
        key=article.key.encode("utf-8", "backslashreplace").decode().replace("\x00", "\ufffd"),
        tags=clean_tags(article.tags),
    )


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without surrounding white space, empty ones and repetitions; a string is one tag."""
    given = [tags] if isinstance(tags, str) else tags
    return tuple(dict.fromkeys(tag for tag in map(_line, given) if tag))


def _expand_one(source: Source) -> Iterator[Item]:
    if isinstance(source, Article):
        yield Item(source.title or source.key or source.url or "article", article=source)
        return
    name = str(source)
    try:
        path = Path(name)
        if name.startswith("~") and not path.exists():
            path = path.expanduser()
        if not name.strip():
            yield Item(name, failure="the name is empty; name a file or a folder")
        elif _ADDRESS.match(name):
            reason = "web addresses cannot be read yet; save the article as a text file"
            yield Item(name, failure=reason)
        elif path.is_dir():
            yield from _expand_folder(path)
        elif path.exists():
            yield Item(name, path=path)
        elif glob.has_magic(name):
            found = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - any folder
            for match in found:
                yield from _expand_one(match)
            if not found:
                yield Item(name, failure="no file matches; check the pattern")
        else:
            yield Item(name, failure="there is no such file or folder; check the path")
    # A name too long, a NUL in it, no permission, an unknown ~user.
    except (OSError, ValueError, RuntimeError) as error:
        yield Item(name, failure=f"cannot be opened ({_reason(error)}); check the path")


def _expand_folder(folder: Path) -> Iterator[Item]:
    items: list[Item] = []

    def unreadable(error: OSError) -> None:
        items.append(
            Item(str(error.filename), failure=f"cannot be opened ({_reason(error)}); check rights")
        )

    for parent, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path, suffix = Path(parent, name), Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if suffix in LOADERS:
                items.append(Item(str(path), path=path))
            elif suffix in _NOT_YET:
                reason = f"{suffix} files cannot be read yet; save it as text or Markdown"
                items.append(Item(str(path), failure=reason))
    if not items:
        kinds = ", ".join(LOADERS)
        items.append(Item(str(folder), failure=f"the folder holds no article ({kinds})"))
    yield from items


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise LoadError("it is no regular file; name a text or Markdown file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LoadError(_too_large(size, "bytes"))
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"it cannot be read ({_reason(error)}); check its permissions") from error


def _article(body: str, known: dict[str, Any], encoding: str, title: str) -> Article:
    known = {name: _plain(value) for name, value in known.items()}
    url = str(known.get("url") or "")
    published = parse_date(known.get("published"))
    meta = {
        name: value for name, value in known.items() if name not in _KNOWN and value is not None
    }
    if known.get("published") and published is None:
        meta["published"] = known["published"]
    if url and not _is_web(url):
        meta["url"], url = url, ""
    if encoding != "utf-8":
        meta["encoding"] = encoding
    tags = known.get("tags") or []
    return Article(
        text=body,
        title=str(known.get("title") or title),
        source=str(known.get("source") or ""),
        author=str(known.get("author") or ""),
        published=published,
        url=url,
        language=str(known.get("language") or ""),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),),
        meta=meta,
    )


def _plain(value: object) -> object:
    """Scalars and flat lists of them as they are, dates as text, anything deeper as None."""
    if isinstance(value, str):
        return value[:2000]
    if isinstance(value, bool | int | float):
        return value if abs(value) < 1e300 else None  # neither infinite nor too long to print
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and len(value) <= 100:
        return [v for v in map(_plain, value) if v is not None and not isinstance(v, list)]
    return None


def _refuse_bombs(block: str) -> None:
    """Aliases make a page of YAML grow to gigabytes, and deep nesting takes minutes to read."""
    depth = 0
    for event in yaml.parse(block):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("it has aliases, '*name'; quote values that begin with '*'")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deeply")


def _day(published: object) -> date | None:
    if published is None or isinstance(published, date):
        return published.date() if isinstance(published, datetime) else published
    raise LoadError(f"its date of publication {published!r} is no datetime.date")


def _json_object(meta: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return dict(json.loads(json.dumps(dict(meta), default=str)))
    except (TypeError, ValueError, RecursionError) as error:
        raise LoadError(f"its meta cannot be written as JSON ({error}); leave it out") from error


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _is_known_binary(data: bytes) -> bool:
    magic = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")
    return data.startswith(magic)


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(text: object, longest: int = 300) -> str:
    """One line of at most `longest` characters."""
    return " ".join(storable(str(text)).split())[:longest]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _too_large(size: int, unit: str) -> str:
    return (
        f"it has {size / 1e6:.1f} million {unit}, the limit is {MAX_BYTES / 1e6:.0f} million; "
        "split it into several files"
    )
