"""Chroma's files damaged in every way: noticed, mended or named, and right after a rebuild."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from children import Died, Tell, article, call, in_small_steps, open_
from proofs import progress, record, sized

from index import DamagedIndexError
from index.gate import on_wait

pytestmark = [pytest.mark.real, pytest.mark.soak]

ARTICLES = 100
SEEDS = 2
"""How often a kind of damage that is drawn by chance is done to each file."""

QUESTIONS = ("kaning at pier 12", "report 30", "shamers teleck", "pier")

Harm = Callable[[Path, random.Random], object]


def cut(path: Path, draw: random.Random) -> None:
    os.truncate(path, draw.randrange(path.stat().st_size))


def scatter(places: int, width: int = 1) -> Harm:
    """Random bytes at random places."""

    def harm(path: Path, draw: random.Random) -> None:
        with path.open("r+b") as file:
            for _ in range(places):
                file.seek(draw.randrange(path.stat().st_size))
                file.write(draw.randbytes(width))

    return harm


def replace_by_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def replace_by_link(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to("/nowhere")


FIXED: dict[str, Harm] = {
    "emptied": lambda path, _: os.truncate(path, 0),
    "one byte short": lambda path, _: os.truncate(path, path.stat().st_size - 1),
    "deleted": lambda path, _: path.unlink(),
    "zeros": lambda path, _: path.write_bytes(bytes(path.stat().st_size)),
    "a folder": replace_by_folder,
    "a link to nowhere": replace_by_link,
}
DRAWN: dict[str, Harm] = {
    "cut": cut,
    "longer": lambda path, draw: path.write_bytes(path.read_bytes() + draw.randbytes(1000)),
    "noise": lambda path, draw: path.write_bytes(draw.randbytes(path.stat().st_size)),
    "1 byte": scatter(1),
    "10 bytes": scatter(10),
    "100 bytes": scatter(100),
    "a page": scatter(1, 4096),
}


class Visit(NamedTuple):
    """What a program that uses the store meets there; `error` if it is told to rebuild."""

    hits: list[list[tuple[str, float]]]
    vectors: dict[str, list[float]]
    problems: list[str]
    waits: list[str]
    error: str = ""


def make(_: Tell, folder: Path) -> int:
    in_small_steps()
    library = open_(folder)
    library.add([article(number) for number in range(ARTICLES)])
    return library.count_passages()


def visit(_: Tell, folder: Path, rebuild: bool) -> Visit:
    waits: list[str] = []
    on_wait.set(waits.append)
    library = open_(folder)
    try:
        if rebuild:
            library.rebuild()
        count = library.count_passages()
        hits = [
            [(hit.passage.id, round(hit.score, 3)) for hit in library.search(text, count, weight=w)]
            for text in QUESTIONS
            for w in (0.5, 1.0)
        ]
        store = library._store
        found = store.vectors.get(sorted(store.catalogue.searched_ids()))
        vectors = {name: [round(float(x), 4) for x in vector] for name, vector in found.items()}
        return Visit(hits, vectors, library.check(), waits)
    except DamagedIndexError as error:
        return Visit([], {}, [], waits, str(error))


def outcome(folder: Path, whole: Visit) -> str:
    """How a damaged store is met with; never in silence, and never twice by a crash."""
    try:
        met: Visit = call(visit, folder, False)
    except Died:
        met = call(visit, folder, False)
        assert met.error
        return "a crash, then named"
    if met.error:
        assert "assistant rebuild" in met.error
        return "named"
    if (met.hits, met.vectors) == (whole.hits, whole.vectors) and not met.problems:
        return "made anew by itself" if met.waits else "nothing was amiss"
    assert met.problems, "wrong in silence"
    return "named by the doctor"


def cases(folder: Path) -> list[tuple[Path, str, Harm, int]]:
    """File, kind of damage, how it is done, and seed; in a sample, one for every second file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    every = [
        (path, kind, harm, seed)
        for path in files
        for kind, harm in (FIXED | DRAWN).items()
        for seed in range(SEEDS if kind in DRAWN else 1)
        if path.stat().st_size
    ]
    random.Random("damage").shuffle(every)
    return sized([next(case for case in every if case[0] == path) for path in files[::-2]], every)


def test_every_damage_is_met(tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert call(make, made) > 200
    whole = call(visit, made, False)
    assert not whole.problems
    assert len(list(made.glob("vectors/*/index_metadata.pickle"))) == 1
    seen: dict[str, Counter[str]] = {}
    everything = cases(made / "vectors")
    for number, (path, kind, harm, seed) in enumerate(everything):
        folder = tmp_path / "store"
        shutil.copytree(made, folder)
        harm(folder / path.relative_to(made), random.Random(f"{path.name} {kind} {seed}"))
        how = outcome(folder, whole)
        again = call(visit, folder, True)
        assert (again.hits, again.vectors) == (whole.hits, whole.vectors), (path.name, kind, seed)
        assert not again.problems
        seen.setdefault(path.name, Counter())[how] += 1
        shutil.rmtree(folder)
        progress(f"damage {number + 1} of {len(everything)}: {path.name}, {kind}: {how}")
    record(
        "damaged vector index",
        {
            "cases": len(everything),
            "outcomes": {name: dict(counted) for name, counted in seen.items()},
            "wrong in silence": 0,
            "not right after a rebuild": 0,
        },
    )
