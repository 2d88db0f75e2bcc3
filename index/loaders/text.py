"""Plain text and Markdown with optional front matter; knows nothing of any other format.

Encodings are never guessed, and front matter is reduced to plain values.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from index.errors import LoadError
from index.loaders.base import File, Loaded
from index.loaders.dateline import dated
from index.loaders.fields import make_article
from index.types import Article

MAX_FRONT_MATTER = 20_000
"""Characters of front matter at most."""

MAX_DEPTH = 20
"""Lists and mappings of front matter within one another at most."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.M)
_HEADING = re.compile(r"^#[ \t]+([^\s#][^\n]*)", re.MULTILINE)
_FIELD = re.compile(r"\s*(?:#[^\n]*\n\s*)*['\"]?[\w-]+['\"]?[ \t]*:(?:\s|$)")
_ENCODING = re.compile(
    r"utf-?(8|16|16le|16be|32)|iso-?8859-\d+|windows-?125\d|cp125\d|koi8-[ru]|shift_jis|euc-(jp|kr)"
    r"|iso-2022-jp|gb2312|gbk|gb18030|big5|macintosh|ibm866|windows-874"
)
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")


def load_text(file: File) -> Loaded:
    """Plain text; the title is the file's name unless front matter states one."""
    text, encoding = decode(file.data, file.charset)
    known, body = split_front_matter(text)
    return _loaded(body, known, encoding, file.stem)


def load_markdown(file: File) -> Loaded:
    """Markdown; the title is the first `# heading` unless front matter states one."""
    text, encoding = decode(file.data, file.charset)
    known, body = split_front_matter(text)
    heading = _HEADING.search(body)
    title = heading.group(1).rstrip(" \t#") if heading else file.stem
    return _loaded(body, known, encoding, title)


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Text of these bytes and the name of its encoding; UTF-8 unless they or `declared` say else.

    Raises:
        LoadError: the bytes are no text, or in no encoding that they name.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        encoding = "utf-32"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:65536] or data.startswith(_BINARY):
        raise LoadError("it is a binary file of no kind that can be read; add a text of it")
    else:
        encoding = _codec(declared)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # No guess: the usual guessers take Polish for Norwegian, and a quote must be right.
        raise LoadError(
            f"it is not {encoding.removesuffix('-sig').upper()} (byte {error.start:,}); save it as "
            "UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`, and add it again"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding.removesuffix("-sig")


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


def _loaded(body: str, known: dict[str, Any], encoding: str, title: str) -> Loaded:
    if encoding != "utf-8":
        known = {**known, "encoding": encoding}
    article: Article = make_article(body, known, title)
    return Loaded((dated(article),))


def _codec(declared: str) -> str:
    """Python's name of a declared encoding; what browsers read as Windows-1252 is read so here."""
    name = declared.strip().lower()
    if name in ("", "ascii", "us-ascii", "utf8", "utf-8"):
        return "utf-8-sig"
    if name in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252"):
        return "cp1252"
    if name == "macintosh":
        return "mac_roman"
    if not _ENCODING.fullmatch(name):
        raise LoadError(f"it is in an unknown encoding, {declared[:40]!r}; save it as UTF-8")
    return name


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
