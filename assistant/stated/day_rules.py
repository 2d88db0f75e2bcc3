"""The rules by which expressions of days are read: a pattern, and the period that its words mean.

The grammar is small and its own: a general date parser makes a point in time of "March 2025" where
a period is wanted, and sees dates in "may", "sun" and "second". Where in a text the rules apply is
told by `days.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from assistant.stated import periods
from assistant.stated.periods import Period, day_of, months_of, week_of

Sort = Literal["day", "weekday", "month", "part", "year", "today", "relative"]
Said = dict[str, str]
"""A match's named groups in lower case, empty where they matched nothing."""
Within = Callable[[int], Period | None]
"""Gives the period in a year; None where that year has no such day."""

_MONTHS = "january february march april may june july august september october november december"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4}
_ORDINALS |= {"4th": 4, "last": 0, "final": 0}
_SPOKEN = "one two three four five six seven eight nine ten eleven twelve".split()
_NEAR = {"the day before yesterday": 2, "yesterday": 1, "last night": 1}
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}

_FULL = "|".join(_MONTHS.split())
_MONTH = rf"(?P<month>(?:{_FULL})\b|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"(?P<year>(?<![\w.,:/$€£-])(?:19|20)[0-9]{2}(?![\w/]|[.,:-][0-9]|\s?%))"
_OF_YEAR = rf"(?:,? (?:of )?{_YEAR})?"
_ORDINAL = rf"(?P<which>{'|'.join(_ORDINALS)})"
_HALF = r"(?P<which>first|second|last)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS.split())})\b"
_PART = r"(?:(?P<part>early|mid|late)[- ]|(?:the )?(?P<which>beginning|start|middle|end) of )"
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})\b"
_UNIT = r"(?P<unit>day|week|month|year)"
_DAY_MONTH = (
    rf"(?:(?:{_WEEKDAYS.replace(' ', '|')}),? )?(?:the (?=[0-9]+(?:st|nd|rd|th)))?"
    rf"(?<![\w.,:/-])(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? {_MONTH}{_OF_YEAR}"
)
_MONTH_DAY = (
    rf"(?<!\bin )(?:(?:{_WEEKDAYS.replace(' ', '|')}),? )?\b{_MONTH} (?:the )?"
    rf"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![\w/]|[.,:-][0-9]|\s?%){_OF_YEAR}"
)


def _day(said: Said, today: date) -> Within:
    return lambda year: day_of(year, month_number(said["month"]), int(said["day"]))


def _digits(said: Said, today: date) -> Within | None:
    one, two = int(said["one"]), int(said["two"])
    if one != two and one <= 12 and two <= 12:
        return None  # 3/4 is a day in March or in April
    day, month = (one, two) if two <= 12 else (two, one)
    return lambda year: day_of(year, month, day)


def _whole_month(said: Said, today: date) -> Within:
    return lambda year: months_of(year, month_number(said["month"]), 1)


def _third(said: Said, today: date) -> Within:
    month, part = month_number(said["month"]), _THIRDS[said["part"] or said["which"]]
    return lambda year: periods.third_of(months_of(year, month, 1), part)


def _half(said: Said, today: date) -> Within:
    first = said["which"] == "first"
    if said.get("month"):
        month = month_number(said["month"])
        return lambda year: periods.half_of(months_of(year, month, 1), first)
    return lambda year: months_of(year, 1 if first else 7, 6)


def _week_of_month(said: Said, today: date) -> Within:
    month, number = month_number(said["month"]), _ORDINALS[said["which"]]
    return lambda year: periods.week_in(months_of(year, month, 1), number)


def _week_of_day(said: Said, today: date) -> Within:
    def within(year: int) -> Period | None:
        day = day_of(year, month_number(said["month"]), int(said["day"]))
        return week_of(day.since) if day else None

    return within


def _quarter(said: Said, today: date) -> Within:
    number = int(said["number"]) if said.get("number") else _ORDINALS[said["which"]] or 4
    return lambda year: months_of(year, 3 * number - 2, 3)


def _recurring(said: Said, today: date) -> Within:
    """This month or season, or the last: the newest that has begun."""
    season = _SEASONS.get(said["season"])
    first, count = (season, 3) if season else (month_number(said["month"]), 1)
    period = months_of(today.year, first, count)
    if said["which"] == "last" and period.since > today:
        period = months_of(today.year - 1, first, count)
    return _fixed(period)


def _near(said: Said, today: date) -> Within:
    day = today - timedelta(days=_NEAR.get(said["word"], 0))
    return _fixed(Period(day, day))


def _calendar(said: Said, today: date) -> Within:
    """This or last week, weekend, month, quarter or year: all its days."""
    ago, unit = int(said["which"] == "last"), said["unit"]
    if unit == "weekend":
        return _fixed(periods.weekend_before(today))
    if unit == "week":
        period = week_of(today - timedelta(days=7 * ago))
    elif unit == "month":
        period = months_of(today.year, today.month - ago, 1)
    elif unit == "quarter":
        period = months_of(today.year, (today.month - 1) // 3 * 3 + 1 - 3 * ago, 3)
    else:
        period = months_of(today.year - ago, 1, 12)
    return _fixed(period)


def _rolling(said: Said, today: date) -> Within | None:
    first = periods.back(today, _count(said["count"]), said["unit"])
    return _fixed(Period(first, today)) if first else None


def _ago(said: Said, today: date) -> Within | None:
    day, unit = periods.back(today, _count(said["count"]), said["unit"]), said["unit"]
    if day is None:
        return None
    wholes = {"week": week_of(day), "month": months_of(day.year, day.month, 1)}
    return _fixed(
        wholes.get(unit, months_of(day.year, 1, 12) if unit == "year" else Period(day, day))
    )


def _weekday(said: Said, today: date) -> Within:
    ago = (today.weekday() - _WEEKDAYS.split().index(said["weekday"])) % 7
    day = today - timedelta(days=7 if said["which"] and not ago else ago)
    return _fixed(Period(day, day))


def _fixed(period: Period) -> Within:
    return lambda year: period


def month_number(word: str) -> int:
    """1 for "Jan" or "january"."""
    return next(n for n, name in enumerate(_MONTHS.split(), 1) if name.startswith(word[:3].lower()))


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _SPOKEN.index(word) + 1 if word in _SPOKEN else 1


_COUNT = rf"(?P<count>[0-9]{{1,3}}|{'|'.join(_SPOKEN)})"
_RULES: tuple[tuple[Sort, str, Callable[[Said, date], Within | None]], ...] = (
    ("day", _DAY_MONTH, _day),
    ("day", _MONTH_DAY, _day),
    (
        "day",
        r"(?<![\w-])(?P<year>(?:19|20)[0-9]{2})-(?P<two>[01][0-9])-(?P<one>[0-3][0-9])(?![\w-])",
        lambda said, today: lambda year: day_of(year, int(said["two"]), int(said["one"])),
    ),
    (
        "day",
        r"(?<![\w./-])(?P<one>[0-3]?[0-9])(?P<by>[./])(?P<two>[0-3]?[0-9])(?P=by)"
        r"(?P<year>(?:19|20)[0-9]{2})(?![\w/])",
        _digits,
    ),
    ("part", rf"\b{_PART}{_MONTH}{_OF_YEAR}", _third),
    (
        "part",
        rf"\b{_PART}{_YEAR}",
        lambda said, today: (
            lambda year: months_of(year, 4 * _THIRDS[said["part"] or said["which"]] + 1, 4)
        ),
    ),
    ("part", rf"\b(?:the )?{_HALF} half of {_MONTH}{_OF_YEAR}", _half),
    ("part", rf"\b(?:the )?{_HALF} half of {_YEAR}", _half),
    ("part", rf"\b(?:the )?{_ORDINAL} week (?:of|in) {_MONTH}{_OF_YEAR}", _week_of_month),
    ("part", rf"\b(?:the )?week (?:of|beginning|starting) {_DAY_MONTH}", _week_of_day),
    ("part", rf"\b(?:the )?week (?:of|beginning|starting) {_MONTH_DAY}", _week_of_day),
    ("part", rf"\bq(?P<number>[1-4])\b(?: (?:of )?{_YEAR})?", _quarter),
    ("part", rf"\b(?:the )?{_ORDINAL} quarter(?: of)? {_YEAR}", _quarter),
    (
        "part",
        rf"\b(?:the )?{_SEASON}(?: of)? {_YEAR}",
        lambda said, today: lambda year: months_of(year, _SEASONS[said["season"]], 3),
    ),
    ("month", rf"\b(?:the month of )?(?P<month>{_FULL})\b{_OF_YEAR}", _whole_month),
    ("month", rf"\b{_MONTH},? (?:of )?{_YEAR}", _whole_month),
    ("year", rf"(?:the year )?{_YEAR}", lambda said, today: lambda year: months_of(year, 1, 12)),
    ("relative", r"\b(?P<word>the day before yesterday|yesterday|last night)\b", _near),
    ("today", r"\b(?P<word>today|this (?:morning|afternoon|evening))\b", _near),
    (
        "relative",
        r"\b(?<!the )(?P<which>last|this) (?P<unit>weekend|week|month|quarter|year)\b(?! of\b)",
        _calendar,
    ),
    ("relative", r"\bthe (?P<which>)(?P<unit>weekend)\b(?! of\b)", _calendar),
    (
        "relative",
        rf"\b(?<!the )(?P<which>last|this) (?:(?P<month>{_FULL})\b|{_SEASON})",
        _recurring,
    ),
    (
        "relative",
        rf"\b(?:the )?(?:last|past) {_COUNT} {_UNIT}s?\b(?! of\b)",
        _rolling,
    ),
    ("relative", rf"\b(?:the (?:last|past)|past) (?P<count>){_UNIT}\b(?! of\b)", _rolling),
    ("relative", rf"\b(?P<count>an?|[0-9]{{1,3}}|{'|'.join(_SPOKEN)}) {_UNIT}s? ago\b", _ago),
    ("weekday", rf"\b(?<!the )(?P<which>last )?{_WEEKDAY}(?! of\b)", _weekday),
)
RULES = [
    (sort, re.compile(pattern, re.IGNORECASE | re.ASCII), read) for sort, pattern, read in _RULES
]
