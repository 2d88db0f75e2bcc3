"""Comparisons and counts over articles: recognised, asked, dated and answered."""

from __future__ import annotations

from datetime import date

import pytest
from several_questions import ASKED, NOT_ASKED

from assistant.several.compare import Asked, Kind, asked_of
from assistant.several.dates import Day, before, day_of
from assistant.several.weigh import question_for


@pytest.mark.parametrize(("question", "kind", "what", "sides"), ASKED)
def test_what_is_compared_or_counted(
    question: str, kind: Kind, what: str, sides: tuple[str, ...]
) -> None:
    assert asked_of(question) == Asked(kind, what, sides)


@pytest.mark.parametrize("question", NOT_ASKED)
def test_other_questions_are_neither(question: str) -> None:
    assert asked_of(question) is None


@pytest.mark.parametrize(
    ("asked", "side", "is_source", "expected"),
    [
        (Asked("most", "deaths"), "", False, "How many people died?"),
        (Asked("least", "wounded in Tolm"), "", False, "How many people were injured in Tolm?"),
        (Asked("most", "ferry price"), "", False, "What is the ferry price?"),
        (Asked("most", "dead"), "the Herald", True, "How many people died?"),
        (Asked("most", "boats"), "the port", False, "What figure did the port give for boats?"),
        (Asked("first"), "the talks", False, "When were the talks?"),
        (Asked("before"), "the strike begin", False, "When did the strike begin?"),
    ],
)
def test_what_is_asked_of_each(asked: Asked, side: str, is_source: bool, expected: str) -> None:
    assert question_for(asked, side, is_source=is_source) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 3 May 1902", (1902, 5, 3)),
        ("May 3rd, 1902", (1902, 5, 3)),
        ("in June 1902", (1902, 6)),
        ("1902", (1902,)),
        ("early on Tuesday", (2025, 1, 14)),
        ("on 28 December", (2024, 12, 28)),
        ("on 10 January", (2025, 1, 10)),
        ("next Tuesday", None),
        ("in 21 days", None),
    ],
)
def test_days_as_articles_tell_them(text: str, day: Day | None) -> None:
    assert day_of(text, date(2025, 1, 15)) == day


def test_a_weekday_of_an_undated_article_is_no_day() -> None:
    assert day_of("on Tuesday") is None
    assert day_of("on 3 May") is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1902, 5), (1902, 6, 1), True),
        ((1903,), (1902, 12, 31), False),
        ((1902,), (1902, 5), None),
        ((1902, 5, 3), (1902, 5, 3), None),
    ],
)
def test_the_order_of_days(one: Day, other: Day, expected: bool | None) -> None:
    assert before(one, other) is expected
