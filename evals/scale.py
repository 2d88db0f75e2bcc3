"""How search grows with the library: its time beside dense search alone in Chroma, and its memory.

Real sentences, each encoded once, are put together anew to as many passages as are wanted; a
passage's vector is the mean of its sentences' with a little noise of its own. Queries are encoded
for real.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.samples import sample_articles
from evals.cases import load_sets
from index import Article, Embedder, Library, sentences
from index.embed import embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZES = (1_000, 10_000, 100_000)
SENTENCES = 40
"""Of an article: about seven passages."""

PARAGRAPH = 6
NOISE = 0.15
QUESTIONS = 60
BATCH = 500
RESULT = Path(__file__).parent / "results" / "scale.json"


def main(arguments: Sequence[str]) -> int:
    """Measure every size in a process of its own, print a line for each, keep the result."""
    parser = argparse.ArgumentParser(prog="python -m evals scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE")
    options = parser.parse_args(arguments)
    rows = []
    for size in options.sizes:
        command = [sys.executable, "-m", "evals.scale", str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        rows.append(json.loads(done.stdout))
        print(
            "{passages:,} passages: search {ratio:.2f} times dense alone ({search_ms:.1f} ms; "
            "encoding the query {encode_ms:.1f} ms), memory {memory_mb:,} MB, on the disk "
            "{disk_mb:,} MB".format(**rows[-1])
        )
    from evals.machine import machine

    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "sizes": rows}, indent=1)
    options.out.write_text(text + "\n", "utf-8")
    return 0


def measure(size: int) -> dict[str, Any]:
    """What `timed` finds in a library of so many passages, made for it."""
    model = Recombined(embedder())
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "store", embedding=model)
        _fill(library, model, size)
        library.close()
        return timed(Path(folder) / "store", model)


def timed(store: Path, model: Recombined) -> dict[str, Any]:
    """The time of a search in a library, beside dense search alone.

    Returns:
        Medians in milliseconds of `search` (warm, the query's encoding in it), of `dense` alone
        (the same encoding, and Chroma's own query for as many candidates) and of the encoding;
        `ratio`: the first over the second; `memory_mb` of the process with the library open.
    """
    from index.search import DEPTH

    questions = [case.question for case in load_sets(["facts"])][:QUESTIONS]
    search, dense, encode = [], [], []
    library = Library.open(store, embedding=model)
    vectors = library._store.vectors
    for question in [questions[0], *questions]:
        began = time.perf_counter()
        vector = model.encode([question])[0]
        encoded = time.perf_counter()
        vectors.query(vector, DEPTH)
        ended = time.perf_counter()
        library.search(question)
        search.append(time.perf_counter() - ended)
        dense.append(ended - began)
        encode.append(encoded - began)
    count, resident = library.count_passages(), _resident()
    library.close()
    disk = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    ours, theirs = statistics.median(search[1:]), statistics.median(dense[1:])
    return {
        "passages": count,
        "ratio": round(ours / theirs, 2),
        "search_ms": round(1e3 * ours, 2),
        "dense_ms": round(1e3 * theirs, 2),
        "encode_ms": round(1e3 * statistics.median(encode[1:]), 2),
        "memory_mb": round(resident),
        "disk_mb": round(disk / 1e6),
    }


class Recombined:
    """An embedder that knows the vectors of the samples' sentences; others are encoded for real."""

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self.name = model.name
        self.fingerprint = f"{model.fingerprint} recombined"
        self.sentences = [
            " ".join(article.text[start:end].split())
            for article in sample_articles()
            for start, end in sentences(article.text)
        ]
        self._vectors = dict(zip(self.sentences, model.encode(self.sentences), strict=True))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the model counts."""
        return self._model.count_tokens(texts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        import numpy as np

        rows = []
        for text in texts:
            known = [self._vectors[line] for line in text.split("\n") if line in self._vectors]
            if not known:
                rows.append(self._model.encode([text])[0])
                continue
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            noise = np.random.default_rng(seed).standard_normal(len(known[0]))
            row = np.mean(known, axis=0)
            row = row / np.linalg.norm(row) + NOISE * noise / np.linalg.norm(noise)
            rows.append((row / np.linalg.norm(row)).astype(np.float32))
        return np.stack(rows)


def _fill(library: Library, model: Recombined, size: int) -> None:
    """Add articles until there are that many passages."""
    made = _articles(model.sentences)
    while (there := library.count_passages()) < size:
        print(f"{there:,} of {size:,} passages", file=sys.stderr)
        count = min(BATCH, max(1, (size - there) // 7))
        library.add([next(made) for _ in range(count)])


def _articles(pool: Sequence[str]) -> Iterator[Article]:
    """Articles of sentences drawn from the pool, one on each line."""
    draw = random.Random(0)  # noqa: S311 - no secret
    number = 0
    while True:
        lines = draw.sample(pool, SENTENCES)
        parts = ["\n".join(lines[i : i + PARAGRAPH]) for i in range(0, SENTENCES, PARAGRAPH)]
        yield Article(
            "\n\n".join(parts), title=f"Report {number}", language="en", key=f"scale:{number}"
        )
        number += 1


def _resident() -> float:
    """Megabytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
