"""Processes that work on a store, to be killed at any moment, and what they leave there."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import sqlite3
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from conftest import FakeEmbedder
from numpy.typing import NDArray

from index import Article, Library, adding, chroma
from index.gate import on_wait

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["chromadb", "pytest"])

Tell = Callable[[object], None]
"""How a child speaks to the one who started it."""

PATIENCE = 120.0
"""Seconds in which a child must have said or done what it is asked for: else it hangs."""

_WORDS = [
    first + middle + last
    for first in ("ka", "lo", "mi", "ru", "te", "vo", "sha", "pre")
    for middle in "nrlstm"
    for last in ("ing", "at", "o", "ers", "ia", "ud", "eck", "ul", "ane", "im")
]


class Hung(AssertionError):
    """A child did not answer."""


class Died(AssertionError):
    """A child ended without a word."""


class Child:
    """A process that runs `work(tell, *arguments)`.

    It is forked from a process that has imported Chroma and nothing of ours, so that it begins at
    once.
    """

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._pipe, theirs = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(
            target=_run, args=(work, arguments, theirs, os.environ.get("SOAK", "")), daemon=True
        )
        self._process.start()
        theirs.close()

    def said(self) -> Any:
        """What it tells next."""
        kind, words = self._next()
        assert kind == "told", words
        return words

    def finish(self) -> Any:
        """What its work returned; what it told before and nobody heard is left out."""
        while True:
            kind, words = self._next()
            assert kind != "failed", words
            if kind == "done":
                self._process.join(PATIENCE)
                return words

    def kill_after(self, seconds: float) -> bool:
        """Kill it then; False if it was done before."""
        self._process.join(seconds)
        if self._process.exitcode == 0:
            return False
        assert self._process.is_alive(), self.finish()
        self.kill()
        return True

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.join()

    def _next(self) -> tuple[str, Any]:
        if not self._pipe.poll(PATIENCE):
            self.kill()
            raise Hung("it did not answer")
        try:
            kind, words = self._pipe.recv()
        except EOFError:
            self._process.join(PATIENCE)
            raise Died(f"it ended with {self._process.exitcode}") from None
        return kind, words


def _run(work: Callable[..., Any], arguments: Sequence[Any], pipe: Connection, soak: str) -> None:
    os.environ |= {"SOAK": soak, "RUST_BACKTRACE": "0"}
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        pipe.send(("done", work(lambda words: pipe.send(("told", words)), *arguments)))
    except BaseException:
        pipe.send(("failed", traceback.format_exc()))


def barrier(children: int) -> Barrier:
    """Where so many children wait for each other."""
    return _CONTEXT.Barrier(children)


def call(work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work returns when a process of its own does it."""
    return Child(work, *arguments).finish()


class Slow(FakeEmbedder):
    """An embedder that takes its time, so that moments lie between two batches."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(0.002 * len(texts))
        return super().encode(texts)


def in_small_steps() -> None:
    """Publish often, and have Chroma write its graph files each time, in this process."""
    adding.BATCH_PASSAGES = 16  # type: ignore[attr-defined]
    chroma.HNSW["sync_threshold"] = 16


def article(number: int, last: str = "", tags: Sequence[str] = ()) -> Article:
    """An article of one to four passages, each of a few words of its own, far from the others."""
    draw = random.Random(number)
    sentences = [
        f"{' '.join(draw.choices(_WORDS, k=5)).capitalize()} at pier {number}."
        for _ in range(number % 4 + 1)
    ]
    body = " ".join(f"{sentence} " * 22 for sentence in sentences)
    return Article(
        body + last, title=f"Report {number}", language="en", key=str(number), tags=tuple(tags)
    )


def open_(folder: Path, model: FakeEmbedder | None = None) -> Library:
    """The library of a proof."""
    return Library.open(folder, embedding=model or FakeEmbedder())


class Found(NamedTuple):
    """What is in a store: a digest of all that is kept of each article, and what was waited for."""

    articles: dict[str, str]
    waits: list[str]


def look(_: Tell, folder: Path) -> Found:
    """What is in a store, which must be whole."""
    library, waits = open_(folder), list[str]()
    on_wait.set(waits.append)
    try:
        library.search("pier")  # finishes what was begun
        assert library.check() == []
        assert library._store.catalogue.maintain(_left_over) == []
        found = {a.id: library.passages(a.id) for a in library.articles()}
        names = [p.id for passages in found.values() for p in passages]
        vectors = library._store.vectors.get(names)
        assert len(names) == len(set(names)) == len(vectors) == library.count_passages()
        assert {h.passage.id for h in library.search("pier", k=len(names), weight=1)} == set(names)
        digests = {}
        for name, passages in found.items():
            (version,) = library.versions(name)
            rounded = [np.round(vectors[p.id], 5).tolist() for p in passages]
            stored = [version.text, version.label, version.tags, passages, rounded]
            digests[name] = hashlib.sha256(repr(stored).encode()).hexdigest()
        return Found(digests, waits)
    finally:
        library.close()


def _left_over(db: sqlite3.Connection) -> list[str]:
    """What is in the catalogue and belongs to no article."""
    db.execute("INSERT INTO lexical (lexical) VALUES ('integrity-check')")
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    queries = (
        "SELECT id FROM passages WHERE revision NOT IN (SELECT revision FROM revisions)",
        "SELECT rowid FROM lexical WHERE rowid NOT IN (SELECT row FROM passages)",
        "SELECT tag FROM tags WHERE article_id NOT IN (SELECT article_id FROM revisions)",
        "SELECT article_id FROM revisions WHERE state = 'pending'",
    )
    return [f"{query}: {row[0]}" for query in queries for row in db.execute(query).fetchall()]
