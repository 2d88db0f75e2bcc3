"""The runner: cases through an assistant to rows, one for each, with all that explains its marks.

It knows of the assistant only that it can be asked, so that other systems can be measured alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from assistant.types import Answer, Turn
from evals import metrics
from evals.locate import Located
from index import Hit

Ask = Callable[[str, Sequence[Turn], date | None], Answer]
"""A question, the conversation before it and the day it is asked on if known, to an answer."""

Search = Callable[[str], Sequence[Hit]]
"""A question without a conversation, to passages, best first."""

Judge = metrics.Judge[Hit]
"""Whether these passages together carry a sentence."""

Row = dict[str, Any]
"""One case as JSON-ready values: what was asked, expected and answered, and `metrics`."""


def run(
    cases: Sequence[Located],
    ask: Ask,
    slugs: Mapping[str, str],
    search: Search | None = None,
    judge: Judge | None = None,
) -> Iterator[Row]:
    """Ask every case and mark its answer; gives each row as soon as it is there.

    Args:
        cases: from `evals.locate.locate`.
        ask: the assistant.
        slugs: for reading: the name of each article by its id.
        search: finds what a follow-up's `standalone` finds, to hold the follow-up against;
            not measured without.
        judge: for ALCE's citation recall and precision; not measured without.
    """
    for located in cases:
        case = located.case
        began = time.perf_counter()
        answer = ask(case.question, case.history, case.today)
        seconds = time.perf_counter() - began
        alone = search(case.standalone) if search and case.standalone else None
        yield row(located, answer, seconds, slugs, alone, judge)


def row(
    located: Located,
    answer: Answer,
    seconds: float,
    slugs: Mapping[str, str],
    alone: Sequence[Hit] | None = None,
    judge: Judge | None = None,
) -> Row:
    """One case and its answer as a row; `alone` is what its `standalone` finds, if known."""
    case = located.case
    passages = _spans(answer.hits)
    # What other articles say otherwise is no evidence for the answer.
    quotes = dict.fromkeys(c for claim in answer.claims for c in claim.citations)
    cited = [metrics.Span(c.article_id, c.start, c.end, c.quote) for c in quotes]
    found = metrics.ranks(passages, located.evidence)
    carried = [metrics.is_cited(places, cited, case.answers) for places in located.evidence]
    return {
        "id": case.id,
        "set": case.set,
        "kind": case.kind,
        "history": [{"question": turn.question, "answer": turn.text} for turn in case.history],
        "question": case.question,
        "standalone": case.standalone,
        "understood": answer.understood.question,
        "today": case.today and case.today.isoformat(),
        "filter": None if case.filter is None else _stated_row(case.filter),
        "filters": _stated_row(_understood(answer)),
        "answerable": case.answerable,
        "answers": list(case.answers),
        "contains": [list(fact) for fact in case.contains],
        "keeps": [list(wordings) for wordings in case.keeps],
        "answer": prose(answer),
        "short": answer.short,
        "abstained": answer.abstained,
        "confidence": None if answer.confidence is None else round(answer.confidence, 6),
        "answered_by": answer.answered_by,
        "notices": [notice.kind for notice in answer.notices],
        "claims": [{"text": claim.text, "status": claim.status} for claim in answer.claims],
        "evidence": [
            {"article": piece.article, "quote": piece.quote, "rank": rank, "cited": is_cited}
            for piece, rank, is_cited in zip(case.evidence, found, carried, strict=True)
        ],
        "citations": [{**_place(span, slugs), "quote": span.text} for span in cited],
        "hits": [
            {**_place(span, slugs), "score": round(hit.score, 6)}
            for span, hit in zip(passages, answer.hits, strict=True)
        ],
        "metrics": {
            **marks(located, answer, passages, cited),
            **understanding(located, answer, passages, None if alone is None else _spans(alone)),
            **alce(answer, judge),
        },
        "seconds": round(seconds, 4),
        "timings": {step: round(value, 4) for step, value in answer.timings.items()},
        "usage": dict(answer.usage),
    }


def marks(
    located: Located,
    answer: Answer,
    passages: Sequence[metrics.Span],
    cited: Sequence[metrics.Span],
) -> dict[str, float | None]:
    """The measures of one case's answer, None for those that do not apply to it."""
    case, evidence = located.case, located.evidence
    should = not case.answerable
    corrected = bool(metrics.all_cited(evidence, cited))
    found = metrics.ranks(passages, evidence if case.answerable else ())
    text = prose(answer)
    bare = answer.short or text
    marked: dict[str, float | None] = {
        "hit@1": metrics.hit_at(found, 1),
        "hit@5": metrics.hit_at(found, 5),
        "all@5": metrics.all_at(found, 5),
        "mrr": metrics.reciprocal_rank(found),
        "em": metrics.exact_match(bare, case.answers),
        "f1": metrics.f1(bare, case.answers),
        "contained": metrics.containment(text, case.contains),
        "attribution_kept": None,
        "all_cited": None,
        "cited_share": None,
        "citation_precision": metrics.citation_precision(evidence, cited),
        "abstention_precision": metrics.abstention_precision(should, answer.abstained),
        "abstention_recall": metrics.abstention_recall(should, answer.abstained, corrected),
        "answer_rate": metrics.answer_rate(should, answer.abstained),
    }
    if case.answerable:
        if any(metrics.is_cited(places, cited, case.answers) for places in evidence):
            kept = metrics.attribution_kept(answer.short, text, case.answers, case.keeps)
            marked["attribution_kept"] = None if kept is None else float(kept)
        marked["all_cited"] = metrics.all_cited(evidence, cited, case.answers)
        marked["cited_share"] = metrics.cited_share(evidence, cited, case.answers)
    return marked


def understanding(
    located: Located,
    answer: Answer,
    passages: Sequence[metrics.Span],
    alone: Sequence[metrics.Span] | None,
) -> dict[str, float | None]:
    """The measures of how a question was understood, None for those that do not apply to it."""
    case = located.case
    found, stated = _understood(answer), case.filter or metrics.Stated()
    evidence = located.evidence if case.answerable and case.standalone else ()
    return {
        "rewritten_recall@5": metrics.share_at(metrics.ranks(passages, evidence), 5),
        "standalone_recall@5": None
        if alone is None
        else metrics.share_at(metrics.ranks(alone, evidence), 5),
        "untouched": metrics.untouched(case.question, case.standalone, answer.understood.question),
        "filter_right": metrics.filter_right(found, stated),
        "filter_none": metrics.filter_none(found, stated),
    }


def alce(answer: Answer, judge: Judge | None) -> dict[str, float | None]:
    """ALCE's measures of the citations that the answerer itself gave, before the check."""
    stated = [
        metrics.Statement(
            claim.text,
            tuple(answer.hits[place - 1] for place in claim.cites) if all(claim.cites) else (),
        )
        for claim in ([] if judge is None or answer.abstained else answer.claims)
    ]
    return {
        "alce_recall": judge and metrics.alce_recall(stated, judge),
        "alce_precision": judge and metrics.alce_precision(stated, judge),
    }


def prose(answer: Answer) -> str:
    """The answer's sentences without citation marks, empty if it abstained."""
    return "" if answer.abstained else " ".join(claim.text for claim in answer.claims)


def _understood(answer: Answer) -> metrics.Stated:
    """What narrowed the search, of what the question itself says."""
    return metrics.merged(
        metrics.Stated(
            source=found.scope.source,
            author=found.scope.author,
            since=found.scope.since,
            until=found.scope.until,
            latest=found.kind == "latest",
        )
        for found in answer.understood.filters
    )


def _stated_row(stated: metrics.Stated) -> Row:
    """What is set, as JSON-ready values."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in vars(stated).items()
        if value
    }


def _spans(hits: Sequence[Hit]) -> list[metrics.Span]:
    return [
        metrics.Span(hit.passage.article_id, hit.passage.start, hit.passage.end, hit.passage.text)
        for hit in hits
    ]


def _place(span: metrics.Span, slugs: Mapping[str, str]) -> Row:
    return {
        "article": slugs.get(span.article, span.article),
        "start": span.start,
        "end": span.end,
    }
