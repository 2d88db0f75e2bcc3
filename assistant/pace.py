"""How quickly an addition or a rebuild goes, and how long it will still take, in words.

Knows nothing of who shows the words.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from index import Progress

WINDOW = 30.0
"""Seconds that the speed is measured over: it follows a machine that slows down."""

ENOUGH = 2.0
"""Seconds between two measures that tell a speed."""


class Pace:
    """Fed with every step of one run; says nothing before it can know.

    The first passages only start the clock, since the model is loaded before them. What is left is
    told from the passages that an article had so far, and from the articles that are left; both may
    change on the way, when a feed or an archive turns out to hold many.

    >>> now = iter([5.0, 10.0])
    >>> pace = Pace(clock=lambda: next(now))
    >>> for done in (0, 50, 100):
    ...     pace.step(Progress(done, 1000, 2 * done, ""))
    >>> pace.words
    '20 passages/s, about 90 s left'
    """

    _ticks: deque[tuple[float, int]]
    _first: Progress | None
    _settled: Progress | None
    _last: Progress | None

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._forget()

    def step(self, progress: Progress) -> None:
        """Take note of how far it has come; a run that begins anew is measured anew."""
        last = self._last
        if last and (progress.done < last.done or progress.passages < last.passages):
            self._forget()
        self._first = self._first or progress
        if progress.passages == self._first.passages:
            self._first = progress  # articles known already, or unreadable, tell nothing
        elif not self._ticks or progress.passages > self._ticks[-1][1]:
            self._ticks.append((self._clock(), progress.passages))
            while len(self._ticks) > 3 and self._ticks[0][0] < self._ticks[-1][0] - WINDOW:
                self._ticks.popleft()
        if not self._settled or progress.done > self._settled.done:
            self._settled = progress
        self._last = progress

    @property
    def words(self) -> str:
        """Such as "43 passages/s, about 2 min left"; empty when nothing is known."""
        speed = self._speed()
        if not speed:
            return ""
        told = f"{speed:.0f} passages/s" if speed >= 10 else f"{speed:.1f} passages/s"
        left = self._left()
        return f"{told}, {_duration(left / speed)} left" if left else told

    def _speed(self) -> float:
        """Passages per second, 0 if unknown."""
        if not self._ticks:
            return 0.0
        (began, before), (ended, after) = self._ticks[0], self._ticks[-1]
        return (after - before) / (ended - began) if ended - began >= ENOUGH else 0.0

    def _left(self) -> float:
        """Passages that are still to come, 0 if unknown."""
        first, settled, last = self._first, self._settled, self._last
        if not (first and settled and last) or settled.done <= first.done:
            return 0.0
        size = (settled.passages - first.passages) / (settled.done - first.done)
        begun = last.passages - settled.passages
        return max(size * (last.total - last.done) - begun, 0.0)

    def _forget(self) -> None:
        self._ticks = deque()
        self._first = self._settled = self._last = None


def _duration(seconds: float) -> str:
    if seconds < 10:
        return "a few seconds"
    if seconds < 100:
        return f"about {round(seconds, -1):.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"about {minutes} min"
    return f"about {round(minutes / 60)} h"
