"""How well one yes or no agrees with another, such as a check's with a person's.

A pair is (what was said, what is true). Precision and recall are of "yes".
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.interval import RESAMPLES, SEED, Estimate, proportion

Pair = tuple[bool, bool]


def precision(pairs: Sequence[Pair]) -> Estimate | None:
    """Share of what was called yes that is; None if nothing was.

    >>> print(precision([(True, True), (True, True), (True, False), (False, True)]))
    0.667 [0.208, 0.939]
    """
    return proportion(true for said, true in pairs if said)


def recall(pairs: Sequence[Pair]) -> Estimate | None:
    """Share of what is yes that was called so; None if nothing is."""
    return proportion(said for said, true in pairs if true)


def f1_score(pairs: Sequence[Pair]) -> Estimate | None:
    """Harmonic mean of precision and recall, with its percentile bootstrap interval, seeded.

    2 · both / (said + true), where `both` counts the pairs that are yes twice; None without a yes.
    """
    import numpy as np

    if not any(said or true for said, true in pairs):
        return None
    table = np.array(pairs, dtype=int)
    rng = np.random.default_rng(SEED)
    drawn = table[rng.integers(0, len(table), size=(RESAMPLES, len(table)))]
    both = 2.0 * (drawn[..., 0] * drawn[..., 1]).sum(axis=1)
    low, high = np.percentile(both / np.maximum(drawn.sum(axis=(1, 2)), 1), [2.5, 97.5])
    value = float(2 * (table[:, 0] * table[:, 1]).sum() / table.sum())
    return Estimate(value, float(low), float(high), len(pairs))


def raw_agreement(pairs: Sequence[Pair]) -> Estimate | None:
    """Share of the pairs that are alike; None without any."""
    return proportion(said == true for said, true in pairs)


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Agreement beyond chance (Cohen 1960): (p_o - p_e) / (1 - p_e).

    p_o is the share of pairs that are alike, p_e what it would be if both drew at random with the
    shares of yes that they have. None without pairs, or where both always say the same.

    >>> kappa([(True, True), (True, False), (False, False), (False, False)])
    0.5
    """
    if not pairs:
        return None
    count = len(pairs)
    observed = sum(said == true for said, true in pairs) / count
    said, true = (sum(pair[i] for pair in pairs) / count for i in (0, 1))
    expected = said * true + (1 - said) * (1 - true)
    return None if expected == 1 else (observed - expected) / (1 - expected)
