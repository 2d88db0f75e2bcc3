"""Arithmetic of days, weeks, months and years; weeks begin on Monday. Knows nothing of words."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """All days from `since` to `until`."""

    since: date
    until: date


def day_of(year: int, month: int, day: int) -> Period | None:
    """One day; None where the calendar has no such day.

    >>> day_of(2025, 2, 29) is None
    True
    """
    try:
        one = date(year, month, day)
    except ValueError:
        return None
    return Period(one, one)


def months_of(year: int, first: int, count: int) -> Period:
    """So many whole months; `first` may lie outside 1 to 12, before or after the year.

    >>> months_of(2025, 0, 1).since
    datetime.date(2024, 12, 1)
    """
    first, last = first - 1, first + count - 2
    end_year, end_month = year + last // 12, last % 12 + 1
    end = date(end_year, end_month, monthrange(end_year, end_month)[1])
    return Period(date(year + first // 12, first % 12 + 1, 1), end)


def third_of(month: Period, part: int) -> Period:
    """Days 1 to 10, 11 to 20, or 21 to the end of a month; `part` counts from 0."""
    first = month.since.replace(day=part * 10 + 1)
    return Period(first, month.until if part == 2 else first + timedelta(days=9))


def half_of(month: Period, first: bool) -> Period:
    """Days 1 to 15 of a month, or the rest."""
    middle = month.since.replace(day=15)
    return Period(month.since, middle) if first else Period(middle + timedelta(1), month.until)


def week_in(month: Period, number: int) -> Period:
    """Seven days of a month, counted from its first day; 0 for its last seven."""
    last = month.since + timedelta(days=7 * number - 1) if number else month.until
    return Period(last - timedelta(days=6), last)


def week_of(day: date) -> Period:
    """The week that the day is in."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def weekend_before(day: date) -> Period:
    """Saturday and Sunday, the newest that have begun on that day."""
    saturday = day - timedelta(days=(day.weekday() - 5) % 7)
    return Period(saturday, saturday + timedelta(days=1))


def back(day: date, count: int, unit: str) -> date | None:
    """So many days, weeks, months or years earlier; None where the calendar begins later.

    >>> back(date(2025, 3, 31), 1, "month")
    datetime.date(2025, 2, 28)
    """
    try:
        if unit in ("day", "week"):
            return day - timedelta(days=count * (7 if unit == "week" else 1))
        month = months_of(day.year, day.month - count * (12 if unit == "year" else 1), 1)
    except (ValueError, OverflowError):
        return None
    return month.since.replace(day=min(day.day, month.until.day))
