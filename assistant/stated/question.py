"""What a question itself says of source, author and time, read by rules for English.

No model and no search: the words of the question, and what the library has to narrow it by.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from assistant.stated import named, when
from assistant.types import Filter
from assistant.words import content
from index import Facets, Scope

_STRAIGHT = str.maketrans("’‘ʼ“”", "'''\"\"")
_LATEST = re.compile(
    r"\b(?<!at )(?<!at the )(?<!by )(?<!by the )(?:the (?:very )?)?"
    r"(?:latest|newest|most recent|most up[- ]to[- ]date)\b"
    r"(?! (?:possible )?(?:date|time|day|hour|deadline|by|possible)\b)"
    r"(?! (?:[\w-]+ )?(?:series|rounds?|waves?|attempts?|models?|versions?|generation|bid|season|"
    r"episodes?|films?|albums?|novels?|books?|fashions?|technology|trends?)\b)"
    r"(?! in (?:a|the|his|her|its|their) (?:\w+ )?(?:series|string|line|row|wave|round|spate)\b)"
    r"|\b(?:currently|right now|as of (?:now|today)|at the moment)\b"
    r"|\bthe current (?:\w+ )?(?:toll|figures?|numbers?|count|total|status|situation|state)\b",
    re.IGNORECASE,
)
_ADJUNCT = re.compile(
    r"(?:according|as|per|based|going|judging|citing|in|on|at|by|of|from|during|throughout|within|"
    r"over|since|starting|after|later|before|prior|earlier|between|until|till|up|through|last|past|"
    r"the (?:last|past|day)|this|yesterday|today)\b|\(|.*[:–—-]$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|"
    r"can|could|will|would|summari[sz]e|list|name|tell|give|describe|explain|show|find)\b",
    re.IGNORECASE,
)


def normal(question: str) -> str:
    """The question with straight quotation marks and single spaces, as filters quote it."""
    return " ".join(unicodedata.normalize("NFC", question).translate(_STRAIGHT).split())


def stated(question: str, facets: Facets, today: date) -> tuple[Filter, ...]:
    """What the question says of source, author and time, and whether it wants the latest.

    Args:
        question: as it was typed.
        facets: what the library has; no other source or author is taken for one, and of years that
            are not said those are preferred in which something was published.
        today: the day that "last week" is relative to.
    """
    text = normal(question)
    found: list[tuple[int, Filter]] = []
    source = named.source_named(text, facets.sources, facets.authors)
    author = named.author_named(text, facets.authors)
    if source:
        words = text[source.start : source.end]
        found.append((source.start, Filter("source", words, Scope(source=source.name))))
    if author:
        words = text[author.start : author.end]
        found.append((author.start, Filter("author", words, Scope(author=author.name))))
    speaking = any(naming.speaks for naming in (source, author) if naming)
    opening = next((one.end for one in (source, author) if one and one.start == 0), 0)
    for time in when.times(text, today, facets.days, speaking, opening):
        scope = Scope(since=time.since, until=time.until)
        words = text[time.start : time.end]
        found.append((time.start, Filter("time", words, scope, strict=time.strict)))
    for match in _LATEST.finditer(text):
        if _is_asked(match):
            found.append((match.start(), Filter("latest", match.group())))
            break
    return tuple(filter_ for _, filter_ in sorted(found, key=lambda pair: pair[0]))


def without_filters(question: str, filters: Sequence[Filter]) -> str:
    """The question without the filters' words, for a search.

    Unchanged where the rest would not read as a question: words that belong to its clause stay.

    >>> by_post = Filter("source", "According to the Post", Scope(source="The Post"))
    >>> without_filters("According to the Post, who owns the mine?", [by_post])
    'Who owns the mine?'
    """
    text = rest = normal(question)
    for one in filters:
        if one.kind != "latest" and _ADJUNCT.match(one.words):
            rest = re.sub(rf"[, ]*{re.escape(one.words)}[, ]*", " ", rest, count=1)
    rest = re.sub(r"\s+([?.!;])", r"\1", rest).strip(" ,;:–—-")
    if rest == text or len(content(rest)) < 2:
        return question
    if bool(_ASKS.search(text)) != bool(_ASKS.search(rest)):
        return question
    return rest[0].upper() + rest[1:] if text[0].isupper() else rest


def told(filter: Filter) -> str:
    """A filter in a few words: "published 1 to 31 March 2025".

    >>> told(Filter("time", "since May", Scope(since=date(2025, 5, 1))))
    'published since 1 May 2025'
    """
    scope = filter.scope
    if filter.kind == "source":
        return f"source: {scope.source}"
    if filter.kind == "author":
        return f"author: {scope.author}"
    if filter.kind == "latest":
        return "newest first"
    since, until = scope.since, scope.until
    if since and until:
        return f"published on {_day(since)}" if since == until else _between(since, until)
    return (
        f"published since {_day(since)}" if since else f"published until {_day(until or date.max)}"
    )


def _between(since: date, until: date) -> str:
    first = _day(since)
    if since.year == until.year:
        first = f"{since.day} {since:%B}" if since.month != until.month else str(since.day)
    return f"published {first} to {_day(until)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _is_asked(match: re.Match[str]) -> bool:
    """Whether the newest is wanted: not so in "on The Latest Hour", "which train leaves latest"."""
    words, start, text = match.group(), match.start(), match.string
    named = start > 0 and words.split()[-1][0].isupper() and not text.isupper()
    last = " " not in words and start > 0 and not re.search(r"\w", text[match.end() :])
    return not named and not (last and words.lower() in ("latest", "newest"))
