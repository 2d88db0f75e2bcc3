"""Files of many formats to articles: which format a file has, and one loader for each.

Knows nothing of paths, folders or the store. Everything read here is hostile until proved
otherwise: only `LoadError` comes out of `read`, sizes are bounded, and nothing is executed,
followed or written to disk.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePath

from index.errors import LoadError
from index.loaders.archive import members
from index.loaders.base import MAX_BYTES, File, Loaded, Loader, too_large
from index.loaders.columns import Columns
from index.loaders.docx import load_docx
from index.loaders.epub import load_epub
from index.loaders.html import load_html
from index.loaders.mail import load_mail
from index.loaders.pdf import load_pdf
from index.loaders.table import load_csv, load_jsonl
from index.loaders.text import load_markdown, load_text
from index.loaders.zipped import container_kind, open_zip
from index.types import Article, Failure

__all__ = ["LOADERS", "MAX_BYTES", "SUFFIXES", "Columns", "File", "Loaded", "kind_of", "read"]

_HTML = re.compile(
    rb"(?>\s|<\?xml[^>]{0,200}>|<!--.{0,2000}?-->)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]")
_ONLY_IN_MAIL = {b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to"}
_REFUSED = {
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls, .ppt or .msg); save it as .docx or PDF",
    b"{\\rtf": "Rich Text (.rtf); save it as .docx",
}


def kind_of(data: bytes, name: str) -> str:
    """Which entry of `LOADERS` reads this file: by its content, and only then by its name.

    >>> kind_of(b"%PDF-1.7", "notes.txt"), kind_of(b"Rain fell.", "notes.md")
    ('pdf', 'markdown')

    Raises:
        LoadError: it is of a kind that cannot be read, or a damaged container.
    """
    for magic, what in _REFUSED.items():
        if data.startswith(magic):
            raise LoadError(f"it is {what}")
    named = SUFFIXES.get(PurePath(name).suffix.lower(), "text")
    begins = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith(b"%PDF-") or (named == "pdf" and b"%PDF-" in data[:1024]):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return container_kind(open_zip(data))
    if _HTML.match(begins):
        return "html"
    if named not in ("csv", "html") and _is_mail(data):
        return "mail"
    if named != "html" and _is_jsonl(data):
        return "jsonl"
    return "text" if named in ("pdf", "docx", "epub", "archive") else named


def read(
    data: bytes, name: str, columns: Columns | None = None, url: str = "", charset: str = ""
) -> Loaded:
    """All articles of one file, and which parts of it could not be read.

    Args:
        data: the whole file.
        name: the file's name; its suffix counts only where the content does not tell.
        columns: for tables, which column is which field.
        url: where the file was fetched from, if it was.
        charset: the encoding that its sender names, for web pages and plain text.

    Raises:
        LoadError: nothing can be read; says why and what to do.
    """
    if len(data) > MAX_BYTES:
        raise LoadError(too_large(len(data), "bytes"))
    kind = "unknown"
    try:
        kind = kind_of(data, name)
        loaded = LOADERS[kind](File(data, name, columns, url, charset))
    except (LoadError, MemoryError):
        raise
    except Exception as error:  # the libraries let errors of every kind through on hostile bytes
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:160]
        raise LoadError(
            f"it cannot be read as {kind} ({reason}); it may be damaged: open it in its own "
            "program, save it anew and add it again"
        ) from error
    if url and len(loaded.articles) == 1 and not loaded.articles[0].url:
        loaded = replace(loaded, articles=(replace(loaded.articles[0], url=url),))
    return loaded


def load_archive(file: File) -> Loaded:
    """Every member of a zip that has a known suffix; a bad member is a failure, not the end."""
    articles: list[Article] = []
    failures: list[Failure] = []
    for member in members(file.data):
        if isinstance(member, Failure):
            failures.append(member)
            continue
        name, data = member
        if PurePath(name).suffix.lower() not in SUFFIXES:
            continue
        try:
            loaded = read(data, PurePath(name.rpartition("!")[2]).name, file.columns)
        except LoadError as error:
            failures.append(Failure(name, str(error)))
            continue
        articles += (replace(a, key=_within(name, a.key)) for a in loaded.articles)
        failures += (Failure(_within(name, f.source), f.reason) for f in loaded.failures)
    if not articles and not failures:
        raise LoadError(f"the archive holds no article ({', '.join(SUFFIXES)})")
    return Loaded(tuple(articles), tuple(failures))


LOADERS: dict[str, Loader] = {
    "archive": load_archive,
    "csv": load_csv,
    "docx": load_docx,
    "epub": load_epub,
    "html": load_html,
    "jsonl": load_jsonl,
    "mail": load_mail,
    "markdown": load_markdown,
    "pdf": load_pdf,
    "text": load_text,
}
"""How each kind of file is read."""

SUFFIXES: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".eml": "mail",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".zip": "archive",
}
"""What a name promises; any other file that is named by itself is tried as plain text."""


def _within(outer: str, inner: str) -> str:
    return f"{outer}!{inner}" if inner else outer


def _is_mail(data: bytes) -> bool:
    """Whether it begins with header lines, a sender and one that only mail programs write."""
    names: set[bytes] = set()
    for line in data[:20_000].removeprefix(b"\xef\xbb\xbf").splitlines():
        if not line:
            break
        if line[:1] in b" \t" and names:
            continue
        header = _HEADER.match(line)
        if header is None:
            return False
        names.add(header.group(1).lower())
    return b"from" in names and bool(names & _ONLY_IN_MAIL)


def _is_jsonl(data: bytes) -> bool:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(start.partition(b"\n")[0]), dict)
    except (ValueError, RecursionError):
        return False
