"""An answer's events, and between them what the answer waits for at the gate of the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextvars import copy_context
from dataclasses import dataclass

from assistant.types import Event
from index.gate import on_wait


@dataclass(frozen=True)
class Waiting:
    """What is waited for, as one line; over when the next event comes."""

    words: str


async def with_waits(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event | Waiting, None]:
    """The same events; waits are told while the next event is still to come.

    Closing this generator closes `events`.
    """
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[Event | Waiting | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for event in events:
                pieces.put_nowait(event)
        finally:
            pieces.put_nowait(None)

    def tell(words: str) -> None:
        loop.call_soon_threadsafe(pieces.put_nowait, Waiting(words))

    # In a context of its own: whoever waits on behalf of another answer tells that one.
    context = copy_context()
    context.run(on_wait.set, tell)
    work = asyncio.create_task(pump(), context=context)
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
        await work
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
