"""The vectors: a Chroma collection, embedded in a folder or on a server, behind the gate.

Several processes on one embedded store would corrupt it, and one process does not see what another
wrote. So every call holds the store's gate, and opens the collection anew when the generation
number in the catalogue is newer than the one it was opened at. Knows nothing of articles.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.blanks import blank
from index.catalogue import Catalogue
from index.chroma import Client, client_of
from index.errors import AssistantError, DamagedIndexError, StoreError, StoreFullError
from index.gate import Gate
from index.seal import Seal
from index.survived import survived

if TYPE_CHECKING:
    from index.embed import Vectors

COLLECTION = "passages"
BATCH = 1_000
"""Records written while the gate is held once: well under a second."""

SCOPE = 10_000
"""Articles that one query is narrowed to at most: SQLite takes 32,766 variables."""

TOLERANCE = 0.01
"""How far the square of a vector's length may be from 1: half precision is within."""

SPARE = 5_000_000
"""Bytes left on the disk with which nothing more is added, so that all that is there can be read,
which takes a little room too. A failure with less left is put down to that."""

T = TypeVar("T")


class VectorStore:
    """Vectors by passage id.

    Args:
        place: a folder, or the `http(s)://host:port` of a Chroma server.
        gate: the store's gate.
        catalogue: keeps the generation number.
    """

    def __init__(self, place: Path | str, gate: Gate, catalogue: Catalogue) -> None:
        self.place = place
        self.gate = gate
        self._catalogue = catalogue
        # Several catalogues may use one server.
        own = isinstance(place, Path)
        self._name = COLLECTION if own else f"{COLLECTION}-{catalogue.store_id()}"
        self._seal = Seal(place, catalogue) if isinstance(place, Path) else None

    def query(
        self, vector: Vectors, k: int, articles: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Ids of the k nearest passages with their cosine, nearest first.

        Args:
            vector: unit vector, shape (dimensions,).
            k: how many.
            articles: only passages of these articles.
        """

        def nearest(collection: Any, size: int, where: Any) -> Iterator[tuple[str, float]]:
            found = collection.query(
                query_embeddings=[vector],
                n_results=min(k, size),
                where=where,
                include=["distances"],
            )
            distances = zip(found["ids"][0], found["distances"][0], strict=True)
            return ((name, 1.0 - float(distance)) for name, distance in distances)

        def run(collection: Any) -> dict[str, float]:
            size = collection.count()
            if not size:
                return {}
            if articles is None:
                return dict(nearest(collection, size, None))
            pairs = [
                pair
                for i in range(0, len(articles), SCOPE)
                for pair in nearest(
                    collection, size, {"article_id": {"$in": list(articles[i : i + SCOPE])}}
                )
            ]
            return dict(sorted(pairs, key=lambda pair: -pair[1])[:k])

        return self._read(run)

    def get(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors by id; unknown ids are left out."""

        def run(collection: Any) -> dict[str, Vectors]:
            found = collection.get(ids=list(ids), include=["embeddings"])
            return dict(zip(found["ids"], found["embeddings"], strict=True))

        return self._read(run) if ids else {}

    def ids(self) -> set[str]:
        """All ids."""
        return self._read(lambda collection: set(collection.get(include=[])["ids"]))

    def count(self) -> int:
        """Number of vectors."""
        return self._read(lambda collection: int(collection.count()))

    def count_spoilt(self) -> int:
        """Number of vectors that are not of length 1, as an embedding model's are."""
        names = sorted(self.ids())
        return sum(
            not is_sound(vector)
            for i in range(0, len(names), BATCH)
            for vector in self.get(names[i : i + BATCH]).values()
        )

    def upsert(
        self, ids: Sequence[str], vectors: Vectors, texts: Sequence[str], articles: Sequence[str]
    ) -> None:
        """Write vectors with text and article id, in batches that let others in between.

        Raises:
            StoreFullError: too little space is left.
        """
        for i in range(0, len(ids), BATCH):
            self._need_room()
            part = slice(i, i + BATCH)
            with self.writing() as collection:
                collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    documents=list(texts[part]),
                    metadatas=[{"article_id": name} for name in articles[part]],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; unknown ids are ignored."""
        for i in range(0, len(ids), BATCH):
            with self.writing() as collection:
                collection.delete(ids=list(ids[i : i + BATCH]))

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """The collection, alone; the generation is counted first, in case of a crash."""
        client = client_of(self.place, self._name)
        client.prepare()
        with self._translated(), client.lock, self._exclusive():
            collection = self._open_alone(client)
            client.generation += 1
            self._catalogue.set_setting("generation", str(client.generation))
            yield collection
            if self._seal:
                self._seal.put()

    def prune(self, choose: Callable[[set[str]], set[str]]) -> None:
        """Delete what `choose` picks from all ids; it is asked once nobody else can write."""
        with self.writing() as collection:
            doomed = sorted(choose(set(collection.get(include=[])["ids"])))
            for i in range(0, len(doomed), BATCH):
                collection.delete(ids=doomed[i : i + BATCH])

    def is_as_written(self) -> bool:
        """Whether the graph files are what the last write left; if not, they must be made anew."""
        client = client_of(self.place, self._name)
        with self._translated(), client.lock:
            if not self._seal or client.is_open_at(self._generation()):
                return True
            with self._shared():
                return self._seal.holds()

    def discard(self) -> None:
        """Delete an embedded store's files."""
        assert isinstance(self.place, Path)
        assert self._seal
        client = client_of(self.place, self._name)
        with client.lock:
            client.close()
            self._seal.lift()
            self._mark.unlink(missing_ok=True)
            shutil.rmtree(self.place, ignore_errors=True)

    def replace_with(self, other: VectorStore, old: Path) -> None:
        """Put another embedded store's files in this one's place, and this one's at `old`."""
        assert isinstance(self.place, Path)
        assert isinstance(other.place, Path)
        assert self._seal
        assert other._seal
        client = client_of(self.place, self._name)
        with self._translated(), client.lock, self._exclusive():
            client.close()
            client_of(other.place, self._name).close()
            shutil.rmtree(old, ignore_errors=True)
            if not self.place.is_dir():
                self.place.unlink(missing_ok=True)
                self.place.mkdir()
            # If this process dies here, the old files are taken for damaged, and the new ones used.
            other._seal.move_to(self._seal)
            self.place.rename(old)
            other.place.rename(self.place)
            self._count_generation()
            self._seal.put()
            self._mark.unlink(missing_ok=True)

    def blank(self) -> None:
        """Overwrite what no vector uses in an embedded store's files."""
        assert isinstance(self.place, Path)
        assert self._seal
        client = client_of(self.place, self._name)
        with client.lock, self._exclusive():
            client.close()
            self._seal.lift()
            blank(self.place)
            self._count_generation()
            self._seal.put()

    def clear(self) -> None:
        """Delete all vectors of a server's collection."""
        with self.writing():
            client_of(self.place, self._name).clear()

    def _read(self, run: Callable[[Any], T]) -> T:
        client = client_of(self.place, self._name)
        client.prepare()
        with self._translated(), client.lock:
            if client.may_write_when_opened or (self._seal and self._seal.was_interrupted):
                with self._exclusive():
                    self._open_alone(client)
                    if self._seal:
                        self._seal.put()
            with self._shared():
                return run(self._open(client))

    def _open_alone(self, client: Client) -> Any:
        """The collection as it is now, its graph loaded; whoever asks holds the gate alone."""
        if not self._seal or client.is_open_at(self._generation()):
            return self._open(client)
        with survived(self._mark):
            collection = self._open(client)
            collection.count()  # puts into the graph what waits for it
        return collection

    def _open(self, client: Client) -> Any:
        """The collection as it is now; whoever asks holds the gate."""
        generation = self._generation()
        if self._seal and not client.is_open_at(generation) and not self._seal.holds():
            client.close()
            raise DamagedIndexError(
                f"the vector index {str(self.place)!r} is not as it was last written; "
                "`assistant rebuild` makes it anew from the catalogue, nothing is lost"
            )
        return client.collection(generation)

    @property
    def _mark(self) -> Path:
        """Is there while an embedded store is being opened, and stays if that is a crash."""
        return Path(f"{self.place}.opening")

    def _generation(self) -> int:
        return int(self._catalogue.get_setting("generation") or 0)

    def _count_generation(self) -> None:
        self._catalogue.set_setting("generation", str(self._generation() + 1))

    def _shared(self) -> AbstractContextManager[None]:
        return self.gate.shared() if isinstance(self.place, Path) else nullcontext()

    def _exclusive(self) -> AbstractContextManager[None]:
        return self.gate.exclusive() if isinstance(self.place, Path) else nullcontext()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except AssistantError:
            raise
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # Chroma's Rust part panics with a BaseException
            self._let_go()
            reason = " ".join(str(error).split())[:200]
            if "disk is full" in reason or self._is_full():
                raise self._full() from error
            if isinstance(self.place, str):
                raise StoreError(
                    f"the Chroma server {self.place!r} does not answer ({reason}); check that it "
                    "runs (`chroma run`) and that the address is right"
                ) from error
            raise DamagedIndexError(
                f"the vector index {str(self.place)!r} cannot be used ({reason}); "
                "`assistant rebuild` makes it anew from the catalogue, nothing is lost"
            ) from error

    def _let_go(self) -> None:
        """Open anew at the next use: a client that failed once may wait for ever the next time."""
        client = client_of(self.place, self._name)
        with client.lock:
            client.close()

    def _need_room(self) -> None:
        """Chroma writes its graph in place, which must not end half way; it may double it."""
        if not isinstance(self.place, Path):
            return
        graph = 0
        with suppress(FileNotFoundError):  # another process puts a new one in its place
            graph = sum(file.stat().st_size for file in self.place.glob("*/*.bin"))
        if self._is_full(graph):
            raise self._full()

    def _is_full(self, wanted: int = 0) -> bool:
        """Whether the disk has no room: Chroma hides that cause behind others."""
        with suppress(FileNotFoundError):  # somebody deleted the store
            if isinstance(self.place, Path):
                return shutil.disk_usage(self.place.parent).free < SPARE + wanted
        return False

    def _full(self) -> StoreFullError:
        return StoreFullError(
            f"no space left for {str(self.place)!r}; free some and run the command again: "
            "what was added before is safe"
        )


def is_sound(vector: Vectors) -> bool:
    """Whether a vector is of length 1, as an embedding model's are."""
    return abs(float(vector @ vector) - 1.0) < TOLERANCE
