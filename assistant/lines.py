"""How a line of a model's text begins: a list's sign, a heading, a table, a list of sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.cursor import Cursor
from assistant.marks import CLOSERS, OPENERS, read_mark
from assistant.markup import SPACES

Kind = Literal["", "blank", "drop", "item", "row", "json", "sources", "define"]

_BULLETS = "*-+•–—·▪‣◦●"
_RULES = "*-_="
_DIGITS = "0123456789"
_LONGEST_INFO = 40
_LONGEST_NAME = 60
_HEADINGS = (
    "sources used", "sources cited", "sources", "source", "references", "reference", "citations",
    "cited passages", "passages used", "passages cited", "passages", "works cited", "bibliography",
    "footnotes", "quellen", "quelle", "fuentes", "références",
)  # fmt: skip
"""What a list of sources is headed with; a longer one before its own beginning."""


@dataclass(frozen=True)
class Line:
    """The sign that a line begins with, and its letters.

    Kinds: `item` (of a list, or a heading) and `row` (of a table) end by themselves; `drop` is all
    of the line and only lays out; `json` begins a value; `sources` heads a list of sources;
    `define` says what a mark stands for. A plain line has none, but may be `listed` among sources.
    """

    kind: Kind = ""
    length: int = 0
    number: int = 0
    listed: bool = False


def begin_line(text: Cursor, start: int, last_number: int) -> Line:
    """The sign that a line begins with at `start`; there may be another one behind it.

    Args:
        text: what is looked at.
        start: places ahead.
        last_number: of the list's item before, as "26. May" is no item.
    """
    at = text.skip(SPACES, start)
    sign = text.peek(at)
    here = at - start
    if not sign or sign == "\n":
        return Line("blank", here + len(sign), listed=True)
    if length := _dropped(text, at):
        return Line("drop", here + length, listed=True)
    if sign == "{" or (sign == "[" and text.peek(text.skip(SPACES + "\n", at + 1)) in '{"'):
        return Line("json", here)
    if length := _sign(text, at):
        return Line("item", here + length, listed=True)
    if sign == "|":
        return Line("row", here + 1, listed=True)
    length, number = _numbered(text, at)
    if length and (number in (1, last_number + 1) or sign == "("):
        return Line("item", here + length, number, listed=True)
    if sign == "[" and _defines(text, at):
        return Line("define", here, listed=True)
    if _heads_sources(text, at):
        return Line("sources", here)
    return Line("", here, listed=_may_be_listed(text, at, sign))


def label_end(text: Cursor, start: int) -> int:
    """Where "Sources:" ends that begins at `start`, with what lays it out; 0 if it is none."""
    at = text.skip("*_# ", start)
    for heading in _HEADINGS:
        if text.starts(heading, at):
            end = text.skip("*_ ", at + len(heading))
            if text.peek(end) in (":", "："):
                return text.skip("*_ \t", end + 1)
            return 0
    return 0


def _dropped(text: Cursor, at: int) -> int:
    """The length of a line that only lays out: a rule, a fence, a table's middle."""
    sign = text.peek(at)
    if sign in _RULES:
        end = text.skip(SPACES, text.skip(sign, at))
        return end - at if end - at >= 3 and text.peek(end) in ("\n", "") else 0
    if sign in "`~" and all(text.peek(at + i) == sign for i in (1, 2)):
        end = text.skip(sign, at)
        for place in range(end, end + _LONGEST_INFO):
            letter = text.peek(place)
            if letter in ("\n", "", "{", "["):
                return place - at
            if not (letter.isalnum() or letter in "+-_. \t\r"):
                return 0
    if sign == "|":
        end = text.skip("|:- \t\r", at)
        return end - at if text.peek(end) in ("\n", "") else 0
    return 0


def _sign(text: Cursor, at: int) -> int:
    """The length of a heading's or bullet's sign."""
    sign = text.peek(at)
    if sign == ">":
        return 1
    if sign == "#":
        end = at + 1
        while end - at < 7 and text.peek(end) == "#":
            end += 1
        return end - at + 1 if end - at < 7 and text.peek(end) in (" ", "\t") else 0
    if sign in _BULLETS and text.peek(at + 1) in (" ", "\t"):
        return 2
    return 0


def _numbered(text: Cursor, at: int) -> tuple[int, int]:
    """The length of a list's number, and the number."""
    first = at + (text.peek(at) == "(")
    end = first
    while end - first < 4 and text.peek(end) and text.peek(end) in _DIGITS:
        end += 1
    if not 0 < end - first < 4:
        return 0, 0
    closers = ")" if first > at else ".)"
    if text.peek(end) and text.peek(end) in closers and text.peek(end + 1) in (" ", "\t"):
        return end + 2 - at, int(text.slice(first, end))
    return 0, 0


def _defines(text: Cursor, at: int) -> bool:
    """Whether this is `[^1]: …`, or `[1]: ` with an address."""
    end = text.pair(OPENERS, CLOSERS, _LONGEST_NAME, at)
    if end < 0 or text.peek(end + 1) != ":":
        return False
    if text.peek(at + 1) == "^":
        return True
    to = text.skip(SPACES, end + 2)
    return any(text.starts(start, to) for start in ("http", "<", "/", "#"))


def _heads_sources(text: Cursor, at: int) -> bool:
    """Whether only a list of sources follows on this line or the next ones."""
    if end := label_end(text, at):
        letter = text.peek(end)
        if not letter or letter in '\n[【［(0123456789<"“-*•':
            return True
        return any(text.starts(word, end) for word in ("http", "passage", "source"))
    begun = text.skip("*_# ", at)
    for heading in _HEADINGS:
        if text.starts(heading, begun):
            return text.peek(text.skip("*_ \t\r", begun + len(heading))) in ("\n", "")
    return False


def _may_be_listed(text: Cursor, at: int, sign: str) -> bool:
    """Whether a plain line may name a source."""
    if sign in OPENERS or sign in '("“<' or sign in _DIGITS:
        return True
    return any(text.starts(word, at) for word in ("http", "passage ", "source "))


def alone(text: Cursor, start: int) -> bool:
    """Whether a citation stands on a line of its own at `start`."""
    if text.peek(start) not in OPENERS:
        return False
    end = text.pair(OPENERS, CLOSERS, _LONGEST_NAME, start)
    if end < 0 or read_mark(text.slice(start, end + 1), 0) is None:
        return False
    return text.peek(text.skip(SPACES, end + 1)) in ("\n", "", *".,;")
