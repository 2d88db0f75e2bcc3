"""A model's text to plain prose and the passages it cites, letter by letter.

Takes citation marks out and undoes what models do to a plain answer: Markdown, HTML, JSON, a list
of sources at the end. Keeps every word but the addresses of links. What comes out does not depend
on how the text was cut into pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assistant.cursor import Cursor, More
from assistant.lines import alone, begin_line, label_end
from assistant.marks import CLOSERS, OPENERS, SUPERSCRIPTS, Mark, read_mark
from assistant.markup import (
    LONGEST_MARK,
    LONGEST_ROUND,
    SPACES,
    address_end,
    entity_ahead,
    mark_ahead,
    marks_ahead,
    raised_ahead,
    tag_ahead,
)
from assistant.pieces import Pieces
from assistant.state import Draft
from assistant.unwrap import Brackets, unwrapped

_POWER = re.compile(r"(?:^|\W)(?:\w|[cdkmnµ]?m|ft|in|mi|sq|yd)[²³]|\d[⁰¹²³⁴⁵⁶⁷⁸⁹]", re.IGNORECASE)
"""A raised number that is none of a passage: of a unit, or of a number."""
_LISTING = re.compile(r"(?:[:;,(–—-]|\b(?:and|or|und|oder))\s*$", re.IGNORECASE)
"""What a number in round brackets follows that counts, as in "(1) cost, (2) time"."""
_NAMING = "psrcqaPSRCQA"
"""What words for a passage begin with."""


class ProseReader:
    """Splits a stream of text into pieces of prose and the numbers it cites.

    `[1]`, `[1, 3]`, `[1-3]`, `【1】`, `(passage 1)`, `¹` and the like are marks; `(1)` is one only
    if it names a passage that exists and no surer kind of mark was seen. Numbers that name no
    passage are dropped.

    Args:
        highest: number of the last passage.
    """

    def __init__(self, highest: int) -> None:
        self._highest = highest
        self._text = Cursor()
        self._pieces = Pieces()
        self._before = ""
        """The letter before this place, as the model wrote it."""
        self._fresh = True
        """Whether a line begins here."""
        self._ends = self._in_row = False
        """Whether the line ends by itself, and whether it is a table's row."""
        self._last_number = 0
        self._sure_seen = False
        self._in_sources = self._skipping = False
        self._json: Brackets | None = None
        self._json_read = 0
        self._no_json = False

    def feed(self, text: str) -> list[Draft]:
        """Pieces that are certain so far."""
        self._text.add(text)
        try:
            while self._text.peek():
                self._step()
        except More:
            pass
        return self._pieces.take()

    def close(self) -> list[Draft]:
        """What was held back."""
        self._text.closed = True
        while self._text.peek():
            self._step()
        self._pieces.close()
        return self._pieces.take()

    def _step(self) -> None:
        """Decide on what stands here and go on behind it; change nothing before it is certain."""
        letter = self._text.peek()
        if self._json is not None:
            self._read_json(self._json)
        elif self._skipping:
            self._move(1)
            if letter == "\n":
                self._new_line()
        elif self._fresh:
            self._begin_line()
        else:
            read = _READERS.get(letter)
            if read is None or not read(self):
                self._pieces.write(letter)
                self._move(1)

    def _move(self, letters: int) -> None:
        if letters:
            self._before = self._text.slice(letters - 1, letters)
            self._text.move(letters)

    def _new_line(self) -> None:
        self._fresh = True
        self._ends = self._in_row = self._skipping = False

    def _begin_line(self) -> None:
        line = begin_line(self._text, 0, self._last_number)
        if line.kind == "sources":
            self._in_sources = self._skipping = True
        elif line.kind == "define" or (self._in_sources and line.listed and line.kind != "blank"):
            self._skipping = True
        elif line.kind == "json" and not self._no_json:
            self._move(line.length)
            self._json, self._json_read = Brackets(), 0
        else:
            self._move(line.length)
            self._in_sources = self._in_sources and line.kind == "blank"
            self._last_number = line.number or self._last_number
            self._ends = self._ends or line.kind in ("item", "row")
            self._in_row = self._in_row or line.kind == "row"
            # Behind a list's sign there may be another one.
            self._fresh = line.kind not in ("", "json")

    def _read_json(self, brackets: Brackets) -> None:
        """Hold a value back until it is whole, then put its prose in its place."""
        text = self._text
        while letter := text.peek(self._json_read):
            self._json_read += 1
            if brackets.ends_with(letter):
                break
        value = text.slice(0, self._json_read)
        prose = unwrapped(value, None if letter else brackets)
        self._json = None
        if prose is None:
            self._no_json, self._fresh = True, False
            self._pieces.write(text.peek())
            self._move(1)
        else:
            text.put(f"\n\n{prose}\n\n", self._json_read)

    # Each of these says whether it took what stands here; if not, the letter is written as it is.

    def _line_end(self) -> bool:
        text = self._text
        end, lines = 0, 0
        while end < LONGEST_ROUND and (letter := text.peek(end)) and letter in SPACES + "\n":
            lines += letter == "\n"
            end += 1
        if letter:
            follows = begin_line(text, end, self._last_number).kind
            if alone(text, end) or (lines == 1 and not self._ends and not follows):
                self._pieces.space()
            else:
                self._pieces.end_line()
        self._move(end)
        self._new_line()
        return True

    def _bracket(self) -> bool:
        if found := mark_ahead(self._text, 0, self._highest):
            self._cite(*found)
            return True
        end = self._text.pair(OPENERS, CLOSERS, LONGEST_MARK)
        address = address_end(self._text, end + 1) if end > 0 else 0
        if address:
            self._text.put(self._text.slice(1, end), address)
        return bool(address)

    def _round(self) -> bool:
        first = self._text.peek(self._text.skip(SPACES, 1))
        if not first or not (first.isdigit() or first in OPENERS + "*^" + _NAMING):
            return False
        found = mark_ahead(self._text, 0, self._highest)
        if found and (found[0].sure or self._may_cite(*found)):
            self._cite(*found)
            return True
        return False

    def _may_cite(self, mark: Mark, end: int) -> bool:
        """Whether bare numbers in round brackets cite, and do not count or tell a year."""
        follows = self._text.peek(end)
        if self._sure_seen or mark.strange or self._before.isalnum():
            return False
        if not self._pieces.tail or _LISTING.search(self._pieces.tail):
            return False
        return follows in ".,;:!?…)]([" or follows.isspace()

    def _cite(self, mark: Mark, end: int) -> None:
        numbers, end = marks_ahead(self._text, mark, end, self._highest)
        self._sure_seen = self._sure_seen or mark.sure
        self._pieces.cite(numbers)
        self._move(end)

    def _raised(self) -> bool:
        numbers, end = raised_ahead(self._text, self._highest)
        written = self._pieces.tail + self._text.peek()
        if len(written) == 1 or _POWER.search(written) or (not numbers and self._sure_seen):
            return False
        self._pieces.cite(numbers)
        self._move(end)
        return True

    def _label(self) -> bool:
        """A heading before a mark in the middle of a line, as in "Sources: [1]"."""
        end = 0 if self._before.isalnum() else label_end(self._text, 0)
        if end and mark_ahead(self._text, end, self._highest):
            self._move(end)
            return True
        return False

    def _image(self) -> bool:
        if self._text.peek(1) != "[":
            return False
        end = self._text.pair(OPENERS, CLOSERS, LONGEST_MARK, 1)
        if end < 0 or read_mark(self._text.slice(1, end + 1), self._highest):
            return False
        if address := address_end(self._text, end + 1):
            self._pieces.cite(())
            self._move(address)
        return bool(address)

    def _tag(self) -> bool:
        tag = tag_ahead(self._text, self._highest)
        if tag is None:
            return False
        if tag.mark is not None:
            self._cite(tag.mark, tag.length)
        elif tag.kind == "link":
            self._text.put(tag.address, tag.length)
        elif tag.kind in ("line", "block"):
            self._text.put("\n" if tag.kind == "line" else "\n\n", tag.length)
        else:
            if tag.kind == "cell":
                self._pieces.space()
            self._text.move(tag.length)
        return True

    def _entity(self) -> bool:
        found = entity_ahead(self._text)
        if found is None:
            return False
        for letter in found[0]:
            self._pieces.write(letter)
        self._move(found[1])
        return True

    def _escape(self) -> bool:
        letter = self._text.peek(1)
        if not letter.isascii() or letter.isalnum() or letter.isspace() or not letter:
            return False
        if letter not in "[]()<":
            self._pieces.write(letter)
            self._move(1)
        self._move(1)
        return True

    def _emphasis(self) -> bool:
        sign = self._text.peek()
        count = 1
        while count < 3 and self._text.peek(count) == sign:
            count += 1
        after = self._text.peek(count)
        apart = (not self._before or self._before.isspace()) and (not after or after.isspace())
        joined = self._before.isalnum() and (after.isalnum() or after == "_")
        if sign == "`" or (sign == "~" and count > 1) or (sign == "*" and count > 1):
            self._move(count)
            return True
        if sign == "~" or apart or joined:
            return False
        self._move(count)
        return True

    def _cell(self) -> bool:
        if self._in_row:
            self._pieces.space(", ")
            self._move(1)
        return self._in_row

    def _brace(self) -> bool:
        if self._no_json or self._text.peek(self._text.skip(SPACES + "\n", 1)) != '"':
            return False
        self._json, self._json_read = Brackets(), 0
        return True


def plain(text: str) -> str:
    """A whole text as prose without marks, in one line."""
    reader = ProseReader(0)
    return "".join(piece.text for piece in reader.feed(text) + reader.close())


_READERS: Mapping[str, Callable[[ProseReader], bool]] = {
    "\n": ProseReader._line_end,
    "\\": ProseReader._escape,
    "!": ProseReader._image,
    "<": ProseReader._tag,
    "&": ProseReader._entity,
    "|": ProseReader._cell,
    "{": ProseReader._brace,
    **dict.fromkeys(OPENERS, ProseReader._bracket),
    **dict.fromkeys("(（", ProseReader._round),
    **dict.fromkeys("*_~`", ProseReader._emphasis),
    **dict.fromkeys(SUPERSCRIPTS, ProseReader._raised),
    **dict.fromkeys("sSrRcCpPwWbBfFqQ", ProseReader._label),
}
"""What reads on from a letter that may be more than itself."""
