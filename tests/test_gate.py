from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from index import StoreBusyError, StoreError
from index.gate import Gate, is_alive, presence

ROOT = Path(__file__).parent.parent


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path, patience=0.15)


def holder(folder: Path, mode: str) -> subprocess.Popen[str]:
    """A process that holds the gate until it is killed."""
    script = (
        "import sys, time; from pathlib import Path; from index.gate import Gate\n"
        f"with Gate(Path({str(folder)!r})).{mode}():\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    return child


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("shared", "shared", True),
        ("shared", "exclusive", False),
        ("exclusive", "shared", False),
        ("exclusive", "exclusive", False),
    ],
)
def test_who_may_hold_it_together(gate: Gate, first: str, second: str, together: bool) -> None:
    outcome = nullcontext() if together else pytest.raises(StoreBusyError)
    with getattr(gate, first)(), outcome, getattr(Gate(gate._room.parent, 0.1), second)():
        pass
    with getattr(gate, second)():
        pass


@pytest.mark.parametrize(
    ("theirs", "ours", "together"),
    [
        ("shared", "shared", True),
        ("shared", "exclusive", False),
        ("exclusive", "shared", False),
        ("exclusive", "exclusive", False),
    ],
)
def test_among_processes_and_after_a_death(
    gate: Gate, theirs: str, ours: str, together: bool
) -> None:
    child = holder(gate._room.parent, theirs)
    try:
        began = time.monotonic()
        outcome = nullcontext() if together else pytest.raises(StoreBusyError)
        with outcome as caught, getattr(gate, ours)():
            pass
        if caught is not None:
            assert time.monotonic() - began < 1
            reason = str(caught.value)
            assert "\n" not in reason
            who = f"process {child.pid}" if theirs == "exclusive" else "readers of the store"
            assert who in reason
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    with getattr(gate, ours)():
        pass


def test_a_waiting_writer_gets_in_before_new_readers(tmp_path: Path) -> None:
    gate, stop, reads = Gate(tmp_path, 5), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            with gate.shared():
                reads.append(1)
                time.sleep(0.01)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        waits = []
        for _ in range(5):
            began = time.monotonic()
            with gate.exclusive():
                waits.append(time.monotonic() - began)
            time.sleep(0.02)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert max(waits) < 1
    assert len(reads) > 5


def test_a_writer_is_alone(tmp_path: Path) -> None:
    gate, inside, seen = Gate(tmp_path, 10), [0], []

    def write() -> None:
        for _ in range(10):
            with gate.exclusive():
                inside[0] += 1
                seen.append(inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert seen == [1] * 40


def test_a_failure_inside_lets_go_and_leaves_no_name(gate: Gate) -> None:
    with pytest.raises(ZeroDivisionError), gate.exclusive():
        raise ZeroDivisionError
    assert gate._room.read_bytes() == b""
    nobody = pytest.raises(StoreBusyError, match="readers of the store")
    with gate.shared(), nobody, gate.exclusive():
        pass


def test_waiting_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    gate = Gate(tmp_path, 5)
    with ExitStack() as stack:
        stack.enter_context(gate.exclusive())
        timer = threading.Timer(0.2, stack.pop_all().close)
        timer.start()
        began = time.monotonic()
        with gate.shared():
            assert time.monotonic() - began < 3
        timer.join()


def test_a_folder_that_is_gone_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ASSISTANT_STORE"), Gate(tmp_path / "no").shared():
        pass


def test_presence_is_seen_while_it_lasts(tmp_path: Path) -> None:
    mine = tmp_path / "writers" / "me"
    assert not is_alive(mine)
    with presence(mine):
        assert is_alive(mine)
        assert is_alive(mine)
    assert not is_alive(mine)
    mine.touch()  # left by a process that died
    assert not is_alive(mine)
