"""Borders between characters as a reader sees them: a letter with its accents, a flag, a family.

Knows nothing of words and sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import regex

_CLUSTER = regex.compile(r"\X")
"""An extended grapheme cluster (Unicode Standard Annex 29)."""


def edges(text: str, start: int, end: int) -> list[int]:
    r"""Where each character of `text[start:end]` ends.

    >>> edges("ae\u0301b", 0, 4)
    [1, 3, 4]
    """
    return [match.end() for match in _CLUSTER.finditer(text, start, end)]


def last_edge(found: Sequence[int], start: int, wanted: int) -> int:
    """The last edge behind `start` up to `wanted`; `wanted` itself if one character fills it."""
    number = bisect_right(found, wanted)
    return found[number - 1] if number and found[number - 1] > start else wanted


def middle(text: str, start: int, end: int) -> int:
    """Where to halve `text[start:end]`: at an edge, unless it is a single character."""
    found = edges(text, start, end)
    half = (start + end) // 2
    return found[max(0, bisect_right(found, half) - 1)] if len(found) > 1 else half
