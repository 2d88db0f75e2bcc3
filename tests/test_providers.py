"""Which service a model's name means, where that is, and whether it is this machine."""

from __future__ import annotations

import importlib

import pytest

from assistant import Settings
from assistant.providers import KNOWN, provider, split


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gpt-4o-mini", ("openai", "gpt-4o-mini")),
        ("openai:gpt-4o", ("openai", "gpt-4o")),
        ("anthropic:claude-sonnet-4-5", ("anthropic", "claude-sonnet-4-5")),
        ("azure_openai:my-deployment", ("azure_openai", "my-deployment")),
        ("Azure-OpenAI:my-deployment", ("azure_openai", "my-deployment")),
        ("ollama:llama3:8b", ("ollama", "llama3:8b")),
        ("google_genai:gemini-2.5-flash", ("google_genai", "gemini-2.5-flash")),
        ("bedrock_converse:anthropic.claude:0", ("bedrock_converse", "anthropic.claude:0")),
        ("huggingface:org/model", ("huggingface", "org/model")),
        ("llama3:8b", ("openai", "llama3:8b")),
        ("gpt-oss:20b", ("openai", "gpt-oss:20b")),
        ("mistral:7b", ("openai", "mistral:7b")),
        ("ft:gpt-4o:org", ("openai", "ft:gpt-4o:org")),
        ("openai:ft:gpt-4o:org", ("openai", "ft:gpt-4o:org")),
        ("deepseek/deepseek-r1:free", ("openai", "deepseek/deepseek-r1:free")),
        ("claude-sonnet-4-5", ("openai", "claude-sonnet-4-5")),
        ("/models/anthropic:x", ("openai", "/models/anthropic:x")),
        ("anthropic:", ("openai", "anthropic:")),
        (":x", ("openai", ":x")),
    ],
)
def test_only_a_providers_name_before_the_first_colon_is_one(
    name: str, meant: tuple[str, str]
) -> None:
    assert split(name) == meant
    assert (Settings(model=name).provider, Settings(model=name).model_name) == meant


def test_what_is_known_of_providers_agrees_with_langchain() -> None:
    """If this fails after an update, LangChain's list has moved or a package has a new name."""
    listed = importlib.import_module("langchain.chat_models.base")._BUILTIN_PROVIDERS
    assert set(KNOWN) <= set(listed)
    for name, (module, *_) in listed.items():
        assert provider(name).package == module.partition(".")[0].replace("_", "-")


LOCAL = [
    "http://127.0.0.1/v1",
    "http://127.0.0.1:8000/v1",
    "http://127.8.9.1:8000/v1",
    "https://localhost:8443/v1/",
    "HTTP://LocalHost:1234",
    "http://localhost.:8000/v1",
    "http://[::1]:8000/v1",
    "http://[::ffff:127.0.0.1]/v1",
    "http://0.0.0.0:8000/v1",
    "http://[::]:8000/v1",
]
AWAY = {
    "": "api.openai.com",
    "https://api.openai.com/v1": "api.openai.com",
    "http://192.168.1.5:8000/v1": "192.168.1.5",
    "http://10.0.0.1/v1": "10.0.0.1",
    "http://169.254.169.254/v1": "169.254.169.254",
    "http://host.docker.internal:11434/v1": "host.docker.internal",
    "http://localhost.evil.example/v1": "localhost.evil.example",
    "http://127.0.0.1.evil.example/v1": "127.0.0.1.evil.example",
    "http://evil.example/localhost/v1": "evil.example",
    "http://localhost@evil.example/v1": "evil.example",
    "http://localhost:80@evil.example/v1": "evil.example",
    "http://127.0.0.1%2f@evil.example/v1": "evil.example",
    "http://evil.example#@localhost/v1": "evil.example",
    "http://evil.example?@localhost/v1": "evil.example",
    "http://evil.example:80/@localhost": "evil.example",
    "http://me:secret@evil.example/v1": "evil.example",
    "http://mymachine.local/v1": "mymachine.local",
    "http://foo.localhost/v1": "foo.localhost",
    "http://127.1/v1": "127.1",
    "http://2130706433/v1": "2130706433",
    "http://0x7f000001/v1": "0x7f000001",
    "http://[::ffff:8.8.8.8]/v1": "::ffff:8.8.8.8",
    "http://[fe80::1]/v1": "fe80::1",
    "localhost:8000/v1": "localhost",
    "file://localhost/v1": "localhost",
    "http://": "an address that is none",
    "http://[::1/v1": "an address that is none",
}


@pytest.mark.parametrize("address", LOCAL)
def test_a_loopback_address_is_this_machine(address: str) -> None:
    settings = Settings(base_url=address, model="llama3:8b")
    assert settings.model_is_local


@pytest.mark.parametrize("address", AWAY)
def test_any_other_is_not(address: str) -> None:
    settings = Settings(base_url=address, api_key="sk-1", model="llama3:8b")
    assert not settings.model_is_local
    assert settings.model_host == AWAY[address]


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("http://localhost.:8000/v1", "http://localhost:8000/v1"),
        ("http://0.0.0.0:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://[::]/v1", "http://[::1]/v1"),
        ("http://evil.example/v1", "http://evil.example/v1"),
    ],
)
def test_what_is_called_can_only_be_this_machine(address: str, called: str) -> None:
    assert Settings(base_url=address).model_address == called


@pytest.mark.parametrize(
    ("model", "environment", "host", "local"),
    [
        ("ollama:llama3:8b", {}, "127.0.0.1", True),
        ("ollama:llama3:8b", {"OLLAMA_HOST": "0.0.0.0"}, "127.0.0.1", True),
        ("ollama:llama3:8b", {"OLLAMA_HOST": ":9000"}, "127.0.0.1", True),
        ("ollama:llama3:8b", {"OLLAMA_HOST": "[::1]:9000"}, "::1", True),
        ("ollama:llama3:8b", {"OLLAMA_HOST": "localhost"}, "localhost", True),
        ("ollama:llama3:8b", {"OLLAMA_HOST": "gpu.example:11434"}, "gpu.example", False),
        ("ollama:llama3:8b", {"OLLAMA_HOST": "https://ollama.com"}, "ollama.com", False),
        ("ollama:gpt-oss:120b-cloud", {}, "ollama.com", False),
        ("ollama:glm-5:cloud", {}, "ollama.com", False),
        ("ollama:glm-5:Cloud", {"OLLAMA_HOST": "gpu.example"}, "gpu.example", False),
        ("anthropic:claude", {}, "api.anthropic.com", False),
        (
            "anthropic:claude",
            {"OPENAI_BASE_URL": "http://localhost/v1"},
            "api.anthropic.com",
            False,
        ),
        ("anthropic:claude", {"ANTHROPIC_BASE_URL": "http://localhost:1/"}, "localhost", False),
        ("anthropic:claude", {"LANGSMITH_GATEWAY": "true"}, "gateway.smith.langchain.com", False),
        ("anthropic:claude", {"LANGSMITH_GATEWAY": "https://gate.example"}, "gate.example", False),
        ("anthropic:claude", {"LANGSMITH_GATEWAY": "false"}, "api.anthropic.com", False),
        ("azure_openai:mine", {}, "azure_openai", False),
        (
            "azure_openai:mine",
            {"AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com/"},
            "mine.openai.azure.com",
            False,
        ),
        ("bedrock:some.model", {}, "bedrock", False),
        ("gpt-4o", {"OPENAI_API_KEY": "k", "LANGSMITH_GATEWAY": "1"}, "api.openai.com", False),
        ("gpt-4o", {"OPENAI_API_BASE": "http://gate.example/v1"}, "gate.example", False),
        (
            "gpt-oss:20b-cloud",
            {"OPENAI_BASE_URL": "http://localhost:11434/v1"},
            "ollama.com",
            False,
        ),
    ],
)
def test_where_a_providers_model_is(
    model: str,
    environment: dict[str, str],
    host: str,
    local: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (
        *(one for known in KNOWN.values() for one in known.addresses),
        "LANGSMITH_GATEWAY",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(model=model)
    assert settings.has_model
    assert (settings.model_host, settings.model_is_local) == (host, local)


def test_another_providers_model_needs_no_key_of_openai() -> None:
    assert Settings(model="anthropic:claude").has_model
    assert not Settings(model="anthropic:claude", keyless=True).has_model
    assert not Settings(model="openai:gpt-4o").has_model
    assert not Settings(model="anthropic:claude", keyless=True).model_is_local
