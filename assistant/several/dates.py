"""Days as articles tell them, made comparable: "3 May 2024", "May 1902", "on Tuesday"."""

from __future__ import annotations

import re
from datetime import date, timedelta

Day = tuple[int, ...]
"""Year, month and day, as far as they are told."""

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH} {_DAY},? {_YEAR}\b",
        rf"\b{_MONTH},? {_YEAR}\b",
        rf"\b{_DAY} (?:of )?{_MONTH}\b",
        rf"\b{_MONTH} {_DAY}\b",
        rf"\b{_YEAR}\b",
    )
)
_WEEKDAY = re.compile(rf"\b(?P<name>{'|'.join(_DAYS)})\b", re.I)
_AHEAD = re.compile(r"\b(?:next|will|coming|due)\b", re.I)


def day_of(text: str, published: date | None = None) -> Day | None:
    """The day that a few words tell; None if they tell none.

    Args:
        text: such as "early on Tuesday".
        published: of the article, from which a year or a weekday is counted back.

    >>> day_of("on 3 May 1902"), day_of("in May 1902"), day_of("Tuesday", date(2024, 10, 17))
    ((1902, 5, 3), (1902, 5), (2024, 10, 15))
    """
    for form in _FORMS:
        if found := form.search(text):
            return _told(found.groupdict(), published)
    weekday = _WEEKDAY.search(text)
    if weekday is None or published is None or _AHEAD.search(text):
        return None
    back = (published.weekday() - _DAYS.index(weekday["name"].lower())) % 7
    return _parts(published - timedelta(days=back))


def before(one: Day, other: Day) -> bool | None:
    """Whether one is before the other; None where they are the same, as far as both tell.

    >>> before((1902,), (1902, 5)), before((1902, 3), (1902, 5, 1))
    (None, True)
    """
    known = min(len(one), len(other))
    first, second = one[:known], other[:known]
    return None if first == second else first < second


def _told(found: dict[str, str], published: date | None) -> Day | None:
    month = _MONTHS.index(found["month"].lower()) + 1 if found.get("month") else 0
    day = int(found.get("day") or 0)
    if found.get("year"):
        return tuple(part for part in (int(found["year"]), month, day) if part)
    if published is None:
        return None
    # "On 28 December", written in January, is of the year before.
    year = published.year - ((month, day) > (published.month + 1, published.day))
    return year, month, day


def _parts(day: date) -> Day:
    return day.year, day.month, day.day
