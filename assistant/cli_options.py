"""What several commands of the command line share: their options, and the run they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

from assistant.qa import Assistant
from assistant.settings import Settings


@dataclass
class Session:
    """What a run of the command line needs besides its arguments; `obj` of Typer's context."""

    make: Callable[[Settings], Assistant] = Assistant
    debug: bool = False

    def open(self, **values: Any) -> Assistant:
        """An assistant with these settings; empty ones come from the environment."""
        return self.make(Settings(**{name: value for name, value in values.items() if value}))


Json = Annotated[bool, typer.Option("--json", help="Write one JSON document.")]
Keyless = Annotated[bool, typer.Option("--keyless", help="Use no language model.")]
Store = Annotated[str, typer.Option(metavar="PLACE", help="Use this store of articles.")]
Articles = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ID", help="Only this article; may be repeated."),
]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="Only articles with this tag; may be repeated."),
]

DAY: dict[str, Any] = {"metavar": "YYYY-MM-DD", "formats": ["%Y-%m-%d"]}
"""What every option that takes a day is made with."""

Source = Annotated[str, typer.Option(metavar="NAME", help="Only articles of this source.")]
Since = Annotated[
    datetime | None, typer.Option(help="Only what was published then or later.", **DAY)
]
Until = Annotated[
    datetime | None, typer.Option(help="Only what was published then or earlier.", **DAY)
]
Words = Annotated[
    str, typer.Option("--search", metavar="WORDS", help="Only articles that hold all these words.")
]

Whatever = Annotated[
    bool,
    typer.Option("--any", help="Of any source, author and time, whatever the question says."),
]

# The text of a command names its arguments, so that its help shows no types.
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", hidden=True)]


def narrowed(
    tags: Sequence[str] | None,
    source: str,
    since: datetime | None,
    until: datetime | None,
    words: str = "",
) -> dict[str, Any]:
    """Keyword arguments of `Library.articles` for these options."""
    return {
        "tags": tags or (),
        "source": source,
        "since": since.date() if since else None,
        "until": until.date() if until else None,
        "words": words,
    }
