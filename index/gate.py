"""The one gate to a store: shared for reading, exclusive for writing, among all processes.

Two lock files, taken with flock(2), which the kernel gives back when a process dies. A writer first
takes the turnstile and keeps it, so that new readers queue behind it and it cannot starve. File
lock libraries were looked at: none has readers, writers, a waiting limit and the holder's name
together. Knows nothing of what is kept in the store.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path

from index.errors import StoreBusyError, StoreError

PATIENCE = 30.0
"""Seconds to wait for the gate before giving up."""

POLL = 0.004
"""Seconds between two tries."""


def _log(words: str) -> None:
    logging.getLogger(__name__).warning(words)


on_wait: ContextVar[Callable[[str], None]] = ContextVar("on_wait", default=_log)
"""Called once for each wait that takes longer, with one line that says what is waited for."""


class Gate:
    """Shared and exclusive access to one store folder."""

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self._turnstile = folder / "gate.turnstile"
        self._room = folder / "gate.lock"
        self.patience = patience

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the store for reading.

        Raises:
            StoreBusyError: a writer held it for longer than `patience` seconds.
        """
        deadline = time.monotonic() + self.patience
        with ExitStack() as held:
            with self._hold(self._turnstile, fcntl.LOCK_SH, deadline):
                held.enter_context(self._hold(self._room, fcntl.LOCK_SH, deadline))
            yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the store for writing, alone.

        Raises:
            StoreBusyError: others held it for longer than `patience` seconds.
        """
        deadline = time.monotonic() + self.patience
        with (
            self._hold(self._turnstile, fcntl.LOCK_EX, deadline),
            self._hold(self._room, fcntl.LOCK_EX, deadline),
        ):
            yield

    @contextmanager
    def _hold(self, path: Path, mode: int, deadline: float) -> Iterator[None]:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"cannot open the lock {str(path)!r}: {error.strerror}; "
                "choose a folder you may write to with ASSISTANT_STORE"
            ) from error
        try:
            while True:
                try:
                    fcntl.flock(handle, mode | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise StoreBusyError(
                            f"the store was held for over {self.patience:.0f} s by "
                            f"{_holder(path)}; wait for it or stop it, then try again"
                        ) from None
                    time.sleep(POLL)
            if mode == fcntl.LOCK_EX:
                os.ftruncate(handle, 0)
                os.pwrite(handle, _this_process(), 0)
            try:
                yield
            finally:
                if mode == fcntl.LOCK_EX:
                    os.ftruncate(handle, 0)
        finally:
            os.close(handle)


def is_alive(path: Path) -> bool:
    """Whether some process holds the lock file at `path` (see `presence`)."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def presence(path: Path) -> Iterator[None]:
    """Hold a lock file of one's own for as long as the block runs, so that others see we live."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _this_process() -> bytes:
    command = Path(sys.argv[0]).name or "python"
    return f"{command} (process {os.getpid()}, since {time.strftime('%H:%M:%S')})".encode()


def _holder(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip() or "readers of the store"
    except OSError:
        return "another process"
