"""Make the built-in reader: train, export, calibrate, measure.

    python -m evals.reader DATA_FOLDER WORK_FOLDER

Everything is seeded and goes on where it was interrupted: WORK_FOLDER keeps the checkpoint, the
models, the libraries and what the reader found, and a stage whose file is there is not run again.
Two cores with bf16 take three hours and a half. On glibc, preloading tcmalloc makes it faster.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import shutil
from dataclasses import asdict, replace
from pathlib import Path

from assistant.reader.confidence import Calibration
from assistant.reader.reader import FOLDER, Reader
from assistant.reader.windows import Window
from evals import splits
from evals.reader import calibrate
from evals.reader.asked import Looked, Shelf, ask, look
from evals.reader.examples import Example, read
from evals.reader.report import plot, reading, report
from index.embed import shipped_tokenizer

DATA = (
    "SQuAD 1.1 and 2.0 (CC BY-SA 4.0), SQuADShifts new_wiki, amazon and reddit (CC BY 4.0), "
    "QAMR (MIT), Time-Sensitive-QA (BSD); train parts of evals/splits.json"
)

SEEN = 128
"""Train-part examples that the int8 model is evened on."""


def main() -> None:
    """All stages, each only if its result is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m evals.reader", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the data sets")
    parser.add_argument("work", type=Path, help="folder for everything on the way")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="length of the training")
    parser.add_argument(
        "--limit",
        type=int,
        default=400,
        help="questions of each set that are read with several passages",
    )
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the reader is written")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    examples = read(given.data)
    splits.write({example.group for example in examples})
    if not (given.work / "fp32.onnx").exists():
        make(examples, given.work, given.seed, given.scale)
    dev = found(examples, "dev", given.work, "int8", given.limit)
    calibration = calibrate.fit(dev)
    test = found(examples, "test", given.work, "int8", given.limit)
    exact = found(examples, "test", given.work, "fp32", 0)
    plot(calibration, test, given.out / "reliability.svg")
    figures = {
        "dev": report(calibration, dev),
        "test": report(calibration, test),
        "test in fp32": reading(calibration, exact),
    }
    shutil.copy(given.work / "int8.onnx", given.out / "model.onnx")
    about = {
        "sha256": _hash(given.out / "model.onnx"),
        "made by": "python -m evals.reader",
        "data": DATA,
        "calibration": asdict(calibration),
        "figures": figures,
    }
    (given.out / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def make(examples: list[Example], work: Path, seed: int, scale: float) -> None:
    """Train on the train part and export in fp32 and int8.

    Each cycle begins with the mean weights of those before (Wortsman et al. 2022).
    """
    from evals.reader.export import export
    from evals.reader.plan import CYCLES, Encoder, batches, groups
    from evals.reader.quantise import quantise
    from evals.reader.train import RECIPES, averaged, train

    tokenizer = shipped_tokenizer()
    own = [example for example in examples if example.part == "train"]
    made: list[Path] = []
    for number, (mix, recipe) in enumerate(zip(CYCLES, RECIPES, strict=True)):
        seeded = replace(recipe, seed=seed + number)
        encoder = Encoder(tokenizer, mix)
        plan = batches(groups(own, encoder, seeded.seed, scale), seeded.tokens, seeded.seed)
        checkpoint = work / f"cycle-{number + 1}.pt"
        train(plan, seeded, checkpoint, begin=made)
        made.append(checkpoint)
    export(averaged(made[-1:]), work / "beside.onnx")
    rng = random.Random(seed)  # noqa: S311 - a seeded draw
    encoder = Encoder(tokenizer)
    seen = [encoder.input(example, rng, crop=False) for example in rng.sample(own, SEEN)]
    frames = [Window(one.ids, one.first, 0, 0) for one in seen if one is not None]
    quantise(work / "beside.onnx", work / "int8.onnx", frames)
    (work / "beside.onnx").replace(work / "fp32.onnx")


def found(examples: list[Example], part: str, work: Path, model: str, limit: int) -> list[Looked]:
    """What the reader finds for questions of a part, kept in a file."""
    kept = work / f"{part}-{model}-{limit}-{_hash(work / f'{model}.onnx')[:8]}.pickle"
    if kept.exists():
        looked: list[Looked] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        return looked
    own = [example for example in examples if example.part == part]
    shelf = Shelf(own, work / f"{part}-store")
    asked = ask(own, shelf, limit)
    reader = Reader(_folder(work, model))
    looked = []
    for one in look(reader, asked):
        looked.append(one)
        if len(looked) % 500 == 0:
            print(f"{part}, {model}: {len(looked)} of {len(asked)} questions", flush=True)
    kept.write_bytes(pickle.dumps(looked))
    return looked


def _folder(work: Path, model: str) -> Path:
    """A reader's folder around a model that has no calibration yet."""
    folder = work / model
    folder.mkdir(exist_ok=True)
    shutil.copy(work / f"{model}.onnx", folder / "model.onnx")
    flat = Calibration({"raw": 1.0}, {"margin": 1.0}, 0.0, 0.5)
    about = {"sha256": _hash(folder / "model.onnx"), "calibration": asdict(flat)}
    (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
