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

TELL_AFTER = 1.0
"""Seconds of waiting after which a person wants to know what for."""


def _log(words: str) -> None:
    logging.getLogger(__name__).warning(words)


on_wait: ContextVar[Callable[[str], None]] = ContextVar("on_wait", default=_log)
"""Called once for each wait that takes longer, with one line that says what is waited for."""


class Wait:
    """One wait for what others hold: begins when it is made, is told once, ends after `patience`.

    Args:
        patience: seconds.
        what: is waited for, named in the error.
    """

    def __init__(self, patience: float, what: str = "the store") -> None:
        self._patience = patience
        self._what = what
        self._began = time.monotonic()
        self._told = False

    def until(self, attempt: Callable[[], bool], holder: Callable[[], str]) -> None:
        """Try until `attempt` says that it is done; `holder` names who is in the way.

        Raises:
            StoreBusyError: it took longer than `patience` seconds.
        """
        while not attempt():
            waited = time.monotonic() - self._began
            if waited >= self._patience:
                raise StoreBusyError(
                    f"{self._what} was held for over {self._patience:.0f} s by {holder()}; "
                    "wait for it or stop it, then try again"
                )
            if waited >= TELL_AFTER and not self._told:
                self._told = True
                on_wait.get()(f"waiting for {holder()}")
            time.sleep(POLL)


class Gate:
    """Shared and exclusive access to one store folder."""

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self._turnstile = folder / "gate.turnstile"
        self._room = folder / "gate.lock"
        self._workshop = folder / "rebuild.lock"
        self.patience = patience

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the store for reading.

        Raises:
            StoreBusyError: a writer held it for longer than `patience` seconds.
        """
        wait = Wait(self.patience)
        with ExitStack() as held:
            with self._hold(self._turnstile, fcntl.LOCK_SH, wait):
                held.enter_context(self._hold(self._room, fcntl.LOCK_SH, wait))
            yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the store for writing, alone.

        Raises:
            StoreBusyError: others held it for longer than `patience` seconds.
        """
        wait = Wait(self.patience)
        with (
            self._hold(self._turnstile, fcntl.LOCK_EX, wait),
            self._hold(self._room, fcntl.LOCK_EX, wait),
        ):
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Be the only one who makes the index anew; reading and writing go on beside it.

        Raises:
            StoreBusyError: another one took longer than `patience` seconds.
        """
        with self._hold(self._workshop, fcntl.LOCK_EX, Wait(self.patience)):
            yield

    @property
    def is_rebuilding(self) -> bool:
        """Whether some process makes the index anew at this moment."""
        return is_alive(self._workshop)

    @contextmanager
    def _hold(self, path: Path, mode: int, wait: Wait) -> Iterator[None]:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"cannot open the lock {str(path)!r}: {error.strerror}; "
                "choose a folder you may write to with ASSISTANT_STORE"
            ) from error
        try:
            wait.until(lambda: _taken(handle, mode), lambda: _holder(path))
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
        return not _taken(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)


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


def _taken(handle: int, mode: int) -> bool:
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _this_process() -> bytes:
    """This program, its command if it has one, and since when: "assistant add (process 12, …)"."""
    program = Path(sys.argv[0])
    name = (program.parent if program.name == "__main__.py" else program).name or "python"
    name += "".join(f" {word}" for word in sys.argv[1:2] if word.isidentifier())
    return f"{name} (process {os.getpid()}, since {time.strftime('%H:%M:%S')})".encode()


def _holder(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip() or "readers of the store"
    except OSError:
        return "another process"
