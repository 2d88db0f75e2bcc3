"""Questions put to the reader for measuring and calibrating it: alone, among others, unanswerable.

Kinds: `answerable` (its own passage), `choice` (its own among four wrong ones that the search puts
next to it), `small` (SQuAD 2.0's own unanswerable ones), `swapped` (a name, number or word
exchanged), `retrieved` (one wrong passage that the search brings up), `hidden` (five of them).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.confidence import Found
from assistant.reader.reader import Reader
from evals.metrics.squad import f1, normalise
from evals.reader.examples import Example
from evals.reader.swaps import names_by_article, swap_passage, swap_question
from index import Article, Library
from index.types import digest

SETS = ("squad1", "new_wiki", "squad2")
"""Sets whose questions are asked; the others are trained on only."""

WRONG = 4
"""Wrong passages beside the right one."""

RIGHT = 0.5
"""F1 from which an answer counts as right."""


@dataclass(frozen=True)
class Asked:
    """A question with passages, their titles and retrieval scores (None when read alone)."""

    data: str
    kind: str
    question: str
    passages: tuple[str, ...]
    headers: tuple[str, ...]
    answers: tuple[str, ...]
    priors: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Looked:
    """A question with all that the reader found."""

    asked: Asked
    found: tuple[Found, ...]

    def text(self, at: int) -> str:
        """The words of a candidate."""
        one = self.found[at]
        return self.asked.passages[one.passage][one.start : one.end]

    def f1(self, at: int) -> float:
        """F1 of a candidate's words, 0 where nothing answers."""
        return f1(self.text(at), self.asked.answers) or 0.0


class Shelf:
    """All paragraphs of a part as a library, so that wrong passages are those that it finds."""

    def __init__(self, examples: Iterable[Example], folder: Path) -> None:
        self._owners = {e.context: e for e in examples}
        articles = {
            context: Article(context, title=e.title, key=digest(context))
            for context, e in self._owners.items()
        }
        self._contexts = {article.id: context for context, article in articles.items()}
        self._library = Library.open(folder)
        self._library.add(list(articles.values()))

    def near(self, e: Example, k: int) -> tuple[float, list[tuple[Example, float]]]:
        """Score of the question's own paragraph, and `k` wrong ones with theirs, best first."""
        scores: dict[str, float] = {}
        for hit in self._library.search(e.question, 40):
            context = self._contexts[hit.passage.article_id]
            scores[context] = max(hit.score, scores.get(context, hit.score))
        own = scores.get(e.context, min(scores.values(), default=0.0))
        plain = [f" {normalise(answer)} " for answer in e.answers]
        wrong = [
            (self._owners[context], score)
            for context, score in sorted(scores.items(), key=lambda item: -item[1])
            if context != e.context
            and not any(answer in f" {normalise(context)} " for answer in plain)
        ]
        return own, wrong[:k]


def ask(examples: Sequence[Example], shelf: Shelf, limit: int, seed: int = 1) -> list[Asked]:
    """Questions of every kind; of those with several passages `limit` for each set."""
    rng = random.Random(seed)  # noqa: S311 - a seeded draw
    asked: list[Asked] = []
    for data in SETS:
        own = [e for e in examples if e.data == data]
        rng.shuffle(own)
        answerable = [e for e in own if e.answers]
        asked += [_alone(e, e) for e in own]
        asked += [_alone(e, e) for e in swapped(answerable, rng)]
        for e in answerable[:limit]:
            score, others = shelf.near(e, WRONG + 1)
            if others:
                asked.append(_alone(e, rng.choice(others[:WRONG])[0], kind="retrieved"))
                asked.append(_among(e, others, "hidden", rng))
            if len(others) >= WRONG:
                asked.append(_among(e, [(e, score), *others[:WRONG]], "choice", rng))
    return asked


def swapped(examples: Iterable[Example], rng: random.Random) -> Iterator[Example]:
    """One swapped question or passage for each example that allows it."""
    examples = list(examples)
    far = names_by_article(examples)
    for e in examples:
        ways = [swap_question, swap_passage]
        rng.shuffle(ways)
        for way in ways:
            made = way(e, far[e.title or e.data], rng)
            if made is not None:
                yield made
                break


def look(reader: Reader, asked: Iterable[Asked]) -> Iterator[Looked]:
    """Read every question's passages."""
    for one in asked:
        found = reader.look(one.question, one.passages, headers=one.headers, priors=one.priors)
        yield Looked(one, tuple(found))


def _alone(e: Example, passage: Example, kind: str = "") -> Asked:
    right = kind == "" and bool(e.answers)
    return Asked(
        data=e.data,
        kind=kind or e.kind,
        question=e.question,
        passages=(passage.context,),
        headers=(passage.title,),
        answers=e.answers if right else (),
    )


def _among(
    e: Example, scored: Sequence[tuple[Example, float]], kind: str, rng: random.Random
) -> Asked:
    together = list(scored)
    rng.shuffle(together)
    return Asked(
        data=e.data,
        kind=kind,
        question=e.question,
        passages=tuple(one.context for one, _ in together),
        headers=tuple(one.title for one, _ in together),
        answers=e.answers if kind == "choice" else (),
        priors=tuple(score for _, score in together),
    )
