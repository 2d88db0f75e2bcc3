"""A scripted web site over real HTTP: pages, redirects, bombs, drips, lies and busy signs."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore


@dataclass
class Page:
    """What one path answers.

    Args:
        body: Sent as it is; an iterable is sent piece by piece, without a Content-Length.
        etag: A request that names it is answered with 304.
        raw: Sent instead of everything else, status line included.
        pause: Seconds before each piece.
    """

    body: bytes | Callable[[], Iterable[bytes]] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    raw: bytes | Callable[[], Iterable[bytes]] = b""
    pause: float = 0.0


@dataclass
class Site:
    """Pages by path; a list is served in turn, its last page again and again."""

    pages: dict[str, Page | list[Page]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str) -> Page:
        page = self.pages.get(path) or Page(status=404)
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        return page


class Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        self.site.headers.append({name.lower(): value for name, value in self.headers.items()})
        page = self.site.page(self.path)
        with suppress(OSError):  # the client may have gone, as it should
            if page.raw:
                self._send(page.raw, page.pause)
            elif page.etag and self.headers["If-None-Match"] == page.etag:
                self.send_response(304)
                self.end_headers()
            else:
                self._answer(page)

    def _answer(self, page: Page) -> None:
        self.send_response(page.status)
        headers = {"Content-Type": "text/html; charset=utf-8", **page.headers}
        if page.etag:
            headers["ETag"] = page.etag
        if isinstance(page.body, bytes):
            headers.setdefault("Content-Length", str(len(page.body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._send(page.body, page.pause)

    def _send(self, body: bytes | Callable[[], Iterable[bytes]], pause: float) -> None:
        for piece in [body] if isinstance(body, bytes) else body():
            time.sleep(pause)
            self.wfile.write(piece)
            self.wfile.flush()


@contextmanager
def web_site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a free port of this machine."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": site}))
    server.daemon_threads = True
    if tls:
        tls.sni_callback = lambda socket, name, context: site.names.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class Names:
    """A name server: each name has its answers, given in turn, the last one again and again.

    Numbers answer for themselves, other names are unknown.
    """

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        answers = self.answers.get(host.replace(".", "_").replace("-", "_"), [[host]])
        ips = answers.pop(0) if len(answers) > 1 else answers[0]
        if ips == [host] and not re.fullmatch(r"[0-9.]+|[0-9a-f.]*:[0-9a-f.:]*", host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, 0, 0, "", (ip, port)) for ip in ips]


class Wire(httpcore.SyncBackend):
    """Records where connections are meant to go, and makes each to the site on this machine."""

    def __init__(self, site: Site, fail: int = 0) -> None:
        self.site = site
        self.fail = fail
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        self.dialled.append((host, port))
        if len(self.dialled) <= self.fail:
            raise httpcore.ConnectError("scripted")
        return super().connect_tcp("127.0.0.1", self.site.port, *args, **kwargs)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
