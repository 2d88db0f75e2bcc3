"""The question path as a LangChain chain: condense, retrieve, answer, cite."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.checking import Checker
from assistant.condense import condense, leans
from assistant.context import joined, spread, widened
from assistant.errors import ModelError, NotFoundError
from assistant.model import ModelAnswerer
from assistant.reading import ReaderAnswerer
from assistant.rescore import rescorer
from assistant.resilient import Answerer, Resilient
from assistant.retriever import LibraryRetriever, hit_of
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query, Source
from assistant.types import Event, Notice
from index import Article, Hit, Library

SAMPLES_NOTICE = Notice("samples", "Answered from the sample articles; add your own to ask them.")

MOST_COPIES = 20
"""Near copies of an article that are looked at for the words of a quote."""

CANDIDATES = 16
"""Passages that are re-scored; see `docs/RETRIEVAL.md`."""

OFF_TOPIC = 0.12
"""Cosine of the nearest passage below which no answering call is made."""


def question_chain(
    library: Library, settings: Settings, *, samples: bool = False
) -> Runnable[Query, Event]:
    """Query to events, the last of which holds the answer.

    Args:
        library: where to look.
        settings: of the assistant.
        samples: whether the library is the sample articles', which the answer then says.
    """
    steps = Steps(library, settings, samples=samples)
    return (
        retrieval_chain(steps)
        | RunnableGenerator(steps.answer).with_config(run_name="answer")
        | RunnableGenerator(steps.cite).with_config(run_name="cite")
    )


def retrieval_chain(steps: Steps) -> Runnable[Query, Evidence]:
    """The first half: query to evidence."""
    return RunnableLambda(steps.condense).with_config(run_name="condense") | RunnableLambda(
        steps.retrieve
    ).with_config(run_name="retrieve")


class Steps:
    """The steps of one chain, each usable as a LangChain runnable."""

    def __init__(self, library: Library, settings: Settings, *, samples: bool = False) -> None:
        self._library = library
        self._settings = settings
        self._notices = (SAMPLES_NOTICE,) if samples else ()
        self._rescorer = rescorer(settings.reranker)
        keyless = ReaderAnswerer(library.embedder, threshold=settings.threshold)
        self._model = ModelAnswerer(settings) if settings.has_model else None
        self._answerer: Answerer = keyless
        if self._model is not None:
            self._answerer = Resilient(self._model, keyless, settings.timeout)

    async def condense(self, query: Query) -> Query:
        """A follow-up becomes a stand-alone question; any other is left as it is."""
        if not query.history or not leans(query.question):
            return replace(query, standalone=query.question.strip())
        if self._model is not None:
            try:
                return replace(query, standalone=await self._model.condense(query))
            except ModelError:  # the answering call will say what is wrong
                pass
        return replace(query, standalone=condense(query))

    async def retrieve(self, query: Query) -> Evidence:
        """The passages that may answer, numbered from 1, best first."""
        started = time.perf_counter()
        depth = max(CANDIDATES, self._settings.passages)
        retriever = LibraryRetriever(library=self._library, k=depth, scope=query.scope)
        question = query.understood.question
        documents = await retriever.ainvoke(question)
        hits = [hit_of(document) for document in documents]
        nearest = await asyncio.to_thread(self._library.nearness, question, hits)
        found = [widened(source) for source in self._sources(hits)]
        ranked, look = await asyncio.to_thread(self._rescorer.order, question, found)
        return Evidence(
            query=query,
            sources=tuple(joined(spread(ranked, self._settings.passages))),
            look=look,
            off_topic=nearest < OFF_TOPIC,
            notices=self._notices,
            timings={"retrieve": round(time.perf_counter() - started, 4)},
        )

    def _sources(self, hits: Sequence[Hit]) -> tuple[Source, ...]:
        """The hits with their articles and what these are copies of; what was removed is left out.

        Another process may remove an article at any moment.
        """
        groups = self._library.copy_groups({hit.passage.article_id for hit in hits})
        group_of = {name: group for group in groups for name in group}
        sources: list[Source] = []
        for hit in hits:
            name = hit.passage.article_id
            group = group_of.get(name, [name])
            others = [other for other in group if other != name][:MOST_COPIES]
            article = self._article(name, hit.passage.version)
            if article is not None:
                copies = tuple(filter(None, map(self._article, others)))
                number = len(sources) + 1
                sources.append(Source(number, hit, article, copies, group[0], hit.score))
        return tuple(sources)

    def _article(self, name: str, version: str = "") -> Article | None:
        try:
            return self._library.get(name, version)
        except NotFoundError:
            return None

    async def answer(self, found: AsyncIterator[Evidence]) -> AsyncIterator[Draft]:
        """Evidence to pieces of a draft; nothing near the question, no answering call."""
        async for evidence in found:
            yield Draft(evidence=evidence)
            if evidence.off_topic or not evidence.sources:
                yield Draft(abstained=True, answered_by="keyless")
                continue
            async for piece in self._answerer.draft(evidence):
                yield piece

    async def cite(self, drafts: AsyncIterator[Draft]) -> AsyncIterator[Event]:
        """Pieces of a draft to events, every sentence checked."""
        async for event in Checker(strict=self._settings.strict).events(drafts):
            yield event
