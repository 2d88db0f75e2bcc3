"""Measures of a ranked list of ids against judged ones (qrels): nDCG@k, recall@k, RR@k."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg_at(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """nDCG@k = DCG@k of the list / DCG@k of the best one; None if nothing is relevant.

    DCG@k is the sum of gain / log2(rank + 1) over the first k (Järvelin & Kekäläinen 2002,
    with linear gains as in trec_eval).

    >>> ndcg_at(["x", "a"], {"a": 1}, 10)
    0.6309297535714575
    """
    best = _dcg(sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k])
    return _dcg([gains.get(name, 0.0) for name in ranked[:k]]) / best if best else None


def recall_at(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """Share of the relevant ids that are among the first k; None if nothing is relevant.

    >>> recall_at(["x", "a"], {"a": 1, "b": 1}, 5)
    0.5
    """
    relevant = {name for name, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else None


def reciprocal_rank_at(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """1 / rank of the first relevant id among the first k, else 0; its mean is MRR@k.

    Voorhees 1999, "The TREC-8 Question Answering Track Report".

    >>> reciprocal_rank_at(["x", "a"], {"a": 1}, 10)
    0.5
    """
    if not any(gain > 0 for gain in gains.values()):
        return None
    places = (rank for rank, name in enumerate(ranked[:k], 1) if gains.get(name, 0) > 0)
    return 1 / next(places, math.inf)


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
