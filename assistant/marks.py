"""Citation marks as models write them: which numbers a bracket names. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

OPENERS = "[【［〔〖"
"""Brackets that hold a citation or a link's text."""
CLOSERS = "]】］〕〗"
"""What closes them, in the same order."""

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

_MOST_DIGITS = 9
_PLAIN_NAMES = r"(?:passages?|sources?|ref(?:erence)?s?|cit(?:ation|e)s?|quellen?)"
_OTHER_NAMES = r"(?:articles?|documents?|docs?|(?:foot)?notes?)"
_NAMED = rf"(?:(?:{_PLAIN_NAMES}|{_OTHER_NAMES})[\s.:#_-]*+)?"
_NUMBER = rf"{_NAMED}\d++(?::\d++)?"
_JOIN = r"(?:[\s,;&+/|·•‐-―-]|\b(?:and|und|et|y|to|through|bis|also)\b)*+"
_BODY = re.compile(
    rf"\s*(?:(?:see|cf|also)\b[\s.,:]*+)*{_NUMBER}(?:{_JOIN}{_NUMBER})*[\s.,;]*", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"\s*{_PLAIN_NAMES}\s*[.:#]?\s*(\d++)\s*[:–—|-].*", re.IGNORECASE | re.DOTALL
)
_RANGE = re.compile(
    r"(\d+)(?::\d+)?(?:\s*(?:[-‐-―]|\bto\b|\bthrough\b|\bbis\b)\s*(\d+))?", re.IGNORECASE
)
_LIST = re.compile(r"\s*\d++(?:[\s,;&]+\d++)*\s*")
_PAGES = re.compile(r",\s*pp?\.?\s*\d+(?:\s*[-–]\s*\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_AFTER_DAGGER = re.compile(r"[†‡][^,;]*")
_DECORATION = re.compile(r"[\[\]【】［］〔〕〖〗(){}*_^#~`\\\"'“”]")


@dataclass(frozen=True)
class Mark:
    """What a bracket names: numbers of passages that exist, in order.

    `sure` is False for bare numbers in round brackets, which may be anything else. `strange` says
    that a number was named too which no passage has.
    """

    numbers: tuple[int, ...]
    sure: bool = True
    strange: bool = False


def read_mark(group: str, highest: int) -> Mark | None:
    """What a bracketed text names, or None if it is no citation.

    Args:
        group: with its brackets, of any kind.
        highest: number of the last passage; others are dropped.

    >>> read_mark("[1, 3]", 5)
    Mark(numbers=(1, 3), sure=True, strange=False)
    >>> read_mark("[sic]", 5), read_mark("(2-1)", 5)
    (None, None)
    """
    plain = unicodedata.normalize("NFKC", group).strip()
    is_round = plain[:1] == "(" and not any(letter in OPENERS for letter in plain)
    body = _DECORATION.sub(" ", _PAGES.sub("", _AFTER_DAGGER.sub("", plain)))
    if not _BODY.fullmatch(body):
        labelled = None if is_round else _LABELLED.fullmatch(body)
        if labelled is None:
            return None
        body = labelled.group(1)
    numbers, strange = _numbers(body, highest)
    if re.search(_OTHER_NAMES, body, re.IGNORECASE) and (is_round or strange):
        return None  # "(Article 5)" of a treaty
    named = any(letter.isalpha() for letter in body)
    if is_round and not named and not _LIST.fullmatch(body):
        return None
    return Mark(numbers, not is_round or named, strange)


def read_superscript(run: str, highest: int) -> tuple[int, ...]:
    """The passage that raised digits name; none if there is no such passage.

    >>> read_superscript("¹²", 12), read_superscript("¹²", 8)
    ((12,), ())
    """
    return _numbers(unicodedata.normalize("NFKC", run), highest)[0]


def _numbers(body: str, highest: int) -> tuple[tuple[int, ...], bool]:
    """Numbers named, ranges spelled out, and whether any of them names no passage."""
    found: list[int] = []
    strange = False
    for first, last in _RANGE.findall(_THOUSANDS.sub("", body)):
        low, high = sorted((_number(first), _number(last or first)))
        strange = strange or low < 1 or high > highest
        found += range(max(low, 1), min(high, highest) + 1)
    return tuple(dict.fromkeys(found)), strange


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
