"""Compute the weights of the keyless answerer (`assistant/keyless.json`) from SQuAD-form files.

Every question is asked of all paragraphs together and its candidates are re-scored, so that the
weights see what the answerer will see. Three kinds of questions: with its paragraph in the library;
with its article taken out (off the subject, or near it by other articles); and, from SQuAD 2.0,
questions on the subject that no paragraph answers. A logistic regression learns which sentence
holds the answer; the threshold is where answering and abstaining are right equally often. Of
`evals/splits.py` only the development part is asked, as the reader was trained on the train part;
figures are of questions left out (five folds by article).

    python -m evals.train_keyless DATA_FOLDER WORK_FOLDER

WORK_FOLDER keeps the library and what was found: a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.chain import CANDIDATES
from assistant.context import joined, spread, widened
from assistant.features import NAMES, Candidate, candidates, measure
from assistant.keyless import WEIGHTS
from assistant.look import found_in
from assistant.reader import load_reader
from assistant.rescore import rescorer
from assistant.settings import Settings
from assistant.state import Evidence, Query, Source
from evals.metrics.squad import normalise
from evals.splits import Part, part_of
from index import Article, Library, Progress
from index.types import digest

FILES = ("squad1_train_part", "squad2_dev_part", "squadshifts_new_wiki")

SEARCHED = 60
"""Passages that are searched for, of which those of a hidden article are left out."""

FOLDS = 5


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
    """The candidate sentences of one question: features, and which of them hold the answer.

    `unsure` are those of other paragraphs that have its words too.
    """

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    unsure: NDArray[np.bool_]
    kind: str
    group: str


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


def plan(asked: Sequence[Asked], n: int) -> list[tuple[Asked, str]]:
    """`n` answerable questions of each set, half as many whose article is hidden, and others."""
    rng = random.Random("dev 7")  # noqa: S311 - a seeded draw
    own = sorted((one for one in asked if one.part == "dev"), key=lambda one: one.question)
    rng.shuffle(own)
    by_set: dict[str, list[Asked]] = {}
    for one in own:
        if one.answers:
            by_set.setdefault(one.article.key.split(":")[0], []).append(one)
    planned: list[tuple[Asked, str]] = []
    for found in by_set.values():
        planned += [(one, "answerable") for one in found[:n]]
        hidden = found[n : n + n // 2] if len(found) > n + n // 5 else found[: n // 5]
        planned += [(one, "hidden") for one in hidden]
    planned += [(one, "unanswerable") for one in own if not one.answers][:n]
    rng.shuffle(planned)
    return planned


def look_up(library: Library, articles: dict[str, Article], asked: Asked, kind: str) -> Evidence:
    """What the answerer would see; `kind` `hidden` takes the question's article out."""
    hits = library.search(asked.question, SEARCHED)
    owners = [articles[hit.passage.article_id] for hit in hits]
    pairs = [
        (hit, owner)
        for hit, owner in zip(hits, owners, strict=True)
        if kind != "hidden" or (owner.title or owner.text) != asked.group
    ]
    sources = [
        widened(Source(number, hit, owner, (), owner.id, hit.score))
        for number, (hit, owner) in enumerate(pairs[:CANDIDATES], 1)
    ]
    ranked, look = rescorer().order(asked.question, sources)
    query = Query(asked.question, standalone=asked.question)
    return Evidence(query, tuple(joined(spread(ranked, Settings().passages))), look)


def evidence(work: Path, planned: Sequence[tuple[Asked, str]], library: Library) -> Path:
    """A file with the evidence of every question, one after the other; goes on where it ended."""
    kept = work / "dev.pkl"
    done = sum(1 for _ in stored(kept)) if kept.exists() else 0
    articles = {article.id: article for article in library.articles()}
    with kept.open("ab") as file:
        for number, (asked, kind) in enumerate(planned[done:], done):
            if number % 100 == 0:
                print(f"{number} of {len(planned)} questions", flush=True)
            pickle.dump((asked, kind, look_up(library, articles, asked, kind)), file)
            file.flush()
    return kept


def stored(kept: Path) -> Iterator[tuple[Asked, str, Evidence]]:
    """What `evidence` wrote; an entry that was cut off is dropped."""
    with kept.open("r+b") as file:
        while True:
            place = file.tell()
            try:
                yield pickle.load(file)  # noqa: S301 - our own file
            except (EOFError, pickle.UnpicklingError):
                file.truncate(place)
                return


def samples(kept: Path) -> Iterator[Sample]:
    """The candidates of every question that has any."""
    reader = load_reader()
    for asked, kind, found in stored(kept):
        pool = candidates(found.sources)
        if not pool:
            continue
        seen = found_in(reader, found)
        gold = np.array([_holds(candidate, asked) for candidate in pool])
        there = np.array([c.source.article.id == asked.article.id for c in pool])
        none = np.zeros(len(pool), dtype=bool)
        answerable = kind == "answerable"
        yield Sample(
            measure(asked.question, pool, seen, reader.calibration),
            gold & there if answerable else none,
            gold & ~there if answerable else none,
            kind,
            asked.group,
        )


def _holds(candidate: Candidate, asked: Asked) -> bool:
    text = f" {normalise(candidate.text)} "
    return any(f" {normalise(answer)} " in text for answer in asked.answers)


def fit(found: Sequence[Sample]) -> dict[str, Any]:
    """Weights of the sentence model, its calibration, the threshold, and what they give."""
    from sklearn.linear_model import LogisticRegression

    groups = sorted({sample.group for sample in found})
    random.Random(0).shuffle(groups)  # noqa: S311 - a seeded draw
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    logits: list[NDArray[Any]] = [np.zeros(0)] * len(found)
    for left_out in range(FOLDS):
        weights, bias = _sentence_model([s for s in found if fold[s.group] != left_out])
        for at, sample in enumerate(found):
            if fold[sample.group] == left_out:
                logits[at] = sample.features @ weights + bias
    top = np.array([z.max() for z in logits])
    holds = [(s.right | s.unsure)[np.argsort(-z)] for s, z in zip(found, logits, strict=True)]
    first = np.array([bool(right[0]) for right in holds])
    # The best of many sentences looks better than it is: calibrate it by itself (Platt 1999).
    platt = LogisticRegression(C=1e3).fit(top[:, None], first)
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    chance = 1 / (1 + np.exp(-(scale * top + shift)))
    kinds = np.array([sample.kind for sample in found])
    answerable = kinds == "answerable"
    grid = np.linspace(0.02, 0.9, 89)
    balanced = [
        ((chance[answerable] >= t).mean() + (chance[~answerable] < t).mean()) / 2 for t in grid
    ]
    threshold = float(grid[int(np.argmax(balanced))])
    told = [right for right, given in zip(holds, answerable, strict=True) if given]
    within = {str(k): round(float(np.mean([r[:k].any() for r in told])), 3) for k in (1, 2, 3)}
    weights, bias = _sentence_model(found)
    return {
        "features": list(NAMES),
        "weights": [round(float(w), 4) for w in weights],
        "bias": round(bias, 4),
        "scale": round(scale, 4),
        "shift": round(shift, 4),
        "threshold": round(threshold, 2),
        "made by": "python -m evals.train_keyless",
        "data": "SQuAD 1.1 and 2.0 (CC BY-SA 4.0), SQuADShifts new_wiki (CC BY 4.0), dev parts",
        "report": {
            "questions": len(found),
            "answer within the best sentences": within,
            "retrieved": round(float(np.mean([right.any() for right in told])), 3),
            "balanced accuracy": round(float(max(balanced)), 3),
            "abstains by kind": {
                kind: round(float((chance[kinds == kind] < threshold).mean()), 3)
                for kind in ("answerable", "hidden", "unanswerable")
            },
            "expected calibration error": round(_calibration_error(chance, first), 3),
        },
    }


def _sentence_model(found: Sequence[Sample]) -> tuple[NDArray[Any], float]:
    """Weights and bias over plain features; columns of one size while they are fitted."""
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([s.features[~s.unsure] for s in found])
    y = np.concatenate([s.right[~s.unsure] for s in found])
    mean, spread_ = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5000).fit((x - mean) / spread_, y)
    weights = model.coef_[0] / spread_
    return weights, float(model.intercept_[0] - mean @ weights)


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
    """Read, look up, fit, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the SQuAD-form files")
    parser.add_argument("work", type=Path, help="folder for the library and what was found")
    parser.add_argument("-n", type=int, default=500, help="answerable questions of each set")
    given = parser.parse_args()
    articles, asked = read(given.data)
    library = Library.open(given.work / "store")
    library.add(articles, on_progress=tell)
    kept = evidence(given.work, plan(asked, given.n), library)
    model = fit(list(samples(kept)))
    WEIGHTS.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(model["report"], indent=1))


if __name__ == "__main__":
    main()
