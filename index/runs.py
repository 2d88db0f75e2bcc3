"""Search terms for what SQLite's FTS5 takes apart wrongly or not at all; knows nothing of SQL.

FTS5 takes a run of letters without spaces for one word, and breaks words at vowel points. So runs
of Chinese, Japanese and Korean are indexed as overlapping pairs of letters too, and those of Thai,
Lao, Khmer and Burmese, without their marks, as threes (n-grams: McNamee & Mayfield 2004); Hebrew
and Arabic words with points also without them. Text of other scripts gives no terms at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

WORD = regex.compile(r"\w+")
"""A word with its combining marks, which `re` would break a Hindi word at."""

_RUN = regex.compile(
    r"(?P<pairs>[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー]+)"
    r"|(?P<threes>[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+)"
    r"|(?P<pointed>[\p{Hebrew}\p{Arabic}\p{M}ـ]+)"
)
_MARK = regex.compile(r"[\p{M}ـ]+")


def terms(text: str) -> str:
    """What is indexed beside the text itself, as words between spaces.

    >>> terms("The port: 港口关闭。"), terms("הַנָּמָל")
    ('港口 口关 关闭 闭', 'הנמל')
    """
    return " ".join(term for run, size in _runs(text) for term in _parts(run, size, tail=True))


def queries(word: str) -> list[str]:
    """FTS5 terms, quoted, that find the parts of one word of a query.

    >>> queries("港口关"), queries("雨"), queries("port")
    (['"港口"', '"口关"'], ['"雨"*'], [])
    """
    found = []
    for run, size in _runs(word):
        is_short = 0 < len(run) < size
        found += [f'"{run}"*'] if is_short else [f'"{term}"' for term in _parts(run, size)]
    return found


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Runs as they are indexed, each with the length of its parts, 0 for the whole."""
    for match in _RUN.finditer(text):
        run = match[0]
        if match["pairs"]:
            yield run, 2
        elif (bare := _MARK.sub("", run)) and (match["threes"] or bare != run):
            yield bare, 3 if match["threes"] else 0


def _parts(run: str, size: int, tail: bool = False) -> list[str]:
    """Overlapping parts; with `tail` also the shorter ones at the end, for a search by prefix."""
    if not size:
        return [run]
    return [run[i : i + size] for i in range(len(run) - (0 if tail else size - 1))]
