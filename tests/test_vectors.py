"""The vectors on real Chroma stores: damaged, on a full disk, and on a server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from conftest import FakeEmbedder

from index import (
    Article,
    AssistantError,
    DamagedIndexError,
    Library,
    StoreError,
    StoreFullError,
    chroma,
)
from index.catalogue import Catalogue
from index.gate import Gate, on_wait
from index.seal import Seal
from index.survived import survived
from index.vectors import BATCH, SPARE, VectorStore

TESTS = Path(__file__).parent

CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from conftest import FakeEmbedder
from index import *
try:
    library = Library.open(sys.argv[2], embedding=FakeEmbedder())
    {use}
    print("fine", len(library.search("ship", k=200)), library.check())
except AssistantError as error:
    assert "\\n" not in str(error)
    print(type(error).__name__, error)
"""


def articles(number: int, size: int = 1) -> list[Article]:
    return [Article(f"Ship {i} waited. " * size, key=str(i), title=f"T{i}") for i in range(number)]


def in_a_process(folder: Path, use: str = "pass") -> str:
    """What a fresh process says about the store: a damaged file must not be open already."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(use=use), str(TESTS), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent), "RUST_BACKTRACE": "0"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# The store by itself


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    books = Catalogue(tmp_path / "catalogue.sqlite3")
    return VectorStore(tmp_path / "vectors", Gate(tmp_path), books)


def unit(*values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_vectors_come_back_by_cosine(store: VectorStore) -> None:
    vectors = np.stack([unit(1, 0, 0), unit(1, 1, 0), unit(-1, 0, 0)])
    store.upsert(["a/1/0", "b/1/0", "c/1/0"], vectors, ["x", "y", "z"], ["a", "b", "c"])
    found = store.query(unit(1, 0, 0), 3)
    assert list(found) == ["a/1/0", "b/1/0", "c/1/0"]
    assert list(found.values()) == pytest.approx([1, 0.5**0.5, -1], abs=1e-5)
    assert list(store.query(unit(1, 0, 0), 2, ["b", "c"])) == ["b/1/0", "c/1/0"]
    assert list(store.query(unit(1, 0, 0), 50, ["a"])) == ["a/1/0"]
    assert np.allclose(store.get(["b/1/0", "missing"])["b/1/0"], vectors[1], atol=1e-6)


def test_an_empty_store(store: VectorStore) -> None:
    assert store.query(unit(1, 0), 5) == {}
    assert store.get([]) == {}
    assert store.get(["x"]) == {}
    assert store.ids() == set()
    store.delete([])
    store.delete(["x"])
    assert store.count() == 0


def test_more_than_a_batch_and_a_wide_scope(store: VectorStore) -> None:
    number = BATCH * 6 + 7
    vectors = np.random.default_rng(0).normal(size=(number, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [f"a{i}/1/0" for i in range(number)]
    store.upsert(names, vectors, names, [f"a{i}" for i in range(number)])
    assert store.count() == number
    assert store.ids() == set(names)
    scope = [f"a{i}" for i in range(40_000)]
    assert len(store.query(vectors[0], 100, scope)) == 100
    store.prune(lambda there: there - {names[0]})
    assert store.ids() == {names[0]}


# Damage


def damage_sqlite(folder: Path) -> None:
    (folder / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)


def damage_header_only(folder: Path) -> None:
    file = folder / "vectors" / "chroma.sqlite3"
    data = bytearray(file.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    file.write_bytes(data)


def truncate_sqlite(folder: Path) -> None:
    (folder / "vectors" / "chroma.sqlite3").write_bytes(b"")


def damage_hnsw(folder: Path) -> None:
    found = [path for path in (folder / "vectors").glob("*/*") if path.is_file()]
    assert found
    for path in found:
        path.write_bytes(b"\xff" * max(path.stat().st_size, 100))


def delete_hnsw(folder: Path) -> None:
    for path in (folder / "vectors").iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def delete_all(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")


def replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")
    (folder / "vectors").write_text("no folder")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 1,200 passages: enough for Chroma to write its graph of neighbours to files."""
    folder = tmp_path_factory.mktemp("made") / "store"
    use = (
        "library.add([Article(' '.join(f'Ship {i}/{j} ' + 'waited ' * 150 + '.' "
        "for j in range(60)), key=str(i)) for i in range(20)])"
    )
    assert in_a_process(folder, use) == "fine 200 []\n"
    return folder


@pytest.mark.real
@pytest.mark.parametrize(
    "damage",
    [
        damage_sqlite,
        damage_header_only,
        truncate_sqlite,
        damage_hnsw,
        delete_hnsw,
        delete_all,
        replace_by_a_file,
    ],
)
def test_a_damaged_index_is_named_and_a_rebuild_repairs_it(
    made: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(made, folder)
    damage(folder)
    said = in_a_process(folder)
    assert said.startswith(("fine 200 []", "DamagedIndexError")), said
    if not said.startswith("fine"):
        assert "assistant rebuild" in said
    assert in_a_process(folder, "library.rebuild()") == "fine 200 []\n"
    assert in_a_process(folder) == "fine 200 []\n"


def test_damage_under_an_open_library_is_never_a_foreign_error(library: Library) -> None:
    library.add(articles(5))
    damage_sqlite(library.folder)
    other = Library.open(library.folder, embedding=FakeEmbedder())
    other._store.catalogue.set_setting("generation", "99")
    with pytest.raises(DamagedIndexError, match="assistant rebuild") as caught:
        library.search("ship")
    assert "\n" not in str(caught.value)
    assert len(library.articles()) == 5
    assert library.rebuild() == 5
    assert len(library.search("ship")) == 5


def test_lost_vectors_are_made_again_at_the_next_opening(library: Library) -> None:
    library.add(articles(5))
    library._store.vectors.delete([next(iter(library._store.vectors.ids()))])
    library._store.vectors.upsert(["x/1/0"], unit(*range(1, 65))[None], ["x"], ["x"])
    library._store.vectors.upsert(["y/1/0"], unit(*range(1, 65))[None], ["y"], ["y"])
    assert library.check() == [
        "passages without a vector: 1",
        "vectors without a passage: 2",
    ]
    again = Library.open(library.folder, embedding=FakeEmbedder())
    assert len(again.search("ship", k=50)) == 5
    assert again.check() == []


# A graph that is not as it was last written


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What is waited for."""
    heard: list[str] = []
    before = on_wait.set(heard.append)
    yield heard
    on_wait.reset(before)


@pytest.fixture
def graph(library: Library, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The graph files of a library of 40 passages, that no client has open."""
    monkeypatch.setitem(chroma.HNSW, "sync_threshold", 10)
    library.add(articles(40))
    library._store.vectors._let_go()
    (table,) = library.folder.glob("vectors/*/index_metadata.pickle")
    return table.parent


def again(library: Library) -> Library:
    """The library as another process opens it."""
    library._store.vectors._let_go()
    return Library.open(library.folder, embedding=FakeEmbedder())


@pytest.mark.parametrize("name", ["data_level0.bin", "length.bin", "index_metadata.pickle"])
def test_a_graph_that_something_wrote_to_is_made_anew(
    library: Library, graph: Path, told: list[str], name: str
) -> None:
    data = bytearray((graph / name).read_bytes())
    data[len(data) // 3] ^= 1
    (graph / name).write_bytes(data)
    other = again(library)
    with pytest.raises(DamagedIndexError, match="assistant rebuild"):
        other.check()
    assert told == []
    assert len(other.search("ship", k=50)) == 40
    assert len(told) == 1
    assert "damaged" in told[0]
    assert other.check() == []
    assert not graph.exists()
    assert len(library.search("ship", k=50)) == 40
    assert len(told) == 1


def test_a_write_that_died_in_the_graph_is_mended_by_whoever_comes_next(
    library: Library, graph: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: Seal) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Seal, "put", die)
    with pytest.raises(KeyboardInterrupt):
        library.add([Article(f"Boat {i} came.", key=f"boat/{i}") for i in range(20)])
    monkeypatch.undo()
    other = again(library)
    assert len(other.search("boat", k=100)) == 60
    assert len(told) == 1
    assert other.check() == []
    assert len(again(library).search("boat", k=100)) == 60
    assert len(told) == 1


def test_what_is_not_sealed_is_sealed_at_the_first_use(
    library: Library, graph: Path, told: list[str]
) -> None:
    """Older programs kept no seal."""
    with library._store.catalogue.transaction() as db:
        db.execute("DELETE FROM settings WHERE name IN ('written', 'seal of vectors')")
    assert len(again(library).search("ship", k=50)) == 40
    (graph / "length.bin").write_bytes(b"")
    assert len(again(library).search("ship", k=50)) == 40
    assert len(told) == 1


@pytest.mark.parametrize("work", [Library.rebuild, Library.purge])
def test_a_graph_keeps_its_seal_when_it_is_moved(
    library: Library, graph: Path, told: list[str], work: Callable[[Library], object]
) -> None:
    work(library)
    other = again(library)
    assert other._store.vectors.is_as_written()
    assert len(other.search("ship", k=50)) == 40
    assert told == []
    (new,) = library.folder.glob("vectors/*/length.bin")
    new.write_bytes(b"")
    assert not again(library)._store.vectors.is_as_written()


@pytest.mark.parametrize("when", ["between the folders", "after them"])
def test_a_rebuild_that_dies_in_the_swap_is_finished(
    library: Library, graph: Path, told: list[str], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    rename = Path.rename

    def die(old: Path, new: Path) -> Path:
        if old.name == "vectors.new":
            raise KeyboardInterrupt
        return rename(old, new)

    def die_later(_: VectorStore) -> None:
        raise KeyboardInterrupt

    if when == "after them":
        monkeypatch.setattr(VectorStore, "_count_generation", die_later)
    else:
        monkeypatch.setattr(Path, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        library.rebuild()
    monkeypatch.undo()
    embedded: list[str] = []
    other = again(library)
    monkeypatch.setattr(other.embedder, "encode", embedded.extend)
    other._store.ready()
    assert embedded == []  # all of it is in the new index
    monkeypatch.undo()
    assert len(other.search("ship", k=50)) == 40
    assert other.check() == []


def test_the_rest_of_a_swap_is_left_to_the_process_that_is_at_it(library: Library) -> None:
    library.add(articles(3))
    library._store.catalogue.set_setting("rebuilding", library.embedder.fingerprint)
    old = library.folder / "vectors.old"
    old.mkdir()
    with Gate(library.folder).rebuilding():
        Library.open(library.folder, embedding=FakeEmbedder()).close()
        assert old.exists()
    Library.open(library.folder, embedding=FakeEmbedder()).close()
    assert not old.exists()


def test_vectors_that_no_model_made_are_counted_and_not_copied(library: Library) -> None:
    library.add(articles(4))
    names = sorted(library._store.vectors.ids())[:3]
    wrong = np.zeros((3, 64), dtype=np.float32)
    wrong[0, 0], wrong[1, 1] = 3, 0.5
    library._store.vectors.upsert(names, wrong, names, [name.split("/")[0] for name in names])
    assert library.check() == ["vectors that no model made: 3"]
    library.purge()
    assert library.check() == []


# A file that crashes the program

CRASH = """
import os, sys
from pathlib import Path
from index.survived import survived
with survived(Path(sys.argv[1])):
    {}
"""


@pytest.mark.parametrize(
    ("way", "is_crash"),
    [
        ("import ctypes; ctypes.string_at(0)", True),
        ("os.abort()", True),
        ("os.kill(os.getpid(), 9)", False),
        ("raise ValueError", False),
        ("pass", False),
    ],
)
def test_a_crash_is_told_apart_from_other_ends(tmp_path: Path, way: str, is_crash: bool) -> None:
    mark = tmp_path / "vectors.opening"
    command = [sys.executable, "-c", CRASH.format(way), str(mark)]
    subprocess.run(command, check=False, cwd=TESTS.parent, capture_output=True)
    named = pytest.raises(DamagedIndexError, match="assistant rebuild")
    with named if is_crash else nullcontext(), survived(mark):
        pass
    assert mark.exists() == is_crash


def test_after_a_crash_a_rebuild_helps(library: Library) -> None:
    library.add(articles(5))
    mark = library.folder / "vectors.opening"
    mark.write_text("Fatal Python error")
    (library.folder / "vectors.new.opening").write_text("Fatal Python error")
    other = again(library)
    library._store.catalogue.set_setting("written", "0")
    for _ in range(2):
        with pytest.raises(DamagedIndexError, match="crashed"):
            other.search("ship")
    assert other.rebuild() == 5
    assert len(other.search("ship")) == 5
    assert not mark.exists()


# A full disk; see also test_soak_disk.py


def test_with_little_room_left_nothing_is_added_and_all_can_be_read(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(articles(5))
    usage = shutil.disk_usage(library.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SPARE - 1))
    with pytest.raises(StoreFullError):
        library.purge()
    assert not (library.folder / "vectors.new").exists()  # it would take the room that is left
    with pytest.raises(StoreFullError, match="free some") as caught:
        library.add(Article("Boat 9 came.", key="boat"))
    assert "\n" not in str(caught.value)
    other = again(library)  # what was begun must wait for room
    assert len(other.search("ship")) == 5
    for work in (other.rebuild, other.purge, lambda: other.remove(articles(1)[0].id)):
        with pytest.raises(StoreFullError):
            work()
    assert len(other.search("ship")) == 5
    monkeypatch.undo()
    assert len(again(library).search("boat ship")) == 6
    assert other.check() == []


# A Chroma server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    chroma = shutil.which("chroma", path=str(Path(sys.executable).parent)) or shutil.which("chroma")
    if chroma is None:
        pytest.skip("the chroma command is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    child = subprocess.Popen(
        [chroma, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(20)


@pytest.mark.real
def test_a_server_instead_of_a_folder(server: str, tmp_path: Path) -> None:
    def open_() -> Library:
        return Library.open(server, catalogue=tmp_path / "c", embedding=FakeEmbedder())

    library, other = open_(), open_()
    library.add(articles(20))
    assert len(library.search("ship", k=50)) == 20
    assert len(other.search("ship", k=50)) == 20
    library.remove(articles(1)[0].id)
    assert len(other.search("ship", k=50)) == 19
    assert library.check() == []
    assert library.rebuild() == 19
    assert len(library.search("ship", k=50)) == 19
    assert len(other.search("ship", k=50)) == 19
    other.add(Article("Ship 99 waited.", key="99"))
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            CHILD.replace("sys.argv[2], ", f"{server!r}, catalogue=sys.argv[2], ").format(
                use="library.rebuild()"
            ),
            str(TESTS),
            str(tmp_path / "c"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
    )
    assert said.stdout == "fine 20 []\n", said.stderr
    assert len(other.search("ship", k=50)) == 20
    library.add(Article("Ship 100 waited.", key="100"))
    assert "chroma vacuum" in library.purge().beyond
    assert library.check() == []
    for article in library.articles():
        library.remove(article.id)
    assert library.check() == []


@pytest.mark.real
def test_a_server_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    library = Library.open("http://127.0.0.1:9", catalogue=tmp_path, embedding=FakeEmbedder())
    for use in (lambda: library.add(articles(1)), library.check, library.rebuild):
        with pytest.raises(StoreError, match="chroma run") as caught:
            use()
        assert "\n" not in str(caught.value)
        assert isinstance(caught.value, AssistantError)
