from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path

import pytest
from test_cli import Cli

from assistant.cli_output import Output
from index import StoreBusyError, StoreError
from index.catalogue import Catalogue
from index.gate import Gate, is_alive, on_wait, presence

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
            who = f" (process {child.pid}, " if theirs == "exclusive" else "readers of the store"
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


# Who waits is told for what


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is told of waits, which are long already after a moment."""
    monkeypatch.setattr("index.gate.TELL_AFTER", 0.1)
    heard: list[str] = []
    before = on_wait.set(heard.append)
    yield heard
    on_wait.reset(before)


@contextmanager
def held_until(told: list[str], let_go: Callable[[], object]) -> Iterator[None]:
    """Something is held, and let go when a wait for it was told."""

    def wait() -> None:
        deadline = time.monotonic() + 20
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        let_go()

    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("exclusive", Gate.shared),
        ("exclusive", Gate.exclusive),
        ("shared", Gate.exclusive),
        ("rebuilding", Gate.rebuilding),
    ],
)
def test_a_long_wait_is_told_once(
    tmp_path: Path, told: list[str], theirs: str, ours: Callable[[Gate], ExitStack]
) -> None:
    child = holder(tmp_path, theirs)
    with held_until(told, child.kill), ours(Gate(tmp_path, 30)):
        pass
    child.communicate()
    who = "readers of the store" if theirs == "shared" else f"(process {child.pid}, since "
    assert len(told) == 1
    assert told[0].startswith("waiting for ")
    assert who in told[0]


def test_a_short_wait_is_not_told(tmp_path: Path, told: list[str]) -> None:
    with pytest.raises(StoreBusyError), Gate(tmp_path).exclusive(), Gate(tmp_path, 0.05).shared():
        pass
    assert told == []


def test_by_itself_it_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("index.gate.TELL_AFTER", 0.05)
    with pytest.raises(StoreBusyError), Gate(tmp_path).exclusive(), Gate(tmp_path, 0.1).shared():
        pass
    assert [(r.name, r.levelno) for r in caplog.records] == [("index.gate", logging.WARNING)]
    assert "waiting for " in caplog.text


def test_rebuilding_lets_readers_and_writers_in(gate: Gate) -> None:
    folder = gate._room.parent
    assert not gate.is_rebuilding
    with gate.rebuilding():
        assert gate.is_rebuilding
        with Gate(folder, 0.1).shared():
            pass
        with Gate(folder, 0.1).exclusive():
            pass
        with pytest.raises(StoreBusyError), Gate(folder, 0.1).rebuilding():
            pass
    assert not gate.is_rebuilding


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/usr/bin/assistant", "add", "notes/"], "assistant add (process "),
        (["/site-packages/assistant/__main__.py", "chat"], "assistant chat (process "),
        (["/usr/bin/pytest", "tests/test_gate.py"], "pytest (process "),
        (["-c"], "-c (process "),
        ([""], "python (process "),
    ],
)
def test_the_holder_names_its_command(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, arguments: list[str], name: str
) -> None:
    monkeypatch.setattr(sys, "argv", arguments)
    with gate.exclusive():
        assert gate._room.read_text().startswith(name)


def test_waiting_for_the_catalogue_is_told(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "catalogue.sqlite3"
    books = Catalogue(path)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with held_until(told, lambda: other.execute("ROLLBACK")):
            books.set_setting("a", "1")
        assert told == ["waiting for another process that writes to the catalogue"]
        assert books.get_setting("a") == "1"

        other.execute("BEGIN IMMEDIATE")
        books.maintain(lambda db: db.execute("PRAGMA busy_timeout = 50").fetchall())
        with pytest.raises(StoreBusyError, match=r"catalogue\.sqlite3"):
            books.set_setting("a", "2")
        other.execute("ROLLBACK")
    books.set_setting("a", "3")
    assert books.maintain(lambda db: db.execute("PRAGMA busy_timeout").fetchone()) == (50,)
    books.close()


def test_the_command_line_shows_it(
    tmp_path: Path,
    told: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cli, write = Cli(tmp_path, capsys), Output.note

    def note(out: Output, words: str) -> None:
        told.append(words)
        write(out, words)

    monkeypatch.setattr(Output, "note", note)
    cli.patience = 30
    cli.store.mkdir()
    child = holder(cli.store, "exclusive")
    with held_until(told, child.kill):
        code, out, err = cli("add", __file__)
    child.communicate()
    assert (code, out.splitlines()[-1]) == (0, "1 added")
    assert err == f"{told[0]}\n"
    assert err.startswith("waiting for ")
    assert f"(process {child.pid}, since " in err
