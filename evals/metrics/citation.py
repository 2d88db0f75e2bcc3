"""Whether an answer cites its evidence, and whether what it cites is evidence.

In the spirit of citation recall and precision (Gao et al. 2023, "Enabling Large Language Models to
Generate Text with Citations"), judged by places in the articles and not by a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.containment import contains
from evals.metrics.overlap import Alternatives, Span, covered, overlaps, shared

ENOUGH = 0.5
"""Share of a quote's words that one citation must cover."""


def is_cited(places: Alternatives, citations: Sequence[Span], answers: Sequence[str] = ()) -> bool:
    """Whether one citation covers half of the words of one of these places, or the answer in it.

    >>> rain = Span("a", 0, 24, "Rain fell in Tarn today.")
    >>> is_cited([rain], [Span("a", 0, 12)]), is_cited([rain], [Span("a", 13, 18)], ["Tarn"])
    (True, True)
    >>> is_cited([rain], [Span("a", 13, 18)])
    False
    """
    return any(
        covered(place, citation) >= ENOUGH
        or any(contains(shared(place, citation), answer) for answer in answers)
        for place in places
        for citation in citations
    )


def cited_share(
    evidence: Sequence[Alternatives], citations: Sequence[Span], answers: Sequence[str] = ()
) -> float | None:
    """Share of the pieces of evidence that are cited; None if there is none."""
    if not evidence:
        return None
    return sum(is_cited(places, citations, answers) for places in evidence) / len(evidence)


def all_cited(
    evidence: Sequence[Alternatives], citations: Sequence[Span], answers: Sequence[str] = ()
) -> float | None:
    """1 if every piece of evidence is cited, else 0; None if there is none."""
    share = cited_share(evidence, citations, answers)
    return None if share is None else float(share == 1)


def citation_precision(evidence: Sequence[Alternatives], citations: Sequence[Span]) -> float | None:
    """Share of the citations that overlap some evidence; None without citations or evidence.

    >>> citation_precision([[Span("a", 0, 9)]], [Span("a", 5, 12), Span("b", 5, 12)])
    0.5
    """
    if not evidence or not citations:
        return None
    places = [place for alternatives in evidence for place in alternatives]
    good = [c for c in citations if any(overlaps(c, place) for place in places)]
    return len(good) / len(citations)
