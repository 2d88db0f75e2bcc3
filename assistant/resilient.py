"""Deadline and fallback around the language model: some answer always comes.

LangChain's `with_fallbacks` does not fall back once a stream has begun, so that this is ours: a
broken stream is voided, and the other answerer begins anew. Retries are the client's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from assistant.errors import ModelError
from assistant.state import Draft, Evidence
from assistant.types import Notice


class Answerer(Protocol):
    """What writes an answer from evidence, piece by piece."""

    name: str

    def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The answer in pieces."""


class Resilient:
    """Asks `first`; when it fails or takes too long, voids its words and asks `second`.

    Args:
        first: the answerer that may fail with `ModelError`.
        second: the one that does not.
        timeout: seconds that the first may take in all.
    """

    def __init__(self, first: Answerer, second: Answerer, timeout: float) -> None:
        self.name = first.name
        self._first = first
        self._second = second
        self._timeout = timeout

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The first answerer's pieces, or all of the second's after a `restart`."""
        begun = False
        try:
            async with aclosing(self._in_time(evidence)) as pieces:
                async for piece in pieces:
                    begun = begun or bool(piece.text)
                    yield piece
            return
        except ModelError as error:
            what = "The model's answer broke off" if begun else "The model did not answer"
            notice = Notice("fallback", f"{what}: {error}. The built-in reader answered.")
        yield Draft(restart=notice)
        async for piece in self._second.draft(evidence):
            yield piece

    async def _in_time(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        deadline = asyncio.get_running_loop().time() + self._timeout
        pieces = self._first.draft(evidence)
        try:
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        piece = await anext(pieces)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise ModelError(f"no whole answer within {self._timeout:.0f} s") from None
                yield piece
        finally:
            await pieces.aclose()  # stops the request at the server
