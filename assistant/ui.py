"""Serving the chat page on this machine; what is on the page is in `assistant.ui_page`."""

from __future__ import annotations

import logging
import os
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, InputError

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.qa import Assistant

CSS = Path(__file__).with_name("ui.css")

MAX_UPLOAD = "20mb"
"""Size of one uploaded file at most; the loader has the same limit."""

LOCAL = ("127.0.0.1", "localhost", "::1")

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
        b" 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
        b" object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
"""Sent with every response: nothing is loaded from elsewhere, whatever gets into the page."""

log = logging.getLogger(__name__)


def serve(
    assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Show the page and wait until it is stopped with Ctrl+C.

    Raises:
        InputError: the address cannot be used, for example because the port is in use.
    """
    page = launch(assistant, host, port, open_browser)
    print(f"The assistant is at {page.local_url}  (Ctrl+C stops it)", flush=True)
    page.block_thread()


def launch(
    assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> gr.Blocks:
    """Start the server and return at once; `close()` of the result stops it.

    Raises:
        InputError: the address cannot be used, for example because the port is in use.
    """
    check_address(host, port)
    page = build(assistant)
    threading.Thread(target=_warm, args=(assistant,), daemon=True).start()
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from assistant.ui_page import theme

    # A page elsewhere could point its own name at this machine; ours answers to its own only.
    names = ["127.0.0.1", "localhost", "[::1]"] if host in LOCAL else ["*"]
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=names),
        Middleware(_Headers),
    ]
    try:
        page.queue(default_concurrency_limit=8).launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            max_file_size=MAX_UPLOAD,
            footer_links=[],
            theme=theme(),
            css=CSS.read_text(encoding="utf-8"),
            app_kwargs={"middleware": middleware},
        )
    except OSError as error:
        raise _in_use(host, port, error) from error
    return page


def build(assistant: Assistant) -> gr.Blocks:
    """The page with all that it triggers, not yet served."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from assistant import ui_page

    return ui_page.build(assistant)


def check_address(host: str, port: int) -> None:
    """See to it that a server can listen there, before anything heavy is loaded.

    Raises:
        InputError: it cannot; says what to do.
    """
    if not 0 < port < 65536:
        raise InputError(f"there is no port {port!r}; choose one from 1024 to 65535")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise InputError(f"there is no host {host!r}; use 127.0.0.1") from error
    family, kind, protocol, _, address = found[0]
    try:
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # elsewhere this would allow a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise _in_use(host, port, error) from error


def _in_use(host: str, port: int, error: OSError) -> InputError:
    other = port + 1 if 1024 <= port < 65535 else 7861
    reason = error.strerror or "it is in use"
    return InputError(f"cannot listen on {host}:{port} ({reason}); try `--port {other}`")


def _warm(assistant: Assistant) -> None:
    """Load the embedding model and the index, so that the first question need not wait."""
    try:
        assistant.library.search("ready", k=1)
    except AssistantError as error:  # the first question says it on the page
        log.info("the library is not ready: %s", error)


class _Headers:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self._app(scope, receive, send_more)
