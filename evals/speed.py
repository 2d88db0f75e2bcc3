"""Speed as ratios on one machine in one run, so that a slow machine does not look like slow code.

Each pair is measured alternately, so that both sides meet the same disturbances.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant import Assistant, Settings
from assistant.errors import InputError
from assistant.samples import sample_articles
from evals.cases import load_sets
from evals.machine import machine
from index import Article, Library

RESULT = Path(__file__).parent / "results" / "speed.json"
ARTICLES = 60
QUESTIONS = 40
ROUNDS = 3


def main(arguments: Sequence[str]) -> int:
    """Measure, print a line for each ratio, and write the result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals speed", description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        ratios = [*adding(Path(folder)), *asking(Path(folder)), *importing()]
    for ratio in ratios:
        print("{what}: {ratio:.2f} (medians of {n}; {seconds:.4f} s)".format(**ratio))
    result = {"machine": machine(), "ratios": ratios}
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {str(options.out)!r} ({error.strerror}); choose another --out"
        ) from error
    return 0


def adding(folder: Path) -> list[dict[str, Any]]:
    """Adding articles to a new library, against encoding their passages and nothing else."""
    articles, ours, bare = shuffled(ARTICLES), [], []
    for number in range(ROUNDS + 1):
        library = Library.open(folder / f"store-{number}")
        ours.append(clock(library.add, articles))
        texts = [
            f"{article.label}\n{passage.text}"  # what the library embeds
            for article in library.articles()
            for passage in library.passages(article.id)
        ]
        bare.append(clock(library.embedder.encode, texts))
        library.close()
    # The first round loads the model.
    return [compared(f"adding {ARTICLES} articles / the bare encoder", ours[1:], bare[1:])]


def asking(folder: Path) -> list[dict[str, Any]]:
    """Warm search against encoding the query, and warm keyless `ask` against search."""
    library = Library.open(folder / f"store-{ROUNDS}")
    assistant = Assistant(Settings(keyless=True), library)
    questions = [case.question for case in load_sets(["facts"])][:QUESTIONS]
    encode, search, ask = [], [], []
    for question in [questions[0], *questions]:
        encode.append(clock(library.embedder.encode, [question]))
        search.append(clock(library.search, question))
        library.search("another question")  # the library remembers the last one's vector
        ask.append(clock(assistant.ask, question))
    library.close()
    return [
        compared("warm search / encoding the query", search[1:], encode[1:]),
        compared("warm keyless ask / search", ask[1:], search[1:]),
    ]


def importing() -> list[dict[str, Any]]:
    """Importing the assistant in a new process, against importing sentence_transformers."""

    def fresh(module: str) -> None:
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603

    ours, theirs = [], []
    for _ in range(ROUNDS + 1):
        ours.append(clock(fresh, "assistant"))
        theirs.append(clock(fresh, "sentence_transformers"))
    what = "import assistant / import sentence_transformers"
    return [compared(what, ours[1:], theirs[1:])]


def compared(what: str, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    """The ratio of two medians, with the first one in seconds."""
    one, other = statistics.median(ours), statistics.median(theirs)
    return {"what": what, "ratio": round(one / other, 3), "seconds": round(one, 4), "n": len(ours)}


def clock(do: Callable[..., object], *arguments: object) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - began


def shuffled(count: int) -> list[Article]:
    """Articles like the samples, all different: their paragraphs in another order."""
    samples, rng = sample_articles(), random.Random(0)  # noqa: S311 - no secret
    made = []
    for number in range(count):
        sample = samples[number % len(samples)]
        paragraphs = sample.text.split("\n\n")
        rng.shuffle(paragraphs)
        made.append(Article("\n\n".join(paragraphs), title=sample.title, key=f"speed:{number}"))
    return made
