"""Abstaining where the articles do not say, and only there. Positive means: should abstain.

Each function gives one case's value, None where the measure does not apply; means over cases are
the measures (El-Yaniv & Wiener 2010 for the trade-off between them).
"""

from __future__ import annotations

from collections.abc import Sequence


def abstention_precision(should: bool, did: bool) -> float | None:
    """For an abstention: 1 if it was right. The mean is TP / (TP + FP).

    >>> abstention_precision(should=False, did=True), abstention_precision(should=True, did=False)
    (0.0, None)
    """
    return float(should) if did else None


def abstention_recall(should: bool, did: bool, corrected: bool = False) -> float | None:
    """For a case to abstain on: 1 if that was done. The mean is TP / (TP + FN).

    Args:
        should: the articles do not answer the question.
        did: the assistant abstained.
        corrected: the question rests on a false premise, and the answer cites what contradicts
            it; as good as to abstain.

    >>> abstention_recall(should=True, did=False, corrected=True)
    1.0
    """
    return float(did or corrected) if should else None


def answer_rate(should: bool, did: bool) -> float | None:
    """For a case to answer: 1 if it was answered. The mean is the specificity TN / (TN + FP).

    >>> answer_rate(should=False, did=True), answer_rate(should=True, did=True)
    (0.0, None)
    """
    return None if should else float(not did)


def balanced_accuracy(recalls: Sequence[float], answered: Sequence[float]) -> float | None:
    """Mean of recall and specificity (Brodersen et al. 2010); None if a side has no case.

    >>> balanced_accuracy([1, 0], [1, 1, 1, 0])
    0.625
    """
    if not recalls or not answered:
        return None
    return (sum(recalls) / len(recalls) + sum(answered) / len(answered)) / 2
