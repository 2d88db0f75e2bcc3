"""A statement and words of a source as the support model sees them: `[CLS] statement [SEP] words`.

Training and use share this module, so that both see the same thing. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reader.windows import CLS, SEP

MOST_CLAIM = 80
"""Tokens of a statement; the rest of a longer one is left out."""

MOST_HEADER = 24
"""Tokens of the article's title, source and date before the words."""

MOST = 320
"""Tokens in all."""


@dataclass(frozen=True)
class Frame:
    """One input: token ids, `border` of which are the statement with its marks."""

    ids: tuple[int, ...]
    border: int

    @property
    def types(self) -> list[int]:
        """Segment of each token: 0 for the statement, 1 for the words."""
        return [0] * self.border + [1] * (len(self.ids) - self.border)


def frame(claim: Sequence[int], header: Sequence[int], words: Sequence[int]) -> Frame:
    """The input for a statement and words, both in tokens; words that do not fit are left out."""
    head = (CLS, *claim[:MOST_CLAIM], SEP)
    begun = (*head, *header[:MOST_HEADER])
    return Frame((*begun, *words[: MOST - len(begun) - 1], SEP), len(head))
