"""A real server, `transformers serve`, with a tiny model of random weights.

What the model writes means nothing, which is what the citation check must find out.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest
from helpers import RALLY, TRUCE

from assistant import Assistant, Done, Settings, Token
from index import Article, Library

pytestmark = pytest.mark.real

QUESTION = "Who rejected the proposal?"
ENDLESS = 200_000
"""Tokens that no machine makes within a test's patience."""

CONTENT = "m['content'] if m['content'] is string else m['content'] | map(attribute='text') | join"
TEMPLATE = "{% for m in messages %}{{ " + CONTENT + " }}\n{% endfor %}"


def make_model(folder: Path) -> None:
    """A Llama of two layers whose words are those of the sample articles.

    Each of them ends a sentence, so that what it says has some.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from assistant.samples import SAMPLES

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=1_000, special_tokens=["<end>"], show_progress=False)
    files = sorted(SAMPLES.glob("*.md"))
    texts = [". ".join(path.read_text(encoding="utf-8").split()) for path in files]
    tokenizer.train_from_iterator(texts, trainer)
    names = ["input_ids", "attention_mask"]
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, eos_token="<end>", model_input_names=names
    )
    wrapped.chat_template = TEMPLATE
    wrapped.save_pretrained(folder)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(wrapped),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=2 * ENDLESS,
        eos_token_id=None,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


class RealServer:
    """The running server: its address, its model's name, and its log."""

    def __init__(self, folder: Path) -> None:
        self.model, self.log = str(folder / "tiny"), folder / "log"
        make_model(Path(self.model))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        command = "from transformers.cli.transformers import main; main()"
        options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", command, "serve", self.model, *options],
                env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder)},
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        until = time.monotonic() + 300
        while time.monotonic() < until and self.process.poll() is None:
            try:
                httpx.get(f"{self.url.removesuffix('/v1')}/health", trust_env=False)
            except httpx.TransportError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    running = RealServer(tmp_path_factory.mktemp("real"))
    try:
        running.wait()
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def assistant_of(server: RealServer, library: Library, **values: object) -> Assistant:
    library.add([Article(TRUCE, title="Truce", key="1"), Article(RALLY, title="Rally", key="2")])
    told: dict[str, object] = {"max_tokens": 40, "context": 8_192, "seed": 3, "timeout": 100}
    told |= {"model": server.model, "base_url": server.url, **values}
    return Assistant(Settings(**told), library)


@pytest.mark.parametrize("named", ["{}", "openai:{}"])
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_gibberish_is_counted_and_marked(
    server: RealServer, library: Library, api: str, named: str
) -> None:
    assistant = assistant_of(server, library, api=api, model=named.format(server.model))
    answer = assistant.ask(QUESTION)
    assert answer.answered_by == named.format(server.model), answer.notices
    assert answer.claims
    assert {claim.status for claim in answer.claims} == {"unsupported"}
    assert answer.citations == ()
    assert answer.usage["output_tokens"] == 40
    assert answer.usage["input_tokens"] > 300
    assert answer.seed == (3 if api == "chat" else None)


def test_strict_shows_none_of_it(server: RealServer, library: Library) -> None:
    answer = assistant_of(server, library, strict=True).ask(QUESTION)
    assert (answer.claims, answer.abstained) == ((), True)
    assert "left_out" in {notice.kind for notice in answer.notices}


async def test_cancelling_frees_the_server(server: RealServer, library: Library) -> None:
    """The server writes one answer after another: a second one comes only if the first is over.

    Nobody waits for the end of the first, so that its words came while it was being written.
    """
    endless = assistant_of(server, library, max_tokens=ENDLESS, context=2 * ENDLESS)
    async with aclosing(endless.stream(QUESTION)) as events:
        async for event in events:
            if isinstance(event, Token):
                break
    short = Assistant(endless.settings.model_copy(update={"max_tokens": 5}), library)
    last = [event async for event in short.stream(QUESTION)][-1]
    assert isinstance(last, Done)
    assert last.answer.usage["output_tokens"] == 5
