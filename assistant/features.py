"""How well a sentence of a passage answers a question, as numbers; the keyless answerer's eyes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.reader.confidence import Calibration, Found
from assistant.state import Source
from assistant.words import content
from index import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAMES = ("covered_rare", "rank", "score", "behind", "margin")
"""Names of the features, in order; fifteen others, cosines among them, added next to nothing."""

UNREAD = (-8.0, -10.0)
"""`behind` and `margin` at least, and of a sentence in which the reader sees nothing."""


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer, by its place in a source's passage."""

    source: Source
    start: int
    end: int
    around: str

    @property
    def text(self) -> str:
        """The sentence."""
        return self.source.text[self.start : self.end]


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    """Every sentence of the passages once, with its neighbours."""
    found: dict[tuple[str, int], Candidate] = {}
    texts: set[str] = set()
    for source in sources:
        passage = source.hit.passage
        spans = sentences(passage.text, source.article.language or "en")
        for i, (start, end) in enumerate(spans):
            place = (passage.article_id, passage.start + start)
            text = passage.text[start:end]
            if place in found or text in texts or _answers_nothing(text):
                continue
            texts.add(text)
            left, right = spans[max(i - 1, 0)][0], spans[min(i + 1, len(spans) - 1)][1]
            found[place] = Candidate(source, start, end, passage.text[left:right])
    return list(found.values())


def _answers_nothing(text: str) -> bool:
    """A heading, or a question: it is the next sentence that answers."""
    return text.startswith("#") or text.rstrip("\"'”’»)]* ").endswith(("?", "？", "؟"))


def measure(
    question: str, pool: Sequence[Candidate], found: Sequence[Found], calibration: Calibration
) -> NDArray[np.float32]:
    """Features of every candidate.

    Args:
        question: the stand-alone question.
        pool: the candidates.
        found: what the reader sees in their sources; `passage` is their place from 0.
        calibration: the reader's, which ranks what it sees.

    Returns:
        Shape (len(pool), len(NAMES)), float32.
    """
    import numpy as np

    stems_of = [_stems(candidate.text) for candidate in pool]
    rarity = _rarity(set(content(question)), stems_of)
    best = _best(pool, found, calibration)
    top = max((calibration.worth(one) for one in best.values()), default=0.0)
    rows = []
    for at, (candidate, here) in enumerate(zip(pool, stems_of, strict=True)):
        behind, margin = UNREAD
        if at in best:
            behind = max(behind, calibration.worth(best[at]) - top)
            margin = max(margin, best[at].margin)
        source = candidate.source
        covered = _weighed(rarity, here)
        rows.append([covered, 1.0 / source.number, source.prior, behind, margin])
    return np.asarray(rows, dtype=np.float32).reshape(len(pool), len(NAMES))


@lru_cache(maxsize=5_000)
def _stems(text: str) -> frozenset[str]:
    """Most questions read the same articles, and one question the same sentences thrice."""
    return frozenset(content(text))


def _best(
    pool: Sequence[Candidate], found: Sequence[Found], calibration: Calibration
) -> dict[int, Found]:
    """The best place that begins in each candidate, by its place in the pool."""
    inside: dict[int, list[int]] = {}
    for at, candidate in enumerate(pool):
        inside.setdefault(candidate.source.number, []).append(at)
    best: dict[int, Found] = {}
    for one in found:
        for at in inside.get(one.passage + 1, ()):
            if not pool[at].start <= one.start < pool[at].end:
                continue
            if at not in best or calibration.worth(one) > calibration.worth(best[at]):
                best[at] = one
    return best


def _rarity(wanted: Set[str], pool: Sequence[Set[str]]) -> dict[str, float]:
    """Inverse document frequency of each word among the candidates: what all say tells nothing."""
    return {
        word: math.log((len(pool) + 1) / (sum(word in stems for stems in pool) + 0.5))
        for word in wanted
    }


def _weighed(rarity: Mapping[str, float], there: Set[str]) -> float:
    total = sum(rarity.values())
    return sum(rarity[word] for word in rarity if word in there) / total if total > 0 else 1.0
