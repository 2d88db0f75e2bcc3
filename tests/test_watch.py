"""The bounds that the tests of hostile input rely on are seen to hold."""

from __future__ import annotations

import itertools
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from watch import Watch


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (lambda: Path("made-by-a-loader").touch(), "reaches out"),
        (lambda: subprocess.run(["true"], check=True), "reaches out"),
        (lambda: socket.socket().connect(("127.0.0.1", 1)), "reaches out"),
        (lambda: None, "memory"),
        (lambda: sum(1 for _ in itertools.count()), "seconds"),
    ],
)
def test_the_watch_sees_it(
    bad: Callable[[], object],
    said: str,
    watch: Watch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("watch.MOST_SECONDS", 0.5)
    if said == "memory":
        monkeypatch.setattr("watch._memory", lambda: 10**12)
    with pytest.raises(AssertionError, match=said), watch(), suppress(OSError):
        bad()
