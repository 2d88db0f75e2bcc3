"""Speed as ratios on one machine in one run, so that a slow machine does not look like slow code.

Each pair is measured alternately, so that both sides meet the same disturbances.
"""

from __future__ import annotations

import argparse
import json
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
from assistant.reader import load_reader
from assistant.reader.reader import inputs
from assistant.reader.windows import window
from assistant.samples import sample_articles
from evals import adding
from evals.cases import load_sets
from evals.machine import machine
from index import Library
from index.embed import SentenceTransformerEmbedder

RESULT = Path(__file__).parent / "results" / "speed.json"
ARTICLES = 60
"""In the library that is asked."""

QUESTIONS = 40
ROUNDS = 3


def main(arguments: Sequence[str]) -> int:
    """Measure, print a line for each ratio, and write the result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals speed", description=__doc__)
    parser.add_argument("--articles", type=int, default=adding.ARTICLES, metavar="N")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE")
    options = parser.parse_args(arguments)
    added = adding.measure(options.articles)
    with tempfile.TemporaryDirectory() as folder:
        ratios = [*asking(Path(folder)), *reading(), *importing()]
    print("{what}: {share:.2f} (worst {worst:.2f}, memory {peak_mb:,} MB at most)".format(**added))
    for ratio in ratios:
        print("{what}: {ratio:.2f} (medians of {n}; {seconds:.4f} s)".format(**ratio))
    result = {"machine": machine(), "adding": added, "ratios": ratios}
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {str(options.out)!r} ({error.strerror}); choose another --out"
        ) from error
    return 0


def asking(folder: Path) -> list[dict[str, Any]]:
    """Warm search against encoding the query, and warm keyless `ask` against search."""
    library = Library.open(folder / "store")
    library.add(adding.mixed(ARTICLES))
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


def reading() -> list[dict[str, Any]]:
    """The reader on eight passages of 200 tokens, against one encoding of the same tokens."""
    import torch

    reader, model = load_reader(), SentenceTransformerEmbedder().load()
    text = " ".join(article.text for article in sample_articles())
    words = model.tokenizer(text, add_special_tokens=False)["input_ids"]
    question = list(range(2000, 2012))
    frames = [window(question, [], words[n * 200 : n * 200 + 200]) for n in range(8)]
    feed = {
        name: torch.from_numpy(inputs(frames)[kind])
        for name, kind in (("input_ids", "ids"), ("attention_mask", "mask"))
    }

    def encode() -> None:
        with torch.inference_mode():
            model(dict(feed))

    ours, theirs = [], []
    for _ in range(QUESTIONS):
        ours.append(clock(reader.logits, frames))
        theirs.append(clock(encode))
    what = "reading 8 passages of 200 tokens / one fp32 torch encoding of the same tokens"
    return [compared(what, ours[2:], theirs[2:])]


FIRST_ANSWER = """
from assistant.reader import load_reader
load_reader().read("Who wrote it?", ["The hymn was written by Ada Lind in 1902."])
"""


def importing() -> list[dict[str, Any]]:
    """What a new process costs, against one that imports sentence_transformers."""

    def fresh(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603

    codes = {
        "import assistant": "import assistant",
        "import the reader": "import assistant.reader",
        "import the reader and read a first answer": FIRST_ANSWER,
    }
    theirs: list[float] = []
    ours: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(ROUNDS + 1):
        theirs.append(clock(fresh, "import sentence_transformers"))
        for name, code in codes.items():
            ours[name].append(clock(fresh, code))
    against = "import sentence_transformers"
    return [compared(f"{name} / {against}", ours[name][1:], theirs[1:]) for name in codes]


def compared(what: str, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    """The ratio of two medians, with the first one in seconds."""
    one, other = statistics.median(ours), statistics.median(theirs)
    return {"what": what, "ratio": round(one / other, 3), "seconds": round(one, 4), "n": len(ours)}


def clock(do: Callable[..., object], *arguments: object) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - began
