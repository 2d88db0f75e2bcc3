"""Looking ahead in a text that is still arriving."""

from __future__ import annotations

from collections.abc import Container

_DEEPEST = 3


class More(Exception):
    """What has arrived does not tell yet."""


class Cursor:
    """A place in a text that grows at its end.

    Whatever is decided by looking ahead through it comes out the same however the text was cut
    into pieces: a letter that has not arrived is never taken for the end of the text, asking for it
    raises `More` instead.
    """

    def __init__(self) -> None:
        self.closed = False
        self._text = ""
        self._at = 0

    def add(self, text: str) -> None:
        """More text has arrived."""
        self._text = self._text[self._at :] + text
        self._at = 0

    def peek(self, ahead: int = 0) -> str:
        """The letter so many places ahead; empty behind the end of the text.

        Raises:
            More: it has not arrived.
        """
        place = self._at + ahead
        if place < len(self._text):
            return self._text[place]
        if self.closed:
            return ""
        raise More

    def slice(self, start: int, end: int) -> str:
        """The letters between two places ahead that were looked at before."""
        return self._text[self._at + start : self._at + end]

    def skip(self, letters: Container[str], start: int = 0, most: int = 100) -> int:
        """The first place from `start` on with another letter than these, or that many on."""
        place = start
        while place < start + most and (letter := self.peek(place)) and letter in letters:
            place += 1
        return place

    def starts(self, word: str, start: int = 0) -> bool:
        """Whether this word stands there, in capitals or not."""
        return all(self.peek(start + i).lower() == letter for i, letter in enumerate(word))

    def pair(self, openers: str, closers: str, most: int, start: int = 0) -> int:
        """Where the bracket that opens at `start` is closed.

        -1 if not within `most` letters, or if others are nested in it more than twice.
        """
        depth = 0
        for place in range(start, start + most):
            letter = self.peek(place)
            if letter in openers:
                depth += 1
                if not letter or depth > _DEEPEST:
                    return -1
            elif letter in closers:
                depth -= 1
                if not depth:
                    return place
        return -1

    def move(self, letters: int) -> None:
        """Go on by so many letters."""
        self._at += letters

    def put(self, text: str, instead_of: int) -> None:
        """Replace so many letters ahead."""
        self._text = text + self._text[self._at + instead_of :]
        self._at = 0
