"""Questions taken apart: the tables, what is carried over, and answers put in."""

from __future__ import annotations

import pytest
from several_questions import SPLIT, WHOLE

from assistant.several.carry import LONGEST_ANSWER, Part
from assistant.several.parts import MOST, parts, split


@pytest.mark.parametrize("question", WHOLE)
def test_one_question_stays_whole(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(("question", "expected"), SPLIT)
def test_several_are_taken_apart(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [
        ("Who leads the union and what did she say about automation?", "she"),
        ("Which company runs the dam and who is its director?", "its"),
        ("Which town was hit and how many people left it?", "it"),
        ("Which countries signed the pact, and when did they sign it?", "they"),
        ("Who resigned and why?", ""),
    ],
)
def test_a_part_that_needs_the_answer_of_the_first_says_so(question: str, pronoun: str) -> None:
    second = split(question)[1]
    assert (second.needs, second.pronoun) == (0, pronoun)


@pytest.mark.parametrize(
    ("part", "answer", "expected"),
    [
        (Part("What did she say?", 0, "she"), "Ada Lind", "What did Ada Lind say?"),
        (Part("Who is its head?", 0, "its"), "Quill Works", "Who is Quill Works' head?"),
        (Part("What was her reason?", 0, "her"), "Ada Lind", "What was Ada Lind's reason?"),
        (Part("Who met her in May?", 0, "her"), "Ada Lind", "Who met Ada Lind in May?"),
        (Part("Why? (resigned)", 0), "Ada Lind", "Why? (resigned Ada Lind)"),
        (Part("What did she say?", 0, "she"), " ", "What did she say?"),
        (Part("Was it sold?", 0, "it"), "word " * (LONGEST_ANSWER + 1), "Was it sold?"),
    ],
)
def test_the_answer_takes_the_place_of_the_pronoun(part: Part, answer: str, expected: str) -> None:
    assert part.filled(answer).question == expected


def test_without_an_answer_words_of_the_first_part_stand_in() -> None:
    part = Part("What did she say?", 0, "she")
    assert part.unfilled("Who leads the union?").question == "What did she say? (leads union)"


def test_more_parts_than_can_be_told_apart_stay_one() -> None:
    asked = [f"when did mill {number} open" for number in range(MOST + 1)]
    assert len(parts(" and ".join(asked[:MOST]))) == MOST
    assert len(parts(" and ".join(asked))) == 1


def test_a_text_is_not_taken_apart() -> None:
    assert len(parts("Who won and who lost? " * 200)) == 1


def test_words_taken_from_an_earlier_question_keep_it_whole() -> None:
    question = "And who built it and who paid for it? (Orla Bridge)"
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("When did the race end and how long did it take?", "How long did it take? (race end)"),
        (
            "Who said the gate was opened and who denied it?",
            "Who denied it? (gate opened)",
        ),
        (
            "How many ships waited outside the port, and what were they carrying?",
            "What were they carrying? (ships waited outside port)",
        ),
        ("What did the Tolm fire destroy and what replaced it?", "What replaced the Tolm fire?"),
        ("When will the probe be launched and what will it do?", "What will the probe do?"),
        ("What prize did Ada Lind win and when?", "When did Ada Lind win the prize?"),
        (
            "How many died in the Tolm crash and how many in the Varra crash?",
            "How many died in the Varra crash?",
        ),
    ],
)
def test_what_a_later_part_takes_over(question: str, second: str) -> None:
    assert parts(question)[1] == second
