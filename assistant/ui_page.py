"""What is on the chat page; imports Gradio, so only `assistant.ui` loads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import ui_html as html
from assistant import ui_shelf
from assistant.first_time import first_notice
from assistant.ui_articles import Articles
from assistant.ui_events import Chat, field_state
from assistant.ui_session import Session
from index.loaders import SUFFIXES

if TYPE_CHECKING:
    from assistant.qa import Assistant

# One listener for whatever list or article is shown; buttons carry what they open.
SHELF_JS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-id]');
  if (button) trigger('click', {id: button.dataset.id});
});
element.addEventListener('submit', event => {
  event.preventDefault();
  const {article} = event.target.dataset, tags = event.target.elements.tags.value;
  trigger('save', {id: article, tags});
});"""

TICKED = "[...document.querySelectorAll('#choices [type=checkbox]:checked')].map(box => box.value)"
"""What questions are limited to, as the page has it."""

# Boxes that are ticked in quick succession are told together; the field hides what does not fit.
CHOICES_JS = """let soon;
element.addEventListener('change', event => {
  if (event.target.type !== 'checkbox') return;
  clearTimeout(soon);
  soon = setTimeout(() => trigger('choose', {chosen: TICKED}), 120);
});
element.addEventListener('input', event => {
  if (event.target.type !== 'search') return;
  const words = event.target.value.toLowerCase();
  for (const label of element.querySelectorAll('label'))
    label.hidden = !label.textContent.toLowerCase().includes(words);
});""".replace("TICKED", TICKED)

# The chat cannot listen by itself: what is taken off an answer there is told from here.
LINE_JS = """element.addEventListener('click', event => {
  if (!event.target.closest('[data-all]')) return;
  for (const box of document.querySelectorAll('#choices input:checked')) box.click();
});
if (!window.takesOff) document.addEventListener('click', event => {
  const chip = event.target.closest('#chat a[href^="#without-"]');
  if (!chip) return;
  event.preventDefault();
  const [, kinds, answer] = chip.getAttribute('href').match(/^#without-(.+)-(.+)$/);
  trigger('again', {kinds, answer});
});
window.takesOff = true;"""

LOOK = 10
"""Seconds between two looks at whether articles were removed or changed."""

# The newest question goes to the top of the chat and stays there while its answer grows below it.
SCROLL_JS = """() => {
  const asked = document.querySelectorAll('#chat .user-row');
  const chat = document.querySelector('#chat [role=log]');
  if (asked.length && asked.length !== chat.asked) {
    const row = asked[asked.length - 1].getBoundingClientRect();
    chat.scrollTo({top: chat.scrollTop + row.top - chat.getBoundingClientRect().top});
  }
  chat.asked = asked.length;
}"""


def build(assistant: Assistant) -> gr.Blocks:
    """The page with all that it triggers."""
    beside = Articles(assistant)
    do = Chat(assistant, beside)
    page = gr.Blocks(
        title="Assistant", analytics_enabled=False, fill_width=True, delete_cache=(3600, 24 * 3600)
    )
    with page:
        session = gr.State(Session(), time_to_live=24 * 3600)
        news = gr.State(0)
        with gr.Row(elem_id="top"):
            gr.HTML(ui_shelf.header(_privacy(assistant)), min_width=0)
            fresh = gr.Button("New chat", elem_id="fresh", size="sm", scale=0, min_width=0)
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk", min_width=0):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    container=False,
                    layout="panel",
                    height="100%",
                    autoscroll=False,
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    placeholder=html.empty(first_notice(assistant.settings)),
                    group_consecutive_messages=False,
                )
                line = gr.HTML(elem_id="line", js_on_load=LINE_JS)
                choices = gr.HTML(elem_id="scope", js_on_load=CHOICES_JS)
                question = _question()
            with gr.Column(elem_id="library", min_width=0):
                gr.HTML("<h2>Articles</h2>")
                shelf = gr.HTML(elem_id="shelf", js_on_load=SHELF_JS)
                files = _upload()
                report = gr.HTML(elem_id="report", js_on_load=SHELF_JS)
                stop = gr.Button("Stop", elem_id="stop", size="sm", visible=False)
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        said, side = [chat, question], [shelf, line, choices]
        # What is ticked goes with each question: a session that has expired does not know it.
        ticked = gr.JSON(visible=False)
        asked = question.submit(
            do.ask,
            [question, session, ticked],
            said,
            js=f"(question, session) => [question, session, {TICKED}]",
            **quiet,
        )
        example = chat.example_select(
            do.ask_example,
            [session, ticked],
            said,
            js=f"session => [session, {TICKED}]",
            **quiet,
        )
        again = line.again(
            do.ask_again,
            [session, ticked],
            said,
            js=f"session => [session, {TICKED}]",
            **quiet,
        )
        running: list[Any] = [asked, example, again]
        question.stop(do.stop, [session], said, cancels=running, queue=False, **quiet)
        fresh.click(do.clear, [session], said, cancels=running, queue=False, **quiet)
        chat.change(None, js=SCROLL_JS, **quiet)
        shelf.click(beside.read, [session], [shelf], **quiet)
        shelf.save(beside.tag, [session], side, **quiet)
        report.save(beside.tag_added, [session], [report, *side], **quiet)
        # Each one, in their order: the line must tell what is ticked in the end.
        choices.choose(
            beside.choose,
            [session],
            [line],
            trigger_mode="multiple",
            concurrency_limit=1,
            **quiet,
        )
        page.load(beside.load, [session], [*side, chat], **quiet)
        # By way of a state, so that nothing on the page is touched while there are no news.
        gr.Timer(LOOK).tick(do.look, [session], [news], **quiet)
        news.change(do.show_news, [session], [chat, *side], **quiet)
        files.upload(beside.add, [files, session], [files, report, stop, *side, chat], **quiet)
        stop.click(beside.stop_adding, [session], None, queue=False, **quiet)
    return page


def theme() -> gr.themes.Base:
    """The plain theme with the system's own fonts; colours and sizes are in `ui.css`."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
        primary_hue="teal",
        neutral_hue="stone",
        text_size="md",
        radius_size="md",
    )


def _upload() -> Any:
    """The field for adding files; hands over pairs of stored path and original name."""
    field: Any = gr.File(
        elem_id="files",
        label="Add articles: text, PDF, Word, e-books, e-mail, web pages, tables or zip",
        file_count="multiple",
        file_types=list(SUFFIXES),
        height=116,
    )
    paths = field.preprocess

    def preprocess(payload: Any) -> list[tuple[str, str]]:
        # Gradio strips characters from stored names; only the original name identifies a file.
        names = [file.orig_name for file in payload or []]
        return [
            (path, name or Path(path).name)
            for path, name in zip(paths(payload) or [], names, strict=True)
        ]

    # Not a subclass: for each subclass of a component Gradio writes a .pyi beside its source.
    # Handlers must set this field to None and never update it: an update makes a new instance.
    field.preprocess = preprocess
    return field


def _question() -> gr.Textbox:
    """The field for questions."""
    return gr.Textbox(
        elem_id="question",
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Ask about the articles",
        lines=1,
        max_lines=6,
        autofocus=True,
        **field_state(running=False),
    )


def _privacy(assistant: Assistant) -> str:
    """Where questions and passages go, in a sentence."""
    settings = assistant.settings
    if not settings.has_model or settings.model_is_local:
        return "Everything stays on this computer."
    host = settings.model_host or settings.model
    return f"Questions, earlier turns and the passages found are sent to {host}."
