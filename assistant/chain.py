"""The question path as a LangChain chain: condense, narrow, retrieve, answer, cite."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.answer_cache import AnswerCache
from assistant.budget import Meter
from assistant.checking import Checker
from assistant.context import joined, spread, told_elsewhere, widened
from assistant.errors import ModelError, NotFoundError
from assistant.follow_up import condense, leans
from assistant.missing import NOTHING_NEAR, missing
from assistant.model import ModelAnswerer
from assistant.model_filters import may_state
from assistant.narrowing import fitting, loose, relaxed, without_loose
from assistant.private import Guarded, Keeper
from assistant.reading import ReaderAnswerer
from assistant.rescore import rescorer
from assistant.resilient import Answerer, Resilient
from assistant.retriever import LibraryRetriever, hit_of
from assistant.settings import Settings
from assistant.several import Several
from assistant.state import Draft, Evidence, Query, Source
from assistant.stated import stated
from assistant.topic import is_off_topic
from assistant.types import Answer, Done, Event, Filter, Notice
from index import Article, Hit, Library

SAMPLES_NOTICE = Notice("samples", "Answered from the sample articles; add your own to ask them.")

MOST_COPIES = 20
"""Near copies of an article that are looked at for the words of a quote."""

CANDIDATES = 16
"""Passages that are re-scored; see `docs/RETRIEVAL.md`."""


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
    return (
        RunnableLambda(steps.condense).with_config(run_name="condense")
        | RunnableLambda(steps.narrow).with_config(run_name="narrow")
        | RunnableLambda(steps.retrieve).with_config(run_name="retrieve")
    )


def _noted(query: Query, step: str, started: float, meter: Meter) -> dict[str, Any]:
    """The fields of a query that say what a step took."""
    seconds = round(time.perf_counter() - started, 4)
    return {"timings": {**query.timings, step: seconds}, "spent": query.spent + meter.spent}


class Steps:
    """The steps of one chain, each usable as a LangChain runnable."""

    def __init__(self, library: Library, settings: Settings, *, samples: bool = False) -> None:
        self._library = library
        self._settings = settings
        self._notices = (SAMPLES_NOTICE,) if samples else ()
        self._rescorer = rescorer(settings.reranker)
        reader = ReaderAnswerer(settings.threshold)
        keyless = Several(library, reader, self.find, self.find_part, self._sources, self._notices)
        self.several = keyless
        cache = AnswerCache(library) if settings.cache else None
        self._model = ModelAnswerer(settings, cache) if settings.has_model else None
        self._keeper = Keeper(library, settings)
        self._answerer: Answerer = keyless
        if self._model is not None:
            tried = Resilient(self._model, keyless, settings.timeout, settings.retries)
            self._answerer = Guarded(tried, keyless, self._keeper)

    async def condense(self, query: Query) -> Query:
        """A follow-up becomes a stand-alone question; any other is left as it is."""
        started, meter = time.perf_counter(), Meter()
        shared = await asyncio.to_thread(self._keeper.shared, query)
        query = replace(query, stays=shared.stays)
        text = query.question.strip()
        if query.history and leans(query.question, query.history):
            text = await self._condensed(query, shared, meter)
        return replace(query, standalone=text, **_noted(query, "condense", started, meter))

    async def _condensed(self, query: Query, shared: Query, meter: Meter) -> str:
        if self._model is not None and query.stays is None:
            self._keeper.announce()
            with suppress(ModelError):  # the answering call will say what is wrong
                return await self._model.condense(shared, meter)
        return condense(query)

    async def narrow(self, query: Query) -> Query:
        """What the question itself says of source, author and time becomes its filters."""
        started, meter = time.perf_counter(), Meter()
        filters = await self._stated(query, self._model, meter)
        return replace(query, filters=filters, **_noted(query, "narrow", started, meter))

    async def _stated(
        self, query: Query, model: ModelAnswerer | None, meter: Meter
    ) -> tuple[Filter, ...]:
        question, today = query.understood.question, query.today or date.today()
        facets = await asyncio.to_thread(self._library.facets, query.scope)
        found = stated(question, facets, today)
        if model is not None and query.stays is None:
            shown = await asyncio.to_thread(self._keeper.facets, query.scope, facets)
            if may_state(question, shown):
                self._keeper.announce()
                with suppress(ModelError):  # the answering call will say what is wrong
                    found = await model.filters(question, shown, today, meter)
        if not facets.days:
            found = without_loose(found)
        return tuple(one for one in found if one.kind not in query.without)

    async def retrieve(self, query: Query) -> Evidence:
        """The passages that may answer, of all parts of the question, numbered from 1."""
        return await self.several.gather(query)

    async def find_part(self, query: Query) -> Evidence:
        """As `find` for a part of a question, which may state filters of its own."""
        own = await self._stated(query, None, Meter())
        kinds = {one.kind for one in own}
        kept = (*(one for one in query.filters if one.kind not in kinds), *own)
        return await self.find(replace(query, filters=kept))

    async def find(self, query: Query) -> Evidence:
        """The passages that may answer one question, numbered from 1, best first.

        Filters that leave nothing, and dates under which nothing answers, are left aside.
        """
        started = time.perf_counter()
        kept, notices = await asyncio.to_thread(
            fitting, query.scope, query.filters, lambda scope: len(self._library.ids(scope))
        )
        found = await self._search(replace(query, filters=kept))
        if dropped := loose(kept):
            wider = await self._search(replace(query, filters=without_loose(kept)))
            if told_elsewhere(wider.sources, found.query.understood.scope):
                found, notices = wider, (*notices, relaxed(dropped))
        return replace(
            found,
            notices=(*self._notices, *notices),
            timings={"retrieve": round(time.perf_counter() - started, 4)},
        )

    async def _search(self, query: Query) -> Evidence:
        """The passages within the filters of the query."""
        understood = query.understood
        depth = max(CANDIDATES, self._settings.passages)
        retriever = LibraryRetriever(
            library=self._library,
            k=depth,
            scope=understood.scope,
            behind=await asyncio.to_thread(self._keeper.kept),
        )
        question = query.sought
        hits = [hit_of(document) for document in await retriever.ainvoke(question)]
        nearest = await asyncio.to_thread(self._library.nearness, question, hits)
        mentions = partial(self._library.mentions, scope=query.scope)
        sources = [widened(source) for source in self._sources(hits)]
        ranked, look = await asyncio.to_thread(self._rescorer.order, question, sources)
        return Evidence(
            query=query,
            sources=tuple(joined(spread(ranked, self._settings.passages))),
            look=look,
            off_topic=await asyncio.to_thread(is_off_topic, question, nearest, mentions),
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
            stays = tuple(filter(None, [evidence.query.stays]))
            if evidence.told and not self._better_written(evidence):
                for piece in evidence.told:
                    yield piece
                yield Draft(notices=stays)
                continue
            if evidence.off_topic or not evidence.sources:
                notices = (Notice("off_topic", NOTHING_NEAR), *stays)
                yield Draft(abstained=True, answered_by="keyless", notices=notices)
                continue
            async with aclosing(self._answerer.draft(evidence)) as pieces:
                async for piece in pieces:
                    yield piece

    def _better_written(self, evidence: Evidence) -> bool:
        """Whether a model writes better what was found while looking: sentences, and no figure."""
        in_sentences = not any(piece.short for piece in evidence.told)
        return self._model is not None and in_sentences and bool(evidence.sources)

    async def cite(self, drafts: AsyncIterator[Draft]) -> AsyncIterator[Event]:
        """Pieces of a draft to events, every sentence checked."""
        async for event in Checker(strict=self._settings.strict).events(drafts):
            if isinstance(event, Done) and event.answer.abstained:
                event = Done(await asyncio.to_thread(self._with_missing, event.answer))
            yield event

    def _with_missing(self, answer: Answer) -> Answer:
        """An abstention with what the articles lack, if anything is sure."""
        if any(notice.kind == "off_topic" for notice in answer.notices):
            return answer
        found = [(hit.passage.text, self._article(hit.passage.article_id)) for hit in answer.hits]
        passages = [(text, article) for text, article in found if article is not None]
        text = missing(answer.understood.question, passages, self._library.mentions)
        notices = (Notice("missing", text), *answer.notices) if text else answer.notices
        return replace(answer, notices=notices)
