"""Where articles differ: which values agree, what is a development, and which value is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from helpers import source

from assistant.asked import kind_of as asked_for
from assistant.differ import amounts, times
from assistant.differ.disagreement import (
    MOST,
    NEWER,
    Given,
    difference,
    kind_of,
    latest,
    moves,
    newest,
    voices,
    wants_latest,
)
from assistant.differ.values import Asked, Said, agree
from assistant.form import form_of
from assistant.types import Filter

TUESDAY = date(2024, 10, 15)
WEDNESDAY = date(2024, 10, 16)

NUMBERS = [
    ("seven", "7", True),
    ("about 4,800", "4,800", True),
    ("more than 100", "over 100", True),
    ("more than 100", "120", True),
    ("more than 100", "400", False),
    ("about 5,000", "4,800", True),
    ("about 5,000", "4,300", False),
    ("about 4,800", "about 5,000", True),
    ("5,000", "4,800", False),
    ("about 55", "57", True),
    ("4,812", "4,800", True),
    ("seven", "12 people", False),
    ("at least seven", "at least 12", False),
    ("at least seven", "at least 7", True),
    ("up to 20", "25", False),
    ("up to 20", "18", True),
    ("fewer than 50", "more than 60", False),
    ("nearly 5,000", "4,700", True),
    ("nearly 5,000", "5,200", False),
    ("10 to 20", "15 to 25", True),
    ("between 10 and 20", "20", True),
    ("10–20", "30", False),
    ("10 or more", "12", True),
    ("200+", "more than 200", True),
    ("3.5 million", "3,487,120", True),
    ("two million", "1,960,000", True),
    ("2.4 million", "3.1 million", False),
    ("$3 million", "$3m", True),
    ("$3 million", "£3 million", None),
    ("half", "50 percent", True),
    ("60 %", "61 per cent", False),
    ("a third", "33 percent", True),
    ("60 %", "60 days", None),
    ("21 days", "three weeks", True),
    ("two hours", "90 minutes", False),
    ("1.83 m", "6 feet", True),
    ("five miles", "8 km", True),
    ("twenty-eight", "28 civilians", True),
    ("a dozen", "12", True),
    ("dozens", "40", True),
    ("dozens", "12", False),
    ("hundreds", "dozens", True),
    ("tens of thousands", "3,000", False),
    ("no one", "3", False),
    ("one", "two", False),
    ("12 adults and three children", "15", True),
    ("15 people, including three children", "15", True),
    ("12 adults and three children", "20", False),
    ("1,200 homes", "1200", True),
    ("many", "7", None),
    ("11 million crowns a day", "18 million crowns", None),
    ("11 million crowns a day", "11 million per day", True),
]
TIMES = [
    ("15 October 2024", "2024-10-15", True),
    ("Oct. 15", "October 15, 2024", True),
    ("15 October", "16 October", False),
    ("October", "15 October", True),
    ("October", "15 November", False),
    ("15 and 16 October", "October 16", True),
    ("between 3 and 5 May", "4 May", True),
    ("the 1990s", "1994", True),
    ("the 19th century", "1902", False),
    ("in 1902", "12 May 1903", False),
    ("15 October 2024", "Wednesday", False),
    ("15 October 2024", "Tuesday", True),
    ("Monday night", "Monday evening", True),
    ("Monday night", "Tuesday night", False),
    ("noon", "12 p.m.", True),
    ("noon", "dusk", False),
    ("shortly after noon", "12:30 p.m.", True),
    ("10 a.m.", "10:30 a.m.", False),
    ("3 p.m.", "the afternoon", True),
    ("3 p.m.", "the morning", False),
    ("seven o'clock", "7 p.m.", True),
    ("on Monday", "at 3 p.m.", True),
    ("after the vote", "May", None),
    ("near Marisk", "12 May", None),
]
NAMES: list[tuple[str, str, Asked, bool | None]] = [
    ("Mohammad Surur", "Surur", "person", True),
    ("M. Surur", "Mohammad Surur", "person", True),
    ("Mr. Brandsma", "Ivo Brandsma", "person", True),
    ("Ada Lind", "Ivo Lind", "person", False),
    ("Hannah Volker", "Piet Rasker", "person", False),
    ("President Emmanuel Macron", "French President Macron", "person", True),
    ("Mayor Hannah Volker", "Hannah Volker", "person", True),
    ("Norland's foreign minister, Abdul Bou Habib", "Abdul Bou Habib", "person", True),
    ("the mayor", "Ada Lind", "person", None),
    ("Rask", "Rask's brother", "person", None),
    ("a teacher", "a fisherman", "person", None),
    ("the U.S.", "the United States", "other", True),
    ("Britain", "the United Kingdom", "other", True),
    ("the American army", "the U.S. Army", "other", True),
    ("IAEA", "the International Atomic Energy Agency", "other", True),
    ("Marten Works", "Holt & Sons", "other", False),
    ("Velm and Corra", "Corra", "place", True),
    ("Velm", "Corra", "place", False),
    ("12 rooms", "nine rooms", "other", False),
    ("red", "blue", "other", None),
    ("a short circuit", "a thrown cigarette", "reason", None),
    ("Yes", "Yes", "yes_no", True),
    ("Yes", "No", "yes_no", False),
]


@pytest.mark.parametrize(("one", "other", "expected"), NUMBERS)
def test_numbers_agree_where_their_ranges_meet(one: str, other: str, expected: bool | None) -> None:
    assert amounts.agree(one, other) is expected
    assert amounts.agree(other, one) is expected
    assert agree(Said(one), Said(other), "number") is expected


@pytest.mark.parametrize(("one", "other", "expected"), TIMES)
def test_times_agree_where_their_parts_fit(one: str, other: str, expected: bool | None) -> None:
    assert times.agree(one, other) is expected
    assert times.agree(other, one) is expected
    assert agree(Said(one), Said(other), "date") is expected


@pytest.mark.parametrize(
    ("one", "first", "other", "second", "expected"),
    [
        ("Tuesday", WEDNESDAY, "15 October", None, True),
        ("Tuesday", WEDNESDAY, "16 October", None, False),
        ("yesterday", WEDNESDAY, "Tuesday", TUESDAY, True),
        ("yesterday", TUESDAY, "yesterday", WEDNESDAY, False),
        ("three days ago", TUESDAY, "12 October", None, True),
        ("last year", TUESDAY, "2023", None, True),
        ("Friday", TUESDAY, "18 October", None, True),
    ],
)
def test_a_weekday_is_dated_by_the_day_of_publication(
    one: str, first: date, other: str, second: date | None, expected: bool
) -> None:
    said = Said(one, published=first), Said(other, published=second)
    # The very same word of two days is two days.
    assert times.agree(one, other, first, second) is expected
    assert agree(*said, "date") is expected


@pytest.mark.parametrize(("one", "other", "asked", "expected"), NAMES)
def test_names_agree_where_one_holds_the_other(
    one: str, other: str, asked: Asked, expected: bool | None
) -> None:
    assert agree(Said(one), Said(other), asked) is expected
    assert agree(Said(other), Said(one), asked) is expected


def test_a_place_agrees_with_one_that_its_sentence_names_too() -> None:
    port = Said("the Old Harbour", "A fire broke out at the Old Harbour in Velm.")
    assert agree(port, Said("Velm"), "place") is None
    assert agree(replace(port, sentence="It burned."), Said("Velm"), "place") is False


COUNT = "How many people died?"
DECISIONS = [
    # Counts on different days develop, whatever the tense.
    (COUNT, "7 Tue, 12 Wed", "development"),
    (COUNT, "12 Tue, 7 Wed", "development"),
    (COUNT, "7 Tue, 12 Wed, 14 Thu", "development"),
    (COUNT, "7 Tue, 7 Wed, 12 Thu", "development"),
    ("How many dockers are on strike?", "900 Tue, 700 Wed", "development"),
    ("How much has the repair cost?", "300 Tue, 500 Fri", "development"),
    ("What is the death toll?", "7 Tue, 12 Wed", "development"),
    ("What share of the votes is counted?", "20 Tue, 80 Wed", "development"),
    ("How many seats did the list win?", "14 Tue, 13 Wed", "development"),
    # The same day, no day, or a value that comes back.
    (COUNT, "7 Tue, 12 Tue", "contradiction"),
    (COUNT, "7 Tue, 12 none", "contradiction"),
    (COUNT, "7 none, 12 none", "contradiction"),
    (COUNT, "7 Tue, 12 Wed, 7 Thu", "contradiction"),
    (COUNT, "7 Tue, 12 Wed, 14 Wed", "contradiction"),
    (COUNT, "7 Tue, 12 Tue, 12 Wed", "contradiction"),
    # What is asked in the present may change.
    ("Who is the mayor of Velm?", "Rasker Tue, Volker Wed", "development"),
    ("Who leads the union?", "Rasker Tue, Volker Wed", "development"),
    ("Where is the ferry now?", "Velm Tue, Corra Wed", "development"),
    ("When will the bridge open?", "May Tue, June Wed", "development"),
    ("Is the pass open?", "No Tue, Yes Wed", "development"),
    ("Has the court ruled?", "No Tue, Yes Wed", "development"),
    ("Is the pass open?", "No Tue, Yes Tue", "contradiction"),
    ("How long has the strike lasted?", "3 Tue, 4 Wed", "development"),
    # What is past, or a name, or a measure, cannot.
    ("Who stole the painting?", "Brekk Tue, Holm Wed", "contradiction"),
    ("Who was the first to arrive?", "Brekk Tue, Holm Wed", "contradiction"),
    ("When did the ferry sink?", "May Tue, June Wed", "contradiction"),
    ("Where did the ferry sink?", "Velm Tue, Corra Wed", "contradiction"),
    ("What is the name of the ferry?", "Aldora Tue, Linden Wed", "contradiction"),
    ("How tall is the tower?", "30 Tue, 40 Wed", "contradiction"),
    ("How old is the captain?", "61 Tue, 63 Wed", "contradiction"),
    ("Who is the author of the report?", "Brekk Tue, Holm Wed", "contradiction"),
    ("Did the council approve the plan?", "No Tue, Yes Wed", "contradiction"),
    ("How long was the tunnel?", "3 Tue, 4 Wed", "contradiction"),
]
DAYS = {"Tue": 15, "Wed": 16, "Thu": 17, "Fri": 18}


def given(
    text: str,
    day: str = "none",
    *,
    by: str = "",
    score: float = 1.0,
    speaker: str = "",
    origin: str = "",
    number: int = 1,
) -> Given:
    """An answer of an article of its own, published on this day."""
    found = source(f"Somebody said {text}.", number, title=by or f"{text} {day}")
    published = date(2024, 10, DAYS[day]) if day in DAYS else None
    found = replace(found, article=replace(found.article, published=published), origin=origin)
    return Given(text, f"Somebody said {text}.", found, score, speaker)


def several(told: str) -> list[Given]:
    """Answers as in "7 Tue, 12 Wed"."""
    return [given(*one.split(), by=f"{n}") for n, one in enumerate(told.split(", "))]


def asked_of(question: str) -> Asked:
    return "yes_no" if form_of(question) == "yes_no" else asked_for(question)


@pytest.mark.parametrize(("question", "told", "expected"), DECISIONS)
def test_development_or_contradiction(question: str, told: str, expected: str) -> None:
    found = difference(question, asked_of(question), several(told))
    assert found is not None
    assert found.kind == expected
    # The order in which the articles were found does not matter.
    backwards = difference(question, asked_of(question), several(told)[::-1])
    assert backwards is not None
    assert backwards.kind == expected


def test_a_development_is_told_in_order_of_time_by_who_said_it_first() -> None:
    found = difference(
        COUNT,
        "number",
        [
            given("12", "Thu", number=1),
            given("seven", "Tue", number=2),
            given("12 people", "Wed", number=3),
        ],
    )
    assert found is not None
    assert [(one.text, one.source) for one in found.stances] == [("seven", 2), ("12 people", 3)]


def test_a_contradiction_begins_with_the_answers_own_value() -> None:
    found = difference(COUNT, "number", [given("12", number=2), given("7", number=1)])
    assert found is not None
    assert [(one.text, one.source) for one in found.stances] == [("12", 2), ("7", 1)]


def test_no_more_values_than_can_be_read_are_told() -> None:
    found = difference(COUNT, "number", [given(str(n), by=str(n)) for n in range(20, 30)])
    assert found is not None
    assert len(found.stances) == MOST


def test_what_agrees_or_cannot_be_compared_is_no_difference() -> None:
    assert difference(COUNT, "number", [given("12", "Tue"), given("a dozen", "Wed")]) is None
    assert difference(COUNT, "number", [given("12", "Tue"), given("many", "Wed")]) is None
    assert difference(COUNT, "number", [given("12", "Tue")]) is None


def test_copies_of_one_origin_are_one_voice() -> None:
    told = [given("12", "Tue", by="a", origin="o"), given("7", "Tue", by="b", origin="o")]
    assert difference(COUNT, "number", told) is None
    apart = [replace(told[0], source=replace(told[0].source, origin="p")), told[1]]
    assert difference(COUNT, "number", apart) is not None


def test_values_of_one_article_are_no_difference_unless_others_say_them() -> None:
    union, port = "the union said", "according to the port authority"
    told = [given("3,400", "Tue", by="a", speaker=union), given("2,150", "Tue", by="a")]
    assert difference("How many are on strike?", "number", told) is None
    same = [told[0], replace(told[1], speaker="a union leader said")]
    assert difference("How many are on strike?", "number", same) is None
    both = [told[0], replace(told[1], speaker=port)]
    found = difference("How many are on strike?", "number", both)
    assert found is not None
    assert found.kind == "contradiction"
    assert [one.speaker for one in found.stances] == [union, port]


def test_an_article_that_repeats_an_older_value_stands_by_its_new_one() -> None:
    first = given("seven", "Tue", by="first", score=0.7)
    later = [given("seven", "Wed", by="later", score=0.9), given("12", "Wed", by="later")]
    values = voices("number", [later[0], first, later[1]])
    assert [[one.source.article.title for one in value] for value in values] == [
        ["first"],
        ["later"],
    ]
    assert kind_of(COUNT, "number", values) == "development"


def test_the_newest_value_is_told_first_where_it_is_nearly_as_good() -> None:
    old, new = given("7", "Tue", score=0.9), given("12", "Wed", score=0.9 * NEWER)
    assert newest(COUNT, "number", [old, new]) is new
    assert newest(COUNT, "number", [old, replace(new, score=0.9 * NEWER - 0.01)]) is old
    assert newest(COUNT, "number", [new, replace(old, score=0.1)]) is new


@pytest.mark.parametrize(
    "question",
    [
        "How many people died on 15 October?",
        "How many people had died by Tuesday?",
        "How many people were counted at first?",
        "How many people were initially reported missing?",
    ],
)
def test_a_question_of_a_certain_time_gets_its_best_answer(question: str) -> None:
    old, new = given("7", "Tue"), given("12", "Wed")
    assert newest(question, "number", [old, new]) is old


def test_nothing_newer_is_told_where_it_is_a_contradiction() -> None:
    question, old, new = "Who stole it?", given("Brekk", "Tue"), given("Holm", "Wed")
    assert newest(question, "person", [old, new]) is old


def test_the_latest_is_that_of_the_newest_article() -> None:
    old, new, undated = given("7", "Tue"), given("7", "Wed"), given("9")
    assert latest([old, undated, new]) is new
    assert latest([undated, given("8")]) is undated
    assert wants_latest([Filter("time", "in May"), Filter("latest", "latest")])
    assert not wants_latest([Filter("time", "in May")])


def test_a_count_moves_and_a_name_does_not() -> None:
    assert moves("How many homes were lost?", "number")
    assert not moves("What is the ship called?", "other")
