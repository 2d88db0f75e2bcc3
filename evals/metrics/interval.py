"""Means with their uncertainty, and times: how sure a figure is belongs to the figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

RESAMPLES = 2_000
SEED = 20_160_611


@dataclass(frozen=True)
class Estimate:
    """A figure, its 95 % interval, and the number of cases that it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(*groups: Iterable[float | None]) -> Estimate | None:
    """Mean of the values with its percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13).

    `None` among the values means "not applicable" and is left out; the result is None if a group
    has nothing left. Of several groups it is the mean of their means, each resampled by itself, as
    balanced accuracy needs. Seeded: the same values always give the same interval. It takes cases
    as independent; turns of one conversation are not quite, so theirs is somewhat too narrow.

    >>> print(estimate([1.0, 0.0, None, 1.0, 1.0]))
    0.750 [0.250, 1.000]
    """
    import numpy as np

    kept = [np.array([v for v in group if v is not None], dtype=float) for group in groups]
    if not kept or any(not len(values) for values in kept):
        return None
    rng = np.random.default_rng(SEED)
    resampled = [rng.choice(values, size=(RESAMPLES, len(values))).mean(axis=1) for values in kept]
    low, high = np.percentile(np.mean(resampled, axis=0), [2.5, 97.5])
    value = float(np.mean([values.mean() for values in kept]))
    return Estimate(value, float(low), float(high), sum(map(len, kept)))


def proportion(values: Iterable[bool]) -> Estimate | None:
    """Share of what is true with its score interval (Wilson 1927); None without values.

    Unlike the bootstrap's, the interval does not shrink to a point where all values are alike.

    >>> print(proportion([True] * 20))
    1.000 [0.839, 1.000]
    """
    kept = list(values)
    if not kept:
        return None
    n, share, z2 = len(kept), sum(kept) / len(kept), 1.959964**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 * share * (1 - share) / n + z2 * z2 / (4 * n * n)) ** 0.5 / (1 + z2 / n)
    return Estimate(share, max(0.0, centre - half), min(1.0, centre + half), n)


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value below which this share of the values lies, interpolated; None if there is none.

    >>> quantile([1.0, 2.0, 3.0, 10.0], 0.5)
    2.5
    """
    import numpy as np

    kept = list(values)
    return float(np.quantile(kept, share)) if kept else None
