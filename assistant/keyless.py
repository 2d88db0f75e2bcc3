"""Answers without a language model: the sentence or two of the passages that answer best.

A logistic model over a dozen features (`features.py`) says how likely each sentence is to hold the
answer; its weights come from questions of SQuAD 1.1 and 2.0 (see `evals/train_keyless.py`). When
not even the best sentence is likely enough, the answer is that the articles do not say.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asked import has_kind, kind_of
from assistant.features import NAMES, Candidate, candidates, measure
from assistant.state import Draft, Evidence
from assistant.words import content
from index import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "keyless.json"

ECHO = 3
"""Content words that a sentence has beside the question's; with so few it hardly answers alone."""

MARGIN = 0.5
"""Difference of two logits below which both sentences are shown: on held-out questions this lets
18 % of the answers have two, and 3 % more of them hold what was asked."""

MOST_REMEMBERED = 20_000
"""Sentence vectors kept in memory: about 30 MB."""

_LEANS = re.compile(r"(?:It|Its|They|Their|He|His|She|Her|This|That|These|Those)\b")


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
        vectors = _remembered.encode(self._embedder, [question, *(c.text for c in pool)])
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
        asked = kind_of(question)
        if asked == "number" and not any(has_kind(pool[i].text, question, asked) for i in picked):
            return [], confidence
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
    """A second sentence: the next one if the best says little without it, else an equal one."""
    best = pool[order[0]]
    says = set(content(best.text)) - set(content(question))
    if len(says) <= ECHO or not has_kind(best.text, question, kind_of(question)):
        for i, candidate in enumerate(pool):
            follows = candidate.source is best.source and candidate.start > best.end
            if follows and _LEANS.match(candidate.text):
                return i
            if follows:
                break
    if len(order) > 1 and worth[order[0]] - worth[order[1]] <= MARGIN:
        return order[1]
    return None


class _Remembered:
    """Vectors of sentences that were candidates before: most questions read the same articles."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], NDArray[np.float32]] = {}

    def encode(self, embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        import numpy as np

        model = embedder.fingerprint
        known = self._known
        if new := [text for text in dict.fromkeys(texts) if (model, text) not in known]:
            if len(known) > MOST_REMEMBERED:
                known = self._known = {}
                new = list(dict.fromkeys(texts))
            known.update(
                ((model, text), vector)
                for text, vector in zip(new, embedder.encode(new), strict=True)
            )
        return np.stack([known[model, text] for text in texts])


_remembered = _Remembered()
