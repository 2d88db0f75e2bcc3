"""A scripted server that speaks OpenAI's chat protocol over real HTTP, for replies and faults.

Its errors repeat the key and the prompt, as real ones may.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}

PATIENCE = 20.0
"""Seconds that the server waits for a test at most."""


@dataclass
class Reply:
    """One reply: text in pieces, or a fault.

    `error` goes into the error of a status that is not 200, `body` is sent as it is instead of a
    completion, `lines` instead of a stream's events. The server waits for `gate` before piece
    number `gate_at`, and `stall` seconds behind the last one. `cut` closes the connection in place
    of an end, `reset` breaks it. Nothing at all happens in the first `wait` seconds.
    """

    pieces: Sequence[Any] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    lines: Sequence[bytes] | None = None
    finish: str = "stop"
    usage: Mapping[str, Any] | None = field(default_factory=lambda: USAGE)
    usage_each: bool = False
    delta: str = "content"
    endless: bool = False
    cut: bool = False
    reset: bool = False
    stall: float = 0.0
    wait: float = 0.0
    gate: threading.Event | None = None
    gate_at: int = 1
    garbage: bool = False


@dataclass
class ScriptedServer:
    """Queued replies and recorded requests; the last reply is given again and again.

    `gone` is set when a client closes its connection while a reply is written.
    """

    replies: list[Reply] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def say(self, *pieces: str) -> None:
        self.replies.append(Reply(pieces))

    def next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Gone(Exception):
    """The client has closed the connection."""


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A server on a free port of this machine."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections stay open, as with a real server

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self._json(200, {"object": "list", "data": [{"id": "test-model", "object": "model"}]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.requests.append(body)
            script.headers.append(dict(self.headers))
            reply = script.next()
            try:
                self._answer(reply, body)
            except (_Gone, OSError):
                script.gone.set()
                self.close_connection = True

        def _answer(self, reply: Reply, body: dict[str, Any]) -> None:
            self._watch(reply.wait)
            if reply.reset and not reply.pieces:
                self._reset()
            elif reply.body is not None:
                self._send(reply.status, reply.body, reply)
            elif reply.status != 200:
                echo = f"scripted: {self.headers['Authorization']} {body['messages']}"
                error = {"message": echo, "type": "x", **reply.error}
                self._send(reply.status, json.dumps({"error": error}).encode(), reply)
            elif reply.garbage:
                self._json(200, {"what": "is this"})
            elif body.get("stream"):
                self._stream(reply)
            else:
                message = {"role": "assistant", "content": "".join(reply.pieces)}
                choice = {"index": 0, "message": message, "finish_reason": reply.finish}
                whole = {"id": "1", "object": "chat.completion", "choices": [choice]}
                self._json(200, {**whole, "usage": reply.usage})

        def _json(self, status: int, body: dict[str, Any]) -> None:
            self._send(status, json.dumps(body).encode(), Reply())

        def _send(self, status: int, data: bytes, reply: Reply) -> None:
            self.send_response(status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if status != 204:
                self.wfile.write(data)

        def _stream(self, reply: Reply) -> None:
            self.send_response(200)
            plain = reply.content_type == "application/json"
            self.send_header("Content-Type", "text/event-stream" if plain else reply.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if reply.lines is not None:
                self._chunk(b"".join(reply.lines))
                self._chunk(b"")
                return
            self._write(reply)
            self._watch(reply.stall)
            if reply.reset:
                self._reset()
            if reply.cut or reply.reset:
                self.close_connection = True
                return
            end = {"index": 0, "delta": {}, "finish_reason": reply.finish}
            self._event({"choices": [end]})
            if reply.usage is not None:
                self._event({"choices": [], "usage": reply.usage})
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")

        def _write(self, reply: Reply) -> None:
            for number, piece in enumerate(cycle(reply.pieces) if reply.endless else reply.pieces):
                if reply.gate is not None and number == reply.gate_at:
                    self._watch(PATIENCE, reply.gate)
                delta = {"index": 0, "delta": {reply.delta: piece}, "finish_reason": None}
                self._event({"choices": [delta]} | ({"usage": USAGE} if reply.usage_each else {}))

        def _event(self, body: dict[str, Any]) -> None:
            event = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                **body,
            }
            self._chunk(f"data: {json.dumps(event)}\n\n".encode())

        def _chunk(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _watch(self, seconds: float, until: threading.Event | None = None) -> None:
            """Wait so long, or until something happens; notice when the client goes."""
            end = time.monotonic() + seconds
            while time.monotonic() < end and not (until is not None and until.is_set()):
                # Not `select`: in a long run of tests a descriptor may be above its limit.
                poll = select.poll()
                poll.register(self.connection, select.POLLIN)
                ready = poll.poll(20)
                if ready and not self.connection.recv(1, socket.MSG_PEEK):
                    raise _Gone
            if until is not None and not until.is_set():
                raise _Gone  # the test would never have gone on

        def _reset(self) -> None:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
