"""The citation check on sentences whose answer is known: marks and figures; prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.cite import check
from assistant.state import Source
from assistant.types import Citation, Claim
from evals import metrics
from evals.altered import Altered, Paragraph
from evals.claims import KINDS, LEVELS, Sentence, load_passages
from evals.metrics import Estimate
from index import Article, Hit, Passage

Check = Callable[[str, Sequence[Source], Sequence[Source]], Claim]
"""A sentence, the sources that it cites, and the others that were retrieved."""

CARRIED = ("supported", "corrected")
"""Statuses that tell a person that the sources say so."""

Figures = dict[str, Estimate | None]


@dataclass(frozen=True)
class Mark:
    """A case with what the check says of it."""

    case: Sentence
    claim: Claim

    @property
    def carried(self) -> bool:
        """Whether the check says that the passages carry the sentence."""
        return self.claim.status in CARRIED

    @property
    def acceptable(self) -> bool:
        """Whether the status is one of those that are right for the case."""
        return self.claim.status in self.case.expected

    @property
    def corrected(self) -> bool:
        """Whether the citation was corrected, and to passages that carry the sentence.

        Each of these must be named by a quote, and no quote may be from elsewhere.
        """
        places = [load_passages()[name][0] for name in self.case.support]
        quotes = self.claim.citations
        return (
            self.claim.status == "corrected"
            and bool(places)
            and all(any(_within(quote, place) for quote in quotes) for place in places)
            and all(any(_within(quote, place) for place in places) for quote in quotes)
        )

    @property
    def row(self) -> dict[str, Any]:
        """It as JSON-ready values; of the test part without words, which nobody is to look at."""
        case = self.case
        row = {
            "id": case.id,
            "kind": case.kind,
            "level": case.level,
            "expected": list(case.expected),
            "status": self.claim.status,
        }
        if case.part == "test":
            return row
        quotes = [quote.quote for quote in self.claim.citations]
        told = {"sentence": case.sentence, "reason": self.claim.reason, "quotes": quotes}
        cited, others = ([one.text for one in some] for some in (case.cited, case.others))
        return {**row, **told, "cited": cited, "others": others}


def mark(cases: Iterable[Sentence], by: Check = check) -> list[Mark]:
    """Every case with the check's claim."""
    return [Mark(case, by(case.sentence, case.cited, case.others)) for case in cases]


def figures(marks: Sequence[Mark]) -> Figures:
    """What the marks say together.

    Returns:
        `precision`, `recall` and `f1` of "carried", where "true" is what the hand label says;
        `agreement`, the share of equal verdicts; `corrections_found`, of the sentences that cite
        the wrong passage, and `corrections_right`, of all that the check corrected; and for each
        kind, and each level of the true ones, the share of its cases with an acceptable status.
    """
    pairs = verdicts(marks)
    wrong = [one for one in marks if one.case.expected == ("corrected",)]
    claimed = [one for one in marks if one.claim.status == "corrected"]
    found: Figures = {
        "precision": metrics.precision(pairs),
        "recall": metrics.recall(pairs),
        "f1": metrics.f1_score(pairs),
        "agreement": metrics.raw_agreement(pairs),
        "corrections_found": metrics.proportion(one.corrected for one in wrong),
        "corrections_right": metrics.proportion(one.corrected for one in claimed),
    }
    for kind in KINDS:
        found[kind] = metrics.proportion(one.acceptable for one in marks if one.case.kind == kind)
    for level in LEVELS:
        of_level = [one.acceptable for one in marks if one.case.level == level]
        found[f"true, {level}"] = metrics.proportion(of_level)
    return found


def verdicts(marks: Iterable[Mark]) -> list[metrics.Pair]:
    """What the check and the hand label say of each case."""
    return [(one.carried, one.case.supported) for one in marks]


def carried(made: Iterable[Altered], by: Check = check) -> list[tuple[Altered, bool]]:
    """Each sentence with whether the check says that its paragraph carries it."""
    return [(one, by(one.sentence, [_source(one.paragraph)], []).status in CARRIED) for one in made]


def shares(told: Iterable[tuple[Altered, bool]], wanted: bool) -> Figures:
    """Share of the sentences of which `carried` says what is wanted, over all and by kind."""
    rows = [(one.kind, said == wanted) for one, said in told]
    kinds = {kind: [good for one, good in rows if one == kind] for kind in sorted(dict(rows))}
    return {
        "all": metrics.proportion(good for _, good in rows),
        **{kind: metrics.proportion(found) for kind, found in kinds.items()},
    }


def judge_with(article: Callable[[str, str], Article], by: Check = check) -> metrics.Judge[Hit]:
    """Judges with the check whether passages carry a sentence; articles come by id and version."""

    def judge(hits: Sequence[Hit], sentence: str) -> bool:
        sources = [
            Source(number, hit, article(hit.passage.article_id, hit.passage.version))
            for number, hit in enumerate(hits, 1)
        ]
        return by(sentence, sources, []).status in CARRIED

    return judge


def as_plain(found: Mapping[str, Estimate | None]) -> dict[str, Any]:
    """Figures as JSON-ready values, rounded; what was not measured is left out."""
    return {
        name: {key: round(value, 4) for key, value in vars(one).items()}
        for name, one in found.items()
        if one is not None
    }


@lru_cache(maxsize=256)
def _source(paragraph: Paragraph) -> Source:
    text = paragraph.text
    article = Article(text, title=paragraph.title, key=text, language="en")
    whole = Passage(f"{article.id}/0", article.id, article.version, 0, len(text), text)
    return Source(1, Hit(whole, 1.0), article)


def _within(quote: Citation, place: Passage) -> bool:
    apart = quote.end <= place.start or quote.start >= place.end
    return quote.article_id == place.article_id and not apart
