"""Answers written by a language model, whichever provider's it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import date

from assistant.chat import chat_model, seed_of, stop_reason
from assistant.errors import ModelError
from assistant.faults import explain
from assistant.limits import window_of
from assistant.marks import MarkReader
from assistant.model_filters import Reply, checked, filled
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query
from assistant.thoughts import Said, ThoughtReader, answer_of
from assistant.types import Filter, Notice
from assistant.window import fitted
from index import Facets
from prompts import load_prompt

_MOST_TURNS = 6

CONDENSE_TIMEOUT = 15.0
"""Seconds for rewriting a question or reading its filters; then it is done without the model."""

THOUGHT = Notice("thoughts", "What the model wrote first was its thinking, not its answer.")


class ModelAnswerer:
    """Streams a model's answer as pieces of a draft."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model
        self._settings = settings
        self._prompt = load_prompt("answer", settings.prompts)

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The answer in pieces, as the model writes it.

        Raises:
            ModelError: the server cannot be reached, refuses, or says nothing.
        """
        settings = self._settings
        question = evidence.query.understood.question
        window = await window_of(settings)
        ready = fitted(self._prompt, question, evidence.sources, window, settings.max_tokens)
        if ready.notices:
            yield Draft(notices=ready.notices)
        reader = MarkReader(highest=len(ready.sources))
        said = finished = False
        thoughts = ThoughtReader()
        seed = None

        def pieces(one: Said) -> Iterator[Draft]:
            nonlocal reader, said
            if one.void:
                reader, said = MarkReader(highest=len(ready.sources)), False
            if one.thoughts:
                yield Draft(restart=THOUGHT if one.void else None, thoughts=one.thoughts)
            for piece in reader.feed(one.text):
                said = said or bool(piece.text.strip())
                yield piece

        try:
            async with chat_model(settings) as chat:
                seed = seed_of(chat)
                async for chunk in chat.astream([("human", ready.text)]):
                    for piece in pieces(thoughts.feed(chunk)):
                        yield piece
                    finished = finished or bool(stop_reason(chunk))
                    if usage := getattr(chunk, "usage_metadata", None):
                        kept = ("input_tokens", "output_tokens", "total_tokens")
                        yield Draft(usage={name: int(usage.get(name, 0)) for name in kept})
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(explain(error, settings)) from error
        for piece in (*pieces(thoughts.close()), *reader.close()):
            said = said or bool(piece.text.strip())
            yield piece
        if not said:
            raise ModelError(f"the model {self.name!r} gave an empty reply")
        if not finished:  # the connection was closed, which is no error to the client
            raise ModelError(f"{settings.model_host} closed the connection too early")
        yield Draft(answered_by=self.name, prompt_hash=self._prompt.hash, seed=seed)

    async def condense(self, query: Query) -> str:
        """A follow-up as a stand-alone question.

        Raises:
            ModelError: the server cannot be reached, refuses, or says nothing.
        """
        lines = [f"Person: {t.question}\nAssistant: {t.text}" for t in query.history[-_MOST_TURNS:]]
        prompt = load_prompt("condense", self._settings.prompts)
        text = prompt.fill(conversation="\n".join(lines), question=query.question)
        try:
            async with asyncio.timeout(min(self._settings.timeout, CONDENSE_TIMEOUT)):
                async with chat_model(self._settings) as chat:
                    reply = answer_of(await chat.ainvoke([("human", text)]))
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        line = " ".join(reply.split())
        # A reply much longer than a question is no question.
        if not line or len(line) > 400 + 2 * len(query.question):
            raise ModelError(f"the model {self.name!r} did not rewrite the question")
        return line

    async def filters(self, question: str, facets: Facets, today: date) -> tuple[Filter, ...]:
        """What the question says of source, author and time, as far as it can be borne out.

        Raises:
            ModelError: the server cannot be reached, refuses, or replies with something else.
        """
        prompt = load_prompt("filters", self._settings.prompts)
        text = prompt.fill(question=question, today=f"{today:%A} {today}", **filled(facets))
        try:
            async with asyncio.timeout(min(self._settings.timeout, CONDENSE_TIMEOUT)):
                async with chat_model(self._settings) as chat:
                    reply = await chat.with_structured_output(Reply).ainvoke([("human", text)])
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        return checked(reply, question, facets) if isinstance(reply, Reply) else ()
