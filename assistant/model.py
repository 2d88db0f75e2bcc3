"""Answers written by a language model: OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from assistant.errors import ModelError
from assistant.marks import MarkReader
from assistant.model_filters import Reply, checked, filled
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query, Source
from assistant.types import NO_ANSWER, Filter
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
            async with self._chat() as chat:
                async for chunk in chat.astream([("human", text)]):
                    for piece in reader.feed(thoughts.feed(_text_of(chunk))):
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
        yield Draft(answered_by=self.name)

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
                async with self._chat() as chat:
                    reply = _text_of(await chat.ainvoke([("human", text)]))
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
                async with self._chat() as chat:
                    reply = await chat.with_structured_output(Reply).ainvoke([("human", text)])
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        return checked(reply, question, facets) if isinstance(reply, Reply) else ()

    @asynccontextmanager
    async def _chat(self) -> AsyncGenerator[Any, None]:
        """The LangChain chat model, with an HTTP client of its own.

        LangChain would share one client in the whole process; its open connections belong to the
        event loop that made them, and `ask()` has a new loop each time.
        """
        import openai
        from langchain.chat_models import init_chat_model

        settings = self._settings
        key = settings.api_key.get_secret_value()
        async with openai.DefaultAsyncHttpxClient() as client:
            yield init_chat_model(
                settings.model,
                model_provider="openai",
                base_url=settings.base_url or None,
                # Servers on one's own machine often want no key, the client always does.
                api_key=key or "none",
                temperature=settings.temperature,
                timeout=settings.timeout,
                max_retries=settings.retries,
                stream_usage=True,
                http_async_client=client,
            )


class ThoughtFilter:
    """Takes out what a reasoning model thinks aloud at the beginning, `<think>…</think>`."""

    def __init__(self) -> None:
        self._held = ""
        self._open = True

    def feed(self, text: str) -> str:
        """The text that is no thought; held back while it may be one."""
        if not self._open:
            return text
        self._held += text
        begun = self._held.lstrip()
        if not begun.startswith("<think>"[: len(begun)]):
            self._open = False
            return self._held
        _, closed, rest = begun.partition("</think>")
        if closed:
            self._open = False
        return rest.lstrip() if closed else ""


def fenced(sources: Sequence[Source]) -> str:
    """Numbered passages as data; nothing in an article can close its fence.

    A passage's own angle brackets are replaced by look-alikes, so that only our tags are tags.
    """
    plain = str.maketrans("<>", "‹›")
    return "\n".join(
        f'<passage number="{source.number}" from="{_attribute(source.article.label)}">\n'
        f"{source.text.translate(plain)}\n</passage>"
        for source in sources
    )


def explain(error: Exception, settings: Settings) -> str:
    """One line on what went wrong with the model and what to do, without key or prompt."""
    import httpx
    import openai

    where, model = settings.model_host or "the model's server", settings.model
    status = getattr(error, "status_code", None)
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return f"{where} did not answer within {settings.timeout:.0f} s"
    if isinstance(error, openai.APIConnectionError):
        return f"{where} cannot be reached; check OPENAI_BASE_URL and that the server runs"
    if status in (401, 403):
        return f"{where} refused the key ({status}); check OPENAI_API_KEY"
    if status == 404:
        return f"{where} knows no model {model!r} (404); check ASSISTANT_MODEL and the address"
    if status == 429:
        return f"{where} takes no more requests now (429); wait, or check your quota"
    if isinstance(error, httpx.HTTPError):
        return f"{where} closed the connection too early"
    if status is not None:
        return f"{where} failed with status {status}"
    return f"{where} sent something that could not be read ({type(error).__name__})"


def _attribute(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›").replace('"', "'")


def _text_of(message: Any) -> str:
    content = message.content
    if isinstance(content, str):
        return content
    # Content in parts: the text ones, without a reasoning model's thoughts.
    parts = [p if isinstance(p, str) else p.get("text", "") for p in content if _is_text(p)]
    return "".join(parts)


def _is_text(part: Any) -> bool:
    return isinstance(part, str) or (isinstance(part, dict) and part.get("type") == "text")
