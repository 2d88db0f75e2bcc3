"""After a purge nothing of what was removed is in any file of the store, byte for byte."""

from __future__ import annotations

import sqlite3
import struct
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from test_cli import Cli, ids

from index import (
    Article,
    DamagedIndexError,
    Library,
    Progress,
    StoreBusyError,
    StoreError,
    blanks,
    chroma,
)
from index.blanks import blank
from index.purging import BEYOND

TESTS = Path(__file__).parent
GONE = ("Quvexalitor", "Zbrunklewe", "Ömphalöskrit", "Старокварк")
KEPT = ("Wimblethorp", "Gnashquire")

# A process of its own, so that everything is closed for certain before the bytes are read.
CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from conftest import FakeEmbedder
from test_purging import articles
from index import Article, Library
library = Library.open(sys.argv[2], embedding=FakeEmbedder())
library.add(articles())
library.add(Article("The {old} is closed now.", title="Third", key="third"))  # an earlier version
gone = [a.id for a in articles() if "gone" in a.tags]
{use}
library.close()
"""


def articles() -> list[Article]:
    first, second, third, fourth = GONE
    return [
        Article(f"The {first} rang. " * 30, title=f"On {second}", key="first", tags=("gone",)),
        Article("Ships sailed.", title="Second", source=fourth, key="b", tags=("gone",)),
        Article(f"The {third} is open.", title="Third", key="third", tags=("gone",)),
        Article(f"The {KEPT[0]} rang.", title=f"On {KEPT[1]}", key="kept"),
        *(Article(f"Filler {i} tells of pier {i}.", key=f"f{i}", tags=("x",)) for i in range(60)),
    ]


def run(folder: Path, use: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(use=use, old=GONE[2]), str(TESTS), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=TESTS.parent,
    )
    assert done.returncode == 0, done.stderr


def forms(text: str) -> dict[str, bytes]:
    """How a word may stand in a file; the lexical index keeps it in lower case, without endings."""
    return {
        f"{word} {encoding}": word.encode(encoding)
        for word in (text[:7], text[:7].lower())
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    }


def vectors(folder: Path, names: list[str]) -> dict[str, bytes]:
    """The stored vectors of articles, as the bytes of 64 float32."""
    library = Library.open(folder, embedding=FakeEmbedder())
    passages = [p.id for name in names for p in library.passages(name)]
    found = library._store.vectors.get(passages)
    library.close()
    return {name: vector.astype("<f4").tobytes() for name, vector in found.items()}


def traces(folder: Path, wanted: dict[str, bytes]) -> set[str]:
    """Which of these byte strings are in any file of the store."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert any(path.name == "catalogue.sqlite3" for path in files)
    assert any(path.name == "chroma.sqlite3" for path in files)
    return {name for name, form in wanted.items() if any(form in data for data in files.values())}


PURGES = {
    "at once": "library.remove(gone, purge=True)",
    "by scope": "library.remove(tags=['gone'], purge=True)",
    "later": "library.remove(gone); library.purge()",
    "one by one": "[library.remove(name) for name in gone]; library.purge(); library.purge()",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The vectors of what will be removed and of what will be kept, by passage id."""
    folder = tmp_path_factory.mktemp("filled")
    run(folder, "")
    found = vectors(folder, [a.id for a in articles()[:4]])
    assert len(found) >= 4
    return found


def of_gone(filled: dict[str, bytes]) -> dict[str, bytes]:
    kept = articles()[3].id
    words = {name: form for word in GONE for name, form in forms(word).items()}
    return words | {n: v for n, v in filled.items() if not n.startswith(kept)}


def of_kept(filled: dict[str, bytes]) -> dict[str, bytes]:
    kept = articles()[3].id
    words = {f"{word} utf-8": word.encode() for word in KEPT}
    return words | {n: v for n, v in filled.items() if n.startswith(kept)}


@pytest.mark.real
@pytest.mark.parametrize("way", PURGES)
def test_a_purge_leaves_no_trace(tmp_path: Path, filled: dict[str, bytes], way: str) -> None:
    run(tmp_path, PURGES[way])
    assert traces(tmp_path, of_gone(filled)) == set()
    assert traces(tmp_path, of_kept(filled)) == set(of_kept(filled))
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    assert library.check() == []
    assert len(library.articles()) == 61
    assert KEPT[0] in library.search(KEPT[0], k=1)[0].passage.text
    assert library.search(KEPT[0], k=1, weight=0.0)[0].passage.article_id == articles()[3].id
    assert {c.article_id for c in library.changes() if c.event == "removed"} == {
        a.id for a in articles()[:3]
    }
    library.close()


@pytest.mark.real
def test_without_a_purge_the_text_and_its_vectors_stay(
    tmp_path: Path, filled: dict[str, bytes]
) -> None:
    """What the test above would see if purging did nothing."""
    run(tmp_path, "library.remove(gone)")
    found = traces(tmp_path, of_gone(filled))
    assert {f"{word[:7]} utf-8" for word in (GONE[0], GONE[2])} <= found
    assert set(filled) & set(of_gone(filled)) & found


def test_backups_of_migrations_are_deleted_and_named(library: Library) -> None:
    library.add(Article("Rain fell."))
    for name in ("catalogue.v1.backup", "catalogue.v1.backup-wal", "catalogue.v12.backup"):
        (library.folder / name).write_text("Rain fell.")
    (library.folder / "mine.backup").write_text("another's")
    done = library.purge()
    assert done.backups == (
        "catalogue.v1.backup",
        "catalogue.v1.backup-wal",
        "catalogue.v12.backup",
    )
    assert not list(library.folder.glob("catalogue.*.backup*"))
    assert (library.folder / "mine.backup").exists()
    assert (done.passages, done.beyond) == (1, BEYOND)
    assert library.purge().backups == ()


def test_a_purge_makes_no_vector_anew_and_uses_no_rest_of_a_rebuild(library: Library) -> None:
    library.add([Article(f"Pier {i} burnt.", key=str(i)) for i in range(5)])
    library.remove(tags=["none"])
    rest = library.folder / "vectors.new"
    rest.mkdir()
    (rest / "chroma.sqlite3").write_text("no database")
    library._store.catalogue.set_setting("rebuilding", library.embedder.fingerprint)

    def refuse(texts: object) -> None:
        raise AssertionError("embedded")

    library._store.embedder.encode = refuse  # type: ignore[method-assign, assignment]
    assert library.purge().passages == 5
    del library._store.embedder.encode
    assert library.check() == []
    assert len(library.search("pier burnt")) == 5
    assert not rest.exists()


def test_an_interrupted_purge_is_done_again(library: Library) -> None:
    library.add([Article(f"Pier {i} burnt.", key=str(i)) for i in range(5)])

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.purge(on_progress=stop)
    assert len(library.search("pier burnt")) == 5
    library.close()
    again = Library.open(library.folder, embedding=FakeEmbedder())
    assert len(again.search("pier burnt")) == 5
    again.remove(words="pier 3")
    assert again.purge().passages == 4
    assert again.check() == []
    assert not list(library.folder.glob("vectors.*"))
    again.close()


def test_another_library_goes_on_while_one_is_purged(library: Library) -> None:
    library.add([Article(f"Pier {i} burnt.", key=str(i)) for i in range(200)])
    other = Library.open(library.folder, embedding=FakeEmbedder())
    errors: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        number = 0
        try:
            while not stop.is_set():
                other.search("pier burnt")
                other.add(Article(f"Boat {number} came.", key=f"boat/{number}"))
                number += 1
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for i in range(3):
            library.remove(Article("", key=str(i)).id, purge=True)
    finally:
        stop.set()
        thread.join()
    assert errors == []
    again = Library.open(library.folder, embedding=FakeEmbedder())
    again.search("pier")
    assert again.check() == []
    assert len(again.articles(words="pier")) == 197
    again.close()
    other.close()


def test_a_reader_that_does_not_end_is_named(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(Article("Rain fell."))
    library._store.catalogue.maintain(lambda db: db.execute("PRAGMA busy_timeout = 50").fetchall())
    with closing(sqlite3.connect(library.folder / "catalogue.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT text FROM revisions").fetchall()
        with pytest.raises(StoreBusyError, match="assistant purge"):
            library.purge()
    assert library.purge().passages == 1


def test_what_cannot_be_deleted_is_an_error(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(Article("Rain fell."))
    monkeypatch.setattr("index.store.shutil.rmtree", lambda *_, **__: None)
    with pytest.raises(StoreError, match=r"vectors\.old"):
        library.purge()
    monkeypatch.undo()
    library.purge()
    assert library.check() == []
    assert not (library.folder / "vectors.old").exists()


def test_a_damaged_index_is_rebuilt_first(library: Library) -> None:
    library.add(Article("Rain fell."))
    library._store.vectors._let_go()
    (library.folder / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    again = Library.open(library.folder, embedding=FakeEmbedder())
    with pytest.raises(DamagedIndexError, match="assistant rebuild"):
        again.purge()
    again.rebuild()
    assert again.purge().passages == 1
    again.close()


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(tmp_path, capsys)
    note = tmp_path / "note.txt"
    note.write_text("Rain fell.")
    cli("add", str(note))
    code, done = cli.json("remove", ids(cli)["note"], "--purge", "--yes")
    assert (code, done["purged"]["passages"], len(done["removed"])) == (0, 0, 1)
    (cli.store / "catalogue.v1.backup").write_text("Rain fell.")
    code, out, _ = cli("purge")  # the library is empty, its files need not be
    assert code == 0
    assert out.startswith("purged ")
    assert "deleted: catalogue.v1.backup" in out
    assert out.splitlines()[1:] == [BEYOND]
    assert cli.json("purge")[1]["purged"]["beyond"] == BEYOND


def test_the_unused_room_of_graph_files_is_overwritten(tmp_path: Path) -> None:
    graph = tmp_path / "0a"
    graph.mkdir()
    (graph / "header.bin").write_bytes(struct.pack("<iQQQQ", 1, 0, 3, 1, 8) + b"more")
    (graph / "data_level0.bin").write_bytes(b"vector 1a word, a word  ")
    (graph / "length.bin").write_bytes(b"1.0 word word"[:12])
    blank(tmp_path)
    assert (graph / "data_level0.bin").read_bytes() == b"vector 1" + bytes(16)
    assert (graph / "length.bin").read_bytes() == b"1.0 " + bytes(8)
    (graph / "length.bin").write_bytes(b"sho")
    with pytest.raises(StoreError, match=r"length\.bin"):
        blank(tmp_path)


def test_a_table_that_grew_is_purged_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma makes room ahead, and writes its tables only as far as there are vectors."""
    monkeypatch.setitem(chroma.HNSW, "sync_threshold", 16)
    monkeypatch.setattr("index.store.BATCH_PASSAGES", 16)
    library = Library.open(tmp_path / "grown", embedding=FakeEmbedder())
    texts = [Article(f"Ship {n} waited.", key=str(n)) for n in range(400)]
    for number in range(0, 400, 20):
        library.add(texts[number : number + 20])
    (header,) = library.folder.glob("vectors/*/header.bin")
    _, _, room, _, size = blanks._HEADER.unpack_from(header.read_bytes())
    assert header.with_name("data_level0.bin").stat().st_size < room * size
    library.remove([article.id for article in texts[::4]], purge=True)
    assert library.check() == []
    assert len(library.search("ship", k=400)) == 300
