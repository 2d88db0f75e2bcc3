"""A question and a passage as the reader's model sees them: `[CLS] question [SEP] text [SEP]`.

Training and reading share this module, so that both see the same thing. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

CLS, SEP, PAD = 101, 102, 0
"""Ids of BERT's uncased vocabulary (Devlin et al. 2019)."""

MOST_QUESTION = 48
"""Tokens of a question; the rest of a longer one is left out, from its front."""

MOST_HEADER = 24
"""Tokens of the article's title and date before the text."""

MOST = 288
"""Tokens in all: a passage of the library (208) with question and header fits."""

OVERLAP = 64
"""Tokens that neighbouring windows of a long passage share; no answer is longer."""


class Framed(Protocol):
    """Whatever a model of this kind reads: token ids, and the segment of each."""

    @property
    def ids(self) -> tuple[int, ...]:
        """Token ids."""

    @property
    def types(self) -> list[int]:
        """0 or 1 for each of them."""


@dataclass(frozen=True)
class Window:
    """One input: token ids, where the text begins in them, and which of its tokens are there.

    `ids[first + i]` is token `begin + i` of the passage, for `i < count`.
    """

    ids: tuple[int, ...]
    first: int
    begin: int
    count: int

    @property
    def types(self) -> list[int]:
        """Segment of each token: 0 up to the first separator, 1 after it."""
        border = self.ids.index(SEP) + 1
        return [0] * border + [1] * (len(self.ids) - border)


def window(
    question: Sequence[int], header: Sequence[int], text: Sequence[int], begin: int = 0
) -> Window:
    """The window that starts at token `begin` of the text and holds as many as fit."""
    question, header = question[-MOST_QUESTION:], header[:MOST_HEADER]
    head = (CLS, *question, SEP, *header)
    part = tuple(text[begin : begin + MOST - len(head) - 1])
    return Window((*head, *part, SEP), len(head), begin, len(part))


def windows(question: Sequence[int], header: Sequence[int], text: Sequence[int]) -> list[Window]:
    """Windows that cover the whole text, in order; at least one."""
    found = [window(question, header, text)]
    while (end := found[-1].begin + found[-1].count) < len(text):
        found.append(window(question, header, text, end - OVERLAP))
    return found
