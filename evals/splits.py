"""Which article or paragraph of the public data belongs to which part, for ever the same.

The parts were drawn once by a seeded hash of the article's title (or of the paragraph where the
titles tell nothing), so that all questions of one text are in one part, and are kept in
`splits.json`. What is `test` is seen by no trained part and no tuned weight.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("splits.json")

SEED = "cited-assistant 1"

TRAIN, DEV = 0.68, 0.12
"""Shares; the rest is test."""

Part = Literal["train", "dev", "test"]


def part_of(key: str) -> Part:
    """The part of an article's title or a paragraph's text.

    What the file does not name (data that came later) is drawn by the same rule.

    >>> part_of("Normans")
    'test'
    """
    return _kept().get(_digest(key)) or drawn(key)


def drawn(key: str) -> Part:
    """The rule by which the parts were drawn."""
    share = int(_digest(key), 16) / 16 ** len(_digest(key))
    return "train" if share < TRAIN else "dev" if share < TRAIN + DEV else "test"


def write(keys: set[str]) -> None:
    """Draw the parts of these keys and keep them; a part that is kept already stays."""
    parts: dict[str, list[str]] = {"train": [], "dev": [], "test": []}
    for digest, part in ({_digest(key): drawn(key) for key in keys} | _kept()).items():
        parts[part].append(digest)
    FILE.write_text(
        json.dumps({"seed": SEED, **{part: sorted(found) for part, found in parts.items()}}) + "\n",
        encoding="utf-8",
    )
    _kept.cache_clear()


def _digest(key: str) -> str:
    return hashlib.sha256(f"{SEED}\n{key}".encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _kept() -> dict[str, Part]:
    if not FILE.exists():
        return {}
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    parts: tuple[Part, ...] = ("train", "dev", "test")
    return {digest: part for part in parts for digest in kept[part]}
