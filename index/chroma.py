"""This process's connections to Chroma: one for each place, opened anew when it changed.

Knows nothing of what is kept there, nor of other processes.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HNSW: dict[str, Any] = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
"""How Chroma makes its graph of neighbours."""


class Client:
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

    def is_open_at(self, generation: int) -> bool:
        """Whether the collection is open as it was at `generation`."""
        return self._collection is not None and generation == self.generation

    def collection(self, generation: int) -> Any:
        """The collection as it was at `generation` or later."""
        if not self.is_open_at(generation):
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
            configuration={"hnsw": HNSW},
            embedding_function=None,
        )


_clients: dict[tuple[Path | str, str], Client] = {}
_clients_lock = threading.Lock()


def client_of(place: Path | str, name: str) -> Client:
    """The process's client of a collection in a folder or on a server."""
    with _clients_lock:
        return _clients.setdefault((place, name), Client(place, name))
