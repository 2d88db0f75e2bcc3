"""Sources to articles: files, folders and globs; knows nothing of formats, web or store.

What is in a file is read by `index.loaders`, what is at a web address by `index.pages`. Everything
read here is hostile until proved otherwise: sizes are bounded, and nothing is executed or followed.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

from index.errors import LoadError
from index.language import normalise
from index.loaders import SUFFIXES, Columns, Loaded, read
from index.loaders.base import MAX_BYTES, too_large
from index.local import LOCAL_ONLY, says_so
from index.types import Article, Failure, Locator, storable

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NOT_YET = frozenset(".doc .odt .ods .odp .rtf .xls .xlsx .ppt .pptx .mobi .msg .mbox".split())


@dataclass(frozen=True)
class Item:
    """One thing to load: an article that is there already, a file, its bytes, or a web address.

    `name` is how reports call it. With a `key` the articles go by that key instead of the file's
    path, and the file by `name`.
    """

    name: str
    article: Article | None = None
    path: Path | None = None
    data: bytes | None = None
    address: str = ""
    key: str = ""
    failure: str = ""


Source = str | Path | Article | Item
"""What can be added; a string is a file, a folder, a pattern or a web address."""


def expand(sources: Source | Iterable[Source]) -> list[Item]:
    """All single things that the sources name, in order; what cannot be is an item with a failure.

    Folders are searched for files of every kind that can be read, hidden ones left out; `*` and `?`
    work as in a shell. Nothing is read or fetched yet.
    """
    if isinstance(sources, str | Path | Article | Item):
        sources = [sources]
    return [item for source in sources for item in _expand_one(source)]


def load(item: Item) -> Article:
    """Read one item that is one article.

    Raises:
        LoadError: it cannot be read as an article, or holds several; says why and what to do.
    """
    articles = load_all(item)
    if len(articles) > 1:
        raise LoadError(f"it holds {len(articles):,} articles; one was expected here")
    return articles[0]


def load_all(item: Item, columns: Columns | None = None) -> list[Article]:
    """Read every article of one item, at least one; `load_parts` also tells what failed.

    Raises:
        LoadError: it holds no article that can be read.
    """
    loaded = load_parts(item, columns)
    if not loaded.articles:
        first = loaded.failures[0]
        raise LoadError(f"{first.source.rpartition('!')[2]}: {first.reason}")
    return list(loaded.articles)


def load_parts(item: Item, columns: Columns | None = None) -> Loaded:
    """Read every article of one item, and say of each part that is none why.

    Raises:
        LoadError: the item as a whole cannot be read.
    """
    if item.failure:
        raise LoadError(item.failure)
    if item.article is not None:
        return Loaded((cleaned(item.article),))
    if item.address:
        raise LoadError("it is a web address, which only Library.add fetches")
    data = _read(item.path) if item.path else item.data or b""
    path = str(item.path.resolve()) if item.path else ""
    named = bool(item.key or not path)
    name = item.name if named else path
    called = PurePath(item.name).name if named or not item.path else item.path.name
    original = {"name" if named else "path": name, "sha256": sha256(data)}
    loaded = replace(read(data, called, columns), data=data)
    return filed(loaded, item.key or path, name, original)


def filed(loaded: Loaded, key: str, name: str, original: Mapping[str, str]) -> Loaded:
    """What came of one file in its final form, each article with its key and its original.

    Args:
        loaded: as the loaders gave it.
        key: what an article that is the whole file goes by; a part adds `!` and its own name.
        name: how failures call the file.
        original: which file it was, see `Article`.

    Raises:
        LoadError: it is one article, and that cannot be stored.
    """
    whole = not loaded.failures and len(loaded.articles) == 1
    articles: list[Article] = []
    failures = [replace(failure, source=f"{name}!{failure.source}") for failure in loaded.failures]
    for article in loaded.articles:
        own = f"{key}!{article.key}" if article.key else key
        try:
            articles.append(cleaned(replace(article, key=own, original=original)))
        except LoadError as error:
            if whole:
                raise
            failures.append(Failure(f"{name}!{article.key}".rstrip("!"), str(error)))
    return Loaded(tuple(articles), tuple(failures), loaded.data)


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def cleaned(article: Article) -> Article:
    """The article in a form that every part can store, before its text is hashed.

    Characters that UTF-8 or SQLite cannot hold become U+FFFD, one for one. What it says of itself
    as `local_only: true` becomes the tag.

    Raises:
        LoadError: there is no text, or too much.
    """
    if not isinstance(article.text, str):
        raise LoadError(f"its text is {type(article.text).__name__}, not str")
    if not article.text.strip():
        raise LoadError("it has no text")
    if len(article.text) > MAX_BYTES:
        raise LoadError(too_large(len(article.text), "characters"))
    meta, tags = _json_object(article.meta), clean_tags(article.tags)
    return replace(
        article,
        text=storable(article.text),
        published=_day(article.published),
        meta=meta,
        title=_line(article.title),
        source=_line(article.source),
        author=_line(article.author),
        url=_line(article.url, 2000),
        language=normalise(_line(article.language)),
        # Two file names that are no UTF-8 must not become the same one.
        key=article.key.encode("utf-8", "backslashreplace").decode().replace("\x00", "\ufffd"),
        tags=clean_tags([*tags, LOCAL_ONLY]) if says_so(meta) else tags,
        locators=tuple(_place(locator, len(article.text)) for locator in article.locators),
        original=_facts(article.original),
    )


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without surrounding white space, empty ones and repetitions; a string is one tag."""
    given = [tags] if isinstance(tags, str) else tags
    return tuple(dict.fromkeys(tag for tag in map(_line, given) if tag))


def _expand_one(source: Source) -> Iterator[Item]:
    if isinstance(source, Article):
        yield Item(source.title or source.key or source.url or "article", article=source)
        return
    if isinstance(source, Item):
        yield source
        return
    name = str(source)
    try:
        path = Path(name)
        if name.startswith("~") and not path.exists():
            path = path.expanduser()
        if not name.strip():
            yield Item(name, failure="the name is empty; name a file or a folder")
        elif _ADDRESS.match(name.strip()):
            yield Item(name, address=name.strip())
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
            if suffix in SUFFIXES:
                items.append(Item(str(path), path=path))
            elif suffix in _NOT_YET:
                reason = f"{suffix} files cannot be read yet; save it as text or Markdown"
                items.append(Item(str(path), failure=reason))
    if not items:
        kinds = ", ".join(SUFFIXES)
        items.append(Item(str(folder), failure=f"the folder holds no article ({kinds})"))
    yield from items


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise LoadError("it is no regular file; name a file with an article")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LoadError(too_large(size, "bytes"))
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"it cannot be read ({_reason(error)}); check its permissions") from error


def _day(published: object) -> date | None:
    if published is None or isinstance(published, date):
        return published.date() if isinstance(published, datetime) else published
    raise LoadError(f"its date of publication {published!r} is no datetime.date")


def _place(locator: Locator, length: int) -> Locator:
    if not 0 <= locator.start <= locator.end <= length:
        raise LoadError(f"its locator {locator!r} lies outside of its text")
    return replace(locator, label=_line(locator.label))


def _facts(original: Mapping[str, str]) -> dict[str, str]:
    try:
        found = dict(original)
    except (TypeError, ValueError) as error:
        raise LoadError(f"its original {original!r:.80} is no mapping of text; mend it") from error
    return {_line(name, 40): storable(str(value))[:4000] for name, value in found.items()}


def _json_object(meta: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return dict(json.loads(json.dumps(dict(meta), default=str)))
    except (TypeError, ValueError, RecursionError) as error:
        raise LoadError(f"its meta cannot be written as JSON ({error}); leave it out") from error


def _line(text: object, longest: int = 300) -> str:
    """One line of at most `longest` characters."""
    return " ".join(storable(str(text)).split())[:longest].rstrip()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
