"""One reply of a language model as it comes: what it says, how it ends, and when it says nothing.

Knows nothing of prompts, retries, or what answers in its place.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from math import inf
from typing import Any, Literal

from assistant.faults import Kind, fault
from assistant.prose import ProseReader
from assistant.settings import Settings
from assistant.state import Draft
from assistant.streams import refuses
from assistant.thoughts import Said
from assistant.types import Notice

MOST = 20_000
"""Characters of a reply at most; what is longer is cut off."""

MOST_THOUGHTS = 200_000
"""Characters that a model may think aloud at most."""

LAST_WAIT = 1.0
"""Seconds for what may follow the end of a reply, such as its usage."""

THOUGHT = Notice("thoughts", "What the model wrote first was its thinking, not its answer.")

Ending = Literal["", "whole", "length", "filtered", "broken"]

_REASONS = ("finish_reason", "stop_reason", "done_reason", "finishReason", "stopReason")
_ENDINGS: Mapping[str, Ending] = {
    "length": "length",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_length": "length",
    "content_filter": "filtered",
    "content_filtered": "filtered",
    "refusal": "filtered",
    "safety": "filtered",
    "prohibited_content": "filtered",
    "recitation": "filtered",
    "guardrail_intervened": "filtered",
    "error": "broken",
    "network_error": "broken",
    "abort": "broken",
    "insufficient_system_resource": "broken",
}
"""How providers call an end that is not the reply's own."""

_SENTENCE_END = re.compile(r"[.!?…。！？।؟]")
_DECLINES = re.compile(
    r"[\s*_]*(?:(?:i(?:['’]m| am)|we(?:['’]re| are)) (?:\w+ )?(?:sorry|unable|afraid|not able)\b|"
    r"sorry,|i (?:cannot|can['’]t|can not|won['’]t|must decline)\b|"
    r"(?:unfortunately|as an ai)\b[^.]{0,40}\bi (?:cannot|can['’]t|am (?:unable|not able))\b)"
    r"[^.!?]*\b(?:help|assist|comply|provide|answer|discuss|continue|fulfil\w*|do that|request)\b",
    re.IGNORECASE,
)
_LONGEST_REFUSAL = 400

_LOOKED_AT = 4_000
_LOOP = 300
"""Characters that must repeat themselves, at least."""
_TIMES = 4


class Reply:
    """Turns a model's chunks into pieces of a draft, and judges whether they make a reply.

    Args:
        settings: whose model it is, and how long it may say nothing.
        highest: number of the last passage that it may cite.
        read: what a chunk says, and what the model thinks aloud in it.
        rest: what was held back at the end of the reply.
        most: characters at most.
    """

    def __init__(
        self,
        settings: Settings,
        highest: int,
        read: Callable[[Any], Said],
        rest: Callable[[], Said] = Said,
        most: int = MOST,
    ) -> None:
        self._settings = settings
        self._read = read
        self._rest = rest
        self._highest = highest
        self._left = most
        self._thoughts_left = MOST_THOUGHTS
        self._prose = ProseReader(highest)
        self._said = ""
        self._cites = False
        self._ending: Ending = ""
        self._must_end = self._begun = False
        self._written, self._thought = _Tail(), _Tail()

    async def pieces(
        self, chunks: AsyncGenerator[Any, None], deadline: float | None = None
    ) -> AsyncGenerator[Draft, None]:
        """The reply's pieces as its chunks come, which are closed with it.

        Args:
            chunks: LangChain's.
            deadline: the time of the event loop at which it ends, however far it has come.

        Raises:
            ModelError: it stalls, breaks off, repeats itself without end, is held back by the
                server's filter, declines to answer, or says nothing.
        """
        clock = asyncio.get_running_loop().time
        patience = inf
        async with aclosing(chunks):
            while self._left > 0 and self._thoughts_left > 0:
                until = min(patience, inf if deadline is None else deadline)
                try:
                    async with asyncio.timeout_at(None if until == inf else until) as limit:
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    if not limit.expired():
                        raise
                    if self._ending:
                        break
                    raise fault(self._lateness(until == deadline), self._settings) from None
                if refuses(chunk):
                    raise fault("declined", self._settings)
                said = self._read(chunk)
                if said.text or said.thoughts:
                    self._begun = True
                    patience = clock() + self._settings.stall
                for piece in self._take(said):
                    yield piece
                if not self._ending and self._ends_with(chunk.response_metadata):
                    patience = clock() + LAST_WAIT
        for piece in (*self._take(self._rest()), *self.close()):
            yield piece

    def _take(self, said: Said) -> list[Draft]:
        """The pieces that are certain, which take back those before if they were thoughts."""
        if not said.void:
            return self.feed(said.text, said.thoughts)
        self._prose, self._said, self._cites = ProseReader(self._highest), "", False
        return [Draft(restart=THOUGHT, thoughts=said.thoughts), *self.feed(said.text)]

    def feed(self, text: str, thoughts: str = "") -> list[Draft]:
        """The pieces that are certain when this has come.

        Raises:
            ModelError: the model repeats itself without end.
        """
        text, thoughts = text[: self._left], thoughts[: self._thoughts_left]
        self._left -= len(text)
        self._thoughts_left -= len(thoughts)
        if self._written.loops(text) or self._thought.loops(thoughts):
            raise fault("repeating", self._settings)
        pieces = self._noted(self._prose.feed(text))
        return [Draft(thoughts=thoughts), *pieces] if thoughts else pieces

    def close(self) -> list[Draft]:
        """The last pieces.

        Raises:
            ModelError: what came is no reply.
        """
        cut = self._ending == "length" or self._left <= 0 or self._thoughts_left <= 0
        if self._ending == "filtered":
            raise fault("filtered", self._settings)
        if self._ending == "broken" or (self._must_end and not self._ending and not cut):
            raise fault("dropped", self._settings)
        pieces = self._noted(self._prose.close())
        if cut:
            if not _SENTENCE_END.search(self._said):
                raise fault("cut_off", self._settings)
            text = "The model's reply was cut off; its last, unfinished sentence is left out."
            return [*pieces, Draft(cut=True, notices=(Notice("cut_off", text),))]
        if not any(letter.isalnum() for letter in self._said):
            raise fault("empty", self._settings)
        if not self._cites and declines(self._said):
            raise fault("declined", self._settings)
        return pieces

    def _noted(self, pieces: list[Draft]) -> list[Draft]:
        self._said += "".join(piece.text for piece in pieces)
        self._cites = self._cites or any(piece.cites for piece in pieces)
        return pieces

    def _ends_with(self, metadata: Mapping[str, Any]) -> bool:
        # OpenAI's client takes a connection that was cut for the end of the reply.
        self._must_end = self._must_end or metadata.get("model_provider") == "openai"
        self._ending = ending_of(metadata)
        return bool(self._ending)

    def _lateness(self, at_deadline: bool) -> Kind:
        if at_deadline:
            return "slow" if self._begun else "timeout"
        return "stalled"


def ending_of(metadata: Mapping[str, Any]) -> Ending:
    """How a reply ends by the metadata of one of its chunks; empty if it does not end there.

    >>> ending_of({"finish_reason": "stop"}), ending_of({"stop_reason": "max_tokens"})
    ('whole', 'length')
    """
    reason = next((found for name in _REASONS if (found := metadata.get(name))), "")
    details = metadata.get("incomplete_details")
    if metadata.get("status") == "incomplete" and isinstance(details, Mapping):
        reason = details.get("reason") or "length"
    if reason:
        return _ENDINGS.get(str(reason).lower(), "whole")
    return "whole" if metadata.get("status") == "completed" or metadata.get("done") is True else ""


def declines(text: str) -> bool:
    """Whether a text only says that the model will not do as it was asked.

    >>> declines("I'm sorry, but I can't help with that."), declines("It rained.")
    (True, False)
    """
    return len(text) <= _LONGEST_REFUSAL and bool(_DECLINES.match(text))


class _Tail:
    """The end of a text that may repeat itself."""

    def __init__(self) -> None:
        self._text = ""
        self._new = 0

    def loops(self, text: str) -> bool:
        """Whether, with this added, its end is the same words again and again."""
        self._text = (self._text + text)[-_LOOKED_AT:]
        self._new += len(text)
        if self._new < _LOOP:
            return False
        self._new = 0
        key = self._text[-40:]
        before = self._text.rfind(key, 0, len(self._text) - 1)
        period = len(self._text) - len(key) - before
        span = max(_LOOP, _TIMES * period)
        end = self._text[-span:]
        return before >= 0 and len(end) == span and end[period:] == end[:-period]
