"""How quickly it goes, in words, by a clock that only we move."""

from __future__ import annotations

import pytest

from assistant.pace import Pace
from index import Progress

Step = tuple[float, int, int, int]
"""When, articles done, of how many, passages."""


def after(*steps: Step) -> list[str]:
    """The words after each step."""
    now = 0.0
    pace = Pace(clock=lambda: now)
    words = []
    for when, done, total, passages in steps:
        now = when
        pace.step(Progress(done, total, passages, ""))
        words.append(pace.words)
    return words


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        # The first passages come late: the model is loaded before them.
        (
            [(0, 0, 100, 0), (60, 0, 100, 64), (61, 8, 100, 64), (64, 8, 100, 128)],
            ["", "", "", "16 passages/s, about 40 s left"],
        ),
        # Two measures too near to one another tell nothing.
        (
            [(0, 0, 9, 0), (5, 0, 9, 64), (6, 1, 9, 128), (7, 2, 9, 192)],
            ["", "", "", "64 passages/s, about 10 s left"],
        ),
        # One long article: nothing says how much of it is left.
        ([(0, 0, 1, 0), (5, 0, 1, 64), (9, 0, 1, 128)], ["", "", "16 passages/s"]),
        # Articles that are known already say nothing of those that are not.
        (
            [(0, 0, 1100, 0), (1, 1000, 1100, 0), (9, 1000, 1100, 40), (13, 1010, 1100, 80)],
            ["", "", "", "10 passages/s, about 70 s left"],
        ),
        # A feed that turns out to hold many.
        (
            [(0, 0, 2, 0), (4, 1, 2, 50), (8, 1, 51, 100), (12, 2, 51, 150)],
            ["", "", "12 passages/s, about 3 min left", "12 passages/s, about 5 min left"],
        ),
        # All is done.
        ([(0, 0, 2, 0), (4, 1, 2, 64), (8, 2, 2, 128)], ["", "", "16 passages/s"]),
        # Nothing but what was known.
        ([(0, 0, 2, 0), (4, 1, 2, 0), (8, 2, 2, 0)], ["", "", ""]),
        # Another run begins.
        (
            [(0, 0, 2, 0), (4, 1, 2, 64), (8, 2, 2, 128), (9, 0, 2, 0)],
            ["", "", "16 passages/s", ""],
        ),
        (
            [(0, 0, 2, 0), (9, 1, 2, 64), (49, 1, 2, 96)],
            ["", "", "0.8 passages/s, about 40 s left"],
        ),
    ],
)
def test_words(steps: list[Step], words: list[str]) -> None:
    assert after(*steps) == words


def test_the_speed_is_that_of_the_last_while() -> None:
    quick = [(float(t), t, 1000, 64 * t) for t in range(60)]
    slow = [(59.0 + 8 * t, 59 + t, 1000, 64 * (59 + t)) for t in range(1, 7)]
    assert after(*quick)[-1] == "64 passages/s, about 16 min left"
    assert after(*quick, *slow)[-1] == "8.0 passages/s, about 2 h left"
