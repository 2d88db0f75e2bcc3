"""Writes an answer on a terminal while a model is still writing it.

A terminal cannot take back what it shows, and a sentence's citation numbers come after the sentence
was checked, when the next one may have begun. So text is shown as it comes up to the end of a
sentence, and the rest once the numbers are there. What the built-in reader answers in a model's
place waits for its end: it comes at once, and its short answer, which stands first, is known last.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable

from assistant.render import below, prose
from assistant.types import NO_ANSWER, Answer, Checked, Claim, Done, Event, Restarted, Token

_END = re.compile(r"[.!?…。！？]")


async def write_stream(
    events: AsyncIterator[Event], write: Callable[[str], None]
) -> tuple[Answer, str]:
    """Write a model's sentences with their numbers as they come.

    Returns:
        The answer, and what is still to be printed: sources and notices, or all of an answer that
        began anew.
    """
    writer = _Writer(write)
    answer: Answer | None = None
    async for event in events:
        match event:
            case Token(text):
                writer.token(text)
            case Checked(claim):
                writer.sentence(claim)
            case Restarted():
                writer.void()
            case Done(answer):
                pass
            case _:
                pass
    assert answer is not None
    if not writer.begun:
        return answer, str(answer)
    return answer, below(answer)


class _Writer:
    """Knows what of the text is on the terminal."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._open = ""
        """Text of the sentence that is being written and of what follows it."""
        self._shown = 0
        """Characters of it that are on the terminal."""
        self._held = False
        """Whether another answer follows, of which nothing is written here."""
        self.begun = False

    def token(self, text: str) -> None:
        if self._held:
            return
        self._open += text
        if not self._shown:
            self._open = self._open.lstrip()
        end = _END.search(self._open)
        self._show(self._open[: end.start() if end else None])

    def sentence(self, claim: Claim) -> None:
        if self._held:
            return
        self._show(claim.text)
        if claim.text != NO_ANSWER:
            self._write(prose([claim]).removeprefix(claim.text))
        rest, self._open, self._shown = self._open.removeprefix(claim.text), "", 0
        self.token(rest)

    def void(self) -> None:
        if self.begun:
            self._write("\n\nThe text above is void; another answer follows.\n\n")
        self._held, self.begun = True, False

    def _show(self, text: str) -> None:
        if len(text) <= self._shown:
            return
        if self.begun and not self._shown:
            self._write(" ")
        self._write(text[self._shown :])
        self._shown, self.begun = len(text), True
