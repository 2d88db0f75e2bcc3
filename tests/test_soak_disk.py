"""A disk that is full at any moment: nothing is lost, and what was begun can be finished."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from children import Found, Tell, article, call, in_small_steps, look, open_
from proofs import progress, record, sized

from index import Library, StoreFullError
from index.vectors import SPARE, VectorStore

pytestmark = [pytest.mark.real, pytest.mark.soak]

ARTICLES = sized(30, 300)
DISKS = sized(1, 5)
"""Disks that are too small, for each piece of work."""

ROOM = 500_000_000
"""Bytes of a disk that has enough."""


class Disk:
    """A small file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"may not mount a small file system here ({done.stderr.strip()})")

    def leave(self, room: int) -> None:
        """Let so many bytes be free."""
        used = shutil.disk_usage(self.folder).used
        command = ["mount", "-o", f"remount,size={used + room}", str(self.folder)]
        subprocess.run(command, check=True)

    def begin(self, store: Path | None, room: int) -> None:
        """A store, or none, and so much room beside it."""
        self.leave(ROOM)
        shutil.rmtree(self.store, ignore_errors=True)
        if store:
            shutil.copytree(store, self.store)
        self.leave(room)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root may mount a small file system")
    made = Disk(tmp_path / "disk")
    yield made
    subprocess.run(["umount", "-l", str(made.folder)], check=True)


def add(library: Library) -> None:
    library.add([article(number, tags=["old"] if number % 2 else []) for number in range(ARTICLES)])


def add_kept(library: Library) -> None:
    library.add([article(number) for number in range(0, ARTICLES, 2)])


def remove(library: Library) -> None:
    library.remove(tags=["old"])


def remove_and_purge(library: Library) -> None:
    library.remove(tags=["old"], purge=True)


def rebuild(library: Library) -> None:
    library.rebuild()


def search(library: Library) -> None:
    library.search("pier")


def attempt(_: Tell, work: Callable[[Library], None], store: Path, heedless: bool) -> str:
    """Do it; returns the line that says that the disk is full, "" if it is not.

    Heedless: use all the room there is, as if another program took the rest meanwhile.
    """
    in_small_steps()
    if heedless:
        VectorStore._need_room = lambda self: None  # type: ignore[method-assign]
    try:
        library = open_(store)
        work(library)
        library.close()
    except StoreFullError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of all articles, and beside it one of those that stay."""
    folder = tmp_path_factory.mktemp("made")
    assert not call(attempt, add, folder / "all", False)
    assert not call(attempt, add_kept, folder / "kept", False)
    return folder


def size(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("work", "heedless"),
    sized(
        [(add, False), (add, True), (remove_and_purge, False), (rebuild, True)],
        list(product([add, remove, remove_and_purge, rebuild], [False, True])),
    ),
)
def test_a_full_disk(
    disk: Disk, made: Path, work: Callable[[Library], None], heedless: bool
) -> None:
    whole: Found = call(look, made / "all")
    goal = call(look, made / ("kept" if work in (remove, remove_and_purge) else "all"))
    name = f"full disk: {work.__name__.replace('_', ' ')}{', no room kept' if heedless else ''}"
    draw, seen = random.Random(name), Counter[str]()
    while seen["refused"] < DISKS:
        room = draw.randrange(50_000, size(made / "all") // (8 if work is remove else 1))
        if work is add and not heedless:
            room += SPARE
        disk.begin(None if work is add else made / "all", room)
        said = call(attempt, work, disk.store, heedless)
        assert not said or ("free some" in said and "\n" not in said)
        seen["disks"] += 1
        seen["refused"] += bool(said)
        assert seen["disks"] < 10 * DISKS, "none of them is too small"
        if said and not heedless:
            assert work is rebuild or not (disk.store / "vectors.new").exists()
            searched = not call(attempt, search, disk.store, heedless)
            assert searched or work is not add
            seen["searched while it was full"] += searched
        disk.leave(ROOM)
        found: Found = call(look, disk.store)
        assert found.articles.items() <= whole.articles.items()
        assert work is add or found.articles.keys() >= goal.articles.keys()
        seen["index made anew"] += bool(found.waits)
        assert not call(attempt, work, disk.store, heedless)
        assert call(look, disk.store).articles == goal.articles
        progress(f"{name}: {dict(seen)}")
    record(name, {"articles": ARTICLES, **seen, "articles lost or halved": 0})
