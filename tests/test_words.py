"""Stems, numbers, names and negation as the citation check sees them."""

import pytest

from assistant.words import content, names, negated, numbers, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28 civilians and 1,200 soldiers", {"28", "1200"}),
        ("a 21-day truce", {"21"}),
        ("twenty-eight civilians", {"28"}),
        ("two hundred soldiers and three thousand others", {"200", "3000"}),
        ("two hundred and fifty", {"250"}),
        ("a hundred and a dozen", {"100", "12"}),
        ("three thousand four hundred", {"3400"}),
        ("at 8:00 p.m.", {"8"}),
        ("5 million, 2 bn", {"5000000", "2000000000"}),
        ("five million", {"5000000"}),
        ("3.5 million", {"3500000"}),
        ("one of them", set()),
        ("at 5:30", {"5:30"}),
        ("no number", set()),
        ("seven. Eight", {"7", "8"}),
    ],
)
def test_numbers(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday Macron met Blinken.", {"macron", "blinken"}),
        ("Macron spoke.", set()),
        ("U.N. envoys met.", {"un"}),
        ("He blamed the United States.", {"us"}),
        ("Łukasz and Zoë met São Paulo's mayor", {"zoë", "são", "paulo"}),
        ("they said nothing", set()),
        ("Then Mr Macron spoke to Dr. Weil", {"macron", "weil"}),
        ("il a été écrit à Paris", {"pari"}),
        ("الرئيس قال ذلك", set()),
    ],
)
def test_names(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_one_way_of_writing() -> None:
    assert plain("U.S. troops, 1,200 of them") == "US troops, 1200 of them"
    assert content("the U.S.") == content("the United States") == ["us"]
    assert "us" not in content("they told us")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It did not", True), ("It didn’t", True), ("no one", True), ("a note", False)],
)
def test_negated(text: str, expected: bool) -> None:
    assert negated(text) is expected
