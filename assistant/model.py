"""Answers written by a language model, whichever provider's it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.answer_cache import AnswerCache
from assistant.budget import Budget, Call, Meter
from assistant.chat import chat_model, seed_of
from assistant.errors import ModelError
from assistant.faults import explain
from assistant.limits import window_of
from assistant.model_filters import Reply as FilterReply
from assistant.model_filters import checked, filled
from assistant.prose import plain
from assistant.remembered import Memory
from assistant.reply import Reply, declines
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query
from assistant.streams import heard
from assistant.thoughts import Said, ThoughtReader, answer_of, parts_of
from assistant.types import Filter
from assistant.window import fitted
from index import Facets
from prompts import load_prompt

_MOST_TURNS = 6

CONDENSE_TIMEOUT = 15.0
"""Seconds for rewriting a question or reading its filters; then it is done without the model."""

CHARACTERS = 8
"""Of an answer for each token that it may have, at most."""


class ModelAnswerer:
    """Streams a model's answer as pieces of a draft.

    Args:
        settings: of the assistant.
        cache: where its replies are kept, None for nowhere.
    """

    def __init__(self, settings: Settings, cache: AnswerCache | None = None) -> None:
        self.name = settings.model
        self._settings = settings
        self._cache = cache
        self._prompt = load_prompt("answer", settings.prompts)
        self._budget = Budget(settings)

    async def draft(
        self, evidence: Evidence, deadline: float | None = None
    ) -> AsyncGenerator[Draft, None]:
        """The answer in pieces, as the model writes it, until this time of the event loop.

        Raises:
            ModelError: the server cannot be reached, refuses, or gives no answer; not even one
                passage fits; or the day's budget does not allow to ask it.
        """
        settings, question = self._settings, evidence.query.understood.question
        window = await window_of(settings)
        ready = fitted(self._prompt, question, evidence.sources, window, settings.max_tokens)
        messages = [("human", ready.text)]
        memory = Memory(settings, self._cache, evidence, messages)
        call, thoughts = self._call(ready.text), ThoughtReader()

        def read(chunk: Any) -> Said:
            call.note(chunk)
            call.hear("".join(parts_of(chunk)))
            return thoughts.feed(chunk)

        limit = {} if settings.max_tokens is None else {"most": CHARACTERS * settings.max_tokens}
        reply = Reply(settings, len(ready.sources), read, thoughts.close, **limit)
        if (recalled := await memory.recall()) is not None:
            async with aclosing(reply.pieces(recalled, deadline)) as pieces:
                async for piece in pieces:
                    yield piece
            yield self._signed(Draft(notices=ready.notices) + memory.told, settings.seed)
            return
        try:
            async with self._asked(call) as chat:
                seed = seed_of(chat)
                chunks = memory.noted(chat.astream(messages))
                async with aclosing(reply.pieces(chunks, deadline)) as pieces:
                    async for piece in pieces:
                        yield piece
        except ModelError:
            yield Draft(usage=call.spent.usage, cost=call.spent.cost)
            raise
        await memory.keep()
        last = Draft(notices=ready.notices, usage=call.spent.usage, cost=call.spent.cost)
        yield self._signed(last, seed)

    def _signed(self, last: Draft, seed: int | None) -> Draft:
        """The last piece, with what wrote the answer."""
        return replace(last, answered_by=self.name, prompt_hash=self._prompt.hash, seed=seed)

    def _call(self, text: str) -> Call:
        most = self._settings.max_tokens
        return self._budget.call(text) if most is None else self._budget.call(text, most)

    @asynccontextmanager
    async def _asked(self, call: Call) -> AsyncIterator[Any]:
        """A chat model for one call, which is accounted for; whatever goes wrong is a fault."""
        async with call:
            try:
                async with chat_model(self._settings) as chat:
                    yield heard(chat)
            except Exception as error:
                # Not `from error`: what the server said may hold the key or the prompt.
                raise explain(error, self._settings) from None

    async def condense(self, query: Query, meter: Meter) -> str:
        """A follow-up as a stand-alone question; the meter gets what it took.

        Raises:
            ModelError: as `draft`.
        """
        lines = [f"Person: {t.question}\nAssistant: {t.text}" for t in query.history[-_MOST_TURNS:]]
        prompt = load_prompt("condense", self._settings.prompts)
        text = prompt.fill(conversation="\n".join(lines), question=query.question)
        reply = await self._replied(text, meter)
        line = plain(answer_of(reply))
        # A reply much longer than a question is no question.
        if not line or declines(line) or len(line) > 400 + 2 * len(query.question):
            raise ModelError(f"the model {self.name!r} did not rewrite the question")
        return line

    async def filters(
        self, question: str, facets: Facets, today: date, meter: Meter
    ) -> tuple[Filter, ...]:
        """What the question says of source, author and time, as far as it can be borne out.

        Raises:
            ModelError: as `draft`.
        """
        prompt = load_prompt("filters", self._settings.prompts)
        text = prompt.fill(question=question, today=f"{today:%A} {today}", **filled(facets))
        reply = await self._replied(text, meter, FilterReply)
        return checked(reply, question, facets)

    async def _replied(
        self, text: str, meter: Meter, shape: type[FilterReply] | None = None
    ) -> Any:
        """The message that replies, or the record of this shape that it holds."""
        call = self._call(text)
        try:
            async with self._asked(call) as chat:
                if shape is not None:
                    chat = chat.with_structured_output(shape, include_raw=True)
                async with asyncio.timeout(min(self._settings.timeout, CONDENSE_TIMEOUT)):
                    reply = await chat.ainvoke([("human", text)])
                message = reply if shape is None else reply["raw"]
                call.note(message)
                call.hear("".join(parts_of(message)))
                if shape is not None and reply["parsing_error"] is not None:
                    raise reply["parsing_error"]
        finally:
            meter.add(call)
        return reply if shape is None else reply["parsed"]
