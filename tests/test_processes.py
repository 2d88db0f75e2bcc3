"""Real processes on one store: killed in a rebuild, side by side, and around a migration."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from index import Article, Library
from index.schema import MIGRATIONS

pytestmark = pytest.mark.real

TESTS = Path(__file__).parent

CHILD = """
import sys, time, json
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from conftest import FakeEmbedder
from index import Article, Library
from index.schema import MIGRATIONS
import index.library

class Slow(FakeEmbedder):
    def encode(self, texts):
        time.sleep(0.004 * len(texts))
        return super().encode(texts)

def article(i, writer=""):
    body = " ".join(f"Pier {i} took ship {n} at dawn." for n in range(i % 7 + 1))
    return Article(f"Report {i}. {body}", title=f"Report {i}", key=f"{writer}{i}")

folder = Path(sys.argv[2])
"""

ADD_ALL = """
index.library.BATCH_PASSAGES = 8
library = Library.open(folder, embedding=Slow())
print("open", flush=True)
library.add([article(i) for i in range(40)])
print("done", flush=True)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + script, str(TESTS), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
    )


def start_together(children: list[subprocess.Popen[str]]) -> None:
    """Let children that say "ready" and wait for a line go on at the same moment."""
    for child in children:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()


def finish(child: subprocess.Popen[str]) -> str:
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    return out


def state(library: Library) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every article with its text and the texts of its passages."""
    return {
        a.id: (a.text, tuple(p.text for p in library.passages(a.id))) for a in library.articles()
    }


def open_(folder: Path) -> Library:
    return Library.open(folder, embedding=FakeEmbedder())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, tuple[str, ...]]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(start(ADD_ALL, folder))
    found = state(open_(folder))
    assert len(found) == 40
    return found


def test_a_killed_rebuild_loses_nothing(tmp_path: Path) -> None:
    finish(start(ADD_ALL, tmp_path))
    for seed in range(3):
        script = 'print("go", flush=True)\nLibrary.open(folder, embedding=Slow()).rebuild()'
        child = start(script, tmp_path)
        assert child.stdout
        assert child.stdout.readline() == "go\n"
        time.sleep(random.Random(seed).uniform(0.7, 1.6))
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        library = open_(tmp_path)
        assert len(library.search("pier", k=500)) == library.count_passages()
        assert library.check() == []
        library.close()
    library = open_(tmp_path)
    library.rebuild()
    assert library.check() == []


def test_what_a_dead_owner_began_is_finished_and_a_living_one_is_left_alone(tmp_path: Path) -> None:
    script = """
class Stuck(FakeEmbedder):
    def encode(self, texts):
        print("stuck", flush=True)
        time.sleep(60)
Library.open(folder, embedding=Stuck()).add([article(1), article(2)])
"""
    open_(tmp_path).add(Article("Kestrels.", key="bird"))
    child = start(script, tmp_path)
    try:
        assert child.stdout
        assert child.stdout.readline() == "stuck\n"
        library = open_(tmp_path)
        assert [h.passage.text for h in library.search("report", k=50)] == ["Kestrels."]
        assert library.check() == []
        assert len(library.articles()) == 1
        library.close()
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    library = open_(tmp_path)
    assert len(library.search("report", k=50)) > 1
    assert len(library.articles()) == 3
    assert library.check() == []


def test_writers_of_the_same_articles_end_with_each_once(
    tmp_path: Path, undisturbed: dict[str, tuple[str, tuple[str, ...]]]
) -> None:
    for child in [start(ADD_ALL, tmp_path) for _ in range(3)]:
        finish(child)
    library = open_(tmp_path)
    assert state(library) == undisturbed
    assert library.check() == []
    assert library.count_passages() == sum(len(texts) for _, texts in undisturbed.values())


def test_many_processes_open_a_new_store_at_once(tmp_path: Path) -> None:
    script = 'Library.open(folder / "new", embedding=Slow()).add(article(int(sys.argv[3])))'
    for child in [start(script, tmp_path, number) for number in range(4)]:
        finish(child)
    library = open_(tmp_path / "new")
    assert len(library.articles()) == 4
    assert library.check() == []


def test_readers_open_a_new_store_at_once(tmp_path: Path) -> None:
    """Opening makes Chroma's tables, which readers side by side would do twice."""
    script = """
import chromadb
library = Library.open(folder, embedding=FakeEmbedder())
print("ready", flush=True)
sys.stdin.readline()
library.search("ship")
"""
    children = [start(script, tmp_path) for _ in range(4)]
    start_together(children)
    for child in children:
        finish(child)


def test_another_process_sees_a_rebuild(tmp_path: Path) -> None:
    library = open_(tmp_path)
    library.add([Article(f"Ship {i} waited.", key=str(i)) for i in range(30)])
    assert len(library.search("ship", k=50)) == 30
    finish(start("Library.open(folder, embedding=Slow()).rebuild()", tmp_path))
    assert len(library.search("ship", k=50)) == 30
    library.add(Article("Ship 31 left.", key="31"))
    assert library.check() == []


def test_two_rebuilds_at_once(tmp_path: Path) -> None:
    open_(tmp_path).add([Article(f"Ship {i} waited.", key=str(i)) for i in range(60)])
    script = "Library.open(folder, embedding=Slow()).rebuild()"
    for child in [start(script, tmp_path), start(script, tmp_path)]:
        finish(child)
    library = open_(tmp_path)
    assert library.check() == []
    assert len(library.search("ship", k=100)) == 60


def test_a_purge_and_rebuilds_at_once(tmp_path: Path) -> None:
    """They make the new vectors in the same folder, one after the other."""
    library = open_(tmp_path)
    library.add([Article(f"Ship {i} waited.", key=str(i)) for i in range(60)])
    library.remove([Article("", key=str(i)).id for i in range(10)])
    script = """
import index.store
index.store.BATCH_PASSAGES = 8
library = Library.open(folder, embedding=Slow())
library.search("ship")
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    {}
"""
    uses = ("library.rebuild()", "library.purge()", "library.rebuild()")
    children = [start(script.format(use), tmp_path) for use in uses]
    start_together(children)
    for child in children:
        finish(child)
    assert library.check() == []
    assert len(library.search("ship", k=100)) == 50
    assert not list(tmp_path.glob("vectors.*"))


def test_two_processes_migrate_at_once(tmp_path: Path) -> None:
    script = """
from index.catalogue import Catalogue
from index.schema import MIGRATIONS
slow = "CREATE TABLE extra (x);\\nINSERT INTO extra VALUES (1);\\n" + "".join(
    f"CREATE TABLE filler{n} (x);\\n" for n in range(200)
)
print("ready", flush=True)
sys.stdin.readline()
books = Catalogue(folder / "catalogue.sqlite3", [*MIGRATIONS, slow])
print(books._all("SELECT count(*) FROM extra")[0][0])
"""
    open_(tmp_path).add(Article("Ship 1 waited.", key="1"))
    children = [start(script, tmp_path) for _ in range(3)]
    start_together(children)
    assert [child.communicate(timeout=30)[0] for child in children] == ["1\n"] * 3
    before = len(MIGRATIONS)
    backup = sqlite3.connect(tmp_path / f"catalogue.v{before}.backup")
    assert backup.execute("PRAGMA user_version").fetchone() == (before,)
    assert backup.execute("SELECT count(*) FROM revisions").fetchone() == (1,)
    assert not backup.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchall()
