"""The LangChain chat model that the settings name, whichever provider's it is.

Knows what each integration is to be told, and nothing of prompts or answers.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from assistant import providers
from assistant.errors import ModelError
from assistant.settings import Settings

_NAMES: dict[str, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "seed": ("seed", "random_seed"),
    "max_tokens": ("max_tokens", "max_output_tokens", "num_predict"),
    "timeout": ("timeout", "request_timeout"),
    "max_retries": ("max_retries",),
    "stream_usage": ("stream_usage",),
    "headers": ("default_headers", "additional_headers"),
    "client": ("http_async_client",),
    "proxy": ("openai_proxy",),
}
"""What integrations call the same things; the first name that one has is used."""

_STOPS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")
"""Where providers say why a model stopped."""

_GOING_ON = ("in_progress", "queued")

CONNECTING = 10.0
"""Seconds to wait for a connection."""


@asynccontextmanager
async def chat_model(settings: Settings) -> AsyncGenerator[Any, None]:
    """The LangChain chat model, with an HTTP client of its own where its integration takes one.

    LangChain would share one client in the whole process; its open connections belong to the
    event loop that made them, and `ask()` has a new loop each time.

    Raises:
        ModelError: the provider's integration is not installed, or does not take the settings.
    """
    async with http_client(settings) as client:
        try:
            model = _made(settings, client)
        except ModelError:
            raise
        except ImportError as error:
            raise ModelError(missing(settings.provider)) from error
        except Exception as error:  # its text may hold a key
            keys = " or ".join(providers.provider(settings.provider).keys) or "its own settings"
            raise ModelError(
                f"{settings.provider} cannot be set up ({type(error).__name__}); check {keys}"
            ) from error
        yield model


@asynccontextmanager
async def http_client(settings: Settings) -> AsyncGenerator[Any, None]:
    """The client with which a model's server is asked."""
    import openai

    async with openai.DefaultAsyncHttpxClient(**http_options(settings)) as client:
        yield client


def http_options(settings: Settings) -> dict[str, Any]:
    """How a model's server is asked, for any HTTP client.

    No redirect is followed: it could lead the articles' text to another host than the one that was
    named. A server on this machine is never asked through a proxy, which may be on another one.
    """
    here = providers.is_loopback(settings.model_address)
    proxy = None if here else os.environ.get("OPENAI_PROXY") or None
    return {"follow_redirects": False, "trust_env": not here, "proxy": proxy}


def installed(provider: str) -> bool:
    """Whether a provider's integration can be loaded."""
    from importlib.util import find_spec

    return find_spec(providers.provider(provider).package.replace("-", "_")) is not None


def missing(provider: str) -> str:
    """One line for an integration that is not installed."""
    return f"{provider} is not installed; pip install {providers.provider(provider).package}"


def seed_of(chat: Any) -> int | None:
    """The seed that a chat model sends, None where it has none."""
    found = [getattr(chat, name, None) for name in _NAMES["seed"]]
    return next((seed for seed in found if isinstance(seed, int)), None)


def stop_reason(chunk: Any) -> str:
    """Why the model stopped, in its provider's word; empty while it has not."""
    told = getattr(chunk, "response_metadata", {})
    named = [told.get(name) for name in _STOPS]
    reasons = [one for one in named if isinstance(one, str) and one not in _GOING_ON]
    return next(filter(None, reasons), "")


def _made(settings: Settings, client: Any) -> Any:
    match settings.provider:
        case "openai":
            return _openai(settings, client)
        case "azure_openai":
            return _azure(settings, client)
        case provider:
            return _other(provider, settings, client)


def _azure(settings: Settings, client: Any) -> Any:
    """Azure's; LangChain reads endpoint, key and version from the environment."""
    from langchain_openai import AzureChatOpenAI

    told = _of_openai(settings, client)
    return _without_seed(AzureChatOpenAI(model=settings.model_name, **told))


def _openai(settings: Settings, client: Any) -> Any:
    """OpenAI, or a server that speaks its protocol."""
    told = _of_openai(settings, client)
    if settings.base_url and "max_tokens" in told and settings.api == "chat":
        # LangChain says it by OpenAI's newer name, which not every other server knows.
        told["extra_body"] = {"max_tokens": told.pop("max_tokens")}
    return _without_seed(
        _thinking_aloud()(
            model=settings.model_name,
            # Always said: it would come from variables that `model_host` does not know of.
            base_url=settings.model_address,
            # Servers on one's own machine often want no key, the client always does.
            api_key=settings.api_key.get_secret_value() or "none",
            **told,
        )
    )


def _without_seed(model: Any) -> Any:
    """OpenAI's newer interface takes no seed; LangChain may have chosen it for a model."""
    if model.use_responses_api:
        model.seed = None
    return model


def _of_openai(settings: Settings, client: Any) -> dict[str, Any]:
    """What OpenAI and Azure are told alike."""
    import openai

    told: dict[str, Any] = {
        "temperature": settings.temperature,
        "seed": settings.seed,
        "timeout": openai.Timeout(settings.timeout, connect=min(settings.timeout, CONNECTING)),
        "max_retries": 0,  # `Resilient` tries again, within its deadline
        "stream_chunk_timeout": None,  # `Reply` knows how long to wait
        "stream_usage": True,
        "http_async_client": client,
        "openai_proxy": "",
        "default_headers": settings.extra_headers,
    }
    if settings.max_tokens is not None:
        told["max_tokens"] = settings.max_tokens
    if settings.api == "responses":
        told["use_responses_api"] = True
    elif settings.base_url:  # else LangChain knows which models have only the other one
        told["use_responses_api"] = False
    return told


@cache
def _thinking_aloud() -> Any:
    """`ChatOpenAI` that keeps what compatible servers send of a model's thoughts.

    vLLM, llama.cpp, LM Studio and Ollama have fields for it that OpenAI has not, so that LangChain
    drops them.
    """
    from langchain_openai import ChatOpenAI

    class ThinkingAloud(ChatOpenAI):
        def _convert_chunk_to_generation_chunk(
            self, chunk: dict[str, Any], *args: Any, **others: Any
        ) -> Any:
            made = super()._convert_chunk_to_generation_chunk(chunk, *args, **others)
            choices = chunk.get("choices") or [{}]
            delta = choices[0].get("delta") or {}
            thought = delta.get("reasoning_content") or delta.get("reasoning")
            if made is not None and isinstance(thought, str):
                made.message.additional_kwargs["reasoning_content"] = thought
            return made

    return ThinkingAloud


def _other(provider: str, settings: Settings, client: Any) -> Any:
    """Any other provider's, told what its integration has a name for."""
    from langchain.chat_models import init_chat_model
    from langchain_openai.chat_models.base import BaseChatOpenAI

    kind = _class(provider, settings.model_name)
    fields = _fields(kind)
    wanted: dict[str, Any] = {
        "temperature": settings.temperature,
        "seed": settings.seed,
        "max_tokens": settings.max_tokens,
        "timeout": settings.timeout,
        "max_retries": 0,
        "stream_usage": True,
        "headers": settings.extra_headers or None,
    }
    if issubclass(kind, BaseChatOpenAI):  # others may want a client of another library
        wanted |= {"client": client, "proxy": ""}
    told = _named(fields, {name: value for name, value in wanted.items() if value is not None})
    if provider == "ollama":
        told |= _of_ollama(settings)
    elif "client" not in wanted and "default_headers" in fields:
        # Where it keeps one client for the process, no connection may outlive its event loop.
        told["default_headers"] = {**settings.extra_headers, "Connection": "close"}
    return init_chat_model(settings.model_name, model_provider=provider, **told)


def _of_ollama(settings: Settings) -> dict[str, Any]:
    """Ollama has a client of its own, and cuts silently what is longer than `num_ctx`."""
    client = {"headers": settings.extra_headers, "timeout": settings.timeout}
    client |= http_options(settings)
    told: dict[str, Any] = {"base_url": settings.model_address, "client_kwargs": client}
    return told | ({"num_ctx": settings.context} if settings.context else {})


def _named(fields: frozenset[str], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted, by the names that an integration has for it; the rest is left out."""
    named = {name: next(filter(fields.__contains__, _NAMES[name]), "") for name in wanted}
    return {named[name]: value for name, value in wanted.items() if named[name]}


@cache
def _class(provider: str, model: str) -> Any:
    """The class of a provider's chat models, which LangChain gives only with an instance."""
    from langchain.chat_models import init_chat_model

    return type(init_chat_model(model, model_provider=provider))


def _fields(kind: Any) -> frozenset[str]:
    """What a chat model can be told."""
    found = kind.model_fields
    return frozenset(found) | {info.alias for info in found.values() if info.alias}
