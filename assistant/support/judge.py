"""The support model at work: how likely it is that words of a source carry a statement.

An ONNX model in onnxruntime, no torch. How it was made is told in `CARD.md` beside this file;
`evals/support` makes it. Knows nothing of libraries or answers.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ReaderError
from assistant.reader.reader import inputs
from assistant.support.frame import Frame, frame
from index.embed import shipped_tokenizer

FOLDER = Path(__file__).parent

BATCH = 16
"""Frames that are judged at once."""


class Judge(Protocol):
    """Whatever says how likely words carry a statement."""

    def chances(self, claim: str, words: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair of header and words, a chance from 0 to 1."""


class SupportJudge:
    """Judges statements; one instance may serve many threads.

    Args:
        folder: with `model.onnx` and `model.json`.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._steepness = 1.0

    def chances(self, claim: str, words: Sequence[tuple[str, str]]) -> list[float]:
        """How likely each of the words carry the claim, from 0 to 1.

        Args:
            claim: a sentence.
            words: pairs of the article's title, outlet and date in one line, and words of it.

        Raises:
            ReaderError: the model's files are missing or not the shipped ones.
        """
        if not words:
            return []
        tokenizer = self._load()
        asked = tokenizer.encode(claim, add_special_tokens=False).ids
        heads = tokenizer.encode_batch(
            [f"{head}:" if head else "" for head, _ in words], add_special_tokens=False
        )
        texts = tokenizer.encode_batch([text for _, text in words], add_special_tokens=False)
        frames = [frame(asked, h.ids, t.ids) for h, t in zip(heads, texts, strict=True)]
        return [1 / (1 + math.exp(-self._steepness * logit)) for logit in self.logits(frames)]

    def logits(self, frames: Sequence[Frame]) -> list[float]:
        """The model's output for each frame."""
        self._load()
        found: list[float] = []
        for begin in range(0, len(frames), BATCH):
            (values,) = self._session.run(None, inputs(frames[begin : begin + BATCH]))
            found += [float(value) for value in values]
        return found

    def _load(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime

                about = self._about()
                self._steepness = float(about["steepness"])
                self._tokenizer = shipped_tokenizer()
                self._session = onnxruntime.InferenceSession(
                    self._weights(about["sha256"]), providers=["CPUExecutionProvider"]
                )
        return self._tokenizer

    def _about(self) -> dict[str, Any]:
        try:
            about: dict[str, Any] = json.loads((self._folder / "model.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReaderError(
                f"the citation check's model in {str(self._folder)!r} cannot be read ({error}); "
                "install the project again"
            ) from error
        return about

    def _weights(self, digest: str) -> bytes:
        path = self._folder / "model.onnx"
        try:
            weights = path.read_bytes()
        except OSError as error:
            raise ReaderError(
                f"the citation check's weights {str(path)!r} cannot be read ({error.strerror}); "
                "install the project again"
            ) from error
        if hashlib.sha256(weights).hexdigest() != digest:
            raise ReaderError(
                f"the citation check's weights {str(path)!r} are not the ones that were shipped; "
                "install the project again"
            )
        return weights


@lru_cache(maxsize=1)
def load_judge() -> SupportJudge:
    """The shipped model, one for each process; loaded when first used."""
    return SupportJudge()
