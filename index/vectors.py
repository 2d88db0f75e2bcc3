"""The vectors: a Chroma collection, embedded in a folder or on a server, behind the gate.

Several processes on one embedded store would corrupt it, and one process does not see what another
wrote. So every call holds the store's gate, and opens the collection anew when the generation
number in the catalogue is newer than the one it was opened at. Knows nothing of articles.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.blanks import blank
from index.catalogue import Catalogue
from index.errors import AssistantError, DamagedIndexError, StoreError, StoreFullError
from index.gate import Gate

if TYPE_CHECKING:
    from index.embed import Vectors

COLLECTION = "passages"
BATCH = 1_000
"""Records written while the gate is held once: well under a second."""

SCOPE = 10_000
"""Articles that one query is narrowed to at most: SQLite takes 32,766 variables."""

SPARE = 5_000_000
"""Bytes; a failure with less left on the disk is put down to that."""

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

    def upsert(
        self, ids: Sequence[str], vectors: Vectors, texts: Sequence[str], articles: Sequence[str]
    ) -> None:
        """Write vectors with text and article id, in batches that let others in between."""
        for i in range(0, len(ids), BATCH):
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
        client = _client_of(self.place, self._name)
        client.prepare()
        with self._translated(), client.lock, self._exclusive():
            collection = client.collection(self._generation())
            client.generation += 1
            self._catalogue.set_setting("generation", str(client.generation))
            yield collection

    def prune(self, choose: Callable[[set[str]], set[str]]) -> None:
        """Delete what `choose` picks from all ids; it is asked once nobody else can write."""
        with self.writing() as collection:
            doomed = sorted(choose(set(collection.get(include=[])["ids"])))
            for i in range(0, len(doomed), BATCH):
                collection.delete(ids=doomed[i : i + BATCH])

    def discard(self) -> None:
        """Delete an embedded store's files."""
        assert isinstance(self.place, Path)
        client = _client_of(self.place, self._name)
        with client.lock:
            client.close()
            shutil.rmtree(self.place, ignore_errors=True)

    def replace_with(self, folder: Path, old: Path) -> None:
        """Put another embedded store in this one's place, and this one at `old`."""
        assert isinstance(self.place, Path)
        client = _client_of(self.place, self._name)
        with self._translated(), client.lock, self._exclusive():
            client.close()
            _client_of(folder, self._name).close()
            shutil.rmtree(old, ignore_errors=True)
            if not self.place.is_dir():
                self.place.unlink(missing_ok=True)
                self.place.mkdir()
            self.place.rename(old)
            folder.rename(self.place)
            self._catalogue.set_setting("generation", str(self._generation() + 1))

    def blank(self) -> None:
        """Overwrite what no vector uses in an embedded store's files."""
        assert isinstance(self.place, Path)
        client = _client_of(self.place, self._name)
        with client.lock, self._exclusive():
            client.close()
            blank(self.place)
            self._catalogue.set_setting("generation", str(self._generation() + 1))

    def clear(self) -> None:
        """Delete all vectors of a server's collection."""
        with self.writing():
            _client_of(self.place, self._name).clear()

    def _read(self, run: Callable[[Any], T]) -> T:
        client = _client_of(self.place, self._name)
        client.prepare()
        with self._translated(), client.lock:
            if client.may_write_when_opened:
                with self._exclusive():
                    client.collection(self._generation())
            with self._shared():
                return run(client.collection(self._generation()))

    def _generation(self) -> int:
        return int(self._catalogue.get_setting("generation") or 0)

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
                raise StoreFullError(
                    f"no space left for {str(self.place)!r}; free some and run the command again: "
                    "what was added before is safe"
                ) from error
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
        client = _client_of(self.place, self._name)
        with client.lock:
            client.close()

    def _is_full(self) -> bool:
        """Whether the disk has no room: Chroma hides that cause behind others."""
        if not isinstance(self.place, Path):
            return False
        return shutil.disk_usage(self.place.parent).free < SPARE


class _Client:
    """The process's one Chroma client of a place; hold `lock` around every use."""

    def __init__(self, place: Path | str, name: str) -> None:
        self.lock = threading.RLock()
        self._name = name
        self.generation = -1
        self._place = place
        self._client: Any = None
        self._collection: Any = None

    def prepare(self) -> None:
        """Import Chroma, which takes a second or more, while nobody has to wait for it."""
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb  # noqa: F401

    @property
    def may_write_when_opened(self) -> bool:
        """Whether opening makes or migrates Chroma's files, which two at once would spoil."""
        if isinstance(self._place, Path) and not (self._place / "chroma.sqlite3").exists():
            return True
        return self.generation < 0

    def collection(self, generation: int) -> Any:
        """The collection as it was at `generation` or later."""
        if self._collection is None or generation != self.generation:
            if self._client is None or isinstance(self._place, Path):
                self.close()
                self._client = self._connect()
            self._collection = self._make()
            self.generation = generation
        return self._collection

    def close(self) -> None:
        """Let the files go."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            with suppress(Exception):  # a damaged one may fail to close, and is gone anyway
                client.close()

    def clear(self) -> None:
        """Delete the collection and make an empty one."""
        self._client.delete_collection(self._name)
        self._collection = self._make()

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if isinstance(self._place, Path):
            try:
                return chromadb.PersistentClient(path=str(self._place), settings=settings)
            except BaseException:
                # Chroma keeps the half-started system and would hand it out at the next try.
                from chromadb.api.shared_system_client import SharedSystemClient

                SharedSystemClient._identifier_to_system.pop(str(self._place), None)
                raise
        address = urlsplit(self._place)
        secure = address.scheme == "https"
        return chromadb.HttpClient(
            host=address.hostname or "localhost",
            port=address.port or (443 if secure else 8000),
            ssl=secure,
            settings=settings,
        )

    def _make(self) -> Any:
        return self._client.get_or_create_collection(
            self._name,
            configuration={
                "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200},
            },
            embedding_function=None,
        )


_clients: dict[tuple[Path | str, str], _Client] = {}
_clients_lock = threading.Lock()


def _client_of(place: Path | str, name: str) -> _Client:
    with _clients_lock:
        return _clients.setdefault((place, name), _Client(place, name))
