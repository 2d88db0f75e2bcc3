"""Candidates put in the order of how well they answer: by the shipped reader, or a cross-encoder.

What the reader saw is kept, so that reading the best of them costs nothing more. Knows nothing of
how candidates are found.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from assistant.errors import SettingsError
from assistant.look import Look, header, look_at
from assistant.reader import Reader, load_reader
from assistant.reader.confidence import Found
from assistant.state import Source

WEIGHTS = {"prior": 4.492, "answerable": 0.274, "margin": 0.229, "covered_near": 1.122}
"""Of the retrieval score and of what the reader says of a passage; see `docs/RETRIEVAL.md`."""

BIAS = -6.137

UNREAD = 10.0
"""Taken off the logit of a passage without any place that could answer."""


class Rescorer(Protocol):
    """Puts candidates in order."""

    def order(self, question: str, sources: Sequence[Source]) -> tuple[list[Source], Look | None]:
        """The candidates best first, with new scores, and what was seen if it was the reader."""


class ReaderRescorer:
    """A weighted sum of the retrieval score and of what the reader says of each passage."""

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or load_reader()

    def order(self, question: str, sources: Sequence[Source]) -> tuple[list[Source], Look | None]:
        """See `Rescorer`."""
        look, found = look_at(self._reader, question, sources)
        worth = self._reader.calibration.worth
        best: dict[int, Found] = {}
        for one in found:
            if one.passage not in best or worth(one) > worth(best[one.passage]):
                best[one.passage] = one
        scores = [score(source.prior, best.get(i)) for i, source in enumerate(sources)]
        return _sorted(sources, scores), look


class CrossEncoderRescorer:
    """A cross-encoder of the person's choice, loaded by sentence-transformers when first used.

    Args:
        name: of a model on the hub, or a folder.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._model: Any = None
        self._lock = threading.Lock()

    def order(self, question: str, sources: Sequence[Source]) -> tuple[list[Source], Look | None]:
        """See `Rescorer`.

        Raises:
            SettingsError: the model cannot be loaded.
        """
        pairs = [(question, f"{header(source)}\n{source.text}") for source in sources]
        if not pairs:
            return [], None
        scores = self._load().predict(pairs, show_progress_bar=False)
        return _sorted(sources, [_logistic(float(value)) for value in scores]), None

    def _load(self) -> Any:
        with self._lock:
            if self._model is None:
                from sentence_transformers import CrossEncoder
                from torch import nn

                try:
                    self._model = CrossEncoder(
                        self._name, device="cpu", num_labels=1, activation_fn=nn.Identity()
                    )
                except Exception as error:  # whatever a hub, a file or a config may raise
                    reason = " ".join(str(error).split())[:200]
                    raise SettingsError(
                        f"cannot load the cross-encoder {self._name!r} ({reason}); set "
                        "ASSISTANT_RERANKER to a model's name or folder, or leave it out"
                    ) from error
        return self._model


def score(prior: float, best: Found | None) -> float:
    """How likely a passage with this retrieval score and this best place is to answer, 0 to 1."""
    if best is None:
        return _logistic(BIAS + WEIGHTS["prior"] * prior - UNREAD)
    known = {
        "prior": prior,
        "answerable": best.answerable,
        "margin": best.margin,
        "covered_near": best.covered_near,
    }
    return _logistic(BIAS + sum(WEIGHTS[name] * value for name, value in known.items()))


@lru_cache(maxsize=4)
def rescorer(name: str = "") -> Rescorer:
    """The cross-encoder of that name or folder, else the shipped reader; one for each process."""
    return CrossEncoderRescorer(name) if name else ReaderRescorer()


def _sorted(sources: Sequence[Source], scores: Sequence[float]) -> list[Source]:
    ranked = sorted(zip(sources, scores, strict=True), key=lambda pair: -pair[1])
    return [
        replace(source, number=number, hit=replace(source.hit, score=value))
        for number, (source, value) in enumerate(ranked, 1)
    ]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
