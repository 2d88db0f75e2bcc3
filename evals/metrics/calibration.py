"""Whether a confidence means what it says (DeGroot & Fienberg 1983; Naeini et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bin:
    """Answers with a confidence from `low` on: mean confidence, share right, share of all."""

    low: float
    confidence: float
    accuracy: float
    weight: float


def bins(
    confidence: Iterable[float],
    right: Iterable[bool],
    weights: Iterable[float] | None = None,
    n: int = 10,
) -> list[Bin]:
    """`n` bins of equal width over 0 to 1; empty ones have weight 0.

    >>> [b.accuracy for b in bins([0.1, 0.2, 0.9], [False, True, True], n=2)]
    [0.5, 1.0]
    """
    confidence = list(confidence)
    shares = [1.0] * len(confidence) if weights is None else list(weights)
    total = sum(shares) or 1.0
    found = []
    for number in range(n):
        inside = [
            (c, r, w)
            for c, r, w in zip(confidence, right, shares, strict=True)
            if min(int(c * n), n - 1) == number
        ]
        mass = sum(w for _, _, w in inside)
        mean = sum(c * w for c, _, w in inside) / mass if mass else 0.0
        accuracy = sum(r * w for _, r, w in inside) / mass if mass else 0.0
        found.append(Bin(number / n, float(mean), float(accuracy), float(mass / total)))
    return found


def expected_calibration_error(
    confidence: Iterable[float],
    right: Iterable[bool],
    weights: Iterable[float] | None = None,
    n: int = 10,
) -> float:
    """Mean distance between confidence and share right over bins, weighted by their size.

    >>> expected_calibration_error([0.5, 0.5], [True, False])
    0.0
    >>> expected_calibration_error([1.0, 1.0], [True, False])
    0.5
    """
    return sum(
        b.weight * abs(b.confidence - b.accuracy) for b in bins(confidence, right, weights, n)
    )


def brier(
    confidence: Iterable[float], right: Iterable[bool], weights: Iterable[float] | None = None
) -> float:
    """Mean squared distance between confidence and what came true (Brier 1950).

    >>> brier([1.0, 0.0], [True, True])
    0.5
    """
    confidence = list(confidence)
    shares = [1.0] * len(confidence) if weights is None else list(weights)
    total = sum(shares) or 1.0
    squares = [w * (c - r) ** 2 for c, r, w in zip(confidence, right, shares, strict=True)]
    return float(sum(squares) / total)
