"""Whether and when to ask again after a failure; pure, knows nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

STATUSES = frozenset([429, 502, 503, 504])
"""Answers of a site that is busy for the moment."""

LONGEST = 60.0
"""Seconds of Retry-After that are waited; a site that asks for more is left alone."""


def seconds(attempt: int, jitter: float, headers: Mapping[str, str] | None = None) -> float | None:
    """How long to wait after this attempt, None if asking again is useless for now.

    Args:
        attempt: 1 after the first try.
        jitter: From 0 to 1; it spreads the clients that failed together.
        headers: Those of the reply, by lower-case name.

    >>> [seconds(attempt, 0.5) for attempt in (1, 2, 3)]
    [1.0, 2.0, 4.0]
    >>> seconds(1, 0.5, {"retry-after": "7"})
    7.0
    """
    own = 2.0 ** (attempt - 1) * (0.5 + jitter)
    asked = _asked(headers or {})
    return None if asked > LONGEST else max(own, asked)


def _asked(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After, 0 if there are none."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:  # a date, which is read by the site's own clock
        until = parsedate_to_datetime(value)
        return max(0.0, (until - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, TypeError, ValueError, OverflowError):
        return 0.0
