"""Follow-ups that are made to stand alone, and questions that are left untouched."""

import pytest

from assistant.condense import condense, leans
from assistant.state import Query
from assistant.types import Answer, Turn, Understood


@pytest.mark.parametrize(
    "question",
    [
        "And who rejected it?",
        "Why?",
        "What about Lebanon?",
        "When did he say so?",
        "and how many were there",
        "Who killed him?",
    ],
)
def test_follow_ups_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who proposed the truce?",
        "How many rockets did Hezbollah fire at Israel?",
        "What did Macron say about his proposal?",
        "How many people were there in Tyre this year?",
        "Why did the bank in Sarn close its doors in March?",
    ],
)
def test_questions_that_stand_alone_do_not(question: str) -> None:
    assert not leans(question)


def test_a_follow_up_takes_words_of_the_question_before() -> None:
    query = Query("Who rejected it?", (Turn("Who proposed the truce?", "France."),))
    assert condense(query) == "Who rejected it? (proposed truce)"


def test_a_chain_of_follow_ups_keeps_the_subject() -> None:
    understood = Understood("Who rejected it? (proposed truce)")
    before = Turn("Who rejected it?", "Israel.", Answer("Who rejected it?", understood=understood))
    assert "truce" in condense(Query("Why?", (before,)))


def test_without_history_nothing_changes() -> None:
    assert condense(Query(" Why? ")) == "Why?"
