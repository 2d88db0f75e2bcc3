"""Readers and writers in processes of their own on one library: no error, nothing lost or stale."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from children import PATIENCE, Child, Tell, barrier, open_
from proofs import is_full, record, sized

from assistant.qa import Assistant
from assistant.settings import Settings
from index import Article

pytestmark = [pytest.mark.real, pytest.mark.soak]

SECONDS = sized(6.0, 60.0)
ALONE = 10.0
"""Seconds of undisturbed work, to compare with."""

FRESH = 1.0
"""Seconds after which whatever was acknowledged must be seen."""

KEYS = 40
"""Articles that a writer has at a time."""


@dataclass(frozen=True)
class Write:
    """What a writer did; `version` is "" where it removed the article."""

    article: str
    version: str
    began: float
    ended: float


@dataclass(frozen=True)
class Search:
    """What a reader found, articles and their versions; only a part of what fits if `some`."""

    found: frozenset[tuple[str, str]]
    began: float
    ended: float
    some: bool = False


def write(_: Tell, begin: Barrier, seconds: float, folder: Path, name: str) -> list[Write]:
    """Add, change and remove articles in turn."""
    library = open_(folder)
    library.search("report")
    done: list[Write] = []

    def timed(article: Article, version: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        done.append(Write(article.id, version, began, time.monotonic()))

    begin.wait(PATIENCE)
    end = time.monotonic() + seconds
    for number in count():
        if time.monotonic() > end:
            return done
        key, turn = f"{name}{number % KEYS}", number // KEYS
        article = Article(f"A report on pier {key}, made in turn {turn}.", language="en", key=key)
        if turn % 3 == 2 and number % 2:
            timed(article, "", partial(library.remove, article.id))
        else:
            timed(article, article.version, partial(library.add, article))
    raise AssertionError


def search(_: Tell, begin: Barrier, seconds: float, folder: Path) -> list[Search]:
    """Search for everything there is."""
    library = open_(folder)
    library.search("report")
    done: list[Search] = []
    begin.wait(PATIENCE)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        hits = library.search("a report on a pier", k=10 * KEYS)
        found = frozenset((hit.passage.article_id, hit.passage.version) for hit in hits)
        done.append(Search(found, began, time.monotonic()))
    return done


def ask(_: Tell, begin: Barrier, seconds: float, folder: Path) -> list[Search]:
    """Ask a question as a person does, and look at the passages that were read for the answer."""
    assistant = Assistant(Settings(keyless=True), open_(folder))
    assistant.ask("In which turn was the report on pier a1 made?")
    done: list[Search] = []
    begin.wait(PATIENCE)
    end = time.monotonic() + seconds
    for number in count():
        if time.monotonic() > end:
            return done
        began = time.monotonic()
        answer = assistant.ask(f"In which turn was the report on pier a{number % KEYS} made?")
        found = frozenset((hit.passage.article_id, hit.passage.version) for hit in answer.hits)
        done.append(Search(found, began, time.monotonic(), some=True))
    raise AssertionError


def together(seconds: float, *works: tuple[Any, ...]) -> list[Any]:
    """What they return; all of them begin when the last one is ready."""
    begin = barrier(len(works))
    running = [Child(work, begin, seconds, *arguments) for work, *arguments in works]
    return [child.finish() for child in running]


def stale(searches: Iterable[Search], writes: Iterable[Write]) -> list[str]:
    """What was found although it was gone for a second, or not found although it was there."""
    by_article: dict[str, list[Write]] = {}
    for done in writes:
        by_article.setdefault(done.article, []).append(done)
    wrong = []
    for seen in searches:
        versions = dict(seen.found)
        for article, history in by_article.items():
            before = [w for w in history if w.ended < seen.began - FRESH]
            if not before or any(
                w.began < seen.ended and w.ended >= seen.began - FRESH for w in history
            ):
                continue  # not written yet, or just being written
            known, now = before[-1].version, versions.get(article, "")
            if now != known and not (seen.some and not now):
                wrong.append(f"{article}: {now!r} instead of {known!r} at {seen.began}")
    return wrong


def slowest(times: Iterable[Search | Write]) -> float:
    """Seconds within which 95 of 100 were done."""
    return float(np.percentile([t.ended - t.began for t in times], 95))


def test_readers_and_writers_side_by_side(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    works = [(write, folder, "a"), (search, folder), (ask, folder)]
    alone = [together(ALONE, work)[0] for work in works] if is_full() else []
    library = open_(folder)
    library.remove([article.id for article in library.articles()])
    first, second, *found, asked = together(
        SECONDS, works[0], (write, folder, "b"), works[1], works[1], works[2]
    )
    written, searches = first + second, found[0] + found[1]
    there = {w.article: w.version for w in written}
    kept = {article: version for article, version in there.items() if version}
    assert {a.id: a.version for a in library.articles()} == kept
    assert {h.passage.article_id for h in library.search("report", k=20 * KEYS)} == set(kept)
    assert library.check() == []
    assert stale(searches + asked, written) == []
    assert all((first, second, *found, asked))
    busy = {"write": written, "search": searches, "answer": asked}
    record(
        "readers and writers side by side",
        {
            "seconds": SECONDS,
            "writers": 2,
            "readers": 3,
            "writes": len(written),
            "searches": len(searches),
            "answers": len(asked),
            "errors": 0,
            "lost": 0,
            "stale after a second": 0,
            "95th percentile, as a multiple of undisturbed": {
                name: round(slowest(times) / slowest(quiet), 1)
                for (name, times), quiet in zip(busy.items(), alone, strict=False)
            },
        },
    )


def test_what_counts_as_stale() -> None:
    writes = [Write("a", "1", 0, 1), Write("a", "2", 5, 6), Write("a", "", 9, 10)]

    def at(began: float, *found: tuple[str, str], some: bool = False) -> list[str]:
        return stale([Search(frozenset(found), began, began + 0.1, some)], writes)

    assert at(1.5) == []  # within the first second
    assert len(at(2.5)) == 1
    assert at(2.5, some=True) == []
    assert at(2.5, ("a", "1")) == []
    assert len(at(2.5, ("a", "0"))) == 1
    assert at(5.5, ("a", "1")) == at(5.5, ("a", "2")) == at(6.5, ("a", "1")) == []
    assert len(at(7.5, ("a", "1"), some=True)) == 1
    assert len(at(11.5, ("a", "2"), some=True)) == 1
    assert at(11.5) == []
