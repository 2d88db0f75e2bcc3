"""Whether a question is about the articles: the nearest passage, and words that they know."""

from __future__ import annotations

import pytest

from assistant.topic import OFF_TOPIC, STRANGE, is_off_topic
from index import Library


@pytest.mark.parametrize(
    ("nearness", "known", "expected"),
    [
        (OFF_TOPIC - 0.01, "ferry sank harbour", True),
        (OFF_TOPIC, "ferry sank harbour", False),
        (STRANGE - 0.01, "ferry", True),
        (STRANGE - 0.01, "ferry sank", False),
        (STRANGE - 0.01, "", True),
        (STRANGE, "", False),
    ],
)
def test_far_passages_count_only_if_their_articles_know_the_words(
    nearness: float, known: str, expected: bool
) -> None:
    question = "When was it that the ferry sank in the harbour?"
    assert is_off_topic(question, nearness, known.split().__contains__) is expected


def test_exactly_half_of_the_words_is_not_enough() -> None:
    near = STRANGE - 0.01
    assert is_off_topic("the ferry sank", near, ["ferry"].__contains__)
    assert not is_off_topic("the ferry sank", near, ["ferry", "sank"].__contains__)


def test_a_question_of_stop_words_alone_is_judged_by_nearness() -> None:
    assert not is_off_topic("What is this about?", 0.2, lambda word: False)
    assert is_off_topic("What is this about?", 0.1, lambda word: True)


def test_near_passages_need_no_look_into_the_index() -> None:
    def mentions(word: str) -> bool:
        raise AssertionError(word)

    assert not is_off_topic("When did the ferry sink?", 0.6, mentions)


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("xylophone quasar", True),
        ("What is the boiling point of ethanol?", True),
        ("Who painted the Mona Lisa?", True),
        ("What did Putin say about Ukraine?", True),
        ("How many people died in the Hollin flood?", False),
        ("Why do the dockers strike?", False),
        ("What happened?", False),
    ],
)
def test_the_samples_know_what_they_are_about(
    question: str, expected: bool, sample_library: Library
) -> None:
    nearness = sample_library.nearness(question, sample_library.search(question))
    assert is_off_topic(question, nearness, sample_library.mentions) is expected
