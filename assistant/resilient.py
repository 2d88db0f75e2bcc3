"""Deadline, further tries and fallback around the language model: some answer always comes.

LangChain's `with_retry` and `with_fallbacks` end when a stream begins, and know no deadline, so
that this is ours: a broken stream is voided, and the other answerer begins anew.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from assistant.errors import ModelError
from assistant.faults import PASSING
from assistant.state import Draft, Evidence
from assistant.types import Notice

FIRST_PAUSE = 0.5
"""Seconds before the second try, on the average; twice as long before each further one."""

LONGEST_PAUSE = 8.0

MOST_HALVINGS = 2
"""How often the passages are halved for a model that finds them too long."""

GRACE = 2.0
"""Seconds that an answerer has to end by itself at its deadline."""


class Answerer(Protocol):
    """What writes an answer from evidence, piece by piece."""

    name: str

    def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The answer in pieces."""


class FailingAnswerer(Protocol):
    """One that may fail with `ModelError`, and ends at a deadline."""

    name: str

    def draft(self, evidence: Evidence, deadline: float) -> AsyncGenerator[Draft, None]:
        """The answer in pieces, until this time of the event loop."""


class Resilient:
    """Asks `first`, again where that may help; else voids its words and asks `second`.

    Args:
        first: the answerer that may fail.
        second: the one that does not.
        timeout: seconds that the first may take in all, pauses included.
        retries: further tries after a fault that may pass, as long as no word was shown.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        first: FailingAnswerer,
        second: Answerer,
        timeout: float,
        retries: int = 0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = first.name
        self._first = first
        self._second = second
        self._timeout = timeout
        self._retries = retries
        self._pause = pause

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The first answerer's pieces, or all of the second's after a `restart`."""
        begun = False
        try:
            async with aclosing(self._tried(evidence)) as pieces:
                async for piece in pieces:
                    begun = begun or bool(piece.text)
                    yield piece
            return
        except ModelError as error:
            what = "The model's answer broke off" if begun else "The model did not answer"
            if error.kind == "budget":
                what = "The model was not asked"
            notice = Notice("fallback", f"{what}: {error}. The built-in reader answered.")
        yield Draft(restart=notice)
        async with aclosing(self._second.draft(evidence)) as others:
            async for piece in others:
                yield piece

    async def _tried(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The pieces of the first try that does not fail, or that fails after its first word.

        Of tries before it only what they spent is passed on.
        """
        deadline = asyncio.get_running_loop().time() + self._timeout
        found, tries, halvings = len(evidence.sources), 0, 0
        while True:
            held: list[Draft] | None = []
            try:
                async with aclosing(self._in_time(evidence, deadline)) as pieces:
                    async for piece in pieces:
                        if held is None:
                            yield piece
                            continue
                        held.append(piece)
                        if piece.text:
                            for one in held:
                                yield one
                            held = None
                for one in held or ():
                    yield one
                if halvings:
                    yield Draft(notices=(_fewer(len(evidence.sources), found),))
                return
            except ModelError as error:
                if held is None:
                    raise
                failure = error
            for one in held:
                yield Draft(usage=one.usage, cost=one.cost)
            if failure.kind == "too_long" and halvings < MOST_HALVINGS and found > 1:
                halvings += 1
                fewer = evidence.sources[: max(len(evidence.sources) // 2, 1)]
                evidence = replace(evidence, sources=fewer)
                continue
            pause = _pause(tries) if failure.wait is None else failure.wait
            late = asyncio.get_running_loop().time() + pause >= deadline
            if failure.kind not in PASSING or tries >= self._retries or late:
                raise failure
            tries += 1
            await self._pause(pause)

    async def _in_time(self, evidence: Evidence, deadline: float) -> AsyncGenerator[Draft, None]:
        async with aclosing(self._first.draft(evidence, deadline)) as pieces:
            while True:
                try:
                    async with asyncio.timeout_at(deadline + GRACE):
                        piece = await anext(pieces)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    text = f"no whole answer within {self._timeout:g} s"
                    raise ModelError(text, "slow") from None
                yield piece


def _pause(tries: int) -> float:
    """Seconds before the next try: not the same for all that failed at once."""
    average = min(FIRST_PAUSE * 2.0**tries, LONGEST_PAUSE)
    return average * random.uniform(0.75, 1.25)  # noqa: S311


def _fewer(read: int, found: int) -> Notice:
    text = f"The model takes less text than was found: it read the best {read} of {found} passages."
    return Notice("window", text)
