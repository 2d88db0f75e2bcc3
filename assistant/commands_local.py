"""The command that says whose articles stay on this machine; adds itself to the others."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli_options import Json, Store
from assistant.cli_output import Output
from assistant.commands_store import app
from assistant.errors import InputError

__all__ = ["app"]


@app.command("local", epilog="Example:  assistant local confidential 'source notes'")
def mark_local(
    context: typer.Context,
    tags: Annotated[list[str] | None, typer.Argument(metavar="TAG", hidden=True)] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Let these tags be like any other again.")
    ] = False,
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Say which articles no model elsewhere may read.

    Articles with a TAG stay on this machine, now and in future; those with the tag local_only
    always do. Only the built-in reader reads them, or a language model that runs here. Without a
    TAG, the tags are listed.
    """
    if remove and not tags:
        raise InputError("name the tags to --remove; `assistant local` shows which there are")
    library, out = context.obj.open(store=store).own, Output(as_json)
    if tags and remove:
        library.unmark_local(tags)
    elif tags:
        library.mark_local(tags)
    marked, count = library.local_tags, len(library.local_ids())
    text = f"{count:,} article{'s' * (count != 1)} stay{'s' * (count == 1)} on this machine"
    out.say(f"{text}, by the tags: {', '.join(marked)}", {"tags": list(marked), "articles": count})
