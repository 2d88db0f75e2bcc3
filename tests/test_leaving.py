"""What leaves the machine: said once for each host, traced by environment only, nothing else."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from helpers import TRUCE
from openai_server import scripted_server
from test_cli import Cli
from wire import HOST, Wire, wire

from assistant import Assistant, Settings
from assistant.first_time import first_notice
from index import LOCAL_ONLY, Article, Library

ONCE = (
    "Your question, earlier turns of the conversation, up to 8 passages found for it (with titles, "
    "sources and dates), and names of sources and authors in your library go to remote.test. "
    "Articles marked local_only stay here. This is said once.\n"
)
QUESTION = "Who rejected the proposal?"


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with wire(monkeypatch) as made:
        made.server.say("Israel rejected the proposal [1].")
        yield made


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    made = Cli(tmp_path, capsys)
    opened = made.open()
    opened.add(Article(TRUCE, title="Truce", key="1"))
    opened.close()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{HOST}/v1")
    return made


# Said once


def test_the_command_line_says_it_once_for_each_host(
    cli: Cli, remote: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = cli("ask", QUESTION)
    assert (code, err) == (0, ONCE)
    assert "Israel rejected the proposal" in out
    assert remote.heard
    assert cli("ask", QUESTION)[2] == ""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.test/v1")
    assert cli("ask", QUESTION, "--json")[2] == ONCE.replace(HOST, "elsewhere.test")
    assert cli("ask", QUESTION)[2] == ""


def test_it_is_said_before_anything_is_sent(
    cli: Cli, remote: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import first_time

    sent: list[int] = []
    before = first_time.on_first.set(lambda words: sent.append(len(remote.heard)))
    try:
        Assistant(remote.settings(), cli.open()).ask("Who rejected the proposal in March?")
    finally:
        first_time.on_first.reset(before)
    assert sent == [0]
    assert len(remote.server.requests) == 2  # the filters, then the answer


@pytest.mark.parametrize("arguments", [["ask", QUESTION, "--keyless"], ["list"], ["summarize"]])
def test_what_sends_nothing_says_nothing(cli: Cli, remote: Wire, arguments: list[str]) -> None:
    assert cli(*arguments)[2] == ""
    assert remote.heard == b""


def test_a_scope_that_stays_here_says_nothing_either(cli: Cli, remote: Wire) -> None:
    cli("tag", "--search", "truce", "--add", LOCAL_ONLY)
    assert cli("ask", QUESTION)[2] == ""
    assert remote.heard == b""


def test_search_says_it_where_a_model_reads_the_filters(cli: Cli, remote: Wire) -> None:
    assert cli("search", "Israel rejected the proposal last March")[2] == ONCE


def test_it_is_said_where_it_cannot_be_remembered(
    cli: Cli, remote: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert cli("ask", QUESTION)[2] == ONCE
    assert cli("ask", QUESTION)[2] == ""  # the process remembers


def test_a_program_logs_it_once(
    remote: Wire, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    library.add(Article(TRUCE, key="1"))
    with caplog.at_level(logging.WARNING, "assistant"):
        for _ in range(2):
            Assistant(remote.settings(), library).ask(QUESTION)
    (record,) = [one for one in caplog.records if one.name.startswith("assistant")]
    assert f"{record.getMessage()}\n" == ONCE


def test_a_model_on_this_machine_needs_no_notice() -> None:
    assert first_notice(Settings(base_url="http://127.0.0.1:9/v1")) == ""
    assert first_notice(Settings()) == ""
    assert first_notice(Settings(api_key="k", passages=3)).startswith("Your question, ")
    assert "up to 3 passages" in first_notice(Settings(api_key="k", passages=3))


# Nothing else: a process of its own, which hears of every connection

CHILD = """
import json, os, sys
seen = []
def hear(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        seen.append(arguments[1][:2])
    elif event in ("socket.getaddrinfo", "socket.sendto") and arguments[0] != "127.0.0.1":
        seen.append([event, str(arguments[0])])
sys.addaudithook(hear)
from assistant import Assistant, Settings
from conftest import FakeEmbedder
from helpers import TRUCE
from index import LOCAL_ONLY, Article, Library

def ask(question="Who rejected the proposal?", **values):
    values = values or {"keyless": True}
    return Assistant(Settings(**values, threshold=0.0), library).ask(question)

def told(name):
    from langchain_core.tracers.langchain import wait_for_all_tracers
    wait_for_all_tracers()
    print(json.dumps([name, seen]), flush=True)
    seen.clear()

def trace(address):
    from langsmith import run_trees, utils
    os.environ |= {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": address}
    utils.get_env_var.cache_clear()
    run_trees._CLIENT = None

library = Library.open(sys.argv[1], embedding=FakeEmbedder())
library.add(Article(TRUCE, title="Truce", key="1"))
assert ask().citations
told("keyless")
assert ask(base_url=sys.argv[2], model="m", api_key="sk-x").answered_by == "m"
told("model")
from assistant.ui import build
build(Assistant(Settings(keyless=True), library))
told("page")
trace("http://trace.test")
ask()
told("traced")
library.add(Article("Zanthor Keld hid cracks.", title="Memo", key="2", tags=(LOCAL_ONLY,)))
ask("Who hid cracks?")
Assistant(Settings(keyless=True), library).retrieve("Who hid cracks?")
told("kept")
trace(sys.argv[3])
ask("Who hid cracks?")
told("here")
"""


class Anything(BaseHTTPRequestHandler):
    """Takes whatever it is sent, as LangSmith takes runs."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PATCH = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.mark.real
def test_no_connection_but_those_that_are_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """To the model; to LangSmith, if its own variables say so and no article is local only."""
    tests = Path(__file__).parent
    traces = ThreadingHTTPServer(("127.0.0.1", 0), Anything)
    traces.daemon_threads = True
    threading.Thread(target=traces.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{traces.server_port}"
    with scripted_server() as server, wire(monkeypatch, traces.server_port) as away:
        server.say("Israel rejected the proposal [1].")
        known = {k: v for k, v in os.environ.items() if not k.startswith(("LANG", "http"))}
        known |= {"PYTHONPATH": f"{tests.parent}:{tests}", "NO_PROXY": "127.0.0.1"}
        known |= {"LANGSMITH_API_KEY": "ls", "LANGSMITH_DISABLE_RUN_COMPRESSION": "true"}
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path / "store"), server.url, here],
            capture_output=True,
            text=True,
            env=known,
            cwd=tmp_path,
        )
    traces.shutdown()
    traces.server_close()
    assert done.returncode == 0, done.stderr[-2000:]
    seen = dict(json.loads(line) for line in done.stdout.splitlines())
    assert {f"http://{host}:{port}/v1" for host, port in seen["model"]} == {server.url}
    assert [name for name, places in seen.items() if places] == ["model", "traced", "here"]
    assert "israel rejected the proposal" in away.text
    assert away.leaks({"zanthor", "cracks"}) == []
