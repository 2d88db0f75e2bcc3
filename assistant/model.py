"""Answers written by a language model: OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import date

from assistant.chat import chat_model
from assistant.errors import ModelError
from assistant.faults import explain
from assistant.marks import MarkReader
from assistant.model_filters import Reply, checked, filled
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query
from assistant.thoughts import ThoughtFilter, text_of
from assistant.types import NO_ANSWER, Filter
from assistant.window import fenced
from index import Facets
from prompts import load_prompt

_MOST_TURNS = 6

CONDENSE_TIMEOUT = 15.0
"""Seconds for rewriting a question or reading its filters; then it is done without the model."""


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
        text = self._prompt.fill(
            passages=fenced(evidence.sources),
            question=evidence.query.understood.question,
            no_answer=NO_ANSWER,
        )
        reader = MarkReader(highest=len(evidence.sources))
        said = finished = False
        thoughts = ThoughtFilter()
        try:
            async with chat_model(self._settings) as chat:
                async for chunk in chat.astream([("human", text)]):
                    for piece in reader.feed(thoughts.feed(text_of(chunk))):
                        said = said or bool(piece.text.strip())
                        yield piece
                    finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                    if usage := getattr(chunk, "usage_metadata", None):
                        kept = ("input_tokens", "output_tokens", "total_tokens")
                        yield Draft(usage={name: int(usage.get(name, 0)) for name in kept})
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        for piece in reader.close():
            said = said or bool(piece.text.strip())
            yield piece
        if not said:
            raise ModelError(f"the model {self.name!r} gave an empty reply")
        if not finished:  # the connection was closed, which is no error to the client
            raise ModelError(f"{self._settings.model_host} closed the connection too early")
        yield Draft(answered_by=self.name, prompt_hash=self._prompt.hash)

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
                    reply = text_of(await chat.ainvoke([("human", text)]))
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        line = " ".join(ThoughtFilter().feed(reply).split())
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
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        return checked(reply, question, facets) if isinstance(reply, Reply) else ()
