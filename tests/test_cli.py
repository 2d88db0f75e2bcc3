"""The command line: what it prints where, its exit codes, and one clear line for each mistake."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from documents import html_page
from helpers import TRUCE
from openai_server import Reply, scripted_server

from assistant import (
    NO_ANSWER,
    Answer,
    Assistant,
    Checked,
    Citation,
    Cited,
    Claim,
    Done,
    Event,
    Notice,
    Restarted,
    Settings,
    Token,
    cli_output,
)
from assistant.cli import run
from assistant.cli_output import LISTED, Output, printable
from assistant.cli_stream import write_stream
from assistant.pace import Pace
from assistant.types import Disagreement, Value
from index import Library, Progress
from index.gate import Gate

COMMANDS = (
    "add ask search summarize chat list show rebuild doctor tag remove purge export import local"
)
HEAVY = ("chromadb", "gradio", "langchain", "langchain_core", "sentence_transformers", "torch")


class OtherEmbedder(FakeEmbedder):
    fingerprint = "other 64"


class Cli:
    """Runs commands in this process, on one library with the fake embedder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = folder / "store"
        self.patience = 0.1
        self.embedder: FakeEmbedder = FakeEmbedder()
        self._capsys = capsys

    def make(self, settings: Settings) -> Assistant:
        return Assistant(settings, self.open())

    def open(self) -> Library:
        """The library that the commands work on."""
        return Library.open(self.store, embedding=self.embedder, patience=self.patience)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(arguments, self.make)
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out, _ = self(*arguments, "--json")
        return code, json.loads(out)

    def fails(self, *arguments: str) -> tuple[int, str]:
        """The exit code and the one line of a failure, which `--json` gives as a document too."""
        code, out, err = self(*arguments)
        assert out == ""
        assert err.count("\n") == 1, err
        assert err.startswith("error: "), err
        again, document = self.json(*arguments)
        assert (again, f"error: {document['error']}\n") == (code, err)
        return code, err


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, capsys)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    head = "---\ntitle: The truce\nsource: Ilvane Post\npublished: 2024-09-26\n---\n"
    (folder / "truce.md").write_text(head + TRUCE, encoding="utf-8")
    (folder / "herring.txt").write_text("Herring stocks fell. Boats stayed in St. Orlan.")
    return folder


def ids(cli: Cli) -> dict[str, str]:
    """Ids of the articles by title."""
    return {article["title"]: article["id"] for article in cli.json("list")[1]["articles"]}


# Adding


def test_add_lists_what_it_added_and_says_so_in_json(cli: Cli, news: Path) -> None:
    code, out, err = cli("add", str(news), "--tag", "mine")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "2 added"
    assert "The truce, Ilvane Post, 2024-09-26" in out
    code, report = cli.json("add", str(news))
    assert code == 0
    assert [a["title"] for a in report["unchanged"]] == ["herring", "The truce"]
    assert cli.json("list", "--tag", "mine")[1]["articles"][0]["tags"] == ["mine"]


def test_add_names_only_the_first_of_many(cli: Cli, tmp_path: Path) -> None:
    for number in range(LISTED + 3):
        (tmp_path / f"{number:02}.txt").write_text(f"Article number {number}.")
    _, out, _ = cli("add", str(tmp_path / "*.txt"))
    assert out.count("added      ") == LISTED
    assert "… and 3 more" in out


TABLE = "id,headline,body\n1,Rain,It rained.\n2,Snow,It snowed.\n3,Hail,\n"


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_add_a_table_with_its_columns_named(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "news.csv"
    table.write_text(TABLE.replace("body", "story"))
    code, _, err = cli("add", str(table))
    assert (code, "--columns text=NAME" in err) == (1, True)
    code, out, err = cli("add", str(table), "--columns", "text=story, title=headline", "--tag", "x")
    assert (code, out.splitlines()[-1]) == (1, "2 added, 1 failed")
    assert f"failed     {table}!row 4: " in err
    assert set(ids(cli)) == {"Rain", "Snow"}
    assert len(cli.json("list", "--tag", "x")[1]["articles"]) == 2
    code, answer = cli.json("ask", "snowed", "--article", ids(cli)["Snow"])
    assert {citation["locator"] for citation in answer["citations"]} <= {"row 3"}
    code, err = cli.fails("add", str(table), "--columns", "colour=red")
    assert (code, "'colour' is no field" in err) == (2, True)


def test_add_reads_stdin(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for data, options, titles in [
        (b"It rained all day.", [], {"standard input"}),
        (b"# Sleet\n\nIt sleeted.", ["--name", "a/notes.md"], {"Sleet"}),
        (html_page(), [], {"Bridge closed"}),
        (TABLE.encode(), ["--name", "news.csv"], {"Rain", "Snow"}),
        (TABLE.encode(), ["--columns", "title=headline"], {"Rain", "Snow"}),
    ]:
        pipe(monkeypatch, data)
        assert {a["title"] for a in cli.json("add", "-", *options)[1]["added"]} == titles
    pipe(monkeypatch, b"It rained all day.")
    (again,) = cli.json("add", "-")[1]["unchanged"]
    assert again["original"]["name"] == "standard input"
    pipe(monkeypatch, b"# Sleet\n\nIt stopped.")
    assert len(cli.json("add", "-", "--name", "a/notes.md")[1]["updated"]) == 1
    pipe(monkeypatch, b"")
    code, _, err = cli("add", "-", "--name", "\x1b[2J\n.txt")
    assert (code, err) == (1, "failed     \ufffd[2J .txt: it has no text\n")
    code, err = cli.fails("add", "x.txt", "--name", "y.txt")
    assert (code, "for stdin" in err) == (2, True)


def test_add_refuses_an_address_of_ones_own_network(cli: Cli) -> None:
    code, out, err = cli("add", "http://127.0.0.1:9876/a?token=1")
    assert (code, out) == (1, "1 failed\n")
    assert "set ASSISTANT_PRIVATE_ADDRESSES=true" in err
    assert err.count("\n") == 1


def test_a_dry_run_says_what_would_happen_to_each_source(cli: Cli, news: Path) -> None:
    cli("add", str(news / "herring.txt"))
    (news / "none.pdf").write_bytes(b"%PDF-1.7 ...")
    code, out, err = cli("add", str(news), "--dry-run", "--tag", "x")
    assert code == 1
    assert out.splitlines() == [
        f"added      {news}/truce.md",
        f"unchanged  {news}/herring.txt",
        "dry run, nothing was changed: 1 added, 1 unchanged, 1 failed",
    ]
    assert err.startswith(f"failed     {news}/none.pdf: it is a PDF")
    code, report = cli.json("add", str(news), "--dry-run")
    assert (code, report["dry_run"], len(report["added"])) == (1, True, 1)
    (stored,) = cli.json("list")[1]["articles"]
    assert (stored["title"], stored["tags"]) == ("herring", [])


def too_long(folder: Path) -> Path:
    return folder / ("x" * 300 + ".txt")


def big(folder: Path) -> Path:
    path = folder / "big.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    return path


def holding(data: bytes, name: str = "file.txt") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def dangling(folder: Path) -> Path:
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    return folder / "dangling.txt"


def closed(folder: Path) -> Path:
    (folder / "closed").mkdir(mode=0)
    if os.access(folder / "closed", os.R_OK):
        pytest.skip("this user may read everything")
    return folder / "closed"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (holding(b""), "it has no text"),
        (holding(b" \n\t "), "it has no text"),
        (holding(b"\x00\x01\x02" * 99), "binary file"),
        (holding(b"%PDF-1.7 ..."), "binary file"),
        (holding(b"\xff\xfe\x00"), "save it as UTF-8"),
        (holding(b"Text", "report.pdf/../x.docx"), "no such file"),
        (too_long, "cannot be opened"),
        (dangling, "no such file"),
        (closed, "check rights"),
        (big, "the limit is 20 million"),
        (lambda folder: folder / "none.txt", "no such file"),
        (lambda folder: folder / "*.none", "check the pattern"),
        (lambda folder: folder, "the folder holds no article"),
    ],
)
def test_what_cannot_be_added_is_named_with_its_reason(
    cli: Cli, tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    try:
        bad = make(folder)
    except FileNotFoundError:
        bad = folder / "none"
    good = tmp_path / "good.txt"
    good.write_text("A good article.")
    code, out, err = cli("add", str(bad), str(good))
    assert code == 1
    assert out.splitlines()[-1] == "1 added, 1 failed"
    assert err.count("\n") == 1
    assert err.startswith("failed     ")
    assert reason in err
    code, report = cli.json("add", str(bad), str(good))
    assert code == 1
    assert reason in report["failed"][0]["reason"]
    assert len(report["unchanged"]) == 1


def test_text_in_another_encoding_is_refused_with_the_way_out(cli: Cli, tmp_path: Path) -> None:
    text = "Über den Fluß führen zwei Brücken, sagte der Bürgermeister am Montag."
    (tmp_path / "latin.txt").write_bytes(text.encode("latin-1"))
    code, out, err = cli("add", str(tmp_path / "latin.txt"))
    assert code == 1
    assert "save it as UTF-8" in " ".join((out + err).split())


# Asking


def test_ask_answers_with_numbered_quotes(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    code, out, err = cli("ask", "Who", "proposed", "the", "truce?")
    assert (code, err) == (0, "")
    assert "United States and France" in out.splitlines()[0]
    assert "[1] The truce, Ilvane Post, 2024-09-26" in out
    code, answer = cli.json("ask", "Who proposed the truce?", "--keyless", "--strict")
    assert code == 0
    assert answer["citations"][0]["quote"] in TRUCE


def test_ask_reads_stdin(cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("add", str(news))
    typed = io.TextIOWrapper(io.BytesIO(b"Who proposed the truce\xff?\n"))
    monkeypatch.setattr(sys, "stdin", typed)
    code, answer = cli.json("ask", "-")
    assert (code, answer["question"]) == (0, "Who proposed the truce\ufffd?")


def test_ask_nothing_fitting_is_exit_code_3(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    code, out, _ = cli("ask", "quasar luminosity xylophone?", "--article", ids(cli)["herring"])
    assert code == 3
    assert out.startswith("The articles do not say.")
    assert cli.json("ask", "quasar luminosity xylophone?")[1]["abstained"] is True


def test_ask_only_the_articles_named(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    name = ids(cli)["herring"]
    _, answer = cli.json("ask", "What fell?", "--article", name[:5])
    assert answer["understood"]["scope"]["articles"] == [name]
    assert {hit["passage"]["article_id"] for hit in answer["hits"]} == {name}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["ask", ""], "the question is empty"),
        (["ask", " \n"], "the question is empty"),
        (["ask", "x" * 20_000], "20,000 characters, the limit is 4,000"),
        (["ask"], "missing argument 'QUESTION'; see `assistant ask --help`"),
        (["ask", "What?", "--tag", "none"], "no article has the tag 'none'"),
        (["ask", "What?", "--article", "zz"], "no article ids begin with 'zz'"),
        (["ask", "What?", "--colour"], "no such option: --colour"),
        (["summarize", "zz"], "no article ids begin with 'zz'"),
        (["summarize", "--sentences", "0"], "--sentences"),
        (["list", "--since", "yesterday"], "'yesterday' does not match"),
        (["show", "zz"], "no article ids begin with 'zz'"),
        (["show", ""], "no article ids begin with ''"),
        (["remove", "zz", "--yes"], "no article ids begin with 'zz'"),
        (["add"], "missing argument 'SOURCE'"),
        (["chat", "--port", "0"], "there is no port 0"),
        (["chat", "--port", "x"], "invalid value for '--port'"),
        (["frobnicate"], "no such command 'frobnicate'; see `assistant --help`"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    cli: Cli, news: Path, arguments: list[str], text: str
) -> None:
    cli("add", str(news))
    if arguments[0] == "chat":  # has no JSON, but its errors have
        code, err = cli(*arguments)[::2]
    else:
        code, err = cli.fails(*arguments)
    assert code == 2
    assert text in err


def test_a_setting_that_makes_no_sense(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PASSAGES", "many")
    code, err = cli.fails("list")
    assert code == 2
    assert "ASSISTANT_PASSAGES" in err


def test_summarize(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    code, out, _ = cli("summarize", "--sentences", "2", "--focus", "the truce")
    assert code == 0
    assert "[1] " in out
    code, summary = cli.json("summarize", ids(cli)["herring"])
    assert code == 0
    assert [article["title"] for article in summary["articles"]] == ["herring"]


# Looking and removing


def test_list_in_a_pipe_is_one_line_for_each_article(cli: Cli, news: Path) -> None:
    cli("add", str(news), "--tag", "a", "--tag", "b")
    known = ids(cli)
    code, out, err = cli("list")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{known['The truce']}\tThe truce\tIlvane Post\t2024-09-26\t26\ta, b\t\t",
        f"{known['herring']}\therring\t\t\t8\ta, b\t\t",
    ]
    assert cli("list", "--since", "2024-09-27")[1:] == ("", "No article fits.\n")
    assert len(cli.json("list", "--source", "ilvane post")[1]["articles"]) == 1


def test_show_prints_what_is_known_and_earlier_versions(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    name = ids(cli)["herring"]
    first = cli.json("show", name)[1]["version"]
    (news / "herring.txt").write_text("Herring stocks rose.")
    assert "updated    " in cli("add", str(news))[1]
    code, out, _ = cli("show", name[:6])
    assert code == 0
    assert "title      herring\n" in out
    assert out.endswith("\n\nHerring stocks rose.\n")
    assert cli.json("show", name, "--version", first)[1]["text"].startswith("Herring stocks fell.")
    assert cli.fails("show", name, "--version", "beef")[0] == 2


def test_an_article_cannot_command_the_terminal(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("Clear\x1b[2J the\x9b2J screen [bold]now[/bold].")
    cli("add", str(tmp_path / "evil.txt"))
    _, out, _ = cli("show", ids(cli)["evil"])
    assert "Clear\ufffd[2J the\ufffd2J screen [bold]now[/bold]." in out
    _, out, _ = cli("show", ids(cli)["evil"], "--json")
    assert out.isprintable() or set(out) - set(printable(out)) == set()
    assert json.loads(out)["text"] == "Clear\x1b[2J the\x9b2J screen [bold]now[/bold]."


def test_remove_takes_all_or_none(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    known = ids(cli)
    code, err = cli.fails("remove", known["herring"], "zz", "--yes")
    assert (code, len(ids(cli))) == (2, 2)
    code, err = cli.fails("remove", known["herring"])  # nobody there to be asked
    assert (code, len(ids(cli))) == (2, 2)
    assert "--yes" in err
    code, removed = cli.json("remove", known["herring"][:5], known["herring"], "--yes")
    assert (code, [a["title"] for a in removed["removed"]]) == (0, ["herring"])
    code, out, _ = cli("remove", known["The truce"], "-y")
    assert (code, ids(cli)) == (0, {})
    assert out.startswith(f"removed    {known['The truce'][:8]}  The truce")


@pytest.mark.parametrize(("reply", "code", "left"), [("y\n", 0, 1), ("n\n", 1, 2), ("", 1, 2)])
def test_remove_asks_on_a_terminal(
    cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch, reply: str, code: int, left: int
) -> None:
    cli("add", str(news))
    name = ids(cli)["herring"]
    typed = io.StringIO(reply)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    found, _, err = cli("remove", name)
    assert (found, len(ids(cli))) == (code, left)
    assert f"{name[:8]}  herring\n" in err
    assert ("nothing was changed" in err) == (code == 1)


# On a terminal of 80 columns


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("terminal")
def test_the_table_fits_and_keeps_ids_and_dates_whole(
    cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "---\ntitle: A title that goes on\nsource: The Very Long Name of an Outlet\n---\nText."
    (news / "long.md").write_text(long.replace("goes", "goes " * 30))
    cli("add", str(news), "--tag", "several", "--tag", "long", "--tag", "tags")
    known = ids(cli)
    coloured = cli("list")[1]
    assert "\x1b[" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    plain = cli("list")[1]
    lines = plain.splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80
    assert all(any(name[:8] in line for line in lines) for name in known.values())
    assert "2024-09-26" in plain


@pytest.mark.usefixtures("terminal")
def test_progress_fits_and_says_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    now = iter(range(0, 99, 3))
    monkeypatch.setattr(cli_output, "Pace", lambda: Pace(clock=lambda: next(now)))

    def rebuild() -> None:
        with Output().progress("rebuilding") as step:
            for done in range(0, 12_001, 1000):
                step(Progress(done, 30_000, done // 8, ""))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="after 12,000 of 30,000 articles"):
        rebuild()
    frames = re.split(r"[\r\n]+|\x1b\[[0-9?;]*[A-Za-z]", screen.getvalue())
    last = [frame for frame in frames if "passages/s" in frame][-1]
    assert last.endswith(" 12000/30000 articles, 42 passages/s, about 50 s left")
    assert max(map(len, frames)) <= 80


@pytest.mark.usefixtures("terminal")
def test_long_lines_break_between_words(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    out = cli("ask", "Who proposed the truce?", "--keyless")[1]
    assert max(map(len, out.splitlines())) <= 80
    assert " ".join(TRUCE.split()[:9]) in " ".join(out.split())


@pytest.mark.usefixtures("terminal")
def test_a_model_is_streamed_and_a_wrong_key_falls_back(
    cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("add", str(news))
    with scripted_server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
        server.say("The United States and ", "France proposed a truce [1]. Cats", " fly.")
        code, out, err = cli("ask", "Who proposed the truce?")
        assert (code, err) == (0, "")
        first = "The United States and France proposed a truce. [1] Cats fly. (not in the sources)"
        assert " ".join(out.split()).startswith(first)
        assert "\n[1] The truce, Ilvane Post, 2024-09-26\n" in out
        server.replies = [Reply(status=401)]
        code, out, err = cli("ask", "Who proposed the truce?")
    assert (code, err) == (0, "")
    assert "United States and France" in out
    assert "127.0.0.1 refused the key (401)" in " ".join(out.split())
    assert "sk-very-secret" not in out


# The store


def test_a_store_of_another_embedding_model(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    cli.embedder = OtherEmbedder()
    code, err = cli.fails("ask", "Who proposed the truce?")
    assert code == 1
    assert "assistant rebuild" in err


def test_a_store_of_a_newer_program(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    with sqlite3.connect(cli.store / "catalogue.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    code, err = cli.fails("list")
    assert code == 1
    assert "install a newer version" in err


def test_a_lock_that_is_held_for_too_long(cli: Cli, news: Path) -> None:
    cli("add", str(news))
    with Gate(cli.store).exclusive():
        code, err = cli.fails("ask", "Who proposed the truce?")
        assert code == 1
        assert f"(process {os.getpid()}, since " in err
        assert cli.fails("add", str(news))[0] == 1
    assert cli("ask", "Who proposed the truce?")[0] == 0


def test_a_place_that_cannot_be_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    assert run(["list", "--store", str(tmp_path / "file")]) == 1
    assert "ASSISTANT_STORE" in capsys.readouterr().err


# Errors that nobody foresaw


def broken(settings: Settings) -> Assistant:
    raise RuntimeError(f"unforeseen\n{settings.passages}")


def test_an_unforeseen_error_is_one_line_with_a_hint(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["list"], broken) == 1
    line = "error: RuntimeError: unforeseen 8; ASSISTANT_DEBUG=1 shows where\n"
    assert capsys.readouterr().err == line
    assert run(["--debug", "list"], broken) == 1
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    assert run(["list", "--json"], broken) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["kind"] == "RuntimeError"
    assert "Traceback" in err


def test_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    def make(_: Settings) -> Assistant:
        raise KeyboardInterrupt

    assert run(["list"], make) == 130
    assert capsys.readouterr().err == "error: stopped; run the same command again to go on\n"


# Streaming

RAIN = Citation(1, "a", "v", 0, 4, "Rain", title="Weather")
FELL = Citation(2, "a", "v", 5, 9, "fell", title="Weather")


def streamed(*events: Event) -> tuple[list[str], str]:
    """What is written piece by piece, and what is left to print."""

    async def stream() -> AsyncIterator[Event]:
        for event in events:
            yield event

    written: list[str] = []
    _, rest = asyncio.run(write_stream(stream(), written.append))
    return written, rest


def test_a_stream_is_written_as_it_comes_with_numbers_in_their_places() -> None:
    claims = (Claim("It rained 3.5 mm.", (RAIN, FELL)), Claim("Cats fly.", (), "unsupported"))
    written, rest = streamed(
        Token("It "),
        Token("rained 3"),
        Token(".5 mm. Ca"),
        Cited(RAIN),
        Cited(FELL),
        Checked(claims[0]),
        Token("ts fly."),
        Checked(claims[1]),
        Done(Answer("What?", claims, answered_by="tiny")),
    )
    assert written[:2] == ["It ", "rained 3"]
    assert "".join(written) == "It rained 3.5 mm. [1][2] Cats fly. (not in the sources)"
    assert rest == "\n\n[1] Weather\n    “Rain”\n[2] Weather\n    “fell”"


def test_a_stream_that_begins_anew_says_so_and_is_held_until_its_short_answer_is_known() -> None:
    claim = Claim("It rained.", (RAIN,))
    notice = Notice("fallback", "The model broke off.")
    done = Done(Answer("What?", (claim,), "rain", confidence=0.7, notices=(notice,)))
    anew = (Restarted(notice), Token("It rained."), Cited(RAIN), Checked(claim), done)
    written, rest = streamed(Token("Nonse"), *anew)
    void = "Nonse\n\nThe text above is void; another answer follows.\n\n"
    assert "".join(written) == void
    assert rest == str(done.answer)
    assert rest.startswith("rain\n\nIt rained. [1]\n\n[1] Weather\n")
    assert rest.endswith("\n\nConfidence: likely (70 %)\n\nNote: The model broke off.")
    assert streamed(*anew) == ([], rest)


def test_what_follows_a_stream_is_not_mistaken_for_its_sentences() -> None:
    claim = Claim("It rained.", (), "unsupported")
    fell = Value("snow", Claim("It fell.", (FELL,)), "Post")
    differ = Disagreement("contradiction", (fell,))
    done = Done(Answer("What?", (claim, claim), disagreement=differ))
    told = (Token("It rained."), Checked(claim))
    written, rest = streamed(*told, *told, done)
    assert "".join(written) == " ".join(2 * ["It rained. (not in the sources)"])
    assert rest.startswith("\n\nSources differ:\n  - Post: snow [2]\n\n[2] Weather\n")


def test_a_stream_without_an_answer() -> None:
    abstained = Done(Answer("What?", abstained=True))
    assert streamed(abstained) == ([], NO_ANSWER)
    written, rest = streamed(Token(NO_ANSWER), Checked(Claim(NO_ANSWER, (), "partly")), abstained)
    assert ("".join(written), rest) == (NO_ANSWER, "")


# As a process


def assistant(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def test_the_command_line_imports_nothing_heavy() -> None:
    code = f"import sys, assistant.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_and_version() -> None:
    done = assistant("--help")
    assert done.returncode == 0
    commands = COMMANDS.split()
    assert all(f"\n  {name} " in done.stdout for name in commands)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "..." not in done.stdout.split("Commands:")[1]
    done = assistant("--version")
    assert (done.returncode, done.stdout.startswith("assistant ")) == (0, True)
    done = assistant()
    assert (done.returncode, "Usage:" in done.stdout) == (2, True)


@pytest.mark.parametrize("name", COMMANDS.split())
def test_every_command_has_help_with_an_example(name: str, cli: Cli) -> None:
    code, out, _ = cli(name, "--help")
    assert code == 0
    assert "Example:  " in out
    assert "list[str]" not in out


def test_stdout_and_stderr_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    more = ("--store", str(tmp_path / "store"))
    done = assistant("add", str(tmp_path), *more)
    assert (done.returncode, done.stdout) == (1, "1 failed\n")
    assert done.stderr == f"failed     {tmp_path / 'empty.md'}: it has no text\n"
    done = assistant("add", str(tmp_path), *more, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["failed"][0]["reason"] == "it has no text"
    done = assistant("add", *more, "--json")
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["kind"] == "MissingParameter"


def test_a_terminal_that_cannot_show_every_character(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    more = ("--store", str(tmp_path / "store"), "nothing-\udcffé.txt")
    done = assistant("add", *more, env=environment)
    assert (done.returncode, done.stderr) == (
        1,
        "failed     nothing-??.txt: there is no such file or folder; check the path\n",
    )
    done = assistant("add", *more, "--json", env=environment)
    assert json.loads(done.stdout)["failed"][0]["source"] == "nothing-\udcffé.txt"


def test_ctrl_c_is_one_line() -> None:
    # A shell's background jobs ignore the signal, and so would this one.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from assistant.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "ask", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        process.stdin.write("x" * 300_000)  # more than a pipe holds: it is being read now
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "error: stopped; run the same command again to go on\n"


@pytest.mark.real
def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = assistant("chat", "--port", port, "--store", str(tmp_path / "store"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert port in done.stderr


@pytest.mark.real
def test_rebuild_is_the_way_to_another_embedding_model(
    cli: Cli, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli("add", str(news))
    more = ("--store", str(cli.store), "--json")
    assert run(["ask", "What fell?", *more]) == 1
    assert json.loads(capsys.readouterr().out)["kind"] == "OtherModelError"
    assert run(["doctor", *more]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert run(["rebuild", *more]) == 0
    assert json.loads(capsys.readouterr().out) == {"passages": 2}
    assert run(["ask", "What fell?", *more]) == 0
    assert "Herring" in json.loads(capsys.readouterr().out)["text"]
    assert run(["doctor", "--store", str(cli.store)]) == 0
    assert "\nok      vector index    agrees with the catalogue\n" in capsys.readouterr().out


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    command = f"{sys.executable} -m assistant add {tmp_path} --store {tmp_path / 's'} --json"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("141\n", "")
