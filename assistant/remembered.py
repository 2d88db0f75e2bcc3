"""What was asked of a language model before is said again without asking it.

Where the setting `cache` is on. The key is a digest of everything that decides a reply: messages,
host, model, and all settings that are not known to be without influence. The words are read and
checked anew each time. Knows nothing of what they mean, or of how a model is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from assistant.answer_cache import AnswerCache, Pieces
from assistant.settings import Settings
from assistant.state import Draft, Evidence
from assistant.types import Notice

_ASIDE = frozenset(
    "store catalogue embedding api_key keyless timeout retries passages reranker threshold strict "
    "private_addresses keep_originals prompts cache context stall budget_tokens budget_cost "
    "price_input price_output".split()
)
"""Settings that decide nothing of a reply but through what is sent; all others are in the key."""

_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")
_WHOLE = frozenset("stop end_turn stop_sequence eos eos_token complete completed".split())
"""What providers say of a reply that came to its own end, and where."""

_NOTHING_SPENT = dict.fromkeys(("input_tokens", "output_tokens", "total_tokens"), 0)


class Memory:
    """One request to a model, with the reply that it had before or that it gets now.

    Args:
        settings: of the assistant.
        cache: where replies are kept, None for nowhere.
        evidence: what the reply is made from.
        messages: what is sent, as LangChain takes it.
    """

    def __init__(
        self,
        settings: Settings,
        cache: AnswerCache | None,
        evidence: Evidence,
        messages: Sequence[Any],
    ) -> None:
        articles = _made_from(evidence)
        self._cache = cache if articles else None
        self._articles = articles
        self._is_fresh = settings.cache == "fresh"
        self._key = _key(messages, settings) if self._cache else ""
        self._pieces: list[dict[str, Any]] = []
        self._made: datetime | None = None

    async def recall(self) -> AsyncGenerator[Any, None] | None:
        """The chunks of the reply that the same request had before; None if it is to be sent."""
        if self._cache is None or self._is_fresh:
            return None
        kept = await asyncio.to_thread(self._cache.get, self._key)
        if kept is None or not (chunks := _chunks(kept.pieces)):
            return None
        self._made = kept.made
        return _each(chunks)

    async def noted(self, chunks: AsyncGenerator[Any, None]) -> AsyncGenerator[Any, None]:
        """The chunks of a new reply as they come, which are closed with it."""
        async with aclosing(chunks):
            async for chunk in chunks:
                self._pieces.append(_piece(chunk))
                yield chunk

    async def keep(self) -> None:
        """Keep a new reply that came to its own end; to be called when it was found to be good."""
        if self._cache is not None and _is_whole(self._pieces):
            await asyncio.to_thread(self._cache.put, self._key, self._pieces, self._articles)

    @property
    def told(self) -> Draft:
        """What there is to know of a reply that was recalled: when it was made; it cost nothing."""
        if self._made is None:
            return Draft()
        then = self._made.astimezone()
        words = f"The model's words are those of {then.day} {then:%B %Y, %H:%M}."
        return Draft(notices=(Notice("cached", words),), usage=_NOTHING_SPENT, cost=0.0)


def _key(messages: Sequence[Any], settings: Settings) -> str:
    """A digest of everything that decides a reply."""
    from langchain_core.messages import convert_to_messages

    said = [[message.type, message.content] for message in convert_to_messages(messages)]
    known = settings.model_dump(mode="json", exclude=set(_ASIDE))
    text = json.dumps([said, settings.model_host, known], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _made_from(evidence: Evidence) -> tuple[str, ...]:
    """Ids of the articles whose words went to the model; none where that is not known.

    A question that was rewritten may have words of earlier answers, and a pair of question and
    answer does not tell which articles these are from.
    """
    query = evidence.query
    names = {source.article.id for one in _all(evidence) for source in one.sources}
    if query.history and query.understood.question != query.question:
        for turn in query.history:
            if turn.answer is None:
                return ()
            names |= {hit.passage.article_id for hit in turn.answer.hits}
            names |= {citation.article_id for citation in turn.answer.citations}
    return tuple(sorted(names))


def _all(evidence: Evidence) -> Iterator[Evidence]:
    yield evidence
    for part in evidence.parts:
        yield from _all(part)


def _piece(chunk: Any) -> dict[str, Any]:
    """A chunk as JSON-ready values, without its empty fields and what it cost."""
    names = ("content", "additional_kwargs", "response_metadata")
    return {name: value for name in names if (value := getattr(chunk, name))}


def _chunks(pieces: Pieces) -> list[Any]:
    """LangChain's chunks, made anew; none if that cannot be."""
    from langchain_core.messages import AIMessageChunk

    try:
        return [AIMessageChunk(**{"content": "", **piece}) for piece in pieces]
    except (TypeError, ValueError):  # kept by another version of LangChain
        return []


async def _each(chunks: Sequence[Any]) -> AsyncGenerator[Any, None]:
    for chunk in chunks:
        yield chunk


def _is_whole(pieces: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what was last said of an end is that the reply came to its own."""
    known = [piece.get("response_metadata", {}) for piece in pieces]
    ends = [str(one[name]).lower() for one in known for name in _ENDS if one.get(name)]
    return bool(ends) and ends[-1] in _WHOLE
