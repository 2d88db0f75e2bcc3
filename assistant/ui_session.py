"""One browser session: what the chat shows and later questions may refer to, what is open beside.

Knows nothing of Gradio.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant import ui_html as html
from assistant.outdated import affected, remaining, removed_ids
from assistant.types import Answer, Done, Retrieved, Turn
from assistant.ui_adding import Upload
from assistant.ui_scope import Chosen
from index import Change

Messages = list[dict[str, str]]


@dataclass
class Exchange:
    """A question, and the answer as it is shown.

    `answer` is there when it is whole. Of one that was cut off, `read` has the ids of the articles
    whose words may be in what is shown.
    """

    question: str
    prefix: str
    chosen: Chosen
    without: tuple[str, ...] = ()
    shown: str = ""
    answer: Answer | None = None
    read: frozenset[str] = frozenset()
    changed: tuple[str, ...] = ()

    def heard(self, event: object) -> None:
        """Keep whose words are shown: of the articles read, and in the end of those it cites."""
        match event:
            case Retrieved(hits):
                self.read = frozenset(hit.passage.article_id for hit in hits)
            case Done(answer):
                self.answer = answer

    def forget(self) -> None:
        """Keep nothing of the answer but that there was one."""
        self.shown, self.answer = html.removed(), None
        self.read, self.changed = frozenset(), ()


@dataclass
class Session:
    """The chat of one browser, and what is open and chosen beside it.

    `seen` is the number of the last change of the library that the chat has taken in; `stale` says
    that the list of articles has not.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    partial: html.Partial | None = None
    chosen: Chosen = field(default_factory=Chosen)
    seen: int = 0
    stale: bool = False
    open: str = ""
    upload: Upload | None = None
    added: tuple[str, ...] = ()

    @property
    def messages(self) -> Messages:
        """What the chat shows."""
        return [
            message
            for exchange in self.exchanges
            for message in (
                {"role": "user", "content": html.question(exchange.question)},
                {"role": "assistant", "content": exchange.shown},
            )
        ]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a later question may refer to."""
        return tuple(
            Turn(exchange.question, exchange.answer.text, exchange.answer)
            for exchange in self.exchanges
            if exchange.answer is not None
        )

    def begin(self, question: str, without: tuple[str, ...] = ()) -> html.Partial:
        """A new question with an empty answer; `without` are filters it shall not set."""
        self.partial = html.Partial(f"a{secrets.token_hex(4)}")
        shown = self.partial.html()
        self.exchanges.append(Exchange(question, self.partial.prefix, self.chosen, without, shown))
        return self.partial

    def show(self, text: str) -> Messages:
        """All messages, with this HTML as the newest answer."""
        self.exchanges[-1].shown = text
        return self.messages

    def cut_off(self, ending: str) -> Messages:
        """All messages; the answer that is being written stays as it is, with this HTML below."""
        assert self.partial is not None
        if self.partial.is_empty:
            self.exchanges[-1].read = frozenset()
        return self.show(self.partial.html(ending))

    def clear(self) -> None:
        """Begin a new chat in the same scope."""
        self.partial = None
        self.exchanges.clear()

    def forget(self, changes: Iterable[Change]) -> list[Exchange]:
        """Take in what was removed and changed; returns what has to be drawn again."""
        known = tuple(changes)
        gone = removed_ids(known)
        answers = remaining([exchange.answer for exchange in self.exchanges], known)
        stale = []
        for exchange, answer in zip(self.exchanges, answers, strict=True):
            if exchange.answer is None or answer is None:
                if exchange.answer or exchange.read & gone:
                    exchange.forget()
                continue
            changed = tuple(dict.fromkeys((*exchange.changed, *affected(answer, known).changed)))
            if (
                answer != exchange.answer
                or changed != exchange.changed
                or gone.intersection(exchange.chosen.articles)
            ):
                stale.append(exchange)
            exchange.answer, exchange.changed = answer, changed
        return stale
