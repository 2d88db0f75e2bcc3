"""What stands ahead in a model's text: a citation, a link's address, a tag. Changes nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

from assistant.cursor import Cursor
from assistant.marks import CLOSERS, OPENERS, SUPERSCRIPTS, Mark, read_mark, read_superscript

SPACES = " \t\r\u00a0"

LONGEST_MARK = 400
"""Letters of a bracket that may be a citation or a link's text."""

LONGEST_ROUND = 80
"""The same of a round one, and of what may stand in a row otherwise."""

_LONGEST_ADDRESS = 1_000
_LONGEST_TAG = 500

_TAGS = frozenset(
    "a abbr article aside b blockquote body br center cite code dd del details div dl dt em figure "
    "font footer h1 h2 h3 h4 h5 h6 header hr html i ins kbd li main mark ol p pre q ref s section "
    "small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul".split()
)
"""Tags that only lay text out."""
_BLOCKS = frozenset(
    "blockquote br center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split()
)
_CITING = ("sup", "cite", "ref")
_TAG = re.compile(
    r"</?([a-z][a-z0-9]*)(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))*\s*/?>",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"<((?:https?|mailto|ftp):[^\s<>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Tag:
    """A tag or comment that is taken out, its letters, and what it holds.

    Kinds: `line` ends a line, `block` a paragraph; `cell` parts words; `link` holds an address,
    `mark` begins a raised citation, whose closing tag is one of its own.
    """

    kind: Literal["inline", "line", "block", "cell", "link", "mark"]
    length: int
    address: str = ""
    mark: Mark | None = None


def mark_ahead(text: Cursor, start: int, highest: int) -> tuple[Mark, int] | None:
    """The citation in the bracket at `start`, and where it ends, with the address of its link."""
    opener = text.peek(start)
    if opener and opener in OPENERS:
        end = text.pair(OPENERS, CLOSERS, LONGEST_MARK, start)
    elif opener and opener in "(（":
        end = text.pair("(（", ")）", LONGEST_ROUND, start)
    else:
        return None
    mark = read_mark(text.slice(start, end + 1), highest) if end > 0 else None
    return None if mark is None else (mark, address_end(text, end + 1) or end + 1)


def marks_ahead(text: Cursor, mark: Mark, end: int, highest: int) -> tuple[tuple[int, ...], int]:
    """The numbers of a mark that ends there and of those listed behind it, and where these end.

    They are listed as in `[1], [2] and [3]`.
    """
    numbers = mark.numbers
    while True:
        at = text.skip(SPACES, end)
        letter = text.peek(at)
        if letter and letter in ",;&/·":
            at = text.skip(SPACES, at + 1)
        elif text.starts("and ", at):
            at = text.skip(SPACES, at + 4)
        else:
            break
        found = mark_ahead(text, at, highest)
        if found is None or found[0].sure != mark.sure or (not mark.sure and found[0].strange):
            break
        numbers, end = numbers + found[0].numbers, found[1]
    return tuple(dict.fromkeys(numbers)), end


def raised_ahead(text: Cursor, highest: int) -> tuple[tuple[int, ...], int]:
    """The passages that raised digits name, parted by commas, and how many letters these are."""
    runs, end = [""], 0
    while end < LONGEST_ROUND and (letter := text.peek(end)):
        follows = text.peek(end + 1) if letter in ",˒" else ""
        if letter in SUPERSCRIPTS:
            runs[-1] += letter
        elif follows and follows in SUPERSCRIPTS:
            runs.append("")
        else:
            break
        end += 1
    numbers = (number for run in runs for number in read_superscript(run, highest))
    return tuple(dict.fromkeys(numbers)), end


def address_end(text: Cursor, start: int) -> int:
    """Where the address of a link ends that begins at `start`; 0 if there is none."""
    if text.peek(start) != "(":
        return 0
    depth, at = 1, start + 1
    while at < start + _LONGEST_ADDRESS and 0 < depth < 4:
        letter = text.peek(at)
        if not letter or letter.isspace():
            break
        depth += (letter == "(") - (letter == ")")
        at += 1
    address = text.slice(start + 1, at - (not depth))
    if depth:
        at = _title_end(text, at) if depth == 1 else 0
    return at if not address or any(sign in address for sign in "/.:#@?=") else 0


def _title_end(text: Cursor, start: int) -> int:
    """Where a link ends that may have a title at `start`; 0 if it does not end."""
    at = text.skip(SPACES, start)
    quote = text.peek(at)
    if quote in ("'", '"'):
        end = at + 1
        while end - at < LONGEST_MARK and text.peek(end) not in (quote, "\n", ""):
            end += 1
        at = text.skip(SPACES, end + 1) if text.peek(end) == quote else at
    return at + 1 if text.peek(at) == ")" else 0


def tag_ahead(text: Cursor, highest: int) -> Tag | None:
    """The tag here, if it only lays out, holds an address or a citation; or a comment."""
    first = text.peek(1)
    if not (first.isalpha() or first in ("/", "!")):
        return None
    if text.starts("<!--"):
        end = 4
        while end < _LONGEST_TAG and (letter := text.peek(end)):
            if letter == "-" and text.starts("-->", end):
                return Tag("inline", end + 3)
            end += 1
    end = 1
    while end < _LONGEST_TAG and text.peek(end) not in (">", "<", "\n", ""):
        end += 1
    whole = text.slice(0, end + 1)
    if link := _AUTOLINK.fullmatch(whole):
        return Tag("link", len(whole), address=link.group(1))
    tag = _TAG.fullmatch(whole)
    name = tag.group(1).lower() if tag else ""
    if name not in _TAGS:
        return None
    if name in _CITING and first != "/" and (mark := _raised_mark(text, len(whole), highest)):
        return mark
    if name in _BLOCKS:
        return Tag("line" if name == "br" else "block", len(whole))
    return Tag("cell" if name in ("td", "th") else "inline", len(whole))


def _raised_mark(text: Cursor, start: int, highest: int) -> Tag | None:
    """The citation between a tag that ends at `start` and the next tag."""
    end = start
    while end < start + LONGEST_ROUND and text.peek(end) not in ("<", "\n", ""):
        end += 1
    mark = read_mark(f"[{text.slice(start, end)}]", highest)
    return Tag("mark", end, mark=mark) if mark and text.peek(end) == "<" else None


def entity_ahead(text: Cursor) -> tuple[str, int] | None:
    """The letters that an HTML entity stands for, and how many it has itself."""
    end = 1
    while end < 10 and (text.peek(end).isalnum() or text.peek(end) == "#"):
        end += 1
    name = text.slice(0, end + 1)
    plain = html.unescape(name)
    return (plain, len(name)) if text.peek(end) == ";" and plain != name else None
