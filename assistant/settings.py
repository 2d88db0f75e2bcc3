"""All settings: from arguments, else from the environment, else their defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant import providers
from assistant.errors import SettingsError
from index import DEFAULT_MODEL

_SECRET = ("api_key", "headers")


class Settings(BaseSettings):
    """Settings of an assistant; each may come from the environment variable `ASSISTANT_<NAME>`.

    Raises:
        SettingsError: a value makes no sense; names it and says what to do.

    >>> Settings(passages=6).passages
    6
    """

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    store: str = Field(
        "",
        description="Folder, or http(s) address of a Chroma server, of your own"
        " articles; empty for the system's place for user data",
    )
    catalogue: str = Field("", description="Folder of the catalogue beside a Chroma server")
    embedding: str = Field(
        DEFAULT_MODEL,
        description="Embedding model: name or folder of any that sentence-transformers can load",
    )
    api_key: SecretStr = Field(
        SecretStr(""),
        description="Key of OpenAI, or of the server at the address below",
        validation_alias=AliasChoices("ASSISTANT_API_KEY", "OPENAI_API_KEY"),
    )
    base_url: str = Field(
        "",
        description="Address of an OpenAI-compatible server",
        validation_alias=AliasChoices("ASSISTANT_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    )
    model: str = Field(
        "gpt-4o-mini",
        min_length=1,
        description="Name of the language model; with that of one of LangChain's providers before"
        " it, as in anthropic:claude-sonnet-4-5, that provider's",
    )
    api: Literal["chat", "responses"] = Field(
        "chat", description="Which of OpenAI's two interfaces is spoken"
    )
    keyless: bool = Field(False, description="Answer without a language model even if there is one")
    temperature: float | None = Field(
        0.0, ge=0, le=2, description="Of the language model; none sends none"
    )
    seed: int | None = Field(None, ge=0, description="Of the language model, where it takes one")
    max_tokens: int | None = Field(
        None,
        ge=1,
        description="Tokens that a model's answer may take, with what it thinks before it",
    )
    context: int | None = Field(
        None, ge=256, description="Tokens that the model reads and writes; empty to ask its server"
    )
    headers: SecretStr = Field(
        SecretStr(""), description="Further HTTP headers for the model's server, as a JSON object"
    )
    timeout: float = Field(60.0, gt=0, description="Seconds that a model's answer may take in all")
    stall: float = Field(
        20.0, gt=0, description="Seconds that a model which has begun may say nothing more"
    )
    retries: int = Field(2, ge=0, le=10, description="Further tries when a model fails at first")
    budget_tokens: int | None = Field(
        None, ge=0, description="Tokens that models may take in a day; empty for no limit"
    )
    budget_cost: float | None = Field(
        None, ge=0, description="US dollars that models may take in a day; empty for no limit"
    )
    price_input: float | None = Field(
        None, ge=0, description="US dollars per million tokens sent to the model; empty to look up"
    )
    price_output: float | None = Field(
        None, ge=0, description="US dollars per million tokens that it writes; empty to look up"
    )
    passages: int = Field(8, ge=1, le=50, description="Passages that an answer may rest on")
    reranker: str = Field(
        "",
        description="Cross-encoder that puts passages in order: name or folder of any that"
        " sentence-transformers can load; empty for the built-in reader",
    )
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Confidence below which the"
        " built-in reader abstains; empty for the calibrated one",
    )
    strict: bool = Field(False, description="Leave sentences out that their sources do not carry")
    private_addresses: bool = Field(
        False, description="Add web pages from addresses of your own network too"
    )
    keep_originals: bool = Field(
        False, description="Keep the files and pages that articles come from in the store too"
    )
    cache: bool | Literal["fresh"] = Field(
        False,
        description="Keep a language model's replies in the store, for the same question; `fresh`"
        " asks anew and keeps the new reply",
    )
    prompts: str = Field("", description="Folder whose files stand in for those in prompts/")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            secret = any(name.upper().endswith(one.upper()) for one in _SECRET)
            given = "what it is" if secret else repr(first["input"])
            raise SettingsError(
                f"the setting {name!r} cannot be {given}: {first['msg'].lower()}; "
                f"correct it, or the environment variable ASSISTANT_{name.upper()}"
            ) from None

    @field_validator("temperature", mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        """An empty variable means the default, so that a word must stand for none."""
        return None if isinstance(value, str) and value.strip().lower() == "none" else value

    @field_validator("headers", mode="before")
    @classmethod
    def _as_json(cls, value: object) -> object:
        return json.dumps(dict(value)) if isinstance(value, Mapping) else value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, value: SecretStr) -> SecretStr:
        if said := value.get_secret_value():
            try:
                found = json.loads(said)
            except ValueError:
                found = None
            if not isinstance(found, dict) or not all(map(_is_header, found.items())):
                raise ValueError('give a JSON object of texts, as in {"X-Team": "news"}')
        return value

    @property
    def place(self) -> str:
        """Where the person's own articles are."""
        return self.store or str(user_data_path("cited-assistant") / "store")

    @property
    def catalogue_folder(self) -> str | None:
        """Folder of the catalogue when the vectors are on a server."""
        if not self.place.startswith(("http://", "https://")):
            return None
        host = urlsplit(self.place).netloc.replace(":", "-").rpartition("@")[2]
        return self.catalogue or str(user_data_path("cited-assistant") / "servers" / host)

    @property
    def samples_store(self) -> Path:
        """Where the sample articles are kept; never mixed with the person's own."""
        return user_data_path("cited-assistant") / "samples"

    @property
    def provider(self) -> str:
        """LangChain's name of the provider whose model it is; `openai` for every server like it."""
        return providers.split(self.model)[0]

    @property
    def model_name(self) -> str:
        """The model's name as its provider knows it."""
        return providers.split(self.model)[1]

    @property
    def extra_headers(self) -> dict[str, str]:
        """Further HTTP headers for the model's server; they may be secret."""
        said = self.headers.get_secret_value()
        return dict(json.loads(said)) if said else {}

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured.

        Other providers than OpenAI have their keys from variables of their own, so that naming one
        is enough.
        """
        if self.keyless:
            return False
        other = self.provider != "openai"
        return other or bool(self.base_url or self.api_key.get_secret_value())

    @property
    def model_address(self) -> str:
        """Address of the model's server where it is this program's to say, else empty."""
        return providers.address(self.provider, self.base_url) if self.has_model else ""

    @property
    def model_host(self) -> str:
        """Host that article text is sent to, or the name of its provider where that is not known.

        Empty without a language model.
        """
        if not self.has_model:
            return ""
        return providers.host(self.provider, self.model_name, self.base_url)

    @property
    def model_is_local(self) -> bool:
        """Whether the language model runs on this machine, as far as its address can tell.

        See `assistant.providers.is_local` for what it cannot.
        """
        if not self.has_model:
            return False
        return providers.is_local(self.provider, self.model_name, self.base_url)


def _is_header(header: tuple[str, object]) -> bool:
    name, value = header
    plain = isinstance(value, str) and value.isascii() and value.isprintable()
    return plain and bool(name) and name.isascii() and re.sub("[-_]", "", name).isalnum()
