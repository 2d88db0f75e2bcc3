"""Compute the weights of the keyless answerer (`assistant/keyless.json`) from SQuAD-form files.

Every question is asked of all paragraphs together, through the project's own retrieval, so that the
weights see what the answerer will see. Three kinds of questions, in equal parts: with its paragraph
in the library; with its article taken out (off the subject, or near it by other articles); and,
from SQuAD 2.0, questions on the subject that no paragraph answers. A logistic regression learns
which sentence holds the answer; the threshold is where answering and abstaining are right equally
often on the development part. Test parts (`evals/splits.py`) are not read.

    python -m evals.train_keyless DATA_FOLDER WORK_FOLDER

The library in WORK_FOLDER is kept: a second run embeds nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.features import NAMES, Candidate, candidates, measure
from assistant.keyless import WEIGHTS
from assistant.state import Source
from evals.metrics.squad import normalise
from evals.splits import Part, part_of
from index import Article, Library, Progress, sentences
from index.types import digest

FILES = ("squad1_train_part", "squad2_dev_part", "squadshifts_new_wiki")


@dataclass(frozen=True)
class Asked:
    """A question of a data set with the text that it was asked of."""

    question: str
    answers: tuple[str, ...]
    article: Article
    group: str
    part: Part


@dataclass(frozen=True)
class Sample:
    """The candidate sentences of one question: features, and which of them hold the answer."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    unsure: NDArray[np.bool_]
    kind: str


def read(folder: Path) -> tuple[list[Article], list[Asked]]:
    """All paragraphs as articles, and all questions."""
    articles: dict[str, Article] = {}
    asked: list[Asked] = []
    for name in FILES:
        for entry in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["data"]:
            titled = name != "squadshifts_new_wiki"
            for paragraph in entry["paragraphs"]:
                text = paragraph["context"]
                title = entry["title"].replace("_", " ") if titled else ""
                group = title or text
                article = articles.setdefault(
                    text, Article(text, title=title, key=f"{name}:{digest(text)[:16]}")
                )
                for qa in paragraph["qas"]:
                    answers = tuple(dict.fromkeys(answer["text"] for answer in qa["answers"]))
                    asked.append(Asked(qa["question"], answers, article, group, part_of(group)))
    return list(articles.values()), asked


class Sampler:
    """Questions to samples, through the library's own search; each sentence is embedded once."""

    def __init__(self, library: Library, articles: Sequence[Article], cache: Path) -> None:
        self._library = library
        self._articles = {article.id: article for article in articles}
        texts = list(dict.fromkeys(a.text[s:e] for a in articles for s, e in sentences(a.text)))
        if not cache.exists():
            np.save(cache, library.embedder.encode(texts))
        self._vectors = dict(zip(texts, np.load(cache), strict=True))

    def sample(self, asked: Asked, kind: str, k: int = 8) -> Sample | None:
        """What the answerer would see; `kind` `hidden` takes the question's article out."""
        hits = self._library.search(asked.question, 40)
        sources: list[Source] = []
        for hit in hits:
            article = self._articles[hit.passage.article_id]
            if kind == "hidden" and (article.title or article.text) == asked.group:
                continue
            sources.append(Source(len(sources) + 1, hit, article))
        pool = [c for c in candidates(sources[:k]) if c.text in self._vectors]
        if not pool:
            return None
        vectors = np.stack([self._vectors[c.text] for c in pool])
        question = self._library.embedder.encode([asked.question])[0]
        gold = np.array([self._holds(c, asked) for c in pool])
        there = np.array([c.source.article.id == asked.article.id for c in pool])
        none = np.zeros(len(pool), dtype=bool)
        answerable = kind == "answerable"
        return Sample(
            measure(asked.question, pool, question, vectors),
            gold & there if answerable else none,
            gold & ~there if answerable else none,
            kind,
        )

    @staticmethod
    def _holds(candidate: Candidate, asked: Asked) -> bool:
        text = f" {normalise(candidate.text)} "
        return any(f" {normalise(answer)} " in text for answer in asked.answers)


def samples(sampler: Sampler, asked: Sequence[Asked], part: Part, n: int) -> Iterator[Sample]:
    """`n` answerable questions of a part, and half as many of either unanswerable kind."""
    rng = random.Random(f"{part} 1")  # noqa: S311 - a seeded draw
    own = sorted((a for a in asked if a.part == part), key=lambda a: a.question)
    rng.shuffle(own)
    with_answer = [a for a in own if a.answers]
    without = [a for a in own if not a.answers]
    plan = [(a, "answerable") for a in with_answer[:n]]
    plan += [(a, "hidden") for a in with_answer[n : n + n // 2]]
    plan += [(a, "unanswerable") for a in without[: n // 2]]
    for number, (question, kind) in enumerate(plan):
        if number % 200 == 0:
            print(f"{part}: {number} of {len(plan)} questions", flush=True)
        if (sample := sampler.sample(question, kind)) is not None:
            yield sample


def fit(train: Sequence[Sample], dev: Sequence[Sample]) -> dict[str, Any]:
    """Weights of the sentence model, its calibration, the threshold, and what they give."""
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([s.features[~s.unsure] for s in train])
    y = np.concatenate([s.right[~s.unsure] for s in train])
    sentence_model = LogisticRegression(C=1.0, max_iter=5000).fit(x, y)
    weights, bias = sentence_model.coef_[0], float(sentence_model.intercept_[0])

    def tops(part: Sequence[Sample]) -> tuple[NDArray[Any], NDArray[Any]]:
        best = [int(np.argmax(s.features @ weights)) for s in part]
        logits = [s.features[i] @ weights + bias for s, i in zip(part, best, strict=True)]
        hits = [s.right[i] or s.unsure[i] for s, i in zip(part, best, strict=True)]
        return np.array(logits), np.array(hits)

    # The best of many sentences looks better than it is: calibrate it by itself (Platt 1999).
    logits, hits = tops(train)
    platt = LogisticRegression(C=1e3).fit(logits[:, None], hits)
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])

    logits, hits = tops(dev)
    chance = 1 / (1 + np.exp(-(scale * logits + shift)))
    answerable = np.array([s.kind == "answerable" for s in dev])
    grid = np.linspace(0.02, 0.9, 89)
    balanced = [
        ((chance[answerable] >= t).mean() + (chance[~answerable] < t).mean()) / 2 for t in grid
    ]
    threshold = float(grid[int(np.argmax(balanced))])
    report = {
        "dev questions": len(dev),
        "best sentence holds the answer": round(float(hits[answerable].mean()), 3),
        "retrieved": round(
            float(np.mean([s.right.any() for s in dev if s.kind == "answerable"])), 3
        ),
        "balanced accuracy": round(float(max(balanced)), 3),
        "abstains by kind": {
            kind: round(float((chance[[s.kind == kind for s in dev]] < threshold).mean()), 3)
            for kind in ("answerable", "hidden", "unanswerable")
        },
        "expected calibration error": round(_calibration_error(chance, hits), 3),
    }
    return {
        "features": list(NAMES),
        "weights": [round(float(w), 4) for w in weights],
        "bias": round(bias, 4),
        "scale": round(scale, 4),
        "shift": round(shift, 4),
        "threshold": round(threshold, 2),
        "made by": "python -m evals.train_keyless",
        "data": "SQuAD 1.1 and 2.0 (CC BY-SA 4.0), SQuADShifts new_wiki (CC BY 4.0), train parts",
        "report": report,
    }


def _calibration_error(chance: NDArray[Any], hits: NDArray[Any], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) over equal bins."""
    place = np.minimum((chance * bins).astype(int), bins - 1)
    return float(
        sum(
            (place == b).mean() * abs(chance[place == b].mean() - hits[place == b].mean())
            for b in range(bins)
            if (place == b).any()
        )
    )


def tell(progress: Progress) -> None:
    """A line now and then."""
    if progress.done % 500 == 0:
        print(f"{progress.done} of {progress.total} paragraphs", flush=True)


def main() -> None:
    """Read, sample, fit, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the SQuAD-form files")
    parser.add_argument("work", type=Path, help="folder for the library and the vectors")
    parser.add_argument("-n", type=int, default=1500, help="answerable questions to learn from")
    given = parser.parse_args()
    articles, asked = read(given.data)
    library = Library.open(given.work / "store")
    library.add(articles, on_progress=tell)
    sampler = Sampler(library, articles, given.work / "sentences.npy")
    train = list(samples(sampler, asked, "train", given.n))
    dev = list(samples(sampler, asked, "dev", given.n // 3))
    model = fit(train, dev)
    WEIGHTS.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(model["report"], indent=1))


if __name__ == "__main__":
    main()
