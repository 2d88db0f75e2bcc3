from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.fuse import fuse

SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1), min_size=1)
WEIGHTS = st.floats(0, 1)


@pytest.mark.parametrize(
    ("dense", "lexical", "weight", "expected"),
    [
        ({}, {}, 0.5, {}),
        ({"a": 0.8, "b": 0.6}, {"b": 7.0}, 0.5, {"b": 0.875, "a": 0.5}),
        ({"a": 0.8, "b": 0.4}, {}, 0.5, {"a": 0.5, "b": 0.25}),
        ({"a": 0.8, "b": 0.4}, {"a": 2.0, "b": 8.0}, 0.25, {"b": 0.875, "a": 0.4375}),
        ({"a": 0.5, "b": -0.5}, {"b": 3.0}, 1.0, {"a": 1.0, "b": 0.0}),
        ({"a": 0.5, "b": 0.4}, {"b": 3.0}, 0.0, {"b": 1.0, "a": 0.0}),
        ({"a": -0.5, "b": 0.0}, {}, 0.5, {"a": 0.0, "b": 0.0}),
    ],
)
def test_worked_numbers(
    dense: dict[str, float], lexical: dict[str, float], weight: float, expected: dict[str, float]
) -> None:
    found = fuse(dense, lexical, weight)
    assert found == pytest.approx(expected)
    assert list(found) == list(expected)


def test_found_by_both_beats_found_by_one() -> None:
    both = fuse({"both": 0.6, "dense": 0.6, "other": 0.7}, {"both": 5.0, "other": 1.0})
    assert both["both"] > both["dense"]
    assert both["both"] > fuse({"both": 0.6, "other": 0.7}, {"other": 1.0})["both"]


@example({"a": 5e-324}, {"a": 0.0}, 0.75)  # a cosine too small to be multiplied first
@given(SCORES, SCORES, WEIGHTS)
def test_scores_are_ordered_and_between_0_and_1(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    positive = {name: abs(score) + 1e-3 for name, score in lexical.items() if name in dense}
    found = fuse(dense, positive, weight)
    assert set(found) == set(dense)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in found.values())
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(SCORES, SCORES, WEIGHTS)
def test_better_in_both_is_better_fused(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    bm25 = {name: abs(lexical.get(name, 0.0)) for name in dense}
    found = fuse(dense, bm25, weight)
    for a in dense:
        for b in dense:
            if dense[a] >= dense[b] and bm25[a] >= bm25[b]:
                assert found[a] >= found[b] - 1e-12


@given(SCORES)
def test_equal_scores_have_one_order(dense: dict[str, float]) -> None:
    same = dict.fromkeys(dense, 0.5)
    assert list(fuse(same, {})) == sorted(same)
