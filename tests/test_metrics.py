"""Worked examples with exact numbers, and outside implementations where there is one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import metrics
from evals.metrics import Span

# Computed with torchmetrics 1.9.0 (functional.text.squad), a port of the official script.
SQUAD = [
    ("the U.S. and France", ["The US and France", "France"], 1.0, 1.0),
    ("21 days", ["21-day", "a truce of 21 days"], 0.0, 2 / 3),
    ("Łukasz Wrona, its general secretary", ["Łukasz Wrona"], 0.0, 4 / 7),
    ("3,400 people", ["3,400"], 0.0, 2 / 3),
    ("an army of the dead dead", ["dead army, dead"], 0.0, 6 / 7),
    ("nobody", ["Surur"], 0.0, 0.0),
    ("Mohammad Surur, who led an air unit", ["Surur", "Mohammad Surur"], 0.0, 0.5),
    ("theatre", ["the atre"], 0.0, 0.0),
    ("6.8 per cent over two years", ["6.8 per cent", "6.8%"], 0.0, 2 / 3),
    ("“full force”", ["full force"], 0.0, 0.0),
]


@pytest.mark.parametrize(("answer", "gold", "em", "f1"), SQUAD)
def test_em_and_f1_are_those_of_the_squad_script(
    answer: str, gold: list[str], em: float, f1: float
) -> None:
    assert metrics.exact_match(answer, gold) == em
    assert metrics.f1(answer, gold) == pytest.approx(f1, abs=1e-6)


def test_em_and_f1_of_nothing() -> None:
    assert metrics.f1("", ["Surur"]) == 0
    assert metrics.f1("the", ["a"]) == metrics.exact_match("the", ["a"]) == 1
    assert metrics.f1("Surur", []) is None
    assert metrics.exact_match("Surur", []) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_f1_is_at_least_em_and_knows_itself(answer: str, gold: list[str]) -> None:
    em, f1 = metrics.exact_match(answer, gold), metrics.f1(answer, gold)
    assert em is not None
    assert f1 is not None
    assert 0 <= em <= f1 <= 1
    assert metrics.exact_match(answer, [*gold, answer]) == metrics.f1(answer, [answer]) == 1


@pytest.mark.parametrize(
    ("text", "wording", "found"),
    [
        ("a rise of 6.8 per cent", "6.8", True),
        ("a rise of 16.8 per cent", "6.8", False),
        ("a rise of 6.85 per cent", "6.8", False),
        ("cost 6.8.", "6.8", True),
        ("about 3,400 people", "400", False),
        ("about 3,400 people", "3", False),
        ("twenty-two ships", "two", False),
        ("the 21-day truce", "21", True),
        ("a rise of 9%.", "9%", True),
        ("His COUSIN said", "cousin", True),
        ("cousins", "cousin", False),
        ("he said “let’s go”", "let's go", True),
        ("Tessel\n Cross", "Tessel Cross", True),
        ("anything", " ", False),
    ],
)
def test_contains(text: str, wording: str, found: bool) -> None:
    assert metrics.contains(text, wording) is found


def test_containment_needs_every_fact() -> None:
    facts = [["3,400", "3400"], ["5,900", "5900"]]
    assert metrics.containment("from 3,400 to 5900", facts) == 1
    assert metrics.containment("it was 3,400", facts) == 0
    assert metrics.containment("it was 3,400", []) is None


TEXT = "Rain fell in Tarn on Monday. The river rose by 6.3 metres. Nobody was hurt."
RAIN = Span("a", 0, 28, TEXT[:28])
RIVER = Span("a", 29, 58, TEXT[29:58])
ELSEWHERE = Span("b", 5, 20, "The Tarn flooded")


def test_overlap() -> None:
    half = Span("a", 0, 12)
    assert metrics.overlaps(RAIN, half)
    assert not metrics.overlaps(RAIN, RIVER)
    assert not metrics.overlaps(RAIN, Span("b", 0, 28))
    assert metrics.shared(RAIN, half) == "Rain fell in"
    assert metrics.shared(RAIN, RIVER) == ""
    assert metrics.covered(RAIN, half) == 0.5
    assert metrics.covered(RAIN, Span("a", 1, 12)) == pytest.approx(1 / 3)  # "Rain" is cut
    assert metrics.covered(RAIN, Span("b", 0, 28)) == 0
    assert metrics.covered(Span("a", 0, 3, "..."), Span("a", 0, 3)) == 0


def test_ranks_hits_and_mrr() -> None:
    passages = [Span("b", 0, 5), Span("a", 40, 90), Span("a", 0, 30)]
    found = metrics.ranks(passages, [[RAIN], [RIVER]])
    assert found == [3, 2]
    assert [metrics.hit_at(found, k) for k in (1, 2, 3)] == [0, 1, 1]
    assert [metrics.all_at(found, k) for k in (1, 2, 3)] == [0, 0, 1]
    assert metrics.reciprocal_rank(found) == 0.5
    assert metrics.ranks(passages, [[RAIN, Span("b", 4, 6)]]) == [1]
    assert metrics.reciprocal_rank([None]) == metrics.hit_at([None], 5) == 0
    assert metrics.hit_at([], 5) is metrics.all_at([], 5) is metrics.reciprocal_rank([]) is None


def test_evidence_is_cited_by_half_its_words_or_by_the_answer_in_it() -> None:
    assert metrics.is_cited([RAIN], [Span("a", 0, 12)])
    assert not metrics.is_cited([RAIN], [Span("a", 0, 9), Span("a", 18, 27)])
    assert metrics.is_cited([RIVER], [Span("a", 47, 57)], ["6.3 metres"])
    assert not metrics.is_cited([RIVER], [Span("a", 47, 50)], ["6.3 metres"])
    assert not metrics.is_cited([RIVER], [], ["6.3 metres"])
    assert metrics.is_cited([RIVER, ELSEWHERE], [Span("b", 0, 30)])


def test_cited_share_and_all_cited() -> None:
    evidence = [[RAIN], [RIVER, ELSEWHERE]]
    assert metrics.cited_share(evidence, [RAIN]) == 0.5
    assert metrics.all_cited(evidence, [RAIN]) == 0
    assert metrics.all_cited(evidence, [RAIN, ELSEWHERE]) == 1
    assert metrics.cited_share(evidence, []) == 0
    assert metrics.cited_share([], [RAIN]) is metrics.all_cited([], [RAIN]) is None


def test_citation_precision() -> None:
    cited = [RAIN, Span("a", 60, 75), Span("c", 0, 9)]
    assert metrics.citation_precision([[RAIN], [RIVER]], cited) == pytest.approx(1 / 3)
    assert metrics.citation_precision([[RAIN]], []) is None
    assert metrics.citation_precision([], cited) is None


def test_abstention_measures_agree_with_scikit_learn() -> None:
    from sklearn.metrics import balanced_accuracy_score, precision_score, recall_score

    should = [True, True, True, False, False, False, False, False]
    did = [True, True, False, True, False, False, False, False]
    pairs = list(zip(should, did, strict=True))
    recalls = [v for s, d in pairs if (v := metrics.abstention_recall(s, d)) is not None]
    rates = [v for s, d in pairs if (v := metrics.answer_rate(s, d)) is not None]
    right = [v for s, d in pairs if (v := metrics.abstention_precision(s, d)) is not None]
    assert (len(right), len(recalls), len(rates)) == (3, 3, 5)
    assert sum(right) / 3 == pytest.approx(precision_score(should, did)) == pytest.approx(2 / 3)
    assert sum(recalls) / 3 == pytest.approx(recall_score(should, did)) == pytest.approx(2 / 3)
    balanced = metrics.balanced_accuracy(recalls, rates)
    assert balanced == pytest.approx(balanced_accuracy_score(should, did))
    assert balanced == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert metrics.balanced_accuracy([], rates) is metrics.balanced_accuracy(recalls, []) is None


def test_a_false_premise_may_be_corrected_instead() -> None:
    assert metrics.abstention_recall(should=True, did=False, corrected=True) == 1
    assert metrics.abstention_recall(should=True, did=False) == 0
    assert metrics.abstention_recall(should=False, did=True) is None


def test_ndcg_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import ndcg_score

    ranked = ["d", "b", "x", "a", "y", "c"]
    gains = {"a": 3.0, "b": 2.0, "c": 1.0}
    truth = [[gains.get(name, 0.0) for name in ranked]]
    scores = [[6, 5, 4, 3, 2, 1]]
    for k in (1, 3, 6):
        expected = ndcg_score(truth, scores, k=k)
        assert metrics.ndcg_at(ranked, gains, k) == pytest.approx(expected)
    hand = (2 / math.log2(3)) / (3 + 2 / math.log2(3) + 1 / 2)
    assert metrics.ndcg_at(ranked, gains, 3) == pytest.approx(hand)


def test_measures_of_ranked_lists() -> None:
    ranked, gains = ["x", "b", "a"], {"a": 1.0, "b": 1.0, "z": 1.0, "x": 0.0}
    assert metrics.recall_at(ranked, gains, 2) == pytest.approx(1 / 3)
    assert metrics.recall_at(ranked, gains, 5) == pytest.approx(2 / 3)
    assert metrics.reciprocal_rank_at(ranked, gains, 10) == 0.5
    assert metrics.reciprocal_rank_at(ranked, gains, 1) == 0
    assert metrics.ndcg_at(ranked, {}, 10) is metrics.recall_at(ranked, {"x": 0}, 10) is None
    assert metrics.reciprocal_rank_at(ranked, {}, 10) is None


def test_an_estimate_leaves_out_what_does_not_apply() -> None:
    found = metrics.estimate([1.0, None, 0.0, 1.0, 1.0, None])
    assert found is not None
    assert (found.value, found.n) == (0.75, 4)
    assert metrics.estimate([None]) is metrics.estimate([]) is metrics.estimate([1.0], []) is None


def test_an_interval_is_the_same_every_time_and_near_the_normal_one() -> None:
    values = [1.0] * 70 + [0.0] * 30
    found = metrics.estimate(values)
    assert found == metrics.estimate(values)
    assert found is not None
    half = 1.96 * math.sqrt(0.7 * 0.3 / 100)
    assert found.low == pytest.approx(0.7 - half, abs=0.015)
    assert found.high == pytest.approx(0.7 + half, abs=0.015)
    assert metrics.estimate([1.0, 1.0]) == metrics.Estimate(1.0, 1.0, 1.0, 2)


def test_an_interval_agrees_with_scipy() -> None:
    import numpy as np
    from scipy.stats import bootstrap

    values = [0.1 * (i % 10) for i in range(60)]
    theirs = bootstrap((values,), np.mean, method="percentile", rng=1).confidence_interval
    ours = metrics.estimate(values)
    assert ours is not None
    assert ours.low == pytest.approx(theirs.low, abs=0.01)
    assert ours.high == pytest.approx(theirs.high, abs=0.01)


def test_an_estimate_of_groups_is_the_mean_of_their_means() -> None:
    found = metrics.estimate([1.0, 0.0], [1.0, 1.0, 1.0, 0.0])
    assert found is not None
    assert (found.value, found.n) == (0.625, 6)


def test_quantile() -> None:
    assert metrics.quantile([3.0, 1.0, 2.0], 0.5) == 2
    assert metrics.quantile([0.0, 10.0], 0.95) == pytest.approx(9.5)
    assert metrics.quantile([], 0.5) is None


def test_what_is_exported_is_there_and_sorted() -> None:
    assert metrics.__all__ == sorted(metrics.__all__)
    assert all(hasattr(metrics, name) for name in metrics.__all__)
