"""Expressions of days in an English text, and the periods that they mean: "12 March", "Q1".

Weeks begin on Monday. Knows nothing of questions; which expression narrows a search is decided in
`when.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.stated.day_rules import RULES, Sort, month_number
from assistant.stated.periods import Period


@dataclass(frozen=True)
class Expression:
    """`text[start:end]` and the period that it means in a year.

    `year` is the one that it names; None if it names none, and then the one that is meant must be
    chosen. The period of what is relative to today is the same whatever the year. `month` is that
    of a day or month; `said_last` as in "last Monday".
    """

    start: int
    end: int
    sort: Sort
    year: int | None
    within: Callable[[int], Period | None]
    month: int = 0
    said_last: bool = False

    def period(self, today: date, days: Collection[date]) -> Period | None:
        """The period in the year that is named, else in the newest that fits.

        Args:
            today: no period that begins later fits, where no year is named.
            days: when something was published; the newest period with one of these is preferred,
                else the newest in whose month one of these is.
        """
        if self.year is not None:
            return self.within(self.year)
        oldest = min(days, default=today).year
        fits: list[Period] = []
        for year in range(today.year, max(min(oldest, today.year - 8), 2) - 1, -1):
            period = self.within(year)
            if period and period.since <= today:
                fits.append(period)
        with_some = (p for p in fits if any(p.since <= day <= p.until for day in days))
        months = {(day.year, day.month) for day in days}
        near = (p for p in fits if self.month and (p.since.year, self.month) in months)
        return next(with_some, next(near, fits[0] if fits else None))


def expressions(text: str, today: date) -> list[Expression]:
    """The expressions of a text in order; of those that overlap the longest."""
    found: list[Expression] = []
    for expression in sorted(_all(text, today), key=lambda e: (e.start - e.end, e.start)):
        if all(expression.end <= e.start or e.end <= expression.start for e in found):
            found.append(expression)
    return sorted(found, key=lambda e: e.start)


def _all(text: str, today: date) -> Iterator[Expression]:
    for sort, pattern, read in RULES:
        for match in pattern.finditer(text):
            said = match.groupdict()
            within = read({name: (word or "").lower() for name, word in said.items()}, today)
            if within is None:
                continue
            year = int(said["year"]) if said.get("year") else None
            month = month_number(said["month"]) if said.get("month") else 0
            if sort in ("today", "relative", "weekday"):
                year = today.year  # of any year it is the same
            last = (said.get("which") or "").lower().startswith("last")
            yield Expression(match.start(), match.end(), sort, year, within, month, last)
