"""What never goes to a language model on another machine: articles that are local only.

`Keeper` knows which articles those are, and what of a question, a conversation and a library may be
sent; `Guarded` asks the model about what may, and the built-in reader about what may not. With a
model on this machine nothing is kept back. Knows nothing of how passages are found.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date

from assistant.cite import says_nothing
from assistant.first_time import tell_first
from assistant.follow_up import condense, leans
from assistant.narrowing import narrowed, without_loose
from assistant.resilient import Answerer
from assistant.settings import Settings
from assistant.state import Draft, Evidence, Query
from assistant.stated import stated
from assistant.types import NO_ANSWER, Answer, Notice, Turn
from index import Facets, Library, Scope, sentences

KEYLESS = "keyless"
"""What the built-in reader is called in an answer."""


class Keeper:
    """Says what of one library may go to the language model.

    Articles may be marked at any moment, so that it asks the library anew each time.

    Args:
        library: whose articles may be local only.
        settings: name the model; of one on this machine, and of none, nothing is kept back.
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        remote = settings.has_model and not settings.model_is_local
        self.host = (settings.model_host or settings.model) if remote else ""

    def announce(self) -> None:
        """Say what goes where, before the first request that sends it there."""
        if self.host:
            tell_first(self._settings)

    def kept(self, article_ids: Sequence[str] | None = None) -> frozenset[str]:
        """Those of these articles, or of all, whose text is not sent."""
        return self._library.local_ids(article_ids) if self.host else frozenset()

    def facets(self, scope: Scope, known: Facets) -> Facets:
        """Of the names and days of a scope, those that may be told."""
        return self._library.facets(scope, shared=True) if self.kept() else known

    def shared(self, query: Query) -> Query:
        """The question with as much of the conversation as may be sent.

        Where nothing may, because all that is to be searched is local only, or because the question
        cannot be understood without what was said from such articles, it `stays`.
        """
        kept = self.kept()
        if not self.host or not (kept or any(map(_came_from_here, query.history))):
            return query
        if kept and not self._library.ids(self._searched(query), shared=True):
            return self._staying(query, "all articles to be searched are marked local_only")
        shown = replace(query, history=_told(query.history, kept))
        if leans(query.question, query.history) and condense(shown) != condense(query):
            return self._staying(
                query, "the question refers to what may come from articles marked local_only"
            )
        return shown

    def _staying(self, query: Query, reason: str) -> Query:
        return replace(
            query, stays=Notice("private", f"Nothing was sent to {self.host}: {reason}.")
        )

    def _searched(self, query: Query) -> Scope:
        """The scope, within what the question itself says of source, author and publication."""
        facets = self._library.facets(query.scope)
        found = stated(query.question, facets, query.today or date.today())
        held = [one for one in without_loose(found) if one.kind not in query.without]
        scope = narrowed(query.scope, held)
        return scope if self._library.ids(scope) else query.scope


class Guarded:
    """Lets a model on another machine answer from the passages that may be sent to it.

    The built-in reader answers from all of them where none may be sent, where the model says that
    those it was sent do not answer, and where the model fails.

    Args:
        model: the model's answerer, which may itself fall back on the reader.
        reader: the built-in reader's.
        keeper: says what may be sent.
    """

    def __init__(self, model: Answerer, reader: Answerer, keeper: Keeper) -> None:
        self.name = model.name
        self._model = model
        self._reader = reader
        self._keeper = keeper

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The answer in pieces, which cite by the numbers of all passages."""
        pieces = await asyncio.to_thread(self._chosen, evidence)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    def _chosen(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """Who answers: it depends on what may be sent."""
        kept, host = self._keeper.kept(), self._keeper.host
        shown = [one.number for one in evidence.sources if one.article.id not in kept]
        if evidence.query.stays is not None:
            return self._here(evidence, evidence.query.stays)
        if not shown:
            none = f"No passage was sent to {host}: all that were found are marked local_only."
            return self._here(evidence, Notice("private", none))
        self._keeper.announce()
        return self._there(evidence, shown) if kept else self._model.draft(evidence)

    async def _there(self, evidence: Evidence, shown: Sequence[int]) -> AsyncGenerator[Draft, None]:
        """The model's answer from the passages of these numbers, or the reader's from all."""
        left_out = self._left_out(evidence, shown)
        spent = Draft()
        held: list[Draft] = []
        async with aclosing(self._model.draft(_part(evidence, shown))) as pieces:
            async for piece in pieces:
                if piece.restart is not None:
                    held = []
                    if piece.restart.kind == "fallback":
                        async for other in self._here(evidence, piece.restart, *left_out):
                            yield other
                        return
                known = (number for number in piece.cites if 1 <= number <= len(shown))
                piece = replace(piece, cites=tuple(shown[number - 1] for number in known))
                spent = spent + piece
                held.append(piece)
                if not (left_out and _may_abstain(spent)):
                    for one in held:
                        yield one
                    held = []
        if left_out and _abstains(spent):
            asked = f"{left_out[0].text} The others do not answer: the built-in reader read all."
            async for other in self._here(evidence, Notice("private", asked)):
                yield other
            yield Draft(usage=spent.usage, cost=spent.cost)
            return
        for one in held:
            yield one
        yield Draft(notices=left_out)

    def _left_out(self, evidence: Evidence, shown: Sequence[int]) -> tuple[Notice, ...]:
        """How many passages are not sent, if any."""
        count = len(evidence.sources) - len(shown)
        if not count:
            return ()
        passages = f"{count} passage{'s' * (count != 1)} of articles marked local_only"
        best = "" if shown[0] == evidence.sources[0].number else ", the best match among them,"
        sent = f"{'was' if count == 1 else 'were'} not sent to {self._keeper.host}."
        return (Notice("private", f"{passages}{best} {sent}"),)

    async def _here(self, evidence: Evidence, *why: Notice) -> AsyncGenerator[Draft, None]:
        """What is told on this machine, beginning anew."""
        yield Draft(restart=why[0], notices=why[1:])
        if evidence.told:
            for piece in evidence.told:
                yield piece
            return
        async with aclosing(self._reader.draft(evidence)) as pieces:
            async for piece in pieces:
                yield piece


def _part(evidence: Evidence, numbers: Sequence[int]) -> Evidence:
    """What a model may have of the evidence: these sources, numbered anew, and the question.

    The parts of a question may hold an answer that was found for another part, and copies are named
    by their outlets.
    """
    sources = [source for source in evidence.sources if source.number in numbers]
    return Evidence(
        query=replace(evidence.query, history=(), parts=()),
        sources=tuple(
            replace(source, number=number, copies=()) for number, source in enumerate(sources, 1)
        ),
    )


def _may_abstain(said: Draft) -> bool:
    """Whether the reply so far may turn out to say that the passages do not answer."""
    return says_nothing(said.text) or NO_ANSWER.lower().startswith(said.text.strip().lower())


def _abstains(said: Draft) -> bool:
    """Whether a whole reply says that the passages do not answer, and nothing else."""
    spans = sentences(said.text)
    return not said.cites and all(says_nothing(said.text[start:end]) for start, end in spans)


def _told(turns: Sequence[Turn], kept: frozenset[str]) -> tuple[Turn, ...]:
    """The turns as far as they may be sent.

    Of a turn without its whole answer, as a program may hand it over, nobody knows where the words
    come from: only its question is kept. After one that is left out, what a question was understood
    as may hold words of it, and is forgotten.
    """
    told: list[Turn] = []
    dropped = False
    for turn in turns:
        if turn.answer is None:
            told.append(replace(turn, text=""))
        elif _came_from_here(turn) or _read(turn.answer) & kept:
            dropped = True
        elif dropped:
            typed = replace(turn.answer, understood=replace(turn.answer.understood, question=""))
            told.append(replace(turn, answer=typed))
        else:
            told.append(turn)
    return tuple(told)


def _came_from_here(turn: Turn) -> bool:
    """Whether the built-in reader answered because something was kept from a model."""
    answer = turn.answer
    return answer is not None and answer.answered_by == KEYLESS and _kept_back(answer)


def _read(answer: Answer) -> frozenset[str]:
    """Ids of the articles whose words may be in an answer.

    Of a model's from which passages were kept, it can be those only that it cites.
    """
    cited = {citation.article_id for citation in answer.citations}
    if answer.answered_by != KEYLESS and _kept_back(answer):
        return frozenset(cited)
    return frozenset(cited | {hit.passage.article_id for hit in answer.hits})


def _kept_back(answer: Answer) -> bool:
    return any(notice.kind == "private" for notice in answer.notices)
