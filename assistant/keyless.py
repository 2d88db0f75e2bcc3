"""The sentences of the passages that answer best, for questions that no few words can answer.

A logistic model over a few features (`features.py`), what the reader sees among them, says how
likely each sentence is to hold the answer (see `evals/train_keyless.py`). When not even the best
sentence is likely enough, none is picked.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asked import counts_another, has_kind, kind_of
from assistant.features import NAMES, Candidate, candidates, measure
from assistant.look import found_in
from assistant.reader import Reader, load_reader
from assistant.state import Evidence
from assistant.words import content

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "keyless.json"

ECHO = 3
"""Content words that a sentence has beside the question's; with so few it hardly answers alone."""

MARGIN = 0.5
"""Difference of two logits below which both sentences are shown: on held-out questions this lets
18 % of the answers have two, and 3 % more of them hold what was asked."""

MOST = 3
"""Sentences of an answer."""

_LEANS = re.compile(r"(?:It|Its|They|Their|He|His|She|Her|This|That|These|Those)\b")


@dataclass(frozen=True)
class Ranked:
    """A sentence and how likely it is to hold the answer, as a logit."""

    candidate: Candidate
    logit: float


class Sentences:
    """Picks sentences; the same evidence always gives the same ones.

    Args:
        threshold: confidence below which it picks none; None for the calibrated one.
        reader: the reader; None for the shipped one.
    """

    def __init__(self, threshold: float | None = None, reader: Reader | None = None) -> None:
        self._reader = reader or load_reader()
        self.threshold: float = weights()["threshold"] if threshold is None else threshold

    def pick(self, evidence: Evidence) -> tuple[list[Candidate], float]:
        """The sentences that answer, in order of reading, and the chance that they do."""
        ranked, confidence = self.ranked(evidence)
        if not ranked or confidence < self.threshold:
            return [], confidence
        question = evidence.query.sought
        picked = [ranked[0].candidate]
        beside = _following(question, ranked) or _before(ranked)
        if beside is not None:
            picked.append(beside)
        near = [r.candidate for r in ranked[1:] if ranked[0].logit - r.logit <= MARGIN]
        picked += [candidate for candidate in near if candidate is not beside]
        picked = picked[:MOST]
        asked = kind_of(question)
        if asked == "number" and not any(_has_number(c.text, question) for c in picked):
            return [], confidence
        return sorted(picked, key=lambda c: (c.source.number, c.start)), confidence

    def ranked(self, evidence: Evidence) -> tuple[list[Ranked], float]:
        """All sentences, best first, and the chance that the first one holds the answer."""
        question = evidence.query.sought
        pool = candidates(evidence.sources)
        if evidence.contrast is not None:
            pool = [one for one in pool if evidence.contrast.admits(one.text)]
        if not pool:
            return [], 0.0
        found = found_in(self._reader, evidence)
        features = measure(question, pool, found, self._reader.calibration)
        ranked = [Ranked(c, z) for c, z in zip(pool, logits(features), strict=True)]
        ranked.sort(key=lambda r: -r.logit)
        return ranked, chance(ranked[0].logit)


def logits(features: NDArray[np.float32]) -> list[float]:
    """How likely each sentence is to hold the answer, as a logit; (sentences, features) in."""
    import numpy as np

    model = weights()
    return [float(z) for z in features @ np.asarray(model["weights"]) + model["bias"]]


def chance(logit: float) -> float:
    """Calibrated chance that the best sentence of a question holds the answer (Platt 1999)."""
    model = weights()
    return 1 / (1 + math.exp(-(model["scale"] * logit + model["shift"])))


@lru_cache(maxsize=1)
def weights() -> dict[str, Any]:
    """The shipped weights, with what they were computed from."""
    model: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert tuple(model["features"]) == NAMES
    return model


def _has_number(text: str, question: str) -> bool:
    return has_kind(text, question, "number") and not counts_another(text, question)


def _before(ranked: Sequence[Ranked]) -> Candidate | None:
    """The sentence before the best one, if that begins with a word that points back."""
    best = ranked[0].candidate
    if not _LEANS.match(best.text):
        return None
    before = [r.candidate for r in ranked if r.candidate.source is best.source]
    before = [candidate for candidate in before if candidate.end < best.start]
    return max(before, key=lambda candidate: candidate.start, default=None)


def _following(question: str, ranked: Sequence[Ranked]) -> Candidate | None:
    """The sentence after the best one, if that hardly says more than the question."""
    best = ranked[0].candidate
    says = set(content(best.text)) - set(content(question))
    if len(says) > ECHO and has_kind(best.text, question, kind_of(question)):
        return None
    after = [r.candidate for r in ranked if r.candidate.source is best.source]
    after = [candidate for candidate in after if candidate.start > best.end]
    following = min(after, key=lambda candidate: candidate.start, default=None)
    return following if following and _LEANS.match(following.text) else None
