"""The commands that tag or remove articles, and move them: tag, remove, purge, export, import.

They add themselves to those in `assistant.commands`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from assistant.cli_options import Ids, Json, Since, Source, Store, Tags, Until, Words, narrowed
from assistant.cli_output import SHORT_ID, Output, record
from assistant.commands import app
from assistant.errors import InputError
from assistant.qa import Assistant
from index import Article, Library, Purge

__all__ = ["app"]


@app.command("tag", epilog="Example:  assistant tag 3f2a --add mill --remove todo")
def change_tags(
    context: typer.Context,
    articles: Ids = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="TAG", help="Give them this tag; may be repeated."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="TAG", help="Take this tag away; may be repeated."),
    ] = None,
    tags: Tags = None,
    source: Source = "",
    since: Since = None,
    until: Until = None,
    words: Words = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Change the tags of articles.

    ID is what `assistant list` shows, or its first characters. If one of them is not there, nothing
    is changed. Options narrow it down, as for `assistant remove`. A tag that comes from an
    article's file, or from `add --tag`, comes back when that is added again.
    """
    own, out = _own(context.obj.open(store=store), "tag"), Output(as_json)
    scope = narrowed(tags, source, since, until, words)
    if not articles and not any(scope.values()):
        raise InputError("name what to tag: an ID, --source, --tag, --since, --until, --search")
    chosen = _chosen(own, articles, scope)
    changed = own.change_tags([found.id for found in chosen], add=add or (), remove=remove or ())
    lines = [
        f"tagged     {found.id[:SHORT_ID]}  {found.label}: {', '.join(found.tags) or 'no tag'}"
        for found in changed
    ]
    if unchanged := len(chosen) - len(changed):
        lines.append(f"{_number(unchanged)} unchanged")
    if not chosen:
        out.note("No article fits, nothing was changed.")
    if lines or as_json:
        document = {"changed": [record(found) for found in changed], "unchanged": unchanged}
        out.say("\n".join(lines), document)


@app.command(epilog="Example:  assistant remove --source 'Daily Note' --until 2023-12-31")
def remove(
    context: typer.Context,
    articles: Ids = None,
    tags: Tags = None,
    source: Source = "",
    since: Since = None,
    until: Until = None,
    words: Words = "",
    purge: Annotated[
        bool, typer.Option("--purge", help="Leave no trace in the store's files.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Remove articles with all their versions.

    ID is what `assistant list` shows, or its first characters. If one of them is not there, none
    is removed. Options narrow it down: only what fits all of them goes; without an ID, everything
    that fits. What would go is shown first. With --purge, see `assistant purge --help`.
    """
    own, out = _own(context.obj.open(store=store), "remove"), Output(as_json)
    scope = narrowed(tags, source, since, until, words)
    if not articles and not any(scope.values()):
        raise InputError("name what to remove: an ID, --source, --tag, --since, --until, --search")
    doomed = _chosen(own, articles, scope)
    if doomed and not yes:
        _confirm(out, doomed)
    removed = own.remove([found.id for found in doomed])
    lines = [f"removed    {found.id[:SHORT_ID]}  {found.label}" for found in removed]
    document: dict[str, Any] = {"removed": [record(found) for found in removed]}
    if not removed:
        out.note("No article fits, nothing was removed.")
    if purge:
        done = _purge(own, out)
        lines.append(_told(done))
        document["purged"] = asdict(done)
    if lines or as_json:
        out.say("\n".join(lines), document)


@app.command("purge", epilog="Example:  assistant purge")
def purge_removed(context: typer.Context, store: Store = "", as_json: Json = False) -> None:
    """Leave no trace of removed articles in the store's files.

    Removing takes articles out of every search, but parts of their text stay in the files until
    they are written anew, which this does. Backups of the store from before an upgrade are deleted,
    and the cache of answers is emptied.
    """
    own, out = context.obj.open(store=store).own, Output(as_json)
    done = _purge(own, out)
    out.say(_told(done), {"purged": asdict(done)})


@app.command("export", epilog="Example:  assistant export library.jsonl --tag lebanon")
def export_articles(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FILE", hidden=True)],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="FILE is a new folder, for a Markdown file of each.")
    ] = False,
    tags: Tags = None,
    source: Source = "",
    since: Since = None,
    until: Until = None,
    words: Words = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Write articles to a file, with all that is known of them.

    FILE gets a line of JSON for each article, its earlier versions included; - is stdout.
    `assistant import` makes the same library of it in an empty store.
    """
    if target == "-" and (as_json or markdown):
        raise InputError(
            "- stands for stdout, which --json or --markdown cannot share; name a FILE"
        )
    own, out = _own(context.obj.open(store=store), "export"), Output(as_json)
    scope = narrowed(tags, source, since, until, words)
    with out.waiting("exporting"):
        place = sys.stdout.buffer if target == "-" else target
        count = own.export(place, markdown=markdown, **scope)
    if target == "-":
        sys.stdout.buffer.flush()
        out.note(f"exported   {_number(count)}")
    else:
        out.say(f"exported   {_number(count)} to {target}", {"exported": count, "to": target})


@app.command("import", epilog="Example:  assistant import library.jsonl")
def import_articles(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", hidden=True)],
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Add the articles of a file that `assistant export` wrote.

    Dates, tags and earlier versions come with them; - is stdin. What is known already stays as it
    is. Exit code 1 if a line could not be used: the rest is.
    """
    own, out = context.obj.open(store=store).own, Output(as_json)
    with out.progress("importing") as step:
        report = own.import_file(sys.stdin.buffer if file == "-" else file, on_progress=step)
    out.report(report)
    raise typer.Exit(1 if report.failed else 0)


def _own(assistant: Assistant, verb: str) -> Library:
    """The person's own library, if there is anything in it."""
    if assistant.uses_samples:
        raise InputError(f"your library is empty, there is nothing to {verb}; see `assistant list`")
    return assistant.own


def _purge(own: Library, out: Output) -> Purge:
    with out.progress("purging") as step:
        return own.purge(on_progress=step)


def _told(done: Purge) -> str:
    """What a purge did, and what it could not."""
    deleted = f"; deleted: {', '.join(done.backups)}" if done.backups else ""
    size = f"{done.freed / 1e6:.1f} MB freed"
    return f"purged     {size}, passages left: {done.passages:,}{deleted}\n{done.beyond}"


def _chosen(own: Library, ids: Sequence[str] | None, scope: dict[str, Any]) -> list[Article]:
    """What the ids and options name together; an id that is not there is an error."""
    if not ids:
        return own.articles(**scope)
    return own.articles(articles=[own.find(name).id for name in ids], **scope)


def _confirm(out: Output, doomed: Sequence[Article]) -> None:
    """Show what would go and ask; without anyone to be asked nothing is done."""
    count = _number(len(doomed))
    if out.as_json or not sys.stdin.isatty():
        raise InputError(
            f"nothing was removed; say --yes to remove {count} without being asked, "
            "`assistant list` with the same options shows which"
        )
    for found in doomed:
        out.note(f"{found.id[:SHORT_ID]}  {found.label}")
    typer.confirm(f"Remove {count} with all versions?", abort=True, err=True)


def _number(count: int) -> str:
    return f"{count:,} article" + ("" if count == 1 else "s")
