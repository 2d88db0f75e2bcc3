"""Printed lines to paragraphs: hyphens mended, running heads dropped; knows nothing of PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

EDGE = 2
"""Lines at the top and at the bottom of a page among which running heads are looked for."""

_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_HYPHEN = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*\d*$")
_BULLET = re.compile(r"[•◦▪‣·–—*]\s|\(?\d{1,2}[.)]\s")
_SHORT = 0.8
"""A line under this part of the page's width can be the last of its paragraph."""


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without the heads, feet and page numbers that most of them share.

    Numbers aside, the same line has to stand at the same edge of over half of the pages, and of
    three at least.
    """
    cleaned = [[" ".join(line.translate(_LIGATURES).split()) for line in page] for page in pages]
    seen: Counter[tuple[bool, str]] = Counter()
    for page in cleaned:
        seen.update({place for _, place in _edges(page)})
    filled = sum(any(page) for page in cleaned)
    running = {place for place, times in seen.items() if times >= 3 and times > filled / 2}
    kept = []
    for page in cleaned:
        dropped = {number for number, place in _edges(page) if place in running}
        kept.append([line for number, line in enumerate(page) if number not in dropped])
    return kept if any(map(any, kept)) else cleaned


def join_lines(lines: Sequence[str]) -> str:
    """One page's lines as paragraphs with blank lines between them.

    >>> join_lines(["The infor-", "mation was", "late."])
    'The information was late.'
    """
    width = sorted(map(len, lines))[len(lines) * 9 // 10] if lines else 0
    paragraphs: list[list[str]] = []
    fresh = True
    for number, line in enumerate(lines):
        if not line:
            fresh = True
            continue
        if fresh or _BULLET.match(line):
            paragraphs.append([line])
        else:
            _append(paragraphs[-1], line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        begins = following[:1].isupper() or following[:1].isdigit()
        fresh = len(line) < _SHORT * width and bool(
            _ENDS.search(line) or (begins and not _HYPHEN.search(line))
        )
    return "\n\n".join(map("".join, paragraphs))


def join_pages(pages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each page with the gap before it; a sentence that runs over the border stays in one piece."""
    texts = list(pages)
    gap = "\n\n"
    for number, text in enumerate(texts):
        following = next(filter(None, texts[number + 1 :]), "")
        before, gap = gap, "\n\n" if text else gap
        if text and following[:1].islower() and not _ENDS.search(text):
            gap = " "
            if _HYPHEN.search(text):
                text, gap = text[:-1], ""
        yield before, text


def _append(paragraph: list[str], line: str) -> None:
    last = paragraph[-1]
    if not _HYPHEN.search(last):
        line = f" {line}"
    elif line[0].islower() or last.endswith("\u00ad"):
        paragraph[-1] = last[:-1]
    paragraph.append(line)


def _edges(page: Sequence[str]) -> Iterator[tuple[int, tuple[bool, str]]]:
    """Number, edge and content of the outermost lines that are not blank."""
    filled = [number for number, line in enumerate(page) if line]
    for top, numbers in ((True, filled[:EDGE]), (False, filled[-EDGE:])):
        for number in numbers:
            yield number, (top, _NUMBER.sub("#", page[number]))
