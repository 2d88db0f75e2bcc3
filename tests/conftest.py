"""Doubles and stores for the tests; no unit test can reach a network or the person's own files."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from watch import Watch

from index import Library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent


class FakeEmbedder:
    """A hashed bag of words: texts that share words are near; quick and the same everywhere."""

    name = "fake"
    fingerprint = "fake 64"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        vectors = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                digest = hashlib.sha256(word.encode()).digest()
                vectors[row, digest[0] % 64] += 1.0
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person's, no store of theirs, no network but loopback."""
    for name in os.environ:
        if name.startswith(("ASSISTANT_", "OPENAI_")) and name != "ASSISTANT_BROWSER":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))


@pytest.fixture
def watch() -> Watch:
    """Bounds for work on hostile input."""
    from index.language import detect

    detect("Its model is unpacked to a file without a name when it is first used.")
    return Watch()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library with the fake embedder."""
    opened = Library.open(tmp_path / "store", embedding=FakeEmbedder())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for XDG_DATA_HOME that holds the samples, embedded by the real model."""
    home = tmp_path_factory.mktemp("samples")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home))
        from assistant.samples import sample_library
        from assistant.settings import Settings

        sample_library(Settings()).close()
    return home


@pytest.fixture
def sample_library(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The sample articles in a library with the real model; do not change it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(sample_store))
    from assistant.samples import sample_library as opened
    from assistant.settings import Settings

    return opened(Settings())


def _guarded(connect: Any) -> Any:
    def guard(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host not in ("localhost", "::1") and not host.startswith("127."):
                raise RuntimeError(f"a test tried to reach {host!r}")
        return connect(self, address)

    return guard
