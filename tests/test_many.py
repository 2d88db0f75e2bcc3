"""Adding many files: what is interrupted goes on, and one bad file is only named."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import Cli

TESTS = Path(__file__).parent
MANY = 300

SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
sys.path.insert(0, sys.argv.pop(1))
from conftest import FakeEmbedder
from assistant import Assistant
from assistant.cli import run
from index import Library

class Slow(FakeEmbedder):
    def encode(self, texts):
        time.sleep(0.008 * len(texts))
        return super().encode(texts)

store = sys.argv.pop(1)
sys.exit(run(sys.argv[1:], lambda _: Assistant(library=Library.open(store, embedding=Slow()))))
"""


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "many"
    made.mkdir()
    for number in range(MANY):
        (made / f"{number:03}.txt").write_text(f"Report {number} of the harbour.")
    return made


def start(cli: Cli, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, str(TESTS), str(cli.store), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
    )


@pytest.mark.real
def test_ctrl_c_says_how_far_it_came_and_the_same_command_goes_on(cli: Cli, folder: Path) -> None:
    library = cli.open()
    child = start(cli, "add", folder)
    deadline = time.monotonic() + 60
    while len(library.articles()) < 64:
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, "")
    said = re.fullmatch(
        rf"error: stopped after (\d+) of {MANY} articles; run the same command again to go on\n",
        err,
    )
    assert said, err
    stored = len(library.articles())
    assert 64 <= int(said[1]) <= stored < MANY
    library.close()

    child = start(cli, "add", folder)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (\w+)", out.splitlines()[-1])}
    assert sum(counts.values()) == MANY
    assert counts["unchanged"] >= stored
    library = cli.open()
    assert len(library.articles()) == MANY
    assert library.check() == []
    assert library.changes() == []
    library.close()


def test_one_bad_file_among_many_is_named_at_the_end_with_its_reason(
    cli: Cli, folder: Path
) -> None:
    bad = folder / "123.txt"
    bad.write_bytes(b"\xff\xfe\x00")
    code, out, err = cli("add", str(folder))
    assert code == 1
    assert out.splitlines()[-1] == f"{MANY - 1} added, 1 failed"
    assert err.startswith(f"failed     {bad}: ")
    assert "save it as UTF-8" in err
    assert err.count("\n") == 1
    assert len(cli.open().articles()) == MANY - 1
    code, report = cli.json("add", str(folder))
    assert (code, len(report["unchanged"]), len(report["added"])) == (1, MANY - 1, 0)
    assert [failure["source"] for failure in report["failed"]] == [str(bad)]
