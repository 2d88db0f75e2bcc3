"""Sentences as answers: which ones are picked, and when none is."""

from __future__ import annotations

import pytest
from helpers import RALLY, TRUCE, candidate, evidence

from assistant.asked import Kind, has_kind, kind_of
from assistant.features import NAMES, UNREAD, candidates, measure
from assistant.keyless import Sentences, chance, weights
from assistant.reader.confidence import Calibration


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who proposed it?", "person"),
        ("When was it signed?", "date"),
        ("In what year did it end?", "date"),
        ("Where did it fall?", "place"),
        ("Which town was hit?", "place"),
        ("How many died?", "number"),
        ("How long did it last?", "number"),
        ("Why did it fail?", "reason"),
        ("What was it for?", "other"),
        ("Describe the talks", "other"),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, kind: Kind) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("sentence", "question", "kind", "expected"),
    [
        ("55 rockets fell.", "How many rockets fell?", "number", True),
        ("Rockets fell.", "How many rockets fell?", "number", False),
        ("21 days passed.", "How many of the 21 days?", "number", False),
        ("It ended on Monday.", "When did it end?", "date", True),
        ("It ended.", "When did it end?", "date", False),
        ("The talks were held in Tyre.", "Where were they?", "place", True),
        ("Then Macron spoke.", "Who spoke?", "person", True),
        ("Then Macron spoke.", "Who spoke to Macron?", "person", False),
        ("It failed because of rain.", "Why?", "reason", True),
    ],
)
def test_whether_a_sentence_has_one(
    sentence: str, question: str, kind: Kind, expected: bool
) -> None:
    assert has_kind(sentence, question, kind) is expected


def test_every_sentence_is_a_candidate_once() -> None:
    pool = candidates(evidence(TRUCE, RALLY, TRUCE).sources)
    assert len(pool) == 5
    assert pool[1].text == "Israel rejected the proposal on Thursday."
    assert pool[1].around == TRUCE


def test_headings_and_questions_are_no_answers() -> None:
    pool = candidates(evidence("## Why did it fail?\n\nWho knows? Rain fell on the road.").sources)
    assert [candidate.text for candidate in pool] == ["Rain fell on the road."]


def test_features_have_one_row_for_each_candidate() -> None:
    found = evidence(TRUCE, RALLY, question="Who rejected the proposal?")
    pool = candidates(found.sources)
    calibration = Calibration({"raw": 1.0}, {}, 0.0, 0.5)
    begin = TRUCE.index("Israel rejected")
    seen = [candidate(0, begin, begin + 6, 3.0), candidate(0, 0, 3, 1.0)]
    rows = measure("Who rejected the proposal?", pool, seen, calibration)
    assert rows.shape == (len(pool), len(NAMES))
    covered = rows[:, NAMES.index("covered_rare")]
    assert covered.argmax() == 1
    assert covered[1] == 1.0
    assert list(rows[:3, NAMES.index("behind")]) == [-2.0, 0.0, UNREAD[0]]
    assert list(rows[:3, NAMES.index("margin")]) == [1.0, 3.0, UNREAD[1]]


def test_the_best_sentence_is_picked_with_its_source() -> None:
    found = evidence(RALLY, TRUCE, question="Who rejected the proposal on Thursday?")
    picked, confidence = Sentences(threshold=0.0).pick(found)
    assert picked[0].text == "Israel rejected the proposal on Thursday."
    assert picked[0].source.number == 2
    assert 0.0 <= confidence <= 1.0


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    text = "A warehouse was destroyed. It stored food for the shop. Rain fell in the hills."
    found = evidence(text, question="What was the warehouse used for?")
    picked, _ = Sentences(threshold=0.0).pick(found)
    assert [c.text for c in picked] == [
        "A warehouse was destroyed.",
        "It stored food for the shop.",
    ]


def test_a_sentence_that_only_echoes_the_question_brings_the_next_one() -> None:
    text = "Rain fell. The minister resigned on Monday. He had lost the vote. Shops closed."
    found = evidence(text, question="Why did the minister resign on Monday?")
    picked, _ = Sentences(threshold=0.0).pick(found)
    assert [c.text for c in picked] == [
        "The minister resigned on Monday.",
        "He had lost the vote.",
    ]


def test_below_the_threshold_it_abstains() -> None:
    found = evidence(TRUCE, question="Who painted the ceiling?")
    picked, _ = Sentences(threshold=0.99).pick(found)
    assert picked == []


def test_a_number_that_no_sentence_gives_is_not_made_up() -> None:
    found = evidence("Soldiers were killed in the fighting.", question="How many were killed?")
    assert Sentences(threshold=0.0).pick(found)[0] == []


def test_a_number_of_something_else_is_no_answer() -> None:
    text = "Hundreds of fighters were killed, as well as some soldiers."
    asked = "How many soldiers were killed?"
    assert Sentences(threshold=0.0).pick(evidence(text, question=asked))[0] == []
    counted = evidence(text, question="How many fighters were killed?")
    assert Sentences(threshold=0.0).pick(counted)[0] != []


def test_without_passages_it_abstains() -> None:
    assert Sentences().pick(evidence()) == ([], 0.0)


def test_the_same_evidence_gives_the_same_answer() -> None:
    answerer = Sentences(threshold=0.0)
    first, second = (answerer.pick(evidence(TRUCE, RALLY)) for _ in range(2))
    assert first == second


def test_confidence_grows_with_the_logit() -> None:
    assert chance(-5) < chance(0) < chance(5)


def test_the_shipped_weights_name_their_data() -> None:
    assert "SQuAD" in weights()["data"]
    assert 0 < weights()["threshold"] < 1
