"""Measures as pure functions, one idea in each file; "not applicable" is None, never zero."""

from evals.metrics.abstention import (
    abstention_precision,
    abstention_recall,
    answer_rate,
    balanced_accuracy,
)
from evals.metrics.agreement import Pair, f1_score, kappa, precision, raw_agreement, recall
from evals.metrics.alce import Judge, Statement, alce_precision, alce_recall
from evals.metrics.attribution import attribution_kept
from evals.metrics.calibration import Bin, bins, brier, expected_calibration_error
from evals.metrics.citation import all_cited, citation_precision, cited_share, is_cited
from evals.metrics.containment import containment, contains
from evals.metrics.evidence import all_at, hit_at, ranks, reciprocal_rank, share_at
from evals.metrics.filters import Stated, filter_none, filter_right, merged
from evals.metrics.follow_up import untouched
from evals.metrics.interval import Estimate, estimate, proportion, quantile
from evals.metrics.overlap import Span, covered, overlaps, shared
from evals.metrics.ranking import ndcg_at, recall_at, reciprocal_rank_at
from evals.metrics.squad import exact_match, f1, normalise

__all__ = [
    "Bin",
    "Estimate",
    "Judge",
    "Pair",
    "Span",
    "Stated",
    "Statement",
    "abstention_precision",
    "abstention_recall",
    "alce_precision",
    "alce_recall",
    "all_at",
    "all_cited",
    "answer_rate",
    "attribution_kept",
    "balanced_accuracy",
    "bins",
    "brier",
    "citation_precision",
    "cited_share",
    "containment",
    "contains",
    "covered",
    "estimate",
    "exact_match",
    "expected_calibration_error",
    "f1",
    "f1_score",
    "filter_none",
    "filter_right",
    "hit_at",
    "is_cited",
    "kappa",
    "merged",
    "ndcg_at",
    "normalise",
    "overlaps",
    "precision",
    "proportion",
    "quantile",
    "ranks",
    "raw_agreement",
    "recall",
    "recall_at",
    "reciprocal_rank",
    "reciprocal_rank_at",
    "share_at",
    "shared",
    "untouched",
]
