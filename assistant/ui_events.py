"""What the chat's events call; imports Gradio.

Each browser session has a `Session` of its own on the server; nothing is shared between sessions
but the assistant, which holds no conversation.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, get_args

import gradio as gr

from assistant import ui_html as html
from assistant import ui_scope
from assistant.errors import AssistantError, NotFoundError
from assistant.types import Answer, Citation, Done, FilterKind
from assistant.ui_articles import MISTAKE, Articles
from assistant.ui_session import Exchange, Session
from assistant.ui_waits import Waiting, with_waits
from index import Article, Library, Passage

if TYPE_CHECKING:
    from assistant.qa import Assistant

FRAME = 0.05
"""Seconds between two updates of an answer that is being written, at least."""

NEAREST = 3
"""Passages shown when the articles do not say."""

log = logging.getLogger(__name__)


class Chat:
    """What the chat's events call."""

    def __init__(self, assistant: Assistant, articles: Articles) -> None:
        self._assistant = assistant
        self._articles = articles

    async def ask(
        self, question: str, mine: Session, ticked: object, without: tuple[str, ...] = ()
    ) -> AsyncGenerator[tuple[Any, Any], None]:
        """Answer a question, step by step: messages and the state of the question field.

        Args:
            question: as it was typed.
            mine: the browser's session.
            ticked: the tags and articles to search in, as the browser tells them.
            without: kinds of filters that the question's own words shall not set.
        """
        if not question.strip():
            gr.Info("Type a question first.", duration=3)
            yield gr.skip(), gr.skip()
            return
        await self._catch_up(mine)
        turns, mine.chosen = mine.turns, ui_scope.parse(ticked)
        partial = mine.begin(question, without)
        exchange = mine.exchanges[-1]
        yield mine.messages, _update(running=True, clear=True)
        try:
            scope = await asyncio.to_thread(
                ui_scope.narrowed, exchange.chosen, self._assistant.library
            )
            stream = self._assistant.stream(
                question,
                history=turns,
                articles=scope.articles,
                tags=scope.tags,
                without=without,
            )
            async with aclosing(with_waits(stream)) as pieces:
                shown = 0.0
                async for piece in pieces:
                    text = ""
                    if isinstance(piece, Waiting):
                        partial.waiting = piece.words
                        text = partial.html()
                    elif isinstance(piece, Done):
                        text = await asyncio.to_thread(self._drawn, exchange, piece.answer)
                    elif partial.feed(piece) and time.monotonic() - shown > FRAME:
                        text = partial.html()
                    if mine.partial is not partial:  # stopped, or a new chat
                        return
                    exchange.heard(piece)
                    if text:
                        shown = time.monotonic()
                        yield mine.show(text), gr.skip()
        except Exception as error:
            if not isinstance(error, AssistantError):
                log.exception("answering failed")
            if mine.partial is partial:
                reason = str(error) if isinstance(error, AssistantError) else MISTAKE
                yield mine.cut_off(html.error(reason)), gr.skip()
        if mine.partial is partial:
            mine.partial = None
            news = await self._catch_up(mine)
            yield mine.messages if news else gr.skip(), _update(running=False)

    async def ask_example(
        self, mine: Session, ticked: object, event: gr.SelectData
    ) -> AsyncGenerator[tuple[Any, Any], None]:
        """Answer one of the example questions."""
        async for update in self.ask(event.value["text"], mine, ticked):
            yield update

    async def ask_again(
        self, mine: Session, ticked: object, event: gr.EventData
    ) -> AsyncGenerator[tuple[Any, Any], None]:
        """Answer a question without a filter that was taken off."""
        kinds = str(getattr(event, "kinds", "")).split("-")
        without = tuple(kind for kind in get_args(FilterKind) if kind in kinds)
        for exchange in mine.exchanges:
            if exchange.prefix == getattr(event, "answer", "") and exchange.answer is not None:
                question = exchange.answer.understood.question or exchange.question
                if any(notice.kind == "private" for notice in exchange.answer.notices):
                    # It may hold words of an answer that stays here, and would pass for typed ones.
                    question = exchange.question
                async for update in self.ask(question, mine, ticked, without):
                    yield update
                return

    def stop(self, mine: Session) -> tuple[Any, Any]:
        """Leave the running answer as it is."""
        shown = mine.cut_off(html.stopped()) if mine.partial else gr.skip()
        mine.partial = None
        return shown, _update(running=False)

    def clear(self, mine: Session) -> tuple[Any, Any]:
        """Begin a new chat."""
        mine.clear()
        return [], _update(running=False, clear=True)

    async def look(self, mine: Session) -> Any:
        """Whether articles were removed or changed: the number of the last change, if so.

        Called every few seconds; costs one small query while there is nothing new.
        """
        await self._catch_up(mine)
        return mine.seen if mine.stale and mine.partial is None else gr.skip()

    def show_news(self, mine: Session) -> tuple[Any, ...]:
        """Messages, list, scope and its choice, after articles were removed or changed."""
        view = self._articles.catch_up(mine)
        shown: dict[str, Any] = {}
        if mine.exchanges and not mine.partial:
            shown["value"] = mine.messages
        return gr.Chatbot(**shown, **view.chat), *view.side

    async def _catch_up(self, mine: Session) -> bool:
        """Take in what was removed or changed since the last time; whether there was anything.

        Not while an answer is written: its own articles may be among them.
        """
        try:
            changes = await asyncio.to_thread(self._assistant.own.changes, mine.seen)
        except AssistantError as error:  # the next answer says what is wrong
            log.info("the log of changes cannot be read: %s", error)
            return False
        if not changes or mine.partial is not None:
            return False
        mine.seen, mine.stale = changes[-1].number, True
        for exchange in mine.forget(changes):
            if exchange.answer is not None:
                exchange.shown = await asyncio.to_thread(self._drawn, exchange, exchange.answer)
        return True

    def _drawn(self, exchange: Exchange, answer: Answer) -> str:
        """A finished answer, its citations within their surroundings."""
        library = self._assistant.library
        return html.answer(
            answer,
            {c.number: _around(library, c) for c in answer.citations},
            list(_nearest(library, answer)) if answer.abstained else [],
            exchange.prefix,
            within=ui_scope.words(exchange.chosen, library),
            changed=exchange.changed,
            without=exchange.without,
        )


def field_state(running: bool, clear: bool = False) -> dict[str, Any]:
    """Properties of the question field; while an answer runs, its button stops it."""
    state = {"submit_btn": False if running else "Ask", "stop_btn": "Stop" if running else False}
    return {**state, "value": ""} if clear else state


def _update(running: bool, clear: bool = False) -> gr.Textbox:
    """The question field in that state."""
    return gr.Textbox(**field_state(running, clear))


def _around(library: Library, citation: Citation) -> html.Excerpt:
    """A quote within its surroundings; alone if its article is gone."""
    try:
        text = library.get(citation.article_id, citation.version).text
    except NotFoundError:
        return html.Excerpt("", citation.quote, "")
    return html.excerpt(text, citation.start, citation.end)


def _nearest(library: Library, answer: Answer) -> Iterator[tuple[Article, Passage]]:
    """The passages nearest to a question that the articles do not answer."""
    for hit in answer.hits[:NEAREST]:
        with suppress(NotFoundError):
            yield library.get(hit.passage.article_id, hit.passage.version), hit.passage
