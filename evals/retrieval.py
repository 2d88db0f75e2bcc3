"""Search alone on a public set: BM25 alone, dense alone, both fused, and re-scored as in the chain.

All texts of the set are the collection. A file in SQuAD form, a folder in BEIR form, or a TREC run
with its qrels, which is only marked.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, get_args

from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import CANDIDATES
from assistant.context import widened
from assistant.errors import InputError
from assistant.rescore import Rescorer, rescorer
from assistant.state import Source
from evals.collections import Collection, Query, drawn_from, qrels_of, read
from evals.metrics import Estimate, estimate, ndcg_at, recall_at, reciprocal_rank_at
from evals.splits import Part
from evals.trec import Qrels, Run, read_qrels, read_run, write_qrels, write_run
from index import Article, Library
from index.fuse import DENSE_WEIGHT

METHODS = {"BM25": 0.0, "dense": 1.0, "fused": DENSE_WEIGHT}
"""Weight of the dense score for each way to search."""

RESCORED = "re-scored"

MEASURES: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float | None]] = {
    "nDCG@10": partial(ndcg_at, k=10),
    "recall@5": partial(recall_at, k=5),
    "MRR@10": partial(reciprocal_rank_at, k=10),
}

PASSAGES = 40
"""Passages to search for: a long paragraph is several, of which the best one counts."""

Figures = dict[str, dict[str, Estimate | None]]
"""Estimates by method and measure."""


def main(arguments: Sequence[str]) -> int:
    """Measure search on one set, or mark runs, and print a table."""
    options = _parser().parse_args(arguments)
    if options.run:
        return _mark(options)
    if options.set is None:
        raise InputError("name a file in SQuAD form, a folder in BEIR form, or a --run")
    whole = read(options.set, titled=not options.untitled, split=options.split)
    collection = drawn_from(whole, options.part)
    queries = list(collection.queries)
    if not queries:
        raise InputError(f"{options.set.name} has no question of that part with a relevant text")
    if options.limit is not None and 0 < options.limit < len(queries):
        queries = random.Random(0).sample(queries, options.limit)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "store")
        _add(library, collection.articles)
        runs = search(library, queries, rescorer(options.reranker))
        library.close()
    if options.out:
        keep(options.out, runs, collection, queries)
    qrels = {query.id: query.gains for query in queries}
    title = f"{len(queries)} questions on {len(collection.articles)} texts"
    _show(compare(runs, qrels), title, options.json)
    return 0


def search(
    library: Library, queries: Sequence[Query], rescored_by: Rescorer
) -> dict[str, dict[str, list[str]]]:
    """The articles that each way to search finds, by method and query, best first."""
    runs: dict[str, dict[str, list[str]]] = {method: {} for method in (*METHODS, RESCORED)}
    articles = {article.id: article for article in library.articles()}
    progress = Console(stderr=True)
    for query in track(queries, "Searching", console=progress, disable=not progress.is_terminal):
        found = {
            method: library.search(query.text, PASSAGES, weight=weight)
            for method, weight in METHODS.items()
        }
        for method, hits in found.items():
            runs[method][query.id] = _distinct(hit.passage.article_id for hit in hits)
        sources = [
            Source(number, hit, articles[hit.passage.article_id], prior=hit.score)
            for number, hit in enumerate(found["fused"], 1)
        ]
        first = [widened(source) for source in sources[:CANDIDATES]]
        ranked, _ = rescored_by.order(query.text, first)
        runs[RESCORED][query.id] = _distinct(
            source.article.id for source in [*ranked, *sources[CANDIDATES:]]
        )
    return runs


def compare(runs: Mapping[str, Run], qrels: Qrels) -> Figures:
    """Every measure of every run; then what fusion adds to the better half, and re-scoring to that.

    The last two are means of paired differences, query by query (paired bootstrap).
    """
    values = {
        method: {
            name: [mark(run.get(query, ()), gains) for query, gains in qrels.items()]
            for name, mark in MEASURES.items()
        }
        for method, run in runs.items()
    }
    figures: Figures = {
        method: {name: estimate(column) for name, column in columns.items()}
        for method, columns in values.items()
    }
    if {*METHODS, RESCORED} <= values.keys():
        halves = {name: _better(figures, name) for name in MEASURES}
        pairs = {"fused above the better half": "fused", f"{RESCORED} above it": RESCORED}
        for title, method in pairs.items():
            figures[title] = {
                name: estimate(_less(values[method][name], values[halves[name]][name]))
                for name in MEASURES
            }
    return figures


def keep(
    folder: Path, runs: Mapping[str, Run], collection: Collection, queries: Sequence[Query]
) -> None:
    """Write the runs and the qrels as TREC keeps them, under the set's own ids."""
    keys = {article.id: article.key for article in collection.articles}
    asked = {query.id for query in queries}
    judged = {name: gains for name, gains in qrels_of(collection).items() if name in asked}
    write_qrels(folder / "qrels.txt", judged)
    for method, run in runs.items():
        named = {query: [keys[name] for name in found] for query, found in run.items()}
        write_run(folder / f"{method.lower()}.run", named, method)


def _mark(options: argparse.Namespace) -> int:
    if options.qrels is None:
        raise InputError("a --run is marked against --qrels; name the file")
    qrels = read_qrels(options.qrels)
    runs = {path.name: read_run(path) for path in options.run}
    _show(compare(runs, qrels), f"{len(qrels)} judged queries", options.json)
    return 0


def _show(figures: Figures, title: str, as_json: bool) -> None:
    if as_json:
        rows: dict[str, Any] = {
            method: {name: found and vars(found) for name, found in values.items()}
            for method, values in figures.items()
        }
        print(json.dumps({"what": title, "figures": rows}, indent=1))
        return
    table = Table("", *MEASURES, title=title, box=box.SIMPLE)
    for method, values in figures.items():
        table.add_row(method, *(str(values[name] or "–") for name in MEASURES))
    console = Console()
    if not console.is_terminal:
        console.width = 120
    console.print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals retrieval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("set", type=Path, nargs="?", metavar="SET", help="a file or a folder")
    parser.add_argument("--limit", type=int, metavar="N", help="only N questions, drawn by seed")
    parser.add_argument("--part", choices=get_args(Part), help="only questions of this part")
    parser.add_argument("--split", default="test", metavar="NAME", help="BEIR: which qrels")
    parser.add_argument("--untitled", action="store_true", help="leave the documents' titles out")
    parser.add_argument("--reranker", default="", metavar="NAME", help="a cross-encoder")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep the runs, as TREC does")
    parser.add_argument("--run", type=Path, action="append", metavar="FILE", help="mark this run")
    parser.add_argument("--qrels", type=Path, metavar="FILE", help="the judgements for --run")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    return parser


def _better(figures: Figures, name: str) -> str:
    """Of BM25 and dense, the one with the higher figure."""

    def value(method: str) -> float:
        found = figures[method][name]
        return found.value if found else 0.0

    return max(("BM25", "dense"), key=value)


def _less(ours: Sequence[float | None], theirs: Sequence[float | None]) -> list[float | None]:
    return [
        None if one is None or other is None else one - other
        for one, other in zip(ours, theirs, strict=True)
    ]


def _distinct(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


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
