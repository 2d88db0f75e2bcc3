"""What a question's own filters leave of the library, and what is done when that is nothing.

Knows nothing of how filters are read from a question, nor of how passages are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.stated import told
from assistant.types import Filter, Notice
from index import Scope

Sized = Callable[[Scope], int]
"""How many articles are in a scope."""


def narrowed(scope: Scope, filters: Iterable[Filter]) -> Scope:
    """The scope with what the filters set."""
    for one in filters:
        since = max(filter(None, (scope.since, one.scope.since)), default=None)
        until = min(filter(None, (scope.until, one.scope.until)), default=None)
        scope = replace(
            scope,
            source=one.scope.source or scope.source,
            author=one.scope.author or scope.author,
            since=since,
            until=until,
        )
    return scope


def fitting(
    scope: Scope, filters: Sequence[Filter], size: Sized
) -> tuple[tuple[Filter, ...], tuple[Notice, ...]]:
    """The filters under which there are articles, and what to say of those that are left out.

    Dates are left out first, then authors, then sources: a date is more often meant otherwise.
    """
    if not filters:
        return (), ()
    kept = list(filters)
    for kind in ("time", "author", "source"):
        if size(narrowed(scope, kept)):
            break
        kept = [one for one in kept if one.kind != kind]
    left_out = [one for one in filters if one not in kept]
    if not left_out:
        return tuple(kept), ()
    text = f"No article is {_listed(left_out)}; that was left aside."
    return tuple(kept), (Notice("relaxed", text),)


def loose(filters: Iterable[Filter]) -> list[Filter]:
    """The filters that speak of when a thing happened: an article of another time may tell it."""
    return [one for one in filters if one.kind == "time" and not one.strict]


def without_loose(filters: Iterable[Filter]) -> tuple[Filter, ...]:
    """The filters that speak of the articles themselves."""
    return tuple(one for one in filters if one.kind != "time" or one.strict)


def relaxed(left_out: Sequence[Filter]) -> Notice:
    """What to say when articles of another time answer better."""
    return Notice(
        "relaxed",
        f"No article {_listed(left_out)} seems to answer this; the others were searched too.",
    )


def _listed(filters: Iterable[Filter]) -> str:
    """What the filters ask for, with the question's own words."""
    return " and ".join(f"{told(one)} (“{one.words}”)" for one in filters)
