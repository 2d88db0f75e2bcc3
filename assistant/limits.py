"""How many tokens a model reads: set, asked of its server, or known to LangChain; never guessed.

Only names of models are sent, no text of articles or questions.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from assistant import providers
from assistant.chat import chat_model, http_client
from assistant.settings import Settings
from assistant.window import Window

ASSUMED = 4_096
"""Tokens where nothing says how many: the least that servers in use give by default."""

PATIENCE = 3.0
"""Seconds that all questions to a server may take."""

UNKNOWN = Window(ASSUMED, "assumed, as nothing says how many")
_asked: dict[tuple[str, str, str], Window] = {}


async def window_of(settings: Settings) -> Window:
    """The model's window; a server is asked once in a process for each address and model.

    What a server gives counts, not what the model could do: many cut silently what is longer. One
    that cannot be reached, or has not loaded the model yet, is asked again the next time.

    Raises:
        ModelError: the provider's integration is not installed, or does not take the settings.
    """
    if settings.context is not None:
        return Window(settings.context, "set by ASSISTANT_CONTEXT")
    key = (settings.provider, settings.model_address, settings.model_name)
    if key not in _asked:
        found = await told_by_server(settings) if may_ask(settings) else await _known(settings)
        if found is None:
            return UNKNOWN
        _asked[key] = found
    return _asked[key]


async def told_by_server(settings: Settings) -> Window | None:
    """What the model's server says; None if that may change, as it was not there or not ready."""
    try:
        async with http_client(settings) as client, asyncio.timeout(PATIENCE):
            return await _ask(settings, client)
    except Exception:  # whatever is wrong with the server, the answering call will say it
        return None


def may_ask(settings: Settings) -> bool:
    """Whether the model's address is a server's that may know; OpenAI's own does not tell."""
    address = settings.model_address
    return bool(address) and settings.model_host != providers.provider("openai").host


async def _known(settings: Settings) -> Window:
    """What LangChain knows of a hosted model.

    The name of a deployment on Azure is the person's own, and of a model that runs here another
    window may have been set.
    """
    async with chat_model(settings) as chat:
        profile = getattr(chat, "profile", None) or {}
    most = _count(profile.get("max_input_tokens"))
    if most is None or settings.provider in ("azure_openai", "huggingface"):
        return UNKNOWN
    return Window(most, "as LangChain knows the model")


async def _ask(settings: Settings, client: Any) -> Window | None:
    """Ask in the ways of several servers; those that do not know one answer with an error."""
    model, base = settings.model_name, settings.model_address.rstrip("/")
    root = base.removesuffix("/v1")
    headers = dict(settings.extra_headers)
    if settings.provider == "openai" and (key := settings.api_key.get_secret_value()):
        headers["Authorization"] = f"Bearer {key}"

    async def get(address: str) -> Any:
        reply = await client.get(address, headers=headers)
        try:
            return reply.json() if reply.status_code == 200 else None
        except ValueError:
            return None

    loaded = _at(await get(f"{root}/api/ps"), "models")
    if isinstance(loaded, list):
        return _of_ollama(loaded, model)
    if found := _listed(await get(f"{base}/models"), model):
        return _said(found)
    # Looking must not make a llama.cpp with several models load one.
    props = await get(f"{root}/props?model={quote(model, safe='')}&autoload=false")
    if found := _count(_at(props, "default_generation_settings", "n_ctx")):
        return _said(found)
    studio = await get(f"{root}/api/v0/models/{quote(model)}")
    if _at(studio, "state") == "not-loaded":
        return None
    found = _count(_at(studio, "loaded_context_length"))
    return _said(found) if found else UNKNOWN


def _said(count: int) -> Window:
    return Window(count, "as its server says")


def _listed(listed: Any, model: str) -> int | None:
    """What vLLM and newer llama.cpp say in the list of models."""
    entries = _at(listed, "data")
    for entry in entries if isinstance(entries, list) else []:
        if _at(entry, "id") == model:
            return _count(_at(entry, "max_model_len")) or _count(_at(entry, "meta", "n_ctx"))
    return None


def _of_ollama(loaded: list[Any], model: str) -> Window | None:
    """What Ollama has loaded the model with; nothing before its first answer."""
    wanted = model if ":" in model.rpartition("/")[2] else f"{model}:latest"
    for entry in loaded:
        if wanted in (_at(entry, "name"), _at(entry, "model")):
            found = _count(_at(entry, "context_length"))
            return Window(found, "as Ollama has loaded it") if found else UNKNOWN
    return None


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
