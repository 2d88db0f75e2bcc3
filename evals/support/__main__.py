"""Make the citation check's model: train, export, calibrate, measure.

    python -m evals.support DATA_FOLDER WORK_FOLDER [--reader CHECKPOINT]

Seeded, and goes on where it was interrupted. `--reader` is the last checkpoint of `python -m
evals.reader`, with whose weights the shipped model began; without it, those of the embedding model.
Two cores with bf16 take about half an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.support import SupportJudge
from assistant.support.judge import FOLDER
from evals.metrics.calibration import expected_calibration_error
from evals.reader.examples import read
from evals.reader.quantise import quantise
from evals.support.export import export
from evals.support.model import Input, encoded
from evals.support.pairs import Pair, pairs
from evals.support.train import Recipe, train
from index.embed import shipped_tokenizer

DATA = (
    "SQuAD 1.1 and 2.0 (CC BY-SA 4.0), SQuADShifts new_wiki, amazon and reddit (CC BY 4.0), "
    "QAMR (MIT); train parts of evals/splits.json"
)

SEEN = 128
"""Train-part pairs that the int8 model is evened on."""


MEASURED = 3_000
"""Held-out pairs that are looked at."""


def main() -> None:
    """All stages, each only if its result is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m evals.support", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the data sets")
    parser.add_argument("work", type=Path, help="folder for everything on the way")
    parser.add_argument("--reader", type=Path, help="checkpoint of the reader to begin with")
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    examples = read(arguments.data)
    tokenizer = shipped_tokenizer()
    whole, small = work / "fp32.onnx", FOLDER / "model.onnx"
    if not whole.exists():
        inputs = encoded(pairs(examples, "train", 1), tokenizer)
        export(train(inputs, Recipe(), work / "checkpoint.pt", arguments.reader), whole)
    seen = encoded(pairs(examples, "train", 2)[:SEEN], tokenizer)
    quantise(whole, small, [one.frame for one in seen])
    digest = hashlib.sha256(small.read_bytes()).hexdigest()
    _write({"sha256": digest, "steepness": 1.0, "data": DATA})
    held_out = pairs(examples, "dev", 1)[:MEASURED]
    logits = SupportJudge().logits([one.frame for one in encoded(held_out, tokenizer)])
    steepness = fitted(logits, [pair.carried for pair in held_out])
    last = pairs(examples, "test", 1)[:MEASURED]
    found = {"dev": measured(held_out, logits, steepness)}
    found["test"] = measured(last, _logits(encoded(last, tokenizer)), steepness)
    _write({"sha256": digest, "steepness": steepness, "data": DATA, "figures": found})
    print(json.dumps(found, indent=1))


def _logits(inputs: Sequence[Input]) -> list[float]:
    return SupportJudge().logits([one.frame for one in inputs])


def fitted(logits: Sequence[float], carried: Sequence[bool]) -> float:
    """The factor on the logits that fits the outcomes best (Guo et al. 2017), to two digits."""

    def loss(steepness: float) -> float:
        return sum(
            math.log1p(math.exp(min(30.0, -steepness * (logit if right else -logit))))
            for logit, right in zip(logits, carried, strict=True)
        )

    return min((step / 50 for step in range(10, 101)), key=loss)


def measured(
    found: Sequence[Pair], logits: Sequence[float], steepness: float
) -> dict[str, float | dict[str, float]]:
    """Accuracy at one half, by how the pairs were made too, and how far chances are off (ECE)."""
    chances = [1 / (1 + math.exp(-steepness * logit)) for logit in logits]
    right = [(chance > 0.5) == pair.carried for chance, pair in zip(chances, found, strict=True)]
    by_sort: defaultdict[str, list[bool]] = defaultdict(list)
    for pair, correct in zip(found, right, strict=True):
        by_sort[f"{pair.sort}{'' if pair.carried else ' (false)'}"].append(correct)
    return {
        "n": len(found),
        "accuracy": round(sum(right) / len(right), 4),
        "ece": round(expected_calibration_error(chances, [pair.carried for pair in found]), 4),
        "by sort": {sort: round(sum(r) / len(r), 3) for sort, r in sorted(by_sort.items())},
    }


def _write(about: dict[str, object]) -> None:
    (FOLDER / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
