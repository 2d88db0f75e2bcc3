"""Figures of the reader on questions of one part, and the plot of how its confidence holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.reader.confidence import Calibration
from evals.metrics import Estimate, estimate
from evals.metrics.calibration import bins, brier, expected_calibration_error
from evals.metrics.squad import exact_match, f1
from evals.reader.asked import RIGHT, SETS, Looked
from evals.reader.calibrate import UNANSWERABLE, answerable, balanced, best, chances, mixture


def report(calibration: Calibration, looked: Sequence[Looked]) -> dict[str, Any]:
    """All figures: reading, choosing among passages, abstaining, and calibration."""
    return {
        "reading": reading(calibration, looked),
        "abstention": abstention(calibration, looked),
        "calibration": calibrated(calibration, looked),
    }


def reading(calibration: Calibration, looked: Sequence[Looked]) -> dict[str, Any]:
    """EM and F1 of the best span for each set, its own passage alone and among four others.

    `alone F1` is that of the questions read among four others, each with its own passage only.
    """
    figures: dict[str, Any] = {}
    alone: dict[tuple[str, str], float | None] = {}
    for data in SETS:
        for kind in ("answerable", "choice"):
            own = [one for one in looked if (one.asked.data, one.asked.kind) == (data, kind)]
            if not own:
                continue
            texts = [one.text(best(calibration, one)[0]) if one.found else "" for one in own]
            golds = [one.asked.answers for one in own]
            keys = [(one.asked.question, golds[i][0]) for i, one in enumerate(own)]
            f1s = [f1(t, g) for t, g in zip(texts, golds, strict=True)]
            figures[f"{data}, {'alone' if kind == 'answerable' else 'among 5'}"] = {
                "n": len(own),
                "EM": _percent([exact_match(t, g) for t, g in zip(texts, golds, strict=True)]),
                "F1": _percent(f1s),
            }
            if kind == "answerable":
                alone = dict(zip(keys, f1s, strict=True))
            else:
                figures[f"{data}, among 5"]["alone F1"] = _percent([alone[key] for key in keys])
    return figures


def abstention(calibration: Calibration, looked: Sequence[Looked]) -> dict[str, Any]:
    """How each kind of unanswerable question is told from the same sets' answerable ones.

    Balanced accuracy at the one threshold and at the best one for that kind, and the area under
    the ROC curve.
    """
    from sklearn.metrics import roc_auc_score

    figures: dict[str, Any] = {}
    for kind in UNANSWERABLE:
        own = _against(looked, kind)
        chance, should, weights = chances(calibration, own), answerable(own), _even(own)
        by_threshold = [balanced(chance, should, weights, t) for t in np.linspace(0.01, 0.99, 99)]
        figures[kind] = {
            "n": int((~should).sum()),
            "balanced accuracy": _rounded(balanced(chance, should, weights, calibration.threshold)),
            "at its best threshold": _rounded(max(by_threshold)),
            "AUROC": round(float(roc_auc_score(should, chance, sample_weight=weights)), 3),
        }
    return figures


def _against(looked: Sequence[Looked], kind: str) -> list[Looked]:
    """Unanswerable questions of a kind, and answerable ones of the same sets."""
    against = "choice" if kind == "hidden" else "answerable"
    without = [one for one in looked if one.asked.kind == kind]
    sets = {one.asked.data for one in without}
    beside = [one for one in looked if one.asked.kind == against and one.asked.data in sets]
    return [*without, *beside]


def calibrated(calibration: Calibration, looked: Sequence[Looked]) -> dict[str, Any]:
    """Calibration error on the mixture, and with each kind alone as its unanswerable half."""
    chance, correct, weights = _held(calibration, looked)
    figures = {
        "mixture": {
            "ECE": round(expected_calibration_error(chance, correct, weights), 3),
            "Brier": round(brier(chance, correct, weights), 3),
            "answers given": _rounded(float(weights[chance >= calibration.threshold].sum())),
        }
    }
    for kind in UNANSWERABLE:
        own = _against(looked, kind)
        chance, correct, _ = _held(calibration, own)
        should = answerable(own)
        weights = _even(own)
        weights = np.where(
            should, weights / weights[should].sum(), weights / weights[~should].sum()
        )
        figures[kind] = {
            "ECE": round(expected_calibration_error(chance, correct, weights / 2), 3),
            "Brier": round(brier(chance, correct, weights / 2), 3),
        }
    return figures


def plot(calibration: Calibration, looked: Sequence[Looked], path: Path) -> None:
    """Write the reliability plot (DeGroot & Fienberg 1983) as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "reader"
    from matplotlib import pyplot

    chance, correct, weights = _held(calibration, looked)
    figure, (upper, lower) = pyplot.subplots(
        2, 1, sharex=True, figsize=(4.6, 5.4), height_ratios=(3, 1), layout="constrained"
    )
    kept = [b for b in bins(chance, correct, weights) if b.weight > 0]
    upper.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    upper.plot([b.confidence for b in kept], [b.accuracy for b in kept], "o-", color="#1f5fa8")
    upper.axvline(calibration.threshold, color="0.6", linestyle=":", linewidth=1)
    upper.set(ylabel="share that was right", ylim=(0, 1), xlim=(0, 1))
    upper.set_title("Held-out questions, half of them unanswerable", fontsize=10)
    lower.bar([b.low + 0.05 for b in kept], [b.weight for b in kept], width=0.09, color="#1f5fa8")
    lower.set(xlabel="confidence (dotted: threshold)", ylabel="share of all")
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def _held(
    calibration: Calibration, looked: Sequence[Looked]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Confidence, whether the answer was right, and weights of the mixture."""
    right = [bool(one.found) and one.f1(best(calibration, one)[0]) >= RIGHT for one in looked]
    return chances(calibration, looked), np.asarray(right), mixture(looked)


def _even(looked: Sequence[Looked]) -> NDArray[Any]:
    """The same weight for every set, within the answerable and within the others."""
    keys = [(bool(one.asked.answers), one.asked.data) for one in looked]
    counts = {key: keys.count(key) for key in set(keys)}
    return np.asarray([1 / counts[key] for key in keys])


def _percent(values: Sequence[float | None]) -> dict[str, float] | None:
    found: Estimate | None = estimate([100 * v for v in values if v is not None])
    if found is None:
        return None
    return {"mean": round(found.value, 1), "low": round(found.low, 1), "high": round(found.high, 1)}


def _rounded(value: float) -> float:
    return round(100 * value, 1)
