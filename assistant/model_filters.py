"""What a question says of source, author and time, as a language model reads it.

What it replies is held against the library and the question: a source that is not there, a date
that is none, or words that nobody typed, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, Field

from assistant.stated import normal
from assistant.types import Filter
from index import Facets, Scope

MOST_NAMES = 60
"""Sources and authors that are named to the model, those with the most articles first."""

_CUE = re.compile(
    r"\d|\b(?:according|report\w*|say|says|said|writes?|wrote|written|publish\w*|articles?|piece|"
    r"story|stories|coverage|latest|newest|recent\w*|current\w*|since|last|past|before|after|until|"
    r"during|yesterday|today|this|week|month|year|spring|summer|autumn|winter|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|"
    r"aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)\b",
    re.IGNORECASE,
)


class Reply(BaseModel):
    """What the model is asked for."""

    source: str = Field("", description="outlet, as listed")
    source_words: str = Field("", description="the question's words that say so")
    author: str = Field("", description="author, as listed")
    author_words: str = Field("", description="the question's words that say so")
    since: str = Field("", description="first day, YYYY-MM-DD")
    until: str = Field("", description="last day, YYYY-MM-DD")
    time_words: str = Field("", description="the question's words that say so")
    of_articles: bool = Field(
        False, description="whether the time is that of publication, not of what happened"
    )
    latest_words: str = Field("", description="words that ask for the newest report, if any")


def may_state(question: str, facets: Facets) -> bool:
    """Whether it is worth asking: the question has a word that may tell a source or a time."""
    text = question.lower()
    named = (
        word
        for name in (*facets.sources, *facets.authors)
        for word in re.findall(r"\w{3,}", name.lower())
    )
    return bool(_CUE.search(question)) or any(word in text for word in named)


def filled(facets: Facets) -> dict[str, str]:
    """The library's names, for the prompt."""
    return {"sources": _listed(facets.sources), "authors": _listed(facets.authors)}


def checked(reply: Reply, question: str, facets: Facets) -> tuple[Filter, ...]:
    """The filters of a reply that the library and the question bear out."""
    found: list[Filter] = []
    if (source := _known(reply.source, facets.sources)) and _said(reply.source_words, question):
        found.append(Filter("source", reply.source_words, Scope(source=source)))
    if (author := _known(reply.author, facets.authors)) and _said(reply.author_words, question):
        found.append(Filter("author", reply.author_words, Scope(author=author)))
    since, until = _day(reply.since), _day(reply.until)
    backwards = since is not None and until is not None and since > until
    if (since or until) and not backwards and _said(reply.time_words, question):
        scope = Scope(since=since, until=until)
        found.append(Filter("time", reply.time_words, scope, strict=reply.of_articles))
    if _said(reply.latest_words, question):
        found.append(Filter("latest", reply.latest_words))
    return tuple(found)


def _known(name: str, names: Iterable[str]) -> str:
    return next((known for known in names if name and known.lower() == name.lower().strip()), "")


def _said(words: str, question: str) -> bool:
    return bool(words.strip()) and normal(words).lower() in normal(question).lower()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _listed(names: Iterable[str]) -> str:
    return "; ".join(list(names)[:MOST_NAMES]) or "none"
