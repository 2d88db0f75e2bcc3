"""Answers without a language model: the sentence or two of the passages that answer best.

A logistic model over a dozen features (`features.py`) says how likely each sentence is to hold the
answer; its weights come from questions of SQuAD 1.1 and 2.0 (see `evals/train_keyless.py`). When
not even the best sentence is likely enough, the answer is that the articles do not say.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asked import kind_of
from assistant.features import NAMES, Candidate, candidates, measure
from assistant.state import Draft, Evidence
from assistant.words import content
from index import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "keyless.json"


class KeylessAnswerer:
    """Picks sentences; the same evidence always gives the same answer.

    Args:
        embedder: the library's embedding model.
        threshold: confidence below which it abstains; None for the calibrated one.
    """

    name = "keyless"

    def __init__(self, embedder: Embedder, threshold: float | None = None) -> None:
        self._embedder = embedder
        self._threshold = weights()["threshold"] if threshold is None else threshold

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """One piece for each sentence of the answer, or one that abstains."""
        picked, confidence = await asyncio.to_thread(self.pick, evidence)
        yield Draft(answered_by=self.name, confidence=confidence, abstained=not picked)
        for i, candidate in enumerate(picked):
            text = " ".join(candidate.text.split())
            if i:
                text = f" {text}"
            yield Draft(text=text, cites=(candidate.source.number,), whole=True)

    def pick(self, evidence: Evidence) -> tuple[list[Candidate], float]:
        """The sentences that answer, in order of reading, and the chance that they do."""
        question = evidence.query.understood.question
        pool = candidates(evidence.sources)
        if not pool:
            return [], 0.0
        vectors = self._embedder.encode([question, *(c.text for c in pool)])
        features = measure(question, pool, vectors[0], vectors[1:])
        worth = logits(features)
        order = sorted(range(len(pool)), key=lambda i: -worth[i])
        best = order[0]
        confidence = chance(worth[best])
        if confidence < self._threshold:
            return [], confidence
        picked = [best]
        second = _second(question, pool, worth, order)
        if second is not None:
            picked.append(second)
        picked.sort(key=lambda i: (pool[i].source.number, pool[i].start))
        return [pool[i] for i in picked], confidence


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


def _second(
    question: str, pool: list[Candidate], worth: list[float], order: list[int]
) -> int | None:
    """A second sentence, if it answers nearly as well and adds words of the question."""
    best = order[0]
    wanted = set(content(question))
    missing = wanted - set(content(pool[best].text))
    explains = kind_of(question) in ("reason", "other")
    for i in order[1:4]:
        adds = missing & set(content(pool[i].text))
        near = worth[best] - worth[i] <= (1.0 if explains else 0.5)
        if near and len(adds) >= max(1, len(wanted) // 5):
            return i
    return None
