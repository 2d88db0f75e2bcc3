"""Adding many articles against the embedding model alone, in rounds, with the memory it takes.

Both sides meet the same disturbances: after each round of adding, the same passages are encoded
and nothing else. Run as a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant.samples import sample_articles
from index import Article, Library, sentences

ARTICLES = 2_000
WORDS = 600
ROUNDS = 20


def measure(articles: int = ARTICLES) -> dict[str, Any]:
    """What `run` finds, in a process of its own that says on stderr how far it is."""
    command = [sys.executable, "-m", "evals.adding", str(articles)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(articles: int) -> dict[str, Any]:
    """Add so many articles in rounds.

    Returns:
        `share`: passages per second while adding, over those of the encoder alone, median of the
        rounds, with the `worst` and `last` round's; `passages` and their rate in all;
        `peak_mb`: memory of the process at most, and `model_mb` with the model alone at work.
    """
    made = mixed(articles)
    size = max(articles // ROUNDS, 1)
    shares, seconds, count = [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "store")
        library.embedder.encode([article.text for article in made[:64]])
        model = _memory()
        for number in range(0, articles, size):
            part = made[number : number + size]
            began = time.perf_counter()
            library.add(part)
            ours = time.perf_counter() - began
            texts = [
                f"{article.label}\n{passage.text}"
                for article in part
                for passage in library.passages(article.id)
            ]
            began = time.perf_counter()
            library.embedder.encode(texts)
            bare = time.perf_counter() - began
            if number or articles < ROUNDS:  # the first round loads what is loaded once
                shares.append(bare / ours)
            seconds, count = seconds + ours, count + len(texts)
            print(
                f"{number + len(part):,} articles, {len(texts) / ours:.0f} passages/s, "
                f"{bare / ours:.2f} of the encoder alone",
                file=sys.stderr,
            )
        library.close()
    return {
        "what": f"adding {articles:,} articles of {WORDS} words, passages/s / the encoder alone",
        "share": round(statistics.median(shares), 3),
        "worst": round(min(shares), 3),
        "last": round(shares[-1], 3),
        "passages": count,
        "passages_per_second": round(count / seconds, 1),
        "peak_mb": round(_memory()),
        "model_mb": round(model),
    }


def mixed(count: int) -> list[Article]:
    """Articles of sentences of the samples, drawn at random: no two are near copies."""
    rng = random.Random(0)  # noqa: S311 - no secret
    pool = [a.text[start:end] for a in sample_articles() for start, end in sentences(a.text)]
    made = []
    for number in range(count):
        words, parts = 0, []
        while words < WORDS:
            parts.append(rng.choice(pool))
            words += len(parts[-1].split())
        paragraphs = (" ".join(parts[i : i + 4]) for i in range(0, len(parts), 4))
        made.append(Article("\n\n".join(paragraphs), title=f"Report {number}", key=f"mix:{number}"))
    return made


def _memory() -> float:
    """Megabytes that this process has held at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
