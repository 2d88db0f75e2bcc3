"""Letters of prose, citations and line ends to pieces of a draft; knows nothing of any markup."""

from __future__ import annotations

import unicodedata

from assistant.state import Draft

_LONGEST = 12
"""Letters of a word at most that are held back until its end is known."""

_LOOK_BACK = 40
_CLOSERS = "\"'”’»)]"
_BEFORE_SPACE = tuple(".,:;!?…)”")
_STOPS = (".", "。")
_KEPT = "\u200c\u200d\u200e\u200f"
"""Joiners and marks of direction, which some scripts need."""


class Pieces:
    """Gathers a word, or the first letters of a long one, into each piece.

    White space goes with the word that follows it, so that whoever reads a piece always sees what
    comes after a citation or a full stop.
    """

    def __init__(self) -> None:
        self.tail = ""
        """The last letters that were written."""
        self._out: list[Draft] = []
        self._word = self._lead = self._gap = ""
        self._line_begun = self._after_mark = False

    def write(self, letter: str) -> None:
        """One letter; white space of any kind becomes a space, other controls nothing."""
        if letter.isspace():
            self.space()
            return
        if not letter.isprintable() and letter not in _KEPT:
            return
        if self._after_mark and letter in _STOPS and self.tail[-1:] in _STOPS:
            return  # "It rained. [1]."
        if not self._gap and (
            (self._after_mark and _apart(self.tail[-1:], letter))
            or (self.tail[-1:] == "<" and not letter.isdigit())
        ):
            self.space()  # no browser takes "< b" for a tag
        self._after_mark = False
        if not self._word:
            self._lead = self._gap if self.tail else ""
            self._gap = ""
        self.tail = (self.tail + (self._lead if not self._word else "") + letter)[-_LOOK_BACK:]
        self._word += letter
        self._line_begun = True
        if len(self._word) == _LONGEST:
            self._end_word()

    def space(self, separator: str = " ") -> None:
        """A gap before the next word, with a separator that is written only if a word follows."""
        self._end_word()
        if separator != " " or not self._gap:
            self._gap = separator

    def cite(self, numbers: tuple[int, ...]) -> None:
        """What was written last cites these passages; the gap before the mark goes."""
        self._end_word()
        self._gap, self._after_mark = "", True
        if numbers:
            self._out.append(Draft(cites=numbers))

    def end_line(self) -> None:
        """The sentence ends here, as its line does; it gets a full stop if it has no end mark."""
        self._end_word()
        if self._line_begun:
            last = self.tail.rstrip(_CLOSERS)[-1:]
            bare = last.isalnum() or not last
            self._out.append(Draft(text="." if bare else "", ends=True))
            if bare:
                self.tail += "."
        self._line_begun = self._after_mark = False
        self._gap = " "

    def close(self) -> None:
        """Nothing follows."""
        self._end_word()

    def take(self) -> list[Draft]:
        """The pieces that are finished and were not taken yet."""
        out, self._out = self._out, []
        return out

    def _end_word(self) -> None:
        if self._word:
            self._out.append(Draft(text=self._lead + self._word))
            self._word = self._lead = ""


def _apart(before: str, after: str) -> bool:
    """Whether a space belongs between them if a mark stood there: not in Chinese, say."""
    spaced = after.isalnum() and unicodedata.east_asian_width(after) not in "WF"
    return spaced and (before in _BEFORE_SPACE or before.isalnum())
