"""What the events beside the chat call: the list, the reader, tags, the scope, and uploads.

Imports Gradio.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from assistant import ui_html as html
from assistant import ui_scope, ui_shelf
from assistant.errors import AssistantError, NotFoundError
from assistant.ui_adding import Upload
from assistant.ui_session import Session
from index import Article, Item
from index.gate import on_wait

if TYPE_CHECKING:
    from assistant.qa import Assistant

SAMPLE_QUESTIONS = (
    "Who proposed the truce, and for how long?",
    "Who was killed near Beirut?",
    "How many people were on strike in the last week of March?",
    "How well does the Tarn fever vaccine work?",
    "Who painted the Mona Lisa?",
)

MISTAKE = "the program made a mistake; the terminal it runs in says more"
"""What a person sees of an error that nobody foresaw."""

FRAME = 0.3
"""Seconds between two looks at an upload that is running."""

log = logging.getLogger(__name__)


class View(NamedTuple):
    """What stands beside the chat: list, scope and its choice; and properties of the chat."""

    side: tuple[Any, Any, Any]
    chat: dict[str, Any]


class Articles:
    """What the page's events beside the chat call."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def load(self, mine: Session) -> tuple[Any, ...]:
        """A page that was just opened: list, scope, choice of scope, and the chat's examples."""
        with suppress(AssistantError):  # the list will say what is wrong
            if changes := self._assistant.own.changes():
                mine.seen = changes[-1].number
        view = self.view(mine)
        return *view.side, gr.Chatbot(**view.chat)

    def view(self, mine: Session) -> View:
        """What stands beside the chat now; the list of articles, whatever was open."""
        try:
            articles = self._assistant.library.articles()
            samples = self._assistant.uses_samples
            groups = self._assistant.library.copy_groups()
            local = self._assistant.library.local_ids()
            line = ui_scope.line(mine.chosen, self._assistant.library)
        except AssistantError as error:
            return View((html.error(str(error)), gr.skip(), gr.skip()), {})
        mine.stale, mine.open = False, ""
        side = (
            ui_shelf.shelf(articles, samples, groups),
            line,
            ui_scope.choices(mine.chosen, articles),
        )
        # What is local only must not become a question by a click.
        told = [article for article in articles if article.id not in local]
        return View(side, {"examples": _examples(told, samples)})

    def catch_up(self, mine: Session) -> View:
        """As `view`, but an open article stays open if it is still there."""
        name = mine.open
        view = self.view(mine)
        if name:
            with suppress(AssistantError):
                mine.open = self._assistant.library.get(name).id
                return View((gr.skip(), *view.side[1:]), view.chat)
        return view

    def read(self, mine: Session, event: gr.EventData) -> str:
        """The article whose button was pressed, or the list again."""
        try:
            library = self._assistant.library
            if name := str(getattr(event, "id", "")):
                article = library.get(name)
                mine.open = article.id
                return self._reader(article)
            mine.open = ""
            samples = self._assistant.uses_samples
            return ui_shelf.shelf(library.articles(), samples, library.copy_groups())
        except AssistantError as error:
            return html.error(str(error))

    def choose(self, mine: Session, event: gr.EventData) -> str:
        """Limit questions to what is ticked; the line that says so."""
        mine.chosen = ui_scope.parse(getattr(event, "chosen", None))
        try:
            return ui_scope.line(mine.chosen, self._assistant.library)
        except AssistantError as error:
            return html.error(str(error))

    def tag(self, mine: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Save the tags of the open article: the article, scope, and choice of scope."""
        name, text = str(getattr(event, "id", "")), str(getattr(event, "tags", ""))
        library = self._assistant.library
        try:
            article = library.get(name)
            try:
                library.set_tags(article.id, ui_shelf.parse_tags(text))
                note = ui_shelf.saved("Tags saved.")
            except AssistantError as error:
                return self._reader(article, html.error(str(error))), gr.skip(), gr.skip()
            mine.open = article.id
            _, line, choices = self.catch_up(mine).side
            return self._reader(library.get(article.id), note), line, choices
        except AssistantError as error:
            return html.error(str(error)), gr.skip(), gr.skip()

    def tag_added(self, mine: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Give the articles that were added last more tags: report, list, scope, and its choice."""
        library = self._assistant.own
        try:
            tags = ui_shelf.parse_tags(str(getattr(event, "tags", "")))
            count = 0
            for name in mine.added if tags else ():
                with suppress(NotFoundError):
                    library.set_tags(name, (*library.get(name).tags, *tags))
                    count += 1
        except AssistantError as error:
            return html.error(str(error)), gr.skip(), gr.skip(), gr.skip()
        if not tags:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        words = f"{count} article{'s' * (count != 1)} tagged {', '.join(tags)}."
        return ui_shelf.saved(words), *self.catch_up(mine).side

    async def add(
        self, files: list[tuple[str, str]], mine: Session
    ) -> AsyncGenerator[tuple[Any, ...], None]:
        """Add uploaded files to the person's own library, and say what became of them.

        Field of files, report, button that stops, list, scope, its choice, example questions. The
        addition goes on to its end even if the browser has gone.
        """
        same = (gr.skip(),) * 4
        upload = mine.upload = Upload(len(files))
        work = asyncio.create_task(asyncio.to_thread(self._add, files, upload, mine))
        shown = ui_shelf.adding(upload)
        yield None, shown, gr.Button(visible=True), *same
        while not work.done():
            await asyncio.wait([work], timeout=FRAME)
            if (now := ui_shelf.adding(upload)) != shown:
                shown = now
                yield None, shown, gr.skip(), *same
        mine.upload = None
        view = await asyncio.to_thread(self.view, mine)
        shown, hidden = work.result(), gr.Button(visible=False)
        yield None, shown, hidden, *view.side, gr.Chatbot(**view.chat)

    def stop_adding(self, mine: Session) -> None:
        """Let the running upload stop soon."""
        if mine.upload:
            mine.upload.stop()

    def _add(self, files: list[tuple[str, str]], upload: Upload, mine: Session) -> str:
        """Add files under their own names and delete the copies; returns the report."""
        on_wait.set(upload.wait)
        mine.added = ()
        try:
            items = [Item(name, path=Path(path), key=f"upload:{name}") for path, name in files]
            keep = self._assistant.settings.keep_originals
            report = self._assistant.own.add(items, keep=keep, on_progress=upload.step)
        except AssistantError as error:
            return html.error(str(error))
        except Exception:
            log.exception("adding failed")
            return html.error(MISTAKE)
        finally:
            for path, _ in files:
                with suppress(OSError):
                    Path(path).unlink()
        mine.added = tuple(article.id for article in report.added)
        return ui_shelf.report(report)

    def _reader(self, article: Article, note: str = "") -> str:
        """An article with its copies and its earlier versions."""
        library = self._assistant.library
        copies, versions = library.copies(article.id), library.versions(article.id)
        return ui_shelf.reader(article, note, copies, versions)


def _examples(articles: Sequence[Article], samples: bool) -> list[Any]:
    """Questions to begin with."""
    if samples:
        return [{"text": text} for text in SAMPLE_QUESTIONS]
    titles = [html.shorten(article.title) for article in articles if article.title]
    return [{"text": f"What does “{title}” say?"} for title in titles[:3]]
