"""`assistant add --watch`: what it shows of each look, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_cli import Cli
from web_server import Clock

from assistant.cli_output import LISTED, Output
from assistant.cli_watch import keep_in_step
from index import Library
from index.gate import Gate


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "mill.txt").write_text("The mill burnt down.")
    monkeypatch.chdir(tmp_path)
    return Path("news")


class Script(Clock):
    """Does the next thing in each pause, and at the end presses Ctrl-C."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self.steps = iter(steps)

    def sleep(self, seconds: float) -> None:
        step = next(self.steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()
        super().sleep(seconds)


def rest() -> None:
    """Nothing happens."""


def shown(
    library: Library,
    source: object,
    *steps: Callable[[], object],
    remove: bool = False,
    as_json: bool = False,
) -> None:
    clock = Script(rest, *steps)
    watch = library.watch(
        str(source), remove_missing=remove, clock=clock, sleep=clock.sleep, every=3600
    )
    keep_in_step(watch, Output(as_json))


def clean(text: str) -> list[str]:
    """Lines with times of day and ids made alike."""
    lines = re.sub(r"(?m)^\d\d:\d\d:\d\d  ", "TIME  ", text)
    return re.sub(r"\b[0-9a-f]{8}\b", "ID", lines).splitlines()


def test_each_look_shows_what_changed_and_nothing_else(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write() -> None:
        (news / "fair.txt").write_text("The fair\x1b[2J was held.")
        (news / "mill.txt").write_text("The mill turns.")
        (news / "void.txt").touch()

    def drop() -> None:
        (news / "fair.txt").unlink()
        (news / "rows.csv").write_text("title,text\n" + "".join(f"R{i},Rain.\n" for i in range(5)))

    shown(cli.open(), news, rest, write, rest, drop, rest, (news / "rows.csv").unlink, rest)
    out, err = capsys.readouterr()
    rows = [f"TIME  added      ID  R{i}" for i in range(5)]
    assert clean(out) == [
        "added      ID  mill",
        "1 added",
        "TIME  added      ID  fair",
        "TIME  updated    ID  mill",
        *rows,
        "TIME  gone       news/fair.txt; `assistant remove ID` removes its article",
        "TIME  gone       news/rows.csv; `assistant remove ID ID ID …` removes its 5 articles",
    ]
    assert clean(err) == [
        "watching 1 file; Ctrl-C ends it",
        "TIME  failed     news/void.txt: it has no text",
        "stopped watching",
    ]


def test_what_is_removed_is_shown_and_a_folder_that_is_away_keeps_its_articles(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (news / "fair.txt").write_text("The fair was held.")
    steps = ((news / "fair.txt").unlink, rest, lambda: news.rename("away"), rest, rest)
    shown(cli.open(), news, *steps, remove=True)
    assert clean(capsys.readouterr().out)[3:] == [
        "TIME  removed    ID  fair",
        "TIME  gone       news with its 1 file; their articles stay",
    ]


def test_many_files_at_once_are_counted(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write() -> None:
        for number in range(LISTED + 3):
            (news / f"{number:02}.txt").write_text(f"Report {number}.")

    def drop() -> None:
        for number in range(LISTED + 3):
            (news / f"{number:02}.txt").unlink()

    shown(cli.open(), news, write, rest, drop, rest)
    lines = clean(capsys.readouterr().out)
    assert "TIME  … and 3 more, see `assistant list`" in lines
    assert lines[-1] == "TIME  … and 3 more files are gone; their articles stay"
    assert len(lines) == 2 + 2 * (LISTED + 1)


def test_a_busy_store_is_told_and_tried_again(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = cli.open()
    gate = Gate(cli.store).exclusive()
    gate.__enter__()
    shown(library, news, rest, lambda: gate.__exit__(None, None, None))
    out, err = capsys.readouterr()
    assert clean(out) == ["nothing to add", "TIME  added      ID  mill"]
    delayed, *more = err.splitlines()
    assert delayed.startswith("delayed    the store was held for over")
    assert delayed.endswith("(the next look tries by itself)")
    assert more == ["watching 1 file; Ctrl-C ends it", "stopped watching"]


def test_json_is_one_document_a_line(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write() -> None:
        (news / "fair.txt").write_text("The fair was held.")

    steps = (write, rest, (news / "fair.txt").unlink, rest)
    shown(cli.open(), news, *steps, as_json=True)
    out, err = capsys.readouterr()
    first, second, third = map(json.loads, out.splitlines())
    assert err == "stopped watching\n"
    assert [article["title"] for article in first["added"]] == ["mill"]
    (fair,) = second["added"]
    assert (fair["title"], second["failed"], second["trouble"]) == ("fair", [], "")
    assert third["gone"] == [
        {"path": "news/fair.txt", "articles": [fair["id"]], "files": 1, "whole": False}
    ]
    assert third["added"] == third["removed"] == []


def test_ctrl_c_in_the_first_addition_says_how_far_it_came(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (news / "fair.txt").write_text("The fair was held.")
    library = cli.open()

    def stop(texts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library.embedder, "encode", stop)
    shown(library, news)
    assert capsys.readouterr() == ("", "stopped watching after 0 of 2 articles\n")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["add", "-", "--watch"], "--watch cannot go with - (stdin)"),
        (["add", "news", "--watch", "--dry-run"], "--watch cannot go with --dry-run"),
        (["add", "news", "--every", "5"], "are for --watch"),
        (["add", "news", "--remove-missing"], "are for --watch"),
        (["add", "news", "--watch", "--every", "0"], "--every"),
    ],
)
def test_wrong_use(cli: Cli, news: Path, arguments: list[str], text: str) -> None:
    code, err = cli.fails(*arguments)
    assert (code, text in err) == (2, True), err
    assert not cli.open().articles()


START = (
    # A shell's background jobs ignore the signal, and so would this one.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from assistant.cli import main; main()"
)


@pytest.fixture
def process(tmp_path: Path, news: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", START, "add", "--watch", str(news), "--json"]
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [*command, "--store", str(tmp_path / "store")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A pipe is not written to at once by itself.
        env={**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": ""},
    ) as started:
        patience = threading.Timer(120, started.kill)
        patience.start()
        yield started
        patience.cancel()
        started.kill()


@pytest.mark.real
def test_a_process_keeps_in_step_until_ctrl_c(
    process: subprocess.Popen[str], news: Path, tmp_path: Path
) -> None:
    assert process.stdout
    assert [a["title"] for a in json.loads(process.stdout.readline())["added"]] == ["mill"]
    (news / "fair.txt").write_text("The fair was held on the green.")
    assert [a["title"] for a in json.loads(process.stdout.readline())["added"]] == ["fair"]
    library = Library.open(tmp_path / "store")
    assert library.search("the fair")[0].passage.text == "The fair was held on the green."
    library.close()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "stopped watching\n")
