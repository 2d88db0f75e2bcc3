"""A short answer must not stand bare where its sentence ascribes, denies, doubts or conditions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import attribution_kept, contains

HEZBOLLAH = [["Hezbollah", "the group"]]
DENIED = [["Israel", "Israeli"], ["denied", "denies", "no such"]]


@pytest.mark.parametrize(
    ("short", "shown", "answers", "keeps", "kept"),
    [
        ("55", "According to Hezbollah, 55 were hurt.", ["55"], HEZBOLLAH, False),
        ("According to Hezbollah, 55", "55 were hurt.", ["55"], HEZBOLLAH, True),
        ("55, the GROUP said", "", ["55"], HEZBOLLAH, True),
        ("60", "Hezbollah said 55 were hurt.", ["55"], HEZBOLLAH, False),
        ("Yes", "Israel denied it.", ["Israel denied it"], DENIED, False),
        ("Israel denied it", "", ["Israel denied it"], DENIED, True),
        ("Someone denied it", "Israel denied it.", ["Israel denied it"], DENIED, False),
        ("Israel struck first", "Israel denied it.", ["Israel denied it"], DENIED, False),
        ("“There is no  such order”, Israel’s army said", "", ["no such order"], DENIED, True),
        ("iffy", "", ["iffy"], [["if"]], False),
    ],
)
def test_a_short_answer_keeps_its_own(
    short: str, shown: str, answers: list[str], keeps: list[list[str]], kept: bool
) -> None:
    assert attribution_kept(short, shown, answers, keeps) is kept


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("According to Hezbollah, 55 people were hurt.", True),
        ("Hezbollah gave a count. It said 55 people were hurt.", True),
        ("There were 55 people hurt.", False),
    ],
)
@pytest.mark.parametrize("short", ["", "  "])
def test_without_a_short_answer_the_prose_keeps_it(short: str, shown: str, kept: bool) -> None:
    assert attribution_kept(short, shown, ["55", "fifty-five"], HEZBOLLAH) is kept


@pytest.mark.parametrize(
    ("short", "shown", "keeps"),
    [
        ("55", "55 people were hurt.", []),
        ("", "", HEZBOLLAH),
        ("", "Hezbollah fired 155 rockets.", HEZBOLLAH),
    ],
)
def test_it_does_not_apply(short: str, shown: str, keeps: list[list[str]]) -> None:
    assert attribution_kept(short, shown, ["55"], keeps) is None


@given(st.text(max_size=40), st.lists(st.sampled_from(["said", "if", "no", "may"]), min_size=1))
def test_what_is_added_in_words_is_kept(answer: str, words: list[str]) -> None:
    keeps = [[word] for word in words]
    spoken = f"{answer} {' '.join(words)}"
    assert attribution_kept(spoken, "", [answer], keeps) is True
    bare = all(contains(answer, word) for word in words)
    assert attribution_kept(f"x {answer}", spoken, [answer], keeps) is bare
