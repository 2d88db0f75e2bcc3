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
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.catalogue import Catalogue
from index.errors import AssistantError, DamagedIndexError, StoreError, StoreFullError
from index.gate import Gate

if TYPE_CHECKING:
    from index.embed import Vectors

COLLECTION = "passages"
BATCH = 1_000
"""Records written while the gate is held once: well under a second."""

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
        self._gate = gate
        self._catalogue = catalogue

    def query(
        self, vector: Vectors, k: int, articles: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Ids of the k nearest passages with their cosine, nearest first.

        Args:
            vector: unit vector, shape (dimensions,).
            k: how many.
            articles: only passages of these articles.
        """

        def run(collection: Any) -> dict[str, float]:
            size = collection.count()
            if not size:
                return {}
            found = collection.query(
                query_embeddings=[vector],
                n_results=min(k, size),
                where={"article_id": {"$in": list(articles)}} if articles is not None else None,
                include=["distances"],
            )
            distances = zip(found["ids"][0], found["distances"][0], strict=True)
            return {name: 1.0 - float(distance) for name, distance in distances}

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
        client = _client_of(self.place)
        with self._translated(), client.lock, self._exclusive():
            collection = client.collection(self._generation())
            client.generation += 1
            self._catalogue.set_setting("generation", str(client.generation))
            yield collection

    def replace_with(self, folder: Path) -> None:
        """Put another embedded store in this one's place, whole or not at all."""
        assert isinstance(self.place, Path)
        client, old = _client_of(self.place), self.place.with_suffix(".old")
        with self._translated(), client.lock, self._exclusive():
            client.close()
            _client_of(folder).close()
            shutil.rmtree(old, ignore_errors=True)
            if self.place.exists():
                self.place.rename(old)
            folder.rename(self.place)
            self._catalogue.set_setting("generation", str(self._generation() + 1))
        shutil.rmtree(old, ignore_errors=True)

    def clear(self) -> None:
        """Delete all vectors of a server's collection."""
        with self.writing():
            _client_of(self.place).clear()

    def _read(self, run: Callable[[Any], T]) -> T:
        client = _client_of(self.place)
        with self._translated(), client.lock, self._shared():
            return run(client.collection(self._generation()))

    def _generation(self) -> int:
        return int(self._catalogue.get_setting("generation") or 0)

    def _shared(self) -> AbstractContextManager[None]:
        return self._gate.shared() if isinstance(self.place, Path) else nullcontext()

    def _exclusive(self) -> AbstractContextManager[None]:
        return self._gate.exclusive() if isinstance(self.place, Path) else nullcontext()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except AssistantError:
            raise
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # Chroma's Rust part panics with a BaseException
            reason = " ".join(str(error).split())[:200]
            if "No space left" in reason or "disk is full" in reason or "code: 13" in reason:
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


class _Client:
    """The process's one Chroma client of a place; hold `lock` around every use."""

    def __init__(self, place: Path | str) -> None:
        self.lock = threading.RLock()
        self.generation = -1
        self._place = place
        self._client: Any = None
        self._collection: Any = None

    def collection(self, generation: int) -> Any:
        """The collection as it was at `generation` or later."""
        if self._collection is None or (
            isinstance(self._place, Path) and generation != self.generation
        ):
            self.close()
            self._client = self._connect()
            self._collection = self._make()
            self.generation = generation
        return self._collection

    def close(self) -> None:
        """Let the files go."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()

    def clear(self) -> None:
        """Delete the collection and make an empty one."""
        self._client.delete_collection(COLLECTION)
        self._collection = self._make()

    def _connect(self) -> Any:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if isinstance(self._place, Path):
            return chromadb.PersistentClient(path=str(self._place), settings=settings)
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
            COLLECTION,
            configuration={
                "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200},
            },
            embedding_function=None,
        )


_clients: dict[Path | str, _Client] = {}
_clients_lock = threading.Lock()


def _client_of(place: Path | str) -> _Client:
    with _clients_lock:
        return _clients.setdefault(place, _Client(place))
