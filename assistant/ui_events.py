"""What the page's events call, and the sessions that they work on; imports Gradio.

Each browser session has a `Session` of its own on the server; nothing is shared between sessions
but the assistant, which holds no conversation.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import ui_html as html
from assistant import ui_shelf
from assistant.errors import AssistantError, NotFoundError
from assistant.types import Answer, Citation, Done, Turn
from index import Article, Item, Library, Passage, Progress
from index.store import OnProgress

if TYPE_CHECKING:
    from assistant.qa import Assistant

FRAME = 0.05
"""Seconds between two updates of an answer that is being written, at least."""

NEAREST = 3
"""Passages shown when the articles do not say."""

SAMPLE_QUESTIONS = (
    "Who proposed the truce, and for how long?",
    "Who was killed near Beirut?",
    "How many people were on strike in the last week of March?",
    "How well does the Tarn fever vaccine work?",
    "Who painted the Mona Lisa?",
)

MISTAKE = "the program made a mistake; the terminal it runs in says more"
"""What a person sees of an error that nobody foresaw."""

log = logging.getLogger(__name__)

Messages = list[dict[str, str]]


@dataclass
class Session:
    """One browser session: what is shown, and the turns that later questions may refer to."""

    messages: Messages = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    partial: html.Partial | None = None

    def begin(self, question: str) -> html.Partial:
        """A new question with an empty answer."""
        self.partial = html.Partial(f"a{secrets.token_hex(4)}")
        self.messages += [
            {"role": "user", "content": html.question(question)},
            {"role": "assistant", "content": self.partial.html()},
        ]
        return self.partial

    def show(self, text: str) -> Messages:
        """All messages, with this HTML as the newest answer."""
        self.messages[-1] = {"role": "assistant", "content": text}
        return list(self.messages)


class Handlers:
    """What the page's events call."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def ask(self, question: str, mine: Session) -> AsyncIterator[tuple[Any, Any]]:
        """Answer a question, step by step: messages and the state of the question field."""
        if not question.strip():
            gr.Info("Type a question first.", duration=3)
            yield gr.skip(), gr.skip()
            return
        partial = mine.begin(question)
        yield list(mine.messages), _update(running=True, clear=True)
        try:
            stream = self._assistant.stream(question, history=tuple(mine.turns))
            async with aclosing(stream) as events:
                shown = 0.0
                async for event in events:
                    text = ""
                    if isinstance(event, Done):
                        text = await asyncio.to_thread(self._finished, event.answer, partial.prefix)
                    elif partial.feed(event) and time.monotonic() - shown > FRAME:
                        text = partial.html()
                    if mine.partial is not partial:  # stopped, or a new chat
                        return
                    if text:
                        shown = time.monotonic()
                        yield mine.show(text), gr.skip()
                    if isinstance(event, Done):
                        mine.turns.append(Turn(question, event.answer.text, event.answer))
        except Exception as error:
            if not isinstance(error, AssistantError):
                log.exception("answering failed")
            if mine.partial is partial:
                reason = str(error) if isinstance(error, AssistantError) else MISTAKE
                yield mine.show(partial.html(html.error(reason))), gr.skip()
        if mine.partial is partial:
            mine.partial = None
            yield gr.skip(), _update(running=False)

    async def ask_example(
        self, mine: Session, event: gr.SelectData
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Answer one of the example questions."""
        async for update in self.ask(event.value["text"], mine):
            yield update

    def stop(self, mine: Session) -> tuple[Any, Any]:
        """Leave the running answer as it is."""
        partial, mine.partial = mine.partial, None
        shown = mine.show(partial.html(html.stopped())) if partial else gr.skip()
        return shown, _update(running=False)

    def clear(self, mine: Session) -> tuple[Any, Any]:
        """Begin a new chat."""
        mine.partial = None
        mine.messages.clear()
        mine.turns.clear()
        return [], _update(running=False, clear=True)

    def refresh(self) -> tuple[Any, Any]:
        """The list of articles, and the example questions that go with it."""
        try:
            articles = self._assistant.library.articles()
            samples = self._assistant.uses_samples
        except AssistantError as error:
            return html.error(str(error)), gr.skip()
        return ui_shelf.shelf(articles, samples), gr.Chatbot(examples=_examples(articles, samples))

    def read(self, event: gr.EventData) -> str:
        """The article whose button was pressed, or the list again."""
        try:
            if name := str(getattr(event, "id", "")):
                return ui_shelf.reader(self._assistant.library.get(name))
            return ui_shelf.shelf(self._assistant.library.articles(), self._assistant.uses_samples)
        except AssistantError as error:
            return html.error(str(error))

    async def add(self, files: list[tuple[str, str]]) -> AsyncIterator[tuple[Any, ...]]:
        """Add uploaded files to the person's own library, and say what became of them."""
        steps = [Progress(0, len(files), 0, "")]
        work = asyncio.create_task(asyncio.to_thread(self._add, files, steps.append))
        yield None, ui_shelf.adding(steps[-1]), gr.skip(), gr.skip()
        while not work.done():
            await asyncio.wait([work], timeout=0.3)
            yield None, ui_shelf.adding(steps[-1]), gr.skip(), gr.skip()
        shelf, chat = await asyncio.to_thread(self.refresh)
        yield None, work.result(), shelf, chat

    def _add(self, files: list[tuple[str, str]], on_progress: OnProgress) -> str:
        """Add files under their own names and delete the copies; returns the report."""
        try:
            items = [Item(name, path=Path(path), key=f"upload:{name}") for path, name in files]
            report = self._assistant.own.add(items, on_progress=on_progress)
        except AssistantError as error:
            return html.error(str(error))
        except Exception:
            log.exception("adding failed")
            return html.error(MISTAKE)
        finally:
            for path, _ in files:
                with suppress(OSError):
                    Path(path).unlink()
        return ui_shelf.report(report)

    def _finished(self, answer: Answer, prefix: str) -> str:
        """A finished answer, its citations within their surroundings."""
        library = self._assistant.library
        around = {c.number: _around(library, c) for c in answer.citations}
        nearest = list(_nearest(library, answer)) if answer.abstained else []
        return html.answer(answer, around, nearest, prefix)


def field_state(running: bool, clear: bool = False) -> dict[str, Any]:
    """Properties of the question field; while an answer runs, its button stops it."""
    state = {"submit_btn": False if running else "Ask", "stop_btn": "Stop" if running else False}
    return {**state, "value": ""} if clear else state


def _update(running: bool, clear: bool = False) -> gr.Textbox:
    """The question field in that state."""
    return gr.Textbox(**field_state(running, clear))


def _examples(articles: Sequence[Article], samples: bool) -> list[Any]:
    """Questions to begin with."""
    if samples:
        return [{"text": text} for text in SAMPLE_QUESTIONS]
    titles = [html.shorten(article.title) for article in articles if article.title]
    return [{"text": f"What does “{title}” say?"} for title in titles[:3]]


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
