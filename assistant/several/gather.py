"""Questions of several parts, and comparisons: each part is looked for and read by itself.

Between the retrieval of one question and the reader of one: what they find for the parts is put
together under one numbering, and so are their answers.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.reading import ReaderAnswerer
from assistant.several.carry import Part
from assistant.several.compare import Asked, asked_of
from assistant.several.degree import degree_of
from assistant.several.each import of_each
from assistant.several.parts import premise_of, split
from assistant.several.tally import counted, mentioning
from assistant.several.weigh import question_for, weighed
from assistant.state import Contrast, Difference, Draft, Evidence, Query, Source
from assistant.types import NO_ANSWER, Notice
from assistant.words import content
from index import Hit, Library

COMPARED = 6
"""Articles that are compared at most."""

ENOUGH = 0.5
"""Share of the reader's threshold from which an answer is put into a later part, to find that."""

LEAST = 0.03
"""Chance from which the nearest sentence of a part is shown; below it the part is not answered."""

UNSETTLED = Notice(
    "unsettled", "What is said of each is shown; the words do not settle how they compare."
)

UNSURE = "Not sure, so the nearest sentences are shown"

Find = Callable[[Query], Awaitable[Evidence]]


@dataclass(frozen=True)
class Told:
    """What is told of one part, and the chance that it answers it; None where rules settled it.

    What is `given` needs no answer: it is shown where the articles say it.
    """

    question: str
    pieces: Sequence[Draft]
    chance: float | None = None
    sure: bool = False
    given: bool = False

    @property
    def near(self) -> bool:
        """Whether it is no sure answer, but worth showing."""
        return not (self.sure or self.given) and (self.chance or 0.0) >= LEAST


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
        asked = compared(question)
        if asked and asked.kind in ("count", "which", "about"):
            told = await asyncio.to_thread(counted, self._library, query, asked, self._sources_of)
            if told is not None:
                seconds = round(time.perf_counter() - started, 4)
                return replace(told, notices=self._notices, timings={"retrieve": seconds})
        elif asked:
            return _united(query, await self._each(query, asked))
        stated, asked_then = premise_of(question)
        parts = split(asked_then or question)
        several = len(parts) > 1 or stated
        found = await self._in_turn(query, parts) if several else [await self._find(query)]
        each = [one for evidence in found for one in await self._of_each(query, evidence)]
        if stated:
            support = await self._find(replace(query, standalone=stated))
            each.insert(0, replace(support, given=True))
        return _united(query, each) if len(each) > 1 else each[0]

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The pieces of the answer, those of each part in order."""
        pieces = await asyncio.to_thread(self.answer, evidence)
        for piece in pieces:
            yield piece

    def answer(self, evidence: Evidence) -> list[Draft]:
        """All pieces at once."""
        if not evidence.parts:
            return self._reader.answer(evidence)
        asked = compared(evidence.query.understood.question)
        if asked and asked.kind != "each" and (told := weighed(self._reader, evidence, asked)):
            return told
        if asked and asked.kind in ("before", "after"):  # a sentence may tell it without dates
            told = self._reader.answer(evidence)
            if not told[0].abstained:
                return told
        told = joined([self._part(part, evidence) for part in evidence.parts], self._reader.likely)
        unsettled = asked is not None and asked.kind != "each" and not told[0].abstained
        return [*told, Draft(notices=(UNSETTLED,))] if unsettled else told

    def _part(self, part: Evidence, whole: Evidence) -> Told:
        """What is told of a part: its answer if that is sure, else the nearest sentences."""
        question = part.query.standalone
        if part.given:
            return Told(question, _renumbered(self._reader.support(part), part, whole), given=True)
        if part.off_topic or not part.sources:
            return Told(question, [])
        pieces = self._reader.answer(part)
        if not any(piece.abstained for piece in pieces):
            sure = [piece.confidence for piece in pieces if piece.confidence is not None]
            return Told(question, _renumbered(pieces, part, whole), max(sure, default=None), True)
        pieces, chance = self._reader.nearest(part)
        return Told(question, _renumbered(pieces, part, whole), chance)

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

    async def _of_each(self, query: Query, evidence: Evidence) -> list[Evidence]:
        """Evidence for each of the things that a part names, unless its answer tells of all."""
        asked = of_each(evidence.query.standalone)
        if not asked or await asyncio.to_thread(self._tells_of_all, evidence, asked):
            return [evidence]
        things, questions = zip(*asked, strict=True)
        return await self._apart(query, questions, contrasts(things))

    async def _apart(
        self, query: Query, questions: Sequence[str], told_apart: Sequence[Contrast]
    ) -> list[Evidence]:
        """Evidence for a question about each of several things."""
        return [
            replace(await self._find_part(replace(query, standalone=question)), contrast=contrast)
            for question, contrast in zip(questions, told_apart, strict=True)
        ]

    def _tells_of_all(self, evidence: Evidence, asked: Sequence[tuple[str, str]]) -> bool:
        """Whether the answer to the whole, if there is one, names all of the things."""
        if evidence.off_topic:
            return False
        here = {word for one in self._reader.answer(evidence) for word in content(one.text)}
        named = [set(content(thing)) for thing, _ in asked]
        shared = named[0].intersection(*named[1:])
        return all(words & here - shared for words in named)

    def _bare(self, evidence: Evidence) -> str:
        """The words that answer a part, without who says so; empty if none are likely enough."""
        picks = [] if evidence.off_topic else self._reader.picks(evidence)
        likely = bool(picks) and picks[0].score >= self._reader.threshold * ENOUGH
        return picks[0].text if likely else ""

    async def _each(self, query: Query, asked: Asked) -> list[Evidence]:
        """Evidence of each side, or of each article on the matter."""
        if asked.questions and asked.sides:
            measured = [replace(side, measured=True) for side in contrasts(asked.sides)]
            return await self._apart(query, asked.questions, measured)
        if asked.sides:
            return [await self._find(self._of_side(query, asked, side)) for side in asked.sides]
        query = replace(
            query, standalone=asked.questions[0] if asked.kind == "each" else question_for(asked)
        )
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


def compared(question: str) -> Asked | None:
    """What a question compares or counts, if it does."""
    return asked_of(question) or degree_of(question)


def contrasts(things: Sequence[str]) -> list[Contrast]:
    """What tells each of several things from the others."""
    stems = [frozenset(content(thing)) for thing in things]
    shared = frozenset.intersection(*stems)
    own = [words - shared for words in stems]
    return [Contrast(words, tuple(other for other in own if other is not words)) for words in own]


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


def joined(told: Sequence[Told], likely: float) -> list[Draft]:
    """What is told of all parts as one answer, the sure ones first.

    Args:
        told: the parts in order.
        likely: where no part is sure, it abstains if the chance that the nearest sentences answer
            any of them is below this.

    The confidence is that of the least sure of the sure parts, else that of the surest.
    """
    sure = [one for one in told if one.sure]
    given = [one for one in told if one.given]
    unsure = [one for one in told if one.near]
    none = math.prod(1.0 - (one.chance or 0.0) for one in unsure)
    if not sure and 1.0 - none < likely:
        best = max((one.chance or 0.0 for one in told), default=None)
        return [Draft(abstained=True, answered_by=Several.name, confidence=best)]
    chances = [one.chance for one in sure or unsure if one.chance is not None]
    short = "; ".join(piece.short for one in sure for piece in one.pieces if piece.short)
    confidence = (min if sure else max)(chances, default=None)
    made = [Draft(answered_by=Several.name, short=short, confidence=confidence)]
    shown: set[str] = set()
    near = [replace(piece, nearest=one.question) for one in unsure for piece in one.pieces]
    for piece in [*(piece for one in [*given, *sure] for piece in one.pieces), *near]:
        if piece.text and (text := piece.text.strip()) not in shown:
            lead = " " if shown else ""
            shown.add(text)
            made.append(replace(piece, text=f"{lead}{text}"))
        elif piece.difference:
            made.append(Draft(difference=piece.difference))
    notices = [Notice("unsure_part", f"{UNSURE}: {one.question}") for one in unsure]
    notices += [
        Notice("unanswered_part", f"{NO_ANSWER.rstrip('.')}: {one.question}")
        for one in told
        if not (one.sure or one.given or one.near)
    ]
    return [*made, Draft(notices=tuple(notices))] if notices else made
