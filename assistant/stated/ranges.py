"""Two expressions of days that are one span: "between 3 and 24 March", "from May to June 2024".

Knows nothing of questions; see `when.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.stated.days import Expression
from assistant.stated.periods import Period, day_of

_LEAD = re.compile(r"\b(?:(?P<lead>between|from|in|on|during) )?$", re.IGNORECASE)
_JOINED = r" ?(?P<by>and|to|until|till|through|-|–|—) ?"
_BETWEEN = re.compile(_JOINED, re.IGNORECASE)
_DAY_BEFORE = re.compile(
    rf"(?<![\w.,])(?:the )?(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?{_JOINED}(?:the )?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Range:
    """`text[start:end]` names two ends; `led` by a preposition, and then with that."""

    start: int
    end: int
    period: Period
    led: bool


def range_at(
    text: str, one: Expression, two: Expression | None, today: date, days: Collection[date]
) -> Range | None:
    """The span that begins at an expression, or at the number before it.

    Args:
        text: what the expressions stand in.
        one: where to look.
        two: the expression that follows it, None if none does.
        today: as for `Expression.period`.
        days: as for `Expression.period`.
    """
    first, last, joined = one, one, _DAY_BEFORE.search(text[: one.start])
    start = joined.start() if joined else one.start
    if joined and one.sort == "day":
        number = int(joined["day"])
        first = replace(one, within=lambda year: day_of(year, one.month, number))
    elif two and (joined := _BETWEEN.fullmatch(text, one.end, two.start)):
        last = two
    else:
        return None
    if (first.sort == "relative") != (last.sort == "relative"):
        return None
    lead = _LEAD.search(text[:start])
    word = (lead["lead"] or "").lower() if lead else ""
    if joined["by"].lower() == "and" and not word:
        return None
    touching = joined["by"].lower() == "and" and word != "between"
    period = _spanned(first, last, touching, today, days)
    if period is None:
        return None
    return Range(lead.start() if lead and word else start, last.end, period, bool(word))


def _spanned(
    first: Expression, last: Expression, touching: bool, today: date, days: Collection[date]
) -> Period | None:
    """From the first period to the end of the last; None if the last begins earlier.

    `touching`: None too if there are days between them, as in "in January and March".
    """

    def within(year: int) -> Period | None:
        end = last.within(year)
        begin = first.within(year if first.year is None else first.year)
        turns = first.year is None and first.month != last.month
        if turns and begin and end and begin.since > end.since:
            begin = first.within(year - 1)
        if not begin or not end or begin.since > end.since:
            return None
        if touching and end.since - begin.until != timedelta(days=1):
            return None
        return Period(begin.since, end.until)

    return replace(last, within=within).period(today, days)
