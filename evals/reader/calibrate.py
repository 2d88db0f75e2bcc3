"""The weights that join what is known of a span: for ranking, and for a confidence that holds.

Ranking: a softmax over all candidates of a question, the right ones together against the wrong ones
(Clark & Gardner 2018). Confidence: a logistic regression on the best candidate (Platt 1999), on a
mixture of half answerable and half unanswerable questions, the latter in equal shares by kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from assistant.reader.confidence import FEATURES, RANKING, Calibration, features, lead
from evals.reader.asked import RIGHT, Looked

ANSWERABLE = ("answerable", "choice")
UNANSWERABLE = ("small", "swapped", "retrieved", "hidden")

SHARES = {
    "answerable": 0.25,
    "choice": 0.25,
    "small": 1 / 6,
    "swapped": 1 / 6,
    "retrieved": 1 / 12,
    "hidden": 1 / 12,
}
"""Weight of each kind in the mixture that the confidence is fitted to."""

PULL = 0.01
"""Weight of the squared norm of the ranking weights: keeps those that tell nothing near 0."""


def fit(looked: Sequence[Looked]) -> Calibration:
    """All weights from development questions, and the threshold of greatest balanced accuracy."""
    ranking = _ranking([one for one in looked if one.asked.answers and one.found])
    ranked = Calibration(ranking, {}, 0.0, 0.0)
    rows, right = tops(ranked, looked)
    weights = mixture(looked)
    # Columns of one size, so that the penalty treats them alike.
    spread = rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit(rows / spread, right, sample_weight=weights * len(weights))
    confidence = dict(
        zip(FEATURES, (round(float(w), 5) for w in model.coef_[0] / spread), strict=True)
    )
    found = Calibration(ranking, confidence, round(float(model.intercept_[0]), 5), 0.0)
    threshold = best_threshold(chances(found, looked), answerable(looked), weights)
    return Calibration(found.ranking, found.confidence, found.bias, threshold)


def tops(calibration: Calibration, looked: Sequence[Looked]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Features of each question's best candidate, (questions, features); whether it is right."""
    rows: list[list[float]] = []
    right: list[bool] = []
    for one in looked:
        if not one.found:
            rows.append([0.0] * len(FEATURES))
            right.append(False)
            continue
        at, ahead = best(calibration, one)
        known = features(one.found[at], ahead)
        rows.append([known[name] for name in FEATURES])
        right.append(one.f1(at) >= RIGHT)
    return np.asarray(rows), np.asarray(right)


def best(calibration: Calibration, one: Looked) -> tuple[int, float]:
    """Index of the best candidate and its lead."""
    worth = [calibration.worth(found) for found in one.found]
    at = int(np.argmax(worth))
    return at, lead(one.found, worth, at)


def chances(calibration: Calibration, looked: Sequence[Looked]) -> NDArray[Any]:
    """Confidence of each question's answer, 0 where nothing was found."""
    return np.asarray([max(calibration.scores(one.found)) if one.found else 0.0 for one in looked])


def answerable(looked: Sequence[Looked]) -> NDArray[Any]:
    """Whether each question has an answer in its passages."""
    return np.asarray([bool(one.asked.answers) for one in looked])


def mixture(looked: Sequence[Looked]) -> NDArray[Any]:
    """Weights that sum to 1 and give every kind, and every set in a kind, its share."""
    counts = Counter((one.asked.kind, one.asked.data) for one in looked)
    sets = Counter(kind for kind, _ in counts)
    shares = [
        SHARES[one.asked.kind] / sets[one.asked.kind] / counts[one.asked.kind, one.asked.data]
        for one in looked
    ]
    return np.asarray(shares) / sum(shares)


def best_threshold(chance: NDArray[Any], should: NDArray[Any], weights: NDArray[Any]) -> float:
    """Where the mean of right answers and right abstentions is greatest."""
    grid = np.linspace(0.02, 0.98, 97)
    values = [balanced(chance, should, weights, t) for t in grid]
    return round(float(grid[int(np.argmax(values))]), 2)


def balanced(
    chance: NDArray[Any], should: NDArray[Any], weights: NDArray[Any], threshold: float
) -> float:
    """Mean of the share of answerable ones answered and of unanswerable ones abstained from."""
    says = chance >= threshold
    answered = np.average(says[should], weights=weights[should])
    abstained = np.average(~says[~should], weights=weights[~should])
    return float(answered + abstained) / 2


def _ranking(looked: Sequence[Looked]) -> dict[str, float]:
    """Weights of the ranking: softmax over a question's candidates."""
    tables = [
        (
            np.array([[float(getattr(f, name)) for name in RANKING] for f in one.found]),
            np.array([one.f1(i) >= RIGHT for i in range(len(one.found))]),
        )
        for one in looked
    ]
    tables = [(x, right) for x, right in tables if right.any() and not right.all()]

    def cost(w: NDArray[Any]) -> float:
        total = 0.0
        for x, right in tables:
            z = x @ w
            total += float(logsumexp(z) - logsumexp(z[right]))
        return total / len(tables) + PULL * float((w**2).sum())

    begin = np.array([1.0 if name == "raw" else 0.0 for name in RANKING])
    found = minimize(cost, begin, method="L-BFGS-B").x
    return dict(zip(RANKING, (round(float(w), 5) for w in found), strict=True))
