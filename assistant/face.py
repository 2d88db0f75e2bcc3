"""The functions that most people call: one line each over `Assistant`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from functools import lru_cache

from assistant.qa import Assistant, Conversation, History
from assistant.samples import own_library
from assistant.settings import Settings
from assistant.types import Answer, Event, Summary
from index import Hit, Library


def ask(
    question: str,
    *,
    library: Library | None = None,
    history: History = (),
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    without: Sequence[str] = (),
    today: date | None = None,
    settings: Settings | None = None,
) -> Answer:
    """The answer to a question from the articles, with the words that carry it.

    Args:
        question: at most 4,000 characters.
        library: where to look; else the person's own, or the samples while that is empty.
        history: earlier turns, or pairs of question and answer, oldest first.
        articles: only these articles, by id.
        tags: only articles with one of these tags.
        without: filters that the question's own words shall not set: "source", "author", "time",
            "latest".
        today: the day that "last week" is counted from, else the day it is.
        settings: else from the environment.

    Raises:
        QuestionError: the question is empty or too long.
        StoreError: the library cannot be used.
    """
    assistant = _assistant(library, settings)
    return assistant.ask(
        question, history=history, articles=articles, tags=tags, without=without, today=today
    )


async def aask(
    question: str,
    *,
    library: Library | None = None,
    history: History = (),
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    without: Sequence[str] = (),
    today: date | None = None,
    settings: Settings | None = None,
) -> Answer:
    """As `ask`, to be awaited."""
    assistant = _assistant(library, settings)
    return await assistant.aask(
        question, history=history, articles=articles, tags=tags, without=without, today=today
    )


async def stream(
    question: str,
    *,
    library: Library | None = None,
    history: History = (),
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    without: Sequence[str] = (),
    today: date | None = None,
    settings: Settings | None = None,
) -> AsyncGenerator[Event, None]:
    """As `ask`, as typed events while the answer is written; `Done` comes last."""
    assistant = _assistant(library, settings)
    events = assistant.stream(
        question, history=history, articles=articles, tags=tags, without=without, today=today
    )
    async for event in events:
        yield event


def retrieve(
    question: str,
    *,
    library: Library | None = None,
    history: History = (),
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    without: Sequence[str] = (),
    today: date | None = None,
    settings: Settings | None = None,
    k: int | None = None,
) -> list[Hit]:
    """The passages that `ask` would read, best first."""
    assistant = _assistant(library, settings)
    return assistant.retrieve(
        question, history=history, articles=articles, tags=tags, without=without, today=today, k=k
    )


def summarize(
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    focus: str = "",
    *,
    sentences: int = 5,
    library: Library | None = None,
    settings: Settings | None = None,
) -> Summary:
    """A summary of articles, every sentence cited; see `Assistant.summarize`."""
    assistant = _assistant(library, settings)
    return assistant.summarize(articles, tags, focus, sentences=sentences)


async def asummarize(
    articles: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    focus: str = "",
    *,
    sentences: int = 5,
    library: Library | None = None,
    settings: Settings | None = None,
) -> Summary:
    """As `summarize`, to be awaited."""
    assistant = _assistant(library, settings)
    return await assistant.asummarize(articles, tags, focus, sentences=sentences)


def open_library(settings: Settings | None = None) -> Library:
    """The person's own library, made empty if there is none."""
    return own_library(settings or Settings())


def _assistant(library: Library | None, settings: Settings | None) -> Assistant:
    settings = settings or Settings()
    # With a library of the caller's there is nothing to open, and nothing to keep.
    return Assistant(settings, library) if library is not None else _kept(settings)


@lru_cache(maxsize=4)
def _kept(settings: Settings) -> Assistant:
    """One assistant for equal settings, so that a script's second question opens nothing."""
    return Assistant(settings)


__all__ = [
    "Assistant",
    "Conversation",
    "aask",
    "ask",
    "asummarize",
    "open_library",
    "retrieve",
    "stream",
    "summarize",
]
