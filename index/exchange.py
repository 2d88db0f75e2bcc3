"""A library as a file of JSON lines, and back: one article a line, with all that is known of it.

What is written is the same for equal libraries, byte for byte. What is read may be damaged or
hostile: a line that cannot be used becomes a failure with its reason, and the next one is read.
Knows nothing of how articles are embedded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from index.adding import Addition
from index.catalogue import Catalogue
from index.errors import LoadError
from index.load import Item, cleaned
from index.loaders import MAX_BYTES
from index.local import LOCAL_ONLY
from index.types import AddReport, Article, Failure, Locator, Scope

MAX_LINE = 20 * MAX_BYTES
"""Bytes of one line at most: an article of the largest size with several versions."""

MAX_DEPTH = 100
"""Levels of a line's JSON: what is deeper might be read now, and fail where the stack is fuller."""

# What UTF-8 cannot hold, and what some readers take for the end of a line.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    start: int
    end: int
    label: str


class _State(BaseModel):
    """One version of an article as a line has it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    version: str = ""
    title: str = ""
    source: str = ""
    author: str = ""
    published: str | None = None
    url: str = ""
    language: str = ""
    key: str = ""
    added: str | None = None
    meta: dict[Any, Any] = {}
    original: dict[str, str] = {}
    locators: list[_Place] = []
    text: str


class _Record(_State):
    """A line: the current version, and what belongs to all versions."""

    id: str = ""
    tags: list[str] = []
    versions: list[_State] = []


def stored(
    catalogue: Catalogue, scope: Scope, local: Collection[str] = ()
) -> Iterator[list[Article]]:
    """Each article in the scope with its versions, the current one first, one at a time.

    Those whose ids are `local` have the tag that says so in any library.
    """
    for name in catalogue.ids(scope):
        if versions := catalogue.versions(name):  # else removed meanwhile
            if name in local:
                tags = tuple(sorted({*versions[0].tags, LOCAL_ONLY}))
                versions[0] = replace(versions[0], tags=tags)
            yield versions


def to_line(versions: Sequence[Article]) -> bytes:
    """One article as a line, from its versions with the current one first."""
    current, *earlier = versions
    record = {"id": current.id, "tags": list(current.tags), **_state(current)}
    if earlier:
        record["versions"] = [_state(version) for version in earlier]
    text = json.dumps(record, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def from_line(line: bytes) -> list[Article]:
    """The versions of the article on a line, the current one first.

    Raises:
        LoadError: it is no article, or not the one that was written.
    """
    try:
        found = json.loads(line.decode("utf-8"))
        if _is_deep(found):
            raise LoadError(f"it is nested more than {MAX_DEPTH} levels deep")
        record = _Record.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = " ".join(".".join(map(str, first["loc"])).split()) or "the line"
        raise LoadError(f"{where[:80]}: {first['msg']}"[:300]) from error
    except (ValueError, RecursionError) as error:
        reason = str(error)[:100] or "too deep"
        raise LoadError(f"it is no JSON object in UTF-8 ({reason})") from error
    current = _article(record, tuple(record.tags))
    if record.id not in ("", current.id):
        raise LoadError(
            f"its id is {record.id!r:.40} but its origin makes it {current.id!r}; "
            'leave "id" out to import it as it stands'
        )
    earlier = [_article(state, ()) for state in record.versions]
    if any(version.id != current.id for version in earlier):
        raise LoadError("one of its versions has another origin (url or key)")
    return [current, *earlier]


class Import(Addition):
    """Adds the articles of JSON lines, each with its dates and its earlier versions; used once."""

    def run_file(self, file: BinaryIO, name: str) -> AddReport:
        """Add every line of an open file that goes by `name`."""
        self._file, self._name = file, name
        self._earlier: list[Article] = []
        if file.seekable():
            start = file.tell()
            self._total = sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
            file.seek(start)
        return self.run(())

    def _articles(self, items: Iterable[Item]) -> Iterator[Article]:
        for number, line in _lines(self._file):
            self._current = f"{self._name}!line {number}"
            self._total = max(self._total, number)
            self._tell()
            try:
                if line is None:
                    raise LoadError(f"it is longer than {MAX_LINE:,} bytes")
                article, *self._earlier = from_line(line)
            except LoadError as error:
                self._failed.append(Failure(self._current, str(error)))
                continue
            yield article

    def _stamped(self, article: Article) -> tuple[Article, Sequence[Article]]:
        return replace(article, added=article.added or datetime.now(UTC)), self._earlier[::-1]


def open_file(path: str | Path, stack: ExitStack) -> BinaryIO:
    """A file to import, open until the stack closes.

    Raises:
        LoadError: it cannot be opened.
    """
    try:
        return stack.enter_context(Path(path).expanduser().open("rb"))
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LoadError(f"cannot open {str(path)!r} ({reason}); check the path") from error


def _state(article: Article) -> dict[str, Any]:
    """What is stored of one version."""
    return {
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "language": article.language,
        "key": article.key,
        "added": article.added.isoformat(timespec="seconds") if article.added else None,
        "meta": dict(article.meta),
        "original": dict(article.original),
        "locators": [
            {"start": place.start, "end": place.end, "label": place.label}
            for place in article.locators
        ],
        "text": article.text,
    }


def _article(state: _State, tags: tuple[str, ...]) -> Article:
    try:
        published = date.fromisoformat(state.published) if state.published else None
        added = datetime.fromisoformat(state.added) if state.added else None
    except ValueError as error:
        raise LoadError(f"{str(error)[:100]}; write dates as 2024-09-26") from error
    if added and added.tzinfo is None:
        added = added.replace(tzinfo=UTC)
    article = cleaned(
        Article(
            text=state.text,
            title=state.title,
            source=state.source,
            author=state.author,
            published=published,
            url=state.url,
            language=state.language,
            tags=tags,
            meta=state.meta,
            key=state.key,
            added=added,
            locators=tuple(Locator(p.start, p.end, p.label) for p in state.locators),
            original=state.original,
        )
    )
    if state.version not in ("", article.version):
        raise LoadError(
            f"its text is not the one that was written (version {state.version!r:.40}); "
            'leave "version" out to import it as it stands'
        )
    return article


def _is_deep(value: object, left: int = MAX_DEPTH) -> bool:
    """Whether lists and objects are nested deeper than `left` levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not left or any(_is_deep(part, left - 1) for part in inner)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers, without empty ones; None for one that is too long."""
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        is_long = not line.endswith(b"\n") and len(line) == MAX_LINE
        while is_long and (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
            pass
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, None if is_long else line
