"""Where words stand in an article, and how much of them two places share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of an article, and their text."""

    article: str
    start: int
    end: int
    text: str = ""


Alternatives = Sequence[Span]
"""One piece of evidence: places of which any one is enough."""


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans have a character in common.

    >>> overlaps(Span("a", 0, 5), Span("a", 4, 9)), overlaps(Span("a", 0, 5), Span("a", 5, 9))
    (True, False)
    """
    return one.article == other.article and one.start < other.end and other.start < one.end


def shared(quote: Span, other: Span) -> str:
    """The part of the quote's text that the other span covers.

    >>> shared(Span("a", 10, 22, "It was sunny"), Span("a", 0, 16))
    'It was'
    """
    if not overlaps(quote, other):
        return ""
    begin, end = max(quote.start, other.start), min(quote.end, other.end)
    return quote.text[begin - quote.start : end - quote.start]


def covered(quote: Span, other: Span) -> float:
    """Share of the quote's words that lie wholly inside the other span.

    >>> covered(Span("a", 10, 22, "It was sunny"), Span("a", 0, 18))
    0.6666666666666666
    """
    if quote.article != other.article:
        return 0.0
    left, right = other.start - quote.start, other.end - quote.start
    words = [match.span() for match in _WORD.finditer(quote.text)]
    inside = [start for start, end in words if left <= start and end <= right]
    return len(inside) / len(words) if words else 0.0
