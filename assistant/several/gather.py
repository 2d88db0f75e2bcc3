"""Questions of several parts, and comparisons: each part is looked for and read by itself.

Between the retrieval of one question and the reader of one: what they find for the parts is put
together under one numbering, and so are their answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.reading import ReaderAnswerer
from assistant.several.carry import Part
from assistant.several.compare import Asked, asked_of
from assistant.several.parts import split
from assistant.several.tally import counted, mentioning
from assistant.several.weigh import question_for, weighed
from assistant.state import Difference, Draft, Evidence, Query, Source
from assistant.types import NO_ANSWER, Notice
from assistant.words import content
from index import Hit, Library

COMPARED = 6
"""Articles that are compared at most."""

Find = Callable[[Query], Awaitable[Evidence]]


class Several:
    """Finds and answers the parts of a question; one of a single part goes through as it is.

    Args:
        library: where to look.
        reader: answers one part.
        find: the evidence for a question as it is.
        find_part: the same for a part, which may state filters of its own.
        sources_of: makes numbered sources of hits.
        notices: for every answer.
    """

    name = "keyless"

    def __init__(
        self,
        library: Library,
        reader: ReaderAnswerer,
        find: Find,
        find_part: Find,
        sources_of: Callable[[Sequence[Hit]], tuple[Source, ...]],
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self._library = library
        self._reader = reader
        self._find = find
        self._find_part = find_part
        self._sources_of = sources_of
        self._notices = notices

    async def gather(self, query: Query) -> Evidence:
        """The evidence for a question, for each of its parts where it has several."""
        started = time.perf_counter()
        question = query.understood.question
        asked = asked_of(question)
        if asked and asked.kind in ("count", "which"):
            found = await asyncio.to_thread(counted, self._library, query, asked, self._sources_of)
            if found is not None:
                seconds = round(time.perf_counter() - started, 4)
                return replace(found, notices=self._notices, timings={"retrieve": seconds})
        elif asked:
            return _united(query, await self._each(query, asked))
        parts = split(question)
        if len(parts) == 1:
            return await self._find(query)
        return _united(query, await self._in_turn(query, parts))

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The pieces of the answer, those of each part in order."""
        pieces = await asyncio.to_thread(self.answer, evidence)
        for piece in pieces:
            yield piece

    def answer(self, evidence: Evidence) -> list[Draft]:
        """All pieces at once."""
        if not evidence.parts:
            return self._reader.answer(evidence)
        if asked := asked_of(evidence.query.understood.question):
            told = weighed(self._reader, evidence, asked)
            if told is not None:
                return told
            if asked.kind in ("most", "least"):
                return [Draft(answered_by=self.name, abstained=True)]
            return self._reader.answer(evidence)  # a sentence may tell it without dates
        read = [self._part(part, evidence) for part in evidence.parts]
        return joined(read, [part.query.standalone for part in evidence.parts])

    def _part(self, part: Evidence, whole: Evidence) -> list[Draft]:
        if part.off_topic or not part.sources:
            return [Draft(answered_by=self.name, abstained=True)]
        return _renumbered(self._reader.answer(part), part, whole)

    async def _in_turn(self, query: Query, parts: Sequence[Part]) -> list[Evidence]:
        """Evidence for each part; one that needs an earlier answer gets it put in first."""
        found: list[Evidence] = []
        for part in parts:
            if part.needs is not None:
                before = found[part.needs]
                answer = await asyncio.to_thread(self._bare, before)
                part = part.filled(answer) if answer else part.unfilled(before.query.standalone)
            found.append(await self._find_part(replace(query, standalone=part.question)))
        return found

    def _bare(self, evidence: Evidence) -> str:
        """The words that answer a part, without who says so; empty if none are likely enough."""
        picks = [] if evidence.off_topic else self._reader.picks(evidence)
        likely = bool(picks) and max(pick.score for pick in picks) >= self._reader.threshold
        return picks[0].text if likely else ""

    async def _each(self, query: Query, asked: Asked) -> list[Evidence]:
        """Evidence of each side, or of each article on the matter."""
        if asked.sides:
            return [await self._find(self._of_side(query, asked, side)) for side in asked.sides]
        query = replace(query, standalone=question_for(asked))
        found = []
        for article_id in await self._on_the_matter(query, asked):
            scope = replace(query.scope, articles=(article_id,))
            found.append(await self._find(replace(query, scope=scope)))
        return found

    def _of_side(self, query: Query, asked: Asked, side: str) -> Query:
        """What is asked of one side: of its articles where it is a source."""
        outlets = self._library.facets(query.scope).sources if asked.what else {}
        wanted = set(content(side))
        named = [name for name in outlets if wanted and wanted <= set(content(name))]
        question = question_for(asked, side, is_source=len(named) == 1)
        scope = replace(query.scope, source=named[0]) if len(named) == 1 else query.scope
        return replace(query, standalone=question, scope=scope)

    async def _on_the_matter(self, query: Query, asked: Asked) -> list[str]:
        """Ids of the articles to compare, best first, copies of one origin once."""
        evidence = await self._find(query)
        origins = {source.origin or source.article.id: source for source in evidence.sources}
        ids = [source.article.id for source in origins.values()]
        named = await asyncio.to_thread(mentioning, self._library, query, asked.what)
        known = {source.article.id for source in evidence.sources}
        more = [article.id for article in named if article.id not in known]
        return [*ids, *more][:COMPARED]


def _united(query: Query, parts: Sequence[Evidence]) -> Evidence:
    """The evidence of all parts under one numbering, the best of each first."""
    rows = zip_longest(*(part.sources for part in parts))
    distinct = {
        source.hit.passage.id: source for row in rows for source in row if source is not None
    }
    sources = [
        replace(source, number=number) for number, source in enumerate(distinct.values(), start=1)
    ]
    asked = tuple(dict.fromkeys(part.query.standalone for part in parts))
    return Evidence(
        query=replace(query, parts=asked),
        sources=tuple(sources),
        off_topic=all(part.off_topic for part in parts),
        notices=tuple(dict.fromkeys(notice for part in parts for notice in part.notices)),
        timings={"retrieve": round(sum(part.timings.get("retrieve", 0.0) for part in parts), 4)},
        parts=tuple(parts),
    )


def _renumbered(pieces: Iterable[Draft], part: Evidence, whole: Evidence) -> list[Draft]:
    """The pieces of one part, citing by the numbers of the whole."""
    numbers = {source.hit.passage.id: source.number for source in whole.sources}
    to = {source.number: numbers[source.hit.passage.id] for source in part.sources}
    return [
        replace(
            piece,
            cites=tuple(to[number] for number in piece.cites),
            difference=piece.difference and _moved(piece.difference, to),
        )
        for piece in pieces
    ]


def _moved(difference: Difference, to: Mapping[int, int]) -> Difference:
    stances = (replace(stance, source=to[stance.source]) for stance in difference.stances)
    return replace(difference, stances=tuple(stances))


def joined(read: Sequence[Sequence[Draft]], questions: Sequence[str]) -> list[Draft]:
    """The answers of all parts as one; it says which part is not answered where others are."""
    answered = [not any(piece.abstained for piece in pieces) for pieces in read]
    sure = [
        piece.confidence
        for pieces, has_answer in zip(read, answered, strict=True)
        for piece in pieces
        if piece.confidence is not None and has_answer is any(answered)
    ]
    if not any(answered):
        return [Draft(abstained=True, answered_by=Several.name, confidence=max(sure, default=None))]
    told = [pieces for pieces, has_answer in zip(read, answered, strict=True) if has_answer]
    short = "; ".join(piece.short for pieces in told for piece in pieces if piece.short)
    made = [Draft(answered_by=Several.name, short=short, confidence=min(sure, default=None))]
    shown: set[str] = set()
    for piece in (piece for pieces in told for piece in pieces):
        if piece.text and (text := piece.text.strip()) not in shown:
            lead = " " if shown else ""
            shown.add(text)
            made.append(replace(piece, text=f"{lead}{text}"))
        elif piece.difference:
            made.append(Draft(difference=piece.difference))
    missing = [
        asked for asked, has_answer in zip(questions, answered, strict=True) if not has_answer
    ]
    notices = [
        Notice("unanswered_part", f"{NO_ANSWER.rstrip('.')}: {question}") for question in missing
    ]
    return [*made, Draft(notices=tuple(notices))] if notices else made
