"""How sure the reader is of a span: what is known of it as numbers, and the weights that join them.

Two sums of these numbers, learned on development data: one ranks the spans of all passages of a
question, the other says how likely the best of them is the answer (Platt 1999).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.asked import has_kind, kind_of
from assistant.reader.decode import Place
from assistant.words import content, names, negated, numbers
from index import sentences

RANKING = ("raw", "null", "answerable", "prior", "covered_near")
"""What spans are ranked by."""

FEATURES = (
    "margin",
    "answerable",
    "share",
    "lead",
    "prior",
    "covered_near",
    "names_missing",
    "numbers_missing",
    "kind",
    "negation",
)
"""What the confidence is computed from."""

FAR = 8.0
"""A lead beyond this says no more."""


@dataclass(frozen=True)
class Found:
    """A candidate: characters `start` to `end` of a passage, its logits and its surroundings."""

    passage: int
    start: int
    end: int
    raw: float
    null: float
    answerable: float
    share: float
    prior: float
    covered_near: float
    names_missing: float
    numbers_missing: float
    kind: float
    negation: float

    @property
    def margin(self) -> float:
        """Logit of the span above that of "not here"."""
        return self.raw - self.null


def candidates(
    question: str,
    passages: Sequence[str],
    headers: Sequence[str] | None,
    priors: Sequence[float] | None,
    found: Sequence[Place],
    owners: Sequence[int],
    offsets: Sequence[Sequence[tuple[int, int]]],
) -> list[Found]:
    """Places with what else is known about them.

    Args:
        question: the question.
        passages: the texts.
        headers: titles and dates, or None.
        priors: retrieval scores, or None; compared with their mean.
        found: the places.
        owners: for each window, the passage it is of.
        offsets: for each window, the characters of all tokens of its passage.
    """
    if not found:
        return []
    total = _log_sum([place.raw for place in found])
    mean = sum(priors) / len(priors) if priors else 0.0
    asked = _Asked(question)
    texts = {
        number: _Text(passages[number], headers[number] if headers else "")
        for number in {owners[place.window] for place in found}
    }
    made: list[Found] = []
    for place in found:
        number = owners[place.window]
        start, end = offsets[place.window][place.start][0], offsets[place.window][place.end][1]
        text = texts[number]
        end = text.cut(start, end)
        near = text.near(start, end)
        made.append(
            Found(
                passage=number,
                start=start,
                end=end,
                raw=place.raw,
                null=place.null,
                answerable=place.answerable,
                share=place.raw - total,
                prior=priors[number] - mean if priors else 0.0,
                covered_near=asked.share(near.stems),
                names_missing=asked.names_missing(text.stems),
                numbers_missing=asked.numbers_missing(text.numbers),
                kind=asked.fits(passages[number][start:end]),
                negation=float(asked.negated != near.negated),
            )
        )
    return made


def among(found: Sequence[Found], priors: Sequence[float]) -> list[Found]:
    """The same candidates as they were if the passages with these priors alone had been read."""
    if not found:
        return []
    total = _log_sum([one.raw for one in found])
    mean = sum(priors) / len(priors)
    return [replace(one, share=one.raw - total, prior=priors[one.passage] - mean) for one in found]


@dataclass(frozen=True)
class Calibration:
    """The learned weights; `threshold` is the confidence below which it is better to abstain."""

    ranking: Mapping[str, float]
    confidence: Mapping[str, float]
    bias: float
    threshold: float

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Calibration:
        """From `model.json`."""
        return cls(kept["ranking"], kept["confidence"], kept["bias"], kept["threshold"])

    def worth(self, one: Found) -> float:
        """What the spans of a question are ranked by."""
        return sum(weight * float(getattr(one, name)) for name, weight in self.ranking.items())

    def scores(self, found: Sequence[Found]) -> list[float]:
        """The chance that each candidate is the answer.

        The best one's is calibrated; the others share it in proportion to their rank sums, so that
        the order by score is the order by rank.
        """
        worth = [self.worth(one) for one in found]
        best = max(range(len(found)), key=worth.__getitem__)
        chance = self.chance(found[best], lead(found, worth, best))
        return [chance * math.exp(max(w - worth[best], -50.0)) for w in worth]

    def chance(self, one: Found, ahead: float) -> float:
        """Calibrated chance that the best candidate is the answer."""
        known = features(one, ahead)
        logit = self.bias + sum(weight * known[name] for name, weight in self.confidence.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def features(one: Found, ahead: float) -> dict[str, float]:
    """The numbers of `FEATURES` for the best candidate; `ahead` is its lead."""
    known = {name: float(getattr(one, name)) for name in FEATURES if name != "lead"}
    return {**known, "lead": ahead}


def lead(found: Sequence[Found], worth: Sequence[float], best: int) -> float:
    """How far the best candidate is ahead of the next one elsewhere, `FAR` at most."""
    top = found[best]
    others = [
        value
        for one, value in zip(found, worth, strict=True)
        if one.passage != top.passage or one.end <= top.start or one.start >= top.end
    ]
    return min(FAR, worth[best] - max(others)) if others else FAR


class _Asked:
    """What a question names."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._kind = kind_of(question)
        self._stems = frozenset(content(question))
        self._names = frozenset(names(question))
        self._numbers = frozenset(numbers(question))
        self.negated = negated(question)

    def share(self, stems: frozenset[str]) -> float:
        return len(self._stems & stems) / len(self._stems) if self._stems else 1.0

    def names_missing(self, stems: frozenset[str]) -> float:
        return len(self._names - stems) / len(self._names) if self._names else 0.0

    def numbers_missing(self, there: frozenset[str]) -> float:
        return len(self._numbers - there) / len(self._numbers) if self._numbers else 0.0

    def fits(self, text: str) -> float:
        return float(has_kind(text, self._question, self._kind))


@dataclass(frozen=True)
class _Near:
    stems: frozenset[str]
    negated: bool


class _Text:
    """Words of a passage and of its sentences."""

    def __init__(self, text: str, header: str) -> None:
        whole = f"{header}\n{text}"
        self.stems = frozenset(content(whole))
        self.numbers = frozenset(numbers(whole))
        self._text = text
        self._spans = sentences(text)
        self._of: dict[tuple[int, int], _Near] = {}

    def cut(self, start: int, end: int) -> int:
        """The end of a span, at the latest that of the sentence that it begins in."""
        last = next((e for s, e in self._spans if s <= start < e), end)
        if end <= last:
            return end
        kept = len(self._text[start:last].rstrip(" \t\n.!?"))
        return start + kept if kept else end

    def near(self, start: int, end: int) -> _Near:
        """The sentence of these characters, and the one before."""
        inside = [i for i, (s, e) in enumerate(self._spans) if s < end and e > start]
        first, last = (max(inside[0] - 1, 0), inside[-1]) if inside else (0, -1)
        if (first, last) not in self._of:
            spans = self._spans[first : last + 1]
            stems = frozenset(stem for s, e in spans for stem in content(self._text[s:e]))
            own = " ".join(self._text[s:e] for s, e in spans[-1:])
            self._of[first, last] = _Near(stems, negated(own))
        return self._of[first, last]


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
