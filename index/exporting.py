"""Writing a library to files: beside their place, then renamed, so that none is half there."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

import yaml

from index.errors import InputError
from index.exchange import to_line
from index.types import Article

LONGEST = 80
"""Bytes of a file name's stem: file systems take 255, some tools fewer."""

# Names that Windows keeps for devices.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def write_lines(articles: Iterable[Sequence[Article]], target: str | Path | BinaryIO) -> int:
    """Write each article (its versions, the current one first) as a line; returns their number.

    Raises:
        InputError: the file cannot be written.
    """
    if not isinstance(target, str | Path):
        return _write(articles, target)
    with _translated(target):
        path = Path(target).expanduser().resolve()
        if path.exists() and not path.is_file():
            raise InputError(f"{str(target)!r} is no regular file; name another, or - for stdout")
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".export.", delete=False) as file:
            beside = Path(file.name)
            try:
                count = _write(articles, file)
                file.flush()
                beside.replace(path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    return count


def write_markdown(articles: Iterable[Sequence[Article]], target: str | Path) -> int:
    """Write a Markdown file for the current version of each article; returns their number.

    Raises:
        InputError: the folder holds something already, or cannot be written.
    """
    with _translated(target):
        folder = Path(target).expanduser().resolve()
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise InputError(f"{str(target)!r} is no empty folder; name a new one")
        with tempfile.TemporaryDirectory(
            dir=folder.parent, prefix=".export.", ignore_cleanup_errors=True
        ) as made:
            beside = Path(made) / "files"
            beside.mkdir(mode=0o700)
            taken: set[str] = set()
            for article, *_ in articles:
                (beside / file_name(article, taken)).write_bytes(to_markdown(article))
            beside.replace(folder)
    return len(taken)


def to_markdown(article: Article) -> bytes:
    """The article as Markdown with front matter, such as `Library.add` reads."""
    known = {
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "language": article.language,
        "tags": list(article.tags),
        "key": article.key,
        "added": article.added.isoformat(timespec="seconds") if article.added else "",
        "id": article.id,
        "version": article.version,
        "meta": dict(article.meta),
        "original": dict(article.original),
    }
    head = yaml.safe_dump(
        {name: value for name, value in known.items() if value},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    return f"---\n{head}---\n\n{article.text}".encode()


def file_name(article: Article, taken: set[str]) -> str:
    """A name for the article's file that every file system takes; it is added to those taken.

    >>> file_name(Article("Rain.", title="../What: a Day?"), set())
    'What a Day.md'
    """
    letters = unicodedata.normalize("NFC", article.title)
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in letters)
    stem = " ".join(kept.encode()[:LONGEST].decode(errors="ignore").split())
    if not stem or _DEVICE.fullmatch(stem):
        stem = f"{stem or 'untitled'} {article.id[:8]}"
    # Some file systems take names for equal that differ in letter case or composition only.
    if _same(stem) in taken:
        stem = f"{stem} {article.id}"
    taken.add(_same(stem))
    return f"{stem}.md"


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _write(articles: Iterable[Sequence[Article]], file: IO[bytes]) -> int:
    count = 0
    for versions in articles:
        file.write(to_line(versions))
        count += 1
    return count


@contextmanager
def _translated(target: str | Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in it, an unknown ~user
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"cannot write {str(target)!r} ({reason}); name a place that you may write to"
        ) from error
