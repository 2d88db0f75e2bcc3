"""JSON that a model wrote in place of prose, as prose with marks; knows nothing of streams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from assistant.marks import read_mark

_HIGHEST = 60
"""More passages than are ever sent."""

_SAID = frozenset(
    "answer answers finalanswer response reply text content output result message summary sentence "
    "sentences claim claims statement statements point points bullets fact facts paragraph "
    "paragraphs part parts item items explanation conclusion".split()
)
"""Keys of what is said; where a record has one of them, its other words are not shown."""

_CITED = frozenset(
    "citation citations cite cites cited source sources sourceid sourceids passage passages "
    "passageid passageids passagenumber passagenumbers reference references ref refs evidence "
    "support footnotes document documents doc docs docid docids number numbers id ids index".split()
)
"""Keys of what is cited."""

_ASIDE = frozenset(
    "quote quotes title url confidence reasoning thinking thoughts language type status".split()
)
"""Keys of what is neither."""

_CLOSING = {"{": "}", "[": "]"}
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")
_HALF_VALUE = re.compile(r"[\s,:]*[\w.+-]*$")
_HALF_PAIR = re.compile(r',?\s*"(?:[^"\\]|\\.)*"?\s*:?\s*[\w.+-]*$')


class Brackets:
    """Finds the end of a JSON value letter by letter."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._quoted = self._escaped = False

    def ends_with(self, letter: str) -> bool:
        """Whether the value is complete with this letter, the next one of it."""
        if self._quoted:
            if self._escaped:
                self._escaped = False
            elif letter == "\\":
                self._escaped = True
            else:
                self._quoted = letter != '"'
        elif letter == '"':
            self._quoted = True
        elif letter in _CLOSING:
            self._open.append(_CLOSING[letter])
        elif self._open and letter == self._open[-1]:
            self._open.pop()
        return not self._open

    def complete(self, text: str) -> Iterator[str]:
        """Ways to end a text that breaks off here."""
        rest = "".join(reversed(self._open))
        if self._quoted:
            yield _HALF_ESCAPE.sub("", text) + '"' + rest
        else:
            yield text + rest
            yield _HALF_VALUE.sub("", text) + rest
        yield _HALF_PAIR.sub("", text) + rest


def unwrapped(text: str, brackets: Brackets | None = None) -> str | None:
    """The prose in a JSON value, cited numbers as marks; None if it is no JSON.

    Args:
        text: the value, whole or broken off.
        brackets: what is still open in one that is broken off.

    >>> unwrapped('{"answer": "It rained.", "citations": [2]}')
    'It rained. [2]'
    """
    for attempt in [text] if brackets is None else brackets.complete(text):
        try:
            value = json.loads(attempt, strict=False)
            return "\n\n".join(_told(value))
        except (ValueError, RecursionError):
            continue
    return None


def _told(value: Any) -> Iterator[str]:
    """What a value says, one part after the other."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _told(item)
    elif isinstance(value, dict):
        named = {_plain(key): item for key, item in value.items()}
        said = _SAID & named.keys() or named.keys() - _CITED - _ASIDE
        parts = [part for key in named if key in said for part in _told(named[key])]
        cited = {number for key in named if key in _CITED for number in _numbers(named[key])}
        if parts and cited:
            parts[-1] = f"{parts[-1].rstrip()} {sorted(cited)}"
        yield from parts


def _numbers(value: Any) -> Iterator[int]:
    """Numbers of passages in what stands under a key of citations."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _HIGHEST:
        yield value
    elif isinstance(value, str):
        mark = read_mark(f"[{value}]", _HIGHEST)
        yield from mark.numbers if mark else ()
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if _plain(key) in _CITED:
                yield from _numbers(item)


def _plain(key: str) -> str:
    return "".join(letter for letter in key.lower() if letter.isalnum())
