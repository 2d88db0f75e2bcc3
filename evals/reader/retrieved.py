"""Wrong passages that a search would bring up: TF-IDF neighbours that lack the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evals.metrics.squad import normalise
from evals.reader.examples import Example


class Retrieved:
    """Finds wrong passages for questions, among the passages of the same part of the data."""

    def __init__(self, examples: Sequence[Example]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        # QAMR's texts are two or three sentences: too short to be what a search brings up.
        texts = {e.context: e for e in examples if e.data != "qamr"}
        self._owners = list(texts.values())
        self._plain = [f" {normalise(text)} " for text in texts]
        self._vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        self._matrix: Any = self._vectorizer.fit_transform(
            [f"{e.title} {text}" for text, e in texts.items()]
        ).T.tocsr()

    def wrong(self, examples: Sequence[Example], k: int = 4) -> list[list[Example]]:
        """Up to `k` wrong passages for each question, most alike first."""
        found: list[list[Example]] = []
        for begin in range(0, len(examples), 512):
            asked = examples[begin : begin + 512]
            scores = (
                self._vectorizer.transform([e.question for e in asked]) @ self._matrix
            ).toarray()
            nearest = np.argsort(-scores, axis=1)[:, : k + 12]
            found += [self._lacking(e, row, k) for e, row in zip(asked, nearest, strict=True)]
        return found

    def _lacking(self, example: Example, row: Sequence[int], k: int) -> list[Example]:
        answers = [f" {normalise(answer)} " for answer in example.answers]
        wrong: list[Example] = []
        for at in row:
            owner = self._owners[at]
            if owner.context == example.context or any(a in self._plain[at] for a in answers):
                continue
            wrong.append(
                replace(
                    example, context=owner.context, title=owner.title,
                    answers=(), start=-1, end=-1, kind="retrieved",
                )
            )  # fmt: skip
            if len(wrong) == k:
                break
        return wrong
