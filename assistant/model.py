"""Answers written by a language model: OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from assistant.errors import ModelError
from assistant.marks import MarkReader
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query, Source
from assistant.types import NO_ANSWER
from prompts import load_prompt

_MOST_TURNS = 6


class ModelAnswerer:
    """Streams a model's answer as pieces of a draft."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model
        self._settings = settings
        self._prompt = load_prompt("answer", settings.prompts)
        self._model: Any = None

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
        try:
            async for chunk in self.chat().astream([("human", text)]):
                for piece in reader.feed(_text_of(chunk)):
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
            reply = _text_of(await self.chat().ainvoke([("human", text)]))
        except Exception as error:
            raise ModelError(explain(error, self._settings)) from error
        line = " ".join(reply.split())
        # A reply much longer than a question is no question.
        if not line or len(line) > 400 + 2 * len(query.question):
            raise ModelError(f"the model {self.name!r} did not rewrite the question")
        return line

    def chat(self) -> Any:
        """The LangChain chat model, made when first used."""
        if self._model is None:
            from langchain.chat_models import init_chat_model

            settings = self._settings
            key = settings.api_key.get_secret_value()
            self._model = init_chat_model(
                settings.model,
                model_provider="openai",
                base_url=settings.base_url or None,
                # Servers on one's own machine often want no key, the client always does.
                api_key=key or "none",
                temperature=settings.temperature,
                timeout=settings.timeout,
                max_retries=settings.retries,
                stream_usage=True,
            )
        return self._model


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
