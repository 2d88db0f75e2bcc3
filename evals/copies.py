"""How many near copies are found, on texts that are varied by rule as newspapers vary a wire story.

The texts are runs of four paragraphs of one document of a file in SQuAD form. Each is cut, edited,
framed, reordered, or all of these; other texts of the same document are no copies, and neither is
the text itself with other numbers.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import get_args

from evals.collections import read_squad
from evals.metrics import estimate
from evals.splits import Part, part_of
from index import sentences
from index.copies import are_copies, bands

PARAGRAPHS = 4
"""Of one text: some 500 words."""

_NUMBER = re.compile(r"\d+")

Variation = Callable[[Sequence[str], random.Random, Sequence[str]], list[str]]


def main(arguments: Sequence[str]) -> int:
    """Measure on one file and print what was found as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals copies", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON in SQuAD form")
    parser.add_argument("--part", choices=get_args(Part), help="only documents of this part")
    parser.add_argument("--limit", type=int, default=300, metavar="N", help="texts, drawn by seed")
    options = parser.parse_args(arguments)
    documents = read_texts(options.file, options.part)
    print(json.dumps(measure(documents, options.limit), indent=1))
    return 0


def read_texts(path: Path, part: Part | None) -> list[tuple[str, list[str]]]:
    """Texts as lists of paragraphs, each with the title of its document.

    Raises:
        InputError: the file cannot be read or has another form.
    """
    documents: dict[str, list[str]] = defaultdict(list)
    for article in read_squad(path).articles:
        if part in (None, part_of(article.title or article.text)):
            documents[article.title].append(article.text)
    return [
        (title, paragraphs[i : i + PARAGRAPHS])
        for title, paragraphs in documents.items()
        for i in range(0, len(paragraphs) - PARAGRAPHS + 1, PARAGRAPHS)
    ]


def measure(texts: list[tuple[str, list[str]]], limit: int) -> dict[str, object]:
    """Share of the variations that are found, by kind, and of other texts that are taken for one.

    A variation is found when it has a band in common with its text and both are near enough.
    """
    rng = random.Random(0)  # noqa: S311 - no secret
    chosen = rng.sample(texts, min(limit, len(texts)))
    words = [word for _, paragraphs in chosen for text in paragraphs for word in text.split()]
    known = [("\n\n".join(paragraphs), title) for title, paragraphs in chosen]
    keys = [set(bands(text)) for text, _ in known]
    found: dict[str, list[float | None]] = defaultdict(list)
    for (_, paragraphs), (text, _), band in zip(chosen, known, keys, strict=True):
        for kind, vary in VARIATIONS.items():
            varied = "\n\n".join(vary(paragraphs, rng, words))
            found[kind].append(float(bool(band & set(bands(varied))) and are_copies(text, varied)))
        if len(set(_NUMBER.findall(text))) >= 5:
            other = _NUMBER.sub(lambda number: _another(number[0], rng), text)
            found["taken for a copy: other numbers"].append(float(are_copies(text, other)))
    for i, j in combinations(range(len(known)), 2):
        if known[i][1] == known[j][1]:
            taken = bool(keys[i] & keys[j]) and are_copies(known[i][0], known[j][0])
            found["taken for a copy: same document"].append(float(taken))
    return {"texts": len(known), "shares": {kind: str(estimate(v)) for kind, v in found.items()}}


def _cut(paragraphs: Sequence[str], rng: random.Random, words: Sequence[str]) -> list[str]:
    """The first three to five sixths of its sentences."""
    every = [text[start:end] for text in paragraphs for start, end in sentences(text)]
    kept = every[: max(3, round(len(every) * rng.uniform(0.6, 0.9)))]
    return [" ".join(kept[i : i + 3]) for i in range(0, len(kept), 3)]


def _edited(paragraphs: Sequence[str], rng: random.Random, words: Sequence[str]) -> list[str]:
    """Up to eight words in a hundred replaced by others."""
    share = rng.uniform(0.01, 0.08)
    return [
        " ".join(rng.choice(words) if rng.random() < share else word for word in text.split())
        for text in paragraphs
    ]


def _framed(paragraphs: Sequence[str], rng: random.Random, words: Sequence[str]) -> list[str]:
    """Ten to fifty words of another kind before and after it."""
    before, after = (" ".join(rng.choices(words, k=rng.randint(10, 50))) for _ in range(2))
    return [before, *paragraphs, after]


def _reordered(paragraphs: Sequence[str], rng: random.Random, words: Sequence[str]) -> list[str]:
    return rng.sample(list(paragraphs), len(paragraphs))


def _all(paragraphs: Sequence[str], rng: random.Random, words: Sequence[str]) -> list[str]:
    varied = _edited(_cut(paragraphs, rng, words), rng, words)
    return _framed(varied, rng, words)


VARIATIONS: dict[str, Variation] = {
    "cut": _cut,
    "edited": _edited,
    "framed": _framed,
    "reordered": _reordered,
    "cut, edited and framed": _all,
}


def _another(number: str, rng: random.Random) -> str:
    return str(rng.randrange(10 ** (len(number) - 1), 10 ** len(number)))
