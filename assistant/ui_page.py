"""What is on the chat page; imports Gradio, so only `assistant.ui` loads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import ui_html as html
from assistant import ui_shelf
from assistant.ui_events import Handlers, Session, field_state
from index.loaders import SUFFIXES

if TYPE_CHECKING:
    from assistant.qa import Assistant

# One listener for whatever list or article is shown; buttons carry what they open.
SHELF_JS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-id]');
  if (button) trigger('click', {id: button.dataset.id});
});"""

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
    do = Handlers(assistant)
    page = gr.Blocks(
        title="Assistant", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    )
    with page:
        session = gr.State(Session(), time_to_live=24 * 3600)
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
                    placeholder=html.EMPTY,
                    group_consecutive_messages=False,
                )
                question = _question()
            with gr.Column(elem_id="library", min_width=0):
                gr.HTML("<h2>Articles</h2>")
                shelf = gr.HTML(elem_id="shelf", js_on_load=SHELF_JS)
                files = _upload()
                report = gr.HTML(elem_id="report")
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        said = [chat, question]
        asked = question.submit(do.ask, [question, session], said, **quiet)
        example = chat.example_select(do.ask_example, [session], said, **quiet)
        running: list[Any] = [asked, example]
        question.stop(do.stop, [session], said, cancels=running, queue=False, **quiet)
        fresh.click(do.clear, [session], said, cancels=running, queue=False, **quiet)
        chat.change(None, js=SCROLL_JS, **quiet)
        shelf.click(do.read, None, [shelf], **quiet)
        page.load(do.refresh, None, [shelf, chat], **quiet)
        files.upload(do.add, [files], [files, report, shelf, chat], concurrency_limit=1, **quiet)
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
    return f"Questions and passages are sent to {settings.model_host}."
