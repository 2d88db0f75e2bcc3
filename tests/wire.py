"""A model's server on another machine, as far as the program can tell, and every byte sent there.

The program is given the address of a host that does not exist, and a proxy for it: a relay on this
machine that writes down what comes before it hands it to the scripted server.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from openai_server import ScriptedServer, scripted_server

from assistant import Settings

HOST = "remote.test"


@dataclass
class Wire:
    """What a remote host was sent, and the script of what it says."""

    server: ScriptedServer
    heard: bytearray = field(default_factory=bytearray)

    def settings(self, **values: object) -> Settings:
        """Settings of a person whose model is on the remote host."""
        given = {"model": "test-model", "api_key": "sk-test", "retries": 0, "threshold": 0.0}
        return Settings(base_url=f"http://{HOST}/v1", **{**given, "timeout": 20.0, **values})

    @property
    def text(self) -> str:
        """All of it, in small letters."""
        return self.heard.decode("utf-8", "replace").lower()

    def leaks(self, words: Iterable[str]) -> list[str]:
        """Those of these words that were sent."""
        sent = set(words_of(self.text))
        return sorted(sent.intersection(words))

    def prompt(self, number: int = -1) -> str:
        """What a request said to the model."""
        return str(self.server.requests[number]["messages"])


def words_of(*texts: str) -> set[str]:
    """Words of four letters and more, and numbers, in small letters."""
    return set(re.findall(r"[^\W_]{4,}|\d{2,}", " ".join(texts).lower()))


@contextmanager
def wire(patch: pytest.MonkeyPatch, behind: int = 0) -> Iterator[Wire]:
    """Remote hosts in front of a new scripted server, and the proxy that leads to them.

    With a port of this machine, what listens there is in the server's place.
    """
    with scripted_server() as script, socket.create_server(("127.0.0.1", 0)) as front:
        heard = Wire(script)
        back = behind or urlsplit(script.url).port or 0
        threading.Thread(target=_accept, args=(front, back, heard), daemon=True).start()
        address = f"http://127.0.0.1:{front.getsockname()[1]}"
        for name in ("HTTP_PROXY", "http_proxy"):
            patch.setenv(name, address)
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
            patch.delenv(name, raising=False)
        yield heard


def _accept(front: socket.socket, back: int, heard: Wire) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            client, _ = front.accept()
            server = socket.create_connection(("127.0.0.1", back))
            for source, target, note in ((client, server, heard.heard), (server, client, None)):
                threading.Thread(target=_copy, args=(source, target, note), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket, note: bytearray | None) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            if note is not None:
                note += data
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
