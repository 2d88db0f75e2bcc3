"""Search alone on a file in SQuAD form: BM25 alone, dense alone and both fused.

All paragraphs are the collection, and each question has to find its own. The form is that of
Rajpurkar et al. 2016: data[].paragraphs[].{context, qas[].question}.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.errors import InputError
from evals.metrics import Estimate, estimate, ndcg_at, recall_at, reciprocal_rank_at
from evals.splits import Part, part_of
from index import Article, Library
from index.fuse import DENSE_WEIGHT
from index.types import digest

METHODS = {"BM25": 0.0, "dense": 1.0, "fused": DENSE_WEIGHT}
"""Weight of the dense score for each way to search."""

MEASURES: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float | None]] = {
    "nDCG@10": partial(ndcg_at, k=10),
    "recall@5": partial(recall_at, k=5),
    "MRR@10": partial(reciprocal_rank_at, k=10),
}

PASSAGES = 40
"""Passages to search for: a long paragraph is several, of which the best one counts."""


@dataclass(frozen=True)
class Collection:
    """Paragraphs as articles; questions with the id of their paragraph and the part it is in."""

    articles: tuple[Article, ...]
    questions: tuple[tuple[str, str, Part], ...]


def main(arguments: Sequence[str]) -> int:
    """Measure search on one file and print a table."""
    parser = argparse.ArgumentParser(prog="python -m evals retrieval", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON in SQuAD form")
    parser.add_argument("--limit", type=int, metavar="N", help="only N questions, drawn by seed")
    parser.add_argument("--part", choices=get_args(Part), help="only questions of this part")
    parser.add_argument("--untitled", action="store_true", help="leave the documents' titles out")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args(arguments)
    collection = read_squad(options.file, titled=not options.untitled)
    questions = [
        (question, gold)
        for question, gold, part in collection.questions
        if options.part in (None, part)
    ]
    if not questions:
        raise InputError(f"{options.file.name} has no answerable question of that part")
    if options.limit is not None and 0 < options.limit < len(questions):
        questions = random.Random(0).sample(questions, options.limit)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "store")
        _add(library, collection.articles)
        figures = measure(library, questions)
        library.close()
    if options.json:
        rows = {
            method: {name: found and vars(found) for name, found in values.items()}
            for method, values in figures.items()
        }
        print(json.dumps({"paragraphs": len(collection.articles), "figures": rows}, indent=1))
        return 0
    title = f"{len(questions)} questions on {len(collection.articles)} paragraphs"
    table = Table("", *MEASURES, title=title, box=box.SIMPLE)
    for method, values in figures.items():
        table.add_row(method, *(str(values[name] or "–") for name in MEASURES))
    Console().print(table)
    return 0


def measure(
    library: Library, questions: Iterable[tuple[str, str]]
) -> dict[str, dict[str, Estimate | None]]:
    """Every measure for every way to search, over questions with the id of their article."""
    values: dict[str, dict[str, list[float | None]]] = {
        method: {name: [] for name in MEASURES} for method in METHODS
    }
    progress = Console(stderr=True)
    for question, gold in track(
        list(questions), "Searching", console=progress, disable=not progress.is_terminal
    ):
        for method, weight in METHODS.items():
            hits = library.search(question, PASSAGES, weight=weight)
            ranked = list(dict.fromkeys(hit.passage.article_id for hit in hits))
            for name, marked in MEASURES.items():
                values[method][name].append(marked(ranked, {gold: 1.0}))
    return {
        method: {name: estimate(column) for name, column in columns.items()}
        for method, columns in values.items()
    }


def read_squad(path: Path, *, titled: bool = True) -> Collection:
    """Distinct paragraphs and answerable questions of a file in SQuAD form.

    Args:
        path: the file.
        titled: give paragraphs their document's title, and let it decide their part.

    Raises:
        InputError: it cannot be read or has another form.
    """
    try:
        data = _Squad.model_validate_json(path.read_bytes()).data
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r} ({error.strerror}); check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path.name} is not in SQuAD form: {place}: {first['msg']}") from None
    articles: dict[str, Article] = {}
    questions: list[tuple[str, str, Part]] = []
    for document in data:
        title = document.title.replace("_", " ") if titled else ""
        for paragraph in document.paragraphs:
            article = Article(paragraph.context, title=title, key=digest(paragraph.context))
            articles.setdefault(article.id, article)
            part = part_of(title or paragraph.context)
            asked = [q.question for q in paragraph.qas if not q.is_impossible]
            questions += [(question, article.id, part) for question in asked]
    return Collection(tuple(articles.values()), tuple(questions))


class _Question(BaseModel):
    question: str
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Document(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Document]


def _add(library: Library, articles: Sequence[Article]) -> None:
    progress = Console(stderr=True)
    step = 200
    for i in track(
        range(0, len(articles), step),
        "Adding",
        console=progress,
        disable=not progress.is_terminal,
    ):
        library.add(articles[i : i + step])
