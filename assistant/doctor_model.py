"""What `assistant doctor` says of the language model: whose, where, its window, what is wrong.

Asks a server for nothing that costs anything, and sends it no text of articles.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any, Literal

from assistant import providers
from assistant.chat import chat_model, http_options, installed, missing
from assistant.errors import ModelError
from assistant.limits import UNKNOWN, may_ask, told_by_server, window_of
from assistant.settings import Settings

TIMEOUT = 5.0
"""Seconds to wait for the language model's server."""

State = Literal["ok", "warning", "problem"]
Line = tuple[str, State, str]
"""What was looked at, how it is, and the words for it."""

_NAME = "language model"


def looked_at(settings: Settings) -> Iterator[Line]:
    """One line on the model, and one on its window where there is one."""
    if settings.keyless:
        yield _NAME, "ok", "not used (ASSISTANT_KEYLESS): the built-in reader answers"
        return
    if not settings.has_model and "model" in settings.model_fields_set:
        text = f"{settings.model!r} is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL"
        yield _NAME, "warning", f"{text}; for another provider write provider:model"
        return
    if not settings.has_model:
        yield (
            _NAME,
            "ok",
            "none configured, the built-in reader answers; OPENAI_API_KEY, OPENAI_BASE_URL for any "
            "compatible server, or ASSISTANT_MODEL=provider:model switches one on",
        )
        return
    state, text = _model(settings)
    if state == "problem":
        text += " (until then the built-in reader answers)"
    yield _NAME, state, text
    if state != "problem":
        yield "context window", *_window(settings)
    if settings.base_url and settings.provider != "openai":
        text = f"OPENAI_BASE_URL is for OpenAI's protocol, not for {settings.provider}: not used"
        yield "model address", "warning", text


def _model(settings: Settings) -> tuple[State, str]:
    if not installed(settings.provider):
        return "problem", missing(settings.provider)
    match settings.provider:
        case "openai":
            return _compatible(settings)
        case "ollama":
            return _ollama(settings)
        case provider:
            return _other(provider, settings)


def _other(provider: str, settings: Settings) -> tuple[State, str]:
    """A provider that is not asked: it would want a whole request."""
    keys = providers.provider(provider).keys
    if keys and not any(map(os.environ.get, keys)):
        return "problem", f"{provider} has no key; set {keys[0]}"
    try:
        asyncio.run(_made(settings))
    except ModelError as error:
        return "problem", str(error)
    key = "its key is set" if keys else f"its key is where {_package(provider)} reads it"
    return "ok", f"{_said(settings)}, {key}; not asked"


async def _made(settings: Settings) -> None:
    async with chat_model(settings):
        pass


def _compatible(settings: Settings) -> tuple[State, str]:
    """Ask an OpenAI-compatible server for its list of models, which costs nothing."""
    key, host = settings.api_key.get_secret_value(), settings.model_host
    if not (key.isascii() and key.isprintable()):
        return "problem", "the key holds characters that no key has; set OPENAI_API_KEY anew"
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    reply = _asked(settings, "/models", headers, "OPENAI_BASE_URL")
    if isinstance(reply, str):
        return "problem", reply
    if reply.status_code in (401, 403):
        which = "refuses the key" if key else "wants a key"
        return "problem", f"{host} {which}; set OPENAI_API_KEY to a valid one"
    if reply.status_code == 404:
        return "warning", f"{host} has no list of models; does OPENAI_BASE_URL lack its /v1?"
    if reply.status_code != 200:
        return "warning", f"{host} answers with status {reply.status_code}; try again later"
    try:
        known = sorted(str(entry["id"]) for entry in reply.json()["data"])
    except (ValueError, KeyError, TypeError):
        return "warning", f"{host} answers, but not as OpenAI's API; check OPENAI_BASE_URL"
    state, text = _found(settings, known)
    return state, text + (", the key is accepted" if key and state == "ok" else "")


def _ollama(settings: Settings) -> tuple[State, str]:
    reply = _asked(settings, "/api/tags", {}, "OLLAMA_HOST")
    if isinstance(reply, str):
        return "problem", reply
    try:
        entries = {str(entry["name"]): entry for entry in reply.json()["models"]}
    except (ValueError, KeyError, TypeError):
        return "warning", f"{settings.model_host} does not answer as Ollama; check OLLAMA_HOST"
    entries |= {name.removesuffix(":latest"): entry for name, entry in entries.items()}
    elsewhere = entries.get(settings.model_name, {}).get("remote_host")
    if elsewhere and settings.model_is_local:
        return "problem", f"{settings.model_name} runs at {elsewhere}, though its name hides it"
    return _found(settings, sorted(entries))


def _asked(settings: Settings, path: str, headers: dict[str, str], variable: str) -> Any:
    """The server's reply, or one line on why there is none."""
    import httpx

    host, address = settings.model_host, settings.model_address.rstrip("/") + path
    told = {**settings.extra_headers, **headers}
    try:
        return httpx.get(address, headers=told, timeout=TIMEOUT, **http_options(settings))
    except httpx.TimeoutException:
        return f"{host} did not answer within {TIMEOUT:.0f} s; check that it runs"
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        return f"the address is none; {variable} must look like http://host:port/v1"
    except httpx.HTTPError as error:
        reason = " ".join(str(error).split())[:120]
        return f"cannot reach {host} ({reason}); check {variable} and the network"


def _found(settings: Settings, known: list[str]) -> tuple[State, str]:
    """Whether the server's list holds the model."""
    name, host = settings.model_name, settings.model_host
    if name in known:
        return "ok", _said(settings)
    if not known:
        return "warning", f"{host} lists no models, so that {name!r} could not be looked for"
    some = ", ".join(known[:5]) + ("…" if len(known) > 5 else "")
    return "problem", f"{host} has no model {name!r}; set ASSISTANT_MODEL to one of: {some}"


def _window(settings: Settings) -> tuple[State, str]:
    window = asyncio.run(window_of(settings))
    said = f"{window.tokens:,} tokens, {window.known}"
    if settings.context is not None:
        server = asyncio.run(told_by_server(settings)) if may_ask(settings) else None
        if server and server != UNKNOWN and server.tokens < window.tokens:
            return "warning", f"{said}, but {server.tokens:,} {server.known}: the rest may be cut"
    elif window == UNKNOWN:
        return "warning", f"{said}; ASSISTANT_CONTEXT sets it"
    return "ok", said


def _said(settings: Settings) -> str:
    """Model, host and interface in few words."""
    api = {"chat": "chat completions", "responses": "responses"}[settings.api]
    how = f", {api}" if settings.provider in ("openai", "azure_openai") else ""
    whose = "" if settings.provider == "openai" else f" ({settings.provider})"
    return f"{settings.model_name} at {settings.model_host}{whose}{how}"


def _package(provider: str) -> str:
    return providers.provider(provider).package
