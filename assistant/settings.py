"""All settings: from arguments, else from the environment, else their defaults."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError
from index import DEFAULT_MODEL


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
        description="Key of the language model's server",
        validation_alias=AliasChoices("ASSISTANT_API_KEY", "OPENAI_API_KEY"),
    )
    base_url: str = Field(
        "",
        description="Address of an OpenAI-compatible server",
        validation_alias=AliasChoices("ASSISTANT_BASE_URL", "OPENAI_BASE_URL"),
    )
    model: str = Field("gpt-4o-mini", description="Name of the language model")
    keyless: bool = Field(False, description="Answer without a language model even if there is one")
    temperature: float = Field(0.0, ge=0, le=2, description="Of the language model")
    timeout: float = Field(60.0, gt=0, description="Seconds that a model's answer may take in all")
    retries: int = Field(2, ge=0, le=10, description="Further tries when a model fails at first")
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
    prompts: str = Field("", description="Folder whose files stand in for those in prompts/")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise SettingsError(
                f"the setting {name!r} cannot be {first['input']!r}: {first['msg'].lower()}; "
                f"correct it, or the environment variable ASSISTANT_{name.upper()}"
            ) from None

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
    def has_model(self) -> bool:
        """Whether a language model is configured."""
        return not self.keyless and bool(self.base_url or self.api_key.get_secret_value())

    @property
    def model_host(self) -> str:
        """Host that article text is sent to, empty without a language model."""
        if not self.has_model:
            return ""
        return (
            (urlsplit(self.base_url).hostname or self.base_url)
            if self.base_url
            else ("api.openai.com")
        )

    @property
    def model_is_local(self) -> bool:
        """Whether the language model runs on this machine."""
        try:
            return ipaddress.ip_address(self.model_host).is_loopback
        except ValueError:
            return self.model_host == "localhost"
