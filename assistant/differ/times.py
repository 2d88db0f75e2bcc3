"""Times as newspapers give them, partly: "Tuesday", "15 October", "the 1990s", "after noon".

Says whether two of them may be the same time. English words; knows nothing of articles but the day
of publication, by which "Tuesday" and "yesterday" are dated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

Minutes = tuple[int, int]

LOOSE = 60
"""Minutes by which "shortly after noon" or "around 3 p.m." may be off."""

_MONTHS = ("January February March April May June July August September October November "
           "December").split()  # fmt: skip
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{_SHORT})\b)\.?"
_DAY = r"(?<![\d:.])(?P<day>\d\d?)(?:st|nd|rd|th)?(?![\d:])"
_MORE = r"(?:\s?(?P<joint>-|–|to|and|or|/)\s?(?P<day2>\d\d?)(?:st|nd|rd|th)?(?![\d:]))?"
_DATED = (
    re.compile(rf"\b{_DAY}{_MORE}(?: of)? {_MONTH}(?!\w)"),
    re.compile(rf"\b{_MONTH} (?:the )?{_DAY}{_MORE}"),
    re.compile(rf"\b{_MONTH}(?!\w)"),
)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_YEAR = re.compile(r"(?<![\d.,:$€£-])(1[0-9]\d\d|20\d\d)(s?)(?![\d%:]|,\d)")
_CENTURY = re.compile(r"\b(\d\d?)(?:st|nd|rd|th)[ -]century\b")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?=s?\.)")
_AGO = re.compile(r"\b(a|one|two|three|four|five|six|seven|\d{1,2}) days? ago\b", re.I)
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_RELATIVE = {
    r"yesterday|last night|the night before": -1,
    r"today|tonight|this (?:morning|afternoon|evening)": 0,
    r"tomorrow": 1,
}
_YEARS = {r"last year": -1, r"this year": 0, r"next year": 1}
_CLOCK = re.compile(
    r"(?<![\d.,-])(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b|"
    r"(?<![\d.,-])(?P<hour24>\d\d?):(?P<minute24>\d\d)\b|\b(?P<oclock>\w+) o['’]clock",
    re.I,
)
_PARTS: dict[str, tuple[Minutes, ...]] = {
    r"noon|midday": ((720, 720),),
    r"midnight": ((1440, 1440), (0, 0)),
    r"dawn|sunrise|daybreak": ((240, 480),),
    r"dusk|sunset|nightfall": ((960, 1290),),
    r"morning": ((240, 720),),
    r"afternoon": ((720, 1110),),
    r"evening": ((1020, 1440),),
    r"night|overnight|tonight": ((1140, 1440), (0, 360)),
}
_ABOUT = re.compile(
    r"\b(?:about|around|shortly|just|before|after|towards?|by|near\w*|circa)\b", re.I
)


@dataclass(frozen=True)
class Moment:
    """What a text tells of a time; what is empty it does not tell. `days` are whole dates."""

    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    days_of_month: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()
    minutes: tuple[Minutes, ...] = ()


def moment(text: str, published: date | None = None) -> Moment:
    """What a text tells of a time.

    Args:
        text: such as "on Tuesday, 15 October".
        published: when it was published, if that is known.

    >>> sorted(moment("yesterday", date(2024, 10, 15)).days)
    [datetime.date(2024, 10, 14)]
    """
    text = " ".join(text.split())
    days = set(_whole_days(text))
    months, numbers = _dated(text)
    years = _years_of(text)
    weekdays = {
        next(n for n, name in enumerate(_DAYS) if name.startswith(match.group()))
        for match in _WEEKDAY.finditer(text)
    }
    if published is not None:
        days |= {published + timedelta(move) for move in _moves(text)}
        for words, by in _YEARS.items():
            years |= {published.year + by} if re.search(words, text, re.I) else set()
        if weekdays and not (days or months or numbers):
            near = (published + timedelta(n) for n in range(-6, 7))
            days = {day for day in near if day.weekday() in weekdays}
    if not days and len(years) == 1:
        days = {day for m, d in product(months, numbers) for day in _real(min(years), m, d)}
    return Moment(
        years=frozenset(years),
        months=frozenset(months),
        days_of_month=frozenset(numbers),
        weekdays=frozenset(weekdays),
        days=frozenset(days),
        minutes=_minutes(text),
    )


def agree(
    one: str, other: str, first: date | None = None, second: date | None = None
) -> bool | None:
    """Whether two answers may name the same time; None if they cannot be compared.

    Args:
        one: a time in words.
        other: another one.
        first: when the first was published.
        second: when the second was published.

    >>> agree("15 October", "Tuesday", None, date(2024, 10, 18)), agree("in 1902", "12 May 1903")
    (True, False)
    """
    a, b = moment(one, first), moment(other, second)
    if Moment() in (a, b):
        return None
    if a.days and b.days:
        fit = bool(a.days & b.days)
    elif a.days or b.days:
        days, partial = (a.days, b) if a.days else (b.days, a)
        fit = any(_is_in(day, partial) for day in days)
    else:
        fit = all(
            not x or not y or bool(x & y)
            for x, y in (
                (a.years, b.years),
                (a.months, b.months),
                (a.days_of_month, b.days_of_month),
                (a.weekdays, b.weekdays),
            )
        )
    return fit and (not a.minutes or not b.minutes or _overlap(a.minutes, b.minutes))


def _is_in(day: date, partial: Moment) -> bool:
    return (
        (not partial.years or day.year in partial.years)
        and (not partial.months or day.month in partial.months)
        and (not partial.days_of_month or day.day in partial.days_of_month)
        and (not partial.weekdays or day.weekday() in partial.weekdays)
    )


def _whole_days(text: str) -> list[date]:
    return [day for m in _ISO.finditer(text) for day in _real(*map(int, m.groups()))]


def _real(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _dated(text: str) -> tuple[set[int], set[int]]:
    """Months, and days in them."""
    for form in _DATED:
        found = list(form.finditer(text))
        if not found:
            continue
        months = {_month(match["month"]) for match in found}
        spans = [_span(text, match.groupdict()) for match in found]
        return months, {day for span in spans for day in span}
    return set(), set()


def _span(text: str, told: Mapping[str, str | None]) -> Iterable[int]:
    """The days that "15", "15 and 17" or "15 to 17" stand for."""
    first, last = int(told.get("day") or 0), int(told.get("day2") or 0)
    if last and (told["joint"] in ("-", "–", "to") or "between" in text.lower()):
        return range(first, last + 1)
    return [day for day in (first, last) if day]


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _years_of(text: str) -> set[int]:
    years: set[int] = set()
    for match in _YEAR.finditer(text):
        first = int(match[1])
        span = 1 if not match[2] else 10 if first % 100 else 100
        years |= set(range(first, first + span))
    for match in _CENTURY.finditer(text):
        years |= set(range(100 * int(match[1]) - 99, 100 * int(match[1]) + 1))
    return years


def _moves(text: str) -> list[int]:
    """Days from the one of publication that the text names."""
    found = [by for words, by in _RELATIVE.items() if re.search(rf"\b(?:{words})\b", text, re.I)]
    told = (match[1].lower() for match in _AGO.finditer(text))
    return found + [-(_SMALL.get(word) or int(word)) for word in told]


def _minutes(text: str) -> tuple[Minutes, ...]:
    """Times of the day: the clock's if it is named, else the part of the day."""
    loose = LOOSE if _ABOUT.search(text) else 0
    clock = [t for match in _CLOCK.finditer(text) for t in _on_clock(match)]
    if clock:
        return tuple((t - loose, t + loose) for t in clock)
    parts = [span for word, span in _PARTS.items() if re.search(rf"\b(?:{word})\b", text, re.I)]
    return tuple((a - loose, b + loose) for spans in parts for a, b in spans)


def _on_clock(match: re.Match[str]) -> list[int]:
    if match["oclock"]:
        word = match["oclock"].lower()
        hour = _SMALL.get(word) or (int(word) if word.isdigit() else 0)
        return [60 * hour, 60 * hour + 720] if hour else []
    if match["hour24"]:
        return [60 * int(match["hour24"]) + int(match["minute24"])]
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return [60 * hour + int(match["minute"] or 0)]


def _overlap(some: tuple[Minutes, ...], others: tuple[Minutes, ...]) -> bool:
    return any(max(a, c) <= min(b, d) for (a, b), (c, d) in product(some, others))
