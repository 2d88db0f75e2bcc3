"""How well the passages that were retrieved hold the evidence: hit@k, all@k, share@k and MRR.

A piece of evidence is found by a passage that has a character in common with its quote, or with
one of the places that carry the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.overlap import Alternatives, Span, overlaps

Ranks = Sequence[int | None]
"""For each piece of evidence the rank, from 1, of the first passage that finds it."""


def ranks(passages: Sequence[Span], evidence: Sequence[Alternatives]) -> list[int | None]:
    """Rank of the first passage that finds each piece of evidence, None where none does.

    >>> ranks([Span("a", 0, 9), Span("b", 0, 9)], [[Span("b", 3, 4)], [Span("c", 0, 1)]])
    [2, None]
    """
    return [
        next(
            (
                rank
                for rank, passage in enumerate(passages, 1)
                if any(overlaps(passage, place) for place in places)
            ),
            None,
        )
        for places in evidence
    ]


def hit_at(found: Ranks, k: int) -> float | None:
    """hit@k: 1 if any evidence is among the first k passages, else 0; None without evidence.

    >>> hit_at([None, 3], 5), hit_at([None, 3], 1)
    (1.0, 0.0)
    """
    return float(any(rank is not None and rank <= k for rank in found)) if found else None


def all_at(found: Ranks, k: int) -> float | None:
    """all@k: 1 if all evidence is among the first k passages, else 0; None without evidence.

    >>> all_at([1, 3], 5), all_at([None, 3], 5)
    (1.0, 0.0)
    """
    return float(all(rank is not None and rank <= k for rank in found)) if found else None


def share_at(found: Ranks, k: int) -> float | None:
    """Recall@k: share of the evidence that is among the first k passages; None without evidence.

    >>> share_at([1, 7], 5)
    0.5
    """
    return sum(rank is not None and rank <= k for rank in found) / len(found) if found else None


def reciprocal_rank(found: Ranks) -> float | None:
    """1 / rank of the first passage with any evidence, 0 if none has; its mean is MRR.

    Voorhees 1999, "The TREC-8 Question Answering Track Report".

    >>> reciprocal_rank([None, 4]), reciprocal_rank([None]), reciprocal_rank([])
    (0.25, 0.0, None)
    """
    if not found:
        return None
    return max((1 / rank for rank in found if rank is not None), default=0.0)
