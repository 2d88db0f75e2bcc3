"""A server that gives what it was told at each path, for what `openai_server.py` does not speak."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """A request as it came; the names of its headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any = None


@dataclass
class PathServer:
    """Replies by path: JSON for a dict, server-sent events for a list, a status for a number."""

    replies: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    root: str = ""

    @property
    def url(self) -> str:
        """The address of its OpenAI-compatible part."""
        return f"{self.root}/v1"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@contextmanager
def path_server(**replies: Any) -> Iterator[PathServer]:
    """A server on a free port of this machine; what it was told nothing about is not found."""
    script = PathServer(dict(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections stay open, as with a real server

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self._reply("GET", None)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._reply("POST", json.loads(self.rfile.read(length) or b"null"))

        def _reply(self, method: str, body: Any) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append(Asked(method, self.path, headers, body))
            reply = script.replies.get(self.path.partition("?")[0], 404)
            kind, data = "application/json", json.dumps(reply).encode()
            if isinstance(reply, list):
                kind, data = "text/event-stream", events(reply)
            elif isinstance(reply, str):
                kind, data = "text/html", reply.encode()
            self.send_response(reply if isinstance(reply, int) else 200)
            self.send_header("Content-Type", kind)
            if isinstance(reply, int) and 300 <= reply < 400:
                self.send_header("Location", f"{script.root}/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.root = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def events(bodies: Sequence[dict[str, Any]]) -> bytes:
    """Server-sent events, named where the body has a type, as OpenAI's newer interface has them."""
    lines = []
    for body in bodies:
        name = f"event: {body['type']}\n" if "type" in body else ""
        lines.append(f"{name}data: {json.dumps(body)}\n\n")
    return ("".join(lines) + "data: [DONE]\n\n").encode()


def chat_events(*deltas: dict[str, Any]) -> list[dict[str, Any]]:
    """A streamed chat completion of these deltas."""
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    ended = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    said = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
    choices = [{**head, "choices": one} for one in [*said, ended]]
    return [*choices, {**head, "choices": [], "usage": usage}]


def response_events(*items: tuple[str, str]) -> list[dict[str, Any]]:
    """A streamed reply of OpenAI's newer interface: ("reasoning" or "message", its words) each."""
    response: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "output": [],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }
    told: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**response, "status": "in_progress"}}
    ]
    done: list[dict[str, Any]] = []
    for index, (kind, words) in enumerate(items):
        place = {"output_index": index, "item_id": f"{kind}_{index}"}
        item: dict[str, Any] = {"id": f"{kind}_{index}", "type": kind}
        if kind == "reasoning":
            told += [
                {"type": "response.output_item.added", **place, "item": {**item, "summary": []}},
                {
                    "type": "response.reasoning_summary_part.added",
                    **place,
                    "summary_index": 0,
                    "part": {"type": "summary_text", "text": ""},
                },
                {
                    "type": "response.reasoning_summary_text.delta",
                    **place,
                    "summary_index": 0,
                    "delta": words,
                },
            ]
            whole = {**item, "summary": [{"type": "summary_text", "text": words}]}
        else:
            message = {**item, "role": "assistant", "status": "in_progress", "content": []}
            told.append({"type": "response.output_item.added", **place, "item": message})
            for at in range(0, len(words), 9):
                delta = {"content_index": 0, "delta": words[at : at + 9], "logprobs": []}
                told.append({"type": "response.output_text.delta", **place, **delta})
            text = {"type": "output_text", "text": words, "annotations": []}
            whole = {**message, "status": "completed", "content": [text]}
        told.append({"type": "response.output_item.done", **place, "item": whole})
        done.append(whole)
    usage = {
        "input_tokens": 11,
        "output_tokens": 7,
        "total_tokens": 18,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 3},
    }
    last = {**response, "status": "completed", "output": done, "usage": usage}
    told.append({"type": "response.completed", "response": last})
    return [{**one, "sequence_number": number} for number, one in enumerate(told)]
