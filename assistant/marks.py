"""Citation marks in a model's stream: taken out of the prose, turned into numbers of sources."""

from __future__ import annotations

import re

from assistant.state import Draft

_LIST = r"\s*\d{1,3}(?:\s*(?:,|;|and|&|-|–)\s*\d{1,3})*\s*"
_WORD = r"(?:\s*(?:passage|source)s?)?"
_MARK = re.compile(
    rf"\s*(?:\[{_WORD}{_LIST}\]|【{_LIST}(?:†[^】]*)?】|\((?:{_LIST})\)(?=[\s.,;:!?]|$))",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\s*(?:\[[\w\s,;&–-]{0,120}|【[^】]{0,120}|\([\d\s,;&–and-]{0,60}\)?)$|\s+$")
_ROUND = re.compile(r"^\s*\(")


class MarkReader:
    """Splits a stream of text into prose and citation marks, holding back what may become a mark.

    `[1]`, `[1, 3]`, `[1-3]`, `【1】` are marks; `(1)` is one only if it names a passage that exists
    and no other kind of mark was seen. Numbers that name no passage are dropped.
    """

    def __init__(self, highest: int) -> None:
        self._highest = highest
        self._held = ""
        self._square_seen = False

    def feed(self, text: str) -> list[Draft]:
        """Pieces that are certain so far."""
        return self._split(self._held + text, final=False)

    def close(self) -> list[Draft]:
        """What was held back."""
        return self._split(self._held, final=True)

    def _split(self, text: str, *, final: bool) -> list[Draft]:
        maybe = None if final else _MAYBE.search(text)
        self._held = text[maybe.start() :] if maybe else ""
        text = text[: maybe.start()] if maybe else text
        pieces: list[Draft] = []
        place = 0
        for match in _MARK.finditer(text):
            is_round = bool(_ROUND.match(match.group()))
            found = _numbers(match.group(), self._highest)
            if is_round and (self._square_seen or not found):
                continue
            self._square_seen = self._square_seen or not is_round
            if match.start() > place:
                pieces.append(Draft(text=text[place : match.start()]))
            if found:
                pieces.append(Draft(cites=tuple(found)))
            place = match.end()
        if place < len(text):
            pieces.append(Draft(text=text[place:]))
        return pieces


def _numbers(mark: str, highest: int) -> list[int]:
    """Numbers named by a mark, ranges spelled out, without those that name no passage."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", mark):
        found += range(int(first), min(int(last or first), highest) + 1)
    return [number for number in dict.fromkeys(found) if 1 <= number <= highest]
