"""Killed at any moment while articles are added, removed and purged, a library loses nothing."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from children import Child, Found, Slow, Tell, article, call, in_small_steps, look, open_
from proofs import is_full, progress, record, sized

from index import Article

pytestmark = [pytest.mark.real, pytest.mark.soak]

ARTICLES = sized(24, 300)
KILLS = sized(2, 100)
KILLS_OF_ONE = 8
"""So often is the work on one library killed; then it is left to end."""
WORD = b"Wimblethorp"
"""Is in every article that will be removed, and in no other."""


def articles(kept_alone: bool = False) -> list[Article]:
    """Every second article will be removed."""
    kept = [article(number, tags=["kept"]) for number in range(0, ARTICLES, 2)]
    old = [article(number, WORD.decode(), ["old"]) for number in range(1, ARTICLES, 2)]
    return kept if kept_alone else kept + old


def add(tell: Tell, folder: Path, kept_alone: bool = False) -> None:
    in_small_steps()
    tell("begun")
    library = open_(folder, Slow())
    library.add(articles(kept_alone))
    library.close()


def remove(tell: Tell, folder: Path, purge: bool) -> None:
    in_small_steps()
    tell("begun")
    library = open_(folder, Slow())
    library.remove(tags=["old"], purge=purge)
    library.close()


def removed(_: Tell, folder: Path) -> set[str]:
    """Ids of the articles that the log of changes tells to be removed."""
    library = open_(folder)
    found = Counter(change.article_id for change in library.changes())
    library.close()
    assert set(found.values()) <= {1}
    return set(found)


class Trial:
    """A piece of work that is killed again and again, and then comes to its end.

    Args:
        work: to be done on a store.
        arguments: of the work, after the store.
        begin: makes a store to begin with.
        whole: the articles that may be there.
    """

    def __init__(
        self,
        work: Callable[..., None],
        arguments: tuple[object, ...],
        begin: Callable[[Path], object],
        whole: Found,
    ) -> None:
        self.work, self.arguments, self.begin, self.whole = work, arguments, begin, whole
        self.kills = self.partly = self.mended = 0

    def undisturbed(self, folder: Path) -> float:
        """Seconds that the work takes when it is left alone."""
        self.begin(folder)
        child = Child(self.work, folder, *self.arguments)
        child.said()
        began = time.monotonic()
        child.finish()
        shutil.rmtree(folder)
        return time.monotonic() - began

    def run(self, folder: Path, seconds: float, draw: random.Random) -> None:
        """Do the work on a new store, killed at random moments; one may come too late."""
        self.begin(folder)
        for _ in range(KILLS_OF_ONE):
            child = Child(self.work, folder, *self.arguments)
            child.said()
            if not child.kill_after(draw.uniform(0, seconds)):
                child.finish()
                return
            self.kills += 1
            self.check(folder)
        call(self.work, folder, *self.arguments)

    def check(self, folder: Path) -> None:
        """After a kill every article is whole or absent; the store itself stays as it was left."""
        copy = folder.with_name(f"{folder.name}-copy")
        shutil.copytree(folder, copy)
        found = call(look, copy)
        assert found.articles.items() <= self.whole.articles.items()
        if self.work is remove:
            assert call(removed, copy) == self.whole.articles.keys() - found.articles.keys()
        self.partly += 0 < len(found.articles) < len(self.whole.articles)
        self.mended += bool(found.waits)
        shutil.rmtree(copy)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of all articles, and beside it one of those that stay."""
    folder = tmp_path_factory.mktemp("made")
    call(add, folder / "all")
    call(add, folder / "kept", True)
    return folder


def prove(name: str, trial: Trial, expected: Found, folder: Path) -> None:
    """Kill the work at `KILLS` random moments; in the end the library is as expected."""
    draw, seconds, rounds = random.Random(name), trial.undisturbed(folder / "alone"), 0
    while trial.kills < KILLS:
        store = folder / f"round{rounds}"
        trial.run(store, seconds, draw)
        assert call(look, store).articles == expected.articles
        if trial.arguments == (True,):
            for path in store.rglob("*"):
                assert path.is_dir() or WORD not in path.read_bytes(), path
        shutil.rmtree(store)
        rounds += 1
        progress(f"{name}: {trial.kills} of {KILLS} kills, {trial.mended} mended")
    assert trial.partly or not is_full()
    record(
        f"killed while {name}",
        {
            "articles": ARTICLES,
            "kills": trial.kills,
            "libraries": rounds,
            "kills that left a part of the work done": trial.partly,
            "kills in the midst of writing the graph, mended at the next opening": trial.mended,
            "articles lost, halved or doubled": 0,
        },
    )


def test_killed_while_adding(tmp_path: Path, made: Path) -> None:
    whole = call(look, made / "all")
    assert len(whole.articles) == ARTICLES
    prove("adding", Trial(add, (), Path.mkdir, whole), whole, tmp_path)


@pytest.mark.parametrize("purge", [False, True])
def test_killed_while_removing(tmp_path: Path, made: Path, purge: bool) -> None:
    def begin(folder: Path) -> None:
        shutil.copytree(made / "all", folder)

    trial = Trial(remove, (purge,), begin, call(look, made / "all"))
    name = "removing and purging" if purge else "removing"
    prove(name, trial, call(look, made / "kept"), tmp_path)
