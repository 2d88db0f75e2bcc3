"""The commands of the command line: each a few calls of the library, and an exit code.

Those that remove, purge, export and import are in `assistant.commands_store`.

What is heavy is imported when a command needs it, so that `--help` is quick.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from assistant import cli_search
from assistant.cli_options import (
    Articles,
    Json,
    Keyless,
    Since,
    Source,
    Store,
    Tags,
    Until,
    Whatever,
    Words,
    narrowed,
)
from assistant.cli_output import Output
from assistant.cli_stream import write_stream
from assistant.cli_watch import keep_in_step
from assistant.errors import InputError
from assistant.first_time import tell_first
from assistant.qa import Assistant
from assistant.receipt import receipt_bytes, receipt_of
from assistant.samples import own_library, sample_library
from assistant.settings import Settings
from assistant.types import Answer, FilterKind
from index import LOCAL_ONLY, Columns, Item, Library
from index.load import sha256
from index.loaders import MAX_BYTES

ABSTAINED = 3
"""Exit code when the articles do not say."""

MINUTES = 15
"""Between two visits of a feed or page that is watched."""

MAX_STDIN = 1_000_000
"""Bytes of a question that are read from stdin: far more than a question may have."""


app = typer.Typer(
    help="Answers questions about your own articles and shows the words that carry each answer.",
    epilog="Begin with:  assistant add FOLDER,  then  assistant ask 'YOUR QUESTION'",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def assistant(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """Options before the command."""
    context.obj.debug |= debug
    if show_version:
        print(f"assistant {version('cited-assistant')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


@app.command(epilog="Example:  assistant add news/ 'notes/*.pdf' --tag lebanon")
def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", hidden=True)],
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Give them this tag; may be repeated."),
    ] = None,
    local_only: Annotated[
        bool, typer.Option("--local-only", help="Send none of them to a model elsewhere.")
    ] = False,
    columns: Annotated[
        str,
        typer.Option(metavar="FIELD=NAME,...", help="Which column of a table is which field."),
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="FILE", help="What stdin is called, such as report.pdf.")
    ] = "",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the files and pages themselves in the store too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen to each source.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep in step with the sources until Ctrl-C.")
    ] = False,
    every: Annotated[
        int | None,
        typer.Option(
            metavar="MINUTES", min=1, help="With --watch: how often the web is visited (15)."
        ),
    ] = None,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="With --watch: remove articles of files gone.")
    ] = False,
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Add articles from files and web addresses.

    SOURCE is a file, a folder, a pattern such as 'notes/*.md', the address of a page or a feed, or
    - for stdin. Text, Markdown, HTML, PDF, Word (.docx), e-books (.epub), e-mail (.eml), tables
    (CSV, JSON lines) and zip archives can be read.

    What is known already stays as it is; a changed file becomes a new version of its article; a
    feed brings its new entries. For tables: --columns text=body,title=headline.
    Exit code 1 if something could not be added: the rest is.

    With --watch, new and changed files are added within seconds, and feeds and pages are visited
    every 15 minutes. Articles of files that go stay, and are named; --remove-missing removes them,
    unless a whole folder went. --json then writes a line of JSON each time something changed.
    """
    if name and "-" not in sources:
        raise InputError(f"--name {name!r} is for stdin; give - as a source too, or leave it out")
    chosen = Columns.parse(columns) if columns else None
    if watch and (dry_run or "-" in sources):
        other = "--dry-run" if dry_run else "- (stdin)"
        raise InputError(f"--watch cannot go with {other}; leave one of them out")
    if not watch and (every or remove_missing):
        raise InputError("--every and --remove-missing are for --watch; add it, or leave them out")
    assistant, out = context.obj.open(store=store), Output(as_json)
    keep |= assistant.settings.keep_originals
    tags = [*(tags or ()), *[LOCAL_ONLY] * local_only]
    if watch:
        watched = assistant.own.watch(
            dict.fromkeys(sources),
            tags=tags,
            columns=chosen,
            keep=keep,
            every=60.0 * (every or MINUTES),
            remove_missing=remove_missing,
        )
        keep_in_step(watched, out)
        return
    items = [_piped(name, columns) if s == "-" else s for s in dict.fromkeys(sources)]
    with out.progress("adding") as step:
        report = assistant.own.add(
            items,
            tags=tags,
            columns=chosen,
            keep=keep,
            dry_run=dry_run,
            on_progress=step,
        )
    out.report(report, dry_run)
    raise typer.Exit(1 if report.failed else 0)


@app.command(epilog="Example:  assistant ask 'Who proposed the truce?'")
def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", hidden=True)],
    articles: Articles = None,
    tags: Tags = None,
    whatever: Whatever = False,
    keyless: Keyless = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Leave out what the sources do not carry.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask the model even if its reply is in the cache.")
    ] = False,
    receipt: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Write a receipt there, for `assistant verify`; - is stdout."
        ),
    ] = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Answer a question and show the words it rests on.

    Instead of a QUESTION, - reads one from stdin. Exit code 3 if the articles do not say. A receipt
    holds question, answer and quotes; with - it is written in place of the answer.
    """
    if receipt == "-" and as_json:
        raise InputError("- stands for stdout, which --json cannot share; name a FILE")
    if receipt not in ("", "-"):
        _check_new(receipt)
    cache = "fresh" if fresh and Settings().cache else ""
    assistant = context.obj.open(store=store, keyless=keyless, strict=strict, cache=cache)
    out = Output(as_json)
    text = _stdin() if question == ["-"] else " ".join(question)
    scope = _scope(_library(assistant, out), articles, tags) | {"without": _without(whatever)}
    answer = _answer(assistant, text, scope, out, show=receipt != "-")
    if receipt:
        document = receipt_of(answer, assistant.library, assistant.settings)
        _write_new(receipt_bytes(document), receipt)
    raise typer.Exit(ABSTAINED if answer.abstained else 0)


@app.command(epilog="Example:  assistant search truce proposal --tag lebanon -k 3")
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", hidden=True)],
    articles: Articles = None,
    tags: Tags = None,
    whatever: Whatever = False,
    k: Annotated[
        int | None,
        typer.Option(
            "-k", metavar="N", min=1, max=50, help="At most so many, else ASSISTANT_PASSAGES."
        ),
    ] = None,
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Show the passages that would be read to answer, best first.

    WORDS may be a question. Exit code 3 if nothing in the articles is near them.
    """
    assistant, out = context.obj.open(store=store), Output(as_json)
    text = " ".join(words)
    scope = _scope(_library(assistant, out), articles, tags) | {"without": _without(whatever)}
    with out.waiting("searching"):
        found = cli_search.find(assistant, text, k=k, **scope)
    cli_search.show(found, text, out, samples=assistant.uses_samples)
    raise typer.Exit(0 if found else ABSTAINED)


@app.command(epilog="Example:  assistant summarize --tag lebanon --focus 'the truce proposal'")
def summarize(
    context: typer.Context,
    articles: Annotated[list[str] | None, typer.Argument(metavar="ID", hidden=True)] = None,
    tags: Tags = None,
    focus: Annotated[
        str, typer.Option(metavar="TEXT", help="What the summary should be about.")
    ] = "",
    sentences: Annotated[
        int, typer.Option(metavar="N", min=1, max=50, help="At most so many.")
    ] = 5,
    keyless: Keyless = False,
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Summarise articles, each sentence with its source.

    ID is what `assistant list` shows, or its first characters; without one, all articles are read.
    """
    assistant, out = context.obj.open(store=store, keyless=keyless), Output(as_json)
    scope = _scope(_library(assistant, out), articles, tags)
    with out.waiting("reading"):
        summary = assistant.summarize(**scope, focus=focus, sentences=sentences)
    out.say(str(summary), summary.to_dict())
    raise typer.Exit(0 if summary.claims else ABSTAINED)


@app.command(epilog="Example:  assistant chat --port 8080 --open")
def chat(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="PORT", help="Where it listens.")] = 7860,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    keyless: Keyless = False,
    store: Store = "",
) -> None:
    """Chat with your articles in the browser."""
    from assistant.ui import check_address, serve

    check_address(host, port)
    assistant, out = context.obj.open(store=store, keyless=keyless), Output()
    _library(assistant, out)
    tell_first(assistant.settings)
    try:
        serve(assistant, host=host, port=port, open_browser=open_browser)
    except KeyboardInterrupt:  # the way to end it, no failure
        out.note("stopped")


@app.command("list", epilog="Example:  assistant list --since 2024-09-01 --tag lebanon")
def list_articles(
    context: typer.Context,
    tags: Tags = None,
    source: Source = "",
    since: Since = None,
    until: Until = None,
    words: Words = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """List the articles, the newest first.

    In a pipe it writes one line for each article, its fields separated by tabs.
    """
    assistant, out = context.obj.open(store=store), Output(as_json)
    scope = narrowed(tags, source, since, until, words)
    library = _library(assistant, out)
    found = library.articles(**scope)
    groups = library.copy_groups(article.id for article in found)
    local = library.local_ids(article.id for article in found)
    out.articles(found, groups, samples=assistant.uses_samples, local=local)


@app.command(epilog="Example:  assistant show 3f2a")
def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID", hidden=True)],
    stored: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="An earlier version of its text.")
    ] = "",
    history: Annotated[
        bool, typer.Option("--history", help="What changed from version to version instead.")
    ] = False,
    original: Annotated[
        str, typer.Option(metavar="FILE", help="Write the kept original there; - is stdout.")
    ] = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Show what is known about an article, and its text.

    ID is what `assistant list` shows, or its first characters. The original is there if the article
    was added with --keep.
    """
    out = Output(as_json)
    library = _library(context.obj.open(store=store), out)
    name = library.find(article).id
    if original:
        _write_original(library.original(name, stored), original, out)
        return
    if history:
        out.history(library.versions(name))
        return
    versions, copies = library.versions(name), library.copies(name)
    local = library.is_local_only(name)
    out.article(library.get(name, stored), versions, copies, local=local)


@app.command(epilog="Example:  ASSISTANT_EMBEDDING=intfloat/e5-small-v2 assistant rebuild")
def rebuild(context: typer.Context, store: Store = "", as_json: Json = False) -> None:
    """Make the vector index anew from the articles.

    For an index that is damaged, or for another embedding model. Nothing else changes.
    """
    settings, out = context.obj.open(store=store).settings, Output(as_json)
    library = own_library(settings, rebuilding=True)
    with out.progress("rebuilding") as step:
        count = library.rebuild(on_progress=step)
    out.say(f"The index was made anew, passages: {count:,}.", {"passages": count})


@app.command(epilog="Example:  assistant doctor")
def doctor(context: typer.Context, store: Store = "", as_json: Json = False) -> None:
    """Check what works, and how to mend what does not.

    Exit code 1 if there is a problem.
    """
    from assistant.doctor import examine

    settings, out = context.obj.open(store=store).settings, Output(as_json)
    raise typer.Exit(0 if out.checks(examine(settings)) else 1)


def _library(assistant: Assistant, out: Output) -> Library:
    """The library in use; samples that are not ready are added under a progress bar."""
    if assistant.uses_samples:
        with out.progress("preparing the samples") as step:
            sample_library(assistant.settings, on_progress=step)
    return assistant.library


def _scope(
    library: Library, articles: Sequence[str] | None, tags: Sequence[str] | None
) -> dict[str, Any]:
    """What to search, with whole ids; what is not there is an error rather than no answer."""
    for tag in tags or ():
        if not library.articles(tags=[tag]):
            raise InputError(f"no article has the tag {tag!r}; `assistant list` shows the tags")
    return {"articles": [library.find(name).id for name in articles or ()], "tags": tags}


def _without(whatever: bool) -> tuple[str, ...]:
    """Kinds of filters that a question's own words shall not set."""
    return get_args(FilterKind) if whatever else ()


def _answer(
    assistant: Assistant, text: str, scope: dict[str, Any], out: Output, *, show: bool
) -> Answer:
    """The answer to a question, shown while it is written where a person is watching."""
    if not (show and out.is_live and assistant.settings.has_model):
        with out.waiting("searching"):
            answer = assistant.ask(text, **scope)
        if show:
            out.say(str(answer), answer.to_dict())
        return answer
    with ExitStack() as waiting:
        waiting.enter_context(out.waiting("searching"))

        def write(words: str) -> None:
            waiting.close()
            out.write(words)

        answer, rest = asyncio.run(write_stream(assistant.stream(text, **scope), write))
    out.say(rest, answer.to_dict())
    return answer


def _write_original(data: bytes, target: str, out: Output) -> None:
    """Write a kept original to a new file, or to stdout."""
    _write_new(data, target)
    if target != "-":
        out.say(f"written    {target}, {len(data):,} bytes", {"to": target, "bytes": len(data)})


def _write_new(data: bytes, target: str) -> None:
    """Write bytes to a file that was not there before, or to stdout."""
    if target == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        with Path(target).expanduser().open("xb") as file:
            file.write(data)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in it, an unknown ~user
        raise _unwritable(target, error) from error


def _check_new(target: str) -> None:
    """Refuse a place for a new file before an answer is made for it.

    Raises:
        InputError: something is there already, or its folder is not.
    """
    try:
        path = Path(target).expanduser()
        path.parent.stat()
        with suppress(FileNotFoundError):
            path.lstat()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritable(target, error) from error


def _unwritable(target: str, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error
    return InputError(f"cannot write {target!r} ({reason}); name a new file")


def _piped(name: str, columns: str) -> Item:
    """Standard input as a file; without a name it goes by its content."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    shown = " ".join(name.split())[:200] or "standard input"
    # Only its name tells a table from a text.
    called = f"{shown}.csv" if columns and not name else shown
    return Item(called, data=data, key=f"stdin:{shown if name else sha256(data)}")


def _stdin() -> str:
    return sys.stdin.buffer.read(MAX_STDIN).decode("utf-8", "replace")
