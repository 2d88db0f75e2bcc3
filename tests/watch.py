"""Holds one piece of work to its bounds: time, memory, and no way out to files or the network."""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar

MOST_SECONDS = 20
"""Of processor time for one input; ours are small, so that this is generous."""

MOST_MEMORY = 1_500_000_000
"""Bytes that the process may grow by: what the loaders' own limits allow."""

_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_WRITES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate")
_GOES_OUT = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "urllib.",
)


class TooLongError(BaseException):
    """No loader can take this for the damage of a file."""


class Watch:
    """Notes what the process does to files, other programs and the network while it is on."""

    on: ClassVar[Watch | None] = None

    def __init__(self) -> None:
        self.slowest = 0.0
        self.grown = 0
        self.seen: list[str] = []
        self.thread = threading.get_ident()
        self._memory = _memory()
        _listen()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Bounds time and memory of what runs inside, too; the libraries' own logs are left out."""

        def stop(*_: object) -> None:
            raise TooLongError

        before = signal.signal(signal.SIGPROF, stop)
        logging.disable(logging.CRITICAL)
        self.seen.clear()
        began = time.process_time()
        Watch.on = self
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        late = False
        try:
            yield
        except TooLongError:
            late = True
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            Watch.on = None
            logging.disable(logging.NOTSET)
            signal.signal(signal.SIGPROF, before)
            spent = time.process_time() - began
            self.slowest = max(self.slowest, spent)
        if late or spent > MOST_SECONDS:
            raise AssertionError(f"it takes over {MOST_SECONDS} seconds")
        assert not self.seen, f"it reaches out: {self.seen}"
        grown = _memory() - self._memory
        if grown > MOST_MEMORY:
            self._memory += grown
            raise AssertionError(f"memory grew by {grown:,} bytes")
        self.grown = max(self.grown, grown)


@cache
def _listen() -> None:
    """Hear of everything that the process does; this cannot be undone, so it is done once."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if Watch.on is None or Watch.on.thread != threading.get_ident():
        return  # what threads of other tests do is not this one's
    writes = event in _WRITES or (event == "open" and arguments[2] & _TO_WRITE)
    compiled = writes and "__pycache__" in str(arguments[0])
    if (writes and not compiled) or event.startswith(_GOES_OUT):
        Watch.on.seen.append(f"{event} {arguments!r:.200}")


def _memory() -> int:
    """Bytes that the process has had at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
