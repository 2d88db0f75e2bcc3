"""From logits to spans: the best places for an answer, over all windows of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reader.windows import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LONGEST = 30
"""Tokens of an answer."""

LOOKED_AT = 400
"""Spans of a window that are looked at: most overlap a better one."""


@dataclass(frozen=True)
class Place:
    """A span by its tokens in the passage (the last one included), with its logits.

    `raw` is start plus end, `null` the same for "not here" in the same window, `answerable` the
    window's other head.
    """

    window: int
    start: int
    end: int
    raw: float
    null: float
    answerable: float


def places(
    windows: Sequence[Window],
    offsets: Sequence[Sequence[tuple[int, int]]],
    texts: Sequence[str],
    start: Floats,
    end: Floats,
    answerable: Floats,
    best: int = 5,
) -> list[Place]:
    """The best spans of each window that do not overlap, at whole words.

    Args:
        windows: the inputs.
        offsets: for each window, the characters of all tokens of its passage.
        texts: for each window, its passage.
        start: logits, shape (windows, tokens).
        end: likewise.
        answerable: logits, shape (windows,).
        best: spans kept for each window.
    """
    import numpy as np

    found: list[Place] = []
    for row, window in enumerate(windows):
        text = slice(window.first, window.first + window.count)
        spans = offsets[row][window.begin : window.begin + window.count]
        if not spans:
            continue
        opens = np.array([i == 0 or spans[i - 1][1] < s for i, (s, _) in enumerate(spans)])
        closes = np.append(opens[1:], True)
        # A hyphen or a full stop joins words without a space: there too a span may begin or end.
        words = texts[row]
        chars = np.array([e - s == 1 and not words[s].isalnum() for s, e in spans])
        opens |= np.append(True, chars[:-1])
        closes |= np.append(chars[1:], True)
        s = np.where(opens, start[row, text], -np.inf)
        e = np.where(closes, end[row, text], -np.inf)
        scores = s[:, None] + e[None, :]
        upper = np.triu(np.ones_like(scores, dtype=bool)) & ~np.triu(
            np.ones_like(scores, dtype=bool), LONGEST
        )
        scores = np.where(upper, scores, -np.inf)
        null = float(start[row, 0] + end[row, 0])
        flat = scores.ravel()
        kept: list[tuple[int, int]] = []
        for at in np.argsort(-flat)[:LOOKED_AT]:
            i, j = divmod(int(at), len(spans))
            if not np.isfinite(flat[at]) or len(kept) == best:
                break
            if all(j < a or i > b for a, b in kept):
                kept.append((i, j))
                found.append(
                    Place(
                        row, window.begin + i, window.begin + j,
                        float(flat[at]), null, float(answerable[row]),
                    )
                )  # fmt: skip
    return found
