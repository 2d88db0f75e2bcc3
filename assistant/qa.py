"""Questions to answers: `ask`, `aask`, `stream`, `retrieve`, and `Assistant` behind them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from contextvars import copy_context
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from assistant.errors import QuestionError
from assistant.outdated import remaining
from assistant.samples import own_library, sample_library
from assistant.settings import Settings
from assistant.state import Query
from assistant.tracing import QUIET, quietly, traced_to, untraced
from assistant.types import Answer, Done, Event, Summary, Turn
from index import Hit, Library, Scope
from index.types import as_names

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

MAX_QUESTION = 4_000
"""Characters of a question at most."""

History = Iterable[Turn | tuple[str, str]]
T = TypeVar("T")


class Assistant:
    """A library with settings; holds no conversation, so that many may share it.

    Args:
        settings: else from the environment.
        library: else the person's own one, or the sample articles while that is empty.
    """

    def __init__(self, settings: Settings | None = None, library: Library | None = None) -> None:
        self.settings = settings or Settings()
        self._given = library
        self._own: Library | None = None
        self._samples: Library | None = None
        self._lock = threading.RLock()

    @property
    def own(self) -> Library:
        """The library that additions go to."""
        with self._lock:
            if self._given is not None:
                return self._given
            if self._own is None:
                self._own = own_library(self.settings)
            return self._own

    @property
    def uses_samples(self) -> bool:
        """Whether answers come from the sample articles, because the own library is empty."""
        return self._given is None and not self.own.count_passages()

    @property
    def library(self) -> Library:
        """The library that answers come from."""
        if not self.uses_samples:
            return self.own
        with self._lock:
            if self._samples is None:
                self._samples = sample_library(self.settings)
            return self._samples

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        without: Sequence[str] = (),
        today: date | None = None,
    ) -> Answer:
        """The answer to a question; works in scripts, notebooks and running event loops.

        Args:
            question: at most 4,000 characters.
            history: earlier turns, oldest first, so that follow-ups are understood.
            articles: only these articles, by id.
            tags: only articles with one of these tags.
            without: filters that the question's own words shall not set: "source", "author",
                "time", "latest".
            today: the day that "last week" is counted from, else the day it is.

        Raises:
            QuestionError: the question is empty or too long.
            StoreError: the library cannot be used.
        """
        return _wait(
            lambda: self.aask(
                question,
                history=history,
                articles=articles,
                tags=tags,
                without=without,
                today=today,
            )
        )

    async def aask(
        self,
        question: str,
        *,
        history: History = (),
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        without: Sequence[str] = (),
        today: date | None = None,
    ) -> Answer:
        """As `ask`, to be awaited."""
        events = self.stream(
            question, history=history, articles=articles, tags=tags, without=without, today=today
        )
        last = [event async for event in events][-1]
        assert isinstance(last, Done)
        return last.answer

    async def stream(
        self,
        question: str,
        *,
        history: History = (),
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        without: Sequence[str] = (),
        today: date | None = None,
    ) -> AsyncGenerator[Event, None]:
        """The answer as typed events: retrieved, token, cited, checked …, done."""
        query = self._query(question, history, articles, tags, without, today)
        chain = await asyncio.to_thread(self._chain)
        quiet = await asyncio.to_thread(self._stays_here, query)
        found = quietly(chain, query) if quiet else chain.astream(query)
        async with aclosing(cast("AsyncGenerator[Event, None]", found)) as events:
            async for event in events:
                yield event

    def retrieve(
        self,
        question: str,
        *,
        history: History = (),
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        without: Sequence[str] = (),
        today: date | None = None,
        k: int | None = None,
    ) -> list[Hit]:
        """What `ask` would read: the whole pipeline up to the answer."""
        settings = self.settings if k is None else self.settings.model_copy(update={"passages": k})
        query = self._query(question, history, articles, tags, without, today)

        async def found() -> list[Hit]:
            from assistant.chain import Steps, retrieval_chain

            chain = retrieval_chain(Steps(self.library, settings))
            if self._stays_here(query):
                with untraced():
                    evidence = await chain.ainvoke(query, QUIET)
            else:
                evidence = await chain.ainvoke(query)
            return [source.hit for source in evidence.sources]

        return _wait(found)

    def summarize(
        self,
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        focus: str = "",
        *,
        sentences: int = 5,
    ) -> Summary:
        """A summary of the articles in the scope, every sentence cited.

        Args:
            articles: only these articles, by id.
            tags: only articles with one of these tags.
            focus: what to summarise of them; empty for everything.
            sentences: at most.

        Raises:
            NotFoundError: there is no article in the scope.
        """
        from assistant.chain import SAMPLES_NOTICE
        from assistant.summary import summarize_articles

        library = self.library
        scope = self._scope(articles, tags)
        chosen = library.articles(articles=scope.articles, tags=scope.tags)
        known = {article.id: article for article in chosen}
        groups = [
            [known[name] for name in group if name in known] for group in library.copy_groups(known)
        ]
        summary = summarize_articles(chosen, library.embedder, focus, sentences, groups)
        return replace(summary, notices=(SAMPLES_NOTICE,)) if self.uses_samples else summary

    async def asummarize(
        self,
        articles: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        focus: str = "",
        *,
        sentences: int = 5,
    ) -> Summary:
        """As `summarize`, to be awaited."""
        return await asyncio.to_thread(self.summarize, articles, tags, focus, sentences=sentences)

    def _chain(self) -> Runnable[Query, Event]:
        from assistant.chain import question_chain

        samples = self.uses_samples
        return question_chain(self.library, self.settings, samples=samples)

    def _stays_here(self, query: Query) -> bool:
        """Whether a trace of this question on another machine might tell what is local only."""
        if not traced_to():
            return False
        told = (notice for turn in query.history if turn.answer for notice in turn.answer.notices)
        return bool(self.library.local_ids()) or any(notice.kind == "private" for notice in told)

    def _query(
        self,
        question: str,
        history: History,
        articles: Sequence[str] | None,
        tags: Sequence[str] | None,
        without: Sequence[str],
        today: date | None,
    ) -> Query:
        text = question.strip()
        if not text:
            raise QuestionError("the question is empty; ask something about the articles")
        if len(text) > MAX_QUESTION:
            raise QuestionError(
                f"the question has {len(text):,} characters, the limit is {MAX_QUESTION:,}; "
                "shorten it, or add the long text as an article"
            )
        scope = self._scope(articles, tags)
        return Query(text, _turns(history), scope, without=as_names(without), today=today)

    def _scope(self, articles: Sequence[str] | None, tags: Sequence[str] | None) -> Scope:
        """The scope, with every article in it looked up.

        Raises:
            NotFoundError: an article is not there.
        """
        scope = Scope(articles=as_names(articles), tags=as_names(tags))
        for name in scope.articles:
            self.library.get(name)
        return scope


class Conversation:
    """An assistant with a memory of what was asked before, for follow-up questions.

    Before each question it forgets the turns that quote an article which was removed meanwhile.
    """

    def __init__(self, assistant: Assistant | None = None) -> None:
        self.assistant = assistant or Assistant()
        self.turns: list[Turn] = []
        self._seen = 0

    def ask(self, question: str) -> Answer:
        """The answer, in the light of the turns before."""
        return _wait(lambda: self.aask(question))

    async def aask(self, question: str) -> Answer:
        """As `ask`, to be awaited."""
        last = [event async for event in self.stream(question)][-1]
        assert isinstance(last, Done)
        return last.answer

    async def stream(self, question: str) -> AsyncGenerator[Event, None]:
        """As `Assistant.stream`; the turn is kept when the answer is whole."""
        await asyncio.to_thread(self._forget)
        stream = self.assistant.stream(question, history=tuple(self.turns))
        async with aclosing(stream) as events:
            async for event in events:
                if isinstance(event, Done):
                    self.turns.append(Turn(question, event.answer.text, event.answer))
                yield event

    def clear(self) -> None:
        """Forget the turns."""
        self.turns.clear()

    def _forget(self) -> None:
        """Drop what was said from articles that were removed since the question before."""
        changes = self.assistant.own.changes(self._seen)
        if not changes:
            return
        self._seen = changes[-1].number
        answers = remaining([turn.answer for turn in self.turns], changes)
        self.turns[:] = [
            replace(turn, answer=answer)
            for turn, answer in zip(self.turns, answers, strict=True)
            if answer is not None or turn.answer is None
        ]


def _turns(history: History) -> tuple[Turn, ...]:
    """Turns from turns or pairs.

    Raises:
        QuestionError: an item is neither.
    """
    turns = []
    for item in history:
        if isinstance(item, Turn):
            turns.append(item)
        elif isinstance(item, tuple | list) and len(item) == 2:
            turns.append(Turn(str(item[0]), str(item[1])))
        else:
            raise QuestionError(f"the history holds {item!r:.80}; give pairs (question, answer)")
    return tuple(turns)


def _wait(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end, in a thread of its own where an event loop is running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())
    context = copy_context()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(context.run, lambda: asyncio.run(make())).result()
