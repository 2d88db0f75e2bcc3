"""Text to sentences to passages, with exact character offsets; knows nothing of any store."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from unicodedata import category

from sentencex import get_sentence_boundaries

from index.graphemes import edges, last_edge, middle

MAX_TOKENS = 208
"""Tokens of a passage at most, so that its header fits beside it in an encoder's 256."""

MAX_CHARACTERS = 2_000
"""Characters of a passage at most: a word without spaces may count as a single token."""

OVERLAP_TOKENS = 52
"""A sentence longer than this is not repeated in the next passage."""

Span = tuple[int, int]
CountTokens = Callable[[Sequence[str]], list[int]]

_WINDOW = 20_000
"""Characters looked at together for sentence borders: the splitter's time grows with the square."""

_BLOCK = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]*(?:#{1,6} |[-*•] |\d+[.)] ))|(?<=\n)(?=#{1,6} )")
_HEADING_END = re.compile(r"^#{1,6} [^\n]*\n", re.MULTILINE)
_CLOCK_END = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_CLOCK_GOES_ON = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|local|GMT|UTC|[A-Z]{1,2}[SD]T\b|on |and "
)
_OPENER = re.compile(
    r"^\d{1,3}[.)]$|\bM(?:[Mrsx]|rs)?\.$"
    r"|(?<!\S)[(«“\"]?(?:أ\.)?(?:د|أ|डॉ|प्रो|श्री|सुश्री)\.$"
    r"|(?<![ก-๙])[ก-๙]{1,3}\.$"
)
"""The number of a list item; Ms, Mx or M. before a name; Dr or Prof. in Arabic or Hindi; a short
Thai word that the full stop abbreviates: no sentence ends there."""
_QUOTED_ON = re.compile(r"と|って|など")
"""What the Japanese for "he said" begins with: it belongs to the quotation before it."""
_CLOSING = frozenset({"Pe", "Pf", "Mn", "Mc", "Me"})
_JOINED = frozenset(
    "\u200d\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\u200e\u200f\u061c\u202c\u2069"
)
"""The joiner of emoji, skin tones, and marks that end a change of direction."""
_WORD = re.compile(r"\S+")
_ODD_SPACE = re.compile(r"[^\S\n\t ]")
"""White space that the splitter trips over: it counts every kind as one byte and may panic."""


def sentences(text: str, language: str = "en") -> list[Span]:
    """Character spans of the sentences of `text`, in order, without surrounding white space.

    Blank lines, headings and list items end a sentence; hard-wrapped lines do not.

    >>> text = "The U.S. agreed. Israel did not."
    >>> [text[start:end] for start, end in sentences(text)]
    ['The U.S. agreed.', 'Israel did not.']
    """
    return [span for block in blocks(text) for span in _sentences_of(text, block, language)]


def blocks(text: str) -> list[Span]:
    """Character spans of paragraphs, headings and list items, in order, none of them empty."""
    borders = {0, len(text)}
    borders.update(match.end() for match in _BLOCK.finditer(text))
    borders.update(match.end() for match in _HEADING_END.finditer(text))
    cuts = sorted(borders)
    spans = (_trim(text, start, end) for start, end in itertools.pairwise(cuts))
    return [span for span in spans if span[0] < span[1]]


def passages(text: str, count_tokens: CountTokens, language: str = "en") -> list[Span]:
    """Spans of passages: whole sentences, at most `MAX_TOKENS` tokens, covering `text` in order.

    A passage that breaks off inside a paragraph is followed by one that repeats its last sentence
    (if that is short), so that a reference to it is not cut off from what it refers to. A sentence
    that is too long is cut at word borders; a word, if need be, between characters as readers see
    them.

    Args:
        text: the article's text.
        count_tokens: tokens of each string of a sequence, without special tokens.
        language: ISO 639-1 code, for the sentence borders.
    """
    pieces, openers = _pieces(text, count_tokens, language)
    sizes = count_tokens([text[start:end] for start, end in pieces])
    result: list[Span] = []
    first = 0
    while first < len(pieces):
        last, total = first, sizes[first]
        while last + 1 < len(pieces):
            length = pieces[last + 1][1] - pieces[first][0]
            if total + sizes[last + 1] > MAX_TOKENS or length > MAX_CHARACTERS:
                break
            last += 1
            total += sizes[last]
        result.append((pieces[first][0], pieces[last][1]))
        following = last + 1
        repeats = (
            following < len(pieces)
            and last > first
            and pieces[following][0] not in openers
            and sizes[last] <= OVERLAP_TOKENS
            and sizes[last] + sizes[following] <= MAX_TOKENS
            and pieces[following][1] - pieces[last][0] <= MAX_CHARACTERS
        )
        first = last if repeats else following
    return result


def _pieces(
    text: str, count_tokens: CountTokens, language: str
) -> tuple[list[Span], frozenset[int]]:
    """Sentences short enough for a passage, and the offsets at which a block begins."""
    spans: list[Span] = []
    openers = set()
    for block in blocks(text):
        openers.add(block[0])
        spans += _sentences_of(text, block, language)
    sizes = count_tokens([text[start:end] for start, end in spans])
    pieces: list[Span] = []
    for (start, end), size in zip(spans, sizes, strict=True):
        if size <= MAX_TOKENS and end - start <= MAX_CHARACTERS:
            pieces.append((start, end))
        else:
            pieces += _cut(text, start, end, count_tokens)
    return pieces, frozenset(openers)


def _cut(text: str, start: int, end: int, count_tokens: CountTokens) -> list[Span]:
    """Cut one overlong sentence at word borders; a word is cut only when longer than a passage."""
    words, sizes = _words(text, start, end, count_tokens)
    pieces: list[Span] = []
    begin, total = 0, 0
    for i, size in enumerate(sizes):
        too_long = words[i][1] - words[begin][0] > MAX_CHARACTERS
        if i > begin and (total + size > MAX_TOKENS or too_long):
            pieces.append((words[begin][0], words[i - 1][1]))
            begin, total = i, 0
        total += size
    pieces.append((words[begin][0], words[-1][1]))
    return pieces


def _words(
    text: str, start: int, end: int, count_tokens: CountTokens
) -> tuple[list[Span], list[int]]:
    """Words with their sizes; one longer than a passage is halved until its parts fit."""
    words: list[Span] = []
    for match in _WORD.finditer(text, start, end):
        left, right = match.span()
        if right - left <= MAX_TOKENS:
            words.append((left, right))
            continue
        borders = edges(text, left, right)
        while left < right:
            cut = last_edge(borders, left, min(left + MAX_TOKENS, right))
            words.append((left, cut))
            left = cut
    sizes = count_tokens([text[left:right] for left, right in words])
    # A character may count as several tokens: Hangul decomposes, other models count bytes.
    while any(s > MAX_TOKENS and b - a > 1 for (a, b), s in zip(words, sizes, strict=True)):
        parts: list[Span] = []
        for (left, right), size in zip(words, sizes, strict=True):
            half = middle(text, left, right)
            fits = size <= MAX_TOKENS or right - left == 1
            parts += [(left, right)] if fits else [(left, half), (half, right)]
        words, sizes = parts, count_tokens([text[left:right] for left, right in parts])
    return words, sizes


def _sentences_of(text: str, block: Span, language: str) -> list[Span]:
    start, end = block
    spans: list[Span] = []
    for raw in _borders(text, start, end, language or "en"):
        left, right = _trim(text, *raw)
        if left >= right:
            continue
        if spans and spans[-1][1] == left:
            border = _behind_closers(text, left, right)
            spans[-1] = (spans[-1][0], border)
            left, right = _trim(text, border, right)
            if left >= right:
                continue
        before = text[max(spans[-1][0], spans[-1][1] - 16) : spans[-1][1]] if spans else ""
        goes_on = _CLOCK_END.search(before) and _CLOCK_GOES_ON.match(text, left)
        quoted = before.endswith(("」", "』")) and _QUOTED_ON.match(text, left)
        if goes_on or quoted or _OPENER.search(before):
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    return spans


def _behind_closers(text: str, start: int, end: int) -> int:
    """Behind what cannot begin a sentence: brackets that close, what joins the letter before."""
    while start < end and (text[start] in _JOINED or category(text[start]) in _CLOSING):
        start += 1
    return start


def _borders(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Sentences as the splitter finds them, window by window."""
    while start < end:
        stop = min(start + _WINDOW, end)
        found = get_sentence_boundaries(language, _ODD_SPACE.sub(" ", text[start:stop]))
        if stop < end and len(found) > 1:
            found = found[:-1]  # it may go on behind the window
        elif stop < end:
            stop = last_edge(edges(text, start, min(stop + MAX_TOKENS, end)), start, stop)
            yield start, stop
            start = stop
            continue
        for border in found:
            yield start + border["start_index"], start + border["end_index"]
        start += found[-1]["end_index"]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
