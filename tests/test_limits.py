"""How large a model's window is: set, told by its server, known to LangChain, or assumed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from model_servers import path_server

from assistant import Settings
from assistant.limits import ASSUMED, window_of

KEY = "sk-secret"


def asked(settings: Settings) -> tuple[int, str]:
    window = asyncio.run(window_of(settings))
    return window.tokens, window.known


def listed(**entry: Any) -> dict[str, Any]:
    return {"data": [{"id": "other", "max_model_len": 99}, {"id": "tiny:1b", **entry}]}


@pytest.mark.parametrize(
    ("replies", "tokens", "known"),
    [
        ({"/v1/models": listed(max_model_len=8_192)}, 8_192, "as its server says"),
        (
            {"/v1/models": listed(meta={"n_ctx": 16_384, "n_ctx_train": 131_072})},
            16_384,
            "as its server says",
        ),
        # What a model was trained with is not what the server gives it.
        ({"/v1/models": listed(meta={"n_ctx_train": 131_072})}, ASSUMED, "assumed"),
        (
            {
                "/v1/models": listed(meta={"n_ctx_train": 131_072}),
                "/props": {"default_generation_settings": {"n_ctx": 2_048}},
            },
            2_048,
            "as its server says",
        ),
        (
            {
                "/v1/models": listed(),
                "/api/v0/models/tiny%3A1b": {
                    "state": "loaded",
                    "max_context_length": 131_072,
                    "loaded_context_length": 8_000,
                },
            },
            8_000,
            "as its server says",
        ),
        (
            {"/api/v0/models/tiny%3A1b": {"state": "not-loaded", "max_context_length": 131_072}},
            ASSUMED,
            "assumed",
        ),
        (
            {
                "/v1/models": listed(),
                "/api/ps": {"models": [{"name": "tiny:1b", "context_length": 32_768}]},
            },
            32_768,
            "as Ollama has loaded it",
        ),
        ({"/api/ps": {"models": [{"name": "big:70b", "context_length": 99_999}]}}, ASSUMED, ""),
        ({"/api/ps": {"models": [{"name": "tiny:1b"}]}}, ASSUMED, "assumed"),
        ({}, ASSUMED, "assumed"),
        ({"/v1/models": "<html>", "/props": [], "/api/ps": 500}, ASSUMED, "assumed"),
        ({"/v1/models": {"data": "x"}, "/api/ps": {"models": None}}, ASSUMED, "assumed"),
        ({"/v1/models": listed(max_model_len="8192")}, ASSUMED, "assumed"),
        ({"/v1/models": listed(max_model_len=-1)}, ASSUMED, "assumed"),
        ({"/v1/models": listed(max_model_len=True)}, ASSUMED, "assumed"),
        ({"/v1/models": 302, "/elsewhere": listed(max_model_len=9)}, ASSUMED, "assumed"),
    ],
    ids=str,
)
def test_what_each_server_says(replies: dict[str, Any], tokens: int, known: str) -> None:
    with path_server(**replies) as server:
        settings = Settings(base_url=server.url, model="tiny:1b", api_key=KEY)
        window = asked(settings)
        assert (window[0], known in window[1]) == (tokens, True), server.paths()
        assert {one.method for one in server.asked} == {"GET"}
        assert "/elsewhere" not in server.paths()
        assert all(one.headers["authorization"] == f"Bearer {KEY}" for one in server.asked)


def test_a_server_is_asked_once_for_each_model() -> None:
    entry = {"data": [{"id": name, "max_model_len": 5_000} for name in ("a", "b")]}
    with path_server(**{"/v1/models": entry}) as server:
        for model in ("a", "a", "b", "openai:a", "b"):
            assert asked(Settings(base_url=server.url, model=model))[0] == 5_000
        assert server.paths().count("/v1/models") == 2


def test_a_server_that_does_not_know_is_asked_once_too() -> None:
    with path_server() as server:
        settings = Settings(base_url=server.url, model="a")
        assert [asked(settings)[0] for _ in range(3)] == [ASSUMED] * 3
        assert server.paths().count("/v1/models") == 1


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("/api/ps", {"models": []}, {"models": [{"name": "a:latest", "context_length": 9_000}]}),
        ("/api/v0/models/a", {"state": "not-loaded"}, {"loaded_context_length": 9_000}),
    ],
)
def test_a_model_that_is_not_loaded_yet_is_asked_for_again(
    path: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    with path_server(**{path: before}) as server:
        settings = Settings(base_url=server.url, model="a")
        assert asked(settings)[0] == ASSUMED
        server.replies[path] = after
        assert asked(settings)[0] == 9_000
        server.replies.clear()
        assert asked(settings)[0] == 9_000


def test_a_server_that_is_not_there_is_asked_again_when_it_is() -> None:
    with path_server() as server:
        settings = Settings(base_url=server.url, model="a")
    assert asked(settings) == (ASSUMED, "assumed, as nothing says how many")
    assert asked(Settings(base_url="nonsense", model="a"))[0] == ASSUMED


def test_what_is_set_counts_and_nobody_is_asked() -> None:
    with path_server(**{"/v1/models": listed(max_model_len=8_192)}) as server:
        settings = Settings(base_url=server.url, model="tiny:1b", context=3_000)
        assert asked(settings) == (3_000, "set by ASSISTANT_CONTEXT")
        assert server.asked == []


@pytest.mark.parametrize(
    ("model", "known"),
    [("gpt-4o", True), ("openai:gpt-4", True), ("gpt-of-tomorrow", False)],
)
def test_langchain_knows_hosted_models(model: str, known: bool) -> None:
    """No server is asked: the guard around the tests would not let it through."""
    tokens, how = asked(Settings(model=model, api_key=KEY))
    assert (tokens > ASSUMED, "LangChain" in how) == (known, known)


def test_a_deployments_name_is_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    assert asked(Settings(model="azure_openai:gpt-4o"))[0] == ASSUMED


def test_a_known_name_behind_another_address_says_nothing() -> None:
    with path_server() as server:
        assert asked(Settings(model="gpt-4o", base_url=server.url))[0] == ASSUMED
