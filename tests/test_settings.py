"""Settings from arguments and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Settings
from assistant.errors import SettingsError


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    monkeypatch.setenv("ASSISTANT_MODEL", "llama3")
    settings = Settings()
    assert (settings.model, settings.has_model) == ("llama3", True)
    assert (settings.model_host, settings.model_is_local) == ("localhost", True)


def test_private_addresses_are_refused_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Settings().private_addresses
    monkeypatch.setenv("ASSISTANT_PRIVATE_ADDRESSES", "true")
    assert Settings().private_addresses
    monkeypatch.setenv("ASSISTANT_PRIVATE_ADDRESSES", "perhaps")
    with pytest.raises(SettingsError, match="PRIVATE_ADDRESSES"):
        Settings()


def test_an_argument_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", "one")
    assert Settings(model="two").model == "two"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    assert not Settings(keyless=True).has_model


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_THRESHOLD", "")
    monkeypatch.setenv("ASSISTANT_API_KEY", "")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    assert Settings().threshold is None
    assert Settings().has_model


def test_without_key_and_address_there_is_no_model() -> None:
    assert not Settings().has_model
    assert Settings().model_host == ""


def test_with_a_key_alone_it_is_openai() -> None:
    settings = Settings(api_key="sk-1")
    assert (settings.model_host, settings.model_is_local) == ("api.openai.com", False)


def test_the_key_is_never_shown() -> None:
    assert "sk-1" not in repr(Settings(api_key="sk-1"))


@pytest.mark.parametrize(
    ("name", "value"), [("passages", 0), ("threshold", 2), ("timeout", -1), ("passages", "many")]
)
def test_a_value_that_makes_no_sense_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"ASSISTANT_{name.upper()}") as caught:
        Settings(**{name: value})
    assert repr(value) in str(caught.value)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="modle"):
        Settings(modle="x")


def test_the_catalogue_of_a_server_is_a_folder_of_its_own(tmp_path: Path) -> None:
    settings = Settings(store="http://me:secret@db.example:8000")
    assert settings.catalogue_folder is not None
    assert settings.catalogue_folder.endswith("db.example-8000")
    assert Settings(store=str(tmp_path)).catalogue_folder is None


def test_settings_of_the_model_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"API": "responses", "SEED": "7", "MAX_TOKENS": "900", "CONTEXT": "8192"}
    for name, value in told.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    monkeypatch.setenv("ASSISTANT_TEMPERATURE", "none")
    monkeypatch.setenv("ASSISTANT_HEADERS", '{"X-Team": "news"}')
    settings = Settings()
    assert (settings.api, settings.seed, settings.max_tokens) == ("responses", 7, 900)
    assert (settings.context, settings.temperature) == (8192, None)
    assert settings.extra_headers == {"X-Team": "news"}
    assert Settings(headers={"X-Team": "sport"}).extra_headers == {"X-Team": "sport"}


@pytest.mark.parametrize(
    "headers",
    [
        "token-9",
        '["token-9"]',
        '{"X-Key": 9}',
        '{"X-Key": "token-9\\nX-Other: 1"}',
        '{"X Key": "token-9"}',
        '{"": "token-9"}',
        '{"X-Key": "tökén-9"}',
    ],
)
def test_headers_that_are_none_are_refused_and_not_shown(headers: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_HEADERS") as caught:
        Settings(headers=headers)
    assert "-9" not in str(caught.value)
    assert "JSON object" in str(caught.value) or "json object" in str(caught.value)


def test_headers_and_key_are_never_shown() -> None:
    settings = Settings(headers={"X-Key": "token-9"}, api_key="sk-1")
    assert "token-9" not in repr(settings) + str(settings) + str(settings.model_dump())
    with pytest.raises(SettingsError) as caught:
        Settings(api_key=["sk-secret"])
    assert "sk-secret" not in str(caught.value)
