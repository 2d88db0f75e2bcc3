"""What a stream of OpenAI's protocol may hold that LangChain's class drops or trips over.

A refusal that is told apart from text is dropped; text in a list of parts is warned of, and the
warning repeats it. So the stream is listened to below that class.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any


class Declined(Exception):
    """The server says that the model declines to answer."""


def heard(chat: Any) -> Any:
    """The same chat model, which raises `Declined` where a stream of OpenAI's holds a refusal.

    Text in parts becomes plain text in it.
    """
    client = getattr(chat, "async_client", None)
    if type(client).__module__.partition(".")[0] == "openai":
        chat.async_client = _Client(client)
    return chat


def refuses(message: Any) -> bool:
    """Whether a LangChain message or chunk holds a refusal."""
    if message.additional_kwargs.get("refusal"):
        return True
    parts = message.content if isinstance(message.content, list) else []
    return any(isinstance(part, dict) and part.get("type") == "refusal" for part in parts)


class _Client:
    """OpenAI's completions, whose streams are listened to."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def create(self, **payload: Any) -> Any:
        reply = await self._client.create(**payload)
        return _Stream(reply) if payload.get("stream") else reply


class _Stream:
    """OpenAI's stream of chunks."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aenter__(self) -> _Stream:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stream.close()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for chunk in self._stream:
            for choice in getattr(chunk, "choices", None) or ():
                if getattr(choice.delta, "refusal", None):
                    raise Declined
                parts = getattr(choice.delta, "content", None)
                if isinstance(parts, list) and all(map(_is_text, parts)):
                    choice.delta.content = "".join(part["text"] for part in parts)
            yield chunk


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)
