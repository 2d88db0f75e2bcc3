"""Dense and lexical scores to one score: a convex combination of scores, each put between 0 and 1.

Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval" found this better
than reciprocal rank fusion, which throws away how much better the first hit is; on our own
development data the same holds (docs/RETRIEVAL.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Id = TypeVar("Id")

DENSE_WEIGHT = 0.5


def fuse(
    dense: Mapping[Id, float], lexical: Mapping[Id, float], weight: float = DENSE_WEIGHT
) -> dict[Id, float]:
    """Fused scores between 0 and 1, best first.

    Args:
        dense: cosine of every candidate.
        lexical: BM25 of the candidates that share a word with the query, above 0.
        weight: of the dense score; the lexical one gets the rest.

    >>> fuse({"a": 0.8, "b": 0.6}, {"b": 7.0})
    {'b': 0.875, 'a': 0.5}
    """
    top_dense = max((max(score, 0.0) for score in dense.values()), default=0.0) or 1.0
    top_lexical = max(lexical.values(), default=0.0) or 1.0
    scores = {
        name: weight * (max(score, 0.0) / top_dense)
        + (1 - weight) * (lexical.get(name, 0.0) / top_lexical)
        for name, score in dense.items()
    }
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], str(pair[0]))))
