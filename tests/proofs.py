"""Long proofs: which size of one runs, and the record of those that ran in full.

`make test` runs a small sample of each, always the same one; `make soak` runs all of it and keeps
what came out in `evals/results/soak.json`. Knows nothing of what is proved.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from evals.machine import machine

RESULT = Path(__file__).parent.parent / "evals" / "results" / "soak.json"

T = TypeVar("T")

_LOG = logging.getLogger("soak")


def is_full() -> bool:
    """Whether the whole proof was asked for, and not just its sample."""
    return os.environ.get("SOAK") == "full"


def sized(sample: T, full: T) -> T:
    """The first in `make test`, the second in `make soak`."""
    return full if is_full() else sample


def progress(words: str) -> None:
    """A line for whoever watches a long proof; `make soak` shows it at once."""
    _LOG.info(words)


def record(name: str, figures: Mapping[str, Any]) -> None:
    """Keep what a proof in full came to, in place of what an earlier run of it did.

    Each proof is recorded by itself and at once, so that one that is interrupted loses no other;
    several may run beside one another. A sample is not recorded.

    Args:
        name: what was proved, in words; the entry's name.
        figures: anything that JSON can hold.
    """
    if not is_full():
        return
    entry = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "figures": dict(figures),
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    with _alone(RESULT.parent):
        entries = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
        entries[name] = entry
        text = json.dumps(dict(sorted(entries.items())), indent=1, ensure_ascii=False) + "\n"
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=RESULT.parent, prefix=".soak.", delete=False
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(RESULT)


class Table:
    """A proof of many rows, each of which is filled by a test of its own.

    It is recorded when the last row is there, so that a test that fails, or one that is not run,
    leaves what was recorded before.

    Args:
        name: what is proved, in words.
        rows: how many there are.
    """

    def __init__(self, name: str, rows: int) -> None:
        self._name, self._rows = name, rows
        self._told: dict[str, dict[str, str]] = {}

    def add(self, row: str, outcome: str, words: str) -> None:
        """What came of one row: the outcome in a word or two, and what was said."""
        self._told.setdefault(outcome, {})[row] = words
        if sum(map(len, self._told.values())) == self._rows:
            counts = {outcome: len(rows) for outcome, rows in self._told.items()}
            record(self._name, {"count": counts, **self._told})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process is in here for that folder; the kernel lets go of it for a dead one."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
