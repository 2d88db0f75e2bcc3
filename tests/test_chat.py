"""What a model's server is sent, and what its provider's replies become."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import TRUCE
from model_servers import PathServer, chat_events, path_server, response_events
from openai_server import Reply, scripted_server

from assistant import Answer, Assistant, Restarted, Settings
from index import Article, Library

QUESTION = "Who rejected the proposal?"
KEY = "sk-secret"
SAID = {"content": "Israel rejected the proposal [1]."}


@pytest.fixture
def server() -> Iterator[PathServer]:
    with path_server() as script:
        script.replies["/v1/chat/completions"] = chat_events(SAID)
        yield script


def assistant_of(library: Library, **values: Any) -> Assistant:
    library.add(Article(TRUCE, title="Truce", source="Daily Note", key="1"))
    told = {"api_key": KEY, "model": "m", "retries": 0, "threshold": 0.0, **values}
    return Assistant(Settings(**told), library)


def ask(library: Library, **values: Any) -> Answer:
    return assistant_of(library, **values).ask(QUESTION)


def posted(server: PathServer) -> list[Any]:
    return [one for one in server.asked if one.method == "POST"]


def test_settings_are_sent(server: PathServer, library: Library) -> None:
    answer = ask(
        library,
        base_url=server.url,
        model="openai:llama3:8b",
        seed=7,
        max_tokens=500,
        temperature=0.3,
        headers={"X-Team": "news"},
    )
    assert (answer.answered_by, answer.seed, answer.notices) == ("openai:llama3:8b", 7, ())
    (sent,) = posted(server)
    assert sent.body["model"] == "llama3:8b"
    assert (sent.body["seed"], sent.body["temperature"]) == (7, 0.3)
    assert sent.body["max_tokens"] == 500
    assert sent.headers["x-team"] == "news"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert 'title="Truce" source="Daily Note"' in sent.body["messages"][0]["content"]


def test_what_is_not_set_is_not_sent(server: PathServer, library: Library) -> None:
    assert ask(library, base_url=server.url, temperature=None).seed is None
    (sent,) = posted(server)
    assert set(sent.body) == {"messages", "model", "stream", "stream_options"}


def test_langchains_own_variables_lead_nowhere_else(
    server: PathServer, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", "http://192.0.2.1/v1")
    monkeypatch.setenv("OPENAI_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://192.0.2.1")
    assert ask(library, base_url=server.url).answered_by == "m"


def test_a_model_on_this_machine_is_not_asked_through_a_proxy(
    server: PathServer, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with path_server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "OPENAI_PROXY"):
            monkeypatch.setenv(name, proxy.root)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert ask(library, base_url=server.url).answered_by == "m"
        assert proxy.asked == []


def test_no_redirect_is_followed(server: PathServer, library: Library) -> None:
    server.replies["/v1/chat/completions"] = 307
    server.replies["/elsewhere"] = chat_events(SAID)
    answer = ask(library, base_url=server.url)
    assert answer.answered_by == "keyless"
    assert "/elsewhere" not in server.paths()


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thoughts_in_a_field_of_their_own_are_kept_apart(
    server: PathServer, library: Library, field: str
) -> None:
    server.replies["/v1/chat/completions"] = chat_events({field: "Let me "}, {field: "see."}, SAID)
    answer = ask(library, base_url=server.url)
    assert answer.thoughts == "Let me see."
    assert [claim.text for claim in answer.claims] == ["Israel rejected the proposal."]


def test_thoughts_between_tags_are_kept_apart(server: PathServer, library: Library) -> None:
    pieces = ("<thi", "nk>He lied [1].</th", "ink>", SAID["content"], " <think>Done", "</think>")
    replies = chat_events(*({"content": piece} for piece in pieces))
    server.replies["/v1/chat/completions"] = replies
    answer = ask(library, base_url=server.url)
    assert answer.thoughts == "He lied [1].Done"
    assert [claim.text for claim in answer.claims] == ["Israel rejected the proposal."]


async def test_what_turns_out_to_be_thought_is_taken_back(
    server: PathServer, library: Library
) -> None:
    pieces = ("Let me see. France ", "rejected it [1]. So", "</think>", SAID["content"])
    replies = chat_events(*({"content": piece} for piece in pieces))
    server.replies["/v1/chat/completions"] = replies
    assistant = assistant_of(library, base_url=server.url)
    events = [event async for event in assistant.stream(QUESTION)]
    answer = events[-1].answer  # type: ignore[union-attr]
    assert sum(isinstance(event, Restarted) for event in events) == 1
    assert answer.text == "Israel rejected the proposal. [1]"
    assert answer.thoughts == "Let me see. France rejected it [1]. So"
    assert [notice.kind for notice in answer.notices] == ["thoughts"]


def test_an_answer_of_thoughts_alone_is_none(server: PathServer, library: Library) -> None:
    server.replies["/v1/chat/completions"] = chat_events({"content": "<think>Let me see."})
    answer = ask(library, base_url=server.url)
    assert answer.answered_by == "keyless"
    assert "empty reply" in answer.notices[0].text


def test_openais_newer_interface(server: PathServer, library: Library) -> None:
    said = response_events(("reasoning", "Let me see."), ("message", SAID["content"]))
    server.replies["/v1/responses"] = said
    answer = ask(library, base_url=server.url, api="responses", seed=7, max_tokens=500)
    assert (answer.answered_by, answer.notices, answer.seed) == ("m", (), None)
    assert answer.text == "Israel rejected the proposal. [1]"
    assert answer.thoughts == "Let me see."
    assert answer.usage["reasoning_tokens"] == 3
    (sent,) = posted(server)
    assert (sent.path, sent.body["max_output_tokens"]) == ("/v1/responses", 500)
    assert "seed" not in sent.body


def test_a_reply_of_the_newer_interface_that_is_cut_is_none(
    server: PathServer, library: Library
) -> None:
    server.replies["/v1/responses"] = response_events(("message", SAID["content"]))[:-1]
    answer = ask(library, base_url=server.url, api="responses")
    assert answer.answered_by == "keyless"
    assert "closed the connection too early" in answer.notices[0].text


def test_azure_is_asked_as_langchain_reads_its_settings(
    server: PathServer, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.root)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    path = "/openai/deployments/mine/chat/completions"
    server.replies[path] = chat_events(SAID)
    answer = ask(library, model="azure_openai:mine", seed=7)
    assert (answer.answered_by, answer.seed) == ("azure_openai:mine", 7)
    (sent,) = posted(server)
    assert sent.path == f"{path}?api-version=2024-10-21"
    assert sent.headers["api-key"] == "azure-key"
    assert KEY not in str(sent.headers)


def test_azure_without_its_settings_says_which(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)
    answer = ask(library, model="azure_openai:mine", api_key="")
    assert answer.answered_by == "keyless"
    assert "azure_openai cannot be set up" in answer.notices[0].text
    assert "AZURE_OPENAI_API_KEY" in answer.notices[0].text


def test_a_provider_that_is_not_installed(library: Library) -> None:
    answer = ask(library, model="cohere:command-r")
    assert answer.answered_by == "keyless"
    assert "Israel rejected the proposal" in answer.text
    assert answer.notices[0].text == (
        "The model did not answer: cohere is not installed; pip install langchain-cohere."
        " The built-in reader answered."
    )


INTEGRATION = """
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

told = []


class ChatUpstage(BaseChatModel):
    model: str
    temperature: float = 1.0
    random_seed: int | None = None
    max_retries: int = 9

    def __init__(self, **values):
        told.append(values)
        super().__init__(**values)

    def _llm_type(self):
        return "double"

    def _generate(self, *args, **others):
        raise NotImplementedError

    async def _astream(self, messages, *args, **others):
        for content in (
            [{"type": "thinking", "thinking": "Let me see."}],
            [{"type": "text", "text": "Israel rejected the proposal [1]."}],
        ):
            yield ChatGenerationChunk(message=AIMessageChunk(content=content))
        end = AIMessageChunk(content="", response_metadata={"stop_reason": "end_turn"})
        yield ChatGenerationChunk(message=end)
"""


def test_another_provider_is_told_only_what_it_takes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "langchain_upstage.py").write_text(INTEGRATION)
    monkeypatch.syspath_prepend(tmp_path)
    asked_of = {"seed": 7, "max_tokens": 500, "headers": {"X-Team": "news"}, "base_url": "http://x"}
    answer = ask(library, model="upstage:solar:pro", **asked_of)
    assert (answer.answered_by, answer.seed) == ("upstage:solar:pro", 7)
    assert (answer.text, answer.thoughts) == ("Israel rejected the proposal. [1]", "Let me see.")
    told = sys.modules["langchain_upstage"].told[-1]
    expected = {"model": "solar:pro", "temperature": 0.0, "random_seed": 7, "max_retries": 0}
    assert {name: told[name] for name in expected} == expected
    assert set(told) <= {*expected, "disable_streaming"}


def test_passages_are_left_out_where_the_window_is_small(library: Library) -> None:
    for number in range(9):
        text = f"Israel rejected proposal number {number}. " + "The envoys met again. " * 30
        library.add(Article(text, title=f"Report {number}", key=str(number)))
    with scripted_server() as small:
        small.say("Israel rejected the proposal [1][7].")
        settings = Settings(base_url=small.url, model="m", context=2_000, retries=0)
        answer = Assistant(settings, library).ask(QUESTION)
        prompt = small.requests[0]["messages"][0]["content"]
        small.replies.insert(0, Reply(status=500))
        failed = Assistant(settings, library).ask(QUESTION)
    kept, of = prompt.count("<passage number="), len(answer.hits)
    assert 0 < kept < of
    assert answer.notices[0].kind == "window"
    assert answer.notices[0].text.startswith(f"{of - kept} of {of} passages were left out: ")
    # The built-in reader has read all of them.
    assert [notice.kind for notice in failed.notices] == ["fallback"]
