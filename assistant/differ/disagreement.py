"""Where answers of several articles differ, and whether that is a development or a contradiction.

Pure functions of the answers that articles give; knows nothing of how these were found. Near copies
of one article are one voice, and so is an article that gives several values, unless it names
different people who say them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from assistant.cues import SAYING
from assistant.differ.times import Moment, moment
from assistant.differ.values import Asked, Said, agree
from assistant.state import Difference, Source, Stance
from assistant.types import DisagreementKind, Filter
from assistant.words import content

MOST = 5
"""Values shown at most."""

NEWER = 0.8
"""Share of the best answer's score from which the newest value of a development is preferred."""

_COUNTS = re.compile(
    r"\bhow (?:many|much|often)\b|\b(?:what|which) (?:number|percentage|share|sum|amount|price|"
    r"figure|toll)\b|\bpercentage of\b|\b(?:death )?toll\b",
    re.I,
)
_FIXED = re.compile(
    r"\b(?:names?|named|called|born|author|founder|founded|father|mother|nationality|"
    r"how (?:old|tall|deep|wide|far|long(?! (?:has|have))))\b",
    re.I,
)
_TENSE = re.compile(
    r"\b(?P<now>is|are|am|has|have|will|does|do|can|could|may|might|should|now|currently|still|"
    r"leads?|heads?|holds?|runs?|owns?|controls?|commands?|remains?|stands?)\b|"
    r"\b(?:was|were|did|had)\b|(?<=[a-z])['’](?:s|re|ll)\b",
    re.I,
)
_BACK = re.compile(r"\b(?:first|initial\w*|original\w*|at the time|back then|previous\w*)\b", re.I)


@dataclass(frozen=True)
class Given:
    """An answer that a source gives, and what it needs to be compared and shown."""

    text: str
    sentence: str
    source: Source
    score: float = 1.0
    speaker: str = ""
    shown: str = ""

    @property
    def origin(self) -> str:
        """What stands for all near copies of its article."""
        return self.source.origin or self.source.article.id

    @property
    def published(self) -> date | None:
        """When its article was published."""
        return self.source.article.published

    @property
    def said(self) -> Said:
        """As it is compared."""
        return Said(self.text, self.sentence, self.published)


def difference(question: str, asked: Asked, given: Sequence[Given]) -> Difference | None:
    """What the sources say differently; None if they agree or nothing can be told.

    Args:
        question: the stand-alone question.
        asked: the kind of thing it asks for.
        given: answers to it, the one that is told first.
    """
    values = voices(asked, given)
    if len(values) < 2:
        return None
    kind = kind_of(question, asked, values)
    values = values[:MOST]
    if kind == "development":
        values = sorted(values, key=_first_day)
        shown = [min(value, key=lambda one: _day(one.published)) for value in values]
    else:
        shown = [value[0] for value in values]
    return Difference(kind, tuple(_stance(one) for one in shown))


def voices(asked: Asked, given: Sequence[Given]) -> list[list[Given]]:
    """The different values, in order of appearance, each with those who give it.

    An article that gives several stands by the one that no earlier article gave: a report of twelve
    dead also tells of the seven of the day before.
    """
    values: list[list[Given]] = []
    for one in given:
        fits = [agree(value[0].said, one.said, asked) for value in values]
        if True in fits:
            values[fits.index(True)].append(one)
        elif None not in fits:
            values.append([one])
    for origin in dict.fromkeys(one.origin for one in given):
        told = [value for value in values if any(one.origin == origin for one in value)]
        if len(told) > 1 and not _by_several(origin, told):
            own = next((value for value in told if not _given_before(origin, value)), told[0])
            for value in told:
                if value is not own:
                    value[:] = [one for one in value if one.origin != origin]
    return [value for value in values if value]


def kind_of(question: str, asked: Asked, values: Sequence[Sequence[Given]]) -> DisagreementKind:
    """A development if the thing moves and each value gives way to the next on a later day.

    Same day, no date, a value that comes back after a newer one, or a thing that cannot change (who
    did it, when it happened, where, a name) make a contradiction.
    """
    if not moves(question, asked):
        return "contradiction"
    spans = []
    for value in values:
        days = [one.published for one in value if one.published is not None]
        if not days:
            return "contradiction"
        spans.append((min(days), max(days)))
    spans.sort()
    in_turn = all(before[1] < after[0] for before, after in pairwise(spans))
    return "development" if in_turn else "contradiction"


def moves(question: str, asked: Asked) -> bool:
    """Whether the answer may be another one a day later.

    Counts grow, whatever the tense of the question; else what is asked in the present may change,
    and what is asked in the past, or for a name, an age or a length, may not.

    >>> moves("How many people died?", "number"), moves("Who proposed it?", "person")
    (True, False)
    >>> moves("Who is the mayor?", "person"), moves("When did it sink?", "date")
    (True, False)
    """
    if _FIXED.search(question):
        return False
    if asked == "number" and _COUNTS.search(question):
        return True
    found = _TENSE.search(question)
    return found is not None and (found["now"] is not None or found.group()[0] in "'’")


def newest(question: str, asked: Asked, given: Sequence[Given]) -> Given:
    """The answer to tell first: the first one given, or the newest of a development.

    The newest is told if its score is close to the first one's (`NEWER`), unless the question asks
    how things stood at a certain time.
    """
    first = given[0]
    values = voices(asked, given)
    if len(values) < 2 or kind_of(question, asked, values) == "contradiction" or _dated(question):
        return first
    last = max(values, key=_first_day)
    if first in last:
        return first
    best = max(last, key=lambda one: one.score)
    return best if best.score >= NEWER * first.score else first


def latest(given: Sequence[Given]) -> Given:
    """The answer of the newest article; the first one if none is dated."""
    return max(given, key=lambda one: one.published or date.min)


def wants_latest(filters: Iterable[Filter]) -> bool:
    """Whether the question asks for what is newest."""
    return any(one.kind == "latest" for one in filters)


def _dated(question: str) -> bool:
    """Whether the question asks of a certain time."""
    return moment(question) != Moment() or bool(_BACK.search(question))


def _by_several(origin: str, values: Iterable[Iterable[Given]]) -> bool:
    """Whether it is different people who give the values in this article."""
    who = [
        {word for word in content(one.speaker) if not SAYING.fullmatch(word)}
        for value in values
        for one in value
        if one.origin == origin
    ]
    return all(who) and not any(one & other for one, other in combinations(who, 2))


def _given_before(origin: str, value: Iterable[Given]) -> bool:
    """Whether an earlier article of another origin gives this value too."""
    days = {own: _day(one.published) for one in value for own in [one.origin]}
    return any(day < days[origin] for own, day in days.items() if own != origin)


def _day(published: date | None) -> date:
    return published or date.max


def _first_day(value: Sequence[Given]) -> date:
    return min(_day(one.published) for one in value)


def _stance(one: Given) -> Stance:
    return Stance(one.shown or one.text, one.sentence, one.source.number, one.speaker)
