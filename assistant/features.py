"""How well a sentence of a passage answers a question, as numbers; the keyless answerer's eyes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.asked import has_kind, kind_of
from assistant.state import Source
from assistant.words import content, names, numbers
from index import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NAMES = (
    "cosine",
    "cosine_passage",
    "covered",
    "covered_rare",
    "covered_rare_around",
    "covered_around",
    "covered_passage",
    "keys_passage",
    "keys_sentence",
    "pairs",
    "kind",
    "kind_asked",
    "rank",
    "score",
)
"""Names of the features, in order."""


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
    question: str,
    pool: Sequence[Candidate],
    question_vector: Vectors,
    sentence_vectors: Vectors,
) -> Vectors:
    """Features of every candidate.

    Args:
        question: the stand-alone question.
        pool: the candidates.
        question_vector: unit vector, shape (dimensions,).
        sentence_vectors: unit vectors, shape (len(pool), dimensions).

    Returns:
        Shape (len(pool), len(NAMES)), float32.
    """
    import numpy as np

    wanted = content(question)
    distinct = set(wanted)
    keys = names(question) | numbers(question)
    pairs = set(pairwise(wanted))
    kind = kind_of(question)
    cosines = sentence_vectors @ question_vector
    best_of: dict[int, float] = {}
    for candidate, cosine in zip(pool, cosines, strict=True):
        number = candidate.source.number
        best_of[number] = max(best_of.get(number, -1.0), float(cosine))
    stems_of = [content(candidate.text) for candidate in pool]
    rarity = _rarity(distinct, [set(stems) for stems in stems_of])
    headers = {c.source.number: set(content(c.source.article.label)) for c in pool}
    passages = {c.source.number: set(content(c.source.text)) for c in pool}
    rows = []
    for candidate, cosine, stems in zip(pool, cosines, stems_of, strict=True):
        number = candidate.source.number
        here = set(stems)
        around = set(content(candidate.around)) | headers[number]
        whole = passages[number] | headers[number]
        rows.append(
            [
                float(cosine),
                best_of[number],
                _share(distinct, here),
                _weighed(rarity, here),
                _weighed(rarity, around),
                _share(distinct, around),
                _share(distinct, whole),
                _share(keys, whole),
                _share(keys, here),
                _share(pairs, set(pairwise(stems))),
                float(has_kind(candidate.text, question, kind)),
                float(kind != "other"),
                1.0 / number,
                candidate.source.prior,
            ]
        )
    return np.asarray(rows, dtype=np.float32).reshape(len(pool), len(NAMES))


def _rarity(wanted: Set[str], pool: Sequence[Set[str]]) -> dict[str, float]:
    """Inverse document frequency of each word among the candidates: what all say tells nothing."""
    return {
        word: math.log((len(pool) + 1) / (sum(word in stems for stems in pool) + 0.5))
        for word in wanted
    }


def _weighed(rarity: Mapping[str, float], there: Set[str]) -> float:
    total = sum(rarity.values())
    return sum(rarity[word] for word in rarity if word in there) / total if total > 0 else 1.0


def _share(wanted: Set[object], there: Set[object]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 1.0
