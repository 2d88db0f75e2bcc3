"""Where a quote stands in the original of its article: a page, a chapter, a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import Locator

_PAGE = re.compile(r"p\. (.+)")


def place(locators: Sequence[Locator], start: int, end: int) -> str:
    """The name of the place that holds the quote's first character, empty if none does.

    Of places within one another it is the innermost one; a quote that runs on to another page is
    given both pages.

    >>> pages = [Locator(0, 9, "p. 12"), Locator(9, 20, "p. 13")]
    >>> place(pages, 2, 5), place(pages, 5, 12)
    ('p. 12', 'p. 12–13')
    """
    first, last = _innermost(locators, start), _innermost(locators, max(start, end - 1))
    one, two = _PAGE.fullmatch(first), _PAGE.fullmatch(last)
    if one and two and one[1] != two[1]:
        return f"{first}–{two[1]}"
    return first


def _innermost(locators: Sequence[Locator], offset: int) -> str:
    """Label of the shortest place with this character."""
    around = [found for found in locators if found.start <= offset < found.end]
    return min(around, key=lambda found: found.end - found.start).label if around else ""
